//! Pages of a list: how long, and from where on.
//!
//! A cursor is the key of the last row of a page, sealed together with the path and the filters of
//! the list. A caller can neither make one nor take it to another list; nothing is kept here.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use deserr::{Deserr, ValuePointerRef};
use serde::Serialize;
use utoipa::IntoParams;

use super::fingerprint::Digest;
use super::query::{Parameters, refuse};
use super::state;
use crate::db::page::Page;
use crate::http::problem::ApiError;
use crate::http::respond;
use crate::http::wire::{Faults, PageOf, QueryNumber, Text};

/// Rows of a page where the caller does not say.
pub const DEFAULT_LIMIT: i64 = 50;
/// Most rows of a page.
pub const MAX_LIMIT: i64 = 1_000;
/// Most characters of a cursor.
const MAX_CURSOR: usize = 1_024;
/// Bytes of a cursor's seal.
const SEAL: usize = 16;

type CursorText = Text<MAX_CURSOR>;
type LimitNumber = QueryNumber<1, MAX_LIMIT>;

/// The parameters of every list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PagingParams {
    /// How many rows a page has at most; 50 where it is not said.
    #[deserr(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 1000, default = 50)]
    limit: Option<LimitNumber>,
    /// The `next_cursor` of the page before, with the same filters.
    #[deserr(default)]
    #[param(value_type = Option<String>, max_length = 1024)]
    cursor: Option<CursorText>,
}

/// A list as it is asked for: what it is narrowed to, and which page.
#[derive(Debug)]
pub struct Paged<T> {
    /// What the list is narrowed to.
    pub filter: T,
    /// Which page.
    pub paging: Paging,
}

/// Which page of a list.
#[derive(Debug, Clone)]
pub struct Paging {
    after: Option<String>,
    limit: i64,
    secret: [u8; 32],
    /// Path and filters, as they are sealed into cursors.
    list: String,
}

impl Paging {
    /// The rows to fetch: one more than the page has, to know whether there is another page.
    #[must_use]
    pub fn window(&self) -> Page {
        Page {
            after: self.after.clone(),
            limit: self.limit.saturating_add(1),
        }
    }

    /// The page of these rows, which were fetched by [`Paging::window`]. `key` is what the list is
    /// ordered by.
    #[must_use]
    pub fn page<T, V: Serialize>(
        &self,
        mut rows: Vec<T>,
        key: impl Fn(&T) -> String,
        view: impl Fn(&T) -> V,
    ) -> HttpResponse {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows
            .last()
            .filter(|_| more)
            .map(|row| self.cursor(&key(row)));
        let link = next_cursor.as_deref().map(|cursor| self.link(cursor));
        respond::page(
            &PageOf {
                data: rows.iter().map(view).collect(),
                next_cursor,
            },
            link,
        )
    }

    fn link(&self, cursor: &str) -> String {
        let joined = if self.list.contains('?') { '&' } else { '?' };
        format!(
            "<{}{joined}limit={}&cursor={cursor}>; rel=\"next\"",
            self.list, self.limit
        )
    }

    fn cursor(&self, key: &str) -> String {
        let mut sealed = self.digest(key).seal(SEAL).to_vec();
        sealed.extend_from_slice(key.as_bytes());
        URL_SAFE_NO_PAD.encode(sealed)
    }

    /// The key in a cursor of this list.
    fn key(&self, cursor: &str) -> Option<String> {
        let sealed = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (seal, key) = sealed.split_at_checked(SEAL)?;
        let key = std::str::from_utf8(key).ok()?;
        self.digest(key).is_sealed_by(seal).then(|| key.to_owned())
    }

    fn digest(&self, key: &str) -> Digest {
        Digest::over(
            &self.secret,
            "cursor",
            &[self.list.as_bytes(), key.as_bytes()],
        )
    }

    fn of(request: &HttpRequest, mine: Parameters, others: &Parameters) -> Result<Self, ApiError> {
        let mine: PagingParams = mine.read()?;
        let mut paging = Self {
            after: None,
            limit: mine.limit.map_or(DEFAULT_LIMIT, |limit| limit.0),
            secret: state(request)?.cursor_key,
            list: others.address(request.path()),
        };
        if let Some(cursor) = mine.cursor {
            let key = paging.key(&cursor.0);
            let at = ValuePointerRef::Origin;
            let bad = || refuse(Faults::one(at.push_key("cursor"), "bad_cursor"));
            paging.after = Some(key.ok_or_else(bad)?);
        }
        Ok(paging)
    }
}

impl<T: Deserr<Faults> + 'static> FromRequest for Paged<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Parameters::of(request).and_then(|mut others| {
            let mine = others.take(&["limit", "cursor"]);
            let paging = Paging::of(request, mine, &others);
            both(others.read(), paging).map(|(filter, paging)| Self { filter, paging })
        }))
    }
}

/// Both, or everything that is wrong with either.
fn both<A, B>(one: Result<A, ApiError>, other: Result<B, ApiError>) -> Result<(A, B), ApiError> {
    use crate::refusal::Refusal::Fields;
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(ApiError::Refused(Fields(mut all))), Err(ApiError::Refused(Fields(more)))) => {
            all.extend(more);
            Err(ApiError::Refused(Fields(all)))
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paging(list: &str) -> Paging {
        Paging {
            after: None,
            limit: 2,
            secret: [7; 32],
            list: list.to_owned(),
        }
    }

    #[test]
    fn a_cursor_belongs_to_its_list_and_cannot_be_made() {
        let funds = paging("/v1/funds");
        let cursor = funds.cursor("co-prosperity");
        assert_eq!(funds.key(&cursor).as_deref(), Some("co-prosperity"));
        assert_eq!(paging("/v1/funds?kind=internal").key(&cursor), None);
        let elsewhere = Paging {
            secret: [8; 32],
            ..funds.clone()
        };
        assert_eq!(elsewhere.key(&cursor), None);
        let cut: String = cursor.chars().skip(1).collect();
        let forged = cursor.replacen(char::is_alphanumeric, "_", 1);
        for text in ["", "AAAA", &forged, &cut, &format!("{cursor}A"), "가"] {
            assert_eq!(funds.key(text), None, "{text}");
        }
    }

    #[test]
    fn a_page_links_to_the_next_one_only_where_there_is_one() {
        let list = paging("/v1/funds?q=%EA%B8%B0");
        assert_eq!(
            list.window(),
            Page {
                after: None,
                limit: 3
            }
        );
        let full = list.page(vec!["a", "b", "c"], |row| (*row).to_owned(), |row| *row);
        let link = full.headers().get("link").unwrap().to_str().unwrap();
        assert!(
            link.starts_with("</v1/funds?q=%EA%B8%B0&limit=2&cursor="),
            "{link}"
        );
        assert!(link.ends_with(">; rel=\"next\""), "{link}");
        let last = list.page(vec!["a", "b"], |row| (*row).to_owned(), |row| *row);
        assert!(last.headers().get("link").is_none());
    }
}
