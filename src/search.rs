//! Keyed tokens of personal values: what searching and matching go by. HMACs, deleted with the person.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::ledger::{EmployerKeys, Token, bigrams, fold_text};

/// Whole names and mail addresses, and the bigrams of names, of departures.
pub const DEPARTURE_WORDS: &str = "departure.words";
/// Name and birth date together: two periods of employment that may belong to one person.
pub const SAME_PERSON: &str = "departure.same_person";
/// The content of an imported line: a repeat is recognised by it.
pub const DEPARTURE_LINE: &str = "departure.line";
/// The short code of an invitation.
pub const INVITATION_CODE: &str = "departure.invitation_code";
/// The content of an imported line of employments.
pub const EMPLOYMENT_LINE: &str = "employment.line";
/// Mail addresses, and the bigrams of names, of candidates who were referred.
pub const REFERRAL_WORDS: &str = "referral.words";
/// The whole name of a candidate who was referred: two referrals that may be of one person.
pub const REFERRAL_NAME: &str = "referral.name";
/// Whom a reward is about: whoever was hired, and whoever is paid.
pub const REWARD_ABOUT: &str = "reward.about";

/// What is known of a person when tokens are made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Name as written.
    pub name: Option<&'a str>,
    /// Its reading.
    pub name_kana: Option<&'a str>,
    /// Mail address.
    pub email: Option<&'a str>,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
}

/// The tokens of a departure.
pub fn departure_tokens(keys: &EmployerKeys, owner: Uuid, subject: Uuid, known: Known<'_>) -> Vec<Token> {
    let mut tokens = words(keys, DEPARTURE_WORDS, owner, subject, known);
    tokens.extend(same_person_token(keys, known).map(|token| Token { scope: SAME_PERSON, token, owner, subject }));
    tokens
}

/// The tokens of a referral.
pub fn referral_tokens(keys: &EmployerKeys, owner: Uuid, subject: Uuid, name: &str, email: Option<&str>) -> Vec<Token> {
    let known = Known { name: Some(name), email, ..Known::default() };
    let mut tokens = words(keys, REFERRAL_WORDS, owner, subject, known);
    tokens.push(Token { scope: REFERRAL_NAME, token: referred_name_token(keys, name), owner, subject });
    tokens
}

/// The token of the whole name of a candidate.
pub fn referred_name_token(keys: &EmployerKeys, name: &str) -> Vec<u8> {
    keys.token(REFERRAL_NAME, &fold_text(name))
}

/// What a name and a mail address are found by, each once.
fn words(keys: &EmployerKeys, scope: &'static str, owner: Uuid, subject: Uuid, known: Known<'_>) -> Vec<Token> {
    let mut words: Vec<String> = [known.name, known.name_kana].into_iter().flatten().flat_map(bigrams).collect();
    words.extend(known.email.map(fold_text));
    words.sort();
    words.dedup();
    words.iter().map(|word| Token { scope, token: keys.token(scope, word), owner, subject }).collect()
}

/// The token of a name and birth date.
pub fn same_person_token(keys: &EmployerKeys, known: Known<'_>) -> Option<Vec<u8>> {
    let (name, birth_date) = (known.name?, known.birth_date?);
    Some(keys.token(SAME_PERSON, &format!("{}|{birth_date}", fold_text(name))))
}

/// The tokens that must all match for a search text: a whole mail address, or every bigram.
pub fn query_tokens(keys: &EmployerKeys, scope: &str, text: &str) -> Vec<Vec<u8>> {
    let words = if text.contains('@') { vec![fold_text(text)] } else { bigrams(text) };
    words.iter().map(|word| keys.token(scope, word)).collect()
}
