//! Those who left: one stays in touch, one does not wish to, one may not come back.

use chrono::TimeDelta;
use serde_json::json;

use super::{Play, id_at};
use crate::cli::Failure;

impl Play {
    /// Plays it up to the membership of 山田 花子, whose id it gives.
    pub(super) fn leave_and_register(&self) -> Result<String, Failure> {
        // 山田 花子 left for her husband's transfer, was interviewed, invited, and registered on her own telephone.
        let (cast, hanako) = (&self.cast, self.departure("E-1001")?);
        let interview = json!({"held_on": "2024-03-15", "wishes_to_return": true, "notes": "配偶者の転勤に伴う退職。数年後の復帰を希望。"});
        let of = |departure: &str, command: &str| format!("/v1/departures/{departure}/{command}");
        self.post(&of(&hanako, "record-exit-interview"), &cast.people_ops, "interview-1001", &interview)?;
        let basis = json!({"basis": "exit_notice", "notice_version": "2024-03", "channel": "in_person"});
        let invited = self.post(&of(&hanako, "invite"), &cast.people_ops, "invite-1001", &basis)?;
        let registration = json!({
            "invitation_token": invited.get("invitation_token"),
            "contact": {"email": "hanako@example.jp", "phone": "090-0000-1001"},
            "consents": ["contact", "jobs", "referral"], "terms_version": "2026-10"
        });
        let member = id_at(&self.post("/v1/members", &cast.alumnus, "register-1001", &registration)?, "/id")?;
        let profile =
            json!({"profile": {"region": "sendai", "skills": ["大型免許", "運行管理者"]}, "intents": ["return"]});
        self.post(&format!("/v1/members/{member}/update-profile"), &cast.alumnus, "profile-1001", &profile)?;

        // One who does not want to hear from us, and one dismissed: proposed, assessed, confirmed by a second person.
        let quiet = self.departure("E-1002")?;
        self.post(&of(&quiet, "refuse-contact"), &cast.people_ops, "refuse-1002", &json!({}))?;
        let dismissed = self.departure("E-1003")?;
        let assessment = json!({"verdict": "not_eligible", "reason_code": "misconduct", "clause": "第12条"});
        self.post(&of(&dismissed, "assess-eligibility"), &cast.people_ops, "assess-1003", &assessment)?;
        let expires = (self.now()? + TimeDelta::days(700)).date_naive().to_string();
        let confirmation = json!({"clause": "第12条", "evidence_ref": "懲戒-2023-07", "expires_on": expires,
            "appeal_route": "人事部 異議申立窓口"});
        self.post(&of(&dismissed, "confirm-eligibility"), &cast.people_ops_2, "confirm-1003", &confirmation)?;
        Ok(member)
    }
}
