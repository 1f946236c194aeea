//! The human beings behind the records: their periods of employment, departures and memberships, which other records may
//! be or are the same person, and what of their data is erased. For people operations, who link and unlink, and compliance.
//! Folds `person.*` into both persons of a relation, and what `departure.*`, `employment.*` and `member.*` say of a person.
//! Serves `GET /v1/persons` and `GET /v1/persons/{id}`.

use aggregates::catalogue::HrEvent;
use aggregates::departure::DepartureEvent;
use aggregates::employment::{EmploymentEvent, EndChange};
use aggregates::ids::{ActorId, DepartureId, EmploymentId, MemberId, PersonId};
use aggregates::member::{MemberEvent, RegisteredVia};
use aggregates::person::{ErasureGround, MatchEvidence, PersonEvent, RecordClasses};
use aggregates::personal::RecordClass;
use aggregates::values::EvidenceRef;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{DocumentId, ReadModel, Recorded, Route};
use crate::parts::{Erasure, YesNo, position_key};
use crate::subject::person_of;
use crate::{departures, employments, members};

/// A person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The person's id.
    pub id: PersonId,
    /// What most needs somebody to look.
    pub state: State,
    /// The last sequence of the person's own stream; 0 while nothing was asked about them.
    pub version: i64,
    /// The last event that this document shows.
    pub position: i64,
    /// Its first position, which lists are ordered by.
    pub recorded_position: i64,
    /// Whether another record is held to be the same person.
    pub linked: YesNo,
    /// Their departures.
    pub departures: Vec<Departure>,
    /// Their periods of employment.
    pub employments: Vec<Employment>,
    /// Their memberships.
    pub members: Vec<Member>,
    /// How other records relate to this one.
    pub relations: Vec<Relation>,
    /// What of their data is erased.
    pub erased: Vec<Erased>,
}

/// What most needs somebody to look, as the person's own stream answers it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// A person of their own.
    Apart,
    /// The same as another record.
    Linked,
    /// Perhaps the same as another record.
    MatchPossible,
    /// Somebody proposed a link.
    LinkProposed,
    /// Somebody proposed to undo a link.
    UnlinkProposed,
    /// Nothing is left to decide on.
    Erased,
}

/// A departure of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    /// Which.
    pub id: DepartureId,
    /// How far it has come.
    pub state: departures::State,
    /// The entity.
    pub legal_entity: String,
    /// The number in it.
    pub employee_number: Option<String>,
    /// First day.
    pub hired_on: Option<NaiveDate>,
    /// Last day.
    pub left_on: Option<NaiveDate>,
}

/// A period of employment of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employment {
    /// Which.
    pub id: EmploymentId,
    /// How far it has come.
    pub state: employments::State,
    /// The entity.
    pub legal_entity: String,
    /// The number in it.
    pub employee_number: Option<String>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day, where one is agreed or has passed.
    pub to: Option<NaiveDate>,
}

/// A membership of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Which.
    pub id: MemberId,
    /// How far it has come.
    pub state: members::State,
}

/// How another record relates to this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// The other record.
    pub other: PersonId,
    /// The one of the two that asked: commands about the relation go there.
    pub asked_by: PersonId,
    /// How they relate.
    pub standing: Standing,
    /// What speaks for and against it, as first noted.
    pub evidence: Vec<MatchEvidence>,
    /// The coded ground of the latest decision.
    pub reason: Option<String>,
    /// Where its evidence lies.
    pub evidence_ref: Option<EvidenceRef>,
    /// Who decided, dismissed or proposed last.
    pub by: Option<ActorId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// How two records relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Standing {
    /// Somebody has to look.
    MatchPossible,
    /// Somebody looked: two people, or nothing shows otherwise.
    Dismissed,
    /// Somebody proposed a link; a second person has to confirm.
    LinkProposed,
    /// The proposal came to nothing.
    NotLinked,
    /// One person.
    Linked,
    /// One person until a second one confirms that they are two.
    UnlinkProposed,
    /// Two people after all.
    Unlinked,
}

