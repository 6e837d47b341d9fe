//! Who may do what: every operation of the document, asked for by everybody there is, about
//! something of their own, of somebody else's, and about nothing at all.
//!
//! What is expected stands here by itself ([`ROLES`], [`right`]), and is held against the rights
//! that the document tells (`x-right`) and against what the server does.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::NOT_SIGNED_IN;
use crate::conventions::answers::{filled, operations};
use crate::support::document::document;
use crate::support::{Reply, World, because};

/// The rights of each role, as the table of the contract has them.
const ROLES: [(&str, &str); 9] = [
    (
        "admin",
        "manage_users read_records read_programs read_reports read_program_reports read_events own",
    ),
    (
        "manager",
        "manage_books make_pledges import read_records read_programs read_reports \
         read_program_reports own",
    ),
    (
        "officer",
        "record import submit record_directly read_records read_people read_programs read_reports \
         read_program_reports own",
    ),
    (
        "approver",
        "approve approve_or_pay read_records read_people read_programs read_reports \
         read_program_reports own",
    ),
    (
        "treasurer",
        "pay approve_or_pay import read_records read_people read_programs read_reports \
         read_program_reports own",
    ),
    (
        "communicator",
        "make_claims make_pledges read_reports read_program_reports own",
    ),
    (
        "auditor",
        "read_records read_people read_programs read_reports read_program_reports read_events own",
    ),
    (
        "viewer",
        "read_records read_programs read_reports read_program_reports own",
    ),
    (
        "outsider",
        "submit record_directly read_programs read_program_reports own",
    ),
];

/// What clients of partners may be granted.
pub(super) const SCOPES: [&str; 4] = [
    "submit",
    "record_directly",
    "read_programs",
    "read_program_reports",
];

/// What anybody may ask for without a token.
pub(super) const OPEN: [&str; 10] = [
    "get /livez",
    "get /readyz",
    "get /openapi.json",
    "get /docs",
    "get /docs/{file}",
    "get /problems/{code}",
    "get /.well-known/jwks.json",
    "post /v1/auth/login",
    "post /v1/auth/refresh",
    "post /v1/oauth/token",
];

/// The right that an operation needs.
pub(super) fn right(method: &str, path: &str) -> &'static str {
    let noun = path.split('/').nth(2).unwrap_or_default();
    match (method, noun, path.rsplit('/').next().unwrap_or_default()) {
        (_, "me" | "auth", _) | ("get", "imports", "{kind}.xlsx" | "faults.xlsx") => "own",
        (_, "users" | "partners" | "clients", _) => "manage_users",
        ("get", "reports", "{program}") => "read_program_reports",
        (_, "reports" | "exports", _) | ("get", "claims" | "pledges", _) => "read_reports",
        ("get", "disbursements", last) if !last.contains("amend") && last != "{number}" => {
            "read_programs"
        }
        ("get", "sales" | "programs", _) => "read_programs",
        ("get", "events" | "access-events", _) => "read_events",
        ("get", ..) => "read_records",
        (_, "proposals", "proposals" | "withdraw") | (_, "settings", _) => "manage_books",
        (_, "imports", _) => "import",
        (_, "claims", _) => "make_claims",
        (_, "pledges", _) => "make_pledges",
        (_, "funds" | "programs" | "organisations" | "indicators", _) => "manage_books",
        (_, "sales", _) => "submit",
        (_, "donations", "cancel") if path.contains("/uses/") => "record",
        (_, _, "batch-actions") => "approve_or_pay",
        (_, _, "approve" | "reject" | "cancel" | "unmerge") => "approve",
        (_, _, "pay" | "return" | "refund") => "pay",
        ("patch", "disbursements", _) => "submit",
        (_, "disbursements", "disbursements" | "batch" | "resubmit") => "submit",
        (_, "disbursements", "withdraw") if !path.contains("amendments") => "submit",
        _ => "record",
    }
}

/// What the document says.
fn told(method: &str, path: &str) -> Option<String> {
    let right = &document()["paths"][path][method]["x-right"];
    right.as_str().map(str::to_owned)
}

/// Things of one partner, or of nobody.
pub(super) struct Things {
    pub program: String,
    pub sells: String,
    pub disbursement: String,
    pub sale: String,
    pub statement: String,
}

