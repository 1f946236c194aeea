//! What stands of a reward: how far it has come, and the rules that bear on it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::facts::{DeclineReason, LapseCause, Planned};
use super::{APPROVERS, RECORDED_LATE, RewardError, RewardEvent, held_by_rule};
use crate::checks::{Checks, Outcome, RuleResult, Settlement};
use crate::ids::{ActorId, DepartureId};
use crate::referral::ReferrerRelation;
use crate::reward_plan::PresenceAtPayment;
use crate::values::{Clause, FreeText};

/// What stands of a reward.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// What was planned.
    pub planned: Box<Planned>,
    /// How far it has come.
    pub stage: Stage,
    /// Who approved it, so far.
    pub approvers: BTreeSet<ActorId>,
    /// The rules that bear on it, and the answers to them.
    pub checks: Checks,
    /// The last day that was recorded late, about which somebody has to decide.
    pub correction_case: Option<NaiveDate>,
    /// Who decided about it, while it is held on that account still: somebody else lets it go on, or ends it (REF-16).
    pub correction_decided_by: Option<ActorId>,
}

/// How far a reward has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Stage {
    /// Its milestone lies ahead.
    Waiting,
    /// Its milestone is reached.
    Due,
    /// Its conditions were verified.
    Verified,
    /// One of two people approved it.
    AwaitingApproval,
    /// Two people approved it.
    Approved,
}

/// Why a reward is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Which rule holds it.
    pub rule: Option<String>,
    /// The finding.
    pub code: String,
}

/// How it came that nothing is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Ending {
    /// A rule barred it.
    Ineligible,
    /// A condition of payment failed.
    Lapsed,
    /// The payee gave it up, or lost it under the plan.
    Forfeited,
}

impl Ending {
    /// The ending that an event is, if it is one.
    pub(super) const fn of(event: &RewardEvent) -> Option<Self> {
        use RewardEvent as E;
        match event {
            E::RuledIneligible { .. } => Some(Self::Ineligible),
            E::Lapsed { .. } => Some(Self::Lapsed),
            E::Forfeited { .. } => Some(Self::Forfeited),
            E::Planned(_)
            | E::Held { .. }
            | E::HoldLifted { .. }
            | E::FellDue { .. }
            | E::Verified { .. }
            | E::Approved { .. }
            | E::Declined { .. }
            | E::CorrectionCaseOpened { .. }
            | E::CorrectionCaseClosed { .. }
            | E::Settled { .. } => None,
        }
    }
}

impl Hold {
    /// The hold that an event is, if it is one: what an approver declines is held as well.
    pub(super) fn of(event: &RewardEvent) -> Option<Self> {
        use RewardEvent as E;
        match event {
            E::Held { rule, code, .. } => Some(Self { rule: rule.clone(), code: code.clone() }),
            E::Declined { .. } => Some(Self { rule: None, code: "declined".to_owned() }),
            E::Planned(_)
            | E::HoldLifted { .. }
            | E::RuledIneligible { .. }
            | E::FellDue { .. }
            | E::Lapsed { .. }
            | E::Verified { .. }
            | E::Approved { .. }
            | E::Forfeited { .. }
            | E::CorrectionCaseOpened { .. }
            | E::CorrectionCaseClosed { .. }
            | E::Settled { .. } => None,
        }
    }
}

impl Standing {
    pub(super) fn planned(planned: Box<Planned>) -> Self {
        let mut checks = Checks::default();
        checks.evaluated(&planned.gate);
        Self {
            planned,
            stage: Stage::Waiting,
            approvers: BTreeSet::new(),
            checks,
            correction_case: None,
            correction_decided_by: None,
        }
    }

    pub(super) fn after(mut self, event: RewardEvent) -> Self {
        use RewardEvent as E;
        match event {
            E::FellDue { .. } => self.stage = Stage::Due,
            E::Verified { gate, .. } => {
                self.stage = Stage::Verified;
                self.checks.evaluated(&gate);
            }
            E::Approved { approved_by, number, .. } => {
                self.stage = if number < APPROVERS { Stage::AwaitingApproval } else { Stage::Approved };
                self.approvers.insert(approved_by);
            }
            // What was declined is verified and approved anew, should somebody let it go on.
            E::Declined { .. } => {
                self.stage = Stage::Waiting;
                self.approvers.clear();
            }
            E::CorrectionCaseOpened { left_on, .. } => {
                self.correction_case = Some(left_on);
                self.correction_decided_by = None;
            }
            E::CorrectionCaseClosed { decided_by, .. } => {
                self.correction_case = None;
                self.correction_decided_by = Some(decided_by);
            }
            E::HoldLifted { .. } => self.correction_decided_by = None,
            E::Settled { settlement } => self.checks.settled(&settlement),
            // What holds or ends it is no part of what stands; and history cannot be refused.
            E::Planned(_) | E::Held { .. } | E::RuledIneligible { .. } | E::Lapsed { .. } | E::Forfeited { .. } => {}
        }
        self
    }

