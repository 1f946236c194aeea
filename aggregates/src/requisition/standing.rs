//! What stands of a requisition.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::facts::{Audience, CloseReason, Engagement, Line, LiveCases, Opened, PayRange, RequisitionChanges};
use super::{RequisitionError, RequisitionEvent, has_audience, has_seats, in_order};
use crate::ids::{ActorId, ApplicationId, DepartureId};
use crate::personal::Personal;
use crate::values::EmploymentType;

/// What a requisition states now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The title of the position.
    pub title: String,
    /// The entity that hires.
    pub legal_entity: String,
    /// Department.
    pub department: Option<String>,
    /// Job family.
    pub job_family: Option<String>,
    /// Grade (等級).
    pub grade: Option<String>,
    /// Place of work.
    pub location: Option<String>,
    /// How whoever is hired is employed.
    pub employment_type: EmploymentType,
    /// Employed directly, or dispatched.
    pub engagement: Engagement,
    /// The published range.
    pub pay_range: Option<PayRange>,
    /// How many seats.
    pub headcount: u32,
    /// Whoever came back on one of them.
    pub filled: BTreeSet<ApplicationId>,
    /// Who may answer it once it is published.
    pub audience: BTreeSet<Audience>,
    /// Who leads its cases.
    pub line: Line,
    /// How far it has come.
    pub phase: Phase,
    /// How many returners were noted for it.
    pub returners: u32,
    /// How it was closed.
    pub closing: Option<Closing>,
}

/// How far a requisition has come. That it is filled follows from its seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Nobody can answer it yet.
    Open,
    /// Its audience can answer it.
    Published,
    /// Nobody can answer it any more.
    Closed,
}

/// How a requisition was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Why.
    pub because: CloseReason,
    /// What became of live applications.
    pub live_cases: LiveCases,
}

impl Standing {
    pub(super) fn opened(opened: Opened) -> Self {
        Self {
            title: opened.title,
            legal_entity: opened.legal_entity,
            department: opened.department,
            job_family: opened.job_family,
            grade: opened.grade,
            location: opened.location,
            employment_type: opened.employment_type,
            engagement: opened.engagement,
            pay_range: opened.pay_range,
            headcount: opened.headcount,
            filled: BTreeSet::new(),
            audience: opened.audience,
            line: opened.line,
            phase: Phase::Open,
            returners: 0,
            closing: None,
        }
    }

    pub(super) fn after(mut self, event: RequisitionEvent) -> Self {
        use RequisitionEvent as E;
        match event {
            E::Revised { changes, .. } => self.take(*changes),
            E::Published { audience, .. } => {
                self.audience = audience;
                self.phase = Phase::Published;
            }
            E::ReturnersNoted { count, .. } => self.returners = count,
            E::SeatFilled { application_id } => {
                self.filled.insert(application_id);
            }
            E::Closed { because, live_cases, .. } => {
                self.phase = Phase::Closed;
                self.closing = Some(Closing { because, live_cases });
            }
            // History cannot be refused: what does not fit changes nothing.
            E::Opened(_) => {}
        }
        self
    }

    /// Whether it is published and every seat is filled.
    pub fn is_filled(&self) -> bool {
        self.phase == Phase::Published && self.free_seats() == 0
    }

    /// How many seats nobody came back on.
    pub fn free_seats(&self) -> u32 {
        self.headcount.saturating_sub(self.seats_filled())
    }

    fn seats_filled(&self) -> u32 {
        u32::try_from(self.filled.len()).unwrap_or(u32::MAX)
    }

