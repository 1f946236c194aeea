//! What a pay policy lays down: thresholds, peers, guide pay, and who approves what.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator as _;

use super::{Fraction, Tier};
use crate::ids::ActorId;
use crate::values::{Bilingual, Clause, Money};

/// No group smaller than this is ever shown or compared with.
pub const SMALLEST_GROUP: u32 = 5;

/// For how many months after the first day a change of pay counts as part of the offer (PAY-27).
pub const SPLIT_MONTHS: u32 = 6;
/// Within how many days a question about conditions is answered, where the policy says nothing else (PAY-02).
pub const EXPLANATION_DAYS: u32 = 14;
/// For how many months after the return changes of pay are followed, where the policy says nothing else: three yearly reviews.
pub const FOLLOWED_MONTHS: u32 = 36;
/// The month with which a fiscal year ends, where the policy says nothing else: March (3月決算).
pub const FISCAL_YEAR_ENDS: u32 = 3;
/// The weekly hours of a regular worker, where the policy says nothing else (労働基準法32条).
pub const FULL_TIME_HOURS: u32 = 40;

/// Whether what somebody earned before may be looked at (PAY-07).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum HistoryBan {
    /// No law forbids it; it is compared once the tier stands.
    None,
    /// A law forbids it.
    Banned,
}

/// Whether the range is told before the first interview (PAY-05).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RangeDisclosure {
    /// No law requires it.
    NotRequired,
    /// A law requires it.
    BeforeInterview,
}

/// A place among those who approve an offer. Each is taken by another person.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Seat {
    /// Human resources (人事).
    Hr,
    /// Compensation (報酬).
    Compensation,
    /// The head of a division outside the hiring line (PAY-23).
    DivisionHead,
    /// The CHRO or the pay committee.
    Executive,
}

/// Job families that are compared with one another where one of them alone is too small.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobFunction {
    /// Its name.
    pub name: String,
    /// Its job families.
    pub job_families: BTreeSet<String>,
}

/// A step of the guide-pay table: from so many months of relevant experience on, this share of the range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuideStep {
    /// Months of relevant experience from which the step counts.
    pub from_months: u32,
    /// The share of the range above its minimum.
    pub share: Fraction,
}

/// A minimum wage (最低賃金).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MinimumWage {
    /// The zone; everywhere that no other line names where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// For an hour.
    pub hourly: Money,
    /// The first day on which it is in force.
    pub effective_from: NaiveDate,
}

/// The bounds between the tiers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// RP above which an offer lies in the third quarter (tier B).
    pub range_b: Fraction,
    /// RP above which it lies in the top quarter (tier C).
    pub range_c: Fraction,
    /// PR below which the returner is under-placed (tier B').
    pub peers_low: Fraction,
    /// PR above which: tier B.
    pub peers_b: Fraction,
    /// PR above which: tier C.
    pub peers_c: Fraction,
    /// PR above which: tier D.
    pub peers_d: Fraction,
    /// SR below which the returner is under-placed (tier B').
    pub stayers_low: Fraction,
    /// SR above which: tier C.
    pub stayers_c: Fraction,
    /// SR above which: tier D.
    pub stayers_d: Fraction,
    /// LS above which: tier C; anybody leapfrogged at all is tier B.
    pub leapfrog_c: Fraction,
    /// LS above which: tier D.
    pub leapfrog_d: Fraction,
    /// MD below which: tier C; below nothing: tier D.
    pub manager_c: Fraction,
    /// The distance from guide pay, either way, above which: tier B.
    pub guide: Fraction,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            range_b: Fraction::percent(50),
            range_c: Fraction::percent(75),
            peers_low: Fraction::percent(90),
            peers_b: Fraction::percent(105),
            peers_c: Fraction::percent(110),
            peers_d: Fraction::percent(120),
            stayers_low: Fraction::percent(90),
            stayers_c: Fraction::percent(110),
            stayers_d: Fraction::percent(125),
            leapfrog_c: Fraction::percent(10),
            leapfrog_d: Fraction::percent(25),
            manager_c: Fraction::percent(10),
            guide: Fraction::percent(10),
        }
    }
}

