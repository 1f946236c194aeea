//! The offer pack: three documents, rendered from the one approved version of an offer's terms, in Japanese with English
//! beside it.
//!
//! A document is a pure function of what is recorded: the same terms and approvals give the same text, byte for byte, so
//! that whoever reads an offer is shown what went out, and the hash that was recorded proves it. No document names anybody.
//! Called when an offer goes out and whenever it is read.

mod compared;
mod tenure;

use std::collections::BTreeSet;

use aggregates::checks::Settlement;
use aggregates::labour::{self, LabourCheck};
use aggregates::offer::{
    COMPANY_SCOPE, ComparedWith, ContractTerm, DocumentKind, ExceptionReason, FULL_TIME_HOURS, Pay, Period, RemedyPlan,
    RenderedDocument, Standing, Terms,
};
use aggregates::pay::{BandUsed, Fraction, Qualification, RegularComparison, Scope, Tier};
use aggregates::values::{Bilingual, EmploymentType, Money};
use chrono::NaiveDate;
use projections::offers::Offer;

pub use tenure::{Tenure, Wording};

use crate::printed::{Rendered, Sheet, money, sha256};

/// What the documents are rendered from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The entity that employs.
    pub legal_entity: String,
    /// Which version of the terms.
    pub version: u32,
    /// The terms.
    pub terms: Terms,
    /// Their hash.
    pub terms_hash: String,
    /// The version of the pay policy.
    pub pay_policy: String,
    /// How the pay was assessed against those who stayed.
    pub fairness: Fairness,
    /// In which words the returner is told how their pay was set.
    pub wording: Wording,
    /// What the programme policy lays down of earlier time and the first review; nothing under version 0.
    pub tenure: Option<Tenure>,
    /// The approvals, in the order in which they were given.
    pub approvals: Vec<Approver>,
}

/// How the pay was assessed, as far as documents tell: never what anybody else earns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fairness {
    /// Under pay policy 0 it was not.
    NotAssessed,
    /// Under a published policy.
    Assessed(Box<Found>),
}

/// What an assessment found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The tier.
    pub tier: Tier,
    /// The band.
    pub band: Option<BandUsed>,
    /// What it was compared with besides.
    pub compared_with: ComparedWith,
    /// What the returner was found able to do.
    pub qualification: Qualification,
    /// The offer beside regular workers (PAY-01).
    pub comparison: Option<RegularComparison>,
    /// What it costs a year to remedy those who are leapfrogged.
    pub remedy_cost: Fraction,
    /// What the pay policy has told besides.
    pub notice: Option<Bilingual>,
    /// The reasons of the exception that was granted.
    pub reasons: BTreeSet<ExceptionReason>,
    /// The plan to remedy.
    pub remedy: Option<RemedyPlan>,
}

/// An approval as the approval sheet shows it: in which role, never by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approver {
    /// In which role.
    pub role: String,
    /// Whether it was delegated.
    pub delegated: Delegated,
    /// What allows it to stand for those who are missing, where it was forced.
    pub authority: Option<String>,
    /// The local day.
    pub on: Option<NaiveDate>,
}

/// Whether an approval stands for somebody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delegated {
    /// In the approver's own right.
    No,
    /// In the stead of whoever delegated it.
    Yes,
}

/// A document of the pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Which.
    pub kind: DocumentKind,
    /// What it says.
    pub rendered: Rendered,
}

impl Document {
    /// What is recorded of it.
    pub fn recorded(&self) -> RenderedDocument {
        let Rendered { template, .. } = self.rendered;
        RenderedDocument { kind: self.kind, template: template.to_owned(), sha256: self.rendered.sha256() }
    }
}

/// Whether this very text went out with the offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It did.
    Yes,
    /// It did not, or not yet.
    No,
}

impl Sent {
    /// What a print of it says of that.
    pub const fn remark(self) -> Option<&'static str> {
        match self {
            Self::Yes => None,
            Self::No => Some("未提示の案です / A draft that has not gone out"),
        }
    }
}

