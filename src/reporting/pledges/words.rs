//! Pledges in words, Korean and English: sentences that can be read aloud as they are. Pure.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::TargetRead;
use crate::code::Name;
use crate::metrics::Metric;
use crate::pledges::model::{MilestoneStatus, Pledge, PledgeState, Target};
use crate::pledges::standing::{Progress, Standing};
use crate::spoken::{english, english_day, korean, korean_day, with_commas};

/// A state in words.
#[must_use]
pub fn of_state(state: PledgeState) -> Name {
    let (ko, en) = match state {
        PledgeState::Open => ("진행 중", "open"),
        PledgeState::OnTrack => ("순조로움", "on track"),
        PledgeState::Behind => ("지연", "behind"),
        PledgeState::Overdue => ("기한 넘김", "overdue"),
        PledgeState::Met => ("이행", "met"),
        PledgeState::Withdrawn => ("철회", "withdrawn"),
    };
    name(ko, en)
}

/// The status of a milestone in words.
#[must_use]
pub fn of_status(status: MilestoneStatus) -> Name {
    let (ko, en) = match status {
        MilestoneStatus::Scheduled => ("예정", "scheduled"),
        MilestoneStatus::Met => ("이행", "met"),
        MilestoneStatus::PartlyMet => ("일부 이행", "partly met"),
        MilestoneStatus::NotMet => ("미이행", "not met"),
    };
    name(ko, en)
}

fn name(ko: impl Into<String>, en: impl Into<String>) -> Name {
    Name {
        ko: ko.into(),
        en: en.into(),
    }
}

/// Where a pledge stands, in a few sentences: its state, its milestones or its figure, and the
/// slips of its due date.
#[must_use]
pub fn summary(
    pledge: &Pledge,
    standing: &Standing<'_>,
    read: &TargetRead,
    as_of: NaiveDate,
) -> Name {
    let mut sentences = vec![of_standing(&pledge.terms.title, standing, as_of)];
    if standing.state != PledgeState::Withdrawn {
        sentences.extend(of_milestones(standing));
        if let Some((target, progress)) = pledge.target.as_ref().zip(standing.progress) {
            sentences.extend(of_target(target, progress, standing.state, read));
        }
        sentences.extend(of_slips(standing));
    }
    let join = |of: fn(&Name) -> &str| sentences.iter().map(of).collect::<Vec<_>>().join(" ");
    name(join(|said| &said.ko), join(|said| &said.en))
}

fn of_standing(title: &str, standing: &Standing<'_>, as_of: NaiveDate) -> Name {
    let (ko, en) = match (standing.state, standing.late_since, standing.own.due_on) {
        (PledgeState::Withdrawn, _, _) => {
            let on = standing.withdrawal.map_or(as_of, |step| step.effective_on);
            (
                format!("{}에 철회했습니다", korean_day(on)),
                format!("was withdrawn on {}", english_day(on)),
            )
        }
        (PledgeState::Met, _, _) => ("이행했습니다".to_owned(), "is met".to_owned()),
        (_, Some(since), _) => of_delay(standing, since, as_of),
        (_, None, Some(due_on)) => of_due_day(due_on, as_of),
        (_, None, None) => (
            "정해진 기한 없이 진행 중입니다".to_owned(),
            "is open and has no due date".to_owned(),
        ),
    };
    name(
        format!("‘{title}’ 약속은 {ko}."),
        format!("The pledge “{title}” {en}."),
    )
}

/// How long it is until a due date.
fn of_due_day(due_on: NaiveDate, as_of: NaiveDate) -> (String, String) {
    let (ko, en) = (korean_day(due_on), english_day(due_on));
    let days = days_between(as_of, due_on);
    if days == 0 {
        return (
            format!("{ko}, 바로 이날이 기한입니다"),
            format!("is due on this very day, {en}"),
        );
    }
    (
        format!("기한인 {ko}까지 {}일 남았습니다", with_commas(days)),
        format!("is due on {en}, in {}", counted(days, "day")),
    )
}

