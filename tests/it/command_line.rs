//! The program as an operator types it, on either engine: what it prints, and the code it leaves
//! with.

use serde_json::Value;

use crate::support::program::{Desk, Server, code, err, free_address, hangul, out};
use crate::support::scrape::Scrape;

#[test]
fn help_comes_in_the_language_that_is_asked_for() {
    let dir = Desk::new();
    let english = dir.run(&["--help"]);
    assert_eq!(code(&english), 0);
    assert!(out(&english).contains("Usage:") && !hangul(&out(&english)));
    let korean = out(&dir.run(&["--lang", "ko", "report", "--help"]));
    assert!(korean.contains("사용법:"), "{korean}");
    for word in ["Usage", "Options", "Arguments", "Print"] {
        assert!(!korean.contains(word), "{word} in {korean}");
    }
}

#[test]
fn a_wrong_command_line_leaves_with_2_and_says_what_to_do() {
    let dir = Desk::new();
    for words in [
        vec!["fly"],
        vec![],
        vec!["report", "overview", "--as-of", "2022-13-01"],
    ] {
        let output = dir.run(&words);
        assert_eq!(code(&output), 2, "{words:?}");
        assert!(!err(&output).is_empty());
    }
    let korean = dir.run(&["--lang", "ko", "fly"]);
    assert_eq!(code(&korean), 2);
    assert!(
        hangul(&err(&korean)) && !err(&korean).contains("error"),
        "{}",
        err(&korean)
    );
}

#[test]
fn a_wrong_setting_is_named_before_anything_starts() {
    let dir = Desk::new();
    for (name, value) in [
        ("DATABASE_URL", "mysql://here"),
        ("SANGSAENG_READ_DATABASE_URL", "sqlite://no-standby.db"),
        ("SANGSAENG_READ_LAG", "1"),
        ("SANGSAENG_LISTEN", "nowhere"),
        ("SANGSAENG_METRICS_LISTEN", "9464"),
        ("SANGSAENG_LANG", "fr"),
        ("SANGSAENG_LOG", "a=b=c"),
    ] {
        let output = dir
            .program()
            .arg("serve")
            .env(name, value)
            .output()
            .unwrap();
        assert_eq!(code(&output), 2, "{name}");
        assert!(err(&output).contains(name), "{name}: {}", err(&output));
    }
    std::fs::write(dir.path().join("sangsaeng.toml"), "colour = \"red\"\n").unwrap();
    let output = dir.run(&["migrate"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("sangsaeng.toml"));
    assert_eq!(
        std::fs::read_dir(dir.path()).unwrap().count(),
        1,
        "nothing was made"
    );
}

#[test]
fn migrating_twice_changes_nothing_the_second_time() {
    let dir = Desk::new();
    let first = dir.run(&["migrate"]);
    assert_eq!(
        (code(&first), out(&first).contains("migrations")),
        (0, true)
    );
    let second = dir.run(&["migrate"]);
    assert_eq!(
        (code(&second), out(&second).as_str()),
        (0, "The schema is up to date.\n")
    );
}

#[test]
fn keys_are_never_made_over_old_ones_and_never_read_when_others_can() {
    let dir = Desk::new();
    assert_eq!(code(&dir.run(&["keys", "init", "keys"])), 0);
    let again = dir.run(&["keys", "init", "keys"]);
    assert_eq!(code(&again), 2);
    let key = dir.path().join("keys/token-signing.key");
    let mut rights = std::fs::metadata(&key).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut rights, 0o644);
    std::fs::set_permissions(&key, rights).unwrap();
    let serve = dir.run(&["serve", "--key-dir", "keys", "--listen", "127.0.0.1:0"]);
    assert_eq!(code(&serve), 2);
    assert!(err(&serve).contains("token-signing.key"), "{}", err(&serve));
}