/// What a pay policy lays down for the offers of an entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyTerms {
    /// The entity whose offers it governs.
    pub legal_entity: String,
    /// The clause of the pay rules that lays it down (賃金規程).
    pub clause: Clause,
    /// The currency of the entity's pay.
    pub currency: String,
    /// Whether pay history may be looked at.
    pub history_ban: HistoryBan,
    /// Whether the range is told before the interview.
    pub range_disclosure: RangeDisclosure,
    /// The bounds between the tiers.
    pub thresholds: Thresholds,
    /// k: no group smaller than this is compared with or shown.
    pub smallest_group: u32,
    /// τ: how much less than the returner somebody may earn before they are materially leapfrogged.
    pub leapfrog_tolerance: Fraction,
    /// Months of tenure below which an incumbent is no peer.
    pub peer_tenure_months: u32,
    /// How many months the tenure of a stayer may differ from the returner's at exit.
    pub stayer_tenure_months: u32,
    /// How many days before the exit a snapshot may lie that says who worked beside the returner.
    pub stayer_snapshot_days: u32,
    /// How many days old the snapshot of the peers may be.
    pub snapshot_days: u32,
    /// For how many days a new band counts as fresh.
    pub fresh_band_days: u32,
    /// Job families that are compared with one another where one alone is too small.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub functions: Vec<JobFunction>,
    /// The guide-pay table, by months of experience; without one there is no guide pay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guide: Vec<GuideStep>,
    /// The minimum wages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub minimum_wages: Vec<MinimumWage>,
    /// IX above which a return needs a reason code; none where the policy has no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_premium_limit: Option<Fraction>,
    /// Within how many days a question about conditions is answered (PAY-02).
    #[serde(default = "explanation_days", skip_serializing_if = "is_usual_explanation")]
    pub explanation_days: u32,
    /// For how many months after the return later changes of pay are followed (PAY-27 tests those of the first six).
    #[serde(default = "followed_months", skip_serializing_if = "is_usually_followed")]
    pub followed_months: u32,
    /// The month with which the fiscal year of the entity ends, from 1 (PAY-08).
    #[serde(default = "fiscal_year_ends", skip_serializing_if = "is_usual_year")]
    pub fiscal_year_ends: u32,
    /// The weekly hours of a regular worker: whoever works fewer is compared with those who work them (PAY-01).
    #[serde(default = "full_time_hours", skip_serializing_if = "is_usual_time")]
    pub full_time_hours: u32,
    /// What is told with every offer besides, as the law of the place or the employer wants it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Bilingual>,
    /// Who has to approve, by tier.
    pub seats: BTreeMap<Tier, BTreeSet<Seat>>,
    /// Who may take which seat.
    pub approvers: BTreeMap<Seat, BTreeSet<ActorId>>,
}

