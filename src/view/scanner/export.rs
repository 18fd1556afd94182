//! A scan as a file: all pairs that were tested, with the parameters of the tests.

use super::board::{Board, legs};
use super::conditions::Conditions;
use super::sort::Column;
use crate::view::files::table::{Cell, Format, Writer};
use crate::view::numbers::calendar;
use spreadscope_engine::scan::Known;
use spreadscope_engine::scan::scanner::Choice;

const COLUMNS: [&str; 24] = [
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

/// Returns the pairs of `board` that meet `conditions`; `link` leads to the same scan. `None` without a report.
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
        ("conditions", Cell::Text(conditions.store())),
        ("link", Cell::word(link)),
        ("about", Cell::Text(about.join(" "))),
    ];
    let mut writer = Writer::new(format, &parameters, &COLUMNS);
    let maybe = |value: &Known| Cell::maybe(value.as_ref().ok().copied());
    for pair in report.pairs.iter().filter(|pair| conditions.take(pair)) {
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
            Cell::Text(test.notes.join(" ")),
        ]);
    }
    let name =
        format!("spreadscope-scan-{}-{}.{}", plan.interval.as_str(), calendar::stamp(at.0), format.as_str());
    Some(File { name, text: writer.finish() })
}

#[cfg(test)]
mod tests {
    use super::super::board::tests::board;
    use super::*;

    #[test]
    fn a_file_has_the_parameters_the_link_and_a_row_for_each_pair_shown() {
        let board = board();
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
        assert_eq!(csv.text.lines().filter(|line| !line.starts_with('#')).count(), 4);
        assert_eq!(
            of(Format::Csv, "survivors").text.lines().filter(|line| !line.starts_with('#')).count(),
            2
        );
        let json: serde_json::Value = serde_json::from_str(&of(Format::Json, "").text).unwrap();
        assert_eq!(json["rows"][0]["break_even_fee_bps"], 12.5);
        assert!(json["rows"][1]["break_even_fee_bps"].is_null());
        assert_eq!(file(&Board::default(), &Conditions::default(), Format::Csv, ""), None);
    }
}
