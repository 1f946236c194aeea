//! Employers of a running program, and the people who use it: each test has its own.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use chrono::{DateTime, Days, FixedOffset, NaiveDate, Utc};
use okaeri::identity::Role;
use okaeri::identity::trial::TrialToken;
use serde_json::{Value, json};

use super::client::{Client, Reply};
use super::needles::Needles;
use super::server::{Home, Server};
use crate::support::StoreKind;

/// How many tests may have an employer of their own on a server that they share.
const EMPLOYERS: usize = 256;
/// How many may on the server whose clock is moved.
const CLOCKED_EMPLOYERS: usize = 64;

/// A program that many tests share: each with an employer of its own.
struct Shared {
    home: Home,
    server: Server,
    employers: Vec<String>,
    taken: AtomicUsize,
    /// Held by whoever moves the clock, which is the whole ledger's.
    clock: Mutex<()>,
}

impl Shared {
    fn start(kind: StoreKind, employers: usize) -> Self {
        let employers: Vec<String> = (0..employers).map(|nth| format!("employer-{nth}")).collect();
        let home = Home::with_employers(kind, &employers.iter().map(String::as_str).collect::<Vec<_>>());
        let server = home.serve_for_ever();
        Self { home, server, employers, taken: AtomicUsize::new(0), clock: Mutex::new(()) }
    }

    fn next(&'static self) -> Tenant<'static> {
        let nth = self.taken.fetch_add(1, Ordering::Relaxed);
        let employer = self.employers.get(nth).unwrap_or_else(|| panic!("more than {} tests", self.employers.len()));
        Tenant::of(&self.home, &self.server, employer)
    }
}

/// An employer of its own on a server that stays in the present.
pub fn tenant(kind: StoreKind) -> Tenant<'static> {
    static SQLITE: OnceLock<Shared> = OnceLock::new();
    static POSTGRES: OnceLock<Shared> = OnceLock::new();
    let cell = if kind == StoreKind::Sqlite { &SQLITE } else { &POSTGRES };
    cell.get_or_init(|| Shared::start(kind, EMPLOYERS)).next()
}

/// An employer of its own on a server whose clock this test alone may move.
pub fn clocked_tenant(kind: StoreKind) -> (Tenant<'static>, MutexGuard<'static, ()>) {
    static SQLITE: OnceLock<Shared> = OnceLock::new();
    static POSTGRES: OnceLock<Shared> = OnceLock::new();
    let cell = if kind == StoreKind::Sqlite { &SQLITE } else { &POSTGRES };
    let shared = cell.get_or_init(|| Shared::start(kind, CLOCKED_EMPLOYERS));
    // A test that failed leaves a clock that still goes.
    let clock = shared.clock.lock().unwrap_or_else(PoisonError::into_inner);
    (shared.next(), clock)
}

/// An employer of a running program. Whatever a test tells through it about people must not stand in the program's log.
pub struct Tenant<'h> {
    pub employer: String,
    pub anyone: Client,
    home: &'h Home,
    told: Mutex<BTreeSet<String>>,
    log_from: u64,
}

impl<'h> Tenant<'h> {
    pub fn of(home: &'h Home, server: &Server, employer: &str) -> Self {
        let log_from = home.log().metadata().map_or(0, |log| log.len());
        let anyone = Client::new(server.address);
        Self { employer: employer.to_owned(), anyone, home, told: Mutex::default(), log_from }
    }

    /// Somebody with one role. The same name is the same person.
    pub fn user(&self, name: &str, role: Role) -> Client {
        self.with_token(&self.person_token(name, &[role]))
    }

    /// What tokens call somebody; whoever is named in a body is named so too.
    pub fn subject(&self, name: &str) -> String {
        let subject = format!("subject-{name}-of-{}", self.employer);
        self.tell(&subject);
        subject
    }

    /// What a token of somebody with these roles says.
    pub fn person_token(&self, name: &str, roles: &[Role]) -> TrialToken {
        TrialToken::person(&self.subject(name), &self.employer, roles.iter().copied().collect())
    }

    pub fn with_token(&self, token: &TrialToken) -> Client {
        let signed = self.home.sign(token);
        self.tell(&signed);
        self.anyone.bearing(&signed)
    }

