//! `/dev/clock`: domain time of a trial ledger, which can be moved forward to see what time brings.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Datelike as _, Months, NaiveDateTime, SecondsFormat, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::problem::Problem;
use super::request::{Body, Session};
use crate::ledger::micros;
use crate::reactions::advance_to;

/// The farthest that one step goes.
const MOST_YEARS: i32 = 50;
/// The last year to which domain time moves: every date of the API lies before it.
const LAST_YEAR: i32 = 2100;

/// The routes.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(clock)).routes(routes!(advance))
}

/// Domain time.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClockView {
    /// Now, in domain time.
    #[schema(value_type = String, format = DateTime, examples("2026-11-23T02:08:15.000000Z"))]
    now: String,
    /// How far it is ahead of real time, as an ISO 8601 duration.
    #[schema(examples("P95D"))]
    ahead: String,
}

fn view(app: &App) -> Json<ClockView> {
    let ledger = app.dispatcher().ledger();
    let now = ledger.now().to_rfc3339_opts(SecondsFormat::Micros, true);
    Json(ClockView { now, ahead: written(ledger.clock().ahead()) })
}

/// Read domain time. Trial ledgers only.
#[utoipa::path(get, path = "/dev/clock", tag = "dev", responses((status = 200, description = "Domain time", body = ClockView)))]
async fn clock(State(app): State<App>, _session: Session) -> Json<ClockView> {
    view(&app)
}

/// How far to move.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AdvanceClock {
    /// An ISO 8601 duration of at most 50 years. Years, months, weeks and days count by the employer's local calendar.
    #[schema(
        pattern = r"^P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+S)?)?$",
        max_length = 100,
        examples("P95D")
    )]
    by: String,
}

/// Move domain time forward. Trial ledgers only.
///
/// Answers when all timers due by then and their follow-ups are recorded; `503 clock_moved` where follow-ups could not be for
/// long: they are tried again, and the clock has moved all the same. Not undone by anything: domain time never goes
/// back. A repeat moves it again; `Idempotency-Key` has no effect here.
#[utoipa::path(post, path = "/dev/clock/advance", tag = "dev", request_body = AdvanceClock,
    responses((status = 200, description = "Domain time after the move", body = ClockView)))]
async fn advance(
    State(app): State<App>,
    session: Session,
    body: Body<AdvanceClock>,
) -> Result<Json<ClockView>, Problem> {
    let step = Step::parse(&body.value.by).ok_or_else(|| {
        field(
            "not_a_duration",
            "An ISO 8601 duration such as P95D is expected.",
            "P95D のようなISO 8601の期間で入力してください。",
        )
    })?;
    let dispatcher = app.dispatcher();
    let target = step.after(dispatcher.ledger().now(), session.employer.zone)?;
    if !advance_to(dispatcher, micros(target)).await? {
        return Err(Problem::behind().reason("clock_moved").detail(
            "The clock has moved. What follows could not all be done yet and is tried again; do not move it again for that.",
            "時刻は進みました。後続の処理の一部は未完了で、自動的に再試行されます。時刻を再度進める必要はありません。",
        ));
    }
    Ok(view(&app))
}

fn field(code: &str, english: &str, japanese: &str) -> Problem {
    Problem::field("/by", code, english, japanese)
}

/// A duration as it is written: calendar units, and exact ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Step {
    months: u32,
    days: u64,
    seconds: u64,
}

impl Step {
    /// Reads `P[n]Y[n]M[n]W[n]DT[n]H[n]M[n]S`.
    fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('P').filter(|rest| rest.len() <= 100)?;
        let (date, time) = rest.split_once('T').map_or((rest, None), |(date, time)| (date, Some(time)));
        if (date.is_empty() && time.is_none()) || time == Some("") {
            return None;
        }
        let [years, months, weeks, days] = amounts(date, ['Y', 'M', 'W', 'D'])?;
        let [hours, minutes, seconds] = amounts(time.unwrap_or_default(), ['H', 'M', 'S'])?;
        Some(Self {
            months: u32::try_from(years.checked_mul(12)?.checked_add(months)?).ok()?,
            days: weeks.checked_mul(7)?.checked_add(days)?,
            seconds: hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds)?,
        })
    }

    /// The instant that lies this far after another one.
    fn after(self, now: DateTime<Utc>, zone: Tz) -> Result<DateTime<Utc>, Problem> {
        let too_far = || {
            field(
                "out_of_range",
                "At most 50 years at a time, and never beyond the year 2100.",
                "一度に進められるのは50年まで、かつ2100年までです。",
            )
        };
        if self == Self::default() {
            return Err(field("not_positive", "Domain time only moves forward.", "時刻は前にのみ進められます。"));
        }
        let local = now.with_timezone(&zone).naive_local();
        let exact = i64::try_from(self.seconds).ok().and_then(TimeDelta::try_seconds).ok_or_else(too_far)?;
        let target = local
            .checked_add_months(Months::new(self.months))
            .and_then(|local| local.checked_add_days(chrono::Days::new(self.days)))
            .and_then(|local| instant(local, zone).checked_add_signed(exact))
            .ok_or_else(too_far)?;
        let farthest =
            local.checked_add_months(Months::new(MOST_YEARS.unsigned_abs() * 12)).map(|local| instant(local, zone));
        if farthest.is_none_or(|farthest| target > farthest) || target.year() > LAST_YEAR {
            return Err(too_far());
        }
        // Where a zone's clock was set back, a calendar step may end before it began.
        Ok(target.max(now))
    }
}

