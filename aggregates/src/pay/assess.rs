//! The assessment: ratios, conditions, tier.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::peers::{Overtaking, count, peers};
use super::{
    BY_FAMILY, Band, Condition, Facts, Fired, Fraction, Ground, HistoryBan, PayError, PolicyTerms, Tier,
    equal_treatment,
};
use crate::checks::{Outcome, RuleResult, found, passed};
use crate::values::Money;

/// How wide the circle of peers is.
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
pub enum Scope {
    /// Same grade, job family and zone.
    Zone,
    /// Same grade and job family.
    Country,
    /// Same grade, and a family of the same function.
    Function,
}

/// Why an incumbent is no peer.
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
pub enum Exclusion {
    /// Not an employee.
    Contractor,
    /// Paid above their band by agreement.
    RedCircled,
    /// About to leave.
    OnNotice,
    /// Too short here.
    ShortTenure,
}

/// An incumbent who was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    /// Who.
    pub employee_number: SmolStr,
    /// Why.
    pub because: Exclusion,
}

/// C, the peers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerSet {
    /// How far one had to look.
    pub scope: Scope,
    /// How many there are.
    pub size: u32,
    /// The narrower scopes that held too few, with how many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub too_small: Vec<(Scope, u32)>,
    /// Who of the scope was left out, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<Excluded>,
    /// The median of their base; none where they are too few.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median: Option<Fraction>,
}

/// T, those who stayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StayerSet {
    /// How many there are.
    pub size: u32,
    /// The median of their base; none where they are too few.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median: Option<Fraction>,
}

/// Why a ratio is undefined.
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
pub enum Undefined {
    /// No band names the grade, family and zone.
    NoBand,
    /// There are too few peers.
    ThinComparators,
    /// There are too few who stayed.
    TooFewStayers,
    /// No snapshot lies near the exit.
    NoSnapshotAtExit,
    /// No manager is known.
    NoManager,
    /// Nobody is known whose qualification could be compared.
    NobodyQualified,
    /// The returner's experience is not known.
    NoExperience,
    /// The policy has no guide-pay table.
    NoGuide,
}

/// A ratio, exactly, or why there is none. An undefined ratio neither satisfies nor fails a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ratio {
    /// It is this.
    Is(Fraction),
    /// It is undefined.
    Undefined(Undefined),
}

impl Ratio {
    /// The value, where there is one.
    pub const fn value(self) -> Option<Fraction> {
        match self {
            Self::Is(value) => Some(value),
            Self::Undefined(_) => None,
        }
    }
}

/// The ratios that conditions are about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratios {
    /// CR.
    pub compa_ratio: Ratio,
    /// RP.
    pub range_penetration: Ratio,
    /// PR.
    pub peer_ratio: Ratio,
    /// LS.
    pub leapfrog_share: Ratio,
    /// MD.
    pub manager_differential: Ratio,
    /// SR.
    pub stayer_ratio: Ratio,
    /// G.
    pub guide_distance: Ratio,
}

/// The band that an offer was compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandUsed {
    /// The first day of its version.
    pub effective_from: NaiveDate,
    /// Lowest base.
    pub minimum: i64,
    /// Midpoint.
    pub midpoint: i64,
    /// Highest base.
    pub maximum: i64,
}

/// Somebody equally or better qualified who would earn materially less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leapfrogged {
    /// Who.
    pub employee_number: SmolStr,
    /// What they earn a year.
    pub base: i64,
    /// What they lack a year.
    pub shortfall: Fraction,
}

/// What is compared once the tier stands: it enters neither pricing nor tier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AfterPricing {
    /// `CR` now less `CR` at exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compa_ratio_change: Option<Fraction>,
    /// IX: the premium on return, net of how the band drifted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_premium: Option<Fraction>,
    /// Why a comparison is not made: `exit_base_unknown`, `exit_band_unknown` (of the exit, or of today), `no_band`,
    /// `exit_grade_unknown` (of the exit, or among the grades of today).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undefined: Vec<String>,
    /// What needs a closed reason code: `return_premium_above_limit`, `grade_below_exit`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs_reason: Vec<String>,
}

