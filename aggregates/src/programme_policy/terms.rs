//! What a programme policy lays down, and what makes it one that can be followed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::eligibility::SeparationReason;
use crate::values::{Bilingual, Clause};

/// The longest period in days that a policy may state: ten years and a little.
pub const LONGEST_DAYS: u32 = 3660;
/// The longest in months.
pub const LONGEST_MONTHS: u32 = 720;
/// How many clauses a text has at most.
pub const MOST_CLAUSES: usize = 200;
/// How many entries each other list has at most.
pub const MOST_ENTRIES: usize = 50;

/// A clause of the policy's text (条文). Decisions cite it by its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseText {
    /// Its id, such as 第5条第2項.
    pub id: Clause,
    /// Its words.
    #[serde(flatten)]
    pub text: Bilingual,
    /// Why it may name a limit of age, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_limit_ground: Option<AgeLimitGround>,
}

/// Why a limit of age is lawful (労働施策総合推進法施行規則1条の3第1項, LAB-01).
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
pub enum AgeLimitGround {
    /// 1号: below the age of retirement, for an indefinite contract.
    RetirementAge,
    /// 2号: another law keeps an age from the work.
    ProhibitedWork,
    /// 3号イ: young people without experience, for a long career and an indefinite contract.
    LongCareer,
    /// 3号ロ: an age of which few work in an occupation, for an indefinite contract.
    SkillSuccession,
    /// 3号ハ: parts in the arts.
    Arts,
    /// 3号ニ: people of sixty and more, or whom a public measure promotes.
    Promoted,
}

/// Whether words name a limit of age in figures, such as 35歳未満 or 満60歳以上: the form in which sample rules hand the trap on.
/// What is written out otherwise, a human being has to see.
fn names_age_limit(words: &str) -> bool {
    const LIMITS: [&str; 6] = ["以上", "以下", "未満", "まで", "以内", "を超"];
    let after_age = |mark: char| {
        words.match_indices(mark).any(|(at, _)| {
            let number = words.get(..at).and_then(|before| before.trim_end().chars().next_back());
            let limit = words.get(at + mark.len_utf8()..).map(str::trim_start);
            number.is_some_and(|digit| digit.is_ascii_digit() || ('０'..='９').contains(&digit))
                && limit.is_some_and(|rest| {
                    let after = LIMITS.iter().find_map(|limit| rest.strip_prefix(limit));
                    // Of a child, such as 3歳未満の子: not of whoever applies.
                    after.is_some_and(|after| !after.starts_with("の子"))
                })
        })
    };
    ['歳', '才'].into_iter().any(after_age)
}

/// What an entity's programme offers to those who left.
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
pub enum Offering {
    /// Boards, groups, events, newsletters (交流).
    Community,
    /// To come back (再入社).
    Rehire,
    /// To refer people (人材紹介).
    TalentReferral,
    /// To refer business (業務紹介).
    BusinessReferral,
    /// To work on single tasks (業務委託).
    Engagement,
}

/// Who may come back (再入社の条件).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehire {
    /// The clause that lays it down.
    pub clause: Clause,
    /// How many days after leaving nobody may apply.
    pub cooling_off_days: u32,
    /// How many full months of employment, all periods together, somebody must have had.
    pub minimum_tenure_months: u32,
}

/// Who may come back because of why they left (ジョブリターン), on conditions of its own in place of those of [`Rehire`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobReturn {
    /// The clause that lays it down.
    pub clause: Clause,
    /// The reasons for leaving that count.
    pub reasons: BTreeSet<SeparationReason>,
    /// For how many months after leaving.
    pub within_months: u32,
    /// How many days after leaving nobody may apply.
    pub cooling_off_days: u32,
    /// How many full months of employment somebody must have had.
    pub minimum_tenure_months: u32,
    /// For how many months after leaving the wish to return holds that is registered with the departure (ジョブリターン登録);
    /// nothing where none has to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_months: Option<u32>,
}

/// A document that somebody who comes back hands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiredDocument {
    /// Its code.
    pub code: String,
    /// What it is.
    #[serde(flatten)]
    pub name: Bilingual,
}

