//! What the refusals of a programme policy mean.

use aggregates::programme_policy::{ProgrammePolicyError, Unsound};

use super::{Refusal, blocked, field, person, sentence, state, version};
use crate::http::problem::Problem;

impl Refusal for ProgrammePolicyError {
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::Unrecorded => Problem::not_found(),
            Self::AlreadyDrafted => state(self, reason, "この規程は、すでに起案されています。"),
            Self::Unsound(fault) => unsound(fault),
            Self::EntityDiffers { .. } => {
                field(self, "/legal_entity", reason, "規程の対象法人は変更できません。別の規程を起案してください。")
            }
            Self::ComplianceRequired => blocked(
                self,
                reason,
                "従業員以外の方による紹介の根拠を定める版は、コンプライアンスの承認が必要です。",
                "REF-06",
                "職業安定法36条3項",
            ),
            Self::NaturalPersonRequired => person(self, reason, "規程の承認は、自然人が行う必要があります。"),
            Self::Version(error) => version(error, "AUD-06"),
            Self::Retired { .. } => state(self, reason, "この規程は、すでに廃止されています。"),
        }
    }
}

fn unsound(fault: &Unsound) -> Problem {
    let japanese = match fault {
        Unsound::LanguageMissing { .. } => "日本語と英語の両方を入力してください。".to_owned(),
        Unsound::ClausesOutOfRange => "条文は1件から200件までで入力してください。".to_owned(),
        Unsound::ClauseTwice { id } => format!("条文「{id}」が重複しています。"),
        Unsound::ClauseUnknown { id, .. } => format!("条文「{id}」は、この規程にありません。"),
        Unsound::AgeLimit { .. } => {
            "年齢制限を定める条文には、例外事由（労働施策総合推進法施行規則1条の3第1項）の指定が必要です。".to_owned()
        }
        Unsound::NothingOffered => "制度が提供する内容を1つ以上指定してください。".to_owned(),
        Unsound::ContactRequired => "制度の対象外の方の問い合わせ先を指定してください。".to_owned(),
        Unsound::NeverCredited => "通算しない勤続期間に、通算を始めるまでの月数は指定できません。".to_owned(),
        Unsound::RehireRequired => "再入社を提供する場合は、再入社の条件を指定してください。".to_owned(),
        Unsound::RehireNotOffered { .. } => "再入社を提供しない場合は、再入社の条件を指定できません。".to_owned(),
        Unsound::CountryUnknown => "国は、ISO 3166-1の英大文字2文字で指定してください。".to_owned(),
        Unsound::ReferralBasisUnfounded => {
            "紹介の根拠は、人材紹介を提供する日本の制度について、届出番号または意見書の所在とともに指定してください。"
                .to_owned()
        }
        Unsound::JobReturnReasons => {
            "ジョブリターンの退職事由を1つ以上指定してください。懲戒・死亡・転籍は指定できません。".to_owned()
        }
        Unsound::OutOfRange { least, most, .. } => format!("{least}から{most}までの値で指定してください。"),
        Unsound::TooMany { .. } => "50件までで入力してください。".to_owned(),
        Unsound::Twice { code, .. } => format!("「{code}」が重複しています。"),
    };
    let code: &'static str = fault.into();
    Problem::field(&fault.pointer(), code, sentence(fault), japanese).reason(code)
}

#[cfg(test)]
mod tests {
    use aggregates::programme_policy::{ProgrammePolicyError as E, Unsound as U};
    use aggregates::versions::VersionError;
    use chrono::NaiveDate;

    use super::Refusal as _;

    #[test]
    fn every_refusal_says_what_stands_in_the_way() {
        for (error, code) in [
            (E::Unrecorded, "not_found"),
            (E::AlreadyDrafted, "transition_not_allowed"),
            (E::Unsound(U::NothingOffered), "validation_failed"),
            (E::Unsound(U::NeverCredited), "validation_failed"),
            (E::EntityDiffers { legal_entity: "JP-HQ".into() }, "validation_failed"),
            (E::ComplianceRequired, "rule_blocked"),
            (E::NaturalPersonRequired, "natural_person_required"),
            (E::Version(VersionError::SecondPersonRequired), "rule_blocked"),
            (E::Version(VersionError::NothingToPublish), "transition_not_allowed"),
            (E::Retired { from: NaiveDate::MIN }, "transition_not_allowed"),
        ] {
            let problem = error.problem();
            assert_eq!(problem.code, code, "{error}");
            assert_eq!(problem.rule.is_some(), problem.basis.is_some(), "{error}");
            assert!(!problem.detail_ja.is_ascii(), "{error}");
        }
    }

    #[test]
    fn what_cannot_be_followed_is_pointed_at() {
        for (fault, pointer) in [
            (U::LanguageMissing { field: "clauses/1".into() }, "/clauses/1"),
            (U::ClausesOutOfRange, "/clauses"),
            (U::AgeLimit { field: "clauses/1/age_limit_ground".into() }, "/clauses/1/age_limit_ground"),
            (U::ClauseTwice { id: "第3条".into() }, "/clauses"),
            (U::ClauseUnknown { field: "rehire/clause", id: "第3条".into() }, "/rehire/clause"),
            (U::ContactRequired, "/contact"),
            (U::RehireRequired, "/rehire"),
            (U::CountryUnknown, "/country"),
            (U::NeverCredited, "/tenure_bridging"),
            (U::ReferralBasisUnfounded, "/referral_basis"),
            (U::RehireNotOffered { field: "job_return" }, "/job_return"),
            (U::JobReturnReasons, "/job_return/reasons"),
            (U::OutOfRange { field: "rehire/cooling_off_days", least: 0, most: 3660 }, "/rehire/cooling_off_days"),
            (U::TooMany { field: "required_documents" }, "/required_documents"),
            (U::Twice { field: "tenure_bridging", code: "pension".into() }, "/tenure_bridging"),
        ] {
            let problem = E::Unsound(fault).problem();
            assert_eq!((problem.status, problem.errors[0].pointer.as_str()), (422, pointer));
            assert!(!problem.detail_ja.is_ascii() && problem.reason.is_some(), "{pointer}");
        }
    }
}
