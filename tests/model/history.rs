//! A history as it happens: each command is sent whatever the state, and the answer and all that the API shows afterwards
//! is compared with the model.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::cast::Cast;
use super::commands::{
    Command, Decider, Payer, Planner, Setting, ToApplication, ToOffer, ToPlan, ToReferral, ToReward,
};
use super::machines::{self, Verdict};
use super::request;
use crate::program::client::Reply;

/// A thing and how the API shows it.
pub type Name = (&'static str, String);

/// What is followed.
pub const COLLECTIONS: [&str; 6] = ["applications", "offers", "referrals", "requisitions", "rewards", "reward-plans"];

/// How many days pass at once.
const SLICE: i64 = 15;

/// An application, as far as the model holds it.
pub struct Application {
    pub id: String,
    pub member: usize,
    pub requisition: usize,
    pub referral: Option<usize>,
    pub on_hold: bool,
    pub rejected_by: Option<usize>,
    pub interview: Option<Value>,
}

/// An offer, as far as the model holds it.
pub struct Offer {
    pub id: String,
    pub application: usize,
    /// The requisition that it was drafted for.
    pub requisition: usize,
    pub pay: usize,
    pub refused: BTreeSet<usize>,
    pub hash: Value,
    pub first_hash: Value,
    pub proposers: BTreeSet<usize>,
    pub asked_by: Option<usize>,
    pub conflicts: BTreeSet<Decider>,
    pub approved: Option<(Decider, i64)>,
    pub expires: i64,
    pub starts: i64,
    /// A question of the candidate waits for its answer.
    pub asks: bool,
}

/// A referral, as far as the model holds it.
pub struct Referral {
    pub id: String,
    pub by: usize,
    pub candidate: usize,
    pub token: Value,
    pub made: i64,
    /// When the candidate agreed, or the doubt about it was decided.
    pub granted: Option<i64>,
}

/// A reward, as far as the model holds it.
pub struct Reward {
    pub id: String,
    pub approved_by: Option<Payer>,
}

/// A plan of rewards, as far as the model holds it.
pub struct Plan {
    pub id: String,
    pub amount: usize,
    /// Who wrote the version that waits, the latest last; nobody where none waits.
    pub written_by: Vec<usize>,
    pub approved: bool,
}

/// What has happened so far.
pub struct History<'t> {
    pub cast: Cast<'t>,
    pub applications: Vec<Application>,
    pub offers: Vec<Offer>,
    pub referrals: Vec<Referral>,
    pub rewards: Vec<Reward>,
    pub plans: Vec<Plan>,
    /// How each thing stood after the last step.
    pub shown: BTreeMap<Name, Value>,
    /// Days since the history began.
    pub today: i64,
}

impl<'t> History<'t> {
    pub fn begin(cast: Cast<'t>) -> Self {
        let (applications, offers, referrals, rewards) = (vec![], vec![], vec![], vec![]);
        let plans = vec![Plan { id: cast.plan.clone(), amount: 0, written_by: vec![], approved: false }];
        let shown = BTreeMap::new();
        let mut history = Self { cast, applications, offers, referrals, rewards, plans, shown, today: 0 };
        history.shown = history.read();
        history
    }

