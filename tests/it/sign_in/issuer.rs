//! People who sign in at the company's own identity provider.

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use sangsaeng::TextEnum;
use sangsaeng::access::issuer::jwks::Algorithm;
use sangsaeng::clock::Clock;
use serde_json::{Value, json};

use super::forged::{but, refused_alike};
use super::{NOT_SIGNED_IN, OFFICER, REFUSED, login, me, pass, post_as, session};
use crate::support::idp::{AUDIENCE, ISSUER, Idp, Key};
use crate::support::{PASSWORD, World};

/// Says anything, signed with that key.
fn signed(header: &Value, claims: &Value, key: &Key) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let said = format!("{}.{}", part(header), part(claims));
    format!("{said}.{}", URL_SAFE_NO_PAD.encode(key.sign(&said)))
}

fn header(alg: Algorithm, kid: &str) -> Value {
    json!({ "alg": alg.as_str(), "kid": kid, "typ": "JWT" })
}

/// What a provider says of somebody who just signed in.
fn claims(w: &World, subject: &str, group: &str) -> Value {
    let now = w.clock.now().timestamp();
    json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + 300,
        "email": format!("{subject}@test.example"), "email_verified": true,
        "groups": ["others", group], "azp": "dashboard", "acr": 1 })
}

/// A world, and a provider that it knows.
fn both(algorithm: Algorithm) -> (World, Idp) {
    let idp = Idp::start(algorithm);
    (World::with_provider(idp.provider()), idp)
}

/// A token of the provider for somebody of that group, in the way it is usual.
fn token(w: &World, idp: &Idp, subject: &str, group: &str) -> String {
    let header = header(Algorithm::EdDsa, "k1");
    signed(&header, &claims(w, subject, group), &idp.key("k1"))
}

#[test]
fn somebody_from_the_provider_is_a_user_like_any_other() {
    for algorithm in Algorithm::ALL {
        let (w, idp) = both(*algorithm);
        let claims = claims(&w, "minji", "esg-officer");
        let header = header(*algorithm, "k1");
        let token = signed(&header, &claims, &idp.key("k1"));
        let shown = me(&w, &token).expect(200).as_told("GET", "/v1/me");
        assert_eq!(shown.text("/email"), "minji@test.example");
        assert_eq!(shown.body["roles"], json!(["officer"]));
        let id = shown.text("/id").to_owned();
        // Seen again, it is the same user, and the provider is not asked again.
        let asked = idp.asked();
        for _ in 0..5 {
            assert_eq!(me(&w, &token).text("/id"), id);
        }
        assert_eq!(idp.asked(), asked);
        let users = w.get("admin", "/v1/users").expect(200);
        let named = |user: &&Value| user["email"] == "minji@test.example";
        let users = users.body["data"].as_array().unwrap().iter().filter(named);
        assert_eq!(users.count(), 1);
        // There is no password to it.
        assert_eq!(login(&w, "minji@test.example", PASSWORD).refusal(), REFUSED);
    }
}

#[test]
fn whoever_recorded_an_entry_decides_nothing_about_it_whichever_way_they_signed_in() {
    let (w, idp) = both(Algorithm::EdDsa);
    w.with_budget();
    let body = w.cash_to("drivers", "DRV-1", "1000");
    let own = w.post("officer", "/v1/disbursements", &body).made();
    // The address is the officer's: the same person, and an approver from now on.
    let sso = token(&w, &idp, "officer", "esg-approver");
    let path = format!("/v1/disbursements/{own}/approve");
    let approve = |token: &str| w.ask(token, ("POST", &path), Some(&json!({})));
    assert_eq!(approve(&sso).refusal(), "403 | own_record");
    assert_eq!(me(&w, &sso).text("/id"), "officer");
    let other = token(&w, &idp, "minji", "esg-approver");
    approve(&other).expect(200);
}