impl Contents {
    /// Of an offer that goes out, with what labour law asks of it by then.
    pub fn of(standing: &Standing, labour: &[LabourCheck]) -> Self {
        let approver = |approval: &aggregates::offer::Approval| Approver {
            role: approval.role.clone(),
            delegated: if approval.delegated_by.is_some() { Delegated::Yes } else { Delegated::No },
            authority: approval.forced.clone(),
            on: approval.on,
        };
        Self {
            legal_entity: standing.legal_entity.clone(),
            version: standing.version,
            terms: standing.terms.clone(),
            terms_hash: standing.terms_hash.clone(),
            pay_policy: standing.pay_policy.clone(),
            fairness: standing.assessed.as_ref().map_or(Fairness::NotAssessed, |assessed| {
                let exception = standing.exception.as_ref().map(|granted| &granted.exception);
                Fairness::Assessed(Box::new(Found {
                    tier: assessed.tier,
                    band: assessed.band.clone(),
                    compared_with: assessed.compared_with,
                    qualification: assessed.basis.qualification.clone(),
                    comparison: assessed.basis.comparison.clone(),
                    remedy_cost: assessed.remedy_cost,
                    notice: assessed.notice.clone(),
                    reasons: exception.map(|exception| exception.reasons.clone()).unwrap_or_default(),
                    remedy: exception.and_then(|exception| exception.remedy.clone()),
                }))
            }),
            wording: Wording::of(&standing.documents),
            tenure: Tenure::of(&labour.iter().collect::<Vec<_>>(), standing.labour.answer(labour::LEAVE)),
            approvals: standing.approvals.iter().map(approver).collect(),
        }
    }

    /// Of an offer as it is read; nothing where its terms have been erased.
    pub fn of_document(offer: &Offer) -> Option<Self> {
        let approver = |approval: &projections::offers::Approval| Approver {
            role: approval.role.clone(),
            delegated: if approval.delegated_by.is_some() { Delegated::Yes } else { Delegated::No },
            authority: approval.authority.clone(),
            on: approval.approved_on,
        };
        // What was answered once the offer was out changes nothing that it said.
        let out = offer.extension.as_ref().map(|extension| extension.extended_at);
        let mut answers = offer.settlements.iter().rev().filter(|answer| answer.settlement.rule() == labour::LEAVE);
        let leave = answers.find(|answer| out.is_none_or(|out| answer.at <= out));
        let leave = leave.and_then(|answer| match &answer.settlement {
            Settlement::Answered { answer, .. } => Some(*answer),
            Settlement::Acknowledged { .. } | Settlement::LegalOpinion { .. } => None,
        });
        Some(Self {
            legal_entity: offer.legal_entity.clone(),
            version: offer.terms_version,
            terms: offer.terms.clone()?,
            terms_hash: offer.terms_hash.clone(),
            pay_policy: offer.pay_policy.clone(),
            fairness: offer.finding.as_ref().map_or(Fairness::NotAssessed, |finding| {
                let exception = offer.exception.as_ref().map(|granted| &granted.exception);
                Fairness::Assessed(Box::new(Found {
                    tier: finding.tier,
                    band: finding.band.clone(),
                    compared_with: finding.compared_with,
                    qualification: finding.qualification.clone(),
                    comparison: finding.comparison.clone(),
                    remedy_cost: finding.remedy_cost,
                    notice: finding.notice.clone(),
                    reasons: exception.map(|exception| exception.reasons.clone()).unwrap_or_default(),
                    remedy: exception.and_then(|exception| exception.remedy.clone()),
                }))
            }),
            wording: offer.extension.as_ref().map_or(Wording::Present, |out| Wording::of(&out.documents)),
            tenure: Tenure::of(&offer.labour.iter().map(|standing| &standing.check).collect::<Vec<_>>(), leave),
            approvals: offer.approvals.iter().map(approver).collect(),
        })
    }

    /// The three documents.
    pub fn render(&self) -> [Document; 3] {
        [self.approval_sheet(), self.working_conditions_notice(), self.explanation()]
    }

