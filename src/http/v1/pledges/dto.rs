//! What callers say of pledges.

use chrono::{DateTime, NaiveDate, Utc};
use deserr::Deserr;
use utoipa::{IntoParams, ToSchema};

use crate::http::v1::funds::dto::{Label, Note};
use crate::http::v1::reports::query::MetricWire;
use crate::http::wire::codes::NameText;
use crate::http::wire::{Change, Choice, CodeIn, Day, Edit, Faults, FigureIn, Items, Text, UrlIn};
use crate::ids::{RecordId, unique};
use crate::pledges::advance::Advance;
use crate::pledges::make::{EditPledge, MakePledge, NewMilestone, NewTarget, TermsPatch};
use crate::pledges::model::{MilestoneStatus, PledgeState, PledgeTerms, Source, TargetPath};
use crate::pledges::rules::{Act, MAX_MILESTONES};
use crate::reporting::pledges::PledgeFilter;

/// What was promised, in full.
pub type Statement = Text<1_000>;
/// How far a milestone has come.
pub type MilestoneStatusWire = Choice<MilestoneStatus>;
/// Where a pledge stands.
pub type PledgeStateWire = Choice<PledgeState>;
/// What a figure is held against on the way to its target.
pub type TargetPathWire = Choice<TargetPath>;
/// The milestones of a new pledge.
pub type Milestones = Items<PledgeMilestone, MAX_MILESTONES>;

/// A pledge to be recorded.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "title": "지하철 단차 정보", "statement": "올해 안에 수도권 지하철 역의 단차 정보를 지도에 담습니다.",
    "source": {"title": "2022년 3분기 실적 발표", "date": "2022-11-03"}, "due_on": "2022-12-31",
    "milestones": [{"title": "수도권 전 역 조사", "due_on": "2022-11-30"}]
}))]
pub struct NewPledge {
    /// What it is called.
    pub title: NameText,
    /// What was promised.
    pub statement: Statement,
    /// Where it was made.
    pub source: PledgeSource,
    /// The department or role that answers for it; no personal details.
    #[deserr(default)]
    pub owner: Option<Label>,
    /// The organisation that it was made to, or together with.
    #[deserr(default)]
    pub counterpart: Option<CodeIn>,
    /// When it is due.
    #[deserr(default)]
    pub due_on: Option<Day>,
    /// What it is measured by, where it is.
    #[deserr(default)]
    pub target: Option<PledgeTarget>,
    /// What is to be done.
    #[deserr(default)]
    pub milestones: Option<Milestones>,
    /// What is known of it beyond its source.
    #[deserr(default)]
    pub basis: Option<Note>,
}

/// Where a promise was made.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PledgeSource {
    /// What it is called, such as that of a call or a press release.
    pub title: NameText,
    /// When the promise was made.
    pub date: Day,
    /// Where it can be read.
    #[deserr(default)]
    pub url: Option<UrlIn>,
}

/// What a pledge is measured by.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "metric": "disbursed", "scope": {"fund": "mobility-workers"}, "value": "10000000000",
    "starts_on": "2022-04-01"
}))]
pub struct PledgeTarget {
    /// What is followed.
    pub metric: MetricWire,
    /// Of what.
    pub scope: PledgeScope,
    /// What is to be reached.
    pub value: FigureIn,
    /// The day that the straight line begins on; that of the promise by default.
    #[deserr(default)]
    pub starts_on: Option<Day>,
    /// What the figure is held against on the way: as much each day by default; `plan` takes the
    /// plan of the fund, for what it disbursed.
    #[deserr(default)]
    pub path: Option<TargetPathWire>,
}

/// Of what a figure is asked: of everything where neither is named.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"fund": "mobility-workers"}))]
pub struct PledgeScope {
    /// One program.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// One fund with its children.
    #[deserr(default)]
    pub fund: Option<CodeIn>,
}

/// One thing to be done.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"title": "수도권 전 역 조사", "due_on": "2022-11-30"}))]
pub struct PledgeMilestone {
    /// What is to be done.
    pub title: NameText,
    /// When it is due.
    #[deserr(default)]
    pub due_on: Option<Day>,
}