    /// The state's name as the API shows it.
    pub(super) fn state(&self) -> &'static str {
        match self.phase {
            Phase::Open => "open",
            Phase::Published if self.is_filled() => "filled",
            Phase::Published => "published",
            Phase::Closed => "closed",
        }
    }

    pub(super) fn revise(
        &self,
        changes: RequisitionChanges,
        promised: u32,
        revised_by: ActorId,
    ) -> Result<Vec<RequisitionEvent>, RequisitionError> {
        if let Some(headcount) = changes.headcount.filter(|new| *new != self.headcount) {
            has_seats(headcount)?;
            let filled = self.seats_filled().max(promised);
            if headcount < filled {
                return Err(RequisitionError::HeadcountBelowFilled { filled });
            }
        }
        changes.audience.as_ref().map_or(Ok(()), has_audience)?;
        changes.pay_range.as_ref().map_or(Ok(()), in_order)?;
        let changes = self.news(changes);
        if changes == RequisitionChanges::default() {
            return Ok(vec![]);
        }
        Ok(vec![RequisitionEvent::Revised { changes: Box::new(changes), revised_by }])
    }

    pub(super) fn publish(
        &self,
        audience: Option<BTreeSet<Audience>>,
        published_by: ActorId,
    ) -> Result<Vec<RequisitionEvent>, RequisitionError> {
        let audience = audience.unwrap_or_else(|| self.audience.clone());
        has_audience(&audience)?;
        Ok(vec![RequisitionEvent::Published { audience, published_by }])
    }

    pub(super) fn publish_again(
        &self,
        audience: Option<BTreeSet<Audience>>,
    ) -> Result<Vec<RequisitionEvent>, RequisitionError> {
        match audience {
            Some(other) if other != self.audience => Err(RequisitionError::AlreadyPublished),
            Some(_) | None => Ok(vec![]),
        }
    }

    /// That nobody is found says nothing where nobody was noted before.
    pub(super) fn note_returners(&self, departures: Personal<Vec<DepartureId>>, count: u32) -> Vec<RequisitionEvent> {
        if count == 0 && self.returners == 0 {
            return vec![];
        }
        vec![RequisitionEvent::ReturnersNoted { departures, count }]
    }

    /// Whoever was promised a seat fills it, also when it was closed or its headcount was lowered in the meantime: the offer
    /// held the seat, and that somebody has come back is a fact.
    pub(super) fn fill(&self, application_id: ApplicationId) -> Vec<RequisitionEvent> {
        if self.filled.contains(&application_id) {
            return vec![];
        }
        vec![RequisitionEvent::SeatFilled { application_id }]
    }

    /// What of a revision is not so already. Words cannot be compared once they are sealed: they always say something new.
    fn news(&self, changes: RequisitionChanges) -> RequisitionChanges {
        let RequisitionChanges {
            title,
            department,
            job_family,
            grade,
            location,
            employment_type,
            engagement,
            pay_range,
            headcount,
            audience,
            description,
            recruiter,
            hiring_manager,
            approver_unit,
        } = changes;
        RequisitionChanges {
            title: title.filter(|new| *new != self.title),
            department: department.filter(|new| self.department.as_ref() != Some(new)),
            job_family: job_family.filter(|new| self.job_family.as_ref() != Some(new)),
            grade: grade.filter(|new| self.grade.as_ref() != Some(new)),
            location: location.filter(|new| self.location.as_ref() != Some(new)),
            employment_type: employment_type.filter(|new| *new != self.employment_type),
            engagement: engagement.filter(|new| *new != self.engagement),
            pay_range: pay_range.filter(|new| self.pay_range.as_ref() != Some(new)),
            headcount: headcount.filter(|new| *new != self.headcount),
            audience: audience.filter(|new| *new != self.audience),
            description,
            recruiter: recruiter.filter(|new| *new != self.line.recruiter),
            hiring_manager: hiring_manager.filter(|new| self.line.hiring_manager.as_ref() != Some(new)),
            approver_unit: approver_unit.filter(|new| self.line.approver_unit.as_ref() != Some(new)),
        }
    }

    fn take(&mut self, changes: RequisitionChanges) {
        fn stated<T>(place: &mut T, new: Option<T>) {
            if let Some(new) = new {
                *place = new;
            }
        }
        fn added<T>(place: &mut Option<T>, new: Option<T>) {
            if new.is_some() {
                *place = new;
            }
        }
        stated(&mut self.title, changes.title);
        added(&mut self.department, changes.department);
        added(&mut self.job_family, changes.job_family);
        added(&mut self.grade, changes.grade);
        added(&mut self.location, changes.location);
        stated(&mut self.employment_type, changes.employment_type);
        stated(&mut self.engagement, changes.engagement);
        added(&mut self.pay_range, changes.pay_range);
        stated(&mut self.headcount, changes.headcount);
        stated(&mut self.audience, changes.audience);
        stated(&mut self.line.recruiter, changes.recruiter);
        added(&mut self.line.hiring_manager, changes.hiring_manager);
        added(&mut self.line.approver_unit, changes.approver_unit);
    }
}
