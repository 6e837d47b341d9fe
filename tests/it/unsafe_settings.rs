//! Every setting that is not safe keeps the server from starting, and is named.

use std::fs::{Permissions, copy, read_to_string, set_permissions, write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::json;

use crate::support::program::{Desk, Server, code, err, hangul};

const KEYS: [&str; 4] = ["token-signing", "personal-details", "blind-index", "cursor"];

/// A desk with keys in a folder of its own.
fn desk() -> Desk {
    let desk = Desk::new();
    assert_eq!(code(&desk.run(&["keys", "init", "keys"])), 0);
    desk.with("SANGSAENG_KEY_DIR", "keys")
}

/// Neither serves nor says so in one language alone.
#[track_caller]
fn refused(desk: &Desk, name: &str) {
    let words = ["serve", "--listen", "127.0.0.1:0"];
    let en = desk.run(&words);
    assert_eq!(code(&en), 2, "{name}: {}", err(&en));
    assert!(err(&en).contains(name), "{name}: {}", err(&en));
    assert!(!err(&en).contains("Serving on"), "{}", err(&en));
    let ko = desk.run(&[&["--lang", "ko"], &words[..]].concat());
    assert!(hangul(&err(&ko)) && err(&ko).contains(name), "{}", err(&ko));
}

fn mode(path: &Path, mode: u32) {
    set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// The line of a key file with another secret, in base64url.
fn with_secret(line: &str, secret: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    format!("{} {secret}\n", words[..4].join(" "))
}

#[test]
fn a_key_that_is_not_safe_is_not_served_with() {
    // Thirty-one bytes, thirty-two zeros, and texts of thirty-two bytes such as people type.
    let weak = [
        "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHw",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "Y2hhbmdlLW1lLWNoYW5nZS1tZS1jaGFuZ2UtbWUtY2g",
        "cGFzc3dvcmRwYXNzd29yZHBhc3N3b3JkcGFzc3dvcmQ",
        "",
    ];
    for purpose in KEYS {
        let desk = desk();
        let file = format!("{purpose}.key");
        let path = desk.path().join("keys").join(&file);
        let good = read_to_string(&path).unwrap();
        for open in [0o640, 0o604, 0o620, 0o666] {
            mode(&path, open);
            refused(&desk, &file);
        }
        mode(&path, 0o600);
        for text in ["", "change-me\n", "secret\n"] {
            write(&path, text).unwrap();
            refused(&desk, &file);
        }
        for secret in weak {
            write(&path, with_secret(&good, secret)).unwrap();
            refused(&desk, &file);
        }
        let other = KEYS[(KEYS.iter().position(|known| *known == purpose).unwrap() + 1) % 4];
        let other = desk.path().join("keys").join(format!("{other}.key"));
        copy(&other, &path).unwrap();
        refused(&desk, &file);
        let line = read_to_string(&other).unwrap();
        let secret = line.split_whitespace().nth(4).unwrap();
        write(&path, with_secret(&good, secret)).unwrap();
        refused(&desk, &file);
        std::fs::remove_file(&path).unwrap();
        refused(&desk, &file);
        write(&path, &good).unwrap();
        mode(&path, 0o600);
    }
}

#[test]
fn keys_that_others_could_put_there_are_not_served_with() {
    let desk = desk();
    let keys = desk.path().join("keys");
    for open in [0o770, 0o702, 0o777] {
        mode(&keys, open);
        refused(&desk, "keys");
        assert_eq!(code(&desk.run(&["keys", "rotate", "keys"])), 2);
    }
    mode(&keys, 0o700);
    let next = keys.join("token-signing.next.key");
    write(&next, "change-me\n").unwrap();
    mode(&next, 0o600);
    refused(&desk, "token-signing.next.key");
}

#[test]
fn settings_of_the_identity_provider_and_of_proxies_are_safe_or_named() {
    let jwks = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "k",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] });
    let whole = [
        ("SANGSAENG_OIDC_ISSUER", "https://idp.test.example"),
        ("SANGSAENG_OIDC_AUDIENCE", "sangsaeng"),
        ("SANGSAENG_OIDC_JWKS", "idp.json"),
        ("SANGSAENG_OIDC_ROLES", "esg=officer"),
    ];
    let desk = || {
        let desk = whole
            .into_iter()
            .fold(desk(), |desk, (name, value)| desk.with(name, value));
        write(desk.path().join("idp.json"), jwks.to_string()).unwrap();
        desk
    };
    for (name, _) in whole {
        refused(&desk().without(name), name);
    }
    for (name, value) in [
        ("SANGSAENG_OIDC_JWKS", "http://idp.test.example/keys"),
        ("SANGSAENG_OIDC_JWKS", "nowhere.json"),
        ("SANGSAENG_OIDC_JWKS", "sangsaeng.toml"),
        ("SANGSAENG_OIDC_ALGORITHMS", "HS256"),
        ("SANGSAENG_OIDC_ALGORITHMS", "RS256,none"),
        ("SANGSAENG_OIDC_ROLES", "esg=partner"),
        ("SANGSAENG_OIDC_ROLES", "esg=root"),
        ("SANGSAENG_OIDC_ROLES", "*"),
        ("SANGSAENG_TRUSTED_PROXIES", "0.0.0.0/0"),
        ("SANGSAENG_TRUSTED_PROXIES", "::/0"),
        ("SANGSAENG_TRUSTED_PROXIES", "*"),
    ] {
        let desk = desk().with(name, value);
        write(desk.path().join("sangsaeng.toml"), "lang = \"en\"\n").unwrap();
        refused(&desk, name);
    }
    let open = desk();
    mode(&open.path().join("idp.json"), 0o646);
    refused(&open, "SANGSAENG_OIDC_JWKS");
    let useless = desk().with("SANGSAENG_OIDC_ALGORITHMS", "RS256");
    refused(&useless, "SANGSAENG_OIDC_JWKS");
    // With nothing wrong it serves.
    let good = desk().with("SANGSAENG_TRUSTED_PROXIES", "127.0.0.1");
    mode(&good.path().join("idp.json"), 0o644);
    assert_eq!(Server::start(&good, &[]).terminate(), 0);
    let file = desk_of_a_file(&jwks.to_string());
    assert_eq!(Server::start(&file, &[]).terminate(), 0);
}

/// The same settings in the file.
fn desk_of_a_file(jwks: &str) -> Desk {
    let desk = desk();
    write(desk.path().join("idp.json"), jwks).unwrap();
    let settings = "trusted_proxies = \"10.0.0.0/8\"\n[oidc]\nissuer = \"https://idp\"\n\
                    audience = \"sangsaeng\"\njwks = \"idp.json\"\nroles = \"esg=officer\"\n";
    write(desk.path().join("sangsaeng.toml"), settings).unwrap();
    desk
}

#[test]
fn there_is_no_admin_that_nobody_made() {
    let desk = desk();
    for password in [
        "admin",
        "admin1234",
        "changeme!",
        "boss-2022",
        "sangsaeng-2022",
        "",
    ] {
        let made = desk.create_user("boss@test.example", password);
        assert_eq!(code(&made), 2, "{password}");
    }
    let server = Server::start(&desk, &[]);
    for (email, password) in [
        ("admin", "admin"),
        ("admin@localhost", "admin"),
        ("admin@sangsaeng.example", "password"),
        ("root@localhost", ""),
    ] {
        let body = json!({ "email": email, "password": password }).to_string();
        let (status, _) = server.post("/v1/auth/login", &body);
        assert!(matches!(status, 401 | 422), "{email}: {status}");
    }
    assert_eq!(server.terminate(), 0);
}
