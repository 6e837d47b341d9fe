use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_667_433_600 + seconds, 0).unwrap()
}

fn from(address: &str) -> Source {
    Source::of(address.parse().unwrap())
}

fn minji(address: &str) -> Attempt {
    Attempt::as_user("minji@example.com", from(address))
}

/// Tries in vain; `false` where the try has to wait.
fn fails(throttle: &Throttle, attempt: Attempt, now: i64) -> bool {
    let begun = throttle.begin(attempt, at(now));
    begun.map(|trying| trying.wrong(at(now))).is_ok()
}

fn wait(throttle: &Throttle, attempt: Attempt, now: i64) -> u64 {
    throttle
        .check(&attempt, at(now))
        .map_or_else(Wait::seconds, |()| 0)
}

#[test]
fn after_five_wrong_tries_the_wait_doubles_from_a_second_to_a_quarter_of_an_hour() {
    let throttle = Throttle::default();
    let mut now = 0;
    for _ in 0..5 {
        assert_eq!(wait(&throttle, minji("10.0.0.1"), now), 0);
        assert!(fails(&throttle, minji("10.0.0.1"), now));
    }
    let waits = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900];
    for seconds in waits {
        assert_eq!(wait(&throttle, minji("10.0.0.1"), now), seconds);
        assert!(!fails(&throttle, minji("10.0.0.1"), now), "it has to wait");
        let just_before = now + i64::try_from(seconds).unwrap() - 1;
        assert_eq!(wait(&throttle, minji("10.0.0.1"), just_before), 1);
        now = just_before + 1;
        assert_eq!(wait(&throttle, minji("10.0.0.1"), now), 0);
        assert!(fails(&throttle, minji("10.0.0.1"), now));
    }
}

#[test]
fn tries_that_wait_make_the_wait_no_longer() {
    let throttle = Throttle::default();
    (0..5).for_each(|_| assert!(fails(&throttle, minji("10.0.0.1"), 0)));
    (0..1_000).for_each(|_| assert!(!fails(&throttle, minji("10.0.0.1"), 0)));
    assert_eq!(wait(&throttle, minji("10.0.0.1"), 0), 1);
}

#[test]
fn an_account_is_counted_for_whatever_source_tries_it() {
    let throttle = Throttle::default();
    for last in 1..=5 {
        assert!(fails(&throttle, minji(&format!("10.0.0.{last}")), 0));
    }
    assert_eq!(wait(&throttle, minji("10.0.0.99"), 0), 1);
    let spelt = Attempt::as_user(" Minji@EXAMPLE.com ", from("10.0.0.99"));
    assert_eq!(wait(&throttle, spelt, 0), 1);
    let other = Attempt::as_user("other@example.com", from("10.0.0.99"));
    assert_eq!(wait(&throttle, other, 0), 0);
    let client = Attempt::as_client("minji@example.com", from("10.0.0.99"));
    assert_eq!(wait(&throttle, client, 0), 0);
}

#[test]
fn a_source_is_counted_for_whatever_account_it_tries() {
    let throttle = Throttle::default();
    let spray = |number: u32, now| {
        let attempt = Attempt::as_user(&format!("user-{number}@example.com"), from("10.0.0.1"));
        fails(&throttle, attempt, now)
    };
    // One password, a thousand accounts, a try a second.
    let through = (0..1_000).filter(|number| spray(*number, i64::from(*number)));
    assert_eq!(through.count(), 5 + 9);
}

#[test]
fn a_known_source_is_stopped_neither_by_strangers_nor_by_neighbours() {
    let throttle = Throttle::default();
    for number in 0..60 {
        let elsewhere = minji(&format!("10.9.{number}.1"));
        fails(&throttle, elsewhere, 0);
    }
    assert!(wait(&throttle, minji("10.0.0.1"), 0) > 0, "for strangers");
    assert_eq!(wait(&throttle, minji("10.0.0.1").known(true), 0), 0);
    for number in 0..10 {
        let neighbour = Attempt::as_user(&format!("{number}@example.com"), from("10.0.0.1"));
        fails(&throttle, neighbour, 0);
    }
    assert_eq!(wait(&throttle, minji("10.0.0.1").known(true), 0), 0);
}

