//! What is read aloud.

use std::collections::BTreeSet;

use super::*;
use crate::claims::model::Nature;
use crate::metrics::Scope;
use crate::reporting::claims::sample::{claim, said};
use crate::reporting::claims::verdict::{judge, question};
use crate::reporting::sample::{code, day};

/// What is told of a claim where the books say `actual`.
fn told(claim: &Claim, actual: Option<i64>, caveats: &[Caveat]) -> Name {
    told_by(FigureBasis::Records, claim, actual, caveats)
}

/// The same of a figure that rests on `basis`.
fn told_by(basis: FigureBasis, claim: &Claim, actual: Option<i64>, caveats: &[Caveat]) -> Name {
    let today = day("2022-11-03");
    let figure = actual.map(|value| Figure {
        value,
        at_list: value,
        programs: BTreeSet::new(),
        basis,
        as_of: today,
    });
    let asked = question(claim, claim.as_of, today);
    let judged = judge(claim, asked, |_| Ok(figure)).unwrap();
    let place = (claim.scope != Scope::All).then(|| Name {
        ko: "소신상인".to_owned(),
        en: "Sosin merchants".to_owned(),
    });
    let told = Told {
        claim,
        day: claim.as_of,
        judged: &judged,
        place,
        caveats,
        left_out: 2,
    };
    told.sentences()
}

fn merchants() -> Claim {
    claim(
        Some(Metric::Disbursed),
        Scope::Program(code("sosin-merchants")),
    )
}

#[test]
fn a_claim_that_just_holds_says_that_no_room_is_left() {
    let caveats = [Caveat::InKindListValue, Caveat::GeneratedData];
    let name = told(&merchants(), Some(6_000_000_000), &caveats);
    assert_eq!(
        name.ko,
        "2022년 11월 3일까지 소신상인의 집행액이 60억 원 이상이라는 공표는 장부와 맞습니다. \
         장부의 수치는 60억 원이고, 여유가 없습니다. \
         이 가운데 60억 원은 현물이며, 원가가 아니라 정가로 계산했습니다. \
         이 수치에는 시연용으로 생성한 자료가 들어 있습니다."
    );
    assert_eq!(
        name.en,
        "The claim that, for Sosin merchants, the amount disbursed up to 3 November 2022 is at \
         least 6 billion won agrees with the books. The books show 6 billion won; there is no \
         room left. Of this, 6 billion won was given in kind, counted at list price, not at \
         cost. This figure rests in part on data generated for a demonstration."
    );
}

#[test]
fn each_comparator_has_its_words() {
    let mut buyers = claim(Some(Metric::Buyers), Scope::All);
    for (comparator, ko, en) in [
        (
            Comparator::Eq,
            "정확히 39만 명이라는",
            "is exactly 390,000 buyers",
        ),
        (
            Comparator::Gte,
            "39만 명 이상이라는",
            "is at least 390,000 buyers",
        ),
        (
            Comparator::Gt,
            "39만 명 초과라는",
            "is more than 390,000 buyers",
        ),
        (
            Comparator::Lte,
            "39만 명 이내라는",
            "is at most 390,000 buyers",
        ),
        (
            Comparator::About,
            "약 39만 명이라는",
            "is about 390,000 buyers",
        ),
        (
            Comparator::Near,
            "39만 명에 육박한다는",
            "is close to 390,000 buyers",
        ),
    ] {
        buyers.comparison = said(comparator, 390_000, None);
        let name = told(&buyers, Some(385_000), &[]);
        assert!(name.ko.contains(ko), "{}", name.ko);
        assert!(name.en.contains(en), "{}", name.en);
    }
    buyers.comparison = said(Comparator::RoundedDown, 390_000, Some(10_000));
    let name = told(&buyers, Some(392_000), &[]);
    assert_eq!(
        name.ko,
        "2022년 11월 3일 기준 전체 구매자 수가 39만여 명이라는 공표는 장부와 맞습니다. \
         장부의 수치는 39만 2,000명이고, 여유는 2,000명입니다."
    );
    assert_eq!(
        name.en,
        "The claim that the number of buyers overall as of 3 November 2022 is at least 390,000 \
         but under 400,000 buyers agrees with the books. The books show 392,000 buyers; the \
         claim holds until that falls by more than 2,000 buyers."
    );
}

