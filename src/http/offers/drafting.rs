//! Drafting and revising an offer, and asking for its approval.

use std::collections::BTreeSet;

use aggregates::ids::ApplicationId;
use aggregates::offer::{
    ContractTerm, Drafted, Drafting, Offer, OfferCommand, OfferError, PAY_POLICY, Pay, PayAssessment, Priced, Revision,
    Seen, Standing, Terms,
};
use aggregates::pay::{Qualification, RegularComparison};
use aggregates::pay_policy::policy_version;
use aggregates::values::EmploymentType;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::case_of;
use super::fields::{
    ComparisonField, ContractField, PayField, QualificationField, completed, instant_at, weekly_hours, within,
};
use crate::dispatch::{DispatchError, Dispatcher, Gathered};
use crate::gather::labour;
use crate::gather::offer::{self as gather, CaseOfOffer};
use crate::gather::pay::{self, Beside};
use crate::http::App;
use crate::http::fields::{Given, id_at, named};
use crate::http::problem::Problem;
use crate::http::reply::{Answer, CommandReply};
use crate::http::request::{Body, Day, Id, Line, NothingMore, Session, one_of, one_of_or_null};
use crate::http::scope::{acts_as, as_one};
use crate::offer_pack::terms_hash;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(draft)).routes(routes!(revise)).routes(routes!(request_approval))
}

/// The most months of probation.
const MOST_PROBATION: u32 = 12;

/// The terms of an offer. What of place and work is not given is taken from the requisition.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftOffer {
    /// The case.
    #[schema(value_type = Uuid)]
    application_id: String,
    /// Grade (等級).
    grade: Line,
    /// `contractor` is refused: a contract for services is no employment.
    #[schema(schema_with = one_of::<EmploymentType>)]
    employment_type: String,
    /// Until when the contract runs; indefinite when not given.
    contract: Option<ContractField>,
    /// First day.
    starts_on: Day,
    /// Place of work (就業の場所).
    location: Option<Line>,
    /// The scope within which the place may change (変更の範囲).
    location_scope: Option<Line>,
    /// The work (従事すべき業務).
    duties: Option<Line>,
    /// The scope within which the work may change (変更の範囲).
    duties_scope: Option<Line>,
    /// Hours a week; 40 when not given. Required for part-time employment.
    #[schema(minimum = 1, maximum = 44)]
    weekly_hours: Option<u32>,
    /// Months of probation (試用期間).
    #[schema(minimum = 1, maximum = 12)]
    probation_months: Option<u32>,
    /// The first instant at which it cannot be accepted any more.
    #[schema(format = DateTime, examples("2026-12-20T15:00:00Z"))]
    expires_at: String,
    pay: PayField,
    /// What the returner is able to do: read where a published pay policy assesses the offer.
    qualification: Option<QualificationField>,
    /// The offer beside regular workers, where it is part-time or for a fixed term: read where a published pay policy assesses
    /// the offer. Without it a human being answers that there is one (PAY-01).
    comparison: Option<ComparisonField>,
    /// The number of the manager that the offer is compared with; the hiring manager's when not given.
    manager_employee_number: Option<Line>,
}

/// Draft an offer.
///
/// The case must be evaluated, eligible and not on hold. One offer at a time; the pay at exit is no input. Under a published
/// pay policy the pay is assessed at once against those who stayed.
#[utoipa::path(post, path = "/v1/offers", tag = "offers", request_body = DraftOffer,
    responses((status = 201, description = "Drafted", body = CommandReply)))]
async fn draft(State(app): State<App>, session: Session, body: Body<DraftOffer>) -> Result<Answer, Problem> {
    let Body { value: asked, bytes } = body;
    let application = ApplicationId(id_at("/application_id", &asked.application_id)?);
    let expires_at = instant_at("/expires_at", &asked.expires_at)?;
    let terms = asked.terms()?;
    let beside = Beside {
        qualification: asked.qualification.map(QualificationField::qualification).transpose()?.unwrap_or_default(),
        comparison: asked.comparison.map(ComparisonField::comparison).transpose()?,
        manager_employee_number: asked.manager_employee_number.map(|line| line.0),
    };
    let dispatcher = app.dispatcher();
    let case = gather::case(dispatcher, &session.employer, application).await?;
    let Some(case) = case.filter(|case| session.covers(&case.application.legal_entity)) else {
        return Err(Problem::field(
            "/application_id",
            "application_not_found",
            "There is no such application.",
            "該当する応募がありません。",
        ));
    };
    let session = acts_as(session, case.application.account)?;
    let envelope = session.envelope("offers.draft", 201, &bytes);
    let gather = || async {
        let case = gather::case(dispatcher, &session.employer, application).await?.ok_or(DispatchError::NotFound)?;
        let terms = completed(terms.clone(), case.requisition.location.as_ref(), &case.requisition.title);
        let pricing = pay::price(dispatcher, &session.employer, &case, &terms, &beside).await?;
        let (priced, guards) = pricing.map(|pricing| (pricing.priced, pricing.guards)).unzip();
        let labour = labour::facts(dispatcher, &session.employer, &case).await?;
        let drafting = Drafting {
            labour: Some(Box::new(labour)),
            ..case.drafting(application, terms, expires_at, &session, priced)?
        };
        let order = OfferCommand::Draft(Box::new(drafting));
        let guards = case.guards.into_iter().chain(guards.unwrap_or_default()).collect();
        as_one(&app, &session, Gathered { guards, subject_known: true, ..Gathered::order(order) }).await
    };
    let reply = dispatcher.create_with::<Offer, _, _>(&envelope, Uuid::now_v7(), gather).await?;
    Ok(Answer::created("offers", &reply))
}

