//! What offers are measured by: a pay policy, the pay bands, and those who work here. One offer is 8 % above its peers.

use serde_json::json;

use super::{Play, id_at, yen};
use crate::cli::Failure;

/// The sample employer's pay bands (made up).
const BANDS: &[u8] = include_bytes!("../../../sample/pay_bands.csv");
/// Those who work there, for the comparison of pay alone (made up).
const INCUMBENTS: &[u8] = include_bytes!("../../../sample/incumbents.csv");

impl Play {
    /// Bands as the board approved them, those who work here as of today, and a policy: drafted by one, approved by another,
    /// naming who may approve which tier.
    pub(super) fn measure(&self) -> Result<(), Failure> {
        let cast = &self.cast;
        self.upload("/v1/pay-bands/import?approval_ref=board/2026-03", &cast.compensation, BANDS)?;
        self.upload("/v1/incumbent-snapshots/import", &cast.compensation, INCUMBENTS)?;
        let policy = json!({
            "legal_entity": "JP-HQ", "clause": "賃金規程第12条",
            "minimum_wages": [{"hourly": yen(1_038), "effective_from": "2025-10-04"}],
            "approvers": {
                "hr": ["tanaka"], "compensation": ["chika"], "division_head": ["honda"], "executive": ["mori"]
            }
        });
        let policy = id_at(&self.post("/v1/pay-policies", &cast.programme_admin, "policy", &policy)?, "/id")?;
        let policy = format!("/v1/pay-policies/{policy}");
        self.decide(&policy, "approve", &cast.executive, &json!({}))?;
        self.post(&format!("{policy}/publish"), &cast.programme_admin, "policy-publish", &json!({}))?;
        Ok(())
    }

    /// The offer lies above the peers: what is undefined is acknowledged, the exception justified by one and granted by
    /// another, and each seat of the tier taken by somebody whom the policy names.
    pub(super) fn approve(&self, offer: &str) -> Result<(), Failure> {
        let cast = &self.cast;
        let acknowledged = json!({"rule": "SR", "reason": "退職時点の在籍者スナップショットがないため、在籍継続者との比較は行えない。"});
        self.post(&format!("{offer}/acknowledge"), &cast.recruiter, "acknowledge-1001", &acknowledged)?;
        let exception = json!({
            "reasons": ["larger_scope"],
            "justification": "運行管理者資格を取得しており、乗務に加えて営業所の点呼と配車の補助を担う予定である。同じ等級の運転者より職責が\
                              広く、資格者の配置が法令上必要な営業所であるため、等級の中央値をわずかに上回る基本給とした。"
        });
        self.decide(offer, "request-exception", &cast.recruiter, &exception)?;
        let granted = json!({"decision": "granted", "comment": "職責の広さを確認した。"});
        self.decide(offer, "decide-exception", &cast.compensation, &granted)?;
        self.post(&format!("{offer}/request-approval"), &cast.recruiter, "ask-1001", &json!({}))?;
        self.decide(offer, "approve", &cast.people_ops_2, &json!({"comment": "就業規則に照らして妥当"}))?;
        self.decide(offer, "approve", &cast.compensation, &json!({"comment": "等級・経験ともに妥当"}))?;
        Ok(())
    }
}
