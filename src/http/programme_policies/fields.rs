//! What a version of a programme policy lays down, as requests state it.

use std::collections::BTreeSet;

use aggregates::eligibility::SeparationReason;
use aggregates::programme_policy::{
    AgeLimitGround, Bridging, BridgingBenefit, ClauseText, FirstReview, JobReturn, Offering, ProgrammeTerms,
    ReferralBasis, ReferralBasisKind, Rehire, RequiredDocument,
};
use aggregates::values::Bilingual;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::http::fields::{Given, all_named, named, restate, several_of};
use crate::http::problem::Problem;
use crate::http::request::{Line, Words, one_of, one_of_or_null};

/// The same words in both languages.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BilingualField {
    /// In Japanese.
    ja: Line,
    /// In English.
    en: Line,
}

impl From<BilingualField> for Bilingual {
    fn from(field: BilingualField) -> Self {
        Self { ja: field.ja.0, en: field.en.0 }
    }
}

/// A clause of the text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClauseField {
    /// Its id, by which decisions cite it.
    #[schema(examples("第5条"))]
    id: Line,
    /// Its words in Japanese.
    ja: Words,
    /// Its words in English.
    en: Words,
    /// Why it may name a limit of age, where it does (LAB-01).
    #[schema(schema_with = one_of_or_null::<AgeLimitGround>)]
    age_limit_ground: Option<String>,
}

/// Who may come back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RehireField {
    /// The clause that lays it down.
    clause: Line,
    /// How many days after leaving nobody may apply.
    #[serde(default)]
    #[schema(maximum = 3660)]
    cooling_off_days: u32,
    /// How many full months of employment, all periods together, somebody must have had.
    #[serde(default)]
    #[schema(maximum = 720)]
    minimum_tenure_months: u32,
}

/// Who may come back because of why they left (ジョブリターン).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct JobReturnField {
    /// The clause that lays it down.
    clause: Line,
    /// The reasons for leaving that count.
    #[schema(schema_with = several_of::<SeparationReason>)]
    reasons: Vec<String>,
    /// For how many months after leaving.
    #[schema(minimum = 1, maximum = 720)]
    within_months: u32,
    /// How many days after leaving nobody may apply.
    #[serde(default)]
    #[schema(maximum = 3660)]
    cooling_off_days: u32,
    /// How many full months of employment somebody must have had.
    #[serde(default)]
    #[schema(maximum = 720)]
    minimum_tenure_months: u32,
    /// For how many months after leaving the wish to return holds that is registered with the departure; none has to be when not
    /// given.
    #[schema(minimum = 1, maximum = 720)]
    registration_months: Option<u32>,
}

impl JobReturnField {
    fn read(self) -> Result<JobReturn, Problem> {
        Ok(JobReturn {
            clause: self.clause.0,
            reasons: all_named("/job_return/reasons", &self.reasons)?.into_iter().collect(),
            within_months: self.within_months,
            cooling_off_days: self.cooling_off_days,
            minimum_tenure_months: self.minimum_tenure_months,
            registration_months: self.registration_months,
        })
    }
}

/// A document that somebody who comes back hands in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequiredDocumentField {
    /// Its code.
    #[schema(examples("residence_certificate"))]
    code: Line,
    /// What it is, in Japanese.
    ja: Line,
    /// What it is, in English.
    en: Line,
}

/// For one benefit, how earlier employment counts (勤続通算).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BridgingField {
    #[schema(schema_with = one_of::<BridgingBenefit>)]
    benefit: String,
    /// The clause that lays it down.
    clause: Line,
    /// The longest gap in months over which it counts; never where not given.
    #[schema(maximum = 720)]
    longest_gap_months: Option<u32>,
    /// After how many months of the new employment it is credited; from the first day on where not given.
    #[schema(maximum = 720)]
    after_months: Option<u32>,
}

/// Why those who are not employed may refer candidates, for which they are never paid (職業安定法36条3項).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReferralBasisField {
    #[schema(schema_with = one_of::<ReferralBasisKind>)]
    kind: String,
    /// The number of the notification, or where the opinion lies.
    #[schema(examples("委託募集届出 第123号"))]
    reference: Line,
}