    /// 稟議書: what was approved, what it costs, and by whom in which role.
    fn approval_sheet(&self) -> Document {
        let Terms { pay, .. } = &self.terms;
        let mut sheet = Sheet::titled("稟議書（再入社オファー）", "Approval sheet for an offer of re-employment");
        sheet.item("会社・法人", "Legal entity", &self.legal_entity, "");
        sheet.item("条件の版", "Version of the terms", &self.version.to_string(), "");
        sheet.item("条件のハッシュ（SHA-256）", "Hash of the terms", &self.terms_hash, "");
        sheet.item("等級", "Grade", &self.terms.grade, "");
        let (ja, en) = employment_type(self.terms.employment_type);
        sheet.item("雇用形態", "Employment type", ja, en);
        sheet.item("入社日", "First day", &self.terms.starts_on.to_string(), "");
        self.pay_items(&mut sheet);
        match yearly(pay) {
            Some(total) => sheet.item(
                "年間支給見込額（一時金を除く）",
                "Expected yearly pay without one-off payments",
                &money(&total),
                "",
            ),
            None => sheet.item("年間支給見込額", "Expected yearly pay", "算出不能", "cannot be computed"),
        }
        sheet.item("報酬規程", "Pay policy", &self.pay_policy, "");
        match &self.fairness {
            Fairness::NotAssessed => {
                sheet.item(
                    "公平性評価",
                    "Fairness assessment",
                    "未実施（本規程では在籍者との比較評価を行わない。コンプライアンス報告に記載）",
                    "not assessed against those who stayed; listed on the report to compliance",
                );
                sheet.item("是正費用", "Cost of remedies", "なし", "none");
            }
            Fairness::Assessed(found) => self.found(&mut sheet, found),
        }
        for (nth, approver) in self.approvals.iter().enumerate() {
            let on = approver.on.map(|day| day.to_string()).unwrap_or_default();
            let (how_ja, how_en) = match (&approver.authority, approver.delegated) {
                (Some(authority), _) => {
                    (format!("代行承認、根拠：{authority}"), format!("in place of others, by {authority}"))
                }
                (None, Delegated::Yes) => ("委任による承認".to_owned(), "delegated".to_owned()),
                (None, Delegated::No) => ("承認".to_owned(), "approved".to_owned()),
            };
            let label = format!("承認者{}", nth + 1);
            let label_en = format!("Approver {}", nth + 1);
            sheet.item(&label, &label_en, &format!("{}（{how_ja}）{on}", approver.role), &how_en);
        }
        let template = match self.fairness {
            Fairness::NotAssessed => "approval-sheet/1",
            Fairness::Assessed(_) => "approval-sheet/2",
        };
        Document { kind: DocumentKind::ApprovalSheet, rendered: sheet.rendered(template) }
    }

    /// What approvers are told of an assessment: tier, reasons, what a remedy costs and who sees to it by when.
    fn found(&self, sheet: &mut Sheet, found: &Found) {
        let tier: &str = found.tier.into();
        sheet.item("公平性評価", "Fairness assessment", &format!("区分{tier}"), &format!("tier {tier}"));
        let reasons: Vec<&str> = found.reasons.iter().map(<&str>::from).collect();
        if !reasons.is_empty() {
            sheet.item("例外の理由", "Reasons of the exception", &reasons.join(", "), "");
        }
        let currency = &self.terms.pay.base.currency;
        let cost = format!("年額{} {currency}", found.remedy_cost.decimal(0));
        sheet.item("是正費用", "Cost of remedies", &cost, "a year");
        if let Some(remedy) = &found.remedy {
            let plan = format!("{}（{}、期限：{}）", money(&remedy.amount), remedy.budget_ref, remedy.due_on);
            sheet.item("是正計画", "Plan to remedy", &plan, "");
        }
    }

