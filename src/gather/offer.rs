//! What a decision about an offer reads of the case, its position and its referral; and which seat is free.

use aggregates::application::{self, Application, Stage};
use aggregates::checks::{Outcome, RuleResult};
use aggregates::ids::{ActorId, ApplicationId, RequisitionId};
use aggregates::offer::{ApplicationFacts, Case, Hold, Offer, Position, Required, seat_key};
use aggregates::rehire_policy;
use aggregates::requisition::{self, MOST_SEATS, Requisition};
use chrono::NaiveDate;
use projections::offers;
use uuid::Uuid;

use super::application::{Asked, Missing, eligibility, programme_of, referrer};
use super::documents;
use crate::dispatch::{Dispatcher, LoadError};
use crate::employer::Employer;
use crate::ledger::{StoreError, StreamKey, micros};

/// The case of an offer, with its position and whoever referred the candidate.
pub struct CaseOfOffer {
    /// The case itself.
    pub application: application::Standing,
    /// What a decision reads of it.
    pub facts: ApplicationFacts,
    /// The position.
    pub requisition: requisition::Standing,
    /// Whether it still hires.
    pub position: Position,
    /// Who referred the candidate.
    pub referrer: Option<ActorId>,
    /// The stream that says so.
    pub referral: Option<(StreamKey, i64)>,
    /// The streams that this was read from, with the version read.
    pub guards: Vec<(StreamKey, i64)>,
}

impl CaseOfOffer {
    /// Whether the position that an offer is for still hires for this case.
    pub fn position_of(&self, offered: RequisitionId) -> Position {
        if self.application.requisition_id == offered { self.position } else { Position::Another }
    }
}

/// How far the case of an offer has come, and the stream that says so; nothing where there is no such case.
pub async fn how_far_it_is(
    dispatcher: &Dispatcher,
    employer: &Employer,
    id: ApplicationId,
) -> Result<Option<(Case, (StreamKey, i64))>, LoadError> {
    let application = dispatcher.load::<Application>(employer, id.0).await?;
    let guard = (Dispatcher::stream::<Application>(employer, id.0), application.version);
    Ok(application.state.standing().map(|standing| (how_far(&standing.phase), guard)))
}

/// How far the case of an offer has come, what the programme policy that governs it has handed in once the offer is accepted,
/// and the stream that says so; nothing where there is no such case.
pub async fn what_they_agree_to(
    dispatcher: &Dispatcher,
    employer: &Employer,
    id: ApplicationId,
) -> Result<Option<(Case, Option<Required>, (StreamKey, i64))>, LoadError> {
    let application = dispatcher.load::<Application>(employer, id.0).await?;
    let guard = (Dispatcher::stream::<Application>(employer, id.0), application.version);
    let Some(standing) = application.state.standing() else { return Ok(None) };
    let programme = programme_of(dispatcher, employer, standing).await?;
    let required = programme.map(|(programme, terms)| Required { programme, documents: terms.required_documents });
    Ok(Some((how_far(&standing.phase), required, guard)))
}

/// The first day of whoever came back by a case, none as long as they are not back, and the stream that says so; nothing where
/// there is no such case.
pub async fn came_back_on(
    dispatcher: &Dispatcher,
    employer: &Employer,
    id: ApplicationId,
) -> Result<Option<(Option<NaiveDate>, (StreamKey, i64))>, LoadError> {
    let application = dispatcher.load::<Application>(employer, id.0).await?;
    let guard = (Dispatcher::stream::<Application>(employer, id.0), application.version);
    Ok(application.state.standing().map(|standing| (standing.phase.rejoined_on(), guard)))
}

/// The case of an offer as it stands; nothing where there is no such case.
pub async fn case(
    dispatcher: &Dispatcher,
    employer: &Employer,
    id: ApplicationId,
) -> Result<Option<CaseOfOffer>, LoadError> {
    let application = dispatcher.load::<Application>(employer, id.0).await?;
    let Some(standing) = application.state.standing().cloned() else { return Ok(None) };
    let position = dispatcher.load::<Requisition>(employer, standing.requisition_id.0).await?;
    let Some(requisition) = position.state.standing().cloned() else { return Ok(None) };
    let (referrer, referral) = referrer(dispatcher, employer, standing.referral_id).await?;
    let guards = vec![
        (Dispatcher::stream::<Application>(employer, id.0), application.version),
        (Dispatcher::stream::<Requisition>(employer, standing.requisition_id.0), position.version),
    ];
    Ok(Some(CaseOfOffer {
        facts: ApplicationFacts {
            case: how_far(&standing.phase),
            hold: if standing.hold.is_some() { Hold::OnHold } else { Hold::None },
            eligibility: standing.eligibility,
            rechecked: vec![],
            open: vec![],
        },
        application: standing,
        position: match requisition.phase {
            requisition::Phase::Open | requisition::Phase::Published => Position::Open,
            requisition::Phase::Closed => Position::Closed,
        },
        requisition,
        referrer,
        referral,
        guards,
    }))
}

