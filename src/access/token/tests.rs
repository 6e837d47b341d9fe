use super::*;
use TokenFault::{
    Claims, Expired, Header as BadHeader, Lifetime, NotYetValid, Signature, TooLong, UnknownKey,
};

const NOW: i64 = 1_667_433_600;
const HEADER: &str = r#"{"typ":"at+jwt","alg":"EdDSA","kid":"k1"}"#;
const CLAIMS: &str = concat!(
    r#"{"iss":"sangsaeng","aud":"sangsaeng-api","sub":"u1","jti":"j1","#,
    r#""iat":1667433600,"nbf":1667433600,"exp":1667434500,"ver":3}"#
);

fn keys() -> TokenKeys {
    TokenKeys::from_seed("k1", &[7; 32]).unwrap()
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

/// A token with any header and claims, signed with the true key.
fn sign(header: &str, claims: &str) -> String {
    let parts = [header, claims]
        .map(|part| URL_SAFE_NO_PAD.encode(part))
        .join(".");
    let seal = crypto::sign(
        parts.as_bytes(),
        &keys().keys().first.signing,
        Algorithm::EdDSA,
    )
    .unwrap();
    format!("{parts}.{seal}")
}

fn fault(token: &str) -> Option<TokenFault> {
    keys().verify(token, at(NOW)).err().map(TokenRefused::fault)
}

#[track_caller]
fn refuses(token: &str, expected: TokenFault, why: &str) {
    assert_eq!(fault(token), Some(expected), "{why}");
}

#[test]
fn a_token_that_was_checked_once_is_held_against_its_times_key_and_signature_again() {
    let keys = keys();
    let token = keys.issue("u1", 1, at(NOW)).unwrap();
    keys.verify(&token, at(NOW)).unwrap();
    keys.verify(&token, at(NOW)).unwrap();

    let (signed, seal) = token.rsplit_once('.').unwrap();
    let mut seal = seal.chars();
    let other = if seal.next() == Some('A') { 'B' } else { 'A' };
    let forged = format!("{signed}.{other}{}", seal.as_str());
    assert_eq!(
        keys.verify(&forged, at(NOW)).map_err(TokenRefused::fault),
        Err(Signature)
    );
    assert_eq!(
        keys.verify(&token, at(NOW + 906))
            .map_err(TokenRefused::fault),
        Err(Expired)
    );

    let same_name = SigningKey::from_seed("k1", &[8; 32], DateTime::<Utc>::MIN_UTC).unwrap();
    keys.replace(SigningKeys::one(same_name));
    assert_eq!(
        keys.verify(&token, at(NOW)).map_err(TokenRefused::fault),
        Err(Signature)
    );
}

#[test]
fn an_issued_token_says_what_it_was_issued_for() {
    let keys = keys();
    for version in 0..100 {
        let token = keys.issue("u1", version, at(NOW)).unwrap();
        let claims = keys.verify(&token, at(NOW)).unwrap();
        assert_eq!((claims.sub.as_str(), claims.ver), ("u1", version));
        assert_eq!((claims.iat, claims.nbf, claims.exp), (NOW, NOW, NOW + 900));
        assert_eq!(
            uuid::Uuid::parse_str(&claims.jti)
                .unwrap()
                .get_version_num(),
            7
        );
    }
}

#[test]
fn the_forger_of_these_tests_makes_good_tokens_when_nothing_is_wrong() {
    assert_eq!(fault(&sign(HEADER, CLAIMS)), None);
}

#[test]
fn a_token_holds_from_its_start_to_its_end_and_five_seconds_around() {
    let keys = keys();
    let token = keys.issue("u1", 1, at(NOW)).unwrap();
    let fault = |seconds| {
        keys.verify(&token, at(seconds))
            .err()
            .map(TokenRefused::fault)
    };
    assert_eq!(fault(NOW - 6), Some(NotYetValid));
    assert_eq!(fault(NOW - 5), None);
    assert_eq!(fault(NOW + 899), None);
    assert_eq!(fault(NOW + 904), None);
    assert_eq!(fault(NOW + 905), Some(Expired));
    assert_eq!(fault(NOW + 315_360_000), Some(Expired));
}

#[test]
fn only_the_exact_header_is_read() {
    let headers = r#"
        {"typ":"at+jwt","alg":"none","kid":"k1"}
        {"typ":"at+jwt","alg":"HS256","kid":"k1"}
        {"typ":"at+jwt","alg":"eddsa","kid":"k1"}
        {"typ":"at+jwt","alg":["EdDSA"],"kid":"k1"}
        {"typ":"at+jwt","alg":null,"kid":"k1"}
        {"typ":"at+jwt","kid":"k1"}
        {"alg":"EdDSA","kid":"k1"}
        {"typ":"at+jwt","alg":"EdDSA"}
        {"typ":"JWT","alg":"EdDSA","kid":"k1"}
        {"typ":"AT+JWT","alg":"EdDSA","kid":"k1"}
        {"typ":"at+jwt","alg":"EdDSA","kid":1}
        {"typ":"at+jwt","alg":"EdDSA","kid":"k1","kid":"k1"}
        {"typ":"at+jwt","alg":"EdDSA","kid":"k1","\u0061lg":"EdDSA"}
        {"typ":"at+jwt","alg":"EdDSA","kid":"k1","crit":["exp"]}
        {"typ":"at+jwt","alg":"EdDSA","kid":"k1","jku":"https://a.example"}
        {"typ":"at+jwt","alg":"EdDSA","kid":"k1","jwk":{}}
        {"typ":"at+jwt","alg":"EdDSA","kid":"k1","x5u":"https://a.example"}
        {"typ":"at+jwt","alg":"EdDSA","kid":"k1","x5c":[]}
        {"typ":"at+jwt","alg":"EdDSA","kid":"k1","b64":false}
        {"typ":"at+jwt","alg":"EdDSA","kid":"k1","zip":"DEF"}
        {"typ":"at+jwt","alg":"EdDSA","kid":"k1","cty":"JWT"}
        {"typ":"at+jwt","alg":"EdDSA","kid":"k1"}{}
        ["EdDSA","at+jwt","k1"]
        null"#;
    for header in headers.lines().map(str::trim) {
        refuses(&sign(header, CLAIMS), BadHeader, header);
    }
    refuses(
        &sign(&format!(" {HEADER}"), CLAIMS),
        BadHeader,
        "leading space",
    );
    for kid in ["", "k2", "K1", "../k1", "k1\\u0000", "k1' OR 1=1"] {
        refuses(&sign(&HEADER.replace("k1", kid), CLAIMS), UnknownKey, kid);
    }
}

#[test]
fn every_claim_is_there_once_with_its_own_type_and_value() {
    // First what is right, then what is wrong in its place.
    let claims = r#"
        "iss":"sangsaeng"     "iss":["sangsaeng"]     "iss":1    "iss":"sangsaeng-api"
        "aud":"sangsaeng-api" "aud":["sangsaeng-api"] "aud":{}   "aud":"sangsaeng"
        "sub":"u1"            "sub":1                 "sub":null "sub":""
        "jti":"j1"            "jti":1                 "jti":null "jti":""
        "iat":1667433600      "iat":1667433600.0      "iat":"1"  "iat":1e9
        "nbf":1667433600      "nbf":1667433600.5      "nbf":null "nbf":"1667433600"
        "exp":1667434500      "exp":"1667434500"      "exp":1e9  "exp":9223372036854775808
        "ver":3               "ver":"3"               "ver":3.0  "ver":-0"#;
    for line in claims.lines().skip(1) {
        let mut words = line.split_whitespace();
        let right = words.next().unwrap();
        assert!(CLAIMS.contains(right));
        let doubled = format!("{right},{right}");
        for wrong in words.chain([r#""none":0"#, &doubled]) {
            refuses(&sign(HEADER, &CLAIMS.replace(right, wrong)), Claims, wrong);
        }
    }
    let without_version = CLAIMS.replace(r#","ver":3"#, "");
    let with_more = CLAIMS.replace('}', r#","admin":true}"#);
    for other in ["[]", "{}", "null", "", &without_version, &with_more] {
        refuses(&sign(HEADER, other), Claims, other);
    }
}

#[test]
fn a_signed_token_with_odd_times_is_refused() {
    let odd = [
        ("exp", 1_667_434_501, Lifetime),
        ("exp", i64::MAX, Lifetime),
        ("exp", NOW, Lifetime),
        ("exp", -1, Lifetime),
        ("iat", i64::MIN, Lifetime),
        ("iat", 0, Lifetime),
        ("iat", NOW + 6, NotYetValid),
        ("nbf", NOW + 6, NotYetValid),
        ("nbf", i64::MAX, NotYetValid),
    ];
    for (claim, seconds, expected) in odd {
        let mut claims: serde_json::Value = serde_json::from_str(CLAIMS).unwrap();
        claims[claim] = seconds.into();
        let token = sign(HEADER, &claims.to_string());
        refuses(&token, expected, &format!("{claim} {seconds}"));
    }
}

#[test]
fn a_token_that_was_not_signed_as_it_stands_is_refused() {
    let good = sign(HEADER, CLAIMS);
    let (signed, seal) = good.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let stranger = TokenKeys::from_seed("k1", &[8; 32]).unwrap();
    let richer = URL_SAFE_NO_PAD.encode(CLAIMS.replace("u1", "u2"));
    let flipped = if seal.starts_with('A') { "B" } else { "A" };
    let tokens = [
        stranger.issue("u1", 3, at(NOW)).unwrap(),
        format!("{header}.{richer}.{seal}"),
        format!("{signed}."),
        format!("{signed}.{seal}=="),
        format!("{signed}.{seal}A"),
        format!("{signed}.{seal}\n"),
        format!("{signed}.{}", seal.get(..84).unwrap()),
        format!("{signed}.{flipped}{}", seal.get(1..).unwrap()),
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode([0; 64])),
        format!("{header}.{seal}.{seal}"),
        format!("{signed}.{seal}.{seal}"),
    ];
    for token in tokens {
        refuses(&token, Signature, &token);
    }
}

#[test]
fn what_is_no_token_at_all_is_refused() {
    let good = sign(HEADER, CLAIMS);
    let padded = good.replacen('.', "=.", 1);
    for text in [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "Bearer",
        "토큰.토큰.토큰",
        &padded,
    ] {
        refuses(text, BadHeader, text);
    }
    refuses(&format!(" {good}"), BadHeader, "leading space");
    refuses(&good.replacen('e', "e\n", 1), BadHeader, "line break");
    refuses(&"a".repeat(MAX_TOKEN_BYTES + 1), TooLong, "too long");
    let long = CLAIMS.replace("u1", &"u".repeat(MAX_TOKEN_BYTES));
    refuses(&sign(HEADER, &long), TooLong, "signed, and too long");
}

#[test]
fn a_subject_has_a_sensible_length() {
    for subject in ["", &"u".repeat(MAX_SUBJECT_BYTES + 1)] {
        assert!(matches!(
            keys().issue(subject, 0, at(NOW)),
            Err(TokenError::Subject)
        ));
    }
}

#[test]
fn neither_debug_nor_the_refusal_gives_anything_away() {
    assert_eq!(format!("{:?}", keys()), r#"TokenKeys { kid: "k1", .. }"#);
    let refusals = ["", &sign(HEADER, "{}"), &"a".repeat(5000)];
    for token in refusals {
        let text = keys().verify(token, at(NOW)).unwrap_err().to_string();
        assert_eq!(text, "the access token is not accepted");
    }
}
