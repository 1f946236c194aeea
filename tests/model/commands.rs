//! What people may ask for: small commands about the nth thing there is, by somebody who may ask, and how they are drawn.

use proptest::prelude::*;

/// Counted back from the latest thing of its kind, over and over: 0 is the latest.
pub type Nth = usize;

/// Who decides about offers, each as a person with the role that lets them ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decider {
    Recruiter(usize),
    Manager,
    Compensation(usize),
    Executive,
    Referrer(usize),
    Candidate(usize),
}

/// Which terms somebody says that they have seen.
#[derive(Clone, Copy, Debug)]
pub enum Seen {
    Current,
    First,
    Made,
}

/// What the employer has laid down before a history begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Nothing: pay policy 0, under which one approves, and programme 0.
    Plain,
    /// A programme policy by which outsiders refer, unpaid.
    OutsidersRefer,
    /// The same, and a pay policy under which every offer is measured, and takes two to approve.
    TwoApprove,
}

/// Who writes plans of rewards, and who approves them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Planner {
    Admin(usize),
    Executive,
}

#[derive(Clone, Debug)]
pub enum ToPlan {
    Revise { by: usize, amount: usize },
    Approve { by: Planner },
    Publish { by: usize },
    Retire { by: usize },
}

/// Who lets a reward go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payer {
    PeopleOps(usize),
    Compensation(usize),
    Executive,
}

#[derive(Clone, Debug)]
pub enum ToApplication {
    Assign,
    Advance,
    Skip,
    Schedule,
    Scorecard,
    Evaluate,
    Hold,
    Resume,
    Reject { by: usize },
    Withdraw { by: usize },
    Reopen { by: usize },
    Transfer { to: usize },
    Postpone { in_days: i64 },
    Rejoin { in_days: i64 },
    NoShow,
}

#[derive(Clone, Debug)]
pub enum ToOffer {
    Revise { by: usize, pay: usize },
    RequestApproval { by: usize },
    Approve { by: Decider, seen: Seen },
    SendBack { by: Decider, seen: Seen },
    Refuse { by: Decider, seen: Seen },
    Force { seen: Seen },
    DeclareConflict { by: Decider },
    Extend { by: usize, seen: Seen },
    ExtendExpiry { in_days: i64 },
    Accept { by: usize, seen: Seen },
    AcceptForThem { seen: Seen },
    Decline { by: usize },
    Rescind { executive: bool },
    Ask { by: usize },
    Explain,
    PayOnce,
}

#[derive(Clone, Debug)]
pub enum ToReferral {
    Accept,
    Decline,
    Grant,
    RefuseDuplicate,
    Withdraw { by: usize },
    RecordHire,
    RecordOutcome,
}

#[derive(Clone, Debug)]
pub enum ToRequisition {
    Revise { headcount: u32 },
    Publish,
    Close { cancel_live: bool },
}

#[derive(Clone, Debug)]
pub enum ToReward {
    Verify,
    Approve { by: Payer },
    Decline,
    Hold,
    LiftHold,
}

#[derive(Clone, Debug)]
pub enum Command {
    Wait {
        days: i64,
    },
    Apply {
        member: usize,
        requisition: usize,
        referral: Option<Nth>,
    },
    Application(Nth, ToApplication),
    Draft {
        application: Nth,
        by: usize,
        pay: usize,
    },
    Offer(Nth, ToOffer),
    /// Referrers 0 and 1 work here; 2 has left.
    Refer {
        by: usize,
        candidate: usize,
        requisition: Option<usize>,
    },
    Referral(Nth, ToReferral),
    Requisition(usize, ToRequisition),
    Reward(Nth, ToReward),
    DraftPlan {
        by: usize,
        amount: usize,
    },
    Plan(Nth, ToPlan),
}

/// How many candidates referrers know: strangers, then leavers.
pub const CANDIDATES: usize = 4;

fn nth() -> impl Strategy<Value = Nth> {
    prop_oneof![3 => Just(0), 2 => 0..3usize, 1 => 0..8usize]
}

fn decider() -> impl Strategy<Value = Decider> {
    prop_oneof![
        2 => (0..2usize).prop_map(Decider::Recruiter),
        1 => Just(Decider::Manager),
        4 => (0..2usize).prop_map(Decider::Compensation),
        1 => Just(Decider::Executive),
        1 => (0..2usize).prop_map(Decider::Referrer),
        1 => (0..3usize).prop_map(Decider::Candidate),
    ]
}

fn seen() -> impl Strategy<Value = Seen> {
    prop_oneof![6 => Just(Seen::Current), 2 => Just(Seen::First), 1 => Just(Seen::Made)]
}

