//! Where pledges stand, day by day.

use chrono::DateTime;
use proptest::prelude::*;

use super::*;
use crate::code::Code;
use crate::ids::RecordId;
use crate::metrics::{Metric, Scope};
use crate::pledges::model::{PledgeTerms, Source};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn step(verb: PledgeVerb, milestone: Option<i32>, on: &str) -> Step {
    Step {
        verb,
        milestone,
        actor: "communicator".into(),
        effective_on: day(on),
        recorded_at: DateTime::UNIX_EPOCH,
        sequence: 1,
        status: None,
        met_on: None,
        due_from: None,
        due_on: None,
        organisation: None,
        note: None,
        evidence_url: None,
        reference: None,
    }
}

fn review(milestone: Option<i32>, status: MilestoneStatus, on: &str) -> Step {
    Step {
        status: Some(status),
        ..step(PledgeVerb::Review, milestone, on)
    }
}

fn slip(milestone: Option<i32>, to: &str, on: &str) -> Step {
    Step {
        due_on: Some(day(to)),
        note: Some("late".into()),
        ..step(PledgeVerb::Reschedule, milestone, on)
    }
}

fn confirm(milestone: i32, on: &str) -> Step {
    Step {
        organisation: Some(Code::stored("jeju".into())),
        ..step(PledgeVerb::Confirm, Some(milestone), on)
    }
}

/// A promise of 2022-07-01 with as many milestones, due at the end of the year, as are named.
fn pledge(due_on: Option<&str>, milestones: &[Option<&str>], steps: Vec<Step>) -> Pledge {
    let made_on = day("2022-07-01");
    let milestone = |due_on: &Option<&str>| Milestone {
        title: "one".into(),
        due_on: due_on.map(day),
        made_on,
    };
    Pledge {
        id: RecordId::stored("id".into()),
        terms: PledgeTerms {
            title: "Jeju".into(),
            statement: "more access".into(),
            owner: None,
            counterpart: None,
            basis: None,
        },
        source: Source {
            title: "call".into(),
            date: made_on,
            url: None,
        },
        due_on: due_on.map(day),
        target: None,
        milestones: milestones.iter().map(milestone).collect(),
        steps,
        version: 1,
    }
}

fn state(pledge: &Pledge, as_of: &str) -> PledgeState {
    Standing::of(pledge, day(as_of), Reading::default()).state
}

fn target(value: i64, path: TargetPath) -> Target {
    Target {
        metric: Metric::Disbursed,
        scope: Scope::All,
        value,
        starts_on: day("2022-01-01"),
        path,
    }
}

fn of_target(due_on: Option<&str>, path: TargetPath) -> Pledge {
    Pledge {
        target: Some(target(365, path)),
        ..pledge(due_on, &[], Vec::new())
    }
}

fn told(pledge: &Pledge, as_of: &str, reading: Reading) -> (PledgeState, Progress) {
    let standing = Standing::of(pledge, day(as_of), reading);
    (standing.state, standing.progress.unwrap())
}

fn reached(actual: i64) -> Reading {
    Reading {
        actual: Some(actual),
        planned: None,
    }
}

#[test]
fn a_pledge_is_met_once_every_milestone_is() {
    use MilestoneStatus::{Met, PartlyMet};
    let steps = vec![
        review(Some(1), Met, "2022-08-01"),
        review(Some(2), PartlyMet, "2022-08-02"),
        review(Some(2), Met, "2022-09-01"),
    ];
    let pledge = pledge(Some("2022-12-31"), &[None, None], steps);
    assert_eq!(state(&pledge, "2022-07-31"), PledgeState::Open);
    assert_eq!(state(&pledge, "2022-08-31"), PledgeState::Open);
    assert_eq!(state(&pledge, "2022-09-01"), PledgeState::Met);
    assert_eq!(
        state(&pledge, "2023-09-01"),
        PledgeState::Met,
        "met is not late"
    );
}

#[test]
fn one_milestone_that_is_late_makes_the_pledge_late() {
    let partly = review(Some(1), MilestoneStatus::PartlyMet, "2022-08-01");
    let pledge = pledge(
        Some("2022-12-31"),
        &[Some("2022-09-30"), None],
        vec![partly],
    );
    assert_eq!(
        state(&pledge, "2022-09-30"),
        PledgeState::Open,
        "due that day"
    );
    assert_eq!(state(&pledge, "2022-10-01"), PledgeState::Overdue);
    let standing = Standing::of(&pledge, day("2023-02-01"), Reading::default());
    assert_eq!(
        standing.late_since,
        Some(day("2022-09-30")),
        "the first of them"
    );
}

