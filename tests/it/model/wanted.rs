//! What a history is made of: everything that somebody may want done, at random.

use proptest::prelude::*;

use super::simple::{FUNDS, PEOPLE, PROGRAMS};

const ACTORS: [&str; 4] = ["officer", "officer2", "approver", "treasurer"];

/// What somebody wants done. Days count back from today, so a negative one lies ahead.
#[derive(Debug, Clone)]
pub enum Do {
    Commit {
        fund: &'static str,
        raise: bool,
        amount: i64,
        back: i64,
    },
    Budget(Budget),
    Submit(Submission),
    Act {
        record: usize,
        actor: &'static str,
        act: Act,
        back: Option<i64>,
    },
    Change(Change),
}

#[derive(Debug, Clone)]
pub struct Budget {
    pub fund: &'static str,
    pub program: usize,
    pub kind: BudgetKind,
    pub year: Option<i32>,
    pub to_year: Option<i32>,
    pub amount: i64,
    pub back: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetKind {
    Allocate,
    Release,
    Lapse,
    CarryOver,
}

#[derive(Debug, Clone)]
pub struct Submission {
    /// What it is known by from now on.
    pub number: usize,
    pub actor: &'static str,
    pub program: usize,
    pub fund: Option<&'static str>,
    pub year: Option<i32>,
    pub person: Option<usize>,
    pub round: Option<u8>,
    pub external: Option<u8>,
    pub in_kind: bool,
    pub amount: i64,
    pub planned_back: i64,
    pub back: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Approve,
    Reject,
    Withdraw,
    Cancel,
    Pay(Option<i64>),
    Return(Option<i64>),
    Refund(Option<i64>),
}

/// An edit, or a resubmission.
#[derive(Debug, Clone)]
pub struct Change {
    pub record: usize,
    pub actor: &'static str,
    pub resubmit: bool,
    /// The version that was read; one that is too old where it is negative.
    pub version: i32,
    pub amount: Option<i64>,
    pub round: Option<Option<u8>>,
    pub external: Option<Option<u8>>,
    pub back: Option<i64>,
}

/// What happens between one morning and the next.
#[derive(Debug, Clone)]
pub struct Day {
    pub days_later: u64,
    pub reopened: bool,
    /// What is wanted, each with whether it is only tried.
    pub wanted: Vec<(Do, bool)>,
}

pub fn histories() -> impl Strategy<Value = Vec<Day>> {
    let tried = prop::bool::weighted(0.08);
    let wanted = prop::collection::vec((any_do(), tried), 1..24);
    let day = (0_u64..6, prop::bool::weighted(0.15), wanted);
    let day = day.prop_map(|(days_later, reopened, wanted)| Day {
        days_later,
        reopened,
        wanted,
    });
    prop::collection::vec(day, 6..14)
}

fn any_do() -> impl Strategy<Value = Do> {
    let commit = (any_fund(), any::<bool>(), 1_i64..400, any_back());
    let commit = commit.prop_map(|(fund, raise, amount, back)| Do::Commit {
        fund,
        raise,
        amount,
        back,
    });
    prop_oneof![
        1 => commit,
        4 => any_budget().prop_map(Do::Budget),
        8 => any_submission().prop_map(Do::Submit),
        16 => any_act(),
        3 => any_change().prop_map(Do::Change),
    ]
}

fn any_fund() -> impl Strategy<Value = &'static str> {
    prop::sample::select(FUNDS.to_vec())
}

/// Mostly some day of the last weeks, at times one that lies ahead.
fn any_back() -> impl Strategy<Value = i64> {
    prop_oneof![6 => Just(0), 6 => 0_i64..45, 1 => Just(-1_i64)]
}

fn any_year() -> impl Strategy<Value = Option<i32>> {
    prop_oneof![3 => Just(None), 2 => Just(Some(2022)), 2 => Just(Some(2023))]
}

fn any_record() -> impl Strategy<Value = usize> {
    0_usize..1_000
}

fn any_actor() -> impl Strategy<Value = &'static str> {
    let others = prop::sample::select(ACTORS.to_vec());
    prop_oneof![4 => Just("approver"), 1 => others]
}

fn any_budget() -> impl Strategy<Value = Budget> {
    use BudgetKind::{Allocate, CarryOver, Lapse, Release};
    let kind = prop_oneof![
        5 => Just((Allocate, None)),
        2 => Just((Release, None)),
        1 => Just((Lapse, None)),
        2 => any_year().prop_map(|to_year| (CarryOver, to_year)),
    ];
    (
        any_fund(),
        0..PROGRAMS.len(),
        kind,
        any_year(),
        1_i64..200,
        any_back(),
    )
        .prop_map(
            |(fund, program, (kind, to_year), year, amount, back)| Budget {
                fund,
                program,
                kind,
                year,
                to_year,
                amount,
                back,
            },
        )
}

fn any_submission() -> impl Strategy<Value = Submission> {
    let fund = prop_oneof![3 => Just(None), 2 => any_fund().prop_map(Some)];
    let year = prop_oneof![4 => Just(None), 1 => any_year()];
    let place = (0..PROGRAMS.len(), fund, year);
    let person = prop::option::weighted(0.9, 0..PEOPLE);
    let keys = (any_round(), prop::option::weighted(0.3, 0_u8..3));
    let money = (any::<bool>(), 1_i64..60);
    let days = (-20_i64..40, prop::option::weighted(0.4, any_back()));
    let actor = prop::sample::select(vec!["officer", "officer2"]);
    (place, person, keys, money, days, actor).prop_map(
        |((program, fund, year), person, (round, external), (in_kind, amount), days, actor)| {
            let (planned_back, back) = days;
            Submission {
                number: 0,
                actor,
                program,
                fund,
                year,
                person,
                round,
                external,
                in_kind,
                amount,
                planned_back,
                back,
            }
        },
    )
}

fn any_round() -> impl Strategy<Value = Option<u8>> {
    prop::option::weighted(0.9, 1_u8..3)
}

fn any_act() -> impl Strategy<Value = Do> {
    let part = || prop::option::weighted(0.6, 1_i64..60);
    let act = prop_oneof![
        6 => Just(Act::Approve),
        1 => Just(Act::Reject),
        1 => Just(Act::Withdraw),
        2 => Just(Act::Cancel),
        6 => part().prop_map(Act::Pay),
        2 => part().prop_map(Act::Return),
        2 => part().prop_map(Act::Refund),
    ];
    let back = prop::option::weighted(0.3, any_back());
    (any_record(), any_actor(), act, back).prop_map(|(record, actor, act, back)| {
        let actor = if act == Act::Withdraw {
            "officer"
        } else {
            actor
        };
        Do::Act {
            record,
            actor,
            act,
            back,
        }
    })
}

fn any_change() -> impl Strategy<Value = Change> {
    let (resubmit, stale) = (any::<bool>(), prop::bool::weighted(0.1));
    let round = prop::option::of(any_round());
    let external = prop::option::of(prop::option::of(0_u8..3));
    let amount = prop::option::of(1_i64..60);
    let back = prop::option::weighted(0.3, any_back());
    (
        any_record(),
        any_actor(),
        resubmit,
        stale,
        amount,
        (round, external),
        back,
    )
        .prop_map(
            |(record, actor, resubmit, stale, amount, (round, external), back)| Change {
                record,
                actor,
                resubmit,
                version: -i32::from(stale),
                amount,
                round,
                external,
                back,
            },
        )
}
