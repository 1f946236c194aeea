//! The documents of an offer: the same contents, the same text.

use aggregates::checks::{CheckAnswer, Outcome, found};
use aggregates::labour::{self, Figure, LabourCheck};
use aggregates::offer::{Allowance, ComparedWith, ContractTerm, DocumentKind, FixedOvertime, Pay, Period, Terms};
use aggregates::pay::{ComparedItem, DifferenceReason, RegularComparison, Scope, Treatment};
use aggregates::programme_policy::{BridgingBenefit, FirstReview};
use aggregates::values::{Bilingual, EmploymentType, Money};
use chrono::NaiveDate;

use super::{Approver, Contents, Delegated, Fairness, Found, Tenure, Wording, terms_hash, yearly};

fn yen(amount: i64) -> Money {
    Money { amount, currency: "JPY".into() }
}

fn terms() -> Terms {
    Terms {
        grade: "G4".into(),
        employment_type: EmploymentType::Regular,
        contract: ContractTerm::Indefinite,
        starts_on: NaiveDate::from_ymd_opt(2027, 1, 4).unwrap(),
        location: Some("Sendai".into()),
        location_scope: None,
        duties: Some("ドライバー".into()),
        duties_scope: None,
        weekly_hours: 40,
        probation_months: Some(3),
        pay: Pay {
            base: yen(7_400_000),
            allowances: vec![Allowance { code: "commute".into(), amount: yen(12_000), period: Period::Month }],
            fixed_overtime: Some(FixedOvertime { hours_a_month: 20, amount_a_month: yen(60_000) }),
            bonus: None,
            sign_on: Some(yen(300_000)),
        },
    }
}

fn contents() -> Contents {
    let terms = terms();
    Contents {
        legal_entity: "JP-HQ".into(),
        version: 2,
        terms_hash: terms_hash(&terms).unwrap(),
        terms,
        pay_policy: "pay/0".into(),
        fairness: Fairness::NotAssessed,
        wording: Wording::Present,
        tenure: None,
        approvals: vec![Approver {
            role: "compensation".into(),
            delegated: Delegated::No,
            authority: None,
            on: NaiveDate::from_ymd_opt(2026, 12, 1),
        }],
    }
}

fn text(contents: &Contents, kind: DocumentKind) -> String {
    contents.render().into_iter().find(|document| document.kind == kind).unwrap().rendered.text
}

#[test]
fn the_hash_of_terms_is_pinned() {
    let json = serde_json::to_value(terms()).unwrap().to_string();
    assert!(json.starts_with("{\"contract\":{\"kind\":\"indefinite\"},\"duties\":\"ドライバー\",\"employment_type\":"));
    assert!(json.contains("\"weekly_hours\":40"), "members are sorted and there are no spaces: {json}");
    let hash = terms_hash(&terms()).unwrap();
    assert!(hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()));
    let mut other = terms();
    other.pay.base.amount += 1;
    assert_ne!(terms_hash(&other).unwrap(), hash);
    assert_eq!(terms_hash(&terms()).unwrap(), hash);
}

