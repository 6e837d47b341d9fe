//! `POST /disbursements/batch-actions`: one verb on many disbursements.
//!
//! They are named one by one, or by what they have in common. Then, and wherever the caller wants
//! to be sure, it says how many it means and over how much: if the books say otherwise, nothing is
//! done. Each is acted on as it was read; what changed in between is refused.

use std::collections::BTreeSet;

use actix_web::{post, web};
use chrono::NaiveDate;
use deserr::Deserr;
use utoipa::ToSchema;

use crate::access::Right;
use crate::beneficiaries::merges::store::survivors;
use crate::beneficiaries::model::BeneficiaryId;
use crate::bounds::Bounds;
use crate::db::page::Page;
use crate::db::{Conn, DbError};
use crate::desk::batch::MAX_BATCH;
use crate::desk::{BatchMode, Many, Request};
use crate::disbursements::model::{Disbursement, Payee};
use crate::disbursements::store::{self, DisbursementFilter};
use crate::http::extract::{Body, Caller, Writing, rights};
use crate::http::lang::Lang;
use crate::http::problem::{Answered, ApiError};
use crate::http::respond;
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::v1::batches::{BatchView, ModeWire, RecordView, Sorted};
use crate::http::v1::funds::dto::{Label, Note};
use crate::http::wire::{Choice, CodeIn, Day, Each, Faults, RecordIdIn, Whole, WonIn};
use crate::ids::RecordId;
use crate::money::{Amount, Won};
use crate::payouts::advance::Advance;
use crate::payouts::lookups::RecordFilter;
use crate::payouts::model::{Payout, Status};
use crate::payouts::rules::Act;
use crate::refusal::{FieldFault, Refusal};
use crate::text_enum::text_enum;

/// Where it is.
const PATH: &str = "/v1/disbursements/batch-actions";
/// The same bound as a number of rows.
const MOST: i64 = 1_000;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes.service(act_on_disbursements);
}

text_enum! {
    /// What is to be done to each.
    Action {
        /// Approve it.
        Approve = "approve",
        /// Send it back.
        Reject = "reject",
        /// Book its payment.
        Pay = "pay",
        /// Cancel what is not paid of it.
        Cancel = "cancel",
    }
}

/// What is to be done to each.
pub type ActionWire = Choice<Action>;
/// Disbursements, named one by one.
pub type Named = Each<ActionItem, MAX_BATCH>;
/// How many.
pub type HowMany = Whole<1, MOST>;
/// How many people.
pub type HowManyPeople = Whole<0, 1_000_000_000_000>;
/// A version that was read.
pub type ReadVersion = Whole<1, 2_147_483_647>;

/// One verb on many disbursements.
#[derive(Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "action": "approve", "filter": {"program": "sosin-merchants", "round": "1"},
    "declared": {"count": 2, "amount": "600000", "people": 2}
}))]
pub struct NewActions {
    /// What is to be done to each.
    pub action: ActionWire,
    /// What happens when one is refused: nothing is done, unless it says `continue`.
    #[deserr(default)]
    pub mode: Option<ModeWire>,
    /// When; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
    /// Why; needed to reject and to cancel.
    #[deserr(default)]
    pub reason: Option<Note>,
    /// The disbursements, named one by one; or else `filter`.
    #[deserr(default)]
    pub items: Option<Named>,
    /// All that can be acted on in this way, by what they have in common.
    #[deserr(default)]
    pub filter: Option<ActionFilter>,
    /// How many are meant, and over how much; needed with `filter`.
    #[deserr(default)]
    pub declared: Option<Declared>,
}

/// One disbursement to act on.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ActionItem {
    /// Its id.
    pub id: RecordIdIn,
    /// The version that was read; as it stands by default.
    #[deserr(default)]
    pub version: Option<ReadVersion>,
    /// How much is paid; all that awaits payment by default.
    #[deserr(default)]
    pub amount: Option<WonIn>,
    /// The bank's reference of the payment.
    #[deserr(default)]
    pub bank_reference: Option<Label>,
}

