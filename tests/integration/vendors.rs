//! Vendors' files, each recognised without help; the inputs are from public bug reports, and variants of them.

use crate::files::Files;
use spreadscope_engine::Symbol;
use spreadscope_engine::bars::{DecimalSum, Traded};
use spreadscope_engine::transfer::calendar::Order;
use spreadscope_engine::transfer::news::Report;
use spreadscope_engine::transfer::timestamp;
use std::fmt::Write as _;
use std::path::Path;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn fixture(path: &str) -> (Files, Report) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bug-reports").join(path);
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    import(&name, &std::fs::read(path).unwrap())
}

pub(crate) fn import(name: &str, bytes: &[u8]) -> (Files, Report) {
    let mut files = Files::new();
    let report = files.import(name, bytes.to_vec()).unwrap_or_else(|reason| panic!("{name}: {reason}"));
    (files, report)
}

pub(crate) fn bars(files: &Files, symbol: &str) -> (i64, Vec<(i64, Traded)>) {
    let recording = files.driver.engine.imports().recording(&Symbol::new(symbol).unwrap());
    let recording = recording.unwrap_or_else(|| panic!("there is no {symbol}"));
    (recording.step_millis(), recording.traded().map(|(open_time, bar)| (open_time.0, *bar)).collect())
}

pub(crate) fn date(millis: i64) -> String {
    timestamp::format(millis)[..16].to_owned()
}

/// Returns step, number of bars, first and last open time, and last close.
fn shape(files: &Files, symbol: &str) -> (i64, usize, String, String, f64) {
    let (step, bars) = bars(files, symbol);
    let (first, last) = (bars.first().unwrap(), bars.last().unwrap());
    (step, bars.len(), date(first.0), date(last.0), last.1.close)
}

#[test]
fn lines_above_the_header_cost_nothing() {
    let (files, report) = fixture("B1/Binance_BTCUSDT_1h.csv");
    assert_eq!((report.rows, report.refusals.count), (48, 0));
    let expected = (HOUR, 48, "2024-01-01T00:00".into(), "2024-01-02T23:00".into(), 43_193.5);
    assert_eq!(shape(&files, "BTCUSDT"), expected);
    let (_, held) = bars(&files, "BTCUSDT");
    assert_eq!((held[47].1.quote_volume.value(), held[47].1.trades), (918_019.53, 898));
    let (files, report) = fixture("B1/sep_line_BTCUSDT_1h.csv");
    assert_eq!((report.rows, report.refusals.count, bars(&files, "BTCUSDT").1.len()), (24, 0, 24));
}

#[test]
fn a_header_of_three_lines_names_fields_and_markets() {
    let (files, report) = fixture("B2/KO.csv");
    assert_eq!((report.rows, report.refusals.count), (25, 0));
    assert_eq!(shape(&files, "KO").2, "2024-01-02T00:00");
    let (files, report) = fixture("B2/KO_PEP.csv");
    assert_eq!((report.rows, report.refusals.count), (25, 0));
    for (name, open, close) in [("KO", 59.82, 59.75), ("PEP", 169.3, 169.39)] {
        let (step, held) = bars(&files, name);
        assert_eq!((step, held.len(), held[0].1.open, held[0].1.close), (DAY, 25, open, close), "{name}");
    }
    assert_eq!(bars(&files, "PEP").1[0].1.volume.value(), 34_376_540.0);
}

#[test]
fn bars_that_daylight_saving_moves_stay_days() {
    let (files, report) = fixture("B3/KO.csv");
    assert_eq!((report.rows, report.refusals.count), (10, 0));
    let days: Vec<String> = bars(&files, "KO").1.iter().map(|(open_time, _)| date(*open_time)).collect();
    assert!(days.contains(&"2024-03-11T00:00".to_owned()), "{days:?}");
    let (files, _) = fixture("B3/BTCEUR.csv");
    let expected = (DAY, 14, "2024-03-25T00:00".into(), "2024-04-07T00:00".into());
    let (step, count, first, last, _) = shape(&files, "BTCEUR");
    assert_eq!((step, count, first, last), expected);
}

