//! 山田 花子 comes back: referred by a former colleague, interviewed, offered, at work again; and the colleague is paid.

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};

use super::{Play, id_at, yen};
use crate::cli::Failure;

impl Play {
    /// Plays it from the plan of rewards to the approved reward. Moves the clock to the first day, and over the ninety days of
    /// the milestone.
    pub(super) fn come_back(&self, member: &str) -> Result<(), Failure> {
        self.lay_down_plan()?;
        self.measure()?;
        let requisition = self.open_position()?;
        let referral = self.refer(&requisition)?;
        let application = self.apply(member, &requisition, &referral)?;
        self.interview(&application)?;
        let first_day = self.day(14)?;
        self.offer(&application, &first_day)?;
        let start = json!({"employee_number": "E-3001", "started_on": first_day});
        let path = format!("/v1/applications/{application}/record-rejoin");
        self.post(&path, &self.cast.recruiter, "rejoin-1001", &start)?;
        self.post("/dev/clock/advance", &self.cast.people_ops, "first-day", &json!({"by": "P14D"}))?;
        self.post("/dev/clock/advance", &self.cast.people_ops, "milestone", &json!({"by": "P92D"}))?;
        self.pay(&referral)
    }

    /// The wage rules say what a referral earns: drafted by one, approved by another, in force from today.
    fn lay_down_plan(&self) -> Result<(), Failure> {
        let terms = json!({
            "name": "リファラル手当", "legal_entity": "JP-HQ", "clause": "賃金規程第20条", "filed_on": self.day(-30)?,
            "amount": yen(50_000), "milestone": {"days": 90}, "presence_at_payment": "not_required",
            "payroll": {"item_code": "REF01", "social_insurance": "remuneration", "note_ref": "社労士照会-2026-11"}
        });
        let plan = id_at(&self.post("/v1/reward-plans", &self.cast.programme_admin, "plan", &terms)?, "/id")?;
        let plan = format!("/v1/reward-plans/{plan}");
        self.decide(&plan, "approve", &self.cast.executive, &json!({}))?;
        self.post(&format!("{plan}/publish"), &self.cast.programme_admin, "plan-publish", &json!({}))?;
        Ok(())
    }

    fn open_position(&self) -> Result<String, Failure> {
        let position = json!({
            "title": "配送ドライバー", "legal_entity": "JP-HQ", "department": "物流部", "job_family": "driver",
            "grade": "G4", "location": "sendai", "employment_type": "regular",
            "pay_range": {"minimum": yen(6_000_000), "midpoint": yen(7_500_000), "maximum": yen(9_000_000)},
            "headcount": 2, "audience": ["alumni", "employees"], "description": "東北エリアの配送。大型免許をお持ちの方。"
        });
        let requisition = id_at(&self.post("/v1/requisitions", &self.cast.recruiter, "position", &position)?, "/id")?;
        let publish = format!("/v1/requisitions/{requisition}/publish");
        self.post(&publish, &self.cast.recruiter, "position-publish", &json!({}))?;
        Ok(requisition)
    }

    /// An employee refers her; the recruiter hands her the token, and she agrees on her own telephone.
    fn refer(&self, requisition: &str) -> Result<String, Failure> {
        let employment = json!({
            "employee_number": "A-2100", "legal_entity": "JP-HQ", "subject": "ema", "employment_type": "regular",
            "from": "2016-04-01", "department": "物流部", "grade": "G4", "weekly_hours": 40,
            "person": {"name": "森本 江麻", "name_kana": "モリモト エマ", "email": "ema@example.jp", "phone": null, "birth_date": null}
        });
        self.post("/v1/employments", &self.cast.people_ops, "employ-2100", &employment)?;
        let candidate = json!({
            "kind": "talent", "requisition_id": requisition, "relationship": "former_colleague",
            "candidate": {"name": "山田 花子", "email": "hanako@example.jp"}
        });
        let referral = id_at(&self.post("/v1/referrals", &self.cast.employee, "refer-1001", &candidate)?, "/id")?;
        let path = format!("/v1/referrals/{referral}");
        let shown = self.get(&path, &self.cast.recruiter)?;
        let agreed = json!({"token": shown.get("candidate_token"), "formerly_employed": true});
        self.send(&format!("{path}/accept-as-candidate"), None, "agree-1001", None, &agreed)?;
        Ok(referral)
    }

