//! Medians, means and exact tests, in integers alone.
//!
//! Probabilities are computed in binary fixed point and said in units of 10⁻¹²; what is lost on the way is far below that.

use std::collections::BTreeMap;

use aggregates::pay::Fraction;

/// The median; the mean of the two in the middle where their number is even.
pub fn median(values: &[Fraction]) -> Option<Fraction> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    sorted.get(middle - 1)?.plus(upper)?.over(Fraction::whole(2))
}

/// The arithmetic mean.
pub fn mean(values: &[Fraction]) -> Option<Fraction> {
    total(values)?.over(Fraction::whole(i64::try_from(values.len()).ok()?))
}

/// The sum.
pub fn total(values: &[Fraction]) -> Option<Fraction> {
    values.iter().try_fold(Fraction::ZERO, |sum, value| sum.plus(*value))
}

/// How a probability was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Method {
    /// From the distribution itself.
    Exact,
    /// From the normal distribution, with correction for ties and continuity.
    NormalApproximation,
}

/// The outcome of a two-sided test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tested {
    /// The probability of a result at least as far from what is expected, to 10⁻¹².
    pub p: Fraction,
    /// How it was found.
    pub method: Method,
}

/// Up to this much work (people × people in the smaller group × sums of ranks) the exact distribution is computed.
const MOST_WORK: u64 = 40_000_000;
/// One, in the fixed point of the distributions.
const UNIT: u128 = 1 << 96;
/// Bits after the point of a quotient of two chances.
const LONG: u32 = 72;
/// The places to which a probability is said.
const PLACES: u128 = 1_000_000_000_000;

fn said(fixed: u128, unit: u128) -> Fraction {
    // `unit` is a power of two, so that cutting both first loses nothing that is said.
    let cut = unit.trailing_zeros().saturating_sub(80);
    let (fixed, unit) = (fixed >> cut, unit >> cut);
    let scaled = (fixed.min(unit) * PLACES + unit / 2) / unit;
    i128::try_from(scaled).ok().and_then(|scaled| Fraction::new(scaled, 1_000_000_000_000)).unwrap_or(Fraction::ONE)
}

/// Mann–Whitney, two-sided: how likely it is that the ranks of the first sample lie as far from what is expected, either way,
/// if everybody were drawn from one population. Ties share the middle of their ranks; the distribution is that of all ways
/// to draw the smaller sample from those very ranks. Beyond a bound of work it is approximated, and said so.
pub fn mann_whitney(one: &[Fraction], two: &[Fraction]) -> Option<Tested> {
    let (few, many) = if one.len() <= two.len() { (one, two) } else { (two, one) };
    if few.is_empty() {
        return None;
    }
    let (ranks, sum, alike) = ranked(few, many)?;
    let (drawn, everybody) = (u64::try_from(few.len()).ok()?, u64::try_from(ranks.len()).ok()?);
    let mut greatest = ranks.clone();
    greatest.sort_unstable_by(|a, b| b.cmp(a));
    let most: u64 = greatest.iter().take(few.len()).sum();
    let work = everybody.checked_mul(drawn)?.checked_mul(most)?;
    if work <= MOST_WORK {
        return Some(Tested { p: exact(&ranks, few.len(), most, sum)?, method: Method::Exact });
    }
    Some(Tested { p: approximated(drawn, everybody, sum, &alike)?, method: Method::NormalApproximation })
}

/// Twice the mid-rank of everybody, twice the sum of the first sample's, and how many share each rank.
fn ranked(few: &[Fraction], many: &[Fraction]) -> Option<(Vec<u64>, u64, Vec<u64>)> {
    let mut counts: BTreeMap<Fraction, (u64, u64)> = BTreeMap::new();
    for value in few {
        counts.entry(*value).or_default().0 += 1;
    }
    for value in many {
        counts.entry(*value).or_default().1 += 1;
    }
    let (mut ranks, mut sum, mut alike, mut below) = (Vec::new(), 0_u64, Vec::new(), 0_u64);
    for (of_few, of_many) in counts.into_values() {
        let here = of_few + of_many;
        let doubled = 2 * below + here + 1;
        ranks.extend(std::iter::repeat_n(doubled, usize::try_from(here).ok()?));
        sum = sum.checked_add(doubled.checked_mul(of_few)?)?;
        alike.push(here);
        below += here;
    }
    Some((ranks, sum, alike))
}

