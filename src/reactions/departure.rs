//! What follows from a departure.

use aggregates::application::HoldCause;
use aggregates::departure::{Departure, DepartureCommand, DepartureError, DepartureEvent, OutreachBar};
use aggregates::employment::{
    Employment, EmploymentChanges, EmploymentCommand, EmploymentError, EndChange, EndedBecause,
};
use aggregates::ids::{DepartureId, MemberId, PersonId};
use aggregates::keys::{natural_key, number_key};
use aggregates::member::{Member, MemberCommand, MemberError};
use aggregates::person::{MatchEvidence, Person, PersonCommand};
use aggregates::values::FreeText;
use chrono::NaiveDate;
use uuid::Uuid;

use super::reward::{Left, Way};
use super::{Followed, Reaction, Undone};
use crate::gather::{AsOf, SameHuman, departures_of};
use crate::search::SAME_PERSON;

impl Reaction<'_> {
    pub(super) async fn after_departure(&self, event: &DepartureEvent) -> Option<Followed> {
        use DepartureEvent as E;
        Some(match event {
            E::Recorded(recorded) => {
                let mut followed = self.note_resemblance(recorded.person_id).await;
                followed.extend(self.after_one_more(recorded.person_id).await);
                followed
            }
            E::BecameEffective { left_on, legal_entity, employee_number, member_id, .. } => {
                // The one does not wait for the other: a refusal is for somebody to look at, the member joins all the same.
                let mut followed = vec![
                    self.end_employment(legal_entity, employee_number, *left_on).await,
                    self.activate(*member_id).await,
                ];
                followed.extend(self.lapse_after_departure().await);
                followed
            }
            E::Rescinded { member_id, .. } => {
                let mut followed = self.reassess_leaver(HoldCause::DepartureCorrected).await;
                if let Some(member) = member_id {
                    followed.push(self.close_unneeded(*member).await);
                }
                followed
            }
            E::Corrected { changes, why, .. } => {
                let mut followed = self.reassess_leaver(HoldCause::DepartureCorrected).await;
                if let Some(left_on) = changes.left_on {
                    followed.push(self.move_end(left_on, why).await);
                    followed.extend(self.lapse_after_departure().await);
                }
                followed
            }
            E::EligibilityAssessed { .. }
            | E::IneligibilityConfirmed { .. }
            | E::AssessmentReturned { .. }
            | E::IneligibilityLapsed { .. }
            | E::AssessmentReopened { .. } => self.reassess_leaver(HoldCause::VerdictChanged).await,
            E::OutreachBarred { because: OutreachBar::ContactRefused } => vec![self.bar_others().await],
            E::EligibilityProposed { .. }
            | E::OutreachBarred { because: OutreachBar::Deceased }
            | E::OutreachBarLifted { .. }
            | E::ExitInterviewRecorded { .. }
            | E::Invited { .. }
            | E::RegistrationNoted { .. } => return None,
        })
    }

    /// Whenever a departure is recorded whose name and birth date another person's departure has, then a person is asked
    /// whether they are one (decided: never merged by that alone).
    async fn note_resemblance(&self, person: PersonId) -> Followed {
        let ledger = self.dispatcher.ledger();
        let resembling = match ledger.resembling(&self.employer.name, SAME_PERSON, self.event.stream_id).await {
            Ok(resembling) => resembling,
            Err(error) => return vec![Err(error.into())],
        };
        let mut followed = Vec::with_capacity(resembling.len());
        for (departure, other) in resembling {
            followed.push(self.note_possible_match(person, other, departure).await);
        }
        followed
    }

    async fn note_possible_match(&self, person: PersonId, other: Uuid, departure: Uuid) -> Result<(), Undone> {
        let mine = self.dispatcher.load::<Departure>(self.employer, self.event.stream_id).await?;
        let theirs = self.dispatcher.load::<Departure>(self.employer, departure).await?;
        let mut evidence = vec![MatchEvidence::SameName, MatchEvidence::SameBirthDate];
        if let (Some(mine), Some(theirs)) = (mine.state.standing(), theirs.state.standing())
            && mine.hired_on <= theirs.left_on
            && theirs.hired_on <= mine.left_on
        {
            evidence.push(MatchEvidence::OverlappingPeriods);
        }
        // On the stream of the newer person, whichever of the two departures this is.
        let (newer, older) = if person.0 > other { (person.0, other) } else { (other, person.0) };
        let command = PersonCommand::NotePossibleMatch { person_id: PersonId(newer), other: PersonId(older), evidence };
        self.send_about::<Person>("persons.note-possible-match", other, newer, command, |_| false).await
    }

    /// Whenever somebody refuses contact at one departure, then every departure of theirs is barred.
    async fn bar_others(&self) -> Result<(), Undone> {
        self.bar_departures(&self.same_human(self.event.subject, AsOf::Now).await?).await
    }

    /// Whenever two records prove to be one human being who refused contact, then every departure of theirs is barred.
    pub(super) async fn bar_if_one_refused(&self) -> Result<(), Undone> {
        let human = self.same_human([PersonId(self.event.stream_id)], AsOf::Now).await?;
        if human.refused_contact(self.dispatcher, self.employer).await? {
            self.bar_departures(&human).await
        } else {
            Ok(())
        }
    }

    /// Whenever somebody refuses contact at one departure, or two records prove to be one human being who did, then every
    /// departure of theirs is barred (decided: for ever, and so also when a link is undone later).
    async fn bar_departures(&self, human: &SameHuman) -> Result<(), Undone> {
        for person in human.records() {
            for departure in departures_of(self.dispatcher, self.employer, person).await? {
                if departure != self.event.stream_id {
                    self.refuse_contact(departure).await?;
                }
            }
        }
        Ok(())
    }

    /// Whenever one more departure of somebody is recorded, then it is barred where they refused contact at an earlier one,
    /// and their live cases are assessed again.
    async fn after_one_more(&self, person: PersonId) -> Followed {
        // A link that is missing here is barred and assessed for by its own reaction, and whoever invites looks again.
        let human = match self.same_human([person], AsOf::Stands).await {
            Ok(human) => human,
            Err(undone) => return vec![Err(undone)],
        };
        let mut followed = vec![self.bar_if_refused(&human).await];
        followed.extend(self.reassess_human(&human, HoldCause::DepartureCorrected).await);
        followed
    }

    async fn bar_if_refused(&self, human: &SameHuman) -> Result<(), Undone> {
        if human.refused_contact(self.dispatcher, self.employer).await? {
            self.refuse_contact(self.event.stream_id).await
        } else {
            Ok(())
        }
    }

    async fn refuse_contact(&self, departure: Uuid) -> Result<(), Undone> {
        // Whoever stayed is not invited anyway.
        let moot = |error: &DepartureError| matches!(error, DepartureError::Rescinded);
        self.send::<Departure>("departures.refuse-contact", departure, DepartureCommand::RefuseContact, moot).await
    }

    /// Whenever a departure takes effect, then the employment of that number ends on the last day.
    async fn end_employment(&self, legal_entity: &str, number: &str, left_on: NaiveDate) -> Result<(), Undone> {
        let Some(employment) = self.holder("open_employment", number_key(legal_entity, number)).await? else {
            return Ok(());
        };
        let because = EndedBecause::Departure { departure_id: DepartureId(self.event.stream_id) };
        let order = EmploymentCommand::End { ended_on: left_on, because };
        // Somebody who came back bears the number anew: that period is another one.
        let later = |error: &EmploymentError| matches!(error, EmploymentError::EndsBeforeStart { .. });
        self.send::<Employment>("employments.end", employment, order, later).await
    }

    /// Whenever the last day of an effective departure is corrected, then the employment that it ended ends on that day.
    async fn move_end(&self, left_on: NaiveDate, why: &FreeText) -> Result<(), Undone> {
        let loaded = self.dispatcher.load::<Departure>(self.employer, self.event.stream_id).await?;
        let Departure::Effective(standing) = loaded.state else { return Ok(()) };
        let key = natural_key(&standing.legal_entity, &standing.employee_number, standing.hired_on);
        let Some(employment) = self.holder("employment", key).await? else { return Ok(()) };
        let changes = EmploymentChanges { end: Some(EndChange::Moved { on: left_on }), ..Default::default() };
        let order = EmploymentCommand::Correct { corrects: None, changes: Box::new(changes), why: why.clone() };
        // An employment that the departure did not end has nothing to move.
        let moot = |error: &EmploymentError| matches!(error, EmploymentError::NoEnd);
        self.send::<Employment>("employments.correct", employment, order, moot).await
    }

    /// Whenever a departure takes effect, then a membership registered before the last day becomes active.
    async fn activate(&self, member: Option<MemberId>) -> Result<(), Undone> {
        let Some(member) = member else { return Ok(()) };
        let moot = |error: &MemberError| matches!(error, MemberError::Ended { .. } | MemberError::AwaitsReview);
        self.send::<Member>("members.activate", member.0, MemberCommand::Activate, moot).await
    }

    /// Whenever a departure is rescinded, then the membership that awaited it is not needed.
    async fn close_unneeded(&self, member: MemberId) -> Result<(), Undone> {
        let ended = |error: &MemberError| matches!(error, MemberError::Ended { .. } | MemberError::AwaitsReview);
        self.send::<Member>("members.close-unneeded", member.0, MemberCommand::CloseUnneeded, ended).await
    }

    /// Whenever a departure has taken effect, then rewards that rested on the employment lapse.
    async fn lapse_after_departure(&self) -> Followed {
        let loaded = match self.dispatcher.load::<Departure>(self.employer, self.event.stream_id).await {
            Ok(loaded) => loaded,
            Err(error) => return vec![Err(error.into())],
        };
        let Departure::Effective(standing) = loaded.state else { return vec![] };
        let left = Left {
            way: Way::Departure(DepartureId(self.event.stream_id)),
            person: standing.person_id,
            legal_entity: &standing.legal_entity,
            employee_number: &standing.employee_number,
            last_day: standing.left_on,
        };
        self.lapse_rewards(&left).await
    }

    /// Whenever what a departure says about a return changes, then the live cases of whoever left are assessed again.
    async fn reassess_leaver(&self, because: HoldCause) -> Followed {
        self.reassess(self.event.subject.as_slice(), because).await
    }
}