/// What an offer was found to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// The strictest tier of the conditions met.
    pub tier: Tier,
    /// The conditions met, strictest first.
    pub fired: Vec<Fired>,
    /// Every ratio.
    pub ratios: Ratios,
    /// The band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<BandUsed>,
    /// C.
    pub peers: PeerSet,
    /// T, where a snapshot lies near the exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stayers: Option<StayerSet>,
    /// |Q|: how many peers are equally or better qualified; none where the returner's experience is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qualified: Option<u32>,
    /// Of how many peers no record tells whether they are.
    #[serde(default, skip_serializing_if = "crate::values::is_zero")]
    pub qualification_unknown: u32,
    /// L, by what they lack, most first.
    pub leapfrogged: Vec<Leapfrogged>,
    /// RC: what it costs a year to remedy.
    pub remedy_cost: Fraction,
    /// E: guide pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide_pay: Option<Fraction>,
    /// Every rule that was evaluated, those that passed as well.
    pub rules: Vec<RuleResult>,
    /// What was compared once the tier stood.
    pub after_pricing: AfterPricing,
}

/// Assesses an offer.
pub fn assess(policy: &PolicyTerms, facts: &Facts) -> Result<Assessment, PayError> {
    same_currency(policy, facts)?;
    let found = Findings::of(policy, facts).ok_or(PayError::Overflow)?;
    let mut fired: Vec<Fired> = found.conditions(policy, facts).into_iter().map(Fired::from).collect();
    fired.sort_unstable_by_key(|one| (std::cmp::Reverse(one.tier), one.condition));
    let tier = fired.first().map_or(Tier::A, |strictest| strictest.tier);
    let mut rules = found.rules(policy, facts);
    rules.push(overdue_rule(policy, facts, tier));
    let after_pricing = after_pricing(policy, facts, found.ratios.compa_ratio).ok_or(PayError::Overflow)?;
    let Findings { ratios, band, peers, stayers, qualified, unknown, leapfrogged, remedy_cost, guide_pay, .. } = found;
    let band = band.map(|(effective_from, Band { minimum, midpoint, maximum, .. })| BandUsed {
        effective_from: *effective_from,
        minimum: *minimum,
        midpoint: *midpoint,
        maximum: *maximum,
    });
    Ok(Assessment {
        tier,
        fired,
        ratios,
        band,
        peers,
        stayers,
        qualified,
        qualification_unknown: if facts.rules >= RANKED { unknown } else { 0 },
        leapfrogged,
        remedy_cost,
        guide_pay,
        rules,
        after_pricing,
    })
}

/// Who owes those who stayed a remedy does not overtake others before it is carried out (PAY-28).
fn overdue_rule(policy: &PolicyTerms, facts: &Facts, tier: Tier) -> RuleResult {
    match tier {
        _ if facts.overdue_remedies == 0 => passed("PAY-28", "nothing_overdue", &policy.clause),
        Tier::C | Tier::D => found("PAY-28", Outcome::Hold, "remedy_overdue", &policy.clause),
        Tier::A | Tier::BPrime | Tier::B | Tier::E | Tier::F => passed("PAY-28", "tier_not_concerned", &policy.clause),
    }
}

fn same_currency(policy: &PolicyTerms, facts: &Facts) -> Result<(), PayError> {
    let offered = &facts.offered;
    let amounts = std::iter::once(&offered.base).chain(&offered.sign_on);
    let currencies = [&policy.currency, &facts.currency];
    let differing = amounts.flat_map(|money| currencies.map(|other| (&money.currency, other))).find(|(a, b)| a != b);
    differing.map_or(Ok(()), |(offered, compared)| {
        Err(PayError::CurrencyMismatch { offered: offered.clone(), compared: compared.clone() })
    })
}

struct Findings<'a> {
    base: Fraction,
    ratios: Ratios,
    band: Option<&'a (NaiveDate, Band)>,
    peers: super::PeerSet,
    stayers: Option<StayerSet>,
    qualified: Option<u32>,
    unknown: u32,
    leapfrogged: Vec<Leapfrogged>,
    remedy_cost: Fraction,
    guide_pay: Option<Fraction>,
    hourly_minimum: Option<&'a Money>,
}

