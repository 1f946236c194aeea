//! The sentences about an offer.

use aggregates::checks::{CheckAnswer, Outcome, Settlement};
use aggregates::labour::{DEADLINES, Duty, LabourCheck};
use aggregates::offer::{
    Acceptance, Assessed, DocumentOutcome, DutyDone, DutyOutcome, ENQUIRY, ExceptionDecision, HandedIn, LapseCause,
    OfferEvent, PaidOnce, PayChange, PayException, REMEDY, RangeOutcome, RangeReviewed, Remedied, SPLIT, TermField,
};
use chrono::NaiveDate;

use super::{Line, told};

/// What a returner is offered is what the rule that priced it gave.
const PRICED: &str = "PAY-04";
/// Every approver is a different person, and none gains from the offer.
const DISTINCT: &str = "PAY-20";
/// An approval is of the terms that were seen.
const BOUND: &str = "PAY-21";
/// A delegation is logged before it is used.
const DELEGATION: &str = "PAY-25";
/// A refusal is final for the same terms.
const FINAL: &str = "PAY-26";
/// Written terms, complete.
const NOTICE: &str = "LAB-09";

pub(super) fn line(what: &OfferEvent) -> Line {
    use OfferEvent as E;
    match what {
        E::Drafted(drafted) => {
            told("An offer was drafted", "オファーが起案された").basis(&drafted.pay_policy).rule(PRICED)
        }
        E::Revised { version, changed, .. } => revised(*version, changed),
        E::Assessed(assessed) => assessed_line(assessed),
        E::LabourChecked { version, checks, .. } => labour_line(*version, checks),
        E::ExceptionRequested { version, exception, .. } => excepted(*version, exception),
        E::ExceptionDecided { version, decision, comment, .. } => decided(*version, *decision).words(comment.as_ref()),
        E::ApprovalRequested { version, approvals_needed, .. } => told(
            format!("Approval of version {version} was asked for ({approvals_needed} needed)"),
            format!("第{version}版の承認が依頼された（必要な承認者：{approvals_needed}名）"),
        )
        .rule(DISTINCT),
        E::Approved { version, delegated_by, comment, .. } => {
            approved(*version, delegated_by.is_some()).words(comment.as_ref()).rule(BOUND)
        }
        E::SentBack { version, reason_code, comment, .. } => {
            let mut line = told(
                format!("Version {version} was sent back to be drafted anew"),
                format!("第{version}版が差し戻された"),
            )
            .words(comment.as_ref());
            line.why.code = reason_code.map(|code| <&str>::from(code).to_owned());
            line
        }
        E::Refused { version, reason_code, comment, .. } => told(
            format!("Version {version} was refused; the same terms cannot be approved any more"),
            format!("第{version}版が却下された（同一条件での再申請は不可）"),
        )
        .code(reason_code.into())
        .words(comment.as_ref())
        .rule(FINAL),
        E::ApprovalForced { version, authority, reason, .. } => told(
            format!("Version {version} was approved in place of those who are missing"),
            format!("第{version}版が権限者により代行承認された"),
        )
        .words(Some(reason))
        .rule(DISTINCT)
        .basis(authority),
        E::ConflictDeclared { conflict, note, .. } => {
            told("Somebody declared a conflict of interest and stepped aside", "利益相反が申告され、審査から外れた")
                .code(conflict.into())
                .words(note.as_ref())
                .rule(DISTINCT)
        }
        E::ApprovalDelegated { until, reason, .. } => told(
            format!("An approver delegated their approval until {until}"),
            format!("承認権限が{until}まで委任された"),
        )
        .words(reason.as_ref())
        .rule(DELEGATION),
        E::Extended(extended) => told(
            format!("Version {} went out to the candidate, on seat {}", extended.version, extended.seat),
            format!("第{}版が候補者に提示された（採用枠{}）", extended.version, extended.seat),
        )
        .rule(NOTICE)
        .basis("労基法15条"),
        E::Accepted { recorded_for, .. } => {
            told("The candidate accepted", "候補者が内定を承諾した").words(recorded_for.as_ref())
        }
        E::RemedyRecorded { remedied, fulfilled, .. } => remedy(remedied, *fulfilled),
        E::DocumentRecorded { document, .. } => handed_in(document).evidence(Some(&document.evidence_ref)),
        E::RangeReviewOpened { exceptions, since, .. } => range_in_question(*exceptions, *since),
        E::RangeReviewed { reviewed, .. } => range_reviewed(reviewed),
        E::PayChanged(change) => pay_changed(change),
        E::OneOffRecorded(paid) => paid_once(paid),
        E::DutiesNoted { started_on, .. } => work_began(*started_on),
        E::DutyDone { done, .. } => duty_done(done).rule(DEADLINES).evidence(Some(&done.evidence_ref)),
        E::ExplanationRequested { answer_by, question, recorded_for, .. } => {
            asked(*answer_by).words(question.as_ref().or(recorded_for.as_ref()))
        }
        E::ExplanationGiven { answer, .. } => {
            told("What the candidate had asked was answered", "待遇の理由について説明が行われた")
                .rule(ENQUIRY)
                .words(Some(answer))
        }
        E::Declined { acceptance, reason_code, recorded_for, .. } => match acceptance {
            Acceptance::Before => told("The candidate declined", "候補者がオファーを辞退した"),
            Acceptance::After => told("The candidate declined after accepting", "候補者が内定を辞退した"),
        }
        .code(reason_code.into())
        .words(recorded_for.as_ref()),
        E::Expired { .. } => told("The offer lapsed unanswered", "回答期限が過ぎ、オファーが失効した"),
        E::ExpiryExtended { .. } => told("The candidate got more time to answer", "回答期限が延長された"),
        E::Rescinded { acceptance, reason_code, clause, opinion_ref, note, .. } => {
            let line = match acceptance {
                Acceptance::Before => told("The employer took the offer back", "オファーが取り下げられた"),
                Acceptance::After => told("The employer took the accepted offer back", "内定が取り消された"),
            };
            let line = line.code(reason_code.into()).evidence(opinion_ref.as_ref()).words(note.as_ref());
            Line { basis: clause.clone(), ..line }
        }
        E::Lapsed { because } => lapsed(*because),
        E::Settled { settlement } => settled(settlement),
    }
}

