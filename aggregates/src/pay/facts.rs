//! What an assessment reads. Sex, age, nationality, family, disability, leave and what another employer pays have no place
//! in these types (PAY-03); nor has what the returner earned at exit, before the tier stands (PAY-07).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{RegularComparison, is_compared};
use crate::values::{EmploymentType, Money};

/// A pay band as one version lays it down, in annual full-time base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// Grade (等級).
    pub grade: String,
    /// Job family (職種).
    pub job_family: String,
    /// Zone.
    pub location: String,
    /// Lowest base.
    pub minimum: i64,
    /// Midpoint.
    pub midpoint: i64,
    /// Highest base.
    pub maximum: i64,
}

/// Somebody who works here, as the pay comparison knows them: under a number, never by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incumbent {
    /// The number in this employment.
    pub employee_number: SmolStr,
    /// First day of this employment.
    pub hired_on: NaiveDate,
    /// Zone.
    pub location: SmolStr,
    /// How they are employed.
    pub employment_type: EmploymentType,
    /// Annual base, full-time equivalent.
    pub base: i64,
    /// Relevant experience, inside and outside, in months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experience_months: Option<u32>,
    /// The last job-related rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
    /// The number of the person they report to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager_employee_number: Option<String>,
    /// They have given or been given notice.
    #[serde(default, skip_serializing_if = "crate::values::is_false")]
    pub on_notice: bool,
    /// Their pay is kept above their band (調整給).
    #[serde(default, skip_serializing_if = "crate::values::is_false")]
    pub red_circled: bool,
}

/// The incumbents of one grade and job family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cohort {
    /// Grade.
    pub grade: String,
    /// Job family.
    pub job_family: String,
    /// Who.
    pub members: Vec<Incumbent>,
}

/// The part of an offer that is assessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedPay {
    /// Grade.
    pub grade: String,
    /// Job family.
    pub job_family: String,
    /// Zone.
    pub location: String,
    /// How they would be employed.
    pub employment_type: EmploymentType,
    /// Annual base, full-time equivalent.
    pub base: Money,
    /// Paid once on return, whatever it is called: the sign-on payment, and allowances that are paid once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_on: Option<Money>,
    /// Paid every year beside the base: allowances of a month and of a year, fixed overtime, the bonus. Incumbents are known by
    /// their base, so it enters no ratio. As at 40 hours a week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_year: Option<Money>,
    /// The first day, by whose minimum wage the base is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<NaiveDate>,
    /// The items of pay that are compared with those of regular workers (PAY-01); none for whoever is one.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub items: BTreeSet<String>,
}

impl OfferedPay {
    /// Whether it stands beside the conditions of regular workers (PAY-01): for a fixed term, part-time, or for fewer hours
    /// than they work.
    pub fn is_compared(&self) -> bool {
        is_compared(self.employment_type) || !self.items.is_empty()
    }
}

/// The last job-related rating at exit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastRating {
    /// On the scale of the incumbents' ratings.
    pub rating: u8,
    /// When it was given.
    pub rated_on: NaiveDate,
}

/// What the returner is able to do, as the pay comparison reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Qualification {
    /// Relevant experience, inside and outside, in months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experience_months: Option<u32>,
    /// The last job-related rating at exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<LastRating>,
    /// Where the evidence of a scarce skill lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scarce_skill_ref: Option<String>,
    /// Where the assessment of the level lies that the grade follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessed_level_ref: Option<String>,
}

/// The returner's last period of employment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stint {
    /// First day.
    pub hired_on: NaiveDate,
    /// Last day.
    pub left_on: NaiveDate,
    /// Grade at exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// Job family at exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_family: Option<String>,
    /// Place of work at exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Annual base at exit. Read once the tier stands, and only where no law bans it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Money>,
}

/// Somebody who worked beside the returner and never left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stayer {
    /// The number in this employment.
    pub employee_number: String,
    /// Annual base now.
    pub base: i64,
}

/// The version of the rules of an assessment. Raised with whatever would give the same facts another result: what was assessed
/// before goes on being assessed as it was, so that it replays to the same bytes.
pub const RULES: u32 = 3;

/// The version from which on grades are ranked as the job family ranks them, and a file of incumbents with lines that were
/// refused is said.
pub const BY_FAMILY: u32 = 3;

/// Everything that an assessment reads, as of one local day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The day.
    pub on: NaiveDate,
    /// The currency of bands and incumbents.
    pub currency: String,
    /// What is offered.
    pub offered: OfferedPay,
    /// What the returner is able to do.
    pub qualification: Qualification,
    /// The offer beside regular workers, where it is compared with them (PAY-01).
    pub comparison: Option<RegularComparison>,
    /// The band in force, with its first day; none where no version names one.
    pub band: Option<(NaiveDate, Band)>,
    /// How many lines of the file of incumbents were refused, so that whoever stands there is compared with nobody; none where
    /// there is no snapshot.
    pub left_out: Option<u32>,
    /// The incumbents of the offered grade, in every family of the offered family's function; none where there is no snapshot.
    pub cohorts: Vec<Cohort>,
    /// Those who worked beside the returner and never left; none where no snapshot lies near the exit.
    pub stayers: Option<Vec<Stayer>>,
    /// The base of the manager; none where nobody is known to be.
    pub manager: Option<i64>,
    /// The returner's last period of employment.
    pub stint: Option<Stint>,
    /// The band of the exit grade as it was at exit, and as it is now.
    pub exit_bands: (Option<Band>, Option<Band>),
    /// The grades of the bands in force, lowest first, as the family that is offered ranks them; none where there are no bands.
    pub grades: Vec<String>,
    /// By which version of these rules: what was assessed is assessed by its own for ever ([`RULES`]).
    pub rules: u32,
    /// Whether the candidate was told the range of the position; none where no law requires it (PAY-05).
    pub range_told: Option<bool>,
    /// How many plans to remedy of the same unit, or that overtook the same people, are overdue (PAY-28).
    pub overdue_remedies: usize,
}

impl Facts {
    /// The day whose minimum wage the base has to reach: the first day of work, or today where that has passed.
    pub(super) fn works_on(&self) -> NaiveDate {
        self.offered.starts_on.map_or(self.on, |starts_on| starts_on.max(self.on))
    }

    /// Whether the grade that is offered ranks below the one at exit, wherever and in whatever work; none where that cannot
    /// be told.
    pub(super) fn grade_below_exit(&self) -> Option<bool> {
        let exit = self.stint.as_ref()?.grade.as_deref()?;
        let rank = |grade: &str| self.grades.iter().position(|one| one == grade);
        if exit == self.offered.grade { Some(false) } else { Some(rank(&self.offered.grade)? < rank(exit)?) }
    }
}
