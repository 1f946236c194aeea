//! The heading line: which column is which.

use std::{borrow::Cow, io};

use unicode_normalization::UnicodeNormalization;

use super::fault::excerpt;

/// A column we know: its name in JSON, its labels for people, and the headings it is recognised by.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    field: &'static str,
    label_en: &'static str,
    label_ja: &'static str,
    /// What stands in it is about the person and is never repeated in a message.
    personal: bool,
    /// In the form of [`plain`].
    headings: &'static [&'static str],
}

impl Column {
    /// Its name in JSON and in errors.
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// Its name in an English sentence.
    pub fn label_en(&self) -> &'static str {
        self.label_en
    }

    /// Its name in a Japanese sentence.
    pub fn label_ja(&self) -> &'static str {
        self.label_ja
    }

    pub(super) fn is_personal(&self) -> bool {
        self.personal
    }
}

/// Why a file is refused as a whole.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    /// There is nothing in the file, or only blank lines.
    #[error("The file is empty.")]
    Empty,
    /// The first line is no line of text.
    #[error("The file is not CSV text in UTF-8 or CP932 (Shift_JIS). An Excel workbook must first be saved as CSV.")]
    NotCsv,
    /// Columns that we cannot do without.
    #[error("The heading line lacks {}.", list(.0, ", ", |column| format!("the {} ({})", column.label_en(), column.field())))]
    Missing(Vec<&'static Column>),
    /// Two columns for the same thing.
    #[error(
        "The columns “{first}” and “{second}” both stand for the {}; remove or rename one of them.",
        .column.label_en()
    )]
    Duplicate {
        /// What both stand for.
        column: &'static Column,
        /// The heading further left, as written.
        first: String,
        /// The heading further right, as written.
        second: String,
    },
    /// The file could not be read.
    #[error("The file could not be read.")]
    Io(#[from] io::Error),
}

impl HeaderError {
    /// The same sentence in Japanese.
    pub fn detail_ja(&self) -> String {
        match self {
            Self::Empty => "ファイルが空です。".to_owned(),
            Self::NotCsv => "UTF-8またはCP932（Shift_JIS）のCSVファイルではありません。Excelブックの場合は、CSV形式で保存し直してください。".to_owned(),
            Self::Missing(columns) => {
                let columns = list(columns, "、", |column| format!("「{}」（{}）", column.label_ja(), column.field()));
                format!("見出し行に{columns}の列がありません。")
            }
            Self::Duplicate { column, first, second } => {
                format!("「{first}」と「{second}」の列は、どちらも「{}」を表します。一方を削除するか、見出しを変更してください。", column.label_ja())
            }
            Self::Io(_) => "ファイルを読み取れませんでした。".to_owned(),
        }
    }
}

fn list(columns: &[&Column], separator: &str, one: impl Fn(&Column) -> String) -> String {
    columns.iter().map(|column| one(column)).collect::<Vec<_>>().join(separator)
}

