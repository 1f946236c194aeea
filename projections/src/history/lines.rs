//! The sentences, aggregate by aggregate.

mod application;
mod offer;
mod pay;
mod programme;
mod referral;
mod requisition;
mod reward;
mod reward_plan;

use aggregates::access::AccessEvent;
use aggregates::catalogue::HrEvent;
use aggregates::departure::{DepartureEvent, OutreachBar, OutreachBasis};
use aggregates::employment::{EmploymentEvent, EndedBecause};
use aggregates::follow_up::FollowUpEvent;
use aggregates::member::{ConsentPurpose, ContactChannel, DisposalGround, MemberEvent, RegisteredVia};
use aggregates::no_rehire_flag::NoRehireFlagEvent;
use aggregates::person::{ErasureGround, PersonEvent};
use aggregates::values::{FreeText, Verdict};

use super::Why;

/// A purpose for each contact, or consent (個人情報保護法 17・18・21条).
const PURPOSE: &str = "PRV-01";
/// Consent is free, apart, and as easily withdrawn.
const CONSENT: &str = "PRV-02";
/// Data is kept right, or not at all.
const FRESHNESS: &str = "PRV-03";
/// How long what is kept.
const RETENTION: &str = "PRV-04";
/// What a person may ask for.
const REQUESTS: &str = "PRV-09";
/// "Not eligible" and flags: grounds, a second person, an end, an appeal.
const INELIGIBILITY: &str = "PRV-13";
/// Erasing is destroying keys, and is proved.
const ERASURE: &str = "ERA-04";

/// A sentence in two languages, and what stands behind it.
pub(super) struct Line {
    pub(super) en: String,
    pub(super) ja: String,
    pub(super) why: Why,
    pub(super) rule: Option<String>,
    pub(super) basis: Option<String>,
}

fn told(en: impl Into<String>, ja: impl Into<String>) -> Line {
    Line { en: en.into(), ja: ja.into(), why: Why::default(), rule: None, basis: None }
}

impl Line {
    fn rule(self, rule: impl Into<String>) -> Self {
        Self { rule: Some(rule.into()), ..self }
    }

    fn basis(self, basis: impl Into<String>) -> Self {
        Self { basis: Some(basis.into()), ..self }
    }

    fn code(mut self, code: &'static str) -> Self {
        self.why.code = Some(code.to_owned());
        self
    }

    fn evidence(mut self, evidence_ref: Option<&String>) -> Self {
        self.why.evidence_ref = evidence_ref.cloned();
        self
    }

    fn words(mut self, words: Option<&FreeText>) -> Self {
        self.why.words = words.cloned();
        self
    }
}

pub(super) fn line(event: &HrEvent) -> Line {
    match event {
        HrEvent::Departure(what) => departure(what),
        HrEvent::Member(what) => member(what),
        HrEvent::Employment(what) => employment(what),
        HrEvent::Person(what) => person(what),
        HrEvent::NoRehireFlag(what) => no_rehire_flag(what),
        HrEvent::FollowUp(what) => follow_up(what),
        HrEvent::Requisition(what) => requisition::line(what),
        HrEvent::Application(what) => application::line(what),
        HrEvent::Offer(what) => offer::line(what),
        HrEvent::Referral(what) => referral::line(what),
        HrEvent::Reward(what) => reward::line(what),
        HrEvent::RewardPlan(what) => reward_plan::line(what),
        HrEvent::PayPolicy(what) => pay::policy(what),
        HrEvent::ProgrammePolicy(what) => programme::policy(what),
        HrEvent::PayBands(what) => pay::bands(what),
        HrEvent::IncumbentSnapshot(what) => pay::snapshot(what),
        HrEvent::IncumbentPart(what) => pay::part(what),
        HrEvent::Access(what) => access(what),
    }
}