impl<'a> Findings<'a> {
    /// `None` where a figure does not fit.
    fn of(policy: &'a PolicyTerms, facts: &'a Facts) -> Option<Self> {
        let base = Fraction::whole(facts.offered.base.amount);
        let least = usize::try_from(policy.smallest_group).unwrap_or(usize::MAX);
        let floor = Fraction::ONE.minus(policy.leapfrog_tolerance)?.times(base)?;
        let peers = peers(policy, facts, &Overtaking::of(facts, floor));
        let (leapfrogged, remedy_cost) = leapfrogged(floor, &peers.overtaken)?;
        let leapfrog_share = match peers.qualified {
            None => Ratio::Undefined(Undefined::NoExperience),
            Some(0) => Ratio::Undefined(Undefined::NobodyQualified),
            Some(qualified) => Ratio::Is(Fraction::new(len(&leapfrogged), qualified.into())?),
        };
        let peer_median = median(peers.bases, least);
        let stayers = facts.stayers.as_ref().map(|stayers| StayerSet {
            size: count(stayers.len()),
            median: median(stayers.iter().map(|stayer| stayer.base).collect(), least),
        });
        let over = |median: Option<Fraction>, missing| match median {
            Some(median) => base.over(median).map(Ratio::Is),
            None => Some(Ratio::Undefined(missing)),
        };
        let guide_pay = guide_pay(policy, facts)?;
        let ratios = Ratios {
            compa_ratio: match &facts.band {
                Some((_, band)) => Ratio::Is(base.over(Fraction::whole(band.midpoint))?),
                None => Ratio::Undefined(Undefined::NoBand),
            },
            range_penetration: match &facts.band {
                Some((_, band)) => Ratio::Is(
                    base.minus(Fraction::whole(band.minimum))?
                        .over(Fraction::whole(i128::from(band.maximum) - i128::from(band.minimum)))?,
                ),
                None => Ratio::Undefined(Undefined::NoBand),
            },
            peer_ratio: over(peer_median, Undefined::ThinComparators)?,
            leapfrog_share,
            manager_differential: match facts.manager {
                Some(manager) => Ratio::Is(Fraction::whole(manager).minus(base)?.over(base)?),
                None => Ratio::Undefined(Undefined::NoManager),
            },
            stayer_ratio: match &stayers {
                Some(stayers) => over(stayers.median, Undefined::TooFewStayers)?,
                None => Ratio::Undefined(Undefined::NoSnapshotAtExit),
            },
            guide_distance: match guide_pay {
                Some(guide) => Ratio::Is(base.minus(guide)?.over(guide)?),
                None if facts.band.is_none() => Ratio::Undefined(Undefined::NoBand),
                None if policy.guide.is_empty() => Ratio::Undefined(Undefined::NoGuide),
                None => Ratio::Undefined(Undefined::NoExperience),
            },
        };
        Some(Self {
            base,
            ratios,
            band: facts.band.as_ref(),
            peers: super::PeerSet { median: peer_median, ..peers.set },
            stayers,
            qualified: peers.qualified,
            unknown: peers.unknown,
            leapfrogged,
            remedy_cost,
            guide_pay,
            hourly_minimum: policy.minimum_wage(&facts.offered.location, facts.works_on(), facts.rules),
        })
    }

