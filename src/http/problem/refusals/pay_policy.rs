//! What the refusals of a pay policy mean.

use aggregates::pay::Unsound;
use aggregates::pay_policy::{JOINT_ASSESSMENT, PayPolicyError};

use super::{Refusal, blocked, field, person, sentence, state, version};
use crate::http::problem::Problem;

/// Small groups tell what single people earn.
const DISCLOSURE: &str = "smallest group";
/// Whoever decides about an offer is independent of it and of one another.
const DISTINCT: &str = "different natural persons";

impl Refusal for PayPolicyError {
    fn problem(&self) -> Problem {
        let reason: &'static str = self.into();
        match self {
            Self::Unrecorded => Problem::not_found(),
            Self::AlreadyDrafted => state(self, reason, "この基準は、すでに起案されています。"),
            Self::Unsound(fault) => unsound(fault),
            Self::EntityDiffers { .. } => {
                field(self, "/legal_entity", reason, "基準の対象法人は変更できません。別の基準を起案してください。")
            }
            Self::NaturalPersonRequired => person(self, reason, "基準の承認は、自然人が行う必要があります。"),
            Self::SecondApproverRequired { .. } => blocked(
                self,
                reason,
                "標準より緩い基準は、起案者でも承認者でもない第二の承認者（自然人）が公開する必要があります。",
                "AUD-06",
                DISTINCT,
            ),
            Self::LooseningReasonRequired { .. } => {
                field(self, "/reason", reason, "標準より緩い基準を公開する理由を記載してください。")
            }
            Self::RetirementReasonRequired => field(
                self,
                "/note",
                reason,
                "適用中の基準の廃止は、最も緩い変更に当たります。廃止を求める理由を記載してください。",
            )
            .rule("AUD-06", DISTINCT),
            Self::LooseningNotCounted => state(self, reason, "基準が変更されました。もう一度公開してください。"),
            Self::NoSuchAlert => state(self, reason, "この行について、確認を求める検知はありません。"),
            Self::OwnAlert => {
                blocked(self, reason, "ご自身に関する検知の結果は、別の方が記録してください。", "MON-05", DISTINCT)
            }
            Self::AlertReviewed => state(self, reason, "確認の結果は、すでに別の内容で記録されています。"),
            Self::JointAssessmentRequired => blocked(
                self,
                reason,
                "是正・説明の期限（6か月）が過ぎています。労働者代表との共同評価の結果を記録してください。",
                JOINT_ASSESSMENT,
                "Directive (EU) 2023/970 Art. 10",
            ),
            Self::PublicationNotDue => {
                field(self, "/year_ends", reason, "この日に終わる事業年度について、公表の予定はありません。")
            }
            Self::PayGapPublished => state(self, reason, "公表は、すでに別の内容で記録されています。"),
            Self::PublishedOutsideTheYear { after, .. } => field(
                self,
                "/published_on",
                reason,
                &format!("公表日は、{after}より後、本日以前の日付で指定してください。"),
            ),
            Self::Version(error) => version(error, "AUD-06"),
            Self::Retired { .. } => state(self, reason, "この基準は、すでに廃止されています。"),
        }
    }
}

/// A policy that could not be followed: the field, and the rule behind it where one has a name.
fn unsound(fault: &Unsound) -> Problem {
    let (english, japanese) = told(fault);
    let code: &'static str = fault.into();
    let problem = Problem::field(&fault.pointer(), code, english, japanese).reason(code);
    match fault.rule() {
        Some("MON-06") => problem.rule("MON-06", DISCLOSURE),
        Some(rule) => problem.rule(rule, DISTINCT),
        None => problem,
    }
}

