//! Leavers: one person's employment and how it ended, on each line.

use chrono::NaiveDate;

use super::{
    Cells, Column, FromRecord,
    dates::date,
    fault::Fault,
    fields::{code, email, employee_number, kana, name, phone, text},
    header::{
        BASE_SALARY, BIRTH_DATE, DEPARTMENT, EMAIL, EMPLOYEE_NUMBER, EMPLOYMENT_TYPE, GRADE, HIRED_ON, JOB_FAMILY,
        JOB_TITLE, LEFT_ON, LEGAL_ENTITY, LOCATION, NAME, NAME_KANA, PHONE, PREVIOUS_EMPLOYEE_NUMBER, REASON,
        WISHES_TO_RETURN,
    },
    words::{employment_type, reason, yes_or_no},
    yen::yen,
};

/// One person who left. Everything in it about the person is personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartureRow {
    /// The number in this employment.
    pub employee_number: String,
    /// The number in an earlier employment with the same entity.
    pub previous_employee_number: Option<String>,
    /// The legal entity's code.
    pub legal_entity: Option<String>,
    /// The name at departure, characters as written.
    pub name: String,
    /// Its reading in full-width katakana.
    pub name_kana: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// The telephone number: digits, with a leading plus if international.
    pub phone: Option<String>,
    /// The date of birth.
    pub birth_date: Option<NaiveDate>,
    /// The first day of employment.
    pub hired_on: NaiveDate,
    /// The last day of employment.
    pub left_on: NaiveDate,
    /// The department.
    pub department: Option<String>,
    /// The job family's code.
    pub job_family: Option<String>,
    /// The job title.
    pub job_title: Option<String>,
    /// The grade's code.
    pub grade: Option<String>,
    /// The place of work.
    pub location: Option<String>,
    /// `regular`, `fixed_term`, `part_time` or `contractor`.
    pub employment_type: &'static str,
    /// Yearly base salary in whole yen, above zero.
    pub base_salary: Option<i64>,
    /// `career_change`, `relocation`, `childcare`, `family_care`, `study`, `health`, `end_of_term`, `retirement`,
    /// `redundancy`, `misconduct`, `transfer`, `death` or `other`.
    pub reason: &'static str,
    /// Whether the person wishes to return; `None` if not said.
    pub wishes_to_return: Option<bool>,
}

