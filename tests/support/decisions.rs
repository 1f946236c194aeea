//! Decisions about pay by the thousand: offers of many figures, assessed under one policy against one snapshot, as the log has
//! them. Shared by the tests and the benchmark of proofs.

use std::collections::BTreeSet;
use std::future::Future;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aggregates::application::EligibilityResult;
use aggregates::catalogue::HrEvent;
use aggregates::ids::{ActorId, ApplicationId, MemberId, PayBandsId, PayPolicyId, PersonId, RequisitionId, SnapshotId};
use aggregates::issued::{Actor, ActorKind, Issued};
use aggregates::offer::{
    ApplicationFacts, BandsPin, Basis, Case, ContractTerm, Drafted, Drafting, Hold, Manager, Offer, OfferCommand,
    OfferEvent, Pay, PayAssessment, PolicyPin, Position, Priced, SnapshotPin, Terms,
};
use aggregates::pay::{LastRating, OfferedPay, PolicyTerms, Qualification, RULES, Seat};
use aggregates::pay_policy::{PayPolicy, PayPolicyCommand, policy_version};
use aggregates::requisition::Line;
use aggregates::stream::{Stream as _, full_type};
use aggregates::values::{EmploymentType, Money};
use chrono::{Days, NaiveDate};
use okaeri::dispatch::{Dispatcher, Envelope};
use okaeri::employer::Employer;
use okaeri::feed::Feed;
use okaeri::gather::archive::Archive;
use okaeri::gather::pay;
use okaeri::intake::{Importer, import_incumbents, import_pay_bands};
use okaeri::ledger::{Append, LogQuery, NewEvent, TimerChange};
use tokio::task::JoinSet;
use uuid::Uuid;

const ENTITY: &str = "JP-HQ";
const BANDS: &str = "band_version,effective_from,grade,job_family,location,minimum,midpoint,maximum\n\
    2026-04,2026-04-01,G4,driver,sendai,6000000,7500000,9000000\n";
const HEADING: &str = "employee_number,hired_on,grade,job_family,location,employment_type,base_salary,\
    relevant_experience_months,last_rating,manager_employee_number,on_notice,red_circled";
/// How many work in the cohort that the offers are compared with.
pub const INCUMBENTS: usize = 200;
/// How many are drafted at a time.
const CLIENTS: usize = 32;

/// What the offers are measured by.
pub struct Measure {
    /// The policy.
    pub policy: PolicyTerms,
    basis: Basis,
}

fn person(number: u128) -> Actor {
    Actor { id: ActorId(Uuid::from_u128(number)), kind: ActorKind::Person }
}

fn envelope(employer: &Arc<Employer>, by: Actor, command: &'static str) -> Envelope {
    Envelope {
        actor: by,
        role: "compensation",
        ..Envelope::system(Arc::clone(employer), command, Uuid::now_v7(), None)
    }
}

fn yen(amount: i64) -> Money {
    Money { amount, currency: "JPY".to_owned() }
}

fn incumbents() -> String {
    let mut file = format!("{HEADING}\nA-MANAGER,2010-04-01,G5,driver,sendai,regular,9200000,300,4,,false,false\n");
    for number in 0..INCUMBENTS {
        let (base, months) = (6_100_000 + (number * 7_919) % 2_700_000, 12 + (number * 37) % 300);
        let (rating, notice) = (1 + number % 5, number.is_multiple_of(41));
        file = format!(
            "{file}A-{number:04},2015-04-01,G4,driver,sendai,regular,{base},{months},{rating},A-MANAGER,{notice},false\n"
        );
    }
    file
}

/// The stream of the first event of a type.
async fn stream_of(dispatcher: &Dispatcher, employer: &Employer, event_type: &str) -> Uuid {
    let query = LogQuery { after: 0, limit: 1, event_type: Some(event_type.to_owned()), subject: None };
    let entries = dispatcher.ledger().log(&employer.name, &query).await.expect("the log");
    let entry = entries.first().expect("it is in the log");
    let events = okaeri::feed::decode(entry.position, &entry.leaf, employer.zone).expect("it can be read");
    assert!(events.iter().all(|event| !matches!(event.event, HrEvent::Offer(_))));
    events.first().expect("an event").stream_id
}