/// What disbursements have in common.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ActionFilter {
    /// The program.
    pub program: CodeIn,
    /// The fund.
    #[deserr(default)]
    pub fund: Option<CodeIn>,
    /// The wave of the program.
    #[deserr(default)]
    pub round: Option<Label>,
    /// Submitted from this day on.
    #[deserr(default)]
    pub from: Option<Day>,
    /// Submitted up to this day.
    #[deserr(default)]
    pub to: Option<Day>,
}

/// Control totals: what the caller believes the batch to be.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Declared {
    /// How many disbursements.
    pub count: HowMany,
    /// Over how much in all: what is asked for, or what is paid or cancelled of it.
    pub amount: WonIn,
    /// How many people: each beneficiary once, those that are merged as one, and all of a counted
    /// group. Compared where it is told.
    #[deserr(default)]
    pub people: Option<HowManyPeople>,
}

/// Acts on up to 1,000 disbursements at once.
///
/// On all of them or none; with `continue` on those that are not refused. What one may not do to a
/// record alone, one may not do to it in a batch.
#[utoipa::path(
    tag = "disbursements",
    request_body = NewActions,
    responses((status = 200, description = "What became of each.", body = BatchView)),
)]
#[post("/disbursements/batch-actions")]
pub async fn act_on_disbursements(
    caller: Caller<rights::ApproveOrPay>,
    writing: Writing,
    lang: Lang,
    body: Body<NewActions>,
    state: web::Data<State>,
) -> Answered {
    let mut asked = body.value;
    caller.must(asked.action.0.right())?;
    asked.check()?;
    let request = writing.request(&caller, &body.digest, ());
    if let Some(answer) = state.answered_before(request.once.as_ref()).await? {
        return Ok(respond::answer(answer));
    }
    let mode = asked.mode.map_or(BatchMode::Atomic, |mode| mode.0);
    let items = asked.items.take().unwrap_or_else(|| Each(Vec::new()));
    let mut sorted = Sorted::of(items, mode)?;
    let commands = asked.commands(&state, sorted.take()).await?;
    sorted.number(commands.len());
    let request = Request {
        command: Many { commands, mode },
        who: request.who,
        once: request.once,
        dry_run: request.dry_run,
    };
    sorted
        .record(&state, request, (lang, PATH), |record| {
            RecordView::of(&record.payout)
        })
        .await
}

impl Action {
    /// The right that it needs.
    fn right(self) -> Right {
        match self {
            Self::Approve | Self::Reject | Self::Cancel => Right::Approve,
            Self::Pay => Right::Pay,
        }
    }

    /// The states in which a record can be acted on in this way.
    fn states(self) -> &'static [Status] {
        match self {
            Self::Approve | Self::Reject => &[Status::Submitted],
            Self::Pay | Self::Cancel => &[Status::Approved, Status::PartlyPaid],
        }
    }

    /// How much of a record it is about.
    fn amount(self, payout: &Payout) -> Option<Won> {
        match self {
            Self::Approve | Self::Reject => Some(payout.amount.won()),
            Self::Pay | Self::Cancel => payout
                .amounts
                .approved
                .checked_sub(payout.amounts.paid)
                .ok(),
        }
    }
}

