//! What holds for any offer whatever.

use aggregates::pay::{Assessment, Facts, Fraction, Ground, Incumbent, PolicyTerms, Ratio, Stayer, Tier, assess};
use proptest::prelude::*;

use super::{cohort, example, incumbent, yen};

fn members() -> impl Strategy<Value = Vec<Incumbent>> {
    let one = (5_000_000_i64..10_000_000, 0_u32..240, 1_u8..=5, any::<bool>(), any::<bool>());
    prop::collection::vec(one, 0..40).prop_map(|all| {
        let of = |(number, (base, experience, rating, on_notice, away)): (usize, (i64, u32, u8, bool, bool))| {
            let mut member = incumbent(number, base, experience, rating);
            member.on_notice = on_notice && number % 5 == 0;
            if away {
                member.location = "sendai".into();
            }
            member
        };
        all.into_iter().enumerate().map(of).collect()
    })
}

fn facts() -> impl Strategy<Value = Facts> {
    let offer = (5_500_000_i64..9_500_000, 0_u32..240);
    (members(), offer, prop::option::of(6_000_000_i64..12_000_000), prop::option::of(members())).prop_map(
        |(members, (base, experience), manager, stayers)| {
            let mut facts = example(base);
            facts.qualification.experience_months = Some(experience);
            facts.cohorts = vec![cohort(members)];
            facts.manager = manager;
            facts.stayers = stayers.map(|all| {
                all.into_iter()
                    .map(|one| Stayer { employee_number: one.employee_number.into(), base: one.base })
                    .collect()
            });
            facts
        },
    )
}

fn under(facts: &Facts) -> Assessment {
    assess(&PolicyTerms::defaults("JP-HQ", "賃金規程第12条"), facts).unwrap()
}

fn raised(facts: &Facts, by: i64) -> Facts {
    let mut raised = facts.clone();
    raised.offered.base = yen(facts.offered.base.amount + by);
    raised
}

/// Not under-placed on any ground that can be told, and within the band.
fn well_placed(found: &Assessment) -> bool {
    let at_least = |ratio: Ratio, least: Fraction| ratio.value().is_none_or(|value| value >= least);
    let tenth = Fraction::new(-1, 10).unwrap();
    let in_band = found.ratios.range_penetration.value().unwrap();
    at_least(found.ratios.peer_ratio, Fraction::percent(90))
        && at_least(found.ratios.stayer_ratio, Fraction::percent(90))
        && at_least(found.ratios.guide_distance, tenth)
        && (Fraction::ZERO..=Fraction::ONE).contains(&in_band)
}

/// By ground, the strictest tier that an offer has since it lies below on it; none where it does not.
fn below(found: &Assessment) -> [(Ground, Option<Tier>); 4] {
    [
        (Ground::PeerRatio, found.ratios.peer_ratio, Fraction::percent(90)),
        (Ground::StayerRatio, found.ratios.stayer_ratio, Fraction::percent(90)),
        (Ground::GuideDistance, found.ratios.guide_distance, Fraction::new(-1, 10).unwrap()),
        (Ground::RangePenetration, found.ratios.range_penetration, Fraction::ZERO),
    ]
    .map(|(ground, ratio, least)| {
        let fired = found.fired.iter().filter(|fired| fired.ground == ground).map(|fired| fired.tier).max();
        (ground, fired.filter(|_| ratio.value().is_some_and(|value| value < least)))
    })
}

proptest! {
    #[test]
    fn raising_a_well_placed_offer_never_makes_it_milder(facts in facts(), by in 1_i64..2_000_000) {
        let before = under(&facts);
        prop_assume!(well_placed(&before));
        prop_assert!(under(&raised(&facts, by)).tier >= before.tier);
    }

    /// Decided: below 0.90 of peers or stayers, 10 % below guide pay, or below the band.
    #[test]
    fn raising_an_under_placed_offer_never_makes_it_stricter_on_those_grounds(facts in facts(), by in 1_i64..2_000_000) {
        let (before, after) = (under(&facts), under(&raised(&facts, by)));
        for (after, before) in below(&after).into_iter().zip(below(&before)) {
            prop_assert!(after.1 <= before.1, "{:?}", after.0);
        }
        let low = |found: &Assessment| found.fired.iter().filter(|one| one.tier == Tier::BPrime).count();
        prop_assert!(low(&after) <= low(&before));
    }

    #[test]
    fn the_order_of_the_incumbents_changes_nothing(
        (facts, shuffled) in facts().prop_flat_map(|facts| {
            let members = facts.cohorts[0].members.clone();
            (Just(facts), Just(members).prop_shuffle())
        }),
    ) {
        let mut other = facts.clone();
        other.cohorts = vec![cohort(shuffled)];
        let bytes = |facts: &Facts| serde_json::to_string(&under(facts)).unwrap();
        prop_assert_eq!(bytes(&facts), bytes(&other));
    }

    #[test]
    fn the_tier_is_the_strictest_of_what_was_met(facts in facts()) {
        let found = under(&facts);
        let strictest = found.fired.iter().map(|one| one.tier).max().unwrap_or(Tier::A);
        prop_assert_eq!(found.tier, strictest);
    }

    #[test]
    fn the_remedy_brings_everybody_to_the_tolerance(facts in facts()) {
        let found = under(&facts);
        let floor = Fraction::percent(95).times(Fraction::whole(facts.offered.base.amount)).unwrap();
        let mut sum = Fraction::ZERO;
        for one in &found.leapfrogged {
            prop_assert_eq!(Fraction::whole(one.base).plus(one.shortfall).unwrap(), floor);
            sum = sum.plus(one.shortfall).unwrap();
        }
        prop_assert_eq!(sum, found.remedy_cost);
    }
}
