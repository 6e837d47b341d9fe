use super::*;
use crate::code::Code;
use crate::ledger::{Account, Bucket, Head, Journal, Line, NewEvent, Who};

/// Something that was done to rows that were in order.
type Spoil = fn(&mut Rows);

/// A book as its rows.
struct Rows {
    head: BookRow,
    accounts: Vec<AccountRow>,
    events: Vec<EventRow>,
    transfers: Vec<TransferRow>,
    sums: Vec<(Span, SumRow)>,
}

fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2022, 8, n).unwrap()
}

/// A fund that was promised 100, set 60 aside and took 10 back, the last on an earlier day.
fn sound() -> Rows {
    let fund = Code::parse("fund").unwrap();
    let line = Line {
        fund: Some(fund.clone()),
        program: Some(Code::parse("program").unwrap()),
        fiscal_year: Some(2022),
    };
    let (outside, unallocated, available) = (
        Line::outside().bucket(Bucket::Outside),
        Line::of_fund(&fund).bucket(Bucket::Unallocated),
        line.bucket(Bucket::Available),
    );
    let mut journal = Journal::new(Head {
        book: 2,
        key: "fund:fund".to_owned(),
        fresh: true,
        sequence: 0,
        recorded_at: DateTime::UNIX_EPOCH,
        accounts: 0,
        frontier: Frontier::default(),
    });
    for key in [&outside, &unallocated, &available] {
        journal.put_in_hand(Account::fresh(key.clone(), *key != outside));
    }
    let who = Who::of_house("manager", "request");
    let moves = [
        (TransferKind::Commit, &outside, &unallocated, 100, 5),
        (TransferKind::Allocate, &unallocated, &available, 60, 7),
        (TransferKind::Release, &available, &unallocated, 10, 6),
    ];
    for (kind, debit, credit, amount, on) in moves {
        let event = NewEvent {
            kind: "fund.changed",
            subject: "fund:fund".to_owned(),
            effective_on: day(on),
            command: "{}".to_owned(),
        };
        let transfer = Transfer {
            kind,
            form: Form::None,
            debit: debit.clone(),
            credit: credit.clone(),
            amount: Amount::new(amount).unwrap(),
            effective_on: day(on),
            reverses: None,
        };
        journal
            .record(event, vec![transfer], &who, DateTime::UNIX_EPOCH)
            .unwrap();
    }
    rows(&journal)
}

fn rows(journal: &Journal) -> Rows {
    let head = journal.head();
    Rows {
        head: BookRow {
            book: head.book,
            key: head.key.clone(),
            sequence: head.sequence,
            recorded_at: head.recorded_at.naive_utc(),
            accounts: head.accounts,
            frontier: head.frontier.stored(),
        },
        accounts: journal.touched().map(account_row).collect(),
        events: journal
            .events
            .iter()
            .map(|(event, leaf)| event_row(event, leaf))
            .collect(),
        transfers: journal.transfers.iter().map(transfer_row).collect(),
        sums: journal
            .sums
            .iter()
            .map(|(key, sum)| {
                let row = SumRow {
                    account: key.account,
                    kind: key.kind.to_string(),
                    form: key.form.to_string(),
                    starts_on: key.starts_on,
                    debit: sum.debit.get(),
                    credit: sum.credit.get(),
                };
                (key.span, row)
            })
            .collect(),
    }
}

fn account_row(account: &Account) -> AccountRow {
    let line = &account.key.line;
    AccountRow {
        account: account.number.unwrap(),
        fund: crate::code::or_empty(line.fund.as_ref()).to_owned(),
        program: crate::code::or_empty(line.program.as_ref()).to_owned(),
        fiscal_year: line.fiscal_year.unwrap_or(0),
        bucket: account.key.bucket.to_string(),
        limited: account.limited,
        balance: account.balance.get(),
        last_on: account.last_on,
        backdated: account.backdated,
    }
}

