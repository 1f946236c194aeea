//! What those who stayed, and their managers, are told about pay at return: the rule and the aggregate, and nobody's pay.
//!
//! The rule comes out of the very version of the pay policy that prices offers, so that nothing is promised which it does not
//! do (PAY-04). The figures are those of the monitoring report about stayer ratios as a wider audience is told them (MON-02,
//! MON-06): of ten people and more, and never so that somebody could be told from two of them.

use std::collections::BTreeSet;

use aggregates::pay::{Fraction, PolicyTerms, Seat, Tier};
use aggregates::values::Money;
use chrono::NaiveDate;
use projections::monitoring::{ALL, Figure, Line, Report};

use crate::printed::{Rendered, Sheet, money};

/// The template and its version: what it says is another one.
const TEMPLATE: &str = "pay-rule/1";

/// A version of a pay policy, and what came of pay at return in the twelve months that end with a month.
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
            "再入社者の基本給は、等級の賃金レンジと、現在在籍している方との比較に基づいて決めます。退職時の報酬は金額の決定に\
             用いません。性別、年齢、国籍、家族、休業の取得などは評価に入りません。",
            "The base of somebody who comes back is set by the pay range of the grade and by comparison with those who work here \
             now. What they earned when they left is not used to set it. Sex, age, nationality, family and leave do not enter.",
        );
        sheet.paragraph(
            &format!(
                "比較の対象は、同じ等級・職種・勤務地域の在籍者です。業務委託の方、合意により賃金レンジを超えている方、退職予定の方、\
                 入社から{settled}か月未満の方は含めません。{k}人に満たないときは同じ等級・職種の全地域へ、次いで同じ職務区分の職種へと\
                 この順に広げ、それでも満たないときはその旨を記録したうえで、より多くの承認を求めます。"
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
                 比較します。"
            ),
            &format!(
                "It is also compared with those who, when the returner left, were within one grade, in the same job family and \
                 within {near} months of their tenure, and who never left."
            ),
        );
    }

    /// What no offer does, who approves, and what is due to those who are overtaken.
    fn bounded(&self, sheet: &mut Sheet) {
        sheet.paragraph(
            "賃金レンジの下限を下回る基本給、上限を超える基本給は提示しません。",
            "No base below the range of the grade, or above it, is offered.",
        );
        let seats = |tier: Tier| self.terms.seats.get(&tier).map_or(0, BTreeSet::<Seat>::len);
        let (least, most) = (seats(Tier::A), seats(Tier::D));
        sheet.paragraph(
            &format!(
                "提案した方は承認できません。在籍者との差が大きいほど承認に必要な人が増え、{least}人から{most}人の、それぞれ別の方が\
                 承認します。"
            ),
            &format!(
                "Whoever proposes an offer does not approve it. The further it lies from those who stayed, the more people have \
                 to approve: from {least} to {most}, each of them another person."
            ),
        );
        let tolerance = percent(self.terms.leapfrog_tolerance);
        sheet.paragraph(
            &format!(
                "経験と評価が同等以上の在籍者の基本給が、提示する基本給を{tolerance}%を超えて下回る場合は、その人数と是正に必要な年額を\
                 算出します。差が大きい提示は、是正額以上の予算、担当者、期限を定めた是正計画がなければ承認されません。期限を過ぎた計画が\
                 残っている部門では、差が大きい次の提示を保留します。"
            ),
            &format!(
                "Where people with as much experience and as good a rating, or more, earn more than {tolerance} % less than the \
                 base that is offered, their number and what it costs a year to remedy are computed. An offer that lies far from \
                 those who stayed is approved only with a plan to remedy: a budget of at least that cost, an owner and a day. \
                 Where a plan is past its day, the next such offer of the unit is put on hold."
            ),
        );
    }

    /// What is watched after the return, and whom to ask.
    fn followed(&self, sheet: &mut Sheet) {
        let months = self.terms.followed_months;
        sheet.paragraph(
            &format!(
                "入社から6か月以内の昇給や一時金は、入社時の提示と合わせて一つの提示として評価し直します。その後も入社から{months}か月\
                 までの基本給の変更を、在籍者と比べて確認します。"
            ),
            &format!(
                "Raises and one-off payments within six months of the return are assessed anew as if they were part of the offer. \
                 Later changes of base are followed beside those who stayed until {months} months after the return."
            ),
        );
        sheet.paragraph(
            "ご質問は、人事部門の報酬担当にお問い合わせください。個人の賃金をお答えすることはありません。",
            "Questions are answered by compensation in human resources. What a person earns is told to nobody.",
        );
    }

    /// What came of it, as far as it may be told.
    fn figures(&self, sheet: &mut Sheet) {
        let currency = &self.terms.currency;
        let Report { month, least, .. } = self.report;
        sheet.paragraph(
            &format!("{month}までの12か月の状況は次のとおりです。{least}人に満たない集団についてはお示ししません。"),
            &format!("Of the twelve months up to {month}. Groups of fewer than {least} people are not told of."),
        );
        for (table, ja, en) in TABLES {
            let line = self.report.lines.iter().find(|line| line.table == table && line.row == ALL);
            match line {
                Some(Line { as_of: Some(as_of), figures, .. }) => {
                    for figure in figures {
                        let value = value(figure, currency);
                        figure_told(sheet, (ja, en), figure.name, &value, &as_of.to_string());
                    }
                }
                Some(Line { as_of: None, .. }) | None => {
                    sheet.item(ja, en, "人数が少ないためお示しできません", "not told: too few people");
                }
            }
        }
    }
}

/// The tables of the report that are told, with their names.
const TABLES: [(&str, &str, &str); 2] =
    [("returners", "再入社者", "Those who came back"), ("remedies", "是正計画", "Plans to remedy")];

/// A figure's value: amounts in the entity's currency, everything else to the places that the report says.
fn value(figure: &Figure, currency: &str) -> String {
    let value = figure.value.decimal(figure.places);
    match value.parse() {
        Ok(amount) if figure.name.contains("_a_year") => money(&Money { amount, currency: currency.to_owned() }),
        _ => value,
    }
}

/// A figure under its name in words.
fn figure_told(sheet: &mut Sheet, (table_ja, table_en): (&str, &str), name: &str, value: &str, as_of: &str) {
    let (ja, en) = match name {
        "returners" => ("対象となった再入社者（人）", "Returners compared"),
        "median_stayer_ratio" => {
            ("在籍を続けた方に対する基本給の比の中央値", "Median of base against those who never left")
        }
        "leapfrog_share" => {
            ("同等以上の在籍者のうち下回ることになった方の割合", "Share of the equally qualified overtaken")
        }
        "cost_a_year" => ("是正に必要な年額", "Cost of remedies a year"),
        "plans" => ("是正計画（件）", "Plans to remedy"),
        "planned_a_year" => ("計画した是正の年額", "Planned a year"),
        "carried_out_a_year" => ("実施した是正の年額", "Carried out a year"),
        "past_their_day" => ("期限を過ぎた計画（件）", "Plans past their day"),
        "planned_a_year_past_its_day" => ("期限を過ぎた計画の年額", "Planned a year, past its day"),
        other => (other, other),
    };
    sheet.item(&format!("{table_ja}：{ja}（{as_of}）"), &format!("{table_en}: {en}"), value, "");
}

/// A share in percent, as exactly as it is.
fn percent(share: Fraction) -> String {
    let hundredfold = share.times(Fraction::whole(100)).unwrap_or(share);
    if hundredfold.den() == 1 { hundredfold.decimal(0) } else { hundredfold.decimal(2) }
}

#[cfg(test)]
mod tests;
