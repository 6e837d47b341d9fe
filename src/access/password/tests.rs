use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::*;

fn chosen(text: &str) -> Result<(), PasswordRefused> {
    Password::chosen(text.to_owned()).map(drop)
}

fn typed(text: &str) -> Password {
    Password::typed(text.to_owned())
}

#[test]
fn a_password_is_recognised_and_another_is_not() {
    let stored = hash(&typed("correct horse battery")).unwrap();
    assert!(
        stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{stored}"
    );
    assert!(verify(&typed("correct horse battery"), &stored).unwrap());
    assert!(!verify(&typed("correct horse battery "), &stored).unwrap());
    assert!(!verify(&typed(""), &stored).unwrap());
    assert_ne!(
        stored,
        hash(&typed("correct horse battery")).unwrap(),
        "each has its salt"
    );
}

#[test]
fn nothing_is_cut_off() {
    let long = "가".repeat(127);
    let stored = hash(&typed(&format!("{long}나"))).unwrap();
    assert!(verify(&typed(&format!("{long}나")), &stored).unwrap());
    assert!(!verify(&typed(&format!("{long}다")), &stored).unwrap());
}

#[test]
fn length_is_counted_in_characters() {
    assert_eq!(chosen("seven77"), Err(PasswordRefused::TooShort));
    assert_eq!(chosen("eight888"), Ok(()));
    assert_eq!(chosen("나의비밀번호들"), Err(PasswordRefused::TooShort));
    assert_eq!(chosen("나의비밀번호들🔑"), Ok(()));
    let long: String = "하늘과바람과별과시".chars().cycle().take(128).collect();
    assert_eq!(chosen(&long), Ok(()));
    assert_eq!(chosen(&format!("{long}!")), Err(PasswordRefused::TooLong));
}

#[test]
fn easily_guessed_passwords_are_refused() {
    let easy = "password Password1! QWERTY123 iloveyou2022 12345678 aaaaaaaa 12121212 1q2w3e4r \
                welcome!!! Sangsaeng-2022! 우리상생기금입니다 mySANGSAENGkey admin1234 비밀번호1234";
    for text in easy.split(' ') {
        assert_eq!(chosen(text), Err(PasswordRefused::TooCommon), "{text}");
    }
    for text in [
        "passwordless",
        "8k3mz-w0c2q",
        "monkey sees moon",
        "2022 qwerty moon",
    ] {
        assert_eq!(chosen(text), Ok(()), "{text}");
    }
}

#[test]
fn the_commonest_passwords_are_refused_in_any_letters() {
    assert_eq!(COMMONEST.lines().count(), 3_000);
    assert!(COMMONEST.lines().is_sorted());
    for text in COMMONEST.lines() {
        assert!(text.len() >= 8, "{text}");
        assert_eq!(chosen(text), Err(PasswordRefused::TooCommon), "{text}");
    }
    assert_eq!(chosen("CocaCola"), Err(PasswordRefused::TooCommon));
    assert_eq!(chosen("jordan23"), Err(PasswordRefused::TooCommon));
}

#[test]
fn a_password_is_no_name_of_its_users_address() {
    let email = Email::parse("minji.kim@mobility.example.co.kr").unwrap();
    let refused = |text: &str| typed(text).not_of(&email).is_err();
    for text in [
        "Minji.Kim2022!",
        "MOBILITY-2022",
        "mobility!",
        "example1234",
        "minji.kim@mobility.example.co.kr",
    ] {
        assert!(refused(text), "{text}");
    }
    for text in [
        "three blue mandarins",
        "kim and the korea",
        "minji loves tea",
    ] {
        assert!(!refused(text), "{text}");
    }
}

#[test]
fn refusals_have_stable_codes() {
    let all = [
        PasswordRefused::TooShort,
        PasswordRefused::TooLong,
        PasswordRefused::TooCommon,
    ];
    let codes = [
        "password_too_short",
        "password_too_long",
        "password_too_common",
    ];
    assert_eq!(all.map(PasswordRefused::code), codes);
}

#[test]
fn a_hash_of_lower_cost_still_verifies_and_asks_to_be_made_again() {
    let cheap = Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        Params::new(8 * 1024, 1, 1, None).unwrap(),
    );
    let stored = cheap
        .hash_password_with_salt(b"old password", &[3; 16])
        .unwrap()
        .to_string();
    assert!(verify(&typed("old password"), &stored).unwrap());
    assert!(needs_rehash(&stored));
    assert!(!needs_rehash(&hash(&typed("old password")).unwrap()));
    for other in ["", "plain", &NOBODYS_HASH.replace("argon2id", "argon2i")] {
        assert!(needs_rehash(other), "{other}");
    }
    for (now, less) in [("m=19456", "m=19455"), ("t=2", "t=1"), ("v=19", "v=16")] {
        assert!(needs_rehash(&NOBODYS_HASH.replace(now, less)), "{less}");
    }
}

#[test]
fn a_stored_text_that_is_no_hash_is_an_error_and_not_a_wrong_password() {
    for stored in [
        "",
        "plain",
        "$argon2id$v=19$m=1,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
    ] {
        let result = verify(&typed("password"), stored);
        assert!(
            matches!(result, Err(PasswordError::Stored(_))),
            "{stored}: {result:?}"
        );
    }
}

#[test]
fn an_unknown_user_costs_what_a_known_one_costs() {
    assert!(!needs_rehash(NOBODYS_HASH));
    let cost = |stored| {
        let hash = PasswordHash::new(stored).unwrap();
        (Params::try_from(&hash).unwrap(), hash.salt.unwrap().len())
    };
    assert_eq!(
        cost(NOBODYS_HASH),
        cost(&hash(&typed("anything at all")).unwrap())
    );
    let stored = hash(&typed("another one")).unwrap();
    let quickest = |check: &dyn Fn(&Password) -> Result<bool, PasswordError>| {
        let time = |_| {
            let start = Instant::now();
            assert!(!check(&typed("anything at all")).unwrap());
            start.elapsed()
        };
        (0..3).map(time).min().unwrap()
    };
    assert!(
        quickest(&|password| verify(password, NOBODYS_HASH)) * 4
            > quickest(&|password| verify(password, &stored))
    );
}

#[test]
fn the_gate_lets_two_in_and_turns_away_when_too_many_wait() {
    let gate = Gate::new();
    let (inside, most, busy) = (
        AtomicUsize::new(0),
        AtomicUsize::new(0),
        AtomicUsize::new(0),
    );
    thread::scope(|scope| {
        for _ in 0..60 {
            scope.spawn(|| match gate.enter() {
                Err(_) => drop(busy.fetch_add(1, Ordering::SeqCst)),
                Ok(_turn) => {
                    let now = inside.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(now, Ordering::SeqCst);
                    thread::sleep(Duration::from_millis(20));
                    inside.fetch_sub(1, Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(most.load(Ordering::SeqCst), MAX_CONCURRENT_HASHES);
    assert!(busy.load(Ordering::SeqCst) > 0);
    let counts = gate.counts.into_inner().unwrap();
    assert_eq!((counts.inside, counts.waiting), (0, 0));
}

#[test]
fn debug_shows_nothing_of_the_password() {
    assert_eq!(format!("{:?}", typed("correct horse")), "Password(hidden)");
}
