//! Rules that were evaluated for a decision, and the human answers to those that do not pass by themselves: a HOLD is
//! answered, a WARN acknowledged, a LEGAL lifted by a recorded opinion only, a BLOCK by nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::ActorId;
use crate::labour;
use crate::values::{Clause, EvidenceRef, FreeText};

/// What a rule says of a case.
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
pub enum Outcome {
    /// Nothing stands in the way.
    Pass,
    /// Somebody has to acknowledge it, with a reason.
    Warn,
    /// A fact is missing; somebody has to answer it.
    Hold,
    /// Only a recorded legal opinion lifts it.
    Legal,
    /// Nothing lifts it.
    Block,
}

/// One rule, evaluated: passed ones are recorded as well, so that a decision can be replayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleResult {
    /// The rule's id, such as `REF-06`.
    pub rule: String,
    /// What it says.
    pub outcome: Outcome,
    /// The finding, for programs: such as `employment_unknown`.
    pub code: String,
    /// The clause or law behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Clause>,
}

/// How a HOLD is answered.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CheckAnswer {
    /// The missing fact is there, and it is as the rule wants it.
    Satisfied,
    /// The missing fact is there, and it is not as the rule wants it.
    NotSatisfied,
    /// The employment went on in substance (LAB-05).
    Continuous,
    /// It did not: they begin anew (LAB-05).
    NewStart,
    /// A retirement payment was made for the earlier time (LAB-07).
    RetirementPaid,
    /// None was made: the earlier time adds to the years of service (LAB-07).
    RetirementUnpaid,
    /// One was made, and the plan counts that time again: what overlaps is deducted (LAB-07).
    RetirementCountedAgain,
    /// The agency was told that it may not send them (LAB-04). The bar stands all the same.
    AgencyTold,
}

impl CheckAnswer {
    /// Whether the fact is there and stands in nobody's way.
    const fn settles(self) -> bool {
        match self {
            Self::NotSatisfied | Self::AgencyTold => false,
            Self::Satisfied
            | Self::Continuous
            | Self::NewStart
            | Self::RetirementPaid
            | Self::RetirementUnpaid
            | Self::RetirementCountedAgain => true,
        }
    }
}

/// A human answer to a rule that does not pass by itself. Part of the events of every case that rules bear on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Settlement {
    /// A HOLD was answered; or it was recorded that somebody was told of a BLOCK.
    Answered {
        /// The rule.
        rule: String,
        /// The answer.
        answer: CheckAnswer,
        /// Where the evidence lies.
        evidence_ref: EvidenceRef,
        /// Who answered.
        by: ActorId,
    },
    /// A WARN was acknowledged.
    Acknowledged {
        /// The rule.
        rule: String,
        /// Why it goes on all the same, in words.
        reason: FreeText,
        /// Who acknowledged.
        by: ActorId,
    },
    /// A legal opinion was recorded.
    LegalOpinion {
        /// The rule.
        rule: String,
        /// Where the opinion lies.
        opinion_ref: EvidenceRef,
        /// The last day on which it may be relied on.
        valid_until: NaiveDate,
        /// Who recorded it.
        by: ActorId,
    },
}

impl Settlement {
    /// The rule that it settles.
    pub fn rule(&self) -> &str {
        match self {
            Self::Answered { rule, .. } | Self::Acknowledged { rule, .. } | Self::LegalOpinion { rule, .. } => rule,
        }
    }

    /// Whether it settles a rule with this outcome on a day.
    fn settles(&self, outcome: Outcome, on: NaiveDate) -> bool {
        match (outcome, self) {
            (Outcome::Pass, _) => true,
            (Outcome::Warn, Self::Acknowledged { .. }) => true,
            (Outcome::Hold, Self::Answered { answer, .. }) => answer.settles(),
            (Outcome::Legal, Self::LegalOpinion { valid_until, .. }) => on <= *valid_until,
            (Outcome::Warn | Outcome::Hold | Outcome::Legal | Outcome::Block, _) => false,
        }
    }
}

