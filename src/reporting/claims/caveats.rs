//! What has to be said along with a figure. Pure.

use super::verdict::{Judged, Reason};
use crate::claims::model::Claim;
use crate::code::Code;
use crate::ids::RecordId;
use crate::metrics::{Metric, Scope};
use crate::programs::model::{Program, ProgramKind};
use crate::reporting::figure::{Figure, FigureBasis};
use crate::reporting::master::{self, Master};
use crate::text_enum::text_enum;

text_enum! {
    /// What has to be said along with a figure.
    Caveat {
        /// Part of it was given in kind and counted at list price, not at cost.
        InKindListValue = "in_kind_list_value",
        /// Some of the records behind it were generated for a demonstration.
        GeneratedData = "generated_data",
        /// What was said is an estimate.
        Estimate = "estimate",
        /// Another claim is about some of the same money: the two are never added.
        OverlappingFigure = "overlapping_figure",
        /// Programs of the fund have no record yet.
        PartialCoverage = "partial_coverage",
        /// What a partner stated is older than the day of the claim.
        OlderStatement = "older_statement",
        /// It is what we declared ourselves, not what was done.
        Declaration = "declaration",
        /// It is compensation, which counts as no giving.
        Compensation = "compensation",
    }
}

/// What the basis of a fund or program says where its records are generated (시연용: for a
/// demonstration).
const GENERATED: &str = "시연용";

/// What has to be said along with a claim, in the order of [`Caveat`].
pub fn of(
    claim: &Claim,
    judged: &Judged,
    master: &Master,
    overlaps: &[RecordId],
    left_out: usize,
) -> Vec<Caveat> {
    let figure = judged.figure.as_ref();
    let is = |test: &dyn Fn(&Figure) -> bool| figure.is_some_and(test);
    let applies = |caveat: &Caveat| match caveat {
        Caveat::InKindListValue => is(&|figure| figure.at_list != 0),
        Caveat::GeneratedData => is(&|figure| is_generated(claim, figure, master)),
        Caveat::Estimate => judged.reason == Some(Reason::Estimate),
        Caveat::OverlappingFigure => !overlaps.is_empty(),
        Caveat::PartialCoverage => left_out > 0,
        Caveat::OlderStatement => is(&|figure| {
            figure.basis == FigureBasis::PartnerStatement && figure.as_of < claim.as_of
        }),
        Caveat::Declaration => is(&|figure| figure.basis == FigureBasis::Declaration),
        Caveat::Compensation => figure.is_some() && is_compensation(&claim.scope, master),
    };
    let all = <Caveat as crate::TextEnum>::ALL.iter();
    all.copied().filter(|caveat| applies(caveat)).collect()
}

/// Whether a claim is about a program that makes good a damage.
fn is_compensation(scope: &Scope, master: &Master) -> bool {
    match scope {
        Scope::Program(code) => master::compensates(&master.programs, Some(code)),
        Scope::All | Scope::Fund(_) => false,
    }
}

/// Whether a fund or program that the figure is made of says that its records are generated. What
/// a partner stated, and which pledges are met, rests on no such records.
fn is_generated(claim: &Claim, figure: &Figure, master: &Master) -> bool {
    let of_pledges = claim.metric == Some(Metric::PledgesMet);
    if figure.basis == FigureBasis::PartnerStatement || of_pledges {
        return false;
    }
    let says = |basis: &Option<String>| basis.as_deref().is_some_and(|b| b.contains(GENERATED));
    let of_funds = matches!(claim.metric, Some(Metric::Committed | Metric::Contributed));
    if of_funds {
        let funds = master.funds.iter();
        return funds
            .filter(|fund| contains(&claim.scope, &Scope::Fund(fund.code.clone()), master))
            .any(|fund| says(&fund.terms.basis));
    }
    let behind = |program: &&Program| {
        if figure.programs.is_empty() {
            contains(&claim.scope, &Scope::Program(program.code.clone()), master)
        } else {
            figure.programs.contains(&program.code)
        }
    };
    let programs = master.programs.iter().filter(behind);
    programs
        .into_iter()
        .any(|program| says(&program.terms.basis))
}

/// The other claims about some of the same money.
pub fn overlaps(claim: &Claim, live: &[Claim], master: &Master) -> Vec<RecordId> {
    let others = live.iter().filter(|other| other.id != claim.id);
    others
        .filter(|other| is_about_the_same_money(claim, other, master))
        .map(|other| other.id.clone())
        .collect()
}

