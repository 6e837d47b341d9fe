//! The keys of an identity provider, as RFC 7517 writes them.
//!
//! A set may hold keys that are of no use here; those are passed over. What a key is for follows
//! from its kind alone: so a public key is never taken for the secret of another algorithm.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::text_enum::text_enum;

/// The most bytes of a set.
pub const MAX_BYTES: usize = 64 * 1024;
/// The most keys of a set.
const MAX_KEYS: usize = 32;
/// The longest id of a key.
const MAX_KID: usize = 255;
/// Bytes of the modulus of an RSA key: 2,048 to 8,192 bits.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;
/// Bytes of a number on P-256, and of a point on Ed25519.
const CURVE_BYTES: usize = 32;

text_enum! {
    /// An algorithm of signatures, by its name in RFC 7518 and RFC 8037.
    Algorithm {
        /// RSA with PKCS #1 v1.5 and SHA-256.
        Rs256 = "RS256",
        /// ECDSA on P-256 with SHA-256.
        Es256 = "ES256",
        /// Ed25519.
        EdDsa = "EdDSA",
    }
}

impl From<Algorithm> for jsonwebtoken::Algorithm {
    fn from(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Rs256 => Self::RS256,
            Algorithm::Es256 => Self::ES256,
            Algorithm::EdDsa => Self::EdDSA,
        }
    }
}

/// Why a set of keys cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadJwks {
    /// It is no JSON Web Key Set, or one that is too long.
    #[error("the keys of the identity provider are no JSON Web Key Set of at most {MAX_KEYS} keys")]
    Garbled,
    /// None of its keys is for an algorithm that is taken.
    #[error("the identity provider publishes no key for an algorithm that is taken")]
    Useless,
    /// Two keys have one id.
    #[error("the identity provider publishes two keys with one id")]
    Twice,
}

/// A key of the provider.
pub struct Key {
    /// What it is for.
    pub algorithm: Algorithm,
    /// What checks a signature.
    pub checking: DecodingKey,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    /// The private half, which has no business here.
    d: Option<IgnoredAny>,
}

/// The keys of a set that are for one of these algorithms, by their ids.
///
/// # Errors
/// [`BadJwks`].
pub fn read(bytes: &[u8], algorithms: &[Algorithm]) -> Result<HashMap<String, Key>, BadJwks> {
    if bytes.len() > MAX_BYTES {
        return Err(BadJwks::Garbled);
    }
    let set: Set = serde_json::from_slice(bytes).map_err(|_not_a_set| BadJwks::Garbled)?;
    if set.keys.len() > MAX_KEYS {
        return Err(BadJwks::Garbled);
    }
    let mut keys = HashMap::new();
    for jwk in set.keys {
        let Some((kid, key)) = jwk.key() else {
            continue;
        };
        if algorithms.contains(&key.algorithm) && keys.insert(kid, key).is_some() {
            return Err(BadJwks::Twice);
        }
    }
    if keys.is_empty() {
        return Err(BadJwks::Useless);
    }
    Ok(keys)
}

impl Jwk {
    /// The key and its id, if it is of use.
    fn key(self) -> Option<(String, Key)> {
        let is_for_signatures = self.purpose.is_none_or(|purpose| purpose == "sig");
        if !is_for_signatures || self.d.is_some() {
            return None;
        }
        let (algorithm, checking) = match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", None) => {
                let (n, e) = (self.n?, self.e?);
                let modulus = URL_SAFE_NO_PAD.decode(&n).ok()?;
                let modulus = modulus.iter().skip_while(|byte| **byte == 0).count();
                if !RSA_BYTES.contains(&modulus) {
                    return None;
                }
                (Algorithm::Rs256, DecodingKey::from_rsa_components(&n, &e))
            }
            ("EC", Some("P-256")) => {
                let (x, y) = (on_curve(self.x)?, on_curve(self.y)?);
                (Algorithm::Es256, DecodingKey::from_ec_components(&x, &y))
            }
            ("OKP", Some("Ed25519")) => {
                let x = on_curve(self.x)?;
                (Algorithm::EdDsa, DecodingKey::from_ed_components(&x))
            }
            _ => return None,
        };
        if self.alg.is_some_and(|alg| alg != algorithm.to_string()) {
            return None;
        }
        let kid = self.kid.filter(|kid| (1..=MAX_KID).contains(&kid.len()))?;
        let checking = checking.ok()?;
        Some((
            kid,
            Key {
                algorithm,
                checking,
            },
        ))
    }
}

