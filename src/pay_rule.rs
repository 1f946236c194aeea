//! What those who stayed, and their managers, are told about pay at return: the rule and the aggregate, and nobody's pay.
//!
//! The rule comes out of the very version of the pay policy that prices offers, so that nothing is promised which it does not
//! do (PAY-04). The figures are those of the monitoring report about stayer ratios as a wider audience is told them (MON-02,
//! MON-06): of ten people and more. Amounts are not told at all: where few are overtaken, whoever knows their own pay could
//! compute from the sum what a returner earns.

use std::collections::BTreeSet;

use aggregates::pay::{Fraction, PolicyTerms, Seat, Tier};
use chrono::NaiveDate;
use projections::monitoring::{ALL, Figure, Line, REMEDIES, RETURNERS, Report};

use crate::printed::{Rendered, Sheet};

/// The template and its version: what it says is another one.
const TEMPLATE: &str = "pay-rule/1";
/// Until so many months after a return, what is paid besides counts as part of the offer (PAY-27).
const SPLIT_MONTHS: u32 = 6;

/// A version of a pay policy, and what came of pay at return up to a month.
pub struct PayRule<'a> {
    /// The version as offers name it.
    pub policy: &'a str,
    /// The first day on which it governs.
    pub effective_from: NaiveDate,
    /// What it lays down.
    pub terms: &'a PolicyTerms,
    /// The report about stayer ratios (MON-02), as a wider audience is told it.
    pub report: &'a Report,
}

impl PayRule<'_> {
    /// In Japanese, with English beside it.
    pub fn render(&self) -> Rendered {
        let mut sheet = Sheet::titled(
            "再入社者の処遇の決め方（在籍者・管理職の方へ）",
            "How pay at return is set: for those who stayed, and their managers",
        );
        sheet.item("会社・法人", "Legal entity", &self.terms.legal_entity, "");
        sheet.item("報酬規程", "Pay policy", self.policy, "");
        sheet.item("規程の条項", "Clause", &self.terms.clause, "");
        sheet.item("適用開始日", "In force from", &self.effective_from.to_string(), "");
        self.compared(&mut sheet);
        self.bounded(&mut sheet);
        self.followed(&mut sheet);
        self.figures(&mut sheet);
        sheet.rendered(TEMPLATE)
    }

    /// With whom pay at return is compared, and what plays no part.
    fn compared(&self, sheet: &mut Sheet) {
        let PolicyTerms { peer_tenure_months: settled, stayer_tenure_months: near, smallest_group: k, .. } = self.terms;
        sheet.paragraph(
            "再入社者の基本給は、等級の賃金レンジの中での位置、関連する経験、現在在籍している方や上司との比較によって評価します。\
             退職時の報酬は金額の決定に用いません。性別、年齢、国籍、家族、休業の取得などは評価に入りません。",
            "The base of somebody who comes back is assessed by its place in the pay range of the grade, by relevant experience, \
             and beside those who work here now and the manager. What they earned when they left is not used to set it. Sex, age, \
             nationality, family and leave do not enter.",
        );
        sheet.paragraph(
            &format!(
                "比較の対象は、同じ等級・職種・勤務地域の在籍者です。業務委託の方、合意により賃金がレンジを上回っている方（調整給）、\
                 退職予定の方、入社から{settled}か月未満の方は含めません。{k}人に満たないときは同じ等級・職種の全地域へ、次いで同じ\
                 職務区分の職種へとこの順に広げ、それでも満たないときはその旨を記録し、より多くの承認者を求めます。"
            ),
            &format!(
                "It is compared with those in the same grade, job family and zone. Contractors, people paid above their range by \
                 agreement, people about to leave and people here for less than {settled} months are left out. Where fewer than \
                 {k} remain, the comparison widens to all zones and then to job families of the same function, in that order; \
                 where that is not enough, the record says so and more people have to approve."
            ),
        );
        sheet.paragraph(
            &format!(
                "あわせて、退職の時点で前後1等級以内・同じ職種で勤続の差が{near}か月以内だった方のうち、在籍を続けている方の賃金とも\
                 比較します。当時の記録がないとき、該当する方が{k}人に満たないときは、比較できないことを記録します。"
            ),
            &format!(
                "It is also compared with those who, when the returner left, were within one grade, in the same job family and \
                 within {near} months of their tenure, and who never left. Where there is no record of that time, or fewer than \
                 {k} of them, the record says that this could not be compared."
            ),
        );
    }

    /// What no offer does, who approves, and what is due to those who are overtaken.
    fn bounded(&self, sheet: &mut Sheet) {
        sheet.paragraph(
            "等級の賃金レンジの下限を下回る基本給、上限を超える基本給、最低賃金を下回る条件は提示しません。賃金レンジがない等級では、\
             担当者の確認を経るまで提示しません。",
            "No base below the range of the grade or above it is offered, nor anything below the minimum wage. Where a grade has \
             no range, nothing is offered until somebody has answered for it.",
        );
        let seats = |tier: Tier| self.terms.seats.get(&tier).map_or(0, BTreeSet::<Seat>::len);
        let (least, most) = (seats(Tier::A), seats(Tier::D));
        let (how_many_ja, how_many_en) = if least == most {
            (
                format!("{most}人の、それぞれ別の方が承認します。"),
                format!("{most} people approve it, each of them another."),
            )
        } else {
            (
                format!(
                    "評価の結果に応じて、{least}人から{most}人の、それぞれ別の方が承認します。在籍者を上回るほど、必要な承認者は\
                     多くなります。"
                ),
                format!(
                    "From {least} to {most} people approve it, each of them another, as the assessment turns out: the further \
                     above those who stayed, the more."
                ),
            )
        };
        sheet.paragraph(
            &format!("提案した方は承認できません。{how_many_ja}"),
            &format!("Whoever proposes an offer does not approve it. {how_many_en}"),
        );
        let tolerance = percent(self.terms.leapfrog_tolerance);
        sheet.paragraph(
            &format!(
                "経験と評価が同等以上の在籍者（再入社者に評価の記録がないときは、経験が同等以上の方）の基本給が、提示する基本給を\
                 {tolerance}%を超えて下回るときは、その人数と是正に必要な年額を算出します。経験が分からないときは、比較できないことを\
                 記録します。下回る方がいて、かつ差が大きい区分となる提示は、是正額以上の予算、担当者、期限を定めた是正計画がなければ\
                 承認されません。期限を過ぎた計画が残っている部門では、そのような区分の次の提示を保留します。"
            ),
            &format!(
                "Where people with as much experience and as good a rating, or more, earn more than {tolerance} % less than the \
                 base that is offered, their number and what it costs a year to remedy are computed; where the returner has no \
                 rating on record, experience alone counts, and where their experience is not known the record says that this \
                 could not be compared. Where somebody is so overtaken and the offer falls into one of the two strictest tiers, \
                 it is approved only with a plan to remedy: a budget of at least that cost, an owner and a day. Where a plan is \
                 past its day, the next offer of the unit in such a tier is put on hold."
            ),
        );
    }

    /// What is watched after the return, and whom to ask.
    fn followed(&self, sheet: &mut Sheet) {
        let months = self.terms.followed_months;
        let (later_ja, later_en) = if months > SPLIT_MONTHS {
            (
                format!("その後も再入社から{months}か月までの基本給の変更を、在籍者と比べて確認します。"),
                format!(
                    " Later changes of base are followed beside those who stayed until {months} months after the return."
                ),
            )
        } else {
            (String::new(), String::new())
        };
        sheet.paragraph(
            &format!(
                "再入社から{SPLIT_MONTHS}か月以内の昇給や一時金は、再入社時の提示と合わせて一つの提示として評価し直します。{later_ja}"
            ),
            &format!(
                "Raises and one-off payments within {SPLIT_MONTHS} months of the return are assessed anew as if they were part of \
                 the offer.{later_en}"
            ),
        );
        sheet.paragraph(
            "ご質問は、人事部門の報酬担当にお問い合わせください。ほかの方の賃金をお答えすることはありません。",
            "Questions are answered by compensation in human resources. Nobody is told there what another person earns.",
        );
    }

    /// What came of it, as far as it may be told.
    fn figures(&self, sheet: &mut Sheet) {
        let Report { month, least, .. } = self.report;
        sheet.paragraph(
            &format!("{month}末の状況です。{least}人に満たない集団と、個人が分かるおそれのある数値は示しません。"),
            &format!("As of the end of {month}. Groups of fewer than {least} people, and what somebody could be told from, are left out."),
        );
        for (table, ja, en) in TABLES {
            let line = self.report.lines.iter().find(|line| line.table == table && line.row == ALL);
            match line {
                Some(Line { as_of: Some(as_of), figures, .. }) => {
                    for figure in figures {
                        figure_told(sheet, figure, &as_of.to_string());
                    }
                }
                Some(Line { as_of: None, .. }) | None => {
                    sheet.item(
                        ja,
                        en,
                        "個人が分かるおそれがあるため示しません",
                        "left out: somebody could be told from it",
                    );
                }
            }
        }
    }
}

