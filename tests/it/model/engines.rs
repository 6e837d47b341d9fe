//! The same history on both engines: the same answers, and in the end the same books.

use chrono::Days;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use sangsaeng::desk::WriteError;

use super::wanted::{Day, histories};
use super::{Both, FIRST_DAY};
use crate::support::everything::{Reader, compare};
use crate::support::{Books, TODAY, World};

/// Histories that are told; the same ones in every run.
const HISTORIES: usize = 4;

fn reader(world: &World) -> Reader<'_> {
    let token = |user: &&str| ((*user).to_owned(), world.token(user));
    Reader::new(world, ["admin", "auditor", "viewer"].iter().map(token))
}

#[test]
fn books_that_differ_in_one_won_are_told_apart() {
    let worlds = ["1000", "1000", "1001"].map(|won| {
        let world = World::new();
        world.with_budget();
        world.paid("drivers", "driver-1", won);
        world
    });
    let compared = |one: usize, other: usize| {
        compare([reader(&worlds[one]), reader(&worlds[other])], &[TODAY])
    };
    assert!(compared(0, 1).unwrap() > 100);
    let differences = compared(0, 2).unwrap_err();
    assert!(differences.contains("1001"), "{differences}");
}

#[test]
fn both_engines_tell_the_same_of_the_same_history() {
    let mut runner = TestRunner::deterministic();
    let mut compared = 0;
    for _ in 0..HISTORIES {
        let Some(books) = Books::on_both_engines(FIRST_DAY) else {
            // A run on the embedded engine has nothing to compare it with.
            return;
        };
        let mut engines = books.map(Both::open);
        let history = histories().new_tree(&mut runner).unwrap().current();
        for day in &history {
            live_in_turn(&mut engines, day);
        }
        let last = engines[0].model.today;
        let days = [0, 9, 40].map(|back| (last - Days::new(back)).to_string());
        let worlds = engines.each_ref().map(|engine| engine.books.served());
        let days = days.each_ref().map(String::as_str);
        compared += compare(worlds.each_ref().map(reader), &days).unwrap();
    }
    println!("{compared} answers are the same");
}

impl Both {
    /// A text with the numbers of records, whose ids are random.
    fn told(&self, text: &str) -> String {
        let attempts = self.attempts.iter().enumerate();
        attempts.fold(text.to_owned(), |text, (number, attempt)| {
            text.replace(attempt.id.as_str(), &number.to_string())
        })
    }
}

/// Asks both for one thing after the other.
fn live_in_turn(engines: &mut [Both; 2], day: &Day) {
    for engine in engines.iter_mut() {
        engine.model.today = engine.model.today + Days::new(day.days_later);
        engine.books.set_day(&engine.model.today.to_string());
        if day.reopened {
            engine.books.restart();
        }
    }
    for (number, (wanted, tried)) in day.wanted.iter().enumerate() {
        let answers = engines.each_mut().map(|engine| {
            let wanted = engine.made_definite(wanted);
            match engine.start(&wanted, (number, *tried)).wait() {
                Ok(_) => {
                    assert!(*tried || engine.model.apply(&wanted), "{wanted:?} was done");
                    "done".to_owned()
                }
                Err(WriteError::Refused(refusal)) => engine.told(&format!("{refusal:?}")),
                Err(error) => panic!("{wanted:?}: {error:?}"),
            }
        });
        assert_eq!(answers[0], answers[1], "{wanted:?}");
    }
}