    /// The conditions that are met. What is undefined meets none.
    fn conditions(&self, policy: &PolicyTerms, facts: &Facts) -> Vec<Condition> {
        let bounds = &policy.thresholds;
        let (zero, one) = (Fraction::ZERO, Fraction::ONE);
        let by = |ratio: Ratio, of: &dyn Fn(Fraction) -> Option<Condition>| ratio.value().and_then(of);
        let range = by(self.ratios.range_penetration, &|value| match value {
            value if value < zero => Some(Condition::BelowMinimum),
            value if value > one => Some(Condition::AboveMaximum),
            value if value > bounds.range_c => Some(Condition::RangeTopQuarter),
            value if value > bounds.range_b => Some(Condition::RangeThirdQuarter),
            _ => None,
        });
        let peers = by(self.ratios.peer_ratio, &|value| match value {
            value if value > bounds.peers_d => Some(Condition::FarAbovePeers),
            value if value > bounds.peers_c => Some(Condition::WellAbovePeers),
            value if value > bounds.peers_b => Some(Condition::AbovePeers),
            value if value < bounds.peers_low => Some(Condition::BelowPeers),
            _ => None,
        });
        let stayers = by(self.ratios.stayer_ratio, &|value| match value {
            value if value > bounds.stayers_d => Some(Condition::FarAboveStayers),
            value if value > bounds.stayers_c => Some(Condition::WellAboveStayers),
            value if value < bounds.stayers_low => Some(Condition::BelowStayers),
            _ => None,
        });
        let leapfrogs = by(self.ratios.leapfrog_share, &|value| match value {
            value if value > bounds.leapfrog_d => Some(Condition::ManyLeapfrogged),
            value if value > bounds.leapfrog_c => Some(Condition::SomeLeapfrogged),
            value if value > zero => Some(Condition::FewLeapfrogged),
            _ => None,
        });
        let manager = by(self.ratios.manager_differential, &|value| match value {
            value if value < zero => Some(Condition::AboveManager),
            value if value < bounds.manager_c => Some(Condition::CloseToManager),
            _ => None,
        });
        let guide = by(self.ratios.guide_distance, &|value| {
            let low = zero.minus(bounds.guide).unwrap_or(zero);
            (!(low..=bounds.guide).contains(&value)).then_some(Condition::AwayFromGuide)
        });
        let thin = matches!(self.ratios.peer_ratio, Ratio::Undefined(_)).then_some(Condition::ThinComparators);
        let fresh = self.band.and_then(|(from, _)| {
            let settled = from.checked_add_days(Days::new(policy.fresh_band_days.into()));
            settled.is_none_or(|settled| facts.on < settled).then_some(Condition::FreshBand)
        });
        let sign_on = facts.offered.sign_on.as_ref().and_then(|sign_on| {
            let yearly = Fraction::whole(i128::from(sign_on.amount) * 12);
            (yearly > self.base).then_some(Condition::LargeSignOn)
        });
        let wage = self.below_minimum_wage().filter(|below| *below).map(|_| Condition::BelowMinimumWage);
        let unequal = equal_treatment::rule(facts).outcome == Outcome::Block;
        let unequal = unequal.then_some(Condition::WorseThanRegular);
        let untold = (facts.range_told == Some(false)).then_some(Condition::RangeNotTold);
        let met = [range, peers, stayers, leapfrogs, manager, guide, thin, fresh, sign_on, wage, unequal, untold];
        met.into_iter().flatten().collect()
    }

    /// Base is full-time equivalent at 40 hours a week, 2,080 hours a year.
    fn below_minimum_wage(&self) -> Option<bool> {
        let hourly = self.hourly_minimum?;
        Some(self.base < Fraction::whole(i128::from(hourly.amount) * HOURS_A_YEAR))
    }

    /// What comes every year beside the base enters no ratio. Above the month's base from which a payment on return is
    /// exceptional, whoever answers for the offer says why.
    fn beside_base(&self, policy: &PolicyTerms, facts: &Facts) -> RuleResult {
        match &facts.offered.every_year {
            None => passed(EVERY_YEAR, "nothing_beside_base", &policy.clause),
            Some(sum) if Fraction::whole(i128::from(sum.amount) * 12) > self.base => {
                found(EVERY_YEAR, Outcome::Warn, "above_a_month", &policy.clause)
            }
            Some(_) => passed(EVERY_YEAR, "within_a_month", &policy.clause),
        }
    }

