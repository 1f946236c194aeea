//! `okaeri demo`: serves, and plays a sample employer's story through the API, from leaving to the wage for whoever brought
//! somebody back.

mod leaving;
mod measuring;
mod returning;

use std::net::SocketAddr;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, Utc};
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
/// Where the sample employer is: Japan has no summer time.
const TOKYO: i32 = 9 * 3600;

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
    let cast = Cast::new(config)?;
    serve_until_stopped(config, move |address| {
        std::thread::spawn(move || match Play::at(address, cast).play() {
            Ok(told) => println!("{told}"),
            Err(error) => eprintln!("okaeri: the story could not be played: {error}"),
        });
    })
    .await?;
    Ok(())
}

/// A token for each of the people.
struct Cast {
    people_ops: String,
    people_ops_2: String,
    compliance: String,
    recruiter: String,
    interviewer: String,
    compensation: String,
    executive: String,
    payroll: String,
    programme_admin: String,
    employee: String,
    alumnus: String,
}

impl Cast {
    fn new(config: &Config) -> Result<Self, Failure> {
        let token = |subject: &str, role: Role| manage::sign(config, subject, vec![role], EMPLOYER, None, false);
        Ok(Self {
            people_ops: token("suzuki", Role::PeopleOps)?,
            people_ops_2: token("tanaka", Role::PeopleOps)?,
            compliance: token("ito", Role::Compliance)?,
            recruiter: token("sato", Role::Recruiter)?,
            interviewer: token("haru", Role::Interviewer)?,
            compensation: token("chika", Role::Compensation)?,
            executive: token("mori", Role::Executive)?,
            payroll: token("pei", Role::Payroll)?,
            programme_admin: token("kato", Role::ProgrammeAdmin)?,
            employee: token("ema", Role::Employee)?,
            alumnus: token("hanako", Role::Alumnus)?,
        })
    }
}

/// The story on a running server.
struct Play {
    cast: Cast,
    base: String,
    agent: ureq::Agent,
}

/// What a step answered.
type Told = Result<Value, Failure>;

impl Play {
    fn at(address: SocketAddr, cast: Cast) -> Self {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        Self { cast, base: format!("http://{address}"), agent }
    }

    fn post(&self, path: &str, token: &str, key: &str, body: &Value) -> Told {
        self.send(path, Some(token), key, None, body)
    }

    /// Decides about what has just been read.
    fn decide(&self, thing: &str, command: &str, token: &str, body: &Value) -> Told {
        let seen = self.agent.get(format!("{}{thing}", self.base)).header("authorization", format!("Bearer {token}"));
        let tag = seen.call()?.headers().get("etag").and_then(|tag| tag.to_str().ok()).map(ToOwned::to_owned);
        // Two people may give the same command: the receipt is kept for each caller.
        let key = format!("{command}-{thing}");
        self.send(&format!("{thing}/{command}"), Some(token), &key, tag.as_deref(), body)
    }

    fn send(&self, path: &str, token: Option<&str>, key: &str, if_match: Option<&str>, body: &Value) -> Told {
        let mut request = self.agent.post(format!("{}{path}", self.base)).header("idempotency-key", key);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(tag) = if_match {
            request = request.header("if-match", tag);
        }
        let mut answer = request.send_json(body)?;
        let (status, told): (_, Value) = (answer.status(), answer.body_mut().read_json()?);
        if status.is_success() { Ok(told) } else { Err(format!("POST {path}: {status} {told}").into()) }
    }

    fn get(&self, path: &str, token: &str) -> Told {
        let request = self.agent.get(format!("{}{path}", self.base)).header("authorization", format!("Bearer {token}"));
        let mut answer = request.call()?;
        let (status, told): (_, Value) = (answer.status(), answer.body_mut().read_json()?);
        if status.is_success() { Ok(told) } else { Err(format!("GET {path}: {status} {told}").into()) }
    }

    fn import(&self, collection: &str, file: &'static [u8]) -> Told {
        self.upload(&format!("/v1/{collection}/import"), &self.cast.people_ops, file)
    }