fn departure(what: &DepartureEvent) -> Line {
    use DepartureEvent as E;
    match what {
        E::Recorded(_) => told("The departure was recorded", "退職が記録された"),
        E::EligibilityProposed { verdict, rule } => {
            let (en, ja) = verdict_words(*verdict);
            told(
                format!("The rule about exit reasons proposed: {en}"),
                format!("退職事由の規則による再雇用可否の案：{ja}"),
            )
            .rule(rule)
        }
        E::OutreachBarred { because } => match because {
            OutreachBar::ContactRefused => {
                told("The person asked not to be contacted; outreach is barred", "本人の申し出により連絡不要となった")
            }
            OutreachBar::Deceased => told("The person has died; outreach is barred", "死亡により連絡の対象外となった"),
        }
        .code(because.into())
        .rule(PURPOSE),
        E::OutreachBarLifted { was } => told(
            "The bar to outreach proved to be a mistake and was lifted",
            "連絡の対象外とした記録が誤りであったため取り消された",
        )
        .code(was.into()),
        E::BecameEffective { .. } => {
            told("The last day passed; the departure is effective", "退職日が過ぎ、退職が成立した")
        }
        E::Corrected { why, .. } => told("Recorded facts were corrected", "記録内容が訂正された").words(Some(why)),
        E::Rescinded { why, .. } => {
            told("The departure was rescinded; the person stays", "退職が取り消された").words(Some(why))
        }
        E::ExitInterviewRecorded { .. } => told("The exit interview was recorded", "退職面談が記録された"),
        E::EligibilityAssessed { verdict, reason_code, clause, note, .. } => {
            let (en, ja) = verdict_words(*verdict);
            let mut line = told(format!("Assessed: {en}"), format!("再雇用可否の判定：{ja}")).words(note.as_ref());
            line.why.code.clone_from(reason_code);
            line.basis.clone_from(clause);
            if *verdict == Verdict::NotEligible { line.rule(INELIGIBILITY) } else { line }
        }
        E::IneligibilityConfirmed { clause, evidence_ref, .. } => {
            told("A second person confirmed: not eligible", "別の担当者が再雇用不可を確認した")
                .evidence(Some(evidence_ref))
                .rule(INELIGIBILITY)
                .basis(clause)
        }
        E::AssessmentReturned { note } => {
            told("A second person sent the assessment back", "別の担当者が判定を差し戻した")
                .words(note.as_ref())
                .rule(INELIGIBILITY)
        }
        E::IneligibilityLapsed { .. } => told(
            "\"Not eligible\" lapsed; a fresh review is needed",
            "再雇用不可が期限により失効し、再審査が必要になった",
        )
        .rule(INELIGIBILITY),
        E::AssessmentReopened { because, proposal, rule } => {
            let (en, ja) = verdict_words(*proposal);
            told(
                format!("The assessment was reopened; the rule now proposes: {en}"),
                format!("判定の根拠が変わり再判定となった。規則による案：{ja}"),
            )
            .code(because.into())
            .rule(rule)
        }
        E::Invited { number, basis, notice_version, .. } => {
            let on = notice_version.as_ref().map(|version| format!(" ({version})")).unwrap_or_default();
            told(
                format!("Invitation no. {number} was issued, based on {}", basis_words(*basis).0),
                format!("招待（{number}回目）が発行された。根拠：{}", basis_words(*basis).1),
            )
            .rule(PURPOSE)
            .basis(format!("{}{on}", <&str>::from(basis)))
        }
        E::RegistrationNoted { .. } => told("The person registered as an alumnus", "アルムナイ登録が行われた"),
    }
}

