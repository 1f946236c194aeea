//! What is asked of a human being, word for word.

use crate::checks::{CheckAnswer, Outcome};

use super::{ALLOWANCE, CONVERSION, DISPATCHED, FIXED_TERM_BAR, LEAVE, PRIOR_DUTIES, PROBATION, RETIREMENT_TAX};

/// The answers that a question takes: a decision where there is one to make, and otherwise whether the fact is as the rule
/// wants it. Of what nothing lifts, it is told at most that somebody was told of it.
pub fn answers(rule: &str, outcome: Outcome) -> &'static [CheckAnswer] {
    use CheckAnswer as A;
    match (outcome, rule) {
        (Outcome::Hold, LEAVE) => &[A::Continuous, A::NewStart],
        (Outcome::Hold, RETIREMENT_TAX) => &[A::RetirementPaid, A::RetirementUnpaid, A::RetirementCountedAgain],
        (Outcome::Hold, _) => &[A::Satisfied, A::NotSatisfied],
        (Outcome::Block, DISPATCHED) => &[A::AgencyTold],
        (Outcome::Pass | Outcome::Warn | Outcome::Legal | Outcome::Block, _) => &[],
    }
}

/// The question behind a finding, in Japanese and English; none where nothing is asked.
pub fn question(rule: &str, code: &str) -> Option<(&'static str, &'static str)> {
    Some(match (rule, code) {
        (CONVERSION, "right_to_conversion") => (
            "この契約により通算契約期間が5年を超えます。無期転換の申込権が生じることと、その労働条件を本人に説明しましたか。",
            "With this contract fixed terms exceed five years in total. Was the returner told that they may ask for an \
             indefinite contract, and on which conditions?",
        ),
        (CONVERSION, "near_conversion") => (
            "通算契約期間が5年に近づきます。更新の上限と、更新した場合の無期転換について、方針を決めて本人に説明しましたか。",
            "Fixed terms come near to five years in total. Is it decided, and was the returner told, how often the contract is \
             renewed and what follows for an indefinite one?",
        ),
        (DISPATCHED, "dispatched_within_a_year") => (
            "離職から1年以内の方を、同じ法人に派遣労働者として受け入れることはできません。派遣元に速やかに通知し（通知後にagency_toldを記録）、\
             入社日を1年経過後にするか、直接雇用の求人に移してください。",
            "Whoever left within the year may not be sent back by an agency to the same entity. Tell the agency at once \
             (then record agency_told), and offer a later first day, or a position of the entity's own.",
        ),
        (LEAVE, "continuity") => (
            "退職から再入社までの期間が短いため、実質的に労働関係が継続しているかを判断してください（退職の理由、職務の同一性、\
             再入社の約束の有無）。継続と判断する場合（continuous）は、年次有給休暇の勤続年数を通算します。継続しない場合はnew_startとします。",
            "The gap is short. Did the employment go on in substance (why they left, whether the work is the same, whether \
             coming back was agreed)? If so (continuous), annual leave counts from the first employment; if not, it is new_start.",
        ),
        (RETIREMENT_TAX, "earlier_retirement_payment") => (
            "前回の退職時に退職金を支払いましたか（retirement_paid、retirement_unpaid）。今回の退職金が前回の期間も計算に含める場合は\
             retirement_counted_againとします。支払っていない場合、または含める場合は、退職所得控除の勤続年数を税務担当に確認してください。",
            "Was a retirement payment made when they left (retirement_paid, retirement_unpaid)? Where the plan counts that time \
             again, it is retirement_counted_again. If none was made, or it counts again, have tax review which years of service \
             are deducted.",
        ),
        (ALLOWANCE, "not_payable_by_same_employer") => (
            "離職前の事業主に再び雇用される場合、再就職手当は支給されません。本人に説明しましたか（支給を約束してはいけません）。",
            "Whoever is rehired by the employer they left receives no re-employment allowance. Was the returner told? Nobody may \
             promise it.",
        ),
        (ALLOWANCE, "not_payable_by_related_employer") => (
            "離職前の事業主と資本・人事等の面で密接な関係がある事業主に雇用される場合も、再就職手当は支給されません（最後に離職したのは\
             別の法人です）。両法人の関係を確認し、本人に説明しましたか（支給を約束してはいけません）。",
            "Whoever is rehired by an employer closely related to the one they left, as by its capital or its people, receives no \
             re-employment allowance either, and they left another entity last. Was it looked at how the two are related, and was the \
             returner told? Nobody may promise it.",
        ),
        (ALLOWANCE, "agreed_before_exit") => (
            "退職前に再入社の条件が示されています。失業給付の受給資格に関わるため、本人に説明し、経緯を記録しましたか。",
            "Coming back is being agreed before they have left, which bears on unemployment benefits. Was the returner told, and \
             is it recorded how it came about?",
        ),
        (PROBATION, "probation_in_known_work") => (
            "同じ職務に短期間で復帰する方に試用期間を設ける合理的な理由は何ですか。",
            "Why does somebody who comes back to the same work after a short time need probation?",
        ),
        (PROBATION, "probation_on_renewal") => (
            "同じ職務の有期契約の更新にあたるため、改めて試用期間を設けることはできません。試用期間を外してください。",
            "The contract is renewed for the same work: there is no new probation. Take it out of the terms.",
        ),
        (FIXED_TERM_BAR, "employed_long_ago") => (
            "以前の雇用は20年以上前に終わっています。事由のない有期契約を結べるかどうか、弁護士の意見を記録してください。",
            "The earlier employment ended more than twenty years ago. May a fixed term without a ground be agreed? Record the \
             opinion of a lawyer.",
        ),
        (FIXED_TERM_BAR, "employed_before") => (
            "以前にこの会社に雇用されていた方と、客観的な事由のない有期契約を結ぶことはできません。事由を契約に記載するか、\
             期間の定めのない契約にしてください。",
            "Whoever was employed here before is given no fixed term without an objective ground. State the ground in the \
             contract, or offer one without an end.",
        ),
        (PRIOR_DUTIES, "prior_duties") => (
            "他社に対する競業避止義務・秘密保持義務の有無と内容を本人に確認しましたか。",
            "Was the returner asked which duties of non-competition and confidentiality they owe to others?",
        ),
        (_, "service_unknown") => (
            "この会社での以前の在籍期間（いつからいつまで、どの雇用形態か）が記録されていません。期間を確認し、この項目を判断して\
             ください。",
            "Of an earlier employment here the record does not tell from when to when, or how. Find out, and decide this point.",
        ),
        _ => return None,
    })
}
