//! What an offer answers in every state to every command.

use aggregates::checks::{CheckAnswer, Outcome, Settlement, found};
use aggregates::issued::Actor;
use aggregates::labour::Duty;
use aggregates::offer::{
    Acceptance, Case, ConflictKind, DeclineReason, ExceptionDecision, Extended, LapseCause, Offer, OfferCommand as C,
    OfferEvent, RefusalReason, Rescinder, RescissionReason, Seen,
};

use super::pricing::{ask, decide, exception, granted, pending, priced};
use super::{
    accepted_event, approve, approved, approver, candidate, draft, drafted_event, drafting, executive, expiry, extend,
    raised, recruiter, requested, revise, today, waiting,
};
use crate::samples::offer::extended;
use crate::support::{Given, day, instant, person, sealed, system};
use crate::transitions::{Asked, Named, Past, Table, past, past_where};

const OFFER: &str = include_str!("../../src/offer.rs");
const COMMAND: &str = include_str!("../../src/offer/command.rs");
const STANDING: &str = include_str!("../../src/offer/standing.rs");

#[test]
fn every_state_answers_every_command() {
    let named = vec![Named::Strings(OFFER, "fn state(&self)"), Named::Strings(STANDING, "pub const fn state(self)")];
    let ended = &["declined", "expired", "rescinded"];
    Table::<Offer> { named, orders: (COMMAND, "pub enum OfferCommand"), pasts: pasts(), commands: commands(), ended }
        .hold();
}

/// Extended, with a rule of each kind that somebody can answer.
fn out() -> Vec<OfferEvent> {
    let rechecked = vec![
        found("A", Outcome::Hold, "a", "規程"),
        found("B", Outcome::Warn, "b", "規程"),
        found("C", Outcome::Legal, "c", "規程"),
    ];
    [approved(), vec![OfferEvent::Extended(Box::new(Extended { rechecked, ..extended() }))]].concat()
}

fn pasts() -> Vec<Past<Offer>> {
    let given = |past: Vec<OfferEvent>, more: Vec<OfferEvent>| Given::events([past, more].concat());
    let refused = OfferEvent::Refused {
        version: 1,
        terms_hash: "1".repeat(64),
        refused_by: approver().id,
        reason_code: RefusalReason::Budget,
        comment: None,
    };
    let declined = |acceptance| OfferEvent::Declined {
        acceptance,
        reason_code: DeclineReason::Timing,
        declined_by: candidate().id,
        recorded_for: None,
    };
    let rescinded = |acceptance| OfferEvent::Rescinded {
        acceptance,
        reason_code: RescissionReason::Business,
        clause: Some("第20条".to_owned()),
        opinion_ref: Some("legal/1".to_owned()),
        rescinded_by: executive().id,
        note: None,
    };
    let lapsed = |because| OfferEvent::Lapsed { because };
    let accepted = || [out(), vec![accepted_event()]].concat();
    let owed = super::remedy::owed;
    vec![
        past("undrafted", today(), Given::nothing()),
        past("drafting", today(), Given::events([drafted_event()])),
        past_where("drafting", "assessed: an exception", today(), Given::events(priced())),
        past("exception_pending", today(), Given::events(pending())),
        past_where("drafting", "the exception is granted", today(), Given::events(granted())),
        past("awaiting_approval", today(), Given::events(waiting())),
        past("approved", today(), Given::events(approved())),
        past_where("approved", "more than fourteen days ago", day("2026-12-16"), Given::events(approved())),
        past("extended", today(), Given::events(out())),
        past_where("extended", "its time is over", expiry(), Given::events(out())),
        past("accepted", today(), Given::events(accepted())),
        past_where("accepted", "with a plan to remedy", today(), Given::events(owed())),
        past_where("accepted", "its checks know the duties", today(), Given::events(super::duties::checked())),
        past_where(
            "accepted",
            "whoever comes back has started",
            today(),
            given(accepted(), vec![super::duties::noted()]),
        ),
        past_where("accepted", "documents are asked for", today(), Given::events(super::documents::asked())),
        past_where(
            "drafting",
            "two exceptions within a year",
            today(),
            given(granted(), vec![super::range_review::opened()]),
        ),
        past_where("accepted", "a question waits", today(), given(accepted(), vec![super::enquiry::asked()])),
        past("refused", today(), given(vec![drafted_event(), requested()], vec![refused])),
        past("declined", today(), given(out(), vec![declined(Acceptance::Before)])),
        past_where("declined", "after acceptance", today(), given(accepted(), vec![declined(Acceptance::After)])),
        past_where("declined", "with its case", today(), given(out(), vec![lapsed(LapseCause::ApplicationWithdrawn)])),
        past("expired", today(), given(out(), vec![OfferEvent::Expired { expired_at: expiry() }])),
        past("rescinded", today(), given(out(), vec![rescinded(Acceptance::Before)])),
        past_where("rescinded", "after acceptance", today(), given(accepted(), vec![rescinded(Acceptance::After)])),
        past_where("rescinded", "with its case", today(), given(out(), vec![lapsed(LapseCause::RequisitionClosed)])),
    ]
}

