//! What follows from a membership.

use aggregates::departure::{Departure, DepartureCommand};
use aggregates::ids::{DepartureId, MemberId};
use aggregates::member::{MemberEvent, RegisteredVia};

use super::{Followed, Reaction, Undone};

impl Reaction<'_> {
    pub(super) async fn after_member(&self, event: &MemberEvent) -> Option<Followed> {
        use MemberEvent as E;
        Some(match event {
            E::Registered(registered) => match &registered.via {
                RegisteredVia::Invitation { departure_id, .. } => vec![self.note_registration(*departure_id).await],
                RegisteredVia::SelfClaim { .. } => vec![],
            },
            E::Approved { departure_id, .. } => vec![self.note_registration(*departure_id).await],
            // A withdrawn consent stops outreach, not a selection that the person asked for. Whom a recruiter contacted, a
            // later referral asks.
            E::ConsentWithdrawn { .. }
            | E::ContactRecorded(_)
            | E::TermsAccepted { .. }
            | E::ConsentGranted { .. }
            | E::Rejected { .. }
            | E::Activated { .. }
            | E::ContactDetailsGiven(_)
            | E::ProfileDescribed(_)
            | E::IntentsDeclared { .. }
            | E::DataConfirmed { .. }
            | E::ConfirmationAsked { .. }
            | E::BecameDormant { .. }
            | E::Paused { .. }
            | E::Resumed
            | E::GroupDeclared { .. }
            | E::GroupDeclarationWithdrawn
            | E::Left { .. }
            | E::Returned { .. }
            | E::DeathRecorded
            | E::Disposed { .. } => return None,
        })
    }

    /// Whenever somebody registers, then their departure knows it.
    async fn note_registration(&self, departure: DepartureId) -> Result<(), Undone> {
        let order = DepartureCommand::NoteRegistration { member_id: MemberId(self.event.stream_id) };
        self.send::<Departure>("departures.note-registration", departure.0, order, |_| false).await
    }
}
