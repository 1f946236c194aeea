//! What other streams say about a referral: the plan in force, and which earlier record stands before it.

use std::collections::BTreeSet;

use aggregates::catalogue::HrEvent;
use aggregates::departure::Departure;
use aggregates::ids::{PersonId, ReferralId, RewardPlanId};
use aggregates::member::CONTACT_MONTHS;
use aggregates::personal::Personal;
use aggregates::programme_policy::{ProgrammePolicy, programme_version};
use aggregates::referral::{
    Duplicate, DuplicateCause, Hire, HiredVia, Likeness, Permitted, Referral, ReferralEvent, ReferrerClass,
    ReferrerRelation, Submitted,
};
use aggregates::reward_plan::{PlanPin, RewardPlan};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Months, NaiveDate, Utc};
use projections::{applications, departures, members};
use uuid::Uuid;

use super::application::programme_policy;
use super::contact::was_contacted;
use super::referrer::{GatherError, documents};
use super::{AsOf, SameHuman};
use crate::dispatch::{Dispatcher, LoadError};
use crate::employer::Employer;
use crate::ledger::{EmployerKeys, StreamKey, fold_text, micros};
use crate::search::{DEPARTURE_WORDS, REFERRAL_NAME, referred_name_token};

/// The scope of the claim that makes a referral the one owner of its candidate.
const CANDIDATE_OWNER: &str = "candidate_owner";
/// How many departures are looked at that bear a mail address.
const BEARERS: i64 = 20;
/// How many referrals are looked at whose candidates bear a name.
const NAMESAKES: i64 = 1_000;

/// The plan of rewards that governs an entity on a day, with the version of its stream that was read.
pub async fn plan_in_force(
    dispatcher: &Dispatcher,
    employer: &Employer,
    legal_entity: &str,
    on: NaiveDate,
) -> Result<Option<(PlanPin, (StreamKey, i64))>, GatherError> {
    let ledger = dispatcher.ledger();
    let keys = [legal_entity.to_owned()];
    let holders = ledger.claim_holders(&employer.name, "reward_plan", &keys, micros(ledger.now())).await?;
    let Some(id) = holders.into_iter().flatten().next() else { return Ok(None) };
    let plan = dispatcher.load::<RewardPlan>(employer, id).await?;
    let pin = plan.state.pin(RewardPlanId(id), on);
    Ok(pin.map(|pin| (pin, (Dispatcher::stream::<RewardPlan>(employer, id), plan.version))))
}

/// What the programme policy of an entity lets somebody refer by who is not employed, and the version of its stream that was
/// read; nothing is looked up for employees.
pub async fn permitted(
    dispatcher: &Dispatcher,
    employer: &Employer,
    relation: &ReferrerRelation,
    legal_entity: &str,
) -> Result<Option<(Option<Permitted>, (StreamKey, i64))>, GatherError> {
    if !matches!(relation.class, ReferrerClass::FormerEmployee | ReferrerClass::Outsider) {
        return Ok(None);
    }
    let Some((policy, loaded)) = programme_policy(dispatcher, employer, legal_entity).await? else { return Ok(None) };
    let guard = (Dispatcher::stream::<ProgrammePolicy>(employer, policy.0), loaded.version);
    let permitted = loaded.state.governing(relation.on).and_then(|governing| {
        let basis = governing.terms.referral_basis.clone()?;
        Some(Permitted { programme: programme_version(policy, governing.version), basis })
    });
    Ok(Some((permitted, guard)))
}

/// A referral as it was made, and when.
pub async fn submitted(
    dispatcher: &Dispatcher,
    employer: &Employer,
    id: Uuid,
) -> Result<Option<(Submitted, DateTime<Utc>)>, LoadError> {
    let stored = dispatcher.ledger().load(Dispatcher::stream::<Referral>(employer, id)).await?;
    let Some(first) = stored.first() else { return Ok(None) };
    let decoded = crate::feed::decode(first.position, &first.leaf, employer.zone).map_err(LoadError::Unreadable)?;
    Ok(decoded.into_iter().find_map(|recorded| {
        let HrEvent::Referral(ReferralEvent::Submitted(submitted)) = recorded.event else { return None };
        Some((*submitted, recorded.recorded_at))
    }))
}

/// Who a candidate is, and what stands before the referral.
pub struct Candidate {
    /// The keyed token of which there is one owner.
    pub key: String,
    /// The earlier record, where there is one.
    pub duplicate: Option<Duplicate>,
    /// The other referrals that bear the candidate's name, each with the version read.
    pub guards: Vec<(StreamKey, i64)>,
}