#[test]
fn without_milestones_its_own_review_tells() {
    let steps = vec![
        review(None, MilestoneStatus::NotMet, "2022-08-01"),
        review(None, MilestoneStatus::Met, "2022-09-01"),
    ];
    let pledge = pledge(Some("2022-08-31"), &[], steps);
    assert_eq!(state(&pledge, "2022-08-31"), PledgeState::Open);
    assert_eq!(state(&pledge, "2022-09-01"), PledgeState::Met);
    let late = Pledge {
        steps: Vec::new(),
        ..pledge
    };
    assert_eq!(state(&late, "2022-09-01"), PledgeState::Overdue);
}

#[test]
fn a_slip_holds_from_its_day_and_the_first_due_date_for_ever() {
    let steps = vec![
        slip(None, "2022-11-30", "2022-09-10"),
        slip(None, "2023-03-31", "2022-11-01"),
    ];
    let pledge = pledge(Some("2022-08-31"), &[], steps);
    for (as_of, due_on, slips, state) in [
        ("2022-09-09", "2022-08-31", 0, PledgeState::Overdue),
        ("2022-09-10", "2022-11-30", 1, PledgeState::Open),
        ("2022-11-03", "2023-03-31", 2, PledgeState::Open),
    ] {
        let standing = Standing::of(&pledge, day(as_of), Reading::default());
        assert_eq!(standing.own.due_on, Some(day(due_on)), "{as_of}");
        assert_eq!(standing.own.first_due_on, Some(day("2022-08-31")));
        assert_eq!((standing.own.slips.len(), standing.state), (slips, state));
    }
}

#[test]
fn the_first_date_that_is_set_later_is_no_slip() {
    let set = slip(None, "2022-12-31", "2022-09-10");
    let pledge = pledge(None, &[], vec![set]);
    let before = Standing::of(&pledge, day("2022-09-09"), Reading::default());
    assert_eq!((before.own.due_on, before.own.first_due_on), (None, None));
    let standing = Standing::of(&pledge, day("2022-11-03"), Reading::default());
    assert_eq!(standing.own.first_due_on, Some(day("2022-12-31")));
    assert!(standing.own.slips.is_empty());
}

#[test]
fn who_confirmed_one_status_has_not_confirmed_another() {
    use MilestoneStatus::{Met, PartlyMet};
    let steps = vec![
        review(Some(1), PartlyMet, "2022-08-01"),
        confirm(1, "2022-08-02"),
        review(Some(1), PartlyMet, "2022-08-03"),
        review(Some(1), Met, "2022-08-04"),
    ];
    let pledge = pledge(None, &[None], steps);
    let confirmed = |as_of| {
        let standing = Standing::of(&pledge, day(as_of), Reading::default());
        standing.milestones[0].2.confirmations.len()
    };
    assert_eq!(
        (confirmed("2022-08-01"), confirmed("2022-08-02")),
        (0, 1),
        "from its day on"
    );
    assert_eq!(confirmed("2022-08-03"), 1, "looked at again");
    assert_eq!(confirmed("2022-08-04"), 0, "more than they confirmed");
}

#[test]
fn a_milestone_that_was_added_counts_from_its_day() {
    let met = review(Some(1), MilestoneStatus::Met, "2022-08-01");
    let mut pledge = pledge(None, &[None], vec![met]);
    pledge.milestones.push(Milestone {
        title: "more".into(),
        due_on: None,
        made_on: day("2022-10-01"),
    });
    assert_eq!(state(&pledge, "2022-09-30"), PledgeState::Met);
    assert_eq!(state(&pledge, "2022-10-01"), PledgeState::Open);
}

#[test]
fn what_was_taken_back_is_neither_open_nor_late() {
    let back = step(PledgeVerb::Withdraw, None, "2022-10-01");
    let pledge = pledge(Some("2022-08-31"), &[], vec![back]);
    assert_eq!(state(&pledge, "2022-09-30"), PledgeState::Overdue);
    let standing = Standing::of(&pledge, day("2022-10-01"), Reading::default());
    assert_eq!(
        (standing.state, standing.late_since),
        (PledgeState::Withdrawn, None)
    );
}

