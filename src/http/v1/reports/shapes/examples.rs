//! Examples of reports: what the demo's books answer for 2022-11-03.
//!
//! Long lists are cut short; every figure that is shown is the demo's.

use serde_json::{Map, Value, json};

const DAY: &str = "2022-11-03";

/// The names of FIGURES that are never null, in their order.
const FIGURES: [&str; 11] = [
    "unallocated",
    "allocated",
    "submitted",
    "available",
    "awaiting_payment",
    "paid",
    "refunded",
    "disbursed",
    "disbursed_cash",
    "disbursed_in_kind",
    "remaining",
];

/// Millions of won.
fn won(millions: i64) -> String {
    if millions == 0 {
        "0".to_owned()
    } else {
        format!("{millions}000000")
    }
}

/// The members of all these objects in one, as flattened structs are written.
fn joined<const N: usize>(parts: [Value; N]) -> Value {
    let mut members = Map::new();
    for part in parts {
        if let Value::Object(part) = part {
            members.extend(part);
        }
    }
    Value::Object(members)
}

fn name(ko: &str, en: &str) -> Value {
    json!({"ko": ko, "en": en})
}

/// FIGURES out of millions of won.
fn figures(committed: i64, millions: [i64; 11]) -> Value {
    let mut members = Map::new();
    members.insert("committed".to_owned(), won(committed).into());
    members.insert("contributed".to_owned(), Value::Null);
    for (name, millions) in FIGURES.iter().zip(millions) {
        members.insert((*name).to_owned(), won(millions).into());
    }
    Value::Object(members)
}

pub(super) fn fund_figures() -> Value {
    figures(
        300_000,
        [
            287_800, 12_200, 0, 4_000, 0, 8_200, 0, 8_200, 2_200, 6_000, 291_800,
        ],
    )
}

fn own_figures() -> Value {
    figures(
        290_000,
        [
            280_000, 10_000, 0, 4_000, 0, 6_000, 0, 6_000, 0, 6_000, 284_000,
        ],
    )
}

fn child_figures() -> Value {
    figures(
        10_000,
        [7_800, 2_200, 0, 0, 0, 2_200, 0, 2_200, 2_200, 0, 7_800],
    )
}

pub(super) fn progress() -> Value {
    json!({
        "elapsed_ratio": "0.1188",
        "plan_to_date_ratio": "0.1578",
        "disbursed_ratio": "0.0273",
    })
}

fn period() -> Value {
    json!({"start": "2022-04-01", "end": "2027-03-31", "basis": "assumed"})
}

/// Which fund it is and when it runs.
fn head() -> Value {
    json!({
        "code": "co-prosperity",
        "name": name("상생기금", "Co-prosperity fund"),
        "part_of": null,
        "period": period(),
    })
}

/// What the fund's own money is, and how much went on to child funds.
fn own() -> Value {
    json!({"own": own_figures(), "to_child_funds": won(10_000)})
}

pub(super) fn fund_summary() -> Value {
    joined([head(), progress(), fund_figures(), own()])
}

fn child_summary() -> Value {
    let head = json!({
        "code": "mobility-workers",
        "name": name("모빌리티 플랫폼 종사자 기금", "Fund for mobility platform workers"),
        "part_of": "co-prosperity",
        "period": period(),
        "elapsed_ratio": "0.1188",
        "plan_to_date_ratio": null,
        "disbursed_ratio": "0.2200",
    });
    let own = json!({"own": child_figures(), "to_child_funds": won(0)});
    joined([head, child_figures(), own])
}

pub(super) fn plan() -> Value {
    let lines = [2022, 2023, 2024, 2025, 2026].map(
        |year| json!({"fiscal_year": year, "program": null, "area": null, "amount": won(60_000)}),
    );
    json!({
        "version": 1,
        "lines": lines,
        "to_date": "47345454545",
        "to_date_ratio": "0.1578",
        "disbursed": won(8_200),
        "difference": "-39145454545",
        "by_fiscal_year": [plan_year()],
        "by_area": [plan_area()],
        "by_program": [plan_program()],
        "forecast": forecast(),
        "coverage": "full",
        "programs_without_records": [],
    })
}

