//! What every state answers to every command, by role: the goldens of the aggregates and the permissions, as one page.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use aggregates::application::transitions;
use serde::Deserialize;

use super::compare;
use crate::identity::Role;
use crate::identity::permissions::{Access, Decision, Grant, Method, Permissions, Route};

/// An aggregate, and the collection under which the API shows it.
struct Section {
    aggregate: &'static str,
    collection: &'static str,
    /// What the routes without an id ask: the path's last part, empty for the collection itself.
    without_id: &'static [(&'static str, &'static str)],
    intro: &'static str,
}

/// What is posted and records nothing, whatever the state.
const COMPUTED: [&str; 2] = ["replay", "backtest"];

const SECTIONS: [Section; 15] = [
    Section {
        aggregate: "departure",
        collection: "departures",
        without_id: &[("", "record"), ("import", "record"), ("invite-batch", "invite")],
        intro: "Recorded ahead or afterwards; it takes effect by itself on the day after the last day.",
    },
    Section {
        aggregate: "member",
        collection: "members",
        without_id: &[("", "register")],
        intro: "Active with an invitation, after review without one; as long as it lasts, its member may speak and go.",
    },
    Section {
        aggregate: "employment",
        collection: "employments",
        without_id: &[("", "record"), ("import", "record")],
        intro: "A period from its first to its last day; what was recorded wrong is corrected also after its end.",
    },
    Section {
        aggregate: "person",
        collection: "persons",
        without_id: &[("", "link")],
        intro: "Shown with regard to one other record. Of several others, what most needs a person names the state.",
    },
    Section {
        aggregate: "no_rehire_flag",
        collection: "no-rehire-flags",
        without_id: &[("", "raise")],
        intro: "Two people to raise it, another to hear the appeal, and always an end.",
    },
    Section {
        aggregate: "requisition",
        collection: "requisitions",
        without_id: &[("", "open")],
        intro: "Opened, published to its audience, filled seat by seat, closed.",
    },
    Section {
        aggregate: "application",
        collection: "applications",
        without_id: &[("", "submit")],
        intro: "From the submission to the first day. On hold nothing goes forward; what ends or answers a case goes \
                through.",
    },
    Section {
        aggregate: "offer",
        collection: "offers",
        without_id: &[("", "draft")],
        intro: "Nobody approves what they proposed or did not see; the candidate alone answers, in time.",
    },
    Section {
        aggregate: "referral",
        collection: "referrals",
        without_id: &[("", "submit")],
        intro: "The candidate agrees, and one referral owns them for six months.",
    },
    Section {
        aggregate: "reward",
        collection: "rewards",
        without_id: &[],
        intro: "Nobody creates one: a hire plans it. Due after its milestone, verified, approved by two people.",
    },
    Section {
        aggregate: "reward_plan",
        collection: "reward-plans",
        without_id: &[("", "draft")],
        intro: "Written by one person, approved by another. A published plan governs while its next version waits.",
    },
    Section {
        aggregate: "pay_bands",
        collection: "pay-bands",
        without_id: &[("", "import"), ("import", "import")],
        intro: "Taken over from a file as it was approved, version by version; what stands is never changed.",
    },
    Section {
        aggregate: "incumbent_snapshot",
        collection: "incumbent-snapshots",
        without_id: &[("", "import"), ("import", "import")],
        intro: "Taken over from a file; its id follows from its content.",
    },
    Section {
        aggregate: "pay_policy",
        collection: "pay-policies",
        without_id: &[("", "draft")],
        intro: "Written by one person, approved by another, published once different people are named for every seat. A \
                published policy governs while its next version waits; where none does, version 0 governs.",
    },
    Section {
        aggregate: "programme_policy",
        collection: "programme-policies",
        without_id: &[("", "draft")],
        intro: "Written by one person, approved by another. A published policy governs while its next version waits; where \
                none does, version 0 governs.",
    },
];

const HEAD: &str = "# Transitions

