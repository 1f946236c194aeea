//! What is to be filed and done once somebody is back (入社時の届出, LAB-11), each by its day.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{OfferError, OfferEvent, Standing};
use crate::ids::ActorId;
use crate::labour::{self, Duty, EXAMINED_WITHIN};
use crate::values::EvidenceRef;

/// How a duty was seen to.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DutyOutcome {
    /// It was filed or done.
    #[default]
    Done,
    /// It was looked at, and is not owed to this returner: too few hours for the insurance, no regular worker.
    NotOwed,
}

/// A duty that was seen to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyDone {
    /// Which.
    pub duty: Duty,
    /// How.
    pub outcome: DutyOutcome,
    /// The day on which it was filed, done or looked at.
    pub done_on: NaiveDate,
    /// Where the receipt, the certificate, or the reason lies.
    pub evidence_ref: EvidenceRef,
}

/// A duty by its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyDue {
    /// Which.
    pub duty: Duty,
    /// The last day.
    pub due_on: NaiveDate,
}

/// The duties towards whoever is back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duties {
    /// The first day of work, from which they run.
    pub started_on: NaiveDate,
    /// Each by its day.
    pub due: Vec<DutyDue>,
    /// What was done.
    pub done: Vec<DutyDone>,
}

impl Duties {
    pub(super) fn with(mut self, done: DutyDone) -> Self {
        self.done.push(done);
        self
    }
}

impl Standing {
    /// Where the law of the entity knows them, as the checks of the offer say. They run from the day that work began.
    pub(super) fn note_duties(&self, started_on: NaiveDate) -> Vec<OfferEvent> {
        let known = self.labour_checks.iter().any(|check| check.result.rule == labour::DEADLINES);
        if !known || self.duties.is_some() {
            return vec![];
        }
        let due = labour::duties(started_on).map(|(duty, due_on)| DutyDue { duty, due_on }).collect();
        vec![OfferEvent::DutiesNoted { started_on, due }]
    }

    pub(super) fn record_duty(
        &self,
        recorded_by: ActorId,
        on: NaiveDate,
        done: DutyDone,
    ) -> Result<Vec<OfferEvent>, OfferError> {
        let duties = self.duties.as_ref().ok_or(OfferError::DutyNotOwed)?;
        if !duties.due.iter().any(|one| one.duty == done.duty) {
            return Err(OfferError::DutyNotOwed);
        }
        if let Some(known) = duties.done.iter().find(|known| known.duty == done.duty) {
            return if *known == done { Ok(vec![]) } else { Err(OfferError::DutyDone { on: known.done_on }) };
        }
        if done.done_on > on {
            return Err(OfferError::DutyInTheFuture { today: on });
        }
        // An examination of up to three months before stands for the one at hiring; nothing is filed before work began.
        let before = if done.duty == Duty::HealthCheck { EXAMINED_WITHIN } else { Months::new(0) };
        let from = duties.started_on.checked_sub_months(before).unwrap_or(duties.started_on);
        if done.done_on < from {
            return Err(OfferError::DutyTooEarly { from });
        }
        Ok(vec![OfferEvent::DutyDone { done, recorded_by }])
    }
}
