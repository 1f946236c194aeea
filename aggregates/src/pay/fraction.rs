//! Exact fractions.

use std::cmp::Ordering;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An exact fraction in lowest terms with a positive denominator; in JSON `{"num": "27", "den": "25"}`, since its parts may
/// lie beyond what a JSON number carries. Reading takes integers as well, and reduces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fraction {
    num: i128,
    den: i128,
}

impl Fraction {
    /// Nothing.
    pub const ZERO: Self = Self { num: 0, den: 1 };
    /// One.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// `num / den` in lowest terms; `None` where `den` is zero or a part does not fit.
    pub fn new(num: i128, den: i128) -> Option<Self> {
        if den == 1 {
            return Some(Self { num, den });
        }
        let common = gcd(num.unsigned_abs(), den.unsigned_abs());
        let common = i128::try_from(common).ok().filter(|common| *common > 0)?;
        let (num, den) = (num / common, den / common);
        match den.cmp(&0) {
            Ordering::Greater => Some(Self { num, den }),
            Ordering::Less => Some(Self { num: num.checked_neg()?, den: den.checked_neg()? }),
            Ordering::Equal => None,
        }
    }

    /// A whole number.
    pub fn whole(number: impl Into<i128>) -> Self {
        Self { num: number.into(), den: 1 }
    }

    /// So many hundredths.
    pub fn percent(hundredths: u8) -> Self {
        Self::new(hundredths.into(), 100).unwrap_or(Self::ZERO)
    }

    /// The numerator, which bears the sign.
    pub const fn num(self) -> i128 {
        self.num
    }

    /// The denominator, at least 1.
    pub const fn den(self) -> i128 {
        self.den
    }

    /// The sum; `None` where it does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        let left = self.num.checked_mul(other.den)?;
        let right = other.num.checked_mul(self.den)?;
        Self::new(left.checked_add(right)?, self.den.checked_mul(other.den)?)
    }

    /// The difference; `None` where it does not fit.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { num: other.num.checked_neg()?, den: other.den })
    }

    /// The product; `None` where it does not fit.
    pub fn times(self, other: Self) -> Option<Self> {
        // Crosswise first, so that what cancels never overflows.
        let (left, right) = (Self::new(self.num, other.den)?, Self::new(other.num, self.den)?);
        Self::new(left.num.checked_mul(right.num)?, left.den.checked_mul(right.den)?)
    }

    /// The quotient; `None` where it does not fit or `other` is zero.
    pub fn over(self, other: Self) -> Option<Self> {
        self.times(Self::new(other.den, other.num)?)
    }

    /// The nearest with so many decimal places, half away from zero; itself where it does not fit.
    #[must_use]
    pub fn rounded(self, places: u32) -> Self {
        let near = || {
            let scale = 10_i128.checked_pow(places)?;
            let (scaled, half) = (self.num.checked_mul(scale)?, self.den / 2);
            let near = if scaled < 0 { scaled.checked_sub(half)? } else { scaled.checked_add(half)? };
            Self::new(near / self.den, scale)
        };
        near().unwrap_or(self)
    }

    /// As a decimal number with so many places, half away from zero: for people, never for a decision.
    pub fn decimal(self, places: u32) -> String {
        let scale = 10_u128.saturating_pow(places.min(12));
        let (num, den) = (self.num.unsigned_abs(), self.den.unsigned_abs());
        let (whole, rest) = (num / den, num % den);
        let scaled = rest.checked_mul(scale).map_or(0, |rest| (rest + den / 2) / den);
        let (whole, scaled) = if scaled >= scale { (whole + 1, 0) } else { (whole, scaled) };
        let sign = if self.num < 0 && (whole, scaled) != (0, 0) { "-" } else { "" };
        match places.min(12) {
            0 => format!("{sign}{whole}"),
            places => format!("{sign}{whole}.{scaled:0width$}", width = usize::try_from(places).unwrap_or(12)),
        }
    }
}

impl Default for Fraction {
    fn default() -> Self {
        Self::ZERO
    }
}

fn gcd(mut one: u128, mut other: u128) -> u128 {
    // What fits a machine word is divided as one.
    if let (Ok(mut small), Ok(mut smaller)) = (u64::try_from(one), u64::try_from(other)) {
        while smaller != 0 {
            (small, smaller) = (smaller, small % smaller);
        }
        return small.into();
    }
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

impl Ord for Fraction {
    /// By the terms of their continued fractions: nothing is multiplied, so nothing overflows.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut one, mut two) = ((self.num, self.den), (other.num, other.den));
        loop {
            let (whole, whole_two) = (one.0.div_euclid(one.1), two.0.div_euclid(two.1));
            if whole != whole_two {
                return whole.cmp(&whole_two);
            }
            let (rest, rest_two) = (one.0.rem_euclid(one.1), two.0.rem_euclid(two.1));
            match (rest, rest_two) {
                (0, 0) => return Ordering::Equal,
                (0, _) => return Ordering::Less,
                (_, 0) => return Ordering::Greater,
                // The greater reciprocal is the smaller fraction.
                (_, _) => (one, two) = ((two.1, rest_two), (one.1, rest)),
            }
        }
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl std::fmt::Display for Fraction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(deserialize_with = "integer")]
    num: String,
    #[serde(deserialize_with = "integer")]
    den: String,
}

impl Serialize for Fraction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written { num: self.num.to_string(), den: self.den.to_string() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Fraction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written { num, den } = Written::deserialize(deserializer)?;
        let read = |text: &str| text.parse::<i128>().map_err(|_| de::Error::custom("an integer is expected"));
        Self::new(read(&num)?, read(&den)?).ok_or_else(|| de::Error::custom("no fraction has the denominator 0"))
    }
}

/// An integer as text, or as a number.
fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "an integer, as a number or as text, is expected")]
    enum Either {
        Number(i64),
        Text(String),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::Number(number) => number.to_string(),
        Either::Text(text) => text,
    })
}
