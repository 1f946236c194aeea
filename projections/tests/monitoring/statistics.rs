//! Against published tables and examples, and against counting every case.

use aggregates::pay::Fraction;
use projections::monitoring::statistics::{Method, Share, Tested, fisher, mann_whitney, mean, median, more_selections};
use proptest::prelude::*;

fn whole(numbers: impl IntoIterator<Item = i64>) -> Vec<Fraction> {
    numbers.into_iter().map(Fraction::whole).collect()
}

fn fraction(num: i128, den: i128) -> Fraction {
    Fraction::new(num, den).unwrap()
}

fn tested(one: &[i64], two: &[i64]) -> Tested {
    mann_whitney(&whole(one.iter().copied()), &whole(two.iter().copied())).unwrap()
}

fn share(selected: u64, of: u64) -> Share {
    Share { selected, of }
}

/// What a probability is to 10⁻¹².
fn said(num: i128, den: i128) -> Fraction {
    let places = 1_000_000_000_000;
    fraction((num * places + den / 2) / den, places)
}

/// Whether a probability is what was counted, but for where the last of its places is rounded to.
fn is_said(p: Fraction, counted: Fraction) -> bool {
    let last = fraction(1, 1_000_000_000_000);
    p.minus(counted).is_some_and(|differ| (Fraction::ZERO.minus(last).unwrap()..=last).contains(&differ))
}

#[test]
fn medians_and_means_are_exact() {
    assert_eq!(median(&[]), None);
    assert_eq!(median(&whole([3, 1, 2])), Some(Fraction::whole(2)));
    assert_eq!(median(&whole([4, 1, 2, 3])), Some(fraction(5, 2)));
    assert_eq!(mean(&whole([])), None);
    assert_eq!(mean(&[fraction(1, 3), fraction(1, 2)]), Some(fraction(5, 12)));
}

#[test]
fn the_published_critical_values_of_u_are_found() {
    // The greatest U that is significant at 0.05 on two sides, for so many in either sample.
    for (few, many, critical) in [(5, 5, 2), (8, 8, 13), (10, 10, 23), (4, 9, 4), (6, 12, 14)] {
        let p = |u: i64| {
            // Of `few` values the first ones lie below everybody; the last ones are moved up until U is reached.
            let (mut places, mut left): (Vec<i64>, i64) = ((0..few).collect(), u);
            for nth in (0..few).rev() {
                let up = left.min(many);
                places[usize::try_from(nth).unwrap()] += up;
                left -= up;
            }
            let one: Vec<i64> = places;
            let two: Vec<i64> = (0..few + many).filter(|place| !one.contains(place)).collect();
            tested(&one, &two).p
        };
        assert!(p(critical) <= Fraction::percent(5), "{few} {many}");
        assert!(p(critical + 1) > Fraction::percent(5), "{few} {many}");
    }
}

#[test]
fn published_examples_of_mann_whitney_are_found() {
    // The permeability constants of the documentation of R (wilcox.test), in hundredths; one-sided it says 0.1272.
    let term = [80, 83, 189, 104, 145, 138, 191, 164, 73, 146];
    let gestation = [115, 88, 90, 74, 121];
    let found = tested(&term, &gestation);
    assert_eq!(found, Tested { p: said(764, 3003), method: Method::Exact });
    assert_eq!(found, tested(&gestation, &term));

    // The example of the documentation of SciPy (mannwhitneyu): 0.1111.
    assert_eq!(tested(&[19, 22, 16, 29, 24], &[20, 11, 17, 12]).p, said(1, 9));
    // Of the tests of HypothesisTests.jl (ExactMannWhitneyUTest), with nine ties: 0.5096.
    let (one, two): (Vec<i64>, Vec<i64>) = ((1..=10).collect(), (2..=11).collect());
    assert_eq!(tested(&one, &two).p.decimal(4), "0.5096");

    // The example of the NAG library's G08AHF, with ties: its lower exact tail is 0.0020.
    let one = [13, 6, 12, 7, 12, 7, 10, 7, 10, 7, 16, 7, 10, 8, 9, 8];
    let two = [17, 6, 10, 8, 15, 8, 15, 10, 15, 10, 14, 10, 14, 11, 14, 11, 13, 12, 13, 12, 13, 12, 12];
    let found = tested(&one, &two);
    assert_eq!((found.p.decimal(9).as_str(), found.method), ("0.004035558", Method::Exact));
}

#[test]
fn too_many_people_are_approximated_and_it_is_said() {
    let one: Vec<i64> = (0..300).map(|nth| (7 * nth) % 1000).collect();
    let two: Vec<i64> = (0..900).map(|nth| (11 * nth) % 1040).collect();
    let found = tested(&one, &two);
    assert_eq!((found.p.decimal(9).as_str(), found.method), ("0.140032350", Method::NormalApproximation));
    let moved: Vec<i64> = one.iter().map(|value| value + 60).collect();
    assert_eq!(tested(&moved, &two).p.decimal(9), "0.129259081");
    let far: Vec<i64> = one.iter().map(|value| value + 5_000).collect();
    assert_eq!(tested(&far, &two).p, Fraction::ZERO);
    let same = vec![7; 2_000];
    assert_eq!(tested(&same, &same).p, Fraction::ONE);
}