    fn apply(&self, member: &str, requisition: &str, referral: &str) -> Result<String, Failure> {
        let application = json!({
            "member_id": member, "requisition_id": requisition, "channel": "referral", "referral_id": referral,
            "motivation": "仙台に戻ったので、また一緒に働きたいです。"
        });
        id_at(&self.post("/v1/applications", &self.cast.alumnus, "apply-1001", &application)?, "/id")
    }

    fn interview(&self, application: &str) -> Result<(), Failure> {
        let command = |token: &str, command: &str, body: &Value| {
            let path = format!("/v1/applications/{application}/{command}");
            self.post(&path, token, &format!("{command}-1001"), body)
        };
        command(&self.cast.recruiter, "advance", &json!({"to": "interviewing"}))?;
        let slot = json!({"starts_at": self.hours_ago(2)?, "ends_at": self.hours_ago(1)?, "interviewers": ["haru"],
            "location": "オンライン"});
        let interview = command(&self.cast.recruiter, "schedule-interview", &slot)?;
        let scorecard = json!({
            "interview_id": interview.get("interview_id"), "rating": 5, "recommendation": "strong_yes",
            "attributes": [{"name": "安全運転", "rating": 5}], "notes": "即戦力。離職中に運行管理者資格を取得。"
        });
        command(&self.cast.interviewer, "submit-scorecard", &scorecard)?;
        command(&self.cast.recruiter, "record-evaluation", &json!({"recommendation": "yes"}))?;
        Ok(())
    }

    /// Drafted by one and assessed at once, approved by others who have seen the terms, extended on a seat, accepted by her
    /// alone.
    fn offer(&self, application: &str, first_day: &str) -> Result<(), Failure> {
        let expires_at = (self.now()? + TimeDelta::days(14)).to_rfc3339_opts(SecondsFormat::Secs, true);
        let terms = json!({
            "application_id": application, "grade": "G4", "employment_type": "regular", "starts_on": first_day,
            "location": "sendai", "expires_at": expires_at, "duties": "配送業務", "probation_months": 3,
            "pay": {"base": yen(7_560_000), "allowances": [{"code": "commute", "amount": yen(15_000)}], "sign_on": null},
            "qualification": {"experience_months": 108, "rating": {"rating": 4, "rated_on": "2024-03-31"}},
            "manager_employee_number": "A-2001"
        });
        let offer = id_at(&self.post("/v1/offers", &self.cast.recruiter, "offer-1001", &terms)?, "/id")?;
        let offer = format!("/v1/offers/{offer}");
        self.approve(&offer)?;
        self.answer_labour_questions(&offer)?;
        self.decide(&offer, "extend", &self.cast.recruiter, &json!({}))?;
        self.decide(&offer, "accept", &self.cast.alumnus, &json!({}))?;
        Ok(())
    }

    /// What labour law asks of a human being is answered before the offer goes out.
    fn answer_labour_questions(&self, offer: &str) -> Result<(), Failure> {
        for (rule, answer, evidence_ref) in [
            ("LAB-07", "retirement_paid", "hr/2026/retirement-1001"),
            ("LAB-14", "satisfied", "hr/2026/prior-duties-1001"),
        ] {
            let answer = json!({"rule": rule, "answer": answer, "evidence_ref": evidence_ref});
            self.post(&format!("{offer}/answer-check"), &self.cast.recruiter, &format!("answer-{rule}"), &answer)?;
        }
        let told = json!({"rule": "LAB-08", "reason": "再就職手当は支給されないことを本人に説明した。"});
        self.post(&format!("{offer}/acknowledge"), &self.cast.recruiter, "acknowledge-LAB-08", &told)?;
        Ok(())
    }

    /// Verified by one, approved by two others: payroll finds it among what is to be paid.
    fn pay(&self, referral: &str) -> Result<(), Failure> {
        let reward = self.only(&format!("/v1/rewards?referral_id={referral}"), &self.cast.payroll)?;
        let reward = format!("/v1/rewards/{reward}");
        self.decide(&reward, "verify", &self.cast.people_ops, &json!({}))?;
        self.decide(&reward, "approve", &self.cast.compensation, &json!({}))?;
        self.decide(&reward, "approve", &self.cast.executive, &json!({}))?;
        Ok(())
    }

    fn hours_ago(&self, hours: i64) -> Result<String, Failure> {
        Ok((self.now()? - TimeDelta::hours(hours)).to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}
