//! Given events, then documents: a log to write in, and an engine that folds it as the feed does.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::marker::PhantomData;
use std::path::Path;

use aggregates::application::ApplicationEvent;
use aggregates::catalogue::HrEvent;
use aggregates::departure::DepartureEvent;
use aggregates::employment::EmploymentEvent;
use aggregates::ids::{PersonId, VaultRef};
use aggregates::member::MemberEvent;
use aggregates::no_rehire_flag::NoRehireFlagEvent;
use aggregates::offer::OfferEvent;
use aggregates::person::{ErasureCertificate, ErasureGround, PersonEvent, RecordClasses};
use aggregates::personal::{Personal, RecordClass, Sealed};
use aggregates::referral::ReferralEvent;
use aggregates::reward::RewardEvent;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use projections::model::{ReadModel, Recorded, Route};
use serde_json::Value;
use uuid::Uuid;

/// The events of one employer, in order.
#[derive(Clone, Debug)]
pub struct Log {
    events: Vec<Recorded>,
    today: NaiveDate,
    actor: Uuid,
    sequences: HashMap<Uuid, i64>,
    subjects: HashMap<Uuid, PersonId>,
}

impl Log {
    /// Nothing has happened by this day.
    pub fn on(today: &str) -> Self {
        Self {
            events: Vec::new(),
            today: day(today),
            actor: uuid(90),
            sequences: HashMap::new(),
            subjects: HashMap::new(),
        }
    }

    /// The day on which the next events happen.
    pub fn later(mut self, today: &str) -> Self {
        self.today = day(today);
        self
    }

    /// An event of a stream.
    pub fn then(mut self, stream: Uuid, event: impl Into<HrEvent>) -> Self {
        self.push(stream, event.into());
        self
    }

    /// Several events of a stream.
    pub fn all<E: Into<HrEvent>>(self, stream: Uuid, events: impl IntoIterator<Item = E>) -> Self {
        events.into_iter().fold(self, |log, event| log.then(stream, event))
    }

    /// An event of a stream.
    pub fn push(&mut self, stream_id: Uuid, event: HrEvent) {
        let sequence = self.sequences.entry(stream_id).or_insert(0);
        *sequence += 1;
        self.subjects.extend(named(stream_id, &event).map(|person| (stream_id, person)));
        self.events.push(Recorded {
            position: i64::try_from(self.events.len()).expect("a short log") + 1,
            stream_id,
            sequence: *sequence,
            recorded_at: instant(self.today),
            on: self.today,
            actor: Some(self.actor),
            role: Some("people_ops".to_owned()),
            subject: self.subjects.get(&stream_id).copied(),
            event,
        });
    }

    /// What happened.
    pub fn events(&self) -> &[Recorded] {
        &self.events
    }

    /// The last thing that happened.
    pub fn last(&self) -> &Recorded {
        self.events.last().expect("something happened")
    }

    /// The documents of a model after all of it.
    pub fn documents<M: ReadModel>(&self) -> Documents<M> {
        let mut documents = Documents::default();
        documents.fold(&self.events);
        documents
    }

    /// One document after all of it.
    #[track_caller]
    pub fn document<M: ReadModel>(&self, id: Uuid) -> M {
        self.documents().get(id).unwrap_or_else(|| panic!("{} has no document {id}", M::NAME))
    }
}

/// Whom an event says that its stream is about from now on, which every later event is recorded with.
fn named(stream_id: Uuid, event: &HrEvent) -> Option<PersonId> {
    match event {
        HrEvent::Departure(DepartureEvent::Recorded(recorded)) => Some(recorded.person_id),
        HrEvent::Employment(EmploymentEvent::Recorded(recorded)) => Some(recorded.person_id),
        HrEvent::Member(MemberEvent::Registered(registered)) => Some(registered.person_id),
        HrEvent::Member(MemberEvent::Approved { person_id, .. })
        | HrEvent::NoRehireFlag(NoRehireFlagEvent::Raised { person_id, .. }) => Some(*person_id),
        HrEvent::Application(ApplicationEvent::Submitted(submitted)) => Some(submitted.person_id),
        HrEvent::Offer(OfferEvent::Drafted(drafted)) => Some(drafted.person_id),
        HrEvent::Referral(ReferralEvent::Submitted(submitted)) => Some(submitted.candidate_person_id),
        HrEvent::Reward(RewardEvent::Planned(planned)) => planned.payee_person_id,
        HrEvent::Person(_) => Some(PersonId(stream_id)),
        HrEvent::Application(_)
        | HrEvent::Offer(_)
        | HrEvent::Referral(_)
        | HrEvent::Reward(_)
        | HrEvent::Requisition(_)
        | HrEvent::RewardPlan(_)
        | HrEvent::PayPolicy(_)
        | HrEvent::ProgrammePolicy(_)
        | HrEvent::PayBands(_)
        | HrEvent::Access(_)
        | HrEvent::IncumbentSnapshot(_)
        | HrEvent::IncumbentPart(_)
        | HrEvent::Departure(_)
        | HrEvent::Employment(_)
        | HrEvent::Member(_)
        | HrEvent::NoRehireFlag(_)
        | HrEvent::FollowUp(_) => None,
    }
}

/// The documents of one model as a store holds them: text.
#[derive(Clone)]
pub struct Documents<M> {
    bodies: BTreeMap<Uuid, String>,
    model: PhantomData<M>,
}

impl<M> Default for Documents<M> {
    fn default() -> Self {
        Self { bodies: BTreeMap::new(), model: PhantomData }
    }
}

