//! The people of a history, and what there is before it begins.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use okaeri::identity::Role;
use serde_json::{Value, json};

use super::commands::{CANDIDATES, Decider, Payer, Planner, Setting};
use crate::api::{pricing, programme_policies};
use crate::program::client::Client;
use crate::program::people::{Tenant, id};
use crate::program::steps::{having_read, yen};

/// Who recruits, by the names under which they also decide.
const RECRUITERS: [&str; 2] = ["sato", "ryo"];
const COMPENSATION: [&str; 2] = ["mori", "chika"];
const MEMBERS: [&str; 3] = ["megumi", "haruka", "nozomi"];
/// Two work here, one has left.
const REFERRERS: [&str; 3] = ["ema", "kenta", "goro"];

/// Somebody who left and is a member of the programme.
pub struct Member {
    pub account: Client,
    pub id: String,
}

/// Everybody, as they sign in.
pub struct Cast<'t> {
    pub tenant: Tenant<'t>,
    pub recruiters: Vec<Client>,
    pub interviewer: Client,
    pub executive: Client,
    pub compliance: Client,
    pub people_ops: Vec<Client>,
    pub members: Vec<Member>,
    pub referrers: Vec<Client>,
    /// What referrers say about the candidates they know: two strangers, then two of the members.
    pub candidates: Vec<Value>,
    /// One with a seat, one with two.
    pub requisitions: Vec<String>,
    pub setting: Setting,
    admins: [Client; 2],
    /// The plan of rewards that governs in the beginning.
    pub plan: String,
    deciders: Vec<(Decider, Client)>,
}

impl<'t> Cast<'t> {
    pub fn prepare(tenant: Tenant<'t>, setting: Setting) -> Self {
        if setting != Setting::Plain {
            let founded = json!({
                "offers": ["community", "rehire", "talent_referral"], "country": "JP", "job_return": null,
                "referral_basis": {"kind": "notification", "reference": "委託募集届出 第123号"},
            });
            programme(&tenant, &programme_policies::with(&founded));
        }
        if setting == Setting::TwoApprove {
            measure(&tenant);
        }
        let pay_range = json!({"minimum": yen(6_000_000), "midpoint": yen(7_500_000), "maximum": yen(9_000_000)});
        let requisitions = [1, 2].map(|headcount| {
            let line =
                json!({"headcount": headcount, "hiring_manager": tenant.subject("bucho"), "pay_range": pay_range});
            tenant.published(&line)
        });
        let mut candidates: Vec<Value> =
            (0..2).map(|_| tenant.person()).map(|one| stranger(&one.name, &one.email)).collect();
        let members: Vec<Member> = MEMBERS
            .iter()
            .map(|name| {
                let (leaver, account) = (tenant.person(), tenant.alumnus(name));
                let departure = tenant.record(&leaver.left(&format!("H-{name}")));
                candidates.push(stranger(&leaver.name, &leaver.email));
                Member { id: tenant.register(&departure, &leaver, &account), account }
            })
            .collect();
        candidates.truncate(CANDIDATES);
        let mut referrers: Vec<Client> =
            (0..2).map(|nth| tenant.employed(REFERRERS[nth], &format!("E-{nth}")).0).collect();
        let (leaver, alumnus) = (tenant.person(), tenant.alumnus(REFERRERS[2]));
        tenant.register(&tenant.record(&leaver.left("H-goro")), &leaver, &alumnus);
        referrers.push(alumnus);
        let deciders = deciders(&tenant);
        let admins = [tenant.programme_admin(), tenant.user("kimura", Role::ProgrammeAdmin)];
        let plan = plan(&tenant);
        Self {
            recruiters: RECRUITERS.iter().map(|name| tenant.user(name, Role::Recruiter)).collect(),
            interviewer: tenant.user("haru", Role::Interviewer),
            executive: tenant.user("shacho", Role::Executive),
            compliance: tenant.compliance(),
            people_ops: vec![tenant.people_ops(), tenant.second_people_ops()],
            requisitions: requisitions.to_vec(),
            tenant,
            members,
            referrers,
            candidates,
            deciders,
            setting,
            admins,
            plan,
        }
    }

    pub fn decider(&self, who: Decider) -> &Client {
        &self.deciders.iter().find(|(one, _)| *one == who).unwrap().1
    }

    pub fn planner(&self, who: Planner) -> &Client {
        match who {
            Planner::Admin(nth) => &self.admins[nth],
            Planner::Executive => &self.executive,
        }
    }

    pub fn payer(&self, who: Payer) -> &Client {
        match who {
            Payer::PeopleOps(nth) => &self.people_ops[nth],
            Payer::Compensation(nth) => self.decider(Decider::Compensation(nth)),
            Payer::Executive => &self.executive,
        }
    }

    /// The instant so many days from now, by the program's clock.
    pub fn after(&self, days: i64) -> String {
        self.moment(TimeDelta::days(days))
    }

    /// An hour of the past, in which somebody was interviewed.
    pub fn past_hour(&self) -> [String; 2] {
        [-120, -60].map(|minutes| self.moment(TimeDelta::minutes(minutes)))
    }

