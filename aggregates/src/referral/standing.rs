//! What stands about a referral, and what each phase answers to each command.

use chrono::{Days, Months, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::gate::{self, ReferralFacts};
use super::{
    CandidateHistory, Duplicate, DuplicateCause, HiredVia, OWNERSHIP_MONTHS, OutcomeReason, OwnershipDecision,
    Reassigning, ReferralCommand, ReferralError, ReferralEvent, ReferrerRelation, Submitted, unbarred, unpaid,
};
use crate::checks::{CheckAnswer, Checks, Outcome, RuleResult, Settlement};
use crate::ids::{ActorId, ApplicationId, PersonId, ReferralId, RequisitionId};
use crate::issued::{Actor, ActorKind};
use crate::keys::natural_key;
use crate::reward_plan::PlanPin;
use crate::stream::{Claim, ClaimChange};
use crate::values::FreeText;

type Decision = Result<Vec<ReferralEvent>, ReferralError>;

/// What stands about a referral.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Who has the credit.
    pub referrer: ActorId,
    /// What they were to the entity that hires, on the day of the referral.
    pub relation: ReferrerRelation,
    /// The candidate, provisionally.
    pub candidate_person_id: PersonId,
    /// The position.
    pub requisition_id: Option<RequisitionId>,
    /// The entity that hires.
    pub legal_entity: String,
    /// The job family.
    pub job_family: Option<String>,
    /// The plan that governs it.
    pub plan: Option<PlanPin>,
    /// The rules about who may refer for money, and what was answered to them.
    pub checks: Checks,
    /// The last day on which the candidate can agree.
    pub answer_by: NaiveDate,
    /// When the candidate agreed.
    pub accepted_on: Option<NaiveDate>,
    /// Whether they say that they worked here.
    pub history: Option<CandidateHistory>,
    /// The time in which it owns the candidate.
    pub ownership: Option<Ownership>,
    /// The earlier record that may stand before it, until somebody has decided; whatever comes of it meanwhile.
    pub doubt: Option<Doubt>,
    /// Who decided that no earlier record stands before it.
    pub dismissed_by: Option<ActorId>,
    /// The application that is credited to it.
    pub application_id: Option<ApplicationId>,
    /// How far it has come.
    pub phase: Phase,
}

/// An earlier record that may stand before a referral (REF-13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// The keyed token of the candidate.
    pub key: String,
    /// Which record.
    pub because: DuplicateCause,
    /// The other referral.
    pub earlier: Option<ReferralId>,
}

/// The time in which a referral owns its candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ownership {
    /// The keyed token of the candidate.
    pub key: String,
    /// The first local day on which it does not own them.
    pub until: NaiveDate,
}

/// How far a referral has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// The candidate has not agreed.
    AwaitingCandidate,
    /// It owns the candidate.
    Owned,
    /// An earlier record may stand before it: [`Standing::doubt`].
    HeldAsDuplicate,
    /// An application is credited to it.
    InProcess,
    /// The candidate was hired.
    Hired(Hire),
    /// The candidate was not hired, and may be while the referral owns them.
    NotHired {
        /// The coded reason.
        reason_code: OutcomeReason,
    },
    /// Nothing can come of it any more.
    Ended(Ending),
}

/// A hire that a referral led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hire {
    /// How it came about.
    pub via: HiredVia,
    /// The human being.
    pub person_id: PersonId,
    /// Their number.
    pub employee_number: String,
    /// The entity.
    pub legal_entity: String,
    /// First day.
    pub started_on: NaiveDate,
}

/// How a referral ended without a hire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Ending {
    /// The candidate did not wish it.
    Declined,
    /// The referrer took it back.
    Withdrawn,
    /// The candidate did not answer, or nothing came of it in time.
    Expired,
    /// An earlier record stands.
    RefusedDuplicate,
    /// A rule bars it.
    Blocked,
}

impl Phase {
    /// The state's name as the API shows it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::AwaitingCandidate => "awaiting_candidate",
            Self::Owned => "owned",
            Self::HeldAsDuplicate => "held_as_duplicate",
            Self::InProcess => "in_process",
            Self::Hired(_) => "hired",
            Self::NotHired { .. } => "not_hired",
            Self::Ended(ending) => ending.into(),
        }
    }
}

