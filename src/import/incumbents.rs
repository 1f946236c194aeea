//! Incumbents as the pay comparison knows them: one of them on each line.

use chrono::NaiveDate;

use super::{
    BelongsTo, Cells, Column, FromRecord,
    dates::{date, year},
    fields::{code, employee_number, whole_number, zone},
    header::{
        BASE_SALARY, BIRTH_YEAR, CURRENCY, EMPLOYEE_NUMBER, EMPLOYMENT_TYPE, EXPERIENCE_MONTHS, GRADE, HIRED_ON,
        JOB_FAMILY, LAST_RATING, LEGAL_ENTITY, MANAGER_EMPLOYEE_NUMBER, ON_NOTICE, RED_CIRCLED, SEX, ZONE,
    },
    words::{currency, employment_type, sex, yes_or_no},
    yen::yen,
};

/// The longest experience that is believed: a hundred years.
const MOST_MONTHS: u32 = 1_200;
/// Ratings are on a scale of the employer's own.
const BEST_RATING: u32 = 9;

/// An incumbent. Names are deliberately not read, and neither are weekly hours: base is the full-time equivalent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncumbentRow {
    /// The number in this employment.
    pub employee_number: String,
    /// The legal entity's code.
    pub legal_entity: Option<String>,
    /// The first day of employment.
    pub hired_on: NaiveDate,
    /// The grade's code.
    pub grade: String,
    /// The job family's code.
    pub job_family: String,
    /// The zone, in lower case.
    pub location: String,
    /// `regular`, `fixed_term`, `part_time` or `contractor`.
    pub employment_type: &'static str,
    /// Yearly base salary, full-time equivalent, above zero.
    pub base_salary: i64,
    /// Relevant experience in months.
    pub relevant_experience_months: Option<u32>,
    /// The last job-related rating, 1 to 9.
    pub last_rating: Option<u8>,
    /// The employee number of the person reported to.
    pub manager_employee_number: Option<String>,
    /// They have given or been given notice.
    pub on_notice: bool,
    /// Their pay is kept above their band.
    pub red_circled: bool,
    /// For monitoring alone: `female`, `male`, `other` or `undisclosed`.
    pub sex: Option<&'static str>,
    /// For monitoring alone.
    pub birth_year: Option<i32>,
    /// The code of the currency; yen when not given.
    pub currency: Option<String>,
}