impl NewActions {
    /// Makes sure that it says what its action needs, and nothing that has no meaning there.
    fn check(&self) -> Result<(), Refusal> {
        let mut faults = Vec::new();
        let mut wrong = |field: &str, code| faults.push(FieldFault::new(field, code));
        match (&self.items, &self.filter) {
            (None, None) => wrong("/items", "missing"),
            (Some(_), Some(_)) => wrong("/filter", "items_or_filter"),
            (None, Some(_)) if self.declared.is_none() => wrong("/declared", "missing"),
            _ => {}
        }
        let needs_reason = matches!(self.action.0, Action::Reject | Action::Cancel);
        match &self.reason {
            None if needs_reason => wrong("/reason", "missing"),
            Some(_) if !needs_reason => wrong("/reason", "not_of_this_action"),
            _ => {}
        }
        if self.action.0 != Action::Pay {
            let items = self
                .items
                .iter()
                .flat_map(|items| items.0.iter().enumerate());
            for (place, item) in items {
                let item = item.as_ref().ok();
                if item.is_some_and(|item| item.amount.is_some()) {
                    wrong(&format!("/items/{place}/amount"), "not_of_this_action");
                }
                if item.is_some_and(|item| item.bank_reference.is_some()) {
                    let field = format!("/items/{place}/bank_reference");
                    wrong(&field, "not_of_this_action");
                }
            }
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Fields(faults))
        }
    }

    /// The commands, after the books were asked how many they are and over how much.
    async fn commands(
        self,
        state: &State,
        items: Vec<ActionItem>,
    ) -> Result<Vec<Advance<Disbursement>>, ApiError> {
        let (action, on) = (self.action.0, self.effective_on.map(|day| day.0));
        let meant = match self.filter {
            Some(filter) => {
                let filter = filter.into_filter();
                let found = state
                    .read(move |conn| matching(conn, &filter, action.states()))
                    .await?;
                meant_by(found)?
            }
            None if self.declared.is_some() => {
                let ids: Vec<RecordId> = items.iter().map(|item| item.id.0.clone()).collect();
                let found = state
                    .read(move |conn| store::get_all(conn, &Bounds::none(), &ids))
                    .await?;
                meant_one_by_one(items, found)?
            }
            None => items.into_iter().map(Meant::unread).collect(),
        };
        if let Some(declared) = &self.declared {
            declared.must_agree(action, &meant)?;
            declared.people_must_agree(state, &meant).await?;
        }
        let reason = self.reason.map(|note| note.0).unwrap_or_default();
        let commands = meant
            .into_iter()
            .map(|one| one.command(action, &reason, on));
        Ok(commands.collect())
    }
}

/// A disbursement that is meant.
struct Meant {
    id: RecordId,
    version: Option<i32>,
    amount: Option<Amount>,
    bank_reference: Option<String>,
    read: Option<Disbursement>,
}

impl Meant {
    fn unread(item: ActionItem) -> Self {
        Self {
            id: item.id.0,
            version: item
                .version
                .and_then(|version| i32::try_from(version.0).ok()),
            amount: item.amount.map(|won| won.0),
            bank_reference: item.bank_reference.map(|label| label.0),
            read: None,
        }
    }

    /// Acted on as it was read, where the caller did not say what it read.
    fn bound_to(self, read: Disbursement) -> Self {
        Self {
            version: self.version.or(Some(read.payout.version)),
            read: Some(read),
            ..self
        }
    }

    fn command(self, action: Action, reason: &str, on: Option<NaiveDate>) -> Advance<Disbursement> {
        let reason = reason.to_owned();
        let act = match action {
            Action::Approve => Act::Approve,
            Action::Reject => Act::Reject { reason },
            Action::Cancel => Act::Cancel { reason },
            Action::Pay => Act::Pay {
                amount: self.amount,
                bank_reference: self.bank_reference,
            },
        };
        Advance::new(self.id, act, on, self.version)
    }
}

/// What is meant by a filter: all that it finds, if that is not too much.
fn meant_by(found: Vec<Disbursement>) -> Result<Vec<Meant>, Refusal> {
    if found.len() > MAX_BATCH {
        return Err(Refusal::rule("batch_too_large").with("most", MAX_BATCH));
    }
    let meant = found.into_iter().map(|read| {
        let id = read.payout.id.clone();
        Meant {
            id,
            version: None,
            amount: None,
            bank_reference: None,
            read: None,
        }
        .bound_to(read)
    });
    Ok(meant.collect())
}