    /// Sends a command and compares; what is about nothing that there is, is passed over.
    pub fn step(&mut self, command: &Command) {
        if let Command::Wait { days } = command {
            // In steps in which nothing can happen to one thing twice.
            let whole = (0..days / SLICE).map(|_| SLICE);
            return whole.chain([days % SLICE]).for_each(|days| self.wait(days));
        }
        let Some((subject, verdict)) = self.verdict(command) else { return };
        if request::acknowledge(self, command) {
            self.shown = self.read();
        }
        let Some(reply) = request::send(self, command) else { return };
        // What is due at once, such as the end of a referral whose time was over before its case, happens before it is read.
        self.cast.tenant.advance("PT1S");
        let (before, after) = (std::mem::take(&mut self.shown), self.read());
        self.shown = after;
        let told =
            format!("{command:?} about {subject:?} as {}: {} {}", of(&before, &subject), reply.status, reply.text());
        assert!(matches!(reply.status, 200 | 201 | 404 | 409 | 412 | 422 | 429), "no answer to expect: {told}");
        let done = reply.status < 300;
        // Whoever shows a token to the same referral again and again is made to wait.
        let by_token = matches!(command, Command::Referral(_, ToReferral::Accept | ToReferral::Decline));
        let verdict = if by_token && reply.status == 429 { Verdict::Refused } else { verdict };
        assert!(by_token || reply.status != 429, "made to wait: {told}");
        match verdict {
            Verdict::Goes(_) | Verdict::Stays => assert!(done, "the model lets it: {told}"),
            Verdict::Refused => assert!(!done, "the model refuses it: {told}"),
            Verdict::Still | Verdict::May => {}
        }
        let subject = if done && subject.1.is_empty() { (subject.0, id_in(&reply)) } else { subject };
        let to = of(&self.shown, &subject);
        match verdict {
            Verdict::Goes("not_hired") if to == "expired" => {}
            Verdict::Goes(state) => assert_eq!(to, state, "{told}"),
            Verdict::Stays | Verdict::Still | Verdict::Refused => assert_eq!(to, of(&before, &subject), "{told}"),
            Verdict::May if !done => assert_eq!(to, of(&before, &subject), "{told}"),
            Verdict::May => {}
        }
        if done {
            self.follows(&before, Some(&subject), &told);
            self.learn(command, &reply);
        } else {
            assert_eq!(before, self.shown, "a refusal changed something: {told}");
        }
        self.holds(&told);
    }

    fn wait(&mut self, days: i64) {
        self.cast.tenant.advance(&if days == 0 { "PT1S".to_owned() } else { format!("P{days}D") });
        self.today += days;
        let before = std::mem::take(&mut self.shown);
        self.shown = self.read();
        let told = format!("{days} days pass");
        self.follows(&before, None, &told);
        self.learn_rewards();
        for offer in &self.offers {
            let out = self.state("offers", &offer.id) == "extended";
            assert!(!out || self.today < offer.expires, "{told}: an offer outlives its time");
        }
        for referral in &self.referrals {
            let waits = self.state("referrals", &referral.id) == "awaiting_candidate";
            // The days are local ones: which of them is the fifteenth depends on the hour.
            assert!(!waits || self.today - referral.made < 16, "{told}: a referral outlives its time");
        }
        self.holds(&told);
    }

