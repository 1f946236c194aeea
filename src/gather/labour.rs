//! What the checks of labour law read of an offer: the earlier periods of employment, and what the programme policy counts of
//! them.

use std::collections::HashMap;

use aggregates::application;
use aggregates::eligibility::SeparationReason;
use aggregates::employment::{EmploymentKind, EndedBecause};
use aggregates::labour::{LabourFacts, Law, ProgrammeRules, ServicePeriod};
use aggregates::requisition::Engagement;
use aggregates::values::EmploymentType;
use chrono::NaiveDate;
use projections::departures::{self, Departure};
use projections::employments::Employment;
use projections::programme_policies::ProgrammePolicy;

use super::application::{Missing, programme_of, why_they_left};
use super::offer::CaseOfOffer;
use super::{AsOf, SameHuman, documents};
use crate::dispatch::{Dispatcher, LoadError};
use crate::employer::Employer;

/// The facts for an offer of a case.
pub async fn facts(dispatcher: &Dispatcher, employer: &Employer, case: &CaseOfOffer) -> Result<LabourFacts, Missing> {
    let programme = programme(dispatcher, employer, &case.application).await?;
    let (told, left_elsewhere) = told(dispatcher, employer, &case.application).await?;
    let reasons = if case.requisition.engagement == Engagement::Dispatched {
        why_they_left(dispatcher, employer, told.0.iter()).await?
    } else {
        HashMap::new()
    };
    let (periods, untold) = served(told);
    Ok(LabourFacts {
        periods,
        untold,
        left_elsewhere,
        retired: reasons.values().any(|reason| *reason == SeparationReason::Retirement),
        job_family: case.requisition.job_family.clone(),
        engagement: case.requisition.engagement,
        law: law(dispatcher, employer, &case.application.legal_entity).await?,
        programme,
    })
}

/// What departures and employments tell of the person's time in the entity; and their last day in another one.
async fn told(
    dispatcher: &Dispatcher,
    employer: &Employer,
    case: &application::Standing,
) -> Result<((Vec<Departure>, Vec<Employment>), Option<NaiveDate>), Missing> {
    let human = SameHuman::of(dispatcher, employer, [case.person_id], AsOf::Now).await?.ok_or(Missing::Behind)?;
    let theirs = || vec![("person_id", human.records().map(|record| record.to_string()).collect())];
    // Whoever has given notice has left behind what ends then.
    let leaves = |one: &Departure| matches!(one.state, departures::State::Scheduled | departures::State::Effective);
    let left = documents::<Departure>(dispatcher, employer, theirs(), leaves).await?.ok_or(Missing::Behind)?;
    // What should never have been recorded was no service.
    let own =
        |one: &Employment| one.kind == EmploymentKind::Primary && one.ended_because != Some(EndedBecause::Correction);
    let worked = documents::<Employment>(dispatcher, employer, theirs(), own).await?.ok_or(Missing::Behind)?;
    let here = |entity: &String| *entity == case.legal_entity;
    let (left, left_others): (Vec<_>, Vec<_>) = left.into_iter().partition(|one| here(&one.legal_entity));
    let (worked, worked_for_others): (Vec<_>, Vec<_>) = worked.into_iter().partition(|one| here(&one.legal_entity));
    // Whoever worked on a contract of their own was not employed.
    let not_as_contractor = |as_what: Option<EmploymentType>| as_what != Some(EmploymentType::Contractor);
    let left_others = left_others.iter().filter(|one| not_as_contractor(one.employment.employment_type));
    let ended = worked_for_others.iter().filter(|one| not_as_contractor(one.employment_type));
    let left_elsewhere = left_others.map(|one| one.employment.left_on).chain(ended.map(|one| one.to)).flatten().max();
    Ok(((left, worked), left_elsewhere))
}

/// Every period that has ended, or has its last day; and whether there was one of which the record does not tell so much.
fn served((left, worked): (Vec<Departure>, Vec<Employment>)) -> (Vec<ServicePeriod>, bool) {
    let left: Vec<Stint> = left.into_iter().map(Stint::from).collect();
    let worked: Vec<Stint> = worked.into_iter().map(Stint::from).collect();
    told_once(&left, &worked)
}

/// A period as a record tells it.
struct Stint {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    employment_type: Option<EmploymentType>,
    job_family: Option<String>,
}

impl From<Departure> for Stint {
    fn from(departure: Departure) -> Self {
        let departures::Employment { hired_on, left_on, employment_type, job_family, .. } = departure.employment;
        Self { from: hired_on, to: left_on, employment_type, job_family }
    }
}

impl From<Employment> for Stint {
    fn from(employment: Employment) -> Self {
        let Employment { from, to, employment_type, placement, .. } = employment;
        Self { from, to, employment_type, job_family: placement.job_family }
    }
}

impl Stint {
    fn period(&self) -> Option<ServicePeriod> {
        Some(ServicePeriod {
            from: self.from?,
            to: self.to?,
            employment_type: self.employment_type?,
            job_family: self.job_family.clone(),
        })
    }

