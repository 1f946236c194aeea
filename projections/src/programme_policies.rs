//! Programme policies (アルムナイ制度規程). Folds `programme_policy.*`. Serves `GET /v1/programme-policies` and `GET /v1/programme-policies/{id}`.

use aggregates::catalogue::HrEvent;
use aggregates::ids::ProgrammePolicyId;
use aggregates::programme_policy::{ProgrammePolicyEvent, ProgrammeTerms};

use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::parts::position_key;
use crate::versions::{Change, Versioned};

/// A programme policy.
pub type ProgrammePolicy = Versioned<ProgrammePolicyId, ProgrammeTerms>;

impl ReadModel for ProgrammePolicy {
    const NAME: &'static str = "programme_policies";
    const VERSION: u32 = 1;
    const FILTERS: &'static [&'static str] = &["state", "legal_entity"];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::ProgrammePolicy(_) => vec![Route::One(event.stream_id)],
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
            | HrEvent::PayPolicy(_)
            | HrEvent::PayBands(_)
            | HrEvent::Access(_)
            | HrEvent::IncumbentSnapshot(_)
            | HrEvent::IncumbentPart(_) => vec![],
        }
    }

    fn fold(id: DocumentId, document: Option<Self>, event: &Recorded) -> Option<Self> {
        match (document, &event.event) {
            (None, HrEvent::ProgrammePolicy(ProgrammePolicyEvent::Drafted { terms, drafted_by })) => {
                Some(Self::drafted(ProgrammePolicyId(id), &terms.legal_entity, terms, *drafted_by, event))
            }
            (Some(document), HrEvent::ProgrammePolicy(what)) => match change(what) {
                Some(change) => Some(document.after(&change, event)),
                None => Some(document),
            },
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

fn change(what: &ProgrammePolicyEvent) -> Option<Change<'_, ProgrammeTerms>> {
    use ProgrammePolicyEvent as E;
    Some(match what {
        E::Drafted { .. } => return None,
        E::Revised { version, terms, revised_by } => Change::Revised { version: *version, terms, by: *revised_by },
        E::Approved { version, approved_by } => Change::Approved { version: *version, by: *approved_by },
        E::Published { version, effective_from, published_by } => {
            Change::Published { version: *version, effective_from: *effective_from, by: *published_by, looser: None }
        }
        E::Retired { effective_from, retired_by, note } => {
            Change::Retired { effective_from: *effective_from, by: *retired_by, note: note.as_ref() }
        }
    })
}