    /// Everything as compliance sees it.
    pub fn read(&self) -> BTreeMap<Name, Value> {
        let all = |collection: &'static str| {
            let items = self.cast.compliance.all(&format!("/v1/{collection}?limit=500"));
            items.into_iter().map(move |item| ((collection, item["id"].as_str().unwrap().to_owned()), item))
        };
        COLLECTIONS.into_iter().flat_map(all).collect()
    }

    pub fn state(&self, collection: &'static str, id: &str) -> &str {
        of(&self.shown, &(collection, id.to_owned()))
    }

    /// What was not asked about changes only as the program itself brings it about, and nothing appears unasked.
    fn follows(&self, before: &BTreeMap<Name, Value>, subject: Option<&Name>, told: &str) {
        for name in self.shown.keys() {
            let (from, to) = (of(before, name), of(&self.shown, name));
            let itself = from == to || machines::follows(name.0, from, to);
            let plans = name.0 == "rewards" && from.is_empty();
            assert!(subject == Some(name) || itself || plans, "{told}: {name:?} went from {from} to {to}");
        }
    }

    /// What holds in every state.
    fn holds(&self, told: &str) {
        let mut live = BTreeSet::new();
        for application in &self.applications {
            let state = self.state("applications", &application.id);
            let latest =
                self.offers.iter().rev().find(|offer| self.applications[offer.application].id == application.id);
            let offer = latest.map(|offer| self.state("offers", &offer.id));
            assert!(machines::agree(state, offer), "{told}: an application {state} with an offer {offer:?}");
            let rests = self.shown[&("applications", application.id.clone())]["on_hold"] == true;
            let back = machines::is_live(state) && self.is_back(application.member, Some(&application.id));
            assert!(!back || rests || state == "eligibility_review", "{told}: whoever is back goes on with {state}");
            let alone = !machines::is_live(state) || live.insert((application.member, application.requisition));
            assert!(alone, "{told}: two live applications of one person for one requisition");
        }
        let mut owned = BTreeSet::new();
        for referral in &self.referrals {
            let owns =
                matches!(self.state("referrals", &referral.id), "owned" | "in_process") && self.in_time(referral);
            assert!(!owns || owned.insert(referral.candidate), "{told}: two owners of one candidate");
        }
    }

    /// The thing that a command is about, and what the model says. A thing that would be new has no id yet.
    fn verdict(&self, command: &Command) -> Option<(Name, Verdict)> {
        match command {
            Command::Wait { .. } => None,
            Command::Apply { member, requisition, referral } => {
                let rival = self.has_live(*member, *requisition, None);
                let verdict = match self.requisition_state(*requisition) {
                    _ if rival || referral.is_some_and(|nth| self.awaits_candidate(nth)) => Verdict::Refused,
                    "closed" => Verdict::Refused,
                    // Whom a referral can be credited with, and how long a silent member stays one, others decide.
                    "published" if referral.is_none() && !self.is_back(*member, None) && self.today < 300 => {
                        Verdict::Goes("screening")
                    }
                    _ => Verdict::May,
                };
                Some((("applications", String::new()), verdict))
            }
            Command::Application(nth, to) => {
                let one = latest(&self.applications, *nth)?;
                let state = self.state("applications", &one.id);
                let verdict = machines::application(state, to, self.about_application(one, to));
                Some((("applications", one.id.clone()), verdict))
            }
            Command::Draft { application, .. } => {
                let one = latest(&self.applications, *application)?;
                let (state, closed) = (self.state("applications", &one.id), self.is_closed(one.requisition));
                let back = self.is_back(one.member, Some(&one.id));
                let over = matches!(state, "offer_declined" | "offer_expired");
                let verdict = machines::draft(state, one.on_hold, closed, back, over);
                Some((("offers", String::new()), self.measured(verdict)))
            }
            Command::Offer(nth, to) => {
                let one = latest(&self.offers, *nth)?;
                let state = self.state("offers", &one.id);
                let verdict = machines::offer(state, to, self.about_offer(one, to));
                let again = matches!(to, ToOffer::Approve { .. }) && state == "approved";
                let verdict = match verdict {
                    // One of the two repeats themselves.
                    Verdict::Refused if again && self.cast.setting == Setting::TwoApprove => Verdict::Still,
                    verdict if by_measure(to) => self.measured(verdict),
                    verdict => verdict,
                };
                Some((("offers", one.id.clone()), verdict))
            }
            Command::Refer { by, candidate, requisition } => {
                let again = self.referrals.iter().any(|one| one.by == *by && one.candidate == *candidate);
                let closed = requisition.is_some_and(|nth| self.is_closed(nth));
                let verdict = match by {
                    2 if self.cast.setting == Setting::Plain => Verdict::Refused,
                    _ if closed => Verdict::Refused,
                    _ if again || requisition.is_some_and(|nth| self.requisition_state(nth) != "published") => {
                        Verdict::May
                    }
                    _ => Verdict::Goes("awaiting_candidate"),
                };
                Some((("referrals", String::new()), verdict))
            }
            Command::Referral(nth, to) => {
                let one = latest(&self.referrals, *nth)?;
                let state = self.state("referrals", &one.id);
                Some((("referrals", one.id.clone()), machines::referral(state, to, self.about_referral(one, to))))
            }
            Command::Requisition(nth, to) => {
                let id = self.cast.requisitions[*nth].clone();
                let live = self.applications.iter().filter(|one| one.requisition == *nth);
                // Whoever has accepted is not touched by it, and does not stand in its way.
                let stands = |state: &str| machines::is_live(state) && !matches!(state, "offer_accepted" | "joining");
                let live = live.filter(|one| stands(self.state("applications", &one.id))).count();
                let verdict = machines::requisition(self.requisition_state(*nth), to, self.seats_held(*nth), live);
                Some((("requisitions", id), verdict))
            }
            Command::Reward(nth, to) => {
                let one = latest(&self.rewards, *nth)?;
                let approved_it = matches!(to, ToReward::Approve { by } if one.approved_by == Some(*by));
                let verdict = machines::reward(self.state("rewards", &one.id), to, approved_it);
                Some((("rewards", one.id.clone()), verdict))
            }
            Command::DraftPlan { .. } => Some((("reward-plans", String::new()), Verdict::Goes("draft"))),
            Command::Plan(nth, to) => {
                let one = latest(&self.plans, *nth)?;
                let verdict = machines::plan(self.state("reward-plans", &one.id), to, self.about_plan(one, to));
                Some((("reward-plans", one.id.clone()), verdict))
            }
        }
    }

    /// Under a policy by which offers are measured, the measure decides besides: whether it can be taken, whether a rule is
    /// open, and how many approve.
    fn measured(&self, verdict: Verdict) -> Verdict {
        match verdict {
            Verdict::Goes(_) | Verdict::Stays if self.cast.setting == Setting::TwoApprove => Verdict::May,
            verdict => verdict,
        }
    }

    fn about_plan(&self, one: &Plan, to: &ToPlan) -> machines::AboutPlan {
        let published = |plan: &&Plan| plan.id != one.id && self.state("reward-plans", &plan.id) == "published";
        let wrote = |by: usize| one.written_by.contains(&by);
        machines::AboutPlan {
            waits: !one.written_by.is_empty(),
            approved: one.approved,
            wrote: matches!(to, ToPlan::Approve { by: Planner::Admin(by) } if wrote(*by)),
            same: matches!(to, ToPlan::Revise { amount, .. } if *amount == one.amount),
            rival: self.plans.iter().any(|plan| published(&plan)),
        }
    }

    fn about_application(&self, one: &Application, to: &ToApplication) -> machines::AboutApplication {
        let target = if let ToApplication::Transfer { to } = to { *to } else { one.requisition };
        machines::AboutApplication {
            on_hold: one.on_hold,
            own: matches!(to, ToApplication::Withdraw { by } if *by == one.member),
            ended_it: matches!(to, ToApplication::Reopen { by } if one.rejected_by == Some(*by)),
            rival: self.has_live(one.member, target, Some(&one.id)),
            closed: self.is_closed(target),
            back: self.is_back(one.member, Some(&one.id)),
        }
    }

    fn about_offer(&self, one: &Offer, to: &ToOffer) -> machines::AboutOffer {
        use ToOffer as T;
        let case = &self.applications[one.application];
        let state = self.state("applications", &case.id);
        let by = match to {
            T::Approve { by, .. } | T::SendBack { by, .. } | T::Refuse { by, .. } | T::DeclareConflict { by } => {
                Some(*by)
            }
            T::Force { .. } => Some(Decider::Executive),
            _ => None,
        };
        let pay = if let T::Revise { pay, .. } = to { *pay } else { one.pay };
        let excluded = |by: Decider| match by {
            Decider::Recruiter(nth) => one.proposers.contains(&nth),
            Decider::Candidate(nth) => case.member == nth,
            Decider::Referrer(nth) => case.referral.is_some_and(|referral| self.referrals[referral].by == nth),
            Decider::Manager | Decider::Compensation(_) | Decider::Executive => one.conflicts.contains(&by),
        };
        machines::AboutOffer {
            up_to_date: request::seen(to).is_none_or(|seen| request::hash(one, seen) == one.hash),
            excluded: by.is_some_and(excluded),
            approved_it: by.is_some_and(|by| one.approved.is_some_and(|(whoever, _)| whoever == by)),
            own: matches!(to, T::Accept { by, .. } | T::Decline { by } | T::Ask { by } if *by == case.member),
            asks: one.asks,
            asked: matches!(to, T::RequestApproval { by } if one.asked_by == Some(*by)),
            same_terms: pay == one.pay,
            refused_terms: one.refused.contains(&pay),
            approved_days_ago: one.approved.map(|(_, day)| self.today - day),
            over: self.today >= one.expires.min(one.starts),
            later: matches!(to, T::ExtendExpiry { in_days } if self.today + in_days > one.expires),
            on_hold: case.on_hold,
            case_over: !machines::is_live(state),
            transferred: case.requisition != one.requisition,
            closed: self.is_closed(case.requisition),
            seat_left: self.seats_held(case.requisition) < self.headcount(case.requisition),
            back: self.is_back(case.member, Some(&case.id)),
        }
    }

    fn about_referral(&self, one: &Referral, to: &ToReferral) -> machines::AboutReferral {
        let others = || self.referrals.iter().filter(|other| other.candidate == one.candidate && other.id != one.id);
        let any = |states: &[&str]| others().any(|other| states.contains(&self.state("referrals", &other.id)));
        let owns = |other: &Referral| {
            matches!(self.state("referrals", &other.id), "owned" | "in_process") && self.in_time(other)
        };
        machines::AboutReferral {
            own: matches!(to, ToReferral::Withdraw { by } if *by == one.by),
            rival: others().any(owns),
            maybe_rival: any(&["owned", "in_process", "hired", "not_hired"]),
            credited: self.shown[&("referrals", one.id.clone())]["application_id"].is_string(),
            over: self.today - one.made > 15,
        }
    }

    /// Six months, of which the last days are left to the calendar: a case that goes on longer keeps its credit, and owns
    /// the candidate no more.
    fn in_time(&self, referral: &Referral) -> bool {
        referral.granted.is_none_or(|day| self.today - day < 180)
    }

    fn awaits_candidate(&self, nth: usize) -> bool {
        latest(&self.referrals, nth).is_some_and(|one| self.state("referrals", &one.id) == "awaiting_candidate")
    }

    fn has_live(&self, member: usize, requisition: usize, but: Option<&str>) -> bool {
        self.applications.iter().any(|one| {
            one.member == member
                && one.requisition == requisition
                && Some(one.id.as_str()) != but
                && machines::is_live(self.state("applications", &one.id))
        })
    }

    fn is_back(&self, member: usize, but: Option<&str>) -> bool {
        let back = |one: &&Application| self.state("applications", &one.id) == "rejoined";
        self.applications.iter().filter(back).any(|one| one.member == member && Some(one.id.as_str()) != but)
    }

    fn requisition_state(&self, nth: usize) -> &str {
        self.state("requisitions", &self.cast.requisitions[nth])
    }

    fn is_closed(&self, nth: usize) -> bool {
        self.requisition_state(nth) == "closed"
    }

    fn requisition(&self, nth: usize) -> &Value {
        &self.shown[&("requisitions", self.cast.requisitions[nth].clone())]
    }

    fn filled(&self, nth: usize) -> usize {
        self.requisition(nth)["filled_seats"].as_array().map_or(0, Vec::len)
    }

    fn headcount(&self, nth: usize) -> usize {
        usize::try_from(self.requisition(nth)["headcount"].as_u64().unwrap()).unwrap()
    }

    /// Promised and not yet filled, and filled.
    fn seats_held(&self, nth: usize) -> usize {
        let promised = self.offers.iter().filter(|offer| {
            let case = &self.applications[offer.application];
            case.requisition == nth
                && self.state("applications", &case.id) != "rejoined"
                && matches!(self.state("offers", &offer.id), "extended" | "accepted")
        });
        promised.count() + self.filled(nth)
    }

    fn learn(&mut self, command: &Command, reply: &Reply) {
        match command {
            Command::Wait { .. } | Command::Requisition(..) => {}
            Command::DraftPlan { by, amount } => {
                let one = Plan { id: id_in(reply), amount: *amount, written_by: vec![*by], approved: false };
                self.plans.push(one);
            }
            Command::Plan(nth, to) => {
                let nth = position(&self.plans, *nth).unwrap();
                self.plans[nth].learn(to);
            }
            Command::Apply { member, requisition, referral } => {
                let referral = referral.and_then(|nth| position(&self.referrals, nth));
                let (member, requisition, id) = (*member, *requisition, id_in(reply));
                let (on_hold, rejected_by, interview) = (false, None, None);
                let one = Application { id, member, requisition, referral, on_hold, rejected_by, interview };
                self.applications.push(one);
            }
            Command::Application(nth, to) => {
                let nth = position(&self.applications, *nth).unwrap();
                let one = &mut self.applications[nth];
                match to {
                    ToApplication::Schedule => one.interview = Some(reply.json()["interview_id"].clone()),
                    ToApplication::Reject { by } if one.rejected_by.is_none() => one.rejected_by = Some(*by),
                    ToApplication::Reopen { .. } => one.rejected_by = None,
                    ToApplication::Transfer { to } => one.requisition = *to,
                    _ => {}
                }
            }
            Command::Draft { application, by, pay } => {
                let (id, application) = (id_in(reply), position(&self.applications, *application).unwrap());
                self.offers.push(Offer {
                    id,
                    application,
                    requisition: self.applications[application].requisition,
                    pay: *pay,
                    refused: BTreeSet::new(),
                    hash: Value::Null,
                    first_hash: Value::Null,
                    proposers: BTreeSet::from([*by]),
                    asked_by: None,
                    conflicts: BTreeSet::new(),
                    approved: None,
                    expires: self.today + request::DAYS_TO_ANSWER,
                    starts: self.today + request::DAYS_TO_START,
                    asks: false,
                });
            }
            Command::Offer(nth, to) => {
                let (nth, today) = (position(&self.offers, *nth).unwrap(), self.today);
                self.offers[nth].learn(to, today);
            }
            Command::Refer { by, candidate, .. } => {
                let id = id_in(reply);
                let token = self.cast.recruiters[0].read(&format!("/v1/referrals/{id}"))["candidate_token"].clone();
                self.cast.tenant.tell(token.as_str().unwrap());
                self.referrals.push(Referral {
                    id,
                    by: *by,
                    candidate: *candidate,
                    token,
                    made: self.today,
                    granted: None,
                });
            }
            Command::Referral(nth, ToReferral::Accept | ToReferral::Grant) => {
                let (nth, today) = (position(&self.referrals, *nth).unwrap(), self.today);
                self.referrals[nth].granted = Some(today);
            }
            Command::Referral(..) => {}
            Command::Reward(nth, to) => {
                let nth = position(&self.rewards, *nth).unwrap();
                let state = self.state("rewards", &self.rewards[nth].id).to_owned();
                match to {
                    ToReward::Approve { by } if state == "awaiting_approval" => {
                        self.rewards[nth].approved_by = Some(*by);
                    }
                    _ if state != "awaiting_approval" => self.rewards[nth].approved_by = None,
                    _ => {}
                }
            }
        }
        self.learn_holds();
        self.learn_hashes();
        self.learn_rewards();
    }

    fn learn_holds(&mut self) {
        for one in &mut self.applications {
            one.on_hold = self.shown[&("applications", one.id.clone())]["on_hold"] == true;
        }
    }

    /// Hashes are the product's: other terms have another one, the same terms the same.
    fn learn_hashes(&mut self) {
        for one in &mut self.offers {
            let hash = &self.shown[&("offers", one.id.clone())]["terms_hash"];
            if one.first_hash.is_null() {
                one.first_hash = hash.clone();
            }
            one.hash = hash.clone();
        }
    }

    fn learn_rewards(&mut self) {
        for (collection, id) in self.shown.keys() {
            if *collection == "rewards" && !self.rewards.iter().any(|one| one.id == *id) {
                self.rewards.push(Reward { id: id.clone(), approved_by: None });
            }
        }
        self.learn_holds();
    }
}