impl DraftOffer {
    fn terms(&self) -> Result<Terms, Problem> {
        let employment_type = named("/employment_type", &self.employment_type)?;
        let line = |line: &Option<Line>| line.as_ref().map(|line| line.0.clone());
        Ok(Terms {
            grade: self.grade.0.clone(),
            employment_type,
            contract: match &self.contract {
                Some(contract) => contract.clone().term()?,
                None => ContractTerm::Indefinite,
            },
            starts_on: self.starts_on.0,
            location: line(&self.location),
            location_scope: line(&self.location_scope),
            duties: line(&self.duties),
            duties_scope: line(&self.duties_scope),
            weekly_hours: weekly_hours(self.weekly_hours, employment_type)?,
            probation_months: probation(self.probation_months)?,
            pay: self.pay.clone().pay()?,
        })
    }
}

fn probation(months: Option<u32>) -> Result<Option<u32>, Problem> {
    months.map(|months| within("/probation_months", months, 1, MOST_PROBATION)).transpose()
}

/// The hash of what is to be approved: the terms, and what their pay is assessed by.
fn hashed(terms: &Terms, priced: Option<&Priced>) -> Result<String, DispatchError<OfferError>> {
    match priced {
        None => terms_hash(terms).map_err(|error| DispatchError::Unencodable(error.to_string())),
        Some(priced) => Ok(pay::approval_hash(terms, &priced.basis, None)?),
    }
}

impl CaseOfOffer {
    fn drafting(
        &self,
        application_id: ApplicationId,
        terms: Terms,
        expires_at: DateTime<Utc>,
        session: &Session,
        priced: Option<Priced>,
    ) -> Result<Drafting, DispatchError<OfferError>> {
        let policy = priced.as_ref().map(|priced| &priced.basis.policy);
        let application = &self.application;
        Ok(Drafting {
            drafted: Drafted {
                application_id,
                requisition_id: application.requisition_id,
                person_id: application.person_id,
                member_id: application.member_id,
                account: application.account,
                legal_entity: application.legal_entity.clone(),
                line: application.line.clone(),
                referrer: self.referrer,
                terms_hash: hashed(&terms, priced.as_ref())?,
                terms,
                expires_at,
                pay_policy: policy
                    .map_or_else(|| PAY_POLICY.to_owned(), |pin| policy_version(pin.policy_id, pin.version)),
                assessment: policy.map_or(PayAssessment::NotAssessed, |_| PayAssessment::Assessed),
                drafted_by: session.answers_for_it(),
            },
            application: self.facts.clone(),
            position: self.position,
            priced: priced.map(Box::new),
            labour: None,
        })
    }
}

/// What is stated anew; what is not given stays, `null` takes back what may be absent, and `pay` replaces all of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviseOffer {
    /// Grade (等級).
    grade: Option<Line>,
    #[schema(schema_with = one_of_or_null::<EmploymentType>)]
    employment_type: Option<String>,
    contract: Option<ContractField>,
    /// First day.
    starts_on: Option<Day>,
    /// Place of work (就業の場所).
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    location: Given<Line>,
    /// The scope within which the place may change (変更の範囲).
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    location_scope: Given<Line>,
    /// The work (従事すべき業務).
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    duties: Given<Line>,
    /// The scope within which the work may change (変更の範囲).
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    duties_scope: Given<Line>,
    #[schema(minimum = 1, maximum = 44)]
    weekly_hours: Option<u32>,
    /// Months of probation (試用期間).
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 12)]
    probation_months: Given<u32>,
    /// The first instant at which it cannot be accepted any more.
    #[schema(format = DateTime, examples("2026-12-24T15:00:00Z"))]
    expires_at: Option<String>,
    pay: Option<PayField>,
    /// What the returner is able to do, whole.
    qualification: Option<QualificationField>,
    /// The offer beside regular workers, whole (PAY-01). What was compared before stands while the terms stay the same.
    comparison: Option<ComparisonField>,
    /// The number of the manager that the offer is compared with.
    manager_employee_number: Option<Line>,
}

