//! Callers whose token has been verified, so that whoever sends many requests is not verified anew for each.
//!
//! A token is remembered by its SHA-256 alone, together with the time within which it counts. What is remembered belongs
//! to the keys that verified it and is forgotten with them: `oidc` keeps it beside the keys as they were fetched.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::digest;

use super::Caller;

/// The most tokens remembered at a time.
const REMEMBERED: usize = 10_000;

/// When a token counts: from the first second until before the last, clock skew included (epoch seconds).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Validity {
    pub from: u64,
    pub until: u64,
}

impl Validity {
    fn holds(self, now: u64) -> bool {
        (self.from..self.until).contains(&now)
    }
}

/// Whose a token is, and when it counts.
struct Known {
    caller: Arc<Caller>,
    validity: Validity,
}

/// The tokens that one set of keys has verified.
#[derive(Default)]
pub(super) struct Verified {
    callers: RwLock<HashMap<[u8; 32], Known>>,
}

impl Verified {
    /// Whose token this is, if it has been verified and counts at `now`.
    pub fn recall(&self, token: &str, now: u64) -> Option<Arc<Caller>> {
        let callers = self.callers.read().unwrap_or_else(PoisonError::into_inner);
        let known = callers.get(&fingerprint(token)?).filter(|known| known.validity.holds(now));
        known.map(|known| Arc::clone(&known.caller))
    }

    /// Remembers a token that has been verified.
    pub fn keep(&self, token: &str, caller: Caller, validity: Validity) -> Arc<Caller> {
        let caller = Arc::new(caller);
        if let Some(fingerprint) = fingerprint(token) {
            let mut callers = self.callers.write().unwrap_or_else(PoisonError::into_inner);
            if callers.len() >= REMEMBERED {
                callers.clear();
            }
            callers.insert(fingerprint, Known { caller: Arc::clone(&caller), validity });
        }
        caller
    }
}

fn fingerprint(token: &str) -> Option<[u8; 32]> {
    digest::digest(&digest::SHA256, token.as_bytes()).as_ref().try_into().ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::identity::{ActingScope, CallerKind};

    fn caller(subject: &str) -> Caller {
        Caller {
            employer: "acme".into(),
            issuer: "https://id.example".into(),
            subject: subject.into(),
            roles: BTreeSet::new(),
            legal_entities: None,
            may_act_for: ActingScope::Nobody,
            kind: CallerKind::Person,
            display_name: None,
        }
    }

    #[test]
    fn a_token_is_known_while_it_counts_and_no_other_is() {
        let verified = Verified::default();
        verified.keep("a.b.c", caller("suzuki"), Validity { from: 100, until: 200 });
        let subject = |token, now| verified.recall(token, now).map(|caller| caller.subject.clone());
        assert_eq!(subject("a.b.c", 100).as_deref(), Some("suzuki"));
        assert_eq!(subject("a.b.c", 199).as_deref(), Some("suzuki"));
        assert_eq!((subject("a.b.c", 99), subject("a.b.c", 200)), (None, None));
        assert_eq!((subject("a.b.d", 150), subject("a.b.c ", 150), subject("", 150)), (None, None, None));
    }

    #[test]
    fn memory_is_bounded() {
        let verified = Verified::default();
        for token in 0..=REMEMBERED {
            verified.keep(&token.to_string(), caller("suzuki"), Validity { from: 0, until: 1 });
        }
        assert!(verified.recall("0", 0).is_none());
        assert!(verified.recall(&REMEMBERED.to_string(), 0).is_some());
    }
}