/// What is meant where records are named; each has to be there to be counted.
fn meant_one_by_one(
    items: Vec<ActionItem>,
    found: Vec<Disbursement>,
) -> Result<Vec<Meant>, Refusal> {
    let read = |(place, item): (usize, ActionItem)| {
        let read = found.iter().find(|read| read.payout.id == item.id.0);
        match read {
            Some(read) => Ok(Meant::unread(item).bound_to(read.clone())),
            None => Err(FieldFault::new(
                format!("/items/{place}/id"),
                "unknown_record",
            )),
        }
    };
    let (mut meant, mut faults) = (Vec::new(), Vec::new());
    for item in items.into_iter().enumerate().map(read) {
        match item {
            Ok(one) => meant.push(one),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() {
        Ok(meant)
    } else {
        Err(Refusal::Fields(faults))
    }
}

impl Declared {
    /// Compares what was declared with what was read.
    fn must_agree(&self, action: Action, meant: &[Meant]) -> Result<(), Refusal> {
        let amount = |one: &Meant| match (one.amount, &one.read) {
            (Some(amount), _) => Some(amount.won()),
            (None, Some(read)) => action.amount(&read.payout),
            (None, None) => None,
        };
        let total = meant
            .iter()
            .try_fold(Won::ZERO, |sum, one| sum.checked_add(amount(one)?).ok());
        let count = i64::try_from(meant.len()).ok();
        if total == Some(self.amount.0.won()) && count == Some(self.count.0) {
            return Ok(());
        }
        Err(Refusal::rule("declared_differs")
            .with("declared_count", self.count.0)
            .with("declared_amount", self.amount.0)
            .with("count", meant.len())
            .with("amount", total.unwrap_or_default()))
    }
}

impl Declared {
    /// Compares the people that were declared with those of what was read.
    async fn people_must_agree(&self, state: &State, meant: &[Meant]) -> Result<(), ApiError> {
        let Some(declared) = &self.people else {
            return Ok(());
        };
        let read = meant.iter().filter_map(|one| one.read.as_ref());
        let payees: Vec<Payee> = read.map(|read| read.payee.clone()).collect();
        let people = state.read(move |conn| people_of(conn, &payees)).await?;
        if people == declared.0 {
            return Ok(());
        }
        let refusal = Refusal::rule("declared_people_differ")
            .with("declared_people", declared.0)
            .with("people", people);
        Err(refusal.into())
    }
}

/// How many people these are: each one once, under whoever they count, and all of each group.
fn people_of(conn: &mut Conn, payees: &[Payee]) -> Result<i64, DbError> {
    let ids = payees.iter().filter_map(|payee| payee.beneficiary.clone());
    let ids: BTreeSet<BeneficiaryId> = ids.collect();
    let ids: Vec<BeneficiaryId> = ids.into_iter().collect();
    let under = survivors(conn, &ids)?;
    let people: BTreeSet<&BeneficiaryId> =
        ids.iter().map(|id| under.get(id).unwrap_or(id)).collect();
    let named = i64::try_from(people.len()).unwrap_or(i64::MAX);
    let counted = payees.iter().filter_map(|payee| payee.count);
    Ok(counted.fold(named, i64::saturating_add))
}

impl ActionFilter {
    fn into_filter(self) -> DisbursementFilter {
        DisbursementFilter {
            records: RecordFilter {
                program: Some(self.program.0),
                from: self.from.map(|day| day.0),
                to: self.to.map(|day| day.0),
                ..RecordFilter::default()
            },
            fund: self.fund.map(|code| code.0),
            round: self.round.map(|label| label.0),
            ..DisbursementFilter::default()
        }
    }
}

/// Up to one more than a batch holds of those that match and stand in one of these states.
fn matching(
    conn: &mut Conn,
    filter: &DisbursementFilter,
    states: &[Status],
) -> Result<Vec<Disbursement>, DbError> {
    let page = Page {
        after: None,
        limit: MOST.saturating_add(1),
    };
    let mut found = Vec::new();
    for status in states {
        let filter = DisbursementFilter {
            status: Some(*status),
            ..filter.clone()
        };
        found.extend(store::list(conn, &Bounds::none(), &filter, &page)?);
    }
    found.sort_by(|a: &Disbursement, b| a.payout.id.cmp(&b.payout.id));
    Ok(found)
}
