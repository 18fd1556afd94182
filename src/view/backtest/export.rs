//! The files for download: orders, round trips, equity and surface, each headed by all parameters.

use super::shown::Shown;
use crate::view::files::table::{Cell, Format, Writer};
use crate::view::numbers::calendar;
use crate::view::replay;
use spreadscope_engine::backtest::settings::{SETTINGS, Value};
use spreadscope_engine::backtest::{
    Grid, Order, OrderLeg, PositionSide, Reason, RoundTrip, Surface, fills_by_book,
};
use spreadscope_engine::replay::Place;

/// Rows written per part.
const ROWS_A_PART: usize = 2_000;

/// The table in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// One row per fill.
    Orders,
    /// One row per round trip.
    Trades,
    /// One row per bar.
    Equity,
    /// One row per cell.
    Surface,
}

impl What {
    /// All tables.
    pub const ALL: [Self; 4] = [Self::Orders, Self::Trades, Self::Equity, Self::Surface];

    /// Returns the table's name within a file's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Trades => "trades",
            Self::Equity => "equity",
            Self::Surface => "surface",
        }
    }

    /// Returns the table's label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Orders => "Orders",
            Self::Trades => "Round trips",
            Self::Equity => "Equity",
            Self::Surface => "Surface",
        }
    }
}

/// Returns the file's name.
pub fn name(shown: &Shown, what: What, format: Format, now_millis: i64) -> String {
    let pair = &shown.ran.parameters.settings.pair;
    let stamp = calendar::stamp(now_millis);
    format!("spreadscope-backtest-{}-{}-{}-{stamp}.{}", what.as_str(), pair.y, pair.x, format.as_str())
}

/// Returns the file in parts; `None` for a surface that does not exist.
pub fn file(
    shown: &Shown,
    surface: Option<(&Grid, &Surface)>,
    what: What,
    format: Format,
    now_millis: i64,
    replay: Option<Place>,
) -> Option<Vec<String>> {
    let mut head = parameters(shown, now_millis);
    head.extend(replay.iter().flat_map(replay::head));
    if what == What::Surface {
        let (grid, found) = surface?;
        for (name, axis) in [("surface_down", 0), ("surface_across", 1)] {
            let values: Vec<String> = grid.axes[axis].values.iter().map(ToString::to_string).collect();
            head.push((name, Cell::Text(format!("{}={}", grid.axes[axis].name, values.join("|")))));
        }
        let columns = [
            grid.axes[0].name,
            grid.axes[1].name,
            "trades",
            "net",
            "gross",
            "fees",
            "turnover",
            "break_even_fee_bps",
        ];
        let rows = found.cells.iter().enumerate().map(|(place, cell)| {
            let [down, across] = grid.values(place).map(cell_of);
            let number =
                |part: fn(&spreadscope_engine::backtest::Cell) -> f64| Cell::maybe(cell.as_ref().map(part));
            vec![
                down,
                across,
                whole(cell.as_ref().map_or(0, |cell| cell.trades)),
                number(|cell| cell.net),
                number(|cell| cell.gross),
                number(|cell| cell.fees),
                number(|cell| cell.turnover),
                Cell::maybe(cell.as_ref().and_then(spreadscope_engine::backtest::Cell::break_even_fee_bps)),
            ]
        });
        return Some(parts(format, &head, &columns, rows));
    }
    let ledger = &shown.ran.ledger;
    Some(match what {
        What::Orders => parts(format, &head, &ORDER_COLUMNS, ledger.orders.iter().map(order)),
        What::Trades => parts(format, &head, &TRADE_COLUMNS, ledger.trades.iter().map(trade)),
        What::Equity | What::Surface => {
            let rows = (0..ledger.equity.len()).map(|at| {
                let time = shown.ran.open_time(at).0;
                let z = shown.ran.z.get(at).copied();
                vec![
                    Cell::Text(calendar::iso(time)),
                    Cell::Whole(time),
                    Cell::Number(ledger.equity[at]),
                    Cell::maybe(ledger.gross_equity.get(at).copied()),
                    Cell::maybe(z),
                ]
            });
            parts(format, &head, &["open_time", "open_time_ms", "equity", "gross_equity", "z_score"], rows)
        }
    })
}

