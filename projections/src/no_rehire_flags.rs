//! The register of no-rehire flags (再雇用不可), for compliance and for those who raise them: what each rests on, how long
//! it stands, and everybody who decided about it.
//! Folds `no_rehire_flag.*`, and `person.erased` to drop what is destroyed. Serves `GET /v1/no-rehire-flags` and
//! `GET /v1/no-rehire-flags/{id}`.

use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, FlagId, PersonId};
use aggregates::no_rehire_flag::{ExpiryCause, FlagReason, Grounds, LiftReason, NoRehireFlagEvent};
use aggregates::person::{PersonEvent, RecordClasses};
use aggregates::personal::RecordClass;
use aggregates::values::{Clause, EvidenceRef, FreeText};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::parts::{Erasure, keep, position_key};
use crate::subject::all_about_them;

/// A no-rehire flag.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoRehireFlag {
    /// The stream's id.
    pub id: FlagId,
    /// How far it has come.
    pub state: State,
    /// The stream's last sequence.
    pub version: i64,
    /// The last event that this document shows.
    pub position: i64,
    /// The human being.
    pub person_id: PersonId,
    /// The coded reason.
    pub reason: FlagReason,
    /// The clause relied on now.
    pub clause: Clause,
    /// Where the evidence of the present term lies.
    pub evidence_ref: Option<EvidenceRef>,
    /// How the person can appeal.
    pub appeal_route: String,
    /// The day on which the present term lapses.
    pub expires_on: Option<NaiveDate>,
    /// Remarks of whoever raised it, sealed.
    pub note: Option<FreeText>,
    /// Who raised it.
    pub raised_by: ActorId,
    /// When.
    pub raised_at: DateTime<Utc>,
    /// Its first position, which lists are ordered by.
    pub raised_position: i64,
    /// Whether compliance was told that the term ends.
    pub expiry_noticed_at: Option<DateTime<Utc>>,
    /// The appeal that waits for its decision.
    pub appeal: Option<Appeal>,
    /// The renewal that waits for its review.
    pub renewal: Option<Renewal>,
    /// The latest decisions, oldest first.
    pub reviews: Vec<Review>,
    /// How it ended.
    pub ending: Option<Ending>,
}

/// How far a flag has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Waits for a second person; without effect.
    Raised,
    /// In force.
    Active,
    /// In force, and appealed against.
    UnderAppeal,
    /// Taken away.
    Lifted,
    /// Fell away by itself.
    Expired,
    /// Not upheld.
    Rejected,
}

/// An appeal that waits for its decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Appeal {
    /// Who handed it in, which may be the person.
    pub appealed_by: Option<ActorId>,
    /// When.
    pub appealed_at: DateTime<Utc>,
    /// Why, sealed.
    pub grounds: Option<FreeText>,
}

/// A renewal that waits for its review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    /// The clause relied on.
    pub clause: Clause,
    /// Where the fresh evidence lies.
    pub evidence_ref: EvidenceRef,
    /// The day on which the new term would lapse.
    pub expires_on: NaiveDate,
    /// Who proposed it.
    pub renewed_by: ActorId,
    /// When.
    pub renewed_at: DateTime<Utc>,
}

/// A decision about a flag.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// What was decided.
    pub decision: Decision,
    /// The clause relied on.
    pub clause: Option<Clause>,
    /// Who decided.
    pub by: ActorId,
    /// When.
    pub at: DateTime<Utc>,
    /// Why, sealed.
    pub note: Option<FreeText>,
}

/// What was decided about a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It is in force.
    Upheld,
    /// It is not.
    Rejected,
    /// It stays in force.
    AppealDismissed,
    /// It is taken away.
    AppealGranted,
    /// A new term began.
    RenewalConfirmed,
    /// The present term runs out.
    RenewalRefused,
}

/// How a flag ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    /// When.
    pub at: DateTime<Utc>,
    /// The day from which it does not stand, where it fell away by itself.
    pub on: Option<NaiveDate>,
    /// Who lifted it.
    pub lifted_by: Option<ActorId>,
    /// Why it was lifted.
    pub reason_code: Option<LiftReason>,
    /// Why it fell away.
    pub because: Option<ExpiryCause>,
    /// The reason in words, sealed.
    pub note: Option<FreeText>,
}