/// What earlier employment may count for (勤続通算).
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
pub enum BridgingBenefit {
    /// 年次有給休暇.
    AnnualLeave,
    /// 退職金.
    RetirementAllowance,
    /// 永年勤続表彰.
    LongServiceAward,
    /// 昇格の在級年数.
    Promotion,
    /// 企業年金.
    Pension,
}

/// For one benefit, how earlier employment counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bridging {
    /// The benefit.
    pub benefit: BridgingBenefit,
    /// The clause that lays it down.
    pub clause: Clause,
    /// The longest gap in months over which it counts; nothing where it never counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_gap_months: Option<u32>,
    /// After how many months of the new employment it is credited; from the first day on where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_months: Option<u32>,
}

/// How the first review of somebody goes who came back within a review period (査定期間の途中入社).
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
pub enum FirstReview {
    /// With the first period that they were there for as a whole.
    NextFullPeriod,
    /// With the period in which they came back, in proportion to the days.
    Prorated,
    /// With the period in which they came back, at the standard rating.
    StandardRating,
}

/// What referring candidates rests on for those who are not employed.
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
pub enum ReferralBasisKind {
    /// The recruiting through others was notified (委託募集の届出).
    Notification,
    /// A legal opinion says that it is none.
    Opinion,
}

/// Why those who are not employed may refer candidates, for which they are never paid (職業安定法36条3項; REF-06, REF-07).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralBasis {
    /// Of which kind.
    pub kind: ReferralBasisKind,
    /// The number of the notification, or where the opinion lies.
    pub reference: String,
}

/// What a version of a policy lays down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgrammeTerms {
    /// The entity whose programme it is.
    pub legal_entity: String,
    /// Its name.
    pub name: Bilingual,
    /// Its text, clause by clause.
    pub clauses: Vec<ClauseText>,
    /// What the programme offers.
    pub offers: BTreeSet<Offering>,
    /// Whom those turn to whom it does not offer what they ask for: an address or a page.
    pub contact: String,
    /// Who may come back; read where it offers that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehire: Option<Rehire>,
    /// Who may come back because of why they left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_return: Option<JobReturn>,
    /// What somebody who comes back hands in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required_documents: Vec<RequiredDocument>,
    /// What earlier employment counts for; what is not named does not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenure_bridging: Vec<Bridging>,
    /// Up to how many days without employment it is asked whether the employment went on (LAB-05); sixty where it is not stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continuity_days: Option<u32>,
    /// How the first review goes.
    pub first_review: FirstReview,
    /// The clause of how members behave on boards and in groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub community_clause: Option<Clause>,
    /// The country whose labour law employment by the entity follows, by ISO 3166-1; Japan where it is not stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Why those who are not employed may refer candidates; they may not where it is not stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral_basis: Option<ReferralBasis>,
}

/// Why a policy could not be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Unsound {
    /// Words are missing in one language.
    #[error("this is stated in Japanese and in English")]
    LanguageMissing {
        /// Where.
        field: String,
    },
    /// A policy without text.
    #[error("a policy has from 1 to {MOST_CLAUSES} clauses")]
    ClausesOutOfRange,
    /// Two clauses of one id could not be told apart.
    #[error("the clause {id} stands there twice")]
    ClauseTwice {
        /// Its id.
        id: Clause,
    },
    /// A decision would cite what nobody can read.
    #[error("the policy has no clause {id}")]
    ClauseUnknown {
        /// Where it is cited.
        field: &'static str,
        /// The id cited.
        id: Clause,
    },
    /// Whoever may come back is not asked how old they are.
    #[error("the clause names a limit of age: it needs the ground by which that is lawful (LAB-01)")]
    AgeLimit {
        /// Where.
        field: String,
    },
    /// It offers nothing.
    #[error("a programme offers something")]
    NothingOffered,
    /// Nobody could be asked.
    #[error("whoever is not offered what they ask for has to know whom to turn to")]
    ContactRequired,
    /// It offers a return without saying to whom.
    #[error("a programme that offers a return says who may come back")]
    RehireRequired,
    /// It says who may come back without offering it.
    #[error("a programme that does not offer a return has no conditions of one")]
    RehireNotOffered {
        /// Where.
        field: &'static str,
    },
    /// What never counts is credited at no time.
    #[error("earlier employment that never counts is not credited after some months either")]
    NeverCredited,
    /// Not a country.
    #[error("a country is named by two capital letters (ISO 3166-1)")]
    CountryUnknown,
    /// What referring rests on, with nobody to refer.
    #[error("a basis of referring is stated with its reference, in Japan, where the programme offers to refer people")]
    ReferralBasisUnfounded,
    /// A reason that no return rests on.
    #[error("a job return needs at least one reason, and none of those after which nobody returns")]
    JobReturnReasons,
    /// A number that makes no sense.
    #[error("a value between {least} and {most} is expected")]
    OutOfRange {
        /// Where.
        field: &'static str,
        /// The least.
        least: u32,
        /// The most.
        most: u32,
    },
    /// More than anybody reads.
    #[error("at most {MOST_ENTRIES} entries are expected")]
    TooMany {
        /// Where.
        field: &'static str,
    },
    /// The same thing twice.
    #[error("{code} stands there twice")]
    Twice {
        /// Where.
        field: &'static str,
        /// What.
        code: String,
    },
}

