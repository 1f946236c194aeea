//! Whose referral it is: decided by human beings who are not the referrer.

use std::collections::BTreeSet;

use aggregates::application::{Application, Standing};
use aggregates::referral::{
    DuplicateCause, Exclusion, Likeness, Offices, OwnershipDecision, Reassigning, Referral, ReferralCommand,
    Relationship,
};
use aggregates::requisition::Requisition;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{decide, entity, in_line, words};
use crate::dispatch::{DispatchError, Dispatcher, Gathered};
use crate::gather::referrer::{paid_in_twelve_months, relation};
use crate::http::App;
use crate::http::fields::{all_named, named, several_of};
use crate::http::problem::Problem;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Id, Line, Session, Words, one_of, one_of_or_null};
use crate::http::scope::{as_one, within};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(resolve_ownership)).routes(routes!(reassign_credit))
}

/// A decision about an earlier record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResolveOwnership {
    /// `grant`: the referral owns the candidate all the same; `refuse`: the earlier record stands.
    #[schema(schema_with = one_of::<OwnershipDecision>)]
    decision: String,
    /// Which record stands, where it is not the one that the referral is held for.
    #[schema(schema_with = one_of_or_null::<DuplicateCause>)]
    because: Option<String>,
    /// In words.
    reason: Option<Words>,
}

/// Decide whether an earlier record stands before a referral (REF-13).
///
/// Not by the referrer, who never learns which record it was. Where another referral owns the candidate, that one is refused
/// first.
#[utoipa::path(post, path = "/v1/referrals/{id}/resolve-ownership", tag = "referrals", params(("id" = Uuid, Path)),
    request_body = ResolveOwnership, responses((status = 200, description = "Decided", body = CommandReply)))]
async fn resolve_ownership(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ResolveOwnership>,
) -> Result<Answer, Problem> {
    let order = ReferralCommand::ResolveOwnership {
        decision: named("/decision", &body.value.decision)?,
        because: body.value.because.as_deref().map(|cause| named("/because", cause)).transpose()?,
        note: words(body.value.reason),
    };
    decide(&app, &session, id.0, "referrals.resolve-ownership", &body.bytes, order).await
}

/// A change of credit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReassignCredit {
    /// The account (the token's subject) that gets it.
    to: Line,
    /// What allows it.
    #[schema(examples("リファラル手当規程 第7条"))]
    clause: Line,
    /// How the new referrer knows the candidate. When not given, REF-14 waits until somebody answers it.
    #[schema(schema_with = one_of_or_null::<Relationship>)]
    relationship: Option<String>,
    /// What excludes the new referrer from earning, by their office; empty where nothing does. When not given, REF-14 waits
    /// until somebody answers it. Who leads the position is known.
    #[schema(schema_with = several_of::<Exclusion>)]
    exclusions: Option<Vec<String>>,
    /// In words.
    note: Option<Words>,
}

/// Give the credit to another employee.
///
/// By somebody who neither has it, nor gets it, nor recruits for the position. What counts is what the new referrer was on
/// the day of the referral (REF-09); what was answered about the one before is asked anew. `relationship` tells how the new
/// referrer knows the candidate, and `exclusions` which offices keep them from earning, none where it is empty; where either is
/// not given, REF-14 waits until somebody answers it.
#[utoipa::path(post, path = "/v1/referrals/{id}/reassign-credit", tag = "referrals", params(("id" = Uuid, Path)),
    request_body = ReassignCredit, responses((status = 200, description = "Given", body = CommandReply)))]
async fn reassign_credit(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<ReassignCredit>,
) -> Result<Answer, Problem> {
    let (dispatcher, employer) = (app.dispatcher(), &*session.employer);
    let ReassignCredit { to, clause, relationship, exclusions, note } = body.value;
    let relationship: Option<Relationship> = relationship.map(|name| named("/relationship", &name)).transpose()?;
    let stated: Option<Vec<Exclusion>> = exclusions.map(|names| all_named("/exclusions", &names)).transpose()?;
    let (account, note) = (app.account(employer, &to.0).await?, words(note));
    let envelope = session.envelope("referrals.reassign-credit", 200, &body.bytes);
    let gather = || async {
        let read = dispatcher.load::<Referral>(employer, id.0).await?;
        let standing = read.state.standing().ok_or(DispatchError::NotFound)?;
        let referrer =
            relation(dispatcher, employer, (account, None), &standing.legal_entity, standing.relation.on).await?;
        let mut guards = referrer.guards;
        let line = match standing.requisition_id {
            Some(requisition) => {
                let read = dispatcher.load::<Requisition>(employer, requisition.0).await?;
                guards.push((Dispatcher::stream::<Requisition>(employer, requisition.0), read.version));
                read.state.standing().map(|standing| standing.line.clone())
            }
            None => None,
        };
        let judges = match standing.application_id {
            Some(application) => {
                let read = dispatcher.load::<Application>(employer, application.0).await?;
                guards.push((Dispatcher::stream::<Application>(employer, application.0), read.version));
                read.state.standing().map(Standing::judges).unwrap_or_default()
            }
            None => BTreeSet::new(),
        };
        let order = ReferralCommand::ReassignCredit(Box::new(Reassigning {
            to: account,
            relationship,
            exclusions: in_line(account, line.as_ref()).into_iter().chain(stated.iter().flatten().copied()).collect(),
            offices: if stated.is_some() { Offices::Known } else { Offices::Unknown },
            likeness: if referrer.relation.person_id == Some(standing.candidate_person_id) {
                Likeness::Same
            } else {
                Likeness::NotShown
            },
            relation: referrer.relation,
            paid_in_twelve_months: paid_in_twelve_months(dispatcher, employer, account, None).await?,
            recruiter: line.map(|line| line.recruiter),
            judges,
            clause: clause.0.clone(),
            note: note.clone(),
        }));
        let order = Gathered { guards, ..Gathered::order(order) }.permit(within(&session, entity));
        as_one(&app, &session, order).await
    };
    let reply = dispatcher.send_with::<Referral, _, _>(&envelope, id.0, gather).await?;
    Ok(Answer::done(&reply))
}
