//! What every aggregate answers in every state to every command, held against a golden. The states and the commands are in
//! `<aggregate>/transitions.rs`; the reference page made of the goldens is `docs/reference/transitions.md`.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::PathBuf;

use aggregates::issued::{Actor, ActorKind};
use aggregates::stream::{Stream, full_type};
use serde_json::{Map, Value, json};

use crate::support::{Given, Moment};

/// Where the code names something.
#[derive(Clone, Copy)]
pub enum Named {
    /// The strings in every function that begins like this.
    Strings(&'static str, &'static str),
    /// The variants of an enum that begins like this, in snake case.
    Variants(&'static str, &'static str),
}

impl Named {
    /// The names, as they stand in the code.
    fn names(self) -> BTreeSet<String> {
        match self {
            Self::Strings(source, head) => blocks(source, head)
                .into_iter()
                .flat_map(|lines| lines.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
                .collect(),
            Self::Variants(source, head) => variants(source, head).iter().map(|name| snake(name)).collect(),
        }
    }
}

/// The names of an enum's variants.
fn variants(source: &str, head: &str) -> BTreeSet<String> {
    let lines = blocks(source, head).concat();
    let variant = |line: &str| {
        let name = name(line.strip_prefix("    ")?);
        name.starts_with(|first: char| first.is_ascii_uppercase()).then_some(name)
    };
    lines.lines().filter_map(variant).collect()
}

/// What stands between each such head and the brace that closes it, without comments.
fn blocks(source: &str, head: &str) -> Vec<String> {
    let found: Vec<_> = source
        .match_indices(head)
        .map(|(at, _)| {
            let line = &source[source[..at].rfind('\n').map_or(0, |end| end + 1)..];
            let close = format!("\n{}}}\n", " ".repeat(line.len() - line.trim_start_matches(' ').len()));
            let body = source[at..].split(&close).next().unwrap_or_default();
            body.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n") + "\n"
        })
        .collect();
    assert!(!found.is_empty(), "the code does not say `{head}` any more");
    found
}

/// The name that a text begins with.
fn name(text: &str) -> String {
    text.chars().take_while(char::is_ascii_alphanumeric).collect()
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// A state, and a past that leads to it.
#[derive(Clone)]
pub struct Past<A> {
    /// Its name, as the API shows it.
    pub state: &'static str,
    /// What sets this past apart from others that lead there; empty for the one that is nothing special.
    pub apart: &'static str,
    /// When the commands are given.
    pub moment: Moment,
    /// The stream.
    pub case: Given<A>,
}

/// A past that is nothing special.
pub fn past<A>(state: &'static str, moment: impl Into<Moment>, case: Given<A>) -> Past<A> {
    past_where(state, "", moment, case)
}

/// A past that something sets apart.
pub fn past_where<A>(state: &'static str, apart: &'static str, moment: impl Into<Moment>, case: Given<A>) -> Past<A> {
    Past { state, apart, moment: moment.into(), case }
}

/// A command as the API names it, who may give it, and what they ask. What sets it apart from the same command given
/// otherwise stands behind it in parentheses. What the program itself asks is asked by the system.
pub type Asked<O> = (&'static str, Actor, O);

/// Every state and every command of an aggregate.
pub struct Table<A: Stream> {
    /// Where the code names the states.
    pub named: Vec<Named>,
    /// Where it lists the commands: its text, and how the list begins.
    pub orders: (&'static str, &'static str),
    /// Each state at least once.
    pub pasts: Vec<Past<A>>,
    /// Each command at least once.
    pub commands: Vec<Asked<A::Order>>,
    /// The states in which nobody but the program itself brings anything about any more.
    pub ended: &'static [&'static str],
}

/// What a state answers, command by command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The state's name.
    pub state: &'static str,
    /// What sets its past apart.
    pub apart: &'static str,
    /// Command and answer.
    pub answers: Vec<(&'static str, Answer)>,
}

impl Row {
    /// The commands that recorded something.
    fn done(&self) -> impl Iterator<Item = &'static str> {
        self.answers.iter().filter(|(_, answer)| matches!(answer, Answer::Recorded(..))).map(|(command, _)| *command)
    }
}

/// A command's name without what sets it apart.
fn base(command: &str) -> &str {
    command.split_once(" (").map_or(command, |(name, _)| name)
}

/// What a command led to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// It recorded these events, and led to this state.
    Recorded(Vec<String>, &'static str),
    /// Its fact stood already.
    Quiet,
    /// It was refused with this code.
    Refused(String),
}

impl Answer {
    fn text(&self) -> String {
        match self {
            Self::Recorded(events, to) => format!("{} → {to}", events.join(", ")),
            Self::Quiet => "quiet".to_owned(),
            Self::Refused(code) => format!("refused: {code}"),
        }
    }
}

impl<A> Table<A>
where
    A: Stream + Clone,
    A::Event: Clone + PartialEq + Debug,
    A::Error: PartialEq + Debug,
    A::Order: Clone + Debug,
    for<'error> &'static str: From<&'error A::Error>,
{
    /// Asks every state every command.
    pub fn rows(&self) -> Vec<Row> {
        let row = |past: &Past<A>| Row {
            state: past.state,
            apart: past.apart,
            answers: self.commands.iter().map(|asked| (asked.0, answer(past, asked))).collect(),
        };
        self.pasts.iter().map(row).collect()
    }

    /// Nothing is left out, everything is done somewhere, what has ended stays so; and every answer is the golden one.
    #[track_caller]
    pub fn hold(&self) {
        for past in &self.pasts {
            assert_eq!(past.case.state(), past.state, "the past ({}) leads elsewhere", past.apart);
        }
        let named: BTreeSet<_> = self.named.iter().flat_map(|named| named.names()).collect();
        let met: BTreeSet<_> = self.pasts.iter().map(|past| past.state.to_owned()).collect();
        assert_eq!(met, named, "the states met, and those that the code names");

        let asked = self.commands.iter().map(|(_, _, order)| name(&format!("{order:?}")));
        let asked: BTreeSet<_> = asked.collect();
        assert_eq!(asked, variants(self.orders.0, self.orders.1), "what is asked, and what can be asked");

        let rows = self.rows();
        let people =
            |command: &str| self.commands.iter().any(|(name, by, _)| *name == command && by.kind != ActorKind::System);
        let done: BTreeSet<_> = rows.iter().flat_map(Row::done).map(base).collect();
        for command in self.commands.iter().map(|(name, ..)| *name).filter(|name| people(name)) {
            assert!(done.contains(base(command)), "{command} is done in no state");
        }

        let lives: BTreeSet<_> = rows.iter().filter(|row| row.done().any(people)).map(|row| row.state).collect();
        let begun = rows.iter().map(|row| row.state).filter(|state| *state != A::default().state());
        let ended: BTreeSet<_> = begun.filter(|state| !lives.contains(state)).collect();
        assert_eq!(
            ended,
            self.ended.iter().copied().collect(),
            "the states in which nothing is brought about any more"
        );

        self.assert_golden(&rows);
    }

    /// Holds the answers against `tests/goldens/transitions/<aggregate>.json`; `UPDATE_GOLDENS=1` rewrites it.
    #[track_caller]
    fn assert_golden(&self, rows: &[Row]) {
        let states: Vec<_> = rows.iter().map(form).collect();
        let names: BTreeSet<_> = rows.iter().map(|row| (row.state, row.apart)).collect();
        assert_eq!(names.len(), rows.len(), "two pasts of one state are told apart");
        let made = json!({"aggregate": A::TYPE, "ended": self.ended, "states": states});

        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("tests/goldens/transitions")
            .join(format!("{}.json", A::TYPE));
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder of goldens");
            let text = serde_json::to_string_pretty(&made).expect("JSON");
            std::fs::write(&path, text + "\n").expect("a golden is written");
        }
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}; UPDATE_GOLDENS=1 writes it", path.display()));
        let golden: Value = serde_json::from_str(&text).expect("a golden is JSON");
        for (row, known) in states.iter().zip(golden["states"].as_array().into_iter().flatten()) {
            assert_eq!(row, known, "an answer differs from {}; UPDATE_GOLDENS=1 rewrites it", path.display());
        }
        assert_eq!(made, golden, "{} differs; UPDATE_GOLDENS=1 rewrites it", path.display());
    }
}

