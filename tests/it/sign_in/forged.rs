//! Tokens that were not issued here, or not as they are: one answer to all of them.

use std::collections::BTreeSet;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sangsaeng::access::token::TokenKeys;
use sangsaeng::clock::Clock;
use serde_json::{Value, json};

use super::{authorized, me};
use crate::support::{Reply, World, key_dir, merge, token_key};

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// Says anything, signed with the server's own key.
fn signed(header: &Value, claims: &Value) -> String {
    let (_, seed) = token_key();
    let said = format!("{}.{}", part(header), part(claims));
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
    let seal = URL_SAFE_NO_PAD.encode(pair.sign(said.as_bytes()));
    format!("{said}.{seal}")
}

fn header() -> Value {
    json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": token_key().0 })
}

fn claims(w: &World) -> Value {
    let now = w.clock.now().timestamp();
    json!({ "iss": "sangsaeng", "aud": "sangsaeng-api", "sub": "officer", "jti": "1",
        "iat": now, "nbf": now, "exp": now + 900, "ver": 1 })
}

/// The same with members set, or, where null, taken away.
pub fn but(good: &Value, changes: &Value) -> Value {
    let mut other = good.clone();
    merge(&mut other, changes);
    other
        .as_object_mut()
        .unwrap()
        .retain(|_, value| !value.is_null());
    other
}

/// What is asked with each token: about oneself, figures, and to write.
const ASKED: [(&str, &str); 3] = [
    ("GET", "/v1/me"),
    ("GET", "/v1/reports/overview"),
    ("POST", "/v1/disbursements"),
];

#[track_caller]
pub fn refused_alike(w: &World, tokens: impl IntoIterator<Item = String>) {
    let tokens: Vec<String> = tokens.into_iter().collect();
    for on in ASKED {
        refused_alike_on(w, on, &tokens);
    }
}

#[track_caller]
fn refused_alike_on(w: &World, (method, path): (&str, &str), tokens: &[String]) {
    let ask = |header: Option<&str>| {
        let mut headers = vec![
            ("content-type", "application/json"),
            ("idempotency-key", "k"),
        ];
        headers.extend(header.map(|header| ("authorization", header)));
        // No body: whether a connection is closed depends on how far one came.
        w.send(method, path, &headers, b"")
    };
    let first = ask(None).as_told(method, path);
    assert_eq!(first.refusal(), "401 | not_signed_in");
    assert_eq!(
        first.header("www-authenticate"),
        Some("Bearer realm=\"sangsaeng\"")
    );
    // Headers come in any order.
    let names = |reply: &Reply| -> BTreeSet<String> {
        reply.headers.iter().map(|(name, _)| name.clone()).collect()
    };
    for token in tokens {
        let reply = ask(Some(&format!("Bearer {token}")));
        assert_eq!((reply.status, &reply.bytes), (401, &first.bytes), "{token}");
        assert_eq!(names(&reply), names(&first), "{token}");
    }
}

#[test]
fn the_forger_of_these_tests_makes_good_tokens_when_nothing_is_wrong() {
    let w = World::new();
    me(&w, &signed(&header(), &claims(&w))).expect(200);
}

#[test]
fn a_hundred_good_tokens_are_taken_everywhere() {
    let w = World::new();
    for number in 0..100 {
        let id = json!({ "jti": format!("token-{number}"), "exp": w.clock.now().timestamp() + 1 + number });
        let token = signed(&header(), &but(&claims(&w), &id));
        let bearer = format!("Bearer {token}");
        for (method, path) in ASKED {
            let headers = [
                ("authorization", bearer.as_str()),
                ("content-type", "application/json"),
                ("idempotency-key", "k"),
            ];
            let body: &[u8] = if method == "POST" { b"{}" } else { b"" };
            let expected = if method == "POST" { 422 } else { 200 };
            w.send(method, path, &headers, body).expect(expected);
        }
    }
}

#[test]
fn what_is_signed_for_another_purpose_is_no_token() {
    let w = World::new();
    // The public key as a secret, and keys of other purposes.
    let (kid, seed) = token_key();
    let public = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
    let public = public.public_key().as_ref().to_vec();
    let mut secrets = vec![public, seed.to_vec(), Vec::new()];
    for purpose in ["cursor", "blind-index", "personal-details"] {
        let line = std::fs::read_to_string(key_dir().join(format!("{purpose}.key"))).unwrap();
        let secret = line.split_whitespace().nth(4).unwrap().to_owned();
        let secret = URL_SAFE_NO_PAD.decode(secret).unwrap();
        let keys = TokenKeys::from_seed(&kid, &secret.clone().try_into().unwrap()).unwrap();
        refused_alike(&w, [keys.issue("admin", 1, w.clock.now()).unwrap()]);
        secrets.push(secret);
    }
    let tokens = secrets.into_iter().flat_map(|secret| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        let of = |alg: &str| {
            let header = but(&header(), &json!({ "alg": alg }));
            let said = format!("{}.{}", part(&header), part(&claims(&w)));
            let seal = hmac::sign(&key, said.as_bytes());
            format!("{said}.{}", URL_SAFE_NO_PAD.encode(seal))
        };
        ["HS256", "EdDSA"].map(of)
    });
    refused_alike(&w, tokens);
}

