//! TLS to the server: a feature of the build, since it brings an OpenSSL along.

use super::DbError;

/// What in a URL asks for TLS and takes nothing less.
const ASKS: [&str; 4] = [
    "sslmode=require",
    "sslmode=verify-ca",
    "sslmode=verify-full",
    "ssl=true",
];

/// Refuses a URL that asks for more than this program was built with.
///
/// # Errors
/// [`DbError::NoTls`] with what the URL says.
pub(super) fn check(url: &str) -> Result<(), DbError> {
    if cfg!(feature = "tls") {
        return Ok(());
    }
    asked_for(url).map_or(Ok(()), |asked| Err(DbError::NoTls(asked.to_owned())))
}

fn asked_for(url: &str) -> Option<&str> {
    let (_, parameters) = url.split_once('?')?;
    parameters.split('&').find(|part| ASKS.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_takes_nothing_less_asks_for_tls() {
        for (url, asked) in [
            ("postgres://u@h/d", None),
            ("postgres://u@h/d?sslmode=prefer", None),
            ("postgres://u:sslmode=require@h/d", None),
            ("postgres://u@h/d?sslmode=require", Some("sslmode=require")),
            (
                "postgres://u@h/d?sslrootcert=a.pem&sslmode=verify-full",
                Some("sslmode=verify-full"),
            ),
        ] {
            assert_eq!(asked_for(url), asked, "{url}");
        }
    }
}
