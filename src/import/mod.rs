//! Reading HR files: a CSV of leavers, of current employees or of pay bands becomes typed rows, line by line.
//!
//! The files come as offices really send them: UTF-8 or CP932, Japanese or English headings, four ways to write a date.
//! Every line is either a row or the complete list of what is wrong with it; one bad line never spoils the next.
//! This module only reads. It knows no ledger and no clock, and holds one line at a time whatever the size of the file.
//!
//! ```text
//! let rows = Departures::new(file)?;             // the heading line alone can refuse the whole file
//! for line in rows {
//!     match line?.into_result() {                // `?`: the file itself could not be read any further
//!         Ok(row) => …,                          // a `DepartureRow`
//!         Err(refusal) => …,                     // `refusal.line`, `refusal.errors`
//!     }
//! }
//! ```
//!
//! Repeated lines are rows like any other: what counts as a repetition is the caller's to say.

mod dates;
mod decode;
mod departures;
mod employments;
mod fault;
mod fields;
mod header;
mod incumbents;
mod pay_bands;
mod records;
mod words;
mod yen;

use std::{
    io::{self, Read},
    marker::PhantomData,
};

pub use departures::DepartureRow;
pub use employments::EmploymentRow;
pub use fault::FieldError;
pub use fields::{BelongsTo, Cells};
pub use header::{Column, HeaderError};
pub use incumbents::IncumbentRow;
pub use pay_bands::BandRow;

use decode::Charset;
use fault::LineFault;
use header::Layout;
use records::{Record, Records};

/// The lines of a file of leavers.
pub type Departures<R> = Rows<R, DepartureRow>;

/// The lines of a file of current employees.
pub type Employments<R> = Rows<R, EmploymentRow>;

/// The lines of a file of pay bands.
pub type PayBands<R> = Rows<R, BandRow>;

/// The lines of a file of incumbents, for the pay comparison.
pub type Incumbents<R> = Rows<R, IncumbentRow>;

/// One line of a file: a row, or everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<T> {
    /// The physical line of the file on which it starts; the heading is line 1.
    pub line: u64,
    /// The row, or its errors in the order of our fields; never an empty list.
    pub row: Result<T, Vec<FieldError>>,
    /// What it is part of, as far as that could be read, where its kind of row says so.
    pub belongs_to: BelongsTo,
}

/// A line that could not be taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The physical line of the file on which it starts; the heading is line 1.
    pub line: u64,
    /// What is wrong, in the order of our fields; never empty.
    pub errors: Vec<FieldError>,
}

impl<T> Line<T> {
    /// The row, or the refusal that goes back to whoever sent the file.
    pub fn into_result(self) -> Result<T, Refusal> {
        self.row.map_err(|errors| Refusal { line: self.line, errors })
    }
}

/// A kind of row that a file can hold.
pub trait FromRecord: Sized {
    /// Columns without which the file is refused.
    const REQUIRED: &'static [&'static Column];
    /// Columns the file may have. Every other column is ignored, and named by [`Rows::ignored_columns`].
    const OPTIONAL: &'static [&'static Column];

    /// Reads one line, leaving in `cells` every error it met; `None` only if there was one.
    fn from_record(cells: &mut Cells<'_>) -> Option<Self>;
}

/// The lines of a file, read one at a time. Blank lines are passed over.
#[derive(Debug)]
pub struct Rows<R, T> {
    records: Records<R>,
    charset: Charset,
    layout: Layout,
    done: bool,
    kind: PhantomData<fn() -> T>,
}

impl<R: Read, T: FromRecord> Rows<R, T> {
    /// Reads the heading line.
    pub fn new(reader: R) -> Result<Self, HeaderError> {
        let (mut records, marked_utf8) = Records::new(reader)?;
        let mut charset = if marked_utf8 { Charset::Utf8 } else { Charset::Undecided };
        while let Some(record) = records.read()? {
            if record.is_overlong() || record.is_unclosed() {
                return Err(HeaderError::NotCsv);
            }
            let headings = charset.decode(record.cells()).ok_or(HeaderError::NotCsv)?;
            if headings.iter().any(|heading| !heading.trim().is_empty()) {
                let layout = Layout::read(&headings, T::REQUIRED, T::OPTIONAL)?;
                return Ok(Self { records, charset, layout, done: false, kind: PhantomData });
            }
        }
        Err(HeaderError::Empty)
    }

    /// Whether a heading of amounts says that they are in yen.
    pub fn is_in_yen(&self) -> bool {
        self.layout.is_in_yen()
    }