/// An erasure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// What was erased.
    pub classes: RecordClasses,
    /// Why.
    pub ground: ErasureGround,
    /// When.
    pub at: DateTime<Utc>,
    /// The event that proves it.
    pub position: i64,
}

impl ReadModel for Person {
    const NAME: &'static str = "persons";
    const VERSION: u32 = 1;
    const FILTERS: &'static [&'static str] = &["state", "linked"];

    fn routes(event: &Recorded) -> Vec<Route> {
        let one = |person: PersonId| Route::One(person.0);
        match &event.event {
            HrEvent::Person(what) => {
                let asked_by = PersonId(event.stream_id);
                std::iter::once(asked_by).chain(other(what)).map(one).collect()
            }
            HrEvent::Departure(_) | HrEvent::Employment(_) | HrEvent::Member(_) => {
                person_of(event).map(one).into_iter().collect()
            }
            HrEvent::NoRehireFlag(_)
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
        let mut document = match document {
            Some(document) => document,
            None if makes_known(&event.event) => Self::unknown(PersonId(id), event),
            None => return None,
        };
        document.position = event.position;
        match &event.event {
            HrEvent::Departure(what) => document.left(DepartureId(event.stream_id), what),
            HrEvent::Employment(what) => document.employed(EmploymentId(event.stream_id), what),
            HrEvent::Member(what) => document.registered(MemberId(event.stream_id), what),
            HrEvent::Person(what) => {
                let asked_by = PersonId(event.stream_id);
                if asked_by == document.id {
                    document.version = event.sequence;
                }
                if let PersonEvent::Erased { classes, ground, .. } = what {
                    document.erase(classes, *ground, event);
                }
                document.related(asked_by, what, event);
            }
            HrEvent::NoRehireFlag(_)
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
            | HrEvent::IncumbentPart(_) => {}
        }
        document.state = document.state();
        document.linked = document.relations.iter().any(|relation| relation.standing.holds()).into();
        Some(document)
    }

    fn sort_key(&self) -> String {
        position_key(self.recorded_position)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl Person {
    const fn unknown(id: PersonId, event: &Recorded) -> Self {
        Self {
            id,
            state: State::Apart,
            version: 0,
            position: event.position,
            recorded_position: event.position,
            linked: YesNo::No,
            departures: Vec::new(),
            employments: Vec::new(),
            members: Vec::new(),
            relations: Vec::new(),
            erased: Vec::new(),
        }
    }

    /// The records that count as the same person, by a link between the two.
    pub fn same_person(&self) -> impl Iterator<Item = PersonId> {
        self.relations.iter().filter(|relation| relation.standing.holds()).map(|relation| relation.other)
    }

    fn state(&self) -> State {
        let erased = self.erased.iter().fold(RecordClasses::none(), |all, one| all.with(one.classes.clone()));
        if erased.is_all() {
            return State::Erased;
        }
        let own = self.relations.iter().filter(|relation| relation.asked_by == self.id);
        own.map(|relation| relation.standing.state()).max().unwrap_or(State::Apart)
    }

    fn left(&mut self, id: DepartureId, what: &DepartureEvent) {
        use DepartureEvent as E;
        if let E::Recorded(record) = what {
            self.departures.retain(|departure| departure.id != id);
            self.departures.push(Departure {
                id,
                state: departures::State::Scheduled,
                legal_entity: record.legal_entity.clone(),
                employee_number: Some(record.employee_number.clone()),
                hired_on: Some(record.employment.hired_on),
                left_on: Some(record.employment.left_on),
            });
        }
        let Some(departure) = self.departures.iter_mut().find(|departure| departure.id == id) else { return };
        match what {
            E::BecameEffective { .. } => departure.state = departures::State::Effective,
            E::Rescinded { .. } => departure.state = departures::State::Rescinded,
            E::Corrected { changes, .. } => {
                departure.employee_number = changes.employee_number.clone().or(departure.employee_number.take());
                departure.hired_on = changes.hired_on.or(departure.hired_on);
                departure.left_on = changes.left_on.or(departure.left_on);
            }
            E::Recorded(_)
            | E::EligibilityProposed { .. }
            | E::OutreachBarred { .. }
            | E::OutreachBarLifted { .. }
            | E::ExitInterviewRecorded { .. }
            | E::EligibilityAssessed { .. }
            | E::IneligibilityConfirmed { .. }
            | E::AssessmentReturned { .. }
            | E::IneligibilityLapsed { .. }
            | E::AssessmentReopened { .. }
            | E::Invited { .. }
            | E::RegistrationNoted { .. } => {}
        }
    }

    fn employed(&mut self, id: EmploymentId, what: &EmploymentEvent) {
        use EmploymentEvent as E;
        if let E::Recorded(record) = what {
            self.employments.retain(|employment| employment.id != id);
            self.employments.push(Employment {
                id,
                state: employments::State::recorded(record),
                legal_entity: record.legal_entity.clone(),
                employee_number: Some(record.employee_number.clone()),
                from: Some(record.from),
                to: record.to.or(record.ends_on),
            });
        }
        let Some(employment) = self.employments.iter_mut().find(|employment| employment.id == id) else { return };
        match what {
            E::Ended { ended_on, .. } => {
                employment.state = employments::State::Ended;
                employment.to = Some(*ended_on);
            }
            // A corrected transfer changes none of these.
            E::Corrected { changes, .. } => {
                employment.employee_number = changes.employee_number.clone().or(employment.employee_number.take());
                employment.from = changes.from.or(employment.from);
                match changes.end {
                    Some(EndChange::Moved { on }) => employment.to = Some(on),
                    Some(EndChange::Withdrawn) => {
                        employment.state = employments::State::Current;
                        employment.to = None;
                    }
                    None => {}
                }
            }
            E::Recorded(_) | E::Transferred(_) | E::ReturnNoted { .. } => {}
        }
    }

    fn registered(&mut self, id: MemberId, what: &MemberEvent) {
        use members::State as S;
        let known = self.members.iter().any(|member| member.id == id);
        if !known && matches!(what, MemberEvent::Registered(_) | MemberEvent::Approved { .. }) {
            self.members.push(Member { id, state: S::PendingReview });
        }
        let Some(member) = self.members.iter_mut().find(|member| member.id == id) else { return };
        member.state = members::state_after(member.state, what);
    }

    fn related(&mut self, asked_by: PersonId, what: &PersonEvent, event: &Recorded) {
        use PersonEvent as E;
        let Some(named) = other(what) else { return };
        let other = if asked_by == self.id { named } else { asked_by };
        let found = self.relations.iter().position(|known| known.other == other && known.asked_by == asked_by);
        let mut evidence = found.map(|index| self.relations.remove(index).evidence).unwrap_or_default();
        let actor = event.actor.map(ActorId);
        let (standing, reason, evidence_ref, by) = match what {
            E::PossibleMatchNoted { evidence: noted, .. } => {
                evidence.clone_from(noted);
                (Standing::MatchPossible, None, None, actor)
            }
            E::MatchDismissed { reason, evidence_ref, .. } => {
                (Standing::Dismissed, Some(<&str>::from(reason)), evidence_ref.clone(), actor)
            }
            E::LinkProposed { reason, evidence_ref, proposed_by, .. } => {
                (Standing::LinkProposed, Some(reason.into()), Some(evidence_ref.clone()), Some(*proposed_by))
            }
            E::LinkProposalWithdrawn { reason, evidence_ref, .. } => {
                (Standing::NotLinked, Some(reason.into()), evidence_ref.clone(), actor)
            }
            E::Linked { reason, evidence_ref, confirmed_by, .. } => {
                (Standing::Linked, Some(reason.into()), Some(evidence_ref.clone()), Some(*confirmed_by))
            }
            E::UnlinkProposed { reason, evidence_ref, proposed_by, .. } => {
                (Standing::UnlinkProposed, Some(reason.into()), evidence_ref.clone(), Some(*proposed_by))
            }
            E::UnlinkProposalWithdrawn { reason, evidence_ref, .. } => {
                (Standing::Linked, Some(reason.into()), Some(evidence_ref.clone()), actor)
            }
            E::Unlinked { reason, evidence_ref, confirmed_by, .. } => {
                (Standing::Unlinked, Some(reason.into()), evidence_ref.clone(), Some(*confirmed_by))
            }
            E::Erased { .. } => return,
        };
        let (reason, at) = (reason.map(str::to_owned), event.recorded_at);
        self.relations.push(Relation { other, asked_by, standing, evidence, reason, evidence_ref, by, at });
    }

    fn erase(&mut self, classes: &RecordClasses, ground: ErasureGround, event: &Recorded) {
        let erasure = Erasure::of(classes);
        for departure in &mut self.departures {
            erasure.fact(RecordClass::Statutory, &mut departure.employee_number);
            erasure.fact(RecordClass::Statutory, &mut departure.hired_on);
            erasure.fact(RecordClass::Statutory, &mut departure.left_on);
        }
        for employment in &mut self.employments {
            erasure.fact(RecordClass::Statutory, &mut employment.employee_number);
            erasure.fact(RecordClass::Statutory, &mut employment.from);
            erasure.fact(RecordClass::Statutory, &mut employment.to);
        }
        for relation in &mut self.relations {
            erasure.fact(RecordClass::Statutory, &mut relation.evidence_ref);
        }
        let (at, position) = (event.recorded_at, event.position);
        self.erased.push(Erased { classes: classes.clone(), ground, at, position });
    }
}

impl Standing {
    /// Whether the two records count as one person.
    const fn holds(self) -> bool {
        matches!(self, Self::Linked | Self::UnlinkProposed)
    }

    const fn state(self) -> State {
        match self {
            Self::Dismissed | Self::NotLinked | Self::Unlinked => State::Apart,
            Self::Linked => State::Linked,
            Self::MatchPossible => State::MatchPossible,
            Self::LinkProposed => State::LinkProposed,
            Self::UnlinkProposed => State::UnlinkProposed,
        }
    }
}

/// Whether an event brings somebody into the records. What a stranger claims makes nobody known; an approver does.
const fn makes_known(what: &HrEvent) -> bool {
    match what {
        HrEvent::Departure(DepartureEvent::Recorded(_))
        | HrEvent::Employment(EmploymentEvent::Recorded(_))
        | HrEvent::Member(MemberEvent::Approved { .. })
        | HrEvent::Person(_) => true,
        HrEvent::Member(MemberEvent::Registered(registered)) => match registered.via {
            RegisteredVia::Invitation { .. } => true,
            RegisteredVia::SelfClaim { .. } => false,
        },
        HrEvent::Departure(_)
        | HrEvent::Employment(_)
        | HrEvent::Member(_)
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
        | HrEvent::IncumbentPart(_) => false,
    }
}

/// The other record of a relation.
const fn other(what: &PersonEvent) -> Option<PersonId> {
    use PersonEvent as E;
    match what {
        E::PossibleMatchNoted { other, .. }
        | E::MatchDismissed { other, .. }
        | E::LinkProposed { other, .. }
        | E::LinkProposalWithdrawn { other, .. }
        | E::Linked { other, .. }
        | E::UnlinkProposed { other, .. }
        | E::UnlinkProposalWithdrawn { other, .. }
        | E::Unlinked { other, .. } => Some(*other),
        E::Erased { .. } => None,
    }
}