What happens in every state to every command, and who may ask. Made from the answers that the aggregates give in the tests
(`aggregates/tests/goldens/transitions/`) and from `permissions.toml`, and compared with both by a test.

- Each command is built so that its state decides: by somebody who may give it, with everything it needs. Where the same
  command can be given otherwise, or the same state can have another past, what sets it apart stands beside it.
- A role that is not named for a command is answered `403 forbidden` in every state, before anything is looked up. The test
  of the [permissions](permissions.md) over HTTP (`tests/program/permissions.rs`) holds that for every route and every role;
  the conditions own, assigned and not_conflicted are explained there, and † means that a natural person is needed.
- A refusal is shown with its code. Over HTTP it is the `reason` of a `409 transition_not_allowed`, or the
  [problem](problems.md) that the rule or the field has. Nothing is recorded.
- \"Nothing new\" is a success: the very same fact stands already.
- *The program itself* means timers (`wake`), what follows from an event of another aggregate, and the command line.
- *Whoever may* means those whom the first table of the collection names.
- The first state of each aggregate is the one before its first event. Over HTTP there is nothing under such an id, `404`,
  but for persons, who are known from other records.
";

/// The answers of an aggregate, as its tests pin them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Golden {
    aggregate: String,
    ended: Vec<String>,
    states: Vec<Answers>,
}

/// What one state answers, command by command.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answers {
    state: String,
    #[serde(rename = "where")]
    apart: String,
    commands: BTreeMap<String, String>,
}

/// What a command comes to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Recorded { events: Vec<String>, to: String },
    Quiet,
    Refused(String),
}

impl Outcome {
    fn read(text: &str) -> Self {
        if let Some(code) = text.strip_prefix("refused: ") {
            return Self::Refused(code.to_owned());
        }
        if text == "quiet" {
            return Self::Quiet;
        }
        let (events, to) = text.split_once(" → ").unwrap_or_else(|| panic!("{text} is no outcome"));
        Self::Recorded { events: events.split(", ").map(str::to_owned).collect(), to: to.to_owned() }
    }

    fn told(&self) -> String {
        match self {
            Self::Recorded { events, to } => {
                let events: Vec<_> = events.iter().map(|event| format!("`{event}`")).collect();
                format!("{} → `{to}`", events.join(", "))
            }
            Self::Quiet => "nothing new".to_owned(),
            Self::Refused(code) => format!("refused: `{code}`"),
        }
    }
}

/// A row of a state's table: a command that is done, or all of those that come to the same.
#[derive(Debug)]
struct Row {
    commands: Vec<String>,
    who: String,
    outcome: Outcome,
}

/// A command's name without what sets it apart: `rescind (by an executive)` is a `rescind`.
fn base(command: &str) -> &str {
    command.split_once(" (").map_or(command, |(name, _)| name)
}

impl Section {
    fn golden(&self) -> Golden {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("aggregates/tests/goldens/transitions")
            .join(format!("{}.json", self.aggregate));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let golden: Golden = serde_json::from_str(&text).unwrap();
        assert_eq!(golden.aggregate, self.aggregate);
        golden
    }

    /// The command that a route asks, where it is a command of this collection.
    fn command<'a>(&self, route: &'a Route) -> Option<&'a str> {
        let rest = route.path.strip_prefix("/v1/")?.strip_prefix(self.collection)?;
        let rest = if rest.is_empty() { rest } else { rest.strip_prefix('/')? };
        if route.method != Method::Post {
            return None;
        }
        if let Some(command) = rest.strip_prefix("{id}/") {
            return Some(command);
        }
        let known = self.without_id.iter().find(|(part, _)| *part == rest);
        Some(known.unwrap_or_else(|| panic!("{route} asks a command that is not known here")).1)
    }

    /// Each command with its routes, in the order of the table.
    fn commands<'a>(&self, permissions: &'a Permissions) -> Vec<(&'a str, Vec<&'a Route>)> {
        let mut commands = Vec::<(&str, Vec<&Route>)>::new();
        for route in permissions.routes() {
            let Some(command) = self.command(route).filter(|command| !COMPUTED.contains(command)) else { continue };
            match commands.iter_mut().find(|(known, _)| *known == command) {
                Some((_, routes)) => routes.push(route),
                None => commands.push((command, vec![route])),
            }
        }
        commands
    }
}