impl FromRecord for DepartureRow {
    const REQUIRED: &'static [&'static Column] =
        &[&EMPLOYEE_NUMBER, &NAME, &HIRED_ON, &LEFT_ON, &EMPLOYMENT_TYPE, &REASON];
    const OPTIONAL: &'static [&'static Column] = &[
        &PREVIOUS_EMPLOYEE_NUMBER,
        &LEGAL_ENTITY,
        &NAME_KANA,
        &EMAIL,
        &PHONE,
        &BIRTH_DATE,
        &DEPARTMENT,
        &JOB_FAMILY,
        &JOB_TITLE,
        &GRADE,
        &LOCATION,
        &BASE_SALARY,
        &WISHES_TO_RETURN,
    ];

    fn from_record(cells: &mut Cells<'_>) -> Option<Self> {
        let number = cells.required(&EMPLOYEE_NUMBER, employee_number);
        let previous_employee_number = cells.optional(&PREVIOUS_EMPLOYEE_NUMBER, employee_number);
        let legal_entity = cells.optional(&LEGAL_ENTITY, code);
        let full_name = cells.required(&NAME, name);
        let name_kana = cells.optional(&NAME_KANA, kana);
        let email = cells.optional(&EMAIL, email);
        let phone = cells.optional(&PHONE, phone);
        let birth_date = cells.optional(&BIRTH_DATE, date);
        let hired_on = cells.required(&HIRED_ON, date);
        if birth_date.zip(hired_on).is_some_and(|(born, hired)| hired <= born) {
            cells.refuse(&HIRED_ON, Fault::BeforeBirthDate);
        }
        let left_on = cells.required(&LEFT_ON, date);
        if hired_on.zip(left_on).is_some_and(|(hired, left)| left < hired) {
            cells.refuse(&LEFT_ON, Fault::BeforeHiredOn);
        }
        let department = cells.optional(&DEPARTMENT, text);
        let job_family = cells.optional(&JOB_FAMILY, code);
        let job_title = cells.optional(&JOB_TITLE, text);
        let grade = cells.optional(&GRADE, code);
        let location = cells.optional(&LOCATION, code);
        let employment_type = cells.required(&EMPLOYMENT_TYPE, employment_type);
        let base_salary = cells.optional(&BASE_SALARY, yen);
        let reason = cells.required(&REASON, reason);
        let wishes_to_return = cells.optional(&WISHES_TO_RETURN, yes_or_no);
        Some(Self {
            employee_number: number?,
            previous_employee_number,
            legal_entity,
            name: full_name?,
            name_kana,
            email,
            phone,
            birth_date,
            hired_on: hired_on?,
            left_on: left_on?,
            department,
            job_family,
            job_title,
            grade,
            location,
            employment_type: employment_type?,
            base_salary,
            reason: reason?,
            wishes_to_return,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::{Value, json};

    use super::{
        super::{Departures, Refusal},
        *,
    };

    const HEADING: &str =
        "社員番号,氏名,生年月日,入社日,退職日,雇用形態,退職理由,基本給(年額),メールアドレス,電話番号\n";

    fn sample(name: &str) -> Vec<u8> {
        fs::read(format!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/{}"), name)).unwrap()
    }

    fn codes(line: &str) -> Vec<(&'static str, &'static str)> {
        let file = format!("{HEADING}{line}\n");
        let line = Departures::new(file.as_bytes()).unwrap().next().unwrap().unwrap();
        line.row.map_or_else(|errors| errors.iter().map(|error| (error.field, error.code)).collect(), |_| Vec::new())
    }

    #[test]
    fn an_export_of_a_japanese_system_is_read_as_expected() {
        let expected: Value = serde_json::from_slice(&sample("leavers_hris_cp932.expected.json")).unwrap();
        let file = sample("leavers_hris_cp932.csv");
        let departures = Departures::new(file.as_slice()).unwrap();
        assert!(departures.ignored_columns().is_empty());

        let mut rows = Vec::new();
        let mut refused = Vec::new();
        for line in departures {
            match line.unwrap().into_result() {
                Ok(row) => rows.push(row),
                Err(Refusal { line, errors }) => {
                    refused.extend(
                        errors.iter().map(|error| json!({"line": line, "field": error.field, "code": error.code})),
                    );
                }
            }
        }
        assert_eq!(Value::from(refused), expected["refused"]);
        let repeated = expected["duplicates"].as_array().unwrap().len();
        assert_eq!(
            Some(rows.len() - repeated),
            expected["accepted"].as_u64().map(|count| usize::try_from(count).unwrap())
        );

        let takagi = rows.iter().find(|row| row.employee_number == "R-10225").unwrap();
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        assert_eq!(
            *takagi,
            DepartureRow {
                employee_number: "R-10225".to_owned(),
                previous_employee_number: None,
                legal_entity: None,
                name: "髙木 美咲".to_owned(),
                name_kana: Some("タカギ ミサキ".to_owned()),
                email: Some("alumni2026112200225@example.jp".to_owned()),
                phone: None,
                birth_date: Some(day(1966, 12, 22)),
                hired_on: day(1992, 9, 26),
                left_on: day(1993, 7, 16),
                department: Some("営業部".to_owned()),
                job_family: None,
                job_title: Some("営業".to_owned()),
                grade: Some("G5".to_owned()),
                location: Some("sendai".to_owned()),
                employment_type: "regular",
                base_salary: Some(8_540_000),
                reason: "retirement",
                wishes_to_return: Some(true),
            }
        );
    }

    #[test]
    fn an_export_with_our_own_names_is_read_whole() {
        let file = sample("leavers.csv");
        let departures = Departures::new(file.as_slice()).unwrap();
        assert!(departures.ignored_columns().is_empty());
        let rows: Vec<_> = departures.map(|line| line.unwrap().row.unwrap()).collect();
        assert_eq!(rows.len(), 1000);
        assert_eq!(rows.iter().filter(|row| row.wishes_to_return == Some(true)).count(), 437);
        assert_eq!(rows.iter().filter(|row| row.reason == "misconduct").count(), 17);
        assert!(
            rows.iter().all(|row| row.base_salary.is_some() && row.job_family.is_some() && row.birth_date.is_some())
        );
    }

    #[test]
    fn everything_wrong_with_a_line_is_told_in_the_order_of_our_fields() {
        assert_eq!(
            codes(",,2024/2/30,45382,R6.2.30,役員,円満退職,-1,nobody,1"),
            [
                ("employee_number", "required"),
                ("name", "required"),
                ("email", "not_an_email"),
                ("phone", "not_a_phone"),
                ("birth_date", "not_a_date"),
                ("hired_on", "not_a_date"),
                ("left_on", "not_a_date"),
                ("employment_type", "unknown_value"),
                ("base_salary", "not_positive"),
                ("reason", "unknown_value"),
            ]
        );
    }

    #[test]
    fn dates_are_compared_only_where_both_are_dates() {
        assert_eq!(codes("1,林 愛,1990/1/1,2010/4/1,2010/4/1,正社員,その他,,,"), []);
        assert_eq!(codes("1,林 愛,1990/1/1,2010/4/1,2010/3/31,正社員,その他,,,"), [("left_on", "before_hired_on")]);
        assert_eq!(codes("1,林 愛,2010/4/1,2010/4/1,2020/3/31,正社員,その他,,,"), [("hired_on", "before_birth_date")]);
        assert_eq!(codes("1,林 愛,2010/4/1,未定,2000/3/31,正社員,その他,,,"), [("hired_on", "not_a_date")]);
        assert_eq!(
            codes("1,林 愛,2010/4/1,2009/4/1,2008/3/31,正社員,その他,,,"),
            [("hired_on", "before_birth_date"), ("left_on", "before_hired_on")]
        );
    }

    #[test]
    fn personal_data_is_never_repeated() {
        let file = format!("{HEADING}1,林\u{7}愛,西暦1990,2010/4/1,2020/3/31,正社員,その他,五百万,hanako,内緒\n");
        let errors = Departures::new(file.as_bytes()).unwrap().next().unwrap().unwrap().row.unwrap_err();
        assert_eq!(errors.len(), 5);
        for error in errors {
            for secret in ["林", "1990", "五百万", "hanako", "内緒"] {
                assert!(!error.detail_en.contains(secret) && !error.detail_ja.contains(secret), "{error:?}");
            }
        }
    }
}
