//! The values of a chart in words, at the crosshair or at the newest bar.

use super::entry::{At, Entry, Ink};
use super::{ChartKind, Figure};
use crate::view::numbers::format;
use crate::view::numbers::trade::UnpaidZ;
use crate::view::numbers::verdict::FILLING;
use crate::view::screen::model::Model;
use spreadscope_engine::bars::Origin;

/// A value with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegendValue {
    /// What it is.
    pub label: String,
    /// The value; a dash if there is none.
    pub value: String,
    /// Its line.
    pub ink: Ink,
}

/// Returns the values of `kind` at a row, or at the newest one if `row` is `None`. With prices, a bar that is
/// missing, repaired, polled or in an outage is marked as such.
pub fn legend(kind: ChartKind, model: &Model, row: Option<usize>) -> Vec<LegendValue> {
    if says_filling(kind, model) {
        return vec![LegendValue { label: FILLING.to_owned(), value: String::new(), ink: Ink::Plain }];
    }
    let mut told = values(kind, model, row);
    let origins = row.or_else(|| model.series.len().checked_sub(1)).map(|row| model.series.origins()[row]);
    if let Some(origins) = origins.filter(|_| kind == ChartKind::Price) {
        let pair = &model.settings.pair;
        let value = match origins.map(|origin| is_remarkable(origin).then(|| origin.as_str())) {
            [None, None] => return told,
            [Some(y), Some(x)] if y == x => y.to_owned(),
            [Some(y), Some(x)] => format!("{} {y}, {} {x}", pair.y.base(), pair.x.base()),
            [Some(y), None] => format!("{} {y}", pair.y.base()),
            [None, Some(x)] => format!("{} {x}", pair.x.base()),
        };
        told.push(LegendValue { label: "bar".to_owned(), value, ink: Ink::Plain });
    }
    told
}

/// Returns the name of the band up to |z| in which a round trip does not pay, if it is shaded.
pub fn of_band(unpaid: Option<UnpaidZ>) -> Option<LegendValue> {
    let UnpaidZ { z, is_at_least } = unpaid?;
    let least = if is_at_least { "at least " } else { "" };
    let value = format!("{least}±{}", format::fixed(z, 2));
    Some(LegendValue { label: "does not pay within".to_owned(), value, ink: Ink::Band })
}

/// Returns whether history still being loaded may change the numbers of `kind`.
pub(super) fn says_filling(kind: ChartKind, model: &Model) -> bool {
    model.filling && !kind.chart().is_settled
}

/// Returns whether a bar deserves a word: it was not simply traded and received live.
const fn is_remarkable(origin: Origin) -> bool {
    matches!(origin, Origin::Missing | Origin::Outage | Origin::Repaired | Origin::Polled)
}

fn entries(kind: ChartKind, model: &Model, crosshair: Option<usize>) -> Vec<Entry<'_>> {
    (kind.chart().values)(&At { model, crosshair })
}

/// Returns the values of `kind` at a row, always in the same order.
pub(super) fn values(kind: ChartKind, model: &Model, row: Option<usize>) -> Vec<LegendValue> {
    let told = |entry: Entry| LegendValue {
        label: entry.label.to_owned(),
        value: entry.text.of(entry.number),
        ink: entry.ink,
    };
    entries(kind, model, row).into_iter().map(told).collect()
}

/// Returns the drawn chart as a sentence, for screen readers.
pub fn summary(kind: ChartKind, model: &Model, figure: &Figure) -> String {
    if let Some(message) = &figure.message {
        return message.clone();
    }
    let chart = kind.chart();
    let lines = entries(kind, model, None);
    let lines = lines.iter().filter(|entry| !matches!(entry.ink, Ink::Second | Ink::Model(_) | Ink::Plain));
    let told = lines.zip(&figure.reach).map(|(entry, reach)| {
        let Entry { label, number, text, .. } = entry;
        let now = format!("{label} {} now", text.of(*number));
        match reach.filter(|_| chart.is_of_values) {
            None => now,
            Some((low, high)) => format!("{now}, {} to {} in view", text.of(low), text.of(high)),
        }
    });
    told.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::charts::figure::{Canvas, build};
    use crate::view::charts::range::TimeRange;
    use crate::view::numbers::series::tests::row;
    use spreadscope_engine::Settings;
    use spreadscope_engine::messages::event::{Event, Fact};

    fn model() -> Model {
        let mut model = Model::new(Settings::default());
        let rows = vec![row(0, 1.25), row(1, -2.5)];
        model.apply(Event::Fact { sequence: 0, fact: Fact::Rows { replace: true, rows } });
        model
    }

    #[test]
    fn a_shaded_band_has_its_name() {
        let told = |is_at_least| of_band(Some(UnpaidZ { z: 1.504, is_at_least })).unwrap();
        let (label, ink) = (told(false).label, told(false).ink.slug());
        assert_eq!((label.as_str(), ink), ("does not pay within", "band"));
        assert_eq!([told(false).value, told(true).value], ["±1.50", "at least ±1.50"]);
        assert_eq!(of_band(None), None);
    }

    #[test]
    fn the_crosshairs_row_is_told_and_the_newest_without_one() {
        let model = model();
        let z = |row| legend(ChartKind::ZScore, &model, row)[0].value.clone();
        assert_eq!((z(Some(0)), z(None)), ("+1.25".to_owned(), "\u{2212}2.50".to_owned()));
        let correlation = legend(ChartKind::Correlation, &model, None);
        assert_eq!(correlation[0].value, format::ABSENT);
    }

    #[test]
    fn while_history_is_coming_in_only_prices_and_volumes_are_told() {
        let mut model = model();
        model.filling = true;
        let first = |kind| legend(kind, &model, Some(0))[0].clone();
        assert_eq!(first(ChartKind::Price).label, "BTCUSDT");
        for kind in [ChartKind::ZScore, ChartKind::Hedge, ChartKind::PValue, ChartKind::Histogram] {
            assert_eq!((first(kind).label.as_str(), first(kind).value.as_str()), (FILLING, ""));
        }
    }

    #[test]
    fn a_repaired_bar_is_named_beside_its_price_and_a_live_one_is_not() {
        let mut model = model();
        let mut repaired = row(1, 0.0);
        repaired.x.origin = Origin::Repaired;
        model.series.put(&repaired);
        let told = |row| legend(ChartKind::Price, &model, row).into_iter().nth(2).map(|told| told.value);
        assert_eq!((told(Some(0)), told(None)), (None, Some("ETH repaired".to_owned())));
        assert_eq!(legend(ChartKind::ZScore, &model, None).len(), 1);
    }

    #[test]
    fn a_chart_is_told_in_a_sentence() {
        let model = model();
        let span = TimeRange::default().bounds(&model.series);
        let canvas = Canvas { width: 400, ..Canvas::plain(span) };
        let told = |kind| summary(kind, &model, &build(kind, &model, &canvas));
        assert_eq!(told(ChartKind::ZScore), "z \u{2212}2.50 now, \u{2212}2.50 to +1.25 in view");
        assert_eq!(told(ChartKind::Correlation), "Warming up: 1 of 300 bars");
        assert!(
            told(ChartKind::Price).starts_with("BTCUSDT 59,997.50 now, 59,997.50 to 60,001.25 in view; ")
        );
    }
}
