//! What may be asked of reports.

use chrono::NaiveDate;
use deserr::Deserr;
use utoipa::IntoParams;

use crate::code::Code;
use crate::http::extract::query::in_query;
use crate::http::problem::ApiError;
use crate::http::wire::{Choice, CodeIn, Day, Faults};
use crate::refusal::{FieldFault, Refusal};
use crate::reporting::indicators::IndicatorInterval;
use crate::reporting::reach::Days;
use crate::reporting::series::{GroupBy, Interval, Metric};
use crate::reporting::{IndicatorQuery, RegionBasis, Regions, SeriesQuery};

/// What a series follows.
pub type MetricWire = Choice<Metric>;
/// How long each period of a series is.
pub type IntervalWire = Choice<Interval>;
/// By what a series is told apart.
pub type GroupByWire = Choice<GroupBy>;

/// How long each period of an indicator is.
pub type IndicatorIntervalWire = Choice<IndicatorInterval>;
/// Of which day regions are.
pub type RegionBasisWire = Choice<RegionBasis>;

/// The day of a report.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AsOf {
    /// The day at whose end the books are read; today in Seoul where it is not given.
    #[deserr(default)]
    pub as_of: Option<Day>,
}

/// The day that a claim is checked as of.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CheckedOn {
    /// The day at whose end the books are read; the claim's own where it is not given.
    #[deserr(default)]
    pub as_of: Option<Day>,
}

/// The day of a report, and the period whose people it tells.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PeopleParams {
    /// The day at whose end the books are read; today in Seoul where it is not given.
    #[deserr(default)]
    pub as_of: Option<Day>,
    /// The first day of a period; without it nobody is told to have come or gone.
    #[deserr(default)]
    pub from: Option<Day>,
    /// Its last day; the day of the report where it is not given.
    #[deserr(default)]
    pub to: Option<Day>,
}

/// The day of a report of a program, the period whose people it tells, and how regions are told
/// apart.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProgramParams {
    /// The day at whose end the books are read; today in Seoul where it is not given.
    #[deserr(default)]
    pub as_of: Option<Day>,
    /// The first day of a period; without it nobody is told to have come or gone.
    #[deserr(default)]
    pub from: Option<Day>,
    /// Its last day; the day of the report where it is not given.
    #[deserr(default)]
    pub to: Option<Day>,
    /// Regions as they were on the day of each record, or those that hold their areas today; as
    /// recorded where it is not given.
    #[deserr(default)]
    pub region_basis: Option<RegionBasisWire>,
}

impl ProgramParams {
    /// The day of the report, the period, and how regions are told apart.
    ///
    /// # Errors
    /// As [`PeopleParams::question`].
    pub fn question(
        &self,
        today: NaiveDate,
    ) -> Result<(NaiveDate, Option<Days>, Regions), ApiError> {
        let (as_of, from, to) = (self.as_of, self.from, self.to);
        let (as_of, days) = PeopleParams { as_of, from, to }.question(today)?;
        Ok((as_of, days, regions(self.region_basis, today)))
    }
}

/// A series that is asked for.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SeriesParams {
    /// What it follows.
    pub metric: MetricWire,
    /// How long each period is; a month where it is not given.
    #[deserr(default)]
    pub interval: Option<IntervalWire>,
    /// By what it is told apart; by nothing where it is not given.
    #[deserr(default)]
    pub group_by: Option<GroupByWire>,
    /// Regions as they were on the day of each record, or those that hold their areas today; as
    /// recorded where it is not given.
    #[deserr(default)]
    pub region_basis: Option<RegionBasisWire>,
    /// The first day; the first month with an entry where it is not given.
    #[deserr(default)]
    pub from: Option<Day>,
    /// The last day; the day of the report where it is not given.
    #[deserr(default)]
    pub to: Option<Day>,
    /// The day at whose end the books are read; today in Seoul where it is not given.
    #[deserr(default)]
    pub as_of: Option<Day>,
}

/// A report of an indicator that is asked for.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct IndicatorParams {
    /// How long each period is; as it was measured where it is not given.
    #[deserr(default)]
    pub interval: Option<IndicatorIntervalWire>,
    /// By which dimension it is told apart; by none where it is not given.
    #[deserr(default)]
    pub group_by: Option<CodeIn>,
    /// The first day; any where it is not given.
    #[deserr(default)]
    pub from: Option<Day>,
    /// The last day; the day of the report where it is not given.
    #[deserr(default)]
    pub to: Option<Day>,
    /// The day at whose end the books are read; today in Seoul where it is not given.
    #[deserr(default)]
    pub as_of: Option<Day>,
}

/// Which compensation is asked for.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompensationParams {
    /// Only this program, which has to be one of compensation.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// The day at whose end the books are read; today in Seoul where it is not given.
    #[deserr(default)]
    pub as_of: Option<Day>,
}

impl IndicatorParams {
    /// The question, and the day of the report.
    ///
    /// # Errors
    /// `in_the_future`.
    pub fn question(self, today: NaiveDate) -> Result<(IndicatorQuery, NaiveDate), ApiError> {
        let as_of = AsOf { as_of: self.as_of }.day(today)?;
        let query = IndicatorQuery {
            interval: self
                .interval
                .map_or(IndicatorInterval::AsRecorded, |interval| interval.0),
            group_by: self.group_by.map(|code| code.0),
            from: self.from.map(|day| day.0),
            to: self.to.map(|day| day.0),
        };
        Ok((query, as_of))
    }
}

