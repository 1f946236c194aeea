//! What the refusals of a refused follow-up mean.

use aggregates::follow_up::FollowUpError;

use super::{Refusal, state};
use crate::http::problem::Problem;

impl Refusal for FollowUpError {
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::Unrecorded => Problem::not_found(),
            Self::AlreadyResolved => state(self, reason, "この件は、すでに対応済みです。"),
        }
    }
}