impl ReferralBasisField {
    fn read(self) -> Result<ReferralBasis, Problem> {
        Ok(ReferralBasis { kind: named("/referral_basis/kind", &self.kind)?, reference: self.reference.0 })
    }
}

/// What a version of a policy lays down. What is not given stays on a revision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProgrammePolicyField {
    /// The entity whose programme it is; the employer's first when not given. A policy stays with its entity.
    legal_entity: Option<Line>,
    /// Its name.
    name: Option<BilingualField>,
    /// Its text, clause by clause.
    #[schema(min_items = 1, max_items = 200)]
    clauses: Option<Vec<ClauseField>>,
    /// What the programme offers.
    #[serde(default)]
    #[schema(schema_with = several_of::<Offering>, required = false)]
    offers: Option<Vec<String>>,
    /// Whom those turn to whom it does not offer what they ask for: an address or a page.
    contact: Option<Line>,
    /// Who may come back; needed where it offers that, `null` takes it back.
    #[serde(default)]
    #[schema(value_type = Option<RehireField>)]
    rehire: Given<RehireField>,
    /// Who may come back because of why they left, in place of those conditions; `null` takes it back.
    #[serde(default)]
    #[schema(value_type = Option<JobReturnField>)]
    job_return: Given<JobReturnField>,
    /// What somebody who comes back hands in.
    #[schema(max_items = 50)]
    required_documents: Option<Vec<RequiredDocumentField>>,
    /// What earlier employment counts for; what is not named does not count.
    #[schema(max_items = 50)]
    tenure_bridging: Option<Vec<BridgingField>>,
    /// How the first review goes of somebody who comes back within a review period; `next_full_period` on a draft when not
    /// given.
    #[schema(schema_with = one_of_or_null::<FirstReview>)]
    first_review: Option<String>,
    /// The clause of how members behave on boards and in groups; `null` takes it back.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    community_clause: Given<Line>,
    /// Up to how many days without employment it is asked whether the employment went on (LAB-05); `null` for the usual 60.
    #[serde(default)]
    #[schema(value_type = Option<u32>, maximum = 3660)]
    continuity_days: Given<u32>,
    /// The country whose labour law employment by the entity follows (ISO 3166-1); `null` is Japan.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[A-Z]{2}$")]
    country: Given<Line>,
    /// Why those who are not employed may refer candidates; `null` takes it back, and they may not. Compliance approves a
    /// version that has one.
    #[serde(default)]
    #[schema(value_type = Option<ReferralBasisField>)]
    referral_basis: Given<ReferralBasisField>,
}

/// The same on a draft, which needs its name, its text, what it offers and whom to ask.
#[derive(Debug)]
pub(super) struct DraftProgrammePolicy(pub(super) ProgrammePolicyField);

const NEEDED: [&str; 4] = ["name", "clauses", "offers", "contact"];

impl<'de> Deserialize<'de> for DraftProgrammePolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let field = ProgrammePolicyField::deserialize(deserializer)?;
        let given = [field.name.is_some(), field.clauses.is_some(), field.offers.is_some(), field.contact.is_some()];
        match NEEDED.into_iter().zip(given).find(|(_, given)| !given) {
            Some((name, _)) => Err(D::Error::missing_field(name)),
            None => Ok(Self(field)),
        }
    }
}

impl PartialSchema for DraftProgrammePolicy {
    fn schema() -> RefOr<Schema> {
        match ProgrammePolicyField::schema() {
            RefOr::T(Schema::Object(mut object)) => {
                object.required.extend(NEEDED.map(str::to_owned));
                RefOr::T(Schema::Object(object))
            }
            other @ (RefOr::Ref(_) | RefOr::T(_)) => other,
        }
    }
}

impl ToSchema for DraftProgrammePolicy {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ProgrammePolicyField::schemas(schemas);
    }
}

/// What a draft or a revision states, read.
#[derive(Clone, Debug)]
pub(super) struct Changes {
    legal_entity: Option<String>,
    name: Option<Bilingual>,
    clauses: Option<Vec<ClauseText>>,
    offers: Option<BTreeSet<Offering>>,
    contact: Option<String>,
    rehire: Given<Rehire>,
    job_return: Given<JobReturn>,
    required_documents: Option<Vec<RequiredDocument>>,
    tenure_bridging: Option<Vec<Bridging>>,
    first_review: Option<FirstReview>,
    community_clause: Given<String>,
    continuity_days: Given<u32>,
    country: Given<String>,
    referral_basis: Given<ReferralBasis>,
}