fn parts(
    format: Format,
    head: &[(&'static str, Cell)],
    columns: &[&'static str],
    rows: impl Iterator<Item = Vec<Cell>>,
) -> Vec<String> {
    let mut writer = Writer::new(format, head, columns);
    let mut parts = Vec::new();
    for (place, row) in rows.enumerate() {
        writer.row(&row);
        if (place + 1).is_multiple_of(ROWS_A_PART) {
            parts.push(writer.take());
        }
    }
    parts.push(writer.finish());
    parts
}

/// Returns everything that the run depends on, and its metrics.
fn parameters(shown: &Shown, now_millis: i64) -> Vec<(&'static str, Cell)> {
    let ran = &shown.ran;
    let settings = &ran.parameters.settings;
    let to = ran.open_time(ran.bars).0;
    let mut head = vec![
        ("made_by", Cell::Text(format!("Spreadscope {}", env!("CARGO_PKG_VERSION")))),
        ("made_at", Cell::Text(calendar::iso(now_millis))),
        ("source", Cell::word(settings.source.label())),
        ("y", Cell::word(settings.pair.y.as_str())),
        ("x", Cell::word(settings.pair.x.as_str())),
        ("from", Cell::Text(calendar::iso(ran.from.0))),
        ("from_ms", Cell::Whole(ran.from.0)),
        ("to", Cell::Text(calendar::iso(to))),
        ("to_ms", Cell::Whole(to)),
        ("bars", whole(ran.bars)),
    ];
    head.extend(SETTINGS.iter().map(|setting| (setting.name, cell_of((setting.read)(&ran.parameters)))));
    head.push(("enter_by", Cell::Text(ran.entered_by.clone().unwrap_or_else(|| "|z|".to_owned()))));
    let metrics = &ran.metrics[0];
    head.extend(
        fills_by_book(&ran.parameters.rules, &ran.ledger.orders)
            .map(|said| ("slippage_is", Cell::Text(said))),
    );
    head.push(("trades", whole(metrics.trades)));
    head.push(("net", Cell::Number(metrics.net)));
    head.push(("break_even_fee_bps", Cell::maybe(metrics.break_even_fee_bps.value())));
    head
}

fn whole(count: usize) -> Cell {
    Cell::Whole(i64::try_from(count).unwrap_or(i64::MAX))
}

fn cell_of(value: Value) -> Cell {
    match value {
        Value::Number(number) => Cell::Number(number),
        word => Cell::Text(word.to_string()),
    }
}

const ORDER_COLUMNS: [&str; 10] =
    ["time", "time_ms", "leg", "quantity", "price", "fee", "slippage", "reason", "stale", "by_book"];

fn order(order: &Order) -> Vec<Cell> {
    let Order { time, leg, quantity, price, fee, slippage, reason, stale, by_book } = *order;
    vec![
        Cell::Text(calendar::iso(time.0)),
        Cell::Whole(time.0),
        Cell::word(if leg == OrderLeg::Y { "y" } else { "x" }),
        Cell::Number(quantity),
        Cell::Number(price),
        Cell::Number(fee),
        Cell::Number(slippage),
        Cell::word(reason_word(reason)),
        Cell::Flag(stale),
        Cell::Flag(by_book),
    ]
}

const fn reason_word(reason: Reason) -> &'static str {
    match reason {
        Reason::Entry => "entry",
        Reason::Exit => "exit",
        Reason::Stop => "stop",
        Reason::Time => "time",
        Reason::Loss => "loss",
        Reason::Rehedge => "rehedge",
        Reason::EndOfData => "end_of_data",
    }
}

const TRADE_COLUMNS: [&str; 23] = [
    "held",
    "entry_time",
    "entry_time_ms",
    "exit_time",
    "exit_time_ms",
    "entry_z",
    "quantity_y",
    "quantity_x",
    "entry_price_y",
    "entry_price_x",
    "exit_price_y",
    "exit_price_x",
    "reason_in",
    "reason_out",
    "gross",
    "fees",
    "slippage",
    "funding",
    "borrow",
    "net",
    "bars_held",
    "worst_excursion",
    "stale",
];

fn trade(trade: &RoundTrip) -> Vec<Cell> {
    let number = Cell::Number;
    vec![
        Cell::word(if trade.held == PositionSide::Long { "long" } else { "short" }),
        Cell::Text(calendar::iso(trade.entry_time.0)),
        Cell::Whole(trade.entry_time.0),
        Cell::Text(calendar::iso(trade.exit_time.0)),
        Cell::Whole(trade.exit_time.0),
        number(trade.entry_z),
        number(trade.quantity_y),
        number(trade.quantity_x),
        number(trade.entry_price_y),
        number(trade.entry_price_x),
        number(trade.exit_price_y),
        number(trade.exit_price_x),
        Cell::word(reason_word(trade.reason_in)),
        Cell::word(reason_word(trade.reason_out)),
        number(trade.gross),
        number(trade.fees),
        number(trade.slippage),
        number(trade.funding),
        number(trade.borrow),
        number(trade.net),
        whole(trade.bars_held),
        number(trade.worst_excursion),
        Cell::Flag(trade.stale),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::backtest::shown::tests::{news_of, run, shown};
    use spreadscope_engine::backtest::bench::message::{News, Wanted};

    fn text(what: What, format: Format) -> String {
        file(&shown(&[("stop_z", "4")]), None, what, format, 0, None).unwrap().concat()
    }

    #[test]
    fn every_number_reads_back_and_every_parameter_stands_in_the_head() {
        let shown = shown(&[("stop_z", "4")]);
        let csv = text(What::Trades, Format::Csv);
        for setting in SETTINGS {
            assert!(csv.contains(&format!("# {}: ", setting.name)), "{}", setting.name);
        }
        assert!(csv.contains("# stop_z: 4\r\n") && csv.contains("# time_stop_bars: 0\r\n"));
        let rows: Vec<Vec<&str>> = csv
            .split("\r\n")
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .map(|line| line.split(',').collect())
            .collect();
        let net = rows[0].iter().position(|head| *head == "net").unwrap();
        assert_eq!(rows.len(), shown.ran.ledger.trades.len() + 1);
        for (row, trade) in rows[1..].iter().zip(&shown.ran.ledger.trades) {
            assert_eq!(row[net].parse::<f64>().unwrap().to_bits(), trade.net.to_bits());
        }
        let orders: serde_json::Value = serde_json::from_str(&text(What::Orders, Format::Json)).unwrap();
        assert_eq!(orders["rows"].as_array().unwrap().len(), shown.ran.ledger.orders.len());
        assert_eq!(orders["rows"][0]["reason"], "entry");
        assert_eq!(orders["rows"][0]["by_book"], false);
        assert_eq!(orders["parameters"]["slippage_is"], serde_json::Value::Null);
        assert_eq!(orders["parameters"]["entry_z"], 2.0);
    }

    #[test]
    fn slippage_by_books_says_in_the_head_how_many_there_were() {
        let shown = shown(&[("slippage_by", "recorded_half_spread")]);
        let csv = file(&shown, None, What::Orders, Format::Csv, 0, None).unwrap().concat();
        assert!(csv.contains("# slippage_by: recorded_half_spread\r\n"), "{csv}");
        assert!(
            csv.contains("fills had a book, each cost 1 bps: only recordings with bookTicker frames"),
            "{csv}"
        );
    }

    #[test]
    fn equity_has_a_row_for_each_bar_and_a_surface_one_for_each_cell() {
        let equity: serde_json::Value = serde_json::from_str(&text(What::Equity, Format::Json)).unwrap();
        assert_eq!(equity["rows"].as_array().unwrap().len(), 4_000);
        let axes = "entry_z=1:3:3,exit_z=0:1.5:2";
        let News::Surface(found) = news_of([run(&[]), Wanted::Surface { axes: axes.to_owned() }]).remove(1)
        else {
            panic!()
        };
        let grid = Grid::parse(axes).unwrap();
        let csv =
            file(&shown(&[]), Some((&grid, &found)), What::Surface, Format::Csv, 0, None).unwrap().concat();
        assert!(csv.contains("# surface_down: entry_z=1|2|3\r\n"), "{csv}");
        assert_eq!(csv.split("\r\n").filter(|line| !line.starts_with('#') && !line.is_empty()).count(), 7);
        assert_eq!(file(&shown(&[]), None, What::Surface, Format::Csv, 0, None), None);
    }
}
