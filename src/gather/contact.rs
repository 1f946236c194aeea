//! What a recruiter's contact with a member rests on, and which contacts stand before a referral (REF-13).

use aggregates::catalogue::HrEvent;
use aggregates::member::{
    CONTACT_MONTHS, ConsentProof, ConsentPurpose, Member, MemberEvent, RecruiterContact, consent_at,
};
use aggregates::referral::Submitted;
use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::SameHuman;
use crate::dispatch::{Dispatcher, LoadError};
use crate::employer::Employer;
use crate::ledger::{StoredEvent, StreamKey, micros};

/// What stored events say about memberships, each with the instant of its recording.
pub fn member_events(
    employer: &Employer,
    stored: &[StoredEvent],
) -> Result<Vec<(DateTime<Utc>, MemberEvent)>, LoadError> {
    let mut events = Vec::with_capacity(stored.len());
    for stored in stored {
        let decoded = crate::feed::decode(stored.position, &stored.leaf, employer.zone);
        for recorded in decoded.map_err(LoadError::Unreadable)? {
            let HrEvent::Member(event) = recorded.event else { continue };
            events.push((recorded.recorded_at, event));
        }
    }
    Ok(events)
}

/// The member's consent to be told about openings that a contact on a day rests on, with the stream that says so. A consent
/// that is withdrawn on that day does not carry it any more.
pub async fn jobs_consent(
    dispatcher: &Dispatcher,
    employer: &Employer,
    member: Uuid,
    on: NaiveDate,
) -> Result<(Option<ConsentProof>, (StreamKey, i64)), LoadError> {
    let (ledger, stream) = (dispatcher.ledger(), Dispatcher::stream::<Member>(employer, member));
    let stored = ledger.load(stream.clone()).await?;
    let version = stored.last().map_or(0, |last| last.sequence);
    let history = member_events(employer, &stored)?;
    let now = ledger.now();
    let next = on.checked_add_days(Days::new(1));
    let at = next.map_or(now, |next| now.min(employer.start_of(next) - TimeDelta::microseconds(1)));
    let consent = consent_at(history.iter().map(|(at, event)| (*at, event)), ConsentPurpose::Jobs, at);
    Ok((consent, (stream, version)))
}

/// Whether a recruiter had contacted a human being about what a referral is to, and had recorded it, before the referral was
/// made.
pub async fn was_contacted(
    dispatcher: &Dispatcher,
    employer: &Employer,
    human: &SameHuman,
    referral: &Submitted,
    referred_at: DateTime<Utc>,
) -> Result<bool, LoadError> {
    let ledger = dispatcher.ledger();
    let keys: Vec<String> = human.records().map(|record| record.to_string()).collect();
    let holders = ledger.claim_holders(&employer.name, "membership", &keys, micros(ledger.now())).await?;
    let on = employer.local_date(referred_at);
    for member in holders.into_iter().flatten() {
        let stored = ledger.load(Dispatcher::stream::<Member>(employer, member)).await?;
        let stands = member_events(employer, &stored)?.iter().any(|(recorded_at, event)| {
            let MemberEvent::ContactRecorded(recorded) = event else { return false };
            *recorded_at < referred_at && stands_before(&recorded.contact, referral, on)
        });
        if stands {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a contact stands before a referral that was made on a day: of the months before it, about the same position, or
/// about the same job family of the same entity.
fn stands_before(contact: &RecruiterContact, referral: &Submitted, on: NaiveDate) -> bool {
    let since = on.checked_sub_months(Months::new(CONTACT_MONTHS)).unwrap_or(on);
    let same_position = contact.requisition_id.is_some() && contact.requisition_id == referral.requisition_id;
    let same_family = contact.job_family.is_some()
        && contact.job_family == referral.job_family
        && contact.legal_entity == referral.legal_entity;
    (since..=on).contains(&contact.contacted_on) && (same_position || same_family)
}

#[cfg(test)]
mod tests {
    use aggregates::ids::{ActorId, PersonId, RequisitionId};
    use aggregates::member::{ContactChannel, RecruiterContact};
    use aggregates::personal::Personal;
    use aggregates::referral::{CandidateDetails, ReferrerClass, ReferrerRelation, Relationship, Submitted};
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::stands_before;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn position(number: u128) -> RequisitionId {
        RequisitionId(Uuid::from_u128(number))
    }

    fn contact(
        on: &str,
        requisition_id: Option<RequisitionId>,
        family: Option<&str>,
        entity: &str,
    ) -> RecruiterContact {
        RecruiterContact {
            contacted_on: day(on),
            contacted_by: ActorId(Uuid::from_u128(1)),
            requisition_id,
            legal_entity: entity.to_owned(),
            job_family: family.map(str::to_owned),
            channel: ContactChannel::Email,
        }
    }

    /// A referral of 31 August 2027 to position 7, a driver's in JP-HQ.
    fn referral(requisition_id: Option<RequisitionId>, job_family: Option<&str>) -> Submitted {
        let on = day("2027-08-31");
        let class = ReferrerClass::Employee;
        Submitted {
            referrer: ActorId(Uuid::from_u128(2)),
            relation: ReferrerRelation { class, on, person_id: None, employee_number: None, spans: vec![] },
            candidate_person_id: PersonId(Uuid::from_u128(3)),
            candidate: CandidateDetails { name: Personal::Erased, email: None, phone: None },
            requisition_id,
            legal_entity: "JP-HQ".to_owned(),
            job_family: job_family.map(str::to_owned),
            relationship: Relationship::Friend,
            plan: None,
            gate: vec![],
            answer_by: day("2027-09-14"),
        }
    }

    #[test]
    fn a_contact_stands_for_six_months_before_the_same_position_or_family() {
        let stands =
            |contact: &RecruiterContact, referral: &Submitted| stands_before(contact, referral, day("2027-08-31"));
        let to_position = referral(Some(position(7)), Some("driver"));
        for (on, expected) in [("2027-02-27", false), ("2027-02-28", true), ("2027-08-31", true), ("2027-09-01", false)]
        {
            assert_eq!(stands(&contact(on, Some(position(7)), None, "JP-HQ"), &to_position), expected, "{on}");
        }
        let on = "2027-08-01";
        assert!(
            stands(&contact(on, Some(position(8)), Some("driver"), "JP-HQ"), &to_position),
            "another position like it"
        );
        assert!(stands(&contact(on, None, Some("driver"), "JP-HQ"), &to_position));
        assert!(!stands(&contact(on, None, Some("driver"), "JP-WEST"), &to_position), "of another entity");
        assert!(!stands(&contact(on, None, Some("clerk"), "JP-HQ"), &to_position));
        assert!(!stands(&contact(on, Some(position(8)), None, "JP-HQ"), &to_position));
        let to_nothing = referral(None, None);
        assert!(!stands(&contact(on, None, None, "JP-HQ"), &to_nothing), "nothing in common is nothing");
        assert!(stands(&contact(on, Some(position(8)), Some("driver"), "JP-HQ"), &referral(None, Some("driver"))));
    }
}
