//! A programme policy: written by one person, approved by another, published from a day on, superseded, retired.

mod transitions;

use aggregates::eligibility::SeparationReason;
use aggregates::issued::Actor;
use aggregates::programme_policy::{
    AgeLimitGround, LONGEST_DAYS, MOST_ENTRIES, Offering, ProgrammePolicy, ProgrammePolicyCommand as C,
    ProgrammePolicyError, ProgrammePolicyEvent, ProgrammeTerms, ReferralBasis, ReferralBasisKind, Unsound,
    programme_version,
};
use aggregates::stream::Claim;
use aggregates::versions::VersionError;
use chrono::{Days, NaiveDate};

use crate::samples::programme_policy::{bare, founded, samples, terms};
use crate::support::{Given, assert_goldens, day, person, sealed, service, system, uuid};

#[test]
fn stored_forms_are_kept_for_ever() {
    assert_goldens::<ProgrammePolicy>(&samples());
}

#[test]
fn a_version_is_named_by_policy_and_number() {
    assert_eq!(programme_version(uuid(19).into(), 3), format!("programme/{}/3", uuid(19)));
}

// draft

#[test]
fn a_policy_begins_as_a_draft_that_governs_nothing() {
    nothing().when(admin(), today(), draft(terms())).then([drafted()]);
    let policy = given([drafted()]);
    assert_eq!((policy.state(), policy.subject(), policy.wake()), ("draft", None, None));
    assert_eq!(policy.folded().governing(today()), None);
    policy.when(admin(), today(), draft(bare())).refused(ProgrammePolicyError::AlreadyDrafted);
}

/// With its ground, without a limit, or where another law holds.
#[test]
fn a_limit_of_age_is_named_on_a_lawful_ground_alone() {
    let drafts = |change: fn(&mut ProgrammeTerms)| {
        let mut terms = terms();
        terms.clauses[1].text.ja = "対象は満35歳未満の者とする。".to_owned();
        change(&mut terms);
        nothing().when(admin(), today(), draft(terms)).recorded().len()
    };
    assert_eq!(drafts(|terms| terms.clauses[1].age_limit_ground = Some(AgeLimitGround::LongCareer)), 1);
    assert_eq!(drafts(|terms| terms.clauses[1].text.ja = "定年は60歳とし、勤続35年以上の者".to_owned()), 1);
    assert_eq!(drafts(|terms| terms.clauses[1].text.ja = "3歳未満の子を養育する者".to_owned()), 1);
    let elsewhere = drafts(|terms| (terms.country, terms.referral_basis) = (Some("DE".to_owned()), None));
    assert_eq!(elsewhere, 1);
}

