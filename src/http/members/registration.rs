//! Becoming a member: with an invitation's token or short code, or by a self-claim that a person judges.

use std::collections::{BTreeMap, BTreeSet};

use aggregates::departure::{Departure, DepartureError, OutreachBar, Standing};
use aggregates::ids::{DepartureId, FlagId, PersonId};
use aggregates::member::{
    ConsentPurpose, Contact, MatchEvidence, Member, MemberCommand, MemberError, Registering, Registration,
    RejectionReason, SelfClaim, SelfClaimMatch,
};
use aggregates::personal::{Personal, RecordClass};
use axum::extract::State;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::dispatch::{DispatchError, Dispatcher, Envelope, Gathered, Reply};
use crate::gather::live_flags;
use crate::http::App;
use crate::http::departures::invitations::{Issued, inviting};
use crate::http::departures::reading::{DEPARTURES, leavers};
use crate::http::fields::{all_named, id_at, named, several_of};
use crate::http::problem::{Problem, Refusal as _};
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Day, Email, Id, Line, Phone, Session, Words, one_of};
use crate::invitation;
use crate::ledger::{PageQuery, Waited};
use crate::search::{INVITATION_CODE, Known, SAME_PERSON, same_person_token};

/// How many departures that fit a self-claim are noted.
const MATCHES: i64 = 20;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(register)).routes(routes!(approve)).routes(routes!(reject))
}

/// How a member can be reached.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactField {
    email: Option<Email>,
    phone: Option<Phone>,
}

/// What somebody without an invitation states about their time here.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClaimField {
    /// Where they remember it.
    employee_number: Option<Line>,
    /// 退職時の氏名
    name_at_departure: Line,
    birth_date: Day,
}

/// A registration. Exactly one of `invitation_token`, `short_code` and `claim` opens the door.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RegisterMember {
    /// The token of an invitation's link; single use.
    invitation_token: Option<Line>,
    /// The short code of an invitation, in any spelling; single use.
    #[schema(examples("7K3M-Q9RD-2VXT"))]
    short_code: Option<Line>,
    /// A self-claim, which always waits for review.
    claim: Option<ClaimField>,
    #[serde(default)]
    contact: ContactField,
    /// The purposes that are consented to; none is a good answer too.
    #[serde(default)]
    #[schema(schema_with = several_of::<ConsentPurpose>)]
    consents: Vec<String>,
    /// The version of the programme's terms that is accepted: one of the programme policy, such as `programme/{id}/2`, or of
    /// terms that are kept elsewhere.
    #[schema(examples("2026-10"))]
    terms_version: Line,
    /// The version of the consent texts, where they are not part of the terms.
    consent_text_version: Option<Line>,
}

/// What opens the door.
enum Door {
    Token(String),
    ShortCode(String),
    Claim(ClaimField),
}

impl Door {
    fn of(token: Option<Line>, code: Option<Line>, claim: Option<ClaimField>) -> Result<Self, Problem> {
        match (token, code, claim) {
            (Some(token), None, None) => Ok(Self::Token(token.0)),
            (None, Some(code), None) => Ok(Self::ShortCode(code.0)),
            (None, None, Some(claim)) => Ok(Self::Claim(claim)),
            _ => Err(Problem::field(
                "/invitation_token",
                "exactly_one",
                "Exactly one of invitation_token, short_code and claim is expected.",
                "invitation_token、short_code、claimのうち、いずれか1つだけを指定してください。",
            )),
        }
    }
}

fn not_valid(pointer: &str) -> Problem {
    Problem::field(
        pointer,
        "invitation_not_valid",
        "This invitation is not valid. Check how it is written, or ask for a new one.",
        "この招待は有効ではありません。入力内容を確認するか、新しい招待を依頼してください。",
    )
    .reason("invitation_not_valid")
}

/// Register as an alumnus.
///
/// The bearer's account becomes the member's. With an invitation the membership is active at once, or on the day after
/// the last day of employment; a self-claim is `pending_review`, whether anything fits it or not.
#[utoipa::path(post, path = "/v1/members", tag = "members", request_body = RegisterMember,
    responses((status = 201, description = "Registered", body = CommandReply)))]
