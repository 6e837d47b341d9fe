//! The audit of approvals: nobody approved what they made, and what was above the limit that the log
//! says it was held against has two different approvers, of the same content. Pure.

use serde_json::Value;

use super::store::StepRow;
use crate::difference::Findings;
use crate::payouts::model::Verb;
use crate::text_enum::TextEnum;

/// Looks at the approvals of a record; `told` is the command of the event of that sequence.
pub(super) fn check(
    subject: &str,
    rows: &[StepRow],
    told: impl Fn(i64) -> Option<Value>,
    findings: &mut Findings,
) {
    for (at, step) in rows.iter().enumerate() {
        let before = rows.get(..at).unwrap_or_default();
        let at_once = before
            .last()
            .is_some_and(|last| last.sequence == step.sequence);
        let decides = matches!(
            Verb::from_name(&step.verb),
            Some(Verb::ApproveFirst | Verb::Approve)
        );
        // What was approved as it was recorded was asked of nobody.
        if !decides || at_once {
            continue;
        }
        let place = format_args!("{subject} step {}", step.step);
        if made(before, &step.actor) {
            findings.differ(
                "approval",
                place,
                "somebody who did not make it",
                &step.actor,
            );
        }
        let above = told(step.sequence).and_then(|told| above(&told));
        let second = step.verb == Verb::Approve.as_str();
        let more = above.is_some_and(|above| step.amount.unwrap_or(0) > above);
        if second && more && !has_first(before, step) {
            findings.differ("approval", place, "two different approvers", &step.actor);
        }
    }
}

/// The limit that an approval was held against.
fn above(told: &Value) -> Option<i64> {
    told.get("second_approval_above")?.as_str()?.parse().ok()
}

/// Whether somebody recorded, changed or resubmitted the record.
fn made(before: &[StepRow], actor: &str) -> bool {
    let makes = |row: &&StepRow| {
        matches!(
            Verb::from_name(&row.verb),
            Some(Verb::Submit | Verb::Edit | Verb::Resubmit)
        )
    };
    before.iter().filter(makes).any(|row| row.actor == actor)
}

/// Whether somebody else approved the same content first, and nothing was changed since.
fn has_first(before: &[StepRow], step: &StepRow) -> bool {
    let since = before.iter().rev().take_while(|row| {
        !matches!(
            Verb::from_name(&row.verb),
            Some(Verb::Submit | Verb::Edit | Verb::Resubmit | Verb::Reject)
        )
    });
    let mut first = since.filter(|row| row.verb == Verb::ApproveFirst.as_str());
    first.any(|row| row.actor != step.actor && row.content == step.content)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use serde_json::json;

    use super::*;

    /// Steps on a record of 101 won: verb, actor, content.
    fn found(steps: &[(&str, &str, &str)]) -> Vec<String> {
        let rows = steps
            .iter()
            .zip(1_i32..)
            .map(|((verb, actor, content), n)| StepRow {
                record: "r".into(),
                step: n,
                verb: (*verb).into(),
                actor: (*actor).into(),
                effective_on: NaiveDate::default(),
                sequence: i64::from(n),
                amount: Some(101),
                content: Some((*content).into()),
            });
        let rows: Vec<StepRow> = rows.collect();
        let told = |_| Some(json!({ "second_approval_above": "100" }));
        let mut findings = Findings::default();
        check("disbursement:r", &rows, told, &mut findings);
        let kept = findings.kept().iter();
        kept.map(|one| format!("{} | {}", one.expected, one.found))
            .collect()
    }

    const TWO: &str = "two different approvers | b";

    #[test]
    fn two_different_people_approve_the_same_content() {
        let submit = ("submit", "o", "");
        let second = ("approve", "b", "x");
        assert_eq!(
            found(&[submit, ("approve_first", "a", "x"), second]),
            [""; 0]
        );
        assert_eq!(found(&[submit, second]), [TWO]);
        assert_eq!(found(&[submit, ("approve_first", "b", "x"), second]), [TWO]);
        assert_eq!(found(&[submit, ("approve_first", "a", "y"), second]), [TWO]);
        let changed = [
            submit,
            ("approve_first", "a", "x"),
            ("edit", "o", ""),
            second,
        ];
        assert_eq!(found(&changed), [TWO]);
    }

    #[test]
    fn nobody_approves_what_they_made() {
        let steps = [
            ("submit", "o", ""),
            ("approve_first", "o", "x"),
            ("approve", "b", "x"),
        ];
        assert_eq!(found(&steps), ["somebody who did not make it | o"]);
    }
}
