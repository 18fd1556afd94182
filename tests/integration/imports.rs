//! Files of each format, read where they are, become the expected bars.

use crate::files::Files;
use crate::recording::{self, ExpectedBar, LEGS, Log, on_both_logs};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use spreadscope_engine::analytics::cointegration::Outcome;
use spreadscope_engine::bars::{Bars, DecimalSum};
use spreadscope_engine::binance::wire;
use spreadscope_engine::binance::wire::Frame;
use spreadscope_engine::settings::Source;
use spreadscope_engine::transfer::news::Report;
use spreadscope_engine::{Interval, Pair, Settings, Symbol, Trade, UnixMillis};
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};

on_both_logs!(
    bars_of_1_s_as_csv_are_taken_row_for_row,
    frames_out_of_gzip_give_the_same_bars_for_both_symbols,
    the_same_trades_as_binances_archive_and_as_ndjson_give_the_same_bars,
);

fn read(name: &str) -> Option<Vec<u8>> {
    Some(std::fs::read(recording::file(name)?).unwrap())
}

pub(crate) fn symbol(name: &str) -> Symbol {
    Symbol::new(name).unwrap()
}

pub(crate) fn settings(y: &str, x: &str, interval: Interval) -> Settings {
    let pair = Pair { y: symbol(y), x: symbol(x) };
    Settings { source: Source::Recording, pair, interval, ..Settings::default() }
}

pub(crate) fn bars(files: &Files, name: &str, interval: Interval) -> Bars {
    files.driver.engine.imports().recording(&symbol(name)).unwrap().bars(interval).unwrap()
}

pub(crate) fn refused(report: &Report) -> Vec<(u64, &str)> {
    report.refusals.first.iter().map(|refusal| (refusal.line, refusal.reason.as_str())).collect()
}

/// Returns the trades of a log, by symbol.
pub(crate) fn trades(log: &Log) -> Vec<(String, Trade)> {
    let trade = |text: &str| match wire::parse(text) {
        Ok(Frame::Trade { symbol, trade }) => (symbol.into_owned(), trade),
        other => panic!("{other:?}"),
    };
    log.frames.iter().map(|frame| trade(&frame.text)).collect()
}

/// The fields of a bar that a kind of file can give.
#[derive(Clone, Copy, PartialEq)]
enum Gives {
    All,
    NoIds,
    NoTaker,
}

fn expect_bars(files: &Files, log: &Log, leg: usize, gives: Gives) {
    let (name, expected) = (LEGS[leg], &log.bars[leg]);
    let found = bars(files, name, Interval::OneSecond);
    assert_eq!((found.len(), found.first().map(|first| first.0)), (649, Some(expected[0].open_time)));
    for bar in expected {
        let ExpectedBar { open_time, prices, trades, ids, .. } = bar;
        let got = found.get(UnixMillis(*open_time));
        assert!(got.known(), "{name} {open_time}");
        let Some(traded) = got.traded else {
            assert_eq!(*trades, 0, "{name} {open_time}");
            continue;
        };
        assert_eq!([traded.open, traded.high, traded.low, traded.close], *prices, "{name} {open_time}");
        assert_eq!(traded.trades, *trades, "{name} {open_time}");
        let sums = [traded.volume, traded.quote_volume].map(DecimalSum::value);
        assert_eq!(sums, [bar.volume, bar.quote_volume], "{name} {open_time}");
        if gives != Gives::NoTaker {
            let taker = [traded.taker_base, traded.taker_quote].map(DecimalSum::value);
            assert_eq!(taker, [bar.taker_base, bar.taker_quote], "{name} {open_time}");
        }
        let got_ids = traded.first_trade_id.zip(traded.last_trade_id);
        assert_eq!(got_ids, ids.filter(|_| gives == Gives::All), "{name} {open_time}");
    }
}

fn bars_of_1_s_as_csv_are_taken_row_for_row(log: &Log) {
    let mut files = Files::new();
    for (leg, path) in log.bars_paths.iter().enumerate() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let report = files.import(name, std::fs::read(path).unwrap()).unwrap();
        assert_eq!((report.rows, report.refusals.count), (649, 0));
        expect_bars(&files, log, leg, Gives::NoIds);
    }
    files.show(settings("BTCUSDT", "ETHUSDT", Interval::OneSecond));
    assert_eq!((files.refused().len(), files.page().rows.len()), (0, 649));
    let last = files.page().rows.values().next_back().unwrap();
    let expected = log.bars[0].last().unwrap();
    assert_eq!((last.open_time.0, last.y.close), (expected.open_time, Some(expected.prices[3])));
    assert!(last.z.ready().is_some() && matches!(files.tests().outcome, Outcome::Done(_)));
}