#[test]
fn a_policy_that_could_not_be_followed_is_refused() {
    let refuses = |change: fn(&mut ProgrammeTerms), fault: Unsound| {
        let mut terms = terms();
        change(&mut terms);
        let error = ProgrammePolicyError::Unsound(fault);
        nothing().when(admin(), today(), draft(terms.clone())).refused(error.clone());
        given([drafted()]).when(admin(), today(), revise(terms)).refused(error);
    };
    let missing = |field: &str| Unsound::LanguageMissing { field: field.to_owned() };
    refuses(|terms| terms.name.en = "  ".to_owned(), missing("name"));
    refuses(|terms| terms.clauses.clear(), Unsound::ClausesOutOfRange);
    refuses(|terms| terms.clauses[1].text.ja.clear(), missing("clauses/1"));
    refuses(|terms| terms.clauses[2].id.clear(), missing("clauses/2"));
    // The trap of sample rules: 35歳未満 (LAB-01).
    let aged = || Unsound::AgeLimit { field: "clauses/1/age_limit_ground".to_owned() };
    refuses(|terms| terms.clauses[1].text.ja = "対象は満35歳未満の者とする。".to_owned(), aged());
    refuses(|terms| terms.clauses[1].text.ja = "６０ 才 以下の者".to_owned(), aged());
    refuses(|terms| terms.clauses[1].id = "第3条".to_owned(), Unsound::ClauseTwice { id: "第3条".to_owned() });
    let unknown = |field| Unsound::ClauseUnknown { field, id: "第99条".to_owned() };
    refuses(|terms| terms.rehire.as_mut().unwrap().clause = "第99条".to_owned(), unknown("rehire/clause"));
    refuses(|terms| terms.job_return.as_mut().unwrap().clause = "第99条".to_owned(), unknown("job_return/clause"));
    refuses(|terms| terms.tenure_bridging[1].clause = "第99条".to_owned(), unknown("tenure_bridging"));
    refuses(|terms| terms.community_clause = Some("第99条".to_owned()), unknown("community_clause"));
    refuses(|terms| terms.offers.clear(), Unsound::NothingOffered);
    refuses(|terms| terms.contact.clear(), Unsound::ContactRequired);
    for country in ["jp", "JPN", "", "日本"] {
        let terms = ProgrammeTerms { country: Some(country.to_owned()), ..terms() };
        let error = ProgrammePolicyError::Unsound(Unsound::CountryUnknown);
        nothing().when(admin(), today(), draft(terms)).refused(error);
    }
    refuses(|terms| unfounded(terms, " "), Unsound::ReferralBasisUnfounded);
    refuses(
        |terms| {
            unfounded(terms, "届出 第123号");
            terms.offers.remove(&Offering::TalentReferral);
        },
        Unsound::ReferralBasisUnfounded,
    );
    refuses(
        |terms| {
            unfounded(terms, "届出 第123号");
            terms.country = Some("DE".to_owned());
        },
        Unsound::ReferralBasisUnfounded,
    );
    refuses(|terms| terms.rehire = None, Unsound::RehireRequired);
    refuses(|terms| terms.offers = bare().offers, Unsound::RehireNotOffered { field: "rehire" });
    refuses(
        |terms| {
            terms.offers = bare().offers;
            terms.rehire = None;
        },
        Unsound::RehireNotOffered { field: "job_return" },
    );
    refuses(|terms| terms.job_return.as_mut().unwrap().reasons.clear(), Unsound::JobReturnReasons);
    refuses(
        |terms| terms.job_return.as_mut().unwrap().registration_months = Some(0),
        Unsound::OutOfRange { field: "job_return/registration_months", least: 1, most: 720 },
    );
    refuses(
        |terms| _ = terms.job_return.as_mut().unwrap().reasons.insert(SeparationReason::Misconduct),
        Unsound::JobReturnReasons,
    );
    refuses(
        |terms| terms.rehire.as_mut().unwrap().cooling_off_days = LONGEST_DAYS + 1,
        Unsound::OutOfRange { field: "rehire/cooling_off_days", least: 0, most: LONGEST_DAYS },
    );
    refuses(
        |terms| terms.job_return.as_mut().unwrap().within_months = 0,
        Unsound::OutOfRange { field: "job_return/within_months", least: 1, most: 720 },
    );
    refuses(
        |terms| terms.tenure_bridging[0].longest_gap_months = Some(721),
        Unsound::OutOfRange { field: "tenure_bridging", least: 0, most: 720 },
    );
    refuses(
        |terms| terms.tenure_bridging[0].after_months = Some(721),
        Unsound::OutOfRange { field: "tenure_bridging", least: 0, most: 720 },
    );
    refuses(|terms| terms.tenure_bridging[0].longest_gap_months = None, Unsound::NeverCredited);
    refuses(
        |terms| terms.tenure_bridging[1].benefit = terms.tenure_bridging[0].benefit,
        Unsound::Twice { field: "tenure_bridging", code: "annual_leave".to_owned() },
    );
    refuses(
        |terms| terms.required_documents.push(terms.required_documents[0].clone()),
        Unsound::Twice { field: "required_documents", code: "resume".to_owned() },
    );
    refuses(
        |terms| terms.required_documents = vec![terms.required_documents[0].clone(); MOST_ENTRIES + 1],
        Unsound::TooMany { field: "required_documents" },
    );
    refuses(|terms| terms.required_documents[0].name.en.clear(), missing("required_documents/0"));
}

