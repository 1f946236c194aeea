//! What follows from a requisition.

use std::collections::{BTreeSet, HashMap};

use aggregates::application::{Application, ApplicationCommand, ApplicationError};
use aggregates::eligibility::SeparationReason;
use aggregates::ids::{ApplicationId, DepartureId, RequisitionId};
use aggregates::offer::{self, Offer};
use aggregates::personal::{Personal, RecordClass};
use aggregates::requisition::{Phase, Requisition, RequisitionCommand, RequisitionError, RequisitionEvent, Standing};
use projections::departures::{Departure, State};
use projections::employments;
use projections::persons::Person;
use uuid::Uuid;

use super::{Followed, Reaction, Undone};
use crate::dispatch::{DispatchError, Dispatcher, Gathered};

impl Reaction<'_> {
    pub(super) async fn after_requisition(&self, event: &RequisitionEvent) -> Option<Followed> {
        use RequisitionEvent as E;
        Some(match event {
            E::Published { .. } => vec![self.note_returners().await],
            E::Closed { .. } => self.cancel_live_cases().await,
            E::Opened(_) | E::Revised { .. } | E::ReturnersNoted { .. } | E::SeatFilled { .. } => return None,
        })
    }

    /// Whenever a requisition is published, then whoever left for childcare or care and wishes to return is noted for it
    /// (LAB-02, 育児・介護休業法27条); but nobody who may not be written to. Why they left is opened here and nowhere shown.
    async fn note_returners(&self) -> Result<(), Undone> {
        let loaded = self.dispatcher.load::<Requisition>(self.employer, self.event.stream_id).await?;
        let Some(standing) = loaded.state.standing() else { return Ok(()) };
        let returners = self.returners(standing).await?;
        if returners.is_empty() {
            return Ok(());
        }
        let count = u32::try_from(returners.len()).unwrap_or(u32::MAX);
        let order =
            RequisitionCommand::NoteReturners { departures: Personal::new(RecordClass::Restricted, returners), count };
        let closed = |error: &RequisitionError| matches!(error, RequisitionError::AlreadyClosed);
        self.send::<Requisition>("requisitions.note-returners", self.event.stream_id, order, closed).await
    }

    async fn returners(&self, standing: &Standing) -> Result<Vec<DepartureId>, Undone> {
        let filters = vec![
            ("legal_entity", vec![standing.legal_entity.clone()]),
            ("state", vec![<&str>::from(State::Effective).to_owned()]),
        ];
        let fits = |departure: &Departure| {
            let families = (&standing.job_family, &departure.employment.job_family);
            departure.wishes_to_return == Some(true)
                && departure.outreach.barred_because.is_empty()
                && !matches!(families, (Some(wanted), Some(known)) if wanted != known)
        };
        let mut leavers: Vec<Departure> = self.documents(filters, fits).await?;
        let references: Vec<Uuid> =
            leavers.iter().filter_map(|leaver| leaver.reason.reference()).map(|reference| reference.0).collect();
        let reasons = self.dispatcher.ledger().open_values(&self.employer.name, &references).await?;
        leavers.retain(|leaver| {
            let reason = leaver.reason.reference().and_then(|reference| reasons.get(&reference.0));
            let reason = reason.and_then(|reason| reason.as_str()).and_then(|reason| reason.parse().ok());
            matches!(reason, Some(SeparationReason::Childcare | SeparationReason::FamilyCare))
        });
        let persons: BTreeSet<Uuid> = leavers.iter().map(|leaver| leaver.person_id.0).collect();
        let persons: HashMap<Uuid, Person> = self.documents_of(&persons).await?;
        let is_back = |person: Uuid| persons.get(&person).is_some_and(works_here);
        leavers.retain(|leaver| !is_back(leaver.person_id.0));
        Ok(leavers.into_iter().map(|leaver| leaver.id).collect())
    }

    /// Whenever a requisition is closed, then each of its live cases is cancelled: those that it was closed with, and else
    /// any that came in the same moment, as one that comes a moment later.
    async fn cancel_live_cases(&self) -> Followed {
        let requisition = RequisitionId(self.event.stream_id);
        let filters = vec![("requisition_id", vec![requisition.to_string()])];
        let live = match self.live_cases(filters).await {
            Ok(live) => live,
            Err(undone) => return vec![Err(undone)],
        };
        let mut followed = Vec::with_capacity(live.len());
        for case in live {
            followed.push(self.cancel(case.application_id, requisition).await);
        }
        followed
    }

    /// Whenever somebody applies on a requisition that has been closed meanwhile, then their case is cancelled.
    pub(super) async fn cancel_where_closed(&self, requisition: RequisitionId) -> Result<(), Undone> {
        let loaded = self.dispatcher.load::<Requisition>(self.employer, requisition.0).await?;
        match loaded.state.standing() {
            Some(standing) if standing.phase == Phase::Closed => {
                self.cancel(ApplicationId(self.event.stream_id), requisition).await
            }
            Some(_) | None => Ok(()),
        }
    }

    async fn cancel(&self, application: ApplicationId, requisition_id: RequisitionId) -> Result<(), Undone> {
        // Accepted and joining ones are never touched; others may have ended or moved on.
        let moot = |error: &ApplicationError| {
            use ApplicationError as E;
            matches!(error, E::Ended { .. } | E::AfterAcceptance | E::OtherRequisition)
        };
        let gather = || async {
            let case = self.dispatcher.load::<Application>(self.employer, application.0).await?;
            let offer = case.state.standing().and_then(|standing| standing.offer_id);
            let order = Gathered::order(ApplicationCommand::Cancel { requisition_id });
            let Some(offer) = offer else { return Ok(order) };
            // An offer may have been accepted of which the case does not know yet: then it is as an accepted one, and while it
            // is cancelled nobody accepts.
            let loaded = self.dispatcher.load::<Offer>(self.employer, offer.0).await?;
            if loaded.state.standing().is_some_and(|standing| standing.phase == offer::Phase::Accepted) {
                return Err(DispatchError::Refused(ApplicationError::AfterAcceptance));
            }
            let guard = (Dispatcher::stream::<Offer>(self.employer, offer.0), loaded.version);
            Ok(Gathered { guards: vec![guard], ..order })
        };
        self.send_with::<Application, _, _>("applications.cancel", application.0, application.0, gather, moot).await
    }
}

fn works_here(person: &Person) -> bool {
    person.employments.iter().any(|employment| employment.state == employments::State::Current)
}
