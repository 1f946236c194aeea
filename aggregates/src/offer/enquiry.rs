//! Questions of a returner about their conditions, and the employer's answers (パート有期法14条2項, PAY-02).

use chrono::{Days, NaiveDate};

use super::{OfferError, OfferEvent, Standing};
use crate::ids::ActorId;
use crate::issued::Actor;
use crate::pay::{RegularComparison, is_compared};
use crate::values::FreeText;

/// The rule about explanations on request.
pub const ENQUIRY: &str = "PAY-02";

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enquiry {
    /// In words. Class `recruiting`.
    pub question: Option<FreeText>,
    /// How it came in, where somebody records it for the person. Class `recruiting`.
    pub recorded_for: Option<FreeText>,
    /// Within how many days the pay policy in force has it answered.
    pub within_days: u32,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What differs from others who do such work, and why. Class `pay_decision`; the returner reads it.
    pub answer: FreeText,
    /// The conditions beside regular workers, item by item: for whoever is not one, where the assessment has no comparison.
    pub comparison: Option<Box<RegularComparison>>,
    /// In which role.
    pub role: String,
}

impl Standing {
    /// The candidate asks, or a human being who says how the question came in. One question waits at a time.
    pub(super) fn request_explanation(
        &self,
        by: Actor,
        on: NaiveDate,
        enquiry: Enquiry,
    ) -> Result<Vec<OfferEvent>, OfferError> {
        let Enquiry { question, recorded_for, within_days } = enquiry;
        self.answers(by, recorded_for.as_ref())?;
        if let Some(answer_by) = self.answer_by {
            return match (question, recorded_for) {
                (None, None) => Ok(vec![]),
                (Some(_), _) | (None, Some(_)) => Err(OfferError::ExplanationPending { answer_by }),
            };
        }
        let answer_by = on.checked_add_days(Days::new(within_days.into())).unwrap_or(on);
        Ok(vec![OfferEvent::ExplanationRequested { requested_by: by.id, answer_by, question, recorded_for }])
    }

    /// That a contract is of another type explains nothing: who is not a regular worker is told the comparison.
    pub(super) fn answer_explanation(
        &self,
        given_by: ActorId,
        explanation: Explanation,
    ) -> Result<Vec<OfferEvent>, OfferError> {
        if given_by == self.account {
            return Err(OfferError::CandidateExcluded);
        }
        if self.answer_by.is_none() {
            return Err(OfferError::NoExplanationPending);
        }
        let Explanation { answer, comparison, role } = explanation;
        let items = match &self.assessed {
            Some(assessed) => assessed.basis.offered.items.clone(),
            // Nobody has said how many hours are full time.
            None => self.terms.compared_items(0),
        };
        let compared = is_compared(self.terms.employment_type) || !items.is_empty();
        let known = self.assessed.as_ref().and_then(|assessed| assessed.basis.comparison.as_ref());
        let told = known.is_some_and(|known| known.lacks(&items).is_none());
        match (&comparison, compared) {
            (Some(_), false) => return Err(OfferError::NothingToCompare),
            (None, true) if !told => return Err(OfferError::ComparisonRequired),
            (Some(comparison), true) => {
                if let Some(code) = comparison.lacks(&items) {
                    return Err(OfferError::ComparisonLacks { code });
                }
            }
            (None, _) => {}
        }
        Ok(vec![OfferEvent::ExplanationGiven { given_by, role, answer, comparison }])
    }
}