fn days_between(early: NaiveDate, late: NaiveDate) -> u64 {
    late.signed_duration_since(early).num_days().unsigned_abs()
}

/// What was due and is not met, and for how long: the pledge, or the first of its milestones.
fn of_delay(standing: &Standing<'_>, since: NaiveDate, as_of: NaiveDate) -> (String, String) {
    let days = days_between(since, as_of);
    let mut late = standing.milestones.iter();
    let milestone = late
        .find(|(_, _, track)| track.late_since(as_of) == Some(since))
        .filter(|_| standing.own.due_on != Some(since));
    let (ko, en) = match milestone {
        Some((_, milestone, _)) => (
            format!("이행 과제 ‘{}’의 기한인", milestone.title),
            format!("its milestone “{}”", milestone.title),
        ),
        None => ("기한인".to_owned(), "it".to_owned()),
    };
    (
        format!(
            "{ko} {}을 {}일 넘겼습니다",
            korean_day(since),
            with_commas(days)
        ),
        format!(
            "is overdue: {en} was due on {}, {} ago",
            english_day(since),
            counted(days, "day")
        ),
    )
}

fn of_milestones(standing: &Standing<'_>) -> Option<Name> {
    let all = standing.milestones.len();
    let with = |status: MilestoneStatus| {
        let tracks = standing.milestones.iter();
        tracks
            .filter(|(_, _, track)| track.status == status)
            .count()
    };
    let are = |number: usize| if number == 1 { "is" } else { "are" };
    let (met, partly) = (with(MilestoneStatus::Met), with(MilestoneStatus::PartlyMet));
    let (ko, en) = match (met, partly) {
        _ if all == 0 => return None,
        (0, 0) => (
            "이행한 것은 아직 없습니다".to_owned(),
            "none is met yet".to_owned(),
        ),
        (0, partly) => (
            format!("{partly}건을 일부 이행했습니다"),
            format!("{partly} {} partly met", are(partly)),
        ),
        (met, 0) => (
            format!("{met}건을 이행했습니다"),
            format!("{met} {} met", are(met)),
        ),
        (met, partly) => (
            format!("{met}건을 이행하고 {partly}건을 일부 이행했습니다"),
            format!("{met} {} met and {partly} partly met", are(met)),
        ),
    };
    let milestones = counted(u64::try_from(all).unwrap_or(u64::MAX), "milestone");
    Some(name(
        format!("이행 과제 {all}건 가운데 {ko}."),
        format!("Of {milestones}, {en}."),
    ))
}

fn of_target(
    target: &Target,
    progress: Progress,
    state: PledgeState,
    read: &TargetRead,
) -> Vec<Name> {
    let metric = target.metric;
    let (topic, subject) = topic(metric);
    let goal = (korean(metric, target.value), english(metric, target.value));
    let Some(figure) = &read.figure else {
        return vec![name(
            format!("목표는 {}이며, 아직 기록된 실적이 없습니다.", goal.0),
            format!("Its target is {}; nothing is recorded yet.", goal.1),
        )];
    };
    let share = percent(figure.value, target.value);
    let mut sentences = vec![name(
        format!(
            "{} 기준 {topic} {}으로 목표 {}의 {share}퍼센트입니다.",
            korean_day(figure.as_of),
            korean(metric, figure.value),
            goal.0
        ),
        format!(
            "On {}, {subject} stood at {}, {share} percent of the target of {}.",
            english_day(figure.as_of),
            english(metric, figure.value),
            goal.1
        ),
    )];
    sentences.extend(of_course(metric, progress, state));
    sentences
}

/// Whether the figure is where it should be, and when it will be where it must.
fn of_course(metric: Metric, progress: Progress, state: PledgeState) -> Vec<Name> {
    let mut sentences = Vec::new();
    if let Some(expected) = progress.expected {
        let (ko, en) = (korean(metric, expected), english(metric, expected));
        match state {
            PledgeState::OnTrack => sentences.push(name(
                format!("이날까지의 예정 수준인 {ko} 이상입니다."),
                format!("That is no less than the {en} expected by then."),
            )),
            PledgeState::Behind => sentences.push(name(
                format!("이날까지의 예정 수준인 {ko}에는 못 미칩니다."),
                format!("That is less than the {en} expected by then."),
            )),
            _ => {}
        }
    }
    if let Some(day) = progress.projected_on.filter(|_| state != PledgeState::Met) {
        sentences.push(name(
            format!("지금의 속도라면 {}에 목표에 이릅니다.", korean_day(day)),
            format!(
                "At this pace the target is reached on {}.",
                english_day(day)
            ),
        ));
    }
    sentences
}

