//! A report: what may be told of a month, with the figures computed from that alone.

use std::collections::BTreeMap;

use aggregates::pay::Fraction;
use chrono::NaiveDate;

use super::as_of::{AsOf, Files, Gathered, Numbers, Opened};
use super::history::History;
use super::statistics::{Method, Tested};
use super::suppression::{Disclosure, Group, Least, Place, Row, Standing, Table, Total};
use super::{Month, compa_ratios, exceptions, pay_gaps, selection_rates, stayer_ratios};

/// The places to which ratios are said, beside the exact fraction.
const PLACES: u32 = 4;
/// The places to which a wider audience is told ratios, and no more.
const WIDE_PLACES: u32 = 3;
/// The places to which probabilities are said.
const P_PLACES: u32 = 6;

/// Which report.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr, strum::EnumString, strum::EnumIter,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    /// MON-01.
    CompaRatios,
    /// MON-02.
    StayerRatios,
    /// MON-03.
    PayGaps,
    /// MON-04.
    SelectionRates,
    /// MON-05.
    Exceptions,
}

/// A bound that figures are held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// What it bounds.
    pub name: &'static str,
    /// The bound.
    pub value: Fraction,
}

/// A figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Its name.
    pub name: &'static str,
    /// Exactly; a probability to 10⁻¹².
    pub value: Fraction,
    /// How many places the decimal for reading has.
    pub places: u32,
    /// How it was found, where it is a probability.
    pub method: Option<Method>,
}

/// Whether somebody has to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Whether they have to.
    pub raised: bool,
    /// The figures that it rests on.
    pub because: Vec<&'static str>,
    /// The first month of the months without a break in which it was raised, where a time runs from it.
    pub since: Option<Month>,
    /// When that time is over.
    pub due_on: Option<NaiveDate>,
}

/// A row of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The table.
    pub table: &'static str,
    /// The row; [`super::ALL`] for everybody.
    pub row: String,
    /// The month whose figures these are; none where the row is suppressed.
    pub as_of: Option<Month>,
    /// The figures; none where it is suppressed.
    pub figures: Vec<Figure>,
    /// Whether somebody has to look; nothing where there is nothing to hold figures against.
    pub alert: Option<Alert>,
}

/// A report of a closed month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Which.
    pub kind: Kind,
    /// The month.
    pub month: Month,
    /// The fewest people that a figure is about.
    pub least: usize,
    /// Its rows.
    pub lines: Vec<Line>,
}

/// What may be told, and the values behind it.
pub(super) struct Told<'a> {
    pub(super) disclosure: &'a Disclosure,
    pub(super) numbers: &'a Numbers,
    pub(super) month: Month,
    /// To how few: whoever watches over pay alone is told sums of money.
    pub(super) least: Least,
}

impl Told<'_> {
    /// The nth value of each of a group.
    pub(super) fn column(&self, group: Option<&Group>, nth: usize) -> Vec<Fraction> {
        group.map(|group| self.numbers.column(group, nth)).unwrap_or_default()
    }

    /// A sum of money. A wider audience is told none: whoever knows their own pay, and that they alone were overtaken, could
    /// compute a returner's from what it costs to remedy.
    pub(super) fn sum(&self, name: &'static str, amount: Option<Fraction>) -> Option<Figure> {
        amount.filter(|_| !self.least.is_wide()).map(|amount| whole(name, amount))
    }

    /// A ratio as its audience is told it. An exact fraction of two means is two sums of money in disguise: a wider audience is told
    /// thousandths.
    fn coarse(&self, figure: Figure) -> Figure {
        if !self.least.is_wide() || figure.places != PLACES || figure.method.is_some() {
            return figure;
        }
        Figure { value: figure.value.rounded(WIDE_PLACES), places: WIDE_PLACES, ..figure }
    }

    /// Every row in its order, each with its figures by a function of its groups.
    pub(super) fn lines(&self, figures: impl Fn(&Place, &[Group]) -> (Vec<Figure>, Option<Alert>)) -> Vec<Line> {
        let line = |(place, standing): (&Place, Standing<'_>)| {
            let (as_of, (figures, alert)) = match standing {
                Standing::Told(month, groups) => (Some(month), figures(place, groups)),
                Standing::Suppressed => (None, (Vec::new(), None)),
            };
            Line { table: place.0, row: place.1.clone(), as_of, figures, alert }
        };
        self.disclosure.standing().map(line).collect()
    }
}

