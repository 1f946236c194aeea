//! `okaeri demo`: the story is played whole, the lines that it prints answer, and history tells who did what by which rule.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::client::Client;
use super::served_by_both_stores;
use super::server::Home;
use crate::support::StoreKind;

served_by_both_stores!(the_demo_plays_from_leaving_to_payroll_and_its_lines_answer);

/// What the demo printed: each token by its name, and each line worth trying as its token's name, method and path.
struct Printed {
    tokens: BTreeMap<String, String>,
    lines: Vec<(String, String, String)>,
}

impl Printed {
    fn read(told: &str) -> Self {
        let tokens = told.lines().filter_map(|line| line.trim().strip_prefix("export ")?.split_once('='));
        let tokens = tokens.map(|(name, token)| (name.to_owned(), token.to_owned())).collect();
        let line = |line: &str| {
            let line = line.trim().strip_prefix("curl ")?;
            let name = line.split_once("Bearer $")?.1.split('"').next()?;
            let path = line.split_once("http://")?.1.trim_end_matches('"').split_once('/')?.1;
            let method = if line.contains("-X POST") { "POST" } else { "GET" };
            Some((name.to_owned(), method.to_owned(), format!("/{path}")))
        };
        Self { tokens, lines: told.lines().filter_map(line).collect() }
    }

    /// What the line whose path begins or ends so answers.
    fn try_out(&self, anyone: &Client, part: &str) -> Value {
        let (name, method, path) = self.lines.iter().find(|(_, _, path)| path.contains(part)).unwrap();
        anyone.bearing(&self.tokens[name]).request(method, path).send().expect(200)
    }
}

fn the_demo_plays_from_leaving_to_payroll_and_its_lines_answer(kind: StoreKind) {
    let home = Home::new(kind);
    let (server, told) = home.play();
    let (printed, anyone) = (Printed::read(&told), Client::new(server.address));
    assert_eq!((printed.tokens.len(), printed.lines.len()), (8, 7), "{told}");

    assert!(!printed.try_out(&anyone, "/v1/tasks")["items"].as_array().unwrap().is_empty());
    let assessment = printed.try_out(&anyone, "/assessment");
    assert_eq!(
        assessment["assessment"]["ratios"]["peer_ratio"],
        json!({"is": {"num": "27", "den": "25"}}),
        "8 % above the median"
    );
    let replayed = printed.try_out(&anyone, "/replay");
    assert_eq!(replayed["replays"][0]["identical"], true, "{replayed}");
    assert_eq!(printed.try_out(&anyone, "/v1/my/referrals")["items"][0]["status"], "joined");
    let payables = printed.try_out(&anyone, "/v1/reward-payables");
    assert_eq!(payables["items"][0]["amount"], json!({"amount": 50_000, "currency": "JPY"}), "{payables}");
    assert!(printed.try_out(&anyone, "/v1/my/data")["departures"].is_array());

    // From the first word to the desk: each step with who took it in which role, and what a rule decided with the rule.
    let history = printed.try_out(&anyone, "/v1/history/applications/");
    let lines = history["items"].as_array().unwrap();
    let events: Vec<&str> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
    for event in ["submitted", "interview_scheduled", "scorecard_submitted", "evaluation_recorded", "offer_accepted"] {
        assert!(events.contains(&&*format!("application.{event}")), "{event} is not among {events:?}");
    }
    let place = |event: &str| events.iter().position(|one| *one == event);
    assert!(place("application.joining_recorded") < place("application.rejoined"), "by the clock: {events:?}");
    assert_eq!(events.last(), Some(&"application.rejoined"));
    for line in lines {
        let (actor, role) = (&line["actor"]["kind"], &line["role"]);
        assert!(actor.is_string() && role.is_string() && line["at"].is_string(), "{line}");
        assert!(line["position"].as_u64() > Some(0), "{line}");
    }
    let assessed = lines.iter().find(|line| line["event"] == "application.eligibility_assessed").unwrap();
    let rules = assessed["changes"].as_array().unwrap().iter().find(|one| one["field"] == "eligibility.rules").unwrap();
    assert!(rules["after"].as_array().unwrap().len() > 5, "{rules}");
    assert_eq!(assessed["basis"], "programme/0", "{assessed}");
    let evaluated = lines.iter().find(|line| line["event"] == "application.evaluation_recorded").unwrap();
    assert_eq!((&evaluated["state_before"], &evaluated["state_after"]), (&json!("interviewing"), &json!("evaluated")));
    assert!(server.terminate().success());
}
