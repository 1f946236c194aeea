//! CSV records (RFC 4180) as raw bytes, with a bound on each.
//!
//! Written here because three things are needed that CSV libraries do not give together: memory stays bounded when a
//! quotation mark is never closed, the line number is the physical one after blank lines and quoted line breaks too,
//! and a file that ends inside quotation marks is noticed. Works before the character set is known: in UTF-8 and in
//! CP932 no byte of a longer character is a comma, a quotation mark or a line break.

use std::io::{self, BufRead, BufReader, Chain, Cursor, ErrorKind, Read};

/// Bytes in one record, quotation marks and inner line breaks included.
pub(super) const LONGEST_RECORD: usize = 64 * 1024;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads records one after another into the same memory.
#[derive(Debug)]
pub(super) struct Records<R> {
    reader: BufReader<Chain<Cursor<Vec<u8>>, R>>,
    record: Record,
    /// The line of the next byte.
    line: u64,
    /// The last byte was a carriage return, so that a line feed now belongs to the same line break.
    after_return: bool,
}

/// One record, blank lines included.
#[derive(Debug, Default)]
pub(super) struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    size: usize,
    first_line: u64,
    last_line: u64,
    unclosed: bool,
}

/// Where in a record the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    CellStart,
    Plain,
    Quoted,
    /// After a quotation mark inside quotation marks: the closing one, or the first of two that stand for one.
    QuoteInQuoted,
}

impl<R: Read> Records<R> {
    /// Begins a file; tells whether it is marked as UTF-8.
    pub(super) fn new(mut reader: R) -> io::Result<(Self, bool)> {
        let mut start = Vec::with_capacity(UTF8_MARK.len());
        reader.by_ref().take(3).read_to_end(&mut start)?;
        let marked_utf8 = start == UTF8_MARK;
        if marked_utf8 {
            start.clear();
        }
        let reader = BufReader::new(Cursor::new(start).chain(reader));
        Ok((Self { reader, record: Record::default(), line: 1, after_return: false }, marked_utf8))
    }

    /// The next record, or `None` at the end of the file.
    pub(super) fn read(&mut self) -> io::Result<Option<&Record>> {
        self.record.clear();
        let mut place = Place::CellStart;
        loop {
            let bytes = match self.reader.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if bytes.is_empty() {
                if self.record.size == 0 {
                    return Ok(None);
                }
                self.record.unclosed = place == Place::Quoted;
                self.record.end_cell();
                return Ok(Some(&self.record));
            }
            let mut used = 0;
            let mut complete = false;
            for &byte in bytes {
                used += 1;
                let rest_of_line_break = self.after_return && byte == b'\n';
                self.after_return = byte == b'\r';
                if rest_of_line_break && place != Place::Quoted {
                    continue;
                }
                if self.record.size == 0 {
                    self.record.first_line = self.line;
                }
                self.record.last_line = self.line;
                if matches!(byte, b'\r' | b'\n') && !rest_of_line_break {
                    self.line += 1;
                }
                place = self.record.take(place, byte);
                if place != Place::Quoted && matches!(byte, b'\r' | b'\n') {
                    complete = true;
                    break;
                }
            }
            self.reader.consume(used);
            if complete {
                return Ok(Some(&self.record));
            }
        }
    }
}

