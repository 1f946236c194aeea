//! What follows from a pay policy.

use aggregates::pay_policy::{PayPolicy, PayPolicyCommand, PayPolicyEvent};
use chrono::NaiveDate;
use cqrs_es::Aggregate as _;

use super::{Followed, Reaction, Refusal, Undone};
use crate::dispatch::LoadError;
use crate::monitoring;

impl Reaction<'_> {
    pub(super) async fn after_pay_policy(&self, event: &PayPolicyEvent) -> Option<Followed> {
        use PayPolicyEvent as E;
        match event {
            E::MonthClosed { last_day } => Some(vec![self.look_at_figures(*last_day).await]),
            E::Drafted { .. }
            | E::Revised { .. }
            | E::Approved { .. }
            | E::Published { .. }
            | E::AlertRaised { .. }
            | E::AlertCleared { .. }
            | E::JointAssessmentDue { .. }
            | E::AlertReviewed { .. }
            | E::PublicationDue { .. }
            | E::PayGapPublished { .. }
            | E::RetirementProposed { .. }
            | E::Retired { .. } => None,
        }
    }

    /// Whenever a month is over, then its reports are computed, and what has somebody look is noted (MON-01…05, PAY-06, PAY-08).
    async fn look_at_figures(&self, last_day: NaiveDate) -> Result<(), Undone> {
        let id = self.event.stream_id;
        let loaded = self.dispatcher.load::<PayPolicy>(self.employer, id).await?;
        let Some(standing) = loaded.state.standing() else { return Ok(()) };
        let entity = &standing.legal_entity;
        let figures = monitoring::figures(self.dispatcher, self.employer, entity, last_day).await;
        let figures = match figures {
            Ok(figures) => figures,
            Err(LoadError::Store(error)) => return Err(error.into()),
            // What cannot be read now cannot be read later: somebody sees to it, and other follow-ups go on.
            Err(unreadable) => {
                let (kind, code) = (PayPolicy::TYPE, "unreadable".to_owned());
                return Err(Undone::Refused(Refusal { kind, id, code, text: unreadable.to_string() }));
            }
        };
        let order = PayPolicyCommand::NoteFigures(figures);
        self.send::<PayPolicy>("pay-policies.note-figures", id, order, |_| false).await
    }
}
