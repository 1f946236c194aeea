//! The character set of a file, found by itself.

use std::borrow::Cow;

use encoding_rs::SHIFT_JIS;

/// The character set, undecided for as long as the file is plain ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    Undecided,
    Utf8,
    /// Windows-31J, what Japanese Windows calls `Shift_JIS`: with 髙, 﨑 and 邊.
    Cp932,
}

impl Charset {
    /// The cells as text, or `None` if they are not in this character set.
    ///
    /// The first record that is not ASCII decides for the rest of the file: UTF-8 if it is valid UTF-8, else CP932.
    /// Japanese text in CP932 is almost never valid UTF-8.
    pub(super) fn decode<'a>(&mut self, cells: impl Iterator<Item = &'a [u8]>) -> Option<Vec<Cow<'a, str>>> {
        let cells: Vec<&[u8]> = cells.collect();
        if *self == Self::Undecided && !cells.iter().all(|cell| cell.is_ascii()) {
            *self = if cells.iter().all(|cell| str::from_utf8(cell).is_ok()) { Self::Utf8 } else { Self::Cp932 };
        }
        cells.into_iter().map(|cell| self.text(cell)).collect()
    }

    fn text(self, cell: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Self::Undecided | Self::Utf8 => str::from_utf8(cell).ok().map(Cow::Borrowed),
            Self::Cp932 => SHIFT_JIS.decode_without_bom_handling_and_without_replacement(cell),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(charset: &mut Charset, cells: &[&[u8]]) -> Option<Vec<String>> {
        Some(charset.decode(cells.iter().copied())?.into_iter().map(Cow::into_owned).collect())
    }

    #[test]
    fn ascii_decides_nothing() {
        let mut charset = Charset::Undecided;
        assert_eq!(decode(&mut charset, &[b"a", b"b"]), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(charset, Charset::Undecided);
    }

    #[test]
    fn the_first_cells_beyond_ascii_decide_for_good() {
        let mut charset = Charset::Undecided;
        assert_eq!(decode(&mut charset, &[b"1", "髙﨑".as_bytes()]), Some(vec!["1".to_owned(), "髙﨑".to_owned()]));
        assert_eq!(charset, Charset::Utf8);
        assert_eq!(decode(&mut charset, &[b"\x8e\x52"]), None, "山 in CP932");

        let mut charset = Charset::Undecided;
        assert_eq!(decode(&mut charset, &[b"\xfb\xfc\xfa\xb1\xe7\xb2"]), Some(vec!["髙﨑邊".to_owned()]));
        assert_eq!(charset, Charset::Cp932);
        assert_eq!(decode(&mut charset, &[b"\x81"]), None, "half a character");
        assert_eq!(decode(&mut charset, &[b"\xb6\xc5\x83\x5c\x8b\xe0"]), Some(vec!["ｶﾅソ金".to_owned()]));
    }

    #[test]
    fn a_character_is_never_put_together_from_two_cells() {
        let (first, second) = "山".as_bytes().split_at(1);
        assert_eq!(decode(&mut Charset::Utf8, &[first, second]), None);
    }
}
