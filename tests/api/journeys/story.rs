//! The people of a return, and the steps that every story about one takes.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use okaeri::identity::Role;
use serde_json::{Value, json};

use crate::program::client::{Client, Reply};
use crate::program::people::{Person, Tenant, id};
use crate::program::steps::{having_read, yen};

/// A member of the programme who wishes to return.
pub struct Returner {
    /// As they are known.
    pub person: Person,
    /// As they sign in.
    pub account: Client,
    /// Their membership.
    pub member: String,
    /// The departure that it follows.
    pub departure: String,
}

/// An employer's people, each by what they do in a story.
pub struct Story<'t, 'h> {
    pub tenant: &'t Tenant<'h>,
    pub recruiter: Client,
    pub second_recruiter: Client,
    pub interviewer: Client,
    pub compensation: Client,
    pub executive: Client,
    pub compliance: Client,
    pub people_ops: Client,
    pub payroll: Client,
}

impl<'t, 'h> Story<'t, 'h> {
    pub fn of(tenant: &'t Tenant<'h>) -> Self {
        Self {
            tenant,
            recruiter: tenant.recruiter(),
            second_recruiter: tenant.user("ryo", Role::Recruiter),
            interviewer: tenant.user("haru", Role::Interviewer),
            compensation: tenant.user("chika", Role::Compensation),
            executive: tenant.user("eiko", Role::Executive),
            compliance: tenant.compliance(),
            people_ops: tenant.people_ops(),
            payroll: tenant.user("pei", Role::Payroll),
        }
    }