    /// Headings of the columns that are not read, as written; a column without a heading is `#` and its position.
    pub fn ignored_columns(&self) -> &[String] {
        self.layout.ignored()
    }

    fn next_line(&mut self) -> io::Result<Option<Line<T>>> {
        while let Some(record) = self.records.read()? {
            let mut belongs_to = BelongsTo::default();
            let row = interpret(&mut self.charset, &self.layout, record, &mut belongs_to).transpose();
            if let Some(row) = row {
                return Ok(Some(Line { line: record.first_line(), row, belongs_to }));
            }
        }
        Ok(None)
    }
}

/// The row of one record; `Ok(None)` if it is blank.
fn interpret<T: FromRecord>(
    charset: &mut Charset,
    layout: &Layout,
    record: &Record,
    belongs_to: &mut BelongsTo,
) -> Result<Option<T>, Vec<FieldError>> {
    let refuse = |fault: LineFault| Err(vec![fault.of(record)]);
    if record.is_overlong() {
        return refuse(LineFault::TooLong);
    }
    if record.is_unclosed() {
        return refuse(LineFault::UnclosedQuote);
    }
    let Some(cells) = charset.decode(record.cells()) else {
        return refuse(LineFault::BadEncoding);
    };
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        return Ok(None);
    }
    if cells.len() != layout.width() {
        return refuse(LineFault::WrongColumnCount { expected: layout.width(), found: cells.len() });
    }
    let mut cells = Cells::new(layout, &cells);
    let row = T::from_record(&mut cells);
    let (errors, part_of) = cells.into_errors();
    *belongs_to = part_of;
    if errors.is_empty() { Ok(row) } else { Err(errors) }
}

impl<R: Read, T: FromRecord> Iterator for Rows<R, T> {
    type Item = io::Result<Line<T>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let line = self.next_line().transpose();
        self.done = !matches!(line, Some(Ok(_)));
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADING: &str = "employee_number,name,hired_on,left_on,employment_type,reason,note\n";
    const GOOD: &str = "1,林 愛,2010-04-01,2020-03-31,regular,other,\n";

    /// The lines of a file: `ok`, or the first error's field and code.
    fn outcomes(file: &[u8]) -> Vec<(u64, String)> {
        let rows = Departures::new(file).unwrap();
        rows.map(|line| {
            let line = line.unwrap();
            (
                line.line,
                line.row.map_or_else(|errors| format!("{} {}", errors[0].field, errors[0].code), |_| "ok".to_owned()),
            )
        })
        .collect()
    }

    fn ok(line: u64) -> (u64, String) {
        (line, "ok".to_owned())
    }

    fn refused(line: u64, why: &str) -> (u64, String) {
        (line, why.to_owned())
    }

    #[test]
    fn lines_keep_their_physical_numbers() {
        let file = [
            HEADING,
            "\r\n",
            GOOD,
            ",,,,,,\n",
            "  ,　,,,,,\r\n",
            GOOD.trim_end(),
            "\"a\r\n\n\"b\r\n",
            GOOD,
            "x\n",
            GOOD,
        ]
        .concat();
        assert_eq!(outcomes(file.as_bytes()), [ok(3), ok(6), ok(9), refused(10, "line wrong_column_count"), ok(11)]);
    }

    #[test]
    fn a_line_with_too_few_or_too_many_cells_is_refused() {
        let file = [HEADING, "1,林 愛\n", GOOD.trim_end(), ",\n", GOOD].concat();
        let refusal = "line wrong_column_count";
        assert_eq!(outcomes(file.as_bytes()), [refused(2, refusal), refused(3, refusal), ok(4)]);
    }

    #[test]
    fn the_same_file_is_read_in_every_character_set() {
        let file = [HEADING, GOOD.replace('林', "髙").as_str()].concat();
        let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode(&file);
        for bytes in [file.as_bytes(), &[b"\xEF\xBB\xBF", file.as_bytes()].concat(), &cp932] {
            let row = Departures::new(bytes).unwrap().next().unwrap().unwrap().row.unwrap();
            assert_eq!(row.name, "髙 愛");
        }
    }

    #[test]
    fn a_line_in_another_character_set_is_refused_alone() {
        let file = [HEADING, GOOD, GOOD].concat();
        let mut bytes = file.into_bytes();
        bytes.extend(encoding_rs::SHIFT_JIS.encode(GOOD).0.iter());
        bytes.extend(GOOD.bytes());
        assert_eq!(outcomes(&bytes), [ok(2), ok(3), refused(4, "line bad_encoding"), ok(5)]);
    }

