//! Another key to sign tokens with, while servers run.

use std::path::Path;

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use sangsaeng::access::keys::rotation;
use sangsaeng::clock::Clock;

use super::{NOT_SIGNED_IN, OFFICER, me, pass, refresh, session};
use crate::support::{World, key_dir};

/// The public keys that a server tells: ids, and what they are.
fn published(w: &World) -> Vec<(String, Vec<u8>)> {
    let reply = w
        .send("GET", "/.well-known/jwks.json", &[], b"")
        .expect(200);
    assert_eq!(
        reply.header("content-type"),
        Some("application/jwk-set+json")
    );
    assert_eq!(reply.header("cache-control"), Some("public, max-age=300"));
    let keys = reply.body["keys"].as_array().unwrap().iter();
    let key = |key: &serde_json::Value| {
        let parts = ["kty", "crv", "alg", "use"].map(|part| key[part].as_str().unwrap());
        assert_eq!(parts, ["OKP", "Ed25519", "EdDSA", "sig"]);
        assert_eq!(
            key.as_object().unwrap().len(),
            6,
            "nothing of a private half"
        );
        let x = URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
        (key["kid"].as_str().unwrap().to_owned(), x)
    };
    keys.map(key).collect()
}

/// Which of the published keys signed a token, as anybody outside would find out.
fn signer(keys: &[(String, Vec<u8>)], token: &str) -> Option<String> {
    let (said, seal) = token.rsplit_once('.').unwrap();
    let seal = URL_SAFE_NO_PAD.decode(seal).unwrap();
    let signed = |key: &&(String, Vec<u8>)| {
        let key = UnparsedPublicKey::new(&ED25519, &key.1);
        key.verify(said.as_bytes(), &seal).is_ok()
    };
    keys.iter().find(signed).map(|(kid, _)| kid.clone())
}

/// Two servers over the same books, whose keys lie in one folder.
fn two(folder: &Path, home: &World) -> [World; 2] {
    for file in std::fs::read_dir(key_dir()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), folder.join(file.file_name())).unwrap();
    }
    [(); 2].map(|()| home.beside_with_keys(folder))
}

#[test]
fn keys_change_places_under_two_servers_and_nobody_notices() {
    let (home, folder) = (World::new(), tempfile::tempdir().unwrap());
    let [one, two] = two(folder.path(), &home);
    let old = published(&one);
    assert_eq!((old.len(), &old), (1, &published(&two)));
    let (token, renewal) = session(&one, OFFICER);
    assert_eq!(signer(&old, &token), Some(old[0].0.clone()));

    let now = one.clock.now();
    let done = rotation::rotate(folder.path(), now, now + TimeDelta::minutes(10)).unwrap();
    // One has looked; the other one does in a moment. Each takes the tokens of each meanwhile.
    one.read_keys_again();
    let (second, _) = session(&one, OFFICER);
    me(&two, &second).expect(200);
    two.read_keys_again();
    let both = published(&one);
    assert_eq!((both.len(), &both), (2, &published(&two)));
    assert_eq!(both[1].0, done.kid);
    assert_eq!(
        signer(&old, &second),
        Some(old[0].0.clone()),
        "the new one does not sign yet"
    );

    pass(&one, TimeDelta::minutes(10));
    let renewed = refresh(&one, &renewal).expect(200);
    let third = renewed.text("/access_token");
    assert_eq!(signer(&both, third), Some(done.kid.clone()));
    for server in [&one, &two] {
        for token in [&token, &second, third] {
            me(server, token).expect(200);
        }
    }
    pass(&one, TimeDelta::minutes(15) + TimeDelta::seconds(5));
    for server in [&one, &two] {
        assert_eq!(published(server), both[1..], "the old one is over");
    }
    let (fourth, _) = session(&two, OFFICER);
    me(&one, &fourth).expect(200);
}

#[test]
fn tokens_of_a_key_that_somebody_else_may_have_end_everywhere() {
    let (home, folder) = (World::new(), tempfile::tempdir().unwrap());
    let [one, two] = two(folder.path(), &home);
    let (token, renewal) = session(&one, OFFICER);
    for server in [&one, &two] {
        me(server, &token).expect(200);
    }
    let kid = rotation::replace(folder.path()).unwrap();
    for server in [&one, &two] {
        server.read_keys_again();
        assert_eq!(me(server, &token).refusal(), NOT_SIGNED_IN);
        assert_eq!(published(server)[0].0, kid);
    }
    let renewed = refresh(&one, &renewal).expect(200);
    me(&two, renewed.text("/access_token")).expect(200);
}
