//! What the refusals of a snapshot of incumbents and of its parts mean. A file answers line by line; these are for whoever
//! asks otherwise.

use aggregates::incumbents::{IncumbentPartError, IncumbentSnapshotError};

use super::{Refusal, field, state};
use crate::http::problem::Problem;

impl Refusal for IncumbentSnapshotError {
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::Empty => field(self, "", reason, "スナップショットには、少なくとも1名の在籍者が必要です。"),
            Self::InTheFuture { .. } => field(self, "/as_of", reason, "基準日が本日より後です。"),
            Self::Differs => state(self, reason, "このIDには、別のスナップショットがすでに登録されています。"),
        }
    }
}

impl Refusal for IncumbentPartError {
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::Empty => field(self, "", reason, "スナップショットの各部分には、少なくとも1名の在籍者が必要です。"),
            Self::Differs => state(self, reason, "このIDには、スナップショットの別の部分がすでに登録されています。"),
        }
    }
}
