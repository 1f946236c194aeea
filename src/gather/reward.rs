//! What a reward records of other streams: who wrote its plan and who recruited, and the tranche that a hire earns.

use std::collections::BTreeSet;

use aggregates::application::Application;
use aggregates::ids::{ActorId, PersonId, ReferralId, RewardPlanId};
use aggregates::referral::gate::{self, AwardFacts, HireFacts};
use aggregates::referral::{self, HiredVia, Referral, ReferrerRelation};
use aggregates::requisition::{Line, Requisition};
use aggregates::reward::{HireFact, PaymentChannel, Planned, RewardCommand};
use aggregates::reward_plan::RewardPlan;
use chrono::NaiveDate;

use super::referrer::{GatherError, Who, paid_in_twelve_months, relation};
use crate::dispatch::{Dispatcher, LoadError};
use crate::employer::Employer;

/// The one tranche of a referral's reward.
pub const ONLY: u32 = 1;

/// Who wrote the plan of a reward.
pub async fn plan_editors(
    dispatcher: &Dispatcher,
    employer: &Employer,
    plan: Option<RewardPlanId>,
) -> Result<BTreeSet<ActorId>, LoadError> {
    match plan {
        Some(plan) => Ok(dispatcher.load::<RewardPlan>(employer, plan.0).await?.state.editors()),
        None => Ok(BTreeSet::new()),
    }
}

/// Who selected whoever was hired, none of whom releases the reward for it (REF-14): the line and the owner of the application
/// that led to the hire, or where none did, the line of the referral's requisition.
pub async fn recruiters(
    dispatcher: &Dispatcher,
    employer: &Employer,
    planned: &Planned,
) -> Result<BTreeSet<ActorId>, LoadError> {
    if let HiredVia::Application { application_id } = planned.hire.via {
        let application = dispatcher.load::<Application>(employer, application_id.0).await?;
        if let Some(case) = application.state.standing() {
            return Ok(selectors(&case.line, case.owner));
        }
    }
    let referral = dispatcher.load::<Referral>(employer, planned.referral_id.0).await?;
    let Some(requisition) = referral.state.standing().and_then(|standing| standing.requisition_id) else {
        return Ok(BTreeSet::new());
    };
    let requisition = dispatcher.load::<Requisition>(employer, requisition.0).await?;
    Ok(requisition.state.standing().map(|standing| selectors(&standing.line, None)).unwrap_or_default())
}

fn selectors(line: &Line, owner: Option<ActorId>) -> BTreeSet<ActorId> {
    [Some(line.recruiter), line.hiring_manager, owner].into_iter().flatten().collect()
}

/// What the payee is to an entity on a day: by the human being, or where nobody knows them, by the account.
async fn payee_on(
    dispatcher: &Dispatcher,
    employer: &Employer,
    (payee, person): (ActorId, Option<PersonId>),
    legal_entity: &str,
    on: NaiveDate,
) -> Result<ReferrerRelation, GatherError> {
    let who = person.map_or(Who::Account(payee), Who::Person);
    Ok(relation(dispatcher, employer, who, legal_entity, on).await?.relation)
}

/// The verification of a reward on the day of its award. Present status is recorded and is none of the rules: a referrer who
/// met all conditions before leaving is owed the wage (REF-17).
pub async fn verification(
    dispatcher: &Dispatcher,
    employer: &Employer,
    planned: &Planned,
    on: NaiveDate,
) -> Result<RewardCommand, GatherError> {
    let payee = (planned.payee, planned.payee_person_id);
    let at_award = payee_on(dispatcher, employer, payee, &planned.legal_entity, on).await?;
    let facts = AwardFacts {
        legal_entity: &planned.legal_entity,
        plan: planned.plan.as_ref(),
        channel: planned.channel,
        paid_in_twelve_months: paid_in_twelve_months(dispatcher, employer, planned.payee, Some(planned.referral_id))
            .await?,
    };
    Ok(RewardCommand::Verify { at_award: Box::new(at_award), gate: gate::at_award(&facts) })
}

/// The tranche that a hire on a referral earns, as it is planned on a day.
pub async fn tranche(
    dispatcher: &Dispatcher,
    employer: &Employer,
    (referral_id, referral): (ReferralId, &referral::Standing),
    hire: &referral::Hire,
    on: NaiveDate,
) -> Result<Planned, GatherError> {
    let payee = (referral.referrer, referral.relation.person_id);
    let at_hire = payee_on(dispatcher, employer, payee, &hire.legal_entity, hire.started_on).await?;
    let carried = referral.carried(on);
    let gate = gate::at_hire(&HireFacts {
        found: &carried,
        at_referral: &referral.relation,
        referred_to: &referral.legal_entity,
        legal_entity: &hire.legal_entity,
        plan: referral.plan.as_ref(),
        hired_person_id: hire.person_id,
        paid_in_twelve_months: paid_in_twelve_months(dispatcher, employer, referral.referrer, Some(referral_id))
            .await?,
    });
    let terms = referral.plan.as_ref().map(|plan| &plan.terms);
    Ok(Planned {
        referral_id,
        payee: referral.referrer,
        payee_person_id: referral.relation.person_id,
        payee_employee_number: referral.relation.employee_number.clone(),
        legal_entity: hire.legal_entity.clone(),
        hire: HireFact {
            via: hire.via,
            person_id: hire.person_id,
            employee_number: hire.employee_number.clone(),
            started_on: hire.started_on,
        },
        tranche: ONLY,
        plan: referral.plan.clone(),
        amount: terms.map(|terms| terms.amount.clone()),
        milestone_on: terms.map(|terms| terms.milestone.reached_on(hire.started_on)),
        channel: PaymentChannel::Payroll,
        at_referral: referral.relation.clone(),
        at_hire,
        gate,
    })
}

#[cfg(test)]
mod tests {
    use aggregates::ids::ActorId;
    use aggregates::requisition::Line;
    use uuid::Uuid;

    use super::selectors;

    fn account(number: u128) -> ActorId {
        ActorId(Uuid::from_u128(number))
    }

    #[test]
    fn whoever_leads_the_case_selected_the_hire() {
        let line = Line { recruiter: account(1), hiring_manager: Some(account(2)), approver_unit: None };
        assert_eq!(selectors(&line, Some(account(3))), [account(1), account(2), account(3)].into());
        assert_eq!(selectors(&line, Some(account(1))), [account(1), account(2)].into());
        let alone = Line { hiring_manager: None, ..line };
        assert_eq!(selectors(&alone, None), [account(1)].into());
    }
}