/// Money is promised, paid in, paid out and given away: one won may be in all of these figures.
fn is_about_the_same_money(one: &Claim, other: &Claim, master: &Master) -> bool {
    let (Some(first), Some(second)) = (one.metric, other.metric) else {
        return false;
    };
    let apart = |early: &Claim, late: &Claim| late.from.is_some_and(|from| early.as_of < from);
    let disjoint = apart(one, other) || apart(other, one);
    is_of_money(first)
        && is_of_money(second)
        && !disjoint
        && (holds((first, &one.scope), (second, &other.scope), master)
            || holds((second, &other.scope), (first, &one.scope), master))
}

fn is_of_money(metric: Metric) -> bool {
    matches!(
        metric,
        Metric::Committed | Metric::Contributed | Metric::Disbursed | Metric::Donated
    )
}

/// Whether the money of one figure may be part of that of another. What funds were promised and
/// paid is no money of programs outside them.
fn holds((metric, outer): (Metric, &Scope), (_, inner): (Metric, &Scope), master: &Master) -> bool {
    let of_funds = matches!(metric, Metric::Committed | Metric::Contributed);
    let outside_funds = |code: &Code| {
        let program = master.program(code);
        program.is_some_and(|program| program.funds.is_empty())
    };
    match inner {
        Scope::Program(code) if of_funds && outside_funds(code) => false,
        _ => contains(outer, inner, master),
    }
}