impl ProgrammePolicyField {
    pub(super) fn legal_entity(&self) -> Option<&str> {
        self.legal_entity.as_ref().map(|line| line.0.as_str())
    }

    /// Reads it.
    pub(super) fn read(self) -> Result<Changes, Problem> {
        let clause = |(number, one): (usize, ClauseField)| {
            let pointer = format!("/clauses/{number}/age_limit_ground");
            let ground = one.age_limit_ground.as_deref();
            Ok::<_, Problem>(ClauseText {
                id: one.id.0,
                text: Bilingual { ja: one.ja.0, en: one.en.0 },
                age_limit_ground: ground.map(|name| named(&pointer, name)).transpose()?,
            })
        };
        let document = |one: RequiredDocumentField| RequiredDocument {
            code: one.code.0,
            name: Bilingual { ja: one.ja.0, en: one.en.0 },
        };
        let bridging = |(number, one): (usize, BridgingField)| {
            Ok::<_, Problem>(Bridging {
                benefit: named(&format!("/tenure_bridging/{number}/benefit"), &one.benefit)?,
                clause: one.clause.0,
                longest_gap_months: one.longest_gap_months,
                after_months: one.after_months,
            })
        };
        let bridged = |all: Vec<BridgingField>| all.into_iter().enumerate().map(bridging).collect();
        let offers = self.offers.map(|names| all_named("/offers", &names)).transpose()?;
        Ok(Changes {
            legal_entity: self.legal_entity.map(|line| line.0),
            name: self.name.map(Into::into),
            clauses: self.clauses.map(|all| all.into_iter().enumerate().map(clause).collect()).transpose()?,
            offers: offers.map(|offers| offers.into_iter().collect()),
            contact: self.contact.map(|line| line.0),
            rehire: self.rehire.map(|one| Rehire {
                clause: one.clause.0,
                cooling_off_days: one.cooling_off_days,
                minimum_tenure_months: one.minimum_tenure_months,
            }),
            job_return: self.job_return.try_map(JobReturnField::read)?,
            required_documents: self.required_documents.map(|all| all.into_iter().map(document).collect()),
            tenure_bridging: self.tenure_bridging.map(bridged).transpose()?,
            first_review: self.first_review.as_deref().map(|name| named("/first_review", name)).transpose()?,
            community_clause: self.community_clause.map(|line| line.0),
            continuity_days: self.continuity_days,
            country: self.country.map(|line| line.0),
            referral_basis: self.referral_basis.try_map(ReferralBasisField::read)?,
        })
    }
}

impl Changes {
    /// What a policy lays down with these changes.
    pub(super) fn onto(self, mut terms: ProgrammeTerms) -> ProgrammeTerms {
        restate(&mut terms.legal_entity, self.legal_entity);
        restate(&mut terms.name, self.name);
        restate(&mut terms.clauses, self.clauses);
        restate(&mut terms.offers, self.offers);
        restate(&mut terms.contact, self.contact);
        self.rehire.onto(&mut terms.rehire);
        self.job_return.onto(&mut terms.job_return);
        restate(&mut terms.required_documents, self.required_documents);
        restate(&mut terms.tenure_bridging, self.tenure_bridging);
        restate(&mut terms.first_review, self.first_review);
        self.community_clause.onto(&mut terms.community_clause);
        self.continuity_days.onto(&mut terms.continuity_days);
        self.country.onto(&mut terms.country);
        self.referral_basis.onto(&mut terms.referral_basis);
        terms
    }
}

/// What a draft starts from.
pub(super) fn nothing_yet(legal_entity: String) -> ProgrammeTerms {
    ProgrammeTerms {
        legal_entity,
        name: Bilingual { ja: String::new(), en: String::new() },
        clauses: Vec::new(),
        offers: BTreeSet::new(),
        contact: String::new(),
        rehire: None,
        job_return: None,
        required_documents: Vec::new(),
        tenure_bridging: Vec::new(),
        first_review: FirstReview::NextFullPeriod,
        community_clause: None,
        continuity_days: None,
        country: None,
        referral_basis: None,
    }
}