impl NewPledge {
    /// The command that records it.
    #[must_use]
    pub fn into_command(self, now: DateTime<Utc>) -> MakePledge {
        let milestones = self.milestones.map(|items| items.0).unwrap_or_default();
        MakePledge {
            unique: unique(now),
            terms: PledgeTerms {
                title: self.title.0,
                statement: self.statement.0,
                owner: self.owner.map(|owner| owner.0),
                counterpart: self.counterpart.map(|code| code.0),
                basis: self.basis.map(|note| note.0),
            },
            source: Source {
                title: self.source.title.0,
                date: self.source.date.0,
                url: self.source.url.map(|url| url.0),
            },
            due_on: self.due_on.map(|day| day.0),
            target: self.target.map(PledgeTarget::into_target),
            milestones: milestones
                .into_iter()
                .map(|milestone| NewMilestone {
                    title: milestone.title.0,
                    due_on: milestone.due_on.map(|day| day.0),
                })
                .collect(),
        }
    }
}

impl PledgeTarget {
    fn into_target(self) -> NewTarget {
        let metric = self.metric.0;
        NewTarget {
            metric,
            program: self.scope.program.map(|code| code.0),
            fund: self.scope.fund.map(|code| code.0),
            value: self.value.counted_in(metric.unit()),
            starts_on: self.starts_on.map(|day| day.0),
            path: self.path.map_or(TargetPath::StraightLine, |path| path.0),
        }
    }
}

/// What of a pledge's words is to be changed.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PledgeChanges {
    /// What it is called.
    #[deserr(default)]
    #[schema(value_type = NameText, required = false)]
    pub title: Edit<NameText>,
    /// What was promised.
    #[deserr(default)]
    #[schema(value_type = Statement, required = false)]
    pub statement: Edit<Statement>,
    /// The department or role that answers for it; no personal details.
    #[deserr(default)]
    #[schema(value_type = Option<Label>)]
    pub owner: Change<Label>,
    /// The organisation that it was made to, or together with.
    #[deserr(default)]
    #[schema(value_type = Option<CodeIn>)]
    pub counterpart: Change<CodeIn>,
    /// What is known of it beyond its source.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub basis: Change<Note>,
}

impl PledgeChanges {
    /// The command that changes them.
    #[must_use]
    pub fn into_command(self, id: RecordId, expected_version: i32) -> EditPledge {
        let owner = self.owner.into_option();
        let counterpart = self.counterpart.into_option();
        let patch = TermsPatch {
            title: self.title.into_option().map(|title| title.0),
            statement: self.statement.into_option().map(|statement| statement.0),
            owner: owner.map(|owner| owner.map(|owner| owner.0)),
            counterpart: counterpart.map(|code| code.map(|code| code.0)),
            basis: self.basis.into_option().map(|note| note.map(|note| note.0)),
        };
        EditPledge {
            id,
            expected_version,
            patch,
        }
    }
}

/// The value date that a verb takes, and the verb.
pub trait IntoAct {
    /// What is to be done to a milestone, or to the pledge itself.
    fn into_act(self, milestone: Option<i32>) -> (Option<NaiveDate>, Act);
}

/// The command of a verb.
#[must_use]
pub fn advance(
    body: impl IntoAct,
    (id, milestone): (RecordId, Option<i32>),
    expected_version: Option<i32>,
) -> Advance {
    let (on, act) = body.into_act(milestone);
    Advance {
        id,
        expected_version,
        on,
        act,
    }
}

/// A milestone to be added.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"title": "현장 검증", "due_on": "2022-12-15"}))]
pub struct NewPledgeMilestone {
    /// What is to be done.
    pub title: NameText,
    /// When it is due.
    #[deserr(default)]
    pub due_on: Option<Day>,
    /// When it was promised; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
}

impl IntoAct for NewPledgeMilestone {
    fn into_act(self, _: Option<i32>) -> (Option<NaiveDate>, Act) {
        let act = Act::AddMilestone {
            title: self.title.0,
            due_on: self.due_on.map(|day| day.0),
        };
        (self.effective_on.map(|day| day.0), act)
    }
}

