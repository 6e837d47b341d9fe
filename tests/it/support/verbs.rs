//! What people do: requests, and the few steps that most tests begin with.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use super::{Reply, World};

static KEYS: AtomicU64 = AtomicU64::new(1);

/// A key that was never used.
pub fn fresh_key() -> String {
    format!("key-{}", KEYS.fetch_add(1, Ordering::Relaxed))
}

/// Sets the members of `more` in `body`.
pub fn merge(body: &mut Value, more: &Value) {
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
}

/// A body that says nothing.
pub fn nothing() -> Value {
    json!({})
}

/// A body that gives a reason.
pub fn because() -> Value {
    json!({ "reason": "a good one" })
}

impl World {
    /// Sends a request as it is, without anybody signed in.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Reply::read(
            self.agent
                .run(request.body(body.to_vec()).unwrap())
                .unwrap(),
        )
    }

    /// Sends JSON as somebody, with more headers.
    pub fn call(
        &self,
        user: &str,
        (method, path): (&str, &str),
        more: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Reply {
        let bearer = format!("Bearer {}", self.token(user));
        let mut headers = vec![("authorization", bearer.as_str())];
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        headers.extend(more);
        let bytes = body.map(Value::to_string).unwrap_or_default();
        self.send(method, path, &headers, bytes.as_bytes())
    }

    /// Reads as somebody.
    pub fn get(&self, user: &str, path: &str) -> Reply {
        self.call(user, ("GET", path), &[], None)
    }

    /// Posts as somebody, with a key that was never used.
    pub fn post(&self, user: &str, path: &str, body: &Value) -> Reply {
        self.post_with_key(user, path, &fresh_key(), body)
    }

    /// Posts as somebody with this key.
    pub fn post_with_key(&self, user: &str, path: &str, key: &str, body: &Value) -> Reply {
        self.call(
            user,
            ("POST", path),
            &[("idempotency-key", key)],
            Some(body),
        )
    }

    /// Changes as somebody what was read with this ETag.
    pub fn patch(&self, user: &str, path: &str, etag: &str, body: &Value) -> Reply {
        self.call(user, ("PATCH", path), &[("if-match", etag)], Some(body))
    }

    /// Opens a root fund that runs from 2022-04-01 to 2027-03-31.
    pub fn fund(&self, code: &str, commitment: &str) -> Reply {
        self.fund_with(code, commitment, &json!({}))
    }

    /// The same with other members.
    pub fn fund_with(&self, code: &str, commitment: &str, more: &Value) -> Reply {
        let mut body = json!({
            "code": code,
            "name": { "ko": "기금", "en": "Fund" },
            "kind": "internal",
            "commitment": commitment,
            "effective_on": "2022-04-01",
            "period": { "start": "2022-04-01", "end": "2027-03-31" },
            "spend_limit": "commitment",
            "in_kind_counted_at": "cost",
        });
        merge(&mut body, more);
        self.post("manager", "/v1/funds", &body).expect(201)
    }

    /// Asks for a fund that is a part of another from 2022-09-01 on.
    pub fn child_fund(&self, code: &str, parent: &str, commitment: &str) -> Reply {
        let body = json!({
            "code": code,
            "name": { "ko": "작은 기금", "en": "Small fund" },
            "kind": "internal",
            "commitment": commitment,
            "effective_on": "2022-09-01",
            "period": { "start": "2022-09-01", "end": "2027-03-31" },
            "part_of": parent,
        });
        self.post("manager", "/v1/funds", &body)
    }

    /// Makes a program of worker support, with four eyes, that draws on `funds`.
    pub fn program(&self, code: &str, funds: &[&str]) -> Reply {
        self.program_with(code, funds, &json!({}))
    }

    /// The same with other members.
    pub fn program_with(&self, code: &str, funds: &[&str], more: &Value) -> Reply {
        let mut body = json!({
            "code": code,
            "name": { "ko": "사업", "en": "Program" },
            "kind": "worker_support",
            "funds": funds,
            "partner": null,
            "approval": "four_eyes",
            "one_payment_per": "none",
        });
        merge(&mut body, more);
        self.post("manager", "/v1/programs", &body).expect(201)
    }

    /// Sets money of a fund aside for a program, on an undated line.
    pub fn allocate(&self, fund: &str, program: &str, amount: &str) -> Reply {
        let body = json!({
            "program": program,
            "amount": amount,
            "fiscal_year": null,
            "effective_on": "2022-04-01",
            "kind": "allocate",
        });
        self.post("manager", &format!("/v1/funds/{fund}/allocations"), &body)
            .expect(201)
    }

    /// The same as `more` says.
    pub fn set_aside(&self, fund: &str, more: &Value) -> Reply {
        let mut body = json!({ "kind": "allocate" });
        merge(&mut body, more);
        self.post("manager", &format!("/v1/funds/{fund}/allocations"), &body)
            .expect(201)
    }

    /// A fund of 1,000,000 won with 600,000 of it set aside for the program `drivers`.
    pub fn with_budget(&self) {
        self.fund("mobility", "1000000");
        self.program("drivers", &["mobility"]);
        self.allocate("mobility", "drivers", "600000");
    }

    /// What a disbursement of cash to a worker looks like.
    pub fn cash_to(&self, program: &str, reference: &str, amount: &str) -> Value {
        json!({
            "program": program,
            "beneficiary": { "kind": "worker", "reference": reference, "region": "11" },
            "form": "cash",
            "amount": amount,
            "planned_on": super::TODAY,
        })
    }

    /// Submits one as the officer and tells its id.
    pub fn submit(&self, program: &str, reference: &str, amount: &str) -> String {
        let body = self.cash_to(program, reference, amount);
        self.post("officer", "/v1/disbursements", &body)
            .expect(201)
            .text("/id")
            .to_owned()
    }

    /// Records a payment of 300 won to the worker `a` out of `drivers`, but for what `more` says.
    pub fn record(&self, more: &Value) -> Reply {
        let mut body = self.cash_to("drivers", "a", "300");
        merge(&mut body, more);
        self.post("officer", "/v1/disbursements", &body)
    }

    /// Records one and tells its id.
    pub fn recorded(&self, more: &Value) -> String {
        self.record(more).made()
    }

    /// Does a verb to a disbursement as somebody.
    pub fn verb(&self, user: &str, id: &str, verb: &str, body: &Value) -> Reply {
        self.post(user, &format!("/v1/disbursements/{id}/{verb}"), body)
    }

    /// Approves or pays a record of either noun on a day.
    pub fn step(&self, noun: &str, id: &str, verb: &str, on: &str) {
        let user = if verb == "approve" {
            "approver"
        } else {
            "treasurer"
        };
        let body = json!({ "effective_on": on });
        self.post(user, &format!("/v1/{noun}/{id}/{verb}"), &body)
            .expect(200);
    }

    /// Submits one, approves and pays it.
    pub fn paid(&self, program: &str, reference: &str, amount: &str) -> String {
        let id = self.submit(program, reference, amount);
        self.verb("approver", &id, "approve", &json!({}))
            .expect(200);
        self.verb("treasurer", &id, "pay", &json!({})).expect(200);
        id
    }

    /// A user who records, approves and pays.
    pub fn jack_of_all_trades(&self) -> String {
        let body = json!({
            "email": "jack@test.example",
            "password": "jack of all trades, master of none",
            "roles": ["officer", "approver", "treasurer"],
        });
        self.post("admin", "/v1/users", &body).made()
    }

    /// A report, such as `funds/mobility?as_of=2022-09-30`, for somebody who sees small cells.
    pub fn report(&self, report: &str) -> Value {
        self.get("auditor", &format!("/v1/reports/{report}"))
            .expect(200)
            .body
    }

    /// A series, one line for each group.
    pub fn series(&self, query: &str) -> Vec<String> {
        super::lines(&self.report(&format!("series?{query}")))
    }

    /// The report of a fund.
    pub fn fund_report(&self, fund: &str) -> Value {
        self.get("viewer", &format!("/v1/reports/funds/{fund}"))
            .expect(200)
            .body
    }
}