pub(super) fn plan_year() -> Value {
    json!({
        "fiscal_year": 2022,
        "plan": won(60_000),
        "plan_to_date": "47345454545",
        "disbursed": won(8_200),
        "difference": "-39145454545",
    })
}

/// The demo's plan names neither areas nor programs.
pub(super) fn plan_part() -> Value {
    json!({
        "plan": null,
        "plan_to_date": null,
        "disbursed": won(6_000),
        "difference": null,
    })
}

pub(super) fn plan_area() -> Value {
    joined([json!({"area": "merchants"}), plan_part()])
}

pub(super) fn plan_program() -> Value {
    joined([json!({"program": "sosin-merchants"}), plan_part()])
}

pub(super) fn forecast() -> Value {
    json!({
        "on": "2027-03-31",
        "plan": won(300_000),
        "straight_line": "69000921659",
        "current_pace": "149970777778",
        "pace_days": 90,
        "against_plan": against_plan(),
    })
}

pub(super) fn against_plan() -> Value {
    json!({"straight_line": "-230999078341", "current_pace": "-150029222222"})
}

pub(super) fn fund_area() -> Value {
    json!({
        "area": "merchants",
        "plan": null,
        "allocated": won(10_000),
        "awaiting_payment": won(0),
        "disbursed": won(6_000),
    })
}

pub(super) fn program_figures() -> Value {
    json!({
        "allocated": won(10_000),
        "submitted": won(0),
        "available": won(4_000),
        "awaiting_payment": won(0),
        "paid": won(6_000),
        "refunded": won(0),
        "disbursed": won(6_000),
        "disbursed_cash": won(0),
        "disbursed_in_kind": won(6_000),
    })
}

fn merchants() -> Value {
    name("소신상인", "Sosin merchants")
}

pub(super) fn fund_program() -> Value {
    let program = json!({"program": "sosin-merchants", "name": merchants()});
    joined([program, program_figures()])
}

pub(super) fn fiscal_year() -> Value {
    json!({
        "fiscal_year": 2022,
        "allocated": won(12_200),
        "available": won(4_000),
        "awaiting_payment": won(0),
        "paid": won(8_200),
        "refunded": won(0),
        "disbursed": won(8_200),
    })
}

pub(super) fn below_zero() -> Value {
    json!({
        "fund": "co-prosperity",
        "program": "sosin-merchants",
        "fiscal_year": 2022,
        "bucket": "available",
        "from": "2022-08-01",
        "to": "2022-08-09",
        "lowest": "-1200000",
    })
}

fn nothing_below_zero() -> Value {
    json!({"below_zero_days": [], "below_zero_days_truncated": false})
}

pub(super) fn fund_report() -> Value {
    let day = json!({"as_of": DAY, "currency": "KRW"});
    let kind = json!({"status": "open", "kind": "internal"});
    let tables = json!({
        "children": [child_summary()],
        "plan": plan(),
        "by_program": [fund_program()],
        "by_fiscal_year": [fiscal_year()],
        "by_area": [fund_area()],
        "people_in_period": null,
    });
    let tables = joined([tables, nothing_below_zero()]);
    joined([day, head(), kind, progress(), fund_figures(), own(), tables])
}

pub(super) fn outside_figures() -> Value {
    json!({"awaiting_payment": "0", "paid": "0", "refunded": "0", "disbursed": "0"})
}

pub(super) fn reached() -> Value {
    json!({"unique": 20_000, "payments": 20_000})
}

pub(super) fn sales() -> Value {
    json!({
        "amount": won(10_000),
        "quantity_kg": "2100000.000",
        "orders": 452_000,
        "buyers": 390_000,
        "buyers_basis": "unique_to_date",
        "buyers_as_of": DAY,
        "basis": "records",
        "as_of": DAY,
    })
}

pub(super) fn program_summary() -> Value {
    let head = json!({
        "code": "sosin-merchants",
        "name": merchants(),
        "kind": "merchant_support",
    });
    joined([
        head,
        program_figures(),
        json!({"beneficiaries": reached(), "sales": null}),
    ])
}

pub(super) fn reached_through() -> Value {
    json!({"amount": won(1_200), "donations": 1})
}

pub(super) fn goods() -> Value {
    json!({"quantity_kg": "0.000", "amount": "0", "orders": 0})
}

fn since(start: &str, end: &str) -> Value {
    json!({"start": start, "end": end})
}

