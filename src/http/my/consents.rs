//! `GET /v1/my/consents`: which consents stood at an instant, and all that was ever given or taken back.

use std::collections::BTreeSet;

use aggregates::member::{ConsentPurpose, Member, MemberEvent, consent_at};
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use projections::members::{ConsentState, State as Reached};
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator as _;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::dispatch::{Dispatcher, LoadError};
use crate::gather::contact::member_events;
use crate::http::App;
use crate::http::members::reading::{OwnMembership, own_memberships};
use crate::http::members::terms::to_accept;
use crate::http::problem::Problem;
use crate::http::request::{Params, Session, one_of};

/// What consents and the terms follow from; every end of a membership ends them.
const TOLD: [&str; 8] = [
    "member.terms_accepted",
    "member.consent_granted",
    "member.consent_withdrawn",
    "member.rejected",
    "member.left",
    "member.returned",
    "member.death_recorded",
    "member.disposed",
];
/// The types that say which group is declared.
const GROUP: [&str; 2] = ["member.group_declared", "member.group_declaration_withdrawn"];

/// What a member consented to and accepted, in order, each with the instant of its recording.
pub(super) struct History {
    pub(super) events: Vec<(DateTime<Utc>, MemberEvent)>,
    /// Whether there is more before it.
    pub(super) truncated: bool,
}

impl History {
    /// Reads the latest of a membership, all of it where no limit is given.
    pub(super) async fn read(app: &App, session: &Session, id: Uuid, limit: Option<i64>) -> Result<Self, LoadError> {
        let stream = Dispatcher::stream::<Member>(&session.employer, id);
        let asked = limit.map_or(i64::MAX, |limit| limit + 1);
        let mut stored = app.dispatcher().ledger().latest_of(&stream, &TOLD, asked).await?;
        let kept = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
        let truncated = stored.len() > kept;
        stored.truncate(kept);
        stored.reverse();
        Ok(Self { events: member_events(&session.employer, &stored)?, truncated })
    }
}

/// What was last said about the group that the member declares for monitoring.
pub(super) async fn group_event(app: &App, session: &Session, id: Uuid) -> Result<Option<MemberEvent>, LoadError> {
    let stream = Dispatcher::stream::<Member>(&session.employer, id);
    let stored = app.dispatcher().ledger().latest_of(&stream, &GROUP, 1).await?;
    Ok(member_events(&session.employer, &stored)?.pop().map(|(_, event)| event))
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
    /// The version of the terms of the programme that stood accepted at that instant.
    terms_version: Option<String>,
    terms_accepted_at: Option<DateTime<Utc>>,
    /// The version of the programme policy that governs now and was not accepted; confirm-data accepts it.
    #[schema(examples("programme/0195f7c2-0000-7000-8000-000000000001/2"))]
    terms_to_accept: Option<String>,
    /// Every purpose, and whether a consent to it stood at that instant.
    purposes: Vec<PurposeStanding>,
    /// All that was ever given or taken back, oldest first, whatever the instant asked for.
    history: Vec<ConsentChange>,
    /// Whether there is more before it: `GET /v1/my/consents` always tells all.
    history_truncated: bool,
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
    /// The consents of a membership at an instant, from the whole of its history.
    pub(super) fn at(member_id: Uuid, state: &'static str, history: &History, at: DateTime<Utc>) -> Self {
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
        let accepted = events().rev().filter(|(recorded_at, _)| *recorded_at <= at).find_map(|(recorded_at, event)| {
            let MemberEvent::TermsAccepted { terms_version } = event else { return None };
            Some((terms_version.clone(), recorded_at))
        });
        let (terms_version, terms_accepted_at) = accepted.unzip();
        Self {
            member_id,
            state,
            terms_version,
            terms_accepted_at,
            terms_to_accept: None,
            purposes: purposes.collect(),
            history: changes(&history.events, BTreeSet::new()),
            history_truncated: history.truncated,
        }
    }

    /// The consents of a membership as they stand, from its document and the latest of its history.
    pub(super) fn now(own: &OwnMembership, history: &History) -> Self {
        let consents = &own.member.consents;
        let purposes = ConsentPurpose::iter().map(|purpose| {
            let standing = consents.get(&purpose).filter(|consent| consent.state == ConsentState::Granted);
            PurposeStanding {
                purpose: purpose.into(),
                granted: standing.is_some(),
                granted_at: standing.map(|consent| consent.granted_at),
                text_version: standing.map(|consent| consent.text_version.clone()),
            }
        });
        // What ended with the membership was granted, perhaps before what is told here.
        let ended = consents.iter().filter(|(_, consent)| consent.state == ConsentState::Ended);
        let accepted =
            history.events.iter().rev().find(|(_, event)| matches!(event, MemberEvent::TermsAccepted { .. }));
        Self {
            member_id: own.id,
            state: own.member.state.into(),
            terms_version: own.member.terms_version.clone(),
            terms_accepted_at: accepted.map(|(at, _)| *at),
            terms_to_accept: None,
            purposes: purposes.collect(),
            history: changes(&history.events, ended.map(|(purpose, _)| *purpose).collect()),
            history_truncated: history.truncated,
        }
    }
}

impl MembershipConsents {
    /// With the terms that a member who has not left may accept now.
    pub(super) async fn with_terms(self, app: &App, session: &Session, own: &OwnMembership) -> Result<Self, Problem> {
        let goes_on = matches!(own.member.state, Reached::Active | Reached::Paused | Reached::Dormant);
        let departure = own.member.departure_id.filter(|_| goes_on).map(|departure| departure.0);
        let terms_to_accept = to_accept(app, session, departure, own.member.terms_version.as_deref()).await?;
        Ok(Self { terms_to_accept, ..self })
    }
}

/// What became of the consents; `standing` are those that were granted before.
fn changes(events: &[(DateTime<Utc>, MemberEvent)], mut standing: BTreeSet<ConsentPurpose>) -> Vec<ConsentChange> {
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
            | MemberEvent::GroupDeclarationWithdrawn
            | MemberEvent::ContactRecorded(_) => {}
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
        let history = History::read(&app, &session, own.id, None).await?;
        let standing = MembershipConsents::at(own.id, own.member.state.into(), &history, at);
        memberships.push(standing.with_terms(&app, &session, &own).await?);
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
            truncated: false,
            events: vec![
                (at(1), granted(ConsentPurpose::Jobs)),
                (at(1), granted(ConsentPurpose::Contact)),
                (at(3), MemberEvent::ConsentWithdrawn { purpose: ConsentPurpose::Jobs }),
                (at(5), MemberEvent::Left { reason: None }),
            ],
        };
        let stood = |second| {
            let consents = MembershipConsents::at(Uuid::nil(), "left", &history, at(second));
            let stood = consents.purposes.into_iter().filter(|purpose| purpose.granted).map(|purpose| purpose.purpose);
            stood.collect::<Vec<_>>()
        };
        assert_eq!(stood(0), Vec::<&str>::new());
        assert_eq!(stood(2), ["contact", "jobs"]);
        assert_eq!(stood(4), ["contact"]);
        assert_eq!(stood(6), Vec::<&str>::new());
        let all = MembershipConsents::at(Uuid::nil(), "left", &history, at(0));
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