    /// Every rule, with what it says. What is undefined is never passed over.
    fn rules(&self, policy: &PolicyTerms, facts: &Facts) -> Vec<RuleResult> {
        let ratios = &self.ratios;
        let by_ratio = [
            (Ground::CompaRatio, ratios.compa_ratio),
            (Ground::RangePenetration, ratios.range_penetration),
            (Ground::PeerRatio, ratios.peer_ratio),
            (Ground::LeapfrogShare, ratios.leapfrog_share),
            (Ground::ManagerDifferential, ratios.manager_differential),
            (Ground::StayerRatio, ratios.stayer_ratio),
            (Ground::GuideDistance, ratios.guide_distance),
        ];
        let history = match policy.history_ban {
            HistoryBan::None => passed("PAY-07", "no_history_ban", &policy.clause),
            HistoryBan::Banned => passed("PAY-07", "history_not_read", &policy.clause),
        };
        let wage = match self.below_minimum_wage() {
            Some(false) => passed("PAY-09", "minimum_wage_met", MINIMUM_WAGE),
            Some(true) => found("PAY-09", Outcome::Block, "below_minimum_wage", MINIMUM_WAGE),
            None => found("PAY-09", Outcome::Warn, "minimum_wage_not_in_policy", MINIMUM_WAGE),
        };
        let mut rules = vec![
            equal_treatment::rule(facts),
            passed("PAY-03", "protected_attributes_not_read", PROTECTED),
            history,
            wage,
            passed("PAY-10", "deterministic_rules_only", &policy.clause),
        ];
        if let Some(told) = facts.range_told {
            rules.push(if told {
                passed(RANGE_RULE, "range_told", RANGE_FIRST)
            } else {
                found(RANGE_RULE, Outcome::Block, "range_not_told", RANGE_FIRST)
            });
        }
        for (ground, ratio) in by_ratio {
            let rule = <&str>::from(ground);
            rules.push(match ratio {
                Ratio::Is(_) => passed(rule, "computed", &policy.clause),
                // One band is asked for once.
                Ratio::Undefined(Undefined::NoBand) if ground != Ground::RangePenetration => {
                    passed(rule, "no_band", &policy.clause)
                }
                Ratio::Undefined(Undefined::NoBand) => found(rule, Outcome::Hold, "no_band", &policy.clause),
                Ratio::Undefined(because) => found(rule, Outcome::Warn, <&str>::from(because), &policy.clause),
            });
        }
        if facts.rules >= BESIDE_BASE {
            rules.push(self.beside_base(policy, facts));
        }
        if let Some(left_out) = facts.left_out.filter(|_| facts.rules >= BY_FAMILY) {
            rules.push(match left_out {
                0 => passed(WHOLE_FILE, "file_whole", &policy.clause),
                _ => found(WHOLE_FILE, Outcome::Warn, "lines_left_out", &policy.clause),
            });
        }
        if self.unknown > 0 && facts.rules >= RANKED {
            // Of somebody who may be equally qualified no record tells: they are in neither Q nor L.
            rules.push(found("Q", Outcome::Warn, "qualification_unknown", &policy.clause));
        }
        if facts.qualification.rating.is_none() && self.qualified.is_some() {
            // The qualified are then those of equal or longer experience, whatever their rating.
            rules.push(found("RATING", Outcome::Warn, "returner_not_rated", &policy.clause));
        }
        rules
    }
}

/// The law behind PAY-03.
const PROTECTED: &str = "労働基準法3条・4条、男女雇用機会均等法5条・9条3項、育児・介護休業法10条";
/// The version of the rules from which on grades are ranked, and unknown qualification is said.
const RANKED: u32 = 1;
/// That what is paid every year beside the base is looked at.
pub const EVERY_YEAR: &str = "BESIDE_BASE";
/// The version from which on it is.
const BESIDE_BASE: u32 = 2;
/// That nobody of the file of incumbents is missing from the comparison.
const WHOLE_FILE: &str = "SNAPSHOT";
/// That the candidate is told the range.
const RANGE_RULE: &str = "PAY-05";
/// The law behind it.
const RANGE_FIRST: &str = "Directive (EU) 2023/970 Art. 5";
/// The law behind PAY-09.
const MINIMUM_WAGE: &str = "最低賃金法4条";

/// Hours of a full-time year: 52 weeks of 40.
const HOURS_A_YEAR: i128 = 52 * 40;