/// The distribution of the sum of `drawn` ranks, drawn one after another without putting back.
fn exact(ranks: &[u64], drawn: usize, most: u64, sum: u64) -> Option<Fraction> {
    let width = usize::try_from(most).ok()? + 1;
    // `chances[j][s]`: that of the ranks looked at so far j are drawn and their sum is s.
    let mut chances = vec![vec![0_u128; width]; drawn + 1];
    chances[0][0] = UNIT;
    for (seen, rank) in ranks.iter().enumerate() {
        let left = u128::try_from(ranks.len() - seen).ok()?;
        let rank = usize::try_from(*rank).ok()?;
        for taken in (0..=drawn.min(seen)).rev() {
            let open = u128::try_from(drawn - taken).ok()?;
            let (lower, upper) = chances.split_at_mut(taken + 1);
            let now = &mut lower[taken];
            for (at, chance) in now.iter_mut().enumerate() {
                if *chance == 0 {
                    continue;
                }
                let goes = *chance * open / left;
                if goes > 0
                    && let Some(next) = upper.first_mut().and_then(|next| next.get_mut(at + rank))
                {
                    *next += goes;
                }
                *chance -= goes;
            }
        }
    }
    // Twice the expectation of the doubled sum, so that it is whole.
    let everybody = u64::try_from(ranks.len()).ok()?;
    let expected = 2 * u64::try_from(drawn).ok()? * (everybody + 1);
    let distance = (2 * sum).abs_diff(expected);
    let far = |at: usize| u64::try_from(at).is_ok_and(|at| (2 * at).abs_diff(expected) >= distance);
    let reached = chances.get(drawn)?.iter().enumerate().filter(|(at, _)| far(*at)).map(|(_, chance)| chance).sum();
    Some(said(reached, UNIT))
}

/// The normal approximation: z² from the variance with ties, half a rank towards the expectation.
fn approximated(drawn: u64, everybody: u64, sum: u64, alike: &[u64]) -> Option<Fraction> {
    let whole = |number: u64| Fraction::whole(number);
    let others = everybody.checked_sub(drawn)?;
    // In doubled ranks the half is one.
    let distance = sum.abs_diff(drawn * (everybody + 1)).saturating_sub(1);
    let cubes = |sum: u64, here: &u64| sum.checked_add(here.checked_pow(3)?.checked_sub(*here)?);
    let tied = alike.iter().try_fold(0_u64, cubes)?;
    let spread = whole(everybody + 1).minus(whole(tied).over(whole(everybody * (everybody - 1)))?)?;
    // The variance of the sum is n₁n₂/12 × spread; of the doubled sum four times that.
    let variance = whole(drawn).times(whole(others))?.over(whole(3))?.times(spread)?;
    if variance == Fraction::ZERO {
        return Some(Fraction::ONE);
    }
    let square = whole(distance).times(whole(distance))?.over(variance)?;
    Some(two_tails(square))
}

/// Bits after the point of what follows.
const BITS: u32 = 48;
/// 2/√π in that fixed point.
const TWO_OVER_ROOT_PI: i128 = 317_610_499_778_999;