    fn upload(&self, path: &str, token: &str, file: &'static [u8]) -> Told {
        let mut answer = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "text/csv")
            .send(file)?;
        let (status, told): (_, Value) = (answer.status(), answer.body_mut().read_json()?);
        if status.is_success() { Ok(told) } else { Err(format!("POST {path}: {status} {told}").into()) }
    }

    /// The one item of a list.
    fn only(&self, path: &str, token: &str) -> Result<String, Failure> {
        let told = self.get(path, token)?;
        id_at(&told, "/items/0/id")
    }

    fn departure(&self, number: &str) -> Result<String, Failure> {
        self.only(&format!("/v1/departures?employee_number={number}"), &self.cast.people_ops)
    }

    /// Now, by the ledger's clock.
    fn now(&self) -> Result<DateTime<Utc>, Failure> {
        let clock = self.get("/dev/clock", &self.cast.people_ops)?;
        Ok(clock.get("now").and_then(Value::as_str).unwrap_or_default().parse()?)
    }

    /// The employer's calendar day so many days from today.
    fn day(&self, offset: i64) -> Result<String, Failure> {
        let tokyo = FixedOffset::east_opt(TOKYO).ok_or("no such time zone")?;
        let today: NaiveDate = self.now()?.with_timezone(&tokyo).date_naive();
        let days = Days::new(offset.unsigned_abs());
        let day = if offset < 0 { today.checked_sub_days(days) } else { today.checked_add_days(days) };
        Ok(day.ok_or("no such day")?.to_string())
    }

    fn play(&self) -> Result<String, Failure> {
        let employees = self.import("employments", EMPLOYEES)?;
        let leavers = self.import("departures", LEAVERS)?;
        // A story that was played to its end is told, not played again.
        let played = self.get("/v1/rewards?limit=1", &self.cast.payroll)?;
        if played.pointer("/items/0").is_none() {
            let member = self.leave_and_register()?;
            self.come_back(&member)?;
        }
        let reward = self.only("/v1/rewards?limit=1", &self.cast.payroll)?;
        let reward = self.get(&format!("/v1/rewards/{reward}"), &self.cast.payroll)?;
        let period = reward.get("period").and_then(Value::as_str).unwrap_or_default().to_owned();
        let application = self.only("/v1/applications?limit=1", &self.cast.recruiter)?;
        let offer = self.only("/v1/offers?limit=1", &self.cast.compensation)?;
        let (base, cast) = (&self.base, &self.cast);
        let count = |report: &Value, what: &str| report.get(what).and_then(Value::as_u64).unwrap_or_default();
        Ok(format!(
            "\n\
             おかえり — the sample employer is ready: {} leavers and {} employees imported (again: {} repeated).\n\
             山田 花子 has come back on a referral, and the reward for it is approved; the trial's clock was moved for that.\n\
             API pages: {base}/docs\n\n\
             A token per role (trial, 30 days):\n  \
             export PEOPLE_OPS={}\n  export COMPLIANCE={}\n  export RECRUITER={}\n  export ADMIN={}\n  \
             export ALUMNUS={}\n  export EMPLOYEE={}\n  export COMPENSATION={}\n  export PAYROLL={}\n\n\
             Worth trying:\n  \
             curl -s -H \"Authorization: Bearer $PEOPLE_OPS\" {base}/v1/tasks\n  \
             curl -s -H \"Authorization: Bearer $COMPLIANCE\" {base}/v1/history/applications/{application}\n  \
             curl -s -H \"Authorization: Bearer $COMPENSATION\" {base}/v1/offers/{offer}/assessment\n  \
             curl -s -X POST -H \"Authorization: Bearer $COMPLIANCE\" {base}/v1/offers/{offer}/replay\n  \
             curl -s -H \"Authorization: Bearer $EMPLOYEE\" {base}/v1/my/referrals\n  \
             curl -s -H \"Authorization: Bearer $PAYROLL\" \"{base}/v1/reward-payables?period={period}\"\n  \
             curl -s -H \"Authorization: Bearer $ALUMNUS\" {base}/v1/my/data\n\n\
             Ctrl-C ends it; what happened stays in the data directory.",
            count(&leavers, "accepted"),
            count(&employees, "accepted"),
            count(&leavers, "repeated") + count(&employees, "repeated"),
            cast.people_ops,
            cast.compliance,
            cast.recruiter,
            cast.programme_admin,
            cast.alumnus,
            cast.employee,
            cast.compensation,
            cast.payroll,
        ))
    }
}

/// An id in an answer.
fn id_at(told: &Value, pointer: &str) -> Result<String, Failure> {
    let id = told.pointer(pointer).and_then(Value::as_str);
    id.map(ToOwned::to_owned).ok_or_else(|| format!("no {pointer} in {told}").into())
}

fn yen(amount: i64) -> Value {
    json!({"amount": amount, "currency": "JPY"})
}
