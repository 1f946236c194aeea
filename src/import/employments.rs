//! Current employees: one span of employment on each line.

use chrono::NaiveDate;

use super::{
    Cells, Column, FromRecord,
    dates::date,
    fault::Fault,
    fields::{code, email, employee_number, kana, name, text, weekly_hours},
    header::{
        BASE_SALARY, BIRTH_DATE, DEPARTMENT, EMAIL, EMPLOYEE_NUMBER, EMPLOYMENT_TYPE, ENDED_ON, GRADE, HIRED_ON,
        JOB_FAMILY, JOB_TITLE, LEGAL_ENTITY, LOCATION, MANAGER_EMPLOYEE_NUMBER, NAME, NAME_KANA, SUBJECT, WEEKLY_HOURS,
    },
    words::employment_type,
    yen::yen,
};

/// One employment. Sex, ratings, notices given and the like are deliberately not read, even where the file has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmploymentRow {
    /// The number in this employment.
    pub employee_number: String,
    /// The legal entity's code.
    pub legal_entity: Option<String>,
    /// The name, characters as written.
    pub name: Option<String>,
    /// Its reading in full-width katakana.
    pub name_kana: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// The date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Who the person is when logging in.
    pub subject: Option<String>,
    /// The first day of employment.
    pub hired_on: NaiveDate,
    /// The last day of employment; `None` while it goes on.
    pub ended_on: Option<NaiveDate>,
    /// The grade's code.
    pub grade: Option<String>,
    /// The job family's code.
    pub job_family: Option<String>,
    /// The job title.
    pub job_title: Option<String>,
    /// The department.
    pub department: Option<String>,
    /// The place of work.
    pub location: Option<String>,
    /// `regular`, `fixed_term`, `part_time` or `contractor`.
    pub employment_type: &'static str,
    /// Contracted hours a week, 1 to 60.
    pub weekly_hours: Option<u8>,
    /// Yearly base salary in whole yen, above zero.
    pub base_salary: Option<i64>,
    /// The employee number of the person reported to.
    pub manager_employee_number: Option<String>,
}

impl FromRecord for EmploymentRow {
    const REQUIRED: &'static [&'static Column] = &[&EMPLOYEE_NUMBER, &HIRED_ON, &EMPLOYMENT_TYPE];
    const OPTIONAL: &'static [&'static Column] = &[
        &LEGAL_ENTITY,
        &NAME,
        &NAME_KANA,
        &EMAIL,
        &BIRTH_DATE,
        &SUBJECT,
        &ENDED_ON,
        &GRADE,
        &JOB_FAMILY,
        &JOB_TITLE,
        &DEPARTMENT,
        &LOCATION,
        &WEEKLY_HOURS,
        &BASE_SALARY,
        &MANAGER_EMPLOYEE_NUMBER,
    ];

    fn from_record(cells: &mut Cells<'_>) -> Option<Self> {
        let number = cells.required(&EMPLOYEE_NUMBER, employee_number);
        let legal_entity = cells.optional(&LEGAL_ENTITY, code);
        let full_name = cells.optional(&NAME, name);
        let name_kana = cells.optional(&NAME_KANA, kana);
        let email = cells.optional(&EMAIL, email);
        let birth_date = cells.optional(&BIRTH_DATE, date);
        let subject = cells.optional(&SUBJECT, text);
        let hired_on = cells.required(&HIRED_ON, date);
        if birth_date.zip(hired_on).is_some_and(|(born, hired)| hired <= born) {
            cells.refuse(&HIRED_ON, Fault::BeforeBirthDate);
        }
        let ended_on = cells.optional(&ENDED_ON, date);
        if hired_on.zip(ended_on).is_some_and(|(hired, ended)| ended < hired) {
            cells.refuse(&ENDED_ON, Fault::BeforeHiredOn);
        }
        let grade = cells.optional(&GRADE, code);
        let job_family = cells.optional(&JOB_FAMILY, code);
        let job_title = cells.optional(&JOB_TITLE, text);
        let department = cells.optional(&DEPARTMENT, text);
        let location = cells.optional(&LOCATION, code);
        let employment_type = cells.required(&EMPLOYMENT_TYPE, employment_type);
        let weekly_hours = cells.optional(&WEEKLY_HOURS, weekly_hours);
        let base_salary = cells.optional(&BASE_SALARY, yen);
        let manager_employee_number = cells.optional(&MANAGER_EMPLOYEE_NUMBER, employee_number);
        Some(Self {
            employee_number: number?,
            legal_entity,
            name: full_name,
            name_kana,
            email,
            birth_date,
            subject,
            hired_on: hired_on?,
            ended_on,
            grade,
            job_family,
            job_title,
            department,
            location,
            employment_type: employment_type?,
            weekly_hours,
            base_salary,
            manager_employee_number,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{super::Employments, *};

    #[test]
    fn the_sample_of_current_employees_is_read_whole_and_the_sensitive_columns_are_not() {
        let file = fs::File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/incumbents.csv")).unwrap();
        let employments = Employments::new(file).unwrap();
        assert_eq!(
            employments.ignored_columns(),
            ["relevant_experience_months", "last_rating", "on_notice", "red_circled", "sex", "birth_year"]
        );
        let rows: Vec<_> = employments.map(|line| line.unwrap().row.unwrap()).collect();
        assert_eq!(rows.len(), 5000);
        assert_eq!(
            rows[0],
            EmploymentRow {
                employee_number: "A-50000".to_owned(),
                legal_entity: Some("JP-HQ".to_owned()),
                name: None,
                name_kana: None,
                email: None,
                birth_date: None,
                subject: None,
                hired_on: NaiveDate::from_ymd_opt(2006, 4, 25).unwrap(),
                ended_on: None,
                grade: Some("G4".to_owned()),
                job_family: Some("logistics".to_owned()),
                job_title: None,
                department: None,
                location: Some("osaka".to_owned()),
                employment_type: "regular",
                weekly_hours: Some(20),
                base_salary: Some(8_190_000),
                manager_employee_number: Some("A-51011".to_owned()),
            }
        );
    }

    #[test]
    fn a_japanese_heading_is_read_and_an_employment_ends_after_it_began() {
        let file = "従業員番号,氏名,ログインID,入社年月日,退職日,雇用区分,週所定労働時間(時間),上司の社員番号\n\
                    Ａ－１,髙木　愛,takagi,H27.4.1,,正社員,40時間,A-9\n\
                    A-2,,,2020/4/1,2019/4/1,正社員,0,\n";
        let lines: Vec<_> = Employments::new(file.as_bytes()).unwrap().map(Result::unwrap).collect();
        let row = lines[0].row.as_ref().unwrap();
        assert_eq!(
            (row.employee_number.as_str(), row.name.as_deref(), row.weekly_hours),
            ("A-1", Some("髙木 愛"), Some(40))
        );
        assert_eq!((row.subject.as_deref(), row.manager_employee_number.as_deref()), (Some("takagi"), Some("A-9")));
        let errors = lines[1].row.as_ref().unwrap_err();
        let codes: Vec<_> = errors.iter().map(|error| (error.field, error.code)).collect();
        assert_eq!(codes, [("ended_on", "before_hired_on"), ("weekly_hours", "out_of_range")]);
    }
}