#[test]
fn what_is_wrong_with_a_token_of_the_provider_is_told_nobody() {
    let (w, idp) = both(Algorithm::Rs256);
    let (key, now) = (idp.key("k1"), w.clock.now().timestamp());
    let (header, claims) = (
        header(Algorithm::Rs256, "k1"),
        claims(&w, "minji", "esg-officer"),
    );
    me(&w, &signed(&header, &claims, &key)).expect(200);
    let headers = [
        json!({ "alg": "none" }),
        json!({ "alg": "HS256" }),
        json!({ "alg": "RS384" }),
        json!({ "alg": "PS256" }),
        json!({ "alg": "EdDSA" }),
        json!({ "alg": "rs256" }),
        json!({ "alg": null }),
        json!({ "kid": "k2" }),
        json!({ "kid": "" }),
        json!({ "kid": null }),
        json!({ "kid": 1 }),
        json!({ "typ": "id+jwt" }),
        json!({ "typ": "dpop+jwt" }),
        json!({ "crit": ["exp"] }),
        json!({ "jku": "https://evil.example/keys" }),
        json!({ "jwk": { "kty": "oct", "k": "AAAA" } }),
        json!({ "x5u": "https://evil.example/keys" }),
        json!({ "x5c": [] }),
        json!({ "x5t": "AAAA" }),
        json!({ "b64": false }),
        json!({ "zip": "DEF" }),
    ];
    let bad = headers.map(|change| signed(&but(&header, &change), &claims, &key));
    refused_alike(&w, bad);
    let odd = [
        json!({ "iss": "https://evil.example" }),
        json!({ "iss": format!("{ISSUER}/") }),
        json!({ "iss": [ISSUER] }),
        json!({ "iss": null }),
        json!({ "iss": "sangsaeng", "aud": "sangsaeng-api", "sub": "admin", "ver": 1 }),
        json!({ "aud": "another" }),
        json!({ "aud": ["another"] }),
        json!({ "aud": [AUDIENCE, 1] }),
        json!({ "aud": { "any": AUDIENCE } }),
        json!({ "aud": [] }),
        json!({ "aud": null }),
        json!({ "sub": "" }),
        json!({ "sub": 7 }),
        json!({ "sub": "x".repeat(256) }),
        json!({ "sub": null }),
        json!({ "jti": 1 }),
        json!({ "exp": now - 6 }),
        json!({ "exp": (now + 60).to_string() }),
        json!({ "exp": null }),
        json!({ "exp": i64::MAX }),
        json!({ "iat": now + 60, "exp": now + 120 }),
        json!({ "iat": now - 3_606 }),
        json!({ "iat": null }),
        json!({ "iat": 1.5 }),
        json!({ "nbf": now + 60 }),
        json!({ "nbf": "now" }),
        json!({ "groups": ["others"] }),
        json!({ "groups": [] }),
        json!({ "groups": { "esg-admin": true } }),
        json!({ "groups": "ESG-ADMIN" }),
        json!({ "groups": "partner" }),
        json!({ "groups": null }),
        json!({ "groups": null, "roles": ["esg-admin"] }),
    ];
    let bad = odd.map(|change| signed(&header, &but(&claims, &change), &key));
    refused_alike(&w, bad);

    // The public key is no secret, so nothing is signed with it.
    let secrets = [
        key.public(),
        URL_SAFE_NO_PAD.encode(key.public()).into_bytes(),
        Vec::new(),
    ];
    let confused = secrets.map(|secret| {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = json!({ "alg": "HS256", "kid": "k1", "typ": "JWT" });
        let said = format!("{}.{}", part(&header), part(&claims));
        let secret = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        let seal = hmac::sign(&secret, said.as_bytes());
        format!("{said}.{}", URL_SAFE_NO_PAD.encode(seal))
    });
    refused_alike(&w, confused);
    let none = URL_SAFE_NO_PAD.encode(json!({ "alg": "none", "kid": "k1" }).to_string());
    let good = signed(&header, &claims, &key);
    let (said, seal) = good.rsplit_once('.').unwrap();
    let body = said.split_once('.').unwrap().1;
    let doubled = claims.to_string().replacen('{', "{\"sub\":\"admin\",", 1);
    let doubled = format!(
        "{}.{}",
        said.split_once('.').unwrap().0,
        URL_SAFE_NO_PAD.encode(doubled)
    );
    let another = Key::new(Algorithm::Rs256);
    refused_alike(
        &w,
        [
            format!("{none}.{body}."),
            format!("{none}.{body}.{seal}"),
            format!("{said}."),
            format!("{said}.{seal}A"),
            format!("{said}.{seal}="),
            format!("{doubled}.{}", URL_SAFE_NO_PAD.encode(key.sign(&doubled))),
            signed(&header, &claims, &another),
            signed(
                &header,
                &but(&claims, &json!({ "more": "x".repeat(4_096) })),
                &key,
            ),
        ],
    );
    me(&w, &good).expect(200);
}