    pub fn people_ops(&self) -> Client {
        self.user("suzuki", Role::PeopleOps)
    }

    /// A colleague in people operations.
    pub fn second_people_ops(&self) -> Client {
        self.user("tanaka", Role::PeopleOps)
    }

    pub fn recruiter(&self) -> Client {
        self.user("sato", Role::Recruiter)
    }

    pub fn compliance(&self) -> Client {
        self.user("ito", Role::Compliance)
    }

    /// A colleague in compliance.
    pub fn second_compliance(&self) -> Client {
        self.user("kobayashi", Role::Compliance)
    }

    pub fn programme_admin(&self) -> Client {
        self.user("kato", Role::ProgrammeAdmin)
    }

    pub fn hris(&self) -> Client {
        self.user("hris-sync", Role::Hris)
    }

    /// Somebody who left.
    pub fn alumnus(&self, name: &str) -> Client {
        self.user(name, Role::Alumnus)
    }

    /// Somebody who works here.
    pub fn employee(&self, name: &str) -> Client {
        self.user(name, Role::Employee)
    }

    /// Somebody made up, like nobody else.
    pub fn person(&self) -> Person {
        let person = Person::new();
        for value in [&person.name, &person.name_kana, &person.email, &person.phone, &person.birth_date] {
            self.tell(value);
        }
        person
    }

    /// Words about a person that nobody else uses.
    pub fn words(&self, about: &str) -> String {
        let words = format!("{about}{}", kanji(unique()));
        self.tell(&words);
        words
    }

    /// Notes that this must not stand in the log.
    pub fn tell(&self, value: &str) {
        self.told.lock().unwrap().insert(value.to_owned());
    }

    /// Everything told about people so far.
    pub fn told(&self) -> BTreeSet<String> {
        self.told.lock().unwrap().clone()
    }

    /// Records a departure; its id.
    #[track_caller]
    pub fn record(&self, departure: &Value) -> String {
        id(&self.people_ops().post("/v1/departures", departure).expect(201))
    }

    /// Invites; the token.
    #[track_caller]
    pub fn invite(&self, departure: &str) -> String {
        let invited = self.people_ops().post(&format!("/v1/departures/{departure}/invite"), &json!({})).expect(200);
        let token = invited["invitation_token"].as_str().unwrap();
        self.tell(token);
        self.tell(invited["short_code"].as_str().unwrap());
        token.to_owned()
    }

    /// The day on which the employer is, by the program's clock.
    pub fn today(&self) -> NaiveDate {
        let clock = self.people_ops().read("/dev/clock");
        let now: DateTime<Utc> = clock["now"].as_str().unwrap().parse().unwrap();
        local(now)
    }

    /// The day so many days from today; negative ones have passed.
    pub fn day(&self, offset: i64) -> String {
        shifted(self.today(), offset).to_string()
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: &str) {
        self.people_ops().post("/dev/clock/advance", &json!({"by": by})).expect(200);
    }

    /// Lets somebody register with an invitation of a departure; the membership's id.
    #[track_caller]
    pub fn register(&self, departure: &str, person: &Person, account: &Client) -> String {
        let invitation = self.invite(departure);
        id(&account.post("/v1/members", &person.registers(&invitation)).expect(201))
    }

    /// Sends a command about a thing.
    #[track_caller]
    pub fn command(&self, by: &Client, collection: &str, id: &str, command: &str, body: &Value) -> Reply {
        assert_eq!(by.address, self.anyone.address, "a caller of another program");
        by.post(&format!("/v1/{collection}/{id}/{command}"), body)
    }

    fn logged(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut log = File::open(self.home.log()).unwrap();
        log.seek(SeekFrom::Start(self.log_from)).unwrap();
        log.read_to_end(&mut bytes).unwrap();
        bytes
    }
}

impl Drop for Tenant<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let told = self.told();
            let found = Needles::plain(told.iter().map(String::as_str)).found_in(&self.logged());
            assert!(found.is_empty(), "the log tells of people: {found:?}");
        }
    }
}

/// The employer's calendar day (Asia/Tokyo).
pub fn local(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&FixedOffset::east_opt(9 * 3600).unwrap()).date_naive()
}

