//! Another key to sign tokens with, while servers run.
//!
//! [`rotate`] puts the next key beside the first, with the moment from which it signs. Every server
//! that reads the directory publishes it at once and goes over to it at that moment; the first key
//! is good until its last token has expired. The rotation after that puts the next key into the
//! place of the first. [`replace`] is for a key that somebody else may have: all tokens end.
//!
//! A file comes into its place whole, by a rename.

use std::fs;
use std::io;
use std::path::Path;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use zeroize::Zeroizing;

use super::{
    KeyError, KeyRing, NEXT, TOKEN_SIGNING, key_path, new_key, read_signing, sync_directory,
    write_private,
};
use crate::access::signing::last_use;

/// How long a new key is known before it signs, unless that is named: twice as long as whoever
/// checks tokens may hold on to the published keys.
pub const KNOWN_BEFORE: TimeDelta = TimeDelta::minutes(10);

/// Where a key lies until it is whole.
const UNFINISHED: &str = "token-signing.unfinished";

/// A key that takes the place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// The id of the new key.
    pub kid: String,
    /// When it signs from.
    pub from: DateTime<Utc>,
    /// Until when tokens of the key before are good.
    pub until: DateTime<Utc>,
}

/// Makes the next key, to sign from then on.
///
/// # Errors
/// [`KeyError::Rotating`] while an earlier key is still taking its place; as [`KeyRing::open`];
/// [`KeyError::Unwritable`], [`KeyError::NoRandomness`].
pub fn rotate(dir: &Path, now: DateTime<Utc>, from: DateTime<Utc>) -> Result<Rotation, KeyError> {
    KeyRing::open(dir)?;
    let (_, earlier) = read_signing(dir)?;
    if let Some(since) = earlier.and_then(|key| key.from) {
        let over = last_use(since);
        if now < over {
            return Err(KeyError::Rotating(dir.to_owned(), over));
        }
        moved(dir, NEXT)?;
    }
    let kid = write_whole(dir, NEXT, Some(from))?;
    Ok(Rotation {
        kid,
        from,
        until: last_use(from),
    })
}

/// Makes a key that signs at once, and is the only one: every token of before is over. Results in
/// its id.
///
/// # Errors
/// As [`rotate`].
pub fn replace(dir: &Path) -> Result<String, KeyError> {
    KeyRing::open(dir)?;
    match fs::remove_file(dir.join(NEXT)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(KeyError::Unwritable(dir.join(NEXT), error));
        }
        _ => {}
    }
    let first = key_path(dir, TOKEN_SIGNING);
    let name = first.file_name().and_then(|name| name.to_str());
    write_whole(dir, name.unwrap_or_default(), None)
}

/// The moment that a key file names.
pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    let instant = DateTime::parse_from_rfc3339(text).ok()?;
    Some(instant.to_utc())
}

/// Makes a key and puts it into its place. Results in its id.
fn write_whole(dir: &Path, name: &str, from: Option<DateTime<Utc>>) -> Result<String, KeyError> {
    let (kid, line) = new_key(TOKEN_SIGNING)?;
    let from = from.map(|from| from.to_rfc3339_opts(SecondsFormat::Secs, true));
    let line = Zeroizing::new(match from {
        Some(from) => format!("{} {from}\n", line.as_str()),
        None => format!("{}\n", line.as_str()),
    });
    let unfinished = dir.join(UNFINISHED);
    // One that was left behind by a process that died is of no use.
    drop(fs::remove_file(&unfinished));
    let done = write_private(&unfinished, line.as_bytes())
        .and_then(|()| fs::rename(&unfinished, dir.join(name)))
        .and_then(|()| sync_directory(dir));
    done.map_err(|error| KeyError::Unwritable(dir.join(name), error))?;
    Ok(kid)
}