// revise

#[test]
fn a_revision_is_a_version_of_its_own_and_one_that_changes_nothing_is_quiet() {
    given(published()).when(other_admin(), today(), revise(bare())).then([revised(2)]);
    for past in [vec![drafted()], approved(), published()] {
        given(past).when(other_admin(), today(), revise(terms())).quiet();
    }
    let elsewhere = ProgrammeTerms { legal_entity: "JP-NORTH".to_owned(), ..terms() };
    given([drafted()])
        .when(admin(), today(), revise(elsewhere))
        .refused(ProgrammePolicyError::EntityDiffers { legal_entity: "JP-HQ".to_owned() });
}

#[test]
fn a_published_version_governs_until_the_next_one_begins() {
    let later = begins() + Days::new(100);
    let policy = given(published()).and([revised(2), is_approved(2), is_published(2, later)]);
    let governs = |on: NaiveDate| policy.folded().governing(on).map(|one| one.version);
    assert_eq!(policy.state(), "published");
    assert_eq!([begins() - Days::new(1), later - Days::new(1), later].map(governs), [None, Some(1), Some(2)]);
}

// approve

#[test]
fn a_second_person_approves() {
    given([drafted()]).when(approver(), today(), C::Approve { compliance: false }).then([is_approved(1)]);
    assert_eq!(given(approved()).state(), "approved");
    given(approved()).when(approver(), today(), C::Approve { compliance: false }).quiet();
    given(approved())
        .when(other_admin(), today(), C::Approve { compliance: false })
        .refused(VersionError::AlreadyApproved);
    given([drafted()])
        .when(admin(), today(), C::Approve { compliance: false })
        .refused(VersionError::SecondPersonRequired);
    given(published())
        .when(approver(), today(), C::Approve { compliance: false })
        .refused(VersionError::NothingToApprove);
    for by in [service(9), system()] {
        given([drafted()])
            .when(by, today(), C::Approve { compliance: false })
            .refused(ProgrammePolicyError::NaturalPersonRequired);
    }
}

/// What referring by those who are not employed rests on, compliance has to know (REF-06).
#[test]
fn compliance_approves_what_outsiders_may_refer_by() {
    let drafted = || [ProgrammePolicyEvent::Drafted { terms: Box::new(founded()), drafted_by: admin().id }];
    let approve = |compliance| C::Approve { compliance };
    given(drafted()).when(approver(), today(), approve(false)).refused(ProgrammePolicyError::ComplianceRequired);
    given(drafted()).when(approver(), today(), approve(true)).then([is_approved(1)]);
    given(drafted()).and([is_approved(1)]).when(approver(), today(), approve(false)).quiet();
    given(drafted()).when(admin(), today(), approve(true)).refused(VersionError::SecondPersonRequired);
}

// publish

#[test]
fn an_approved_version_is_published_from_a_day_on() {
    given(approved()).when(admin(), today(), publish(Some(begins()))).then([is_published(1, begins())]);
    given(approved()).when(admin(), today(), publish(None)).then([is_published(1, today())]);
    given(published()).when(admin(), today(), publish(Some(begins()))).quiet();
    given([drafted()]).when(admin(), today(), publish(None)).refused(VersionError::NotApproved);
    given(published()).when(admin(), today(), publish(None)).refused(VersionError::NothingToPublish);
    let yesterday = today() - Days::new(1);
    given(approved())
        .when(admin(), today(), publish(Some(yesterday)))
        .refused(VersionError::EffectiveInThePast { effective_from: yesterday, today: today() });
}