pub(super) fn derived() -> Value {
    json!({
        "period": since("2022-11-01", DAY),
        "quantity_kg": "50000.000",
        "amount": won(200),
        "orders": 11_000,
        "first_time_buyers": 8_000,
    })
}

pub(super) fn stated() -> Value {
    json!({
        "id": "0184375e2b007d3e8f1a5c6b7a8d9e0f-3",
        "period": since("2021-08-01", DAY),
        "basis": "cumulative",
        "quantity_kg": "2100000.000",
        "amount": won(10_000),
        "orders": 452_000,
        "buyers": 390_000,
        "buyers_basis": "unique_to_date",
        "reason": null,
        "as_of": DAY,
        "derived": derived(),
        "lines": {"quantity_kg": "2100000.000", "amount": won(10_000), "orders": 452_000},
        "difference": goods(),
    })
}

pub(super) fn program_sales() -> Value {
    joined([
        sales(),
        json!({"statements": [stated()], "statements_truncated": false}),
    ])
}

pub(super) fn passed_on() -> Value {
    json!({
        "id": "018310c5a4007b6c9d0e1f2a3b4c5d6e-2",
        "recipient": "hope-bridge",
        "paid": won(2_200),
        "refunded": won(0),
        "used": won(1_200),
        "returned": won(0),
        "held": won(1_000),
        "beneficiaries_at_least": 4_000,
        "reported_until": "2022-10-31",
    })
}

pub(super) fn intermediaries() -> Value {
    json!({
        "held": won(1_000),
        "reached": reached_through(),
        "donations": [passed_on()],
        "donations_truncated": false,
    })
}

pub(super) fn donations() -> Value {
    json!({
        "amount": won(2_200),
        "count": 1,
        "from_funds": won(2_200),
        "outside_funds": won(0),
        "receipts_missing": 1,
        "held_by_intermediaries": won(1_000),
        "reached": reached_through(),
    })
}

pub(super) fn overview() -> Value {
    json!({
        "as_of": DAY,
        "currency": "KRW",
        "consolidated": fund_figures(),
        "outside_funds": outside_figures(),
        "compensation": outside_figures(),
        "funds": [fund_summary(), child_summary()],
        "programs": [program_summary()],
        "donations": donations(),
        "pledges": pledges_in_short(),
        "claims": claim_counts(),
    })
}

pub(super) fn pledges_in_short() -> Value {
    json!({"total": 5, "met": 0, "open": 5, "overdue": 0, "withdrawn": 0})
}

pub(super) fn pledge() -> Value {
    let title = "모빌리티 종사자 지원";
    json!({
        "id": "018c0f0e5a7c7d3e8b1a2c3d4e5f6071-1",
        "title": title,
        "statement": "택시와 대리 기사를 위해 5년간 100억 원을 조성합니다.",
        "source": {"title": "2022년 3분기 실적 발표", "date": DAY, "url": null},
        "owner": "ESG팀",
        "counterpart": null,
        "basis": null,
        "state": "on_track",
        "state_label": name("순조로움", "on track"),
        "summary": name(
            "‘모빌리티 종사자 지원’ 약속은 기한인 2027년 3월 31일까지 1609일 남았습니다.",
            "The pledge “모빌리티 종사자 지원” is due on 31 March 2027, in 1609 days.",
        ),
        "due_on": "2027-03-31",
        "first_due_on": "2027-03-31",
        "days_left": 1609,
        "days_late": null,
        "slips": [],
        "last_reviewed_on": null,
        "review": null,
        "withdrawn": null,
        "target": pledge_target(),
        "milestones": [pledge_milestone()],
    })
}

pub(super) fn pledge_target() -> Value {
    json!({
        "metric": "disbursed",
        "scope": {"program": null, "fund": "mobility-workers"},
        "unit": "KRW",
        "value": won(10_000),
        "starts_on": "2022-04-01",
        "path": "straight_line",
        "actual": won(2_200),
        "expected": "1188389923",
        "ratio": "0.2200",
        "projected_on": "2024-12-13",
        "basis": "records",
        "as_of": DAY,
    })
}

