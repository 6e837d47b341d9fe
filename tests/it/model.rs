//! Long random histories, on the books and on a model that is too simple to be wrong.
//!
//! Commands are sent many at a time and are decided in groups, in whatever order: the log tells in
//! which. In that order the model has to allow all that was done, and to say no, at some moment, to
//! what was refused. A history is refused something about as often as it gets it; it dates entries back,
//! tries without keeping, and closes the books and opens them again. After each day the books say
//! the same as the model, of that day and of days before.

mod commands;
mod engines;
mod figures;
mod simple;
mod wanted;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use proptest::test_runner::Config;
use sangsaeng::clock::Clock;
use sangsaeng::desk::WriteError;
use sangsaeng::ids::{self, RecordId};
use sangsaeng::ledger::log::{self, LogFilter};
use uuid::Uuid;

use crate::support::Books;
use commands::{create_program, open_fund, to_anybody};
use simple::{CHILD, Model, PROGRAMS, ROOT};
use wanted::{Day, Do, histories};

const FIRST_DAY: &str = "2022-12-12";

/// A record that somebody tried to submit.
struct Attempt {
    unique: Uuid,
    id: RecordId,
    in_kind: bool,
}

/// The books and the model, side by side.
struct Both {
    books: Books,
    model: Model,
    /// By their numbers.
    attempts: Vec<Attempt>,
    /// The books that money lies in, each with how much of its log was compared: that of the
    /// funds, and that of the program without any.
    compared: [(i64, i64); 2],
}

impl Both {
    /// Two funds, four programs and one record, in both.
    fn open(books: Books) -> Self {
        let mut model = Model::on(FIRST_DAY.parse().unwrap());
        let mut of_funds = 0;
        for (fund, part_of, won) in [(ROOT, None, 1_000), (CHILD, Some(ROOT), 300)] {
            let opened = Do::Commit {
                fund,
                raise: true,
                amount: won,
                back: 40,
            };
            assert!(model.apply(&opened));
            of_funds = books
                .run("manager", open_fund(fund, part_of, won, model.day(40)))
                .book;
        }
        for program in &PROGRAMS {
            books.run("manager", create_program(program));
        }
        let compared = [(of_funds, 2), (0, 1)];
        let mut both = Self {
            books,
            model,
            attempts: Vec::new(),
            compared,
        };
        let first = to_anybody();
        let unique = ids::unique(both.books.clock.now());
        let command = both.record(&first, unique);
        let id = both.books.run(first.actor, command).payout.id;
        assert!(both.model.apply(&Do::Submit(first)));
        both.compared[1].0 = id.book();
        both.attempts.push(Attempt {
            unique,
            id,
            in_kind: false,
        });
        both
    }

    /// Asks for all of it at once and follows what was done in the order of the logs.
    fn live(&mut self, day: &Day) {
        self.model.today = self.model.today + Days::new(day.days_later);
        self.books.set_day(&self.model.today.to_string());
        if day.reopened {
            self.books.restart();
        }
        let mut asked = Vec::new();
        for (wanted, tried) in &day.wanted {
            let wanted = self.made_definite(wanted);
            let answer = self.start(&wanted, (asked.len(), *tried));
            asked.push((wanted, *tried, answer));
        }
        let answers: Vec<(Do, bool, bool)> = asked
            .into_iter()
            .map(|(wanted, tried, answer)| match answer.wait() {
                Ok(_) => (wanted, tried, true),
                Err(WriteError::Refused(_)) => (wanted, tried, false),
                Err(error) => panic!("{wanted:?}: {error:?}"),
            })
            .collect();
        let mut models = vec![self.model.clone()];
        let mut done = Vec::new();
        for number in self.logged() {
            let wanted = &answers[number].0;
            assert!(self.model.apply(wanted), "{wanted:?} was done");
            models.push(self.model.clone());
            done.push(number);
        }
        done.sort_unstable();
        let kept = answers
            .iter()
            .enumerate()
            .filter(|(_, (_, tried, said))| *said && !tried);
        assert_eq!(done, kept.map(|(number, _)| number).collect::<Vec<_>>());
        // What left no trace was answered at some moment between the others.
        for (wanted, _, said) in answers.iter().filter(|(_, tried, said)| *tried || !said) {
            let fits = models.iter().any(|model| model.allows(wanted) == *said);
            assert!(fits, "{wanted:?} was answered {said}");
        }
    }

    /// The same with the number of a new record, or of one that somebody tried to submit.
    fn made_definite(&mut self, wanted: &Do) -> Do {
        let mut wanted = wanted.clone();
        let count = self.attempts.len();
        match &mut wanted {
            Do::Submit(new) => {
                let has_fund = !PROGRAMS[new.program].funds.is_empty();
                let (book, _) = self.compared[usize::from(!has_fund)];
                let unique = ids::unique(self.books.clock.now());
                let id = RecordId::new(unique, book);
                new.number = count;
                self.attempts.push(Attempt {
                    unique,
                    id,
                    in_kind: new.in_kind,
                });
            }
            Do::Act { record, .. } => *record %= count,
            Do::Change(change) => {
                change.record %= count;
                let record = self.model.records.get(&change.record);
                change.version += record.map_or(1, |record| record.version);
            }
            Do::Commit { .. } | Do::Budget(_) => {}
        }
        wanted
    }

    /// The numbers of the requests that left a trace since this was asked last.
    fn logged(&mut self) -> Vec<usize> {
        let mut numbers = Vec::new();
        for (book, compared) in &mut self.compared {
            let (all, after) = (LogFilter::default(), Some(*compared));
            let events = self
                .books
                .read(|conn| log::read(conn, *book, &all, after, 1_000));
            *compared += i64::try_from(events.len()).unwrap();
            numbers.extend(
                events
                    .iter()
                    .map(|event| event.request_id.parse::<usize>().unwrap()),
            );
        }
        numbers
    }
}

proptest! {
    #![proptest_config(Config { cases: 24, max_shrink_iters: 200, failure_persistence: None,
        ..Config::default() })]

    #[test]
    fn the_books_say_what_a_simple_model_says_whatever_happened(history in histories()) {
        let mut both = Both::open(Books::on(FIRST_DAY));
        for day in &history {
            both.live(day);
            both.compare_records();
            both.compare_figures(both.model.today);
        }
        both.books.restart();
        both.compare_records();
        let mut day = both.model.day(0);
        while day >= FIRST_DAY.parse::<NaiveDate>().unwrap() - Days::new(46) {
            both.compare_figures(day);
            day = day - Days::new(3);
        }
    }
}