impl Plan {
    fn learn(&mut self, to: &ToPlan) {
        match to {
            ToPlan::Revise { by, amount } if *amount != self.amount => {
                (self.amount, self.approved) = (*amount, false);
                self.written_by.push(*by);
            }
            ToPlan::Approve { .. } => self.approved = true,
            ToPlan::Publish { .. } | ToPlan::Retire { .. } => (self.written_by, self.approved) = (vec![], false),
            ToPlan::Revise { .. } => {}
        }
    }
}

impl Offer {
    fn learn(&mut self, to: &ToOffer, today: i64) {
        use ToOffer as T;
        match to {
            T::Revise { by, pay } => {
                if *pay != self.pay {
                    (self.pay, self.approved, self.asked_by) = (*pay, None, None);
                    self.proposers.insert(*by);
                }
            }
            T::RequestApproval { by } => {
                (self.asked_by, self.approved) = (Some(*by), None);
                self.proposers.insert(*by);
            }
            T::Approve { by, .. } if self.approved.is_none() => self.approved = Some((*by, today)),
            T::Force { .. } => self.approved = Some((Decider::Executive, today)),
            T::Refuse { .. } => {
                self.refused.insert(self.pay);
                self.asked_by = None;
            }
            T::SendBack { .. } => self.asked_by = None,
            T::DeclareConflict { by } => {
                self.conflicts.insert(*by);
                // An approval falls with the independence of whoever gave it, unless the offer is out.
                self.approved = self.approved.filter(|(whoever, _)| whoever != by);
            }
            T::ExtendExpiry { in_days } => self.expires = today + in_days,
            T::Ask { .. } => self.asks = true,
            T::Explain => self.asks = false,
            T::Approve { .. }
            | T::Extend { .. }
            | T::Accept { .. }
            | T::AcceptForThem { .. }
            | T::Decline { .. }
            | T::Rescind { .. }
            | T::PayOnce => {}
        }
    }
}