    fn moment(&self, from_now: TimeDelta) -> String {
        let now: DateTime<Utc> = self.compliance.read("/dev/clock")["now"].as_str().unwrap().parse().unwrap();
        (now + from_now).to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// Every task that waits for anybody.
    pub fn tasks(&self) -> Vec<Value> {
        let one = [&self.interviewer, &self.executive, &self.compliance];
        let own = self.members.iter().map(|member| &member.account);
        let deciders = self.deciders.iter().map(|(_, client)| client);
        let all = one.into_iter().chain(&self.recruiters).chain(&self.people_ops).chain(&self.referrers);
        let mut tasks: Vec<Value> =
            all.chain(own).chain(deciders).flat_map(|client| client.all("/v1/tasks?limit=500")).collect();
        tasks.extend(self.tenant.programme_admin().all("/v1/tasks?limit=500"));
        tasks.extend(self.tenant.second_compliance().all("/v1/tasks?limit=500"));
        tasks.sort_by_key(|task| task["id"].to_string());
        tasks.dedup_by_key(|task| task["id"].to_string());
        tasks
    }
}

fn stranger(name: &str, email: &str) -> Value {
    json!({"name": name, "email": email})
}

/// The same people in the roles in which they decide about pay, also those who must not: whoever recruits, refers or applies.
fn deciders(tenant: &Tenant<'_>) -> Vec<(Decider, Client)> {
    let mut deciders = vec![
        (Decider::Manager, tenant.user("bucho", Role::HiringManager)),
        (Decider::Executive, tenant.user("shacho", Role::Executive)),
    ];
    for nth in 0..2 {
        deciders.push((Decider::Recruiter(nth), tenant.user(RECRUITERS[nth], Role::Compensation)));
        deciders.push((Decider::Compensation(nth), tenant.user(COMPENSATION[nth], Role::Compensation)));
        deciders.push((Decider::Referrer(nth), tenant.user(REFERRERS[nth], Role::Compensation)));
    }
    for (nth, name) in MEMBERS.iter().enumerate() {
        deciders.push((Decider::Candidate(nth), tenant.user(name, Role::Executive)));
    }
    deciders
}

/// What plans pay.
const AMOUNTS: [i64; 3] = [50_000, 60_000, 70_000];

/// What a plan says: so much for whoever is hired and stays for ninety days.
pub fn plan_terms(amount: usize) -> Value {
    json!({
        "name": "リファラル手当", "legal_entity": "JP-HQ", "clause": "賃金規程第20条", "filed_on": "2025-04-01",
        "amount": yen(AMOUNTS[amount]), "milestone": {"days": 90}, "presence_at_payment": "not_required",
        "payroll": {"item_code": "REF01", "social_insurance": "remuneration", "note_ref": "nenkin/2026-3"},
    })
}

/// A plan under which referrals earn a reward.
fn plan(tenant: &Tenant<'_>) -> String {
    let admin = tenant.programme_admin();
    let plan = id(&admin.post("/v1/reward-plans", &plan_terms(0)).expect(201));
    having_read(&tenant.user("shacho", Role::Executive), "reward-plans", &plan, "approve", &json!({})).expect(200);
    tenant.command(&admin, "reward-plans", &plan, "publish", &json!({})).expect(200);
    plan
}

/// A programme policy in force, on a basis that compliance has approved.
fn programme(tenant: &Tenant<'_>, terms: &Value) {
    let admin = tenant.programme_admin();
    let policy = id(&admin.post("/v1/programme-policies", terms).expect(201));
    having_read(&tenant.compliance(), "programme-policies", &policy, "approve", &json!({})).expect(200);
    tenant.command(&admin, "programme-policies", &policy, "publish", &json!({})).expect(200);
}

/// A pay policy in force under which two approve, whatever an offer says, with bands and incumbents to measure it by.
fn measure(tenant: &Tenant<'_>) {
    let measures = tenant.user("hoshu", Role::Compensation);
    measures.upload("/v1/pay-bands/import?approval_ref=board/4", pricing::BANDS.as_bytes()).expect(200);
    measures.upload("/v1/incumbent-snapshots", pricing::incumbents().as_bytes()).expect(200);
    let named = |name: &str| json!([tenant.subject(name)]);
    let two = json!(["hr", "compensation"]);
    let policy = json!({
        "legal_entity": "JP-HQ", "clause": "賃金規程第12条",
        "minimum_wages": [{"hourly": yen(1_038), "effective_from": "2025-10-04"}],
        "approvers": {
            "hr": named(COMPENSATION[0]), "compensation": named(COMPENSATION[1]), "division_head": named("bucho"),
            "executive": named("shacho"),
        },
        "seats": {"A": two, "B'": two, "B": two},
    });
    let admin = tenant.programme_admin();
    let policy = id(&admin.post("/v1/pay-policies", &policy).expect(201));
    having_read(&tenant.compliance(), "pay-policies", &policy, "approve", &json!({})).expect(200);
    tenant.command(&admin, "pay-policies", &policy, "publish", &json!({})).expect(200);
}
