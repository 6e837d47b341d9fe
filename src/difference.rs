//! What an audit finds: places where the books differ from what they are made of.
//!
//! Pure. A check says what it derived and what is stored; [`Findings`] keeps the first
//! [`MAX_KEPT`] differences and counts the rest, so a spoilt book cannot fill the memory.

use std::collections::BTreeMap;
use std::fmt;

/// Differences that are kept with their place; any more are only counted.
pub const MAX_KEPT: usize = 100;

/// What each code means, in English and Korean.
const MEANINGS: &[(&str, &str, &str)] = &[
    ("account_sum", "sum of an account", "계정 합계"),
    ("accounts", "accounts of a book", "장부의 계정 수"),
    ("amendment", "amendment of a record", "건의 정정"),
    ("approval", "approval of a record", "건의 승인"),
    ("backdated", "mark of a back-dated account", "소급 표시"),
    ("balance", "balance of an account", "계정 잔액"),
    (
        "below_zero",
        "limited account below zero",
        "한도 계정의 음수 잔액",
    ),
    (
        "compensation_sum",
        "sum of a compensation program",
        "보상 사업 합계",
    ),
    (
        "engine",
        "structure or keys of the database",
        "데이터베이스 구조·참조",
    ),
    ("frontier", "hash tree of a book", "장부의 해시 트리"),
    ("head", "head of a book", "장부의 머리"),
    ("last_on", "latest date of an account", "계정의 마지막 일자"),
    ("leaf", "hash of an event", "사건의 해시"),
    ("measurement", "what was measured", "실적"),
    (
        "merge_step",
        "step of a merge of two beneficiaries",
        "수혜자 병합 단계",
    ),
    (
        "merged_into",
        "whom a beneficiary counts under",
        "병합된 수혜자",
    ),
    ("people_count", "number of distinct people", "실인원"),
    ("proposal", "proposal and its decision", "기안과 결재"),
    ("record_amounts", "amounts of a record", "건의 금액"),
    ("record_status", "status of a record", "건의 상태"),
    ("recorded_at", "instant of an event", "기록 시각"),
    ("sale_sum", "sum of sales", "판매 합계"),
    ("sequence_gap", "sequence of events", "사건의 일련번호"),
    ("standing", "what a person stands at", "수혜자별 순액"),
    ("stated", "what was stated", "신고·사용 내역"),
    ("step", "step of a record", "건의 단계"),
    ("tally", "sum of a program", "사업 합계"),
    (
        "transfer_month",
        "year and month of a transfer",
        "이체의 연월",
    ),
    (
        "unbalanced",
        "balances that do not add up to zero",
        "합이 0이 아닌 잔액",
    ),
    ("unreadable", "row that cannot be read", "읽을 수 없는 행"),
];

/// One place where the books differ from what they are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// A stable code, such as `balance`.
    pub what: &'static str,
    /// Where.
    pub place: String,
    /// What was derived.
    pub expected: String,
    /// What is stored.
    pub found: String,
}

impl Difference {
    /// The difference in one line of Korean, or else of English.
    #[must_use]
    pub fn text(&self, korean: bool) -> String {
        let meaning = MEANINGS.iter().find(|(code, _, _)| *code == self.what);
        let (english_meaning, korean_meaning) =
            meaning.map_or((self.what, self.what), |(_, en, ko)| (*en, *ko));
        let Self {
            what,
            place,
            expected,
            found,
        } = self;
        if korean {
            format!("{what} ({korean_meaning}) {place}: 계산값 {expected}, 장부값 {found}")
        } else {
            format!("{what} ({english_meaning}) {place}: derived {expected}, stored {found}")
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(false))
    }
}

/// The differences found so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    kept: Vec<Difference>,
    found: u64,
}

impl Findings {
    /// Notes a difference.
    pub fn differ(
        &mut self,
        what: &'static str,
        place: impl fmt::Display,
        expected: impl fmt::Display,
        found: impl fmt::Display,
    ) {
        self.found = self.found.saturating_add(1);
        if self.kept.len() < MAX_KEPT {
            self.kept.push(Difference {
                what,
                place: place.to_string(),
                expected: expected.to_string(),
                found: found.to_string(),
            });
        }
    }

    /// Notes a difference unless what is stored is what was derived.
    pub fn compare<T: PartialEq + fmt::Display>(
        &mut self,
        what: &'static str,
        place: impl fmt::Display,
        expected: T,
        found: T,
    ) {
        if expected != found {
            self.differ(what, place, expected, found);
        }
    }

    /// The first differences, in the order they were found.
    #[must_use]
    pub fn kept(&self) -> &[Difference] {
        &self.kept
    }

    /// The first differences, and how many there are in all.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Difference>, u64) {
        (self.kept, self.found)
    }
}

/// Sums by key, as derived and as stored. A row that is not there counts as nothing.
#[derive(Debug)]
pub struct Sides<K, V>(BTreeMap<K, (V, V)>);

impl<K, V> Default for Sides<K, V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord, V: Default + PartialEq> Sides<K, V> {
    /// The derived side of a key.
    pub fn expected(&mut self, key: K) -> &mut V {
        &mut self.0.entry(key).or_default().0
    }

    /// The stored side of a key.
    pub fn found(&mut self, key: K) -> &mut V {
        &mut self.0.entry(key).or_default().1
    }

    /// The keys whose sides differ, in their order, each with what was derived and what is stored.
    pub fn differing(self) -> impl Iterator<Item = (K, V, V)> {
        let all = self.0.into_iter();
        all.filter(|(_, (expected, found))| expected != found)
            .map(|(key, (expected, found))| (key, expected, found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_reads_in_both_languages() {
        let mut findings = Findings::default();
        findings.compare("balance", "house #1", 5, 7);
        let difference = &findings.kept()[0];
        assert_eq!(
            difference.to_string(),
            "balance (balance of an account) house #1: derived 5, stored 7"
        );
        assert_eq!(
            difference.text(true),
            "balance (계정 잔액) house #1: 계산값 5, 장부값 7"
        );
    }

    #[test]
    fn the_first_differences_are_kept_and_the_rest_counted() {
        let mut findings = Findings::default();
        findings.compare("balance", "same", 1, 1);
        for n in 0..=MAX_KEPT {
            findings.compare("balance", n, 0, 1);
        }
        let (kept, found) = findings.into_parts();
        assert_eq!((kept.len(), kept[0].place.as_str()), (MAX_KEPT, "0"));
        assert_eq!(usize::try_from(found), Ok(MAX_KEPT + 1));
    }

    #[test]
    fn a_missing_row_and_a_row_of_nothing_are_the_same_and_any_other_differs() {
        let mut sides: Sides<&str, i128> = Sides::default();
        *sides.found("zero row") = 0;
        *sides.expected("missing") = 3;
        *sides.found("too many") = 4;
        *sides.expected("equal") = 5;
        *sides.found("equal") = 5;
        let differing: Vec<_> = sides.differing().collect();
        assert_eq!(differing, [("missing", 3, 0), ("too many", 0, 4)]);
    }

    #[test]
    fn every_code_has_a_meaning_of_its_own() {
        assert!(MEANINGS.is_sorted_by(|a, b| a.0 < b.0));
    }
}