/// Where each known column stands in a file.
#[derive(Debug)]
pub(super) struct Layout {
    places: Vec<(&'static str, usize)>,
    ignored: Vec<String>,
    /// A heading of amounts says that they are in yen.
    in_yen: bool,
    width: usize,
}

impl Layout {
    pub(super) fn read(
        headings: &[Cow<'_, str>],
        required: &[&'static Column],
        optional: &[&'static Column],
    ) -> Result<Self, HeaderError> {
        if headings.iter().any(|heading| heading.chars().any(|c| c.is_control() && !c.is_whitespace())) {
            return Err(HeaderError::NotCsv);
        }
        let mut layout = Self { places: Vec::new(), ignored: Vec::new(), in_yen: false, width: headings.len() };
        for (place, heading) in headings.iter().enumerate() {
            let plain = plain(heading);
            match required.iter().chain(optional).find(|column| column.headings.contains(&plain.as_str())) {
                None if plain.is_empty() => layout.ignored.push(format!("#{}", place + 1)),
                None => layout.ignored.push(excerpt(heading.trim())),
                Some(column) => {
                    if let Some(earlier) = layout.place(column) {
                        let first = headings.get(earlier).map_or_else(String::new, |first| excerpt(first.trim()));
                        return Err(HeaderError::Duplicate { column, first, second: excerpt(heading.trim()) });
                    }
                    let written: String = heading.nfkc().flat_map(char::to_lowercase).collect();
                    layout.in_yen |= AMOUNTS.contains(&column.field) && YEN.iter().any(|yen| written.contains(yen));
                    layout.places.push((column.field, place));
                }
            }
        }
        let missing: Vec<_> = required.iter().copied().filter(|column| layout.place(column).is_none()).collect();
        if missing.is_empty() { Ok(layout) } else { Err(HeaderError::Missing(missing)) }
    }

    /// The position of a column, if the file has it.
    pub(super) fn place(&self, column: &Column) -> Option<usize> {
        self.places.iter().find(|(field, _)| *field == column.field).map(|&(_, place)| place)
    }

    /// Whether a heading of amounts says that they are in yen.
    pub(super) fn is_in_yen(&self) -> bool {
        self.in_yen
    }

    pub(super) fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// How many cells every line must have.
    pub(super) fn width(&self) -> usize {
        self.width
    }
}

/// The columns that hold amounts, by their names in JSON.
const AMOUNTS: &[&str] = &[BASE_SALARY.field, MINIMUM.field, MIDPOINT.field, MAXIMUM.field];

/// What stands in a heading whose amounts are in yen.
const YEN: &[&str] = &["jpy", "yen", "円"];

/// Notes in parentheses that leave the meaning of a heading as it is. `年額` is not among them: a monthly base salary
/// read as a yearly one would be wrong by twelve.
const NOTES: &[&str] = &[
    "(円)",
    "(jpy)",
    "(yen)",
    "(漢字)",
    "(必須)",
    "(任意)",
    "(西暦)",
    "(和暦)",
    "(半角)",
    "(全角)",
    "(時間)",
    "(yyyy/mm/dd)",
    "(yyyymmdd)",
];

/// A heading without what differs between systems: width and case of letters, spaces and signs, notes in parentheses.
fn plain(heading: &str) -> String {
    let folded: String = heading
        .nfkc()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '_' | '-' | '.' | '*' | '※'))
        .flat_map(char::to_lowercase)
        .collect();
    let mut rest = folded.as_str();
    while let Some(shorter) = NOTES.iter().find_map(|note| rest.strip_suffix(note)) {
        rest = shorter;
    }
    rest.replace(['(', ')'], "")
}

macro_rules! columns {
    ($($name:ident = $field:literal, $en:literal, $ja:literal, personal: $personal:literal, [$($heading:literal),+ $(,)?];)+) => {
        $(pub(super) const $name: Column = Column {
            field: $field, label_en: $en, label_ja: $ja, personal: $personal, headings: &[$($heading),+],
        };)+
        #[cfg(test)]
        const ALL: &[Column] = &[$($name),+];
    };
}

columns! {
    EMPLOYEE_NUMBER = "employee_number", "employee number", "社員番号", personal: true, [
        "employeenumber", "employeeno", "employeeid", "employeecode", "社員番号", "社員no", "社員コード", "社員id",
        "従業員番号", "従業員no", "従業員コード", "従業員id", "職員番号", "職員コード",
    ];
    PREVIOUS_EMPLOYEE_NUMBER = "previous_employee_number", "previous employee number", "旧社員番号", personal: true, [
        "previousemployeenumber", "旧社員番号", "旧社員コード", "旧従業員番号", "旧従業員コード", "前社員番号",
    ];
    MANAGER_EMPLOYEE_NUMBER = "manager_employee_number", "manager's employee number", "上司の社員番号", personal: true, [
        "manageremployeenumber", "上司社員番号", "上司の社員番号", "上長社員番号", "上長の社員番号", "上司従業員番号",
        "上司の従業員番号",
    ];
    SUBJECT = "subject", "login subject", "ログインID", personal: true, ["subject", "loginsubject", "loginid", "ログインid"];
    LEGAL_ENTITY = "legal_entity", "legal entity", "法人コード", personal: false, [
        "legalentity", "法人", "法人コード", "会社", "会社コード", "所属法人", "所属会社",
    ];
    NAME = "name", "name", "氏名", personal: true, [
        "name", "fullname", "氏名", "姓名", "名前", "社員名", "社員氏名", "従業員名", "従業員氏名", "漢字氏名", "氏名漢字",
    ];
    NAME_KANA = "name_kana", "name in katakana", "フリガナ", personal: true, [
        "namekana", "kananame", "フリガナ", "ふりがな", "カナ", "ヨミガナ", "読み仮名", "カナ氏名", "氏名カナ", "氏名かな",
        "氏名フリガナ", "氏名ふりがな", "氏名ヨミガナ", "姓名カナ", "姓名フリガナ", "名前カナ", "名前フリガナ", "社員名カナ",
    ];
    EMAIL = "email", "mail address", "メールアドレス", personal: true, [
        "email", "emailaddress", "mail", "mailaddress", "メールアドレス", "メール", "eメール", "eメールアドレス",
        "個人メールアドレス", "私用メールアドレス",
    ];
    PHONE = "phone", "telephone number", "電話番号", personal: true, [
        "phone", "phonenumber", "tel", "telephone", "電話番号", "電話", "個人電話番号",
    ];
    BIRTH_DATE = "birth_date", "date of birth", "生年月日", personal: true, [
        "birthdate", "dateofbirth", "birthday", "生年月日", "誕生日",
    ];
    HIRED_ON = "hired_on", "date of hiring", "入社年月日", personal: false, [
        "hiredon", "hiredate", "入社年月日", "入社日", "雇入年月日", "雇入れ年月日", "雇入日", "採用年月日", "採用日",
    ];
    LEFT_ON = "left_on", "date of leaving", "退職年月日", personal: false, [
        "lefton", "leavedate", "terminationdate", "退職年月日", "退職日", "退社年月日", "退社日", "離職年月日", "離職日",
    ];
    ENDED_ON = "ended_on", "last day of employment", "退職年月日", personal: false, [
        "endedon", "enddate", "terminationdate", "退職年月日", "退職日", "退社年月日", "退社日", "離職年月日", "離職日",
    ];
    DEPARTMENT = "department", "department", "所属部署", personal: false, [
        "department", "dept", "所属部署", "所属部署名", "部署", "部署名", "所属", "所属名", "部門", "部門名",
    ];
    JOB_FAMILY = "job_family", "job family", "職群", personal: false, ["jobfamily", "職群", "職系"];
    JOB_TITLE = "job_title", "job title", "職種", personal: false, ["jobtitle", "職種", "職種名", "職務", "職務名"];
    GRADE = "grade", "grade", "等級", personal: false, ["grade", "等級", "社員等級", "職能等級", "資格等級", "グレード"];
    LOCATION = "location", "place of work", "勤務地", personal: false, [
        "location", "worklocation", "勤務地", "勤務場所", "就業場所", "勤務先", "事業所",
    ];
    EMPLOYMENT_TYPE = "employment_type", "type of employment", "雇用形態", personal: false, [
        "employmenttype", "雇用形態", "雇用区分", "社員区分", "従業員区分",
    ];
    WEEKLY_HOURS = "weekly_hours", "weekly hours", "週所定労働時間", personal: false, [
        "weeklyhours", "週所定労働時間", "週の所定労働時間", "週労働時間", "週所定時間",
    ];
    BASE_SALARY = "base_salary", "yearly base salary", "基本給（年額）", personal: true, [
        "basesalary", "basesalaryjpy", "annualbasesalary", "annualbasesalaryjpy", "基本給年額", "年額基本給", "年間基本給",
        "基本年俸", "年俸",
    ];
    ZONE = "location", "zone", "勤務地域", personal: false, [
        "location", "worklocation", "zone", "勤務地", "勤務場所", "就業場所", "勤務地域", "地域", "地域区分", "エリア",
    ];
    BAND_JOB_FAMILY = "job_family", "job family", "職群", personal: false, ["jobfamily", "職群", "職系", "職種"];
    BAND_VERSION = "band_version", "version of the pay bands", "賃金テーブルの版", personal: false, [
        "bandversion", "version", "賃金テーブルの版", "賃金テーブル版", "賃金表の版", "版", "バージョン",
    ];
    EFFECTIVE_FROM = "effective_from", "first day in force", "適用開始日", personal: false, [
        "effectivefrom", "effectivedate", "適用開始日", "適用開始年月日", "適用日", "施行日", "実施日", "改定日",
    ];
    MINIMUM = "minimum", "minimum", "下限額", personal: false, [
        "minimum", "minimumjpy", "min", "下限", "下限額", "下限年額", "下限額年額", "最低額", "最低年額",
    ];
    MIDPOINT = "midpoint", "midpoint", "中間額", personal: false, [
        "midpoint", "midpointjpy", "mid", "中央値", "中央値年額", "中間額", "中間年額", "中間額年額", "中位額", "基準額",
        "ミッドポイント",
    ];
    MAXIMUM = "maximum", "maximum", "上限額", personal: false, [
        "maximum", "maximumjpy", "max", "上限", "上限額", "上限年額", "上限額年額", "最高額", "最高年額",
    ];
    CURRENCY = "currency", "currency", "通貨", personal: false, ["currency", "currencycode", "通貨", "通貨コード"];
    EXPERIENCE_MONTHS = "relevant_experience_months", "relevant experience in months", "関連経験月数", personal: true, [
        "relevantexperiencemonths", "experiencemonths", "関連経験月数", "関連職務経験月数", "経験月数",
    ];
    LAST_RATING = "last_rating", "last rating", "直近評価", personal: true, [
        "lastrating", "rating", "直近評価", "直近の評価", "直近人事評価", "人事評価",
    ];
    ON_NOTICE = "on_notice", "notice given", "退職予定", personal: true, [
        "onnotice", "退職予定", "退職予定者", "退職予定有無", "退職予定の有無", "退職届提出",
    ];
    RED_CIRCLED = "red_circled", "pay kept above the band", "調整給", personal: true, [
        "redcircled", "redcircle", "調整給", "調整給有無", "調整給の有無", "調整給対象",
    ];
    SEX = "sex", "sex", "性別", personal: true, ["sex", "gender", "性別"];
    BIRTH_YEAR = "birth_year", "year of birth", "生年", personal: true, ["birthyear", "yearofbirth", "生年", "出生年", "誕生年"];
    REASON = "reason", "reason for leaving", "退職事由", personal: false, [
        "reason", "leavingreason", "reasonforleaving", "退職事由", "退職理由", "退社理由", "離職理由", "離職事由",
    ];
    WISHES_TO_RETURN = "wishes_to_return", "wish to return", "再入社希望", personal: false, [
        "wishestoreturn", "再入社希望", "再雇用希望", "復職希望", "復帰希望", "再入社希望有無", "再雇用希望有無", "復職希望有無",
        "再入社希望の有無", "再雇用希望の有無", "復職希望の有無",
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headings: &[&str]) -> Result<Layout, HeaderError> {
        let headings: Vec<_> = headings.iter().map(|&heading| Cow::Borrowed(heading)).collect();
        Layout::read(&headings, &[&EMPLOYEE_NUMBER, &NAME, &LEFT_ON], &[&NAME_KANA, &BASE_SALARY])
    }

    fn field_of(heading: &str) -> Option<&'static str> {
        let plain = plain(heading);
        ALL.iter().find(|column| column.headings.contains(&plain.as_str())).map(Column::field)
    }