fn told(fault: &Unsound) -> (String, String) {
    let japanese = match fault {
        Unsound::ClauseRequired => "基準を定める賃金規程の条項を指定してください。".to_owned(),
        Unsound::GroupTooSmall => "最小集団（k）は5以上で指定してください。".to_owned(),
        Unsound::OutOfRange { least, most, .. } => {
            // The names of fields are not words: the pointer says which it is.
            let english = format!("A value between {least} and {most} is expected.");
            return (english, format!("{least}から{most}までの値で指定してください。"));
        }
        Unsound::TooFine { .. } => {
            let english = "The denominator is at most 1000000, in lowest terms.".to_owned();
            return (english, "分母は、約分した値で1000000以下にしてください。".to_owned());
        }
        Unsound::NotAscending { .. } => {
            let english = "The values have to ascend from tier to tier.".to_owned();
            return (english, "値は、段階が上がるにつれて大きくなるように指定してください。".to_owned());
        }
        Unsound::SeatsMissing { tier } => {
            format!("段階{}には、より緩い段階の承認席をすべて含め、1席以上を指定してください。", <&str>::from(tier))
        }
        Unsound::OutsiderMissing { tier } => {
            format!("段階{}には、採用ラインの外の部門長の承認席が必要です。", <&str>::from(tier))
        }
        Unsound::SeatsOnBlocked { tier } => {
            format!("段階{}は不可であり、承認者を置くことはできません。", <&str>::from(tier))
        }
        Unsound::ApproverMissing { tier } => {
            format!("段階{}の承認席の数だけ、異なる承認者を指定する必要があります。", <&str>::from(tier))
        }
        Unsound::WageCurrency { currency } => format!("最低賃金は、基準の通貨（{currency}）で指定してください。"),
        Unsound::NoticeLanguageMissing => "お知らせは、日本語と英語の両方で指定してください。".to_owned(),
        Unsound::FamilyTwice { job_family } => format!("職種「{job_family}」が、2つの職種群に含まれています。"),
    };
    (sentence(fault), japanese)
}

#[cfg(test)]
mod tests {
    use aggregates::pay::{Tier, Unsound as U};
    use aggregates::pay_policy::PayPolicyError as E;
    use aggregates::versions::VersionError;
    use chrono::NaiveDate;

    use super::Refusal as _;

    #[test]
    fn every_refusal_says_what_stands_in_the_way() {
        let day = NaiveDate::MIN;
        for (error, code) in [
            (E::Unrecorded, "not_found"),
            (E::AlreadyDrafted, "transition_not_allowed"),
            (E::Unsound(U::ClauseRequired), "validation_failed"),
            (E::EntityDiffers { legal_entity: "JP-HQ".into() }, "validation_failed"),
            (E::NaturalPersonRequired, "natural_person_required"),
            (E::SecondApproverRequired { fields: vec!["/guide".into()] }, "rule_blocked"),
            (E::LooseningReasonRequired { fields: vec!["/guide".into()] }, "validation_failed"),
            (E::RetirementReasonRequired, "validation_failed"),
            (E::LooseningNotCounted, "transition_not_allowed"),
            (E::NoSuchAlert, "transition_not_allowed"),
            (E::OwnAlert, "rule_blocked"),
            (E::AlertReviewed, "transition_not_allowed"),
            (E::JointAssessmentRequired, "rule_blocked"),
            (E::PublicationNotDue, "validation_failed"),
            (E::PayGapPublished, "transition_not_allowed"),
            (E::PublishedOutsideTheYear { after: day, today: day }, "validation_failed"),
            (E::Version(VersionError::SecondPersonRequired), "rule_blocked"),
            (E::Retired { from: day }, "transition_not_allowed"),
        ] {
            let problem = error.problem();
            assert_eq!(problem.code, code, "{error}");
            assert_eq!(problem.rule.is_some(), problem.basis.is_some(), "{error}");
            assert!(!problem.detail_ja.is_ascii(), "{error}");
        }
    }

    #[test]
    fn what_cannot_be_followed_is_pointed_at_with_its_rule() {
        for (fault, pointer, rule) in [
            (U::ClauseRequired, "/clause", None),
            (U::GroupTooSmall, "/smallest_group", Some("MON-06")),
            (U::OutOfRange { field: "thresholds/guide", least: "0", most: "1" }, "/thresholds/guide", None),
            (U::TooFine { field: "leapfrog_tolerance" }, "/leapfrog_tolerance", None),
            (U::NotAscending { field: "guide" }, "/guide", None),
            (U::SeatsMissing { tier: Tier::BPrime }, "/seats/B'", Some("PAY-20")),
            (U::OutsiderMissing { tier: Tier::C }, "/seats/C", Some("PAY-23")),
            (U::SeatsOnBlocked { tier: Tier::E }, "/seats/E", Some("PAY-20")),
            (U::ApproverMissing { tier: Tier::D }, "/approvers", Some("PAY-20")),
            (U::WageCurrency { currency: "JPY".into() }, "/minimum_wages", None),
            (U::NoticeLanguageMissing, "/notice", None),
            (U::FamilyTwice { job_family: "driver".into() }, "/functions", None),
        ] {
            let problem = E::Unsound(fault).problem();
            assert_eq!((problem.status, problem.errors[0].pointer.as_str()), (422, pointer));
            assert_eq!((problem.rule.as_deref(), problem.basis.is_some()), (rule, rule.is_some()), "{pointer}");
            assert!(!problem.detail.contains('_') && !problem.detail_ja.is_ascii(), "{pointer}");
        }
    }
}
