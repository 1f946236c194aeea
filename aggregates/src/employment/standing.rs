//! What stands about a period of employment, and the answers that follow from it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    EmploymentChanges, EmploymentError, EmploymentEvent, EmploymentKind, EndChange, EndedBecause, Placement, Recorded,
    Span, TenureSegment, Transfer,
};
use crate::ids::{ApplicationId, PersonId};
use crate::issued::{Actor, ActorKind};
use crate::keys::{natural_key, number_key};
use crate::values::{EmploymentType, FreeText};

type Decision = Result<Vec<EmploymentEvent>, EmploymentError>;

/// The sequence of the record, which is always the first event.
const RECORD: u64 = 1;

/// What stands about a period of employment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The human being.
    pub person_id: PersonId,
    /// The entity that employs them.
    pub legal_entity: String,
    /// Their number in it.
    pub employee_number: String,
    /// Own employer or secondment.
    pub kind: EmploymentKind,
    /// First day.
    pub from: NaiveDate,
    /// The last day that is agreed.
    pub ends_on: Option<NaiveDate>,
    /// The application that led to it, where it is a return.
    pub return_of: Option<ApplicationId>,
    /// Sequence of the last event.
    pub version: u64,
    /// Each event that states facts, and the record or transfer whose facts they are.
    pub statements: BTreeMap<u64, u64>,
    /// Transfers, by the sequence that first stated them.
    pub transfers: BTreeMap<u64, Transfer>,
}

impl Standing {
    pub(super) fn new(recorded: Recorded) -> Self {
        Self {
            person_id: recorded.person_id,
            legal_entity: recorded.legal_entity,
            employee_number: recorded.employee_number,
            kind: recorded.kind,
            from: recorded.from,
            ends_on: recorded.ends_on,
            return_of: None,
            version: RECORD,
            statements: BTreeMap::from([(RECORD, RECORD)]),
            transfers: BTreeMap::new(),
        }
    }

    pub(super) fn counted(mut self) -> Self {
        self.version += 1;
        self
    }

    pub(super) fn returned(self, application_id: ApplicationId) -> Self {
        Self { return_of: Some(application_id), ..self.counted() }
    }

    pub(super) fn note_return(&self, application_id: ApplicationId, tenure: Vec<TenureSegment>) -> Decision {
        match self.return_of {
            None => Ok(vec![EmploymentEvent::ReturnNoted { application_id, tenure }]),
            Some(known) if known == application_id => Ok(vec![]),
            Some(known) => Err(EmploymentError::ReturnOfAnother { application_id: known }),
        }
    }

    pub(super) fn transferred(self, transfer: Transfer) -> Self {
        let mut next = self.counted();
        next.statements.insert(next.version, next.version);
        next.transfers.insert(next.version, transfer);
        next
    }

    pub(super) fn corrected(self, corrects: u64, changes: EmploymentChanges) -> Self {
        let mut next = self.counted();
        let stated = next.statements.get(&corrects).copied().unwrap_or(RECORD);
        next.statements.insert(next.version, stated);
        if let Some(transfer) = next.transfers.get_mut(&stated) {
            transfer.on = changes.transferred_on.unwrap_or(transfer.on);
            transfer.placement = std::mem::take(&mut transfer.placement).overlaid(changes.placement);
            return next;
        }
        next.employee_number = changes.employee_number.unwrap_or(next.employee_number);
        next.kind = changes.kind.unwrap_or(next.kind);
        next.from = changes.from.unwrap_or(next.from);
        next.ends_on = moved(next.ends_on, changes.end);
        next
    }

    pub(super) fn span(&self, to: Option<NaiveDate>) -> Span {
        Span { legal_entity: self.legal_entity.clone(), from: self.from, to, kind: self.kind }
    }

    pub(super) fn natural_key(&self) -> String {
        natural_key(&self.legal_entity, &self.employee_number, self.from)
    }

    pub(super) fn number_key(&self) -> String {
        number_key(&self.legal_entity, &self.employee_number)
    }

    pub(super) fn ended(&self, ended_on: NaiveDate, because: EndedBecause) -> EmploymentEvent {
        EmploymentEvent::Ended {
            ended_on,
            because,
            legal_entity: self.legal_entity.clone(),
            employee_number: self.employee_number.clone(),
        }
    }

    /// The end, once the agreed last day has passed.
    pub(super) fn due(&self, on: NaiveDate) -> Vec<EmploymentEvent> {
        self.ends_on.filter(|&day| day < on).map(|day| self.ended(day, EndedBecause::TermEnded)).into_iter().collect()
    }

    pub(super) fn end(&self, ended_on: NaiveDate, because: EndedBecause, on: NaiveDate) -> Decision {
        in_order(self.from, Some(ended_on))?;
        passed(ended_on, on)?;
        Ok(vec![self.ended(ended_on, because)])
    }

    pub(super) fn transfer(&self, transfer: Box<Transfer>, to: Option<NaiveDate>) -> Decision {
        if transfer.placement == Placement::default() {
            return Err(EmploymentError::NothingTransferred);
        }
        if !self.span(to).covers(transfer.on) {
            return Err(EmploymentError::OutsideEmployment { on: transfer.on });
        }
        match self.transfers.values().find(|known| known.on == transfer.on) {
            None => Ok(vec![EmploymentEvent::Transferred(transfer)]),
            Some(known) if *known == *transfer => Ok(vec![]),
            Some(_) => Err(EmploymentError::TransferAlreadyRecorded { on: transfer.on }),
        }
    }

