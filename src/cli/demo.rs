//! `okaeri demo`: serves, and plays a sample employer's story so far through the API.

use std::net::SocketAddr;

use okaeri::config::Config;
use okaeri::identity::Role;
use okaeri::ledger::{EmployerSettings, Ledger, LedgerMode};
use serde_json::{Value, json};

use super::{Failure, manage, serve_until_stopped};

/// The sample employer.
const EMPLOYER: &str = "sample";
/// Its leavers, as an HRIS would export them (made up).
const LEAVERS: &[u8] = include_bytes!("../../sample/leavers.csv");
/// Some of its employees (made up).
const EMPLOYEES: &[u8] = include_bytes!("../../sample/employees.csv");

/// Serves and plays.
pub(super) async fn run(config: &Config) -> Result<(), Failure> {
    if config.mode()? == LedgerMode::Live {
        return Err("the demo needs a trial ledger: unset the OIDC issuer".into());
    }
    {
        let ledger = Ledger::open(&config.location(), &config.master_key()?, config.mode()?).await?;
        ledger.add_employer(EMPLOYER, &EmployerSettings::default()).await?;
        ledger.close(std::time::Duration::from_secs(1)).await;
    }
    let player = Player::new(config)?;
    serve_until_stopped(config, move |address| {
        std::thread::spawn(move || match player.play(address) {
            Ok(told) => println!("{told}"),
            Err(error) => eprintln!("okaeri: the story could not be played: {error}"),
        });
    })
    .await?;
    Ok(())
}

struct Player {
    people_ops: String,
    people_ops_2: String,
    compliance: String,
    recruiter: String,
    programme_admin: String,
    alumnus: String,
    agent: ureq::Agent,
}

impl Player {
    fn new(config: &Config) -> Result<Self, Failure> {
        let token = |subject: &str, role: Role| manage::sign(config, subject, vec![role], EMPLOYER, None, false);
        Ok(Self {
            people_ops: token("suzuki", Role::PeopleOps)?,
            people_ops_2: token("tanaka", Role::PeopleOps)?,
            compliance: token("ito", Role::Compliance)?,
            recruiter: token("sato", Role::Recruiter)?,
            programme_admin: token("kato", Role::ProgrammeAdmin)?,
            alumnus: token("hanako", Role::Alumnus)?,
            agent: ureq::Agent::config_builder().http_status_as_error(false).build().into(),
        })
    }

    fn post(&self, base: &str, path: &str, token: &str, key: &str, body: &Value) -> Result<Value, Failure> {
        let mut answer = self
            .agent
            .post(format!("{base}{path}"))
            .header("authorization", format!("Bearer {token}"))
            .header("idempotency-key", key)
            .send_json(body)?;
        let status = answer.status();
        let told: Value = answer.body_mut().read_json()?;
        if status.is_success() { Ok(told) } else { Err(format!("POST {path}: {status} {told}").into()) }
    }

    fn import(&self, base: &str, collection: &str, file: &'static [u8]) -> Result<Value, Failure> {
        let mut answer = self
            .agent
            .post(format!("{base}/v1/{collection}/import"))
            .header("authorization", format!("Bearer {}", self.people_ops))
            .header("content-type", "text/csv")
            .send(file)?;
        let status = answer.status();
        let told: Value = answer.body_mut().read_json()?;
        if status.is_success() { Ok(told) } else { Err(format!("import {collection}: {status} {told}").into()) }
    }

    fn departure(&self, base: &str, number: &str) -> Result<String, Failure> {
        let mut answer = self
            .agent
            .get(format!("{base}/v1/departures?employee_number={number}"))
            .header("authorization", format!("Bearer {}", self.people_ops))
            .call()?;
        let told: Value = answer.body_mut().read_json()?;
        let id = told.pointer("/items/0/id").and_then(Value::as_str);
        id.map(ToOwned::to_owned).ok_or_else(|| format!("no departure of {number}: {told}").into())
    }

