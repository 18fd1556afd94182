//! Files in the formats of the recordings, made from the seeded log, so that each format is tested on every
//! machine.

use crate::files::Files;
use crate::imports::{bars, refused, symbol, trades};
use crate::recording::{ExpectedBar, LEGS, Log};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use spreadscope_engine::archive::record::crc32;
use spreadscope_engine::{Interval, Trade, UnixMillis};
use std::fmt::Write as _;
use std::io::Write as _;

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// Returns an archive with one file in it.
fn zip(name: &str, text: &str) -> Vec<u8> {
    zip_of(&[(name, text)])
}

/// Returns an archive of files, given as names and texts.
pub(crate) fn zip_of(files: &[(&str, &str)]) -> Vec<u8> {
    let length = |length: usize| u32::try_from(length).unwrap().to_le_bytes();
    let (mut locals, mut centrals) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        let packed = encoder.finish().unwrap();
        let mut fields = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0];
        fields.extend(crc32(text.as_bytes()).to_le_bytes());
        fields.extend(length(packed.len()));
        fields.extend(length(text.len()));
        fields.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        let at = length(locals.len());
        locals.extend([b"PK\x03\x04", &fields[..], &[0, 0], name.as_bytes(), &packed].concat());
        centrals.extend([b"PK\x01\x02\x14\0", &fields[..], &[0; 12], &at, name.as_bytes()].concat());
    }
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    let lengths = [length(centrals.len()), length(locals.len())].concat();
    [&locals[..], &centrals, b"PK\x05\x06\0\0\0\0", &count, &count, &lengths, &[0, 0]].concat()
}

fn close_of(bar: &ExpectedBar) -> Option<f64> {
    (bar.trades > 0).then_some(bar.prices[3])
}

