//! Where the keys of the identity provider are fetched: a file, or an address.
//!
//! The address comes from the settings alone, never from a token. It is asked without redirects and
//! without a proxy, for at most `PATIENCE` and [`MAX_BYTES`]. `http` is for this machine alone:
//! whoever could change keys on their way could sign anybody in. `https` needs the feature of that
//! name.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use super::jwks::MAX_BYTES;

/// How long the provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where keys are fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file.
    File(PathBuf),
    /// An address.
    Url {
        /// The address.
        url: String,
        /// A file of the authorities that may vouch for it, rather than those of the system.
        authorities: Option<PathBuf>,
    },
}

/// Why keys could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum Unfetched {
    /// The file cannot be read.
    #[error("the file {0} with the keys of the identity provider cannot be read: {1}")]
    File(PathBuf, #[source] io::Error),
    /// Others may change the file; its permission bits.
    #[error(
        "the file {0} with the keys of the identity provider can be changed by others (mode \
         {1:04o}): run `chmod go-w {0}`"
    )]
    TooOpen(PathBuf, u32),
    /// The provider does not answer, or not with keys.
    #[error("{0} gives no keys: {1}")]
    Url(String, String),
}

impl Location {
    /// Reads an address or the name of a file. Nothing for an address that is none, or that others
    /// could answer for.
    #[must_use]
    pub fn parse(text: &str, authorities: Option<PathBuf>) -> Option<Self> {
        if !text.contains("://") {
            return (!text.is_empty()).then(|| Self::File(PathBuf::from(text)));
        }
        let uri: ureq::http::Uri = text.parse().ok()?;
        let authority = uri.authority().filter(|one| !one.as_str().contains('@'))?;
        let taken = match uri.scheme_str() {
            Some("https") => cfg!(feature = "https"),
            Some("http") => is_this_machine(authority.host()),
            _ => false,
        };
        taken.then(|| Self::Url {
            url: text.to_owned(),
            authorities,
        })
    }

    /// Whether what cannot be fetched now may be later, without anybody's doing here.
    #[must_use]
    pub fn may_recover(&self) -> bool {
        matches!(self, Self::Url { .. })
    }

    /// Fetches the keys. Blocks for at most `PATIENCE`.
    ///
    /// # Errors
    /// [`Unfetched`].
    pub fn fetch(&self) -> Result<Vec<u8>, Unfetched> {
        match self {
            Self::File(path) => {
                let unread = |error| Unfetched::File(path.clone(), error);
                let file = File::open(path).map_err(unread)?;
                let mode = file.metadata().map_err(unread)?.permissions().mode() & 0o7777;
                if mode & 0o022 != 0 {
                    return Err(Unfetched::TooOpen(path.clone(), mode));
                }
                // One byte more than is taken, so that what is too long is noticed.
                let limit = u64::try_from(MAX_BYTES).unwrap_or_default();
                let mut bytes = Vec::new();
                let mut file = file.take(limit.saturating_add(1));
                file.read_to_end(&mut bytes).map_err(unread)?;
                Ok(bytes)
            }
            Self::Url { url, authorities } => {
                let asked = ask(url, authorities.as_ref());
                asked.map_err(|why| Unfetched::Url(url.clone(), why))
            }
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn ask(url: &str, authorities: Option<&PathBuf>) -> Result<Vec<u8>, String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .proxy(None)
        .http_status_as_error(false);
    let agent: ureq::Agent = trusting(agent, url, authorities)?.build().into();
    let mut answer = agent
        .get(url)
        .header("accept", "application/jwk-set+json, application/json")
        .call()
        .map_err(|error| told(&error))?;
    if answer.status() != 200 {
        return Err(format!("it answers {}", answer.status()));
    }
    let limit = u64::try_from(MAX_BYTES).unwrap_or_default();
    let body = answer.body_mut().with_config().limit(limit);
    body.read_to_vec().map_err(|error| told(&error))
}

type Building = ureq::config::ConfigBuilder<ureq::typestate::AgentScope>;

#[cfg(not(feature = "https"))]
fn trusting(agent: Building, _: &str, _: Option<&PathBuf>) -> Result<Building, String> {
    Ok(agent)
}

/// The same, which believes who these authorities vouch for, or those of the system.
#[cfg(feature = "https")]
fn trusting(agent: Building, url: &str, authorities: Option<&PathBuf>) -> Result<Building, String> {
    use std::sync::Arc;

    use ureq::tls::{PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

    /// Where systems keep the authorities that they trust.
    const OF_THE_SYSTEM: [&str; 3] = [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/cert.pem",
    ];
    if !url.starts_with("https:") {
        return Ok(agent);
    }
    let path = match authorities {
        Some(named) => named.clone(),
        None => OF_THE_SYSTEM
            .iter()
            .map(PathBuf::from)
            .find(|path| path.exists())
            .ok_or("the system has no list of authorities")?,
    };
    let read = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let pem = std::fs::read(&path).map_err(|error| read(&error))?;
    let mut trusted = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| read(&error))? {
            trusted.push(certificate);
        }
    }
    let crypto = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::new_with_certs(&trusted))
        .unversioned_rustls_crypto_provider(crypto);
    Ok(agent.https_only(true).tls_config(tls.build()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_others_could_answer_for_are_none() {
        let read = |text| Location::parse(text, None);
        for good in [
            "http://127.0.0.1:9/k",
            "http://[::1]/k",
            "http://localhost:9/k",
        ] {
            assert!(read(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "http://10.0.0.1/k",
            "http://idp.example/k",
            "http://localhost.evil.example/k",
            "http://127.0.0.1@evil.example/k",
            "http://user@127.0.0.1/k",
            "ftp://127.0.0.1/k",
            "file:///etc/keys",
            "http://",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(
            read("keys/idp.json"),
            Some(Location::File(PathBuf::from("keys/idp.json")))
        );
        assert_eq!(
            read("https://idp.example/k").is_some(),
            cfg!(feature = "https")
        );
    }
}