fn frames_out_of_gzip_give_the_same_bars_for_both_symbols(log: &Log) {
    let name = log.path.file_name().unwrap().to_str().unwrap();
    let mut files = Files::new();
    let report = files.import(name, std::fs::read(&log.path).unwrap()).unwrap();
    assert_eq!((report.rows, report.refusals.count, report.others), (log.frames.len() as u64, 0, 0));
    let missing: Vec<(&str, u64)> =
        report.legs.iter().map(|leg| (leg.summary.symbol.as_str(), leg.missing_ids)).collect();
    assert_eq!(missing, [("BTCUSDT", 0), ("ETHUSDT", 0)]);
    for leg in [0, 1] {
        expect_bars(&files, log, leg, Gives::All);
    }
}

#[test]
fn a_mixed_recording_gives_its_trades_and_counts_the_other_frames() {
    let mut files = Files::new();
    let (mut rows, mut others) = (0, 0);
    for day in ["20240808", "20240809"] {
        let Some(file) = read(&format!("hftbacktest/spot/btcusdt_{day}.gz")) else { return };
        let report = files.import(&format!("btcusdt_{day}.gz"), file).unwrap();
        assert_eq!(report.refusals.count, 0, "{:?}", refused(&report));
        (rows, others) = (rows + report.rows, others + report.others);
    }
    // 41,249 and 58,325 lines, 9,757 and 10,147 of them trades
    assert_eq!((rows, others), (19_904, 99_574 - 19_904));
    // the files are cut within a second, so that only part of it is there: it is unknown
    let found = bars(&files, "BTCUSDT", Interval::OneSecond);
    let Some(log) = Log::recorded() else { return };
    let unknown: Vec<i64> = log.bars[0]
        .iter()
        .map(|bar| bar.open_time)
        .filter(|open_time| !found.get(UnixMillis(*open_time)).known())
        .collect();
    assert!(!unknown.is_empty() && unknown.len() <= 2, "{unknown:?}");
}

fn the_same_trades_as_binances_archive_and_as_ndjson_give_the_same_bars(log: &Log) {
    let tape = trades(log);
    let of =
        |name: &'static str| tape.iter().filter(move |(symbol, _)| symbol == name).map(|(_, trade)| trade);
    let [of_y, of_x] = LEGS.map(|name| of(name).count() as u64);
    let (mut csv, mut aggregates, mut json) = (String::new(), String::new(), String::new());
    let truth = |is| if is { "True" } else { "False" };
    for Trade { trade_id, trade_time, price, size, buyer_is_maker, .. } in of("BTCUSDT") {
        let (time, maker) = (trade_time.0 * 1_000, truth(*buyer_is_maker));
        writeln!(csv, "{trade_id},{price:.8},{size:.8},0,{time},{maker},True").unwrap();
    }
    for (at, Trade { trade_id, trade_time, price, size, buyer_is_maker, .. }) in of("ETHUSDT").enumerate() {
        let (time, maker) = (trade_time.0, truth(*buyer_is_maker));
        writeln!(aggregates, "{at},{price:.8},{size:.8},{trade_id},{trade_id},{time},{maker},True").unwrap();
    }
    for (symbol, Trade { trade_time, price, size, .. }) in &tape {
        writeln!(
            json,
            r#"{{"symbol":"{}","ts":{},"price":{price},"size":{size}}}"#,
            symbol.to_lowercase(),
            trade_time.0
        )
        .unwrap();
    }
    let mut files = Files::new();
    // the archive's file name would claim that it contains the whole day
    let report = files.import("BTCUSDT-trades.csv", csv.into_bytes()).unwrap();
    assert_eq!((report.rows, report.legs[0].missing_ids), (of_y, 0));
    expect_bars(&files, log, 0, Gives::All);
    let report = files.import("ETHUSDT-aggTrades.csv", aggregates.into_bytes()).unwrap();
    assert_eq!((report.rows, report.legs[0].missing_ids), (of_x, 0));
    expect_bars(&files, log, 1, Gives::All);
    let mut files = Files::new();
    let report = files.import("tape.ndjson", json.into_bytes()).unwrap();
    assert_eq!((report.rows, report.refusals.count), (of_y + of_x, 0));
    for leg in [0, 1] {
        expect_bars(&files, log, leg, Gives::NoTaker);
    }
}

