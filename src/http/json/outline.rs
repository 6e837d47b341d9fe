//! The first pass over a body: counts, and finds what a parser would swallow.

use std::collections::HashSet;
use std::fmt;

use deserr::ValuePointerRef;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::NotJson;
use crate::http::wire::Faults;

/// The most values that one body may hold; names count too.
pub const MAX_VALUES: usize = 200_000;

/// Checks a body without building anything of it.
pub(super) fn check(bytes: &[u8]) -> Result<(), NotJson> {
    let mut seen = Seen::default();
    let mut from = serde_json::Deserializer::from_slice(bytes);
    let walk = Walk {
        seen: &mut seen,
        at: ValuePointerRef::Origin,
    };
    let walked = walk.deserialize(&mut from).and_then(|()| from.end());
    if seen.values > MAX_VALUES {
        return Err(NotJson::TooMany);
    }
    walked?;
    if seen.faults.is_empty() {
        Ok(())
    } else {
        Err(NotJson::Faults(seen.faults))
    }
}

#[derive(Default)]
struct Seen {
    values: usize,
    faults: Faults,
}

impl Seen {
    fn count<E: Error>(&mut self) -> Result<(), E> {
        self.values = self.values.saturating_add(1);
        if self.values > MAX_VALUES {
            Err(E::custom("too many values"))
        } else {
            Ok(())
        }
    }

    fn text<E: Error>(&mut self, text: &str, at: ValuePointerRef<'_>) -> Result<(), E> {
        if text.contains('\0') {
            self.faults.add(at, "control_character");
        }
        self.count()
    }
}

/// One value of the body, at its place.
struct Walk<'a> {
    seen: &'a mut Seen,
    at: ValuePointerRef<'a>,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.seen.count()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.seen.count()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.seen.count()
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.seen.count()
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.seen.text(text, self.at)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.seen.count()?;
        let mut index = 0_usize;
        while list
            .next_element_seed(Walk {
                seen: &mut *self.seen,
                at: self.at.push_index(index),
            })?
            .is_some()
        {
            index = index.saturating_add(1);
        }
        Ok(())
    }

    // A number beyond 64 bits or with a fraction comes as an object too, to keep its digits.
    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = object.next_key::<String>()? {
            self.seen.text(&name, self.at)?;
            let at = self.at.push_key(&name);
            object.next_value_seed(Walk {
                seen: &mut *self.seen,
                at,
            })?;
            if names.contains(&name) {
                self.seen.faults.add(at, "duplicate_field");
            }
            names.insert(name);
        }
        Ok(())
    }
}
