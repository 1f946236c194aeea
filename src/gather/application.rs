//! What the rules about applying read (AUD-05), gathered from the streams that own it; and who is in another interview.

use std::collections::{BTreeSet, HashMap};
use std::str::FromStr as _;

use aggregates::application::{
    Application, Channel, EligibilityFacts, FlagFact, FlagForce, LIVE_APPLICATION, MembershipFact, ProgrammeFact,
    RequisitionFact, Slot, Standing, Stint, live_key,
};
use aggregates::departure::{Departure, Eligibility};
use aggregates::eligibility::SeparationReason;
use aggregates::ids::{
    ActorId, ApplicationId, DepartureId, MemberId, PersonId, ProgrammePolicyId, ReferralId, RequisitionId,
};
use aggregates::member::{ConsentPurpose, Member, Phase as Membership};
use aggregates::no_rehire_flag::NoRehireFlag;
use aggregates::programme_policy::{JobReturn, ProgrammePolicy, ProgrammeTerms, programme_version};
use aggregates::referral::Referral;
use aggregates::requisition::{Engagement, Line, Requisition};
use aggregates::stream::Stream as _;
use aggregates::values::Clause;
use chrono::NaiveDate;
use projections::departures;
use projections::parts::YesNo;
use projections::pipeline::PipelineEntry;
use projections::tasks::{Kind, Task};
use uuid::Uuid;

use super::{AsOf, SameHuman, departures_of, documents, documents_of, live_flags};
use crate::dispatch::{DispatchError, Dispatcher, LoadError, Loaded, Turn};
use crate::employer::Employer;
use crate::ledger::{StoreError, StreamKey, micros};

/// A position as a case needs to know it.
#[derive(Clone, Debug)]
pub struct Position {
    /// The entity that hires.
    pub legal_entity: String,
    /// Who leads its cases.
    pub line: Line,
    /// Department.
    pub department: Option<String>,
    /// Job family.
    pub job_family: Option<String>,
}

/// What the rules read, and the streams that it was read from.
#[derive(Clone, Debug)]
pub struct Gathering {
    /// What the rules read.
    pub facts: EligibilityFacts,
    /// The human being.
    pub person_id: PersonId,
    /// The account that bears the membership.
    pub account: ActorId,
    /// The claims of cases for the position under other records of the same human being: none of them may be held.
    pub other_cases: Vec<(&'static str, String)>,
    /// The position.
    pub position: Position,
    /// The streams, each with the version read.
    pub guards: Vec<(StreamKey, i64)>,
}

/// Why nothing could be gathered.
#[derive(Debug, thiserror::Error)]
pub enum Missing {
    /// There is no such membership, or it has ended.
    #[error("there is no such membership")]
    Member,
    /// There is no such requisition.
    #[error("there is no such requisition")]
    Requisition,
    /// A read model is behind.
    #[error("a read model is behind")]
    Behind,
    /// The store failed.
    #[error(transparent)]
    Load(#[from] LoadError),
}

impl<E: std::error::Error> From<Missing> for DispatchError<E> {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::Member | Missing::Requisition => Self::NotFound,
            Missing::Behind => Self::Overloaded,
            Missing::Load(error) => error.into(),
        }
    }
}

/// To whoever reads and decides nothing, what is not known yet is not there to be read.
impl From<Missing> for LoadError {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::Load(error) => error,
            Missing::Member | Missing::Requisition | Missing::Behind => StoreError::Refused(missing.to_string()).into(),
        }
    }
}

impl From<StoreError> for Missing {
    fn from(error: StoreError) -> Self {
        Self::Load(error.into())
    }
}

/// Whose eligibility is asked about.
#[derive(Clone, Copy, Debug)]
pub enum Asked<'a> {
    /// A member's who applies now, on a channel: the version of the programme policy governs that is in force.
    Applying(MemberId, Channel),
    /// A case's. A membership that has ended says nothing about its bearer any more; the case still does. And the version
    /// governs it that governed when it was handed in.
    Case(&'a Standing),
}

impl Asked<'_> {
    const fn member(self) -> MemberId {
        match self {
            Self::Applying(member, _) => member,
            Self::Case(case) => case.member_id,
        }
    }
}