    /// Whether it may be that very period, told with less or by another record.
    fn may_be(&self, period: &ServicePeriod) -> bool {
        let begins = self.from.is_none_or(|from| from <= period.to);
        let ends = self.to.is_none_or(|to| period.from <= to);
        begins && ends && (self.from.is_some() || self.to.is_some())
    }
}

/// The periods, each once though departure and employment both tell of it; and whether there is one that neither tells whole.
fn told_once(left: &[Stint], worked: &[Stint]) -> (Vec<ServicePeriod>, bool) {
    let mut periods: Vec<ServicePeriod> = left.iter().filter_map(Stint::period).collect();
    for stint in worked {
        if let Some(period) = stint.period().filter(|_| !periods.iter().any(|known| stint.may_be(known))) {
            periods.push(period);
        }
    }
    let is_told = |stint: &Stint| {
        stint.employment_type == Some(EmploymentType::Contractor) || periods.iter().any(|known| stint.may_be(known))
    };
    let untold = left.iter().chain(worked).any(|stint| !is_told(stint));
    periods.sort_unstable_by_key(|period| (period.from, period.to));
    (periods, untold)
}

/// The law that the entity follows, as its programme policy says today: that is a fact, and no promise of the version that the
/// case began under. No law ends with a policy that was retired.
pub async fn law(dispatcher: &Dispatcher, employer: &Employer, legal_entity: &str) -> Result<Law, Missing> {
    let of_entity = vec![("legal_entity", vec![legal_entity.to_owned()])];
    let policies = documents::<ProgrammePolicy>(dispatcher, employer, of_entity, |_| true).await?;
    let today = employer.local_date(dispatcher.ledger().now());
    Ok(law_by(&policies.ok_or(Missing::Behind)?, today))
}

/// The law of the entity whose programme policies these are: as the one says that governs a day, or else the one that did last.
pub fn law_by<'a>(policies: impl IntoIterator<Item = &'a ProgrammePolicy>, on: NaiveDate) -> Law {
    let said = policies.into_iter().filter_map(|policy| Some((policy, policy.last_governing(on)?)));
    let last = said.max_by_key(|(policy, version)| (policy.governing(on).is_some(), version.effective_from));
    Law::of(last.and_then(|(_, version)| version.terms.country.as_deref()))
}

/// What the version of the programme policy that governs the case lays down; nothing under version 0.
async fn programme(
    dispatcher: &Dispatcher,
    employer: &Employer,
    case: &application::Standing,
) -> Result<Option<ProgrammeRules>, LoadError> {
    let programme = programme_of(dispatcher, employer, case).await?;
    Ok(programme.map(|(version, terms)| ProgrammeRules {
        version,
        bridging: terms.tenure_bridging,
        first_review: terms.first_review,
        continuity_days: terms.continuity_days,
    }))
}

#[cfg(test)]
mod tests {
    use aggregates::labour::ServicePeriod;
    use aggregates::values::EmploymentType;

    use super::{Stint, told_once};

    const REGULAR: Option<EmploymentType> = Some(EmploymentType::Regular);

    fn stint(from: &str, to: &str, employment_type: Option<EmploymentType>) -> Stint {
        let day = |text: &str| text.parse().ok();
        Stint { from: day(from), to: day(to), employment_type, job_family: None }
    }

    fn period(from: &str, to: &str) -> ServicePeriod {
        stint(from, to, REGULAR).period().unwrap()
    }

    #[test]
    fn a_period_that_two_records_tell_of_is_one() {
        let left = || [stint("2015-04-01", "2024-03-31", REGULAR)];
        let expected = (vec![period("2015-04-01", "2024-03-31")], false);
        assert_eq!(told_once(&left(), &[]), expected);
        assert_eq!(told_once(&left(), &[stint("2015-04-01", "2024-03-31", REGULAR)]), expected);
        assert_eq!(told_once(&left(), &[stint("2015-04-01", "", REGULAR)]), expected);
        // What the departure leaves out, the employment tells.
        let unstated = || [stint("", "2024-03-31", None)];
        assert_eq!(told_once(&unstated(), &[stint("2015-04-01", "2024-03-31", REGULAR)]), expected);
        assert_eq!(told_once(&[], &[stint("2015-04-01", "2024-03-31", REGULAR)]), expected);
        let earlier = [stint("2010-04-01", "2012-03-31", REGULAR)];
        let both = vec![period("2010-04-01", "2012-03-31"), period("2015-04-01", "2024-03-31")];
        assert_eq!(told_once(&left(), &earlier), (both, false));
    }

    #[test]
    fn what_no_record_tells_whole_is_said_to_be_so() {
        let known = || stint("2015-04-01", "2024-03-31", REGULAR);
        for unstated in [
            stint("2010-04-01", "2012-03-31", None),
            stint("", "2012-03-31", REGULAR),
            stint("2024-06-01", "", REGULAR),
            stint("", "", REGULAR),
        ] {
            let (periods, untold) = told_once(&[known(), unstated], &[]);
            assert_eq!((periods, untold), (vec![period("2015-04-01", "2024-03-31")], true));
        }
        let contractor = stint("2010-04-01", "", Some(EmploymentType::Contractor));
        assert!(!told_once(&[known()], &[contractor]).1);
    }
}
