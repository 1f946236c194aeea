//! The return of a candidate, and what a case does by itself when a day has come.

use chrono::NaiveDate;

use super::{
    Agreed, ApplicationError, ApplicationEvent, Joining, Phase, PostponementReason, Rejoined, Rejoining, Standing,
};
use crate::ids::ActorId;
use crate::values::{Clause, FreeText};

type Decision = Result<Vec<ApplicationEvent>, ApplicationError>;

impl Standing {
    /// The day on which the case wants to look at the clock.
    pub(super) fn due(&self) -> Option<NaiveDate> {
        let goes_on = self.hold.and_then(|hold| hold.until);
        let starts = match &self.phase {
            Phase::Joining(joining) if self.hold.is_none() => Some(joining.started_on),
            Phase::Joining(_)
            | Phase::AfterOffer { .. }
            | Phase::EligibilityReview
            | Phase::At(_)
            | Phase::OfferPending
            | Phase::OfferAccepted(_)
            | Phase::NotEligible { .. }
            | Phase::Ended(_) => None,
        };
        [goes_on, starts, self.closes_on].into_iter().flatten().min()
    }

    pub(super) fn record_rejoin(&self, by: ActorId, on: NaiveDate, agreed: &Agreed, rejoining: Rejoining) -> Decision {
        let Rejoining { employee_number, started_on, department, job_family } = rejoining;
        if employee_number.trim().is_empty() {
            return Err(ApplicationError::EmployeeNumberMissing);
        }
        if started_on < agreed.starts_on {
            return Err(ApplicationError::BeforeAgreedDay { agreed: agreed.starts_on });
        }
        let joining = Joining { agreed: agreed.clone(), employee_number, started_on, department, job_family };
        let rejoined = (started_on <= on).then(|| self.rejoined(&joining));
        let Joining { employee_number, department, job_family, .. } = joining;
        let recorded =
            ApplicationEvent::JoiningRecorded { employee_number, started_on, department, job_family, recorded_by: by };
        Ok([recorded].into_iter().chain(rejoined).collect())
    }

    /// A number that was mistyped is stated anew; the day is changed by postponing it.
    pub(super) fn restate_joining(
        &self,
        by: ActorId,
        on: NaiveDate,
        joining: &Joining,
        rejoining: Rejoining,
    ) -> Decision {
        if joining.started_on != rejoining.started_on {
            return Err(ApplicationError::JoiningRecordedOtherwise);
        }
        if joining.employee_number == rejoining.employee_number {
            return Ok(vec![]);
        }
        self.record_rejoin(by, on, &joining.agreed, rejoining)
    }

    fn rejoined(&self, joining: &Joining) -> ApplicationEvent {
        let Joining { agreed, employee_number, started_on, department, job_family } = joining.clone();
        ApplicationEvent::Rejoined(Box::new(Rejoined {
            person_id: self.person_id,
            member_id: self.member_id,
            account: self.account,
            requisition_id: self.requisition_id,
            offer_id: agreed.offer_id,
            referral_id: self.referral_id,
            legal_entity: self.legal_entity.clone(),
            employee_number,
            started_on,
            employment_type: agreed.employment_type,
            department,
            job_family,
            grade: Some(agreed.grade),
            location: agreed.location,
            tenure: self.tenure(started_on),
        }))
    }

    /// The return, where it is arranged and its day has come.
    fn arrived(&self, on: NaiveDate) -> Option<ApplicationEvent> {
        match &self.phase {
            Phase::Joining(joining) if joining.started_on <= on => Some(self.rejoined(joining)),
            Phase::Joining(_)
            | Phase::EligibilityReview
            | Phase::At(_)
            | Phase::OfferPending
            | Phase::AfterOffer { .. }
            | Phase::OfferAccepted(_)
            | Phase::NotEligible { .. }
            | Phase::Ended(_) => None,
        }
    }

    pub(super) fn woken(&self, by: ActorId, on: NaiveDate) -> Vec<ApplicationEvent> {
        if let Some(until) = self.closes_on.filter(|until| *until <= on) {
            return vec![ApplicationEvent::Closed { on: until }];
        }
        match (&self.phase, self.hold) {
            (_, Some(hold)) if hold.until.is_some_and(|day| day <= on) => self.resumed(by, on, None, None),
            (_, Some(_)) => vec![],
            (_, None) => self.arrived(on).into_iter().collect(),
        }
    }

    /// What waited for the end of a hold happens with it.
    pub(super) fn resumed(
        &self,
        by: ActorId,
        on: NaiveDate,
        clause: Option<Clause>,
        note: Option<FreeText>,
    ) -> Vec<ApplicationEvent> {
        let resumed = ApplicationEvent::Resumed { resumed_by: by, clause, note };
        [resumed].into_iter().chain(self.arrived(on)).collect()
    }
}

pub(super) fn postpone(from: NaiveDate, to: NaiveDate, reason_code: PostponementReason, by: ActorId) -> Decision {
    if to <= from {
        return Err(ApplicationError::NotLater { agreed: from });
    }
    Ok(vec![ApplicationEvent::StartPostponed { from, to, reason_code, postponed_by: by }])
}