/// Who may ask a command, told in the order of the roles.
fn who(routes: &[&Route]) -> String {
    if routes.is_empty() {
        return "the program itself".to_owned();
    }
    let mut told = Vec::new();
    for route in routes {
        let roles = match &route.access {
            Access::Public => vec!["whoever holds the candidate's token".to_owned()],
            Access::Roles(grants) => Role::ALL.iter().filter_map(|role| granted(grants, *role)).collect(),
        };
        let natural = if route.natural_person { " †" } else { "" };
        let told_of_it = roles.join(", ") + natural;
        if !told.contains(&told_of_it) {
            told.push(told_of_it);
        }
    }
    told.join("; ")
}

fn granted(grants: &[Grant], role: Role) -> Option<String> {
    let grant = grants.iter().find(|grant| grant.role == role)?;
    if grant.when.is_empty() {
        return Some(role.as_str().to_owned());
    }
    let when: Vec<_> = grant.when.iter().map(|condition| condition.as_str()).collect();
    Some(format!("{role} ({})", when.join(" and ")))
}

/// The rows of a state: what is done first, then what changes nothing, then the refusals by their code.
fn rows(state: &Answers, commands: &[(&str, Vec<&Route>)]) -> Vec<Row> {
    let place =
        |command: &str| commands.iter().position(|(known, _)| *known == base(command)).unwrap_or(commands.len());
    let mut answers: Vec<_> = state.commands.iter().map(|(name, text)| (name, Outcome::read(text))).collect();
    answers.sort_by(|(one, _), (other, _)| (place(one), *one).cmp(&(place(other), *other)));
    let mut done = Vec::new();
    let mut others = BTreeMap::<Outcome, Vec<String>>::new();
    for (command, outcome) in answers {
        if matches!(outcome, Outcome::Recorded { .. }) {
            let routes = commands.iter().find(|(known, _)| *known == base(command)).map(|(_, routes)| &routes[..]);
            done.push(Row { commands: vec![command.clone()], who: who(routes.unwrap_or_default()), outcome });
        } else {
            others.entry(outcome).or_default().push(command.clone());
        }
    }
    let same = |(outcome, commands)| Row { commands, who: "whoever may".to_owned(), outcome };
    done.into_iter().chain(others.into_iter().map(same)).collect()
}

fn told(command: &str) -> String {
    let (name, apart) = command.split_at(base(command).len());
    format!("`{name}`{apart}")
}

fn page(permissions: &Permissions) -> String {
    let mut page = HEAD.to_owned();
    for section in &SECTIONS {
        let golden = section.golden();
        let commands = section.commands(permissions);
        let _ = write!(page, "\n## {}\n\n{}", section.collection, section.intro);
        if !golden.ended.is_empty() {
            let ended: Vec<_> = golden.ended.iter().map(|state| format!("`{state}`")).collect();
            let _ = write!(
                page,
                " Ended, so that nobody but the program itself brings anything about: {}.",
                ended.join(", ")
            );
        }
        page.push_str("\n\n| Command | Who may ask |\n|---|---|\n");
        for (command, routes) in &commands {
            let _ = writeln!(page, "| `{command}` | {} |", who(routes));
        }
        let asked: BTreeSet<_> =
            golden.states.iter().flat_map(|state| state.commands.keys()).map(|name| base(name)).collect();
        for command in asked.into_iter().filter(|name| commands.iter().all(|(known, _)| known != name)) {
            let _ = writeln!(page, "| `{command}` | {} |", who(&[]));
        }
        for state in &golden.states {
            let apart = if state.apart.is_empty() { String::new() } else { format!(": {}", state.apart) };
            let _ = write!(page, "\n### {} · {}{apart}\n\n", section.aggregate, state.state);
            page.push_str("| Command | Who may ask | What happens |\n|---|---|---|\n");
            for Row { commands, who, outcome } in rows(state, &commands) {
                let commands: Vec<_> = commands.iter().map(|command| told(command)).collect();
                let _ = writeln!(page, "| {} | {who} | {} |", commands.join(", "), outcome.told());
            }
        }
    }
    page
}

