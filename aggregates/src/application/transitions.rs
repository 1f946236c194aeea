//! Which state allows which command to which role, as data: from it the API tells what a caller may do next. A test holds
//! it against `decide`, state by state and command by command.

use std::sync::LazyLock;

/// A command that a state allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The state, as the API shows it.
    pub state: &'static str,
    /// The command, as the API names it.
    pub command: &'static str,
    /// Who may ask for it.
    pub roles: &'static [&'static str],
    /// The states that it can lead to.
    pub to: &'static [&'static str],
    /// Whether it is allowed while the case is on hold.
    pub on_hold: bool,
}

/// A command, and the states that allow it; where it names no state to go to, the case stays where it is.
struct Row {
    command: &'static str,
    roles: &'static [&'static str],
    on_hold: bool,
    from: &'static [(&'static [&'static str], &'static [&'static str])],
}

const LIVE: &[&str] = &[
    "eligibility_review",
    "screening",
    "interviewing",
    "evaluated",
    "offer_pending",
    "offer_declined",
    "offer_expired",
    "offer_accepted",
    "joining",
];
const STAGES: &[&str] = &["screening", "interviewing", "evaluated"];
const STAY: &[&str] = &[];
const LIVE_STAY: &[(&[&str], &[&str])] = &[(LIVE, STAY)];
const RECRUITER: &[&str] = &["recruiter"];
const LINE: &[&str] = &["recruiter", "hiring_manager"];
const INTERVIEWERS: &[&str] = &["interviewer", "hiring_manager", "recruiter"];

const ROWS: &[Row] = &[
    Row {
        command: "review-eligibility",
        roles: &["compliance"],
        on_hold: true,
        from: &[(&["eligibility_review", "not_eligible"], &["screening", "interviewing", "evaluated", "not_eligible"])],
    },
    Row { command: "request-review", roles: &["alumnus"], on_hold: true, from: &[(&["not_eligible"], STAY)] },
    Row { command: "assign", roles: RECRUITER, on_hold: true, from: LIVE_STAY },
    Row { command: "advance", roles: LINE, on_hold: false, from: &[(&["screening"], &["interviewing"])] },
    Row { command: "skip-stage", roles: RECRUITER, on_hold: false, from: &[(&["screening"], &["evaluated"])] },
    Row { command: "disclose-range", roles: RECRUITER, on_hold: true, from: LIVE_STAY },
    Row {
        command: "schedule-interview",
        roles: RECRUITER,
        on_hold: false,
        from: &[(&["screening", "interviewing"], STAY)],
    },
    Row {
        command: "reschedule-interview",
        roles: RECRUITER,
        on_hold: false,
        from: &[(&["screening", "interviewing"], STAY)],
    },
    Row { command: "cancel-interview", roles: RECRUITER, on_hold: true, from: LIVE_STAY },
    Row { command: "record-interview", roles: RECRUITER, on_hold: true, from: LIVE_STAY },
    Row { command: "submit-scorecard", roles: INTERVIEWERS, on_hold: true, from: LIVE_STAY },
    Row { command: "amend-scorecard", roles: INTERVIEWERS, on_hold: true, from: LIVE_STAY },
    Row { command: "record-evaluation", roles: LINE, on_hold: false, from: &[(&["interviewing"], &["evaluated"])] },
    Row { command: "hold", roles: RECRUITER, on_hold: true, from: LIVE_STAY },
    Row {
        command: "resume",
        roles: &["recruiter", "compliance"],
        on_hold: true,
        from: &[
            (
                &[
                    "eligibility_review",
                    "screening",
                    "interviewing",
                    "evaluated",
                    "offer_pending",
                    "offer_declined",
                    "offer_expired",
                    "offer_accepted",
                ],
                STAY,
            ),
            (&["joining"], &["joining", "rejoined"]),
        ],
    },
    Row {
        command: "reject",
        roles: RECRUITER,
        on_hold: true,
        from: &[
            (&["eligibility_review"], &["rejected"]),
            (STAGES, &["rejected"]),
            (&["offer_declined", "offer_expired"], &["rejected"]),
        ],
    },
    Row { command: "withdraw", roles: &["alumnus", "recruiter"], on_hold: true, from: &[(LIVE, &["withdrawn"])] },
    Row {
        command: "reopen",
        roles: RECRUITER,
        on_hold: true,
        from: &[(&["rejected", "withdrawn"], &["eligibility_review", "screening", "interviewing", "evaluated"])],
    },
    Row {
        command: "transfer",
        roles: RECRUITER,
        on_hold: false,
        from: &[
            (&["eligibility_review"], &["eligibility_review", "screening", "interviewing", "evaluated"]),
            (STAGES, STAY),
            (&["offer_declined", "offer_expired"], STAY),
        ],
    },
    Row { command: "postpone-start", roles: RECRUITER, on_hold: true, from: &[(&["offer_accepted", "joining"], STAY)] },
    Row {
        command: "record-rejoin",
        roles: &["recruiter", "people_ops"],
        on_hold: false,
        from: &[(&["offer_accepted", "joining"], &["joining", "rejoined"])],
    },
    Row {
        command: "record-no-show",
        roles: RECRUITER,
        on_hold: true,
        from: &[(&["offer_accepted", "joining"], &["no_show"])],
    },
    Row { command: "answer-check", roles: &["recruiter", "compliance"], on_hold: true, from: LIVE_STAY },
    Row { command: "acknowledge", roles: &["recruiter", "compliance"], on_hold: true, from: LIVE_STAY },
    Row { command: "record-legal-opinion", roles: &["compliance"], on_hold: true, from: LIVE_STAY },
];

static TRANSITIONS: LazyLock<Vec<Transition>> = LazyLock::new(|| {
    let of = |row: &'static Row| {
        let Row { command, roles, on_hold, from } = row;
        from.iter().flat_map(move |(states, to)| {
            states.iter().map(move |state| {
                let to = if to.is_empty() { std::slice::from_ref(state) } else { to };
                Transition { state, command, roles, to, on_hold: *on_hold }
            })
        })
    };
    ROWS.iter().flat_map(of).collect()
});

/// Every command that a state allows, with the roles that may ask for it.
pub fn transitions() -> &'static [Transition] {
    &TRANSITIONS
}

/// What a role may ask for in a state. Whether it is theirs to ask, and what else stands in the way, the command says.
pub fn next_allowed_commands(state: &str, on_hold: bool, roles: &[&str]) -> Vec<&'static str> {
    let allowed = |one: &&Transition| {
        one.state == state
            && one.roles.iter().any(|role| roles.contains(role))
            && (!on_hold || one.on_hold)
            && (on_hold || one.command != "resume")
    };
    transitions().iter().filter(allowed).map(|one| one.command).collect()
}