/// The tables of the report that are told, with their names.
const TABLES: [(&str, &str, &str); 2] =
    [(RETURNERS, "再入社者", "Those who came back"), (REMEDIES, "是正計画", "Plans to remedy")];

/// A figure under its name in words, with the month whose figure it is. Of people and of plans it tells how many there are, and
/// of ratios the median, as coarsely as serves; nothing else is told.
fn figure_told(sheet: &mut Sheet, figure: &Figure, as_of: &str) {
    let (places, ja, en) = match figure.name {
        "returners" => {
            (0, format!("{as_of}までの12か月に再入社の提示を受け入れた方"), "Returners of the twelve months up to")
        }
        "median_stayer_ratio" => (
            2,
            format!("在籍を続けた方に対する基本給の比の中央値（{as_of}）"),
            "Median of their base against those who never left,",
        ),
        "plans" => {
            (0, format!("是正計画のある、有効な提示（{as_of}末）"), "Offers in force with a plan to remedy, end of")
        }
        "past_their_day" => (0, format!("うち期限を過ぎたもの（{as_of}末）"), "Of these past their day, end of"),
        _ => return,
    };
    let value = figure.value.decimal(places);
    sheet.item(&ja, &format!("{en} {as_of}"), &value, "");
}

/// A share in percent, to two places where it is not whole.
fn percent(share: Fraction) -> String {
    let hundredfold = share.times(Fraction::whole(100)).unwrap_or(share);
    if hundredfold.den() == 1 { hundredfold.decimal(0) } else { hundredfold.decimal(2) }
}

#[cfg(test)]
mod tests;