impl Standing {
    pub(super) fn submitted(submitted: Submitted) -> Self {
        let mut checks = Checks::default();
        checks.evaluated(&submitted.gate);
        Self {
            referrer: submitted.referrer,
            relation: submitted.relation,
            candidate_person_id: submitted.candidate_person_id,
            requisition_id: submitted.requisition_id,
            legal_entity: submitted.legal_entity,
            job_family: submitted.job_family,
            plan: submitted.plan,
            checks,
            answer_by: submitted.answer_by,
            accepted_on: None,
            history: None,
            ownership: None,
            doubt: None,
            dismissed_by: None,
            application_id: None,
            phase: Phase::AwaitingCandidate,
        }
    }

    /// The rules as a reward carries them on from a day: what was answered has passed, with its finding.
    pub fn carried(&self, on: NaiveDate) -> Vec<RuleResult> {
        let open = self.checks.open(on);
        let carry = |result: &RuleResult| {
            let outcome = if open.contains(&result) { result.outcome } else { Outcome::Pass };
            RuleResult { outcome, ..result.clone() }
        };
        self.checks.results().map(carry).collect()
    }

    pub(super) fn after(mut self, event: ReferralEvent) -> Self {
        use ReferralEvent as E;
        match event {
            E::Submitted(_) => {}
            E::CandidateAccepted { history, accepted_on } => {
                self.history = Some(history);
                self.accepted_on = Some(accepted_on);
            }
            E::CandidateDeclined { .. } => self.end(Ending::Declined),
            E::AcceptanceLapsed { .. } => self.end(Ending::Expired),
            E::OwnershipGranted { key, until } => self.own(key, until),
            E::DuplicateDismissed { key, until, decided_by, .. } => {
                self.dismissed_by = Some(decided_by);
                self.own(key, until);
            }
            E::HeldAsDuplicate { key, because, earlier } => {
                self.doubt = Some(Doubt { key, because, earlier });
                self.phase = Phase::HeldAsDuplicate;
            }
            E::RefusedDuplicate { .. } => self.end(Ending::RefusedDuplicate),
            E::CreditReassigned { to, relation, gate, .. } => {
                self.referrer = to;
                self.relation = *relation;
                self.checks.evaluated_anew(&gate::ABOUT_REFERRER, &gate);
            }
            E::Credited { application_id } => {
                self.application_id = Some(application_id);
                self.phase = match self.phase {
                    // Nothing came of it once, and nobody has decided yet whose candidate they are.
                    Phase::NotHired { .. } if self.doubt.is_some() => Phase::HeldAsDuplicate,
                    Phase::AwaitingCandidate | Phase::Owned | Phase::InProcess | Phase::NotHired { .. } => {
                        Phase::InProcess
                    }
                    phase @ (Phase::HeldAsDuplicate | Phase::Hired(_) | Phase::Ended(_)) => phase,
                };
            }
            E::Hired { via, hired_person_id, employee_number, legal_entity, started_on } => {
                self.ownership = None;
                if let HiredVia::Application { application_id } = via {
                    self.application_id = Some(application_id);
                }
                let person_id = hired_person_id;
                self.phase = Phase::Hired(Hire { via, person_id, employee_number, legal_entity, started_on });
            }
            E::NotHired { reason_code, .. } => self.phase = Phase::NotHired { reason_code },
            E::OwnershipLapsed { .. } => match self.phase {
                Phase::InProcess => self.ownership = None,
                Phase::NotHired { .. } if self.doubt.is_none() => self.ownership = None,
                Phase::AwaitingCandidate
                | Phase::Owned
                | Phase::HeldAsDuplicate
                | Phase::Hired(_)
                | Phase::NotHired { .. }
                | Phase::Ended(_) => self.end(Ending::Expired),
            },
            E::Withdrawn { .. } => self.end(Ending::Withdrawn),
            E::Blocked { .. } => self.end(Ending::Blocked),
            E::Settled { settlement } => self.checks.settled(&settlement),
        }
        self
    }

