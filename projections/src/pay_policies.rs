//! Pay policies (賃金決定の基準). Folds `pay_policy.*`. Serves `GET /v1/pay-policies` and `GET /v1/pay-policies/{id}`.

use aggregates::catalogue::HrEvent;
use aggregates::ids::PayPolicyId;
use aggregates::pay::PolicyTerms;
use aggregates::pay_policy::PayPolicyEvent;

use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::parts::position_key;
use crate::versions::{Change, Looser, Versioned};

/// A pay policy.
pub type PayPolicy = Versioned<PayPolicyId, PolicyTerms>;

impl ReadModel for PayPolicy {
    const NAME: &'static str = "pay_policies";
    const VERSION: u32 = 3;
    const FILTERS: &'static [&'static str] = &["state", "legal_entity"];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::PayPolicy(_) => vec![Route::One(event.stream_id)],
            HrEvent::Person(_)
            | HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::Employment(_)
            | HrEvent::NoRehireFlag(_)
            | HrEvent::FollowUp(_)
            | HrEvent::Requisition(_)
            | HrEvent::Application(_)
            | HrEvent::Offer(_)
            | HrEvent::Referral(_)
            | HrEvent::Reward(_)
            | HrEvent::RewardPlan(_)
            | HrEvent::ProgrammePolicy(_)
            | HrEvent::PayBands(_)
            | HrEvent::Access(_)
            | HrEvent::IncumbentSnapshot(_)
            | HrEvent::IncumbentPart(_) => vec![],
        }
    }

    fn fold(id: DocumentId, document: Option<Self>, event: &Recorded) -> Option<Self> {
        match (document, &event.event) {
            (None, HrEvent::PayPolicy(PayPolicyEvent::Drafted { terms, drafted_by, .. })) => {
                Some(Self::drafted(PayPolicyId(id), &terms.legal_entity, terms, *drafted_by, event))
            }
            (Some(mut document), HrEvent::PayPolicy(what)) => {
                if let Some(change) = change(what) {
                    return Some(document.after(&change, event));
                }
                (document.version, document.position) = (event.sequence, event.position);
                document.watch.get_or_insert_default().after(what, event);
                Some(document)
            }
            (document, _) => document,
        }
    }

    fn sort_key(&self) -> String {
        position_key(self.drafted_position)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

fn change(what: &PayPolicyEvent) -> Option<Change<'_, PolicyTerms>> {
    use PayPolicyEvent as E;
    Some(match what {
        E::Drafted { .. }
        | E::MonthClosed { .. }
        | E::AlertRaised { .. }
        | E::AlertCleared { .. }
        | E::JointAssessmentDue { .. }
        | E::AlertReviewed { .. }
        | E::PublicationDue { .. }
        | E::PayGapPublished { .. }
        | E::RetirementProposed { .. } => return None,
        E::Revised { version, terms, revised_by, .. } => Change::Revised { version: *version, terms, by: *revised_by },
        E::Approved { version, approved_by } => Change::Approved { version: *version, by: *approved_by },
        E::Published { version, effective_from, published_by, loosening, reason } => Change::Published {
            version: *version,
            effective_from: *effective_from,
            by: *published_by,
            looser: loosening.as_deref().map(|loosening| Looser { loosening, reason: reason.as_ref() }),
        },
        E::Retired { effective_from, retired_by, note } => {
            Change::Retired { effective_from: *effective_from, by: *retired_by, note: note.as_ref() }
        }
    })
}
