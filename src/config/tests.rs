use super::*;

fn source(database_url: Option<&str>, listen: Option<&str>) -> Source {
    Source {
        database_url: database_url.map(str::to_owned),
        listen: listen.map(str::to_owned),
        ..Source::default()
    }
}

#[test]
fn a_flag_comes_before_the_environment_and_that_before_the_file() {
    let settings = settle(
        source(Some("sqlite://flag.db"), None),
        source(Some("sqlite://env.db"), Some("127.0.0.1:1")),
        source(Some("sqlite://file.db"), Some("127.0.0.1:2")),
    )
    .unwrap();
    assert_eq!(settings.database, Url::Sqlite("flag.db".into()));
    assert_eq!(settings.listen.port(), 1);
    assert!(settings.database_named);
}

#[test]
fn without_any_source_the_defaults_hold() {
    let empty = Source::default;
    let settings = settle(empty(), empty(), empty()).unwrap();
    assert_eq!(settings.database, Url::Sqlite("sangsaeng.db".into()));
    assert_eq!(settings.listen, DEFAULT_LISTEN.parse().unwrap());
    assert!(!settings.database_named);
}

#[test]
fn a_wrong_setting_is_named_with_what_it_should_be() {
    let empty = Source::default;
    for (bad, setting) in [
        (source(Some("mysql://x"), None), "DATABASE_URL"),
        (source(None, Some("here")), "SANGSAENG_LISTEN"),
    ] {
        let error = settle(bad, empty(), empty()).unwrap_err();
        assert_eq!(error.setting, setting);
        assert!(error.text(Lang::Ko).contains(setting));
    }
}

#[test]
fn writers_have_a_bound_and_statements_are_kept_unless_that_is_off() {
    let settled = |writers: Option<&str>, statement_cache: Option<&str>| {
        let flags = Source {
            writers: writers.map(str::to_owned),
            statement_cache: statement_cache.map(str::to_owned),
            ..source(Some("postgres://h/d"), None)
        };
        settle(flags, Source::default(), Source::default())
    };
    let url = Url::parse("postgres://h/d").unwrap();
    let settings = settled(None, None).unwrap();
    assert_eq!((settings.writers, &settings.database), (4, &url));
    let settings = settled(Some("16"), Some("off")).unwrap();
    assert_eq!(settings.writers, MAX_THREADS);
    assert_eq!(settings.database, url.with_statement_cache(false));
    for (writers, cache) in [
        (Some("0"), None),
        (Some("17"), None),
        (Some("-1"), None),
        (None, Some("no")),
    ] {
        assert!(settled(writers, cache).is_err(), "{writers:?} {cache:?}");
    }
}

#[test]
fn a_standby_is_one_of_a_database_on_postgresql_and_its_lag_is_bounded() {
    let standby = |database: &str, url: &str, lag: Option<&str>| {
        let flags = Source {
            read_database_url: Some(url.to_owned()),
            read_lag: lag.map(str::to_owned),
            ..source(Some(database), None)
        };
        settle(flags, Source::default(), Source::default()).map(|settings| settings.standby)
    };
    let (primary, beside) = ("postgres://u@a/d", "postgres://u@b/d");
    let wanted = standby(primary, beside, None).unwrap().unwrap();
    assert_eq!(wanted.url, Url::parse(beside).unwrap());
    assert_eq!(wanted.lag, Duration::from_secs(5));
    let wanted = standby(primary, beside, Some("30")).unwrap().unwrap();
    assert_eq!(wanted.lag, Duration::from_secs(30));
    for bad in ["1", "301", "5s", "-5"] {
        let error = standby(primary, beside, Some(bad)).unwrap_err();
        assert_eq!(error.setting, "SANGSAENG_READ_LAG", "{bad}");
    }
    for (database, url) in [("sqlite://a.db", beside), (primary, "sqlite://a.db")] {
        let error = standby(database, url, None).unwrap_err();
        assert_eq!(error.setting, "SANGSAENG_READ_DATABASE_URL", "{url}");
    }
    assert_eq!((LEAST_LAG, MOST_LAG), (2, 300), "the words say so");
}

#[test]
fn a_password_is_never_shown() {
    assert_eq!(
        without_password("postgres://u:secret@h/d"),
        "postgres://u:***@h/d"
    );
    assert_eq!(without_password("postgres://u@h/d"), "postgres://u@h/d");
    assert_eq!(without_password("mysql://u:se@cret@h"), "mysql://u:***@h");
}