impl Record {
    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.size = 0;
        self.unclosed = false;
    }

    fn take(&mut self, place: Place, byte: u8) -> Place {
        self.size += 1;
        match (place, byte) {
            (Place::CellStart, b'"') => Place::Quoted,
            (Place::CellStart | Place::Plain | Place::QuoteInQuoted, b',' | b'\r' | b'\n') => {
                self.end_cell();
                Place::CellStart
            }
            (Place::Quoted, b'"') => Place::QuoteInQuoted,
            (Place::Quoted, _) | (Place::QuoteInQuoted, b'"') => {
                self.push(byte);
                Place::Quoted
            }
            (Place::CellStart | Place::Plain | Place::QuoteInQuoted, _) => {
                self.push(byte);
                Place::Plain
            }
        }
    }

    fn push(&mut self, byte: u8) {
        if !self.is_overlong() {
            self.bytes.push(byte);
        }
    }

    fn end_cell(&mut self) {
        if !self.is_overlong() {
            self.ends.push(self.bytes.len());
        }
    }

    /// The cells; what is left of them if the record is overlong.
    pub(super) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = self.bytes.as_slice();
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let (cell, after) = rest.split_at_checked(end - start).unwrap_or((rest, &[]));
            rest = after;
            start = end;
            cell
        })
    }

    /// More than [`LONGEST_RECORD`], so that its end was thrown away.
    pub(super) fn is_overlong(&self) -> bool {
        self.size > LONGEST_RECORD
    }

    /// The file ended inside quotation marks.
    pub(super) fn is_unclosed(&self) -> bool {
        self.unclosed
    }

    /// The physical line on which it starts.
    pub(super) fn first_line(&self) -> u64 {
        self.first_line
    }

    /// The physical line on which it ends: a later one if a quoted cell holds line breaks.
    pub(super) fn last_line(&self) -> u64 {
        self.last_line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, and an interruption before each.
    struct Trickle<'a>(&'a [u8], bool);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 { Err(ErrorKind::Interrupted.into()) } else { self.0.read(&mut buffer[..1]) }
        }
    }

    fn records_of(reader: impl Read) -> Vec<(u64, u64, Vec<String>)> {
        let (mut records, _) = Records::new(reader).unwrap();
        let mut all = Vec::new();
        while let Some(record) = records.read().unwrap() {
            let cells = record.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
            all.push((record.first_line(), record.last_line(), cells));
        }
        all
    }

    fn records(text: &str) -> Vec<(u64, u64, Vec<String>)> {
        let at_once = records_of(text.as_bytes());
        assert_eq!(records_of(Trickle(text.as_bytes(), false)), at_once, "in one piece and byte by byte");
        at_once
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        records(text).into_iter().map(|(_, _, cells)| cells).collect()
    }

    fn lines(text: &str) -> Vec<(u64, u64)> {
        records(text).into_iter().map(|(first, last, _)| (first, last)).collect()
    }

    #[test]
    fn cells_are_separated_by_commas_and_records_by_any_line_break() {
        assert_eq!(cells("a,b\nc,\r\n,d\re"), [vec!["a", "b"], vec!["c", ""], vec!["", "d"], vec!["e"]]);
        assert_eq!(lines("a,b\nc,\r\n,d\re"), [(1, 1), (2, 2), (3, 3), (4, 4)]);
        assert_eq!(cells("a,"), [vec!["a", ""]]);
        assert!(cells("").is_empty());
    }

    #[test]
    fn quotation_marks_protect_commas_line_breaks_and_each_other() {
        assert_eq!(cells("\"a,b\",\"c\r\nd\",\"e\"\"f\"\n"), [vec!["a,b", "c\r\nd", "e\"f"]]);
        assert_eq!(cells("a\"b,\"c\"d,\"\"\n"), [vec!["a\"b", "cd", ""]]);
        assert_eq!(cells("\"\"\"\",\"a\""), [vec!["\"", "a"]]);
    }

    /// Every text of up to six of these bytes.
    #[test]
    fn cells_are_those_the_csv_library_finds() {
        let mut texts = vec![String::new()];
        for _ in 0..6 {
            let longer = texts.iter().flat_map(|text| ["x", ",", "\"", "\r", "\n"].map(|next| format!("{text}{next}")));
            texts = longer.collect();
            for text in &texts {
                let mut library =
                    csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
                let expected = library.records().map(|record| record.unwrap().iter().map(str::to_owned).collect());
                // The library passes over blank lines; here that is left to those who look into the cells.
                let blank = |cells: &Vec<String>| cells.len() == 1 && cells[0].is_empty();
                let expected: Vec<Vec<String>> = expected.filter(|cells| !blank(cells)).collect();
                let found: Vec<_> = records_of(text.as_bytes()).into_iter().map(|(_, _, cells)| cells).collect();
                assert_eq!(found.into_iter().filter(|cells| !blank(cells)).collect::<Vec<_>>(), expected, "{text:?}");
            }
        }
    }

    #[test]
    fn blank_lines_are_records_of_one_empty_cell() {
        assert_eq!(cells("a\n\r\n\nb\n"), [vec!["a"], vec![""], vec![""], vec!["b"]]);
    }

    #[test]
    fn line_numbers_are_those_an_editor_shows() {
        assert_eq!(lines("a\n\n\"b\nc\r\nd\",e\r\nf\n"), [(1, 1), (2, 2), (3, 5), (6, 6)]);
        assert_eq!(lines("\"a\r\n\r\nb\"\r\n\r\nc"), [(1, 3), (4, 4), (5, 5)]);
        assert_eq!(lines("\"a\r\"\nb"), [(1, 2), (3, 3)]);
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_noticed() {
        for (text, unclosed) in [("a,\"b\nc", true), ("a,\"b\nc\"", false), ("a,b\"", false), ("a,\"b\"\"", true)] {
            let (mut records, _) = Records::new(text.as_bytes()).unwrap();
            assert_eq!(records.read().unwrap().unwrap().is_unclosed(), unclosed, "{text}");
        }
    }

    #[test]
    fn the_utf8_mark_is_no_part_of_the_first_cell() {
        let (mut records, marked) = Records::new(b"\xEF\xBB\xBF\"a\",b".as_slice()).unwrap();
        assert!(marked);
        assert_eq!(records.read().unwrap().unwrap().cells().collect::<Vec<_>>(), [b"a", b"b"]);
        let (mut records, marked) = Records::new(b"ab".as_slice()).unwrap();
        assert!(!marked);
        assert_eq!(records.read().unwrap().unwrap().cells().collect::<Vec<_>>(), [b"ab"]);
    }

    #[test]
    fn an_endless_record_takes_bounded_memory_and_the_next_one_is_read() {
        for (open, byte, close) in [("\"", b'x', "\"\n"), ("", b'x', "\n"), ("", b',', "\n"), ("\"", b'\n', "\"\n")] {
            let endless = io::repeat(byte).take(10_000_000);
            let (mut records, _) =
                Records::new(open.as_bytes().chain(endless).chain(close.as_bytes()).chain(b"a,b".as_slice())).unwrap();
            let record = records.read().unwrap().unwrap();
            assert!(record.is_overlong() && !record.is_unclosed());
            assert!(record.bytes.capacity() <= 2 * LONGEST_RECORD && record.ends.capacity() <= 2 * LONGEST_RECORD);
            assert_eq!(records.read().unwrap().unwrap().cells().collect::<Vec<_>>(), [b"a", b"b"]);
        }
    }

    #[test]
    fn the_longest_record_still_fits() {
        for (size, overlong) in [(LONGEST_RECORD - 1, false), (LONGEST_RECORD, true)] {
            let text = format!("{}\n", "x".repeat(size));
            let (mut records, _) = Records::new(text.as_bytes()).unwrap();
            assert_eq!(records.read().unwrap().unwrap().is_overlong(), overlong);
        }
    }
}
