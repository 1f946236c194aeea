//! What can be wrong with a line, and the sentences that say so.
//!
//! A sentence names the field by its label. It repeats what was written only where that is no personal data.

use super::{header::Column, records::Record};

/// Something wrong with one field of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field by its JSON name; `line` if the line as a whole is meant.
    pub field: &'static str,
    /// A stable word for programs, such as `not_a_date`.
    pub code: &'static str,
    /// The sentence for readers of English.
    pub detail_en: String,
    /// The sentence for readers of Japanese.
    pub detail_ja: String,
}

/// Something wrong with a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Required,
    TooLong {
        limit: usize,
    },
    ControlCharacter,
    NotADate,
    DateOutOfRange,
    BeforeHiredOn,
    BeforeBirthDate,
    NotAnAmount,
    NotPositive,
    AmountOutOfRange,
    NotHours,
    HoursOutOfRange,
    NotAnEmail,
    NotAPhone,
    NotACurrency,
    NotAYear,
    NotAWholeNumber,
    NumberOutOfRange {
        lowest: u32,
        highest: u32,
    },
    /// The bounds of a pay band rise from the lowest to the highest.
    NotAscending,
    /// Not in a closed list; the usual members, for the reader.
    UnknownValue {
        known_en: &'static str,
        known_ja: &'static str,
    },
}

/// Something wrong with a line as a whole, so that none of its cells was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineFault {
    TooLong,
    UnclosedQuote,
    BadEncoding,
    WrongColumnCount { expected: usize, found: usize },
}

impl Fault {
    /// The error of a cell of this column in which `written` stands.
    pub(super) fn of(self, column: &Column, written: &str) -> FieldError {
        let written = if column.is_personal() { String::new() } else { excerpt(written) };
        FieldError {
            field: column.field(),
            code: self.code(),
            detail_en: self.detail_en(column.label_en(), &written),
            detail_ja: self.detail_ja(column.label_ja(), &written),
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong { .. } => "too_long",
            Self::ControlCharacter => "control_character",
            Self::NotADate => "not_a_date",
            Self::DateOutOfRange | Self::AmountOutOfRange | Self::HoursOutOfRange | Self::NumberOutOfRange { .. } => {
                "out_of_range"
            }
            Self::BeforeHiredOn => "before_hired_on",
            Self::BeforeBirthDate => "before_birth_date",
            Self::NotAnAmount | Self::NotHours | Self::NotAWholeNumber => "not_a_number",
            Self::NotPositive => "not_positive",
            Self::NotAnEmail => "not_an_email",
            Self::NotAPhone => "not_a_phone",
            Self::NotACurrency => "not_a_currency",
            Self::NotAYear => "not_a_year",
            Self::NotAscending => "not_ascending",
            Self::UnknownValue { .. } => "unknown_value",
        }
    }

    fn detail_en(self, label: &str, written: &str) -> String {
        let written = if written.is_empty() { String::new() } else { format!(" (“{written}”)") };
        match self {
            Self::Required => format!("The {label} is missing."),
            Self::TooLong { limit } => format!("The {label} is longer than {limit} characters."),
            Self::ControlCharacter => format!("The {label} contains a line break or another control character."),
            Self::NotADate => {
                format!("The {label}{written} is not a date. Write it like 2024-03-31, 2024/3/31 or 令和6年3月31日.")
            }
            Self::DateOutOfRange => format!("The {label}{written} does not lie in the years 1900 to 2100."),
            Self::BeforeHiredOn => format!("The {label}{written} is earlier than the date of hiring."),
            Self::BeforeBirthDate => format!("The {label} is not later than the date of birth."),
            Self::NotAnAmount => {
                format!("The {label} is not an amount in whole yen. Write it like 5740000, 5,740,000円 or 574万円.")
            }
            Self::NotPositive => format!("The {label} must be more than zero."),
            Self::AmountOutOfRange => format!("The {label} is more than 10,000,000,000 yen."),
            Self::NotHours => format!("The {label} are not a whole number of hours. Write them like 40."),
            Self::HoursOutOfRange => format!("The {label} must be from 1 to 60."),
            Self::NotAnEmail => format!("The {label} does not have the form name@example.jp."),
            Self::NotAPhone => {
                format!("The {label} cannot be dialled. Write 6 to 20 digits, like 090-1234-5678 or +81 90 1234 5678.")
            }
            Self::NotACurrency => {
                format!("The {label}{written} is not a code of three letters. Write it like JPY; yen may stay unsaid.")
            }
            Self::NotAYear => format!("The {label} is not a year. Write it like 1984 or 昭和59年."),
            Self::NotAWholeNumber => format!("The {label} is not a whole number."),
            Self::NumberOutOfRange { lowest, highest } => {
                format!("The {label} must be from {lowest} to {highest}.")
            }
            Self::NotAscending => {
                format!(
                    "The {label}{written} is out of order: the minimum must lie below the midpoint, and the midpoint below the maximum."
                )
            }
            Self::UnknownValue { known_en, .. } => {
                format!("The {label}{written} is not one of the known values: {known_en}.")
            }
        }
    }

