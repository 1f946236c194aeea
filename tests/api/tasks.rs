//! `/v1/tasks`: what waits for the caller, oldest due first, until it is done.

use okaeri::identity::Role;
use serde_json::{Value, json};

use super::no_rehire_flags::{grounds, person_of};
use crate::program::people::{id, tenant};
use crate::program::served_by_both_stores;
use crate::support::StoreKind;

served_by_both_stores!(
    each_sees_what_waits_for_their_roles_oldest_due_first,
    what_needs_another_person_does_not_wait_for_whoever_did_the_first_half,
);

fn each_sees_what_waits_for_their_roles_oldest_due_first(kind: StoreKind) {
    let tenant = tenant(kind);
    let mut waiting = Vec::new();
    for nth in 0..4 {
        let mut leaver = tenant.person().left(&format!("E-{nth}"));
        leaver["reason"] = json!("other");
        waiting.push(tenant.record(&leaver));
        let mut flag = grounds(&tenant, &person_of(&tenant, &waiting[nth]));
        flag["expires_on"] = json!(tenant.day(2 * i64::try_from(nth).unwrap() + 9));
        tenant.compliance().post("/v1/no-rehire-flags", &flag).expect(201);
    }
    let claim =
        json!({"claim": {"name_at_departure": tenant.person().name, "birth_date": "1971-01-01"}, "terms_version": "1"});
    tenant.alumnus("claimant").post("/v1/members", &claim).expect(201);

    let kinds = |roles: &[Role]| -> Vec<String> {
        let tasks = tenant.with_token(&tenant.person_token("reader", roles)).all("/v1/tasks");
        let due: Vec<&str> = tasks.iter().map(|task| task["due_on"].as_str().unwrap()).collect();
        assert!(due.is_sorted(), "{due:?}");
        tasks.iter().map(|task| task["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&[Role::PeopleOps]), ["assess_eligibility"; 4]);
    assert_eq!(kinds(&[Role::Compliance]), ["review_flag"; 4]);
    assert_eq!(kinds(&[Role::ProgrammeAdmin]), ["review_registration"]);
    assert_eq!(kinds(&[Role::Recruiter, Role::Hris, Role::Executive, Role::Partner]), Vec::<String>::new());
    let all = kinds(&[Role::PeopleOps, Role::Compliance, Role::ProgrammeAdmin]);
    assert_eq!(all.len(), 9);
    assert_eq!(all[0], "review_registration", "due within a week");
    let everybody =
        tenant.with_token(&tenant.person_token("reader", &[Role::PeopleOps, Role::Compliance, Role::ProgrammeAdmin]));
    let whole = everybody.all("/v1/tasks");
    for limit in [1, 2, 4] {
        assert_eq!(everybody.all(&format!("/v1/tasks?limit={limit}")), whole);
    }
    assert_eq!(everybody.all("/v1/tasks?kind=review_flag&limit=3").len(), 4);
    for task in &whole {
        assert!(task["title_en"].is_string() && task["title_ja"].is_string() && task.get("not_by").is_none());
    }
    let assessed = json!({"verdict": "eligible"});
    tenant.command(&tenant.people_ops(), "departures", &waiting[2], "assess-eligibility", &assessed).expect(200);
    let left: Vec<Value> =
        tenant.people_ops().all("/v1/tasks").iter().map(|task| task["subject"]["id"].clone()).collect();
    assert_eq!(left, [&waiting[0], &waiting[1], &waiting[3]].map(|id| json!(id)));
}

fn what_needs_another_person_does_not_wait_for_whoever_did_the_first_half(kind: StoreKind) {
    let tenant = tenant(kind);
    let person = person_of(&tenant, &tenant.record(&tenant.person().left("E-1")));
    // Raised by somebody who holds both roles, in whichever of them.
    let both = tenant.with_token(&tenant.person_token("both", &[Role::PeopleOps, Role::Compliance]));
    let flag = id(&both.post("/v1/no-rehire-flags", &grounds(&tenant, &person)).expect(201));
    assert_eq!(both.all("/v1/tasks"), Vec::<Value>::new());
    assert_eq!(
        tenant.compliance().all("/v1/tasks")[0]["subject"],
        json!({"collection": "no-rehire-flags", "id": flag})
    );
    let alone = tenant.with_token(&tenant.person_token("both", &[Role::Compliance]));
    let uphold = json!({"decision": "uphold"});
    tenant.command(&alone, "no-rehire-flags", &flag, "review", &uphold).refused(422, "second_person_required");
    tenant.command(&tenant.compliance(), "no-rehire-flags", &flag, "review", &uphold).expect(200);
    assert_eq!(tenant.compliance().all("/v1/tasks"), Vec::<Value>::new());
}
