//! One sample of each event of programme policies, as it is stored.

use aggregates::eligibility::SeparationReason;
use aggregates::ids::ActorId;
use aggregates::programme_policy::{
    Bridging, BridgingBenefit, ClauseText, FirstReview, JobReturn, Offering, ProgrammePolicyEvent, ProgrammeTerms,
    ReferralBasis, ReferralBasisKind, Rehire, RequiredDocument,
};
use aggregates::values::Bilingual;

use crate::support::{day, sealed, uuid};

/// Each variant once, the optional fields once set and once not.
pub fn samples() -> Vec<ProgrammePolicyEvent> {
    use ProgrammePolicyEvent as E;
    vec![
        E::Drafted { terms: Box::new(terms()), drafted_by: ActorId(uuid(57)) },
        E::Revised { version: 2, terms: Box::new(bare()), revised_by: ActorId(uuid(57)) },
        E::Revised { version: 3, terms: Box::new(founded()), revised_by: ActorId(uuid(57)) },
        E::Approved { version: 2, approved_by: ActorId(uuid(58)) },
        E::Published { version: 2, effective_from: day("2026-12-01"), published_by: ActorId(uuid(57)) },
        E::Retired { effective_from: day("2027-03-31"), retired_by: ActorId(uuid(57)), note: Some(sealed(1)) },
        E::Retired { effective_from: day("2027-03-31"), retired_by: ActorId(uuid(57)), note: None },
    ]
}

fn said(ja: &str, en: &str) -> Bilingual {
    Bilingual { ja: ja.to_owned(), en: en.to_owned() }
}

fn clause(id: &str, ja: &str, en: &str) -> ClauseText {
    ClauseText { id: id.to_owned(), text: said(ja, en), age_limit_ground: None }
}

/// Everything that a policy can lay down.
pub fn terms() -> ProgrammeTerms {
    ProgrammeTerms {
        legal_entity: "JP-HQ".to_owned(),
        name: said("アルムナイ制度規程", "Alumni programme policy"),
        clauses: vec![
            clause(
                "第3条",
                "退職後90日を経過し、通算3年以上在籍した者は、再入社に応募できる。",
                "Who may apply to come back.",
            ),
            clause(
                "第7条",
                "育児・介護・配偶者の転勤により退職した者は、退職後5年以内に復職を申し出ることができる。",
                "Job return.",
            ),
            clause("第9条", "再入社した者の年次有給休暇は、離職期間が1年以内であれば通算する。", "Tenure."),
            clause("第12条", "会員は、互いに敬意をもって交流する。", "Members treat one another with respect."),
        ],
        offers: [Offering::Community, Offering::Rehire, Offering::TalentReferral].into(),
        contact: "alumni@example.jp".to_owned(),
        rehire: Some(Rehire { clause: "第3条".to_owned(), cooling_off_days: 90, minimum_tenure_months: 36 }),
        job_return: Some(JobReturn {
            clause: "第7条".to_owned(),
            reasons: [SeparationReason::Childcare, SeparationReason::FamilyCare, SeparationReason::Relocation].into(),
            within_months: 60,
            cooling_off_days: 0,
            minimum_tenure_months: 12,
            registration_months: Some(36),
        }),
        required_documents: vec![RequiredDocument {
            code: "resume".to_owned(),
            name: said("職務経歴書", "Curriculum vitae"),
        }],
        tenure_bridging: vec![
            Bridging {
                benefit: BridgingBenefit::AnnualLeave,
                clause: "第9条".to_owned(),
                longest_gap_months: Some(12),
                after_months: Some(6),
            },
            Bridging {
                benefit: BridgingBenefit::RetirementAllowance,
                clause: "第9条".to_owned(),
                longest_gap_months: None,
                after_months: None,
            },
        ],
        first_review: FirstReview::Prorated,
        continuity_days: None,
        community_clause: Some("第12条".to_owned()),
        country: None,
        referral_basis: None,
    }
}

/// A programme without a return.
pub fn bare() -> ProgrammeTerms {
    ProgrammeTerms {
        clauses: vec![clause("第1条", "退職者との交流を目的とする。", "To stay in touch.")],
        offers: [Offering::Community].into(),
        rehire: None,
        job_return: None,
        required_documents: vec![],
        tenure_bridging: vec![],
        first_review: FirstReview::NextFullPeriod,
        continuity_days: None,
        community_clause: None,
        ..terms()
    }
}

/// A programme by which those who are not employed may refer candidates, in a country that is named.
pub fn founded() -> ProgrammeTerms {
    ProgrammeTerms {
        offers: [Offering::Community, Offering::TalentReferral].into(),
        country: Some("JP".to_owned()),
        referral_basis: Some(ReferralBasis {
            kind: ReferralBasisKind::Notification,
            reference: "委託募集届出 第123号".to_owned(),
        }),
        ..bare()
    }
}
