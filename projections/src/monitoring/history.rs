//! What the log tells that monitoring reads, each with the local day on which it was recorded.

use std::collections::{BTreeMap, BTreeSet};

use aggregates::application::ApplicationEvent;
use aggregates::catalogue::HrEvent;
use aggregates::departure::DepartureEvent;
use aggregates::ids::{ActorId, PersonId, SnapshotId, VaultRef};
use aggregates::incumbents::{IncumbentSnapshotEvent, Snapshot};
use aggregates::member::MemberEvent;
use aggregates::offer::{Assessed, ExceptionDecision, OfferEvent, RemedyPlan};
use aggregates::pay::{Fraction, Ratio};
use aggregates::pay_bands::{BandVersion, PayBandsEvent};
use aggregates::pay_policy::PayPolicyEvent;
use aggregates::person::PersonEvent;
use aggregates::personal::RecordClass;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::Month;
use crate::model::Recorded;

/// The types of event that are read; a name that ends in a dot stands for all of a stream's.
pub const TYPES: [&str; 14] = [
    "application.submitted",
    "application.rejoined",
    "departure.recorded",
    "departure.corrected",
    "departure.invited",
    "incumbent_snapshot.imported",
    "member.",
    "offer.",
    "pay_bands.imported",
    "pay_policy.drafted",
    "pay_policy.published",
    "pay_policy.retired",
    "pay_policy.revised",
    "person.",
];

/// Something with the local day on which it was recorded.
pub(super) type Dated<T> = (NaiveDate, T);

/// What monitoring reads of the log, in the order of the log for each kind of stream.
#[derive(Clone, Debug, Default)]
pub struct History {
    pub(super) offers: BTreeMap<Uuid, Offer>,
    pub(super) departures: BTreeMap<Uuid, Departure>,
    pub(super) applied: Vec<Dated<Applied>>,
    pub(super) rejoined: Vec<Dated<Rejoined>>,
    pub(super) declared: Vec<Dated<(PersonId, Option<VaultRef>)>>,
    pub(super) links: Vec<Dated<(PersonId, PersonId, Link)>>,
    pub(super) erased: BTreeMap<PersonId, Erased>,
    pub(super) snapshots: Vec<Dated<(SnapshotId, Snapshot)>>,
    pub(super) bands: Vec<Dated<BandVersion>>,
    pub(super) policies: BTreeMap<Uuid, Policy>,
}

/// An offer, and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    pub(super) application: Uuid,
    pub(super) person: PersonId,
    pub(super) legal_entity: String,
    pub(super) unit: Option<String>,
    pub(super) steps: Vec<(DateTime<Utc>, Dated<Step>)>,
}

/// A step of an offer.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Other terms: what was found before no longer stands.
    Revised,
    Assessed(Box<Found>),
    ExceptionRequested(Option<RemedyPlan>),
    ExceptionGranted,
    ApprovalRequested,
    /// By whom, and whether it was the last.
    Approved(ActorId, bool),
    Extended,
    Accepted,
    /// So much a year of a plan to remedy was carried out, and whether that was the rest of it.
    Remedied(i64, bool),
    Ended,
}

/// What an assessment found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) grade: String,
    pub(super) compa_ratio: Option<Fraction>,
    pub(super) stayer_ratio: Option<Fraction>,
    pub(super) leapfrogged: u32,
    pub(super) qualified: Option<u32>,
    pub(super) remedy_cost: Fraction,
}

#[derive(Clone, Debug)]
pub(super) struct Departure {
    pub(super) person: PersonId,
    pub(super) legal_entity: String,
    /// The number and the first day of the employment, each from the day on which they were recorded.
    pub(super) employments: Vec<Dated<(String, NaiveDate)>>,
    /// The first invitation.
    pub(super) invited: Option<NaiveDate>,
}

