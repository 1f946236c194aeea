//! Lists while others write: nothing that was there is missed or told twice, and whoever wrote sees it at once.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::program::people::{id, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    a_list_read_while_others_write_misses_and_repeats_nothing,
    whoever_wrote_sees_it_in_the_next_read,
);

fn a_list_read_while_others_write_misses_and_repeats_nothing(kind: StoreKind) {
    let tenant = tenant(kind);
    let people_ops = tenant.people_ops();
    let before: Vec<String> = (0..25).map(|nth| tenant.record(&tenant.person().left(&format!("B-{nth}")))).collect();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for writer in 0..2 {
            let (tenant, done) = (&tenant, &done);
            scope.spawn(move || {
                for nth in 0..40 {
                    if done.load(Ordering::Acquire) {
                        break;
                    }
                    let departure = tenant.record(&tenant.person().left(&format!("W-{writer}-{nth}")));
                    // What moves on does not move within the list.
                    tenant
                        .command(&tenant.people_ops(), "departures", &departure, "refuse-contact", &json!({}))
                        .expect(200);
                }
            });
        }
        for limit in [2, 7, 30] {
            let read: Vec<String> = people_ops.all(&format!("/v1/departures?limit={limit}")).iter().map(id).collect();
            assert_eq!(read[..25], before, "in order, each once");
            assert_eq!(read.iter().collect::<BTreeSet<_>>().len(), read.len(), "nothing twice");
        }
        done.store(true, Ordering::Release);
    });
    let all = people_ops.all("/v1/departures?limit=9");
    assert_eq!(all.len(), people_ops.read("/v1/departures?limit=500")["items"].as_array().unwrap().len());
    let positions: Vec<i64> = all.iter().map(|item| item["position"].as_i64().unwrap()).collect();
    assert_eq!(positions.iter().collect::<BTreeSet<_>>().len(), positions.len());
}

fn whoever_wrote_sees_it_in_the_next_read(kind: StoreKind) {
    let tenant = tenant(kind);
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let tenant = &tenant;
            scope.spawn(move || {
                let people_ops = tenant.people_ops();
                for nth in 0..6 {
                    let number = format!("W-{writer}-{nth}");
                    let mut leaver = tenant.person().left(&number);
                    leaver["reason"] = json!("other");
                    let recorded = people_ops.post("/v1/departures", &leaver).expect(201);
                    let departure = id(&recorded);
                    let read = people_ops.read(&format!("/v1/departures/{departure}"));
                    assert_eq!(read["version"], recorded["version"]);
                    let listed = people_ops.read(&format!("/v1/departures?employee_number={number}"));
                    assert_eq!(listed["items"][0]["id"], departure.as_str());
                    let person = read["person_id"].as_str().unwrap();
                    let waits = || {
                        let tasks = people_ops.read(&format!("/v1/tasks?person_id={person}"));
                        tasks["items"].as_array().unwrap().len()
                    };
                    assert_eq!(waits(), 1);
                    tenant
                        .command(
                            &people_ops,
                            "departures",
                            &departure,
                            "assess-eligibility",
                            &json!({"verdict": "eligible"}),
                        )
                        .expect(200);
                    assert_eq!(waits(), 0);
                    assert_eq!(
                        people_ops.read(&format!("/v1/persons/{person}"))["stints"][0]["departure_id"],
                        departure.as_str()
                    );
                }
            });
        }
    });
}
