//! A PostgreSQL server, and what is asked of every connection to it.

/// What libpq is told where the URL does not name it. A server that is gone is then noticed within
/// seconds: while connecting (the least that libpq knows is 2 s), while something was sent and is
/// not acknowledged (milliseconds), and while an answer is waited for.
const UNLESS_NAMED: [(&str, &str); 7] = [
    ("application_name", "sangsaeng"),
    ("connect_timeout", "2"),
    ("tcp_user_timeout", "3000"),
    ("keepalives", "1"),
    ("keepalives_idle", "5"),
    ("keepalives_interval", "1"),
    ("keepalives_count", "3"),
];

/// A PostgreSQL server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    url: String,
    statement_cache: bool,
}

impl Server {
    /// The server of that URL.
    #[must_use]
    pub fn at(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            statement_cache: true,
        }
    }

    /// The same, with statements that are prepared once and used again, or without: behind a pooler
    /// that gives each transaction another connection they would not be found.
    #[must_use]
    pub fn with_statement_cache(self, statement_cache: bool) -> Self {
        Self {
            statement_cache,
            ..self
        }
    }

    /// Whether statements are prepared once and used again.
    #[must_use]
    pub fn has_statement_cache(&self) -> bool {
        self.statement_cache
    }

    /// The URL as it was named.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URL with all that libpq is told.
    #[must_use]
    pub fn told(&self) -> String {
        let named = self.url.split_once('?').map_or("", |(_, named)| named);
        let is_named = |wanted: &str| {
            let mut names = named.split('&').filter_map(|pair| pair.split('=').next());
            names.any(|name| name == wanted)
        };
        let mut told = self.url.clone();
        for (name, value) in UNLESS_NAMED {
            if !is_named(name) {
                let first = !told.contains('?');
                told.push(if first { '?' } else { '&' });
                told.push_str(name);
                told.push('=');
                told.push_str(value);
            }
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_url_names_stands_and_the_rest_is_added() {
        let told = Server::at("postgres://h/d").told();
        assert!(told.starts_with("postgres://h/d?application_name=sangsaeng&connect_timeout=2&"));
        let told = Server::at("postgres://h/d?sslmode=require&connect_timeout=9").told();
        assert!(told.starts_with("postgres://h/d?sslmode=require&connect_timeout=9&appl"));
        assert_eq!(told.matches("connect_timeout").count(), 1);
        assert!(told.ends_with("&keepalives_count=3"));
    }
}