fn member(what: &MemberEvent) -> Line {
    use MemberEvent as E;
    match what {
        E::Registered(registered) => match registered.via {
            RegisteredVia::Invitation { .. } => told("Registered with an invitation", "招待により登録した"),
            RegisteredVia::SelfClaim { .. } => {
                told("Registered without an invitation; waits for review", "招待なしで登録を申請し、審査待ちとなった")
            }
        },
        E::TermsAccepted { terms_version } => {
            told("Accepted the terms of the programme", "会員規約に同意した").basis(terms_version)
        }
        E::ConsentGranted { purpose, text_version } => {
            let (en, ja) = purpose_words(*purpose);
            told(format!("Consented to {en}"), format!("「{ja}」に同意した")).rule(CONSENT).basis(text_version)
        }
        E::ConsentWithdrawn { purpose } => {
            let (en, ja) = purpose_words(*purpose);
            told(format!("Withdrew the consent to {en}"), format!("「{ja}」への同意を撤回した")).rule(CONSENT)
        }
        E::Approved { .. } => told("The registration was approved", "登録申請が承認された"),
        E::Rejected { reason_code, note } => {
            told("The registration was rejected", "登録申請が却下された").code(reason_code.into()).words(note.as_ref())
        }
        E::Activated { .. } => told("The membership began", "会員資格が有効になった"),
        E::ContactDetailsGiven(_) => told("Gave new contact details", "連絡先を更新した"),
        E::ProfileDescribed(_) => told("Described themselves anew", "プロフィールを更新した"),
        E::IntentsDeclared { .. } => told("Said what they are open to", "希望する関わり方を更新した"),
        E::DataConfirmed { .. } => {
            told("Confirmed that the data is right", "登録内容に誤りがないことを確認した").rule(FRESHNESS)
        }
        E::ConfirmationAsked { number, .. } => told(
            format!("Was asked to confirm the data (no. {number})"),
            format!("登録内容の確認を依頼された（{number}回目）"),
        )
        .rule(FRESHNESS),
        E::BecameDormant { .. } => {
            told("Did not answer; the membership is dormant", "回答がないため休眠となった").rule(FRESHNESS)
        }
        E::Paused { .. } => told("The membership was paused", "会員資格が一時停止された"),
        E::Resumed => told("The membership resumed", "会員資格が再開された"),
        E::GroupDeclared { .. } => {
            told("Declared a group for monitoring, freely", "モニタリング用の属性を任意で申告した")
        }
        E::GroupDeclarationWithdrawn => told("Took the declared group back", "属性の申告を取り下げた"),
        E::ContactRecorded(recorded) => {
            let (en, ja) = channel_words(recorded.contact.channel);
            let (about, about_ja) = match recorded.contact.requisition_id {
                Some(_) => ("a position", "求人"),
                None => ("a job family", "職種"),
            };
            told(
                format!("A recruiter made contact {en} about {about}"),
                format!("採用担当者が{about_ja}について{ja}連絡した"),
            )
            .words(recorded.note.as_ref())
            .rule(PURPOSE)
            .basis(&recorded.consent.text_version)
        }
        E::Left { reason } => told("Left the programme", "退会した").words(reason.as_ref()),
        E::Returned { .. } => told("Is an employee again", "再入社した"),
        E::DeathRecorded => told("Has died", "死亡が記録された"),
        E::Disposed { because, certificate } => told("The data was disposed of", "データが廃棄された")
            .code(because.into())
            .evidence(Some(certificate))
            .rule(match because {
                DisposalGround::RetentionEnded => RETENTION,
                DisposalGround::ErasureRequested => REQUESTS,
            }),
    }
}

fn employment(what: &EmploymentEvent) -> Line {
    use EmploymentEvent as E;
    match what {
        E::Recorded(_) => told("The employment was recorded", "在籍が記録された"),
        E::Corrected { why, .. } => told("Recorded facts were corrected", "記録内容が訂正された").words(Some(why)),
        E::Transferred(_) => told("A transfer was recorded", "異動が記録された"),
        E::Ended { because, .. } => match because {
            EndedBecause::Departure { .. } => told("The employment ended with a departure", "退職により在籍が終了した"),
            EndedBecause::TermEnded => {
                told("The agreed last day passed; the employment ended", "期間満了により在籍が終了した")
            }
            EndedBecause::TransferOut => {
                told("The employment ended with a move to another entity", "他法人への異動により在籍が終了した")
            }
            EndedBecause::Correction => told("The employment was closed as a mistake", "誤記のため在籍が終了とされた"),
        }
        .code(because.into()),
        E::ReturnNoted { .. } => told(
            "The employment is a return; the earlier periods were handed on to it",
            "再入社による在籍として、以前の在籍期間が引き継がれた",
        ),
    }
}

