//! Pay bands: one place of one version on each line.

use chrono::NaiveDate;

use super::{
    BelongsTo, Cells, Column, FromRecord,
    dates::date,
    fault::Fault,
    fields::{code, zone},
    header::{
        BAND_JOB_FAMILY, BAND_VERSION, CURRENCY, EFFECTIVE_FROM, GRADE, LEGAL_ENTITY, MAXIMUM, MIDPOINT, MINIMUM, ZONE,
    },
    words::currency,
    yen::yen,
};

/// A band of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BandRow {
    /// The version's name, such as `2026-04`.
    pub band_version: String,
    /// The legal entity's code.
    pub legal_entity: Option<String>,
    /// The first day on which the version is in force.
    pub effective_from: NaiveDate,
    /// The grade's code.
    pub grade: String,
    /// The job family's code.
    pub job_family: String,
    /// The zone, in lower case.
    pub location: String,
    /// The lowest yearly base, full-time, above zero.
    pub minimum: i64,
    /// The midpoint, above the minimum.
    pub midpoint: i64,
    /// The highest, above the midpoint.
    pub maximum: i64,
    /// The code of the currency; yen when not given.
    pub currency: Option<String>,
}

impl FromRecord for BandRow {
    const REQUIRED: &'static [&'static Column] =
        &[&BAND_VERSION, &EFFECTIVE_FROM, &GRADE, &BAND_JOB_FAMILY, &ZONE, &MINIMUM, &MIDPOINT, &MAXIMUM];
    const OPTIONAL: &'static [&'static Column] = &[&LEGAL_ENTITY, &CURRENCY];

    fn from_record(cells: &mut Cells<'_>) -> Option<Self> {
        let band_version = cells.required(&BAND_VERSION, code);
        let legal_entity = cells.optional(&LEGAL_ENTITY, code);
        cells.belong_to(BelongsTo { legal_entity: legal_entity.clone(), band_version: band_version.clone() });
        let effective_from = cells.required(&EFFECTIVE_FROM, date);
        let grade = cells.required(&GRADE, code);
        let job_family = cells.required(&BAND_JOB_FAMILY, code);
        let location = cells.required(&ZONE, zone);
        let minimum = cells.required(&MINIMUM, yen);
        let midpoint = cells.required(&MIDPOINT, yen);
        if minimum.zip(midpoint).is_some_and(|(minimum, midpoint)| midpoint <= minimum) {
            cells.refuse(&MIDPOINT, Fault::NotAscending);
        }
        let maximum = cells.required(&MAXIMUM, yen);
        if midpoint.zip(maximum).is_some_and(|(midpoint, maximum)| maximum <= midpoint) {
            cells.refuse(&MAXIMUM, Fault::NotAscending);
        }
        let currency = cells.optional(&CURRENCY, currency);
        Some(Self {
            band_version: band_version?,
            legal_entity,
            effective_from: effective_from?,
            grade: grade?,
            job_family: job_family?,
            location: location?,
            minimum: minimum?,
            midpoint: midpoint?,
            maximum: maximum?,
            currency,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{super::PayBands, *};

    #[test]
    fn the_sample_of_pay_bands_is_read_whole() {
        let file = fs::File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/pay_bands.csv")).unwrap();
        let bands = PayBands::new(file).unwrap();
        assert_eq!(bands.ignored_columns(), [""; 0]);
        let rows: Vec<_> = bands.map(|line| line.unwrap().row.unwrap()).collect();
        assert_eq!(rows.len(), 192);
        assert_eq!(
            rows[1],
            BandRow {
                band_version: "2025-04".to_owned(),
                legal_entity: None,
                effective_from: NaiveDate::from_ymd_opt(2025, 4, 1).unwrap(),
                grade: "G2".to_owned(),
                job_family: "driver".to_owned(),
                location: "sendai".to_owned(),
                minimum: 3_760_000,
                midpoint: 4_700_000,
                maximum: 5_640_000,
                currency: None,
            }
        );
    }

    #[test]
    fn a_japanese_wage_table_is_read() {
        let file = "賃金テーブルの版,法人コード,適用開始日,等級,職種,地域区分,下限(年額),中央値(年額),上限(年額),通貨\n\
                    2026年度,JP-HQ,令和8年4月1日,Ｇ３,driver,Sendai,\"3,760,000円\",470万円,5640千円,円\n";
        let row = PayBands::new(file.as_bytes()).unwrap().next().unwrap().unwrap().row.unwrap();
        assert_eq!((row.band_version.as_str(), row.legal_entity.as_deref()), ("2026年度", Some("JP-HQ")));
        assert_eq!((row.grade.as_str(), row.location.as_str()), ("G3", "sendai"));
        assert_eq!((row.minimum, row.midpoint, row.maximum), (3_760_000, 4_700_000, 5_640_000));
        assert_eq!((row.effective_from.to_string().as_str(), row.currency.as_deref()), ("2026-04-01", Some("JPY")));
    }

    #[test]
    fn bounds_that_do_not_rise_are_refused_and_the_line_still_says_what_it_is_part_of() {
        let file = "band_version,effective_from,grade,job_family,location,minimum,midpoint,maximum\n\
                    v1,2026-04-01,G3,driver,tokyo,5,4,6\n\
                    v1,2026-04-01,G3,driver,osaka,4,5,5\n\
                    v1,2026-04-01,G3,driver,nagano,0,5,x\n\
                    ,soon,,,,1,2,3\n";
        let lines: Vec<_> = PayBands::new(file.as_bytes()).unwrap().map(Result::unwrap).collect();
        let codes = |at: usize| -> Vec<_> {
            lines[at].row.as_ref().unwrap_err().iter().map(|error| (error.field, error.code)).collect()
        };
        assert_eq!(codes(0), [("midpoint", "not_ascending")]);
        assert_eq!(codes(1), [("maximum", "not_ascending")]);
        assert_eq!(codes(2), [("minimum", "not_positive"), ("maximum", "not_a_number")]);
        assert_eq!(codes(3).first(), Some(&("band_version", "required")));
        assert_eq!(lines[2].belongs_to.band_version.as_deref(), Some("v1"));
        assert_eq!(lines[3].belongs_to, BelongsTo::default());
    }
}