    /// 労働条件通知書: every item of 労基法15条 and 労基則5条, the scope of change included.
    fn working_conditions_notice(&self) -> Document {
        let terms = &self.terms;
        let mut sheet = Sheet::titled("労働条件通知書", "Notice of working conditions");
        sheet.item("使用者", "Employer", &self.legal_entity, "");
        let (ja, en) = employment_type(terms.employment_type);
        sheet.item("雇用形態", "Employment type", ja, en);
        match &terms.contract {
            ContractTerm::Indefinite => sheet.item("契約期間", "Term", "期間の定めなし", "indefinite"),
            ContractTerm::Fixed { ends_on, renewal, ground } => {
                let ja = format!("期間の定めあり（{}から{ends_on}まで）", terms.starts_on);
                sheet.item("契約期間", "Term", &ja, &format!("fixed, from {} to {ends_on}", terms.starts_on));
                sheet.item(
                    "更新の有無・基準・上限",
                    "Renewal, its criteria and limit",
                    renewal.as_deref().unwrap_or("—"),
                    "",
                );
                if let Some(ground) = ground {
                    sheet.item("有期契約の事由", "Ground of the fixed term", ground, "");
                }
                sheet.item(
                    "無期転換",
                    "Conversion to an indefinite contract",
                    "通算契約期間が5年を超える契約を結んだ場合、無期労働契約への転換を申し込むことができる（労契法18条）",
                    "may be applied for once contracts exceed five years in total",
                );
                if self.wording == Wording::Present {
                    sheet.item(
                        "無期転換後の労働条件",
                        "Conditions after conversion",
                        "別段の定めがない限り、契約期間を除き、直前の有期労働契約の労働条件と同一とする",
                        "those of the last fixed term but for its end, unless something else is agreed",
                    );
                }
            }
        }
        sheet.item("入社日", "First day", &terms.starts_on.to_string(), "");
        match terms.probation_months {
            Some(months) => sheet.item("試用期間", "Probation", &format!("{months}か月"), &format!("{months} months")),
            None => sheet.item("試用期間", "Probation", "なし", "none"),
        }
        sheet.item("就業の場所（雇入れ直後）", "Place of work at first", terms.location.as_deref().unwrap_or("—"), "");
        sheet.item(
            "就業の場所の変更の範囲",
            "Scope of change of the place",
            scope(terms.location_scope.as_deref()),
            "",
        );
        sheet.item("従事すべき業務（雇入れ直後）", "Work at first", terms.duties.as_deref().unwrap_or("—"), "");
        sheet.item("業務の変更の範囲", "Scope of change of the work", scope(terms.duties_scope.as_deref()), "");
        let hours = terms.weekly_hours;
        sheet.item("所定労働時間", "Working hours", &format!("週{hours}時間"), &format!("{hours} hours a week"));
        by_the_rules(&mut sheet, "始業・終業の時刻、休憩時間", "Start and end of work, breaks");
        by_the_rules(&mut sheet, "所定時間外労働の有無", "Work beyond the agreed hours");
        by_the_rules(&mut sheet, "休日・休暇", "Days off and leave");
        self.pay_items(&mut sheet);
        by_the_rules(
            &mut sheet,
            "賃金の計算・支払方法、締切日・支払日",
            "How wages are computed and paid, cut-off and pay day",
        );
        by_the_rules(&mut sheet, "昇給", "Pay rises");
        by_the_rules(&mut sheet, "退職手当", "Retirement allowance");
        by_the_rules(&mut sheet, "退職・解雇の事由と手続", "Leaving and dismissal");
        if terms.employment_type != EmploymentType::Regular {
            sheet.item(
                "雇用管理の改善等に関する相談窓口（パート有期法6条）",
                "Desk for questions about working conditions",
                "人事部門",
                "human resources",
            );
        }
        let rendered = sheet.rendered(match self.wording {
            Wording::First | Wording::Second => "working-conditions-notice/1",
            Wording::Present => "working-conditions-notice/2",
        });
        Document { kind: DocumentKind::WorkingConditionsNotice, rendered }
    }

