//! `GET /v1/my/consents`: which consents stood at an instant, and all that was ever given or taken back.

use std::collections::BTreeSet;

use aggregates::catalogue::HrEvent;
use aggregates::member::{ConsentPurpose, Member, MemberEvent, consent_at};
use aggregates::stream::Stream as _;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use cqrs_es::Aggregate as _;
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator as _;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::dispatch::{Dispatcher, LoadError};
use crate::http::App;
use crate::http::members::reading::own_memberships;
use crate::http::problem::Problem;
use crate::http::request::{Params, Session, one_of};

/// A membership's events, in order, each with the instant of its recording.
pub(super) struct History {
    pub(super) events: Vec<(DateTime<Utc>, MemberEvent)>,
    pub(super) state: &'static str,
}

impl History {
    /// Reads a membership.
    pub(super) async fn read(app: &App, session: &Session, id: Uuid) -> Result<Self, LoadError> {
        let employer = &*session.employer;
        let mut events = Vec::new();
        let mut member = Member::default();
        for stored in app.dispatcher().ledger().load(Dispatcher::stream::<Member>(employer, id)).await? {
            let decoded =
                crate::feed::decode(stored.position, &stored.leaf, employer.zone).map_err(LoadError::Unreadable)?;
            for recorded in decoded {
                let HrEvent::Member(event) = recorded.event else { continue };
                member.apply(event.clone());
                events.push((recorded.recorded_at, event));
            }
        }
        Ok(Self { events, state: member.state() })
    }
}

/// For which instant.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ConsentsAt {
    /// The instant (RFC 3339) at which the consents are looked at; now when not given.
    #[param(example = "2026-10-01T00:00:00Z")]
    at: Option<DateTime<Utc>>,
}

/// The caller's consents.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MyConsents {
    /// The instant at which `purposes` hold.
    at: DateTime<Utc>,
    /// The caller's memberships, oldest first.
    memberships: Vec<MembershipConsents>,
}

/// The consents of one membership.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MembershipConsents {
    member_id: Uuid,
    /// The membership's state now.
    #[schema(examples("active"))]
    state: &'static str,
    /// Every purpose, and whether a consent to it stood at that instant.
    purposes: Vec<PurposeStanding>,
    /// All that was ever given or taken back, oldest first, whatever the instant asked for.
    history: Vec<ConsentChange>,
}

/// How a purpose stood.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct PurposeStanding {
    #[schema(schema_with = one_of::<ConsentPurpose>)]
    purpose: &'static str,
    granted: bool,
    /// The version of the text that was consented to.
    text_version: Option<String>,
    granted_at: Option<DateTime<Utc>>,
}

/// What became of a consent.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ConsentChange {
    at: DateTime<Utc>,
    #[schema(schema_with = one_of::<ConsentPurpose>)]
    purpose: &'static str,
    what: ConsentStep,
    /// The version of the text that was consented to.
    text_version: Option<String>,
}

/// What can become of a consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ConsentStep {
    /// It was given.
    Granted,
    /// It was taken back.
    Withdrawn,
    /// It ended with the membership.
    Ended,
}

impl MembershipConsents {
    /// The consents of a membership at an instant.
    pub(super) fn at(member_id: Uuid, history: &History, at: DateTime<Utc>) -> Self {
        let events = || history.events.iter().map(|(recorded_at, event)| (*recorded_at, event));
        let purposes = ConsentPurpose::iter().map(|purpose| {
            let proof = consent_at(events(), purpose, at);
            PurposeStanding {
                purpose: purpose.into(),
                granted: proof.is_some(),
                granted_at: proof.as_ref().map(|proof| proof.granted_at),
                text_version: proof.map(|proof| proof.text_version),
            }
        });
        Self { member_id, state: history.state, purposes: purposes.collect(), history: changes(&history.events) }
    }
}

