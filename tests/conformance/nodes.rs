//! Two nodes on one PostgreSQL: each hears of what the other appended, long before it would look by itself.

use std::sync::Arc;
use std::time::Duration;

use aggregates::departure::Source;
use aggregates::eligibility::SeparationReason;
use aggregates::values::EmploymentType;
use chrono::{Days, NaiveDate};
use okaeri::dispatch::Envelope;
use okaeri::intake::{NewDeparture, record_departure};
use okaeri::ledger::{Ledger, TableId, Waited};
use okaeri::serve::Engine;
use projections::departures::Departure;
use projections::model::ReadModel as _;
use serde_json::Value;
use uuid::Uuid;

use crate::support::{ACME, StoreKind, open, run};

/// How often the nodes of these tests look by themselves: never, as far as a test can wait.
const POLL: Duration = Duration::from_hours(1);

const DEPARTURES: TableId = TableId { name: Departure::NAME, version: Departure::VERSION, filters: Departure::FILTERS };

async fn node(ledger: Arc<Ledger>) -> Engine {
    Engine::polling(ledger, POLL).await.expect("a node starts")
}

/// Records somebody's departure; its id.
async fn leave(node: &Engine, number: &str, left_on: NaiveDate) -> Uuid {
    let employer = node.dispatcher.employers().get(ACME).await.expect("the employer");
    let departure = NewDeparture {
        legal_entity: "JP-HQ".to_owned(),
        employee_number: number.to_owned(),
        previous_employee_number: None,
        name: "灰谷 美穂".to_owned(),
        name_kana: None,
        email: None,
        phone: None,
        birth_date: None,
        hired_on: "2015-04-01".parse().expect("a day"),
        left_on,
        department: None,
        job_family: None,
        job_title: None,
        grade: None,
        location: None,
        employment_type: EmploymentType::Regular,
        base_salary: None,
        reason: SeparationReason::Relocation,
        wishes_to_return: None,
        source: Source::Api,
    };
    let envelope = Envelope::system(employer, "departures.record", Uuid::now_v7(), None);
    record_departure(&node.dispatcher, &envelope, &departure, None).await.expect("recorded").id
}

/// Waits until a node's read model shows a departure in some state. The test as a whole is given minutes, the poll an hour.
async fn shows(node: &Engine, departure: Uuid, state: &str) {
    loop {
        let found = node.dispatcher.ledger().document(&DEPARTURES, ACME, departure).await.expect("the read model");
        if let Waited::Ready(Some(document)) = found {
            let body: Value = serde_json::from_str(&document.body).expect("a document");
            if body["state"] == state {
                return;
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn a_node_hears_of_what_another_appended() {
    run(async {
        let test = open(StoreKind::Postgres).await;
        let (here, there) = (node(Arc::clone(&test.ledger)).await, node(test.another().await).await);
        // Only the other node folds, so that what is seen was heard there.
        here.dispatcher.feed().pause(true);
        let long_ago: NaiveDate = "2024-03-31".parse().expect("a day");
        let first = leave(&here, "E-1", long_ago).await;
        shows(&there, first, "effective").await;

        // Whoever loses the connection on which they hear opens another one, and misses nothing.
        let mut below = test.below().await;
        let deafen = "select pg_terminate_backend(pid) from pg_stat_activity
                      where datname = current_database() and query ilike 'listen%'";
        for nth in 0..3 {
            if nth < 2 {
                while below.execute(deafen).await.expect("connections end") == 0 {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            let next = leave(&here, &format!("E-{}", nth + 2), long_ago).await;
            shows(&there, next, "effective").await;
        }
    });
}

#[test]
fn a_node_hears_that_time_was_moved_on_another() {
    run(async {
        let test = open(StoreKind::Postgres).await;
        let (here, there) = (node(Arc::clone(&test.ledger)).await, node(test.another().await).await);
        let now = here.dispatcher.ledger().now();
        let employer = here.dispatcher.employers().get(ACME).await.expect("the employer");
        let departure = leave(&here, "E-1", employer.local_date(now)).await;
        shows(&there, departure, "scheduled").await;
        let tomorrow = employer.start_of(employer.local_date(now) + Days::new(1));
        // Moved below the API, which would fire the timers here: so they have to fire there.
        assert!(here.dispatcher.ledger().advance_clock(tomorrow.timestamp_micros()).await.expect("the clock moves"));
        shows(&there, departure, "effective").await;
        assert_eq!(there.dispatcher.ledger().clock().now().date_naive(), here.dispatcher.ledger().now().date_naive());
    });
}