    fn own(&mut self, key: String, until: NaiveDate) {
        self.ownership = Some(Ownership { key, until });
        self.doubt = None;
        // That nothing came of it stands, whoever owns the candidate.
        if !matches!(self.phase, Phase::NotHired { .. }) {
            self.phase = if self.application_id.is_some() { Phase::InProcess } else { Phase::Owned };
        }
    }

    fn end(&mut self, ending: Ending) {
        self.ownership = None;
        self.phase = Phase::Ended(ending);
    }

    /// The day on which something happens by itself.
    pub(super) fn due(&self) -> Option<NaiveDate> {
        match self.phase {
            Phase::AwaitingCandidate => self.answer_by.checked_add_days(Days::new(1)),
            // A doubt that nobody decides grants nothing beyond the time in which it would have owned the candidate.
            Phase::NotHired { .. } if self.doubt.is_some() => self.could_own_until(),
            Phase::HeldAsDuplicate if self.application_id.is_none() => self.could_own_until(),
            Phase::Owned | Phase::InProcess | Phase::NotHired { .. } => {
                self.ownership.as_ref().map(|ownership| ownership.until)
            }
            // A case that runs is seen to its end.
            Phase::HeldAsDuplicate | Phase::Hired(_) | Phase::Ended(_) => None,
        }
    }

    /// The first day on which it does not own the candidate, should it own them.
    fn could_own_until(&self) -> Option<NaiveDate> {
        self.accepted_on.map(owned_until)
    }

    /// Ownership ends by itself at the latest when its last day is over everywhere on earth; the timer ends it on the
    /// employer's own day.
    pub(super) fn claims(&self, id: Uuid, event: &ReferralEvent) -> Vec<Claim> {
        use ReferralEvent as E;
        match (event, &self.ownership) {
            (E::OwnershipGranted { key, until } | E::DuplicateDismissed { key, until, .. }, _) => {
                let until = NaiveTime::from_hms_opt(12, 0, 0).map(|noon| until.and_time(noon).and_utc());
                vec![Claim {
                    scope: "candidate_owner",
                    key: key.clone(),
                    change: ClaimChange::Take { holder: id, until },
                }]
            }
            // One hire earns one reward (REF-13).
            (E::Hired { legal_entity, employee_number, started_on, .. }, ownership) => {
                let hire = natural_key(legal_entity, employee_number, *started_on);
                let owned = ownership.as_ref().map(|owned| Claim::release("candidate_owner", owned.key.clone(), id));
                owned.into_iter().chain([Claim::take("referral_hire", hire, id)]).collect()
            }
            (
                E::CandidateDeclined { .. }
                | E::RefusedDuplicate { .. }
                | E::OwnershipLapsed { .. }
                | E::Withdrawn { .. }
                | E::Blocked { .. },
                Some(ownership),
            ) => vec![Claim::release("candidate_owner", ownership.key.clone(), id)],
            (
                E::CandidateDeclined { .. }
                | E::RefusedDuplicate { .. }
                | E::OwnershipLapsed { .. }
                | E::Withdrawn { .. }
                | E::Blocked { .. },
                None,
            )
            | (
                E::Submitted(_)
                | E::CandidateAccepted { .. }
                | E::AcceptanceLapsed { .. }
                | E::HeldAsDuplicate { .. }
                | E::CreditReassigned { .. }
                | E::Credited { .. }
                | E::NotHired { .. }
                | E::Settled { .. },
                _,
            ) => Vec::new(),
        }
    }

    /// Whether what is held of the candidate is destroyed with an event: nobody is kept who does not wish it, or for whom
    /// the purpose is over.
    pub(super) const fn destroys(&self, event: &ReferralEvent) -> bool {
        use ReferralEvent as E;
        match event {
            E::CandidateDeclined { .. } | E::AcceptanceLapsed { .. } | E::Withdrawn { .. } => true,
            // A case that runs keeps its credit, although others may refer the candidate again.
            E::OwnershipLapsed { .. } => !matches!(self.phase, Phase::InProcess),
            E::NotHired { .. } => matches!(self.phase, Phase::InProcess) && self.ownership.is_none(),
            E::Blocked { .. } => self.accepted_on.is_none(),
            E::Submitted(_)
            | E::CandidateAccepted { .. }
            | E::OwnershipGranted { .. }
            | E::DuplicateDismissed { .. }
            | E::HeldAsDuplicate { .. }
            | E::RefusedDuplicate { .. }
            | E::CreditReassigned { .. }
            | E::Credited { .. }
            | E::Hired { .. }
            | E::Settled { .. } => false,
        }
    }

