//! Invitations: secrets derived from the departure and the event that invited, stored nowhere.
//!
//! The token names its departure and event and carries a MAC; the short code is for people who type, and is found again
//! through a keyed token in the vault.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::ledger::{EmployerKeys, fold_text, same_secret};

const PREFIX: &str = "oki_";
const CANDIDATE_PREFIX: &str = "okc_";
const MAC: usize = 16;
/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The token of the invitation that event `sequence` of a departure issued.
pub fn token(keys: &EmployerKeys, departure: Uuid, sequence: i64) -> String {
    let mut bytes = departure.as_bytes().to_vec();
    bytes.extend_from_slice(&sequence.to_be_bytes());
    let mac = keys.invitation(&[b"token", &bytes]);
    bytes.extend_from_slice(&mac[..MAC]);
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// The departure and event that a token names, if the token is genuine.
pub fn read_token(keys: &EmployerKeys, token: &str) -> Option<(Uuid, i64)> {
    let bytes = URL_SAFE_NO_PAD.decode(token.trim().strip_prefix(PREFIX)?).ok()?;
    let (named, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC)?)?;
    if !same_secret(&keys.invitation(&[b"token", named])[..MAC], mac) {
        return None;
    }
    let (id, sequence) = named.split_first_chunk::<16>()?;
    Some((Uuid::from_bytes(*id), i64::from_be_bytes(sequence.try_into().ok()?)))
}

/// The token with which a referred candidate answers: it names the referral and the employer, whom nobody else tells the
/// program on that route.
pub fn candidate_token(keys: &EmployerKeys, employer: &str, referral: Uuid) -> String {
    let mut bytes = referral.as_bytes().to_vec();
    let mac = keys.invitation(&[b"candidate", employer.as_bytes(), &bytes]);
    bytes.extend_from_slice(&mac[..MAC]);
    bytes.extend_from_slice(employer.as_bytes());
    format!("{CANDIDATE_PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// The referral and the employer that a candidate's token names; whether it is genuine, [`is_candidate_token`] tells.
pub fn named_by_candidate_token(token: &str) -> Option<(Uuid, String)> {
    let bytes = URL_SAFE_NO_PAD.decode(token.trim().strip_prefix(CANDIDATE_PREFIX)?).ok()?;
    let (referral, rest) = bytes.split_first_chunk::<16>()?;
    let employer = std::str::from_utf8(rest.get(MAC..)?).ok()?;
    Some((Uuid::from_bytes(*referral), employer.to_owned()))
}

/// Whether a candidate's token is the one of a referral.
pub fn is_candidate_token(keys: &EmployerKeys, employer: &str, referral: Uuid, token: &str) -> bool {
    same_secret(candidate_token(keys, employer, referral).as_bytes(), token.trim().as_bytes())
}

/// A code of twelve characters in three groups, such as `7K3M-Q9RD-2VXT`: 60 bits.
pub fn short_code(keys: &EmployerKeys, departure: Uuid, sequence: i64) -> String {
    let mac = keys.invitation(&[b"code", departure.as_bytes(), &sequence.to_be_bytes()]);
    let mut code = String::with_capacity(14);
    for (nth, byte) in mac.iter().take(12).enumerate() {
        if nth == 4 || nth == 8 {
            code.push('-');
        }
        code.push(char::from(ALPHABET[usize::from(byte % 32)]));
    }
    code
}

/// A text as a QR code: an SVG image. Empty for a text too long for one, which a token never is.
pub fn qr_svg(text: &str) -> String {
    qrcode::QrCode::new(text)
        .map(|code| code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(200, 200).build())
        .unwrap_or_default()
}

/// A short code as it is looked up, however it was typed.
pub fn folded_code(code: &str) -> String {
    fold_text(code)
        .to_uppercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{
        candidate_token, folded_code, is_candidate_token, named_by_candidate_token, read_token, short_code, token,
    };
    use crate::ledger::{EmployerKeys, MasterKey};

    fn keys(employer: &str) -> EmployerKeys {
        EmployerKeys::derive(&MasterKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap(), employer)
    }

    #[test]
    fn a_token_names_its_invitation_and_cannot_be_made_or_moved() {
        let departure = Uuid::from_u128(42);
        let made = token(&keys("acme"), departure, 3);
        assert_eq!(read_token(&keys("acme"), &made), Some((departure, 3)));
        assert_eq!(read_token(&keys("other"), &made), None);
        let mut forged = made.into_bytes();
        forged[10] = if forged[10] == b'A' { b'B' } else { b'A' };
        assert_eq!(read_token(&keys("acme"), &String::from_utf8(forged).unwrap()), None);
        assert_eq!(read_token(&keys("acme"), "oki_"), None);
    }

    #[test]
    fn a_candidates_token_names_its_referral_and_employer_and_is_good_for_nothing_else() {
        let referral = Uuid::from_u128(42);
        let made = candidate_token(&keys("acme"), "acme", referral);
        assert_eq!(named_by_candidate_token(&made), Some((referral, "acme".to_owned())));
        assert!(is_candidate_token(&keys("acme"), "acme", referral, &made));
        assert!(!is_candidate_token(&keys("acme"), "acme", Uuid::from_u128(43), &made));
        assert!(!is_candidate_token(&keys("other"), "other", referral, &made));
        assert_eq!(read_token(&keys("acme"), &made), None);
        assert_eq!(named_by_candidate_token("okc_"), None);
    }

    #[test]
    fn a_short_code_is_read_however_it_is_typed() {
        let code = short_code(&keys("acme"), Uuid::from_u128(42), 3);
        assert_eq!(code.len(), 14);
        let typed = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(folded_code(&typed), folded_code(&code));
    }
}