#[test]
fn a_token_of_another_key_is_refused() {
    let w = World::new();
    let (kid, _) = token_key();
    let issue = |kid: &str, seed: u8| {
        let keys = TokenKeys::from_seed(kid, &[seed; 32]).unwrap();
        keys.issue("admin", 1, w.clock.now()).unwrap()
    };
    refused_alike(&w, [issue(&kid, 7), issue("another", 7), issue("", 7)]);
}

#[test]
fn a_token_with_another_header_is_refused_even_if_we_signed_it() {
    let w = World::new();
    let headers = [
        json!({ "alg": "none" }),
        json!({ "alg": "None" }),
        json!({ "alg": "HS256" }),
        json!({ "alg": "ES256" }),
        json!({ "alg": "eddsa" }),
        json!({ "alg": null }),
        json!({ "typ": "JWT" }),
        json!({ "typ": null }),
        json!({ "kid": null }),
        json!({ "kid": "x".repeat(3_000) }),
        json!({ "kid": "../../token-signing.key" }),
        json!({ "crit": ["exp"] }),
        json!({ "b64": false }),
        json!({ "jku": "https://test.example/keys" }),
        json!({ "jwk": { "kty": "OKP", "crv": "Ed25519", "x": "AAAA" } }),
        json!({ "x5u": "https://test.example/keys" }),
        json!({ "zip": "DEF" }),
        json!({ "cty": "JWT" }),
    ];
    let claims = claims(&w);
    refused_alike(
        &w,
        headers.map(|changes| signed(&but(&header(), &changes), &claims)),
    );
}

#[test]
fn a_token_with_other_claims_is_refused_even_if_we_signed_it() {
    let w = World::new();
    let now = w.clock.now().timestamp();
    let odd = [
        json!({ "aud": "another-api" }),
        json!({ "aud": ["sangsaeng-api"] }),
        json!({ "aud": null }),
        json!({ "iss": "another" }),
        json!({ "iss": ["sangsaeng", "another"] }),
        json!({ "iss": null }),
        json!({ "sub": "nobody" }),
        json!({ "sub": "" }),
        json!({ "sub": null }),
        json!({ "sub": 1 }),
        json!({ "jti": "" }),
        json!({ "exp": now - 6 }),
        json!({ "exp": now + 901 }),
        json!({ "exp": i64::MAX }),
        json!({ "exp": -1 }),
        json!({ "exp": (now + 900).to_string() }),
        json!({ "exp": null }),
        json!({ "nbf": now + 60 }),
        json!({ "iat": now + 60, "nbf": now + 60, "exp": now + 900 }),
        json!({ "nbf": null }),
        json!({ "ver": 0 }),
        json!({ "ver": 2 }),
        json!({ "ver": "1" }),
        json!({ "ver": null }),
        json!({ "roles": ["admin"] }),
        json!({ "admin": true }),
    ];
    let good = claims(&w);
    refused_alike(
        &w,
        odd.map(|changes| signed(&header(), &but(&good, &changes))),
    );
}

#[test]
fn what_only_looks_like_a_token_is_refused() {
    let w = World::new();
    let good = w.token("officer");
    let parts: Vec<&str> = good.split('.').collect();
    let [header, claims, seal] = [parts[0], parts[1], parts[2]];
    let none = part(&json!({ "alg": "none", "typ": "at+jwt", "kid": token_key().0 }));
    let other = part(&but(&self::claims(&w), &json!({ "sub": "admin" })));
    let tokens = [
        "x".to_owned(),
        "..".to_owned(),
        "null".to_owned(),
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{seal}"),
        format!("{header}.{other}.{seal}"),
        format!("{header}.{claims}."),
        format!("{header}.{claims}"),
        format!("{header}.{claims}.{seal}="),
        format!("{header}.{claims}.{seal}.{seal}"),
        format!("{header}.{claims}.{}", seal.to_uppercase()),
        format!("{header}=.{claims}.{seal}"),
        format!("{good}{good}"),
        format!("{good} {good}"),
        "a".repeat(5_000),
        "a".repeat(60_000),
        "{}".to_owned(),
        "srt_q8mH0cVw".to_owned(),
    ];
    refused_alike(&w, tokens);
    me(&w, &good).expect(200);
}

#[test]
fn a_token_comes_in_the_header_as_a_bearers_and_nowhere_else() {
    let w = World::new();
    let token = w.token("officer");
    for header in [
        token.clone(),
        format!("Basic {token}"),
        format!("Token {token}"),
        format!("Bearer\t{token}"),
        format!("Bearer={token}"),
        format!("Bearer \"{token}\""),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        String::new(),
    ] {
        assert_eq!(
            authorized(&w, &header).refusal(),
            "401 | not_signed_in",
            "{header}"
        );
    }
    let reply = w.send("GET", &format!("/v1/funds?access_token={token}"), &[], b"");
    assert_eq!(reply.refusal(), "401 | not_signed_in");
    let cookie = format!("access_token={token}");
    let reply = w.send("GET", "/v1/me", &[("cookie", &cookie)], b"");
    assert_eq!(reply.refusal(), "401 | not_signed_in");
}
