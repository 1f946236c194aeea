//! What a pay policy must lay down.

use std::collections::BTreeSet;

use aggregates::ids::ActorId;
use aggregates::pay::{Fraction, GuideStep, JobFunction, MinimumWage, PolicyTerms, RULES, Seat, Tier, Unsound};
use aggregates::values::Bilingual;
use uuid::Uuid;

use super::{day, over, yen};

fn with(change: impl FnOnce(&mut PolicyTerms)) -> Result<(), Unsound> {
    let mut policy = PolicyTerms::defaults("JP-HQ", "賃金規程第12条");
    change(&mut policy);
    policy.check()
}

fn people(numbers: &[u128]) -> BTreeSet<ActorId> {
    numbers.iter().map(|number| ActorId(Uuid::from_u128(*number))).collect()
}

#[test]
fn the_defaults_are_sound_but_name_nobody() {
    let policy = PolicyTerms::defaults("JP-HQ", "賃金規程第12条");
    assert_eq!(policy.check(), Ok(()));
    let missing = policy.check_approvers().unwrap_err();
    assert_eq!(missing, Unsound::ApproverMissing { tier: Tier::A });
    assert_eq!((missing.pointer().as_str(), missing.rule()), ("/approvers", Some("PAY-20")));
}

#[test]
fn what_could_not_be_followed_is_refused_by_field() {
    let refused = |change: fn(&mut PolicyTerms)| with(change).unwrap_err();
    assert_eq!(refused(|policy| policy.clause = " ".to_owned()), Unsound::ClauseRequired);
    let small = refused(|policy| policy.smallest_group = 4);
    assert_eq!((small.pointer().as_str(), small.rule()), ("/smallest_group", Some("MON-06")));
    let tau = refused(|policy| policy.leapfrog_tolerance = over(3, 2));
    assert_eq!(tau.pointer(), "/leapfrog_tolerance");
    let fine = refused(|policy| policy.leapfrog_tolerance = over(1, 1_000_001));
    assert_eq!(fine.pointer(), "/leapfrog_tolerance");
    let range = refused(|policy| policy.thresholds.range_c = Fraction::percent(40));
    assert_eq!(range, Unsound::NotAscending { field: "thresholds/range_c" });
    let peers = refused(|policy| policy.thresholds.peers_d = Fraction::ONE);
    assert_eq!(peers, Unsound::NotAscending { field: "thresholds/peers" });
    let guide = refused(|policy| policy.guide.push(GuideStep { from_months: 180, share: Fraction::ONE }));
    assert_eq!(guide, Unsound::NotAscending { field: "guide" });
    let long = refused(|policy| policy.snapshot_days = 3_661);
    assert_eq!(long.pointer(), "/snapshot_days");
    let wage = refused(|policy| {
        let hourly = aggregates::values::Money { amount: 10, currency: "USD".to_owned() };
        policy.minimum_wages.push(MinimumWage { location: None, hourly, effective_from: day("2025-10-01") });
    });
    assert_eq!(wage, Unsound::WageCurrency { currency: "JPY".to_owned() });
    let family = refused(|policy| {
        let function =
            |name: &str| JobFunction { name: name.to_owned(), job_families: BTreeSet::from(["driver".to_owned()]) };
        policy.functions = vec![function("a"), function("b")];
    });
    let half = refused(|policy| policy.notice = Some(Bilingual { ja: "相談窓口".to_owned(), en: " ".to_owned() }));
    assert_eq!(half, Unsound::NoticeLanguageMissing);
    assert_eq!(family, Unsound::FamilyTwice { job_family: "driver".to_owned() });
}

#[test]
fn a_stricter_tier_asks_for_no_fewer_people() {
    let fewer = with(|policy| drop(policy.seats.insert(Tier::C, BTreeSet::from([Seat::Executive]))));
    assert_eq!(fewer, Err(Unsound::SeatsMissing { tier: Tier::C }));
    let inside = with(|policy| {
        policy.seats.insert(Tier::C, BTreeSet::from([Seat::Hr, Seat::Compensation]));
    });
    assert_eq!(inside, Err(Unsound::OutsiderMissing { tier: Tier::C }));
    assert_eq!(with(|policy| drop(policy.seats.remove(&Tier::A))), Err(Unsound::SeatsMissing { tier: Tier::A }));
    let blocked = with(|policy| drop(policy.seats.insert(Tier::E, BTreeSet::from([Seat::Executive]))));
    assert_eq!(blocked, Err(Unsound::SeatsOnBlocked { tier: Tier::E }));
}

#[test]
fn every_tier_needs_different_people() {
    let mut policy = PolicyTerms::defaults("JP-HQ", "賃金規程第12条");
    policy.approvers.insert(Seat::Hr, people(&[1, 2]));
    policy.approvers.insert(Seat::Compensation, people(&[1]));
    assert_eq!(policy.check_approvers(), Err(Unsound::ApproverMissing { tier: Tier::C }));
    policy.approvers.insert(Seat::DivisionHead, people(&[2]));
    assert_eq!(policy.check_approvers(), Err(Unsound::ApproverMissing { tier: Tier::C }), "two people, three seats");
    policy.approvers.insert(Seat::DivisionHead, people(&[2, 3]));
    policy.approvers.insert(Seat::Executive, people(&[3]));
    assert_eq!(policy.check_approvers(), Err(Unsound::ApproverMissing { tier: Tier::D }));
    policy.approvers.insert(Seat::Executive, people(&[4]));
    assert_eq!(policy.check_approvers(), Ok(()));
}

#[test]
fn the_minimum_wage_is_the_zone_s_own_and_in_force() {
    let mut policy = PolicyTerms::defaults("JP-HQ", "賃金規程第12条");
    let wage = |location: Option<&str>, amount, from: &str| MinimumWage {
        location: location.map(str::to_owned),
        hourly: yen(amount),
        effective_from: day(from),
    };
    policy.minimum_wages = vec![
        wage(None, 1_000, "2025-10-01"),
        wage(Some("osaka"), 1_100, "2025-10-01"),
        wage(Some("osaka"), 1_200, "2026-10-01"),
    ];
    let found = |location: &str, on: &str| policy.minimum_wage(location, day(on), RULES).map(|money| money.amount);
    assert_eq!(found("osaka", "2026-09-30"), Some(1_100));
    assert_eq!(found("osaka", "2026-10-01"), Some(1_200));
    assert_eq!(found("tokyo", "2026-10-01"), Some(1_000));
    assert_eq!(found("tokyo", "2025-09-30"), None);
    assert_eq!(found(" Osaka ", "2026-10-01"), Some(1_200), "a zone is the same however it is written");
    let by_the_first_rules = policy.minimum_wage(" Osaka ", day("2026-10-01"), 0).map(|money| money.amount);
    assert_eq!(by_the_first_rules, Some(1_000), "an earlier assessment replays as it was made");
}

#[test]
fn guide_pay_steps_up_with_experience() {
    let policy = PolicyTerms::defaults("JP-HQ", "賃金規程第12条");
    let share = |months| policy.guide_share(months).unwrap();
    assert_eq!((share(0), share(47), share(48), share(180)), (over(1, 8), over(1, 8), over(3, 8), over(7, 8)));
}
