//! How an offer stands beside regular workers (PAY-01), as whoever returns part-time or for a fixed term is told it: what differs,
//! and why (パート有期法14条).

use aggregates::pay::{ComparedItem, DifferenceReason, RegularComparison, Treatment};

use crate::printed::Sheet;

/// Item by item.
pub(super) fn told(comparison: &RegularComparison, sheet: &mut Sheet) {
    sheet.item("比較した通常の労働者", "Regular work compared with", &comparison.compared_with, "");
    let (ja, en) = if comparison.same_duties { ("同じ", "the same") } else { ("異なる", "others") };
    sheet.item("職務の内容", "Work and responsibility", ja, en);
    let (ja, en) = if comparison.same_change_scope { ("同じ", "the same") } else { ("異なる", "another") };
    sheet.item("変更の範囲", "Scope of change", ja, en);
    for ComparedItem { item, treatment, reasons } in &comparison.items {
        let (label, label_en) = named(item);
        let (ja, en) = match treatment {
            Treatment::Same => ("相違なし", "no difference"),
            Treatment::Better => ("通常の労働者を上回る", "better than that of regular workers"),
            Treatment::Worse => ("相違あり", "differs"),
        };
        let (reasons_ja, reasons_en): (Vec<_>, Vec<_>) = reasons.iter().map(|reason| reason_named(*reason)).unzip();
        let (ja, en) = if reasons.is_empty() {
            (ja.to_owned(), en.to_owned())
        } else {
            (format!("{ja}（理由：{}）", reasons_ja.join("、")), format!("{en}, because of {}", reasons_en.join(", ")))
        };
        sheet.item(&format!("待遇の比較（{label}）"), &format!("Comparison of {label_en}"), &ja, &en);
    }
}

fn named(item: &str) -> (String, String) {
    let (ja, en) = match item {
        "base" => ("基本給", "the base"),
        "fixed_overtime" => ("固定残業代", "fixed overtime"),
        "bonus" => ("賞与", "the bonus"),
        "sign_on" => ("入社一時金", "the sign-on payment"),
        other => match other.strip_prefix("allowance.") {
            Some(code) => return (format!("手当 {code}"), format!("the allowance {code}")),
            None => (other, other),
        },
    };
    (ja.to_owned(), en.to_owned())
}

const fn reason_named(reason: DifferenceReason) -> (&'static str, &'static str) {
    match reason {
        DifferenceReason::Duties => ("業務の内容", "other work"),
        DifferenceReason::Responsibility => ("責任の程度", "the degree of responsibility"),
        DifferenceReason::ChangeScope => ("職務の内容・配置の変更の範囲", "the scope of change of work and place"),
        DifferenceReason::Skill => ("能力・経験", "skill and experience"),
        DifferenceReason::Performance => ("成果", "results"),
        DifferenceReason::CollectiveAgreement => ("労使の合意", "an agreement with the workers' representatives"),
    }
}
