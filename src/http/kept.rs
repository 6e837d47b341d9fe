//! Reports as they were told, for as long as nothing is committed.
//!
//! Dashboards ask for the same few pages, again and again. A page is kept with the [`Moment`] that
//! was seen before it was read, and is given to whoever asks at that moment: the moment is looked at
//! after the request came, so whatever was acknowledged before is in the page. Those who ask for a
//! page while it is being read wait for the same reading. A later moment empties the shelf.
//!
//! Cost: one look at the moment a request; memory up to `MOST_BYTES`, and what one moment's pages
//! of `MOST_PAGES` questions are.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tracing::Instrument;

use super::problem::ApiError;
use super::respond::Page;
use super::v1::reports::question::Question;
use crate::db::Db;
use crate::db::moment::Moment;
use crate::db::patience::counted_as_before;
use crate::db::standby::Trailing;
use crate::meters::Counter;

/// Pages on the shelf. One more, and it is emptied first.
const MOST_PAGES: usize = 512;
/// Bytes of the pages on the shelf. With more it is emptied.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// What comes of a question.
type Told = Result<Arc<Page>, ApiError>;
/// The same, for all who wait for it.
type Telling = Shared<BoxFuture<'static, Told>>;

/// Reports as they were told. A clone keeps the same ones.
#[derive(Clone, Default)]
pub struct Kept {
    shelf: Arc<Mutex<Shelf>>,
    made: Counter,
}

/// The pages of one moment.
#[derive(Default)]
struct Shelf {
    moment: Option<Moment>,
    pages: HashMap<Question, Telling>,
    bytes: usize,
}

impl Kept {
    /// The page that answers a question by the books as they stand.
    ///
    /// # Errors
    /// What the question or the database is refused for; nothing of that is kept.
    pub async fn page(&self, db: &Db, question: Question) -> Told {
        let mut books = db.trailing();
        let asked = books.moment().await?;
        let telling = self.shelf().page(asked, &question, |moment| {
            self.tell(books, moment, question.clone())
        });
        telling.await
    }

    /// How many pages were read from the books.
    #[must_use]
    pub fn made(&self) -> &Counter {
        &self.made
    }

    /// Begins to read a page. It is read to its end whether or not somebody still waits for it.
    fn tell(&self, books: Trailing, moment: Moment, question: Question) -> Telling {
        self.made.inc();
        let kept = self.clone();
        let reading = async move {
            let asked = question.clone();
            let page = books.ask(move |conn| asked.answer(conn)).await;
            let told = page.map(Arc::new).map_err(ApiError::from);
            kept.shelf().settle(moment, &question, &told);
            told
        };
        let reading = tokio::spawn(counted_as_before(reading).in_current_span());
        let told = reading.map(|read| read.unwrap_or_else(|died| Err(ApiError::internal(died))));
        told.boxed().shared()
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // A shelf is whole at every moment, even where a thread died.
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    /// The page for whoever asked at that moment: the one that is there, or as `tell` begins it for
    /// the moment of the shelf, which may be a later one.
    fn page(
        &mut self,
        asked: Moment,
        question: &Question,
        tell: impl FnOnce(Moment) -> Telling,
    ) -> Telling {
        let moment = match self.moment {
            Some(moment) if moment.is_no_earlier_than(asked) => moment,
            _ => self.emptied(asked),
        };
        if let Some(telling) = self.pages.get(question) {
            return telling.clone();
        }
        if self.pages.len() >= MOST_PAGES {
            self.emptied(moment);
        }
        let telling = tell(moment);
        self.pages.insert(question.clone(), telling.clone());
        telling
    }

    /// Counts a page that was read, or forgets one that could not be.
    fn settle(&mut self, moment: Moment, question: &Question, told: &Told) {
        if self.moment != Some(moment) {
            return;
        }
        match told {
            Ok(page) => self.bytes = self.bytes.saturating_add(page.size()),
            Err(_) => drop(self.pages.remove(question)),
        }
        if self.bytes > MOST_BYTES {
            self.emptied(moment);
        }
    }

    fn emptied(&mut self, moment: Moment) -> Moment {
        *self = Self {
            moment: Some(moment),
            ..Self::default()
        };
        moment
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use chrono::{Days, NaiveDate};

    use super::*;

    fn question(number: usize) -> Question {
        let first: NaiveDate = "2022-01-01".parse().unwrap();
        let as_of = first + Days::new(u64::try_from(number).unwrap());
        Question::Indicators { as_of }
    }

    fn page(text: &str) -> Told {
        Ok(Arc::new(Page::of(&text)))
    }

    fn telling(told: Told) -> Telling {
        ready(told).boxed().shared()
    }

    /// Whether the shelf has no page for the question at that moment.
    fn is_asked(shelf: &mut Shelf, moment: Moment, number: usize) -> bool {
        let mut asked = false;
        drop(shelf.page(moment, &question(number), |_| {
            asked = true;
            telling(page("x"))
        }));
        asked
    }

    #[test]
    fn a_page_is_told_again_until_a_later_moment() {
        let mut shelf = Shelf::default();
        let [first, second] = [1, 2].map(|number| Moment::of(1, number));
        assert!(is_asked(&mut shelf, first, 0) && is_asked(&mut shelf, first, 1));
        assert!(!is_asked(&mut shelf, first, 0) && !is_asked(&mut shelf, first, 1));
        assert!(is_asked(&mut shelf, second, 0), "something was committed");
        // Whoever looked before that and comes after it gets the later page.
        assert!(!is_asked(&mut shelf, first, 0));
        assert!(is_asked(&mut shelf, Moment::of(2, 1), 0), "of other books");
    }

    #[test]
    fn no_more_pages_are_kept_than_the_bound() {
        let (mut shelf, moment) = (Shelf::default(), Moment::of(1, 1));
        for number in 0..MOST_PAGES {
            assert!(is_asked(&mut shelf, moment, number));
        }
        assert!(!is_asked(&mut shelf, moment, 0));
        assert!(is_asked(&mut shelf, moment, MOST_PAGES));
        assert_eq!(shelf.pages.len(), 1);
    }

    #[test]
    fn no_more_bytes_are_kept_than_the_bound() {
        let (mut shelf, moment) = (Shelf::default(), Moment::of(1, 1));
        let third = page(&"x".repeat(MOST_BYTES / 3));
        for number in 0..2 {
            assert!(is_asked(&mut shelf, moment, number));
            shelf.settle(moment, &question(number), &third);
        }
        assert!(!is_asked(&mut shelf, moment, 0));
        shelf.settle(moment, &question(2), &third);
        assert_eq!((shelf.pages.len(), shelf.bytes), (0, 0));
    }

    #[test]
    fn what_failed_is_asked_again_and_what_comes_late_is_not_counted() {
        let (mut shelf, moment) = (Shelf::default(), Moment::of(1, 2));
        assert!(is_asked(&mut shelf, moment, 0));
        shelf.settle(moment, &question(0), &Err(ApiError::not_found()));
        assert!(is_asked(&mut shelf, moment, 0));
        shelf.settle(Moment::of(1, 1), &question(0), &page("x"));
        assert_eq!(shelf.bytes, 0);
    }
}