/// A revision, read.
struct Changes {
    employment_type: Option<EmploymentType>,
    contract: Option<ContractTerm>,
    probation_months: Given<u32>,
    expires_at: Option<DateTime<Utc>>,
    pay: Option<Pay>,
    qualification: Option<Qualification>,
    comparison: Option<RegularComparison>,
    asked: ReviseOffer,
}

fn restate<T, U>(stands: &mut Option<T>, given: &Given<U>, convert: impl FnOnce(&U) -> T) {
    match given {
        Given::Unsaid => {}
        Given::Nothing => *stands = None,
        Given::Value(value) => *stands = Some(convert(value)),
    }
}

impl Changes {
    fn read(mut asked: ReviseOffer) -> Result<Self, Problem> {
        let probation_months = std::mem::take(&mut asked.probation_months)
            .try_map(|months| within("/probation_months", months, 1, MOST_PROBATION))?;
        Ok(Self {
            employment_type: asked
                .employment_type
                .as_deref()
                .map(|name| named("/employment_type", name))
                .transpose()?,
            contract: asked.contract.clone().map(ContractField::term).transpose()?,
            probation_months,
            expires_at: asked.expires_at.as_deref().map(|text| instant_at("/expires_at", text)).transpose()?,
            pay: asked.pay.clone().map(PayField::pay).transpose()?,
            qualification: asked.qualification.take().map(QualificationField::qualification).transpose()?,
            comparison: asked.comparison.take().map(ComparisonField::comparison).transpose()?,
            asked,
        })
    }

    /// What stands beside the terms: what is not given stays as the last assessment read it.
    fn beside(&self, standing: &Standing, terms: &Terms) -> Beside {
        let known = standing.assessed.as_ref().map(|assessed| &assessed.basis);
        let number = self.asked.manager_employee_number.as_ref().map(|line| line.0.clone());
        let manager = known.and_then(|basis| basis.manager.as_ref());
        Beside {
            qualification: self
                .qualification
                .clone()
                .or_else(|| known.map(|basis| basis.qualification.clone()))
                .unwrap_or_default(),
            // It says how these very terms stand beside those of others.
            comparison: self.comparison.clone().or_else(|| {
                let known = known.and_then(|basis| basis.comparison.clone());
                known.filter(|_| *terms == standing.terms)
            }),
            manager_employee_number: number.or_else(|| manager.map(|manager| manager.employee_number.clone())),
        }
    }

    fn of(&self, stands: &Terms) -> Terms {
        let mut terms = stands.clone();
        let text = |line: &Line| line.0.clone();
        if let Some(grade) = &self.asked.grade {
            terms.grade.clone_from(&grade.0);
        }
        terms.employment_type = self.employment_type.unwrap_or(terms.employment_type);
        if let Some(contract) = &self.contract {
            terms.contract.clone_from(contract);
        }
        terms.starts_on = self.asked.starts_on.map_or(terms.starts_on, |day| day.0);
        restate(&mut terms.location, &self.asked.location, text);
        restate(&mut terms.location_scope, &self.asked.location_scope, text);
        restate(&mut terms.duties, &self.asked.duties, text);
        restate(&mut terms.duties_scope, &self.asked.duties_scope, text);
        terms.weekly_hours = self.asked.weekly_hours.unwrap_or(terms.weekly_hours);
        restate(&mut terms.probation_months, &self.probation_months, |months| *months);
        if let Some(pay) = &self.pay {
            terms.pay.clone_from(pay);
        }
        terms
    }
}

/// Revise an offer: a new version of its terms.
///
/// Other terms drop what was approved, pull an extended offer back and free its seat; they also revive a refused offer. A
/// later expiry alone changes neither. Under a published pay policy other terms are assessed anew, and so are the same terms
/// where bands, incumbents or qualification have changed since.
#[utoipa::path(post, path = "/v1/offers/{id}/revise", tag = "offers", params(("id" = Uuid, Path)),
    request_body = ReviseOffer, responses((status = 200, description = "Revised", body = CommandReply)))]