struct Bearer {
    person_id: PersonId,
    account: ActorId,
}

/// What the rules read about somebody and a position, today.
pub async fn eligibility(
    dispatcher: &Dispatcher,
    employer: &Employer,
    asked: Asked<'_>,
    requisition_id: RequisitionId,
) -> Result<Gathering, Missing> {
    let member_id = asked.member();
    let member = dispatcher.load::<Member>(employer, member_id.0).await?;
    let requisition = dispatcher.load::<Requisition>(employer, requisition_id.0).await?;
    let mut guards = vec![
        (Dispatcher::stream::<Member>(employer, member_id.0), member.version),
        (Dispatcher::stream::<Requisition>(employer, requisition_id.0), requisition.version),
    ];
    let standing = member.state.standing();
    let bearer = match (standing, asked) {
        (Some(standing), _) => Bearer { person_id: standing.person_id, account: standing.account },
        (None, Asked::Case(case)) => Bearer { person_id: case.person_id, account: case.account },
        (None, Asked::Applying(..)) => return Err(Missing::Member),
    };
    let position = requisition.state.standing().ok_or(Missing::Requisition)?;
    let on = employer.local_date(dispatcher.ledger().now());
    let programme = match asked {
        Asked::Applying(_, channel) => {
            let governs = programme(dispatcher, employer, &position.legal_entity, channel, on).await?;
            governs.map(|(programme, guard)| {
                guards.push(guard);
                Box::new(programme)
            })
        }
        Asked::Case(case) => case.facts.as_ref().and_then(|facts| facts.programme.clone()),
    };
    let (mut stints, mut flags) = (Vec::new(), Vec::new());
    let human = SameHuman::of(dispatcher, employer, [bearer.person_id], AsOf::Now).await?.ok_or(Missing::Behind)?;
    guards.extend(human.guards(employer));
    for record in human.records() {
        for departure in departures_of(dispatcher, employer, record).await? {
            let read = dispatcher.load::<Departure>(employer, departure).await?;
            guards.push((Dispatcher::stream::<Departure>(employer, departure), read.version));
            let Some(standing) = read.state.standing() else { continue };
            stints.push(Stint {
                departure_id: departure.into(),
                legal_entity: standing.legal_entity.clone(),
                hired_on: standing.hired_on,
                left_on: standing.left_on,
                verdict: standing.eligibility.verdict(),
                clause: clause(&standing.eligibility),
                reason_counts: false,
                wish_registered: false,
                employment_type: None,
                retired: false,
            });
        }
        for flag in live_flags(dispatcher, employer, record).await? {
            let read = dispatcher.load::<NoRehireFlag>(employer, flag.0).await?;
            guards.push((Dispatcher::stream::<NoRehireFlag>(employer, flag.0), read.version));
            flags.extend(fact(flag, &read.state));
        }
    }
    let job_return = programme.as_ref().and_then(|programme| asked_about_reasons(programme));
    let by_agency = position.engagement == Engagement::Dispatched;
    if by_agency || job_return.is_some() {
        reasons_that_count(dispatcher, employer, &mut stints, job_return, by_agency).await?;
    }
    stints.sort_by_key(|stint| (stint.hired_on, stint.left_on, stint.departure_id));
    flags.sort_by_key(|flag| flag.flag_id);
    Ok(Gathering {
        facts: EligibilityFacts {
            stints,
            flags,
            membership: standing.map_or(MembershipFact::Ended, |standing| membership(standing.phase)),
            jobs_consent: standing.and_then(|standing| standing.consents.get(&ConsentPurpose::Jobs).cloned()),
            requisition: RequisitionFact::from_str(requisition.state.state()).unwrap_or(RequisitionFact::Closed),
            audience: position.audience.iter().copied().collect(),
            engagement: position.engagement,
            legal_entity: Some(position.legal_entity.clone()),
            programme,
            on,
        },
        person_id: bearer.person_id,
        account: bearer.account,
        other_cases: other_cases(&human, bearer.person_id, requisition_id),
        position: Position {
            legal_entity: position.legal_entity.clone(),
            line: position.line.clone(),
            department: position.department.clone(),
            job_family: position.job_family.clone(),
        },
        guards,
    })
}