#[test]
fn nobody_is_compared_with_nobody() {
    assert_eq!(mann_whitney(&[], &whole([1])), None);
    assert_eq!(tested(&[1], &[1]).p, Fraction::ONE);
}

#[test]
fn published_examples_of_fisher_are_found() {
    let p = |one, two| fisher(one, two).unwrap().p;
    // The lady who tasted tea: three of four, 34/70 on two sides.
    assert_eq!(p(share(3, 4), share(1, 4)), said(34, 70));
    // The twins of convicts of the documentation of R (fisher.test): 0.0005367.
    assert_eq!(p(share(2, 12), share(15, 18)).decimal(7), "0.0005367");
    // The vectors of the rule.
    assert_eq!(p(share(24, 40), share(12, 30)).decimal(9), "0.146842922");
    assert_eq!(p(share(240, 400), share(120, 300)).decimal(12), "0.000000188670");
    assert_eq!(p(share(2_400, 4_000), share(1_200, 3_000)), Fraction::ZERO, "to twelve places");
    assert_eq!(p(share(5, 5), share(9, 9)), Fraction::ONE);
    assert_eq!(fisher(share(2, 1), share(1, 4)), None);
}

#[test]
fn the_selections_that_lift_a_ratio_are_counted() {
    let more = |lower, top| more_selections(lower, top, Fraction::percent(80));
    assert_eq!(more(share(12, 30), share(24, 40)), Some(3));
    assert_eq!(more(share(120, 300), share(240, 400)), Some(24));
    assert_eq!(more(share(15, 30), share(24, 40)), Some(0));
    assert_eq!(more(share(0, 10), share(10, 10)), Some(8));
    assert_eq!(more(share(0, 0), share(10, 10)), Some(0));
    assert_eq!(more(share(3, 10), share(0, 0)), None);
}

/// Every way to draw the first sample from all, counted.
fn by_counting(one: &[i64], two: &[i64]) -> Fraction {
    let all: Vec<i64> = one.iter().chain(two).copied().collect();
    let doubled = |value: i64| {
        let below = all.iter().filter(|other| **other < value).count();
        let tied = all.iter().filter(|other| **other == value).count();
        2 * below + tied + 1
    };
    let ranks: Vec<usize> = all.iter().map(|value| doubled(*value)).collect();
    let expected = one.len() * (all.len() + 1);
    let distance = |drawn: usize| {
        let sum: usize = ranks.iter().enumerate().filter(|(nth, _)| drawn >> nth & 1 == 1).map(|(_, rank)| rank).sum();
        sum.abs_diff(expected)
    };
    let seen = distance((1 << one.len()) - 1);
    let (mut far, mut ways) = (0, 0);
    for drawn in 0..1_usize << all.len() {
        if drawn.count_ones() as usize == one.len() {
            ways += 1;
            far += i128::from(distance(drawn) >= seen);
        }
    }
    said(far, ways)
}

fn choose(of: u64, some: u64) -> u128 {
    (0..some).fold(1, |ways, nth| ways * u128::from(of - nth) / u128::from(nth + 1))
}

proptest! {
    #[test]
    fn mann_whitney_is_what_counting_finds(
        one in prop::collection::vec(0_i64..6, 1..6),
        two in prop::collection::vec(0_i64..6, 1..7),
    ) {
        prop_assert!(is_said(tested(&one, &two).p, by_counting(&one, &two)));
    }

    #[test]
    fn fisher_is_what_counting_finds(of in 1_u64..25, other in 1_u64..25, a in 0_u64..25, b in 0_u64..25) {
        let (one, two) = (share(a.min(of), of), share(b.min(other), other));
        let selected = one.selected + two.selected;
        let ways = |here: u64| choose(of, here) * choose(other, selected - here);
        let tables: Vec<u128> = (selected.saturating_sub(other)..=selected.min(of)).map(ways).collect();
        let seen = ways(one.selected);
        let reached: u128 = tables.iter().filter(|ways| **ways <= seen).sum();
        let all: u128 = tables.iter().sum();
        let expected = said(i128::try_from(reached).unwrap(), i128::try_from(all).unwrap());
        prop_assert!(is_said(fisher(one, two).unwrap().p, expected));
    }

    #[test]
    fn so_many_more_selections_lift_it_and_one_fewer_does_not(of in 1_u64..200, some in 0_u64..200, top in 1_u64..200, best in 0_u64..200) {
        let (lower, best) = (share(some.min(of), of), share(best.min(top), top));
        let bound = Fraction::percent(80);
        let lifted = |more: u64| {
            let rate = share(lower.selected + more, of).rate().unwrap();
            rate >= best.rate().unwrap().times(bound).unwrap()
        };
        let more = more_selections(lower, best, bound).unwrap();
        prop_assert!(lifted(more) && (more == 0 || !lifted(more - 1)));
    }
}