fn person(what: &PersonEvent) -> Line {
    use PersonEvent as E;
    match what {
        E::PossibleMatchNoted { .. } => {
            told("Another record may be the same person", "同一人物の可能性がある記録が見つかった")
        }
        E::MatchDismissed { reason, evidence_ref, note, .. } => {
            told("The possible match was dismissed", "同一人物ではないと判断された")
                .code(reason.into())
                .evidence(evidence_ref.as_ref())
                .words(note.as_ref())
        }
        E::LinkProposed { reason, evidence_ref, note, .. } => {
            told("A link with another record was proposed", "別の記録との紐付けが提案された")
                .code(reason.into())
                .evidence(Some(evidence_ref))
                .words(note.as_ref())
        }
        E::LinkProposalWithdrawn { reason, evidence_ref, note, .. } => {
            told("The proposal to link came to nothing", "紐付けの提案が取り下げられた")
                .code(reason.into())
                .evidence(evidence_ref.as_ref())
                .words(note.as_ref())
        }
        E::Linked { reason, evidence_ref, note, .. } => {
            told("A second person confirmed: one person", "別の担当者が同一人物であることを確認した")
                .code(reason.into())
                .evidence(Some(evidence_ref))
                .words(note.as_ref())
        }
        E::UnlinkProposed { reason, evidence_ref, note, .. } => {
            told("Undoing the link was proposed", "紐付けの解除が提案された")
                .code(reason.into())
                .evidence(evidence_ref.as_ref())
                .words(note.as_ref())
        }
        E::UnlinkProposalWithdrawn { reason, evidence_ref, note, .. } => {
            told("The link was upheld", "紐付けが維持された")
                .code(reason.into())
                .evidence(Some(evidence_ref))
                .words(note.as_ref())
        }
        E::Unlinked { reason, evidence_ref, note, .. } => {
            told("A second person confirmed: two people", "別の担当者が別人であることを確認した")
                .code(reason.into())
                .evidence(evidence_ref.as_ref())
                .words(note.as_ref())
        }
        E::Erased { ground, .. } => {
            told("Personal data was erased", "個人データが消去された").code(ground.into()).rule(match ground {
                ErasureGround::RetentionEnded => RETENTION,
                ErasureGround::PersonRequest => REQUESTS,
                ErasureGround::ProgrammeLeft => FRESHNESS,
                ErasureGround::TestData => ERASURE,
            })
        }
    }
}

fn no_rehire_flag(what: &NoRehireFlagEvent) -> Line {
    use NoRehireFlagEvent as E;
    match what {
        E::Raised { grounds, .. } => told(
            "A no-rehire flag was raised; it has no effect before its review",
            "再雇用不可フラグが起票された（審査までは効力なし）",
        )
        .code((&grounds.reason).into())
        .evidence(Some(&grounds.evidence_ref))
        .words(grounds.note.as_ref())
        .basis(&grounds.clause),
        E::Upheld { clause, note, .. } => {
            told("A second person upheld the flag; it is in force", "別の担当者が審査し、フラグが有効になった")
                .words(note.as_ref())
                .basis(clause)
        }
        E::Rejected { note, .. } => {
            told("A second person did not uphold the flag", "別の担当者が審査し、フラグは認められなかった")
                .words(note.as_ref())
        }
        E::Appealed { grounds, .. } => {
            told("The person appealed against the flag", "本人がフラグに不服を申し立てた").words(grounds.as_ref())
        }
        E::AppealDismissed { clause, note, .. } => {
            told("The appeal was dismissed; the flag stays in force", "不服申立てが退けられ、フラグは維持された")
                .words(note.as_ref())
                .basis(clause)
        }
        E::AppealGranted { note, .. } => {
            told("The appeal was granted; the flag is lifted", "不服申立てが認められ、フラグが解除された")
                .words(note.as_ref())
        }
        E::ExpiryNoticed { .. } => {
            told("The flag's expiry is near: renew it or let it lapse", "フラグの期限が近づいた（更新または失効）")
        }
        E::RenewalProposed { clause, evidence_ref, .. } => {
            told("A renewal of the flag was proposed", "フラグの更新が提案された")
                .evidence(Some(evidence_ref))
                .basis(clause)
        }
        E::RenewalConfirmed { clause, evidence_ref, note, .. } => told(
            "A second person confirmed the renewal; a new term began",
            "別の担当者が更新を承認し、新たな期間が始まった",
        )
        .evidence(Some(evidence_ref))
        .words(note.as_ref())
        .basis(clause),
        E::RenewalRefused { note, .. } => told(
            "A second person refused the renewal; the present term runs out",
            "別の担当者が更新を認めず、現在の期間で終了する",
        )
        .words(note.as_ref()),
        E::Lifted { reason_code, note, .. } => {
            told("The flag was lifted", "フラグが解除された").code(reason_code.into()).words(note.as_ref())
        }
        E::Expired { because, .. } => {
            told("The flag fell away; a review is needed", "フラグが失効し、審査が必要になった").code(because.into())
        }
    }
    .rule(INELIGIBILITY)
}

