//! The end that is asked for: what was accepted is finished, and nothing is acknowledged that is not there.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::client::Client;
use super::people::{Tenant, id};
use super::served_by_both_stores;
use super::server::Home;
use crate::support::StoreKind;

served_by_both_stores!(a_program_that_is_asked_to_end_finishes_what_it_accepted);

const CLIENTS: usize = 8;

fn a_program_that_is_asked_to_end_finishes_what_it_accepted(kind: StoreKind) {
    let home = Home::with_employers(kind, &["acme"]);
    let mut server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    let (acknowledged, broken) = (Mutex::new(BTreeSet::new()), Mutex::new(BTreeSet::new()));
    let (done, ended) = (AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (tenant, acknowledged, broken, done, ended) = (&tenant, &acknowledged, &broken, &done, &ended);
            scope.spawn(move || {
                let token = tenant.people_ops().token().to_owned();
                let http = Client::without_pool(tenant.anyone.address).bearing(&token);
                for nth in 0.. {
                    if ended.load(Ordering::Acquire) {
                        return;
                    }
                    let number = format!("S{client}-{nth}");
                    let body = tenant.person().left(&number);
                    match http.request("POST", "/v1/departures").json(&body).try_send() {
                        Ok(reply) if reply.status == 503 => {}
                        Ok(reply) => {
                            acknowledged.lock().unwrap().insert((number, id(&reply.expect(201))));
                            done.fetch_add(1, Ordering::Relaxed);
                        }
                        // Not accepted: refused, or cut off before it was read.
                        Err(_) => {
                            broken.lock().unwrap().insert(number);
                        }
                    }
                }
            });
        }
        while done.load(Ordering::Relaxed) < 60 {
            std::thread::sleep(Duration::from_millis(1));
        }
        let asked = Instant::now();
        server.ask_to_end();
        assert!(server.await_end().success());
        assert!(asked.elapsed() < Duration::from_secs(15), "{:?}", asked.elapsed());
        ended.store(true, Ordering::Release);
    });
    drop(tenant);
    home.run_well(&["rebuild"]);

    let server = home.serve();
    let tenant = Tenant::of(&home, &server, "acme");
    let people_ops = tenant.people_ops();
    let there: BTreeSet<(String, String)> = people_ops
        .all("/v1/departures?limit=500")
        .iter()
        .map(|departure| (departure["employee_number"].as_str().unwrap().to_owned(), id(departure)))
        .collect();
    assert_eq!(there, acknowledged.into_inner().unwrap(), "acknowledged and recorded are the same");
    assert!(there.iter().all(|(number, _)| !broken.lock().unwrap().contains(number)));
    let log = tenant.compliance().read("/v1/log?type=departure.recorded&limit=500");
    assert_eq!(log["items"].as_array().unwrap().len(), there.len());
    assert_eq!(people_ops.read("/v1/tasks")["items"], json!([]));
}
