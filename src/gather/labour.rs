//! What the checks of labour law read of an offer: the earlier periods of employment, and what the programme policy counts of
//! them.

use aggregates::application;
use aggregates::labour::{LabourFacts, Law, ServicePeriod};
use aggregates::programme_policy::{ProgrammePolicy, ProgrammeTerms};
use projections::departures::{self, Departure};

use super::application::{Missing, programme_policy};
use super::offer::CaseOfOffer;
use super::{AsOf, SameHuman, documents};
use crate::dispatch::{Dispatcher, LoadError};
use crate::employer::Employer;

/// The facts for an offer of a case.
pub async fn facts(dispatcher: &Dispatcher, employer: &Employer, case: &CaseOfOffer) -> Result<LabourFacts, Missing> {
    let programme = programme(dispatcher, employer, &case.application).await?;
    Ok(LabourFacts {
        periods: periods(dispatcher, employer, &case.application).await?,
        job_family: case.requisition.job_family.clone(),
        law: law(dispatcher, employer, &case.application.legal_entity).await?,
        bridging: programme.map(|terms| terms.tenure_bridging).unwrap_or_default(),
    })
}

/// Every period of the person in the entity that has ended, or has its last day.
async fn periods(
    dispatcher: &Dispatcher,
    employer: &Employer,
    case: &application::Standing,
) -> Result<Vec<ServicePeriod>, Missing> {
    let human = SameHuman::of(dispatcher, employer, [case.person_id], AsOf::Now).await?.ok_or(Missing::Behind)?;
    let theirs = vec![
        ("person_id", human.records().map(|record| record.to_string()).collect()),
        ("legal_entity", vec![case.legal_entity.clone()]),
    ];
    // Whoever has given notice has left behind what ends then.
    let leaves = |one: &Departure| matches!(one.state, departures::State::Scheduled | departures::State::Effective);
    let left = documents::<Departure>(dispatcher, employer, theirs, leaves).await?.ok_or(Missing::Behind)?;
    let period = |one: Departure| {
        let employment = one.employment;
        Some(ServicePeriod {
            from: employment.hired_on?,
            to: employment.left_on?,
            employment_type: employment.employment_type?,
            job_family: employment.job_family,
        })
    };
    let mut periods: Vec<ServicePeriod> = left.into_iter().filter_map(period).collect();
    periods.sort_unstable_by_key(|period| (period.from, period.to));
    Ok(periods)
}

/// The law that the entity follows, as its programme policy says today: that is a fact, and no promise of the version that the
/// case began under.
async fn law(dispatcher: &Dispatcher, employer: &Employer, legal_entity: &str) -> Result<Law, LoadError> {
    let Some((_, policy)) = programme_policy(dispatcher, employer, legal_entity).await? else {
        return Ok(Law::default());
    };
    let today = employer.local_date(dispatcher.ledger().now());
    Ok(Law::of(policy.state.governing(today).and_then(|governing| governing.terms.country.as_deref())))
}

/// What the version of the programme policy that governs the case lays down; nothing under version 0.
async fn programme(
    dispatcher: &Dispatcher,
    employer: &Employer,
    case: &application::Standing,
) -> Result<Option<ProgrammeTerms>, LoadError> {
    let Some(programme) = case.facts.as_ref().and_then(|facts| facts.programme.as_ref()) else { return Ok(None) };
    let loaded = dispatcher.load::<ProgrammePolicy>(employer, programme.policy_id.0).await?;
    let version = loaded.state.standing().and_then(|standing| standing.versions.version(programme.version));
    Ok(version.map(|version| version.terms.clone()))
}