    pub(super) fn decide(&self, by: Actor, on: NaiveDate, command: ReferralCommand) -> Decision {
        use ReferralCommand as C;
        match command {
            C::Submit(_) => Err(ReferralError::AlreadyRecorded),
            C::AcceptAsCandidate { history, key, duplicate } => self.accept(on, history, key, duplicate),
            C::DeclineAsCandidate => self.decline(on),
            C::ResolveOwnership { decision, because, note } => self.resolve(by, on, decision, because, note),
            C::ReassignCredit(reassigning) => self.reassign(by, *reassigning),
            C::Credit { application_id, duplicate } => self.credit(on, application_id, duplicate),
            C::NoteHired { via, hired_person_id, employee_number, legal_entity, started_on } => {
                self.hired(on, Hire { via, person_id: hired_person_id, employee_number, legal_entity, started_on })
            }
            C::NoteNotHired { reason_code } => self.not_hired(by.id, reason_code),
            C::Withdraw { reason } => self.withdraw(by.id, reason),
            C::Settle(settlement) => self.settle(by.id, settlement),
            C::Wake => Ok(self.woken(on)),
        }
    }

    fn accept(&self, on: NaiveDate, history: CandidateHistory, key: String, duplicate: Option<Duplicate>) -> Decision {
        match &self.phase {
            Phase::AwaitingCandidate if on > self.answer_by => {
                Err(ReferralError::AnswerTooLate { answer_by: self.answer_by })
            }
            Phase::AwaitingCandidate => {
                let accepted = ReferralEvent::CandidateAccepted { history, accepted_on: on };
                let owned = match duplicate {
                    None => ReferralEvent::OwnershipGranted { key, until: owned_until(on) },
                    Some(Duplicate { because, earlier }) => ReferralEvent::HeldAsDuplicate { key, because, earlier },
                };
                Ok(vec![accepted, owned])
            }
            // The token is good for one answer.
            Phase::Owned
            | Phase::HeldAsDuplicate
            | Phase::InProcess
            | Phase::Hired(_)
            | Phase::NotHired { .. }
            | Phase::Ended(Ending::Declined) => Err(ReferralError::AlreadyAnswered),
            Phase::Ended(ending) => Err(ReferralError::Ended { ending: *ending }),
        }
    }

    /// Agreement is as easily taken back as it was given, until the candidate has a case of their own to withdraw.
    fn decline(&self, on: NaiveDate) -> Decision {
        match &self.phase {
            Phase::AwaitingCandidate | Phase::Owned | Phase::HeldAsDuplicate | Phase::NotHired { .. } => {
                Ok(vec![ReferralEvent::CandidateDeclined { declined_on: on }])
            }
            Phase::InProcess => self.in_process(),
            Phase::Hired(_) => Err(ReferralError::AlreadyHired),
            Phase::Ended(Ending::Declined) => Ok(vec![]),
            Phase::Ended(ending) => Err(ReferralError::Ended { ending: *ending }),
        }
    }

    fn in_process(&self) -> Decision {
        match self.application_id {
            Some(application_id) => Err(ReferralError::AlreadyCredited { application_id }),
            None => Err(ReferralError::AlreadyAnswered),
        }
    }