impl Unsound {
    /// Where the fault lies, as a JSON pointer into the policy.
    pub fn pointer(&self) -> String {
        match self {
            Self::LanguageMissing { field } | Self::AgeLimit { field } => format!("/{field}"),
            Self::ClausesOutOfRange | Self::ClauseTwice { .. } => "/clauses".to_owned(),
            Self::ClauseUnknown { field, .. }
            | Self::RehireNotOffered { field }
            | Self::OutOfRange { field, .. }
            | Self::TooMany { field }
            | Self::Twice { field, .. } => format!("/{field}"),
            Self::NothingOffered => "/offers".to_owned(),
            Self::ContactRequired => "/contact".to_owned(),
            Self::RehireRequired => "/rehire".to_owned(),
            Self::NeverCredited => "/tenure_bridging".to_owned(),
            Self::JobReturnReasons => "/job_return/reasons".to_owned(),
            Self::CountryUnknown => "/country".to_owned(),
            Self::ReferralBasisUnfounded => "/referral_basis".to_owned(),
        }
    }
}

impl ProgrammeTerms {
    /// Whether it can be followed.
    pub fn check(&self) -> Result<(), Unsound> {
        self.check_text()?;
        self.check_offers()?;
        self.check_conditions()?;
        self.check_lists()
    }

    /// Whether the programme offers something.
    pub fn offers(&self, what: Offering) -> bool {
        self.offers.contains(&what)
    }

    fn check_text(&self) -> Result<(), Unsound> {
        if !self.name.is_said() {
            return Err(Unsound::LanguageMissing { field: "name".to_owned() });
        }
        if !(1..=MOST_CLAUSES).contains(&self.clauses.len()) {
            return Err(Unsound::ClausesOutOfRange);
        }
        let mut seen = BTreeSet::new();
        for (number, clause) in self.clauses.iter().enumerate() {
            if clause.id.trim().is_empty() || !clause.text.is_said() {
                return Err(Unsound::LanguageMissing { field: format!("clauses/{number}") });
            }
            // The law is that of Japan, and the trap is one of its sample rules.
            let here = self.country.as_ref().is_none_or(|code| code == "JP");
            if here && clause.age_limit_ground.is_none() && names_age_limit(&clause.text.ja) {
                return Err(Unsound::AgeLimit { field: format!("clauses/{number}/age_limit_ground") });
            }
            if !seen.insert(&clause.id) {
                return Err(Unsound::ClauseTwice { id: clause.id.clone() });
            }
        }
        let rehire = self.rehire.iter().map(|rehire| ("rehire/clause", &rehire.clause));
        let job_return = self.job_return.iter().map(|one| ("job_return/clause", &one.clause));
        let bridging = self.tenure_bridging.iter().map(|one| ("tenure_bridging", &one.clause));
        let community = self.community_clause.iter().map(|clause| ("community_clause", clause));
        let mut cited = rehire.chain(job_return).chain(bridging).chain(community);
        let unknown = cited.find(|(_, id)| !seen.contains(id));
        unknown.map_or(Ok(()), |(field, id)| Err(Unsound::ClauseUnknown { field, id: id.clone() }))
    }