impl Things {
    /// Something of everything, in programs of a partner that ask for no approval.
    pub fn of(w: &World, partner: &str) -> Self {
        let (program, sells) = (format!("{partner}-rides"), format!("{partner}-farm"));
        w.partner_with(partner, &program, &json!({ "approval": "none" }));
        w.partner_with(partner, &sells, &json!({ "kind": "produce_sales" }));
        let mut things = Self {
            program,
            sells,
            disbursement: String::new(),
            sale: String::new(),
            statement: String::new(),
        };
        let made = |path: &str, body: &Value| w.post("officer", path, body).made();
        things.disbursement = made("/v1/disbursements", &things.payment());
        things.sale = made("/v1/sales", &things.sold());
        things.statement = made("/v1/sales/statements", &things.stated());
        things
    }

    pub fn nothing() -> Self {
        let id = format!("{}-1", "1".repeat(32));
        Self {
            program: "nobodys-rides".to_owned(),
            sells: "nobodys-farm".to_owned(),
            disbursement: id.clone(),
            sale: id.clone(),
            statement: id,
        }
    }

    fn payment(&self) -> Value {
        json!({
            "program": self.program, "form": "cash", "amount": "300",
            "beneficiary": { "kind": "worker", "reference": "a", "name": "카나리아" },
            "planned_on": crate::support::TODAY, "external_id": "canary",
        })
    }

    fn sold(&self) -> Value {
        json!({
            "program": self.sells, "product": { "code": "tangerine", "name": "감귤" },
            "sold_on": "2022-10-03", "quantity_kg": "2.5", "amount": "9000", "orders": 2,
        })
    }

    fn stated(&self) -> Value {
        json!({
            "program": self.sells, "period": { "start": "2021-08-01", "end": "2022-09-30" },
            "basis": "cumulative", "amount": "100",
        })
    }

    /// The path, about these things, and their names in it.
    pub fn path(&self, pattern: &str) -> String {
        let id = match pattern.split('/').nth(2) {
            Some("sales") if pattern.contains("statements") => &self.statement,
            Some("sales") => &self.sale,
            Some("disbursements") => &self.disbursement,
            _ => "",
        };
        let named = if id.is_empty() {
            pattern.to_owned()
        } else {
            pattern.replace("{id}", id)
        };
        filled(&named.replace("{program}", &self.program))
    }

    /// A body about these things that is right but for what it may not be about. An operation that
    /// a partner may ask for has to have one here.
    pub fn body(&self, method: &str, pattern: &str) -> Option<Value> {
        if method == "get" {
            return None;
        }
        let again = json!({ "external_id": "another" });
        Some(match (method, pattern) {
            ("post", "/v1/disbursements") => with(self.payment(), &again),
            ("post", "/v1/disbursements/batch") => {
                json!({ "items": [with(self.payment(), &again)] })
            }
            ("patch", "/v1/disbursements/{id}") => json!({ "purpose": "another" }),
            ("post", "/v1/disbursements/{id}/resubmit") => json!({}),
            ("post", "/v1/disbursements/{id}/withdraw") => because(),
            ("post", "/v1/sales") => self.sold(),
            ("post", "/v1/sales/{id}/cancel") => because(),
            ("post", "/v1/sales/statements") => {
                let period = json!({ "start": "2021-08-01", "end": "2022-10-31" });
                with(self.stated(), &json!({ "period": period }))
            }
            ("post", "/v1/sales/statements/{id}/cancel") => because(),
            other => panic!("what would a partner send to {other:?}?"),
        })
    }

    /// An answer without the names of these things, and without its length, which they change.
    fn anonymous(&self, reply: &Reply) -> String {
        // Whether a connection is closed depends on how far a body came by then.
        let varies = ["date", "content-length", "connection"];
        let kept = |(name, _): &&(String, String)| !varies.contains(&name.as_str());
        let mut headers: Vec<_> = reply.headers.iter().filter(kept).collect();
        headers.sort();
        let mut told = format!(
            "{} {headers:?} {}",
            reply.status,
            String::from_utf8_lossy(&reply.bytes)
        );
        let names = [&self.program, &self.sells, &self.disbursement];
        for name in names.into_iter().chain([&self.sale, &self.statement]) {
            told = told.replace(name.as_str(), "#");
        }
        told
    }
}

fn with(mut body: Value, more: &Value) -> Value {
    crate::support::merge(&mut body, more);
    body
}

