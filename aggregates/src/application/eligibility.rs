//! Whether the person may apply: on submission, for another position, and whenever a fact changed.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    ApplicationError, ApplicationEvent, EligibilityFacts, EligibilityResult, HoldCause, Phase, RequisitionFact,
    Standing, Submitting, Transferring,
};
use crate::checks::{Outcome, RuleResult};
use crate::ids::ActorId;
use crate::issued::Actor;
use crate::rehire_policy::{self, result};
use crate::values::FreeText;

type Decision = Result<Vec<ApplicationEvent>, ApplicationError>;

pub(super) fn submit(by: ActorId, submitting: Submitting) -> Decision {
    let Submitting { mut submitted, facts } = submitting;
    submitted.submitted_by = by;
    if by != submitted.account && submitted.recorded_for.is_none() {
        return Err(ApplicationError::NotTheCandidate);
    }
    if let Some(programme) = facts.programme.as_ref().filter(|programme| programme.rehire.is_none()) {
        return Err(ApplicationError::NotOffered { contact: programme.contact.clone() });
    }
    takes_somebody(facts.requisition)?;
    let (_, assessed) = assess(facts, None);
    Ok(vec![ApplicationEvent::Submitted(Box::new(submitted)), assessed])
}

pub(super) fn takes_somebody(requisition: RequisitionFact) -> Result<(), ApplicationError> {
    match requisition {
        RequisitionFact::Published => Ok(()),
        RequisitionFact::Filled => Err(ApplicationError::HeadcountFull),
        RequisitionFact::Open | RequisitionFact::Closed => Err(ApplicationError::RequisitionNotOpen),
    }
}

fn assess(facts: EligibilityFacts, because: Option<HoldCause>) -> (Vec<RuleResult>, ApplicationEvent) {
    let rules = rehire_policy::assess(&facts);
    let assessed = ApplicationEvent::EligibilityAssessed {
        result: result(&rules),
        rules: rules.clone(),
        programme_version: rehire_policy::version(&facts),
        facts: Box::new(facts),
        because,
    };
    (rules, assessed)
}

impl Standing {
    /// A natural person who neither leads the case, nor handed it in, nor decided about it before, nor found what it rests on.
    pub(super) fn may_review(&self, by: Actor, involved: &BTreeSet<ActorId>) -> Result<(), ApplicationError> {
        by.natural_person().ok_or(ApplicationError::NaturalPersonRequired)?;
        let leads = [Some(self.line.recruiter), self.line.hiring_manager, self.owner].contains(&Some(by.id));
        if leads
            || [self.submitted_by, self.account].contains(&by.id)
            || self.reviewers.contains(&by.id)
            || involved.contains(&by.id)
        {
            return Err(ApplicationError::UninvolvedPersonRequired);
        }
        Ok(())
    }

    pub(super) fn reassess(
        &self,
        by: ActorId,
        on: NaiveDate,
        facts: EligibilityFacts,
        because: HoldCause,
    ) -> Vec<ApplicationEvent> {
        let same_facts =
            self.facts.as_ref().is_some_and(|known| EligibilityFacts { on: known.on, ..facts.clone() } == *known);
        let (rules, assessed) = assess(facts, self.again(because));
        if same_facts && rules.iter().all(|rule| self.found_before(rule)) {
            return Vec::new();
        }
        let says = result(&rules);
        let something_new = rules.iter().any(|rule| rule.outcome != Outcome::Pass && !self.found_before(rule));
        let mut events = vec![assessed];
        match &self.phase {
            // The assessment itself says how it goes on.
            Phase::EligibilityReview => {}
            Phase::At(_)
            | Phase::OfferPending
            | Phase::AfterOffer { .. }
            | Phase::OfferAccepted(_)
            | Phase::Joining(_)
            | Phase::NotEligible { .. }
            | Phase::Ended(_) => {
                if says > self.eligibility && something_new {
                    events.push(ApplicationEvent::Held { because, until: None, held_by: by, note: None });
                } else if self.held_by_fact() && says == EligibilityResult::Eligible {
                    events.extend(self.resumed(by, on, None, None));
                }
            }
        }
        events
    }

    /// What waits for its review is not assessed again: it is assessed still.
    fn again(&self, because: HoldCause) -> Option<HoldCause> {
        (!matches!(self.phase, Phase::EligibilityReview)).then_some(because)
    }

    /// Opens the case where it stood; what the rules read may have changed meanwhile.
    pub(super) fn reopen(
        &self,
        by: ActorId,
        on: NaiveDate,
        facts: EligibilityFacts,
        note: Option<FreeText>,
    ) -> Decision {
        takes_somebody(facts.requisition)?;
        let reopened = ApplicationEvent::Reopened { to: self.stage, reopened_by: by, note };
        let open = self.clone().after(reopened.clone());
        let assessed = match open.phase {
            // It waits for its review again, whatever the rules said before.
            Phase::EligibilityReview => vec![assess(facts, None).1],
            Phase::At(_)
            | Phase::OfferPending
            | Phase::AfterOffer { .. }
            | Phase::OfferAccepted(_)
            | Phase::Joining(_)
            | Phase::NotEligible { .. }
            | Phase::Ended(_) => open.reassess(by, on, facts, HoldCause::FactsChanged),
        };
        Ok([reopened].into_iter().chain(assessed).collect())
    }

    fn found_before(&self, rule: &RuleResult) -> bool {
        self.checks.results().any(|known| known == rule)
    }

    pub(super) fn transfer(&self, by: ActorId, transferring: Transferring) -> Decision {
        let Transferring { requisition_id: to, legal_entity, line, facts } = transferring;
        if to == self.requisition_id {
            return Ok(vec![]);
        }
        if legal_entity != self.legal_entity {
            return Err(ApplicationError::OtherEntity);
        }
        takes_somebody(facts.requisition)?;
        let (rules, assessed) = assess(facts, self.again(HoldCause::FactsChanged));
        if let Some(rule) = rules.iter().find(|rule| rule.outcome != Outcome::Pass && !self.found_before(rule)) {
            return Err(ApplicationError::NotEligibleThere { rule: rule.rule.clone(), code: rule.code.clone() });
        }
        let from = self.requisition_id;
        Ok(vec![ApplicationEvent::Transferred { from, to, line, transferred_by: by }, assessed])
    }
}