    /// The instant so many seconds from now, by the program's clock.
    pub fn after(&self, seconds: i64) -> String {
        let now: DateTime<Utc> = self.people_ops.read("/dev/clock")["now"].as_str().unwrap().parse().unwrap();
        (now + TimeDelta::seconds(seconds)).to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    #[track_caller]
    pub fn state(&self, collection: &str, id: &str) -> String {
        let by = if collection == "rewards" { &self.payroll } else { &self.compliance };
        by.read(&format!("/v1/{collection}/{id}"))["state"].as_str().unwrap().to_owned()
    }

    /// What happened to a thing, in order.
    pub fn events(&self, collection: &str, id: &str) -> Vec<String> {
        let history = self.compliance.all(&format!("/v1/history/{collection}/{id}"));
        history.iter().map(|item| item["event"].as_str().unwrap().to_owned()).collect()
    }

    pub fn count(&self, collection: &str, id: &str, event: &str) -> usize {
        self.events(collection, id).iter().filter(|one| *one == event).count()
    }

    #[track_caller]
    pub fn command(&self, by: &Client, collection: &str, id: &str, command: &str, body: &Value) -> Reply {
        self.tenant.command(by, collection, id, command, body)
    }

    /// Sends a command about what its sender has just read.
    #[track_caller]
    #[expect(clippy::unused_self, reason = "it reads as the other commands of a story do")]
    pub fn seen(&self, by: &Client, collection: &str, id: &str, command: &str, body: &Value) -> Reply {
        having_read(by, collection, id, command, body)
    }

    /// Somebody who left years ago and has joined the programme.
    #[track_caller]
    pub fn returner(&self, number: &str, login: &str) -> Returner {
        let (person, account) = (self.tenant.person(), self.tenant.alumnus(login));
        let departure = self.tenant.record(&person.left(number));
        let member = self.tenant.register(&departure, &person, &account);
        Returner { person, account, member, departure }
    }

    /// A published requisition with so many seats.
    #[track_caller]
    pub fn requisition(&self, headcount: u32) -> String {
        let pay_range = json!({"minimum": yen(6_000_000), "midpoint": yen(7_500_000), "maximum": yen(9_000_000)});
        let more = json!({"headcount": headcount, "pay_range": pay_range, "description": "東北エリアの配送"});
        self.tenant.published(&more)
    }

    /// What somebody sends to apply.
    pub fn application(&self, by: &Returner, requisition: &str, referral: Option<&str>) -> Value {
        json!({
            "member_id": by.member, "requisition_id": requisition,
            "channel": if referral.is_some() { "referral" } else { "alumni" }, "referral_id": referral,
            "motivation": self.tenant.words("仙台に戻ったので"),
        })
    }

    #[track_caller]
    pub fn apply(&self, by: &Returner, requisition: &str) -> String {
        let applied = by.account.post("/v1/applications", &self.application(by, requisition, None)).expect(201);
        assert_eq!(applied["state"], "screening");
        id(&applied)
    }

    /// Interviews and evaluates a candidate.
    #[track_caller]
    pub fn evaluate(&self, application: &str) {
        let hour = [self.after(-7200), self.after(-3600)];
        let interviewers = [("haru", &self.interviewer), ("ryo", &self.second_recruiter)];
        self.tenant.evaluate(application, &interviewers, [&hour[0], &hour[1]]);
    }

    /// An offer that is drafted and approved.
    #[track_caller]
    pub fn approved(&self, terms: &Value) -> String {
        let offer = id(&self.recruiter.post("/v1/offers", terms).expect(201));
        self.command(&self.recruiter, "offers", &offer, "request-approval", &json!({})).expect(200);
        self.seen(&self.compensation, "offers", &offer, "approve", &json!({})).expect(200);
        offer
    }

    #[track_caller]
    pub fn extend(&self, offer: &str) -> Reply {
        self.seen(&self.recruiter, "offers", offer, "extend", &json!({}))
    }

    /// An offer that is with the candidate, for a month.
    #[track_caller]
    pub fn extended(&self, application: &str, starts_on: &str) -> String {
        let offer = self.approved(&terms(application, starts_on, &self.after(30 * 86_400)));
        self.extend(&offer).expect(200);
        offer
    }

    #[track_caller]
    pub fn accept(&self, by: &Returner, offer: &str) -> Reply {
        self.seen(&by.account, "offers", offer, "accept", &json!({}))
    }

    /// A reward plan in force from today, drafted by one and approved by another.
    #[track_caller]
    pub fn reward_plan(&self, presence: &str) -> String {
        self.reward_plan_after(presence, &json!({"days": 90}))
    }

    /// The same that is earned after another time.
    #[track_caller]
    pub fn reward_plan_after(&self, presence: &str, milestone: &Value) -> String {
        let body = json!({
            "name": "リファラル手当", "legal_entity": "JP-HQ", "clause": "賃金規程第20条",
            "filed_on": self.tenant.day(-200), "amount": yen(50_000), "milestone": milestone,
            "presence_at_payment": presence,
            "payroll": {"item_code": "REF01", "social_insurance": "remuneration", "note_ref": "nenkin/2026-3"},
        });
        let admin = self.tenant.programme_admin();
        let plan = id(&admin.post("/v1/reward-plans", &body).expect(201));
        self.seen(&self.executive, "reward-plans", &plan, "approve", &json!({})).expect(200);
        self.command(&admin, "reward-plans", &plan, "publish", &json!({})).expect(200);
        plan
    }

    /// A referral of a former employee to a position, to which they agreed.
    #[track_caller]
    pub fn referral(&self, by: &Client, requisition: &str, candidate: &Person) -> String {
        let referral = refers(by, requisition, candidate);
        self.agrees(&referral);
        referral
    }

    /// The candidate agrees; the state of the referral.
    #[track_caller]
    pub fn agrees(&self, referral: &str) -> Value {
        let shown = self.recruiter.read(&format!("/v1/referrals/{referral}"));
        let token = shown["candidate_token"].as_str().unwrap();
        self.tenant.tell(token);
        let agreed = json!({"token": token, "formerly_employed": true});
        let path = format!("/v1/referrals/{referral}/accept-as-candidate");
        self.tenant.anyone.post(&path, &agreed).expect(200)["state"].clone()
    }

    /// Somebody comes back on a referral on a day from today; their application.
    #[track_caller]
    pub fn returns(&self, by: &Returner, requisition: &str, referral: &str, number: &str, in_days: i64) -> String {
        let body = self.application(by, requisition, Some(referral));
        let application = id(&by.account.post("/v1/applications", &body).expect(201));
        self.evaluate(&application);
        let first_day = self.tenant.day(in_days);
        let offer = self.extended(&application, &first_day);
        self.accept(by, &offer).expect(200);
        let start = json!({"employee_number": number, "started_on": first_day});
        self.command(&self.recruiter, "applications", &application, "record-rejoin", &start).expect(200);
        application
    }

    /// Somebody is back from today on the referral of an employee, who earns a reward for it.
    #[track_caller]
    pub fn back_on_a_referral(&self) -> (Returner, String) {
        let (referrer, _) = self.tenant.employed("ema", "E-100");
        self.reward_plan("not_required");
        let (requisition, returner) = (self.requisition(1), self.returner("H-7", "megumi"));
        let referral = self.referral(&referrer, &requisition, &returner.person);
        self.returns(&returner, &requisition, &referral, "E-20001", 0);
        (returner, referral)
    }

    /// The one reward of a referral.
    #[track_caller]
    pub fn reward(&self, referral: &str) -> Value {
        let mut rewards = self.payroll.all(&format!("/v1/rewards?referral_id={referral}"));
        assert_eq!(rewards.len(), 1, "{rewards:?}");
        rewards.remove(0)
    }
}

/// Somebody is referred to a position, and asked.
#[track_caller]
pub fn refers(by: &Client, requisition: &str, candidate: &Person) -> String {
    let body = json!({"kind": "talent", "requisition_id": requisition, "relationship": "former_colleague",
        "candidate": {"name": candidate.name, "email": candidate.email}});
    id(&by.post("/v1/referrals", &body).expect(201))
}

/// What is offered, from a day on.
pub fn terms(application: &str, starts_on: &str, expires_at: &str) -> Value {
    json!({
        "application_id": application, "grade": "G4", "employment_type": "regular", "starts_on": starts_on,
        "location": "sendai", "expires_at": expires_at,
        "pay": {"base": yen(7_400_000), "allowances": [], "sign_on": null},
    })
}

/// A task of one kind that waits for somebody.
pub fn task(by: &Client, kind: &str) -> Option<Value> {
    by.all(&format!("/v1/tasks?kind={kind}")).pop()
}