/// Takes over bands and incumbents, and publishes a policy.
pub async fn measure(dispatcher: &Arc<Dispatcher>, employer: &Arc<Employer>) -> Measure {
    let importer = Importer {
        envelope: envelope(employer, person(1), "incumbent-snapshots.import"),
        issuer: "test".to_owned(),
        legal_entity: ENTITY.to_owned(),
        covered: None,
    };
    let bands = import_pay_bands(dispatcher, &importer, Some("board/4".to_owned()), Cursor::new(BANDS)).await;
    assert_eq!(bands.expect("bands").accepted, 1);
    let known = import_incumbents(dispatcher, &importer, None, Cursor::new(incumbents())).await.expect("incumbents");
    assert_eq!((known.accepted, known.refused.len()), (INCUMBENTS as u64 + 1, 0));

    let mut terms = PolicyTerms::defaults(ENTITY, "賃金規程第12条");
    for (seat, number) in [(Seat::Hr, 11), (Seat::Compensation, 12), (Seat::DivisionHead, 13), (Seat::Executive, 14)] {
        terms.approvers.insert(seat, BTreeSet::from([person(number).id]));
    }
    let id = Uuid::now_v7();
    let say = |by: u128, command, order| {
        let envelope = envelope(employer, person(by), command);
        async move { dispatcher.send::<PayPolicy>(&envelope, id, order).await.expect("the policy") }
    };
    say(2, "pay-policies.draft", PayPolicyCommand::Draft(Box::new(terms.clone()))).await;
    say(3, "pay-policies.approve", PayPolicyCommand::Approve).await;
    say(2, "pay-policies.publish", PayPolicyCommand::Publish(Box::default())).await;

    let bands_id = PayBandsId(stream_of(dispatcher, employer, "pay_bands.imported").await);
    let snapshot_id = SnapshotId(stream_of(dispatcher, employer, "incumbent_snapshot.imported").await);
    let archive = Archive::of(dispatcher, employer);
    let bands = archive.bands(bands_id).await.expect("the log").expect("bands");
    let snapshot = archive.snapshot(snapshot_id).await.expect("the log").expect("a snapshot");
    let families = BTreeSet::from(["driver".to_owned()]);
    let basis = Basis {
        on: employer.local_date(dispatcher.ledger().now()),
        policy: PolicyPin { policy_id: PayPolicyId(id), version: 1, sha256: pay::hash(&terms).expect("a hash") },
        bands: Some(BandsPin { bands_id, version: bands.value.version.clone(), sha256: bands.value.sha256.clone() }),
        bands_at_exit: None,
        snapshot: Some(SnapshotPin {
            snapshot_id,
            as_of: snapshot.as_of,
            sha256: snapshot.sha256.clone(),
            cohorts: snapshot.cohorts_of("G4", &families).cloned().collect(),
        }),
        snapshot_at_exit: None,
        offered: OfferedPay {
            grade: "G4".to_owned(),
            job_family: "driver".to_owned(),
            location: "sendai".to_owned(),
            employment_type: EmploymentType::Regular,
            base: yen(7_000_000),
            sign_on: None,
            every_year: None,
            starts_on: None,
            items: BTreeSet::new(),
        },
        qualification: Qualification::default(),
        comparison: None,
        line: None,
        in_line: BTreeSet::new(),
        rules: RULES,
        range_told: None,
        stint: None,
        manager: Some(Manager { employee_number: "A-MANAGER".to_owned(), base: None }),
        overdue_remedies: vec![],
    };
    Measure { policy: terms, basis }
}

impl Measure {
    /// What the `nth` offer is assessed by: another base, experience and rating each.
    pub async fn priced(&self, archive: &Archive<'_>, nth: usize) -> Priced {
        let (base, months) = (6_050_000 + (nth * 10_007) % 2_950_000, (nth * 13) % 360);
        let mut basis = self.basis.clone();
        basis.offered.base = yen(i64::try_from(base).expect("a small number"));
        basis.qualification = Qualification {
            experience_months: (!nth.is_multiple_of(29)).then(|| u32::try_from(months).expect("a small number")),
            rating: (!nth.is_multiple_of(7)).then(|| LastRating {
                rating: u8::try_from(1 + nth % 5).expect("a small number"),
                rated_on: NaiveDate::from_ymd_opt(2024, 3, 31).expect("a day"),
            }),
            scarce_skill_ref: None,
            assessed_level_ref: None,
        };
        let sources = pay::sources(archive, &basis).await.expect("the log");
        let facts = pay::read(archive, &self.policy, &basis, &sources).await.expect("the log");
        if let Some(manager) = &mut basis.manager {
            manager.base = facts.manager;
        }
        Priced { basis, policy: self.policy.clone(), facts, edited_lately: BTreeSet::new() }
    }

