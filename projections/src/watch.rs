//! What is watched over under a pay policy: the alerts that stand, and the years whose pay gap is published.

use aggregates::ids::ActorId;
use aggregates::pay_policy::{AlertKey, AlertOutcome, PayPolicyEvent, Raised};
use aggregates::values::EvidenceRef;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::Recorded;
use crate::parts::keep;

/// What is watched over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// The last day of the last month whose figures were looked at.
    pub closed: Option<NaiveDate>,
    /// The alerts that stand, oldest first.
    pub alerts: Vec<Alert>,
    /// The years whose pay gap is published, oldest first.
    pub publications: Vec<Publication>,
}

/// An alert that stands (MON-01…05).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Which row, by which rule, since when.
    #[serde(flatten)]
    pub raised: Raised,
    /// The last day to look.
    pub look_by: NaiveDate,
    /// When it was raised.
    pub raised_at: DateTime<Utc>,
    /// By when it is assessed with the workers' representatives; nothing where nobody has to (PAY-06).
    pub jointly_by: Option<NaiveDate>,
    /// What came of the look.
    pub outcome: Option<AlertOutcome>,
    /// Where that lies.
    pub evidence_ref: Option<EvidenceRef>,
    /// Who looked.
    pub reviewed_by: Option<ActorId>,
    /// When.
    pub reviewed_at: Option<DateTime<Utc>>,
}

/// A fiscal year whose pay gap is published (PAY-08).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Publication {
    /// The last day of the year.
    pub year_ends: NaiveDate,
    /// The last day to publish it.
    pub due_on: NaiveDate,
    /// When it was published.
    pub published_on: Option<NaiveDate>,
    /// Where it stands.
    pub evidence_ref: Option<EvidenceRef>,
    /// Who recorded it.
    pub recorded_by: Option<ActorId>,
}

impl Watch {
    pub(crate) fn after(&mut self, what: &PayPolicyEvent, event: &Recorded) {
        use PayPolicyEvent as E;
        match what {
            E::MonthClosed { last_day } => self.closed = Some(*last_day),
            // As many as stand: the oldest are the nearest to being late.
            E::AlertRaised { raised, look_by } => self.alerts.push(Alert::raised(raised, *look_by, event)),
            E::AlertCleared { alert, .. } => self.alerts.retain(|one| one.raised.alert != *alert),
            E::JointAssessmentDue { alert, due_on } => {
                self.standing(alert).for_each(|one| {
                    one.jointly_by = Some(*due_on);
                    (one.outcome, one.evidence_ref, one.reviewed_by, one.reviewed_at) = (None, None, None, None);
                });
            }
            E::AlertReviewed { alert, review, reviewed_by } => self.standing(alert).for_each(|one| {
                (one.outcome, one.evidence_ref) = (Some(review.outcome), Some(review.evidence_ref.clone()));
                (one.reviewed_by, one.reviewed_at) = (Some(*reviewed_by), Some(event.recorded_at));
            }),
            E::PublicationDue { year_ends, due_on } => {
                let (published_on, evidence_ref, recorded_by) = (None, None, None);
                let (year_ends, due_on) = (*year_ends, *due_on);
                let due = Publication { year_ends, due_on, published_on, evidence_ref, recorded_by };
                keep(&mut self.publications, due);
            }
            E::PayGapPublished { year_ends, publication, recorded_by } => {
                for one in self.publications.iter_mut().filter(|one| one.year_ends == *year_ends) {
                    (one.published_on, one.recorded_by) = (Some(publication.published_on), Some(*recorded_by));
                    one.evidence_ref = Some(publication.evidence_ref.clone());
                }
            }
            E::Drafted { .. }
            | E::Revised { .. }
            | E::Approved { .. }
            | E::Published { .. }
            | E::RetirementProposed { .. }
            | E::Retired { .. } => {}
        }
    }

    fn standing(&mut self, alert: &AlertKey) -> impl Iterator<Item = &mut Alert> {
        self.alerts.iter_mut().filter(move |one| one.raised.alert == *alert)
    }
}

impl Alert {
    fn raised(raised: &Raised, look_by: NaiveDate, event: &Recorded) -> Self {
        Self {
            raised: raised.clone(),
            look_by,
            raised_at: event.recorded_at,
            jointly_by: None,
            outcome: None,
            evidence_ref: None,
            reviewed_by: None,
            reviewed_at: None,
        }
    }
}