fn to_application() -> impl Strategy<Value = ToApplication> {
    use ToApplication as T;
    prop_oneof![
        1 => Just(T::Assign),
        2 => Just(T::Advance),
        3 => Just(T::Skip),
        2 => Just(T::Schedule),
        2 => Just(T::Scorecard),
        2 => Just(T::Evaluate),
        1 => Just(T::Hold),
        2 => Just(T::Resume),
        2 => (0..2usize).prop_map(|by| T::Reject { by }),
        1 => (0..3usize).prop_map(|by| T::Withdraw { by }),
        3 => (0..2usize).prop_map(|by| T::Reopen { by }),
        2 => (0..2usize).prop_map(|to| T::Transfer { to }),
        2 => (0..60i64).prop_map(|in_days| T::Postpone { in_days }),
        2 => (0..30i64).prop_map(|in_days| T::Rejoin { in_days }),
        1 => Just(T::NoShow),
    ]
}

fn to_offer() -> impl Strategy<Value = ToOffer> {
    use ToOffer as T;
    prop_oneof![
        3 => (0..2usize, 0..3usize).prop_map(|(by, pay)| T::Revise { by, pay }),
        3 => (0..2usize).prop_map(|by| T::RequestApproval { by }),
        6 => (decider(), seen()).prop_map(|(by, seen)| T::Approve { by, seen }),
        1 => (decider(), seen()).prop_map(|(by, seen)| T::SendBack { by, seen }),
        1 => (decider(), seen()).prop_map(|(by, seen)| T::Refuse { by, seen }),
        1 => seen().prop_map(|seen| T::Force { seen }),
        1 => (0..2usize).prop_map(|by| T::DeclareConflict { by: Decider::Compensation(by) }),
        5 => (0..2usize, seen()).prop_map(|(by, seen)| T::Extend { by, seen }),
        1 => (0..40i64).prop_map(|in_days| T::ExtendExpiry { in_days }),
        4 => (0..3usize, seen()).prop_map(|(by, seen)| T::Accept { by, seen }),
        1 => seen().prop_map(|seen| T::AcceptForThem { seen }),
        1 => (0..3usize).prop_map(|by| T::Decline { by }),
        1 => any::<bool>().prop_map(|executive| T::Rescind { executive }),
        2 => (0..3usize).prop_map(|by| T::Ask { by }),
        1 => Just(T::Explain),
        1 => Just(T::PayOnce),
    ]
}

fn to_referral() -> impl Strategy<Value = ToReferral> {
    use ToReferral as T;
    prop_oneof![
        6 => Just(T::Accept),
        1 => Just(T::Decline),
        2 => Just(T::Grant),
        1 => Just(T::RefuseDuplicate),
        1 => (0..2usize).prop_map(|by| T::Withdraw { by }),
        1 => Just(T::RecordHire),
        1 => Just(T::RecordOutcome),
    ]
}

fn payer() -> impl Strategy<Value = Payer> {
    prop_oneof![
        (0..2usize).prop_map(Payer::PeopleOps),
        (0..2usize).prop_map(Payer::Compensation),
        Just(Payer::Executive),
    ]
}

fn to_reward() -> impl Strategy<Value = ToReward> {
    use ToReward as T;
    prop_oneof![
        3 => Just(T::Verify),
        4 => payer().prop_map(|by| T::Approve { by }),
        1 => Just(T::Decline),
        1 => Just(T::Hold),
        1 => Just(T::LiftHold),
    ]
}

fn to_plan() -> impl Strategy<Value = ToPlan> {
    use ToPlan as T;
    let planner = prop_oneof![(0..2usize).prop_map(Planner::Admin), Just(Planner::Executive)];
    prop_oneof![
        3 => (0..2usize, 0..3usize).prop_map(|(by, amount)| T::Revise { by, amount }),
        4 => planner.prop_map(|by| T::Approve { by }),
        3 => (0..2usize).prop_map(|by| T::Publish { by }),
        1 => (0..2usize).prop_map(|by| T::Retire { by }),
    ]
}

fn one() -> impl Strategy<Value = Command> {
    use Command as C;
    let to_requisition = prop_oneof![
        2 => (1..4u32).prop_map(|headcount| ToRequisition::Revise { headcount }),
        1 => Just(ToRequisition::Publish),
        1 => any::<bool>().prop_map(|cancel_live| ToRequisition::Close { cancel_live }),
    ];
    prop_oneof![
        3 => (0..40i64).prop_map(|days| C::Wait { days }),
        5 => (0..3usize, 0..2usize, proptest::option::of(nth()))
            .prop_map(|(member, requisition, referral)| C::Apply { member, requisition, referral }),
        8 => (nth(), to_application()).prop_map(|(nth, to)| C::Application(nth, to)),
        3 => (nth(), 0..2usize, 0..3usize).prop_map(|(application, by, pay)| C::Draft { application, by, pay }),
        12 => (nth(), to_offer()).prop_map(|(nth, to)| C::Offer(nth, to)),
        4 => (0..3usize, 0..CANDIDATES, proptest::option::of(0..2usize))
            .prop_map(|(by, candidate, requisition)| C::Refer { by, candidate, requisition }),
        5 => (nth(), to_referral()).prop_map(|(nth, to)| C::Referral(nth, to)),
        1 => (0..2usize, to_requisition).prop_map(|(nth, to)| C::Requisition(nth, to)),
        2 => (nth(), to_reward()).prop_map(|(nth, to)| C::Reward(nth, to)),
        1 => (0..2usize, 0..3usize).prop_map(|(by, amount)| C::DraftPlan { by, amount }),
        3 => (nth(), to_plan()).prop_map(|(nth, to)| C::Plan(nth, to)),
    ]
}

