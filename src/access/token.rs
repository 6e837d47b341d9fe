//! Access tokens: short-lived signed statements of who is calling (JWS over Ed25519).
//!
//! The JWT library signs and checks signatures, nothing else. It would let pass unknown critical
//! headers, foreign token kinds and loosely typed claims, so header and claims are read here, each
//! strictly: the exact set of keys, each once, each of its own type. Time comes in as `now`.
//! Cost: one Ed25519 operation, no I/O. Whether the session version is still the user's current
//! one is for the caller to look up: that is what revokes a token before it expires.

use std::fmt;

use aws_lc_rs::error::KeyRejected;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, crypto};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use super::refused::{TokenFault, TokenRefused};
use super::secret::random_id;

/// How long an access token lives.
pub const ACCESS_TTL: TimeDelta = TimeDelta::minutes(15);

/// How far two servers' clocks may lie apart. It lengthens no lifetime.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);

/// A longer token is refused unread.
const MAX_TOKEN_BYTES: usize = 4096;

/// The longest subject a token is issued for: user ids are far shorter.
const MAX_SUBJECT_BYTES: usize = 64;

const ISSUER: &str = "sangsaeng";
const AUDIENCE: &str = "sangsaeng-api";
/// The one signature algorithm, by its name in RFC 8037.
const ALGORITHM: &str = "EdDSA";
/// The kind of token (RFC 9068 §2.1), so that no other kind passes for this one.
const KIND: &str = "at+jwt";

/// What an access token says. The names are those of RFC 7519; times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessClaims {
    /// Who issued it: always `sangsaeng`.
    pub iss: String,
    /// Whom it is for: always `sangsaeng-api`.
    pub aud: String,
    /// Whose it is: the id of a user or client.
    pub sub: String,
    /// The token's own id, a UUID version 7.
    pub jti: String,
    /// Issued at.
    pub iat: i64,
    /// Not valid before.
    pub nbf: i64,
    /// Not valid from then on.
    pub exp: i64,
    /// The session version of the user or client when it was issued.
    pub ver: i64,
    /// What it is for, where it is a client's (RFC 6749 §3.3). A user's has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

/// The protected header: these three keys and no others, which refuses `crit`, `jku`, `jwk`,
/// `x5c`, `b64`, `zip` and all that is yet to be invented.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrictHeader {
    alg: String,
    typ: String,
    kid: String,
}

/// Why no token could be issued.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The bytes are no Ed25519 key.
    #[error("the token signing key is not an Ed25519 key")]
    Key(#[from] KeyRejected),
    /// The cryptographic library failed to write the key in the form that signing takes.
    #[error("the token signing key could not be prepared")]
    Backend(#[from] aws_lc_rs::error::Unspecified),
    /// The subject is empty or too long.
    #[error("a token's subject has 1 to {MAX_SUBJECT_BYTES} bytes")]
    Subject,
    /// Signing failed.
    #[error("the token could not be signed")]
    Signing(#[from] jsonwebtoken::errors::Error),
}

/// The key that signs access tokens, and its public half that checks them.
pub struct TokenKeys {
    kid: String,
    signing: EncodingKey,
    checking: DecodingKey,
}

impl TokenKeys {
    /// The keys that grow from an Ed25519 seed, named `kid` in every token.
    ///
    /// # Errors
    /// [`TokenError::Key`] or [`TokenError::Backend`] when the library refuses the seed.
    pub fn from_seed(kid: &str, seed: &[u8; 32]) -> Result<Self, TokenError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed)?;
        Ok(Self {
            kid: kid.to_owned(),
            signing: EncodingKey::from_ed_der(pair.to_pkcs8v1()?.as_ref()),
            checking: DecodingKey::from_ed_der(pair.public_key().as_ref()),
        })
    }

    /// A token for `subject`, good for [`ACCESS_TTL`] from `now`.
    ///
    /// # Errors
    /// [`TokenError::Subject`], or [`TokenError::Signing`] when the library fails.
    pub fn issue(
        &self,
        subject: &str,
        session_version: i64,
        now: DateTime<Utc>,
    ) -> Result<String, TokenError> {
        self.issue_for(subject, session_version, None, now)
    }

    /// The same for a client, and good for nothing but `scope`.
    ///
    /// # Errors
    /// As [`TokenKeys::issue`].
    pub fn issue_for(
        &self,
        subject: &str,
        session_version: i64,
        scope: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<String, TokenError> {
        if subject.is_empty() || subject.len() > MAX_SUBJECT_BYTES {
            return Err(TokenError::Subject);
        }
        let header = Header {
            typ: Some(KIND.to_owned()),
            kid: Some(self.kid.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        let issued = now.timestamp();
        let claims = AccessClaims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: subject.to_owned(),
            jti: random_id(now),
            iat: issued,
            nbf: issued,
            exp: issued.saturating_add(ACCESS_TTL.num_seconds()),
            ver: session_version,
            scope,
        };
        Ok(jsonwebtoken::encode(&header, &claims, &self.signing)?)
    }

    /// What the token says, if it was issued here and holds at `now`.
    ///
    /// # Errors
    /// [`TokenRefused`], the same for every fault.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, TokenRefused> {
        let claims = self.read(token).map_err(TokenRefused)?;
        check_times(&claims, now.timestamp()).map_err(TokenRefused)?;
        Ok(claims)
    }

    /// Everything but the clock: the cheap checks, then the signature, then the claims.
    fn read(&self, token: &str) -> Result<AccessClaims, TokenFault> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenFault::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenFault::Header)?;
        let (header, claims) = signed.split_once('.').ok_or(TokenFault::Header)?;

        let header: StrictHeader = read_part(header).ok_or(TokenFault::Header)?;
        if header.alg != ALGORITHM || header.typ != KIND {
            return Err(TokenFault::Header);
        }
        if header.kid != self.kid {
            return Err(TokenFault::UnknownKey);
        }
        match crypto::verify(
            signature,
            signed.as_bytes(),
            &self.checking,
            Algorithm::EdDSA,
        ) {
            Ok(true) => {}
            Ok(false) | Err(_) => return Err(TokenFault::Signature),
        }
        let claims: AccessClaims = read_part(claims).ok_or(TokenFault::Claims)?;
        let ours = claims.iss == ISSUER && claims.aud == AUDIENCE;
        if !ours || claims.sub.is_empty() || claims.jti.is_empty() {
            return Err(TokenFault::Claims);
        }
        Ok(claims)
    }
}

impl fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKeys")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// One part of a token: strict base64url without padding, then one JSON object.
fn read_part<T: DeserializeOwned>(part: &str) -> Option<T> {
    let json = URL_SAFE_NO_PAD.decode(part).ok()?;
    // serde would take an array of the values as well.
    if json.first() != Some(&b'{') {
        return None;
    }
    serde_json::from_slice(&json).ok()
}

/// Whether the claims hold at `now`, in Unix seconds.
fn check_times(claims: &AccessClaims, now: i64) -> Result<(), TokenFault> {
    let leeway = LEEWAY.num_seconds();
    let lifetime = claims.exp.checked_sub(claims.iat);
    if !lifetime.is_some_and(|seconds| (1..=ACCESS_TTL.num_seconds()).contains(&seconds)) {
        return Err(TokenFault::Lifetime);
    }
    if claims.iat.max(claims.nbf) > now.saturating_add(leeway) {
        return Err(TokenFault::NotYetValid);
    }
    if claims.exp <= now.saturating_sub(leeway) {
        return Err(TokenFault::Expired);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
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
        let seal = crypto::sign(parts.as_bytes(), &keys().signing, Algorithm::EdDSA).unwrap();
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
}
