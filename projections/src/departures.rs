//! The departures (退職), one document each: what people operations work from, and what compliance reads.
//! Folds `departure.*`, and `person.erased` to drop what is destroyed. Serves `GET /v1/departures` and
//! `GET /v1/departures/{id}`.

use std::collections::BTreeSet;

use aggregates::catalogue::HrEvent;
use aggregates::departure::{
    Channel, DepartureChanges, DepartureEvent, EndedEmployment, OutreachBar, OutreachBasis, Recorded as Record,
    Reopening, Source,
};
use aggregates::eligibility::SeparationReason;
use aggregates::ids::{ActorId, DepartureId, MemberId, PersonId};
use aggregates::person::{PersonEvent, RecordClasses};
use aggregates::personal::{Personal, RecordClass};
use aggregates::values::{Clause, EmploymentType, EvidenceRef, FreeText, Money, PersonDetails, Verdict};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::parts::{Erasure, keep, position_key};
use crate::subject::all_about_them;

/// A departure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Departure {
    /// The stream's id.
    pub id: DepartureId,
    /// How far it has come.
    pub state: State,
    /// The stream's last sequence.
    pub version: i64,
    /// The last event that this document shows.
    pub position: i64,
    /// The human being.
    pub person_id: PersonId,
    /// The entity that employed them.
    pub legal_entity: String,
    /// Their number in it.
    pub employee_number: Option<String>,
    /// Their number in an earlier period.
    pub previous_employee_number: Option<String>,
    /// Name, contact and birth date, sealed.
    pub person: PersonDetails,
    /// The period of employment that ends.
    pub employment: Employment,
    /// The department at exit once more, where lists filter by it.
    pub department: Option<String>,
    /// Why they left, sealed.
    pub reason: Personal<SeparationReason>,
    /// Whether they wish to return: their latest word.
    pub wishes_to_return: Option<bool>,
    /// How the record came in.
    pub source: Source,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Its first position, which lists are ordered by.
    pub recorded_position: i64,
    /// The latest corrections; the facts above are what stands after them.
    pub corrections: Vec<Correction>,
    /// The verdict that others may rely on.
    pub verdict: Verdict,
    /// What is decided about a return, and by whom.
    pub eligibility: Eligibility,
    /// Whether the person may be written to.
    pub outreach: Outreach,
    /// The latest invitations.
    pub invitations: Vec<Invitation>,
    /// The exit interview (退職面談).
    pub exit_interview: Option<ExitInterview>,
    /// The latest membership that it led to.
    pub member_id: Option<MemberId>,
    /// The first local day without employment, once it has come.
    pub effective_on: Option<NaiveDate>,
    /// Why the departure does not happen, sealed.
    pub rescinded_because: Option<FreeText>,
}

/// How far a departure has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// The last day lies ahead.
    Scheduled,
    /// The last day has passed.
    Effective,
    /// The person stayed.
    Rescinded,
}

/// The period of employment that ends (在籍期間). Nothing of it remains when the statutory record is erased.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Employment {
    /// First day.
    pub hired_on: Option<NaiveDate>,
    /// Last day.
    pub left_on: Option<NaiveDate>,
    /// Department at exit.
    pub department: Option<String>,
    /// Job family at exit.
    pub job_family: Option<String>,
    /// Job title at exit.
    pub job_title: Option<String>,
    /// Grade at exit (等級).
    pub grade: Option<String>,
    /// Place of work at exit.
    pub location: Option<String>,
    /// Employment type at exit.
    pub employment_type: Option<EmploymentType>,
    /// Annual base salary at exit. Not for recruiters, managers or interviewers.
    pub base_salary: Option<Money>,
}

/// That recorded facts were wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// The sequence of the correction.
    pub sequence: i64,
    /// The sequence of the event whose facts were wrong.
    pub corrects: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<ActorId>,
    /// Why, sealed.
    pub why: FreeText,
}

/// What is decided about a return. Everything but the proposal is empty while nobody's finding stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Eligibility {
    /// The verdict that others may rely on: `not_eligible` only when two people found it.
    pub verdict: Verdict,
    /// What the rule about exit reasons proposes.
    pub proposed: Option<Verdict>,
    /// That rule and its version.
    pub rule: Option<String>,
    /// Whether "not eligible" was found and waits for a second person.
    pub awaits_confirmation: bool,
    /// Who assessed.
    pub assessed_by: Option<ActorId>,
    /// When.
    pub assessed_at: Option<DateTime<Utc>>,
    /// The coded ground.
    pub reason_code: Option<String>,
    /// Remarks, sealed.
    pub note: Option<FreeText>,
    /// The clause relied on, by the second person where there is one.
    pub clause: Option<Clause>,
    /// The second person.
    pub confirmed_by: Option<ActorId>,
    /// Where the evidence lies.
    pub evidence_ref: Option<EvidenceRef>,
    /// The day on which "not eligible" lapses.
    pub expires_on: Option<NaiveDate>,
    /// How the person can appeal.
    pub appeal_route: Option<String>,
    /// Why an earlier finding does not stand any more.
    pub reopened_because: Option<Reopened>,
}