fn assessed_line(assessed: &Assessed) -> Line {
    let policy = assessed.basis.policy.version;
    told(
        format!("The pay of version {} was assessed under version {policy} of the pay policy", assessed.version),
        format!("第{}版の賃金が、賃金基準の第{policy}版により評価された", assessed.version),
    )
    .rule(BOUND)
}

fn labour_line(version: u32, checks: &[LabourCheck]) -> Line {
    let asked = checks.iter().filter(|check| check.result.outcome != Outcome::Pass).count();
    told(
        format!("What labour law asks of version {version} was checked; {asked} to be answered"),
        format!("第{version}版について労務上の確認事項が確認された（要回答：{asked}件）"),
    )
    .rule(NOTICE)
}

fn excepted(version: u32, exception: &PayException) -> Line {
    let reasons: Vec<&str> = exception.reasons.iter().map(<&str>::from).collect();
    told(
        format!("An exception from the pay policy was asked for version {version}"),
        format!("第{version}版について賃金基準の例外が申請された"),
    )
    .words(Some(&exception.justification))
    .evidence(exception.evidence_ref.as_ref())
    .basis(reasons.join(", "))
    .rule(BOUND)
}

fn decided(version: u32, decision: ExceptionDecision) -> Line {
    match decision {
        ExceptionDecision::Granted => {
            told(format!("The exception of version {version} was granted"), format!("第{version}版の例外が認められた"))
                .rule(DISTINCT)
        }
        ExceptionDecision::Refused => {
            told(format!("The exception of version {version} was refused"), format!("第{version}版の例外が却下された"))
                .rule(FINAL)
        }
    }
}