#[test]
fn a_figure_of_a_partner_is_never_called_a_figure_of_the_books() {
    let mut buyers = claim(Some(Metric::Buyers), Scope::All);
    buyers.comparison = said(Comparator::Gte, 390_000, None);
    let told = |actual| told_by(FigureBasis::PartnerStatement, &buyers, actual, &[]);
    let name = told(Some(390_000));
    assert_eq!(
        name.ko,
        "2022년 11월 3일 기준 전체 구매자 수가 39만 명 이상이라는 공표는 수행기관이 알려 온 \
         수치와 맞습니다. 수행기관이 알려 온 수치는 39만 명이고, 여유가 없습니다. 이 수치는 \
         장부의 기록에서 계산한 것이 아닙니다."
    );
    assert_eq!(
        name.en,
        "The claim that the number of buyers overall as of 3 November 2022 is at least 390,000 \
         buyers agrees with what a partner stated. The partner stated 390,000 buyers; there is \
         no room left. This was not computed from the records in the books."
    );
    let name = told(Some(380_000));
    assert!(
        name.ko.contains("알려 온 수치와 맞지 않습니다"),
        "{}",
        name.ko
    );
    let refuted = "does not agree with what a partner stated. The partner stated 380,000 buyers";
    assert!(name.en.contains(refuted), "{}", name.en);
}

#[test]
fn what_stands_on_a_day_is_told_as_of_that_day() {
    let committed = claim(Some(Metric::Committed), Scope::Fund(code("fund")));
    let name = told(&committed, Some(6_000_000_000), &[]);
    assert!(name.ko.starts_with("2022년 11월 3일 기준 "), "{}", name.ko);
    let en = "the commitment as of 3 November 2022 is";
    assert!(name.en.contains(en), "{}", name.en);
    let mut raised = committed;
    raised.from = Some(day("2022-04-01"));
    let name = told(&raised, Some(6_000_000_000), &[]);
    assert!(name.en.contains("from 1 April 2022 to"), "{}", name.en);
}

#[test]
fn how_many_pledges_are_met_is_our_own_count_and_not_a_mere_plan() {
    let mut met = claim(Some(Metric::PledgesMet), Scope::All);
    met.comparison = said(Comparator::Gte, 2, None);
    let declared = [Caveat::Declaration];
    let name = told_by(FigureBasis::Declaration, &met, Some(3), &declared);
    assert_eq!(
        name.ko,
        "2022년 11월 3일 기준 이행한 약속이 2건 이상이라는 공표는 장부와 맞습니다. 장부의 수치는 \
         3건이고, 여유는 1건입니다. 이행한 약속의 수는 회사가 스스로 집계한 것입니다."
    );
    let judged = "Which pledges are met is the company's own count.";
    assert!(name.en.ends_with(judged), "{}", name.en);
}

#[test]
fn a_claim_that_does_not_hold_says_by_how_much() {
    let name = told(&merchants(), Some(5_999_700_000), &[]);
    assert!(name.ko.contains("맞지 않습니다"), "{}", name.ko);
    assert!(
        name.ko.ends_with("공표한 수치보다 30만 원 적습니다."),
        "{}",
        name.ko
    );
    assert!(
        name.en.ends_with("300,000 won below what was claimed."),
        "{}",
        name.en
    );
    let mut over = merchants();
    over.comparison = said(Comparator::Gt, 5, None);
    let name = told(&over, Some(5), &[]);
    assert!(name.ko.ends_with("공표한 수치와 같습니다."), "{}", name.ko);
    over.comparison = said(Comparator::Lte, 5, None);
    let name = told(&over, Some(7), &[]);
    assert!(
        name.en.ends_with("2 won above what was claimed."),
        "{}",
        name.en
    );
}

#[test]
fn what_cannot_be_checked_says_why_and_names_no_figure() {
    let mut estimate = merchants();
    estimate.nature = Nature::Estimate;
    let no_metric = claim(None, Scope::All);
    let mut ahead = merchants();
    ahead.as_of = day("2022-12-31");
    for (claim, ko, en) in [
        (estimate, "추산이므로", "is an estimate"),
        (no_metric, "지표가 장부에 없어", "no figure of this kind"),
        (
            ahead,
            "2022년 12월 31일은 아직 오지 않아",
            "31 December 2022, which lies ahead",
        ),
        (
            merchants(),
            "2022년 11월 3일까지",
            "no record of this up to 3 November 2022",
        ),
    ] {
        let name = told(&claim, None, &[]);
        assert!(name.ko.contains(ko), "{}", name.ko);
        assert!(name.en.contains(en), "{}", name.en);
    }
}

#[test]
fn neither_language_borrows_from_the_other() {
    let all = <Caveat as crate::TextEnum>::ALL;
    for actual in [Some(6_000_000_000), Some(1), None] {
        let name = told(&merchants(), actual, all);
        assert!(name.en.is_ascii(), "{}", name.en);
        let latin = name.ko.chars().any(|c| c.is_ascii_alphabetic());
        assert!(!latin, "{}", name.ko);
    }
}