#[test]
fn one_policy_governs_an_entity() {
    let id = uuid(31);
    let taken = vec![Claim::take("programme_policy", "JP-HQ", id)];
    assert_eq!(given(approved()).claims(id, &is_published(1, begins())), taken);
    let next = given(published()).and([revised(2), is_approved(2)]);
    assert_eq!(next.claims(id, &is_published(2, begins())), [], "it is held already");
    assert_eq!(given(published()).claims(id, &is_retired()), [Claim::release("programme_policy", "JP-HQ", id)]);
    assert_eq!(given([drafted()]).claims(id, &is_retired()), []);
}

// retire

#[test]
fn a_retired_policy_governs_no_further_application() {
    given(published()).when(admin(), end(), C::Retire { note: None }).then([is_retired()]);
    let policy = given(retired());
    assert_eq!(policy.state(), "retired");
    assert_eq!(policy.folded().governing(end() - Days::new(1)).map(|one| one.version), Some(1));
    assert_eq!(policy.folded().governing(end()), None);
    policy.when(admin(), end(), C::Retire { note: None }).quiet();
    let over = || ProgrammePolicyError::Retired { from: end() };
    policy.when(admin(), end(), C::Retire { note: Some(sealed(3)) }).refused(over());
    policy.when(admin(), end(), publish(None)).refused(over());
    policy.when(admin(), end(), revise(bare())).refused(over());
}

#[test]
fn nothing_is_asked_of_a_policy_that_is_not_there() {
    for order in [revise(terms()), C::Approve { compliance: false }, publish(None), C::Retire { note: None }] {
        nothing().when(admin(), today(), order).refused(ProgrammePolicyError::Unrecorded);
    }
    nothing().when_woken(today()).quiet();
}

// who, when, what

fn admin() -> Actor {
    person(57)
}

fn other_admin() -> Actor {
    person(59)
}

fn approver() -> Actor {
    person(58)
}

fn today() -> NaiveDate {
    day("2026-11-10")
}

fn begins() -> NaiveDate {
    day("2026-12-01")
}

fn end() -> NaiveDate {
    day("2027-03-31")
}

fn nothing() -> Given<ProgrammePolicy> {
    Given::nothing()
}

fn given(events: impl IntoIterator<Item = ProgrammePolicyEvent>) -> Given<ProgrammePolicy> {
    Given::events(events)
}

fn draft(terms: ProgrammeTerms) -> C {
    C::Draft(Box::new(terms))
}

fn revise(terms: ProgrammeTerms) -> C {
    C::Revise(Box::new(terms))
}

const fn publish(effective_from: Option<NaiveDate>) -> C {
    C::Publish { effective_from }
}

fn drafted() -> ProgrammePolicyEvent {
    ProgrammePolicyEvent::Drafted { terms: Box::new(terms()), drafted_by: admin().id }
}

fn revised(version: u32) -> ProgrammePolicyEvent {
    ProgrammePolicyEvent::Revised { version, terms: Box::new(bare()), revised_by: other_admin().id }
}

fn is_approved(version: u32) -> ProgrammePolicyEvent {
    ProgrammePolicyEvent::Approved { version, approved_by: approver().id }
}

fn is_published(version: u32, effective_from: NaiveDate) -> ProgrammePolicyEvent {
    ProgrammePolicyEvent::Published { version, effective_from, published_by: admin().id }
}

fn is_retired() -> ProgrammePolicyEvent {
    ProgrammePolicyEvent::Retired { effective_from: end(), retired_by: admin().id, note: None }
}

fn approved() -> Vec<ProgrammePolicyEvent> {
    vec![drafted(), is_approved(1)]
}

fn published() -> Vec<ProgrammePolicyEvent> {
    vec![drafted(), is_approved(1), is_published(1, begins())]
}

fn retired() -> Vec<ProgrammePolicyEvent> {
    [published(), vec![is_retired()]].concat()
}

fn unfounded(terms: &mut ProgrammeTerms, reference: &str) {
    terms.referral_basis = Some(ReferralBasis { kind: ReferralBasisKind::Opinion, reference: reference.to_owned() });
}
