//! Examples of what came of it: pledges, claims, compensation, people of a period, what partners
//! and intermediaries state.

use serde_json::{Value, json};

use super::{DAY, joined, merchants, name, sales, won};

pub(in crate::http::v1::reports::shapes) fn pledge() -> Value {
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
            "‘모빌리티 종사자 지원’ 약속은 기한인 2027년 3월 31일까지 1,609일 남았습니다.",
            "The pledge “모빌리티 종사자 지원” is due on 31 March 2027, in 1,609 days.",
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

pub(in crate::http::v1::reports::shapes) fn pledge_target() -> Value {
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

pub(in crate::http::v1::reports::shapes) fn pledge_milestone() -> Value {
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

pub(in crate::http::v1::reports::shapes) fn pledge_slip() -> Value {
    json!({
        "from": "2022-11-30",
        "to": "2022-12-31",
        "reason": "협약 체결이 늦어짐",
        "effective_on": DAY,
        "actor": "018c0f0e-5a7c-7d3e-8b1a-2c3d4e5f6071",
        "recorded_at": "2022-11-03T01:02:03.000004Z",
    })
}

pub(in crate::http::v1::reports::shapes) fn pledge_confirmation() -> Value {
    json!({
        "organisation": "hope-bridge",
        "confirmed_on": DAY,
        "reference": "공문 2022-118",
        "actor": "018c0f0e-5a7c-7d3e-8b1a-2c3d4e5f6071",
        "recorded_at": "2022-11-03T01:02:03.000004Z",
    })
}

/// A row of a table in which all that was approved was paid, of millions of won.
pub(in crate::http::v1::reports::shapes) fn compensation_in_kind() -> Value {
    json!({
        "records": 1,
        "cost": won(30),
        "list": won(90),
        "without_list": 0,
        "fair": won(0),
        "without_fair": 1,
    })
}

pub(in crate::http::v1::reports::shapes) fn compensation_figures() -> Value {
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

pub(in crate::http::v1::reports::shapes) fn compensation_tier() -> Value {
    json!({
        "rule_version": "2022-12",
        "tier": "paid-service",
        "suppressed": false,
        "figures": compensation_figures(),
    })
}

pub(in crate::http::v1::reports::shapes) fn compensation_program() -> Value {
    json!({
        "code": "outage-compensation",
        "name": name("서비스 장애 보상", "Outage compensation"),
        "figures": compensation_figures(),
        "unique_persons": 2,
        "by_tier": [compensation_tier()],
    })
}

pub(in crate::http::v1::reports::shapes) fn compensation() -> Value {
    json!({
        "as_of": DAY,
        "currency": "KRW",
        "part_of_giving": false,
        "figures": compensation_figures(),
        "programs": [compensation_program()],
    })
}

const CLAIM: &str = "0184411a0c007000800000000000000a-1";

pub(in crate::http::v1::reports::shapes) fn claim_check() -> Value {
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

pub(in crate::http::v1::reports::shapes) fn claim_line() -> Value {
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

pub(in crate::http::v1::reports::shapes) fn claims_report() -> Value {
    let tail = json!({"truncated": false, "claims": [claim_line()]});
    joined([json!({"as_of": DAY}), claim_counts(), tail])
}
pub(in crate::http::v1::reports::shapes) fn people_in_period() -> Value {
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

pub(in crate::http::v1::reports::shapes) fn people() -> Value {
    json!({"unique": 20_000, "people_in_period": people_in_period()})
}

pub(in crate::http::v1::reports::shapes) fn people_of() -> Value {
    joined([
        json!({"code": "sosin-merchants", "name": merchants()}),
        people(),
    ])
}

pub(in crate::http::v1::reports::shapes) fn overlap() -> Value {
    json!({"in_several_programs": 0, "in_several_funds": 0, "suppressed": false})
}

pub(in crate::http::v1::reports::shapes) fn people_report() -> Value {
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

pub(in crate::http::v1::reports::shapes) fn claim_counts() -> Value {
    json!({"total": 9, "supported": 8, "not_supported": 0, "not_checkable": 1})
}
pub(in crate::http::v1::reports::shapes) fn pledges_in_short() -> Value {
    json!({"total": 5, "met": 0, "open": 5, "overdue": 0, "withdrawn": 0})
}

pub(in crate::http::v1::reports::shapes) fn reached_through() -> Value {
    json!({"amount": won(1_200), "donations": 1})
}

pub(in crate::http::v1::reports::shapes) fn goods() -> Value {
    json!({"quantity_kg": "0.000", "amount": "0", "orders": 0})
}

fn since(start: &str, end: &str) -> Value {
    json!({"start": start, "end": end})
}

pub(in crate::http::v1::reports::shapes) fn derived() -> Value {
    json!({
        "period": since("2022-11-01", DAY),
        "quantity_kg": "50000.000",
        "amount": won(200),
        "orders": 11_000,
        "first_time_buyers": 8_000,
    })
}

pub(in crate::http::v1::reports::shapes) fn stated() -> Value {
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

pub(in crate::http::v1::reports::shapes) fn program_sales() -> Value {
    joined([
        sales(),
        json!({"statements": [stated()], "statements_truncated": false}),
    ])
}

pub(in crate::http::v1::reports::shapes) fn passed_on() -> Value {
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

pub(in crate::http::v1::reports::shapes) fn intermediaries() -> Value {
    json!({
        "held": won(1_000),
        "reached": reached_through(),
        "donations": [passed_on()],
        "donations_truncated": false,
    })
}