    fn resolve(
        &self,
        by: Actor,
        on: NaiveDate,
        decision: OwnershipDecision,
        because: Option<DuplicateCause>,
        note: Option<FreeText>,
    ) -> Decision {
        self.second_person(by)?;
        let refused = |because, note| vec![ReferralEvent::RefusedDuplicate { because, decided_by: by.id, note }];
        match (&self.phase, &self.doubt, decision) {
            (Phase::AwaitingCandidate, _, _) => Err(ReferralError::AwaitsCandidate),
            (Phase::HeldAsDuplicate | Phase::NotHired { .. }, Some(doubt), OwnershipDecision::Grant) => {
                let until = owned_until(self.accepted_on.unwrap_or(on));
                // Whoever applied in time does not lose by how long the decision took.
                let runs = self.phase == Phase::HeldAsDuplicate && self.application_id.is_some();
                if until <= on && !runs {
                    return Err(ReferralError::OwnershipOver { until });
                }
                let key = doubt.key.clone();
                Ok(vec![ReferralEvent::DuplicateDismissed { key, until, decided_by: by.id, note }])
            }
            (Phase::HeldAsDuplicate | Phase::NotHired { .. }, Some(doubt), OwnershipDecision::Refuse) => {
                Ok(refused(because.unwrap_or(doubt.because), note))
            }
            (Phase::Owned | Phase::InProcess, _, OwnershipDecision::Refuse) => {
                because.map(|because| refused(because, note)).ok_or(ReferralError::CauseRequired)
            }
            (Phase::Owned | Phase::InProcess, _, OwnershipDecision::Grant)
            | (Phase::HeldAsDuplicate | Phase::NotHired { .. }, None, _) => Err(ReferralError::NothingToResolve),
            (Phase::Hired(_), _, _) => Err(ReferralError::AlreadyHired),
            (Phase::Ended(ending), _, _) => Err(ReferralError::Ended { ending: *ending }),
        }
    }

    fn reassign(&self, by: Actor, reassigning: Reassigning) -> Decision {
        self.second_person(by)?;
        let Reassigning { to, relation, relationship, exclusions, offices, likeness, .. } = reassigning;
        let Reassigning { paid_in_twelve_months, recruiter, judges, clause, note, .. } = reassigning;
        match &self.phase {
            Phase::AwaitingCandidate
            | Phase::Owned
            | Phase::HeldAsDuplicate
            | Phase::InProcess
            | Phase::NotHired { .. } => {}
            Phase::Hired(_) => return Err(ReferralError::AlreadyHired),
            Phase::Ended(ending) => return Err(ReferralError::Ended { ending: *ending }),
        }
        if to == self.referrer {
            return Err(ReferralError::CreditAlreadyTheirs);
        }
        if by.id == to {
            return Err(ReferralError::OwnCredit);
        }
        if recruiter == Some(by.id) {
            return Err(ReferralError::RecruiterOfRequisition);
        }
        if judges.contains(&to) {
            return Err(ReferralError::JudgedTheCandidate);
        }
        if clause.trim().is_empty() {
            return Err(ReferralError::ClauseRequired);
        }
        // What an outsider may refer unpaid is paid to nobody, whoever is given the credit.
        unpaid(self.relation.class)?;
        let gate = gate::at_referral(&ReferralFacts {
            relation: &relation,
            legal_entity: &self.legal_entity,
            plan: self.plan.as_ref(),
            relationship,
            exclusions: &exclusions,
            offices,
            likeness,
            paid_in_twelve_months,
            // Credit that a second person decides about is for those whom it can be paid to.
            permitted: None,
        });
        unbarred(&gate)?;
        let relation = Box::new(relation);
        let from = self.referrer;
        Ok(vec![ReferralEvent::CreditReassigned { from, to, relation, clause, decided_by: by.id, note, gate }])
    }

    /// Who the candidate is may be known only now that they apply: an earlier record of them is then decided about, once.
    fn credit(&self, on: NaiveDate, application_id: ApplicationId, duplicate: Option<DuplicateCause>) -> Decision {
        let credited = || {
            let doubt = duplicate.filter(|_| self.dismissed_by.is_none()).zip(self.ownership.as_ref());
            let held = doubt.map(|(because, Ownership { key, .. })| ReferralEvent::HeldAsDuplicate {
                key: key.clone(),
                because,
                earlier: None,
            });
            Ok([ReferralEvent::Credited { application_id }].into_iter().chain(held).collect())
        };
        match &self.phase {
            Phase::AwaitingCandidate => Err(ReferralError::AwaitsCandidate),
            Phase::NotHired { .. } if let Some(Doubt { key, because, earlier }) = &self.doubt => {
                self.in_time(on)?;
                let held = ReferralEvent::HeldAsDuplicate { key: key.clone(), because: *because, earlier: *earlier };
                Ok(vec![ReferralEvent::Credited { application_id }, held])
            }
            Phase::NotHired { .. } if self.application_id == Some(application_id) => credited(),
            Phase::Owned | Phase::NotHired { .. } => self.owned_on(on).and_then(|()| credited()),
            Phase::HeldAsDuplicate if self.application_id.is_none() => self.in_time(on).and_then(|()| credited()),
            Phase::HeldAsDuplicate | Phase::InProcess => match self.application_id {
                None => credited(),
                Some(known) if known == application_id => Ok(vec![]),
                Some(application_id) => Err(ReferralError::AlreadyCredited { application_id }),
            },
            Phase::Hired(_) => Err(ReferralError::AlreadyHired),
            Phase::Ended(ending) => Err(ReferralError::Ended { ending: *ending }),
        }
    }

