//! What may be promised and done.

use chrono::DateTime;

use super::*;
use crate::ids::RecordId;
use crate::money::MoneyError;
use crate::pledges::make::NewMilestone;
use crate::pledges::model::{PledgeTerms, Source, Step};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

const TODAY: &str = "2022-11-03";

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn new(target: Option<NewTarget>) -> MakePledge {
    MakePledge {
        unique: uuid::Uuid::nil(),
        terms: PledgeTerms {
            title: "Jeju".into(),
            statement: "more access".into(),
            owner: None,
            counterpart: None,
            basis: None,
        },
        source: Source {
            title: "call".into(),
            date: day("2022-07-01"),
            url: None,
        },
        due_on: Some(day("2022-12-31")),
        target,
        milestones: vec![NewMilestone {
            title: "one".into(),
            due_on: Some(day("2022-09-30")),
        }],
    }
}

fn asked() -> NewTarget {
    NewTarget {
        metric: Metric::Disbursed,
        program: None,
        fund: Some(code("workers")),
        value: Ok(5),
        starts_on: None,
        path: TargetPath::StraightLine,
    }
}

fn told(faults: &[FieldFault]) -> Vec<String> {
    let told = faults.iter().map(|f| format!("{} {}", f.field, f.code));
    told.collect()
}

#[test]
fn nothing_is_due_before_it_was_promised() {
    assert_eq!(days_of(&new(None), day(TODAY)), []);
    let mut wrong = new(Some(NewTarget {
        starts_on: Some(day("2022-10-01")),
        ..asked()
    }));
    wrong.source.date = day("2022-11-04");
    wrong.due_on = Some(day("2022-09-30"));
    assert_eq!(
        told(&days_of(&wrong, day(TODAY))),
        [
            "/source/date in_the_future",
            "/due_on before_the_promise",
            "/milestones/0/due_on before_the_promise",
            "/target/starts_on after_due",
        ]
    );
}

fn wrong(target_asked: NewTarget) -> Vec<String> {
    told(&target(&target_asked, day("2022-07-01")).unwrap_err())
}

#[test]
fn a_target_is_a_figure_that_its_scope_has() {
    let good = target(&asked(), day("2022-07-01")).unwrap();
    assert_eq!(
        (good.value, good.starts_on, good.scope),
        (5, day("2022-07-01"), Scope::Fund(code("workers")))
    );
    let metric = |metric| NewTarget { metric, ..asked() };
    assert_eq!(
        wrong(metric(Metric::Orders)),
        ["/target/scope figure_not_of_scope"]
    );
    assert_eq!(
        wrong(metric(Metric::PledgesMet)),
        ["/target/metric not_a_target"]
    );
    let both = NewTarget {
        program: Some(code("drivers")),
        ..asked()
    };
    assert_eq!(wrong(both), ["/target/scope program_or_fund"]);
}

