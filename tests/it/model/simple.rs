//! The simplest books that could be right: lists of what happened, added up anew for each question.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::wanted::{Act, Budget, BudgetKind, Change, Do, Submission};

/// The root fund.
pub const ROOT: &str = "root";
/// Its child.
pub const CHILD: &str = "child";
/// Both funds.
pub const FUNDS: [&str; 2] = [ROOT, CHILD];
/// People that there are.
pub const PEOPLE: usize = 5;

/// A program: its code, its funds, and what it asks for.
pub struct Program {
    pub code: &'static str,
    pub funds: &'static [&'static str],
    pub four_eyes: bool,
    pub once_a_round: bool,
}

const fn program(
    code: &'static str,
    funds: &'static [&'static str],
    four_eyes: bool,
    once_a_round: bool,
) -> Program {
    Program {
        code,
        funds,
        four_eyes,
        once_a_round,
    }
}

/// The programs; the last one pays outside any fund.
pub const PROGRAMS: [Program; 4] = [
    program("both", &[ROOT, CHILD], true, false),
    program("rounds", &[ROOT], true, true),
    program("quick", &[CHILD], false, false),
    program("free", &[], true, false),
];

/// The funds that are `fund` or part of it.
pub fn family(fund: &str) -> &'static [&'static str] {
    if fund == ROOT {
        &[ROOT, CHILD]
    } else {
        &[CHILD]
    }
}

/// A budget line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    pub fund: Option<&'static str>,
    pub program: &'static str,
    pub year: Option<i32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    Unallocated(&'static str),
    Available(Line),
    Awaiting(Line),
    Spent(Line),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Budget,
    Approve,
    Cancel,
    Pay,
    Return,
    Refund,
}

#[derive(Debug, Clone, Copy)]
struct Move {
    on: NaiveDate,
    what: What,
    in_kind: bool,
    from: Place,
    to: Place,
    amount: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Submitted,
    Rejected,
    Withdrawn,
    Decided,
}

/// A disbursement.
#[derive(Debug, Clone)]
pub struct Record {
    pub line: Line,
    pub amount: i64,
    pub approved: i64,
    pub paid: i64,
    pub returned: i64,
    pub refunded: i64,
    pub version: i32,
    person: Option<usize>,
    round: Option<u8>,
    external: Option<u8>,
    pub in_kind: bool,
    stage: Stage,
    /// Who recorded or changed it; the first one recorded it.
    makers: Vec<&'static str>,
    approver: Option<&'static str>,
    last_on: NaiveDate,
    /// What waited for a decision, and no longer does.
    waited: Vec<(NaiveDate, i64)>,
    /// What was approved, and taken back for good.
    given: Vec<(NaiveDate, i64)>,
}

impl Record {
    /// Where it stands.
    pub fn status(&self) -> &'static str {
        match self.stage {
            Stage::Submitted => "submitted",
            Stage::Rejected => "rejected",
            Stage::Withdrawn => "withdrawn",
            Stage::Decided if self.approved == 0 => "cancelled",
            Stage::Decided if self.refunded == self.approved => "refunded",
            Stage::Decided if self.refunded > 0 => "partly_refunded",
            Stage::Decided if self.paid == self.approved => "paid",
            Stage::Decided if self.paid > 0 => "partly_paid",
            Stage::Decided => "approved",
        }
    }

    fn is_live(&self) -> bool {
        !["rejected", "withdrawn", "cancelled"].contains(&self.status())
    }

    fn given_by(&self, day: NaiveDate) -> i64 {
        sum(&self.given, day)
    }
}

fn sum(entries: &[(NaiveDate, i64)], until: NaiveDate) -> i64 {
    entries
        .iter()
        .filter(|(on, _)| *on <= until)
        .map(|(_, amount)| amount)
        .sum()
}

/// The figures of a fund or a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    pub committed: i64,
    pub unallocated: i64,
    pub allocated: i64,
    pub submitted: i64,
    pub available: i64,
    pub awaiting: i64,
    pub paid: i64,
    pub refunded: i64,
    pub disbursed: i64,
    pub cash: i64,
    pub in_kind: i64,
    pub remaining: i64,
}

/// The books.
#[derive(Debug, Clone)]
pub struct Model {
    pub today: NaiveDate,
    /// The records by the number that they were submitted under.
    pub records: BTreeMap<usize, Record>,
    moves: Vec<Move>,
}

impl Model {
    /// Books with nothing in them.
    pub fn on(today: NaiveDate) -> Self {
        Self {
            today,
            records: BTreeMap::new(),
            moves: Vec::new(),
        }
    }

