//! Erasing a person: keys, values and tokens destroyed in one transaction with the event that says so.
//!
//! The primitive only. Whether a class may go (retention, legal hold, an open case) is decided by whoever calls it.

use std::collections::BTreeSet;

use aggregates::catalogue::HrEvent;
use aggregates::ids::PersonId;
use aggregates::member::MemberEvent;
use aggregates::person::{ErasureCertificate, ErasureGround, Person, PersonCommand, PersonError, RecordClasses};
use aggregates::personal::RecordClass;
use strum::IntoEnumIterator as _;
use uuid::Uuid;

use crate::dispatch::{DispatchError, Dispatcher, Envelope, Gathered, Reply};
use crate::ledger::{LogQuery, StoreError};

/// Erases these classes of a person's data, also what a self-claim sealed under a provisional person.
pub async fn erase_person(
    dispatcher: &Dispatcher,
    envelope: &Envelope,
    person: PersonId,
    classes: &RecordClasses,
    ground: ErasureGround,
) -> Result<Reply, DispatchError<PersonError>> {
    dispatcher
        .send_with::<Person, _, _>(envelope, person.0, || async {
            let subjects = subjects(dispatcher, envelope, person).await?;
            let mut certificate = ErasureCertificate::default();
            let mut erase: Vec<(Uuid, Option<RecordClass>)> = Vec::new();
            for subject in subjects {
                for (class, fingerprint) in
                    dispatcher.ledger().key_fingerprints(&envelope.employer.name, subject).await?
                {
                    if classes.contains(class) {
                        certificate.key_fingerprints.insert(class, fingerprint);
                    }
                }
                if classes.is_all() {
                    erase.push((subject, None));
                } else {
                    erase.extend(
                        RecordClass::iter().filter(|c| classes.contains(*c)).map(|class| (subject, Some(class))),
                    );
                }
            }
            let order = PersonCommand::Erase { person_id: person, classes: classes.clone(), ground, certificate };
            Ok(Gathered { erase, ..Gathered::order(order) })
        })
        .await
}

/// Under whose ids the person's data is sealed: their own, and the provisional ones of their approved self-claims.
async fn subjects(
    dispatcher: &Dispatcher,
    envelope: &Envelope,
    person: PersonId,
) -> Result<BTreeSet<Uuid>, StoreError> {
    let mut subjects = BTreeSet::from([person.0]);
    let mut after = 0;
    loop {
        let query =
            LogQuery { after, limit: 500, event_type: Some("member.approved".to_owned()), subject: Some(person.0) };
        let entries = dispatcher.ledger().log(&envelope.employer.name, &query).await?;
        let Some(last) = entries.last() else { return Ok(subjects) };
        after = last.position;
        for entry in &entries {
            let events = crate::feed::decode(entry.position, &entry.leaf, envelope.employer.zone)
                .map_err(StoreError::Unreadable)?;
            subjects.extend(events.into_iter().filter_map(|recorded| match recorded.event {
                HrEvent::Member(MemberEvent::Approved { registered_as: Some(provisional), .. }) => Some(provisional.0),
                HrEvent::Departure(_)
                | HrEvent::Member(_)
                | HrEvent::Employment(_)
                | HrEvent::Person(_)
                | HrEvent::NoRehireFlag(_)
                | HrEvent::FollowUp(_)
                | HrEvent::Requisition(_)
                | HrEvent::Application(_)
                | HrEvent::Offer(_)
                | HrEvent::Referral(_)
                | HrEvent::Reward(_)
                | HrEvent::RewardPlan(_)
                | HrEvent::PayPolicy(_)
                | HrEvent::ProgrammePolicy(_)
                | HrEvent::PayBands(_)
                | HrEvent::Access(_)
                | HrEvent::IncumbentSnapshot(_)
                | HrEvent::IncumbentPart(_) => None,
            }));
        }
    }
}