/// Why a settlement is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettlementError {
    /// The rule was not evaluated for this case.
    #[error("rule {rule} was not evaluated for this case")]
    RuleNotEvaluated {
        /// The rule named.
        rule: String,
    },
    /// That is no answer to such an outcome.
    #[error("rule {rule} says {}; that is not lifted so", <&'static str>::from(.outcome))]
    WrongAnswer {
        /// The rule named.
        rule: String,
        /// What it says.
        outcome: Outcome,
    },
}

/// The rules that bear on a case, and what was answered to them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Checks {
    results: BTreeMap<String, RuleResult>,
    settled: BTreeMap<String, Settlement>,
}

impl Checks {
    /// Takes in an evaluation: of each rule the latest counts. What was settled stays settled while the finding is the same.
    pub fn evaluated<'a>(&mut self, results: impl IntoIterator<Item = &'a RuleResult>) {
        for result in results {
            if self.results.get(&result.rule).is_some_and(|known| known != result) {
                self.settled.remove(&result.rule);
            }
            self.results.insert(result.rule.clone(), result.clone());
        }
    }

    /// Takes in an evaluation of somebody else than before: what was found of whoever these rules were about then stands no
    /// more, nor does what was answered. Where nothing was evaluated, the findings stand and are answered anew.
    pub fn evaluated_anew(&mut self, about: &[&str], results: &[RuleResult]) {
        self.ask_again(about);
        if !results.is_empty() {
            self.results.retain(|rule, _| !about.contains(&rule.as_str()));
        }
        self.evaluated(results);
    }

    /// Takes in an evaluation that is whole: what it does not tell of stands no more.
    pub fn only<'a>(&mut self, results: impl IntoIterator<Item = &'a RuleResult> + Clone) {
        let told: BTreeSet<&str> = results.clone().into_iter().map(|result| result.rule.as_str()).collect();
        self.results.retain(|rule, _| told.contains(rule.as_str()));
        self.settled.retain(|rule, _| told.contains(rule.as_str()));
        self.evaluated(results);
    }

    /// What was answered to these rules is to be answered again.
    pub fn ask_again(&mut self, rules: &[&str]) {
        self.settled.retain(|rule, _| !rules.contains(&rule.as_str()));
    }

    /// Whether a rule was evaluated.
    pub fn knows(&self, rule: &str) -> bool {
        self.results.contains_key(rule)
    }

    /// Takes in a human answer.
    pub fn settled(&mut self, settlement: &Settlement) {
        self.settled.insert(settlement.rule().to_owned(), settlement.clone());
    }

    /// Whether an answer may be recorded; `Ok(false)` where the very same stands. An answer with words always says something new.
    pub fn admits(&self, settlement: &Settlement) -> Result<bool, SettlementError> {
        let rule = settlement.rule().to_owned();
        let Some(result) = self.results.get(&rule) else { return Err(SettlementError::RuleNotEvaluated { rule }) };
        let fits = match (result.outcome, settlement) {
            (outcome, Settlement::Answered { answer, .. }) => labour::answers(&rule, outcome).contains(answer),
            (Outcome::Warn, Settlement::Acknowledged { .. }) | (Outcome::Legal, Settlement::LegalOpinion { .. }) => {
                true
            }
            (
                Outcome::Pass | Outcome::Warn | Outcome::Hold | Outcome::Legal | Outcome::Block,
                Settlement::Acknowledged { .. } | Settlement::LegalOpinion { .. },
            ) => false,
        };
        if !fits {
            return Err(SettlementError::WrongAnswer { rule, outcome: result.outcome });
        }
        Ok(self.settled.get(&rule) != Some(settlement) || matches!(settlement, Settlement::Acknowledged { .. }))
    }

    /// The rules that stand in the way on a day, in order of their ids.
    pub fn open(&self, on: NaiveDate) -> Vec<&RuleResult> {
        let settles = |result: &&RuleResult| {
            result.outcome == Outcome::Pass
                || self.settled.get(&result.rule).is_some_and(|settled| settled.settles(result.outcome, on))
        };
        self.results.values().filter(|result| !settles(result)).collect()
    }

    /// What was answered to a question, where it was.
    pub fn answer(&self, rule: &str) -> Option<CheckAnswer> {
        match self.settled.get(rule)? {
            Settlement::Answered { answer, .. } => Some(*answer),
            Settlement::Acknowledged { .. } | Settlement::LegalOpinion { .. } => None,
        }
    }

    /// Everything that was evaluated, in order of the rules' ids.
    pub fn results(&self) -> impl Iterator<Item = &RuleResult> {
        self.results.values()
    }
}