impl FromRecord for IncumbentRow {
    const REQUIRED: &'static [&'static Column] =
        &[&EMPLOYEE_NUMBER, &HIRED_ON, &GRADE, &JOB_FAMILY, &ZONE, &EMPLOYMENT_TYPE, &BASE_SALARY];
    const OPTIONAL: &'static [&'static Column] = &[
        &LEGAL_ENTITY,
        &EXPERIENCE_MONTHS,
        &LAST_RATING,
        &MANAGER_EMPLOYEE_NUMBER,
        &ON_NOTICE,
        &RED_CIRCLED,
        &SEX,
        &BIRTH_YEAR,
        &CURRENCY,
    ];

    fn from_record(cells: &mut Cells<'_>) -> Option<Self> {
        let number = cells.required(&EMPLOYEE_NUMBER, employee_number);
        let legal_entity = cells.optional(&LEGAL_ENTITY, code);
        cells.belong_to(BelongsTo { legal_entity: legal_entity.clone(), band_version: None });
        let hired_on = cells.required(&HIRED_ON, date);
        let grade = cells.required(&GRADE, code);
        let job_family = cells.required(&JOB_FAMILY, code);
        let location = cells.required(&ZONE, zone);
        let employment_type = cells.required(&EMPLOYMENT_TYPE, employment_type);
        let base_salary = cells.required(&BASE_SALARY, yen);
        let months = |written: &str| whole_number(written, 0, MOST_MONTHS, &["か月", "ヶ月", "ケ月", "カ月", "ヵ月"]);
        let relevant_experience_months = cells.optional(&EXPERIENCE_MONTHS, months);
        let last_rating = cells.optional(&LAST_RATING, |written| whole_number(written, 1, BEST_RATING, &[]));
        let manager_employee_number = cells.optional(&MANAGER_EMPLOYEE_NUMBER, employee_number);
        let on_notice = cells.optional(&ON_NOTICE, yes_or_no);
        let red_circled = cells.optional(&RED_CIRCLED, yes_or_no);
        let sex = cells.optional(&SEX, sex);
        let birth_year = cells.optional(&BIRTH_YEAR, year);
        let currency = cells.optional(&CURRENCY, currency);
        Some(Self {
            employee_number: number?,
            legal_entity,
            hired_on: hired_on?,
            grade: grade?,
            job_family: job_family?,
            location: location?,
            employment_type: employment_type?,
            base_salary: base_salary?,
            relevant_experience_months,
            last_rating: last_rating.and_then(|rating| u8::try_from(rating).ok()),
            manager_employee_number,
            on_notice: on_notice.unwrap_or(false),
            red_circled: red_circled.unwrap_or(false),
            sex,
            birth_year,
            currency,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{super::Incumbents, *};

    #[test]
    fn the_sample_of_incumbents_is_read_whole() {
        let file = fs::File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/incumbents.csv")).unwrap();
        let incumbents = Incumbents::new(file).unwrap();
        assert_eq!(incumbents.ignored_columns(), ["weekly_hours"]);
        let rows: Vec<_> = incumbents.map(|line| line.unwrap().row.unwrap()).collect();
        assert_eq!(rows.len(), 5000);
        let expected = IncumbentRow {
            employee_number: "A-50000".to_owned(),
            legal_entity: Some("JP-HQ".to_owned()),
            hired_on: NaiveDate::from_ymd_opt(2006, 4, 25).unwrap(),
            grade: "G4".to_owned(),
            job_family: "logistics".to_owned(),
            location: "osaka".to_owned(),
            employment_type: "regular",
            base_salary: 8_190_000,
            relevant_experience_months: Some(264),
            last_rating: Some(4),
            manager_employee_number: Some("A-51011".to_owned()),
            on_notice: false,
            red_circled: false,
            sex: Some("male"),
            birth_year: Some(1984),
            currency: None,
        };
        assert_eq!(rows[0], expected);
        assert!(rows[2].red_circled);
    }

    #[test]
    fn japanese_headings_and_words_are_read() {
        let file = "社員番号,法人,入社日,等級,職群,勤務地,雇用形態,基本給(年額),関連経験月数,直近評価,上司の社員番号,\
                    退職予定,調整給,性別,生年,通貨\n\
                    Ａ－１,JP-HQ,H27.4.1,Ｇ４,driver,Sendai,正社員,819万円,24か月,４,A-9,無,○,女性,昭和59年,円\n";
        let row = Incumbents::new(file.as_bytes()).unwrap().next().unwrap().unwrap().row.unwrap();
        assert_eq!(
            (row.employee_number.as_str(), row.location.as_str(), row.base_salary),
            ("A-1", "sendai", 8_190_000)
        );
        assert_eq!((row.relevant_experience_months, row.last_rating), (Some(24), Some(4)));
        assert_eq!((row.on_notice, row.red_circled), (false, true));
        assert_eq!((row.sex, row.birth_year, row.currency.as_deref()), (Some("female"), Some(1984), Some("JPY")));
    }

    #[test]
    fn what_is_wrong_is_told_without_repeating_what_is_personal() {
        let file = "employee_number,legal_entity,hired_on,grade,job_family,location,employment_type,base_salary,\
                    last_rating,on_notice,sex,birth_year,currency\n\
                    A-1,JP-WEST,2020-04-01,G4,driver,tokyo,regular,1,10,vielleicht,weiblich,fifty,yenyen\n\
                    ,,,,,,,,,,,,JPY\n";
        let lines: Vec<_> = Incumbents::new(file.as_bytes()).unwrap().map(Result::unwrap).collect();
        let errors = lines[0].row.as_ref().unwrap_err();
        let codes: Vec<_> = errors.iter().map(|error| (error.field, error.code)).collect();
        assert_eq!(
            codes,
            [
                ("last_rating", "out_of_range"),
                ("on_notice", "unknown_value"),
                ("sex", "unknown_value"),
                ("birth_year", "not_a_year"),
                ("currency", "not_a_currency"),
            ]
        );
        for error in errors {
            for secret in ["vielleicht", "weiblich", "fifty"] {
                assert!(!error.detail_en.contains(secret) && !error.detail_ja.contains(secret), "{error:?}");
            }
        }
        assert_eq!(lines[0].belongs_to.legal_entity.as_deref(), Some("JP-WEST"));
        assert_eq!(lines[1].row.as_ref().unwrap_err().len(), 7, "everything that is required");
    }
}