/// Why a policy lays down nothing that could be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Unsound {
    /// Nothing lays it down.
    #[error("a pay policy needs the clause of the pay rules that lays it down")]
    ClauseRequired,
    /// Groups so small tell what single people earn.
    #[error("the smallest group (k) is at least {SMALLEST_GROUP} (MON-06)")]
    GroupTooSmall,
    /// A bound that no offer, or every offer, would meet.
    #[error("{field} lies between {least} and {most}")]
    OutOfRange {
        /// The field.
        field: &'static str,
        /// The least.
        least: &'static str,
        /// The most.
        most: &'static str,
    },
    /// A fraction whose parts do not fit what it is multiplied with.
    #[error("the denominator of {field}, in lowest terms, is at most {WIDEST}")]
    TooFine {
        /// The field.
        field: &'static str,
    },
    /// A stricter tier that begins before a milder one.
    #[error("{field} does not ascend from tier to tier")]
    NotAscending {
        /// The field.
        field: &'static str,
    },
    /// A tier that asks for fewer people than a milder one.
    #[error("tier {} asks for every seat of the tiers below it, and for at least one", <&str>::from(.tier))]
    SeatsMissing {
        /// The tier.
        tier: Tier,
    },
    /// Nobody outside the hiring line.
    #[error("tier {} asks for the head of a division outside the hiring line (PAY-23)", <&str>::from(.tier))]
    OutsiderMissing {
        /// The tier.
        tier: Tier,
    },
    /// Blocked is blocked.
    #[error("tier {} is blocked: nobody approves it", <&str>::from(.tier))]
    SeatsOnBlocked {
        /// The tier.
        tier: Tier,
    },
    /// Too few people are named.
    #[error("tier {} cannot be approved: its seats need as many different people as there are seats (PAY-20)", <&str>::from(.tier))]
    ApproverMissing {
        /// The tier.
        tier: Tier,
    },
    /// Amounts of two currencies do not compare.
    #[error("a minimum wage is in {currency}, the currency of the policy")]
    WageCurrency {
        /// The policy's.
        currency: String,
    },
    /// Words are missing in one language.
    #[error("the notice is stated in Japanese and in English")]
    NoticeLanguageMissing,
    /// A family belongs to one function.
    #[error("the job family {job_family} is in two functions")]
    FamilyTwice {
        /// The family.
        job_family: String,
    },
}

impl Unsound {
    /// The field of the policy, as a JSON pointer.
    pub fn pointer(&self) -> String {
        match self {
            Self::ClauseRequired => "/clause".to_owned(),
            Self::GroupTooSmall => "/smallest_group".to_owned(),
            Self::OutOfRange { field, .. } | Self::TooFine { field } | Self::NotAscending { field } => {
                format!("/{field}")
            }
            Self::SeatsMissing { tier } | Self::OutsiderMissing { tier } | Self::SeatsOnBlocked { tier } => {
                format!("/seats/{}", <&str>::from(tier))
            }
            Self::ApproverMissing { .. } => "/approvers".to_owned(),
            Self::WageCurrency { .. } => "/minimum_wages".to_owned(),
            Self::NoticeLanguageMissing => "/notice".to_owned(),
            Self::FamilyTwice { .. } => "/functions".to_owned(),
        }
    }

    /// The rule behind it, where one has a name.
    pub const fn rule(&self) -> Option<&'static str> {
        match self {
            Self::GroupTooSmall => Some("MON-06"),
            Self::ApproverMissing { .. } | Self::SeatsMissing { .. } | Self::SeatsOnBlocked { .. } => Some("PAY-20"),
            Self::OutsiderMissing { .. } => Some("PAY-23"),
            Self::ClauseRequired
            | Self::OutOfRange { .. }
            | Self::TooFine { .. }
            | Self::NotAscending { .. }
            | Self::WageCurrency { .. }
            | Self::NoticeLanguageMissing
            | Self::FamilyTwice { .. } => None,
        }
    }
}

/// A bound has at most this denominator, so that what it is multiplied with fits.
const WIDEST: i128 = 1_000_000;
/// The largest k.
const LARGEST_GROUP: u32 = 50;
/// The longest time that a policy may name, in months or days.
const LONGEST: u32 = 3_660;
/// The longest that somebody waits for an answer about their conditions, in days.
const LONGEST_EXPLANATION: u32 = 90;
/// The longest week that may be agreed, in hours (労働基準法40条).
const LONGEST_WEEK: u32 = 44;
/// The longest that pay is followed, in months.
const LONGEST_FOLLOWED: u32 = 120;

