//! TLS to PostgreSQL: verified where the build has it, refused by its name where it has not.

#[cfg(feature = "tls")]
mod with {
    use diesel::RunQueryDsl;
    use sangsaeng::db::{Conn, Use};

    use crate::support::program::{Desk, code, err};
    use crate::support::{Database, Number};

    /// What a server with a certificate of `ca.pem` for `localhost` has to be asked with.
    const ASKED: [(&str, &str); 6] = [
        ("?host=localhost&sslmode=verify-full&sslrootcert=ca.pem", ""),
        ("?sslmode=verify-ca&sslrootcert=ca.pem", ""),
        ("?sslmode=require", ""),
        (
            "?sslmode=verify-full&sslrootcert=ca.pem",
            "does not match host name",
        ),
        (
            "?host=localhost&sslmode=verify-full&sslrootcert=other.pem",
            "certificate verify failed",
        ),
        (
            "?host=localhost&sslmode=verify-full&sslrootcert=none.pem",
            "does not exist",
        ),
    ];

    #[test]
    fn a_server_is_who_its_certificate_says_or_is_not_spoken_to() {
        let mut dir = Desk::new();
        if dir.database().is_none() {
            return;
        }
        for (parameters, refused) in ASKED {
            let (before, file) = parameters.split_once("sslrootcert=").unwrap_or_default();
            let parameters = if file.is_empty() {
                parameters.to_owned()
            } else {
                let file = Database::authority(file);
                format!("{before}sslrootcert={}", file.display())
            };
            let url = dir.database().unwrap().url_of("postgres", &parameters);
            dir = dir.of_role("postgres", &parameters);
            let migrated = dir.run(&["migrate"]);
            let said = err(&migrated);
            if refused.is_empty() {
                assert_eq!(code(&migrated), 0, "{parameters}: {said}");
                let mut conn = Conn::open(&url, Use::Read).unwrap();
                let query = "SELECT ssl::int::bigint AS value FROM pg_stat_ssl \
                             WHERE pid = pg_backend_pid()";
                let encrypted: Number = diesel::sql_query(query).get_result(&mut conn).unwrap();
                assert_eq!(encrypted.value, 1, "{parameters}");
            } else {
                assert_eq!(code(&migrated), 1, "{parameters}");
                assert!(said.contains(refused), "{parameters}: {said}");
            }
        }
    }
}

#[cfg(not(feature = "tls"))]
mod without {
    use crate::support::program::{Desk, code, err, hangul};

    #[test]
    fn a_url_that_asks_for_tls_is_told_what_to_build() {
        let url = "postgres://serving:secret@127.0.0.1:1/books?sslmode=verify-full";
        let dir = Desk::new().with("DATABASE_URL", url);
        for lang in ["en", "ko"] {
            for words in [&["serve"][..], &["migrate"], &["report", "overview"]] {
                let refused = dir.run(&[&["--lang", lang], words].concat());
                let said = err(&refused);
                assert_eq!(code(&refused), 2, "{said}");
                assert!(said.contains("sslmode=verify-full"), "{said}");
                assert!(said.contains("--features tls"), "{said}");
                assert_eq!(hangul(&said), lang == "ko", "{said}");
                assert!(!said.contains("secret"), "{said}");
            }
        }
    }
}