impl<M: ReadModel> Documents<M> {
    /// Folds one batch: loads what its routes name, folds in memory, writes back what was touched.
    pub fn fold(&mut self, events: &[Recorded]) {
        let routes: Vec<Vec<Route>> = events.iter().map(M::routes).collect();
        let loaded = self.bodies.iter().filter(|(id, body)| {
            routes.iter().flatten().any(|route| match route {
                Route::One(one) => one == *id,
                Route::Where(filter, value) => text(body, filter).as_deref() == Some(value),
            })
        });
        let mut documents: BTreeMap<Uuid, Option<M>> =
            loaded.map(|(id, body)| (*id, Some(serde_json::from_str(body).expect("a stored document")))).collect();
        let mut touched = BTreeSet::new();
        for (event, routes) in events.iter().zip(routes) {
            let mut ids = BTreeSet::new();
            for route in routes {
                match route {
                    Route::One(id) => {
                        ids.insert(id);
                    }
                    Route::Where(filter, value) => {
                        assert!(M::FILTERS.contains(&filter), "{} has no filter {filter}", M::NAME);
                        let matching = documents.iter().filter(|(_, document)| {
                            let body = document.as_ref().map(|document| serde_json::to_string(document).expect("JSON"));
                            body.and_then(|body| text(&body, filter)).as_ref() == Some(&value)
                        });
                        ids.extend(matching.map(|(id, _)| *id));
                    }
                }
            }
            for id in ids {
                let before = documents.remove(&id).flatten();
                documents.insert(id, M::fold(id, before, event));
                touched.insert(id);
            }
        }
        for id in touched {
            match documents.remove(&id).flatten() {
                Some(document) => self.bodies.insert(id, serde_json::to_string(&document).expect("JSON")),
                None => self.bodies.remove(&id),
            };
        }
    }

    /// One document.
    pub fn get(&self, id: Uuid) -> Option<M> {
        self.bodies.get(&id).map(|body| serde_json::from_str(body).expect("a stored document"))
    }

    /// Every document, in the order of lists.
    pub fn list(&self) -> Vec<M> {
        let mut list: Vec<M> =
            self.bodies.values().map(|body| serde_json::from_str(body).expect("a stored document")).collect();
        list.sort_by_key(ReadModel::sort_key);
        list
    }

    /// Every document as stored.
    pub fn bodies(&self) -> BTreeMap<Uuid, Value> {
        self.bodies.iter().map(|(id, body)| (*id, serde_json::from_str(body).expect("JSON"))).collect()
    }

    /// Every document's text and sort key, for comparison.
    pub fn stored(&self) -> Vec<(Uuid, Value, String)> {
        let keyed = |(id, body): (&Uuid, &String)| {
            let document: M = serde_json::from_str(body).expect("a stored document");
            (*id, serde_json::from_str(body).expect("JSON"), document.sort_key())
        };
        self.bodies.iter().map(keyed).collect()
    }
}

fn text(body: &str, member: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).expect("JSON");
    body.get(member).and_then(Value::as_str).map(str::to_owned)
}

/// A calendar day, `YYYY-MM-DD`.
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Noon in Tokyo on a day.
pub fn instant(on: NaiveDate) -> DateTime<Utc> {
    on.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(3)
}

/// A fixed UUIDv7 for each number.
pub fn uuid(number: u64) -> Uuid {
    Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 | u128::from(number))
}

/// A personal value as an event holds it; a number is one and the same value.
pub fn sealed<T>(number: u64) -> Personal<T> {
    Personal::Sealed(Sealed { reference: VaultRef(uuid(0xface_0000 | number)), commitment: format!("{number:064x}") })
}

/// Whether a list can be filtered by a member of a document as stored: it is text, or null while there is nothing to say.
pub fn may_be_filtered_by(shown: &Value, filter: &str) -> bool {
    shown.get(filter).is_some_and(|value| value.is_string() || value.is_null())
}

/// What is recorded when a person's data of these classes is destroyed at their own request.
pub fn erased(person: Uuid, classes: RecordClasses) -> PersonEvent {
    let (person_id, certificate) = (PersonId(person), ErasureCertificate::default());
    PersonEvent::Erased { person_id, classes, ground: ErasureGround::PersonRequest, certificate }
}

/// Some of the classes that personal data belong to.
pub fn only<const N: usize>(classes: [RecordClass; N]) -> RecordClasses {
    RecordClasses::Only(BTreeSet::from(classes))
}

/// One sample or more of every event of an aggregate, from the stored forms that the aggregates pin.
pub fn samples(aggregate: &str) -> Vec<HrEvent> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../aggregates/tests/goldens").join(format!("{aggregate}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let forms: Vec<Value> = serde_json::from_str(&text).expect("a golden is a list");
    let read = |form: &Value| {
        let full_type = format!("{aggregate}.{}", form["type"].as_str().expect("a type"));
        HrEvent::decode(&full_type, 1, &form.to_string()).expect("a golden is readable")
    };
    forms.iter().flat_map(read).collect()
}

/// The first sample of a type of event, by its full name.
pub fn sample(full_type: &str) -> HrEvent {
    let aggregate = full_type.split_once('.').expect("a full name").0;
    samples(aggregate).into_iter().find(|event| event.full_type() == full_type).expect("a sample")
}

/// The aggregates.
pub const AGGREGATES: [&str; 18] = [
    "departure",
    "member",
    "employment",
    "person",
    "no_rehire_flag",
    "follow_up",
    "requisition",
    "application",
    "offer",
    "referral",
    "reward",
    "reward_plan",
    "pay_policy",
    "programme_policy",
    "pay_bands",
    "incumbent_snapshot",
    "incumbent_part",
    "access",
];
