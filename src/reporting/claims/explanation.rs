//! A check in sentences that a press officer can read aloud, in Korean and in English. Pure.
//!
//! First what was said and whether it holds, then what the books say and how much room is left,
//! then what has to be said along with it. Neither language borrows from the other.

use chrono::NaiveDate;

use super::caveats::Caveat;
use super::verdict::{Judged, Reason, Verdict};
use crate::claims::comparison::Comparator;
use crate::claims::model::Claim;
use crate::code::Name;
use crate::metrics::Metric;
use crate::reporting::figure::{Figure, FigureBasis};
use crate::spoken::{english, english_day, korean, korean_and_more, korean_day};

/// Everything that the sentences tell.
pub struct Told<'a> {
    pub claim: &'a Claim,
    /// The day that was read.
    pub day: NaiveDate,
    pub judged: &'a Judged,
    /// What its scope is called; none for everything.
    pub place: Option<Name>,
    pub caveats: &'a [Caveat],
    /// Programs of its fund without a record.
    pub left_out: usize,
}

impl Told<'_> {
    /// The sentences in both languages.
    pub fn sentences(&self) -> Name {
        let mut ko = Vec::new();
        let mut en = Vec::new();
        let mut say = |[korean, english]: [String; 2]| {
            ko.push(korean);
            en.push(english);
        };
        match (self.claim.metric, self.judged.figure.as_ref()) {
            (Some(metric), Some(figure)) => {
                say([self.verdict_ko(metric), self.verdict_en(metric)]);
                say([self.books_ko(metric, figure), self.books_en(metric, figure)]);
                if self.is_stated() {
                    say(stated_by_a_partner());
                }
            }
            _ => say(self.not_checkable()),
        }
        for caveat in self.caveats {
            if let Some(sentence) = self.caveat(*caveat) {
                say(sentence);
            }
        }
        Name {
            ko: ko.join(" "),
            en: en.join(" "),
        }
    }

    fn holds(&self) -> bool {
        self.judged.verdict == Verdict::Supported
    }

    /// Whether the figure is a partner's, and not one of the books.
    fn is_stated(&self) -> bool {
        let figure = self.judged.figure.as_ref();
        figure.is_some_and(|figure| figure.basis == FigureBasis::PartnerStatement)
    }

    /// `2022년 11월 3일까지 소신상인의 집행액이 60억 원 이상이라는 공표는 장부와 맞습니다.`
    fn verdict_ko(&self, metric: Metric) -> String {
        let until = korean_day(self.day);
        let when = match self.claim.from {
            Some(from) => format!("{}부터 {until}까지", korean_day(from)),
            None if stands_on_a_day(metric) => format!("{until} 기준"),
            None => format!("{until}까지"),
        };
        let place = match &self.place {
            Some(name) => format!("{}의 ", name.ko),
            None if metric == Metric::PledgesMet => String::new(),
            None => "전체 ".to_owned(),
        };
        let source = if self.is_stated() {
            "수행기관이 알려 온 수치와"
        } else {
            "장부와"
        };
        let agrees = if self.holds() {
            "맞습니다"
        } else {
            "맞지 않습니다"
        };
        let (what, said) = (subject_ko(metric), self.said_ko(metric));
        format!("{when} {place}{what} {said} 공표는 {source} {agrees}.")
    }

    fn said_ko(&self, metric: Metric) -> String {
        let comparison = &self.claim.comparison;
        let number = korean(metric, comparison.value());
        match comparison.comparator() {
            Comparator::Eq => format!("정확히 {number}이라는"),
            Comparator::Gte => format!("{number} 이상이라는"),
            Comparator::Gt => format!("{number} 초과라는"),
            Comparator::Lte => format!("{number} 이내라는"),
            Comparator::About => format!("약 {number}이라는"),
            Comparator::Near => format!("{number}에 육박한다는"),
            Comparator::RoundedDown => {
                format!("{}이라는", korean_and_more(metric, comparison.value()))
            }
        }
    }

    /// `The claim that, for Sosin merchants, the amount disbursed up to 3 November 2022 is at
    /// least 6 billion won agrees with the books.`
    fn verdict_en(&self, metric: Metric) -> String {
        let until = english_day(self.day);
        let when = match self.claim.from {
            Some(from) => format!("from {} to {until}", english_day(from)),
            None if stands_on_a_day(metric) => format!("as of {until}"),
            None => format!("up to {until}"),
        };
        let agrees = if self.holds() {
            "agrees with"
        } else {
            "does not agree with"
        };
        let source = if self.is_stated() {
            "what a partner stated"
        } else {
            "the books"
        };
        let what = match &self.place {
            Some(name) => format!(", for {}, {}", name.en, subject_en(metric)),
            None => format!(" {} overall", subject_en(metric)),
        };
        let said = self.said_en(metric);
        format!("The claim that{what} {when} is {said} {agrees} {source}.")
    }

    fn said_en(&self, metric: Metric) -> String {
        let comparison = &self.claim.comparison;
        let number = english(metric, comparison.value());
        match comparison.comparator() {
            Comparator::Eq => format!("exactly {number}"),
            Comparator::Gte => format!("at least {number}"),
            Comparator::Gt => format!("more than {number}"),
            Comparator::Lte => format!("at most {number}"),
            Comparator::About => format!("about {number}"),
            Comparator::Near => format!("close to {number}"),
            Comparator::RoundedDown => {
                let unit = comparison.unit().unwrap_or(1);
                let next = comparison.value().saturating_add(unit);
                let next = english(metric, next);
                let (first, counted) = number.rsplit_once(' ').unwrap_or((&number, ""));
                let said = next.strip_suffix(counted).map_or(&*number, |_| first);
                format!("at least {said} but under {next}")
            }
        }
    }

    fn books_ko(&self, metric: Metric, figure: &Figure) -> String {
        let actual = korean(metric, figure.value);
        let difference = self.judged.difference.unwrap_or_default();
        let away = korean(metric, difference.saturating_abs());
        let rest = match (self.holds(), self.judged.headroom) {
            (true, Some(0)) => "여유가 없습니다".to_owned(),
            (true, Some(room)) => format!("여유는 {}입니다", korean(metric, room)),
            (true, None) => "더 줄어도 공표와 맞습니다".to_owned(),
            (false, _) if difference == 0 => "공표한 수치와 같습니다".to_owned(),
            (false, _) if difference < 0 => format!("공표한 수치보다 {away} 적습니다"),
            (false, _) => format!("공표한 수치보다 {away} 많습니다"),
        };
        let source = if self.is_stated() {
            "수행기관이 알려 온"
        } else {
            "장부의"
        };
        format!("{source} 수치는 {actual}이고, {rest}.")
    }

    fn books_en(&self, metric: Metric, figure: &Figure) -> String {
        let actual = english(metric, figure.value);
        let difference = self.judged.difference.unwrap_or_default();
        let away = english(metric, difference.saturating_abs());
        let rest = match (self.holds(), self.judged.headroom) {
            (true, Some(0)) => "; there is no room left".to_owned(),
            (true, Some(room)) => {
                let room = english(metric, room);
                format!("; the claim holds until that falls by more than {room}")
            }
            (true, None) => "; the claim holds however far that falls".to_owned(),
            (false, _) if difference == 0 => ", exactly the number that was claimed".to_owned(),
            (false, _) if difference < 0 => format!(", {away} below what was claimed"),
            (false, _) => format!(", {away} above what was claimed"),
        };
        let source = if self.is_stated() {
            "The partner stated"
        } else {
            "The books show"
        };
        format!("{source} {actual}{rest}.")
    }

    fn not_checkable(&self) -> [String; 2] {
        let (ko, en) = (korean_day(self.day), english_day(self.day));
        match self.judged.reason {
            Some(Reason::Estimate) => [
                "이 공표는 추산이므로 장부로 확인할 수 없습니다.".to_owned(),
                "This claim is an estimate, and the books cannot confirm it.".to_owned(),
            ],
            Some(Reason::NoMetric) => [
                "이 공표에 해당하는 지표가 장부에 없어 확인할 수 없습니다.".to_owned(),
                "The books keep no figure of this kind, so the claim cannot be checked.".to_owned(),
            ],
            Some(Reason::DateAhead) => [
                format!("이 공표의 기준일 {ko}은 아직 오지 않아 확인할 수 없습니다."),
                format!("This claim is about {en}, which lies ahead, so it cannot be checked yet."),
            ],
            Some(Reason::NoRecord) | None => [
                format!("{ko}까지 이 공표에 해당하는 기록이 장부에 없어 확인할 수 없습니다."),
                format!("The books hold no record of this up to {en}, so it cannot be checked."),
            ],
        }
    }

    /// What a caveat says; nothing where the sentences before it said so already.
    fn caveat(&self, caveat: Caveat) -> Option<[String; 2]> {
        let figure = self.judged.figure.as_ref();
        Some(match caveat {
            Caveat::InKindListValue => {
                let metric = self.claim.metric?;
                let at_list = figure?.at_list;
                let (ko, en) = (korean(metric, at_list), english(metric, at_list));
                [
                    format!("이 가운데 {ko}은 현물이며, 원가가 아니라 정가로 계산했습니다."),
                    format!("Of this, {en} was given in kind, counted at list price, not at cost."),
                ]
            }
            Caveat::GeneratedData => [
                "이 수치에는 시연용으로 생성한 자료가 들어 있습니다.".to_owned(),
                "This figure rests in part on data generated for a demonstration.".to_owned(),
            ],
            Caveat::Estimate => [
                "추산은 확인된 실적으로 말할 수 없습니다.".to_owned(),
                "An estimate must not be told as something achieved.".to_owned(),
            ],
            Caveat::OverlappingFigure => [
                "다른 공표 수치와 같은 돈을 포함하므로 서로 더하면 안 됩니다.".to_owned(),
                "It shares money with other claims, so they must not be added up.".to_owned(),
            ],
            Caveat::Compensation => [
                "이 수치는 보상에 관한 것이며, 기부나 지원 실적에 넣지 않습니다.".to_owned(),
                "This is compensation and does not count as giving.".to_owned(),
            ],
            Caveat::PartialCoverage => self.partial_coverage(),
            Caveat::OlderStatement => {
                let stated_on = figure?.as_of;
                let (ko, en) = (korean_day(stated_on), english_day(stated_on));
                [
                    format!("수행기관이 알려 온 수치는 {ko} 기준입니다."),
                    format!("What the partner stated is as of {en}."),
                ]
            }
            Caveat::Declaration if self.claim.metric == Some(Metric::PledgesMet) => [
                "이행한 약속의 수는 회사가 스스로 집계한 것입니다.".to_owned(),
                "Which pledges are met is the company's own count.".to_owned(),
            ],
            Caveat::Declaration => [
                "이 수치는 실적이 아니라 회사가 스스로 밝힌 것입니다.".to_owned(),
                "This is what the company itself declared, not something achieved.".to_owned(),
            ],
        })
    }

    fn partial_coverage(&self) -> [String; 2] {
        let count = self.left_out;
        let (programs, have, are) = if count == 1 {
            ("program", "has", "is")
        } else {
            ("programs", "have", "are")
        };
        [
            format!(
                "이 기금의 사업 가운데 {count}개는 아직 기록이 없어 수치에 들어 있지 않습니다."
            ),
            format!("{count} {programs} of this fund {have} no record yet and {are} not in it."),
        ]
    }
}

