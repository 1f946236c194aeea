//! One sample or more of every event of a follow-up.

use aggregates::follow_up::{FollowUpEvent, Refused, StreamName};
use aggregates::ids::ActorId;

use crate::support::{sealed, uuid};

/// A refusal.
pub fn refused() -> Refused {
    Refused {
        reaction: "end_employment".to_owned(),
        event_position: 1042,
        on_stream: StreamName { kind: "employment".to_owned(), id: uuid(4) },
        error_code: "already_ended".to_owned(),
        error_text: "the employment ended on 2024-03-20; a wrong last day is corrected".to_owned(),
    }
}

/// All samples.
pub fn samples() -> Vec<FollowUpEvent> {
    vec![
        FollowUpEvent::Refused(refused()),
        FollowUpEvent::Resolved { resolved_by: ActorId(uuid(51)), note: Some(sealed(47)) },
        FollowUpEvent::Resolved { resolved_by: ActorId(uuid(51)), note: None },
    ]
}