impl CompensationParams {
    /// The program, and the day of the report.
    ///
    /// # Errors
    /// `in_the_future`.
    pub fn question(self, today: NaiveDate) -> Result<(Option<Code>, NaiveDate), ApiError> {
        let (as_of, fault) = day(self.as_of, today);
        let program = self.program.map(|code| code.0);
        fault.map_or(Ok((program, as_of)), |fault| Err(refused(vec![fault])))
    }
}

impl AsOf {
    /// The day of the report.
    ///
    /// # Errors
    /// `in_the_future`: nobody knows what the books will hold.
    pub fn day(&self, today: NaiveDate) -> Result<NaiveDate, ApiError> {
        let (as_of, fault) = day(self.as_of, today);
        fault.map_or(Ok(as_of), |fault| Err(refused(vec![fault])))
    }
}

impl CheckedOn {
    /// The day, where it is not the claim's own.
    ///
    /// # Errors
    /// `in_the_future`.
    pub fn day(&self, today: NaiveDate) -> Result<Option<NaiveDate>, ApiError> {
        let (as_of, fault) = day(self.as_of, today);
        match fault {
            Some(fault) => Err(refused(vec![fault])),
            None => Ok(self.as_of.map(|_given| as_of)),
        }
    }
}

impl PeopleParams {
    /// The day of the report, and the period.
    ///
    /// # Errors
    /// Every wrong parameter: `in_the_future`, `missing`, `after_as_of`, `end_before_start`.
    pub fn question(&self, today: NaiveDate) -> Result<(NaiveDate, Option<Days>), ApiError> {
        let (as_of, fault) = day(self.as_of, today);
        let mut faults = Vec::from_iter(fault);
        let (from, to) = (self.from.map(|day| day.0), self.to.map(|day| day.0));
        match Days::asked((from, to), as_of) {
            Ok(days) if faults.is_empty() => Ok((as_of, days)),
            Err(Refusal::Fields(more)) => {
                faults.extend(more);
                Err(refused(faults))
            }
            Err(other) => Err(other.into()),
            Ok(_) => Err(refused(faults)),
        }
    }
}

impl SeriesParams {
    /// The question, and the day of the report.
    ///
    /// # Errors
    /// Every wrong parameter: `in_the_future`, and what [`SeriesQuery::check`] finds.
    pub fn question(&self, today: NaiveDate) -> Result<(SeriesQuery, NaiveDate), ApiError> {
        let query = SeriesQuery {
            metric: self.metric.0,
            interval: self.interval.map_or(Interval::Month, |interval| interval.0),
            group_by: self.group_by.map_or(GroupBy::None, |group_by| group_by.0),
            regions: regions(self.region_basis, today),
            from: self.from.map(|day| day.0),
            to: self.to.map(|day| day.0),
        };
        let (as_of, fault) = day(self.as_of, today);
        let mut faults = Vec::from_iter(fault);
        match query.check(as_of) {
            Err(Refusal::Fields(more)) => faults.extend(more),
            Err(other) => return Err(other.into()),
            Ok(_) => {}
        }
        if faults.is_empty() {
            Ok((query, as_of))
        } else {
            Err(refused(faults))
        }
    }
}

/// The day of a report, and what is wrong with it.
fn day(asked: Option<Day>, today: NaiveDate) -> (NaiveDate, Option<FieldFault>) {
    let as_of = asked.map_or(today, |day| day.0);
    (
        as_of,
        (as_of > today).then(|| FieldFault::new("/as_of", "in_the_future")),
    )
}

fn regions(basis: Option<RegionBasisWire>, today: NaiveDate) -> Regions {
    Regions {
        basis: basis.map_or(RegionBasis::AsRecorded, |basis| basis.0),
        today,
    }
}

fn refused(faults: Vec<FieldFault>) -> ApiError {
    in_query(Refusal::Fields(faults)).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::json::Json;

    const TODAY: &str = "2022-11-03";

    fn today() -> NaiveDate {
        TODAY.parse().unwrap()
    }

    fn asked(pairs: &[(&str, &str)]) -> SeriesParams {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let read: Result<SeriesParams, Faults> = deserr::deserialize(Json::of_texts(pairs));
        read.unwrap()
    }

    #[test]
    fn a_report_is_of_today_or_of_a_day_before() {
        assert_eq!(AsOf { as_of: None }.day(today()).unwrap(), today());
        let before = "2021-01-01".parse().unwrap();
        assert_eq!(
            AsOf {
                as_of: Some(Day(before))
            }
            .day(today())
            .unwrap(),
            before
        );
        let tomorrow = AsOf {
            as_of: today().succ_opt().map(Day),
        };
        assert_eq!(tomorrow.day(today()).unwrap_err().code(), "invalid_fields");
    }

    #[test]
    fn a_series_is_of_months_and_in_one_group_where_nothing_else_is_said() {
        let (query, as_of) = asked(&[("metric", "disbursed")]).question(today()).unwrap();
        let expected = SeriesQuery {
            metric: Metric::Disbursed,
            interval: Interval::Month,
            group_by: GroupBy::None,
            regions: regions(None, today()),
            from: None,
            to: None,
        };
        assert_eq!((query, as_of), (expected, today()));
    }

    #[test]
    fn every_wrong_parameter_is_named_at_once() {
        let wrong = asked(&[
            ("metric", "buyers"),
            ("as_of", "2022-11-04"),
            ("to", "2022-11-05"),
        ]);
        let error = wrong.question(today()).unwrap_err();
        let ApiError::Refused(Refusal::Fields(faults)) = error else {
            panic!("{error:?}")
        };
        let faults: Vec<_> = faults.iter().map(|f| (f.field.as_str(), f.code)).collect();
        assert_eq!(
            faults,
            [
                ("?as_of", "in_the_future"),
                ("?group_by", "not_additive"),
                ("?to", "after_as_of")
            ]
        );
    }
}