#[test]
fn everything_wrong_with_a_target_is_told_at_once() {
    let all = NewTarget {
        metric: Metric::SalesQuantityKg,
        value: Err(MoneyError::TooFine),
        path: TargetPath::Plan,
        ..asked()
    };
    assert_eq!(
        wrong(all),
        [
            "/target/scope figure_not_of_scope",
            "/target/path target_without_plan",
            "/target/value too_many_places",
        ]
    );
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

/// A promise with one milestone, reviewed on 2022-09-01.
fn pledge(status: MilestoneStatus) -> Pledge {
    let new = new(None);
    let reviewed = Step {
        status: Some(status),
        ..step(PledgeVerb::Review, Some(1), "2022-09-01")
    };
    Pledge {
        id: RecordId::stored("id".into()),
        terms: new.terms,
        source: new.source,
        due_on: new.due_on,
        target: None,
        milestones: vec![Milestone {
            title: "one".into(),
            due_on: Some(day("2022-09-30")),
            made_on: day("2022-07-01"),
        }],
        steps: vec![step(PledgeVerb::Make, None, "2022-07-01"), reviewed],
        version: 2,
    }
}

fn review(of: Option<i32>, status: MilestoneStatus, met_on: Option<&str>) -> Act {
    Act::Review {
        of,
        status,
        met_on: met_on.map(day),
        note: None,
        evidence_url: None,
    }
}

fn slip(of: Option<i32>, due_on: &str) -> Act {
    Act::Reschedule {
        of,
        due_on: day(due_on),
        reason: "late".into(),
    }
}

fn confirm(organisation: &str) -> Act {
    Act::Confirm {
        milestone: 1,
        organisation: code(organisation),
        reference: None,
    }
}

fn done(pledge: &Pledge, act: &Act, on: Option<&str>) -> String {
    match allow(pledge, act, on.map(day), day(TODAY)) {
        Ok(allowed) => allowed.on.to_string(),
        Err(Refusal::Fields(faults)) => told(&faults).join(", "),
        Err(refusal) => refusal.code().to_owned(),
    }
}

#[test]
fn nothing_is_met_before_it_was_promised_or_after_it_was_looked_at() {
    use MilestoneStatus::{Met, PartlyMet};
    let pledge = pledge(MilestoneStatus::Scheduled);
    let said = |act: Act, on| done(&pledge, &act, on);
    assert_eq!(said(review(Some(1), Met, None), None), TODAY);
    assert_eq!(
        said(review(Some(1), Met, Some("2022-06-30")), None),
        "/met_on before_the_promise"
    );
    assert_eq!(
        said(review(Some(1), Met, Some("2022-10-02")), Some("2022-10-01")),
        "/met_on after_review"
    );
    assert_eq!(
        said(review(Some(1), PartlyMet, Some("2022-10-01")), None),
        "/met_on not_met"
    );
    assert_eq!(
        said(review(Some(1), Met, None), Some("2022-06-30")),
        "/reviewed_on before_the_promise"
    );
    assert_eq!(
        said(review(Some(1), Met, None), Some("2022-11-04")),
        "/reviewed_on in_the_future"
    );
}

#[test]
fn days_of_one_thing_never_run_backwards() {
    let pledge = pledge(MilestoneStatus::Scheduled);
    let said = |act: Act, on| done(&pledge, &act, Some(on));
    let again = review(Some(1), MilestoneStatus::Met, None);
    assert_eq!(said(again.clone(), "2022-08-31"), "before_previous_step");
    assert_eq!(said(again, "2022-09-01"), "2022-09-01");
    assert_eq!(
        said(slip(None, "2023-01-31"), "2022-08-31"),
        "2022-08-31",
        "another thing"
    );
    let back = Act::Withdraw {
        reason: "no".into(),
    };
    assert_eq!(said(back.clone(), "2022-08-31"), "before_previous_step");
    assert_eq!(said(back, "2022-09-01"), "2022-09-01");
}

#[test]
fn a_slip_goes_to_another_day() {
    let pledge = pledge(MilestoneStatus::PartlyMet);
    let said = |act: Act| done(&pledge, &act, None);
    assert_eq!(said(slip(Some(1), "2022-09-30")), "/due_on same_day");
    assert_eq!(
        said(slip(Some(1), "2022-06-30")),
        "/due_on before_the_promise"
    );
    assert_eq!(said(slip(Some(1), "2022-10-31")), TODAY);
    assert_eq!(said(slip(Some(2), "2022-10-31")), "not_found");
    let met = self::pledge(MilestoneStatus::Met);
    assert_eq!(
        done(&met, &slip(Some(1), "2022-10-31"), None),
        "invalid_state"
    );
}

#[test]
fn only_what_is_met_is_confirmed_and_by_each_once() {
    use MilestoneStatus::{Met, NotMet, PartlyMet, Scheduled};
    for (status, said) in [
        (Scheduled, "invalid_state"),
        (NotMet, "invalid_state"),
        (PartlyMet, TODAY),
        (Met, TODAY),
    ] {
        assert_eq!(done(&pledge(status), &confirm("jeju"), None), said);
    }
    let mut confirmed = pledge(Met);
    confirmed.steps.push(Step {
        organisation: Some(code("jeju")),
        ..step(PledgeVerb::Confirm, Some(1), "2022-10-01")
    });
    assert_eq!(
        done(&confirmed, &confirm("jeju"), None),
        "already_confirmed"
    );
    assert_eq!(done(&confirmed, &confirm("seoul"), None), TODAY);
}

#[test]
fn a_pledge_is_reviewed_itself_only_where_nothing_else_tells() {
    let of_itself = review(None, MilestoneStatus::Met, None);
    let mut pledge = pledge(MilestoneStatus::Met);
    assert_eq!(done(&pledge, &of_itself, None), "follows_milestones");
    pledge.target = target(&asked(), day("2022-07-01")).ok();
    assert_eq!(done(&pledge, &of_itself, None), "follows_target");
    pledge.target = None;
    pledge.milestones.clear();
    assert_eq!(done(&pledge, &of_itself, None), TODAY);
}

#[test]
fn nothing_is_done_to_what_was_taken_back() {
    let mut pledge = pledge(MilestoneStatus::Met);
    pledge
        .steps
        .push(step(PledgeVerb::Withdraw, None, "2022-10-01"));
    for act in [
        slip(None, "2023-01-31"),
        confirm("jeju"),
        Act::Withdraw {
            reason: "again".into(),
        },
    ] {
        assert_eq!(done(&pledge, &act, None), "invalid_state");
    }
}

#[test]
fn milestones_and_steps_have_their_bounds() {
    let add = Act::AddMilestone {
        title: "more".into(),
        due_on: None,
    };
    let mut pledge = pledge(MilestoneStatus::Met);
    assert_eq!(
        done(&pledge, &add, Some("2022-08-01")),
        "2022-08-01",
        "a promise of then"
    );
    pledge.milestones = vec![pledge.milestones[0].clone(); MAX_MILESTONES];
    assert_eq!(done(&pledge, &add, None), "too_many_milestones");
    pledge.steps = vec![step(PledgeVerb::Make, None, "2022-07-01"); MAX_STEPS];
    assert_eq!(
        done(&pledge, &slip(None, "2023-01-31"), None),
        "too_many_steps"
    );
}