/// Opens the name and mail address of a candidate, and looks for an earlier record of them: another referral that owns
/// them, an application that they had handed in, or a recruiter who had contacted them.
pub async fn candidate(dispatcher: &Dispatcher, employer: &Employer, id: Uuid) -> Result<Candidate, GatherError> {
    let (submitted, at) = submitted(dispatcher, employer, id).await?.ok_or(GatherError::NotFound)?;
    let ledger = dispatcher.ledger();
    let name = submitted.candidate.name.reference().map(|reference| reference.0);
    let email = submitted
        .candidate
        .email
        .as_ref()
        .and_then(aggregates::personal::Personal::reference)
        .map(|reference| reference.0);
    let references: Vec<Uuid> = [name, email].into_iter().flatten().collect();
    let opened = ledger.open_values(&employer.name, &references).await?;
    let text = |reference: Option<Uuid>| reference.and_then(|one| opened.get(&one)).and_then(|value| value.as_str());
    let (name, email) = (text(name).unwrap_or_default(), text(email));
    let key = owner_key(&employer.keys, name, email);
    let keys = [key.clone()];
    let holders = ledger.claim_holders(&employer.name, CANDIDATE_OWNER, &keys, micros(ledger.now())).await?;
    let owner = holders.into_iter().flatten().find(|holder| *holder != id);
    let (namesake, guards) = owned_under_the_name(dispatcher, employer, id, name, email.is_some()).await?;
    let duplicate = match (owner.or(namesake), email) {
        (Some(owner), _) => {
            Some(Duplicate { because: DuplicateCause::EarlierReferral, earlier: Some(ReferralId(owner)) })
        }
        (None, Some(email)) => {
            let because = match bearer(dispatcher, employer, email).await? {
                Some(human) => known_before(dispatcher, employer, &human, &submitted, at).await?,
                None => None,
            };
            because.map(|because| Duplicate { because, earlier: None })
        }
        (None, None) => None,
    };
    Ok(Candidate { key, duplicate, guards })
}

/// Another referral that owns a candidate of the same name. Where both have a mail address, that tells one from the other
/// and the claim decides; where one has none, they may be one person, and somebody has to look.
async fn owned_under_the_name(
    dispatcher: &Dispatcher,
    employer: &Employer,
    own: Uuid,
    name: &str,
    has_email: bool,
) -> Result<(Option<Uuid>, Vec<(StreamKey, i64)>), GatherError> {
    let on = employer.local_date(dispatcher.ledger().now());
    let token = referred_name_token(&employer.keys, name);
    let (mut owner, mut guards) = (None, Vec::new());
    for other in dispatcher.ledger().owners(&employer.name, REFERRAL_NAME, &token, NAMESAKES).await? {
        if other == own {
            continue;
        }
        if has_email {
            let known = self::submitted(dispatcher, employer, other).await?;
            if known.is_some_and(|(submitted, _)| submitted.candidate.email.is_some()) {
                continue;
            }
        }
        let read = dispatcher.load::<Referral>(employer, other).await?;
        guards.push((Dispatcher::stream::<Referral>(employer, other), read.version));
        let owns = read.state.standing().and_then(|standing| standing.ownership.as_ref());
        if owner.is_none() && owns.is_some_and(|owned| on < owned.until) {
            owner = Some(other);
        }
    }
    Ok((owner, guards))
}

/// The keyed token of a candidate: of the mail address, which only one person has, or else of the name.
pub fn owner_key(keys: &EmployerKeys, name: &str, email: Option<&str>) -> String {
    let known = match email {
        Some(email) => format!("mail|{}", fold_text(email)),
        None => format!("name|{}", fold_text(name)),
    };
    URL_SAFE_NO_PAD.encode(keys.token(CANDIDATE_OWNER, &known))
}

/// How the employer had known whoever applies on a referral, as far as it stands before the referral: who they are may be known
/// only now.
pub async fn applicant_known_before(
    dispatcher: &Dispatcher,
    employer: &Employer,
    id: ReferralId,
    person: PersonId,
) -> Result<Option<DuplicateCause>, GatherError> {
    let (submitted, at) = submitted(dispatcher, employer, id.0).await?.ok_or(GatherError::NotFound)?;
    let human = SameHuman::of(dispatcher, employer, [person], AsOf::Now).await?.ok_or(GatherError::Behind)?;
    known_before(dispatcher, employer, &human, &submitted, at).await
}

