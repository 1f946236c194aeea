//! What a membership answers in every state to every command.

use std::collections::BTreeSet;

use aggregates::member::{
    ConsentPurpose, DisposalGround, Intent, Member, MemberCommand as C, MemberEvent, ProfileChanges, RejectionReason,
};

use super::{
    active, alumna, approve, claimed, contacts, dispose, dormant, grant, invitation, invited, left, officer, paused,
    register, reject, today, update,
};
use crate::support::{Given, day, sealed, system};
use crate::transitions::{Asked, Named, Past, Table, past, past_where};

const MEMBER: &str = include_str!("../../src/member.rs");
const STANDING: &str = include_str!("../../src/member/standing.rs");

#[test]
fn every_state_answers_every_command() {
    Table::<Member> {
        named: vec![
            Named::Strings(MEMBER, "fn state(&self)"),
            Named::Strings(STANDING, "pub const fn name(&self)"),
            Named::Variants(STANDING, "pub enum Ending"),
        ],
        orders: (MEMBER, "pub enum MemberCommand"),
        pasts: pasts(),
        commands: commands(),
        ended: &["deceased", "disposed", "left", "rejected", "returned"],
    }
    .hold();
}

fn pasts() -> Vec<Past<Member>> {
    let with = |past: Vec<MemberEvent>, more: MemberEvent| Given::events([past, vec![more]].concat());
    let rejected = MemberEvent::Rejected { reason_code: RejectionReason::NoMatch, note: None };
    let because = DisposalGround::RetentionEnded;
    let disposed = MemberEvent::Disposed { because, certificate: "disposal/2033-0007".to_owned() };
    let asked = || with(active(), super::asked(3, day("2027-10-31")));
    vec![
        past("unregistered", today(), Given::nothing()),
        past("pending_review", today(), Given::events(claimed())),
        past_where("pending_review", "invited, before the last day has passed", today(), Given::events(invited())),
        past("active", today(), Given::events(active())),
        past_where("active", "a year after the data was confirmed", day("2027-10-01"), Given::events(active())),
        past_where("active", "asked for the last time, without an answer", day("2027-12-31"), asked()),
        past("paused", today(), Given::events(paused(None))),
        past_where("paused", "until today", day("2027-04-01"), Given::events(paused(Some(day("2027-04-01"))))),
        past("dormant", today(), Given::events(dormant())),
        past("returned", today(), with(active(), MemberEvent::Returned { started_on: day("2027-01-04") })),
        past("left", today(), Given::events(left())),
        past("rejected", today(), with(claimed(), rejected)),
        past("deceased", today(), with(active(), MemberEvent::DeathRecorded)),
        past("disposed", today(), with(left(), disposed)),
    ]
}

fn commands() -> Vec<Asked<C>> {
    let intents = Some(BTreeSet::from([Intent::Return]));
    vec![
        ("register", alumna(), register(invitation(day("2026-03-31")))),
        ("approve", officer(), approve(day("2026-03-31"))),
        ("reject", officer(), reject(RejectionReason::NotAdmissible)),
        ("update-profile", alumna(), update(ProfileChanges { intents, ..ProfileChanges::default() })),
        ("grant-consent", alumna(), grant(ConsentPurpose::Publicity, "2026-10")),
        ("withdraw-consent", alumna(), C::WithdrawConsent { purpose: ConsentPurpose::Contact }),
        ("confirm-data", alumna(), C::ConfirmData { terms_version: None }),
        ("declare-group", alumna(), C::DeclareGroup { group: Some(sealed(30)) }),
        ("pause", alumna(), C::Pause { until: Some(day("2028-04-01")) }),
        ("resume", alumna(), C::Resume),
        ("record-contact", officer(), contacts::record(today())),
        ("record-contact (without a consent to openings)", officer(), contacts::record_without_consent(today())),
        ("leave", alumna(), C::Leave { reason: None, live_cases: 0 }),
        ("leave (with a case that runs)", alumna(), C::Leave { reason: None, live_cases: 1 }),
        ("activate", system(), C::Activate),
        ("close-unneeded", system(), C::CloseUnneeded),
        ("note-return", system(), C::NoteReturn { started_on: day("2027-01-04") }),
        ("record-death", system(), C::RecordDeath),
        ("dispose", system(), dispose(DisposalGround::RetentionEnded, 0)),
        ("wake", system(), C::Wake),
    ]
}