/// What has to be free for a case to go on, and what that rests on.
pub async fn alone(
    dispatcher: &Dispatcher,
    employer: &Employer,
    case: &Standing,
) -> Result<(Vec<(&'static str, String)>, Vec<(StreamKey, i64)>), Missing> {
    let human = SameHuman::of(dispatcher, employer, [case.person_id], AsOf::Now).await?.ok_or(Missing::Behind)?;
    Ok((other_cases(&human, case.person_id, case.requisition_id), human.guards(employer)))
}

/// The claims of cases for a position under other records of the same human being: that of each case knows its own record
/// alone.
fn other_cases(human: &SameHuman, own: PersonId, requisition_id: RequisitionId) -> Vec<(&'static str, String)> {
    let others = human.records().filter(|record| *record != own);
    others.map(|record| (LIVE_APPLICATION, live_key(record, requisition_id))).collect()
}

/// Whoever had a part in the flags and in the verdicts that the rules about a case read, or would read by now.
pub async fn involved(
    dispatcher: &Dispatcher,
    employer: &Employer,
    case: &Standing,
) -> Result<BTreeSet<ActorId>, Missing> {
    let human = SameHuman::of(dispatcher, employer, [case.person_id], AsOf::Now).await?.ok_or(Missing::Behind)?;
    let mut flags: BTreeSet<Uuid> =
        case.facts.iter().flat_map(|facts| &facts.flags).map(|flag| flag.flag_id.0).collect();
    let mut involved = BTreeSet::new();
    for record in human.records() {
        flags.extend(live_flags(dispatcher, employer, record).await?.into_iter().map(|flag| flag.0));
        for departure in departures_of(dispatcher, employer, record).await? {
            let read = dispatcher.load::<Departure>(employer, departure).await?;
            involved.extend(read.state.standing().into_iter().flat_map(|standing| &standing.assessors));
        }
    }
    for flag in flags {
        let read = dispatcher.load::<NoRehireFlag>(employer, flag).await?;
        involved.extend(read.state.term().into_iter().flat_map(|term| &term.involved));
    }
    Ok(involved)
}

/// The version of the programme policy that governs a case to its end, by its name; nothing under version 0.
pub async fn programme_of(
    dispatcher: &Dispatcher,
    employer: &Employer,
    case: &Standing,
) -> Result<Option<(String, ProgrammeTerms)>, LoadError> {
    let Some(fact) = case.facts.as_ref().and_then(|facts| facts.programme.as_ref()) else { return Ok(None) };
    let loaded = dispatcher.load::<ProgrammePolicy>(employer, fact.policy_id.0).await?;
    let version = loaded.state.standing().and_then(|standing| standing.versions.version(fact.version));
    Ok(version.map(|version| (programme_version(fact.policy_id, fact.version), version.terms.clone())))
}

/// The programme policy of an entity; nothing while version 0 is all there is.
pub async fn programme_policy(
    dispatcher: &Dispatcher,
    employer: &Employer,
    legal_entity: &str,
) -> Result<Option<(ProgrammePolicyId, Loaded<ProgrammePolicy>)>, LoadError> {
    let ledger = dispatcher.ledger();
    let keys = [legal_entity.to_owned()];
    let holders = ledger.claim_holders(&employer.name, "programme_policy", &keys, micros(ledger.now())).await?;
    let Some(id) = holders.into_iter().flatten().next() else { return Ok(None) };
    Ok(Some((ProgrammePolicyId(id), dispatcher.load::<ProgrammePolicy>(employer, id).await?)))
}

/// The version of the programme policy that governs an entity on a day, as the rules read it, and the stream that says so.
async fn programme(
    dispatcher: &Dispatcher,
    employer: &Employer,
    legal_entity: &str,
    channel: Channel,
    on: NaiveDate,
) -> Result<Option<(ProgrammeFact, (StreamKey, i64))>, LoadError> {
    let Some((policy_id, loaded)) = programme_policy(dispatcher, employer, legal_entity).await? else {
        return Ok(None);
    };
    let guard = (Dispatcher::stream::<ProgrammePolicy>(employer, policy_id.0), loaded.version);
    let fact = loaded.state.governing(on).map(|governing| ProgrammeFact {
        policy_id,
        version: governing.version,
        channel,
        rehire: governing.terms.rehire.clone(),
        job_return: governing.terms.job_return.clone(),
        contact: governing.terms.contact.clone(),
    });
    Ok(fact.map(|fact| (fact, guard)))
}

/// Why somebody left is looked at for a job return alone, and only where the policy has one.
fn asked_about_reasons(programme: &ProgrammeFact) -> Option<&JobReturn> {
    programme.job_return.as_ref().filter(|_| programme.channel == Channel::JobReturn)
}

/// Opens why they left, and notes whether it counts for a job return, and where that is asked for, whether they registered the
/// wish to return; of a dispatched position, whether they retired. The reason itself goes nowhere.
async fn reasons_that_count(
    dispatcher: &Dispatcher,
    employer: &Employer,
    stints: &mut [Stint],
    job_return: Option<&JobReturn>,
    by_agency: bool,
) -> Result<(), Missing> {
    let ids = stints.iter().map(|stint| stint.departure_id.0).collect();
    let departures = documents_of::<departures::Departure>(dispatcher, employer, &ids).await?.ok_or(Missing::Behind)?;
    let reasons = why_they_left(dispatcher, employer, departures.values()).await?;
    for stint in stints {
        let reason = reasons.get(&stint.departure_id).copied();
        stint.retired = by_agency && reason == Some(SeparationReason::Retirement);
        let departure = departures.get(&stint.departure_id.0);
        stint.employment_type = departure.and_then(|one| one.employment.employment_type).filter(|_| by_agency);
        let Some(job_return) = job_return else { continue };
        if job_return.registration_months.is_some() {
            stint.wish_registered = departure.is_some_and(|departure| departure.wishes_to_return == Some(true));
        }
        stint.reason_counts = reason.is_some_and(|reason| job_return.reasons.contains(&reason));
    }
    Ok(())
}

/// Why they left, of each departure whose reason is known and not erased.
pub(super) async fn why_they_left(
    dispatcher: &Dispatcher,
    employer: &Employer,
    departures: impl Iterator<Item = &departures::Departure>,
) -> Result<HashMap<DepartureId, SeparationReason>, StoreError> {
    let sealed: HashMap<Uuid, DepartureId> =
        departures.filter_map(|one| Some((one.reason.reference()?.0, one.id))).collect();
    let references: Vec<Uuid> = sealed.keys().copied().collect();
    let opened = dispatcher.ledger().open_values(&employer.name, &references).await?;
    let told = |(reference, id): (&Uuid, &DepartureId)| Some((*id, opened.get(reference)?.as_str()?.parse().ok()?));
    Ok(sealed.iter().filter_map(told).collect())
}

const fn membership(phase: Membership) -> MembershipFact {
    match phase {
        Membership::AwaitsReview | Membership::AwaitsDeparture { .. } => MembershipFact::PendingReview,
        Membership::Active(_) => MembershipFact::Active,
        Membership::Paused { .. } => MembershipFact::Paused,
        Membership::Dormant => MembershipFact::Dormant,
    }
}

fn clause(eligibility: &Eligibility) -> Option<Clause> {
    match eligibility {
        Eligibility::Assessed { clause, .. } => clause.clone(),
        Eligibility::Confirmed { clause, .. } => Some(clause.clone()),
        // What nobody has confirmed is not held against anybody.
        Eligibility::Proposed(_) | Eligibility::AwaitingConfirmation { .. } | Eligibility::Reopened => None,
    }
}

fn fact(flag_id: aggregates::ids::FlagId, flag: &NoRehireFlag) -> Option<FlagFact> {
    let force = match flag {
        NoRehireFlag::Raised { .. } => FlagForce::Raised,
        NoRehireFlag::Active(_) | NoRehireFlag::UnderAppeal(_) => FlagForce::InForce,
        NoRehireFlag::Unraised | NoRehireFlag::Ended { .. } => return None,
    };
    flag.term().map(|term| FlagFact { flag_id, force, clause: term.clause.clone() })
}

/// Who of the interviewers of a slot is in an interview of another case at that time; and their hours, which nobody may arrange
/// in the same moment.
pub async fn busy(
    dispatcher: &Dispatcher,
    employer: &Employer,
    own: ApplicationId,
    slot: &Slot,
) -> Result<(Vec<ActorId>, Vec<Turn>), Missing> {
    let (ledger, scope) = (dispatcher.ledger(), "interviewer");
    let keys: BTreeSet<String> = slot.interviewers.iter().map(ToString::to_string).collect();
    let keys: Vec<String> = keys.into_iter().collect();
    let seen = ledger.claim_holders(&employer.name, scope, &keys, micros(ledger.now())).await?;
    let turns = keys.into_iter().zip(seen).map(|(key, seen)| Turn { scope, key, seen }).collect();
    let mut busy = Vec::new();
    for interviewer in &slot.interviewers {
        for case in interviewed_by(dispatcher, employer, *interviewer).await? {
            if case == own.0 {
                continue;
            }
            let read = dispatcher.load::<Application>(employer, case).await?;
            let interviews = read.state.standing().into_iter().flat_map(|standing| standing.interviews.values());
            let clashes = interviews
                .filter(|one| one.is_open())
                .any(|one| one.slot.interviewers.contains(interviewer) && one.slot.overlaps(slot));
            if clashes {
                busy.push(*interviewer);
                break;
            }
        }
    }
    Ok((busy, turns))
}

/// Whether the candidate of a case is in an interview of another case of theirs at that time; and the streams of those cases,
/// in which nothing may be arranged in the same moment.
pub async fn candidate_busy(
    dispatcher: &Dispatcher,
    employer: &Employer,
    own: ApplicationId,
    slot: &Slot,
) -> Result<(bool, Vec<(StreamKey, i64)>), Missing> {
    let case = dispatcher.load::<Application>(employer, own.0).await?;
    let Some(person) = case.state.standing().map(|standing| standing.person_id) else { return Ok((false, vec![])) };
    let human = SameHuman::of(dispatcher, employer, [person], AsOf::Now).await?.ok_or(Missing::Behind)?;
    let theirs = vec![("person_id", human.records().map(|record| record.to_string()).collect())];
    let live = |one: &PipelineEntry| one.live == YesNo::Yes && one.application_id != own;
    let others = documents::<PipelineEntry>(dispatcher, employer, theirs, live).await?.ok_or(Missing::Behind)?;
    let (mut is_busy, mut guards) = (false, Vec::with_capacity(others.len()));
    for other in others {
        let read = dispatcher.load::<Application>(employer, other.application_id.0).await?;
        guards.push((Dispatcher::stream::<Application>(employer, other.application_id.0), read.version));
        let interviews = read.state.standing().into_iter().flat_map(|standing| standing.interviews.values());
        is_busy |= interviews.filter(|one| one.is_open()).any(|one| one.slot.overlaps(slot));
    }
    Ok((is_busy, guards))
}

/// The cases in which somebody owes a scorecard: those whose interviews are still to come or to be judged.
pub async fn interviewed_by(
    dispatcher: &Dispatcher,
    employer: &Employer,
    interviewer: ActorId,
) -> Result<BTreeSet<Uuid>, Missing> {
    let owed = vec![
        ("account", vec![interviewer.to_string()]),
        ("kind", vec![<&str>::from(Kind::SubmitScorecard).to_owned()]),
    ];
    let owed = documents::<Task>(dispatcher, employer, owed, |_| true).await?.ok_or(Missing::Behind)?;
    Ok(owed.into_iter().map(|task| task.subject.id).collect())
}

/// Who referred the candidate of a case, with what that rests on.
pub async fn referrer(
    dispatcher: &Dispatcher,
    employer: &Employer,
    referral: Option<ReferralId>,
) -> Result<(Option<ActorId>, Option<(StreamKey, i64)>), LoadError> {
    let Some(id) = referral else { return Ok((None, None)) };
    let referral = dispatcher.load::<Referral>(employer, id.0).await?;
    let guard = (Dispatcher::stream::<Referral>(employer, id.0), referral.version);
    Ok((referral.state.standing().map(|standing| standing.referrer), Some(guard)))
}
