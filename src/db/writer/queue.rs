//! What waits to be written, and which books are being written.
//!
//! Cost: taking a group looks at everything that waits, at most [`MAX_WAITING`] jobs.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Job, MAX_GROUP, MAX_WAITING, NotTaken};

/// A group of so many jobs is worth gathering another one.
const GATHERED_FROM: usize = 8;
/// How many times longer a group takes than the next one is gathered for, at most.
const GATHERED_FOR: u32 = 8;

/// Where a job stands in the queue: later ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(u64);

/// What waits to be written.
pub(super) struct Queue<J: Job> {
    state: Mutex<State<J>>,
    /// Something can be taken, or nothing will be any more.
    changed: Condvar,
    /// A job came, for whoever gathers.
    came: Condvar,
    /// A thread left.
    left: Condvar,
}

struct State<J: Job> {
    /// In the order of their places.
    waiting: VecDeque<(Place, J)>,
    /// Books that a thread is at work on.
    at_work: Vec<J::Book>,
    next: u64,
    open: bool,
    /// How many threads left.
    left: usize,
}

impl<J: Job> Queue<J> {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                at_work: Vec::new(),
                next: 0,
                open: true,
                left: 0,
            }),
            changed: Condvar::new(),
            came: Condvar::new(),
            left: Condvar::new(),
        }
    }

    /// Puts a job at the end.
    pub(super) fn put(&self, job: J) -> Result<Place, NotTaken> {
        let mut state = self.lock();
        if !state.open {
            return Err(NotTaken::Stopping);
        }
        if state.waiting.len() >= MAX_WAITING {
            return Err(NotTaken::Full);
        }
        let place = Place(state.next);
        state.next = state.next.wrapping_add(1);
        state.waiting.push_back((place, job));
        drop(state);
        self.changed.notify_one();
        self.came.notify_all();
        Ok(place)
    }

    /// How many jobs wait, and since when the oldest does.
    pub(super) fn waiting(&self) -> (usize, Option<Instant>) {
        let state = self.lock();
        let oldest = state.waiting.front().map(|(_, job)| job.passage().since());
        (state.waiting.len(), oldest)
    }

    /// Takes a job out that still waits.
    pub(super) fn withdraw(&self, place: Place) -> Option<J> {
        let mut state = self.lock();
        let index = state.waiting.binary_search_by_key(&place, |(at, _)| *at);
        let (_, job) = state.waiting.remove(index.ok()?)?;
        Some(job)
    }

    /// Waits for the oldest job of a book that nobody is at work on, and takes those of its book
    /// with it; the book is then at work until [`Queue::done`]. `None` once closed, where what is
    /// left, if anything, is for those who are at work.
    pub(super) fn take(&self) -> Option<(J::Book, Vec<J>)> {
        let mut state = self.lock();
        loop {
            if let Some(group) = state.take() {
                return Some(group);
            }
            if !state.open {
                return None;
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits a little, while the book is still at work, until as many jobs of it wait as its last
    /// group had: those who were just answered often ask again at once, and a group of the one who
    /// came first would keep all others waiting for hardly less than a group of all. Not after a
    /// small group, not while something else is left to do, and for at most a small part of what the
    /// last group took.
    pub(super) fn gather(&self, book: &J::Book, last: usize, took: Duration) {
        if last < GATHERED_FROM {
            return;
        }
        let fewer = |state: &mut State<J>| {
            let books = || state.waiting.iter().map(|(_, job)| job.book());
            let left_to_do = books().any(|other| !state.at_work.contains(&other));
            let waiting = books().filter(|other| other == book).take(last).count();
            state.open && !left_to_do && waiting < last
        };
        let state = self.lock();
        let gathered = self
            .came
            .wait_timeout_while(state, took / GATHERED_FOR, fewer);
        drop(gathered);
    }

    /// Nobody is at work on that book any more.
    pub(super) fn done(&self, book: &J::Book) {
        self.lock().at_work.retain(|at_work| at_work != book);
        // Whoever was at work looks for the oldest job, which may be another book's.
        self.changed.notify_one();
    }

    /// Takes no more jobs.
    pub(super) fn close(&self) {
        self.lock().open = false;
        self.changed.notify_all();
        self.came.notify_all();
    }

    /// A thread leaves. Where it panicked, the queue closes and forgets what waits, so that nobody
    /// waits in vain.
    pub(super) fn leave(&self, panicked: bool) {
        let mut state = self.lock();
        state.left = state.left.saturating_add(1);
        if panicked {
            state.open = false;
            state.waiting.clear();
        }
        drop(state);
        self.changed.notify_all();
        self.came.notify_all();
        self.left.notify_all();
    }

    /// Waits until so many threads have left, and says whether they have.
    pub(super) fn wait_until_left(&self, threads: usize, longest: Option<Duration>) -> bool {
        let state = self.lock();
        let stay = |state: &mut State<J>| state.left < threads;
        match longest {
            None => drop(self.left.wait_while(state, stay)),
            Some(longest) => {
                let waited = self.left.wait_timeout_while(state, longest, stay);
                let (_state, waited) = waited.unwrap_or_else(PoisonError::into_inner);
                return !waited.timed_out();
            }
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<J: Job> State<J> {
    fn take(&mut self) -> Option<(J::Book, Vec<J>)> {
        let mut jobs = self
            .waiting
            .iter()
            .map(|(_, job)| (job.book(), job.is_alone()));
        let (book, alone) = jobs.find(|(book, _)| !self.at_work.contains(book))?;
        let most = if alone { 1 } else { MAX_GROUP };
        let (mut group, mut rest) = (Vec::new(), VecDeque::new());
        for (place, job) in self.waiting.drain(..) {
            let fits = group.is_empty() || !job.is_alone();
            if fits && group.len() < most && job.book() == book {
                group.push(job);
            } else {
                rest.push_back((place, job));
            }
        }
        self.waiting = rest;
        self.at_work.push(book.clone());
        Some((book, group))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::traces::Passage;

    /// The number of jobs that want to be alone.
    const ALONE: usize = usize::MAX;

    impl Job for (char, usize) {
        type Book = char;

        fn book(&self) -> char {
            self.0
        }

        fn is_alone(&self) -> bool {
            self.1 == ALONE
        }

        fn passage(&self) -> &Passage {
            Box::leak(Box::new(Passage::begin()))
        }
    }

    fn queue(jobs: &[(char, usize)]) -> Queue<(char, usize)> {
        let queue = Queue::new();
        for job in jobs {
            queue.put(*job).unwrap();
        }
        queue
    }

    #[test]
    fn the_oldest_book_comes_first_with_all_that_waits_of_it() {
        let queue = queue(&[('a', 1), ('b', 1), ('a', 2)]);
        assert_eq!(queue.take(), Some(('a', vec![('a', 1), ('a', 2)])));
        assert_eq!(queue.take(), Some(('b', vec![('b', 1)])));
    }

    #[test]
    fn a_book_that_is_at_work_is_passed_over_until_it_is_done() {
        let queue = queue(&[('a', 1)]);
        assert_eq!(queue.take(), Some(('a', vec![('a', 1)])));
        for job in [('a', 2), ('b', 1), ('a', 3)] {
            queue.put(job).unwrap();
        }
        assert_eq!(queue.take(), Some(('b', vec![('b', 1)])));
        queue.done(&'a');
        assert_eq!(queue.take(), Some(('a', vec![('a', 2), ('a', 3)])));
    }

    #[test]
    fn a_group_is_gathered_until_as_many_wait_as_the_last_one_had() {
        // Longer than a test may take: each of these ends for its own reason.
        const LONG: Duration = Duration::from_secs(86_400);
        let group: Vec<_> = (0..GATHERED_FROM).map(|number| ('a', number)).collect();
        let (first, rest) = group.split_first().unwrap();
        let at_work = |jobs: &[(char, usize)]| {
            let queue = queue(&[('a', 99)]);
            queue.take().unwrap();
            for job in jobs {
                queue.put(*job).unwrap();
            }
            queue
        };
        at_work(&[]).gather(&'a', GATHERED_FROM - 1, LONG);
        at_work(&group).gather(&'a', GATHERED_FROM, LONG);
        at_work(&[('b', 1)]).gather(&'a', GATHERED_FROM, LONG);
        let queue = at_work(&[*first]);
        std::thread::scope(|scope| {
            scope.spawn(|| queue.gather(&'a', GATHERED_FROM, LONG));
            for job in rest {
                queue.put(*job).unwrap();
            }
        });
        queue.done(&'a');
        assert_eq!(queue.take().unwrap().1.len(), GATHERED_FROM);
        std::thread::scope(|scope| {
            scope.spawn(|| queue.gather(&'a', GATHERED_FROM, LONG));
            queue.close();
        });
    }

    #[test]
    fn a_group_has_a_bound_and_the_rest_keeps_its_order() {
        let jobs: Vec<_> = (0..=MAX_GROUP).map(|number| ('a', number)).collect();
        let queue = queue(&jobs);
        assert_eq!(queue.take().unwrap().1.len(), MAX_GROUP);
        queue.done(&'a');
        assert_eq!(queue.take(), Some(('a', vec![('a', MAX_GROUP)])));
    }

    #[test]
    fn a_job_that_is_alone_neither_joins_a_group_nor_is_joined() {
        let queue = queue(&[('a', 1), ('a', ALONE), ('a', 2), ('b', ALONE), ('b', 1)]);
        assert_eq!(queue.take(), Some(('a', vec![('a', 1), ('a', 2)])));
        assert_eq!(queue.take(), Some(('b', vec![('b', ALONE)])));
        queue.done(&'a');
        assert_eq!(queue.take(), Some(('a', vec![('a', ALONE)])));
        queue.done(&'b');
        assert_eq!(queue.take(), Some(('b', vec![('b', 1)])));
    }

    #[test]
    fn no_more_wait_than_may() {
        let jobs: Vec<_> = (0..MAX_WAITING).map(|number| ('a', number)).collect();
        let queue = queue(&jobs);
        assert_eq!(queue.put(('a', 0)), Err(NotTaken::Full));
        queue.take().unwrap();
        assert!(queue.put(('a', 0)).is_ok());
    }

    #[test]
    fn a_job_is_withdrawn_as_long_as_it_waits_and_no_longer() {
        let queue = queue(&[]);
        let places = [('a', 1), ('b', 1), ('a', 2)].map(|job| queue.put(job).unwrap());
        assert_eq!(queue.withdraw(places[2]), Some(('a', 2)));
        assert_eq!(queue.withdraw(places[2]), None);
        assert_eq!(queue.take(), Some(('a', vec![('a', 1)])));
        assert_eq!(queue.withdraw(places[0]), None);
        assert_eq!(queue.withdraw(places[1]), Some(('b', 1)));
    }

    #[test]
    fn a_closed_queue_takes_nothing_and_gives_what_it_has() {
        let queue = queue(&[('a', 1)]);
        assert!(queue.take().is_some());
        queue.put(('a', 2)).unwrap();
        queue.close();
        assert_eq!(queue.put(('b', 1)), Err(NotTaken::Stopping));
        // What is left is for whoever is at work on that book.
        assert_eq!(queue.take(), None);
        queue.done(&'a');
        assert_eq!(queue.take(), Some(('a', vec![('a', 2)])));
        assert_eq!(queue.take(), None);
    }

    #[test]
    fn where_a_thread_panicked_nobody_waits_in_vain() {
        let queue = queue(&[('a', 1), ('b', 1)]);
        queue.take().unwrap();
        queue.leave(true);
        assert_eq!(queue.take(), None);
        assert_eq!(queue.put(('b', 2)), Err(NotTaken::Stopping));
        assert!(queue.wait_until_left(1, None));
        assert!(!queue.wait_until_left(2, Some(Duration::ZERO)));
    }

    #[test]
    fn amid_many_threads_each_book_is_one_threads_at_a_time_and_keeps_its_order() {
        const BOOKS: [char; 3] = ['a', 'b', 'c'];
        const JOBS: usize = 3_000;
        let queue = queue(&[]);
        let busy: HashMap<char, AtomicBool> =
            BOOKS.map(|book| (book, AtomicBool::new(false))).into();
        let done: Mutex<HashMap<char, Vec<usize>>> = Mutex::default();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while let Some((book, jobs)) = queue.take() {
                        assert!(!busy[&book].swap(true, Ordering::SeqCst), "{book}");
                        let mut done = done.lock().unwrap();
                        done.entry(book)
                            .or_default()
                            .extend(jobs.iter().map(|job| job.1));
                        drop(done);
                        assert!(busy[&book].swap(false, Ordering::SeqCst));
                        queue.done(&book);
                    }
                });
            }
            for number in 0..JOBS {
                queue.put((BOOKS[number % BOOKS.len()], number)).unwrap();
            }
            queue.close();
        });
        let done = done.into_inner().unwrap();
        assert_eq!(done.values().map(Vec::len).sum::<usize>(), JOBS);
        assert!(done.values().all(|numbers| numbers.is_sorted()));
    }
}