fn changes(events: &[(DateTime<Utc>, MemberEvent)]) -> Vec<ConsentChange> {
    let mut standing = BTreeSet::new();
    let mut changes = Vec::new();
    for (at, event) in events {
        let mut note = |purpose: ConsentPurpose, what, text_version: Option<&String>| {
            changes.push(ConsentChange { at: *at, purpose: purpose.into(), what, text_version: text_version.cloned() });
        };
        match event {
            MemberEvent::ConsentGranted { purpose, text_version } => {
                standing.insert(*purpose);
                note(*purpose, ConsentStep::Granted, Some(text_version));
            }
            MemberEvent::ConsentWithdrawn { purpose } => {
                standing.remove(purpose);
                note(*purpose, ConsentStep::Withdrawn, None);
            }
            MemberEvent::Rejected { .. }
            | MemberEvent::Left { .. }
            | MemberEvent::Returned { .. }
            | MemberEvent::DeathRecorded
            | MemberEvent::Disposed { .. } => {
                for purpose in std::mem::take(&mut standing) {
                    note(purpose, ConsentStep::Ended, None);
                }
            }
            MemberEvent::Registered(_)
            | MemberEvent::TermsAccepted { .. }
            | MemberEvent::Approved { .. }
            | MemberEvent::Activated { .. }
            | MemberEvent::ContactDetailsGiven(_)
            | MemberEvent::ProfileDescribed(_)
            | MemberEvent::IntentsDeclared { .. }
            | MemberEvent::DataConfirmed { .. }
            | MemberEvent::ConfirmationAsked { .. }
            | MemberEvent::BecameDormant { .. }
            | MemberEvent::Paused { .. }
            | MemberEvent::Resumed
            | MemberEvent::GroupDeclared { .. }
            | MemberEvent::GroupDeclarationWithdrawn => {}
        }
    }
    changes
}

/// Read one's own consents.
///
/// Which stood at an instant, with the version of the text and when it was given, and the whole history: the proof for
/// every letter that was sent.
#[utoipa::path(get, path = "/v1/my/consents", tag = "my", params(ConsentsAt),
    responses((status = 200, description = "The caller's consents", body = MyConsents)))]
pub(super) async fn consents(
    State(app): State<App>,
    session: Session,
    Params(asked): Params<ConsentsAt>,
) -> Result<Json<MyConsents>, Problem> {
    let at = asked.at.unwrap_or_else(|| app.dispatcher().ledger().now());
    let mut memberships = Vec::new();
    for own in own_memberships(&app, &session).await? {
        let history = History::read(&app, &session, own.id).await?;
        memberships.push(MembershipConsents::at(own.id, &history, at));
    }
    Ok(Json(MyConsents { at, memberships }))
}

#[cfg(test)]
mod tests {
    use aggregates::member::{ConsentPurpose, MemberEvent};
    use chrono::{DateTime, Utc};
    use uuid::Uuid;

    use super::{ConsentStep, History, MembershipConsents};

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    fn granted(purpose: ConsentPurpose) -> MemberEvent {
        MemberEvent::ConsentGranted { purpose, text_version: "1".into() }
    }

    #[test]
    fn consents_stand_from_their_grant_to_their_withdrawal_and_end_with_the_membership() {
        let history = History {
            state: "left",
            events: vec![
                (at(1), granted(ConsentPurpose::Jobs)),
                (at(1), granted(ConsentPurpose::Contact)),
                (at(3), MemberEvent::ConsentWithdrawn { purpose: ConsentPurpose::Jobs }),
                (at(5), MemberEvent::Left { reason: None }),
            ],
        };
        let stood = |second| {
            let consents = MembershipConsents::at(Uuid::nil(), &history, at(second));
            let stood = consents.purposes.into_iter().filter(|purpose| purpose.granted).map(|purpose| purpose.purpose);
            stood.collect::<Vec<_>>()
        };
        assert_eq!(stood(0), Vec::<&str>::new());
        assert_eq!(stood(2), ["contact", "jobs"]);
        assert_eq!(stood(4), ["contact"]);
        assert_eq!(stood(6), Vec::<&str>::new());
        let all = MembershipConsents::at(Uuid::nil(), &history, at(0));
        let steps: Vec<_> = all.history.iter().map(|change| (change.purpose, change.what)).collect();
        assert_eq!(
            steps,
            [
                ("jobs", ConsentStep::Granted),
                ("contact", ConsentStep::Granted),
                ("jobs", ConsentStep::Withdrawn),
                ("contact", ConsentStep::Ended)
            ]
        );
        assert_eq!(all.purposes.len(), 7);
    }
}
