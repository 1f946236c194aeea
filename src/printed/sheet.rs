//! What a document says: blocks that become one text, whose hash ties every print to the record.

use std::fmt::Write as _;

use aggregates::values::Money;
use aws_lc_rs::digest;
use chrono::NaiveDate;

use super::{Block, Paper, PrintError, html, pdf};
use crate::ledger::hex;

/// A document that grows block by block.
pub(crate) struct Sheet {
    paper: Paper,
}

impl Sheet {
    pub(crate) fn titled(japanese: &str, english: &str) -> Self {
        Self { paper: Paper { title: japanese.to_owned(), title_en: english.to_owned(), blocks: Vec::new() } }
    }

    pub(crate) fn item(&mut self, label: &str, label_en: &str, value: &str, value_en: &str) {
        let [label, label_en, value, value_en] = [label, label_en, value, value_en].map(str::to_owned);
        self.paper.blocks.push(Block::Item { label, label_en, value, value_en });
    }

    pub(crate) fn paragraph(&mut self, japanese: &str, english: &str) {
        self.paper.blocks.push(Block::Paragraph { japanese: japanese.to_owned(), english: english.to_owned() });
    }

    pub(crate) fn rendered(self, template: &'static str) -> Rendered {
        Rendered { template, text: text(&self.paper), paper: self.paper }
    }
}

/// A document that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The template and its version.
    pub template: &'static str,
    /// What it says.
    pub text: String,
    /// The same, block by block.
    paper: Paper,
}

impl Rendered {
    /// The hash of what it says.
    pub fn sha256(&self) -> String {
        sha256(self.text.as_bytes())
    }

    /// As a page for a browser, which bears the hash of the text.
    pub fn html(&self, remark: Option<&str>) -> String {
        html(&self.paper, &self.footer(remark))
    }

    /// As a PDF file, which bears the hash of the text. With a day it is one for archives (PDF/A-2a), dated so.
    pub fn pdf(&self, remark: Option<&str>, dated: Option<NaiveDate>) -> Result<Vec<u8>, PrintError> {
        pdf(&self.paper, &self.footer(remark), dated)
    }

    /// What ties a print to the record.
    fn footer(&self, remark: Option<&str>) -> Vec<String> {
        let hash = format!("{}　本文のSHA-256 / SHA-256 of the text: {}", self.template, self.sha256());
        remark.map(str::to_owned).into_iter().chain([hash]).collect()
    }
}

/// What is hashed: a line an item, and paragraphs apart.
fn text(paper: &Paper) -> String {
    let mut text = format!("{}\n{}\n\n", paper.title, paper.title_en);
    let mut after_paragraph = false;
    for block in &paper.blocks {
        let is_item = matches!(block, Block::Item { .. });
        if is_item && after_paragraph {
            text.push('\n');
        }
        after_paragraph = !is_item;
        // Writing to a string cannot fail.
        let _ = match block {
            Block::Item { label, label_en, value, value_en } if value_en.is_empty() => {
                writeln!(text, "{label} / {label_en}: {value}")
            }
            Block::Item { label, label_en, value, value_en } => {
                writeln!(text, "{label} / {label_en}: {value} — {value_en}")
            }
            Block::Paragraph { japanese, english } => write!(text, "\n{japanese}\n{english}\n"),
        };
    }
    text
}

/// An amount as people read it. Of other currencies than yen the minor units are told as such.
pub(crate) fn money(money: &Money) -> String {
    let digits = money.amount.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if money.amount < 0 { "-" } else { "" };
    if money.currency == "JPY" {
        format!("{sign}{grouped}円")
    } else {
        format!("{sign}{grouped} {}（最小単位 / minor units）", money.currency)
    }
}

/// SHA-256, in lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}