    /// The day on which it falls due: the one after the milestone.
    pub fn due_on(&self) -> Option<NaiveDate> {
        self.planned.milestone_on.map(|milestone| milestone.succ_opt().unwrap_or(milestone))
    }

    pub(super) fn fall_due(&self, on: NaiveDate) -> Vec<RewardEvent> {
        let due = self.due_on().filter(|due| self.stage == Stage::Waiting && *due <= on);
        due.map(|on| RewardEvent::FellDue { on }).into_iter().collect()
    }

    /// Whoever had left before the milestone earned nothing. What waits lapses; what is further on is held, and a case opens
    /// about what payroll may have paid: nothing is taken back by itself (REF-16).
    pub(super) fn lapse(
        &self,
        present: Option<&Hold>,
        by: ActorId,
        because: LapseCause,
        departure_id: Option<DepartureId>,
        left_on: Option<NaiveDate>,
    ) -> Result<Vec<RewardEvent>, RewardError> {
        let (rule, code, basis) = match because {
            LapseCause::HireLeft => ("REF-15", RECORDED_LATE, "労基法16条"),
            LapseCause::PayeeLeft => ("REF-17", RECORDED_LATE, "支給日在籍要件"),
            LapseCause::HireUndone => ("REF-15", "hire_undone", "労基法16条"),
        };
        if !self.fails(because, left_on)? {
            return Ok(vec![]);
        }
        match self.stage {
            Stage::Waiting => Ok(vec![RewardEvent::Lapsed { because, departure_id, left_on }]),
            Stage::Due | Stage::Verified | Stage::AwaitingApproval | Stage::Approved => {
                let known = present.is_some_and(|hold| hold.rule.as_deref() == Some(rule) && hold.code == code);
                let opens = self.stage == Stage::Approved && self.correction_case.is_none() && !known;
                let case = left_on
                    .filter(|_| opens)
                    .map(|left_on| RewardEvent::CorrectionCaseOpened { departure_id, left_on });
                let held = (!known).then(|| held_by_rule(rule, code, basis, by));
                Ok(case.into_iter().chain(held).collect())
            }
        }
    }

    /// Whether the condition fails with the departure. Without a plan nobody can tell.
    fn fails(&self, because: LapseCause, left_on: Option<NaiveDate>) -> Result<bool, RewardError> {
        let presence = self.planned.plan.as_ref().map(|plan| plan.terms.presence_at_payment);
        let before_milestone = || {
            let milestone_on = self.planned.milestone_on.ok_or(RewardError::NoPlan)?;
            Ok(left_on.is_none_or(|left_on| milestone_on > left_on))
        };
        match (because, presence) {
            (LapseCause::HireUndone, _) => Ok(true),
            (LapseCause::PayeeLeft, Some(PresenceAtPayment::NotRequired)) => Ok(false),
            (LapseCause::PayeeLeft, Some(PresenceAtPayment::Required) | None) | (LapseCause::HireLeft, _) => {
                before_milestone()
            }
        }
    }

    pub(super) fn verify(
        &self,
        verified_by: ActorId,
        on: NaiveDate,
        (at_referral, at_award): (Box<ReferrerRelation>, Box<ReferrerRelation>),
        gate: Vec<RuleResult>,
    ) -> Result<Vec<RewardEvent>, RewardError> {
        self.may_decide(verified_by)?;
        match self.stage {
            Stage::Waiting => Err(RewardError::NotDue),
            Stage::Verified | Stage::AwaitingApproval => Err(RewardError::AlreadyVerified),
            Stage::Approved => Err(RewardError::AlreadyApproved),
            Stage::Due => {
                let mut checks = self.checks.clone();
                checks.evaluated(&gate);
                let finding = barring(&gate).or_else(|| holding(&checks.open(on), verified_by));
                let verified = RewardEvent::Verified { at_referral: Some(at_referral), at_award, gate, verified_by };
                Ok(std::iter::once(verified).chain(finding).collect())
            }
        }
    }

    pub(super) fn approve(
        &self,
        approved_by: ActorId,
        on: NaiveDate,
        role: String,
        plan_editors: &BTreeSet<ActorId>,
        recruiters: &BTreeSet<ActorId>,
    ) -> Result<Vec<RewardEvent>, RewardError> {
        let number = match self.stage {
            Stage::Waiting => return Err(RewardError::NotDue),
            Stage::Due => return Err(RewardError::NotVerified),
            Stage::Approved if self.approvers.contains(&approved_by) => return Ok(vec![]),
            Stage::Approved => return Err(RewardError::AlreadyApproved),
            Stage::Verified => 1,
            Stage::AwaitingApproval => 2,
        };
        self.may_decide(approved_by)?;
        if plan_editors.contains(&approved_by) {
            return Err(RewardError::PlanEditorMayNotApprove);
        }
        if recruiters.contains(&approved_by) {
            return Err(RewardError::RecruiterMayNotApprove);
        }
        if self.approvers.contains(&approved_by) {
            return Err(RewardError::SecondPersonRequired);
        }
        nothing_open(&self.checks.open(on))?;
        Ok(vec![RewardEvent::Approved { approved_by, role, number }])
    }

