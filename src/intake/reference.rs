//! Files that offers are measured by, taken over as dated facts: versions of pay bands and snapshots of incumbents.
//!
//! Unlike a file of leavers, such a file is read to its end before anything of it is recorded: what its lines make together
//! is one fact, and half of it would be another one.

mod bands;
mod incumbents;

use std::collections::BTreeSet;
use std::io::{self, Read, Write};

use aws_lc_rs::digest::{Context, SHA256};
use serde::Serialize;

use super::file::{ImportError, ImportReport, RefusedLine};
use crate::import::{BelongsTo, FieldError, FromRecord, Line, Rows};
use crate::ledger::hex;

pub use bands::import_pay_bands;
pub use incumbents::import_incumbents;

/// How many lines such a file may have.
const MOST_LINES: usize = 200_000;
/// The currency of lines that name none.
const YEN: &str = "JPY";

/// A line that cannot be read.
struct Unread {
    line: u64,
    errors: Vec<FieldError>,
    belongs_to: BelongsTo,
}

impl Unread {
    /// Whether it names an entity that cannot be read.
    fn hides_its_entity(&self) -> bool {
        self.errors.iter().any(|error| ["line", "legal_entity"].contains(&error.field))
    }
}

/// A whole file.
struct Whole<T> {
    rows: Vec<(u64, T)>,
    unread: Vec<Unread>,
    ignored: Vec<String>,
    /// A heading of amounts says that they are in yen.
    in_yen: bool,
}

/// Reads a file to its end, on a thread of its own.
async fn whole<T: FromRecord + Send + 'static>(file: impl Read + Send + 'static) -> Result<Whole<T>, ImportError> {
    let reading = tokio::task::spawn_blocking(move || read(file, MOST_LINES));
    reading.await.map_err(|error| ImportError::Store(error.to_string()))?
}

fn read<T: FromRecord>(file: impl Read, limit: usize) -> Result<Whole<T>, ImportError> {
    let lines = Rows::<_, T>::new(file).map_err(ImportError::Header)?;
    let ignored = lines.ignored_columns().to_vec();
    let mut whole = Whole { rows: Vec::new(), unread: Vec::new(), ignored, in_yen: lines.is_in_yen() };
    for (number, line) in (1..).zip(lines) {
        if number > limit {
            return Err(ImportError::TooManyLines { limit });
        }
        let Line { line, row, belongs_to } = line.map_err(ImportError::Read)?;
        match row {
            Ok(row) => whole.rows.push((line, row)),
            Err(errors) => whole.unread.push(Unread { line, errors, belongs_to }),
        }
    }
    Ok(whole)
}

/// The one currency of a file, or the first two of them; a heading that says yen names one.
fn one_currency<'a>(named: impl Iterator<Item = Option<&'a str>>, in_yen: bool) -> Result<&'a str, (&'a str, &'a str)> {
    let currencies: BTreeSet<&str> = named.map(|currency| currency.unwrap_or(YEN)).collect();
    let mut currencies = currencies.into_iter();
    match (currencies.next(), currencies.next()) {
        (Some(one), Some(other)) => Err((one, other)),
        (Some(one), None) if in_yen && one != YEN => Err((YEN, one)),
        (one, _) => Ok(one.unwrap_or(YEN)),
    }
}

/// Refuses the lines of a file that has two currencies: nothing in it can be compared.
fn refuse_mixed(report: &mut ImportReport, lines: impl Iterator<Item = u64>, (one, other): (&str, &str)) {
    for line in lines {
        report.refuse(vec![RefusedLine::new(
            line,
            "currency",
            "currency_mismatch",
            &format!("The file has amounts in {one} and in {other}; send a file for each currency."),
            &format!("ファイルに{one}と{other}の金額が混在しています。通貨ごとに別のファイルで送信してください。"),
        )]);
    }
}

/// SHA-256 of the canonical JSON (RFC 8785) of a value, in lower-case hexadecimal. Members have to come in the order of their
/// names; there are no floats.
fn sha256(value: &impl Serialize) -> Result<String, ImportError> {
    struct Hashing(Context);
    impl Write for Hashing {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut hashing = Hashing(Context::new(&SHA256));
    serde_json::to_writer(&mut hashing, value).map_err(|error| ImportError::Store(error.to_string()))?;
    Ok(hex(hashing.0.finish().as_ref()))
}

/// A value whose members are written in the order of their names.
struct Sorted<'a, T>(&'a T);

impl<T: Serialize> Serialize for Sorted<'_, T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::to_value(self.0).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::{ImportError, one_currency, read, sha256};
    use crate::import::BandRow;

    const HEADING: &str = "band_version,effective_from,grade,job_family,location,minimum,midpoint,maximum\n";

    #[test]
    fn a_file_that_is_too_long_is_refused_whole() {
        let file = [HEADING, "v,2026-04-01,G3,driver,tokyo,1,2,3\n", "v,2026-04-01,G4,driver,tokyo,1,2,3\n"].concat();
        assert_eq!(read::<BandRow>(file.as_bytes(), 2).unwrap().rows.len(), 2);
        assert!(matches!(read::<BandRow>(file.as_bytes(), 1), Err(ImportError::TooManyLines { limit: 1 })));
    }

    #[test]
    fn yen_is_what_a_line_means_that_names_no_currency() {
        assert_eq!(one_currency([None, Some("JPY")].into_iter(), true), Ok("JPY"));
        assert_eq!(one_currency(std::iter::empty(), true), Ok("JPY"));
        assert_eq!(one_currency([None, Some("USD")].into_iter(), false), Err(("JPY", "USD")));
        assert_eq!(one_currency([Some("USD"), Some("USD")].into_iter(), false), Ok("USD"));
        // A heading that says yen is a currency as well.
        assert_eq!(one_currency([Some("USD"), Some("USD")].into_iter(), true), Err(("JPY", "USD")));
    }

    #[test]
    fn the_hash_is_that_of_the_text() {
        let empty = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        assert_eq!(sha256(&serde_json::json!({})).unwrap(), empty);
    }
}