/// Whether what comes of a command follows from the measure as well.
fn by_measure(to: &ToOffer) -> bool {
    use ToOffer as T;
    match to {
        T::Revise { .. }
        | T::RequestApproval { .. }
        | T::Approve { .. }
        | T::Refuse { .. }
        | T::SendBack { .. }
        | T::Force { .. }
        | T::DeclareConflict { .. }
        | T::Extend { .. } => true,
        T::ExtendExpiry { .. }
        | T::Accept { .. }
        | T::AcceptForThem { .. }
        | T::Decline { .. }
        | T::Rescind { .. }
        | T::Ask { .. }
        | T::Explain
        | T::PayOnce => false,
    }
}

/// A thing's state; nothing where there is no such thing.
fn of<'s>(shown: &'s BTreeMap<Name, Value>, name: &Name) -> &'s str {
    shown.get(name).map_or("", |item| item["state"].as_str().unwrap())
}

pub fn id_in(reply: &Reply) -> String {
    reply.json()["id"].as_str().unwrap_or_else(|| panic!("no id: {}", reply.text())).to_owned()
}

pub fn position<T>(things: &[T], nth: usize) -> Option<usize> {
    (!things.is_empty()).then(|| things.len() - 1 - nth % things.len())
}

pub fn latest<T>(things: &[T], nth: usize) -> Option<&T> {
    position(things, nth).map(|nth| &things[nth])
}