    /// The day so many days ago.
    pub fn day(&self, back: i64) -> NaiveDate {
        let days = Days::new(back.unsigned_abs());
        if back < 0 {
            self.today + days
        } else {
            self.today - days
        }
    }

    /// Does it, or says that it may not be done.
    pub fn apply(&mut self, wanted: &Do) -> bool {
        match wanted {
            Do::Commit {
                fund,
                raise,
                amount,
                back,
            } => self.commit(fund, *raise, *amount, *back),
            Do::Budget(budget) => self.budget(budget),
            Do::Submit(submission) => self.submit(submission),
            Do::Act {
                record,
                actor,
                act,
                back,
            } => self.act(*record, actor, *act, *back),
            Do::Change(change) => self.change(change),
        }
    }

    /// Whether it may be done.
    pub fn allows(&self, wanted: &Do) -> bool {
        self.clone().apply(wanted)
    }

    fn balance(&self, place: Place, until: NaiveDate) -> i64 {
        self.total(until, |m| {
            i64::from(m.to == place) - i64::from(m.from == place)
        })
    }

    fn total(&self, until: NaiveDate, sign: impl Fn(&Move) -> i64) -> i64 {
        let moves = self.moves.iter().filter(|m| m.on <= until);
        moves.map(|m| sign(m) * m.amount).sum()
    }

    /// Moves money where there is enough of it now, whatever the day.
    fn take(&mut self, moved: Move) -> bool {
        let enough = moved.from == Place::Outside
            || self.balance(moved.from, NaiveDate::MAX) >= moved.amount;
        if enough {
            self.moves.push(moved);
        }
        enough
    }

    fn commit(&mut self, fund: &'static str, raise: bool, amount: i64, back: i64) -> bool {
        let on = self.day(back);
        let source = if fund == ROOT {
            Place::Outside
        } else {
            Place::Unallocated(ROOT)
        };
        let own = Place::Unallocated(fund);
        let (from, to) = if raise { (source, own) } else { (own, source) };
        let what = What::Budget;
        on <= self.today
            && self.take(Move {
                on,
                what,
                in_kind: false,
                from,
                to,
                amount,
            })
    }

    fn budget(&mut self, wanted: &Budget) -> bool {
        let program = &PROGRAMS[wanted.program];
        let (on, year) = (self.day(wanted.back), wanted.year);
        let line = |year| Line {
            fund: Some(wanted.fund),
            program: program.code,
            year,
        };
        let (own, line_to) = (Place::Unallocated(wanted.fund), line(wanted.to_year));
        let available = Place::Available(line(year));
        let (from, to) = match wanted.kind {
            BudgetKind::Allocate => (own, available),
            BudgetKind::Release | BudgetKind::Lapse => (available, own),
            BudgetKind::CarryOver => (available, Place::Available(line_to)),
        };
        let years_fit = match wanted.kind {
            BudgetKind::Allocate | BudgetKind::Release => wanted.to_year.is_none(),
            BudgetKind::Lapse => year.is_some() && wanted.to_year.is_none(),
            BudgetKind::CarryOver => {
                year.is_some() && wanted.to_year.is_some() && wanted.to_year != year
            }
        };
        let (what, amount) = (What::Budget, wanted.amount);
        program.funds.contains(&wanted.fund)
            && years_fit
            && on <= self.today
            && self.take(Move {
                on,
                what,
                in_kind: false,
                from,
                to,
                amount,
            })
    }

    fn submit(&mut self, new: &Submission) -> bool {
        let program = &PROGRAMS[new.program];
        let fund = match (new.fund, program.funds) {
            (Some(named), funds) if funds.contains(&named) => Some(named),
            (None, [only]) => Some(*only),
            (None, []) => None,
            _ => return false,
        };
        let planned_on = self.day(new.planned_back);
        let on = new
            .back
            .map_or(planned_on.min(self.today), |back| self.day(back));
        let allowed = on <= self.today
            && (fund.is_some() || new.year.is_none())
            && self.is_free(None, program, (new.person, new.round), new.external);
        if !allowed {
            return false;
        }
        let record = Record {
            line: self.line(fund, program.code, new.year, planned_on),
            amount: new.amount,
            approved: 0,
            paid: 0,
            returned: 0,
            refunded: 0,
            version: 1,
            person: new.person,
            round: new.round,
            external: new.external,
            in_kind: new.in_kind,
            stage: Stage::Submitted,
            makers: vec![new.actor],
            approver: None,
            last_on: on,
            waited: vec![(on, new.amount)],
            given: Vec::new(),
        };
        self.records.insert(new.number, record);
        let at_once = planned_on.min(self.today).max(on);
        let kept = program.four_eyes || self.approve(new.number, at_once);
        if !kept {
            self.records.remove(&new.number);
        }
        kept
    }

