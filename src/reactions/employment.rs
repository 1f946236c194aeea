//! What follows from a period of employment; and the one that a return begins.

use aggregates::application::Rejoined;
use aggregates::departure::Departure;
use aggregates::employment::{
    EmployeeDetails, Employment, EmploymentCommand, EmploymentError, EmploymentEvent, EmploymentKind, EndedBecause,
    Placement, Recorded, Source,
};
use aggregates::ids::{ApplicationId, DepartureId};
use aggregates::keys::{natural_key, number_key};
use aggregates::offer::{ContractTerm, Offer};
use chrono::NaiveDate;
use projections::departures;
use uuid::Uuid;

use super::{Followed, Reaction, Undone};
use crate::dispatch::Gathered;
use crate::gather::AsOf;

impl Reaction<'_> {
    pub(super) async fn after_employment(&self, event: &EmploymentEvent) -> Option<Followed> {
        Some(match event {
            EmploymentEvent::Recorded(recorded) => {
                vec![self.end_where_left(&recorded.legal_entity, &recorded.employee_number, recorded.from).await]
            }
            EmploymentEvent::Ended { .. } => self.lapse_after_end().await,
            EmploymentEvent::Corrected { changes, .. } if changes.end.is_some() => self.lapse_after_end().await,
            EmploymentEvent::Corrected { .. }
            | EmploymentEvent::Transferred(_)
            | EmploymentEvent::ReturnNoted { .. } => return None,
        })
    }

    /// Whenever an employment is recorded whose departure has already taken effect, then it ends on that last day.
    async fn end_where_left(&self, legal_entity: &str, number: &str, from: NaiveDate) -> Result<(), Undone> {
        let Some(departure) = self.holder("departure", natural_key(legal_entity, number, from)).await? else {
            return Ok(());
        };
        let loaded = self.dispatcher.load::<Departure>(self.employer, departure).await?;
        let Departure::Effective(standing) = loaded.state else { return Ok(()) };
        let because = EndedBecause::Departure { departure_id: DepartureId(departure) };
        let order = EmploymentCommand::End { ended_on: standing.left_on, because };
        self.send::<Employment>("employments.end", self.event.stream_id, order, |_| false).await
    }

    /// Whenever somebody is back, then they are employed as they agreed, unless the HR system has told us already; and the
    /// earlier periods are handed on to that employment.
    pub(super) async fn employ(&self, rejoined: &Rejoined) -> Result<(), Undone> {
        let employment = self.employed(rejoined).await?;
        let application_id = ApplicationId(self.event.stream_id);
        let order = EmploymentCommand::NoteReturn { application_id, tenure: rejoined.tenure.clone() };
        self.send::<Employment>("employments.note-return", employment, order, |_| false).await
    }

    /// The employment of somebody who is back: the one that is known, or else a new one.
    async fn employed(&self, rejoined: &Rejoined) -> Result<Uuid, Undone> {
        let Rejoined { legal_entity, employee_number, started_on, .. } = rejoined;
        let open = self.holder("open_employment", number_key(legal_entity, employee_number)).await?;
        let recorded = self.holder("employment", natural_key(legal_entity, employee_number, *started_on)).await?;
        let human = self.same_human([rejoined.person_id], AsOf::Stands).await?;
        for id in [open, recorded].into_iter().flatten() {
            let known = self.dispatcher.load::<Employment>(self.employer, id).await?;
            // A period that began before the last one ended is not the one that they come back to.
            let later = |from: NaiveDate| rejoined.tenure.last().is_none_or(|last| last.to < from);
            let theirs = |person| human.records().any(|record| record == person);
            if known.state.standing().is_some_and(|known| theirs(known.person_id) && later(known.from)) {
                return Ok(id);
            }
        }
        let record = self.employment(rejoined).await?;
        let id = Uuid::new_v5(&self.event.stream_id, b"employment");
        let gather = || async {
            let order = EmploymentCommand::Record { record: Box::new(record.clone()) };
            Ok(Gathered::<Employment> { subject_known: true, ..Gathered::order(order) })
        };
        let known = |error: &EmploymentError| matches!(error, EmploymentError::AlreadyRecorded);
        self.send_with("employments.record", id, id, gather, known).await?;
        Ok(id)
    }

    /// The employment that was agreed, under the name in the record of the last departure.
    async fn employment(&self, rejoined: &Rejoined) -> Result<Recorded, Undone> {
        let offer = self.dispatcher.load::<Offer>(self.employer, rejoined.offer_id.0).await?;
        let terms = offer.state.standing().map(|standing| &standing.terms);
        let last = rejoined.tenure.last().map(|segment| segment.departure_id.0);
        let left = self.documents_of::<departures::Departure>(&last.into_iter().collect()).await?;
        // A record that is only linked stays under the other person, whose data it is.
        let left = left.into_values().find(|departure| departure.person_id == rejoined.person_id);
        let number = left.as_ref().and_then(|departure| departure.employee_number.clone());
        Ok(Recorded {
            person_id: rejoined.person_id,
            legal_entity: rejoined.legal_entity.clone(),
            employee_number: rejoined.employee_number.clone(),
            previous_employee_number: number.filter(|number| *number != rejoined.employee_number),
            account: Some(rejoined.account),
            person: left.map(|departure| {
                let person = departure.person;
                let (name_kana, email, phone) = (person.name_kana, person.email, person.phone);
                EmployeeDetails { name: Some(person.name), name_kana, email, phone, birth_date: person.birth_date }
            }),
            kind: EmploymentKind::Primary,
            employment_type: rejoined.employment_type,
            from: rejoined.started_on,
            to: terms.and_then(|terms| match terms.contract {
                ContractTerm::Fixed { ends_on, .. } => Some(ends_on),
                ContractTerm::Indefinite => None,
            }),
            ends_on: None,
            placement: Placement {
                department: rejoined.department.clone(),
                job_family: rejoined.job_family.clone(),
                grade: rejoined.grade.clone(),
                location: rejoined.location.clone(),
                weekly_hours: terms.and_then(|terms| u8::try_from(terms.weekly_hours).ok()),
                base_salary: terms.map(|terms| terms.pay.base.clone()),
                ..Placement::default()
            },
            source: Source::Reaction,
        })
    }
}