async fn revise(State(app): State<App>, session: Session, id: Id, body: Body<ReviseOffer>) -> Result<Answer, Problem> {
    let changes = Changes::read(body.value)?;
    let (session, _) = case_of(&app, &session, id.0).await?;
    let dispatcher = app.dispatcher();
    let envelope = session.envelope("offers.revise", 200, &body.bytes);
    let gather = || async {
        let loaded = dispatcher.load::<Offer>(&session.employer, id.0).await?;
        let standing = loaded.state.standing().ok_or(DispatchError::NotFound)?;
        let case = gather::case(dispatcher, &session.employer, standing.application_id)
            .await?
            .ok_or(DispatchError::NotFound)?;
        let terms = changes.of(&standing.terms);
        let beside = changes.beside(standing, &terms);
        let pricing = pay::price(dispatcher, &session.employer, &case, &terms, &beside).await?;
        let (priced, guards) = pricing.map(|pricing| (pricing.priced, pricing.guards)).unzip();
        let labour = labour::facts(dispatcher, &session.employer, &case).await?;
        let revision = Revision {
            // What was not given stays as it was read.
            seen: Seen::Terms(standing.terms_hash.clone()),
            terms_hash: hashed(&terms, priced.as_ref())?,
            terms,
            expires_at: changes.expires_at.unwrap_or(standing.expires_at),
            position: case.position_of(standing.requisition_id),
            application: case.facts,
            priced: priced.map(Box::new),
            labour: Some(Box::new(labour)),
        };
        let order = OfferCommand::Revise(Box::new(revision));
        let guards = case.guards.into_iter().chain(guards.unwrap_or_default()).collect();
        as_one(&app, &session, Gathered { guards, ..Gathered::order(order) }).await
    };
    Ok(Answer::done(&dispatcher.send_with::<Offer, _, _>(&envelope, id.0, gather).await?))
}

/// Ask for approval of the version that stands.
///
/// Under pay policy 0 one person approves: nobody who drafted, revised or asked. Under a published policy every rule that
/// does not pass is answered first, an offer outside the policy needs its exception granted, and each seat of its tier is
/// taken by another person. A snapshot of incumbents that is too old by now, and a
/// policy, bands or a hiring line that others are in force instead of, are no measure (PAY-21): it is revised, for which the same terms will
/// do. What labour law bars is looked at once more (LAB-04, LAB-10, LAB-12).
#[utoipa::path(post, path = "/v1/offers/{id}/request-approval", tag = "offers", params(("id" = Uuid, Path)),
    request_body = NothingMore, responses((status = 200, description = "Waits for approval", body = CommandReply)))]
async fn request_approval(
    State(app): State<App>,
    session: Session,
    id: Id,
    body: Body<NothingMore>,
) -> Result<Answer, Problem> {
    let (session, _) = case_of(&app, &session, id.0).await?;
    let envelope = session.envelope("offers.request-approval", 200, &body.bytes);
    let dispatcher = app.dispatcher();
    let gather = || async {
        let loaded = dispatcher.load::<Offer>(&session.employer, id.0).await?;
        let standing = loaded.state.standing().ok_or(DispatchError::NotFound)?;
        let (employer, on) = (&*session.employer, session.employer.local_date(dispatcher.ledger().now()));
        let mut guards = Vec::new();
        let offered = standing.assessed.as_ref().map(|assessed| &assessed.basis.offered);
        let overdue =
            pay::overdue_remedies(dispatcher, employer, &standing.legal_entity, &standing.line, offered, on).await?;
        // Under pay policy 0 nothing is measured.
        let editors = match &standing.assessed {
            Some(_) => pay::editors(dispatcher, employer, &standing.legal_entity).await?,
            None => BTreeSet::new(),
        };
        if let Some(basis) = standing.assessed.as_ref().map(|assessed| &assessed.basis) {
            if let Some((as_of, days)) = pay::stale_snapshot(dispatcher, employer, basis, on).await? {
                return Err(DispatchError::Refused(OfferError::SnapshotStale { as_of, days }));
            }
            // The stream itself, and the policy that it was held against.
            guards.push((Dispatcher::stream::<Offer>(employer, id.0), loaded.version));
            guards.extend(super::still_measured(&app, &session, standing).await?);
        }
        let case = gather::case(dispatcher, employer, standing.application_id).await?.ok_or(DispatchError::NotFound)?;
        let labour = Some(Box::new(labour::facts(dispatcher, employer, &case).await?));
        let order = OfferCommand::RequestApproval { overdue, editors, labour };
        as_one(&app, &session, Gathered { guards, ..Gathered::order(order) }).await
    };
    Ok(Answer::done(&dispatcher.send_with::<Offer, _, _>(&envelope, id.0, gather).await?))
}
