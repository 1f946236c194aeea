//! The forms of a document: the same bytes, whatever the text.

use proptest::prelude::*;

use chrono::NaiveDate;

use super::*;

const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap();

fn item(label: &str, value: &str) -> Block {
    Block::Item {
        label: label.to_owned(),
        label_en: "Label".to_owned(),
        value: value.to_owned(),
        value_en: String::new(),
    }
}

fn paragraph(japanese: &str, english: &str) -> Block {
    Block::Paragraph { japanese: japanese.to_owned(), english: english.to_owned() }
}

fn paper(blocks: Vec<Block>) -> Paper {
    Paper { title: "賃金の説明".to_owned(), title_en: "Explanation of pay".to_owned(), blocks }
}

fn footer() -> Vec<String> {
    vec!["株式会社見本　人事部".to_owned()]
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn pages(bytes: &[u8]) -> usize {
    (1..100).find(|count| contains(bytes, &format!("/Count {count}/Kids"))).unwrap()
}

#[test]
fn same_input_gives_same_bytes() {
    let paper = paper(vec![item("基本給", "¥300,000 😀"), paragraph("本文です。", "Some text.")]);
    assert_eq!(pdf(&paper, &footer(), None).unwrap(), pdf(&paper, &footer(), None).unwrap());
    assert_eq!(pdf(&paper, &footer(), Some(DAY)).unwrap(), pdf(&paper, &footer(), Some(DAY)).unwrap());
    assert_eq!(html(&paper, &footer()), html(&paper, &footer()));
}

#[test]
fn plain_pdf_carries_no_date() {
    let bytes = pdf(&paper(Vec::new()), &footer(), None).unwrap();
    assert!(
        !contains(&bytes, "CreationDate")
            && !contains(&bytes, "CreateDate")
            && !contains(&bytes, "ModDate")
            && !contains(&bytes, "pdfaid")
    );
    assert!(contains(&bytes, "/Lang(ja)") && contains(&bytes, "/StructTreeRoot"));
}

#[test]
fn archival_pdf_says_so() {
    let bytes = pdf(&paper(vec![item("基本給", "¥300,000")]), &footer(), Some(DAY)).unwrap();
    assert!(contains(&bytes, "<pdfaid:part>2</pdfaid:part>") && contains(&bytes, "2026-04-01"));
}

#[test]
fn pages_turn_between_lines() {
    assert_eq!(pages(&pdf(&paper(vec![item("基本給", "¥300,000")]), &footer(), None).unwrap()), 1);
    assert_eq!(pages(&pdf(&paper(vec![item("値", "あ"); 30]), &footer(), None).unwrap()), 2);
    assert_eq!(pages(&pdf(&paper(vec![item("長", &"あ".repeat(2_000))]), &footer(), None).unwrap()), 2);
}

#[test]
fn long_footer_does_not_crowd_out_the_text() {
    let footer: Vec<String> = (0..200).map(|number| format!("注記 {number}")).collect();
    assert!(pages(&pdf(&paper(vec![item("値", "あ")]), &footer, None).unwrap()) < 6);
}

#[test]
fn hard_texts_render() {
    let texts = [
        String::new(),
        "\u{0}\u{7}\t\r\n\u{b}\u{85}\u{2028}\u{feff}\u{fffe}\u{e000}\u{10ffff}".to_owned(),
        "😀👨\u{200d}👩\u{200d}👧 \u{202e}שלום\u{202c} مرحبا ॐ e\u{301} \u{2dc}\u{303}".to_owned(),
        "永".repeat(10_000),
        "x".repeat(10_000),
        " ".repeat(10_000),
        "\u{200b}".repeat(10_000),
        "\n".repeat(500) + "終",
        "）".repeat(1_000),
    ];
    for text in texts {
        let value = || text.clone();
        let paper = Paper {
            title: value(),
            title_en: value(),
            blocks: vec![
                Block::Item { label: value(), label_en: value(), value: value(), value_en: value() },
                Block::Paragraph { japanese: value(), english: value() },
            ],
        };
        assert!(pdf(&paper, &[value()], Some(DAY)).is_ok(), "{:?}", text.chars().take(20).collect::<String>());
        assert!(html(&paper, &[value()]).ends_with("</html>\n"));
    }
}

#[test]
fn html_escapes_everything() {
    let evil = "<script>alert(\"1\" & '2')</script>\u{0}";
    let page = html(
        &Paper {
            title: evil.to_owned(),
            title_en: evil.to_owned(),
            blocks: vec![item(evil, evil), paragraph(evil, evil)],
        },
        &[evil.to_owned()],
    );
    assert!(!page.contains("<script") && !page.contains('\u{0}'));
    assert_eq!(page.matches("&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;\u{fffd}").count(), 9);
}

#[test]
fn html_has_the_promised_structure() {
    let page = html(&paper(vec![item("甲\n乙", "値"), paragraph("本文", "Text"), item("丙", "値")]), &footer());
    assert!(page.starts_with("<!doctype html>\n<html lang=\"ja\">"));
    assert!(page.contains("<dt>甲<br>\n乙\n<span lang=\"en\">Label</span>\n</dt>"));
    assert!(page.contains("<p>本文</p>\n<p lang=\"en\">Text</p>"));
    assert!(page.contains("<footer>\n<p>株式会社見本　人事部</p>"));
    assert_eq!((page.matches("<dl>").count(), page.matches("</dl>").count()), (2, 2));
    assert!(!page.contains("http") && !page.contains("<script") && !page.contains("url("));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn any_text_renders(texts in prop::collection::vec(any::<String>(), 9)) {
        let text = |index: usize| texts[index].clone();
        let paper = Paper {
            title: text(0),
            title_en: text(1),
            blocks: vec![
                Block::Item { label: text(2), label_en: text(3), value: text(4), value_en: text(5) },
                Block::Paragraph { japanese: text(6), english: text(7) },
            ],
        };
        let footer = [text(8)];
        prop_assert!(pdf(&paper, &footer, None).is_ok());
        prop_assert!(pdf(&paper, &footer, Some(DAY)).is_ok());
        prop_assert!(html(&paper, &footer).ends_with("</html>\n"));
    }
}