    /// The line asked for, else that of the planned year where it was ever used, else the undated.
    fn line(
        &self,
        fund: Option<&'static str>,
        program: &'static str,
        year: Option<i32>,
        planned_on: NaiveDate,
    ) -> Line {
        let of = |year| Line {
            fund,
            program,
            year,
        };
        let planned = of(Some(chrono::Datelike::year(&planned_on)));
        let place = Place::Available(planned);
        let was_used = self.moves.iter().any(|m| m.from == place || m.to == place);
        match year {
            Some(_) => of(year),
            None if was_used => planned,
            None => of(None),
        }
    }

    /// Whether no other live record stands in the way.
    fn is_free(
        &self,
        own: Option<usize>,
        program: &Program,
        (person, round): (Option<usize>, Option<u8>),
        external: Option<u8>,
    ) -> bool {
        let others = || {
            let all = self.records.iter();
            all.filter(|(number, record)| Some(**number) != own && record.is_live())
                .filter(|(_, record)| record.line.program == program.code)
        };
        let paid_already = || others().any(|(_, r)| r.person == person && r.round == round);
        let round_fits =
            !program.once_a_round || round.is_some() && (person.is_none() || !paid_already());
        round_fits && (external.is_none() || !others().any(|(_, r)| r.external == external))
    }

    fn approve(&mut self, index: usize, on: NaiveDate) -> bool {
        let amount = self.records[&index].amount;
        let taken = self.pass(index, What::Approve, amount, on);
        if taken {
            let record = self.records.get_mut(&index).unwrap();
            record.stage = Stage::Decided;
            record.approved = amount;
            record.waited.push((on, -amount));
        }
        taken
    }

    /// Moves money of a record on, and what its person was given with it.
    fn pass(&mut self, index: usize, what: What, amount: i64, on: NaiveDate) -> bool {
        let Record { line, in_kind, .. } = self.records[&index];
        let source = match line.fund {
            Some(_) => Place::Available(line),
            None => Place::Outside,
        };
        let (awaiting, spent) = (Place::Awaiting(line), Place::Spent(line));
        let (from, to, given) = match what {
            What::Approve => (source, awaiting, amount),
            What::Cancel => (awaiting, source, -amount),
            What::Pay => (awaiting, spent, 0),
            What::Return => (spent, awaiting, 0),
            What::Refund => (spent, source, -amount),
            What::Budget => return false,
        };
        let taken = self.take(Move {
            on,
            what,
            in_kind,
            from,
            to,
            amount,
        });
        if taken {
            let record = self.records.get_mut(&index).unwrap();
            record.given.push((on, given));
            record.last_on = on;
        }
        taken
    }

    fn act(&mut self, index: usize, actor: &'static str, act: Act, back: Option<i64>) -> bool {
        let on = self.day(back.unwrap_or(0));
        let Some(record) = self.records.get(&index) else {
            return false;
        };
        let may = match act {
            Act::Withdraw => record.makers[0] == actor,
            Act::Pay(_) | Act::Return(_) | Act::Refund(_) if record.approver == Some(actor) => {
                false
            }
            _ => !record.makers.contains(&actor),
        };
        if !may || on > self.today || on < record.last_on {
            return false;
        }
        let done = match act {
            Act::Approve => record.stage == Stage::Submitted && self.approve(index, on),
            Act::Reject => self.decline(index, Stage::Rejected, on),
            Act::Withdraw => self.decline(index, Stage::Withdrawn, on),
            Act::Cancel | Act::Pay(_) | Act::Return(_) | Act::Refund(_) => {
                self.settle(index, act, on)
            }
        };
        let record = self.records.get_mut(&index).unwrap();
        record.version += i32::from(done);
        if done && act == Act::Approve {
            record.approver = Some(actor);
        }
        done
    }

    fn decline(&mut self, index: usize, to: Stage, on: NaiveDate) -> bool {
        let record = self.records.get_mut(&index).unwrap();
        let waits = record.stage == Stage::Submitted;
        let was_declined = record.stage == Stage::Rejected && to == Stage::Withdrawn;
        if waits {
            record.waited.push((on, -record.amount));
        }
        if waits || was_declined {
            record.stage = to;
            record.last_on = on;
        }
        waits || was_declined
    }