fn event_row(event: &crate::ledger::Event, leaf: &Hash) -> EventRow {
    EventRow {
        book: event.book,
        sequence: event.sequence,
        kind: event.kind.clone(),
        subject: event.subject.clone(),
        actor: event.actor.clone(),
        request_id: event.request_id.clone(),
        effective_on: event.effective_on,
        recorded_at: event.recorded_at.naive_utc(),
        command: event.command.clone(),
        leaf: leaf.to_vec(),
    }
}

fn transfer_row(posted: &super::super::journal::Posted) -> TransferRow {
    let on = posted.transfer.effective_on;
    TransferRow {
        sequence: posted.sequence,
        part: posted.part,
        kind: posted.transfer.kind.to_string(),
        form: posted.transfer.form.to_string(),
        debit: posted.debit,
        credit: posted.credit,
        amount: posted.transfer.amount.get(),
        effective_on: on,
        year: on.year(),
        month: i32::try_from(on.month()).unwrap(),
        reverses: posted.transfer.reverses,
    }
}

/// The codes of what an audit of these rows finds, read in pages of one event.
fn found(rows: Rows) -> Vec<&'static str> {
    let mut findings = Findings::default();
    let mut walk = Walk::new(rows.head, rows.accounts);
    for event in rows.events.chunks(1) {
        let parts = rows
            .transfers
            .iter()
            .filter(|part| part.sequence == event[0].sequence);
        walk.page(event, &parts.cloned().collect::<Vec<_>>(), &mut findings);
    }
    for span in Span::ALL {
        let stored = rows.sums.iter().filter(|(of, _)| *of == span);
        let stored: Vec<SumRow> = stored.map(|(_, row)| row.clone()).collect();
        walk.compare_sums(span, &stored, &mut findings);
    }
    walk.finish(&mut findings);
    findings
        .kept()
        .iter()
        .map(|difference| difference.what)
        .collect()
}

#[test]
fn a_sound_book_shows_no_difference() {
    assert_eq!(found(sound()), Vec::<&str>::new());
}

#[test]
fn every_altered_row_is_found() {
    let spoil: [(&str, Spoil); 14] = [
        ("leaf", |rows| {
            rows.events[1].actor = "somebody else".to_owned()
        }),
        ("leaf", |rows| rows.transfers[1].amount = 61),
        ("frontier", |rows| rows.head.frontier[0] ^= 1),
        ("recorded_at", |rows| {
            rows.events[0].recorded_at += chrono::TimeDelta::days(1)
        }),
        ("sequence_gap", |rows| drop(rows.events.remove(1))),
        ("sequence_gap", |rows| rows.transfers[1].part = 2),
        ("head", |rows| drop(rows.events.pop())),
        ("transfer_month", |rows| rows.transfers[2].month = 9),
        ("balance", |rows| rows.accounts[0].balance += 1),
        ("unbalanced", |rows| rows.accounts[2].balance -= 1),
        ("backdated", |rows| rows.accounts[2].backdated = false),
        ("last_on", |rows| rows.accounts[1].last_on = day(9)),
        ("account_sum", |rows| rows.sums[3].1.credit += 1),
        ("account_sum", |rows| drop(rows.sums.pop())),
    ];
    for (at, (code, spoil)) in spoil.into_iter().enumerate() {
        let mut rows = sound();
        spoil(&mut rows);
        let found = found(rows);
        assert!(found.contains(&code), "{at}: {found:?} should tell {code}");
    }
}

#[test]
fn an_account_that_was_below_zero_for_one_event_is_found() {
    let mut rows = sound();
    rows.transfers[1].amount = 160;
    rows.transfers[2].amount = 110;
    assert!(found(rows).contains(&"below_zero"));
}

#[test]
fn a_spoilt_event_leaves_the_tree_of_the_others_alone() {
    let mut rows = sound();
    rows.events[1].command = "{\"amount\":1}".to_owned();
    assert_eq!(found(rows), ["leaf"]);
}
