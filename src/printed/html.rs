//! The HTML form.

use super::{Block, Paper, joined, split_lines};

const STYLE: &str = "
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1a1a1a; line-height: 1.6;
  font-family: \"BIZ UDPGothic\", \"Hiragino Sans\", \"Noto Sans JP\", \"Yu Gothic\", Meiryo, sans-serif; }
main, footer { box-sizing: border-box; max-width: 46rem; margin: 0 auto; padding: 1.5rem 1.25rem;
  overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.3; }
[lang=en] { color: #595959; unicode-bidi: isolate; }
h1 + p { margin: .2rem 0 0; }
header { margin-bottom: 1.5rem; }
dl { margin: 1rem 0; border-bottom: 1px solid #c8c8c8; }
dl > div { display: grid; grid-template-columns: minmax(8rem, 32%) 1fr; gap: 0 1rem; padding: .5rem 0;
  border-top: 1px solid #c8c8c8; break-inside: avoid; }
dd { margin: 0; }
dt span, dd span { display: block; font-size: .85em; }
main > p { margin: 1rem 0 0; }
main > p + p[lang=en] { margin: .2rem 0 1rem; font-size: .9em; }
footer { color: #595959; font-size: .8rem; border-top: 1px solid #c8c8c8; }
footer p { margin: 0; }
@media (max-width: 30rem) { dl > div { grid-template-columns: 1fr; } }
@page { size: A4; margin: 20mm; }
@media print { main, footer { max-width: none; padding-left: 0; padding-right: 0; } main { padding-top: 0; }
  body { font-size: 10.5pt; } h1 { font-size: 16pt; } p { orphans: 2; widows: 2; } }
";

/// The whole page.
pub(super) fn page(paper: &Paper, footer: &[String]) -> String {
    let mut out = String::from("<!doctype html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    put(&mut out, &["<title>", &escape(&joined(&paper.title, &paper.title_en)), "</title>\n"]);
    put(&mut out, &["<style>", STYLE, "</style>\n</head>\n<body>\n<main>\n<header>\n"]);
    put(&mut out, &["<h1>", &rich(&paper.title), "</h1>\n"]);
    english(&mut out, "p", &paper.title_en);
    out.push_str("</header>\n");
    let mut in_list = false;
    for block in &paper.blocks {
        let is_item = matches!(block, Block::Item { .. });
        if is_item != in_list {
            out.push_str(if is_item { "<dl>\n" } else { "</dl>\n" });
            in_list = is_item;
        }
        write_block(&mut out, block);
    }
    if in_list {
        out.push_str("</dl>\n");
    }
    out.push_str("</main>\n");
    if !footer.is_empty() {
        out.push_str("<footer>\n");
        for line in footer {
            put(&mut out, &["<p>", &rich(line), "</p>\n"]);
        }
        out.push_str("</footer>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn write_block(out: &mut String, block: &Block) {
    match block {
        Block::Item { label, label_en, value, value_en } => {
            put(out, &["<div>\n<dt>", &rich(label), "\n"]);
            english(out, "span", label_en);
            put(out, &["</dt>\n<dd>", &rich(value), "\n"]);
            english(out, "span", value_en);
            out.push_str("</dd>\n</div>\n");
        }
        Block::Paragraph { japanese, english: text } => {
            if !japanese.is_empty() {
                put(out, &["<p>", &rich(japanese), "</p>\n"]);
            }
            english(out, "p", text);
        }
    }
}

/// An element in English, or nothing for an empty text.
fn english(out: &mut String, element: &str, text: &str) {
    if !text.is_empty() {
        put(out, &["<", element, " lang=\"en\">", &rich(text), "</", element, ">\n"]);
    }
}

fn put(out: &mut String, parts: &[&str]) {
    for part in parts {
        out.push_str(part);
    }
}

/// Escaped text in which explicit line ends stay visible.
fn rich(text: &str) -> String {
    split_lines(text).iter().map(|line| escape(line)).collect::<Vec<_>>().join("<br>\n")
}

/// Control characters are errors in HTML, so they show as U+FFFD.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            _ if ch.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            _ => out.push(ch),
        }
    }
    out
}
