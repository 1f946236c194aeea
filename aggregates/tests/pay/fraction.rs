//! Exact fractions.

use std::cmp::Ordering;

use aggregates::pay::Fraction;
use proptest::prelude::*;

use super::over;

#[test]
fn fractions_are_in_lowest_terms_with_the_sign_above() {
    assert_eq!((over(6, -8).num(), over(6, -8).den()), (-3, 4));
    assert_eq!(over(0, -5), Fraction::ZERO);
    assert_eq!(Fraction::new(1, 0), None);
    assert_eq!(Fraction::new(i128::MIN, -1), None, "its negative does not fit");
}

#[test]
fn what_does_not_fit_is_refused() {
    let most = Fraction::whole(i128::MAX);
    assert_eq!(most.plus(Fraction::ONE), None);
    assert_eq!(most.times(Fraction::whole(2)), None);
    assert_eq!(most.times(over(1, i128::MAX)), Some(Fraction::ONE), "what cancels fits");
    assert_eq!(Fraction::ONE.over(Fraction::ZERO), None);
}

#[test]
fn a_decimal_is_rounded_half_away_from_zero() {
    assert_eq!(over(81, 73).decimal(4), "1.1096");
    assert_eq!(over(1, 8).decimal(2), "0.13");
    assert_eq!(over(-1, 8).decimal(2), "-0.13");
    assert_eq!(over(-1, 1000).decimal(2), "0.00");
    assert_eq!(over(999, 1000).decimal(2), "1.00");
    assert_eq!(Fraction::whole(885_000).decimal(0), "885000");
}

#[test]
fn parts_are_text_and_numbers_are_read_too() {
    let written = serde_json::to_string(&over(27, 25)).unwrap();
    assert_eq!(written, r#"{"num":"27","den":"25"}"#);
    let read = |text: &str| serde_json::from_str::<Fraction>(text);
    assert_eq!(read(&written).unwrap(), over(27, 25));
    assert_eq!(read(r#"{"num": 108, "den": "100"}"#).unwrap(), over(27, 25));
    for wrong in
        [r#"{"num":"1","den":"0"}"#, r#"{"num":"1.5","den":"1"}"#, r#"{"num":1}"#, "1.08", r#"{"num":1,"den":1,"x":1}"#]
    {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn the_order_is_that_of_the_cross_products(a in any::<i64>(), b in 1..i64::MAX, c in any::<i64>(), d in 1..i64::MAX) {
        let (one, two) = (over(a.into(), b.into()), over(c.into(), d.into()));
        let crossed = (i128::from(a) * i128::from(d)).cmp(&(i128::from(c) * i128::from(b)));
        prop_assert_eq!(one.cmp(&two), crossed);
        prop_assert_eq!(one == two, crossed == Ordering::Equal);
    }

    #[test]
    fn adding_and_multiplying_are_undone(a in any::<i32>(), b in 1..i32::MAX, c in any::<i32>(), d in 1..i32::MAX) {
        let (one, two) = (over(a.into(), b.into()), over(c.into(), d.into()));
        prop_assert_eq!(one.plus(two).unwrap().minus(two), Some(one));
        if c != 0 {
            prop_assert_eq!(one.times(two).unwrap().over(two), Some(one));
        }
    }
}