/// How far something has come.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"status": "partly_met", "reviewed_on": "2022-11-03", "note": "절반을 마침"}))]
pub struct NewPledgeReview {
    /// How far it has come.
    pub status: MilestoneStatusWire,
    /// When it was looked at; today by default. It counts from this day on.
    #[deserr(default)]
    pub reviewed_on: Option<Day>,
    /// When it was met, by the day of the review; that day by default.
    #[deserr(default)]
    pub met_on: Option<Day>,
    /// What was seen.
    #[deserr(default)]
    pub note: Option<Note>,
    /// Where it can be seen.
    #[deserr(default)]
    pub evidence_url: Option<UrlIn>,
}

impl IntoAct for NewPledgeReview {
    fn into_act(self, milestone: Option<i32>) -> (Option<NaiveDate>, Act) {
        let act = Act::Review {
            of: milestone,
            status: self.status.0,
            met_on: self.met_on.map(|day| day.0),
            note: self.note.map(|note| note.0),
            evidence_url: self.evidence_url.map(|url| url.0),
        };
        (self.reviewed_on.map(|day| day.0), act)
    }
}

/// Another due date.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"due_on": "2023-03-31", "reason": "역사 공사로 조사가 늦어짐"}))]
pub struct NewPledgeSlip {
    /// When it is due from now on.
    pub due_on: Day,
    /// Why.
    pub reason: Note,
    /// Since when the new date holds; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
}

impl IntoAct for NewPledgeSlip {
    fn into_act(self, milestone: Option<i32>) -> (Option<NaiveDate>, Act) {
        let act = Act::Reschedule {
            of: milestone,
            due_on: self.due_on.0,
            reason: self.reason.0,
        };
        (self.effective_on.map(|day| day.0), act)
    }
}

/// Who confirms a milestone.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"organisation": "hope-bridge", "reference": "공문 2022-118"}))]
pub struct NewPledgeConfirmation {
    /// The organisation.
    pub organisation: CodeIn,
    /// When it confirmed; today by default.
    #[deserr(default)]
    pub confirmed_on: Option<Day>,
    /// The letter or message that says so.
    #[deserr(default)]
    pub reference: Option<Label>,
}

impl NewPledgeConfirmation {
    /// The command that records it.
    #[must_use]
    pub fn into_command(
        self,
        (id, milestone): (RecordId, i32),
        expected_version: Option<i32>,
    ) -> Advance {
        Advance {
            id,
            expected_version,
            on: self.confirmed_on.map(|day| day.0),
            act: Act::Confirm {
                milestone,
                organisation: self.organisation.0,
                reference: self.reference.map(|label| label.0),
            },
        }
    }
}

/// Why a promise is taken back.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewPledgeWithdrawal {
    /// Why.
    pub reason: Note,
    /// Since when; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
}

impl IntoAct for NewPledgeWithdrawal {
    fn into_act(self, _: Option<i32>) -> (Option<NaiveDate>, Act) {
        let act = Act::Withdraw {
            reason: self.reason.0,
        };
        (self.effective_on.map(|day| day.0), act)
    }
}

/// Which pledges to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PledgeQuery {
    /// Only those that stand there today.
    #[deserr(default)]
    pub state: Option<PledgeStateWire>,
    /// Only those due on this day or later.
    #[deserr(default)]
    pub due_from: Option<Day>,
    /// Only those due on this day or before.
    #[deserr(default)]
    pub due_to: Option<Day>,
    /// Only those whose title, statement or owner contains this.
    #[deserr(default)]
    pub q: Option<Label>,
}

impl PledgeQuery {
    /// The filter that it asks for.
    #[must_use]
    pub fn into_filter(self) -> PledgeFilter {
        PledgeFilter {
            state: self.state.map(|choice| choice.0),
            due_from: self.due_from.map(|day| day.0),
            due_to: self.due_to.map(|day| day.0),
            q: self.q.map(|label| label.0),
        }
    }
}