#[test]
fn json_arrays_and_records_are_bars() {
    for (path, symbol, count) in [
        ("B6/BTC_USDT-1h.json", "BTCUSDT", 48),
        ("B6/ETHUSDT-1h-rest.json", "ETHUSDT", 48),
        ("B6/ETHUSDT_records.json", "ETHUSDT", 48),
        ("B6/ETHUSDT_records_indent.json", "ETHUSDT", 24),
    ] {
        let (files, report) = fixture(path);
        let (step, held) = bars(&files, symbol);
        assert_eq!((report.refusals.count, step, held.len()), (0, HOUR, count), "{path}");
        assert_eq!(date(held[0].0), "2024-01-01T00:00", "{path}");
    }
    let (files, _) = fixture("B6/ETHUSDT-1h-rest.json");
    let (_, held) = bars(&files, "ETHUSDT");
    assert_eq!(
        (held[0].1.close, held[0].1.quote_volume.value(), held[0].1.trades),
        (2_281.0, 78_035.199_76, 464)
    );
}

#[test]
fn the_coding_of_a_header_costs_no_row() {
    for path in
        ["B8/BTCUSDT-okx-trades-2022-03-01.csv", "B8/BTCUSDT_latin1.csv", "B8/BTC-USDT-trades-2025-10-01.csv"]
    {
        let (files, report) = fixture(path);
        assert_eq!((report.rows, report.refusals.count), (20, 0), "{path}");
        assert_eq!(bars(&files, "BTCUSDT").0, 1_000);
    }
}

#[test]
fn decimal_commas_thousands_and_abbreviations_are_numbers() {
    for (path, symbol, first) in [("B9/KO.csv", "KO", 59.75), ("B9/PEP.csv", "PEP", 169.39)] {
        let (files, report) = fixture(path);
        let (step, held) = bars(&files, symbol);
        assert_eq!((report.refusals.count, step, held.len(), held[0].1.close), (0, DAY, 25, first), "{path}");
    }
    let (files, _) = fixture("B9/BTCUSD_thousands.csv");
    let (_, held) = bars(&files, "BTCUSD");
    let (_, newest) = held.last().unwrap();
    assert_eq!((held.len(), newest.close, newest.volume.value()), (25, 44_951.1, 8_180.0));
}

#[test]
fn whole_numbers_with_a_point_and_empty_optional_cells_are_read() {
    let (files, report) = fixture("B11/BTCUSDT_1h_floats.csv");
    let (_, held) = bars(&files, "BTCUSDT");
    assert_eq!((report.rows, report.refusals.count, held.len()), (48, 0, 48));
    assert_eq!(held[0].1.trades, 164);
    assert_eq!(held.iter().filter(|(_, bar)| bar.volume == DecimalSum::ZERO).count(), 2);
    let (_, report) = fixture("B11/BTCUSDT_trades_float_ids.csv");
    assert_eq!((report.rows, report.refusals.count, report.legs[0].missing_ids), (20, 0, 0));
}

#[test]
fn dates_of_every_kind_are_dates() {
    for (path, symbol, step, count, first) in [
        ("B13/KO.csv", "KO", DAY, 25, "2024-01-02T00:00"),
        ("B13/KO_excel_days.csv", "KO", DAY, 25, "2024-01-02T00:00"),
        ("B13/ko_us_stooq_1m.csv", "KO.US", 60_000, 30, "2024-01-02T15:45"),
        ("B13/DAT_ASCII_EURUSD_M1_202401.csv", "EURUSD", 60_000, 30, "2024-01-02T17:00"),
        ("B13/EURUSD_M1_metatrader.csv", "EURUSD", 60_000, 30, "2024-01-02T00:01"),
    ] {
        let (files, report) = fixture(path);
        let (found, held) = bars(&files, symbol);
        let seen = (report.refusals.count, found, held.len(), date(held[0].0));
        assert_eq!(seen, (0, step, count, first.to_owned()), "{path}");
    }
}

#[test]
fn a_market_may_have_a_name_in_any_script() {
    let (files, report) = fixture("C1/币安人生USDT-1m-2025-10-09.csv");
    assert_eq!((report.refusals.count, bars(&files, "币安人生USDT").1.len()), (0, 60));
}

/// Three days of a made-up market: date, open, high, low, close, volume.
const DAYS: [(&str, [f64; 5]); 3] = [
    ("2024-01-02", [1_010.5, 1_030.25, 1_000.0, 1_020.75, 81_040.0]),
    ("2024-01-03", [1_020.75, 1_040.0, 1_015.5, 1_033.0, 1_200_000.0]),
    ("2024-01-04", [1_033.0, 1_034.5, 1_001.0, 1_002.25, 950.0]),
];

/// Returns a table of the days below `header`, with rows written by `write`.
fn table(header: &str, write: impl Fn(&str, [f64; 5]) -> String) -> String {
    let mut text = header.to_owned();
    for (date, numbers) in DAYS {
        writeln!(text, "{}", write(date, numbers)).unwrap();
    }
    text
}

