//! Plans of referral rewards (リファラル手当規程). Folds `reward_plan.*`. Serves `GET /v1/reward-plans` and
//! `GET /v1/reward-plans/{id}`.

use aggregates::catalogue::HrEvent;
use aggregates::ids::RewardPlanId;
use aggregates::reward_plan::{PlanTerms, RewardPlanEvent};

use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::parts::position_key;
use crate::versions::{Change, Versioned};

/// A reward plan.
pub type RewardPlan = Versioned<RewardPlanId, PlanTerms>;

impl ReadModel for RewardPlan {
    const NAME: &'static str = "reward_plans";
    const VERSION: u32 = 2;
    const FILTERS: &'static [&'static str] = &["state", "legal_entity"];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::RewardPlan(_) => vec![Route::One(event.stream_id)],
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
            | HrEvent::PayPolicy(_)
            | HrEvent::ProgrammePolicy(_)
            | HrEvent::PayBands(_)
            | HrEvent::Access(_)
            | HrEvent::IncumbentSnapshot(_)
            | HrEvent::IncumbentPart(_) => vec![],
        }
    }

    fn fold(id: DocumentId, document: Option<Self>, event: &Recorded) -> Option<Self> {
        match (document, &event.event) {
            (None, HrEvent::RewardPlan(RewardPlanEvent::Drafted { terms, drafted_by })) => {
                Some(Self::drafted(RewardPlanId(id), &terms.legal_entity, terms, *drafted_by, event))
            }
            (Some(document), HrEvent::RewardPlan(what)) => match change(what) {
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

fn change(what: &RewardPlanEvent) -> Option<Change<'_, PlanTerms>> {
    use RewardPlanEvent as E;
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