#[derive(Clone, Debug)]
pub(super) struct Applied {
    pub(super) application: Uuid,
    pub(super) person: PersonId,
    pub(super) legal_entity: String,
}

#[derive(Clone, Debug)]
pub(super) struct Rejoined {
    pub(super) application: Uuid,
    pub(super) employee_number: String,
    pub(super) started_on: NaiveDate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    Linked,
    Unlinked,
}

/// How small a group a pay policy lets be told of, version by version.
#[derive(Clone, Debug, Default)]
pub(super) struct Policy {
    legal_entity: String,
    /// k of each version, published or not.
    drafted: BTreeMap<u32, u32>,
    /// From when on which k governs.
    published: Vec<Dated<(NaiveDate, u32)>>,
    /// The first day on which it governs no more.
    retired: Option<Dated<NaiveDate>>,
}

impl Policy {
    /// The largest k that governed on some day of a month, as it was recorded by its end.
    fn smallest_group(&self, month: Month) -> Option<u32> {
        let (first, end) = (month.first_day(), month.last_day());
        let known: Vec<(NaiveDate, u32)> =
            self.published.iter().filter(|(on, _)| *on <= end).map(|(_, version)| *version).collect();
        let governed = known.iter().enumerate().filter(|(nth, (from, _))| {
            let later = known.iter().skip(nth + 1).map(|(from, _)| *from);
            let retired = self.retired.filter(|(on, _)| *on <= end).map(|(_, effective_from)| effective_from);
            let until = later.chain(retired).min();
            *from <= end && until.is_none_or(|until| until > first && until > *from)
        });
        governed.map(|(_, (_, least))| *least).max()
    }
}

/// When data of a person that monitoring reads was erased.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Erased {
    pub(super) groups: Option<NaiveDate>,
    pub(super) pay: Option<NaiveDate>,
}

impl History {
    /// Takes in an event. The order matters within a kind of stream alone.
    pub fn add(&mut self, event: &Recorded) {
        let on = event.on;
        match &event.event {
            HrEvent::Offer(what) => self.offer(what, event),
            HrEvent::Departure(what) => self.departure(what, event),
            HrEvent::Application(ApplicationEvent::Submitted(submitted)) => {
                let (person, legal_entity) = (submitted.person_id, submitted.legal_entity.clone());
                self.applied.push((on, Applied { application: event.stream_id, person, legal_entity }));
            }
            HrEvent::Application(ApplicationEvent::Rejoined(rejoined)) => {
                let (employee_number, started_on) = (rejoined.employee_number.clone(), rejoined.started_on);
                self.rejoined.push((on, Rejoined { application: event.stream_id, employee_number, started_on }));
            }
            // Until a claim was approved, what its member declared stood under a person made up for it.
            HrEvent::Member(MemberEvent::Approved { person_id, registered_as: Some(made_up), .. }) => {
                self.links.push((on, (*made_up, *person_id, Link::Linked)));
            }
            HrEvent::Member(MemberEvent::GroupDeclared { group }) => {
                if let Some(person) = event.subject {
                    self.declared.push((on, (person, group.reference())));
                }
            }
            HrEvent::Member(MemberEvent::GroupDeclarationWithdrawn) => {
                if let Some(person) = event.subject {
                    self.declared.push((on, (person, None)));
                }
            }
            HrEvent::Person(what) => self.person(what, event),
            HrEvent::IncumbentSnapshot(IncumbentSnapshotEvent::Imported { snapshot, .. }) => {
                self.snapshots.push((on, (SnapshotId(event.stream_id), (**snapshot).clone())));
            }
            HrEvent::PayBands(PayBandsEvent::Imported { version, .. }) => self.bands.push((on, (**version).clone())),
            HrEvent::PayPolicy(what) => self.policy(what, event),
            HrEvent::Application(_)
            | HrEvent::Member(_)
            | HrEvent::Employment(_)
            | HrEvent::NoRehireFlag(_)
            | HrEvent::FollowUp(_)
            | HrEvent::Requisition(_)
            | HrEvent::Referral(_)
            | HrEvent::Reward(_)
            | HrEvent::RewardPlan(_)
            | HrEvent::ProgrammePolicy(_)
            | HrEvent::IncumbentPart(_)
            | HrEvent::Access(_) => {}
        }
    }