pub fn shifted(day: NaiveDate, offset: i64) -> NaiveDate {
    let days = Days::new(offset.unsigned_abs());
    if offset < 0 { day - days } else { day + days }
}

/// The id in a reply.
pub fn id(reply: &Value) -> String {
    reply["id"].as_str().unwrap_or_else(|| panic!("no id: {reply}")).to_owned()
}

/// Somebody made up.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub name_kana: String,
    pub email: String,
    pub phone: String,
    pub birth_date: String,
}

impl Person {
    fn new() -> Self {
        let n = unique();
        let born = NaiveDate::from_ymd_opt(1951, 2, 3).unwrap() + Days::new(u64::from(n));
        Self {
            name: format!("灰谷 {}", kanji(n)),
            name_kana: format!("ハイタニ {}", katakana(n)),
            email: format!("haitani.{n}@alumni-{}.example.jp", n * 7 % 1000),
            phone: format!("090-{:04}-{:04}", 5000 + n / 10_000, n % 10_000),
            birth_date: born.to_string(),
        }
    }

    /// As the records name them.
    pub fn json(&self) -> Value {
        json!({
            "name": self.name, "name_kana": self.name_kana, "email": self.email, "phone": self.phone,
            "birth_date": self.birth_date,
        })
    }

    /// Their departure.
    pub fn leaves(&self, number: &str, hired_on: &str, left_on: &str) -> Value {
        json!({
            "employee_number": number, "legal_entity": "JP-HQ", "person": self.json(),
            "employment": {
                "hired_on": hired_on, "left_on": left_on, "department": "物流部", "job_family": "driver",
                "job_title": "ドライバー", "grade": "G4", "location": "sendai", "employment_type": "regular",
                "base_salary": {"amount": 6_200_000, "currency": "JPY"},
            },
            "reason": "relocation", "wishes_to_return": true,
        })
    }

    /// Their departure of some years ago.
    pub fn left(&self, number: &str) -> Value {
        self.leaves(number, "2015-04-01", "2024-03-31")
    }

    /// What they send to register with an invitation.
    pub fn registers(&self, invitation: &str) -> Value {
        json!({
            "invitation_token": invitation, "contact": {"email": self.email, "phone": self.phone},
            "consents": ["contact", "jobs", "referral"], "terms_version": "2026-10",
        })
    }

    /// Their employment.
    pub fn works(&self, number: &str, from: &str) -> Value {
        json!({
            "employee_number": number, "legal_entity": "JP-HQ", "person": self.json(), "employment_type": "regular",
            "from": from, "department": "物流部", "grade": "G4", "weekly_hours": 40,
        })
    }
}

/// A number that no other call in this process gets.
pub fn unique() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1234);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A number in words of which no two places share one, so that no name is found by the parts of another.
fn places(n: u32, words: &[[&str; 10]; 4]) -> String {
    let digits = format!("{:04}", n % 10_000);
    digits.bytes().zip(words).map(|(digit, words)| words[usize::from(digit - b'0')]).collect()
}

fn kanji(n: u32) -> String {
    let words = [
        ["亜", "伊", "宇", "江", "央", "加", "紀", "久", "慶", "古"],
        ["佐", "志", "須", "瀬", "蘇", "多", "知", "津", "天", "登"],
        ["名", "仁", "布", "音", "野", "葉", "飛", "冬", "平", "穂"],
        ["真", "美", "夢", "芽", "萌", "矢", "弓", "代", "良", "琳"],
    ];
    places(n, &words)
}

fn katakana(n: u32) -> String {
    let words = [
        ["ア", "イ", "ウ", "エ", "オ", "カ", "キ", "ク", "ケ", "コ"],
        ["サ", "シ", "ス", "セ", "ソ", "タ", "チ", "ツ", "テ", "ト"],
        ["ナ", "ニ", "ヌ", "ネ", "ノ", "ハ", "ヒ", "フ", "ヘ", "ホ"],
        ["マ", "ミ", "ム", "メ", "モ", "ヤ", "ユ", "ヨ", "ラ", "リ"],
    ];
    places(n, &words)
}