    /// What moves approved money: all that there is of it, or the part that was asked for.
    fn settle(&mut self, index: usize, act: Act, on: NaiveDate) -> bool {
        let record = &self.records[&index];
        let (awaiting, kept) = (record.approved - record.paid, record.paid - record.refunded);
        let (what, asked, whole) = match act {
            Act::Cancel => (What::Cancel, None, awaiting),
            Act::Pay(asked) => (What::Pay, asked, awaiting),
            Act::Return(asked) => (What::Return, asked, kept),
            Act::Refund(asked) => (What::Refund, asked, kept),
            _ => return false,
        };
        let amount = asked.unwrap_or(whole);
        if whole == 0 || amount > whole || !self.pass(index, what, amount, on) {
            return false;
        }
        let record = self.records.get_mut(&index).unwrap();
        match what {
            What::Cancel => record.approved -= amount,
            What::Pay => record.paid += amount,
            What::Return => {
                record.paid -= amount;
                record.returned += amount;
            }
            _ => record.refunded += amount,
        }
        true
    }

    fn change(&mut self, wanted: &Change) -> bool {
        let index = wanted.record;
        let Some(record) = self.records.get(&index) else {
            return false;
        };
        let asked_on = self.day(wanted.back.unwrap_or(0));
        let on = if wanted.resubmit {
            asked_on
        } else {
            record.last_on
        };
        let stage = if wanted.resubmit {
            Stage::Rejected
        } else {
            Stage::Submitted
        };
        let program = PROGRAMS
            .iter()
            .find(|p| p.code == record.line.program)
            .unwrap();
        let round = wanted.round.unwrap_or(record.round);
        let external = wanted.external.unwrap_or(record.external);
        let allowed = (wanted.resubmit || wanted.version == record.version)
            && record.stage == stage
            && on >= record.last_on
            && on <= self.today
            && self.is_free(Some(index), program, (record.person, round), external);
        if allowed {
            let record = self.records.get_mut(&index).unwrap();
            if !wanted.resubmit {
                record.waited.push((on, -record.amount));
            }
            record.amount = wanted.amount.unwrap_or(record.amount);
            record.waited.push((on, record.amount));
            (record.round, record.external) = (round, external);
            (record.stage, record.last_on) = (Stage::Submitted, on);
            record.makers.push(wanted.actor);
            record.version += 1;
        }
        allowed
    }

    /// The figures on a day of these funds' unallocated money and of the lines that are kept.
    pub fn figures(
        &self,
        until: NaiveDate,
        funds: &[&'static str],
        keep: impl Fn(&Line) -> bool,
    ) -> Figures {
        let lies = |place: &Place, sort: fn(Line) -> Place| match place {
            Place::Available(line) | Place::Awaiting(line) | Place::Spent(line) => {
                i64::from(keep(line) && *place == sort(*line))
            }
            _ => 0,
        };
        let in_all = |sort| self.total(until, |m| lies(&m.to, sort) - lies(&m.from, sort));
        let moved = |what, in_kind: &[bool]| {
            self.total(until, |m| {
                let wanted = m.what == what && in_kind.contains(&m.in_kind);
                let of_line = lies(&m.to, Place::Spent) + lies(&m.from, Place::Spent);
                i64::from(wanted) * of_line
            })
        };
        let gone = |form: &[bool]| {
            moved(What::Pay, form) - moved(What::Return, form) - moved(What::Refund, form)
        };
        let unallocated = funds
            .iter()
            .map(|f| self.balance(Place::Unallocated(f), until))
            .sum();
        let (available, awaiting) = (in_all(Place::Available), in_all(Place::Awaiting));
        let disbursed = gone(&[true, false]);
        assert_eq!(
            disbursed,
            in_all(Place::Spent),
            "the model contradicts itself"
        );
        let allocated = available + awaiting + disbursed;
        let submitted = self.records.values().filter(|r| keep(&r.line));
        Figures {
            committed: unallocated + allocated,
            unallocated,
            allocated,
            submitted: submitted.map(|r| sum(&r.waited, until)).sum(),
            available,
            awaiting,
            paid: moved(What::Pay, &[true, false]) - moved(What::Return, &[true, false]),
            refunded: moved(What::Refund, &[true, false]),
            disbursed,
            cash: gone(&[false]),
            in_kind: gone(&[true]),
            remaining: unallocated + available,
        }
    }

    /// Payments of a program that something was given by on a day.
    pub fn payments(&self, program: &str, until: NaiveDate) -> i64 {
        let records = self.records.values().filter(|r| r.line.program == program);
        i64::try_from(records.filter(|r| r.given_by(until) > 0).count()).unwrap()
    }

    /// People whom these records gave something by a day.
    pub fn distinct(&self, until: NaiveDate, keep: impl Fn(&Line) -> bool) -> i64 {
        let given = |person| -> i64 {
            let records = self.records.values().filter(|r| r.person == Some(person));
            records
                .filter(|r| keep(&r.line))
                .map(|r| r.given_by(until))
                .sum()
        };
        i64::try_from((0..PEOPLE).filter(|person| given(*person) > 0).count()).unwrap()
    }
}