/// The amounts before each of these units, which come in this order or not at all.
fn amounts<const N: usize>(text: &str, units: [char; N]) -> Option<[u64; N]> {
    let mut amounts = [0; N];
    let mut rest = text;
    let mut next = 0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at_checked(digits)?;
        let unit = after.chars().next()?;
        let place = units.iter().position(|known| *known == unit).filter(|place| *place >= next)?;
        *amounts.get_mut(place)? = number.parse().ok()?;
        next = place + 1;
        rest = after.get(unit.len_utf8()..)?;
    }
    Some(amounts)
}

/// The instant of a local time; where the clock jumps over it, the first one after the jump.
fn instant(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let found = (0..4).find_map(|hour| {
        let local = local.checked_add_signed(TimeDelta::hours(hour))?;
        zone.from_local_datetime(&local).earliest()
    });
    found.map_or_else(|| local.and_utc(), |found| found.to_utc())
}

/// A duration in days and smaller units.
fn written(ahead: TimeDelta) -> String {
    let seconds = ahead.num_seconds().max(0);
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let parts = [(rest / 3600, "H"), (rest % 3600 / 60, "M"), (rest % 60, "S")];
    let time = parts.iter().filter(|(n, _)| *n > 0).fold(String::new(), |text, (n, unit)| text + &n.to_string() + unit);
    match (days, time.is_empty()) {
        (0, true) => "PT0S".to_owned(),
        (days, true) => format!("P{days}D"),
        (0, false) => format!("PT{time}"),
        (days, false) => format!("P{days}DT{time}"),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::{Step, written};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn moved(by: &str) -> Result<DateTime<Utc>, String> {
        let step = Step::parse(by).ok_or("not_a_duration")?;
        let moved = step.after(at("2026-01-31T03:00:00Z"), chrono_tz::Asia::Tokyo);
        moved.map_err(|problem| problem.errors[0].code.clone())
    }

    #[test]
    fn months_and_years_go_by_the_calendar_and_the_rest_is_exact() {
        assert_eq!(moved("P1M"), Ok(at("2026-02-28T03:00:00Z")));
        assert_eq!(moved("P1Y2M1W1DT1H1M1S"), Ok(at("2027-04-08T04:01:01Z")));
        assert_eq!(moved("P95D"), Ok(at("2026-05-06T03:00:00Z")));
        assert_eq!(moved("PT36H"), Ok(at("2026-02-01T15:00:00Z")));
        assert_eq!(moved("P50Y"), Ok(at("2076-01-31T03:00:00Z")));
    }

    #[test]
    fn a_clock_that_jumps_is_followed() {
        let zone = chrono_tz::America::New_York;
        let step = Step::parse("P1D").unwrap();
        assert_eq!(step.after(at("2026-03-07T07:30:00Z"), zone).unwrap(), at("2026-03-08T07:30:00Z"));
    }

    #[test]
    fn what_does_not_move_forward_or_goes_too_far_is_refused() {
        for wrong in
            ["", "P", "PT", "P1", "1D", "P-1D", "P1.5D", "P1DT", "P1D1M", "PT1D", "p1d", "P1D ", "P１D", "+P1D"]
        {
            assert_eq!(moved(wrong), Err("not_a_duration".to_owned()), "{wrong}");
        }
        assert_eq!(moved("P0D"), Err("not_positive".to_owned()));
        assert_eq!(moved("PT0S"), Err("not_positive".to_owned()));
        for far in ["P51Y", "P600M1D", "P18300D", "PT18446744073709551615S", "P18446744073709551615D", "P4294967295M"] {
            assert_eq!(moved(far), Err("out_of_range".to_owned()), "{far}");
        }
        assert_eq!(moved("P18446744073709551616D"), Err("not_a_duration".to_owned()));
    }

    #[test]
    fn what_is_ahead_is_written_as_a_duration() {
        assert_eq!(written(TimeDelta::zero()), "PT0S");
        assert_eq!(written(TimeDelta::days(95)), "P95D");
        assert_eq!(written(TimeDelta::seconds(90_061)), "P1DT1H1M1S");
    }
}