    #[test]
    fn control_characters_and_very_long_cells_are_refused() {
        let bell = GOOD.replace('愛', "\u{7}");
        let nul = GOOD.replace('愛', "\0");
        let broken = GOOD.replace("林 愛", "\"林\n愛\"");
        let long = GOOD.replace('愛', &"愛".repeat(1000));
        let file = [HEADING, &bell, &nul, &broken, &long, GOOD].concat();
        assert_eq!(
            outcomes(file.as_bytes()),
            [
                refused(2, "name control_character"),
                refused(3, "name control_character"),
                refused(4, "name control_character"),
                refused(6, "name too_long"),
                ok(7)
            ]
        );
    }

    #[test]
    fn what_stands_in_an_ignored_column_is_nobodys_business() {
        let file = [HEADING, GOOD.trim_end(), "\"", &"長\n".repeat(1001), "\"\n", GOOD].concat();
        assert_eq!(Departures::new(file.as_bytes()).unwrap().ignored_columns(), ["note"]);
        assert_eq!(outcomes(file.as_bytes()), [ok(2), ok(1004)]);
    }

    #[test]
    fn an_endless_line_is_refused_and_the_next_is_read() {
        let endless = format!("{}\"{}\"\n", GOOD.trim_end(), "x,\n".repeat(100_000));
        let file = [HEADING, &endless, GOOD].concat();
        assert_eq!(outcomes(file.as_bytes()), [refused(2, "line too_long"), ok(100_003)]);
    }

    #[test]
    fn a_missing_quotation_mark_is_blamed_on_the_line_that_opened_it() {
        let file = [HEADING, GOOD, "1,\"林 愛,2010-04-01,2020-03-31,regular,other,\n", GOOD, GOOD].concat();
        assert_eq!(outcomes(file.as_bytes()), [ok(2), refused(3, "line unclosed_quote")]);
        let errors = Departures::new(file.as_bytes()).unwrap().nth(1).unwrap().unwrap().row.unwrap_err();
        assert!(errors[0].detail_en.contains("from line 3 to line 5"), "{}", errors[0].detail_en);
        assert!(errors[0].detail_ja.contains("3行目から5行目"), "{}", errors[0].detail_ja);
    }

    #[test]
    fn every_way_to_break_a_line_is_understood_even_in_one_file() {
        let good = GOOD.trim_end();
        let file = format!("\u{feff}{}\r\n{good}\n{good}\r\n{good}\r{good}", HEADING.trim_end());
        assert_eq!(outcomes(file.as_bytes()), [ok(2), ok(3), ok(4), ok(5)]);
    }

    #[test]
    fn what_is_no_table_is_refused_as_a_whole() {
        let refusal = |file: &[u8]| Departures::new(file).map(drop).unwrap_err();
        assert!(matches!(refusal(b""), HeaderError::Empty));
        assert!(matches!(refusal(b"\xEF\xBB\xBF\r\n,,\n"), HeaderError::Empty));
        assert!(matches!(refusal(b"PK\x03\x04\x14\x00\x06\x00\x08\x00"), HeaderError::NotCsv));
        assert!(matches!(refusal(b"\xFF\xFEe\x00m\x00p\x00"), HeaderError::NotCsv));
        assert!(matches!(refusal(&b"x".repeat(100_000)), HeaderError::NotCsv));
        assert!(matches!(refusal(b"\"employee_number,name"), HeaderError::NotCsv));
        assert!(matches!(refusal(b"employee_number\tname\n"), HeaderError::Missing(columns) if columns.len() == 6));
        assert!(matches!(refusal("氏名,姓名\n".as_bytes()), HeaderError::Duplicate { .. }));
    }

    /// A file on a disk that fails.
    struct Failing;

    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("unplugged"))
        }
    }

    #[test]
    fn a_file_that_can_be_read_no_further_ends_with_that_error() {
        let file = [HEADING, GOOD, "1,林"].concat();
        let mut rows = Departures::new(file.as_bytes().chain(Failing)).unwrap();
        assert_eq!(rows.next().unwrap().unwrap().line, 2);
        assert_eq!(rows.next().unwrap().unwrap_err().to_string(), "unplugged");
        assert!(rows.next().is_none());
        assert!(matches!(Departures::new(Failing).map(drop), Err(HeaderError::Io(_))));
    }
}