/// How many people a group has.
pub(super) fn count(name: &'static str, group: Option<&Group>) -> Option<Figure> {
    let people = u64::try_from(group?.len()).ok()?;
    Some(Figure { name, value: Fraction::whole(people), places: 0, method: None })
}

/// A whole number.
pub(super) fn whole(name: &'static str, value: Fraction) -> Figure {
    Figure { name, value, places: 0, method: None }
}

/// A ratio, where there is one.
pub(super) fn ratio(name: &'static str, value: Option<Fraction>) -> Option<Figure> {
    Some(Figure { name, value: value?, places: PLACES, method: None })
}

/// A probability, where there is one.
pub(super) fn probability(tested: Option<Tested>) -> Option<Figure> {
    let tested = tested?;
    Some(Figure { name: "p", value: tested.p, places: P_PLACES, method: Some(tested.method) })
}

/// An alert without a time that runs.
pub(super) const fn alert(raised: bool, because: Vec<&'static str>) -> Alert {
    Alert { raised, because, since: None, due_on: None }
}

/// Either way from nothing.
pub(super) fn distance(value: Fraction) -> Fraction {
    if value < Fraction::ZERO { Fraction::ZERO.minus(value).unwrap_or(value) } else { value }
}

/// Those who are in no figure, by reason; a reason that applies to nobody is no row.
pub(super) fn left_out(numbers: &mut Numbers, reasons: impl IntoIterator<Item = (&'static str, Gathered)>) -> Table {
    let mut rows = BTreeMap::new();
    for (reason, people) in reasons {
        if !people.is_empty() {
            rows.insert(reason.to_owned(), Row { parts: vec![people.part(numbers)], only_with: Vec::new() });
        }
    }
    Table { name: LEFT_OUT, rows, total: Total::Untold }
}

/// The table of those who are in no figure.
pub(super) const LEFT_OUT: &str = "left_out";

impl Kind {
    /// The rule.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::CompaRatios => "MON-01",
            Self::StayerRatios => "MON-02",
            Self::PayGaps => "MON-03",
            Self::SelectionRates => "MON-04",
            Self::Exceptions => "MON-05",
        }
    }

    /// What is computed, in words.
    pub const fn formula(self) -> &'static str {
        match self {
            Self::CompaRatios => compa_ratios::FORMULA,
            Self::StayerRatios => stayer_ratios::FORMULA,
            Self::PayGaps => pay_gaps::FORMULA,
            Self::SelectionRates => selection_rates::FORMULA,
            Self::Exceptions => exceptions::FORMULA,
        }
    }

    /// The bounds that figures are held against.
    pub fn thresholds(self) -> Vec<Threshold> {
        let bound = |name, value| Threshold { name, value };
        match self {
            Self::CompaRatios => {
                vec![bound("difference_above", Fraction::percent(5)), bound("p_below", Fraction::percent(5))]
            }
            Self::StayerRatios => vec![bound("median_above", Fraction::percent(105))],
            Self::PayGaps => vec![bound("gap_from", Fraction::percent(5))],
            Self::SelectionRates => vec![
                bound("impact_ratio_below", Fraction::percent(80)),
                bound("people_from", Fraction::whole(selection_rates::PEOPLE)),
            ],
            Self::Exceptions => vec![bound("times_the_rate_of_all_above", Fraction::whole(2))],
        }
    }

    pub(super) fn tables(self, as_of: &AsOf<'_>, numbers: &mut Numbers) -> Vec<Table> {
        match self {
            Self::CompaRatios => compa_ratios::tables(as_of, numbers),
            Self::StayerRatios => stayer_ratios::tables(as_of, numbers),
            Self::PayGaps => pay_gaps::tables(as_of, numbers),
            Self::SelectionRates => selection_rates::tables(as_of, numbers),
            Self::Exceptions => exceptions::tables(as_of, numbers),
        }
    }

    fn lines(self, told: &Told<'_>) -> Vec<Line> {
        match self {
            Self::CompaRatios => compa_ratios::lines(told),
            Self::StayerRatios => stayer_ratios::lines(told),
            Self::PayGaps => pay_gaps::lines(told),
            Self::SelectionRates => selection_rates::lines(told),
            Self::Exceptions => exceptions::lines(told),
        }
    }
}

