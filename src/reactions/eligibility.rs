//! What follows where a fact changes that the rules about coming back read: the live cases of that human being are assessed
//! again, and rest where something new speaks against them (decided: a new fact puts a case on hold, people decide).

use std::collections::BTreeSet;

use aggregates::application::{Application, ApplicationCommand, ApplicationError, HoldCause};
use aggregates::ids::PersonId;
use aggregates::no_rehire_flag::NoRehireFlagEvent;
use aggregates::person::PersonEvent;
use projections::pipeline::PipelineEntry;
use uuid::Uuid;

use super::{Followed, Reaction, Undone};
use crate::dispatch::{DispatchError, Gathered};
use crate::gather::application::{Asked, eligibility};
use crate::gather::{AsOf, SameHuman};
use crate::ledger::micros;

impl Reaction<'_> {
    pub(super) async fn after_flag(&self, event: &NoRehireFlagEvent) -> Option<Followed> {
        use NoRehireFlagEvent as E;
        Some(match event {
            E::Raised { .. }
            | E::Upheld { .. }
            | E::Rejected { .. }
            | E::AppealGranted { .. }
            | E::Lifted { .. }
            | E::Expired { .. } => self.reassess(self.event.subject.as_slice(), HoldCause::FlagRaised).await,
            E::Appealed { .. }
            | E::AppealDismissed { .. }
            | E::ExpiryNoticed { .. }
            | E::RenewalProposed { .. }
            | E::RenewalConfirmed { .. }
            | E::RenewalRefused { .. } => return None,
        })
    }

    pub(super) async fn after_person(&self, event: &PersonEvent) -> Option<Followed> {
        use PersonEvent as E;
        Some(match event {
            E::Linked { other, .. } => {
                let mut followed = vec![self.bar_if_one_refused().await];
                followed
                    .extend(self.reassess(&[PersonId(self.event.stream_id), *other], HoldCause::PersonsLinked).await);
                followed
            }
            E::Unlinked { other, .. } => {
                self.reassess(&[PersonId(self.event.stream_id), *other], HoldCause::PersonsLinked).await
            }
            E::PossibleMatchNoted { .. }
            | E::MatchDismissed { .. }
            | E::LinkProposed { .. }
            | E::LinkProposalWithdrawn { .. }
            | E::UnlinkProposed { .. }
            | E::UnlinkProposalWithdrawn { .. }
            | E::Erased { .. } => return None,
        })
    }

    /// Whenever such a fact changes, then every live case of the person is assessed again.
    ///
    /// Only where a link is the news is the read model of links waited for; any other fact takes it as it stands. A link that
    /// is missing there then has a reaction that still waits for it, and reads this fact afterwards.
    pub(super) async fn reassess(&self, persons: &[PersonId], because: HoldCause) -> Followed {
        let as_of = if because == HoldCause::PersonsLinked { AsOf::Now } else { AsOf::Stands };
        // Most records have no link to another: who of them is a member is asked beside it.
        let (human, members) =
            tokio::join!(self.same_human(persons.iter().copied(), as_of), self.memberships_of(persons));
        match (human, members) {
            (Ok(human), Ok(members))
                if members.is_empty() && human.records().eq(persons.iter().copied().collect::<BTreeSet<_>>()) =>
            {
                vec![]
            }
            (Ok(human), Ok(_)) => self.reassess_human(&human, because).await,
            (Err(undone), _) | (_, Err(undone)) => vec![Err(undone)],
        }
    }

    /// The same for a human being whose records are known. Only a member can have a case, which the register of claims knows
    /// at once.
    pub(super) async fn reassess_human(&self, human: &SameHuman, because: HoldCause) -> Followed {
        match self.memberships(human).await {
            Ok(members) if members.is_empty() => vec![],
            Ok(_) => self.reassess_cases(human, because).await,
            Err(undone) => vec![Err(undone)],
        }
    }

    /// The same where some of the memberships may have ended.
    pub(super) async fn reassess_cases(&self, human: &SameHuman, because: HoldCause) -> Followed {
        let records = human.records().map(|record| record.to_string()).collect();
        let cases = match self.live_cases(vec![("person_id", records)]).await {
            Ok(cases) => cases,
            Err(undone) => return vec![Err(undone)],
        };
        let mut followed = Vec::with_capacity(cases.len());
        for case in cases {
            followed.push(self.reassess_case(&case, because).await);
        }
        followed
    }

    async fn reassess_case(&self, case: &PipelineEntry, because: HoldCause) -> Result<(), Undone> {
        let id = case.application_id.0;
        let gather = || async {
            let loaded = self.dispatcher.load::<Application>(self.employer, id).await?;
            let standing = loaded.state.standing().ok_or(DispatchError::NotFound)?;
            let asked = Asked::Case(standing);
            let gathered = eligibility(self.dispatcher, self.employer, asked, standing.requisition_id).await?;
            let order = ApplicationCommand::Reassess { facts: Box::new(gathered.facts), because };
            Ok(Gathered::<Application> { guards: gathered.guards, ..Gathered::order(order) })
        };
        let never = |_: &ApplicationError| false;
        self.send_with("applications.reassess", id, id, gather, never).await
    }

    /// The memberships of a human being that have not ended.
    pub(super) async fn memberships(&self, human: &SameHuman) -> Result<BTreeSet<Uuid>, Undone> {
        let records: Vec<PersonId> = human.records().collect();
        self.memberships_of(&records).await
    }

    async fn memberships_of(&self, records: &[PersonId]) -> Result<BTreeSet<Uuid>, Undone> {
        let keys: Vec<String> = records.iter().map(ToString::to_string).collect();
        let ledger = self.dispatcher.ledger();
        let members = ledger.claim_holders(&self.employer.name, "membership", &keys, micros(ledger.now())).await?;
        Ok(members.into_iter().flatten().collect())
    }
}