    /// Whether it still owns the candidate: the timer may run late, the rule does not.
    fn owned_on(&self, on: NaiveDate) -> Result<(), ReferralError> {
        match &self.ownership {
            Some(ownership) if on < ownership.until => Ok(()),
            Some(ownership) => Err(ReferralError::OwnershipOver { until: ownership.until }),
            None => Err(ReferralError::OwnershipOver { until: owned_until(self.accepted_on.unwrap_or(on)) }),
        }
    }

    /// Whether it could still own the candidate, should somebody decide so.
    fn in_time(&self, on: NaiveDate) -> Result<(), ReferralError> {
        let until = owned_until(self.accepted_on.unwrap_or(on));
        if on < until { Ok(()) } else { Err(ReferralError::OwnershipOver { until }) }
    }

    fn hired(&self, on: NaiveDate, hire: Hire) -> Decision {
        let referred_on = self.relation.on;
        match &self.phase {
            Phase::Owned | Phase::InProcess | Phase::NotHired { .. }
                if matches!(hire.via, HiredVia::Record) && hire.started_on < referred_on =>
            {
                Err(ReferralError::HiredBefore { referred_on })
            }
            Phase::AwaitingCandidate => Err(ReferralError::AwaitsCandidate),
            Phase::NotHired { .. } if self.doubt.is_some() => Err(ReferralError::OwnershipUnresolved),
            Phase::HeldAsDuplicate => Err(ReferralError::OwnershipUnresolved),
            Phase::InProcess => match (self.application_id, &hire.via) {
                // While one application has the credit, another one's return is not of this referral.
                (Some(credited), HiredVia::Application { application_id }) if credited != *application_id => {
                    Err(ReferralError::AlreadyCredited { application_id: credited })
                }
                (_, HiredVia::Application { .. } | HiredVia::Record) => Ok(self.led_to(hire)),
            },
            Phase::NotHired { .. } if self.credits(&hire.via) => Ok(self.led_to(hire)),
            Phase::Owned | Phase::NotHired { .. } => self.owned_on(on).map(|()| self.led_to(hire)),
            Phase::Hired(known) if *known == hire => Ok(vec![]),
            Phase::Hired(_) => Err(ReferralError::AlreadyHired),
            Phase::Ended(ending) => Err(ReferralError::Ended { ending: *ending }),
        }
    }

    fn credits(&self, via: &HiredVia) -> bool {
        match via {
            HiredVia::Application { application_id } => self.application_id == Some(*application_id),
            HiredVia::Record => false,
        }
    }

    /// Whoever proves to have referred themselves is hired all the same, and the referral is barred.
    fn led_to(&self, hire: Hire) -> Vec<ReferralEvent> {
        if self.relation.person_id == Some(hire.person_id) {
            return vec![ReferralEvent::Blocked {
                rule: gate::SELF_REFERRAL.to_owned(),
                basis: gate::SELF_REFERRAL_BASIS.to_owned(),
                code: "self_referral".to_owned(),
            }];
        }
        let Hire { via, person_id, employee_number, legal_entity, started_on } = hire;
        vec![ReferralEvent::Hired { via, hired_person_id: person_id, employee_number, legal_entity, started_on }]
    }

