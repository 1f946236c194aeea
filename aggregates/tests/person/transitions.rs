//! What a person's record answers in every state to every command, about one other record.

use aggregates::person::{MatchEvidence, Person, PersonCommand as C, RecordClasses};

use super::{
    dismissed, erase, erased, link, linked, note_match, noted, proposed, today, unlink, unlink_proposed, unlinked,
};
use crate::support::{Given, person, system};
use crate::transitions::{Asked, Named, Past, Table, past, past_where};

const PERSON: &str = include_str!("../../src/person.rs");
const LINKING: &str = include_str!("../../src/person/linking.rs");

#[test]
fn every_state_answers_every_command() {
    Table::<Person> {
        named: vec![Named::Strings(PERSON, "fn state(&self)"), Named::Strings(LINKING, "pub(super) const fn urgency")],
        orders: (PERSON, "pub enum PersonCommand"),
        pasts: pasts(),
        commands: commands(),
        ended: &["erased"],
    }
    .hold();
}

fn pasts() -> Vec<Past<Person>> {
    vec![
        past("apart", today(), Given::nothing()),
        past_where("apart", "a possible match was dismissed", today(), dismissed()),
        past_where("apart", "a link was undone", today(), unlinked()),
        past("match_possible", today(), noted()),
        past("link_proposed", today(), proposed(1)),
        past("linked", today(), linked()),
        past("unlink_proposed", today(), unlink_proposed(1)),
        past("erased", today(), erased(RecordClasses::All)),
    ]
}

fn commands() -> Vec<Asked<C>> {
    let (proposer, second) = (person(1), person(5));
    vec![
        ("link", second, link()),
        ("link (by whoever proposed)", proposer, link()),
        ("unlink", second, unlink()),
        ("unlink (by whoever proposed)", proposer, unlink()),
        ("note-possible-match", system(), note_match(vec![MatchEvidence::SameName])),
        ("erase", system(), erase(RecordClasses::All)),
    ]
}
