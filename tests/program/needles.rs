//! Looking for words among bytes: in logs, in files of the stores.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Words to look for, each in the forms in which it could have been written.
pub struct Needles {
    forms: Vec<(String, Vec<u8>)>,
    /// Which pairs of bytes a form begins with.
    begins: Vec<bool>,
}

impl Needles {
    /// The words as text.
    pub fn plain<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        Self::of(words.into_iter().map(|word| (word.to_owned(), word.as_bytes().to_vec())).collect())
    }

    /// The words as text, in UTF-16, escaped as JSON and URLs escape, and as hexadecimal digits.
    pub fn in_every_form<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut forms = Vec::new();
        for word in words {
            let units: Vec<u16> = word.encode_utf16().collect();
            let mut add = |form: Vec<u8>| forms.push((word.to_owned(), form));
            add(word.as_bytes().to_vec());
            add(units.iter().flat_map(|unit| unit.to_le_bytes()).collect());
            add(units.iter().flat_map(|unit| unit.to_be_bytes()).collect());
            if !word.is_ascii() {
                for upper in [false, true] {
                    add(escaped(word, |out, c| {
                        for unit in c.encode_utf16(&mut [0; 2]) {
                            let _ = if upper { write!(out, "\\u{unit:04X}") } else { write!(out, "\\u{unit:04x}") };
                        }
                    }));
                    add(escaped(word, |out, c| {
                        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                            let _ = if upper { write!(out, "%{byte:02X}") } else { write!(out, "%{byte:02x}") };
                        }
                    }));
                }
            }
            let hex = word.bytes().fold(String::new(), |mut out, byte| {
                let _ = write!(out, "{byte:02x}");
                out
            });
            add(hex.to_uppercase().into_bytes());
            add(hex.into_bytes());
        }
        Self::of(forms)
    }

    /// Bytes, called by their place in the list.
    pub fn bytes(all: &[Vec<u8>]) -> Self {
        Self::of(all.iter().enumerate().map(|(nth, bytes)| (nth.to_string(), bytes.clone())).collect())
    }

    fn of(mut forms: Vec<(String, Vec<u8>)>) -> Self {
        forms.retain(|(_, form)| form.len() > 3);
        let mut begins = vec![false; 1 << 16];
        for (_, form) in &forms {
            begins[pair(form[0], form[1])] = true;
        }
        Self { forms, begins }
    }

    /// The words that stand among these bytes.
    pub fn found_in(&self, bytes: &[u8]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let Some((&first, rest)) = bytes.split_first() else { return found };
        let mut before = first;
        for (at, &byte) in rest.iter().enumerate() {
            if self.begins[pair(before, byte)] {
                let here = self.forms.iter().filter(|(_, form)| bytes[at..].starts_with(form));
                found.extend(here.map(|(word, _)| word.clone()));
            }
            before = byte;
        }
        found
    }

    /// The words that stand in files below a directory, and where.
    pub fn found_below(&self, directory: &Path) -> BTreeMap<String, PathBuf> {
        let mut found = BTreeMap::new();
        for file in files(directory) {
            // A file may go away while we look: a segment of a log, a table.
            let Ok(bytes) = fs::read(&file) else { continue };
            found.extend(self.found_in(&bytes).into_iter().map(|word| (word, file.clone())));
        }
        found
    }
}

fn pair(first: u8, second: u8) -> usize {
    usize::from(first) << 8 | usize::from(second)
}

fn escaped(word: &str, escape: impl Fn(&mut String, char)) -> Vec<u8> {
    let mut out = String::new();
    for c in word.chars() {
        if c.is_ascii() { out.push(c) } else { escape(&mut out, c) }
    }
    out.into_bytes()
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(entries) = fs::read_dir(directory) else { return files };
    for entry in entries.flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files.extend(self::files(&entry.path())),
            Ok(kind) if kind.is_file() => files.push(entry.path()),
            _ => {}
        }
    }
    files
}

#[test]
fn a_word_is_found_in_every_form_and_nothing_else_is() {
    let needles = Needles::in_every_form(["山田 花子", "090-1234-5678"]);
    let mut utf16 = b"x".to_vec();
    utf16.extend("山田 花子".encode_utf16().flat_map(u16::to_le_bytes));
    for bytes in [
        "…山田 花子…".as_bytes(),
        br"\u5c71\u7530 \u82b1\u5b50",
        b"%E5%B1%B1%E7%94%B0 %e8%8a%b1" as &[u8],
        &utf16,
        b"e5b1b1e794b020e88ab1e5ad90",
    ] {
        let found = needles.found_in(bytes);
        assert_eq!(found.contains("山田 花子"), !bytes.ends_with(b"%b1"), "{}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(needles.found_in(b"tel: 090-1234-5678").len(), 1);
    assert!(needles.found_in("山田 太郎 090-1234-567".as_bytes()).is_empty());
}