#[test]
fn the_first_user_needs_no_server_and_can_sign_in_to_one() {
    let dir = Desk::new();
    let made = dir.create_user("first@test.example", "three blue mandarins");
    assert_eq!(code(&made), 0, "{}", err(&made));
    let server = Server::start(&dir, &[]);
    let beside = dir.create_user("second@test.example", "four green mandarins");
    assert_eq!(code(&beside), 0, "{}", err(&beside));
    for (email, password) in [
        ("first@test.example", "three blue mandarins"),
        ("second@test.example", "four green mandarins"),
    ] {
        let body = format!("{{\"email\":\"{email}\",\"password\":\"{password}\"}}");
        let (status, session) = server.post("/v1/auth/login", &body);
        assert_eq!(
            (status, session["token_type"].as_str()),
            (200, Some("Bearer"))
        );
    }
    if dir.database().is_some() {
        assert_eq!(Server::start(&dir, &["--no-migrate"]).terminate(), 0);
    } else {
        let second = dir.run(&["serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(code(&second), 1, "a second server on one file is refused");
        assert!(err(&second).contains("Another server"), "{}", err(&second));
    }
    assert_eq!(server.terminate(), 0);
    let verify = dir.run(&["verify"]);
    assert_eq!(
        (code(&verify), out(&verify).contains(" 0 differences")),
        (0, true)
    );
}

#[test]
fn metrics_are_told_on_a_listener_of_their_own_and_only_where_it_is_named() {
    let desk = Desk::new();
    desk.run(&["migrate"]);
    let metrics = free_address();
    let server = Server::start(&desk, &["--metrics-listen", &metrics]);
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let get = |address: &str, path: &str| agent.get(format!("http://{address}{path}")).call();
    let mut told = get(&metrics, "/metrics").unwrap();
    let kind = told.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let text = told.body_mut().read_to_string().unwrap();
    let scrape = Scrape::read(&text);
    let build = "sangsaeng_build_info{version=\"0.1.0\"}";
    assert_eq!(scrape.count(build), 1, "{text}");
    assert!(scrape.count("process_start_time_seconds") > 1_700_000_000);
    assert_eq!(get(&metrics, "/livez").unwrap().status(), 404);
    assert_eq!(get(&server.address, "/metrics").unwrap().status(), 404);
    assert_eq!(server.terminate(), 0);
}

#[test]
fn a_user_that_is_there_and_a_weak_password_are_refused() {
    let dir = Desk::new();
    assert_eq!(
        code(&dir.create_user("a@test.example", "three blue mandarins")),
        0
    );
    let twice = dir.create_user("A@test.example", "three blue mandarins");
    assert_eq!(code(&twice), 2);
    assert!(err(&twice).contains("already"), "{}", err(&twice));
    assert_eq!(code(&dir.create_user("b@test.example", "short")), 2);
    let partner = [
        "user",
        "create",
        "--email",
        "c@test.example",
        "--role",
        "partner",
    ];
    assert_eq!(code(&dir.run(&partner)), 2);
}

#[test]
fn a_password_that_was_not_given_is_made_and_shown_once() {
    let dir = Desk::new();
    let made = dir.run(&[
        "user",
        "create",
        "--email",
        "a@test.example",
        "--role",
        "viewer",
    ]);
    assert_eq!(code(&made), 0);
    assert!(
        out(&made).contains("Password, shown once: "),
        "{}",
        out(&made)
    );
}

#[test]
fn reports_are_printed_without_a_server() {
    let dir = Desk::new();
    let before = dir.run(&["report", "overview"]);
    match dir.database() {
        None => assert_eq!(code(&before), 2, "there is no database"),
        Some(_) => assert!(err(&before).contains("behind"), "{}", err(&before)),
    }
    assert_eq!(
        code(&dir.create_user("a@test.example", "three blue mandarins")),
        0
    );
    let overview = dir.run(&["report", "overview", "--as-of", "2022-11-03"]);
    let report: Value = serde_json::from_slice(&overview.stdout).unwrap();
    assert_eq!(
        (&report["as_of"], &report["funds"]),
        (&"2022-11-03".into(), &Value::Array(vec![]))
    );
    let claims = dir.run(&["report", "claims", "--as-of", "2022-11-03"]);
    let claims: Value = serde_json::from_slice(&claims.stdout).unwrap();
    assert_eq!(
        (&claims["total"], &claims["claims"]),
        (&0.into(), &Value::Array(vec![]))
    );
    let file = ["report", "series", "--metric", "paid", "-o", "series.json"];
    assert_eq!(code(&dir.run(&file)), 0);
    assert!(dir.path().join("series.json").exists());
    for words in [
        vec!["report", "fund", "nobody"],
        vec!["report", "fund"],
        vec!["report", "series", "--metric", "happiness"],
    ] {
        assert_eq!(code(&dir.run(&words)), 2, "{words:?}");
    }
}

#[test]
fn altered_books_are_found_and_the_place_is_named() {
    let dir = Desk::new();
    assert_eq!(
        code(&dir.create_user("a@test.example", "three blue mandarins")),
        0
    );
    let on = dir.database().map_or("", |_| " ON events");
    let alter = "UPDATE events SET actor = 'nobody' WHERE sequence = 1;";
    dir.behind(&format!("DROP TRIGGER events_keep_update{on}; {alter}"));
    let verify = dir.run(&["verify"]);
    assert_eq!(code(&verify), 3);
    assert!(
        err(&verify).contains("leaf") && err(&verify).contains("house"),
        "{}",
        err(&verify)
    );
    let korean = err(&dir.run(&["--lang", "ko", "verify"]));
    assert!(hangul(&korean), "{korean}");
}

#[test]
fn the_demo_never_writes_over_books_that_were_named() {
    let dir = Desk::new();
    assert_eq!(
        code(&dir.create_user("a@test.example", "three blue mandarins")),
        0
    );
    let dir = if dir.database().is_some() {
        dir
    } else {
        dir.with("DATABASE_URL", "sqlite://sangsaeng.db")
    };
    let demo = dir.run(&["demo", "--no-serve"]);
    assert_eq!(code(&demo), 2, "{}", err(&demo));
    let korean = err(&dir.run(&["--lang", "ko", "demo", "--no-serve"]));
    assert!(hangul(&korean), "{korean}");
    assert_eq!(code(&dir.run(&["verify"])), 0);
}

#[test]
fn the_demo_is_recorded_without_a_server_and_found_in_order() {
    let dir = Desk::new().with("SANGSAENG_LISTEN", "127.0.0.1:8088");
    let dir = if dir.database().is_some() {
        dir
    } else {
        dir.with("DATABASE_URL", "sqlite://sangsaeng.db")
    };
    let demo = dir.run(&["demo", "--no-serve", "--json"]);
    assert_eq!(code(&demo), 0, "{}", err(&demo));
    let printed: Value = serde_json::from_slice(&demo.stdout).unwrap();
    assert_eq!(printed["address"], "http://127.0.0.1:8088");
    let overview = dir.run(&["report", "overview", "--as-of", "2022-11-03"]);
    let report: Value = serde_json::from_slice(&overview.stdout).unwrap();
    assert_eq!(report["funds"].as_array().unwrap().len(), 2, "{report}");
    let verify = dir.run(&["verify"]);
    assert_eq!(code(&verify), 0, "{}", err(&verify));
}

/// What `serve --no-migrate`, and `serve` where that says the same, tells in both languages.
fn refused(dir: &Desk, words: &[&str]) -> [String; 2] {
    ["en", "ko"].map(|lang| {
        let all = [&["--lang", lang, "--listen", "127.0.0.1:0"], words].concat();
        let output = dir.run(&all);
        assert_eq!(code(&output), 1, "{}", err(&output));
        assert_eq!(hangul(&err(&output)), lang == "ko", "{}", err(&output));
        err(&output)
    })
}

#[test]
fn a_server_refuses_a_schema_that_is_older_or_newer_and_says_what_to_do() {
    let dir = Desk::new();
    let [en, ko] = refused(&dir, &["serve", "--no-migrate"]);
    let says = "migrations behind this program: run `sangsaeng migrate`";
    assert!(en.contains(says), "{en}");
    assert!(
        ko.contains("뒤처져") && ko.contains("`sangsaeng migrate`"),
        "{ko}"
    );
    assert_eq!(code(&dir.run(&["migrate"])), 0);
    let tree = format!("{}/migrations/sqlite", env!("CARGO_MANIFEST_DIR"));
    let mut all: Vec<_> = std::fs::read_dir(tree)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    all.sort();
    let last = all.pop().unwrap().split_once('_').unwrap().0.to_owned();
    let version = last.replace('-', "");
    let table = "__diesel_schema_migrations";
    dir.behind(&format!("DELETE FROM {table} WHERE version = '{version}'"));
    let [en, ko] = refused(&dir, &["serve", "--no-migrate"]);
    assert!(en.contains("is 1 migrations behind"), "{en}");
    assert!(ko.contains("1건"), "{ko}");
    dir.behind(&format!(
        "INSERT INTO {table} (version) VALUES ('{version}'), ('29991231000000')"
    ));
    for words in [
        &["serve", "--no-migrate"][..],
        &["serve"],
        &["migrate"],
        &["report", "overview"],
        &["verify"],
    ] {
        let [en, ko] = refused(&dir, words);
        assert!(en.contains("newer than this program"), "{en}");
        assert!(ko.contains("새것"), "{ko}");
    }
}

#[test]
fn on_a_server_keys_are_never_made_by_the_way() {
    let dir = Desk::new();
    if dir.database().is_none() {
        // Those of an embedded database lie beside it.
        return;
    }
    let dir = dir.without("SANGSAENG_KEY_DIR");
    for words in [
        &["serve"][..],
        &["demo", "--no-serve"],
        &[
            "user",
            "create",
            "--email",
            "a@test.example",
            "--role",
            "viewer",
        ],
    ] {
        for lang in ["en", "ko"] {
            let output = dir.run(&[&["--lang", lang], words].concat());
            assert_eq!(code(&output), 2, "{}", err(&output));
            let said = err(&output);
            assert!(said.contains("SANGSAENG_KEY_DIR"), "{said}");
            assert_eq!(hangul(&said), lang == "ko", "{said}");
        }
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn the_document_is_printed() {
    let printed = Desk::new().run(&["openapi"]);
    let document: Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
}
