//! What people of an employer do in more than one story.

use serde_json::{Value, json};

use super::client::{Client, Reply};
use super::people::{Person, Tenant, id};

/// An amount of money.
pub fn yen(amount: i64) -> Value {
    json!({"amount": amount, "currency": "JPY"})
}

/// The version of a thing that somebody sees.
#[track_caller]
pub fn version(by: &Client, collection: &str, id: &str) -> i64 {
    let reply = by.get(&format!("/v1/{collection}/{id}"));
    reply.expect(200);
    reply.header("etag").unwrap().trim_matches('"').parse().unwrap()
}

/// Sends a command about what its sender has just read.
#[track_caller]
pub fn having_read(by: &Client, collection: &str, id: &str, command: &str, body: &Value) -> Reply {
    let version = version(by, collection, id);
    by.request("POST", &format!("/v1/{collection}/{id}/{command}")).if_match(version).json(body).send()
}

impl Tenant<'_> {
    /// Somebody who works here, whose employment is known; as they sign in.
    #[track_caller]
    pub fn employed(&self, name: &str, number: &str) -> (Client, Person) {
        let person = self.person();
        let mut works = person.works(number, "2020-04-01");
        works["subject"] = json!(self.subject(name));
        self.hris().post("/v1/employments", &works).expect(201);
        (self.employee(name), person)
    }

    /// Somebody who works here and reports to a number, or to nobody.
    #[track_caller]
    pub fn employed_under(&self, name: &str, number: &str, manager: &Value) {
        let mut works = self.person().works(number, "2020-04-01");
        works["subject"] = json!(self.subject(name));
        works["manager_employee_number"] = manager.clone();
        self.hris().post("/v1/employments", &works).expect(201);
    }

    /// A requisition that the recruiter has published, with more or other members than usual; its id.
    #[track_caller]
    pub fn published(&self, more: &Value) -> String {
        let mut body = json!({
            "title": "配送ドライバー", "legal_entity": "JP-HQ", "department": "物流部", "job_family": "driver",
            "grade": "G4", "location": "sendai", "employment_type": "regular", "headcount": 1,
            "audience": ["alumni", "employees"],
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let requisition = id(&self.recruiter().post("/v1/requisitions", &body).expect(201));
        self.command(&self.recruiter(), "requisitions", &requisition, "publish", &json!({})).expect(200);
        requisition
    }

    /// Somebody is interviewed from one instant to another, and evaluated once each interviewer has said what they think.
    #[track_caller]
    pub fn evaluate(&self, application: &str, interviewers: &[(&str, &Client)], [starts_at, ends_at]: [&str; 2]) {
        let recruiter = self.recruiter();
        let command = |by: &Client, command: &str, body: &Value| {
            self.command(by, "applications", application, command, body).expect(200)
        };
        command(&recruiter, "advance", &json!({"to": "interviewing"}));
        let subjects: Vec<String> = interviewers.iter().map(|(name, _)| self.subject(name)).collect();
        let slot = json!({"starts_at": starts_at, "ends_at": ends_at, "interviewers": subjects, "location": "本社"});
        let interview = command(&recruiter, "schedule-interview", &slot)["interview_id"].clone();
        for (_, interviewer) in interviewers {
            let scorecard = json!({
                "interview_id": interview, "rating": 5, "recommendation": "strong_yes",
                "attributes": [{"name": "安全運転", "rating": 5}], "notes": self.words("落ち着いている"),
            });
            command(interviewer, "submit-scorecard", &scorecard);
        }
        let evaluated = command(&recruiter, "record-evaluation", &json!({"recommendation": "yes"}));
        assert_eq!(evaluated["state"], "evaluated");
    }
}