/// A number of the length that the curve has.
fn on_curve(number: Option<String>) -> Option<String> {
    let number = number?;
    let bytes = URL_SAFE_NO_PAD.decode(&number).ok()?;
    (bytes.len() == CURVE_BYTES).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text_enum::TextEnum;
    use serde_json::{Value, json};

    fn ed(kid: &str) -> Value {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "x": x, "use": "sig", "alg": "EdDSA" })
    }

    fn rsa(bytes: usize) -> Value {
        let n = URL_SAFE_NO_PAD.encode(vec![0xc5; bytes]);
        json!({ "kty": "RSA", "kid": "r", "n": n, "e": "AQAB", "x5c": ["whatever"] })
    }

    fn kids(keys: &[Value]) -> Result<Vec<String>, BadJwks> {
        let set = json!({ "keys": keys, "more": 1 }).to_string();
        let keys = read(set.as_bytes(), Algorithm::ALL)?;
        let mut kids: Vec<String> = keys.into_keys().collect();
        kids.sort();
        Ok(kids)
    }

    fn but(mut key: Value, member: &str, value: Value) -> Value {
        key[member] = value;
        key
    }

    #[test]
    fn keys_of_use_are_taken_and_others_passed_over() {
        let others = [
            json!({ "kty": "oct", "kid": "s", "k": "AAAA" }),
            json!({ "kty": "OKP", "crv": "X25519", "kid": "x", "x": "AAAA" }),
            json!({ "kty": "EC", "crv": "secp256k1", "kid": "k", "x": "AAAA", "y": "AAAA" }),
            but(ed("enc"), "use", json!("enc")),
            but(ed("other"), "alg", json!("HS256")),
            but(ed("private"), "d", json!("AAAA")),
            but(ed("short"), "x", json!("AAAA")),
            but(ed(""), "kid", Value::Null),
            ed(&"k".repeat(256)),
            ed(""),
        ];
        assert_eq!(kids(&others), Err(BadJwks::Useless));
        let all = [others.as_slice(), &[ed("a"), ed("b"), rsa(256)]].concat();
        assert_eq!(kids(&all).unwrap(), ["a", "b", "r"]);
    }

    #[test]
    fn an_rsa_key_is_neither_short_nor_endless() {
        assert!(kids(&[rsa(1024)]).is_ok());
        for bytes in [0, 128, 255, 1025] {
            assert_eq!(kids(&[rsa(bytes)]), Err(BadJwks::Useless), "{bytes}");
        }
    }

    #[test]
    fn only_algorithms_that_are_taken_are_of_use() {
        let set = json!({ "keys": [ed("a")] }).to_string();
        let rsa_alone = read(set.as_bytes(), &[Algorithm::Rs256]);
        assert_eq!(rsa_alone.err(), Some(BadJwks::Useless));
    }

    #[test]
    fn a_set_is_bounded_and_whole() {
        assert_eq!(kids(&[ed("a"), ed("a")]), Err(BadJwks::Twice));
        let many: Vec<Value> = (0..33).map(|n| ed(&n.to_string())).collect();
        assert_eq!(kids(&many), Err(BadJwks::Garbled));
        let long = vec![b' '; MAX_BYTES + 1];
        for bad in [&long[..], b"", b"[]", b"{}", b"<html>", b"{\"keys\":{}}"] {
            assert_eq!(read(bad, Algorithm::ALL).err(), Some(BadJwks::Garbled));
        }
    }
}