async fn register(State(app): State<App>, session: Session, body: Body<RegisterMember>) -> Result<Answer, Problem> {
    let Body { value: asked, bytes } = body;
    let door = Door::of(asked.invitation_token, asked.short_code, asked.claim)?;
    super::terms::must_be_published(&app, &session, &asked.terms_version.0).await?;
    let profile = |value: String| Personal::new(RecordClass::Profile, value);
    let request = Request {
        envelope: session.envelope("members.register", 201, &bytes),
        contact: Contact {
            email: asked.contact.email.map(|email| profile(email.0)),
            phone: asked.contact.phone.map(|phone| profile(phone.0)),
        },
        consents: all_named("/consents", &asked.consents)?,
        terms_version: asked.terms_version.0,
        consent_text_version: asked.consent_text_version.map(|line| line.0),
        app,
        session,
    };
    let keys = &request.session.employer.keys;
    let reply = match door {
        Door::Token(token) => {
            let (departure, sequence) =
                invitation::read_token(keys, &token).ok_or_else(|| not_valid("/invitation_token"))?;
            request.by_invitation(departure, sequence, "/invitation_token").await?
        }
        Door::ShortCode(code) => {
            let (departure, issued) = request.issued_with(&code).await?.ok_or_else(|| not_valid("/short_code"))?;
            request.by_invitation(departure, issued.sequence, "/short_code").await?
        }
        Door::Claim(claim) => request.by_claim(claim).await?,
    };
    Ok(Answer::created("members", &reply))
}

/// A registration, whatever opens the door.
struct Request {
    app: App,
    session: Session,
    envelope: Envelope,
    contact: Contact,
    consents: Vec<ConsentPurpose>,
    terms_version: String,
    consent_text_version: Option<String>,
}

impl Request {
    fn order(&self, via: Registration, live_flags: Vec<FlagId>) -> MemberCommand {
        MemberCommand::Register(Box::new(Registering {
            account: self.session.actor,
            via,
            contact: self.contact.clone(),
            terms_version: self.terms_version.clone(),
            consents: self.consents.clone(),
            consent_text_version: self.consent_text_version.clone(),
            live_flags,
        }))
    }

    async fn by_invitation(&self, departure: Uuid, sequence: i64, pointer: &str) -> Result<Reply, Problem> {
        let (dispatcher, employer) = (self.app.dispatcher(), &*self.session.employer);
        let registered = dispatcher
            .create_with::<Member, _, _>(&self.envelope, Uuid::now_v7(), || async {
                let read = inviting(dispatcher, employer, departure).await?;
                let (Some(standing), Some(issued)) = (read.departure.standing(), read.issued_by(sequence)) else {
                    return Err(DispatchError::NotFound);
                };
                if standing.barred.contains(&OutreachBar::Deceased) {
                    return Err(DispatchError::NotFound);
                }
                let door = Registration::Invitation {
                    person_id: standing.person_id,
                    departure_id: DepartureId(departure),
                    number: issued.number,
                    expires_at: issued.expires_at,
                    left_on: standing.left_on,
                };
                let order = self.order(door, live_flags(dispatcher, employer, standing.person_id).await?);
                let guards = vec![(Dispatcher::stream::<Departure>(employer, departure), read.version)];
                Ok(Gathered { guards, subject_known: true, ..Gathered::order(order) })
            })
            .await;
        registered.map_err(|error| {
            if matches!(error, DispatchError::NotFound) {
                return not_valid(pointer);
            }
            let expired = matches!(error, DispatchError::Refused(MemberError::InvitationExpired { .. }));
            let mut problem = Problem::from(error);
            if expired {
                // The field is whichever the invitation came in.
                problem.errors.iter_mut().for_each(|error| pointer.clone_into(&mut error.pointer));
            }
            problem
        })
    }

    /// The invitation that was issued with a short code.
    async fn issued_with(&self, code: &str) -> Result<Option<(Uuid, Issued)>, Problem> {
        let (dispatcher, employer) = (self.app.dispatcher(), &*self.session.employer);
        let folded = invitation::folded_code(code);
        let token = employer.keys.token(INVITATION_CODE, &folded);
        for departure in dispatcher.ledger().owners(&employer.name, INVITATION_CODE, &token, MATCHES).await? {
            let read = inviting(dispatcher, employer, departure).await?;
            let issued = read.invitations.into_iter().find(|issued| {
                invitation::folded_code(&invitation::short_code(&employer.keys, departure, issued.sequence)) == folded
            });
            if let Some(issued) = issued {
                return Ok(Some((departure, issued)));
            }
        }
        Ok(None)
    }

    async fn by_claim(&self, claim: ClaimField) -> Result<Reply, Problem> {
        let matches = self.matches(&claim).await?;
        let restricted = |value: String| Personal::new(RecordClass::Restricted, value);
        let via = Registration::SelfClaim {
            provisional_person_id: PersonId(Uuid::now_v7()),
            claim: SelfClaim {
                employee_number: claim.employee_number.map(|line| restricted(line.0)),
                name_at_departure: restricted(claim.name_at_departure.0),
                birth_date: Personal::new(RecordClass::Restricted, claim.birth_date.0),
            },
            matches,
        };
        Ok(self.app.dispatcher().create::<Member>(&self.envelope, Uuid::now_v7(), self.order(via, vec![])).await?)
    }

