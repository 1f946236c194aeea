//! A tranche of a referral reward (リファラル手当): planned on a hire, waiting for its milestone, verified and approved for payroll.
//! Stream `reward/{reward_id}`, `reward_id = v5(referral_id, "tranche/{n}")`: the log's key forbids a second plan (REF-20).

mod facts;
mod standing;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use facts::{DeclineReason, HireFact, LapseCause, PaymentChannel, Planned};
pub use standing::{Ending, Hold, Stage, Standing};

use crate::checks::{RuleResult, Settlement, SettlementError};
use crate::ids::{ActorId, DepartureId, PersonId, ReferralId, RewardId};
use crate::issued::{ActorKind, Due, Issued};
use crate::referral::ReferrerRelation;
use crate::stream::{Stream, Wakes, event_sourced};
use crate::values::{Clause, FreeText};

/// How many people approve a reward (REF-20).
pub const APPROVERS: u32 = 2;
/// The code of a hold by hand.
pub const BY_HAND: &str = "manual";
/// The code of a hold because nobody laid down what is paid (REF-02).
pub const NO_PLAN: &str = "no_plan";
/// The code of a hold because somebody had left before the milestone, which was recorded after it (REF-15, REF-17).
pub const RECORDED_LATE: &str = "departure_recorded_late";