#[test]
fn microseconds_and_a_faulty_twin() {
    let Some(good) = read("danielasota/test_positive_binance_trade_stream_spot_trxusdt_04-03-2025.csv.gz")
    else {
        return;
    };
    let mut files = Files::new();
    let report = files.import("spot_trxusdt_04-03-2025.csv.gz", good).unwrap();
    assert_eq!((report.rows, report.refusals.count, report.legs[0].missing_ids), (10_000, 0, 0));
    let summary = &report.legs[0].summary;
    assert_eq!((summary.symbol.as_str(), summary.holes), ("TRXUSDT", 0));
    // 00:00:01.271 to 00:47:59.150: the first and the last second may be cut off
    assert_eq!((summary.from.0, summary.to.0), (1_741_046_402_000, 1_741_049_279_000));
    let whole = bars(&files, "TRXUSDT", Interval::OneMinute);
    let bad = read("danielasota/test_negative_binance_trade_stream_spot_trxusdt_04-03-2025.csv.gz").unwrap();
    let report = files.import("spot_trxusdt_04-03-2025.csv.gz", bad).unwrap();
    assert_eq!((report.rows, report.refusals.count, report.legs[0].missing_ids), (9_999, 1, 1));
    assert_eq!(refused(&report), [(4, "trade id 348656871 has come before")]);
    assert_eq!(report.legs[0].summary.holes, 0, "the hole is within the first seconds");
    let minute = UnixMillis(1_741_047_000_000);
    assert_eq!(bars(&files, "TRXUSDT", Interval::OneMinute).get(minute), whole.get(minute));
}

#[test]
fn leans_zips_are_minutes_of_the_day_in_their_name() {
    // rows; first and last: milliseconds of the day, close and volume, by Python's zipfile
    type End = (i64, f64, f64);
    const EXPECTED: [(&str, u64, End, End); 15] = [
        ("btceur/20180404", 949, (0, 6_049.68, 6.723_743_65), (60_480_000, 5_623.45, 0.04)),
        ("btceur/20180405", 1_395, (0, 5_533.85, 0.855_348_19), (86_340_000, 5_526.89, 1.023_668_33)),
        ("btceur/20180406", 1_319, (0, 5_527.84, 0.190_858_37), (86_340_000, 5_401.01, 0.09)),
        ("btcusd/20170903", 1_440, (0, 4_652.69, 6.634_878_03), (86_340_000, 4_626.05, 2.874_302_49)),
        ("btcusd/20170904", 1_440, (0, 4_626.05, 5.162_951_2), (86_340_000, 4_498.25, 4.490_855_2)),
        ("btcusd/20180404", 1_007, (0, 7_422.0, 7.143_197_09), (60_420_000, 6_894.01, 0.037_333_3)),
        ("btcusd/20180405", 1_440, (0, 6_778.01, 26.843_792_53), (86_340_000, 6_785.85, 127.952_373_3)),
        ("btcusd/20180406", 1_440, (0, 6_785.85, 2.811_737_07), (86_340_000, 6_619.01, 1.933_915_36)),
        ("ethusd/20170903", 1_440, (0, 354.84, 50.290_177_34), (86_340_000, 353.06, 23.367_696_1)),
        ("ethusd/20170904", 1_440, (0, 353.1, 25.935_548_12), (86_340_000, 316.86, 92.855_011_82)),
        ("ethusd/20180404", 1_009, (0, 416.15, 46.335_792_89), (60_720_000, 380.07, 21.549_046_56)),
        ("ethusd/20180405", 1_440, (0, 378.02, 76.371_904_9), (86_340_000, 381.55, 14.987_390_19)),
        ("ltcusd/20180404", 1_008, (0, 134.01, 210.506_175_44), (60_600_000, 118.2, 4.117_6)),
        ("ltcusd/20180405", 1_439, (0, 117.96, 277.271_560_99), (86_340_000, 118.78, 546.421_567_97)),
        ("ltcusd/20180406", 1_440, (0, 118.9, 40.142_940_56), (86_340_000, 112.93, 69.334)),
    ];
    let mut files = Files::new();
    for (path, rows, first, last) in EXPECTED {
        let Some(file) = read(&format!("lean/crypto_coinbase_minute/{path}_trade.zip")) else { return };
        let (name, day) = path.split_once('/').unwrap();
        let report = files.import(&format!("{day}_trade.zip"), file).unwrap();
        assert_eq!((report.rows, report.refusals.count), (rows, 0), "{path}");
        let leg = &report.legs[0].summary;
        assert_eq!((leg.symbol.as_str(), leg.bars, leg.holes), (name.to_uppercase().as_str(), rows, 0));
        let midnight = leg.from.0;
        assert_eq!(midnight.rem_euclid(86_400_000), 0, "{path}");
        let found = bars(&files, name, Interval::OneMinute);
        for (millis, close, volume) in [first, last] {
            let traded = found.get(UnixMillis(midnight + millis)).traded.unwrap();
            assert_eq!((traded.close, traded.volume.value()), (close, volume), "{path} {millis}");
        }
        assert_eq!(leg.to.0, midnight + last.0 + 60_000);
    }
    files.show(settings("BTCUSD", "ETHUSD", Interval::FiveMinutes));
    // two days in 2017, one and a part in 2018: of the time between them the newest three months are kept
    assert_eq!(files.refused(), Vec::<&str>::new());
    let known =
        files.page().rows.values().filter(|row| row.y.close.is_some() && row.x.close.is_some()).count();
    // the last five minutes before a file ends are incomplete, and so missing
    assert_eq!(known, 288 + 1_007 / 5);
}