    fn play(&self, address: SocketAddr) -> Result<String, Failure> {
        let base = format!("http://{address}");
        let employees = self.import(&base, "employments", EMPLOYEES)?;
        let leavers = self.import(&base, "departures", LEAVERS)?;

        // 山田 花子 left for her husband's transfer, was interviewed, invited, and registered on her own telephone.
        let hanako = self.departure(&base, "E-1001")?;
        let interview = json!({"held_on": "2024-03-15", "wishes_to_return": true, "notes": "配偶者の転勤に伴う退職。数年後の復帰を希望。"});
        self.post(
            &base,
            &format!("/v1/departures/{hanako}/record-exit-interview"),
            &self.people_ops,
            "interview-1001",
            &interview,
        )?;
        let basis = json!({"basis": "exit_notice", "notice_version": "2024-03", "channel": "in_person"});
        let invited =
            self.post(&base, &format!("/v1/departures/{hanako}/invite"), &self.people_ops, "invite-1001", &basis)?;
        let registration = json!({
            "invitation_token": invited.get("invitation_token"), "contact": {"email": "hanako@example.jp", "phone": "090-0000-1001"},
            "consents": ["contact", "jobs", "referral"], "terms_version": "2026-10"
        });
        let member = self.post(&base, "/v1/members", &self.alumnus, "register-1001", &registration)?;
        let member = member.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let profile =
            json!({"profile": {"region": "sendai", "skills": ["大型免許", "運行管理者"]}, "intents": ["return"]});
        self.post(&base, &format!("/v1/members/{member}/update-profile"), &self.alumnus, "profile-1001", &profile)?;

        // One who does not want to hear from us, and one dismissed: proposed, assessed, confirmed by a second person.
        let quiet = self.departure(&base, "E-1002")?;
        self.post(
            &base,
            &format!("/v1/departures/{quiet}/refuse-contact"),
            &self.people_ops,
            "refuse-1002",
            &json!({}),
        )?;
        let dismissed = self.departure(&base, "E-1003")?;
        let assessment = json!({"verdict": "not_eligible", "reason_code": "misconduct", "clause": "第12条"});
        self.post(
            &base,
            &format!("/v1/departures/{dismissed}/assess-eligibility"),
            &self.people_ops,
            "assess-1003",
            &assessment,
        )?;
        let expires = (chrono::Utc::now() + chrono::TimeDelta::days(700)).date_naive().to_string();
        let confirmation = json!({"clause": "第12条", "evidence_ref": "懲戒-2023-07", "expires_on": expires, "appeal_route": "人事部 異議申立窓口"});
        // On a later run the first answer stands; the expiry of today would be another request.
        let confirmed = self.post(
            &base,
            &format!("/v1/departures/{dismissed}/confirm-eligibility"),
            &self.people_ops_2,
            "confirm-1003",
            &confirmation,
        );
        if let Err(error) = confirmed
            && !error.to_string().contains("idempotency_key_reused")
        {
            return Err(error);
        }

        let count = |report: &Value, what: &str| report.get(what).and_then(Value::as_u64).unwrap_or_default();
        Ok(format!(
            "\n\
             おかえり — the sample employer is ready: {} leavers and {} employees imported (again: {} repeated).\n\
             API pages: {base}/docs\n\n\
             A token per role (trial, 30 days):\n  \
             export PEOPLE_OPS={}\n  export COMPLIANCE={}\n  export RECRUITER={}\n  export ADMIN={}\n  export ALUMNUS={}\n\n\
             Worth trying:\n  \
             curl -s -H \"Authorization: Bearer $PEOPLE_OPS\" {base}/v1/tasks\n  \
             curl -s -H \"Authorization: Bearer $COMPLIANCE\" {base}/v1/history/departures/{hanako}\n  \
             curl -s -H \"Authorization: Bearer $ALUMNUS\" {base}/v1/my/data\n\n\
             Ctrl-C ends it; what happened stays in the data directory.",
            count(&leavers, "accepted"),
            count(&employees, "accepted"),
            count(&leavers, "repeated") + count(&employees, "repeated"),
            self.people_ops,
            self.compliance,
            self.recruiter,
            self.programme_admin,
            self.alumnus,
        ))
    }
}