    /// A correction before the last day has passed.
    pub(super) fn correct(
        &self,
        corrects: Option<u64>,
        mut changes: Box<EmploymentChanges>,
        why: FreeText,
        on: NaiveDate,
    ) -> Decision {
        changes.end = differing(changes.end, self.ends_on);
        let corrects = self.statement(corrects, &changes, self.ends_on)?;
        if *changes == EmploymentChanges::default() {
            return Ok(vec![]);
        }
        if changes.end == Some(EndChange::Withdrawn) && self.ends_on.is_none() {
            return Err(EmploymentError::NoEnd);
        }
        in_order(changes.from.unwrap_or(self.from), moved(self.ends_on, changes.end))?;
        let due = self.clone().corrected(corrects, (*changes).clone()).due(on);
        let mut events = vec![EmploymentEvent::Corrected { corrects, changes, why }];
        events.extend(due);
        Ok(events)
    }

    /// A correction after the last day has passed. An end that follows a departure is moved by the reaction to the
    /// departure's own correction, and by nobody else.
    pub(super) fn correct_ended(
        &self,
        (ended_on, because): (NaiveDate, EndedBecause),
        corrects: Option<u64>,
        mut changes: Box<EmploymentChanges>,
        why: FreeText,
        (by, on): (Actor, NaiveDate),
    ) -> Decision {
        changes.end = differing(changes.end, Some(ended_on));
        let corrects = self.statement(corrects, &changes, Some(ended_on))?;
        if *changes == EmploymentChanges::default() {
            return Ok(vec![]);
        }
        match (changes.end, because) {
            (None, _) => {}
            (Some(EndChange::Moved { .. }), EndedBecause::Departure { .. }) if by.kind == ActorKind::System => {}
            (Some(EndChange::Moved { .. } | EndChange::Withdrawn), EndedBecause::Departure { departure_id }) => {
                return Err(EmploymentError::EndStandsInDeparture { departure_id });
            }
            (
                Some(EndChange::Moved { .. } | EndChange::Withdrawn),
                EndedBecause::TermEnded | EndedBecause::TransferOut | EndedBecause::Correction,
            ) => {}
        }
        let to = moved(Some(ended_on), changes.end);
        in_order(changes.from.unwrap_or(self.from), to)?;
        to.map_or(Ok(()), |to| passed(to, on))?;
        Ok(vec![EmploymentEvent::Corrected { corrects, changes, why }])
    }

    /// The statement to correct, if it states what is to be changed.
    fn statement(
        &self,
        corrects: Option<u64>,
        changes: &EmploymentChanges,
        to: Option<NaiveDate>,
    ) -> Result<u64, EmploymentError> {
        let latest = || self.statements.iter().rev().find(|&(_, &stated)| stated == RECORD).map(|(&event, _)| event);
        let corrects = corrects.or_else(latest).unwrap_or(RECORD);
        let nothing = EmploymentError::NothingToCorrect { corrects };
        let stated = *self.statements.get(&corrects).ok_or(nothing.clone())?;
        if self.transfers.contains_key(&stated) {
            if changes.reach_beyond_a_transfer() {
                return Err(nothing);
            }
            if let Some(on) = changes.transferred_on {
                self.free_for_transfer(stated, on, to)?;
            }
        } else if changes.transferred_on.is_some() {
            return Err(nothing);
        }
        changes.employment_type.map_or(Ok(()), employee)?;
        Ok(corrects)
    }

    fn free_for_transfer(&self, moved: u64, on: NaiveDate, to: Option<NaiveDate>) -> Result<(), EmploymentError> {
        if !self.span(to).covers(on) {
            return Err(EmploymentError::OutsideEmployment { on });
        }
        if self.transfers.iter().any(|(&stated, other)| stated != moved && other.on == on) {
            return Err(EmploymentError::TransferAlreadyRecorded { on });
        }
        Ok(())
    }
}

/// A change to the day that stands already is none.
fn differing(end: Option<EndChange>, to: Option<NaiveDate>) -> Option<EndChange> {
    end.filter(|&end| to.is_none_or(|on| end != EndChange::Moved { on }))
}

fn moved(to: Option<NaiveDate>, end: Option<EndChange>) -> Option<NaiveDate> {
    match end {
        None => to,
        Some(EndChange::Moved { on }) => Some(on),
        Some(EndChange::Withdrawn) => None,
    }
}

pub(super) fn in_order(from: NaiveDate, to: Option<NaiveDate>) -> Result<(), EmploymentError> {
    match to {
        Some(to) if to < from => Err(EmploymentError::EndsBeforeStart { from, to }),
        Some(_) | None => Ok(()),
    }
}

/// Contract engagements (業務委託) are no employment: a relation check must never read one as such.
pub(super) const fn employee(employment_type: EmploymentType) -> Result<(), EmploymentError> {
    match employment_type {
        EmploymentType::Contractor => Err(EmploymentError::ContractorNotEmployed),
        EmploymentType::Regular | EmploymentType::FixedTerm | EmploymentType::PartTime => Ok(()),
    }
}

fn passed(ended_on: NaiveDate, on: NaiveDate) -> Result<(), EmploymentError> {
    if ended_on < on { Ok(()) } else { Err(EmploymentError::NotEndedYet { ended_on }) }
}
