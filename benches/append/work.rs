//! What is sent: two commands on each stream, the same for every contestant.
//!
//! [`Referrals`] is what nothing follows from, as nothing follows in the stock store: `submit` writes one event, seals three
//! personal values under a new key and sets a timer; `accept-as-candidate` loads that event, writes two, takes a claim and
//! moves the timer. The bars are measured with it.
//! [`Flags`] is followed by a look for live cases of the same person before it is answered: `raise` takes a claim, sets a
//! timer and seals a value, `review` moves the timer and seals another.
//! [`Departures`] is the engine's most frequent work: `record` writes two events, seven sealed values under two keys, two
//! claims, a timer and about a dozen search tokens, and is followed by a search for the same person elsewhere before it is
//! answered; `record-exit-interview` writes one event.

use std::collections::BTreeSet;
use std::fmt::Debug;

use aggregates::catalogue::HrEvent;
use aggregates::departure::{Departure, DepartureCommand, DepartureEvent, EndedEmployment, Recorded, Source};
use aggregates::eligibility::SeparationReason;
use aggregates::employment::{EmploymentKind, Span};
use aggregates::ids::{ActorId, PersonId, VaultRef};
use aggregates::issued::{Actor, ActorKind};
use aggregates::no_rehire_flag::{
    FlagReason, Grounds, NoRehireFlag, NoRehireFlagCommand, NoRehireFlagEvent, ReviewDecision,
};
use aggregates::personal::{Personal, RecordClass, Sealed};
use aggregates::referral::{
    CandidateDetails, CandidateHistory, Likeness, Referral, ReferralCommand, ReferralEvent, ReferrerClass,
    ReferrerRelation, Relationship, Submitting, Vacancy,
};
use aggregates::stream::Stream;
use aggregates::values::{EmploymentType, Money, PersonDetails};
use chrono::{Days, NaiveDate, Utc};
use okaeri::employer::Employer;
use okaeri::ledger::Token;
use okaeri::search::{Known, departure_tokens};
use projections::model::ReadModel;
use uuid::Uuid;

/// The first command on a stream, or the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    First,
    Second,
}

/// How personal values are handed in.
#[derive(Clone, Copy)]
pub enum Form {
    /// In the clear: the ledger seals them.
    Clear,
    /// As they stand in events: the stock store has no vault.
    Sealed,
}

impl Form {
    fn of<T>(self, class: RecordClass, value: T) -> Personal<T> {
        match self {
            Self::Clear => Personal::new(class, value),
            Self::Sealed => {
                let reference = Uuid::now_v7();
                let half = reference.simple().to_string();
                Personal::Sealed(Sealed { reference: VaultRef(reference), commitment: half.repeat(2) })
            }
        }
    }
}

/// Two commands on each stream of one kind.
pub trait Work: Debug + Send + Sync + 'static {
    /// The aggregate.
    type Stream: Stream<Order: Clone + Sync, Event: 'static, Error: Debug + Send + Sync> + Debug + 'static;
    /// The read model that shows it.
    type Model: ReadModel + Debug;
    /// Its name in the report; empty for the work on which the bars are measured.
    const NAME: &'static str;
    /// The commands' names.
    const COMMANDS: [&'static str; 2];

    /// What is asked in a turn of stream `id`.
    fn order(turn: Turn, id: Uuid, form: Form) -> <Self::Stream as Stream>::Order;

    /// The search tokens that go in with it.
    fn tokens(turn: Turn, id: Uuid, employer: &Employer) -> Vec<Token>;

    /// The event as the catalogue has it.
    fn catalogued(event: <Self::Stream as cqrs_es::Aggregate>::Event) -> HrEvent;

    /// The event as the stock store can read it again.
    fn sealed(event: <Self::Stream as cqrs_es::Aggregate>::Event) -> <Self::Stream as cqrs_es::Aggregate>::Event;
}

/// The second command is given by another person than the first.
pub fn actor(turn: Turn) -> Actor {
    let id = match turn {
        Turn::First => 0xa11ce,
        Turn::Second => 0xb0b,
    };
    Actor { id: ActorId(Uuid::from_u128(id)), kind: ActorKind::Person }
}

fn today() -> NaiveDate {
    Utc::now().date_naive()
}

/// The person of a stream: as random as its id.
pub fn person(id: Uuid) -> PersonId {
    PersonId(Uuid::from_u128(id.as_u128() ^ 1))
}