/// Everybody who asks, with a token and the rights that it should have; none for who is nobody.
fn callers(w: &World) -> Vec<(String, Option<String>, Option<String>)> {
    let outsider = json!({
        "email": "outsider@test.example", "password": "somebody from outside here",
        "roles": ["partner"],
    });
    let outsider = w.post("admin", "/v1/users", &outsider).made();
    let mut all: Vec<(String, Option<String>, Option<String>)> = Vec::new();
    for (role, rights) in ROLES {
        let id = if role == "outsider" {
            outsider.as_str()
        } else {
            role
        };
        all.push((role.to_owned(), Some(w.token(id)), Some(rights.to_owned())));
        let stale = w.token_of((id, 1), None, 16);
        all.push((format!("{role}, expired"), Some(stale), None));
    }
    all.push(("no token".to_owned(), None, None));
    let off = json!({ "status": "disabled" });
    w.patch("admin", "/v1/users/officer2", "\"1\"", &off)
        .expect(200);
    let disabled = w.token_of(("officer2", 2), None, 0);
    all.push(("officer, disabled".to_owned(), Some(disabled), None));
    for partner in ["ours", "others"] {
        let programs = [format!("{partner}-rides"), format!("{partner}-farm")];
        let programs = programs.each_ref().map(String::as_str);
        let client = w.client(partner, &programs, &SCOPES);
        let token = client.signed_in(w);
        all.push((
            format!("partner {partner}"),
            Some(token),
            Some(SCOPES.join(" ")),
        ));
        if partner == "others" {
            continue;
        }
        for scope in SCOPES {
            let token = w.token_of((&client.id, 1), Some(scope), 0);
            all.push((
                format!("partner ours, {scope}"),
                Some(token),
                Some(scope.to_owned()),
            ));
        }
        let beyond = w.token_of((&client.id, 1), Some("own manage_users record"), 0);
        all.push((
            "partner ours, beyond".to_owned(),
            Some(beyond),
            Some(String::new()),
        ));
        for (name, version, scope, ago) in [
            ("expired", 1, Some("submit"), 16),
            ("of before", 0, Some("submit"), 0),
            ("as a user", 1, None, 0),
        ] {
            let token = w.token_of((&client.id, version), scope, ago);
            all.push((format!("partner ours, {name}"), Some(token), None));
        }
        let scoped = w.token_of(("officer", 1), Some("submit"), 0);
        all.push(("officer as a client".to_owned(), Some(scoped), None));
        let disabled = w.client(partner, &programs, &SCOPES);
        disabled.change(w, &off);
        let token = w.token_of((&disabled.id, 2), Some("submit"), 0);
        all.push(("partner ours, disabled".to_owned(), Some(token), None));
    }
    all
}

fn asked(w: &World, token: Option<&str>, on: (&str, &str), body: Option<&Value>) -> Reply {
    match token {
        Some(token) => w.ask(token, on, body),
        None => w.send(on.0, on.1, &[("x-request-id", "same")], b""),
    }
}

