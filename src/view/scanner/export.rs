//! A scan as a file: all pairs that were tested, with the parameters of the tests.

use super::board::{Board, legs};
use super::conditions::Conditions;
use super::sort::Column;
use crate::view::files::table::{Cell, Format, Writer};
use crate::view::numbers::calendar;
use spreadscope_engine::Symbol;
use spreadscope_engine::scan::scanner::Choice;
use spreadscope_engine::scan::{Known, Scanned};

const COLUMNS: [&str; 26] = [
    "y",
    "x",
    "bars",
    "statistic",
    "lags",
    "p_value",
    "q_bh",
    "q_by",
    "selection_p_value",
    "selection_q_bh",
    "confirmed_p_value",
    "half_life_bars",
    "half_life_low_bars",
    "half_life_high_bars",
    "hedge_ratio",
    "intercept",
    "correlation",
    "crossings",
    "z_now",
    "weaker_volume_per_day",
    "break_even_fee_bps",
    "survived_scans",
    "tested_scans",
    "meets_conditions",
    "undefined",
    "notes",
];

/// A file: its name and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its contents.
    pub text: String,
}

/// Returns all pairs of `board`, those that could not be tested last; `link` leads to the same scan. `None` without a
/// report. `conditions` say which of them the page shows.
pub fn file(board: &Board, conditions: &Conditions, format: Format, link: &str) -> Option<File> {
    let ((at, report), plan) = (board.report.as_ref()?, board.plan.as_ref()?);
    let count = |count: usize| Cell::Whole(i64::try_from(count).unwrap_or(i64::MAX));
    let markets: Vec<&str> = board.taken.iter().map(spreadscope_engine::Symbol::as_str).collect();
    let chosen = match &plan.choice {
        Choice::MostTraded { quote, count } => format!("the {count} most traded in {quote}"),
        Choice::These(_) => "a list".to_owned(),
        Choice::Imported => "imported files".to_owned(),
        Choice::Stored => "stored bars".to_owned(),
    };
    let about: Vec<String> =
        Column::ALL.iter().map(|column| format!("{}: {}", column.title(), column.about())).collect();
    let parameters = [
        ("made_by", Cell::Text(format!("Spreadscope {}", env!("CARGO_PKG_VERSION")))),
        ("scanned_at", Cell::Text(calendar::iso(at.0))),
        ("universe", Cell::Text(chosen)),
        ("markets", Cell::Text(markets.join(" "))),
        ("interval", Cell::word(plan.interval.as_str())),
        ("bars", count(plan.bars)),
        ("price_scale", Cell::word(plan.spec.price_scale.as_str())),
        ("test_lags", Cell::word(plan.spec.lags.as_str())),
        ("test_terms", Cell::word(plan.spec.terms.as_str())),
        ("direction", Cell::word("y comes first in the alphabet")),
        ("tested", count(report.tested())),
        ("untested", count(report.untested.len())),
        ("not_come_to", count(report.left)),
        ("refused", named(board.refused.iter().map(|(symbol, reason)| (symbol, reason.clone())))),
        ("left_out", named(board.left_out.iter().map(|(symbol, mark)| (symbol, mark.words())))),
        ("conditions", Cell::Text(conditions.store())),
        ("link", Cell::word(link)),
        ("about", Cell::Text(about.join(" "))),
    ];
    let mut writer = Writer::new(format, &parameters, &COLUMNS);
    let maybe = |value: &Known| Cell::maybe(value.as_ref().ok().copied());
    for pair in &report.pairs {
        let test = &pair.test;
        let of = legs(&test.pair);
        let interval = board.half_lives.get(&of).and_then(|interval| interval.as_ref().ok());
        let fee = board.fees.get(&of).and_then(|fee| fee.as_ref().ok().copied());
        let survived = board.survived(&test.pair);
        let crossings = test.crossings.as_ref().map_or_else(|_| Cell::maybe(None), |crossed| count(*crossed));
        writer.row(&[
            Cell::word(test.pair.y.as_str()),
            Cell::word(test.pair.x.as_str()),
            count(test.bars),
            Cell::Number(test.statistic),
            count(test.lags),
            Cell::Number(test.p_value),
            Cell::Number(pair.q_bh),
            Cell::Number(pair.q_by),
            maybe(&test.selection_p_value),
            maybe(&pair.selection_q_bh),
            maybe(&test.confirmed_p_value),
            maybe(&test.half_life_bars),
            Cell::maybe(interval.map(|interval| interval.low)),
            Cell::maybe(interval.and_then(|interval| interval.high)),
            Cell::Number(test.hedge_ratio),
            Cell::Number(test.intercept),
            maybe(&test.correlation),
            crossings,
            maybe(&test.z_now),
            maybe(&test.weaker_volume_per_day),
            Cell::maybe(fee),
            count(survived.survived),
            count(survived.tested),
            Cell::Flag(conditions.take(pair)),
            Cell::Text(undefined(pair, board)),
            Cell::Text(test.notes.join(" ")),
        ]);
    }
    for untested in &report.untested {
        let mut row: [Cell; COLUMNS.len()] = core::array::from_fn(|_| Cell::maybe(None));
        row[0] = Cell::word(untested.pair.y.as_str());
        row[1] = Cell::word(untested.pair.x.as_str());
        row[COLUMNS.len() - 1] = Cell::Text(format!("not tested: {}", untested.reason));
        writer.row(&row);
    }
    let name =
        format!("spreadscope-scan-{}-{}.{}", plan.interval.as_str(), calendar::stamp(at.0), format.as_str());
    Some(File { name, text: writer.finish() })
}

