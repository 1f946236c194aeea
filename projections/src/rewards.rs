//! Referral rewards (リファラル手当): who is paid what, for which hire, when it falls due, how far it has come, and which
//! rules bear on it.
//! Folds `reward.*`, and `person.erased` to drop what is destroyed. Serves `GET /v1/rewards`, `GET /v1/rewards/{id}` and
//! `GET /v1/reward-payables`.

use aggregates::catalogue::HrEvent;
use aggregates::checks::{RuleResult, Settlement};
use aggregates::ids::{ActorId, DepartureId, PersonId, ReferralId, RewardId};
use aggregates::person::{PersonEvent, RecordClasses};
use aggregates::personal::RecordClass;
use aggregates::referral::{HiredVia, ReferrerClass, ReferrerRelation};
use aggregates::reward::{DeclineReason, LapseCause, PaymentChannel, Planned, RewardEvent};
use aggregates::reward_plan::PlanPin;
use aggregates::values::{Clause, FreeText, Money};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::parts::{Erasure, keep, position_key};
use crate::subject::person_of;

/// A tranche of a referral reward.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reward {
    /// The stream's id, by which payroll tells payments apart.
    pub id: RewardId,
    /// How far it has come.
    pub state: State,
    /// The stream's last sequence.
    pub version: i64,
    /// The last event that this document shows.
    pub position: i64,
    /// The referral that earned it.
    pub referral_id: ReferralId,
    /// Who is paid.
    pub payee: ActorId,
    /// The human being, where known.
    pub payee_person_id: Option<PersonId>,
    /// Their number on the day of the referral.
    pub payee_employee_number: Option<String>,
    /// The entity that pays.
    pub legal_entity: String,
    /// Whoever was hired.
    pub hired_person_id: PersonId,
    /// The hire.
    pub hire: Hire,
    /// Which tranche, from 1.
    pub tranche: u32,
    /// The plan that governed the day of the referral.
    pub plan: Option<PlanPin>,
    /// How much.
    pub amount: Option<Money>,
    /// The day on which the milestone is reached.
    pub milestone_on: Option<NaiveDate>,
    /// The day after.
    pub due_on: Option<NaiveDate>,
    /// Its month, `YYYY-MM`.
    pub period: Option<String>,
    /// Through what it is paid.
    pub channel: PaymentChannel,
    /// What the payee was, day by day.
    pub payee_was: PayeeWas,
    /// The rules that bear on it: of each the latest finding.
    pub checks: Vec<Check>,
    /// Why it is held.
    pub hold: Option<Hold>,
    /// Who verified it.
    pub verified_by: Option<ActorId>,
    /// When.
    pub verified_at: Option<DateTime<Utc>>,
    /// Who approved it.
    pub approvals: Vec<Approval>,
    /// The latest refusals of approvers, oldest first.
    pub refusals: Vec<Refusal>,
    /// The departure recorded late about which somebody has to decide, or has decided.
    pub correction_case: Option<CorrectionCase>,
    /// How it came that nothing is owed.
    pub ending: Option<Ending>,
    /// When it was planned.
    pub planned_at: DateTime<Utc>,
    /// Its first position, which lists are ordered by.
    pub planned_position: i64,
}

/// How far a reward has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
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
    /// It waits for somebody.
    Held,
    /// A condition of payment failed.
    Lapsed,
    /// A rule barred it.
    Ineligible,
    /// The payee gave it up, or lost it under the plan.
    Forfeited,
}

/// The hire that a reward is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hire {
    /// How it came about.
    pub via: HiredVia,
    /// Their number.
    pub employee_number: Option<String>,
    /// First day.
    pub started_on: Option<NaiveDate>,
}

/// What the payee was to the entity on the three days that count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayeeWas {
    /// On the day of the referral.
    pub at_referral: Relation,
    /// On the day of the hire.
    pub at_hire: Relation,
    /// On the day of the award.
    pub at_award: Option<Relation>,
}