#[test]
fn an_address_that_the_provider_did_not_make_sure_of_is_nobodys() {
    let (w, idp) = both(Algorithm::EdDsa);
    let (header, key) = (header(Algorithm::EdDsa, "k1"), idp.key("k1"));
    let say = |change: Value| {
        let claims = claims(&w, "admin", "esg-viewer");
        signed(&header, &but(&claims, &change), &key)
    };
    for change in [
        json!({ "email_verified": false }),
        json!({ "email_verified": "true" }),
        json!({ "email_verified": null }),
        json!({ "email": "no address" }),
        json!({ "email": null }),
    ] {
        assert_eq!(me(&w, &say(change)).refusal(), NOT_SIGNED_IN);
    }
    let admin = w.get("admin", "/v1/users/admin").expect(200);
    assert_eq!(
        admin.body["roles"],
        json!(["admin"]),
        "nobody became the admin"
    );
    // Who has the address already is nobody else.
    me(&w, &say(json!({}))).expect(200);
    assert_eq!(
        me(&w, &say(json!({ "sub": "another" }))).refusal(),
        NOT_SIGNED_IN
    );
    // Once known, the address is not needed.
    me(&w, &say(json!({ "email": null }))).expect(200);
}

#[test]
fn what_the_provider_says_somebody_is_holds_from_then_on() {
    let (w, idp) = both(Algorithm::EdDsa);
    let officer = token(&w, &idp, "minji", "esg-officer");
    let id = me(&w, &officer).expect(200).text("/id").to_owned();
    // Here it is not changed, but the user can be disabled.
    let path = format!("/v1/users/{id}");
    let roles = json!({ "roles": ["admin"] });
    let refused = w.patch("admin", &path, "\"1\"", &roles);
    assert_eq!(
        refused.as_told("PATCH", "/v1/users/{user}").refusal(),
        "409 | roles_elsewhere"
    );
    pass(&w, TimeDelta::seconds(1));
    let viewer = token(&w, &idp, "minji", "esg-viewer");
    assert_eq!(me(&w, &viewer).expect(200).body["roles"], json!(["viewer"]));
    assert_eq!(
        me(&w, &officer).refusal(),
        NOT_SIGNED_IN,
        "what was said before is over"
    );
    me(&w, &viewer).expect(200);
    let user = w.get("admin", &path).expect(200);
    assert_eq!(user.body["roles"], json!(["viewer"]));
    // Sessions with the password end with the roles that they were for.
    let (password, renewal) = session(&w, OFFICER);
    let sso = token(&w, &idp, "officer", "esg-auditor");
    me(&w, &sso).expect(200);
    assert_eq!(me(&w, &password).refusal(), NOT_SIGNED_IN);
    assert_eq!(super::refresh(&w, &renewal).refusal(), REFUSED);
}

#[test]
fn disabling_and_signing_out_end_tokens_of_the_provider_too() {
    let (w, idp) = both(Algorithm::EdDsa);
    let first = token(&w, &idp, "minji", "esg-officer");
    let id = me(&w, &first).expect(200).text("/id").to_owned();
    pass(&w, TimeDelta::seconds(1));
    post_as(&w, &first, "/v1/auth/logout", &json!({})).expect(204);
    assert_eq!(me(&w, &first).refusal(), NOT_SIGNED_IN);
    // Providers count in whole seconds.
    pass(&w, TimeDelta::seconds(1));
    let second = token(&w, &idp, "minji", "esg-officer");
    me(&w, &second).expect(200);
    let change = |status: &str| {
        let path = format!("/v1/users/{id}");
        let etag = w.get("admin", &path).expect(200);
        let etag = etag.header("etag").unwrap();
        w.patch("admin", &path, etag, &json!({ "status": status }))
            .expect(200);
    };
    pass(&w, TimeDelta::seconds(1));
    change("disabled");
    assert_eq!(me(&w, &second).refusal(), NOT_SIGNED_IN);
    assert_eq!(
        me(&w, &token(&w, &idp, "minji", "esg-officer")).refusal(),
        NOT_SIGNED_IN
    );
    pass(&w, TimeDelta::seconds(1));
    change("active");
    assert_eq!(
        me(&w, &second).refusal(),
        NOT_SIGNED_IN,
        "an old token stays old"
    );
    pass(&w, TimeDelta::seconds(1));
    me(&w, &token(&w, &idp, "minji", "esg-officer")).expect(200);
}