impl PolicyTerms {
    /// A policy of the defaults, which names nobody.
    pub fn defaults(legal_entity: impl Into<String>, clause: impl Into<Clause>) -> Self {
        let step = |from_months, eighths| GuideStep {
            from_months,
            share: Fraction::new(eighths, 8).unwrap_or(Fraction::ZERO),
        };
        Self {
            legal_entity: legal_entity.into(),
            clause: clause.into(),
            currency: "JPY".to_owned(),
            history_ban: HistoryBan::None,
            range_disclosure: RangeDisclosure::NotRequired,
            thresholds: Thresholds::default(),
            smallest_group: SMALLEST_GROUP,
            leapfrog_tolerance: Fraction::percent(5),
            peer_tenure_months: 3,
            stayer_tenure_months: 24,
            stayer_snapshot_days: 366,
            snapshot_days: 183,
            fresh_band_days: 7,
            functions: Vec::new(),
            // The middle of the quartile: up to 4 years the first, up to 9 the second, up to 15 the third.
            guide: vec![step(0, 1), step(48, 3), step(108, 5), step(180, 7)],
            minimum_wages: Vec::new(),
            return_premium_limit: None,
            explanation_days: EXPLANATION_DAYS,
            followed_months: FOLLOWED_MONTHS,
            fiscal_year_ends: FISCAL_YEAR_ENDS,
            full_time_hours: FULL_TIME_HOURS,
            notice: None,
            seats: Tier::iter().filter_map(|tier| Some((tier, default_seats(tier)?))).collect(),
            approvers: BTreeMap::new(),
        }
    }

    /// What it must lay down whatever the employer decides.
    pub fn check(&self) -> Result<(), Unsound> {
        if self.clause.trim().is_empty() {
            return Err(Unsound::ClauseRequired);
        }
        if self.smallest_group < SMALLEST_GROUP {
            return Err(Unsound::GroupTooSmall);
        }
        self.check_bounds()?;
        self.check_times()?;
        if let Some(family) = self.family_twice() {
            return Err(Unsound::FamilyTwice { job_family: family });
        }
        if self.minimum_wages.iter().any(|wage| wage.hourly.currency != self.currency || wage.hourly.amount < 1) {
            return Err(Unsound::WageCurrency { currency: self.currency.clone() });
        }
        if self.notice.as_ref().is_some_and(|notice| !notice.is_said()) {
            return Err(Unsound::NoticeLanguageMissing);
        }
        self.check_seats()
    }

    fn check_bounds(&self) -> Result<(), Unsound> {
        let bounds = &self.thresholds;
        let fits = |field, value: Fraction| (value.den() <= WIDEST).then_some(()).ok_or(Unsound::TooFine { field });
        let share = |field, value: Fraction| {
            let within = (Fraction::ZERO..=Fraction::ONE).contains(&value);
            within.then_some(()).ok_or(Unsound::OutOfRange { field, least: "0", most: "1" })?;
            fits(field, value)
        };
        share("leapfrog_tolerance", self.leapfrog_tolerance)?;
        share("thresholds/leapfrog_c", bounds.leapfrog_c)?;
        share("thresholds/leapfrog_d", bounds.leapfrog_d)?;
        share("thresholds/range_b", bounds.range_b)?;
        share("thresholds/range_c", bounds.range_c)?;
        share("thresholds/manager_c", bounds.manager_c)?;
        share("thresholds/guide", bounds.guide)?;
        for step in &self.guide {
            share("guide", step.share)?;
        }
        let ratio = |field, value: Fraction| {
            let within = value > Fraction::ZERO && value <= Fraction::whole(10);
            within.then_some(()).ok_or(Unsound::OutOfRange { field, least: "0", most: "10" })?;
            fits(field, value)
        };
        for (field, values) in [
            ("thresholds/peers", vec![bounds.peers_low, bounds.peers_b, bounds.peers_c, bounds.peers_d]),
            ("thresholds/stayers", vec![bounds.stayers_low, bounds.stayers_c, bounds.stayers_d]),
        ] {
            for value in &values {
                ratio(field, *value)?;
            }
            if !values.is_sorted() {
                return Err(Unsound::NotAscending { field });
            }
        }
        if let Some(limit) = self.return_premium_limit {
            ratio("return_premium_limit", limit)?;
        }
        match bounds {
            _ if bounds.range_b > bounds.range_c => Err(Unsound::NotAscending { field: "thresholds/range_c" }),
            _ if bounds.leapfrog_c > bounds.leapfrog_d => Err(Unsound::NotAscending { field: "thresholds/leapfrog_d" }),
            _ if !self.guide.is_sorted_by(|one, two| one.from_months < two.from_months && one.share <= two.share) => {
                Err(Unsound::NotAscending { field: "guide" })
            }
            _ => Ok(()),
        }
    }