/// What somebody was on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// What they were.
    pub class: ReferrerClass,
    /// On which day.
    pub on: NaiveDate,
}

/// A rule that bears on a reward, and the latest answer to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What it says.
    #[serde(flatten)]
    pub result: RuleResult,
    /// What was answered.
    pub settlement: Option<Settlement>,
}

/// Why a reward is held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    /// Which rule.
    pub rule: Option<String>,
    /// The finding.
    pub code: String,
    /// The law or clause behind it.
    pub basis: Option<Clause>,
    /// Who held it.
    pub held_by: ActorId,
    /// When.
    pub at: DateTime<Utc>,
    /// How far it had come.
    pub stage: State,
    /// In words, sealed.
    pub note: Option<FreeText>,
}

/// An approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub by: ActorId,
    /// In which role.
    pub role: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// An approver's refusal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// Who.
    pub by: ActorId,
    /// The coded reason.
    pub reason_code: DeclineReason,
    /// When.
    pub at: DateTime<Utc>,
    /// In words, sealed.
    pub note: Option<FreeText>,
}

/// That somebody had left, recorded late.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorrectionCase {
    /// The departure, where one is recorded.
    pub departure_id: Option<DepartureId>,
    /// The last day.
    pub left_on: Option<NaiveDate>,
    /// When it came up.
    pub opened_at: DateTime<Utc>,
    /// Who decided.
    pub decided_by: Option<ActorId>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// In words, sealed.
    pub note: Option<FreeText>,
}

/// How it came that nothing is owed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    /// When.
    pub at: DateTime<Utc>,
    /// The condition that failed.
    pub because: Option<LapseCause>,
    /// The departure that made it fail.
    pub departure_id: Option<DepartureId>,
    /// Its last day.
    pub left_on: Option<NaiveDate>,
    /// The rule that bars it.
    pub rule: Option<String>,
    /// The finding.
    pub code: Option<String>,
    /// The law or clause behind it.
    pub basis: Option<Clause>,
    /// Who recorded it.
    pub by: Option<ActorId>,
    /// In words, sealed.
    pub note: Option<FreeText>,
}

