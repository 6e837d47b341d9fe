//! The language that a caller reads: Korean or English.
//!
//! Only titles, details and messages of problems depend on it, never a code or a figure. Who asks
//! for nothing gets English: programs do so, and people who read their logs (decided 2026-11-22).

use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use actix_web::{FromRequest, HttpRequest};

/// The most language ranges that are looked at.
const MAX_RANGES: usize = 16;

/// A language of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Korean.
    Ko,
    /// English.
    #[default]
    En,
}

impl Lang {
    /// The language that the headers prefer.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let header = headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        header.map_or_else(Self::default, Self::preferred)
    }

    /// Its language tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }

    /// The first of ours with the highest weight; a range that is not understood is passed over.
    fn preferred(header: &str) -> Self {
        let mut best: Option<(u32, Self)> = None;
        for range in header.split(',').take(MAX_RANGES) {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, "q=1"));
            let lang = match tag.trim().split('-').next() {
                Some(tag) if tag.eq_ignore_ascii_case("ko") => Self::Ko,
                Some(tag) if tag.eq_ignore_ascii_case("en") || tag == "*" => Self::En,
                _ => continue,
            };
            let weight = parameters.trim().strip_prefix("q=").and_then(thousandths);
            if let Some(weight) = weight.filter(|weight| *weight > 0)
                && best.is_none_or(|(most, _)| weight > most)
            {
                best = Some((weight, lang));
            }
        }
        best.map_or_else(Self::default, |(_, lang)| lang)
    }
}

impl FromRequest for Lang {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request.headers())))
    }
}

/// A weight from 0 to 1 with up to three places, in thousandths.
fn thousandths(weight: &str) -> Option<u32> {
    let (whole, places) = weight.split_once('.').unwrap_or((weight, ""));
    let fits = matches!(whole, "0" | "1")
        && places.len() <= 3
        && places.bytes().all(|byte| byte.is_ascii_digit());
    let digits = format!("{whole}{places:0<3}");
    if fits { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_with_the_highest_weight_is_taken() {
        for (header, lang) in [
            ("ko", Lang::Ko),
            ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", Lang::Ko),
            ("en-GB,ko;q=0.9", Lang::En),
            ("en;q=0.5, KO;q=0.501", Lang::Ko),
            ("fr, de;q=0.9, ko;q=0.1", Lang::Ko),
            ("ko;q=0, en;q=0.1", Lang::En),
            ("*", Lang::En),
            ("ko;q=0.8,*;q=0.1", Lang::Ko),
            ("fr", Lang::En),
            ("", Lang::En),
            ("ko;q=zero", Lang::En),
            (";;;,,,q=1", Lang::En),
        ] {
            assert_eq!(Lang::preferred(header), lang, "{header}");
        }
    }
}