/// L and RC. `None` where a figure does not fit.
fn leapfrogged(floor: Fraction, overtaken: &[(i64, &SmolStr)]) -> Option<(Vec<Leapfrogged>, Fraction)> {
    // In parts of the floor's denominator, so that each is reduced once.
    let lacks = |base: i64| floor.num().checked_sub(i128::from(base).checked_mul(floor.den())?);
    let mut lacking: i128 = 0;
    let mut told = Vec::with_capacity(overtaken.len());
    for (base, employee_number) in overtaken {
        let lacks = lacks(*base)?;
        lacking = lacking.checked_add(lacks)?;
        let (employee_number, shortfall) = ((*employee_number).clone(), Fraction::new(lacks, floor.den())?);
        told.push(Leapfrogged { employee_number, base: *base, shortfall });
    }
    Some((told, Fraction::new(lacking, floor.den())?))
}

/// E. The outer `None` where a figure does not fit, the inner where there is no guide pay.
#[expect(clippy::option_option, reason = "the two say different things, and `?` takes the outer one")]
fn guide_pay(policy: &PolicyTerms, facts: &Facts) -> Option<Option<Fraction>> {
    let Some((_, band)) = &facts.band else { return Some(None) };
    let Some(share) = facts.qualification.experience_months.and_then(|months| policy.guide_share(months)) else {
        return Some(None);
    };
    let width = Fraction::whole(i128::from(band.maximum) - i128::from(band.minimum));
    Some(Some(Fraction::whole(band.minimum).plus(share.times(width)?)?))
}

/// The median; none where there are fewer than `least`.
pub fn median(mut bases: Vec<i64>, least: usize) -> Option<Fraction> {
    if bases.is_empty() || bases.len() < least {
        return None;
    }
    let middle = bases.len() / 2;
    let even = bases.len().is_multiple_of(2);
    let (below, upper, _) = bases.select_nth_unstable(middle);
    let upper = i128::from(*upper);
    let lower = if even { below.iter().max().map_or(upper, |lower| i128::from(*lower)) } else { upper };
    Fraction::new(lower + upper, 2)
}

fn len<T>(items: &[T]) -> i128 {
    i128::try_from(items.len()).unwrap_or(i128::MAX)
}

/// What may be looked at once the tier stands: never where a law bans it. `None` where a figure does not fit.
fn after_pricing(policy: &PolicyTerms, facts: &Facts, compa_ratio: Ratio) -> Option<AfterPricing> {
    let mut after = AfterPricing::default();
    if policy.history_ban == HistoryBan::Banned {
        return Some(after);
    }
    let (at_exit, now) = &facts.exit_bands;
    let exit_base = facts.stint.as_ref().and_then(|stint| stint.base.as_ref());
    let exit_base = exit_base.filter(|base| base.currency == facts.currency && base.amount > 0);
    let mut undefined = BTreeSet::new();
    if exit_base.is_none() {
        undefined.insert("exit_base_unknown");
    }
    if at_exit.is_none() || now.is_none() {
        undefined.insert("exit_band_unknown");
    }
    if facts.band.is_none() {
        undefined.insert("no_band");
    }
    let below = if facts.rules >= RANKED {
        facts.grade_below_exit()
    } else {
        // Grades were told apart by their midpoints once.
        let lower = now.as_ref().zip(facts.band.as_ref()).is_some_and(|(now, (_, band))| now.midpoint > band.midpoint);
        Some(lower)
    };
    if below.is_none() {
        undefined.insert("exit_grade_unknown");
    }
    after.undefined = undefined.into_iter().map(str::to_owned).collect();
    if let (Some(base), Some(at_exit)) = (exit_base, at_exit) {
        let (base, mid_then) = (Fraction::whole(base.amount), Fraction::whole(at_exit.midpoint));
        if let Some(compa_ratio) = compa_ratio.value() {
            after.compa_ratio_change = Some(compa_ratio.minus(base.over(mid_then)?)?);
        }
        // How the band drifted that they left in: another grade is no drift.
        if let Some(now) = now {
            let drifted = base.times(Fraction::whole(now.midpoint))?.over(mid_then)?;
            let premium = Fraction::whole(facts.offered.base.amount).over(drifted)?.minus(Fraction::ONE)?;
            after.return_premium = Some(premium);
            if policy.return_premium_limit.is_some_and(|limit| premium > limit) {
                after.needs_reason.push("return_premium_above_limit".to_owned());
            }
        }
    }
    if below == Some(true) {
        after.needs_reason.push("grade_below_exit".to_owned());
    }
    Some(after)
}