    fn offer(&mut self, what: &OfferEvent, event: &Recorded) {
        use OfferEvent as E;
        if let E::Drafted(drafted) = what {
            let offer = Offer {
                application: drafted.application_id.0,
                person: drafted.person_id,
                legal_entity: drafted.legal_entity.clone(),
                unit: drafted.line.approver_unit.clone(),
                steps: Vec::new(),
            };
            self.offers.insert(event.stream_id, offer);
            return;
        }
        let step = match what {
            E::Revised { changed, .. } if !changed.is_empty() => Step::Revised,
            E::Assessed(assessed) => Step::Assessed(Box::new(Found::of(assessed))),
            E::ExceptionRequested { exception, .. } => Step::ExceptionRequested(exception.remedy.clone()),
            E::ExceptionDecided { decision: ExceptionDecision::Granted, .. } => Step::ExceptionGranted,
            E::ApprovalRequested { .. } => Step::ApprovalRequested,
            E::Approved { approved_by, missing, .. } => Step::Approved(*approved_by, *missing == 0),
            E::ApprovalForced { forced_by, .. } => Step::Approved(*forced_by, true),
            E::Extended(_) => Step::Extended,
            E::Accepted { .. } => Step::Accepted,
            E::RemedyRecorded { remedied, fulfilled, .. } => Step::Remedied(remedied.amount.amount, *fulfilled),
            E::Declined { .. } | E::Expired { .. } | E::Rescinded { .. } | E::Lapsed { .. } | E::Refused { .. } => {
                Step::Ended
            }
            E::Drafted(_)
            | E::Revised { .. }
            | E::LabourChecked { .. }
            | E::ExceptionDecided { .. }
            | E::SentBack { .. }
            | E::ConflictDeclared { .. }
            | E::ApprovalDelegated { .. }
            | E::ExpiryExtended { .. }
            | E::PayChanged(_)
            | E::DocumentRecorded { .. }
            | E::RangeReviewOpened { .. }
            | E::RangeReviewed { .. }
            | E::OneOffRecorded(_)
            | E::DutiesNoted { .. }
            | E::DutyDone { .. }
            | E::ExplanationRequested { .. }
            | E::ExplanationGiven { .. }
            | E::Settled { .. } => return,
        };
        if let Some(offer) = self.offers.get_mut(&event.stream_id) {
            offer.steps.push((event.recorded_at, (event.on, step)));
        }
    }

    fn departure(&mut self, what: &DepartureEvent, event: &Recorded) {
        let known = self.departures.get_mut(&event.stream_id);
        match (known, what) {
            (None, DepartureEvent::Recorded(record)) => {
                let departure = Departure {
                    person: record.person_id,
                    legal_entity: record.legal_entity.clone(),
                    employments: vec![(event.on, (record.employee_number.clone(), record.employment.hired_on))],
                    invited: None,
                };
                self.departures.insert(event.stream_id, departure);
            }
            (Some(known), DepartureEvent::Corrected { changes, .. }) => {
                if let Some((_, (number, hired_on))) = known.employments.last() {
                    let number = changes.employee_number.as_ref().unwrap_or(number).clone();
                    let hired_on = changes.hired_on.unwrap_or(*hired_on);
                    known.employments.push((event.on, (number, hired_on)));
                }
            }
            (Some(known), DepartureEvent::Invited { .. }) => known.invited = known.invited.or(Some(event.on)),
            _ => {}
        }
    }