/// Markets and a clause on each.
fn named<'a>(markets: impl Iterator<Item = (&'a Symbol, String)>) -> Cell {
    Cell::Text(markets.map(|(symbol, reason)| format!("{symbol}: {reason}")).collect::<Vec<_>>().join("; "))
}

/// The numbers of a pair that do not exist, and why.
fn undefined(pair: &Scanned, board: &Board) -> String {
    let test = &pair.test;
    let of = legs(&test.pair);
    let reasons = [
        ("selection_p_value", test.selection_p_value.as_ref().err()),
        ("confirmed_p_value", test.confirmed_p_value.as_ref().err()),
        ("half_life_bars", test.half_life_bars.as_ref().err()),
        ("half_life_low_bars", board.half_lives.get(&of).and_then(|interval| interval.as_ref().err())),
        ("correlation", test.correlation.as_ref().err()),
        ("crossings", test.crossings.as_ref().err()),
        ("z_now", test.z_now.as_ref().err()),
        ("weaker_volume_per_day", test.weaker_volume_per_day.as_ref().err()),
        ("break_even_fee_bps", board.fees.get(&of).and_then(|fee| fee.as_ref().err())),
    ];
    let told = reasons.into_iter().filter_map(|(name, reason)| Some(format!("{name}: {}", reason?)));
    told.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::super::board::tests::board;
    use super::*;

    #[test]
    fn a_file_has_the_parameters_the_link_and_a_row_for_each_pair_shown() {
        let mut board = board();
        board.refused.push((Symbol::new("NOPEUSDT").unwrap(), "not listed at this source".to_owned()));
        board.report.as_mut().unwrap().1.pairs[1].test.half_life_bars = Err("no pull".to_owned());
        let of = |format, text: &str| {
            file(&board, &Conditions::parse(text), format, "https://page/#/scanner").unwrap()
        };
        let csv = of(Format::Csv, "");
        assert!(
            csv.name.starts_with("spreadscope-scan-5m-") && csv.name.strip_suffix(".csv").is_some(),
            "{}",
            csv.name
        );
        for line in
            ["# interval: 5m", "# tested: 3", "# link: https://page/#/scanner", "# markets: XRPUSDT ADAUSDT"]
        {
            assert!(csv.text.contains(line), "{line} in {}", csv.text);
        }
        for line in ["# refused: NOPEUSDT: not listed at this source", "# left_out: USDCUSDT: stable coin"] {
            assert!(csv.text.contains(line), "{line} in {}", csv.text);
        }
        assert_eq!(csv.text.lines().filter(|line| !line.starts_with('#')).count(), 5);
        assert!(csv.text.contains("half_life_bars: no pull"), "{}", csv.text);
        assert!(csv.text.contains("not tested: HALTUSDT does not vary"), "{}", csv.text);
        // conditions hide rows on the page alone
        let survivors: serde_json::Value = serde_json::from_str(&of(Format::Json, "survivors").text).unwrap();
        let met = |row: usize| survivors["rows"][row]["meets_conditions"].clone();
        assert_eq!([met(0), met(1), met(2)], [true, false, false]);
        let json: serde_json::Value = serde_json::from_str(&of(Format::Json, "").text).unwrap();
        assert_eq!(json["rows"][0]["break_even_fee_bps"], 12.5);
        assert!(json["rows"][1]["break_even_fee_bps"].is_null());
        assert_eq!(file(&Board::default(), &Conditions::default(), Format::Csv, ""), None);
    }
}