    fn check_times(&self) -> Result<(), Unsound> {
        let times = [
            ("peer_tenure_months", self.peer_tenure_months),
            ("stayer_tenure_months", self.stayer_tenure_months),
            ("stayer_snapshot_days", self.stayer_snapshot_days),
            ("snapshot_days", self.snapshot_days),
            ("fresh_band_days", self.fresh_band_days),
        ];
        if let Some((field, _)) = times.into_iter().find(|(_, value)| *value > LONGEST) {
            return Err(Unsound::OutOfRange { field, least: "0", most: "3660" });
        }
        match self {
            // Whom nobody is compared with stands out by nothing.
            _ if self.smallest_group > LARGEST_GROUP => {
                Err(Unsound::OutOfRange { field: "smallest_group", least: "5", most: "50" })
            }
            _ if !(1..=LONGEST_EXPLANATION).contains(&self.explanation_days) => {
                Err(Unsound::OutOfRange { field: "explanation_days", least: "1", most: "90" })
            }
            // What is tested as part of the offer is followed (PAY-27).
            _ if !(SPLIT_MONTHS..=LONGEST_FOLLOWED).contains(&self.followed_months) => {
                Err(Unsound::OutOfRange { field: "followed_months", least: "6", most: "120" })
            }
            _ if !(1..=LONGEST_WEEK).contains(&self.full_time_hours) => {
                Err(Unsound::OutOfRange { field: "full_time_hours", least: "1", most: "44" })
            }
            _ if !(1..=12).contains(&self.fiscal_year_ends) => {
                Err(Unsound::OutOfRange { field: "fiscal_year_ends", least: "1", most: "12" })
            }
            _ => Ok(()),
        }
    }

    fn family_twice(&self) -> Option<String> {
        let mut seen = BTreeSet::new();
        self.functions.iter().flat_map(|function| &function.job_families).find(|family| !seen.insert(*family)).cloned()
    }

    fn check_seats(&self) -> Result<(), Unsound> {
        let none = BTreeSet::new();
        let mut milder = &none;
        for tier in Tier::iter() {
            let seats = self.seats.get(&tier).unwrap_or(&none);
            if matches!(tier, Tier::E | Tier::F) {
                if !seats.is_empty() {
                    return Err(Unsound::SeatsOnBlocked { tier });
                }
                continue;
            }
            if seats.is_empty() || !seats.is_superset(milder) {
                return Err(Unsound::SeatsMissing { tier });
            }
            if tier >= Tier::C && !seats.contains(&Seat::DivisionHead) {
                return Err(Unsound::OutsiderMissing { tier });
            }
            milder = seats;
        }
        Ok(())
    }

    /// Whether every tier can be approved by different people (PAY-20): what publication needs.
    pub fn check_approvers(&self) -> Result<(), Unsound> {
        let short = self.seats.iter().find(|(_, seats)| {
            let named: Vec<_> = seats.iter().map(|seat| self.approvers.get(seat)).collect();
            let people: BTreeSet<ActorId> = named.iter().flatten().flat_map(|people| people.iter().copied()).collect();
            let votes: Vec<ActorId> = people.into_iter().collect();
            filled(seats, &self.approvers, &votes) < seats.len()
        });
        short.map_or(Ok(()), |(tier, _)| Err(Unsound::ApproverMissing { tier: *tier }))
    }