#[test]
fn a_target_is_held_against_a_straight_line() {
    // 365 won in 365 days: one a day.
    let pledge = of_target(Some("2022-12-31"), TargetPath::StraightLine);
    let (state, progress) = told(&pledge, "2022-07-10", reached(191));
    assert_eq!(
        (state, progress.expected),
        (PledgeState::OnTrack, Some(191))
    );
    assert_eq!(progress.projected_on, Some(day("2022-12-31")));
    let (state, progress) = told(&pledge, "2022-07-10", reached(190));
    assert_eq!(state, PledgeState::Behind);
    // 191 × 365 / 190 = 366.9 days.
    assert_eq!(progress.projected_on, Some(day("2023-01-02")));
    let (state, progress) = told(&pledge, "2022-12-31", reached(364));
    assert_eq!((state, progress.expected), (PledgeState::Behind, Some(365)));
    assert_eq!(
        told(&pledge, "2023-01-01", reached(364)).0,
        PledgeState::Overdue
    );
    let (state, progress) = told(&pledge, "2023-01-01", reached(365));
    assert_eq!((state, progress.projected_on), (PledgeState::Met, None));
}

#[test]
fn a_figure_that_is_not_there_has_no_pace() {
    let pledge = of_target(Some("2022-12-31"), TargetPath::StraightLine);
    for reading in [Reading::default(), reached(0), reached(-5)] {
        let (state, progress) = told(&pledge, "2022-07-10", reading);
        assert_eq!((state, progress.projected_on), (PledgeState::Behind, None));
    }
    let before = told(&pledge, "2021-12-31", reached(5));
    assert_eq!(
        (before.1.expected, before.1.projected_on),
        (Some(0), None),
        "before the start"
    );
    let endless = told(&pledge, "2022-07-10", reached(1)).1;
    assert_eq!(
        endless.projected_on, None,
        "in 2212, beyond what the books hold"
    );
}

#[test]
fn without_a_due_date_a_target_is_open_and_projected() {
    let pledge = of_target(None, TargetPath::StraightLine);
    let (state, progress) = told(&pledge, "2022-07-10", reached(191));
    assert_eq!((state, progress.expected), (PledgeState::Open, None));
    assert_eq!(progress.projected_on, Some(day("2022-12-31")));
}

#[test]
fn a_target_may_follow_a_plan() {
    let pledge = of_target(Some("2022-12-31"), TargetPath::Plan);
    let planned = |planned| Reading {
        actual: Some(100),
        planned,
    };
    for (plan, state) in [
        (Some(100), PledgeState::OnTrack),
        (Some(101), PledgeState::Behind),
        (None, PledgeState::Open),
    ] {
        let (found, progress) = told(&pledge, "2022-07-10", planned(plan));
        assert_eq!((found, progress.expected), (state, plan));
    }
}

#[test]
fn milestones_of_a_target_are_told_and_decide_nothing() {
    let mut pledge = pledge(Some("2022-12-31"), &[Some("2022-08-01")], Vec::new());
    pledge.target = Some(target(365, TargetPath::StraightLine));
    assert_eq!(
        told(&pledge, "2022-11-03", reached(320)).0,
        PledgeState::OnTrack
    );
    assert_eq!(
        told(&pledge, "2022-11-03", reached(365)).0,
        PledgeState::Met
    );
}

proptest! {
    #[test]
    fn what_is_expected_grows_to_the_value_and_no_further(
        value in 1_i64..=1_000_000_000_000_000,
        days in 1_u64..20_000,
        at in 0_u64..20_000,
    ) {
        let target = target(value, TargetPath::StraightLine);
        let due_on = target.starts_on + Days::new(days);
        let on = |at: u64| {
            let as_of = target.starts_on + Days::new(at);
            expected(&target, Some(due_on), Reading::default(), as_of).unwrap()
        };
        prop_assert!(on(at) <= on(at + 1));
        prop_assert!((0..=value).contains(&on(at)));
        prop_assert_eq!(on(days), value);
    }

    #[test]
    fn the_day_that_is_projected_is_the_first_to_reach_the_value(
        value in 2_i64..=1_000_000_000,
        actual in 1_i64..1_000_000_000,
        elapsed in 1_u64..5_000,
    ) {
        prop_assume!(actual < value);
        let target = target(value, TargetPath::StraightLine);
        let as_of = target.starts_on + Days::new(elapsed - 1);
        if let Some(day) = projected_on(&target, reached(actual), as_of) {
            let days = i128::from(days_through(target.starts_on, day));
            let (value, actual) = (i128::from(value), i128::from(actual));
            let pace = |days: i128| actual * days >= value * i128::from(elapsed);
            prop_assert!(pace(days) && !pace(days - 1));
            prop_assert!(day >= as_of);
        }
    }
}
