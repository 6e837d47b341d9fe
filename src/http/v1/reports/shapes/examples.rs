//! Examples of reports: what the demo's books answer for 2022-11-03.
//!
//! Long lists are cut short; every figure that is shown is the demo's.

mod outcomes;

use serde_json::{Map, Value, json};

pub(super) use outcomes::*;

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

pub(super) fn point() -> Value {
    json!({"period": "2022-08", "starts_on": "2022-08-01", "value": won(1_890), "payments": null})
}

pub(super) fn series_group() -> Value {
    let points = [
        point(),
        json!({"period": "2022-09", "starts_on": "2022-09-01", "value": won(3_910), "payments": null}),
        json!({"period": "2022-10", "starts_on": "2022-10-01", "value": won(1_770), "payments": null}),
        json!({"period": "2022-11", "starts_on": "2022-11-01", "value": won(630), "payments": null}),
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