/// In which order reports of a month are told: what each leaves of another is nobody, or many.
const FIRST_TO_LAST: [Kind; 5] =
    [Kind::PayGaps, Kind::SelectionRates, Kind::CompaRatios, Kind::StayerRatios, Kind::Exceptions];

/// What may be told of an entity month by month, up to one of them: to few, and to the others where there are any.
pub(super) struct Walk {
    pub(super) numbers: Numbers,
    pub(super) few: Disclosure,
    pub(super) many: Option<Disclosure>,
}

impl Walk {
    /// Goes through every month from the first with data on, since what may be told depends on what was told before, and on what
    /// other reports tell; of these reports, in their order.
    fn all(
        kinds: &[Kind],
        (history, opened): (&History, &Opened),
        legal_entity: &str,
        month: Month,
        least: Least,
    ) -> (Numbers, Vec<(Kind, Disclosure, Option<Disclosure>)>) {
        let many = || least.is_wide().then(|| Disclosure::new(least));
        let mut told: Vec<_> = kinds.iter().map(|kind| (*kind, Disclosure::new(Least::FEW), many())).collect();
        let mut numbers = Numbers::default();
        let files = Files::of(history, opened, legal_entity);
        let mut at = history.begins(legal_entity).map_or_else(|| month.next(), Month::of);
        while at <= month {
            let as_of = AsOf::new(history, opened, &files, legal_entity, at);
            as_of.recognise(&mut numbers);
            let same = numbers.same_humans();
            let k = history.smallest_group(legal_entity, at);
            for (_, few, many) in &mut told {
                few.begin(Least::FEW.or_more(k), &same);
                if let Some(many) = many {
                    many.begin(least.or_more(k), &same);
                }
            }
            let (mut to_few, mut to_many) = (Vec::new(), Vec::new());
            for (kind, few, many) in &mut told {
                let tables = kind.tables(&as_of, &mut numbers);
                few.tell(at, &tables, None, &to_few);
                to_few.extend(few.partitions(None));
                if let Some(many) = many {
                    many.tell(at, &tables, Some(few), &to_many);
                    to_many.extend(many.partitions(None));
                }
            }
            at = at.next();
        }
        (numbers, told)
    }

    /// Of one report, and of those that come before it.
    pub(super) fn new(
        kind: Kind,
        history: &History,
        opened: &Opened,
        legal_entity: &str,
        month: Month,
        least: Least,
    ) -> Self {
        let before = FIRST_TO_LAST.iter().take_while(|one| **one != kind);
        let kinds: Vec<Kind> = before.chain([&kind]).copied().collect();
        let (numbers, mut told) = Self::all(&kinds, (history, opened), legal_entity, month, least);
        let (few, many) = told.pop().map_or((Disclosure::new(Least::FEW), None), |(_, few, many)| (few, many));
        Self { numbers, few, many }
    }

    fn report(&self, kind: Kind, month: Month) -> Report {
        let disclosure = self.many.as_ref().unwrap_or(&self.few);
        let least = disclosure.least();
        let told = Told { disclosure, numbers: &self.numbers, month, least };
        let mut lines = kind.lines(&told);
        for figure in lines.iter_mut().flat_map(|line| &mut line.figures) {
            *figure = told.coarse(figure.clone());
        }
        Report { kind, month, least: least.people(), lines }
    }
}

/// The report of a closed month about an entity, to whom figures about so few people may be told; about more, where the pay policy
/// that governed the month lays down more.
pub fn report(
    kind: Kind,
    history: &History,
    opened: &Opened,
    legal_entity: &str,
    month: Month,
    least: Least,
) -> Report {
    Walk::new(kind, history, opened, legal_entity, month, least).report(kind, month)
}

/// Every report of a closed month about an entity, gone through together.
pub fn reports(history: &History, opened: &Opened, legal_entity: &str, month: Month, least: Least) -> Vec<Report> {
    let (numbers, told) = Walk::all(&FIRST_TO_LAST, (history, opened), legal_entity, month, least);
    let mut walk = Walk { numbers, few: Disclosure::new(Least::FEW), many: None };
    let mut reports = Vec::with_capacity(told.len());
    for (kind, few, many) in told {
        (walk.few, walk.many) = (few, many);
        reports.push(walk.report(kind, month));
    }
    reports
}