    fn drafting(priced: Priced) -> Drafting {
        let pin = &priced.basis.policy;
        let starts_on = priced.basis.on + Days::new(40);
        let terms = Terms {
            grade: "G4".to_owned(),
            employment_type: EmploymentType::Regular,
            contract: ContractTerm::Indefinite,
            starts_on,
            location: Some("Sendai".to_owned()),
            location_scope: None,
            duties: Some("ドライバー".to_owned()),
            duties_scope: None,
            weekly_hours: 40,
            probation_months: None,
            pay: Pay {
                base: priced.basis.offered.base.clone(),
                allowances: vec![],
                fixed_overtime: None,
                bonus: None,
                sign_on: None,
            },
        };
        let drafted = Drafted {
            application_id: ApplicationId(Uuid::now_v7()),
            requisition_id: RequisitionId(Uuid::now_v7()),
            person_id: PersonId(Uuid::now_v7()),
            member_id: MemberId(Uuid::now_v7()),
            account: ActorId(Uuid::now_v7()),
            legal_entity: ENTITY.to_owned(),
            line: Line { recruiter: person(21).id, hiring_manager: None, approver_unit: None },
            referrer: None,
            terms_hash: pay::approval_hash(&terms, &priced.basis, None).expect("a hash"),
            terms,
            expires_at: (starts_on - Days::new(10)).and_time(chrono::NaiveTime::MIN).and_utc(),
            pay_policy: policy_version(pin.policy_id, pin.version),
            assessment: PayAssessment::Assessed,
            drafted_by: person(21).id,
        };
        let application = ApplicationFacts {
            case: Case::Ready,
            hold: Hold::None,
            eligibility: EligibilityResult::Eligible,
            rechecked: vec![],
            open: vec![],
        };
        Drafting { drafted, application, position: Position::Open, priced: Some(Box::new(priced)), labour: None }
    }
}

/// Drafts so many offers, as the log would have them of the command. What would follow from them is left out: their cases do
/// not exist.
pub async fn decide(dispatcher: &Arc<Dispatcher>, employer: &Arc<Employer>, measure: &Arc<Measure>, count: usize) {
    let next = Arc::new(AtomicUsize::new(0));
    let kept = Arc::default();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (dispatcher, employer) = (Arc::clone(dispatcher), Arc::clone(employer));
        let (measure, next, kept) = (Arc::clone(measure), Arc::clone(&next), Arc::clone(&kept));
        clients.spawn(async move {
            let archive = Archive::keeping(&dispatcher, &employer, kept);
            loop {
                let nth = next.fetch_add(1, Ordering::Relaxed);
                if nth >= count {
                    return;
                }
                let drafting = Measure::drafting(measure.priced(&archive, nth).await);
                let append = drafted(&dispatcher, &employer, drafting);
                dispatcher.ledger().append(append).await.expect("an offer is drafted");
            }
        });
    }
    clients.join_all().await;
}

fn drafted(dispatcher: &Dispatcher, employer: &Employer, drafting: Drafting) -> Append {
    let (by, at, person_id) = (person(21), dispatcher.ledger().now(), drafting.drafted.person_id);
    let command = OfferCommand::Draft(Box::new(drafting));
    let events = Offer::default().decide(Issued { by, at, on: employer.local_date(at), command });
    let event = |event: OfferEvent| NewEvent {
        event_type: full_type::<Offer>(&event),
        event_version: 1,
        payload: serde_json::to_value(&event).expect("JSON"),
        person: Some(person_id.0),
    };
    let command_id = Uuid::now_v7();
    let metadata = [
        ("actor", by.id.to_string()),
        ("actor_kind", "person".to_owned()),
        ("role", "recruiter".to_owned()),
        ("command", "offers.draft".to_owned()),
        ("command_id", command_id.to_string()),
        ("person_id", person_id.to_string()),
    ];
    Append {
        stream: Dispatcher::stream::<Offer>(employer, Uuid::now_v7()),
        expected: 0,
        guards: vec![],
        command_id,
        at: at.timestamp_micros(),
        metadata: metadata.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        events: events.expect("it may be drafted").into_iter().map(event).collect(),
        claims: vec![],
        receipt: None,
        state: "drafting",
        quiet_position: 0,
        timer: TimerChange::Keep,
        vault: <_>::default(),
    }
}

/// Keeps the read models up while something is done that reads them.
pub async fn following<T>(feed: &Feed, doing: impl Future<Output = T>) -> T {
    let following = async {
        loop {
            Box::pin(feed.catch_up()).await.expect("the models follow");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        done = doing => done,
        () = following => unreachable!("it follows until it is stopped"),
    }
}