/// A rule that passed, and the clause or law behind it.
pub fn passed(rule: &str, code: &str, basis: &str) -> RuleResult {
    found(rule, Outcome::Pass, code, basis)
}

/// What a rule found, and the clause or law behind it.
pub fn found(rule: &str, outcome: Outcome, code: &str, basis: &str) -> RuleResult {
    RuleResult { rule: rule.to_owned(), outcome, code: code.to_owned(), basis: Some(basis.to_owned()) }
}

/// Clauses in one line, each once, in the order in which they were found.
pub fn each(clauses: impl IntoIterator<Item = Clause>) -> Clause {
    let mut told: Vec<Clause> = Vec::new();
    for clause in clauses {
        if !told.contains(&clause) {
            told.push(clause);
        }
    }
    told.join("; ")
}

/// The clauses of everything that bars, in one line; nothing where nothing bars or names one.
pub fn clauses_that_bar<'a>(rules: impl IntoIterator<Item = &'a RuleResult>) -> Option<Clause> {
    let bars = rules.into_iter().filter(|rule| rule.outcome == Outcome::Block);
    Some(each(bars.filter_map(|rule| rule.basis.clone()))).filter(|clauses| !clauses.is_empty())
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::{CheckAnswer, Checks, Outcome, Settlement, SettlementError, clauses_that_bar, found, passed};
    use crate::ids::ActorId;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn answered(rule: &str, answer: CheckAnswer) -> Settlement {
        let by = ActorId(Uuid::from_u128(1));
        Settlement::Answered { rule: rule.into(), answer, evidence_ref: "hr/1".into(), by }
    }

    #[test]
    fn each_outcome_is_lifted_by_its_own_answer_only() {
        let mut checks = Checks::default();
        checks.evaluated(&[
            passed("REF-01", "employee", "職業安定法36条・40条"),
            found("REF-18", Outcome::Hold, "note_missing", "通達"),
            found("REF-06", Outcome::Block, "outsider", "職安法36条"),
        ]);
        let on = day("2026-11-25");
        let open = |checks: &Checks| checks.open(on).iter().map(|one| one.rule.clone()).collect::<Vec<_>>();
        assert_eq!(open(&checks), ["REF-06", "REF-18"]);
        assert!(matches!(
            checks.admits(&answered("REF-06", CheckAnswer::Satisfied)),
            Err(SettlementError::WrongAnswer { outcome: Outcome::Block, .. })
        ));
        assert!(matches!(
            checks.admits(&answered("REF-99", CheckAnswer::Satisfied)),
            Err(SettlementError::RuleNotEvaluated { .. })
        ));
        checks.settled(&answered("REF-18", CheckAnswer::NotSatisfied));
        assert_eq!(open(&checks), ["REF-06", "REF-18"]);
        checks.settled(&answered("REF-18", CheckAnswer::Satisfied));
        assert_eq!(open(&checks), ["REF-06"]);
        assert_eq!(checks.admits(&answered("REF-18", CheckAnswer::Satisfied)), Ok(false));
    }

    #[test]
    fn that_the_agency_was_told_of_a_bar_is_recorded_and_lifts_nothing() {
        let barred = found("LAB-04", Outcome::Block, "dispatched_within_a_year", "労働者派遣法35条の5");
        let mut checks = Checks::default();
        checks.evaluated([&barred, &found("REF-06", Outcome::Block, "outsider", "職安法36条")]);
        let told = answered("LAB-04", CheckAnswer::AgencyTold);
        assert_eq!(checks.admits(&told), Ok(true));
        for other in [answered("LAB-04", CheckAnswer::Satisfied), answered("REF-06", CheckAnswer::AgencyTold)] {
            assert!(matches!(checks.admits(&other), Err(SettlementError::WrongAnswer { .. })), "{other:?}");
        }
        checks.settled(&told);
        assert_eq!(checks.admits(&told), Ok(false));
        assert_eq!(checks.open(day("2026-11-25")).len(), 2);
        // Where it is not known whether they are barred, there is nothing to tell yet.
        checks.evaluated([&found("LAB-04", Outcome::Hold, "service_unknown", "労働者派遣法35条の5")]);
        assert!(matches!(checks.admits(&told), Err(SettlementError::WrongAnswer { .. })));
        assert_eq!(checks.answer("LAB-04"), None);
    }

    #[test]
    fn every_clause_that_bars_is_named_once() {
        let rules = [
            found("ELG-06", Outcome::Block, "not_eligible", "第33条"),
            found("ELG-07", Outcome::Hold, "x", "第34条"),
            found("PRV-13", Outcome::Block, "flag_in_force", "第12条"),
            found("ELG-08", Outcome::Block, "too_short", "第33条"),
        ];
        assert_eq!(clauses_that_bar(&rules).as_deref(), Some("第33条; 第12条"));
        assert_eq!(clauses_that_bar(&rules[1..2]), None);
    }

    #[test]
    fn an_opinion_ends_and_a_new_finding_needs_a_new_answer() {
        let mut checks = Checks::default();
        let finding = found("REF-07", Outcome::Legal, "commissioned", "職安法36条3項");
        checks.evaluated([&finding]);
        let by = ActorId(Uuid::from_u128(1));
        let opinion = Settlement::LegalOpinion {
            rule: "REF-07".into(),
            opinion_ref: "legal/7".into(),
            valid_until: day("2027-03-31"),
            by,
        };
        assert_eq!(checks.admits(&opinion), Ok(true));
        checks.settled(&opinion);
        assert!(checks.open(day("2027-03-31")).is_empty());
        assert_eq!(checks.open(day("2027-04-01")).len(), 1);
        checks.evaluated([&finding]);
        assert!(checks.open(day("2027-03-31")).is_empty(), "the same finding stays settled");
        checks.evaluated([&found("REF-07", Outcome::Legal, "quota", "職安法36条3項")]);
        assert_eq!(checks.open(day("2027-03-31")).len(), 1);
    }

    #[test]
    fn what_was_answered_about_one_person_says_nothing_about_another() {
        let about = ["REF-01", "REF-06"];
        let unknown = found("REF-01", Outcome::Hold, "employment_unknown", "職業安定法36条・40条");
        let note = found("REF-18", Outcome::Hold, "note_missing", "通達");
        let mut checks = Checks::default();
        checks.evaluated([&unknown, &passed("REF-06", "no_outsider", "職業安定法36条・40条"), &note]);
        checks.settled(&answered("REF-01", CheckAnswer::Satisfied));
        checks.settled(&answered("REF-18", CheckAnswer::Satisfied));
        let open =
            |checks: &Checks| checks.open(day("2026-11-25")).iter().map(|one| one.rule.clone()).collect::<Vec<_>>();
        assert!(open(&checks).is_empty());
        let mut unevaluated = checks.clone();
        unevaluated.evaluated_anew(&about, &[]);
        assert_eq!(open(&unevaluated), ["REF-01"]);
        checks.evaluated_anew(&about, &[unknown, note]);
        assert_eq!(open(&checks), ["REF-01"], "the note is about the plan");
        assert_eq!(checks.results().map(|one| &*one.rule).collect::<Vec<_>>(), ["REF-01", "REF-18"]);
    }
}