fn lapsed(because: LapseCause) -> Line {
    match because {
        LapseCause::ApplicationWithdrawn => {
            told("The offer fell away: the candidate withdrew", "候補者の辞退によりオファーが終了した")
        }
        LapseCause::ApplicationRejected => {
            told("The offer fell away: the case was rejected", "不採用によりオファーが終了した")
        }
        LapseCause::RequisitionClosed => {
            told("The offer fell away: the requisition was closed", "求人の終了によりオファーが終了した")
        }
        LapseCause::NoShow => told(
            "The offer fell away: the candidate did not come on the first day",
            "入社日に出社がなかったためオファーが終了した",
        ),
    }
    .code(because.into())
}

fn revised(version: u32, changed: &[TermField]) -> Line {
    if changed.is_empty() {
        return told(
            format!("Version {version}: the terms stand, the time to answer changed"),
            format!("第{version}版：条件はそのままで回答期限が変更された"),
        );
    }
    let fields: Vec<&str> = changed.iter().map(<&str>::from).collect();
    told(
        format!("Version {version}: the terms were revised; approvals are asked for anew"),
        format!("第{version}版：条件が変更され、承認は取り直しとなった"),
    )
    .basis(fields.join(", "))
    .rule(BOUND)
}

fn settled(settlement: &Settlement) -> Line {
    match settlement {
        Settlement::Answered { rule, answer, evidence_ref, .. } => match answer {
            CheckAnswer::Satisfied => told("A missing fact was established", "未確認事項が確認された"),
            CheckAnswer::NotSatisfied => {
                told("A missing fact proved to be against it", "未確認事項が要件を満たさないと確認された")
            }
            CheckAnswer::Continuous => {
                told("The employment went on in substance", "雇用が実質的に継続していると判断された")
            }
            CheckAnswer::NewStart => told("The employment began anew", "雇用は継続していないと判断された"),
            CheckAnswer::RetirementPaid => {
                told("A retirement payment was made for the earlier time", "前回の退職金は支払済みと確認された")
            }
            CheckAnswer::RetirementUnpaid => told(
                "No retirement payment was made for the earlier time",
                "前回の退職金は支払われていないと確認された",
            ),
            CheckAnswer::RetirementCountedAgain => told(
                "A retirement payment was made, and the plan counts that time again",
                "前回の期間が今回の退職金の計算に含まれると確認された",
            ),
            CheckAnswer::AgencyTold => {
                told("The agency was told that it may not send them", "派遣できないことが派遣元に通知された")
            }
        }
        .code(answer.into())
        .evidence(Some(evidence_ref))
        .rule(rule),
        Settlement::Acknowledged { rule, reason, .. } => {
            told("A warning was acknowledged", "注意事項が了承された").words(Some(reason)).rule(rule)
        }
        Settlement::LegalOpinion { rule, opinion_ref, valid_until, .. } => told(
            format!("A legal opinion was recorded, valid until {valid_until}"),
            format!("法的見解が記録された（{valid_until}まで有効）"),
        )
        .evidence(Some(opinion_ref))
        .rule(rule),
    }
}

fn pay_changed(change: &PayChange) -> Line {
    match &change.retest {
        Some(retest) if retest.is_split() => told(
            "The base changed within six months of the return; offered so, it would have been stricter",
            "復職後6か月以内に基本給が変わり、当初の提示であればより厳しい区分に当たる",
        )
        .rule(SPLIT),
        Some(_) => told(
            "The base changed within six months of the return, within what was approved",
            "復職後6か月以内に基本給が変わった（承認の範囲内）",
        )
        .rule(SPLIT),
        None => told("The base of whoever came back changed", "復職者の基本給が変わった"),
    }
}

fn approved(version: u32, delegated: bool) -> Line {
    if delegated {
        told(
            format!("Version {version} was approved in the stead of whoever delegated it"),
            format!("第{version}版が委任により承認された"),
        )
    } else {
        told(format!("Version {version} was approved"), format!("第{version}版が承認された"))
    }
}