/// Facts about rewards, kept forever. Add a variant or an optional field; never edit or remove one.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumMessage,
    strum::VariantNames,
    strum::EnumDiscriminants,
)]
#[serde(tag = "type", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[strum_discriminants(
    name(RewardEventType),
    doc = "The types of [`RewardEvent`].",
    derive(strum::EnumIter, strum::EnumMessage, strum::IntoStaticStr),
    strum(serialize_all = "snake_case")
)]
pub enum RewardEvent {
    /// A tranche of a referral reward was planned.
    Planned(Box<Planned>),
    /// A rule or somebody holds it.
    Held {
        /// Which rule.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
        /// The finding, or `manual`.
        code: String,
        /// The law or clause behind it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        basis: Option<Clause>,
        /// Who; this program for a rule.
        held_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// It is not held any more.
    HoldLifted {
        /// Who.
        lifted_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// A rule bars it for good.
    RuledIneligible {
        /// Which rule.
        rule: String,
        /// The law or clause behind it.
        basis: Clause,
        /// The finding.
        code: String,
    },
    /// The milestone is reached and the hire is still employed.
    FellDue {
        /// The local day after the milestone.
        on: NaiveDate,
    },
    /// A condition of payment failed; nothing is owed.
    Lapsed {
        /// Why.
        because: LapseCause,
        /// The departure that made it fail.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        departure_id: Option<DepartureId>,
        /// Its last day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left_on: Option<NaiveDate>,
    },
    /// The conditions were verified on the day of the award.
    Verified {
        /// What the payee was on the day of the referral, as the periods of employment say on that day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_referral: Option<Box<ReferrerRelation>>,
        /// What the payee is on that day.
        at_award: Box<ReferrerRelation>,
        /// The rules, evaluated on that day.
        gate: Vec<RuleResult>,
        /// Who.
        verified_by: ActorId,
    },
    /// An approver approved the payment; it takes two.
    Approved {
        /// Who.
        approved_by: ActorId,
        /// In which role.
        role: String,
        /// The first or the second.
        number: u32,
    },
    /// An approver declined the payment.
    Declined {
        /// Who.
        declined_by: ActorId,
        /// The coded reason.
        reason_code: DeclineReason,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// The payee gave it up, or lost it under the plan.
    Forfeited {
        /// What says so.
        clause: Clause,
        /// Who recorded it.
        forfeited_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// That somebody had left was recorded late, after the reward had gone on to payroll: two people decide, nothing is taken back by itself (REF-16).
    CorrectionCaseOpened {
        /// The departure; none where the HR system told no more than that the employment has ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        departure_id: Option<DepartureId>,
        /// The last day.
        left_on: NaiveDate,
    },
    /// The case about a late departure was decided.
    CorrectionCaseClosed {
        /// Who.
        decided_by: ActorId,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<FreeText>,
    },
    /// Somebody answered a HOLD, acknowledged a WARN, or recorded a legal opinion about a rule of this case.
    Settled {
        /// The answer.
        settlement: Settlement,
    },
}

/// What can be asked of a reward.
#[derive(Clone, Debug)]
pub enum RewardCommand {
    /// Plan a tranche on a hire.
    Plan(Box<Planned>),
    /// Let it lapse, since a condition of payment failed. What payroll may know of is held instead.
    Lapse {
        /// Why.
        because: LapseCause,
        /// The departure that made it fail.
        departure_id: Option<DepartureId>,
        /// Its last day.
        left_on: Option<NaiveDate>,
    },
    /// Verify the conditions on the day of the award. Needs a natural person, as all that follows but for answers to rules.
    Verify {
        /// What the payee was on the day of the referral, as the periods of employment say now.
        at_referral: Box<ReferrerRelation>,
        /// What the payee is on that day.
        at_award: Box<ReferrerRelation>,
        /// The rules, evaluated on that day.
        gate: Vec<RuleResult>,
    },
    /// Approve the payment; it takes two people.
    Approve {
        /// The role in which the approver acts.
        role: String,
        /// Who wrote the plan.
        plan_editors: BTreeSet<ActorId>,
        /// Who selected whoever was hired: recruiter, hiring manager and owner of the case.
        recruiters: BTreeSet<ActorId>,
    },
    /// Decline the payment.
    Decline {
        /// The coded reason.
        reason_code: DeclineReason,
        /// In words. Class `pay_decision`.
        note: Option<FreeText>,
    },
    /// Hold it.
    Hold {
        /// In words. Class `pay_decision`.
        note: Option<FreeText>,
    },
    /// Let it go on.
    LiftHold {
        /// In words. Class `pay_decision`.
        note: Option<FreeText>,
    },
    /// Record that the payee gave it up, or lost it under the plan.
    Forfeit {
        /// What says so.
        clause: Clause,
        /// In words. Class `pay_decision`.
        note: Option<FreeText>,
    },
    /// Record an answer to a rule that does not pass by itself.
    Settle(Settlement),
    /// Decide the case about a departure that was recorded late. Never whoever approved the payment.
    CloseCorrectionCase {
        /// In words. Class `pay_decision`.
        note: Option<FreeText>,
    },
    /// Look at the clock.
    Wake,
}

impl Wakes for RewardCommand {
    fn wake() -> Self {
        Self::Wake
    }
}

/// State: only what `decide` reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Reward {
    /// Nothing was planned under this id.
    #[default]
    Unplanned,
    /// On its way to be paid.
    Going(Box<Standing>),
    /// Held on its way.
    Held(Box<Standing>, Hold),
    /// Nothing is owed.
    Ended(Box<Standing>, Ending),
}

/// Why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum RewardError {
    /// There is no such reward.
    #[error("no reward is planned under this id")]
    Unplanned,
    /// The tranche exists (REF-20).
    #[error("this tranche of the reward is already planned otherwise")]
    AlreadyPlanned,
    /// A program decides about no wage (AUD-12).
    #[error("only a natural person may verify, approve, decline, hold or forfeit a reward")]
    NaturalPersonRequired,
    /// Its milestone lies ahead.
    #[error("the reward is not due")]
    NotDue,
    /// Somebody verified it.
    #[error("the reward is already verified")]
    AlreadyVerified,
    /// Verification comes first.
    #[error("the reward is not verified")]
    NotVerified,
    /// Two people approved it.
    #[error("the reward is already approved")]
    AlreadyApproved,
    /// Nobody decides about their own pay (REF-14).
    #[error("whoever is paid may not decide about the reward")]
    PayeeMayNotDecide,
    /// Whoever sets the amounts does not release them.
    #[error("whoever wrote the plan may not approve a reward under it")]
    PlanEditorMayNotApprove,
    /// Whoever selected the hire does not release the reward for it (REF-14).
    #[error("whoever selected the hire may not approve the reward")]
    RecruiterMayNotApprove,
    /// It takes two people (REF-20).
    #[error("a second person has to decide")]
    SecondPersonRequired,
    /// Rules stand in the way.
    #[error("rules are open: {}", .rules.join(", "))]
    ChecksOpen {
        /// Which.
        rules: Vec<String>,
    },
    /// It waits for somebody.
    #[error("the reward is held: {code}")]
    OnHold {
        /// The finding.
        code: String,
    },
    /// It goes on anyway.
    #[error("the reward is not held")]
    NotHeld,
    /// Nobody laid down what is paid, or when.
    #[error("no plan lays down what is paid, or when (REF-02)")]
    NoPlan,
    /// A late departure is to be decided first.
    #[error("the case about a departure recorded late is not decided")]
    CorrectionCaseOpen,
    /// No departure was recorded late.
    #[error("no case about a departure recorded late is open")]
    NoCorrectionCase,
    /// A wage is not taken without saying why.
    #[error("a forfeiture needs the clause that says so")]
    ClauseRequired,
    /// That is no answer to the rule.
    #[error(transparent)]
    Settlement(#[from] SettlementError),
    /// Nothing is owed any more.
    #[error("the reward has ended: {ending}")]
    Ended {
        /// How.
        ending: Ending,
    },
}

impl Reward {
    fn after(self, event: RewardEvent) -> Self {
        use RewardEvent as E;
        match (self, event) {
            (Self::Unplanned, E::Planned(planned)) => Self::Going(Box::new(Standing::planned(planned))),
            (Self::Going(standing) | Self::Held(standing, _), event) if let Some(ending) = Ending::of(&event) => {
                Self::Ended(standing, ending)
            }
            (Self::Going(standing) | Self::Held(standing, _), event) if let Some(hold) = Hold::of(&event) => {
                Self::Held(Box::new(standing.after(event)), hold)
            }
            (Self::Going(standing) | Self::Held(standing, _), event @ E::HoldLifted { .. }) => {
                Self::Going(Box::new(standing.after(event)))
            }
            (Self::Going(standing), event) => Self::Going(Box::new(standing.after(event))),
            (Self::Held(standing, hold), event) => Self::Held(Box::new(standing.after(event)), hold),
            // History cannot be refused: what does not fit changes nothing.
            (state @ (Self::Unplanned | Self::Ended(..)), _) => state,
        }
    }

    /// What stands, also once it has ended.
    pub fn standing(&self) -> Option<&Standing> {
        match self {
            Self::Unplanned => None,
            Self::Going(standing) | Self::Held(standing, _) | Self::Ended(standing, _) => Some(standing),
        }
    }
}

impl Stream for Reward {
    type Order = RewardCommand;

    fn decide(&self, issued: Issued<RewardCommand>) -> Result<Vec<RewardEvent>, RewardError> {
        use RewardCommand as C;
        let Issued { by, on, command, .. } = issued;
        match (self, command) {
            (Self::Unplanned | Self::Held(..) | Self::Ended(..), C::Wake) => Ok(vec![]),
            (Self::Going(standing), C::Wake) => Ok(standing.fall_due(on)),
            (
                _,
                C::Verify { .. }
                | C::Approve { .. }
                | C::Decline { .. }
                | C::Hold { .. }
                | C::LiftHold { .. }
                | C::Forfeit { .. }
                | C::CloseCorrectionCase { .. },
            ) if by.kind != ActorKind::Person => Err(RewardError::NaturalPersonRequired),
            (Self::Unplanned, C::Plan(planned)) => Ok(plan(planned, by.id)),
            (
                Self::Unplanned,
                C::Lapse { .. }
                | C::Verify { .. }
                | C::Approve { .. }
                | C::Decline { .. }
                | C::Hold { .. }
                | C::LiftHold { .. }
                | C::Forfeit { .. }
                | C::Settle(_)
                | C::CloseCorrectionCase { .. },
            ) => Err(RewardError::Unplanned),
            (Self::Going(standing) | Self::Held(standing, _) | Self::Ended(standing, _), C::Plan(planned)) => {
                if standing.planned == planned {
                    Ok(vec![])
                } else {
                    Err(RewardError::AlreadyPlanned)
                }
            }
            // What a lapse says, that nothing is owed, stands already.
            (Self::Ended(..), C::Lapse { .. }) => Ok(vec![]),
            (
                Self::Ended(_, ending),
                C::Verify { .. }
                | C::Approve { .. }
                | C::Decline { .. }
                | C::Hold { .. }
                | C::LiftHold { .. }
                | C::Forfeit { .. }
                | C::Settle(_)
                | C::CloseCorrectionCase { .. },
            ) => Err(RewardError::Ended { ending: *ending }),
            (Self::Going(standing), C::Lapse { because, departure_id, left_on }) => {
                standing.lapse(None, by.id, because, departure_id, left_on)
            }
            (Self::Held(standing, hold), C::Lapse { because, departure_id, left_on }) => {
                standing.lapse(Some(hold), by.id, because, departure_id, left_on)
            }
            (Self::Going(standing), C::Verify { at_referral, at_award, gate }) => {
                standing.verify(by.id, on, (at_referral, at_award), gate)
            }
            (Self::Going(standing), C::Approve { role, plan_editors, recruiters }) => {
                standing.approve(by.id, on, role, &plan_editors, &recruiters)
            }
            (Self::Going(standing), C::Decline { reason_code, note }) => standing.decline(by.id, reason_code, note),
            (Self::Held(_, hold), C::Verify { .. } | C::Approve { .. } | C::Decline { .. }) => {
                Err(RewardError::OnHold { code: hold.code.clone() })
            }
            (Self::Going(_), C::Hold { note }) => Ok(vec![held_by_hand(by.id, note)]),
            (Self::Held(_, hold), C::Hold { note: None }) if hold.code == BY_HAND => Ok(vec![]),
            // Whoever holds what is held already for another reason would not be heard.
            (Self::Held(_, hold), C::Hold { .. }) => Err(RewardError::OnHold { code: hold.code.clone() }),
            (Self::Going(_), C::LiftHold { .. }) => Err(RewardError::NotHeld),
            (Self::Held(standing, _), C::LiftHold { note }) => standing.lift(by.id, on, note),
            (Self::Going(standing) | Self::Held(standing, _), C::Forfeit { clause, note }) => {
                standing.forfeit(by.id, clause, note)
            }
            (Self::Going(standing) | Self::Held(standing, _), C::Settle(settlement)) => {
                standing.settle(by.id, settlement)
            }
            (Self::Going(standing) | Self::Held(standing, _), C::CloseCorrectionCase { note }) => {
                standing.close_correction_case(by.id, note)
            }
        }
    }

    fn state(&self) -> &'static str {
        match self {
            Self::Unplanned => "unplanned",
            Self::Going(standing) => standing.stage.into(),
            Self::Held(..) => "held",
            Self::Ended(_, ending) => ending.into(),
        }
    }

    /// Whoever is paid, where that is known.
    fn subject(&self) -> Option<PersonId> {
        self.standing().and_then(|standing| standing.planned.payee_person_id)
    }

    fn wake(&self) -> Option<Due> {
        match self {
            Self::Going(standing) if standing.stage == Stage::Waiting => standing.due_on().map(Due::On),
            Self::Unplanned | Self::Going(_) | Self::Held(..) | Self::Ended(..) => None,
        }
    }
}

event_sourced!(Reward, RewardEvent, RewardCommand, RewardError, "reward");

/// The id of a tranche: the same for every attempt to plan it, so that the log's key forbids a second plan (REF-20).
pub fn tranche_id(referral_id: ReferralId, tranche: u32) -> RewardId {
    RewardId(Uuid::new_v5(&referral_id.0, format!("tranche/{tranche}").as_bytes()))
}

/// The rules of the days of referral and hire speak first: a bar for good before a missing plan, and that before what waits
/// for an answer.
fn plan(planned: Box<Planned>, by: ActorId) -> Vec<RewardEvent> {
    let finding = standing::barring(&planned.gate)
        .or_else(|| planned.plan.is_none().then(|| held_by_rule("REF-02", NO_PLAN, "職安法40条", by)))
        .or_else(|| standing::holding(&planned.gate.iter().collect::<Vec<_>>(), by));
    std::iter::once(RewardEvent::Planned(planned)).chain(finding).collect()
}

fn held_by_rule(rule: &str, code: &str, basis: &str, held_by: ActorId) -> RewardEvent {
    let (rule, basis) = (Some(rule.to_owned()), Some(basis.to_owned()));
    RewardEvent::Held { rule, code: code.to_owned(), basis, held_by, note: None }
}

fn held_by_hand(held_by: ActorId, note: Option<FreeText>) -> RewardEvent {
    RewardEvent::Held { rule: None, code: BY_HAND.to_owned(), basis: None, held_by, note }
}
