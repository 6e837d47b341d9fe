//! Clients of partners, and what they ask.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Reply, World, fresh_key};

/// A client of a partner.
#[derive(Debug, Clone)]
pub struct Client {
    /// What it signs in with.
    pub id: String,
    /// Its newest secret.
    pub secret: String,
}

impl World {
    /// An organisation with a program of that kind that it runs.
    pub fn partner_with(&self, partner: &str, program: &str, more: &Value) {
        let house = json!({ "code": partner, "name": { "ko": "기관", "en": "House" } });
        let made = self.post("manager", "/v1/organisations", &house);
        assert!(made.status == 201 || made.code() == "duplicate_code");
        let mut terms = json!({ "partner": partner });
        super::merge(&mut terms, more);
        self.program_with(program, &[], &terms);
    }

    /// A client of a partner, which is granted these scopes first.
    pub fn client(&self, partner: &str, programs: &[&str], scopes: &[&str]) -> Client {
        let body = json!({ "organisation": partner, "scopes": scopes });
        let granted = self.post("admin", "/v1/partners", &body);
        assert!(granted.status == 201 || granted.code() == "duplicate_code");
        let body = json!({ "partner": partner, "programs": programs });
        Client::told(&self.post("admin", "/v1/clients", &body).expect(201))
    }

    /// Asks with a token.
    pub fn ask(&self, token: &str, (method, path): (&str, &str), body: Option<&Value>) -> Reply {
        let bearer = format!("Bearer {token}");
        let key = fresh_key();
        let mut headers = vec![
            ("authorization", bearer.as_str()),
            ("x-request-id", "same"),
            ("if-match", "\"1\""),
        ];
        if method == "POST" {
            headers.push(("idempotency-key", key.as_str()));
        }
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        let bytes = body.map(Value::to_string).unwrap_or_default();
        self.send(method, path, &headers, bytes.as_bytes())
    }
}

impl Client {
    fn told(reply: &Reply) -> Self {
        Self {
            id: reply.text("/id").to_owned(),
            secret: reply.text("/secret").to_owned(),
        }
    }

    /// The same with another secret.
    pub fn rotated(&self, w: &World, keep_old: bool) -> Self {
        let path = format!("/v1/clients/{}/rotate", self.id);
        let reply = w.post("admin", &path, &json!({ "keep_old": keep_old }));
        Self::told(&reply.expect(200))
    }

    /// Its credentials as HTTP Basic.
    pub fn basic(&self) -> String {
        let pair = format!("{}:{}", self.id, self.secret);
        format!("Basic {}", STANDARD.encode(pair))
    }

    /// Asks for a token.
    pub fn token(&self, w: &World, scope: Option<&str>) -> Reply {
        let scope = scope.map(|scope| format!("&scope={}", scope.replace(' ', "+")));
        let form = format!("grant_type=client_credentials{}", scope.unwrap_or_default());
        let headers = [
            ("authorization", self.basic()),
            (
                "content-type",
                "application/x-www-form-urlencoded".to_owned(),
            ),
        ];
        let headers = headers
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        w.send("POST", "/v1/oauth/token", &headers, form.as_bytes())
    }

    /// A token, which it has to get.
    pub fn signed_in(&self, w: &World) -> String {
        let reply = self.token(w, None).expect(200);
        reply.text("/access_token").to_owned()
    }

    /// Changes it as the admin.
    pub fn change(&self, w: &World, change: &Value) {
        let path = format!("/v1/clients/{}", self.id);
        let etag = w.get("admin", &path).expect(200);
        let etag = etag.header("etag").unwrap().to_owned();
        w.patch("admin", &path, &etag, change).expect(200);
    }
}