/// How the employer had known a human being, as far as it stands before a referral: by an application, or else by a contact.
async fn known_before(
    dispatcher: &Dispatcher,
    employer: &Employer,
    human: &SameHuman,
    referral: &Submitted,
    referred_at: DateTime<Utc>,
) -> Result<Option<DuplicateCause>, GatherError> {
    if had_applied(dispatcher, employer, human, referral, referred_at).await? {
        return Ok(Some(DuplicateCause::EarlierApplication));
    }
    let contacted = was_contacted(dispatcher, employer, human, referral, referred_at).await?;
    Ok(contacted.then_some(DuplicateCause::EarlierContact))
}

/// Whether whoever was hired is the candidate of a referral. Of a hire that was recorded on the referral itself somebody said
/// so; of an application that names it, a link of the two records shows it, or a mail address that both bear; or else, where
/// either has none, the name.
pub async fn is_candidate(
    dispatcher: &Dispatcher,
    employer: &Employer,
    id: ReferralId,
    hire: &Hire,
) -> Result<Likeness, GatherError> {
    if !matches!(hire.via, HiredVia::Application { .. }) {
        return Ok(Likeness::Same);
    }
    let (submitted, _) = submitted(dispatcher, employer, id.0).await?.ok_or(GatherError::NotFound)?;
    let human = SameHuman::of(dispatcher, employer, [hire.person_id], AsOf::Now).await?.ok_or(GatherError::Behind)?;
    if human.records().any(|record| record == submitted.candidate_person_id) {
        return Ok(Likeness::Same);
    }
    let records: Vec<String> = human.records().map(|record| record.to_string()).collect();
    let theirs = || vec![("person_id", records.clone())];
    let left = documents::<departures::Departure>(dispatcher, employer, theirs()).await?;
    let joined = documents::<members::Member>(dispatcher, employer, theirs()).await?;
    let names = left.iter().flat_map(|one| [Some(&one.person.name), one.person.name_kana.as_ref()]);
    let emails = left.iter().map(|one| one.person.email.as_ref());
    let emails = emails.chain(joined.iter().map(|member| member.contact.email.as_ref()));
    let (names, emails) = (sealed(names), sealed(emails));
    let candidate = submitted.candidate;
    let (name, email) = (sealed([Some(&candidate.name)]), sealed([candidate.email.as_ref()]));
    let all = [&names[..], &emails[..], &name[..], &email[..]].concat();
    let opened = dispatcher.ledger().open_values(&employer.name, &all).await?;
    let texts = |references: &[Uuid]| -> BTreeSet<String> {
        let text = |one: &Uuid| opened.get(one).and_then(|value| value.as_str()).map(fold_text);
        references.iter().filter_map(text).collect()
    };
    let (emails, email) = (texts(&emails), texts(&email));
    let same = if emails.is_empty() || email.is_empty() {
        !texts(&name).is_disjoint(&texts(&names))
    } else {
        !email.is_disjoint(&emails)
    };
    Ok(if same { Likeness::Same } else { Likeness::NotShown })
}

/// What is sealed, as far as there is anything.
fn sealed<'a>(values: impl IntoIterator<Item = Option<&'a Personal<String>>>) -> Vec<Uuid> {
    values.into_iter().flatten().filter_map(Personal::reference).map(|reference| reference.0).collect()
}

/// The human being whose departure bears a mail address.
async fn bearer(dispatcher: &Dispatcher, employer: &Employer, email: &str) -> Result<Option<SameHuman>, GatherError> {
    let token = employer.keys.token(DEPARTURE_WORDS, &fold_text(email));
    let mut persons: Vec<PersonId> = Vec::new();
    for departure in dispatcher.ledger().owners(&employer.name, DEPARTURE_WORDS, &token, BEARERS).await? {
        let departure = dispatcher.load::<Departure>(employer, departure).await?;
        persons.extend(departure.state.standing().map(|standing| standing.person_id));
    }
    if persons.is_empty() {
        return Ok(None);
    }
    Ok(Some(SameHuman::of(dispatcher, employer, persons, AsOf::Now).await?.ok_or(GatherError::Behind)?))
}

/// Whether somebody had applied for the position, or to the entity within six months, before the referral was made.
async fn had_applied(
    dispatcher: &Dispatcher,
    employer: &Employer,
    human: &SameHuman,
    referral: &Submitted,
    referred_at: DateTime<Utc>,
) -> Result<bool, GatherError> {
    let filters = vec![("person_id", human.records().map(|record| record.to_string()).collect())];
    let applied = documents::<applications::Application>(dispatcher, employer, filters).await?;
    let since = referred_at.checked_sub_months(Months::new(CONTACT_MONTHS)).unwrap_or(referred_at);
    Ok(applied.iter().any(|application| {
        let same = Some(application.requisition_id) == referral.requisition_id;
        let recent = application.legal_entity == referral.legal_entity && application.submitted_at >= since;
        application.submitted_at < referred_at && (same || recent)
    }))
}
