//! What a version of pay bands answers in every state to every command.

use aggregates::pay_bands::{BandVersion, PayBands, PayBandsCommand as C};

use super::{import, imported, today};
use crate::samples::pay_bands::version;
use crate::support::{Given, person, system};
use crate::transitions::{Asked, Named, Table, past};

const BANDS: &str = include_str!("../../src/pay_bands.rs");

#[test]
fn every_state_answers_every_command() {
    Table::<PayBands> {
        named: vec![Named::Strings(BANDS, "fn state(&self)")],
        orders: (BANDS, "pub enum PayBandsCommand"),
        pasts: vec![
            past("unrecorded", today(), Given::nothing()),
            past("imported", today(), Given::events([imported()])),
        ],
        commands: commands(),
        ended: &["imported"],
    }
    .hold();
}

fn commands() -> Vec<Asked<C>> {
    let other = BandVersion { sha256: "e".repeat(64), ..version() };
    vec![
        ("import", person(57), import(version())),
        ("import (other content)", person(57), import(other)),
        ("wake", system(), C::Wake),
    ]
}
