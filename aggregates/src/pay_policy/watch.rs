//! What is watched over under a policy: the figures of each month that is over, and what follows from them. An alert of the
//! monitoring reports (MON-01…05) waits for somebody to look; a pay gap that nobody justified or mended in time leads to a joint pay
//! assessment (PAY-06); and once a year the pay gap is published (PAY-08).

use chrono::{Datelike as _, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{PayPolicyError, PayPolicyEvent, Standing};
use crate::ids::ActorId;
use crate::issued::{Actor, ActorKind};
use crate::values::{EvidenceRef, FreeText};

/// The rule about pay gaps that stay.
pub const JOINT_ASSESSMENT: &str = "PAY-06";
/// The rule about the publication of the pay gap.
pub const PUBLICATION: &str = "PAY-08";
/// Within how many days somebody looks at an alert that names no day of its own.
const LOOK_DAYS: u64 = 30;
/// Within how many months a joint pay assessment is made.
const ASSESSMENT: Months = Months::new(6);
/// Within how many months after the end of the year the pay gap is published (女性活躍推進法の省令: おおむね3か月).
const PUBLISHED_WITHIN: u32 = 3;
/// The table of MON-05 whose rows are approvers, by the keys of their accounts.
const APPROVERS: &str = "approver";
/// From so many employees on an employer publishes it (女性活躍推進法20条, 2026-04-01).
const PUBLISHES_FROM: u32 = 101;

/// A row of a monitoring report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AlertKey {
    /// The report, such as `pay-gaps`.
    pub report: String,
    /// The table.
    pub table: String,
    /// The row; nothing for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
}

/// A row whose figures have somebody look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raised {
    /// Which.
    #[serde(flatten)]
    pub alert: AlertKey,
    /// The rule of the report.
    pub rule: String,
    /// The last day of the first month in which it was so.
    pub since: NaiveDate,
    /// By when somebody looks; nothing where the rule names no day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
}

/// Whose law asks for more than a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayGapLaw {
    /// Japan: the gap is published (女性活躍推進法).
    Japan,
    /// A member state of the European Union: a joint pay assessment (Directive (EU) 2023/970 Art. 10).
    EuropeanUnion,
    /// Another.
    None,
}

/// The figures of a month, as far as somebody has to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The last day of the month.
    pub last_day: NaiveDate,
    /// The rows that have somebody look.
    pub raised: Vec<Raised>,
    /// The rows whose figures have nobody look. What is told of neither stands as it is: no figure is no answer.
    pub quiet: Vec<AlertKey>,
    /// How many work in the entity by its latest file.
    pub employees: u32,
    /// The law of the entity.
    pub law: PayGapLaw,
}

/// What came of looking at an alert.
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
pub enum AlertOutcome {
    /// Objective, sex-neutral grounds explain it.
    Justified,
    /// It is being mended.
    Mended,
    /// It was assessed together with the workers' representatives.
    JointlyAssessed,
}

/// A look at an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertReview {
    /// What came of it.
    pub outcome: AlertOutcome,
    /// Why. Class `pay_decision`.
    pub reason: FreeText,
    /// Where it lies.
    pub evidence_ref: EvidenceRef,
}

/// The publication of the pay gap of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// The day.
    pub published_on: NaiveDate,
    /// Where it stands.
    pub evidence_ref: EvidenceRef,
}

/// An alert that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingAlert {
    /// Which.
    pub alert: AlertKey,
    /// By when somebody looks.
    pub look_by: NaiveDate,
    /// By when it is assessed jointly; nothing where nobody has to.
    pub jointly_by: Option<NaiveDate>,
    /// What came of it.
    pub review: Option<AlertReview>,
}

/// A year whose pay gap is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuePublication {
    /// Its last day.
    pub year_ends: NaiveDate,
    /// Its publication.
    pub done: Option<Publication>,
}

/// What is watched over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// The last day of the last month that was closed under the policy.
    pub closed: Option<NaiveDate>,
    /// The alerts that stand.
    pub alerts: Vec<StandingAlert>,
    /// The years whose pay gap is published.
    pub publications: Vec<DuePublication>,
}