#[test]
fn the_same_contents_give_the_same_documents() {
    let (first, second) = (contents().render(), contents().render());
    assert_eq!(first, second);
    let recorded: Vec<String> = first.iter().map(|document| document.recorded().sha256).collect();
    assert_eq!(recorded.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
}

/// What went out under a template's name is rendered again years later: another text is another template.
#[test]
fn a_template_says_for_ever_what_it_says() {
    let worded = |wording| [contents(), assessed()].map(|contents| Contents { wording, ..contents });
    let all = [Wording::First, Wording::Second, Wording::Present].map(worded).concat();
    for document in all.iter().flat_map(Contents::render) {
        let document = document.rendered;
        let name = document.template.replace('/', "-");
        let path = format!("{}/src/offer_pack/goldens/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            std::fs::write(&path, &document.text).unwrap();
        }
        let stands = std::fs::read_to_string(&path).unwrap();
        assert_eq!(document.text, stands, "{} does not say what stands in {path}", document.template);
    }
}

#[test]
fn the_notice_tells_every_item_and_the_scope_of_change() {
    let notice = text(&contents(), DocumentKind::WorkingConditionsNotice);
    for item in [
        "契約期間 / Term: 期間の定めなし",
        "就業の場所（雇入れ直後） / Place of work at first: Sendai",
        "就業の場所の変更の範囲 / Scope of change of the place: 会社の定める範囲（就業規則による）",
        "業務の変更の範囲",
        "所定労働時間 / Working hours: 週40時間",
        "休日・休暇",
        "基本給 / Base: 7,400,000円",
        "手当（commute） / Allowance: 月額12,000円",
        "固定残業代",
        "昇給",
        "退職・解雇の事由と手続",
    ] {
        assert!(notice.contains(item), "{item} is missing:\n{notice}");
    }
    assert!(!notice.contains("無期転換"));
}

#[test]
fn a_fixed_term_is_told_its_renewal_its_conversion_and_its_right_to_ask() {
    let mut contents = contents();
    contents.terms.employment_type = EmploymentType::FixedTerm;
    contents.terms.contract = ContractTerm::Fixed {
        ends_on: NaiveDate::from_ymd_opt(2027, 12, 31).unwrap(),
        renewal: Some("通算5年を上限とする".into()),
        ground: Some("プロジェクトの期間に限るため".into()),
    };
    let notice = text(&contents, DocumentKind::WorkingConditionsNotice);
    for item in
        ["2027-01-04から2027-12-31まで", "通算5年を上限とする", "プロジェクトの期間に限るため", "無期転換", "相談窓口"]
    {
        assert!(notice.contains(item), "{item} is missing:\n{notice}");
    }
    assert!(text(&contents, DocumentKind::Explanation).contains("パート有期法14条"));
}

#[test]
fn the_approval_sheet_tells_cost_hash_and_approvers_by_role() {
    let mut contents = contents();
    contents.approvals.push(Approver {
        role: "executive".into(),
        delegated: Delegated::No,
        authority: Some("職務権限規程第8条".into()),
        on: None,
    });
    let sheet = text(&contents, DocumentKind::ApprovalSheet);
    let total = 7_400_000 + 12 * 12_000 + 12 * 60_000;
    assert_eq!(yearly(&contents.terms.pay).map(|money| money.amount), Some(total));
    for item in ["8,264,000円", &contents.terms_hash, "compensation（承認）2026-12-01", "職務権限規程第8条", "未実施"]
    {
        assert!(sheet.contains(item), "{item} is missing:\n{sheet}");
    }
}

/// The same under a published policy.
fn assessed() -> Contents {
    use aggregates::pay::{BandUsed, Fraction, Qualification, Tier};
    let from = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap();
    let band = BandUsed { effective_from: from, minimum: 6_000_000, midpoint: 7_500_000, maximum: 9_000_000 };
    let found = Found {
        tier: Tier::D,
        band: Some(band),
        compared_with: ComparedWith { peers: Some(Scope::Zone), stayers: true, manager: true },
        qualification: Qualification { experience_months: Some(100), ..Qualification::default() },
        comparison: None,
        remedy_cost: Fraction::whole(885_000),
        notice: Some(Bilingual {
            ja: "待遇についての相談は、労働局でも受け付けています。".into(),
            en: "The labour bureau also answers questions.".into(),
        }),
        reasons: [aggregates::offer::ExceptionReason::ScarceSkill].into(),
        remedy: None,
    };
    let tenure = Tenure {
        programme: "programme/9/3".into(),
        credited: Some([(BridgingBenefit::AnnualLeave, 0), (BridgingBenefit::RetirementAllowance, 108)].into()),
        credited_from: [(BridgingBenefit::RetirementAllowance, NaiveDate::from_ymd_opt(2027, 7, 4).unwrap())].into(),
        first_review: FirstReview::NextFullPeriod,
    };
    let fairness = Fairness::Assessed(Box::new(found));
    Contents { pay_policy: "pay/7/2".into(), fairness, tenure: Some(tenure), ..contents() }
}

#[test]
fn what_was_assessed_is_explained_by_the_factors_that_were_used() {
    let assessed = assessed();
    let explanation = text(&assessed, DocumentKind::Explanation);
    for item in ["pay/7/2", "6,000,000円〜9,000,000円（中央値7,500,000円）", "考慮した関連経験", "2026-04-01"]
    {
        assert!(explanation.contains(item), "{item} is missing:\n{explanation}");
    }
    for item in [
        "退職金） / Earlier employment that counts for the retirement allowance: 108か月（2027-07-04から） — 108 months, from \
         2027-07-04 on",
        "年次有給休暇） / Earlier employment that counts for annual leave: 通算しない — none",
        "First review of your pay: 入社後、全期間在籍した最初の評価期間の評価で行う",
        "programme/9/3",
        "労働局",
    ] {
        assert!(explanation.contains(item), "{item} is missing:\n{explanation}");
    }
    assert!(!explanation.contains("885") && !explanation.contains("scarce_skill"), "that is the employer's");
    let sheet = text(&assessed, DocumentKind::ApprovalSheet);
    for item in ["区分D", "scarce_skill", "年額885000 JPY"] {
        assert!(sheet.contains(item), "{item} is missing:\n{sheet}");
    }
    let templates = |contents: &Contents| contents.render().map(|document| document.rendered.template);
    assert_ne!(templates(&assessed), templates(&contents()));
}

/// Who returns for a fixed term is told what differs from regular workers, and why (パート有期法14条).
#[test]
fn who_is_compared_with_regular_workers_is_told_what_differs_and_why() {
    let item = |item: &str, treatment, reasons: &[DifferenceReason]| ComparedItem {
        item: item.to_owned(),
        treatment,
        reasons: reasons.iter().copied().collect(),
    };
    let items = vec![
        item("base", Treatment::Same, &[]),
        item("allowance.commute", Treatment::Better, &[]),
        item("退職金", Treatment::Worse, &[DifferenceReason::Duties, DifferenceReason::ChangeScope]),
    ];
    let compared_with = "正社員 G4 ドライバー職".to_owned();
    let comparison = RegularComparison { compared_with, same_duties: false, same_change_scope: false, items };
    let mut contents = assessed();
    let Fairness::Assessed(found) = &mut contents.fairness else { panic!("it is assessed") };
    found.comparison = Some(comparison);
    contents.terms.employment_type = EmploymentType::FixedTerm;
    let explanation = text(&contents, DocumentKind::Explanation);
    for line in [
        "Regular work compared with: 正社員 G4 ドライバー職",
        "待遇の比較（基本給） / Comparison of the base: 相違なし — no difference",
        "待遇の比較（手当 commute） / Comparison of the allowance commute: 通常の労働者を上回る",
        "待遇の比較（退職金） / Comparison of 退職金: 相違あり（理由：業務の内容、職務の内容・配置の変更の範囲） — differs, because \
         of other work, the scope of change of work and place",
        "説明を求めることができます（パート有期法14条）",
    ] {
        assert!(explanation.contains(line), "{line} is missing:\n{explanation}");
    }
    assert!(!text(&contents, DocumentKind::ApprovalSheet).contains("待遇の比較"));
}

#[test]
fn what_went_out_in_earlier_words_is_rendered_in_them() {
    let rendered = |contents: &Contents| contents.render().map(|document| document.recorded());
    for contents in [contents(), assessed()] {
        for wording in [Wording::First, Wording::Second, Wording::Present] {
            let worded = Contents { wording, ..contents.clone() };
            assert_eq!(Wording::of(&rendered(&worded)), wording);
        }
    }
    assert_eq!(Wording::of(&[]), Wording::Present);
}

/// What is read off the checks is what they computed; what is still asked is not told as if it were known.
#[test]
fn earlier_time_is_told_as_it_was_checked() {
    let check = |outcome, figures: &[(&str, Figure)]| LabourCheck {
        result: found(labour::BRIDGING, outcome, "credited_months", "programme/9/3"),
        figures: figures.iter().map(|(name, figure)| ((*name).to_owned(), figure.clone())).collect(),
    };
    let review = (labour::FIRST_REVIEW, Figure::Way("prorated".into()));
    let from = NaiveDate::from_ymd_opt(2027, 7, 4).unwrap();
    let counted =
        check(Outcome::Pass, &[("pension", Figure::Count(24)), ("pension_from", Figure::Day(from)), review.clone()]);
    let tenure = Tenure::of(&[&counted], None).unwrap();
    assert_eq!((tenure.first_review, tenure.programme.as_str()), (FirstReview::Prorated, "programme/9/3"));
    assert_eq!(tenure.credited, Some([(BridgingBenefit::Pension, 24)].into()));
    assert_eq!(tenure.credited_from, [(BridgingBenefit::Pension, from)].into());
    let asked = Tenure::of(&[&check(Outcome::Hold, std::slice::from_ref(&review))], None).unwrap();
    assert_eq!(asked.credited, None);
    let told = text(&Contents { tenure: Some(asked), ..assessed() }, DocumentKind::Explanation);
    assert!(told.contains("記録を確認のうえお知らせします") && !told.contains("108か月"), "{told}");
    assert_eq!(Tenure::of(&[&check(Outcome::Pass, &[])], None), None, "under version 0 the work rules say it");
    // Whether annual leave goes on by law is asked: until then nothing is told of it.
    let leave = LabourCheck {
        result: found(labour::LEAVE, Outcome::Hold, "continuity", "労働基準法39条"),
        figures: [].into(),
    };
    let counted = check(Outcome::Pass, &[("annual_leave", Figure::Count(0)), ("pension", Figure::Count(24)), review]);
    let credited = |checks: &[&LabourCheck]| Tenure::of(checks, None).unwrap().credited.unwrap();
    assert_eq!(credited(&[&counted]).len(), 2);
    assert_eq!(credited(&[&leave, &counted]), [(BridgingBenefit::Pension, 24)].into());
    // Who begins anew is told what the policy counts; whose employment went on has it counted by law.
    let answered = |answer| Tenure::of(&[&leave, &counted], Some(answer)).unwrap().credited.unwrap().len();
    assert_eq!([CheckAnswer::NewStart, CheckAnswer::Continuous].map(answered), [2, 1]);
}

/// A comparison that was not made is not said to have been (PAY-04).
#[test]
fn the_explanation_tells_with_what_the_base_was_compared_and_with_what_not() {
    let told = |compared_with: ComparedWith, banded: bool| {
        let mut contents = assessed();
        let Fairness::Assessed(found) = &mut contents.fairness else { panic!("it is assessed") };
        found.compared_with = compared_with;
        if !banded {
            found.band = None;
        }
        let told = text(&contents, DocumentKind::Explanation);
        let of_base = told.lines().find(|line| line.contains("基本給は、上記の規程")).unwrap().to_owned();
        (of_base, told.contains("比較できる在籍者の記録が十分にない"))
    };
    let (thin, few) = told(ComparedWith::default(), true);
    assert!(few && thin.contains("比較したもの：等級の賃金レンジ。") && !thin.contains("賃金分布"), "{thin}");
    let (wide, few) = told(ComparedWith { peers: Some(Scope::Function), stayers: false, manager: true }, true);
    assert!(
        !few && wide.contains("賃金レンジ、同じ等級で、同じ職種群に属する在籍者の賃金分布、上司の賃金。"),
        "{wide}"
    );
    let (near, _) = told(ComparedWith { peers: Some(Scope::Zone), stayers: true, manager: false }, false);
    assert!(near.contains("比較したもの：同じ等級・職種・地域の在籍者の賃金分布、退職時に"), "{near}");
    assert!(!near.contains("賃金レンジ") && !near.contains("上司"), "{near}");
    let (nothing, _) = told(ComparedWith::default(), false);
    assert!(nothing.contains("比較は行っていません。性別"), "{nothing}");
}

#[test]
fn the_explanation_promises_nothing_that_the_rule_did_not_do() {
    let explanation = text(&contents(), DocumentKind::Explanation);
    assert!(explanation.contains("退職時の報酬は、決定に用いていません"));
    assert!(!explanation.contains("同等") && !explanation.contains("compensation"));
}