/// Referrals: made, then agreed to.
#[derive(Debug)]
pub struct Referrals;

impl Work for Referrals {
    type Stream = Referral;
    type Model = projections::referrals::Referral;
    const NAME: &'static str = "";
    const COMMANDS: [&'static str; 2] = ["referrals.submit", "referrals.accept-as-candidate"];

    fn order(turn: Turn, id: Uuid, form: Form) -> ReferralCommand {
        match turn {
            Turn::First => {
                let span = Span {
                    legal_entity: "Okaeri K.K.".to_owned(),
                    from: today() - Days::new(1_000),
                    to: None,
                    kind: EmploymentKind::Primary,
                };
                ReferralCommand::Submit(Box::new(Submitting {
                    relation: ReferrerRelation {
                        class: ReferrerClass::Employee,
                        on: today(),
                        person_id: Some(PersonId(Uuid::from_u128(0xe3a))),
                        employee_number: Some("E-100".to_owned()),
                        spans: vec![span],
                    },
                    candidate_person_id: person(id),
                    candidate: CandidateDetails {
                        name: form.of(RecordClass::Recruiting, name(id)),
                        email: Some(form.of(RecordClass::Recruiting, format!("{}@example.jp", id.simple()))),
                        phone: Some(form.of(RecordClass::Recruiting, "+81 90 1234 5678".to_owned())),
                    },
                    requisition_id: None,
                    vacancy: Vacancy::Open,
                    legal_entity: "Okaeri K.K.".to_owned(),
                    job_family: Some("sales".to_owned()),
                    relationship: Relationship::FormerColleague,
                    plan: None,
                    exclusions: BTreeSet::new(),
                    likeness: Likeness::NotShown,
                    paid_in_twelve_months: 0,
                    permitted: None,
                }))
            }
            Turn::Second => ReferralCommand::AcceptAsCandidate {
                history: CandidateHistory::NeverEmployed,
                key: id.simple().to_string(),
                duplicate: None,
            },
        }
    }

    fn tokens(_: Turn, _: Uuid, _: &Employer) -> Vec<Token> {
        vec![]
    }

    fn catalogued(event: ReferralEvent) -> HrEvent {
        HrEvent::Referral(event)
    }

    fn sealed(event: ReferralEvent) -> ReferralEvent {
        event
    }
}

/// No-rehire flags: raised, then upheld.
#[derive(Debug)]
pub struct Flags;

impl Work for Flags {
    type Stream = NoRehireFlag;
    type Model = projections::no_rehire_flags::NoRehireFlag;
    const NAME: &'static str = "flags: ";
    const COMMANDS: [&'static str; 2] = ["no-rehire-flags.raise", "no-rehire-flags.review"];

    fn order(turn: Turn, id: Uuid, form: Form) -> NoRehireFlagCommand {
        match turn {
            Turn::First => NoRehireFlagCommand::Raise {
                person_id: person(id),
                grounds: Box::new(Grounds {
                    reason: FlagReason::ConfidentialityBreach,
                    clause: "第74条第2項".to_owned(),
                    evidence_ref: "compliance/2026/0417".to_owned(),
                    appeal_route: "appeals@example.co.jp".to_owned(),
                    expires_on: today() + Days::new(700),
                    note: Some(form.of(RecordClass::Restricted, "took the customer list to a competitor".to_owned())),
                }),
            },
            Turn::Second => NoRehireFlagCommand::Review {
                decision: ReviewDecision::Uphold,
                clause: Some("第74条第2項".to_owned()),
                note: Some(form.of(RecordClass::Restricted, "the server's log shows it".to_owned())),
            },
        }
    }

    fn tokens(_: Turn, _: Uuid, _: &Employer) -> Vec<Token> {
        vec![]
    }

    fn catalogued(event: NoRehireFlagEvent) -> HrEvent {
        HrEvent::NoRehireFlag(event)
    }

    fn sealed(event: NoRehireFlagEvent) -> NoRehireFlagEvent {
        event
    }
}

/// Departures: recorded ahead, then an exit interview.
#[derive(Debug)]
pub struct Departures;

/// A name that few others have: the same for the order and for its tokens.
fn name(id: Uuid) -> String {
    const FAMILY: [&str; 16] = [
        "佐藤",
        "鈴木",
        "高橋",
        "田中",
        "伊藤",
        "渡辺",
        "山本",
        "中村",
        "小林",
        "加藤",
        "吉田",
        "山田",
        "佐々木",
        "山口",
        "松本",
        "井上",
    ];
    const GIVEN: [char; 16] =
        ['花', '子', '健', '太', '美', '咲', '翔', '愛', '真', '由', '陽', '菜', '大', '輔', '千', '尋'];
    let random = id.as_u128();
    let pick = |shift: u32| usize::try_from((random >> shift) & 15).unwrap_or_default();
    format!("{} {}{}", FAMILY[pick(0)], GIVEN[pick(4)], GIVEN[pick(8)])
}

/// The second command as the API takes it.
pub fn exit_interview() -> String {
    let held_on = today() - Days::new(1);
    format!(r#"{{"held_on":"{held_on}","wishes_to_return":true,"notes":"would come back for a team to lead"}}"#)
}

fn birth_date(id: Uuid) -> NaiveDate {
    let day = u64::try_from((id.as_u128() >> 16) & 0x3fff).unwrap_or_default();
    NaiveDate::default() + Days::new(day)
}

impl Work for Departures {
    type Stream = Departure;
    type Model = projections::departures::Departure;
    const NAME: &'static str = "departures: ";
    const COMMANDS: [&'static str; 2] = ["departures.record", "departures.record-exit-interview"];

    fn order(turn: Turn, id: Uuid, form: Form) -> DepartureCommand {
        let today = today();
        match turn {
            Turn::First => DepartureCommand::Record {
                record: Box::new(Recorded {
                    person_id: person(id),
                    legal_entity: "Okaeri K.K.".to_owned(),
                    employee_number: id.simple().to_string(),
                    previous_employee_number: None,
                    person: PersonDetails {
                        name: form.of(RecordClass::Statutory, name(id)),
                        name_kana: Some(form.of(RecordClass::Statutory, "ヤマダ ハナコ".to_owned())),
                        email: Some(form.of(RecordClass::Statutory, format!("{}@example.jp", id.simple()))),
                        phone: Some(form.of(RecordClass::Statutory, "+81 90 1234 5678".to_owned())),
                        birth_date: Some(form.of(RecordClass::Statutory, birth_date(id))),
                    },
                    employment: EndedEmployment {
                        hired_on: today - Days::new(2_000),
                        left_on: today + Days::new(40),
                        department: Some("営業部".to_owned()),
                        job_family: Some("sales".to_owned()),
                        job_title: Some("主任".to_owned()),
                        grade: Some("G4".to_owned()),
                        location: Some("大阪".to_owned()),
                        employment_type: EmploymentType::Regular,
                        base_salary: Some(Money { amount: 6_400_000, currency: "JPY".to_owned() }),
                    },
                    reason: form.of(RecordClass::Restricted, SeparationReason::CareerChange),
                    wishes_to_return: Some(true),
                    source: Source::Api,
                }),
                reason: SeparationReason::CareerChange,
            },
            Turn::Second => DepartureCommand::RecordExitInterview {
                held_on: today - Days::new(1),
                wishes_to_return: Some(true),
                notes: Some(form.of(RecordClass::Restricted, "would come back for a team to lead".to_owned())),
            },
        }
    }

    fn tokens(turn: Turn, id: Uuid, employer: &Employer) -> Vec<Token> {
        match turn {
            Turn::First => {
                let (name, email) = (name(id), format!("{}@example.jp", id.simple()));
                let known = Known {
                    name: Some(&name),
                    name_kana: Some("ヤマダ ハナコ"),
                    email: Some(&email),
                    birth_date: Some(birth_date(id)),
                };
                departure_tokens(&employer.keys, id, person(id).0, known)
            }
            Turn::Second => vec![],
        }
    }

    fn catalogued(event: DepartureEvent) -> HrEvent {
        HrEvent::Departure(event)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "every other event is sent as it is")]
    fn sealed(event: DepartureEvent) -> DepartureEvent {
        match event {
            // The aggregate hands the reason on in the clear, whatever form it came in.
            DepartureEvent::Recorded(mut recorded) => {
                recorded.reason = Form::Sealed.of(RecordClass::Restricted, SeparationReason::CareerChange);
                DepartureEvent::Recorded(recorded)
            }
            other => other,
        }
    }
}