    pub(super) fn decline(
        &self,
        declined_by: ActorId,
        reason_code: DeclineReason,
        note: Option<FreeText>,
    ) -> Result<Vec<RewardEvent>, RewardError> {
        self.may_decide(declined_by)?;
        match self.stage {
            Stage::Waiting => Err(RewardError::NotDue),
            Stage::Due => Err(RewardError::NotVerified),
            Stage::Approved => Err(RewardError::AlreadyApproved),
            Stage::Verified | Stage::AwaitingApproval => {
                Ok(vec![RewardEvent::Declined { declined_by, reason_code, note }])
            }
        }
    }

    /// What a rule holds goes on once the rule is answered; and where its day has come meanwhile, it falls due at once.
    pub(super) fn lift(
        &self,
        lifted_by: ActorId,
        on: NaiveDate,
        note: Option<FreeText>,
    ) -> Result<Vec<RewardEvent>, RewardError> {
        self.may_decide(lifted_by)?;
        if self.planned.plan.is_none() {
            return Err(RewardError::NoPlan);
        }
        self.correction_takes_two(lifted_by)?;
        let open = self.checks.open(on);
        nothing_open(&open.into_iter().filter(|result| result.outcome != Outcome::Warn).collect::<Vec<_>>())?;
        let lifted = RewardEvent::HoldLifted { lifted_by, note };
        Ok(std::iter::once(lifted).chain(self.fall_due(on)).collect())
    }

    pub(super) fn forfeit(
        &self,
        forfeited_by: ActorId,
        clause: Clause,
        note: Option<FreeText>,
    ) -> Result<Vec<RewardEvent>, RewardError> {
        self.may_decide(forfeited_by)?;
        if clause.trim().is_empty() {
            return Err(RewardError::ClauseRequired);
        }
        self.correction_takes_two(forfeited_by)?;
        Ok(vec![RewardEvent::Forfeited { clause, forfeited_by, note }])
    }

    /// An answer to a rule decides whether it is paid (REF-14).
    pub(super) fn settle(&self, by: ActorId, settlement: Settlement) -> Result<Vec<RewardEvent>, RewardError> {
        self.may_decide(by)?;
        let news = self.checks.admits(&settlement)?;
        Ok(if news { vec![RewardEvent::Settled { settlement }] } else { vec![] })
    }

    pub(super) fn close_correction_case(
        &self,
        decided_by: ActorId,
        note: Option<FreeText>,
    ) -> Result<Vec<RewardEvent>, RewardError> {
        self.may_decide(decided_by)?;
        if self.correction_case.is_none() {
            return Err(RewardError::NoCorrectionCase);
        }
        if self.approvers.contains(&decided_by) {
            return Err(RewardError::SecondPersonRequired);
        }
        Ok(vec![RewardEvent::CorrectionCaseClosed { decided_by, note }])
    }

    /// What payroll may know of is corrected by two people: one decides the case, another acts on it (REF-16).
    fn correction_takes_two(&self, by: ActorId) -> Result<(), RewardError> {
        if self.correction_case.is_some() {
            return Err(RewardError::CorrectionCaseOpen);
        }
        if self.correction_decided_by == Some(by) {
            return Err(RewardError::SecondPersonRequired);
        }
        Ok(())
    }

    fn may_decide(&self, by: ActorId) -> Result<(), RewardError> {
        if by == self.planned.payee { Err(RewardError::PayeeMayNotDecide) } else { Ok(()) }
    }
}

fn nothing_open(open: &[&RuleResult]) -> Result<(), RewardError> {
    if open.is_empty() {
        return Ok(());
    }
    Err(RewardError::ChecksOpen { rules: open.iter().map(|result| result.rule.clone()).collect() })
}

/// The first rule that nothing lifts.
pub(super) fn barring(gate: &[RuleResult]) -> Option<RewardEvent> {
    let bars = |result: &&RuleResult| result.outcome == Outcome::Block;
    gate.iter().find(bars).map(|result| RewardEvent::RuledIneligible {
        rule: result.rule.clone(),
        basis: result.basis.clone().unwrap_or_else(|| result.rule.clone()),
        code: result.code.clone(),
    })
}

/// The first rule that waits for an answer or an opinion.
pub(super) fn holding(open: &[&RuleResult], held_by: ActorId) -> Option<RewardEvent> {
    let holds = |result: &&&RuleResult| matches!(result.outcome, Outcome::Hold | Outcome::Legal);
    open.iter().find(holds).map(|result| RewardEvent::Held {
        rule: Some(result.rule.clone()),
        code: result.code.clone(),
        basis: result.basis.clone(),
        held_by,
        note: None,
    })
}