impl StandingAlert {
    /// Whether it still waits: what is being mended has not been (PAY-06).
    fn is_open(&self) -> bool {
        self.review.as_ref().is_none_or(|review| review.outcome == AlertOutcome::Mended)
    }
}

/// The last day of the month so many months later.
fn month_end(day: NaiveDate, months: u32) -> NaiveDate {
    let next = day.with_day(1).and_then(|first| first.checked_add_months(Months::new(months + 1)));
    next.and_then(|first| first.pred_opt()).unwrap_or(day)
}

impl Watch {
    pub(super) fn after(&mut self, event: PayPolicyEvent) {
        use PayPolicyEvent as E;
        match event {
            E::MonthClosed { last_day } => self.closed = Some(last_day),
            E::AlertRaised { raised, look_by } => {
                let alert = raised.alert;
                self.alerts.push(StandingAlert { alert, look_by, jointly_by: None, review: None });
            }
            E::AlertCleared { alert, .. } => self.alerts.retain(|one| one.alert != alert),
            E::JointAssessmentDue { alert, due_on } => {
                self.standing(&alert).for_each(|one| (one.jointly_by, one.review) = (Some(due_on), None));
            }
            E::AlertReviewed { alert, review, .. } => {
                self.standing(&alert).for_each(|one| one.review = Some(review.clone()));
            }
            E::PublicationDue { year_ends, .. } => self.publications.push(DuePublication { year_ends, done: None }),
            E::PayGapPublished { year_ends, publication, .. } => {
                let of_it = self.publications.iter_mut().filter(|one| one.year_ends == year_ends);
                of_it.for_each(|one| one.done = Some(publication.clone()));
            }
            // What was laid down is kept beside it.
            E::Drafted { .. }
            | E::Revised { .. }
            | E::Approved { .. }
            | E::Published { .. }
            | E::RetirementProposed { .. }
            | E::Retired { .. } => {}
        }
    }

    fn standing(&mut self, alert: &AlertKey) -> impl Iterator<Item = &mut StandingAlert> {
        self.alerts.iter_mut().filter(move |one| one.alert == *alert)
    }
}

impl Standing {
    /// The first day after the next month that ends under the policy.
    pub(super) fn next_close(&self) -> Option<NaiveDate> {
        let begins = self.versions.published.iter().map(|version| version.effective_from).min()?;
        let from = self.watch.closed.and_then(|closed| closed.succ_opt()).unwrap_or(begins).max(begins);
        from.with_day(1)?.checked_add_months(Months::new(1))
    }

    /// The month before is over; of several that nobody looked at the last one counts.
    pub(super) fn close_month(&self, on: NaiveDate) -> Vec<PayPolicyEvent> {
        let due = self.next_close().is_some_and(|day| day <= on);
        let last_day = on.with_day(1).and_then(|first| first.pred_opt()).filter(|_| due);
        last_day.map(|last_day| PayPolicyEvent::MonthClosed { last_day }).into_iter().collect()
    }