#[test]
fn the_same_days_come_out_of_every_dialect() {
    let comma = |number: f64| number.to_string().replace('.', ",");
    let american = |date: &str| format!("{}/{}/{}", &date[5..7], &date[8..], &date[..4]);
    let plain = |date: &str, [o, h, l, c, v]: [f64; 5]| format!("{date},{o},{h},{l},{c},{v}");
    let header = "Date,Open,High,Low,Close,Volume\n";
    let csv = table(header, plain);
    let epoch = |date: &str| timestamp::midnight(2024, 1, date[8..].parse().unwrap()).unwrap() / 1_000_000;
    let utf_16: Vec<u8> =
        core::iter::once(0xFEFF).chain(csv.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let newest_first: Vec<&str> =
        csv.lines().take(1).chain(csv.lines().skip(1).collect::<Vec<_>>().into_iter().rev()).collect();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("plain", csv.clone().into_bytes()),
        ("CRLF and a byte order mark", format!("\u{feff}{}", csv.replace('\n', "\r\n")).into_bytes()),
        ("UTF-16", utf_16),
        ("newest first", newest_first.join("\n").into_bytes()),
        ("semicolons and decimal commas", table("Datum;Eröffnung;Hoch;Tief;Schluss;Volumen\n", |date, numbers| {
            format!("{date};{}", numbers.map(comma).join(";"))
        }).into_bytes()),
        ("quoted, dollars, month first", table("\"Date\",\"Close/Last\",\"Volume\",\"Open\",\"High\",\"Low\"\n", |date, [o, h, l, c, v]| {
            // 13 January shows the order
            format!("\"{}\",\"${c}\",\"{v}\",\"${o}\",\"${h}\",\"${l}\"", american(date))
        }).into_bytes()),
        ("a nameless index", table(",Date,Open,High,Low,Close,Volume\n", |date, numbers| format!("{},{}", &date[9..], plain(date, numbers))).into_bytes()),
        ("an index of dates", table(",open,high,low,close,volume\n", plain).into_bytes()),
        ("a header in a remark", table("# Date,Open,High,Low,Close,Volume\n", plain).into_bytes()),
        ("seconds since 1970, without a header", table("", |date, numbers| plain(&epoch(date).to_string(), numbers)).into_bytes()),
        ("months by name", table(header, |date, numbers| plain(&format!("\"Jan {}, 2024\"", &date[8..]), numbers)).into_bytes()),
        ("Indian dates", table(header, |date, numbers| plain(&format!("{}-Jan-2024", &date[8..]), numbers)).into_bytes()),
        ("points in dates", table("Date;Open;High;Low;Close;Volume\n", |date, numbers| {
            format!("{}.01.2024;{}", &date[8..], numbers.map(comma).join(";"))
        }).into_bytes()),
        ("blanks", table("date open high low close volume\n", |date, numbers| plain(date, numbers).replace(',', "  ")).into_bytes()),
        ("tabs", csv.replace(',', "\t").into_bytes()),
        ("Chinese", table("日期,开盘,最高,最低,收盘,成交量\n", plain).into_bytes()),
        ("the close in New York", table(header, |date, numbers| plain(&format!("{date} 16:00:00-05:00"), numbers)).into_bytes()),
        ("arrays under a key", format!("{{\"code\":\"0\",\"data\":[{}]}}", table("", |date, [o, h, l, c, v]| {
            format!("[{}000,\"{o}\",\"{h}\",\"{l}\",\"{c}\",\"{v}\"],", epoch(date))
        }).trim().trim_end_matches(',')).into_bytes()),
        ("Coinbase's order", format!("[{}]", table("", |date, [o, h, l, c, v]| {
            format!("[{},{l},{h},{o},{c},{v}],", epoch(date))
        }).trim().trim_end_matches(',')).into_bytes()),
        ("Bybit's answer", format!("{{\"retCode\":0,\"result\":{{\"symbol\":\"ABCUSDT\",\"list\":[{}]}}}}", table("", |date, [o, h, l, c, v]| {
            format!("[\"{}000\",\"{o}\",\"{h}\",\"{l}\",\"{c}\",\"{v}\",\"1\"],", epoch(date))
        }).trim().trim_end_matches(',')).into_bytes()),
        ("objects by date", format!("{{\"Meta Data\":{{\"2. Symbol\":\"ABCUSDT\"}},\"Time Series (Daily)\":{{{}}}}}", table("", |date, [o, h, l, c, v]| {
            format!("\"{date}\":{{\"1. open\":\"{o}\",\"2. high\":\"{h}\",\"3. low\":\"{l}\",\"4. close\":\"{c}\",\"5. volume\":\"{v}\"}},")
        }).trim().trim_end_matches(',')).into_bytes()),
    ];
    for (what, bytes) in cases {
        let mut files = Files::new();
        let mut preview =
            files.open("ABCUSDT.csv", bytes).unwrap_or_else(|reason| panic!("{what}: {reason}"));
        if preview.plan.times.order == Order::Ambiguous {
            assert_eq!(preview.problems.len(), 1, "{what}: {:?}", preview.problems);
            preview.plan.times.order = Order::MonthFirst;
            preview.plan.step_millis = Some(DAY);
            preview.problems.clear();
        }
        assert_eq!(preview.problems, Vec::<String>::new(), "{what}");
        let report = files.start(preview.plan).unwrap_or_else(|reason| panic!("{what}: {reason}"));
        assert_eq!((report.rows, report.refusals.count), (3, 0), "{what}: {:?}", report.refusals.first);
        let (step, held) = bars(&files, "ABCUSDT");
        assert_eq!((step, held.len()), (DAY, 3), "{what}");
        for ((open_time, bar), (day, [o, h, l, c, v])) in held.iter().zip(DAYS) {
            let seen = (date(*open_time), bar.open, bar.high, bar.low, bar.close, bar.volume.value());
            assert_eq!(seen, (format!("{day}T00:00"), o, h, l, c, v), "{what}");
        }
    }
}

