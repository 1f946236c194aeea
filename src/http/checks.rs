//! Human answers to rules that do not pass by themselves: a HOLD is answered, a WARN acknowledged, a LEGAL lifted by a
//! recorded opinion.

use aggregates::checks::{CheckAnswer, Settlement};
use aggregates::ids::ActorId;
use aggregates::personal::{Personal, RecordClass};
use serde::Deserialize;
use utoipa::ToSchema;

use super::fields::named;
use super::problem::Problem;
use super::request::{Day, Line, Words, one_of};

/// The answer to a HOLD; or, of LAB-04, that the agency was told of the bar.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerCheck {
    #[schema(examples("REF-01"))]
    rule: Line,
    #[schema(schema_with = one_of::<CheckAnswer>)]
    answer: String,
    /// Where the evidence lies in the employer's own records.
    evidence_ref: Line,
}

impl AnswerCheck {
    pub(super) fn settlement(self, by: ActorId) -> Result<Settlement, Problem> {
        let answer = named("/answer", &self.answer)?;
        Ok(Settlement::Answered { rule: self.rule.0, answer, evidence_ref: self.evidence_ref.0, by })
    }
}

/// The acknowledgement of a WARN.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AcknowledgeCheck {
    #[schema(examples("PAY-01"))]
    rule: Line,
    /// Why it goes on all the same, in words.
    reason: Words,
}

impl AcknowledgeCheck {
    /// The words are kept as a record of `class`.
    pub(super) fn settlement(self, by: ActorId, class: RecordClass) -> Settlement {
        Settlement::Acknowledged { rule: self.rule.0, reason: Personal::new(class, self.reason.0), by }
    }
}

/// A legal opinion about a LEGAL.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordLegalOpinion {
    #[schema(examples("REF-18"))]
    rule: Line,
    /// Where the opinion lies in the employer's own records.
    r#ref: Line,
    /// The last day on which it may be relied on.
    valid_until: Day,
}

impl RecordLegalOpinion {
    pub(super) fn settlement(self, by: ActorId) -> Settlement {
        let (opinion_ref, valid_until) = (self.r#ref.0, self.valid_until.0);
        Settlement::LegalOpinion { rule: self.rule.0, opinion_ref, valid_until, by }
    }
}