    /// What the returner is told about how their pay was set (PAY-04): no more and no less than the rule did.
    fn explanation(&self) -> Document {
        let mut sheet = Sheet::titled("処遇決定のご説明", "How your pay was set");
        sheet.item("等級", "Grade", &self.terms.grade, "");
        self.pay_items(&mut sheet);
        sheet.item("報酬規程", "Pay policy", &self.pay_policy, "");
        match &self.fairness {
            Fairness::NotAssessed => {
                if self.wording == Wording::Present {
                    self.probation(&mut sheet);
                }
                sheet.paragraph(
                "この条件は、採用担当者が提案し、提案者とは別の方が承認したものです。現行の規程では、在籍者との比較による評価は\
                 行っていません。退職時の報酬は、決定に用いていません。",
                "These terms were proposed by a recruiter and approved by somebody else. The present policy does not assess them \
                 against the pay of those who stayed. Your pay at the time of leaving was not used.",
            );
                if self.wording == Wording::Present {
                    sheet.paragraph(
                        "ご不明な点は、人事部門にお問い合わせください。",
                        "Questions are answered by human resources.",
                    );
                }
            }
            Fairness::Assessed(found) => self.how_it_was_set(&mut sheet, found),
        }
        match (self.wording, &self.tenure) {
            (Wording::First, _) => sheet.paragraph(
                "過去の在籍期間の取扱い（勤続年数の通算など）は、就業規則によります。",
                "How your earlier employment counts follows the work rules.",
            ),
            (Wording::Second | Wording::Present, Some(tenure)) => tenure.told(&mut sheet),
            (Wording::Second | Wording::Present, None) => sheet.paragraph(
                "過去の在籍期間の取扱い（勤続年数の通算など）と次回の処遇見直しは、就業規則によります。",
                "How your earlier employment counts, and when your pay is next reviewed, follows the work rules.",
            ),
        }
        if let (Wording::Second | Wording::Present, Fairness::Assessed(found)) = (self.wording, &self.fairness)
            && let Some(Bilingual { ja, en }) = &found.notice
        {
            sheet.paragraph(ja, en);
        }
        if let (Wording::Second | Wording::Present, Fairness::Assessed(found)) = (self.wording, &self.fairness)
            && let Some(comparison) = &found.comparison
        {
            compared::told(comparison, &mut sheet);
        }
        if self.is_shorter() {
            sheet.paragraph(
                "通常の労働者との待遇の相違の内容と理由について、説明を求めることができます（パート有期法14条）。",
                "You may ask how and why your conditions differ from those of regular employees.",
            );
        }
        let template = match (self.wording, &self.fairness) {
            (Wording::First, Fairness::NotAssessed) => "explanation/1",
            (Wording::First, Fairness::Assessed(_)) => "explanation/2",
            (Wording::Second, Fairness::NotAssessed) => "explanation/3",
            (Wording::Second, Fairness::Assessed(_)) => "explanation/4",
            (Wording::Present, Fairness::NotAssessed) => "explanation/5",
            (Wording::Present, Fairness::Assessed(_)) => "explanation/6",
        };
        Document { kind: DocumentKind::Explanation, rendered: sheet.rendered(template) }
    }

    /// The factors that the policy used, and no promise beside them. What anybody else earns is told to nobody.
    fn how_it_was_set(&self, sheet: &mut Sheet, found: &Found) {
        let amount = |amount: i64| money(&Money { amount, currency: self.terms.pay.base.currency.clone() });
        if let Some(band) = &found.band {
            let range =
                format!("{}〜{}（中央値{}）", amount(band.minimum), amount(band.maximum), amount(band.midpoint));
            sheet.item("等級の賃金レンジ", "Pay range of the grade", &range, "minimum to maximum, midpoint");
            let from = band.effective_from.to_string();
            sheet.item("賃金レンジの適用開始日", "Pay range in force from", &from, "");
        }
        if let Some(months) = found.qualification.experience_months {
            let ja = format!("{months}か月");
            sheet.item("考慮した関連経験", "Relevant experience counted", &ja, &format!("{months} months"));
        }
        if let Some(last) = &found.qualification.rating {
            let rating = format!("{}（{}）", last.rating, last.rated_on);
            sheet.item("考慮した最終評価", "Last rating counted", &rating, "");
        }
        self.probation(sheet);
        if self.wording == Wording::Present {
            compared_with(sheet, found);
        } else {
            sheet.paragraph(
                "基本給は、上記の規程に基づき、等級の賃金レンジと、同じ等級・職種の在籍者の賃金分布との比較を経て、提案者とは別の方々が\
                 承認したものです。性別、年齢、国籍、家族、休業の取得などは用いていません。退職時の報酬は、金額の決定に用いていません。",
                "Your base was set under the policy named above: it was compared with the pay range of the grade and with the \
                 distribution of pay among those who work in the same grade and job family, and approved by other people than \
                 whoever proposed it. Sex, age, nationality, family and leave were not used. Your pay at the time of leaving was \
                 not used to set it.",
            );
        }
        match self.wording {
            Wording::First => sheet.paragraph(
                "ご不明な点は、人事部門の報酬担当にお問い合わせください。次回の処遇見直しは、就業規則の定めによります。",
                "Questions are answered by compensation in human resources. Your pay is next reviewed as the work rules say.",
            ),
            Wording::Second | Wording::Present => whom_to_ask(sheet),
        }
    }

