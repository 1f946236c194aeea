//! What the returner is told of earlier time and the first review, and in which words.

use std::collections::BTreeMap;

use aggregates::checks::{CheckAnswer, Outcome};
use aggregates::labour::{self, Figure, LabourCheck};
use aggregates::offer::RenderedDocument;
use aggregates::programme_policy::{BridgingBenefit, FirstReview};
use chrono::NaiveDate;

use crate::printed::Sheet;

/// The words of an explanation. What went out in earlier ones is rendered in them for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// Templates 1 and 2, which leave earlier time and the first review to the work rules.
    First,
    /// Templates 3 and 4, which tell what the policies lay down, and always of a comparison with peers.
    Second,
    /// Templates 5 and 6, which tell with what the base was compared and with what it was not.
    Present,
}

impl Wording {
    /// As these documents were rendered; the present one where none went out.
    pub(super) fn of(documents: &[RenderedDocument]) -> Self {
        let told = |names: [&str; 2]| documents.iter().any(|one| names.contains(&one.template.as_str()));
        if told(["explanation/1", "explanation/2"]) {
            Self::First
        } else if told(["explanation/3", "explanation/4"]) {
            Self::Second
        } else {
            Self::Present
        }
    }
}

/// What the programme policy of the case lays down about whoever comes back, as it was checked with the offer (LAB-06).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenure {
    /// The version of the policy.
    pub programme: String,
    /// How many months of earlier employment count, by benefit; nothing where that is still asked. Annual leave is left out
    /// where the employment went on by law, and while somebody is asked whether it did (LAB-05).
    pub credited: Option<BTreeMap<BridgingBenefit, u32>>,
    /// From which day on, where that is not the first.
    pub credited_from: BTreeMap<BridgingBenefit, NaiveDate>,
    /// How the first review goes.
    pub first_review: FirstReview,
}

impl Tenure {
    /// `leave` is what was answered to the question whether the employment went on (LAB-05).
    pub(super) fn of(checks: &[&LabourCheck], leave: Option<CheckAnswer>) -> Option<Self> {
        let found = |rule: &str| checks.iter().find(|check| check.result.rule == rule);
        let check = found(labour::BRIDGING)?;
        // Whose employment went on has their annual leave counted by law: what the policy counts is told of a new start alone.
        let leave_is_asked = found(labour::LEAVE).is_some_and(|leave| leave.result.outcome != Outcome::Pass)
            && leave != Some(CheckAnswer::NewStart);
        let Figure::Way(first_review) = check.figures.get(labour::FIRST_REVIEW)? else { return None };
        let months = |(name, figure): (&String, &Figure)| match figure {
            Figure::Count(months) => Some((name.parse().ok()?, *months)),
            Figure::Day(_) | Figure::Way(_) => None,
        };
        let from = |(name, figure): (&String, &Figure)| match figure {
            Figure::Day(day) => Some((name.strip_suffix(labour::CREDITED_FROM)?.parse().ok()?, *day)),
            Figure::Count(_) | Figure::Way(_) => None,
        };
        let is_told = check.result.outcome == Outcome::Pass;
        let told =
            |(benefit, _): &(BridgingBenefit, u32)| !(leave_is_asked && *benefit == BridgingBenefit::AnnualLeave);
        Some(Self {
            programme: check.result.basis.clone()?,
            credited: is_told.then(|| check.figures.iter().filter_map(months).filter(told).collect()),
            credited_from: check.figures.iter().filter_map(from).collect(),
            first_review: first_review.parse().ok()?,
        })
    }
}

impl Tenure {
    /// Benefit by benefit, and what whoever comes back can expect of their first review.
    pub(super) fn told(&self, sheet: &mut Sheet) {
        let policy = &self.programme;
        for (benefit, months) in self.credited.iter().flatten() {
            let (ja, en) = benefit_named(*benefit);
            let label = format!("過去の在籍期間の通算（{ja}）");
            let label_en = format!("Earlier employment that counts for {en}");
            let (value, value_en) = match months {
                0 => ("通算しない".to_owned(), "none".to_owned()),
                months => match self.credited_from.get(benefit) {
                    Some(day) => (format!("{months}か月（{day}から）"), format!("{months} months, from {day} on")),
                    None => (format!("{months}か月"), format!("{months} months")),
                },
            };
            sheet.item(&label, &label_en, &value, &value_en);
        }
        let (ja, en) = match self.first_review {
            FirstReview::NextFullPeriod => (
                "入社後、全期間在籍した最初の評価期間の評価で行う",
                "with the first review period that you work as a whole",
            ),
            FirstReview::Prorated => (
                "入社した評価期間の評価で、在籍日数に応じて行う",
                "with the review period in which you start, in proportion to its days",
            ),
            FirstReview::StandardRating => (
                "入社した評価期間の評価で、標準評価により行う",
                "with the review period in which you start, at the standard rating",
            ),
        };
        sheet.item("初回の処遇見直し", "First review of your pay", ja, en);
        let (rest_ja, rest_en) = match &self.credited {
            Some(_) => (
                "ここに記載のない事項は、法令による通算を除き、就業規則によります。",
                "What is not named here follows the work rules, apart from what the law itself counts.",
            ),
            None => (
                "過去の在籍期間の通算は、記録を確認のうえお知らせします。",
                "How your earlier employment counts is told once the records are checked.",
            ),
        };
        sheet.paragraph(
            &format!("在籍期間の通算と初回の見直しは、アルムナイ制度規程（{policy}）によります。{rest_ja}"),
            &format!("Both follow the policy of the alumni programme ({policy}). {rest_en}"),
        );
    }
}

const fn benefit_named(benefit: BridgingBenefit) -> (&'static str, &'static str) {
    match benefit {
        BridgingBenefit::AnnualLeave => ("年次有給休暇", "annual leave"),
        BridgingBenefit::RetirementAllowance => ("退職金", "the retirement allowance"),
        BridgingBenefit::LongServiceAward => ("永年勤続表彰", "the long-service award"),
        BridgingBenefit::Promotion => ("昇格の在級年数", "promotion"),
        BridgingBenefit::Pension => ("企業年金", "the company pension"),
    }
}