fn commands() -> Vec<Asked<C>> {
    let compliance = person(67);
    let answer = CheckAnswer::Satisfied;
    let (by, evidence_ref) = (compliance.id, "hr/9".to_owned());
    let answered = Settlement::Answered { rule: "A".to_owned(), answer, evidence_ref, by };
    let acknowledged = Settlement::Acknowledged { rule: "B".to_owned(), reason: sealed(1), by };
    let (opinion_ref, valid_until) = ("legal/9".to_owned(), day("2027-12-01"));
    let opinion = Settlement::LegalOpinion { rule: "C".to_owned(), opinion_ref, valid_until, by };
    let rescind = |role, clause: Option<&str>| C::Rescind {
        reason_code: RescissionReason::Business,
        clause: clause.map(str::to_owned),
        opinion_ref: clause.map(|_| "legal/1".to_owned()),
        role,
        note: None,
        case: Case::Accepted,
    };
    let reason_code = RefusalReason::Budget;
    let declare = |conflict| C::DeclareConflict { conflict, note: None };
    let second = || person(64);
    let delegate =
        |to: Actor| C::Delegate { to: to.id, until: day("2027-03-01"), reason: None, reports_to_proposer: Some(false) };
    vec![
        ("draft", recruiter(), draft(drafting())),
        ("revise", recruiter(), revise(raised())),
        ("request-exception", recruiter(), ask(exception())),
        ("decide-exception", approver(), decide(ExceptionDecision::Granted)),
        ("request-approval", recruiter(), C::RequestApproval { overdue: vec![], editors: [].into(), labour: None }),
        ("approve", approver(), approve()),
        ("send-back", approver(), C::SendBack { seen: Seen::Version, reason_code: None, comment: None }),
        ("refuse", approver(), C::Refuse { seen: Seen::Version, reason_code, comment: None }),
        (
            "force-approve",
            executive(),
            C::ForceApprove {
                seen: Seen::Version,
                authority: "第8条".to_owned(),
                reason: sealed(9),
                editors: [].into(),
            },
        ),
        ("declare-conflict", second(), declare(ConflictKind::Relative)),
        ("declare-conflict (by whoever approves)", approver(), declare(ConflictKind::Relative)),
        ("delegate", executive(), delegate(second())),
        ("extend", recruiter(), extend()),
        ("extend-expiry", recruiter(), C::ExtendExpiry { expires_at: instant("2027-01-01T00:00:00Z") }),
        ("record-remedy", person(62), C::RecordRemedy(super::remedy::remedied(885_000, "hr/7"))),
        ("record-one-off", person(62), C::RecordOneOff(Box::new(super::tracking::paid(500_000, "2026-12-01")))),
        ("note-duties (whoever comes back has started)", system(), C::NoteDuties { started_on: today() }),
        ("record-duty", person(62), C::RecordDuty(super::duties::done(Duty::HealthCheck, "2026-12-01"))),
        ("record-document", person(62), C::RecordDocument(super::documents::handed_in("guarantor", "2026-12-01"))),
        ("open-range-review (a second exception within a year)", system(), super::range_review::open()),
        ("record-range-review", person(62), super::range_review::record()),
        ("request-explanation", candidate(), super::enquiry::ask()),
        ("answer-explanation", person(62), super::enquiry::answer()),
        (
            "accept",
            candidate(),
            C::Accept { seen: Seen::Version, recorded_for: None, case: Case::Offered, required: None },
        ),
        (
            "decline",
            candidate(),
            C::Decline { reason_code: DeclineReason::Timing, recorded_for: None, case: Case::Offered },
        ),
        ("rescind (by a recruiter)", recruiter(), rescind(Rescinder::Recruiter, None)),
        ("rescind (by an executive, on a legal opinion)", executive(), rescind(Rescinder::Executive, Some("第20条"))),
        ("answer-check", compliance, C::Settle(answered)),
        ("acknowledge", compliance, C::Settle(acknowledged)),
        ("record-legal-opinion", compliance, C::Settle(opinion)),
        ("track (another base)", system(), C::Track(Box::new(super::tracking::shows(8_100_000, "2027-04-01")))),
        ("lapse", system(), C::Lapse { because: LapseCause::ApplicationWithdrawn }),
        ("wake", system(), C::Wake),
    ]
}
