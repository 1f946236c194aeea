//! Bilingual documents for people: a sheet grows block by block, is rendered to the text that is hashed, and printed as an
//! HTML page or a PDF file.
//!
//! Both forms are deterministic: the same paper and footer give the same bytes, so that a document that somebody kept can be
//! checked against a fresh one.

mod html;
mod lines;
mod pdf;
mod sheet;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

pub use sheet::Rendered;
pub(crate) use sheet::{Sheet, money, sha256};

/// A document, block by block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// The title in Japanese.
    pub title: String,
    /// The title in English. May be empty.
    pub title_en: String,
    /// The content in reading order.
    pub blocks: Vec<Block>,
}

/// One piece of a document. An empty text takes no room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A labelled value.
    Item {
        /// The label in Japanese.
        label: String,
        /// The label in English.
        label_en: String,
        /// The value in Japanese, or a value that needs no translation.
        value: String,
        /// The value in English. May be empty.
        value_en: String,
    },
    /// A paragraph in both languages.
    Paragraph {
        /// The Japanese text.
        japanese: String,
        /// The English text.
        english: String,
    },
}

/// Why a PDF could not be made. No text can cause this.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The font inside the program cannot be read.
    #[error("the embedded font cannot be read")]
    Font,
    /// The page size was refused.
    #[error("the page size is not valid")]
    PageSize,
    /// The chosen PDF standard and version do not fit each other.
    #[error("the PDF settings do not fit each other")]
    Settings,
    /// The PDF library refused the document.
    #[error("the PDF cannot be written: {0}")]
    Pdf(#[from] krilla::error::KrillaError),
}

/// Renders one HTML page, complete by itself: no script, no outside resources. The `footer` lines stand at the end.
#[must_use]
pub fn html(paper: &Paper, footer: &[String]) -> String {
    html::page(paper, footer)
}

/// Renders a tagged A4 PDF with an embedded subset font. The `footer` lines stand at the bottom of every page.
///
/// A file for archives bears a day: with one it is a validated PDF/A-2a file, without one it makes no claim of the kind.
///
/// # Errors
/// Fails only if the embedded font or the PDF library is broken, never because of the text.
pub fn pdf(paper: &Paper, footer: &[String], dated: Option<NaiveDate>) -> Result<Vec<u8>, PrintError> {
    pdf::file(paper, footer, dated)
}

/// The texts that are not empty, in one line.
fn joined(first: &str, second: &str) -> String {
    [first, second].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" / ")
}

/// Splits a text at its explicit line ends. Blank lines at the end are left out.
fn split_lines(text: &str) -> Vec<String> {
    let is_end = |ch: char| matches!(ch, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let text = text.replace("\r\n", "\n");
    let text = text.trim_end_matches(is_end);
    if text.is_empty() { Vec::new() } else { text.split(is_end).map(str::to_owned).collect() }
}