#[test]
fn every_column_of_a_table_of_closes_is_a_market() {
    let text = "Date,Brent,WTI,BRK.B,A\n2024-01-02,75.9,70.4,,1\n2024-01-03,78.3,72.7,361.5,2\n2024-01-04,77.6,x,360,3\n";
    let (files, report) = import("closes.csv", text.as_bytes());
    assert_eq!((report.rows, report.refusals.count), (3, 1));
    assert_eq!(report.refusals.first[0].reason, "WTI: close must be a positive decimal, was \"x\"");
    let order: Vec<&str> = report.legs.iter().map(|leg| leg.summary.symbol.as_str()).collect();
    assert_eq!(order, ["BRENT", "WTI", "BRK.B", "A"]);
    let counts = ["BRENT", "WTI", "BRK.B", "A"].map(|name| bars(&files, name).1.len());
    assert_eq!(counts, [3, 2, 2, 3]);
}

#[test]
fn a_row_that_comes_twice_is_the_later_and_fuller_one_and_it_is_said() {
    let text = "time,open,high,low,close,volume\n2024-01-01T00:00Z,1,1,1,1,5\n2024-01-01T01:00Z,2,2,2,2,5\n\
                2024-01-01T01:00Z,2,3,2,3,9\n2024-01-01T02:00Z,4,5,4,5,7\n2024-01-01T02:00Z,4,4,4,4,\n";
    let (files, report) = import("ABCUSDT.csv", text.as_bytes());
    assert_eq!((report.refusals.count, report.repeated), (0, 2));
    let closes: Vec<f64> = bars(&files, "ABCUSDT").1.iter().map(|(_, bar)| bar.close).collect();
    assert_eq!(closes, [1.0, 3.0, 5.0]);
}

#[test]
fn a_number_of_no_plausible_year_is_refused_with_what_it_would_have_been() {
    let mut files = Files::new();
    let preview = files.open("KO.csv", b"date,close\n5000,59.75\n5001,60.05\n".to_vec()).unwrap();
    let reason = preview.rows[0].read.as_ref().unwrap_err();
    assert!(reason.starts_with("time 5000 would be 1970-01-01"), "{reason}");
}

#[test]
fn real_tables_of_closes_are_taken_whole() {
    let Some(path) = crate::recording::file("arbitragelab/sp100_prices.csv") else { return };
    let (_, report) = import("sp100_prices.csv", &std::fs::read(path).unwrap());
    assert_eq!((report.rows, report.legs.len()), (945, 100));
    let Some(path) = crate::recording::file("arbitragelab/shell-rdp-close_USD.csv") else { return };
    let (files, report) = import("shell-rdp-close_USD.csv", &std::fs::read(path).unwrap());
    assert_eq!((report.rows, report.refusals.count), (4_520, 0));
    let (_, shell) = bars(&files, "SHELL");
    assert_eq!((date(shell[0].0), shell[0].1.close), ("1990-01-02T00:00".to_owned(), 7.75));
}