#[test]
fn the_provider_changes_its_keys_and_is_asked_for_them_now_and_then() {
    let (w, mut idp) = both(Algorithm::EdDsa);
    let old = token(&w, &idp, "minji", "esg-officer");
    me(&w, &old).expect(200);
    let (first, second) = (idp.key("k1"), Arc::new(Key::new(Algorithm::Rs256)));
    let new = |w: &World| {
        let header = header(Algorithm::Rs256, "k2");
        signed(&header, &claims(w, "minji", "esg-officer"), &second)
    };
    // A key nobody knows is looked for at once, but not again and again.
    assert_eq!(me(&w, &new(&w)).refusal(), NOT_SIGNED_IN);
    let asked = idp.asked();
    idp.publish(&[("k1", &first), ("k2", &second)]);
    for _ in 0..20 {
        assert_eq!(me(&w, &new(&w)).refusal(), NOT_SIGNED_IN);
    }
    assert_eq!(idp.asked(), asked);
    pass(&w, TimeDelta::seconds(10));
    me(&w, &new(&w)).expect(200);
    assert_eq!(idp.asked(), asked + 1);
    // One that is taken back ends when they are asked for next.
    idp.publish(&[("k2", &second)]);
    let old = |w: &World| {
        signed(
            &header(Algorithm::EdDsa, "k1"),
            &claims(w, "minji", "esg-officer"),
            &first,
        )
    };
    me(&w, &old(&w)).expect(200);
    pass(&w, TimeDelta::minutes(10));
    me(&w, &new(&w)).expect(200);
    // That was in passing: it is asked aside.
    while idp.asked() < asked + 2 || me(&w, &old(&w)).status == 200 {
        std::thread::yield_now();
    }
}

#[test]
fn while_the_provider_is_gone_its_keys_go_on_for_a_day() {
    let (w, mut idp) = both(Algorithm::EdDsa);
    me(&w, &token(&w, &idp, "minji", "esg-officer")).expect(200);
    idp.stop();
    for _ in 0..3 {
        pass(&w, TimeDelta::hours(7));
        me(&w, &token(&w, &idp, "minji", "esg-officer")).expect(200);
    }
    pass(&w, TimeDelta::hours(3));
    let late = token(&w, &idp, "minji", "esg-officer");
    assert_eq!(me(&w, &late).refusal(), NOT_SIGNED_IN);
    // Others are not kept from signing in.
    session(&w, OFFICER);
}

#[test]
fn what_the_provider_answers_instead_of_keys_changes_nothing() {
    let (w, mut idp) = both(Algorithm::EdDsa);
    let elsewhere = Idp::start(Algorithm::EdDsa);
    let url = match elsewhere.provider().jwks {
        sangsaeng::access::issuer::location::Location::Url { url, .. } => url,
        other => panic!("{other:?}"),
    };
    let key = idp.key("k1");
    let unknown = signed(
        &header(Algorithm::EdDsa, "k9"),
        &claims(&w, "minji", "esg-officer"),
        &key,
    );
    let moved = format!("Location: {url}\r\n");
    for (status, headers, body) in [
        ("302 Found", moved.as_str(), ""),
        ("500 Oh", "", "{\"keys\":[]}"),
        ("200 OK", "", "<html>"),
        ("200 OK", "", "{\"keys\":[]}"),
        (
            "200 OK",
            "",
            &format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(70_000)),
        ),
    ] {
        idp.answers(status, headers, body);
        let asked = idp.asked();
        pass(&w, TimeDelta::seconds(10));
        assert_eq!(me(&w, &unknown).refusal(), NOT_SIGNED_IN, "{status}");
        assert_eq!(idp.asked(), asked + 1, "{status}");
        me(&w, &token(&w, &idp, "minji", "esg-officer")).expect(200);
    }
    assert_eq!(elsewhere.asked(), 0, "nobody is sent elsewhere");
    idp.publish(&[("k9", &key)]);
    pass(&w, TimeDelta::seconds(10));
    me(&w, &unknown).expect(200);
}