    fn person(&mut self, what: &PersonEvent, event: &Recorded) {
        let this = PersonId(event.stream_id);
        if let PersonEvent::Linked { other, .. } = what {
            self.links.push((event.on, (this, *other, Link::Linked)));
        } else if let PersonEvent::Unlinked { other, .. } = what {
            self.links.push((event.on, (this, *other, Link::Unlinked)));
        } else if let PersonEvent::Erased { person_id, classes, .. } = what {
            let erased = self.erased.entry(*person_id).or_default();
            if classes.contains(RecordClass::Monitoring) {
                erased.groups = erased.groups.or(Some(event.on));
            }
            if classes.contains(RecordClass::PayDecision) {
                erased.pay = erased.pay.or(Some(event.on));
            }
        }
    }

    fn policy(&mut self, what: &PayPolicyEvent, event: &Recorded) {
        use PayPolicyEvent as E;
        let policy = self.policies.entry(event.stream_id).or_default();
        if let E::Drafted { terms, .. } = what {
            policy.legal_entity.clone_from(&terms.legal_entity);
            policy.drafted.insert(1, terms.smallest_group);
        } else if let E::Revised { version, terms, .. } = what {
            policy.drafted.insert(*version, terms.smallest_group);
        } else if let E::Published { version, effective_from, .. } = what {
            let least = policy.drafted.get(version).copied().unwrap_or_default();
            policy.published.push((event.on, (*effective_from, least)));
        } else if let E::Retired { effective_from, .. } = what {
            policy.retired = Some((event.on, *effective_from));
        }
    }

    /// k of a month: what the pay policy that governed an entity then lays down, whatever became of it since; nothing where none
    /// did.
    pub(super) fn smallest_group(&self, legal_entity: &str, month: Month) -> usize {
        let of_entity = self.policies.values().filter(|policy| policy.legal_entity == legal_entity);
        let least = of_entity.filter_map(|policy| policy.smallest_group(month)).max().unwrap_or_default();
        usize::try_from(least).unwrap_or(usize::MAX)
    }

    /// The sealed declarations, to be opened.
    pub fn declarations(&self) -> BTreeSet<VaultRef> {
        self.declared.iter().filter_map(|(_, (_, reference))| *reference).collect()
    }

    /// The snapshots of an entity that a month up to this day could read: their content is to be opened.
    pub fn snapshots_of(&self, legal_entity: &str, until: NaiveDate) -> impl Iterator<Item = &(SnapshotId, Snapshot)> {
        let snapshots =
            self.snapshots.iter().filter(move |(on, (_, one))| *on <= until && one.legal_entity == legal_entity);
        snapshots.map(|(_, one)| one)
    }

    /// The first day of which an entity's reports know anything.
    pub(super) fn begins(&self, legal_entity: &str) -> Option<NaiveDate> {
        let offers = self.offers.values().filter(|offer| offer.legal_entity == legal_entity);
        let offers = offers.filter_map(|offer| offer.steps.first().map(|(_, (on, _))| *on));
        let snapshots =
            self.snapshots.iter().filter(|(_, (_, one))| one.legal_entity == legal_entity).map(|(on, _)| *on);
        let invited = self.departures.values().filter(|one| one.legal_entity == legal_entity);
        let applied = self.applied.iter().filter(|(_, one)| one.legal_entity == legal_entity).map(|(on, _)| *on);
        offers.chain(snapshots).chain(invited.filter_map(|one| one.invited)).chain(applied).min()
    }
}

impl Found {
    fn of(assessed: &Assessed) -> Self {
        let found = &assessed.assessment;
        let value = |ratio: Ratio| ratio.value();
        Self {
            grade: assessed.basis.offered.grade.clone(),
            compa_ratio: value(found.ratios.compa_ratio),
            stayer_ratio: value(found.ratios.stayer_ratio),
            leapfrogged: u32::try_from(found.leapfrogged.len()).unwrap_or(u32::MAX),
            qualified: found.qualified,
            remedy_cost: found.remedy_cost,
        }
    }
}