    /// How long, or that there is none.
    fn probation(&self, sheet: &mut Sheet) {
        match (self.terms.probation_months, self.wording) {
            (Some(months), _) => {
                sheet.item("試用期間", "Probation", &format!("{months}か月"), &format!("{months} months"));
            }
            (None, Wording::Present) => sheet.item("試用期間", "Probation", "なし", "none"),
            (None, Wording::First | Wording::Second) => {}
        }
    }

    /// Whether they work for a fixed term, part-time, or fewer hours than full time.
    fn is_shorter(&self) -> bool {
        let fewer = self.wording == Wording::Present && self.terms.weekly_hours < FULL_TIME_HOURS;
        self.terms.employment_type != EmploymentType::Regular || fewer
    }

    fn pay_items(&self, sheet: &mut Sheet) {
        let Pay { base, allowances, fixed_overtime, bonus, sign_on } = &self.terms.pay;
        let hours = self.terms.weekly_hours;
        let ja = format!("{}（週{FULL_TIME_HOURS}時間換算の年額）", money(base));
        sheet.item("基本給", "Base", &ja, &format!("a year, full-time equivalent at {FULL_TIME_HOURS} hours a week"));
        if hours < FULL_TIME_HOURS {
            let ja = format!("週{hours}時間に比例して支給する");
            sheet.item("基本給の支給", "Base as paid", &ja, &format!("in proportion to {hours} hours a week"));
        }
        for allowance in allowances {
            let (ja, en) = period(allowance.period);
            sheet.item(
                &format!("手当（{}）", allowance.code),
                "Allowance",
                &format!("{ja}{}", money(&allowance.amount)),
                en,
            );
        }
        if let Some(overtime) = fixed_overtime {
            let hours = overtime.hours_a_month;
            let ja = format!("月{hours}時間分として月額{}。超過分は別途支給する", money(&overtime.amount_a_month));
            sheet.item(
                "固定残業代",
                "Fixed overtime",
                &ja,
                &format!("for {hours} hours a month; what exceeds them is paid besides"),
            );
        }
        match bonus {
            Some(bonus) => sheet.item("賞与", "Bonus", &format!("年額{}", money(bonus)), "a year"),
            None => by_the_rules(sheet, "賞与", "Bonus"),
        }
        if let Some(sign_on) = sign_on {
            sheet.item("入社一時金", "Sign-on payment", &money(sign_on), "once");
        }
    }
}

/// What the terms leave to the employer's work rules under programme/0.
fn by_the_rules(sheet: &mut Sheet, label: &str, label_en: &str) {
    sheet.item(label, label_en, "就業規則による", "by the work rules");
}

fn scope(told: Option<&str>) -> &str {
    told.filter(|text| !text.trim().is_empty()).unwrap_or(COMPANY_SCOPE)
}

const fn employment_type(kind: EmploymentType) -> (&'static str, &'static str) {
    match kind {
        EmploymentType::Regular => ("正社員", "regular"),
        EmploymentType::FixedTerm => ("契約社員", "fixed term"),
        EmploymentType::PartTime => ("パートタイム", "part time"),
        EmploymentType::Contractor => ("業務委託", "contractor"),
    }
}