/// The way to an offer that is out: what chance alone would seldom find in a short history. Each step may be missing.
fn to_an_offer() -> impl Strategy<Value = Vec<Command>> {
    use Command as C;
    let two = (decider(), decider());
    (0..3usize, 0..2usize, proptest::option::of(nth()), (0..2usize, 0..3usize), two, seen()).prop_map(
        |(member, requisition, referral, (by, pay), (approves, too), seen)| {
            vec![
                C::Apply { member, requisition, referral },
                C::Application(0, ToApplication::Skip),
                C::Draft { application: 0, by, pay },
                C::Offer(0, ToOffer::RequestApproval { by: 1 - by }),
                C::Offer(0, ToOffer::Approve { by: approves, seen }),
                C::Offer(0, ToOffer::Approve { by: too, seen: Seen::Current }),
                C::Offer(0, ToOffer::Extend { by, seen: Seen::Current }),
                C::Offer(0, ToOffer::Accept { by: member, seen }),
            ]
        },
    )
}

/// The way from an agreed referral to a return, and to the day on which a reward falls due.
fn to_a_reward() -> impl Strategy<Value = Vec<Command>> {
    use Command as C;
    (0..3usize, 0..3usize, 0..2usize, 0..CANDIDATES, 0..2usize).prop_map(|(member, by, requisition, candidate, one)| {
        vec![
            C::Refer { by, candidate, requisition: Some(requisition) },
            C::Referral(0, ToReferral::Accept),
            C::Apply { member, requisition, referral: Some(0) },
            C::Application(0, ToApplication::Skip),
            C::Draft { application: 0, by: one, pay: 0 },
            C::Offer(0, ToOffer::RequestApproval { by: one }),
            C::Offer(0, ToOffer::Approve { by: Decider::Compensation(one), seen: Seen::Current }),
            C::Offer(0, ToOffer::Approve { by: Decider::Compensation(1 - one), seen: Seen::Current }),
            C::Offer(0, ToOffer::Extend { by: one, seen: Seen::Current }),
            C::Offer(0, ToOffer::Accept { by: member, seen: Seen::Current }),
            C::Application(0, ToApplication::Rejoin { in_days: 0 }),
            C::Wait { days: 95 },
            C::Reward(0, ToReward::Verify),
            C::Reward(0, ToReward::Approve { by: Payer::Compensation(one) }),
            C::Reward(0, ToReward::Approve { by: Payer::Executive }),
        ]
    })
}

/// A return that nothing hinders, whatever was laid down: what is drawn may be refused at every step, and this is not.
pub fn certain_return() -> Vec<Command> {
    use Command as C;
    let approve = |by| C::Offer(0, ToOffer::Approve { by: Decider::Compensation(by), seen: Seen::Current });
    vec![
        C::Refer { by: 0, candidate: 2, requisition: Some(1) },
        C::Referral(0, ToReferral::Accept),
        C::Apply { member: 0, requisition: 1, referral: Some(0) },
        C::Application(0, ToApplication::Skip),
        C::Draft { application: 0, by: 0, pay: 0 },
        C::Offer(0, ToOffer::RequestApproval { by: 0 }),
        approve(0),
        approve(1),
        C::Offer(0, ToOffer::Extend { by: 0, seen: Seen::Current }),
        C::Offer(0, ToOffer::Accept { by: 0, seen: Seen::Current }),
        C::Application(0, ToApplication::Rejoin { in_days: 45 }),
        C::Wait { days: 45 },
        C::Wait { days: 95 },
    ]
}

/// A history: what was laid down, single commands, and ways of which whatever hinders them may come in between.
pub fn histories() -> impl Strategy<Value = (Setting, Vec<Command>)> {
    let setting = prop_oneof![Just(Setting::Plain), Just(Setting::OutsidersRefer), Just(Setting::TwoApprove)];
    let part = prop_oneof![
        14 => one().prop_map(|command| vec![command]),
        2 => to_an_offer(),
        1 => to_a_reward(),
    ];
    (setting, proptest::collection::vec(part, 20..36).prop_map(|parts| parts.concat()))
}