fn asked(answer_by: NaiveDate) -> Line {
    told(
        format!("The candidate asked why their conditions are as they are; to be answered by {answer_by}"),
        format!("候補者が待遇の理由の説明を求めた（回答期限：{answer_by}）"),
    )
    .rule(ENQUIRY)
}

fn work_began(started_on: NaiveDate) -> Line {
    told(
        format!("Work began on {started_on}: what is to be filed and done by when was noted"),
        format!("{started_on}に就業が始まり、届出と健康診断の期限が登録された"),
    )
    .rule(DEADLINES)
}

fn range_in_question(exceptions: u32, since: NaiveDate) -> Line {
    told(
        format!("{exceptions} exceptions for the role were granted since {since}: its pay range is looked at"),
        format!("{since}以降、同じ職種・等級で例外が{exceptions}件認められたため、給与レンジの見直しを求めた"),
    )
}

fn range_reviewed(reviewed: &RangeReviewed) -> Line {
    match reviewed.outcome {
        RangeOutcome::Kept => told("The pay range of the role was looked at and stays", "給与レンジを見直し、維持した"),
        RangeOutcome::Changed => {
            told("The pay range of the role was looked at and is to be changed", "給与レンジを見直し、改定する")
        }
    }
    .words(Some(&reviewed.reason))
    .evidence(Some(&reviewed.evidence_ref))
}

fn handed_in(document: &HandedIn) -> Line {
    let HandedIn { code, on, .. } = document;
    match document.outcome {
        DocumentOutcome::Received => {
            told(format!("{code} was handed in on {on}"), format!("提出書類「{code}」を受け取った（{on}）"))
        }
        DocumentOutcome::Waived => told(
            format!("{code} need not be handed in, as was found on {on}"),
            format!("提出書類「{code}」は不要と確認された（{on}）"),
        ),
    }
}

fn duty_done(done: &DutyDone) -> Line {
    let on = done.done_on;
    if done.outcome == DutyOutcome::NotOwed {
        return told(
            format!("A registration or an examination was found not to be owed, on {on}"),
            format!("届出または健康診断が不要と確認された（{on}）"),
        );
    }
    match done.duty {
        Duty::HealthAndPension => told(
            format!("Whoever came back was registered for health and pension insurance on {on}"),
            format!("健康保険・厚生年金保険の資格取得届が提出された（{on}）"),
        ),
        Duty::EmploymentInsurance => told(
            format!("Whoever came back was registered for employment insurance on {on}"),
            format!("雇用保険の資格取得届が提出された（{on}）"),
        ),
        Duty::HealthCheck => {
            told(format!("Whoever came back was examined on {on}"), format!("雇入時健康診断が行われた（{on}）"))
        }
    }
}

fn paid_once(paid: &PaidOnce) -> Line {
    match &paid.retest {
        Some(retest) if retest.is_split() => told(
            "A payment was made within six months of the return; offered so, it would have been stricter",
            "復職後6か月以内に一時金が支給され、当初の提示であればより厳しい区分に当たる",
        )
        .rule(SPLIT),
        Some(_) => told(
            "A payment was made within six months of the return, within what was approved",
            "復職後6か月以内に一時金が支給された（承認の範囲内）",
        )
        .rule(SPLIT),
        None => told("Whoever came back was paid something once", "復職者に一時金が支給された"),
    }
    .evidence(Some(&paid.payment.evidence_ref))
}

fn remedy(remedied: &Remedied, fulfilled: bool) -> Line {
    if fulfilled {
        told("The plan to remedy those who are overtaken was carried out", "逆転の是正計画が完了した")
    } else {
        told("Part of the plan to remedy was carried out", "逆転の是正計画の一部が実施された")
    }
    .rule(REMEDY)
    .evidence(Some(&remedied.evidence_ref))
}