/// Whether one scope lies within another, or is it. Compensation is in none but its own.
fn contains(outer: &Scope, inner: &Scope, master: &Master) -> bool {
    if outer == inner {
        return true;
    }
    match (outer, inner) {
        (Scope::All, Scope::Program(code)) => master
            .program(code)
            .is_none_or(|program| program.kind != ProgramKind::Compensation),
        (Scope::All, _) => true,
        (Scope::Fund(outer), Scope::Fund(inner)) => {
            master::family(&master.funds, outer).contains(inner)
        }
        (Scope::Fund(fund), Scope::Program(code)) => {
            let family = master::family(&master.funds, fund);
            let program = master.program(code);
            program.is_some_and(|program| program.funds.iter().any(|fund| family.contains(fund)))
        }
        (Scope::Program(_) | Scope::Fund(_), _) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::code::Name;
    use crate::funds::model::{CountedAt, Openness};
    use crate::programs::model::{Approval, OnePaymentPer, ProgramTerms};
    use crate::reporting::claims::sample::claim;
    use crate::reporting::claims::verdict::Verdict;
    use crate::reporting::sample::{code, day, fund};

    fn program(name: &str, kind: ProgramKind, funds: &[&str], basis: Option<&str>) -> Program {
        Program {
            code: code(name),
            kind,
            funds: funds.iter().map(|fund| code(fund)).collect(),
            approval: Approval::FourEyes,
            second_approval_above: None,
            one_payment_per: OnePaymentPer::None,
            terms: ProgramTerms {
                name: Name {
                    ko: name.to_owned(),
                    en: name.to_owned(),
                },
                partner: None,
                area: None,
                tags: BTreeMap::new(),
                management_cost: None,
                basis: basis.map(str::to_owned),
            },
            status: Openness::Open,
            version: 1,
        }
    }

    fn master() -> Master {
        use ProgramKind::{Accessibility, Compensation, MerchantSupport, WorkerSupport};
        Master {
            funds: vec![
                fund("child", Some("parent"), CountedAt::Cost),
                fund("other", None, CountedAt::Cost),
                fund("parent", None, CountedAt::List),
            ],
            programs: vec![
                program(
                    "merchants",
                    MerchantSupport,
                    &["parent"],
                    Some("상인은 시연용 생성"),
                ),
                program("workers", WorkerSupport, &["child"], Some("real")),
                program("maps", Accessibility, &[], None),
                program("outage", Compensation, &[], None),
            ],
        }
    }

    fn said(id: u8, metric: Metric, scope: Scope) -> Claim {
        let mut claim = claim(Some(metric), scope);
        claim.id = RecordId::stored(format!("{id}-1"));
        claim
    }

    fn overlapping(one: (Metric, Scope), other: (Metric, Scope)) -> bool {
        let (one, other) = (said(1, one.0, one.1), said(2, other.0, other.1));
        let live = [one.clone(), other.clone()];
        let found = overlaps(&one, &live, &master());
        let back = overlaps(&other, &live, &master());
        assert_eq!(found.is_empty(), back.is_empty(), "it goes both ways");
        !found.is_empty()
    }

    #[test]
    fn money_of_one_claim_may_lie_within_another() {
        use Metric::{Beneficiaries, Committed, Contributed, Disbursed, Donated};
        let fund = |name| Scope::Fund(code(name));
        let program = |name| Scope::Program(code(name));
        for (one, other, overlaps) in [
            (
                (Committed, fund("parent")),
                (Committed, fund("child")),
                true,
            ),
            (
                (Committed, fund("parent")),
                (Committed, fund("other")),
                false,
            ),
            (
                (Committed, fund("parent")),
                (Donated, program("workers")),
                true,
            ),
            (
                (Disbursed, program("workers")),
                (Donated, program("workers")),
                true,
            ),
            (
                (Disbursed, program("workers")),
                (Disbursed, program("merchants")),
                false,
            ),
            (
                (Disbursed, fund("child")),
                (Disbursed, program("merchants")),
                false,
            ),
            ((Disbursed, Scope::All), (Disbursed, program("maps")), true),
            (
                (Disbursed, Scope::All),
                (Disbursed, program("outage")),
                false,
            ),
            ((Committed, Scope::All), (Disbursed, program("maps")), false),
            (
                (Contributed, fund("parent")),
                (Committed, fund("parent")),
                true,
            ),
            ((Beneficiaries, Scope::All), (Disbursed, Scope::All), false),
        ] {
            let told = format!("{one:?} {other:?}");
            assert_eq!(overlapping(one, other), overlaps, "{told}");
        }
    }

    #[test]
    fn claims_about_different_times_do_not_overlap() {
        let early = said(1, Metric::Disbursed, Scope::All);
        let mut late = said(2, Metric::Disbursed, Scope::All);
        late.as_of = day("2023-12-31");
        late.from = Some(day("2022-11-04"));
        assert_eq!(overlaps(&early, &[late.clone()], &master()), []);
        late.from = Some(day("2022-11-03"));
        assert_eq!(overlaps(&early, &[late.clone()], &master()), [late.id]);
    }

    fn judged(metric: Metric, scope: Scope, figure: Figure) -> Vec<Caveat> {
        let judged = Judged {
            verdict: Verdict::Supported,
            reason: None,
            figure: Some(figure),
            difference: Some(0),
            headroom: Some(0),
        };
        of(&said(1, metric, scope), &judged, &master(), &[], 0)
    }

    fn figure(programs: &[&str], basis: FigureBasis) -> Figure {
        Figure {
            value: 6,
            at_list: 0,
            programs: programs
                .iter()
                .map(|name| code(name))
                .collect::<BTreeSet<_>>(),
            basis,
            as_of: day("2022-11-03"),
        }
    }

    #[test]
    fn generated_records_are_told_where_they_stand_behind_the_figure() {
        use FigureBasis::Records;
        let all =
            |programs: &[&str]| judged(Metric::Disbursed, Scope::All, figure(programs, Records));
        assert_eq!(all(&["merchants", "workers"]), [Caveat::GeneratedData]);
        assert_eq!(all(&["workers"]), []);
        let people = |fund| {
            let scope = Scope::Fund(code(fund));
            judged(Metric::Beneficiaries, scope, figure(&[], Records))
        };
        assert_eq!(people("parent"), [Caveat::GeneratedData]);
        assert_eq!(people("child"), []);
    }

    #[test]
    fn compensation_is_never_told_as_giving() {
        let paid = |program| {
            let scope = Scope::Program(code(program));
            let figure = figure(&[program], FigureBasis::Records);
            judged(Metric::Disbursed, scope, figure)
        };
        assert_eq!(paid("outage"), [Caveat::Compensation]);
        assert_eq!(paid("workers"), []);
    }

    #[test]
    fn list_prices_declarations_and_old_statements_are_told() {
        let mut in_kind = figure(&["workers"], FigureBasis::Records);
        in_kind.at_list = 6;
        assert_eq!(
            judged(Metric::Disbursed, Scope::All, in_kind),
            [Caveat::InKindListValue]
        );
        let promised = figure(&[], FigureBasis::Declaration);
        assert_eq!(
            judged(Metric::Committed, Scope::All, promised),
            [Caveat::Declaration]
        );
        let mut stated = figure(&["workers"], FigureBasis::PartnerStatement);
        assert_eq!(judged(Metric::Buyers, Scope::All, stated.clone()), []);
        stated.as_of = day("2022-10-31");
        assert_eq!(
            judged(Metric::Buyers, Scope::All, stated),
            [Caveat::OlderStatement]
        );
    }
}
