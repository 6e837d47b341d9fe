use std::fs;

use super::*;

/// A fresh set of keys in a directory of its own.
fn made() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("keys");
    KeyRing::create(&dir).unwrap();
    (home, dir)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Replaces the secret of one file.
fn plant(dir: &Path, purpose: &str, secret: &[u8]) {
    let encoded = URL_SAFE_NO_PAD.encode(secret);
    let line = format!("{MAGIC} {VERSION} {purpose} 0011223344556677 {encoded}\n");
    fs::write(key_path(dir, purpose), line).unwrap();
}

#[test]
fn a_new_set_is_private_and_opens_again_with_the_same_keys() {
    let (_home, dir) = made();
    assert_eq!(mode(&dir), 0o700);
    assert!(key_paths(&dir).all(|path| mode(&path) == 0o600));
    let (one, two) = (KeyRing::open(&dir).unwrap(), KeyRing::open(&dir).unwrap());
    assert_eq!(one.personal_details(), two.personal_details());
    assert_eq!(one.cursor(), two.cursor());
    let token = one.tokens().issue("u1", 1, DateTime::UNIX_EPOCH).unwrap();
    assert!(two.tokens().verify(&token, DateTime::UNIX_EPOCH).is_ok());
}

#[test]
fn keys_are_made_once_and_never_overwritten() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("deep/keys");
    let (first, created) = KeyRing::open_or_create(&dir).unwrap();
    assert!(created);
    let (second, created) = KeyRing::open_or_create(&dir).unwrap();
    assert!(!created);
    assert_eq!(first.blind_index(), second.blind_index());
    assert!(matches!(KeyRing::create(&dir), Err(KeyError::Exists(_))));
    assert_eq!(KeyRing::open(&dir).unwrap().cursor(), first.cursor());

    let elsewhere = home.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    std::os::unix::fs::symlink("nowhere", key_path(&elsewhere, CURSOR)).unwrap();
    assert!(matches!(
        KeyRing::create(&elsewhere),
        Err(KeyError::Exists(_))
    ));
}

#[test]
fn half_a_set_is_refused_and_not_completed() {
    let (_home, dir) = made();
    let lost = key_path(&dir, BLIND_INDEX);
    fs::remove_file(&lost).unwrap();
    let error = KeyRing::open_or_create(&dir).unwrap_err();
    assert!(matches!(&error, KeyError::Missing(path) if *path == lost));
    assert!(error.to_string().contains("blind-index.key"));
    assert!(matches!(KeyRing::create(&dir), Err(KeyError::Exists(_))));
    assert!(!lost.exists());
}

#[test]
fn a_file_that_others_can_open_is_refused() {
    let (_home, dir) = made();
    let path = key_path(&dir, CURSOR);
    for open in [0o640, 0o604, 0o620, 0o601, 0o644] {
        fs::set_permissions(&path, fs::Permissions::from_mode(open)).unwrap();
        let error = KeyRing::open(&dir).unwrap_err();
        assert!(matches!(&error, KeyError::TooOpen(_, mode) if *mode == open));
        assert!(error.to_string().contains("chmod 600"));
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    assert!(KeyRing::open(&dir).is_ok());
}

#[test]
fn a_garbled_file_is_refused() {
    let (_home, dir) = made();
    let path = key_path(&dir, CURSOR);
    let good = fs::read_to_string(&path).unwrap();
    let line = good.trim_end();
    let garbled = [
        String::new(),
        "change-me\n".to_owned(),
        line.get(..line.len() - 1).unwrap().to_owned(),
        format!("{line}A\n"),
        format!("{line}=\n"),
        format!("{line}\n\n"),
        format!("{line} \n"),
        format!("{good}{good}"),
        line.replace("v1", "v2"),
        line.replace("cursor ", "cursor  "),
        line.replace("cursor ", "cursor ../../x"),
        "x".repeat(100_000),
    ];
    for text in garbled {
        fs::write(&path, &text).unwrap();
        assert!(
            matches!(KeyRing::open(&dir), Err(KeyError::Garbled(_))),
            "{text:.80}"
        );
    }
    fs::write(&path, [0xff; 80]).unwrap();
    assert!(matches!(KeyRing::open(&dir), Err(KeyError::Garbled(_))));
    plant(&dir, CURSOR, &[]);
    assert!(matches!(KeyRing::open(&dir), Err(KeyError::Garbled(_))));
    fs::write(&path, line).unwrap();
    assert!(
        KeyRing::open(&dir).is_ok(),
        "the last line break may be missing"
    );
}

#[test]
fn a_key_of_another_purpose_is_refused() {
    let (_home, dir) = made();
    fs::copy(key_path(&dir, CURSOR), key_path(&dir, BLIND_INDEX)).unwrap();
    let error = KeyRing::open(&dir).unwrap_err();
    assert!(matches!(&error, KeyError::WrongPurpose(_, found) if found == CURSOR));
}

#[test]
fn a_key_that_nobody_drew_at_random_is_refused() {
    let (_home, dir) = made();
    let ramp: Vec<u8> = (0..32).collect();
    let weak: [&[u8]; 5] = [
        &[0; 32],
        &[0xff; 32],
        &ramp,
        b"change-me-change-me-change-me-ch",
        b"Tr0ub4dor&3, correct HORSE bat7!",
    ];
    for purpose in PURPOSES {
        for secret in weak {
            let (_home, dir) = made();
            plant(&dir, purpose, secret);
            assert!(matches!(KeyRing::open(&dir), Err(KeyError::Weak(_))));
        }
    }
    assert!(KeyRing::open(&dir).is_ok());
}

#[test]
fn one_key_for_two_purposes_is_refused() {
    let (_home, dir) = made();
    let secret = *KeyRing::open(&dir).unwrap().cursor();
    plant(&dir, PERSONAL_DETAILS, &secret);
    let error = KeyRing::open(&dir).unwrap_err();
    assert!(matches!(error, KeyError::Shared(..)));
    assert!(error.to_string().contains("personal-details.key"));
    assert!(error.to_string().contains("cursor.key"));
}

#[test]
fn debug_shows_no_key() {
    let (_home, dir) = made();
    let shown = format!("{:?}", KeyRing::open(&dir).unwrap());
    assert!(shown.starts_with("KeyRing { tokens: TokenKeys { kid: "));
    assert!(shown.ends_with(", .. }, .. }") && shown.len() < 80);
}