#[test]
fn trades_without_header_and_ids_are_known_by_what_stands_in_them() {
    let name = "binance_BTCUSDT_24h-trades_2020_11_16.csv";
    let Some(file) = read(&format!("gocryptotrader/{name}")) else { return };
    let mut files = Files::new();
    let report = files.import(name, file).unwrap();
    assert_eq!((report.rows, report.refusals.count), (1_000, 0));
    let recorded = files.driver.engine.imports().recording(&symbol("BTCUSDT")).unwrap();
    assert_eq!(recorded.summary(&symbol("BTCUSDT")).from.0, 1_605_499_847_000);
    assert_eq!(recorded.summary(&symbol("BTCUSDT")).to.0, 1_605_500_030_000);
    let (_, last) = recorded.traded().last().unwrap();
    assert_eq!((last.close, last.first_trade_id), (15_992.47, None));
}

#[test]
fn every_column_of_a_real_table_of_closes_is_a_market() {
    let Some(file) = read("skfolio/sp500_dataset.csv.gz") else { return };
    let mut files = Files::new();
    let report = files.import("sp500_dataset.csv.gz", file.clone()).unwrap();
    assert_eq!((report.rows, report.refusals.count, report.legs.len()), (8_313, 0, 20));
    for (name, ends) in [("KO", (2.235, 62.609)), ("PEP", (4.738, 179.278))] {
        let found = bars(&files, name, Interval::OneDay);
        let close = |days: i64| found.get(UnixMillis(days * 86_400_000)).traded.map(|bar| bar.close);
        // 1990-01-02 and 2022-12-28
        assert_eq!((close(7_306), close(19_354)), (Some(ends.0), Some(ends.1)));
        assert!(!found.get(UnixMillis(19_351 * 86_400_000)).known(), "a Sunday");
    }
    files.show(settings("PEP", "KO", Interval::OneHour));
    assert_eq!(files.refused().len(), 2, "{:?}", files.refused());
    files.show(settings("PEP", "KO", Interval::OneDay));
    assert_eq!(files.refused(), Vec::<&str>::new());
    // the tests are those of the last 900 closes, without days that had no trade
    let tests = files.tests();
    let mut text = String::new();
    GzDecoder::new(&file[..]).read_to_string(&mut text).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let column = |name: &str| {
        let at = rows[0].iter().position(|column| *column == name).unwrap();
        let closes: Vec<f64> = rows[1..].iter().map(|row| row[at].parse().unwrap()).collect();
        closes[closes.len() - 900..].to_vec()
    };
    let (y, x) = (column("PEP"), column("KO"));
    let fit = spreadscope_stats::ols(&y, &x).unwrap();
    let Outcome::Done(report) = &tests.outcome else { panic!("{tests:?}") };
    assert_eq!(tests.bars, 900);
    assert!((report.hedge_ratio / fit.slope - 1.0).abs() < 1e-12, "{} {}", report.hedge_ratio, fit.slope);
}

/// Returns 200,000 trades of a made-up market, and their bars from the same numbers.
fn long_file() -> String {
    let mut text = String::from("time,price,size,id\n");
    for at in 0..200_000_i64 {
        let price = 100 + (at * 7_919) % 83;
        writeln!(text, "{},{price}.25,0.5,{}", 1_700_006_400_000 + at * 250, at + 1).unwrap();
    }
    text
}

#[test]
fn a_long_file_comes_in_slices_and_a_damaged_one_leaves_nothing() {
    let text = long_file();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    let mut packed = encoder.finish().unwrap();
    let mut files = Files::new();
    let report = files.import("MADEUP.csv", text.clone().into_bytes()).unwrap();
    assert_eq!((report.rows, report.legs[0].summary.bars), (200_000, 49_998));
    assert!(files.slices > 20, "{}", files.slices);
    let plain = bars(&files, "MADEUP", Interval::OneMinute);
    let mut files = Files::new();
    files.import("MADEUP.csv.gz", packed.clone()).unwrap();
    let minute = UnixMillis(1_700_006_400_000 + 60_000);
    assert_eq!(bars(&files, "MADEUP", Interval::OneMinute).get(minute), plain.get(minute));
    assert_eq!(plain.get(minute).traded.unwrap().trades, 240);
    let at = packed.len() - 5;
    packed[at] ^= 1;
    let mut files = Files::new();
    assert_eq!(
        files.import("MADEUP.csv.gz", packed).unwrap_err(),
        "the gzip file is damaged: its checksum does not fit"
    );
    assert_eq!(files.driver.engine.imports().recordings().len(), 0);
}