#[test]
fn a_known_source_has_a_count_of_its_own_that_a_right_try_ends() {
    let throttle = Throttle::default();
    let known = minji("10.0.0.1").known(true);
    (0..5).for_each(|_| assert!(fails(&throttle, known, 0)));
    assert_eq!(wait(&throttle, known, 0), 1);
    throttle.begin(known, at(1)).unwrap().right();
    assert_eq!(wait(&throttle, known, 1), 0);
    assert!(fails(&throttle, known, 1));
    assert_eq!(wait(&throttle, known, 1), 0);
}

#[test]
fn a_source_that_tries_much_too_often_is_stopped_for_known_accounts_too() {
    let throttle = Throttle::default();
    let mut through = 0;
    for number in 0..1_000 {
        let attempt = Attempt::as_user(&format!("{number}@example.com"), from("10.0.0.1"));
        through += u32::from(fails(&throttle, attempt.known(true), 0));
    }
    assert_eq!(through, MANY);
    assert_eq!(wait(&throttle, minji("10.0.0.1").known(true), 0), 900);
    assert_eq!(wait(&throttle, minji("10.0.0.2").known(true), 0), 0);
}

#[test]
fn a_right_try_of_a_stranger_takes_nothing_from_the_counts() {
    let throttle = Throttle::default();
    (0..4).for_each(|_| assert!(fails(&throttle, minji("10.0.0.1"), 0)));
    throttle.begin(minji("10.0.0.1"), at(0)).unwrap().right();
    assert!(fails(&throttle, minji("10.0.0.1"), 0));
    assert_eq!(wait(&throttle, minji("10.0.0.1"), 0), 1);
}

#[test]
fn tries_at_the_same_moment_are_no_more_than_tries_one_after_the_other() {
    let throttle = Throttle::default();
    let begun: Vec<_> = (0..8)
        .map(|_| throttle.begin(minji("10.0.0.1"), at(0)))
        .collect();
    assert_eq!(begun.iter().filter(|one| one.is_ok()).count(), 5);
    assert!(
        begun
            .iter()
            .flat_map(|one| one.as_ref().err())
            .all(|wait| wait.seconds() == 1)
    );
    // What could not be judged counts for nothing.
    drop(begun);
    assert!(throttle.held().is_empty());
    for _ in 0..7 {
        fails(&throttle, minji("10.0.0.1"), 0);
    }
    let one = throttle.begin(minji("10.0.0.1"), at(1)).unwrap();
    assert!(
        throttle.begin(minji("10.0.0.1"), at(1)).is_err(),
        "one at a time"
    );
    drop(one);
}

#[test]
fn an_hour_without_a_wrong_try_forgets_and_a_clock_set_back_keeps_nobody_out() {
    let throttle = Throttle::default();
    assert_eq!(
        (0..6)
            .filter(|_| fails(&throttle, minji("10.0.0.1"), 0))
            .count(),
        5
    );
    assert_eq!(wait(&throttle, minji("10.0.0.1"), -86_400), 1);
    assert!(fails(&throttle, minji("10.0.0.1"), 3_599));
    assert_eq!(wait(&throttle, minji("10.0.0.1"), 3_599), 2);
    assert!(fails(&throttle, minji("10.0.0.1"), 3_599 + 3_600));
    assert_eq!(wait(&throttle, minji("10.0.0.1"), 3_599 + 3_600), 0);
}

#[test]
fn no_more_counts_are_kept_than_the_bound_and_those_that_stop_somebody_stay() {
    let throttle = Throttle::default();
    (0..5).for_each(|_| assert!(fails(&throttle, minji("10.0.0.1"), 0)));
    for number in 0..u32::try_from(MAX_HELD).unwrap() {
        let address = std::net::Ipv4Addr::from(0x0b00_0000 + number).to_string();
        let attempt = Attempt::as_user(&format!("{number}@example.com"), from(&address));
        throttle.begin(attempt, at(0)).unwrap().wrong(at(0));
    }
    assert!(throttle.held().len() <= MAX_HELD);
    assert_eq!(wait(&throttle, minji("10.0.0.1"), 0), 1);
}