pub(super) fn pledge_milestone() -> Value {
    json!({
        "number": 1,
        "title": "첫 지급",
        "status": "met",
        "status_label": name("이행", "met"),
        "made_on": DAY,
        "due_on": "2022-12-31",
        "first_due_on": "2022-11-30",
        "days_late": null,
        "slips": [pledge_slip()],
        "last_reviewed_on": "2022-11-03",
        "met_on": "2022-11-03",
        "note": null,
        "evidence_url": "https://example.com/press/1",
        "confirmed_by": [pledge_confirmation()],
    })
}

pub(super) fn pledge_slip() -> Value {
    json!({
        "from": "2022-11-30",
        "to": "2022-12-31",
        "reason": "협약 체결이 늦어짐",
        "effective_on": DAY,
        "actor": "018c0f0e-5a7c-7d3e-8b1a-2c3d4e5f6071",
        "recorded_at": "2022-11-03T01:02:03.000004Z",
    })
}

pub(super) fn pledge_confirmation() -> Value {
    json!({
        "organisation": "hope-bridge",
        "confirmed_on": DAY,
        "reference": "공문 2022-118",
        "actor": "018c0f0e-5a7c-7d3e-8b1a-2c3d4e5f6071",
        "recorded_at": "2022-11-03T01:02:03.000004Z",
    })
}

/// A row of a table in which all that was approved was paid, of millions of won.
fn row(millions: i64, payments: i64) -> Value {
    json!({
        "approved": won(millions),
        "paid": won(millions),
        "refunded": won(0),
        "disbursed": won(millions),
        "payments": payments,
        "suppressed": false,
    })
}

pub(super) fn cell() -> Value {
    row(1_890, 6_300)
}

pub(super) fn month() -> Value {
    joined([json!({"month": "2022-08"}), cell()])
}

pub(super) fn region() -> Value {
    let seoul = json!({"code": "11", "iso": "KR-11", "name": name("서울특별시", "Seoul")});
    joined([json!({"region": seoul, "ended": false}), row(1_116, 3_720)])
}

pub(super) fn fund_reach() -> Value {
    json!({"fund": "co-prosperity", "unique": 20_000})
}

pub(super) fn beneficiaries() -> Value {
    json!({
        "unique": 20_000,
        "payments": 20_000,
        "unique_in_funds": [fund_reach()],
        "unique_overall": 20_000,
    })
}

pub(super) fn program_report() -> Value {
    let head = json!({
        "as_of": DAY,
        "currency": "KRW",
        "code": "sosin-merchants",
        "name": merchants(),
        "kind": "merchant_support",
        "partner": null,
        "funds": ["co-prosperity"],
        "approval": "four_eyes",
        "region_basis": "as_recorded",
    });
    let tables = json!({
        "by_month": [month()],
        "by_region": [region()],
        "beneficiaries": beneficiaries(),
        "people_in_period": people_in_period(),
        "sales": null,
        "intermediaries": {
            "held": won(0),
            "reached": {"amount": won(0), "donations": 0},
            "donations": [],
            "donations_truncated": false,
        },
    });
    joined([head, program_figures(), tables, nothing_below_zero()])
}

pub(super) fn compensation_in_kind() -> Value {
    json!({
        "records": 1,
        "cost": won(30),
        "list": won(90),
        "without_list": 0,
        "fair": won(0),
        "without_fair": 1,
    })
}

pub(super) fn compensation_figures() -> Value {
    json!({
        "records": 3,
        "named_records": 2,
        "counted_people": 6_000,
        "assessed_loss": won(45),
        "cash": won(12),
        "in_kind": compensation_in_kind(),
        "approved": won(42),
        "paid": won(40),
        "refunded": won(0),
    })
}

pub(super) fn compensation_tier() -> Value {
    json!({
        "rule_version": "2022-12",
        "tier": "paid-service",
        "suppressed": false,
        "figures": compensation_figures(),
    })
}

pub(super) fn compensation_program() -> Value {
    json!({
        "code": "outage-compensation",
        "name": name("서비스 장애 보상", "Outage compensation"),
        "figures": compensation_figures(),
        "unique_persons": 2,
        "by_tier": [compensation_tier()],
    })
}

pub(super) fn compensation() -> Value {
    json!({
        "as_of": DAY,
        "currency": "KRW",
        "part_of_giving": false,
        "figures": compensation_figures(),
        "programs": [compensation_program()],
    })
}