const fn period(period: Period) -> (&'static str, &'static str) {
    match period {
        Period::Month => ("月額", "a month"),
        Period::Year => ("年額", "a year"),
        Period::Once => ("一時金", "once"),
    }
}

/// Yearly pay without what is paid once; nothing where the sum has no exact form.
fn yearly(pay: &Pay) -> Option<Money> {
    let mut total = pay.base.amount;
    for allowance in &pay.allowances {
        let times = match allowance.period {
            Period::Month => 12,
            Period::Year => 1,
            Period::Once => 0,
        };
        total = total.checked_add(allowance.amount.amount.checked_mul(times)?)?;
    }
    if let Some(overtime) = &pay.fixed_overtime {
        total = total.checked_add(overtime.amount_a_month.amount.checked_mul(12)?)?;
    }
    if let Some(bonus) = &pay.bonus {
        total = total.checked_add(bonus.amount)?;
    }
    Some(Money { amount: total, currency: pay.base.currency.clone() })
}

/// The hash that approvers and the candidate agree to: SHA-256 of the terms as canonical JSON (RFC 8785), in hexadecimal.
/// Member names are ASCII and every number is an integer, so that sorted members without spaces are the canonical form.
pub fn terms_hash(terms: &Terms) -> Result<String, serde_json::Error> {
    Ok(sha256(serde_json::to_value(terms)?.to_string().as_bytes()))
}

#[cfg(test)]
mod tests;

/// With what the base was compared, and with nothing else: what was not compared is not said to have been (PAY-04).
fn compared_with(sheet: &mut Sheet, found: &Found) {
    let ComparedWith { peers, stayers, manager } = found.compared_with;
    let circle = peers.map(|scope| match scope {
        Scope::Zone => (
            "同じ等級・職種・地域の在籍者の賃金分布",
            "the distribution of pay among those who work in the same grade, job family and zone",
        ),
        Scope::Country => (
            "同じ等級・職種の在籍者の賃金分布",
            "the distribution of pay among those who work in the same grade and job family",
        ),
        Scope::Function => (
            "同じ等級で、同じ職種群に属する在籍者の賃金分布",
            "the distribution of pay among those who work in the same grade in job families of the same function",
        ),
    });
    let compared = [
        found.band.as_ref().map(|_| ("等級の賃金レンジ", "the pay range of the grade")),
        circle,
        stayers.then_some((
            "退職時に同じ等級帯にいて在籍を続けた方々の賃金",
            "the pay of those who worked beside you and stayed",
        )),
        manager.then_some(("上司の賃金", "the pay of the manager")),
    ];
    let (ja, en): (Vec<&str>, Vec<&str>) = compared.into_iter().flatten().unzip();
    let (ja, en) = if ja.is_empty() {
        (
            "比較できる賃金レンジも在籍者もないため、比較は行っていません".to_owned(),
            "There was neither a pay range nor anybody whose pay it could have been compared with".to_owned(),
        )
    } else {
        (format!("比較したもの：{}", ja.join("、")), format!("It was compared with {}", en.join("; with ")))
    };
    sheet.paragraph(
        &format!(
            "基本給は、上記の規程に基づいて提案され、提案者とは別の方々が承認したものです。{ja}。性別、年齢、国籍、家族、休業の取得などは\
             用いていません。退職時の報酬は、金額の決定に用いていません。"
        ),
        &format!(
            "Your base was proposed under the policy named above and approved by other people than whoever proposed it. {en}. Sex, \
             age, nationality, family and leave were not used. Your pay at the time of leaving was not used to set it."
        ),
    );
    if peers.is_none() && found.band.is_some() {
        sheet.paragraph(
            "比較できる在籍者の記録が十分にないため、在籍者の賃金分布との比較は行っていません。",
            "There is no sufficient record of people in comparable work for it to be compared with their pay.",
        );
    }
}

fn whom_to_ask(sheet: &mut Sheet) {
    sheet.paragraph(
        "ご不明な点は、人事部門の報酬担当にお問い合わせください。",
        "Questions are answered by compensation in human resources.",
    );
}