/// Puts a key into the place of the first.
fn moved(dir: &Path, name: &str) -> Result<(), KeyError> {
    let first = key_path(dir, TOKEN_SIGNING);
    let done = fs::rename(dir.join(name), &first).and_then(|()| sync_directory(dir));
    done.map_err(|error| KeyError::Unwritable(first, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_667_433_600, 0).unwrap() + TimeDelta::minutes(minutes)
    }

    fn made() -> (tempfile::TempDir, KeyRing) {
        let dir = tempfile::tempdir().unwrap();
        let keys = KeyRing::create(dir.path()).unwrap();
        (dir, keys)
    }

    fn kids(keys: &KeyRing, minutes: i64) -> Vec<String> {
        let published = keys.tokens().published(at(minutes));
        published.into_iter().map(|key| key.kid).collect()
    }

    #[test]
    fn a_server_that_runs_goes_over_to_the_next_key_and_back_to_one_key() {
        let (dir, keys) = made();
        let first = kids(&keys, 0);
        let old = keys.tokens().issue("u1", 1, at(9)).unwrap();
        let done = rotate(dir.path(), at(0), at(10)).unwrap();
        assert_eq!(kids(&keys, 0), first, "it has not looked yet");
        keys.read_again().unwrap();
        assert_eq!(kids(&keys, 0), [first[0].clone(), done.kid.clone()]);
        let new = keys.tokens().issue("u1", 1, at(10)).unwrap();
        for token in [&old, &new] {
            assert!(keys.tokens().verify(token, at(12)).is_ok());
        }
        assert_eq!(kids(&keys, 26), [done.kid.as_str()]);
        // The next rotation clears the place of the first key.
        let again = rotate(dir.path(), at(26), at(36)).unwrap();
        keys.read_again().unwrap();
        assert_eq!(kids(&keys, 26), [done.kid, again.kid]);
        assert!(keys.tokens().verify(&old, at(12)).is_err());
        assert!(keys.tokens().verify(&new, at(12)).is_ok());
        let opened = KeyRing::open(dir.path()).unwrap();
        assert_eq!(kids(&opened, 26), kids(&keys, 26));
    }

    #[test]
    fn one_rotation_waits_for_the_end_of_another() {
        let (dir, _keys) = made();
        let done = rotate(dir.path(), at(0), at(10)).unwrap();
        let early = done.until - TimeDelta::seconds(1);
        let refused = rotate(dir.path(), early, early).unwrap_err();
        assert!(matches!(refused, KeyError::Rotating(_, until) if until == done.until));
        rotate(dir.path(), done.until, done.until).unwrap();
    }

    #[test]
    fn a_key_that_somebody_else_may_have_is_good_for_nothing_any_more() {
        let (dir, keys) = made();
        rotate(dir.path(), at(0), at(10)).unwrap();
        keys.read_again().unwrap();
        let tokens = [0, 10].map(|now| keys.tokens().issue("u1", 1, at(now)).unwrap());
        let kid = replace(dir.path()).unwrap();
        keys.read_again().unwrap();
        assert_eq!(kids(&keys, 10), [kid]);
        for token in tokens {
            assert!(keys.tokens().verify(&token, at(10)).is_err());
        }
    }

    #[test]
    fn what_is_wrong_with_the_next_key_leaves_a_server_that_runs_with_what_it_has() {
        let (dir, keys) = made();
        let before = kids(&keys, 0);
        let next = dir.path().join(NEXT);
        let cursor = fs::read_to_string(key_path(dir.path(), "cursor")).unwrap();
        let secret = cursor.split(' ').nth(4).unwrap().trim();
        let kid = "0123456789abcdef";
        let magic = "sangsaeng-key v1 token-signing";
        for line in [
            String::new(),
            cursor.clone(),
            format!("{magic} {kid} {secret} 2022-11-03T00:10:00Z\n"),
            format!("{magic} {kid} {secret} soon\n"),
        ] {
            drop(fs::remove_file(&next));
            write_private(&next, line.as_bytes()).unwrap();
            assert!(keys.read_again().is_err(), "{line}");
            assert!(KeyRing::open(dir.path()).is_err(), "{line}");
            assert_eq!(kids(&keys, 0), before);
        }
    }

    #[test]
    fn a_directory_that_others_may_change_holds_no_keys() {
        use std::os::unix::fs::PermissionsExt;
        let (dir, keys) = made();
        for (mode, open) in [
            (0o700, false),
            (0o755, false),
            (0o1777, false),
            (0o770, true),
        ] {
            fs::set_permissions(dir.path(), fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(keys.read_again().is_err(), open, "{mode:o}");
            assert_eq!(KeyRing::open(dir.path()).is_err(), open, "{mode:o}");
        }
    }
}