fn access(what: &AccessEvent) -> Line {
    let AccessEvent::FiguresTold { figures, .. } = what;
    let (report, month) = (&figures.report, &figures.month);
    told(
        format!("The figures of {report} for {month} were read"),
        format!("モニタリング（{report}、{month}）が閲覧された"),
    )
    .rule(&figures.rule)
}

fn follow_up(what: &FollowUpEvent) -> Line {
    match what {
        FollowUpEvent::Refused(refused) => {
            let mut line =
                told("A follow-up was refused; somebody has to look", "自動処理が受け付けられず、確認が必要になった");
            line.why.code = Some(refused.error_code.clone());
            line
        }
        FollowUpEvent::Resolved { note, .. } => {
            told("Somebody saw to the refused follow-up", "受け付けられなかった自動処理への対応が完了した")
                .words(note.as_ref())
        }
    }
}

const fn verdict_words(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Eligible => ("eligible", "再雇用可"),
        Verdict::NeedsReview => ("needs review", "要審査"),
        Verdict::NotEligible => ("not eligible", "再雇用不可"),
    }
}

const fn basis_words(basis: OutreachBasis) -> (&'static str, &'static str) {
    match basis {
        OutreachBasis::ExitConsent => ("consent given at exit", "退職時の同意"),
        OutreachBasis::ExitNotice => ("a notice of purpose handed out at exit", "退職時の利用目的の通知"),
        OutreachBasis::PublishedPurpose => ("a published purpose", "公表済みの利用目的"),
        OutreachBasis::NoticeWithInvitation => ("the notice in the letter itself", "招待状での利用目的の通知"),
    }
}

const fn channel_words(channel: ContactChannel) -> (&'static str, &'static str) {
    match channel {
        ContactChannel::Email => ("by mail", "メールで"),
        ContactChannel::Phone => ("by telephone", "電話で"),
        ContactChannel::InPerson => ("in person", "対面で"),
        ContactChannel::Post => ("by post", "郵便で"),
    }
}

const fn purpose_words(purpose: ConsentPurpose) -> (&'static str, &'static str) {
    match purpose {
        ConsentPurpose::Contact => ("being written to about the programme", "プログラムに関する連絡"),
        ConsentPurpose::Jobs => ("being told about openings", "求人の案内"),
        ConsentPurpose::Referral => ("being asked to refer others", "紹介の依頼"),
        ConsentPurpose::CoCreation => ("working together on projects", "共創プロジェクト"),
        ConsentPurpose::PartnerSharing => ("being shown to partner companies", "提携企業への情報提供"),
        ConsentPurpose::Publicity => ("appearing in public material", "広報物への掲載"),
        ConsentPurpose::Analytics => ("being counted in analyses", "分析への利用"),
    }
}