    /// The departures that fit a claim: by name and birth date together, or by number. Nothing of it reaches the caller.
    async fn matches(&self, claim: &ClaimField) -> Result<Vec<SelfClaimMatch>, Problem> {
        let (ledger, employer) = (self.app.dispatcher().ledger(), &*self.session.employer);
        let known =
            Known { name: Some(&claim.name_at_departure.0), birth_date: Some(claim.birth_date.0), ..Known::default() };
        let mut found: BTreeMap<Uuid, BTreeSet<MatchEvidence>> = BTreeMap::new();
        if let Some(token) = same_person_token(&employer.keys, known) {
            for departure in ledger.owners(&employer.name, SAME_PERSON, &token, MATCHES).await? {
                found
                    .entry(departure)
                    .or_default()
                    .extend([MatchEvidence::NameMatches, MatchEvidence::BirthDateMatches]);
            }
        }
        if let Some(Line(number)) = &claim.employee_number {
            let folded: String = number.nfkc().collect();
            let spellings = BTreeSet::from([number.clone(), folded.to_uppercase(), folded]);
            let filters = vec![("employee_number", spellings.into_iter().collect())];
            let query = PageQuery { filters, limit: MATCHES, ..PageQuery::default() };
            match ledger.page(&DEPARTURES, &employer.name, &query).await? {
                Waited::Behind => return Err(Problem::behind()),
                Waited::Ready(page) => {
                    for document in page.documents {
                        found.entry(document.id).or_default().insert(MatchEvidence::NumberMatches);
                    }
                }
            }
        }
        // Whoever stayed has not left.
        let leavers = leavers(&self.app, &self.session, found.keys().copied().collect()).await?;
        found.retain(|departure, _| leavers.get(departure).is_some_and(|leaver| !leaver.rescinded));
        let matches = found.into_iter();
        Ok(matches
            .map(|(departure, evidence)| SelfClaimMatch { departure_id: DepartureId(departure), evidence })
            .collect())
    }
}

/// Whose departure a self-claim is about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApproveMember {
    /// The departure that the claim is about; its person becomes the member.
    #[schema(value_type = Uuid)]
    departure_id: String,
}

/// Recognise a self-claim. Not by whoever claims.
#[utoipa::path(post, path = "/v1/members/{id}/approve", tag = "members", params(("id" = Uuid, Path)),
    request_body = ApproveMember, responses((status = 200, description = "Approved", body = CommandReply)))]
async fn approve(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ApproveMember>,
) -> Result<Answer, Problem> {
    let departure = id_at("/departure_id", &body.value.departure_id)?;
    let dispatcher = app.dispatcher();
    let found = dispatcher.load::<Departure>(&session.employer, departure).await?;
    if visible(&session, &found.state).is_some_and(|standing| standing.barred.contains(&OutreachBar::Deceased)) {
        return Err(DepartureError::Deceased.problem());
    }
    let envelope = session.envelope("members.approve", 200, &body.bytes);
    let approved = dispatcher
        .send_with::<Member, _, _>(&envelope, id.0, || async {
            let read = dispatcher.load::<Departure>(&session.employer, departure).await?;
            let standing = visible(&session, &read.state).ok_or(DispatchError::NotFound)?;
            let order = MemberCommand::Approve {
                person_id: standing.person_id,
                departure_id: DepartureId(departure),
                left_on: standing.left_on,
                live_flags: live_flags(dispatcher, &session.employer, standing.person_id).await?,
            };
            let guards = vec![(Dispatcher::stream::<Departure>(&session.employer, departure), read.version)];
            Ok(Gathered { guards, subject_known: true, ..Gathered::order(order) })
        })
        .await;
    let reply = approved.map_err(|error| {
        if !matches!(error, DispatchError::NotFound) {
            return error.into();
        }
        Problem::field(
            "/departure_id",
            "departure_not_found",
            "There is no such departure, or it was rescinded.",
            "該当する退職がないか、取り消されています。",
        )
    })?;
    Ok(Answer::done(&reply))
}

/// What stands about a departure that this caller may see.
fn visible<'a>(session: &Session, departure: &'a Departure) -> Option<&'a Standing> {
    departure.standing().filter(|standing| session.covers(&standing.legal_entity))
}

/// Why a self-claim is turned down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RejectMember {
    #[schema(schema_with = one_of::<RejectionReason>)]
    reason_code: String,
    /// In words; the claimant is shown the code alone.
    note: Option<Words>,
}

/// Turn a self-claim down.
#[utoipa::path(post, path = "/v1/members/{id}/reject", tag = "members", params(("id" = Uuid, Path)),
    request_body = RejectMember, responses((status = 200, description = "Rejected", body = CommandReply)))]
async fn reject(State(app): State<App>, session: Session, id: Id, body: Body<RejectMember>) -> Result<Answer, Problem> {
    let command = MemberCommand::Reject {
        reason_code: named("/reason_code", &body.value.reason_code)?,
        note: body.value.note.map(|words| Personal::new(RecordClass::Restricted, words.0)),
    };
    let envelope = session.envelope("members.reject", 200, &body.bytes);
    Ok(Answer::done(&app.dispatcher().send::<Member>(&envelope, id.0, command).await?))
}