fn stated_by_a_partner() -> [String; 2] {
    [
        "이 수치는 장부의 기록에서 계산한 것이 아닙니다.".to_owned(),
        "This was not computed from the records in the books.".to_owned(),
    ]
}

/// Whether a figure is told as of a day; what was promised stands on one, though it may also have
/// grown within a period.
fn stands_on_a_day(metric: Metric) -> bool {
    metric.is_stock() || metric == Metric::Committed
}

/// What a metric counts, as the subject of a Korean sentence.
fn subject_ko(metric: Metric) -> &'static str {
    match metric {
        Metric::Committed => "약정액이",
        Metric::Contributed => "출연액이",
        Metric::Disbursed => "집행액이",
        Metric::Beneficiaries => "수혜자 실인원이",
        Metric::Payments => "지급 건수가",
        Metric::SalesAmount => "거래액이",
        Metric::SalesQuantityKg => "판매 중량이",
        Metric::Orders => "주문 건수가",
        Metric::Buyers => "구매자 수가",
        Metric::Donated => "기부액이",
        Metric::PledgesMet => "이행한 약속이",
        Metric::Paid => "지급액이",
        Metric::Refunded => "반납·환수액이",
        Metric::Approved => "승인액이",
    }
}

/// What a metric counts, as the subject of an English sentence.
fn subject_en(metric: Metric) -> &'static str {
    match metric {
        Metric::Committed => "the commitment",
        Metric::Contributed => "the amount paid in",
        Metric::Disbursed => "the amount disbursed",
        Metric::Beneficiaries => "the number of beneficiaries",
        Metric::Payments => "the number of payments",
        Metric::SalesAmount => "the value of sales",
        Metric::SalesQuantityKg => "the weight sold",
        Metric::Orders => "the number of orders",
        Metric::Buyers => "the number of buyers",
        Metric::Donated => "the amount donated",
        Metric::PledgesMet => "the number of pledges met",
        Metric::Paid => "the amount paid",
        Metric::Refunded => "the amount refunded",
        Metric::Approved => "the amount approved",
    }
}

#[cfg(test)]
mod tests;
