//! What the refusals of a reading mean.

use aggregates::access::AccessError;

use super::{Refusal, state};
use crate::http::problem::Problem;

impl Refusal for AccessError {
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::AlreadyRecorded => state(self, reason, "この閲覧記録は、すでに別の内容で記録されています。"),
        }
    }
}