    /// The job families that are compared with one another, the one asked for among them.
    pub fn families(&self, job_family: &str) -> BTreeSet<String> {
        let function = self.functions.iter().find(|function| function.job_families.contains(job_family));
        function.map_or_else(|| BTreeSet::from([job_family.to_owned()]), |function| function.job_families.clone())
    }

    /// The share of the range that so much experience is worth; none without a table.
    pub fn guide_share(&self, experience_months: u32) -> Option<Fraction> {
        self.guide.iter().rev().find(|step| step.from_months <= experience_months).map(|step| step.share)
    }

    /// The minimum wage of a zone on a day: the zone's own, or the one for everywhere. By the present rules a zone is the same
    /// however it is written; by the first ones it was as it is written.
    pub fn minimum_wage(&self, location: &str, on: NaiveDate, rules: u32) -> Option<&Money> {
        let place = |zone: &str| if rules == 0 { zone.to_owned() } else { zone.trim().to_lowercase() };
        let latest = |of: Option<&str>| {
            let of = of.map(place);
            let matching = self.minimum_wages.iter().filter(move |wage| wage.location.as_deref().map(place) == of);
            matching.filter(|wage| wage.effective_from <= on).max_by_key(|wage| wage.effective_from)
        };
        latest(Some(location)).or_else(|| latest(None)).map(|wage| &wage.hourly)
    }
}

const fn explanation_days() -> u32 {
    EXPLANATION_DAYS
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_usual_explanation(days: &u32) -> bool {
    *days == EXPLANATION_DAYS
}

const fn fiscal_year_ends() -> u32 {
    FISCAL_YEAR_ENDS
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_usual_year(month: &u32) -> bool {
    *month == FISCAL_YEAR_ENDS
}

const fn full_time_hours() -> u32 {
    FULL_TIME_HOURS
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_usual_time(hours: &u32) -> bool {
    *hours == FULL_TIME_HOURS
}

const fn followed_months() -> u32 {
    FOLLOWED_MONTHS
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_usually_followed(months: &u32) -> bool {
    *months == FOLLOWED_MONTHS
}

fn default_seats(tier: Tier) -> Option<BTreeSet<Seat>> {
    Some(match tier {
        Tier::A => BTreeSet::from([Seat::Hr]),
        Tier::BPrime | Tier::B => BTreeSet::from([Seat::Hr, Seat::Compensation]),
        Tier::C => BTreeSet::from([Seat::Hr, Seat::Compensation, Seat::DivisionHead]),
        Tier::D => BTreeSet::from([Seat::Hr, Seat::Compensation, Seat::DivisionHead, Seat::Executive]),
        Tier::E | Tier::F => return None,
    })
}

/// How many of the seats these people can take, each at most one: the size of a greatest matching.
pub fn filled(seats: &BTreeSet<Seat>, named: &BTreeMap<Seat, BTreeSet<ActorId>>, people: &[ActorId]) -> usize {
    let mut taken: BTreeMap<Seat, ActorId> = BTreeMap::new();
    people.iter().filter(|person| seat_somebody(**person, seats, named, &mut taken, &mut BTreeSet::new())).count()
}

/// Seats a person, moving others to seats that they could take as well.
fn seat_somebody(
    person: ActorId,
    seats: &BTreeSet<Seat>,
    named: &BTreeMap<Seat, BTreeSet<ActorId>>,
    taken: &mut BTreeMap<Seat, ActorId>,
    tried: &mut BTreeSet<Seat>,
) -> bool {
    for seat in seats {
        let may = named.get(seat).is_some_and(|people| people.contains(&person));
        if !may || !tried.insert(*seat) {
            continue;
        }
        let free = match taken.get(seat).copied() {
            None => true,
            Some(other) => seat_somebody(other, seats, named, taken, tried),
        };
        if free {
            taken.insert(*seat, person);
            return true;
        }
    }
    false
}