#[test]
fn the_transitions_are_the_reference() {
    compare("transitions.md", &page(&Permissions::embedded().unwrap()));
}

#[test]
fn every_command_of_the_api_is_answered_in_every_state() {
    let permissions = Permissions::embedded().unwrap();
    let mut met = BTreeSet::new();
    for section in &SECTIONS {
        let golden = section.golden();
        for (command, routes) in section.commands(&permissions) {
            for state in &golden.states {
                let answered = state.commands.keys().any(|name| base(name) == command);
                assert!(answered, "{} says nothing to {command} in {}", section.aggregate, state.state);
            }
            met.extend(routes.iter().map(|route| route.path.as_str()));
        }
    }
    // What is left over belongs to no stream: domain time, and what computes and records nothing.
    let left: Vec<_> = permissions
        .routes()
        .filter(|route| route.method == Method::Post && !met.contains(route.path.as_str()))
        .map(|route| route.path.as_str())
        .collect();
    assert_eq!(left, ["/v1/pay-policies/{id}/backtest", "/v1/offers/{id}/replay", "/dev/clock/advance"]);
}

#[test]
fn in_every_state_every_command_has_one_answer_for_every_role() {
    let permissions = Permissions::embedded().unwrap();
    for section in &SECTIONS {
        let commands = section.commands(&permissions);
        for state in &section.golden().states {
            let rows = rows(state, &commands);
            for (name, answer) in &state.commands {
                let place = format!("{} {} {name}", section.aggregate, state.state);
                let told: Vec<_> = rows.iter().filter(|row| row.commands.contains(name)).collect();
                let [row] = told[..] else { panic!("{place} is told {} times", told.len()) };
                assert_eq!(row.outcome, Outcome::read(answer), "{place}");
                let routes = commands.iter().find(|(known, _)| *known == base(name)).map(|(_, routes)| &routes[..]);
                for route in routes.unwrap_or_default() {
                    for role in Role::ALL {
                        let roles = BTreeSet::from([role]);
                        let when = match Decision::of(permissions.granted("POST", &route.path, &roles)) {
                            // Over HTTP: `403 forbidden`, whatever the state.
                            Decision::Denied => None,
                            Decision::Allowed { .. } => Some(String::new()),
                            Decision::AllowedIf { any_of } => granted(&any_of, role),
                        };
                        let whole = who(&[route]);
                        let named = whole
                            .trim_end_matches(" †")
                            .split(", ")
                            .any(|told| told == role.as_str() || told.starts_with(&format!("{role} (")));
                        assert_eq!(named, when.is_some(), "{place} for {role}");
                        assert!(when.is_none_or(|when| whole.contains(&when)), "{place} for {role}");
                    }
                }
                if matches!(row.outcome, Outcome::Recorded { .. }) {
                    assert_eq!(row.who, who(routes.unwrap_or_default()), "{place}");
                }
            }
        }
    }
}

#[test]
fn whoever_is_shown_a_command_of_an_application_may_ask_it() {
    let permissions = Permissions::embedded().unwrap();
    for shown in transitions() {
        let path = format!("/v1/applications/{{id}}/{}", shown.command);
        let Some(Route { access: Access::Roles(grants), .. }) = permissions.route("POST", &path) else {
            panic!("{path} is no route for roles")
        };
        let may: BTreeSet<_> = grants.iter().map(|grant| grant.role.as_str()).collect();
        assert_eq!(may, shown.roles.iter().copied().collect(), "{path}");
    }
}