    fn detail_ja(self, label: &str, written: &str) -> String {
        let written = if written.is_empty() { String::new() } else { format!("（{written}）") };
        match self {
            Self::Required => format!("「{label}」が入力されていません。"),
            Self::TooLong { limit } => format!("「{label}」が長すぎます。{limit}文字以内で入力してください。"),
            Self::ControlCharacter => format!("「{label}」に改行などの制御文字が含まれています。"),
            Self::NotADate => format!(
                "「{label}」{written}は日付として読み取れません。2024-03-31、2024/3/31、令和6年3月31日のように入力してください。"
            ),
            Self::DateOutOfRange => format!("「{label}」{written}は1900年から2100年までの日付ではありません。"),
            Self::BeforeHiredOn => format!("「{label}」{written}が入社年月日より前の日付です。"),
            Self::BeforeBirthDate => format!("「{label}」が生年月日より後の日付ではありません。"),
            Self::NotAnAmount => format!(
                "「{label}」は円単位の金額として読み取れません。5740000、5,740,000円、574万円のように入力してください。"
            ),
            Self::NotPositive => format!("「{label}」は0より大きい金額を入力してください。"),
            Self::AmountOutOfRange => format!("「{label}」が100億円を超えています。"),
            Self::NotHours => format!("「{label}」は整数の時間として読み取れません。40のように入力してください。"),
            Self::HoursOutOfRange => format!("「{label}」は1から60までで入力してください。"),
            Self::NotAnEmail => {
                format!("「{label}」がメールアドレスの形式ではありません。name@example.jpのように入力してください。")
            }
            Self::NotAPhone => format!(
                "「{label}」が電話番号の形式ではありません。090-1234-5678のように6桁から20桁の数字で入力してください。"
            ),
            Self::NotACurrency => format!(
                "「{label}」{written}は3文字の通貨コードではありません。JPYのように入力してください（円の場合は省略できます）。"
            ),
            Self::NotAYear => {
                format!("「{label}」は年として読み取れません。1984または昭和59年のように入力してください。")
            }
            Self::NotAWholeNumber => format!("「{label}」は整数として読み取れません。"),
            Self::NumberOutOfRange { lowest, highest } => {
                format!("「{label}」は{lowest}から{highest}までで入力してください。")
            }
            Self::NotAscending => format!(
                "「{label}」{written}の大小関係が正しくありません。下限額＜中間額＜上限額となるように入力してください。"
            ),
            Self::UnknownValue { known_ja, .. } => {
                format!("「{label}」{written}は登録されていない値です。次のいずれかを入力してください：{known_ja}。")
            }
        }
    }
}

impl LineFault {
    /// The error of this record.
    pub(super) fn of(self, record: &Record) -> FieldError {
        let (first, last) = (record.first_line(), record.last_line());
        let (span_en, span_ja) = if last > first {
            (
                format!(" It runs on from line {first} to line {last}: a quotation mark may be missing."),
                format!(
                    "{first}行目から{last}行目までが一つの行になっています。引用符（\"）の閉じ忘れがないか確認してください。"
                ),
            )
        } else {
            (String::new(), String::new())
        };
        let (code, en, ja) = match self {
            Self::TooLong => {
                ("too_long", "The line is longer than 64 KiB.".to_owned(), "行が長すぎます（64 KiBまで）。".to_owned())
            }
            Self::UnclosedQuote => (
                "unclosed_quote",
                "The file ends inside quotation marks that are opened in this line.".to_owned(),
                "この行の引用符（\"）が閉じられないままファイルが終わっています。".to_owned(),
            ),
            Self::BadEncoding => (
                "bad_encoding",
                "The line contains bytes that are no text in the character set of the file (UTF-8 or CP932)."
                    .to_owned(),
                "ファイルの文字コード（UTF-8またはCP932）では読み取れない文字が含まれています。".to_owned(),
            ),
            Self::WrongColumnCount { expected, found } => (
                "wrong_column_count",
                format!("The line has {found} cells, but the heading has {expected}."),
                format!("見出しは{expected}列ですが、この行は{found}列です。"),
            ),
        };
        FieldError { field: "line", code, detail_en: en + &span_en, detail_ja: ja + &span_ja }
    }
}

/// Enough of a cell to recognise it by.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut characters = text.chars().map(|character| if character.is_control() { ' ' } else { character });
    let mut excerpt: String = characters.by_ref().take(LONGEST).collect();
    if characters.next().is_some() {
        excerpt.push('…');
    }
    excerpt
}

#[cfg(test)]
mod tests {
    use super::{super::header, *};

    #[test]
    fn a_date_of_leaving_is_repeated_but_a_birth_date_is_not() {
        let error = Fault::NotADate.of(&header::LEFT_ON, "2024/02/30");
        assert!(
            error.detail_en.starts_with("The date of leaving (“2024/02/30”) is not a date."),
            "{}",
            error.detail_en
        );
        assert!(error.detail_ja.starts_with("「退職年月日」（2024/02/30）は日付として"), "{}", error.detail_ja);
        let error = Fault::NotADate.of(&header::BIRTH_DATE, "2024/02/30");
        assert!(!error.detail_en.contains("02/30") && !error.detail_ja.contains("02/30"));
    }

    #[test]
    fn what_is_repeated_is_short_and_printable() {
        assert_eq!(excerpt("円満退職"), "円満退職");
        assert_eq!(excerpt("a\u{7}b"), "a b");
        assert_eq!(excerpt(&"長".repeat(1000)), format!("{}…", "長".repeat(40)));
    }
}