    #[test]
    fn every_heading_is_in_its_plain_form_and_so_is_every_field() {
        for column in ALL {
            assert_eq!(field_of(column.field), Some(column.field));
            for heading in column.headings {
                assert_eq!(plain(heading), *heading, "{}", column.field);
            }
        }
    }

    #[test]
    fn headings_of_many_systems_are_recognised() {
        for (heading, field) in [
            ("Employee Number", Some("employee_number")),
            ("社員NO", Some("employee_number")),
            ("社員Ｎｏ．", Some("employee_number")),
            ("従業員　番号※", Some("employee_number")),
            ("氏名(漢字)", Some("name")),
            ("氏名（カナ）", Some("name_kana")),
            ("ｶﾅ氏名", Some("name_kana")),
            ("E-mail", Some("email")),
            ("入社日（西暦）", Some("hired_on")),
            ("退社日", Some("left_on")),
            ("基本給(年額)", Some("base_salary")),
            ("基本給(年額)(円)", Some("base_salary")),
            ("base_salary_jpy", Some("base_salary")),
            ("基本給", None),
            ("基本給(月額)", None),
            ("氏名(旧姓)", None),
            ("性別", Some("sex")),
            ("下限(年額)", Some("minimum")),
            ("中央値(円)", Some("midpoint")),
            ("midpoint_jpy", Some("midpoint")),
            ("上限(月額)", None),
            ("調整給の有無", Some("red_circled")),
            ("備考", None),
        ] {
            assert_eq!(field_of(heading), field, "{heading}");
        }
    }

    #[test]
    fn unknown_columns_are_named_as_written() {
        let layout = read(&["社員番号", " 性別 ", "氏名", "", "退職日", "備考"]).unwrap();
        assert_eq!(layout.ignored(), ["性別", "#4", "備考"]);
        assert_eq!((layout.place(&NAME), layout.place(&NAME_KANA), layout.width()), (Some(2), None, 6));
    }

    #[test]
    fn every_missing_column_is_named() {
        let error = read(&["氏名", "フリガナ"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "The heading line lacks the employee number (employee_number), the date of leaving (left_on)."
        );
        assert_eq!(
            error.detail_ja(),
            "見出し行に「社員番号」（employee_number）、「退職年月日」（left_on）の列がありません。"
        );
    }

    #[test]
    fn two_columns_for_the_same_thing_are_refused() {
        let error = read(&["社員番号", "氏名", "退職日", "お名前", "姓名"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "The columns “氏名” and “姓名” both stand for the name; remove or rename one of them."
        );
        assert!(error.detail_ja().starts_with("「氏名」と「姓名」の列は、どちらも「氏名」を表します。"));
    }
}