    fn not_hired(&self, recorded_by: ActorId, reason_code: OutcomeReason) -> Decision {
        match &self.phase {
            Phase::AwaitingCandidate => Err(ReferralError::AwaitsCandidate),
            Phase::Owned | Phase::HeldAsDuplicate | Phase::InProcess => {
                Ok(vec![ReferralEvent::NotHired { reason_code, recorded_by }])
            }
            Phase::NotHired { reason_code: known } if *known == reason_code => Ok(vec![]),
            Phase::NotHired { reason_code: known } => Err(ReferralError::OutcomeRecorded { reason_code: *known }),
            Phase::Hired(_) => Err(ReferralError::AlreadyHired),
            Phase::Ended(ending) => Err(ReferralError::Ended { ending: *ending }),
        }
    }

    fn withdraw(&self, by: ActorId, reason: Option<FreeText>) -> Decision {
        if by != self.referrer {
            return Err(ReferralError::ReferrerOnly);
        }
        match (&self.phase, reason) {
            (
                Phase::AwaitingCandidate
                | Phase::Owned
                | Phase::HeldAsDuplicate
                | Phase::InProcess
                | Phase::NotHired { .. },
                reason,
            ) => Ok(vec![ReferralEvent::Withdrawn { withdrawn_by: by, reason }]),
            (Phase::Hired(_), _) => Err(ReferralError::AlreadyHired),
            (Phase::Ended(Ending::Withdrawn), None) => Ok(vec![]),
            (Phase::Ended(ending), _) => Err(ReferralError::Ended { ending: *ending }),
        }
    }

    /// A referrer who proves not to be employed is an outsider, and an outsider's referral is barred (REF-06).
    fn settle(&self, by: ActorId, settlement: Settlement) -> Decision {
        match &self.phase {
            Phase::AwaitingCandidate
            | Phase::Owned
            | Phase::HeldAsDuplicate
            | Phase::InProcess
            | Phase::NotHired { .. } => {}
            Phase::Hired(_) => return Err(ReferralError::AlreadyHired),
            Phase::Ended(ending) => return Err(ReferralError::Ended { ending: *ending }),
        }
        if by == self.referrer {
            return Err(ReferralError::SecondPersonRequired);
        }
        if !self.checks.admits(&settlement)? {
            return Ok(vec![]);
        }
        let outsider = matches!(&settlement, Settlement::Answered { rule, answer: CheckAnswer::NotSatisfied, .. }
            if rule == gate::EMPLOYEE);
        let mut events = vec![ReferralEvent::Settled { settlement }];
        if outsider {
            events.push(ReferralEvent::Blocked {
                rule: gate::OUTSIDER.to_owned(),
                basis: gate::OUTSIDER_BASIS.to_owned(),
                code: "not_employed_at_referral".to_owned(),
            });
        }
        Ok(events)
    }

    fn woken(&self, on: NaiveDate) -> Vec<ReferralEvent> {
        match (&self.phase, self.due()) {
            (Phase::AwaitingCandidate, Some(day)) if day <= on => vec![ReferralEvent::AcceptanceLapsed { on: day }],
            (Phase::Owned | Phase::HeldAsDuplicate | Phase::InProcess | Phase::NotHired { .. }, Some(day))
                if day <= on =>
            {
                vec![ReferralEvent::OwnershipLapsed { on: day }]
            }
            (
                Phase::AwaitingCandidate
                | Phase::Owned
                | Phase::HeldAsDuplicate
                | Phase::InProcess
                | Phase::Hired(_)
                | Phase::NotHired { .. }
                | Phase::Ended(_),
                _,
            ) => vec![],
        }
    }

    fn second_person(&self, by: Actor) -> Result<(), ReferralError> {
        match by.kind {
            ActorKind::Service | ActorKind::System => Err(ReferralError::NaturalPersonRequired),
            ActorKind::Person if by.id == self.referrer => Err(ReferralError::SecondPersonRequired),
            ActorKind::Person => Ok(()),
        }
    }
}

/// The first day on which a referral does not own the candidate who agreed on `accepted_on`.
fn owned_until(accepted_on: NaiveDate) -> NaiveDate {
    accepted_on.checked_add_months(Months::new(OWNERSHIP_MONTHS)).unwrap_or(NaiveDate::MAX)
}