/// Why a finding does not stand any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reopened {
    /// A second person sent it back.
    Returned,
    /// It reached its expiry.
    Lapsed,
    /// The reason for leaving that it rested on proved wrong.
    ReasonCorrected,
}

/// Whether the person may be written to about the programme.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outreach {
    /// Why not; they may be while this is empty.
    pub barred_because: BTreeSet<OutreachBar>,
}

/// An invitation to register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Counted from 1.
    pub number: u32,
    /// Why the contact is lawful (PRV-01).
    pub basis: OutreachBasis,
    /// The version of the notice that states the purpose.
    pub notice_version: Option<String>,
    /// How the letter travels.
    pub channel: Channel,
    /// When it was issued.
    pub invited_at: DateTime<Utc>,
    /// The first instant at which it cannot be used any more.
    pub expires_at: DateTime<Utc>,
}

/// The exit interview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExitInterview {
    /// The day.
    pub held_on: Option<NaiveDate>,
    /// Whether the person wishes to return.
    pub wishes_to_return: Option<bool>,
    /// What was said, sealed.
    pub notes: Option<FreeText>,
}

/// The effective verdict that an event leaves behind, if it says anything about it. Each says it whole, whatever stood
/// before.
pub const fn verdict_after(event: &DepartureEvent) -> Option<Verdict> {
    use DepartureEvent as E;
    match event {
        E::EligibilityProposed { verdict: Verdict::Eligible, .. } => Some(Verdict::Eligible),
        E::EligibilityAssessed { verdict: verdict @ (Verdict::Eligible | Verdict::NeedsReview), .. }
        | E::RegistrationNoted { verdict, .. } => Some(*verdict),
        // A rule's proposal, or one person's word, is not enough (PRV-13).
        E::EligibilityProposed { verdict: Verdict::NeedsReview | Verdict::NotEligible, .. }
        | E::EligibilityAssessed { verdict: Verdict::NotEligible, .. }
        | E::AssessmentReturned { .. }
        | E::IneligibilityLapsed { .. }
        | E::AssessmentReopened { .. } => Some(Verdict::NeedsReview),
        E::IneligibilityConfirmed { .. } => Some(Verdict::NotEligible),
        E::Recorded(_)
        | E::OutreachBarred { .. }
        | E::OutreachBarLifted { .. }
        | E::BecameEffective { .. }
        | E::Corrected { .. }
        | E::Rescinded { .. }
        | E::ExitInterviewRecorded { .. }
        | E::Invited { .. } => None,
    }
}