fn answer<A>(past: &Past<A>, (_, by, order): &Asked<A::Order>) -> Answer
where
    A: Stream + Clone,
    A::Event: Clone + PartialEq + Debug,
    A::Error: PartialEq + Debug,
    A::Order: Clone,
    for<'error> &'static str: From<&'error A::Error>,
{
    match past.case.when(*by, past.moment, order.clone()).answer() {
        Ok(events) if events.is_empty() => Answer::Quiet,
        Ok(events) => {
            let types = events.iter().map(full_type::<A>).collect();
            Answer::Recorded(types, past.case.clone().and(events).state())
        }
        Err(error) => Answer::Refused(code(&error)),
    }
}

/// The refusal's code. What is wrong about an answer to a rule is told by the error inside.
fn code<E: Debug>(error: &E) -> String
where
    for<'error> &'static str: From<&'error E>,
{
    let inner = format!("{error:?}").strip_prefix("Settlement(").map(|inside| snake(&name(inside)));
    inner.unwrap_or_else(|| <&'static str>::from(error).to_owned())
}

fn form(row: &Row) -> Value {
    let mut commands = Map::new();
    for (command, answer) in &row.answers {
        let known = commands.insert((*command).to_owned(), Value::String(answer.text()));
        assert_eq!(known, None, "{command} is asked twice");
    }
    json!({"state": row.state, "where": row.apart, "commands": commands})
}