impl ReadModel for NoRehireFlag {
    const NAME: &'static str = "no_rehire_flags";
    const VERSION: u32 = 1;
    const FILTERS: &'static [&'static str] = &["state", "person_id", "reason"];

    fn routes(event: &Recorded) -> Vec<Route> {
        match &event.event {
            HrEvent::NoRehireFlag(_) => vec![Route::One(event.stream_id)],
            HrEvent::Person(PersonEvent::Erased { .. }) => all_about_them(event),
            HrEvent::Person(_)
            | HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::Employment(_)
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
            HrEvent::NoRehireFlag(what) => match (document, what) {
                (None, NoRehireFlagEvent::Raised { person_id, grounds, raised_by, .. }) => {
                    Some(Self::raised(FlagId(id), *person_id, grounds, *raised_by, event))
                }
                (None, _) => None,
                (Some(document), what) => Some(document.after(what, event)),
            },
            HrEvent::Person(PersonEvent::Erased { classes, .. }) => {
                document.map(|document| document.erase(classes, event))
            }
            HrEvent::Person(_)
            | HrEvent::Departure(_)
            | HrEvent::Member(_)
            | HrEvent::Employment(_)
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
        position_key(self.raised_position)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl NoRehireFlag {
    fn raised(id: FlagId, person_id: PersonId, grounds: &Grounds, raised_by: ActorId, event: &Recorded) -> Self {
        let Grounds { reason, clause, evidence_ref, appeal_route, expires_on, note } = grounds.clone();
        Self {
            id,
            state: State::Raised,
            version: event.sequence,
            position: event.position,
            person_id,
            reason,
            clause,
            evidence_ref: Some(evidence_ref),
            appeal_route,
            expires_on: Some(expires_on),
            note,
            raised_by,
            raised_at: event.recorded_at,
            raised_position: event.position,
            expiry_noticed_at: None,
            appeal: None,
            renewal: None,
            reviews: Vec::new(),
            ending: None,
        }
    }

    fn after(mut self, what: &NoRehireFlagEvent, event: &Recorded) -> Self {
        use NoRehireFlagEvent as E;
        self.version = event.sequence;
        self.position = event.position;
        if let Some(review) = Review::of(what, event) {
            self.clause = review.clause.clone().unwrap_or(self.clause);
            keep(&mut self.reviews, review);
        }
        match what {
            E::Upheld { .. } => self.state = State::Active,
            E::Rejected { .. } => self.end(State::Rejected, Ending::at(event)),
            E::Appealed { grounds, appealed_by, .. } => {
                self.state = State::UnderAppeal;
                let (appealed_by, appealed_at) = (Some(*appealed_by), event.recorded_at);
                self.appeal = Some(Appeal { appealed_by, appealed_at, grounds: grounds.clone() });
            }
            E::AppealDismissed { .. } => {
                self.state = State::Active;
                self.appeal = None;
            }
            E::AppealGranted { .. } => self.end(State::Lifted, Ending::at(event)),
            E::ExpiryNoticed { .. } => self.expiry_noticed_at = Some(event.recorded_at),
            E::RenewalProposed { clause, evidence_ref, expires_on, renewed_by } => {
                self.renewal = Some(Renewal {
                    clause: clause.clone(),
                    evidence_ref: evidence_ref.clone(),
                    expires_on: *expires_on,
                    renewed_by: *renewed_by,
                    renewed_at: event.recorded_at,
                });
            }
            E::RenewalConfirmed { evidence_ref, expires_on, .. } => {
                self.evidence_ref = Some(evidence_ref.clone());
                self.expires_on = Some(*expires_on);
                self.expiry_noticed_at = None;
                self.renewal = None;
            }
            E::RenewalRefused { .. } => self.renewal = None,
            E::Lifted { reason_code, lifted_by, note } => {
                let (reason_code, lifted_by) = (Some(*reason_code), Some(*lifted_by));
                self.end(State::Lifted, Ending { reason_code, lifted_by, note: note.clone(), ..Ending::at(event) });
            }
            E::Expired { on, because } => {
                self.end(State::Expired, Ending { on: Some(*on), because: Some(*because), ..Ending::at(event) });
            }
            E::Raised { .. } => {}
        }
        self
    }

    fn end(&mut self, state: State, ending: Ending) {
        self.state = state;
        self.appeal = None;
        self.renewal = None;
        self.ending = Some(ending);
    }

    /// Drops what is destroyed. That there was a flag, its reason and its clause remain for the audit (ERA-06).
    fn erase(mut self, classes: &RecordClasses, event: &Recorded) -> Self {
        use RecordClass::{Profile, Restricted, Statutory};
        let erasure = Erasure::of(classes);
        self.position = event.position;
        erasure.seals(Restricted, self.note.as_mut());
        for review in &mut self.reviews {
            erasure.seals(Restricted, review.note.as_mut());
        }
        if let Some(appeal) = &mut self.appeal {
            erasure.seals(Restricted, appeal.grounds.as_mut());
            erasure.fact(Profile, &mut appeal.appealed_by);
        }
        if let Some(ending) = &mut self.ending {
            erasure.seals(Restricted, ending.note.as_mut());
            erasure.fact(Statutory, &mut ending.on);
        }
        erasure.fact(Statutory, &mut self.evidence_ref);
        erasure.fact(Statutory, &mut self.expires_on);
        erasure.fact(Statutory, &mut self.renewal);
        self
    }
}

impl Review {
    fn of(what: &NoRehireFlagEvent, event: &Recorded) -> Option<Self> {
        use NoRehireFlagEvent as E;
        let (decision, clause, by, note) = match what {
            E::Upheld { clause, reviewed_by, note } => (Decision::Upheld, Some(clause), reviewed_by, note),
            E::Rejected { reviewed_by, note } => (Decision::Rejected, None, reviewed_by, note),
            E::AppealDismissed { clause, reviewed_by, note } => {
                (Decision::AppealDismissed, Some(clause), reviewed_by, note)
            }
            E::AppealGranted { reviewed_by, note } => (Decision::AppealGranted, None, reviewed_by, note),
            E::RenewalConfirmed { clause, reviewed_by, note, .. } => {
                (Decision::RenewalConfirmed, Some(clause), reviewed_by, note)
            }
            E::RenewalRefused { reviewed_by, note } => (Decision::RenewalRefused, None, reviewed_by, note),
            E::Raised { .. }
            | E::Appealed { .. }
            | E::ExpiryNoticed { .. }
            | E::RenewalProposed { .. }
            | E::Lifted { .. }
            | E::Expired { .. } => return None,
        };
        Some(Self { decision, clause: clause.cloned(), by: *by, at: event.recorded_at, note: note.clone() })
    }
}

impl Ending {
    const fn at(event: &Recorded) -> Self {
        Self { at: event.recorded_at, on: None, lifted_by: None, reason_code: None, because: None, note: None }
    }
}