pub(super) fn point() -> Value {
    json!({"period": "2022-08", "starts_on": "2022-08-01", "value": won(1_890)})
}

pub(super) fn series_group() -> Value {
    let points = [
        point(),
        json!({"period": "2022-09", "starts_on": "2022-09-01", "value": won(3_910)}),
        json!({"period": "2022-10", "starts_on": "2022-10-01", "value": won(1_770)}),
        json!({"period": "2022-11", "starts_on": "2022-11-01", "value": won(630)}),
    ];
    json!({
        "key": "all",
        "name": null,
        "ended": false,
        "suppressed": false,
        "points": points,
        "total": won(8_200),
    })
}

pub(super) fn series() -> Value {
    json!({
        "as_of": DAY,
        "currency": "KRW",
        "metric": "disbursed",
        "unit": "KRW",
        "interval": "month",
        "group_by": "none",
        "region_basis": "as_recorded",
        "basis": "in_period",
        "from": "2022-08-01",
        "to": DAY,
        "groups": [series_group()],
    })
}

pub(super) fn claim_counts() -> Value {
    json!({"total": 9, "supported": 8, "not_supported": 0, "not_checkable": 1})
}

const CLAIM: &str = "0184411a0c007000800000000000000a-1";

pub(super) fn claim_check() -> Value {
    let explanation = name(
        "2022년 11월 3일까지 소신상인의 집행액이 60억 원 이상이라는 공표는 장부와 맞습니다. \
         장부의 수치는 60억 원이고, 여유가 없습니다. 이 가운데 60억 원은 현물이며, 원가가 아니라 \
         정가로 계산했습니다. 이 수치에는 시연용으로 생성한 자료가 들어 있습니다.",
        "The claim that, for Sosin merchants, the amount disbursed up to 3 November 2022 is at \
         least 6 billion won agrees with the books. The books show 6 billion won; there is no room \
         left. Of this, 6 billion won was given in kind, counted at list price, not at cost. This \
         figure rests in part on data generated for a demonstration.",
    );
    json!({
        "claim": CLAIM,
        "verdict": "supported",
        "reason": null,
        "basis": "records",
        "counted_in": "KRW",
        "currency": "KRW",
        "claimed": won(6_000),
        "actual": won(6_000),
        "difference": "0",
        "headroom": "0",
        "as_of": DAY,
        "figure_as_of": DAY,
        "explanation": explanation,
        "caveats": ["in_kind_list_value", "generated_data"],
        "overlaps": [],
    })
}

pub(super) fn claim_line() -> Value {
    json!({
        "id": CLAIM,
        "statement": "소신상인 지원금이 60억 원을 돌파했습니다.",
        "said_on": DAY,
        "metric": "disbursed",
        "program": "sosin-merchants",
        "fund": null,
        "nature": "actual",
        "check": claim_check(),
        "holds_today": true,
    })
}

pub(super) fn claims_report() -> Value {
    let tail = json!({"truncated": false, "claims": [claim_line()]});
    joined([json!({"as_of": DAY}), claim_counts(), tail])
}
pub(super) fn people_in_period() -> Value {
    json!({
        "from": "2022-09-01",
        "to": DAY,
        "at_start": 6_300,
        "at_end": 20_000,
        "new": 13_700,
        "active": 13_700,
        "left": 0,
        "suppressed": false,
    })
}

pub(super) fn people() -> Value {
    json!({"unique": 20_000, "people_in_period": people_in_period()})
}

pub(super) fn people_of() -> Value {
    joined([
        json!({"code": "sosin-merchants", "name": merchants()}),
        people(),
    ])
}

pub(super) fn overlap() -> Value {
    json!({"in_several_programs": 0, "in_several_funds": 0, "suppressed": false})
}

pub(super) fn people_report() -> Value {
    let fund = json!({
        "code": "co-prosperity",
        "name": name("상생기금", "Co-prosperity fund"),
    });
    json!({
        "as_of": DAY,
        "overall": people(),
        "funds": [joined([fund, people()])],
        "programs": [people_of()],
        "overlap": overlap(),
        "not_added": name(
            "한 사람이 여러 사업과 기금에서 지원받을 수 있으므로 실인원은 서로 더하지 않습니다.",
            "One person may be reached by several programs and funds, so these numbers are never \
             added.",
        ),
    })
}