#[test]
fn a_mixed_recording_in_two_files_gives_its_trades_and_counts_the_other_frames() {
    let log = Log::seeded();
    let cut = log.at(50);
    assert_eq!(log.frames[cut - 1].local_millis / 1_000, log.frames[cut].local_millis / 1_000);
    let mut files = Files::new();
    let (mut rows, mut others) = (0, 0);
    for part in [log.part(0..50), log.part(50..100)] {
        let mut text = String::new();
        for (count, frame) in part.iter().enumerate() {
            let nanos = frame.local_millis * 1_000_000;
            writeln!(text, "{nanos} {}", frame.text).unwrap();
            if count % 3 == 0 {
                let quote = r#"{"u":50093239212,"s":"BTCUSDT","b":"1.0","B":"1.0","a":"1.1","A":"1.0"}"#;
                writeln!(text, r#"{nanos} {{"stream":"btcusdt@bookTicker","data":{quote}}}"#).unwrap();
                others += 1;
            }
        }
        // one line of a recorder is a REST response, without an envelope
        writeln!(text, r#"{} {{"lastUpdateId":1,"bids":[],"asks":[]}}"#, log.end() * 1_000_000).unwrap();
        others += 1;
        let report = files.import("btcusdt_20260105.gz", gzip(&text)).unwrap();
        assert_eq!(report.refusals.count, 0, "{:?}", refused(&report));
        rows += report.rows;
        others -= report.others;
    }
    assert_eq!((rows, others), (log.frames.len() as u64, 0));
    // the files are cut within a second, so that only part of it is there: it is unknown
    let found = bars(&files, LEGS[0], Interval::OneSecond);
    let unknown = log.bars[0].iter().filter(|bar| !found.get(UnixMillis(bar.open_time)).known()).count();
    assert!((1..=2).contains(&unknown), "{unknown}");
}

#[test]
fn microseconds_and_a_faulty_twin() {
    const HEADER: &str = "TimestampOfReceive,Stream,EventType,EventTime,TransactionTime,Symbol,TradeId,Price,\
         Quantity,IsBuyerMarketMaker,MUnknownParameter";
    const NAME: &str = "spot_btcusdt_05-01-2026.csv.gz";
    let log = Log::seeded();
    let trades: Vec<Trade> =
        trades(&log).into_iter().filter(|(symbol, _)| symbol == LEGS[0]).map(|(_, trade)| trade).collect();
    let lines: Vec<String> = trades
        .iter()
        .map(|Trade { trade_id, trade_time, price, size, buyer_is_maker, .. }| {
            let micros = trade_time.0 * 1_000;
            let (event, received, maker) = (micros + 300, micros + 900, u8::from(*buyer_is_maker));
            format!("{received},btcusdt@trade,trade,{event},{micros},BTCUSDT,{trade_id},{price},{size},{maker},True")
        })
        .collect();
    let table = |lines: &[String]| gzip(&format!("{HEADER}\n{}\n", lines.join("\n")));
    let mut files = Files::new();
    let report = files.import(NAME, table(&lines)).unwrap();
    assert_eq!((report.rows, report.refusals.count), (lines.len() as u64, 0));
    let whole = bars(&files, LEGS[0], Interval::OneSecond);
    for bar in &log.bars[0] {
        let got = whole.get(UnixMillis(bar.open_time)).traded.map(|bar| bar.close);
        assert_eq!(got, close_of(bar), "{}", bar.open_time);
    }

    // the third trade has the id of the second
    let mut faulty = lines;
    let [second, third] = [trades[1].trade_id, trades[2].trade_id].map(|id| format!(",{id},"));
    faulty[2] = faulty[2].replace(&third, &second);
    let report = files.import(NAME, table(&faulty)).unwrap();
    assert_eq!(
        (report.rows, report.refusals.count, report.legs[0].missing_ids),
        (faulty.len() as u64 - 1, 1, 1)
    );
    let id = trades[1].trade_id;
    let reason = format!("trade id {id} has come before");
    assert_eq!(refused(&report), [(4, reason.as_str())]);
}

#[test]
fn a_zip_of_lean_has_the_minutes_of_the_day_in_its_name() {
    let mut text = String::new();
    for minute in 0..1_440 {
        let close = 7_000 + minute % 97;
        writeln!(text, "{},7000.5,7100,6990,{close},{minute}.25", minute * 60_000).unwrap();
    }
    let mut files = Files::new();
    let report = files.import("20180405_trade.zip", zip("20180405_btcusd_minute_trade.csv", &text)).unwrap();
    assert_eq!((report.rows, report.refusals.count), (1_440, 0));
    let leg = &report.legs[0].summary;
    let midnight = 1_522_886_400_000;
    assert_eq!((leg.symbol.as_str(), leg.from.0, leg.holes), ("BTCUSD", midnight, 0));
    let found = bars(&files, "BTCUSD", Interval::OneMinute);
    for minute in [0, 1, 700, 1_439] {
        let traded = found.get(UnixMillis(midnight + minute * 60_000)).traded.unwrap();
        assert_eq!(
            (traded.close, traded.volume.value()),
            ((7_000 + minute % 97) as f64, minute as f64 + 0.25)
        );
    }
}

#[test]
fn trades_without_header_and_ids_are_known_by_what_stands_in_them() {
    let mut text = String::new();
    for second in 0..600 {
        writeln!(text, "{},15993.{:02},0.026472,ANY", 1_605_499_846 + second / 2, second % 100).unwrap();
    }
    let mut files = Files::new();
    let report = files.import("binance_BTCUSDT_24h-trades_2020_11_16.csv", text.into_bytes()).unwrap();
    assert_eq!((report.rows, report.refusals.count), (600, 0));
    let recorded = files.driver.engine.imports().recording(&symbol("BTCUSDT")).unwrap();
    // the first and the last second may be cut off
    let summary = recorded.summary(&symbol("BTCUSDT"));
    assert_eq!((summary.from.0, summary.to.0), (1_605_499_847_000, 1_605_500_145_000));
    let (_, last) = recorded.traded().last().unwrap();
    assert_eq!((last.close, last.trades, last.first_trade_id), (15_993.97, 2, None));
}