impl ReadModel for Reward {
    const NAME: &'static str = "rewards";
    const VERSION: u32 = 2;
    const FILTERS: &'static [&'static str] =
        &["state", "payee", "referral_id", "hired_person_id", "payee_person_id", "legal_entity", "period"];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::Reward(_) => vec![Route::One(event.stream_id)],
            HrEvent::Person(PersonEvent::Erased { .. }) => {
                let about = |person: PersonId| {
                    ["payee_person_id", "hired_person_id"].map(|filter| Route::Where(filter, person.to_string()))
                };
                person_of(event).map(about).into_iter().flatten().collect()
            }
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
            | HrEvent::RewardPlan(_)
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
            (None, HrEvent::Reward(RewardEvent::Planned(planned))) => Some(Self::planned(RewardId(id), planned, event)),
            (Some(document), HrEvent::Reward(what)) => Some(document.after(what, event)),
            (Some(document), HrEvent::Person(PersonEvent::Erased { classes, .. })) => {
                Some(document.erase(classes, event))
            }
            (document, _) => document,
        }
    }

    fn sort_key(&self) -> String {
        position_key(self.planned_position)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl Reward {
    fn planned(id: RewardId, planned: &Planned, event: &Recorded) -> Self {
        let planned = planned.clone();
        let due_on = planned.milestone_on.map(|milestone| milestone.succ_opt().unwrap_or(milestone));
        Self {
            id,
            state: State::Waiting,
            version: event.sequence,
            position: event.position,
            referral_id: planned.referral_id,
            payee: planned.payee,
            payee_person_id: planned.payee_person_id,
            payee_employee_number: planned.payee_employee_number,
            legal_entity: planned.legal_entity,
            hired_person_id: planned.hire.person_id,
            hire: Hire {
                via: planned.hire.via,
                employee_number: Some(planned.hire.employee_number),
                started_on: Some(planned.hire.started_on),
            },
            tranche: planned.tranche,
            plan: planned.plan,
            amount: planned.amount,
            milestone_on: planned.milestone_on,
            due_on,
            period: due_on.map(|due| due.format("%Y-%m").to_string()),
            channel: planned.channel,
            payee_was: PayeeWas {
                at_referral: Relation::of(&planned.at_referral),
                at_hire: Relation::of(&planned.at_hire),
                at_award: None,
            },
            checks: planned.gate.into_iter().map(Check::unanswered).collect(),
            hold: None,
            verified_by: None,
            verified_at: None,
            approvals: Vec::new(),
            refusals: Vec::new(),
            correction_case: None,
            ending: None,
            planned_at: event.recorded_at,
            planned_position: event.position,
        }
    }

    fn after(mut self, what: &RewardEvent, event: &Recorded) -> Self {
        use RewardEvent as E;
        let at = event.recorded_at;
        self.version = event.sequence;
        self.position = event.position;
        match what {
            E::Planned(_) => {}
            E::Held { .. } => self.hold(Hold::of(what, self.stage(), at)),
            E::HoldLifted { .. } => {
                self.state = self.stage();
                self.hold = None;
            }
            E::FellDue { .. } => self.reach(State::Due),
            E::Verified { at_referral, at_award, gate, verified_by } => {
                self.reach(State::Verified);
                if let Some(at_referral) = at_referral {
                    self.payee_was.at_referral = Relation::of(at_referral);
                }
                self.payee_was.at_award = Some(Relation::of(at_award));
                self.verified_by = Some(*verified_by);
                self.verified_at = Some(at);
                for result in gate {
                    self.check(result);
                }
            }
            E::Approved { approved_by, role, number } => {
                self.reach(if *number < aggregates::reward::APPROVERS {
                    State::AwaitingApproval
                } else {
                    State::Approved
                });
                keep(&mut self.approvals, Approval { by: *approved_by, role: role.clone(), at });
            }
            E::Declined { declined_by, reason_code, note } => {
                self.verified_by = None;
                self.verified_at = None;
                self.approvals.clear();
                self.hold(Hold::of(what, State::Waiting, at));
                let (by, reason_code, note) = (*declined_by, *reason_code, note.clone());
                keep(&mut self.refusals, Refusal { by, reason_code, at, note });
            }
            E::CorrectionCaseOpened { departure_id, left_on } => {
                self.correction_case = Some(CorrectionCase {
                    departure_id: *departure_id,
                    left_on: Some(*left_on),
                    opened_at: at,
                    decided_by: None,
                    decided_at: None,
                    note: None,
                });
            }
            E::CorrectionCaseClosed { decided_by, note } => {
                if let Some(case) = &mut self.correction_case {
                    case.decided_by = Some(*decided_by);
                    case.decided_at = Some(at);
                    case.note.clone_from(note);
                }
            }
            E::Settled { settlement } => {
                let settles = |check: &&mut Check| check.result.rule == settlement.rule();
                if let Some(check) = self.checks.iter_mut().find(settles) {
                    check.settlement = Some(settlement.clone());
                }
            }
            E::Lapsed { because, departure_id, left_on } => self.end(
                State::Lapsed,
                Ending { because: Some(*because), departure_id: *departure_id, left_on: *left_on, ..Ending::at(at) },
            ),
            E::RuledIneligible { rule, basis, code } => self.end(
                State::Ineligible,
                Ending {
                    rule: Some(rule.clone()),
                    basis: Some(basis.clone()),
                    code: Some(code.clone()),
                    ..Ending::at(at)
                },
            ),
            E::Forfeited { clause, forfeited_by, note } => self.end(
                State::Forfeited,
                Ending { basis: Some(clause.clone()), by: Some(*forfeited_by), note: note.clone(), ..Ending::at(at) },
            ),
        }
        self
    }

    /// How far it has come, whether or not it is held.
    pub fn stage(&self) -> State {
        self.hold.as_ref().map_or(self.state, |hold| hold.stage)
    }

    fn hold(&mut self, hold: Option<Hold>) {
        self.state = State::Held;
        self.hold = hold;
    }

    fn reach(&mut self, stage: State) {
        match &mut self.hold {
            Some(hold) => hold.stage = stage,
            None => self.state = stage,
        }
    }

    fn end(&mut self, state: State, ending: Ending) {
        self.state = state;
        self.hold = None;
        self.ending = Some(ending);
    }

    /// Of each rule the latest finding counts; its answer stays while the finding is the same.
    fn check(&mut self, result: &RuleResult) {
        match self.checks.iter_mut().find(|check| check.result.rule == result.rule) {
            Some(check) if check.result == *result => {}
            Some(check) => *check = Check::unanswered(result.clone()),
            None => {
                // In the order of the rules, whatever the day on which one was first asked.
                let at = self.checks.partition_point(|check| check.result.rule < result.rule);
                self.checks.insert(at, Check::unanswered(result.clone()));
            }
        }
    }

    /// Drops what is destroyed of the payee or of whoever was hired. That a wage was paid, and how much, stays for the audit.
    fn erase(mut self, classes: &RecordClasses, event: &Recorded) -> Self {
        use RecordClass::{PayDecision, Statutory};
        let erasure = Erasure::of(classes);
        let erased = person_of(event);
        self.position = event.position;
        if erased == Some(self.hired_person_id) {
            erasure.fact(Statutory, &mut self.hire.employee_number);
            erasure.fact(Statutory, &mut self.hire.started_on);
        }
        if erased != self.payee_person_id {
            return self;
        }
        erasure.fact(Statutory, &mut self.payee_employee_number);
        for check in &mut self.checks {
            if let Some(Settlement::Acknowledged { reason, .. }) = &mut check.settlement {
                erasure.seal(PayDecision, reason);
            }
        }
        for refusal in &mut self.refusals {
            erasure.seals(PayDecision, refusal.note.as_mut());
        }
        let hold = self.hold.as_mut().and_then(|hold| hold.note.as_mut());
        erasure.seals(PayDecision, hold);
        if let Some(case) = &mut self.correction_case {
            erasure.seals(PayDecision, case.note.as_mut());
            erasure.fact(Statutory, &mut case.left_on);
        }
        if let Some(ending) = &mut self.ending {
            erasure.seals(PayDecision, ending.note.as_mut());
            erasure.fact(Statutory, &mut ending.left_on);
        }
        self
    }
}

impl Relation {
    const fn of(relation: &ReferrerRelation) -> Self {
        Self { class: relation.class, on: relation.on }
    }
}

impl Hold {
    /// The hold that an event is, if it is one: what an approver declines is held as well.
    fn of(what: &RewardEvent, stage: State, at: DateTime<Utc>) -> Option<Self> {
        use RewardEvent as E;
        let (rule, code, basis, held_by, note) = match what {
            E::Held { rule, code, basis, held_by, note } => (rule.clone(), code.clone(), basis.clone(), held_by, note),
            E::Declined { declined_by, note, .. } => (None, "declined".to_owned(), None, declined_by, note),
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
            | E::Settled { .. } => return None,
        };
        Some(Self { rule, code, basis, held_by: *held_by, at, stage, note: note.clone() })
    }
}

impl Check {
    const fn unanswered(result: RuleResult) -> Self {
        Self { result, settlement: None }
    }
}

impl Ending {
    const fn at(at: DateTime<Utc>) -> Self {
        Self {
            at,
            because: None,
            departure_id: None,
            left_on: None,
            rule: None,
            code: None,
            basis: None,
            by: None,
            note: None,
        }
    }
}