fn of_slips(standing: &Standing<'_>) -> Option<Name> {
    let slips = standing.own.slips.len();
    let first = standing.own.first_due_on.filter(|_| slips > 0)?;
    let times = match slips {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    };
    Some(name(
        format!(
            "처음 기한은 {}이었고, 지금까지 {slips}번 옮겼습니다.",
            korean_day(first)
        ),
        format!(
            "It was first due on {}; the date has been moved {times}.",
            english_day(first)
        ),
    ))
}

/// What a figure is called at the beginning of a clause.
fn topic(metric: Metric) -> (&'static str, &'static str) {
    match metric {
        Metric::Committed => ("약정액은", "the amount committed"),
        Metric::Contributed => ("출연액은", "the amount paid in"),
        Metric::Disbursed => ("집행액은", "the amount disbursed"),
        Metric::Beneficiaries => ("수혜자 실인원은", "the number of beneficiaries"),
        Metric::Payments => ("지급 건수는", "the number of payments"),
        Metric::SalesAmount => ("거래액은", "the value of sales"),
        Metric::SalesQuantityKg => ("판매 중량은", "the weight sold"),
        Metric::Orders => ("주문 건수는", "the number of orders"),
        Metric::Buyers => ("구매자 수는", "the number of buyers"),
        Metric::Donated => ("기부액은", "the amount donated"),
        Metric::PledgesMet => ("이행한 약속은", "the number of pledges met"),
        Metric::Paid => ("지급액은", "the amount paid"),
        Metric::Refunded => ("반납·환수액은", "the amount refunded"),
        Metric::Approved => ("승인액은", "the amount approved"),
    }
}

/// A share in percent with two places, without zeros at its end. Never rounded up: what falls
/// short of its target by the least is not told as all of it.
fn percent(part: i64, whole: i64) -> String {
    let parts = i128::from(part).checked_mul(10_000);
    let hundredths = parts.and_then(|parts| parts.checked_div_euclid(i128::from(whole)));
    let percent = Decimal::try_from_i128_with_scale(hundredths.unwrap_or_default(), 2);
    percent.unwrap_or_default().normalize().to_string()
}

fn counted(number: u64, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {what}{plural}", with_commas(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reporting::sample::day;

    #[test]
    fn a_due_date_is_told_with_the_days_until_then() {
        for (as_of, ko, en) in [
            (
                "2018-08-05",
                "기한인 2022년 12월 31일까지 1,609일 남았습니다",
                "is due on 31 December 2022, in 1,609 days",
            ),
            (
                "2022-12-30",
                "기한인 2022년 12월 31일까지 1일 남았습니다",
                "is due on 31 December 2022, in 1 day",
            ),
            (
                "2022-12-31",
                "2022년 12월 31일, 바로 이날이 기한입니다",
                "is due on this very day, 31 December 2022",
            ),
        ] {
            let told = of_due_day(day("2022-12-31"), day(as_of));
            assert_eq!(told, (ko.to_owned(), en.to_owned()));
        }
    }

    #[test]
    fn a_share_is_never_rounded_up() {
        for (part, whole, percent_of_it) in [
            (299_999_999_999, 300_000_000_000, "99.99"),
            (300_000_000_000, 300_000_000_000, "100"),
            (8_200_000_000, 300_000_000_000, "2.73"),
            (2_100, 2_000, "105"),
            (4, 5, "80"),
            (0, 5, "0"),
            (1, i64::MAX, "0"),
        ] {
            assert_eq!(percent(part, whole), percent_of_it);
        }
    }
}