impl ReadModel for Departure {
    const NAME: &'static str = "departures";
    const VERSION: u32 = 1;
    const FILTERS: &'static [&'static str] =
        &["state", "legal_entity", "employee_number", "person_id", "verdict", "department"];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::Departure(_) => vec![Route::One(event.stream_id)],
            HrEvent::Person(PersonEvent::Erased { .. }) => all_about_them(event),
            HrEvent::Person(_)
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
            | HrEvent::ProgrammePolicy(_)
            | HrEvent::PayBands(_)
            | HrEvent::Access(_)
            | HrEvent::IncumbentSnapshot(_)
            | HrEvent::IncumbentPart(_) => vec![],
        }
    }

    fn fold(id: DocumentId, document: Option<Self>, event: &Recorded) -> Option<Self> {
        match &event.event {
            HrEvent::Departure(what) => match (document, what) {
                (None, DepartureEvent::Recorded(record)) => Some(Self::recorded(DepartureId(id), record, event)),
                (None, _) => None,
                (Some(document), what) => Some(document.after(what, event)),
            },
            HrEvent::Person(PersonEvent::Erased { classes, .. }) => {
                document.map(|document| document.erase(classes, event))
            }
            HrEvent::Person(_)
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
            | HrEvent::ProgrammePolicy(_)
            | HrEvent::PayBands(_)
            | HrEvent::Access(_)
            | HrEvent::IncumbentSnapshot(_)
            | HrEvent::IncumbentPart(_) => document,
        }
    }

    fn sort_key(&self) -> String {
        position_key(self.recorded_position)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl Departure {
    fn recorded(id: DepartureId, record: &Record, event: &Recorded) -> Self {
        let record = record.clone();
        Self {
            id,
            state: State::Scheduled,
            version: event.sequence,
            position: event.position,
            person_id: record.person_id,
            legal_entity: record.legal_entity,
            employee_number: Some(record.employee_number),
            previous_employee_number: record.previous_employee_number,
            person: record.person,
            department: record.employment.department.clone(),
            employment: record.employment.into(),
            reason: record.reason,
            wishes_to_return: record.wishes_to_return,
            source: record.source,
            recorded_at: event.recorded_at,
            recorded_position: event.position,
            corrections: Vec::new(),
            verdict: Verdict::NeedsReview,
            eligibility: Eligibility::undecided(),
            outreach: Outreach::default(),
            invitations: Vec::new(),
            exit_interview: None,
            member_id: None,
            effective_on: None,
            rescinded_because: None,
        }
    }

    fn after(mut self, what: &DepartureEvent, event: &Recorded) -> Self {
        use DepartureEvent as E;
        self.version = event.sequence;
        self.position = event.position;
        self.eligibility = self.eligibility.after(what, event);
        self.verdict = self.eligibility.verdict;
        match what {
            E::BecameEffective { effective_on, .. } => {
                self.state = State::Effective;
                self.effective_on = Some(*effective_on);
            }
            E::Rescinded { why, .. } => {
                self.state = State::Rescinded;
                self.rescinded_because = Some(why.clone());
            }
            E::Corrected { corrects, changes, why } => {
                self.correct(changes);
                keep(
                    &mut self.corrections,
                    Correction {
                        sequence: event.sequence,
                        corrects: *corrects,
                        at: event.recorded_at,
                        by: event.actor.map(ActorId),
                        why: why.clone(),
                    },
                );
            }
            E::OutreachBarred { because } => {
                self.outreach.barred_because.insert(*because);
            }
            E::OutreachBarLifted { was } => {
                self.outreach.barred_because.remove(was);
            }
            E::ExitInterviewRecorded { held_on, wishes_to_return, notes } => {
                self.wishes_to_return = wishes_to_return.or(self.wishes_to_return);
                self.exit_interview = Some(ExitInterview {
                    held_on: Some(*held_on),
                    wishes_to_return: *wishes_to_return,
                    notes: notes.clone(),
                });
            }
            E::Invited { number, basis, notice_version, channel, expires_at } => keep(
                &mut self.invitations,
                Invitation {
                    number: *number,
                    basis: *basis,
                    notice_version: notice_version.clone(),
                    channel: *channel,
                    invited_at: event.recorded_at,
                    expires_at: *expires_at,
                },
            ),
            E::RegistrationNoted { member_id, .. } => self.member_id = Some(*member_id),
            E::Recorded(_)
            | E::EligibilityProposed { .. }
            | E::EligibilityAssessed { .. }
            | E::IneligibilityConfirmed { .. }
            | E::AssessmentReturned { .. }
            | E::IneligibilityLapsed { .. }
            | E::AssessmentReopened { .. } => {}
        }
        self
    }

    /// The new facts stand; what a correction does not name stays as it was.
    fn correct(&mut self, changes: &DepartureChanges) {
        let DepartureChanges {
            employee_number,
            name,
            name_kana,
            email,
            phone,
            birth_date,
            hired_on,
            left_on,
            department,
            job_family,
            job_title,
            grade,
            location,
            employment_type,
            base_salary,
            reason,
            wishes_to_return,
        } = changes.clone();
        let (person, employment) = (&mut self.person, &mut self.employment);
        replace(&mut self.employee_number, employee_number);
        person.name = name.unwrap_or_else(|| person.name.clone());
        replace(&mut person.name_kana, name_kana);
        replace(&mut person.email, email);
        replace(&mut person.phone, phone);
        replace(&mut person.birth_date, birth_date);
        replace(&mut employment.hired_on, hired_on);
        replace(&mut employment.left_on, left_on);
        replace(&mut employment.department, department.clone());
        replace(&mut self.department, department);
        replace(&mut employment.job_family, job_family);
        replace(&mut employment.job_title, job_title);
        replace(&mut employment.grade, grade);
        replace(&mut employment.location, location);
        replace(&mut employment.employment_type, employment_type);
        replace(&mut employment.base_salary, base_salary);
        self.reason = reason.unwrap_or_else(|| self.reason.clone());
        replace(&mut self.wishes_to_return, wishes_to_return);
    }

    /// Drops what is destroyed: sealed references by their class, and with the statutory record every fact that could
    /// lead back to the person.
    fn erase(mut self, classes: &RecordClasses, event: &Recorded) -> Self {
        use RecordClass::{Restricted, Statutory};
        let erasure = Erasure::of(classes);
        self.position = event.position;
        let PersonDetails { name, name_kana, email, phone, birth_date } = &mut self.person;
        erasure.seal(Statutory, name);
        erasure.seals(Statutory, name_kana.as_mut());
        erasure.seals(Statutory, email.as_mut());
        erasure.seals(Statutory, phone.as_mut());
        erasure.seals(Statutory, birth_date.as_mut());
        erasure.seal(Restricted, &mut self.reason);
        erasure.seals(Restricted, self.eligibility.note.as_mut());
        erasure.seals(Restricted, self.rescinded_because.as_mut());
        for correction in &mut self.corrections {
            erasure.seal(Restricted, &mut correction.why);
        }
        if let Some(interview) = &mut self.exit_interview {
            erasure.seals(Restricted, interview.notes.as_mut());
            erasure.fact(Statutory, &mut interview.held_on);
        }
        erasure.fact(Statutory, &mut self.employee_number);
        erasure.fact(Statutory, &mut self.previous_employee_number);
        erasure.fact(Statutory, &mut self.department);
        erasure.fact(Statutory, &mut self.effective_on);
        erasure.fact(Statutory, &mut self.eligibility.evidence_ref);
        erasure.fact(Statutory, &mut self.eligibility.expires_on);
        if erasure.covers(Statutory) {
            self.employment = Employment::default();
        }
        self
    }
}

impl Eligibility {
    const fn undecided() -> Self {
        Self {
            verdict: Verdict::NeedsReview,
            proposed: None,
            rule: None,
            awaits_confirmation: false,
            assessed_by: None,
            assessed_at: None,
            reason_code: None,
            note: None,
            clause: None,
            confirmed_by: None,
            evidence_ref: None,
            expires_on: None,
            appeal_route: None,
            reopened_because: None,
        }
    }

    /// Nobody's finding stands; the proposal is remembered.
    fn reopened(self, because: Reopened) -> Self {
        Self { proposed: self.proposed, rule: self.rule, reopened_because: Some(because), ..Self::undecided() }
    }

    fn after(self, what: &DepartureEvent, event: &Recorded) -> Self {
        use DepartureEvent as E;
        let verdict = verdict_after(what).unwrap_or(self.verdict);
        match what {
            E::EligibilityProposed { verdict: proposed, rule } => {
                Self { verdict, proposed: Some(*proposed), rule: Some(rule.clone()), ..self }
            }
            E::EligibilityAssessed { verdict: found, assessed_by, reason_code, clause, note } => Self {
                verdict,
                proposed: self.proposed,
                rule: self.rule,
                awaits_confirmation: *found == Verdict::NotEligible,
                assessed_by: Some(*assessed_by),
                assessed_at: Some(event.recorded_at),
                reason_code: reason_code.clone(),
                note: note.clone(),
                clause: clause.clone(),
                ..Self::undecided()
            },
            E::IneligibilityConfirmed { clause, evidence_ref, expires_on, appeal_route, confirmed_by } => Self {
                verdict,
                awaits_confirmation: false,
                clause: Some(clause.clone()),
                confirmed_by: Some(*confirmed_by),
                evidence_ref: Some(evidence_ref.clone()),
                expires_on: Some(*expires_on),
                appeal_route: Some(appeal_route.clone()),
                ..self
            },
            E::AssessmentReturned { .. } => self.reopened(Reopened::Returned),
            E::IneligibilityLapsed { .. } => self.reopened(Reopened::Lapsed),
            E::AssessmentReopened { because: Reopening::ReasonCorrected, proposal, rule } => {
                Self { proposed: Some(*proposal), rule: Some(rule.clone()), ..self.reopened(Reopened::ReasonCorrected) }
            }
            E::Recorded(_)
            | E::OutreachBarred { .. }
            | E::OutreachBarLifted { .. }
            | E::BecameEffective { .. }
            | E::Corrected { .. }
            | E::Rescinded { .. }
            | E::ExitInterviewRecorded { .. }
            | E::Invited { .. }
            | E::RegistrationNoted { .. } => self,
        }
    }
}

impl From<EndedEmployment> for Employment {
    fn from(ended: EndedEmployment) -> Self {
        let EndedEmployment {
            hired_on,
            left_on,
            department,
            job_family,
            job_title,
            grade,
            location,
            employment_type,
            base_salary,
        } = ended;
        Self {
            hired_on: Some(hired_on),
            left_on: Some(left_on),
            department,
            job_family,
            job_title,
            grade,
            location,
            employment_type: Some(employment_type),
            base_salary,
        }
    }
}

fn replace<T>(fact: &mut Option<T>, corrected: Option<T>) {
    if corrected.is_some() {
        *fact = corrected;
    }
}