#[test]
fn everybody_may_what_they_should_and_nothing_else() {
    let w = World::new();
    let things = [
        Things::of(&w, "ours"),
        Things::of(&w, "others"),
        Things::nothing(),
    ];
    let callers = callers(&w);
    let watch = w.watch();
    let (mut cells, mut wrong, mut of_partners) = (0, Vec::new(), BTreeMap::new());
    for (method, pattern) in operations() {
        let at = format!("{method} {pattern}");
        let told = told(&method, &pattern);
        if OPEN.contains(&at.as_str()) {
            assert_eq!(told, None, "{at}");
            continue;
        }
        let needed = right(&method, &pattern);
        assert_eq!(told.as_deref(), Some(needed), "{at}: x-right");
        let tokens = document()["paths"][&pattern][&method]["security"].to_string();
        assert_eq!(
            tokens.contains("partner"),
            SCOPES.contains(&needed),
            "{at}: security"
        );
        for (caller, token, rights) in &callers {
            let may = rights
                .as_ref()
                .map(|rights| rights.split(' ').any(|right| right == needed));
            let bounded = caller.starts_with("partner") || caller == "outsider";
            if may == Some(true) && pattern == "/v1/auth/logout" {
                // It would end all that follows: see `sign_in`.
                continue;
            }
            let mut answers = Vec::new();
            for one in &things {
                let mut path = one.path(&pattern);
                let about_it = bounded && may == Some(true) && SCOPES.contains(&needed);
                let body = if about_it {
                    one.body(&method, &pattern)
                } else {
                    // What is let in is refused for its body, or finds nothing: nothing is written.
                    (method != "get").then(|| json!({ "nothing": "of the sort" }))
                };
                if about_it && method == "post" {
                    path += "?dry_run=true";
                }
                let on = (method.to_uppercase(), path);
                let reply = asked(&w, token.as_deref(), (&on.0, &on.1), body.as_ref());
                let as_expected = match may {
                    None => reply.refusal() == NOT_SIGNED_IN,
                    Some(false) => {
                        reply.refusal() == "403 | missing_right"
                            && reply.text("/facts/right") == needed
                    }
                    Some(true) => reply.status != 401 && reply.code() != "missing_right",
                };
                cells += 1;
                if !as_expected || reply.status >= 500 {
                    wrong.push(format!("{caller}: {at}: {}", reply.refusal()));
                }
                answers.push((one.anonymous(&reply), reply.status));
            }
            let [(own, status), (other, beyond), (missing, _)] = answers.as_slice() else {
                unreachable!("there are three things");
            };
            if bounded && may == Some(true) && SCOPES.contains(&needed) {
                // What is another's is told from what is not there by nobody, in no way.
                let (near, far) = match caller.as_str() {
                    "partner others" => (other, own),
                    _ => (own, other),
                };
                let hidden = *beyond == 404 || *beyond == 422 || !pattern.contains('{');
                if far != missing || (caller == "partner ours" && !hidden) {
                    wrong.push(format!("{caller}: {at}: {far} and {missing}"));
                }
                if caller == "partner ours" {
                    of_partners.insert(at.clone(), (near != missing, *status));
                }
            }
            if !bounded && may != Some(true) && own != missing {
                wrong.push(format!("{caller}: {at}: {own} and {missing}"));
            }
        }
    }
    println!("{cells} cells, {} wrong", wrong.len());
    assert_eq!(wrong, [""; 0]);
    assert!(cells > 10_000, "{cells}");
    assert!(watch.saw_nothing());
    // Each of these is really about something: its own thing is answered otherwise than nothing.
    let vain: Vec<_> = of_partners
        .iter()
        .filter(|(_, (other, _))| !other)
        .collect();
    let lists = |at: &str| !at.contains('{') && at.starts_with("get");
    let vain: Vec<_> = vain
        .into_iter()
        .filter(|(at, _)| !lists(at) && !at.starts_with("patch"))
        .collect();
    assert!(vain.is_empty(), "{vain:?}");
    assert_eq!(of_partners.len(), 19, "{of_partners:?}");
}

#[test]
fn what_needs_no_sign_in_is_a_short_list() {
    let w = World::new();
    let open = operations().into_iter().filter(|(method, path)| {
        let json = [("content-type", "application/json")];
        let reply = w.send(&method.to_uppercase(), &filled(path), &json, b"{}");
        reply.code() != "not_signed_in"
    });
    let open: Vec<String> = open
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    assert_eq!(open, OPEN);
}

#[test]
fn whoever_recorded_an_entry_decides_nothing_about_it() {
    let w = World::new();
    w.with_budget();
    let jack = w.jack_of_all_trades();
    let payment = w.cash_to("drivers", "DRV-1", "1000");
    let own = w.post(&jack, "/v1/disbursements", &payment).made();
    let house = json!({ "code": "bridge", "name": { "ko": "다리", "en": "Bridge" } });
    w.post("manager", "/v1/organisations", &house).expect(201);
    let gift = json!({
        "program": "drivers", "recipient": "bridge", "recipient_role": "end",
        "designated": true, "amount": "1000", "form": "cash", "planned_on": "2022-09-06",
    });
    let gift = w.post(&jack, "/v1/donations", &gift).made();
    let mut cells = 0;
    for (method, pattern) in operations() {
        let parts: Vec<&str> = pattern.split('/').collect();
        let [
            "",
            "v1",
            noun @ ("disbursements" | "donations"),
            "{id}",
            verb,
        ] = parts.as_slice()
        else {
            continue;
        };
        if !["approve", "pay"].contains(&right(&method, &pattern)) {
            continue;
        }
        let id = if *noun == "donations" { &gift } else { &own };
        let body = match *verb {
            "approve" | "pay" => json!({}),
            "refund" => json!({ "reason": "a good one", "reason_class": "error" }),
            _ => because(),
        };
        let reply = w.post(&jack, &format!("/v1/{noun}/{id}/{verb}"), &body);
        assert_eq!(reply.refusal(), "403 | own_record", "{pattern}");
        cells += 1;
    }
    assert_eq!(cells, 12);
}