    fn check_offers(&self) -> Result<(), Unsound> {
        if self.offers.is_empty() {
            return Err(Unsound::NothingOffered);
        }
        if self.contact.trim().is_empty() {
            return Err(Unsound::ContactRequired);
        }
        let is_country = |code: &String| code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase());
        if self.country.as_ref().is_some_and(|code| !is_country(code)) {
            return Err(Unsound::CountryUnknown);
        }
        // The law that it rests on is that of Japan.
        let founded = self.offers(Offering::TalentReferral) && self.country.as_ref().is_none_or(|code| code == "JP");
        let referenced = |basis: &ReferralBasis| !basis.reference.trim().is_empty();
        if !self.referral_basis.as_ref().is_none_or(|basis| founded && referenced(basis)) {
            return Err(Unsound::ReferralBasisUnfounded);
        }
        match (self.offers(Offering::Rehire), &self.rehire, &self.job_return) {
            (true, None, _) => Err(Unsound::RehireRequired),
            (false, Some(_), _) => Err(Unsound::RehireNotOffered { field: "rehire" }),
            (false, None, Some(_)) => Err(Unsound::RehireNotOffered { field: "job_return" }),
            (true, Some(_), _) | (false, None, None) => Ok(()),
        }
    }

    fn check_conditions(&self) -> Result<(), Unsound> {
        if let Some(rehire) = &self.rehire {
            within("rehire/cooling_off_days", rehire.cooling_off_days, 0, LONGEST_DAYS)?;
            within("rehire/minimum_tenure_months", rehire.minimum_tenure_months, 0, LONGEST_MONTHS)?;
        }
        let Some(job_return) = &self.job_return else { return Ok(()) };
        // Nobody returns after these, or they are judged one by one (PRV-13).
        let never = [SeparationReason::Misconduct, SeparationReason::Death, SeparationReason::Transfer];
        if job_return.reasons.is_empty() || never.iter().any(|reason| job_return.reasons.contains(reason)) {
            return Err(Unsound::JobReturnReasons);
        }
        within("job_return/within_months", job_return.within_months, 1, LONGEST_MONTHS)?;
        within("job_return/cooling_off_days", job_return.cooling_off_days, 0, LONGEST_DAYS)?;
        within("job_return/minimum_tenure_months", job_return.minimum_tenure_months, 0, LONGEST_MONTHS)?;
        let registered = job_return.registration_months;
        registered.map_or(Ok(()), |months| within("job_return/registration_months", months, 1, LONGEST_MONTHS))
    }

    fn check_lists(&self) -> Result<(), Unsound> {
        if let Some(days) = self.continuity_days {
            within("continuity_days", days, 0, LONGEST_DAYS)?;
        }
        if self.required_documents.len() > MOST_ENTRIES {
            return Err(Unsound::TooMany { field: "required_documents" });
        }
        let mut codes = BTreeSet::new();
        for (number, document) in self.required_documents.iter().enumerate() {
            if document.code.trim().is_empty() || !document.name.is_said() {
                return Err(Unsound::LanguageMissing { field: format!("required_documents/{number}") });
            }
            if !codes.insert(&document.code) {
                return Err(Unsound::Twice { field: "required_documents", code: document.code.clone() });
            }
        }
        let mut benefits = BTreeSet::new();
        for bridging in &self.tenure_bridging {
            if !benefits.insert(bridging.benefit) {
                let code: &str = bridging.benefit.into();
                return Err(Unsound::Twice { field: "tenure_bridging", code: code.to_owned() });
            }
            let months = [bridging.longest_gap_months, bridging.after_months];
            for months in months.into_iter().flatten() {
                within("tenure_bridging", months, 0, LONGEST_MONTHS)?;
            }
            if bridging.longest_gap_months.is_none() && bridging.after_months.is_some() {
                return Err(Unsound::NeverCredited);
            }
        }
        Ok(())
    }
}

fn within(field: &'static str, value: u32, least: u32, most: u32) -> Result<(), Unsound> {
    if (least..=most).contains(&value) { Ok(()) } else { Err(Unsound::OutOfRange { field, least, most }) }
}