/// The same with the rules about coming back evaluated once more, over what holds now and for the first day of the offer.
pub async fn rechecked_case(
    dispatcher: &Dispatcher,
    employer: &Employer,
    id: ApplicationId,
    starts_on: NaiveDate,
) -> Result<Option<CaseOfOffer>, Missing> {
    let Some(mut case) = case(dispatcher, employer, id).await? else { return Ok(None) };
    let application = &case.application;
    let now = eligibility(dispatcher, employer, Asked::Case(application), application.requisition_id).await?;
    let rules = rehire_policy::assess_start(&now.facts, starts_on);
    case.facts.open = news(&rules, application.checks.results());
    case.facts.rechecked = rules;
    for guard in now.guards {
        if case.guards.iter().all(|(stream, _)| *stream != guard.0) {
            case.guards.push(guard);
        }
    }
    Ok(Some(case))
}

/// The findings that nobody has decided about: what stood when people found the person eligible is no news.
fn news<'a>(rules: &[RuleResult], known: impl Iterator<Item = &'a RuleResult>) -> Vec<RuleResult> {
    let known: Vec<&RuleResult> = known.collect();
    rules.iter().filter(|rule| rule.outcome != Outcome::Pass && !known.contains(rule)).cloned().collect()
}

const fn how_far(phase: &application::Phase) -> Case {
    use application::Phase as P;
    match phase {
        P::EligibilityReview | P::At(Stage::Screening | Stage::Interviewing) => Case::Early,
        P::At(Stage::Evaluated) | P::AfterOffer { .. } => Case::Ready,
        P::OfferPending => Case::Offered,
        P::OfferAccepted(_) | P::Joining(_) => Case::Accepted,
        P::NotEligible { .. } | P::Ended(_) => Case::Ended,
    }
}

/// A seat of a requisition that no offer holds; nothing where every one is held.
pub async fn free_seat(
    dispatcher: &Dispatcher,
    employer: &Employer,
    id: RequisitionId,
    requisition: &requisition::Standing,
) -> Result<Option<u32>, StoreError> {
    Ok(first_free(&seats(dispatcher, employer, id).await?, requisition.headcount))
}

/// How many seats of a requisition offers hold that are out, accepted, or led to a return.
pub async fn promised_seats(
    dispatcher: &Dispatcher,
    employer: &Employer,
    id: RequisitionId,
) -> Result<u32, StoreError> {
    let held = seats(dispatcher, employer, id).await?.iter().flatten().count();
    Ok(u32::try_from(held).unwrap_or(u32::MAX))
}

/// The offers of a requisition that may still go out and take a seat, each with the version of its stream.
pub async fn waiting_offers(
    dispatcher: &Dispatcher,
    employer: &Employer,
    id: RequisitionId,
) -> Result<Vec<(StreamKey, i64)>, Missing> {
    use offers::State as S;
    let states = [S::Drafting, S::ExceptionPending, S::AwaitingApproval, S::Approved];
    let waiting = vec![
        ("requisition_id", vec![id.to_string()]),
        ("state", states.map(|state| <&str>::from(state).to_owned()).to_vec()),
    ];
    let waiting = documents::<offers::Offer>(dispatcher, employer, waiting, |_| true).await?.ok_or(Missing::Behind)?;
    Ok(waiting.iter().map(|offer| (Dispatcher::stream::<Offer>(employer, offer.id.0), offer.version)).collect())
}

/// Who holds each seat, those beyond the headcount as well.
async fn seats(
    dispatcher: &Dispatcher,
    employer: &Employer,
    id: RequisitionId,
) -> Result<Vec<Option<Uuid>>, StoreError> {
    let keys: Vec<String> = (1..=MOST_SEATS).map(|seat| seat_key(id, seat)).collect();
    let ledger = dispatcher.ledger();
    ledger.claim_holders(&employer.name, "seat", &keys, micros(ledger.now())).await
}

/// The first seat, from 1, that nobody holds, while fewer are held than there are.
fn first_free<T>(holders: &[Option<T>], headcount: u32) -> Option<u32> {
    let held = holders.iter().filter(|holder| holder.is_some()).count();
    let open = usize::try_from(headcount).is_ok_and(|headcount| held < headcount);
    let free = holders.iter().position(Option::is_none).filter(|_| open)?;
    u32::try_from(free).ok().and_then(|free| free.checked_add(1))
}

#[cfg(test)]
mod tests {
    use aggregates::checks::{Outcome, found, passed};

    use super::{first_free, news};

    #[test]
    fn what_people_have_decided_about_is_no_news() {
        let review = found("ELG-06", Outcome::Hold, "needs_review", "programme/0");
        let flag = found("PRV-13", Outcome::Block, "flag_in_force", "第12条");
        let known = [review.clone(), passed("PRV-13", "no_flag", "programme/0")];
        assert_eq!(
            news(&[review, flag.clone(), passed("LAB-01", "no_age_input", "労働施策総合推進法9条")], known.iter()),
            [flag]
        );
    }

    #[test]
    fn a_seat_is_free_while_fewer_are_held_than_there_are() {
        assert_eq!(first_free::<()>(&[None, None, None], 2), Some(1));
        assert_eq!(first_free(&[Some(()), None, None], 2), Some(2));
        assert_eq!(first_free(&[Some(()), Some(()), None], 2), None);
        assert_eq!(first_free(&[None, Some(()), Some(())], 2), None, "one is held beyond the lowered headcount");
    }
}