    pub(super) fn note_figures(&self, figures: Figures, on: NaiveDate) -> Vec<PayPolicyEvent> {
        let Figures { last_day, raised, quiet, employees, law } = figures;
        // A later month was closed meanwhile.
        if self.watch.closed != Some(last_day) {
            return vec![];
        }
        let stands = |alert: &AlertKey| self.watch.alerts.iter().any(|one| one.alert == *alert);
        let (gone, stay): (Vec<_>, Vec<_>) = self.watch.alerts.iter().partition(|one| quiet.contains(&one.alert));
        let cleared = gone.into_iter().map(|one| PayPolicyEvent::AlertCleared { alert: one.alert.clone(), last_day });
        let overdue = |one: &&StandingAlert| {
            let of_time = raised.iter().any(|raised| raised.alert == one.alert && raised.due_on.is_some());
            law == PayGapLaw::EuropeanUnion
                && of_time
                && one.look_by <= last_day
                && one.is_open()
                && one.jointly_by.is_none()
        };
        let jointly = stay.into_iter().filter(overdue).map(|one| PayPolicyEvent::JointAssessmentDue {
            alert: one.alert.clone(),
            due_on: on.checked_add_months(ASSESSMENT).unwrap_or(on),
        });
        let look = on.checked_add_days(Days::new(LOOK_DAYS)).unwrap_or(on);
        let news = raised.iter().filter(|raised| !stands(&raised.alert));
        let news = news.map(|raised| PayPolicyEvent::AlertRaised {
            raised: raised.clone(),
            // A time that is over when it is first seen still leaves somebody time to look.
            look_by: raised.due_on.map_or(look, |due_on| due_on.max(look)),
        });
        let publishes = law == PayGapLaw::Japan && employees >= PUBLISHES_FROM;
        let year_ends = self
            .year_over(last_day)
            .filter(|year_ends| publishes && !self.watch.publications.iter().any(|one| one.year_ends == *year_ends));
        let publication = year_ends.map(|year_ends| PayPolicyEvent::PublicationDue {
            year_ends,
            due_on: month_end(year_ends, PUBLISHED_WITHIN),
        });
        cleared.chain(jointly).chain(news).chain(publication).collect()
    }

    /// The last day of a fiscal year that is over and may still be published in time: whoever looks late finds it as well. Only
    /// years that end after 1 April 2026 are published so (PAY-08).
    fn year_over(&self, last_day: NaiveDate) -> Option<NaiveDate> {
        let ends = self.versions.governing(last_day)?.terms.fiscal_year_ends;
        let months = (last_day.month() + 12 - ends) % 12;
        let first = last_day.with_day(1)?.checked_sub_months(Months::new(months))?;
        let ends = (months < PUBLISHED_WITHIN).then(|| month_end(first, 0));
        ends.filter(|ends| NaiveDate::from_ymd_opt(2026, 4, 1).is_some_and(|since| *ends > since))
    }

    pub(super) fn review_alert(
        &self,
        by: Actor,
        alert: AlertKey,
        review: AlertReview,
    ) -> Result<Vec<PayPolicyEvent>, PayPolicyError> {
        if by.kind != ActorKind::Person {
            return Err(PayPolicyError::NaturalPersonRequired);
        }
        let standing = self.watch.alerts.iter().find(|one| one.alert == alert).ok_or(PayPolicyError::NoSuchAlert)?;
        // An alert about an approver is nothing that they explain away themselves.
        if alert.table == APPROVERS && alert.row.as_deref() == Some(by.id.0.to_string().as_str()) {
            return Err(PayPolicyError::OwnAlert);
        }
        match &standing.review {
            Some(known) if *known == review => Ok(vec![]),
            // What is being mended may turn out to be justified, or to take an assessment.
            Some(known) if known.outcome != AlertOutcome::Mended => Err(PayPolicyError::AlertReviewed),
            // Six months have gone by: what would have done before does not any more.
            _ if standing.jointly_by.is_some() && review.outcome != AlertOutcome::JointlyAssessed => {
                Err(PayPolicyError::JointAssessmentRequired)
            }
            Some(_) | None => Ok(vec![PayPolicyEvent::AlertReviewed { alert, review, reviewed_by: by.id }]),
        }
    }

    pub(super) fn record_publication(
        &self,
        recorded_by: ActorId,
        on: NaiveDate,
        (year_ends, publication): (NaiveDate, Publication),
    ) -> Result<Vec<PayPolicyEvent>, PayPolicyError> {
        let due = self.watch.publications.iter().find(|one| one.year_ends == year_ends);
        match due.ok_or(PayPolicyError::PublicationNotDue)?.done.as_ref() {
            Some(known) if *known == publication => Ok(vec![]),
            Some(_) => Err(PayPolicyError::PayGapPublished),
            None if publication.published_on > on || publication.published_on <= year_ends => {
                Err(PayPolicyError::PublishedOutsideTheYear { after: year_ends, today: on })
            }
            None => Ok(vec![PayPolicyEvent::PayGapPublished { year_ends, publication, recorded_by }]),
        }
    }
}