/// P(|Z| ≥ z) of the normal distribution, from z²; below a half of 10⁻⁶ it is nothing.
fn two_tails(square: Fraction) -> Fraction {
    if square > Fraction::whole(26) {
        return Fraction::ZERO;
    }
    // x² = z²/2 in fixed point, bit by bit.
    let (num, den) = (square.num(), square.den().saturating_mul(2));
    let (mut fixed, mut rest) = (num / den, num % den);
    for _ in 0..BITS {
        rest = rest.saturating_mul(2);
        fixed = fixed * 2 + i128::from(rest >= den);
        rest %= den;
    }
    let root = i128::try_from((u128::try_from(fixed).unwrap_or_default() << BITS).isqrt()).unwrap_or_default();
    // erf x = 2/√π · Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n+1))
    let (mut power, mut sum, mut nth) = (root, root, 0_i128);
    while power != 0 && nth < 400 {
        nth += 1;
        power = -((power * fixed) / (1 << BITS)) / nth;
        sum += power / (2 * nth + 1);
    }
    let erf = ((sum * TWO_OVER_ROOT_PI) >> BITS).clamp(0, 1 << BITS);
    said(u128::try_from((1_i128 << BITS) - erf).unwrap_or_default(), 1 << BITS)
}

/// So many of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Who was selected.
    pub selected: u64,
    /// Of how many.
    pub of: u64,
}

impl Share {
    /// The rate; none of an empty group.
    pub fn rate(self) -> Option<Fraction> {
        Fraction::new(self.selected.into(), self.of.into())
    }
}

/// Fisher's exact test, two-sided: the chances of all tables with the same margins that are no likelier than this one. Tables
/// whose chances differ by less than one in ten million count as equally likely.
pub fn fisher(one: Share, two: Share) -> Option<Tested> {
    let selected = one.selected + two.selected;
    let left_out = (one.of + two.of).checked_sub(selected)?;
    let (least, most) = (selected.saturating_sub(two.of), selected.min(one.of));
    if one.selected > one.of || two.selected > two.of || (one.of + two.of) >= 1 << 20 {
        return None;
    }
    // Against the likeliest table, which is one: every other is found by whole ratios from its neighbour.
    let unit = 1_u128 << 80;
    let mode = ((selected + 1) * (one.of + 1) / (one.of + two.of + 2)).clamp(least, most);
    let mut chances: BTreeMap<u64, u128> = BTreeMap::from([(mode, unit)]);
    let wide = u128::from;
    let mut chance = unit;
    for at in mode..most {
        let (up, down) = (wide(one.of - at) * wide(selected - at), wide(at + 1) * wide(left_out + at + 1 - one.of));
        chance = chance * up / down;
        chances.insert(at + 1, chance);
    }
    chance = unit;
    for at in (least..mode).rev() {
        let (up, down) = (wide(at + 1) * wide(left_out + at + 1 - one.of), wide(one.of - at) * wide(selected - at));
        chance = chance * up / down;
        chances.insert(at, chance);
    }
    let seen = *chances.get(&one.selected)?;
    let bound = seen + seen / 10_000_000;
    let all: u128 = chances.values().sum();
    let reached: u128 = chances.values().filter(|chance| **chance <= bound).sum();
    // reached ÷ all, long enough for what is said.
    let (mut fixed, mut rest) = (reached / all, reached % all);
    for _ in 0..LONG {
        rest *= 2;
        fixed = fixed * 2 + u128::from(rest >= all);
        rest %= all;
    }
    Some(Tested { p: said(fixed, 1 << LONG), method: Method::Exact })
}

/// How many more of the lower group would have to be selected for its rate to be so large a share of the other's; none where
/// not even everybody would do.
pub fn more_selections(lower: Share, top: Share, share: Fraction) -> Option<u64> {
    // (selected + x) / of ≥ share × top, for the smallest whole x.
    let needed = top.rate()?.times(share)?.times(Fraction::whole(lower.of))?;
    let needed = u64::try_from((needed.num() + needed.den() - 1) / needed.den()).ok()?;
    let more = needed.saturating_sub(lower.selected);
    (lower.selected + more <= lower.of).then_some(more)
}
