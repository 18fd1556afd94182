//! A recording that has the book: its half-spreads by bar, and what fills pay by them, natively, on the desk and in a
//! replay.

use crate::files::Files;
use crate::imports::{bars, refused, settings, symbol};
use crate::recording::{LEGS, Log, file};
use spreadscope_engine::backtest::bench::message::{
    BacktestCommand, BacktestReport, CommandId, News, Ran, Wanted,
};
use spreadscope_engine::backtest::bench::{SetUp, set_up};
use spreadscope_engine::backtest::{Parameters, Rules, SlippageBy, fills_by_book};
use spreadscope_engine::bars::HalfSpreads;
use spreadscope_engine::base::symbol::Leg;
use spreadscope_engine::messages::protocol::{decode, encode};
use spreadscope_engine::replay::{Place, Session, Tape};
use spreadscope_engine::{Command, Event, Interval, Settings, UnixMillis};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The seeded log with a book behind each fifth frame, of the legs in turn; and, by leg and second, the half-spread of
/// the last book in it.
fn with_books(log: &Log) -> (String, [BTreeMap<i64, f64>; 2]) {
    let (mut text, mut expected) = (String::new(), [BTreeMap::new(), BTreeMap::new()]);
    for (at, frame) in log.frames.iter().enumerate() {
        let nanos = frame.local_millis * 1_000_000;
        writeln!(text, "{nanos} {}", frame.text).unwrap();
        if at % 5 > 0 {
            continue;
        }
        let (leg, ask) = (at / 5 % 2, 100.0 + 0.01 * (at % 17) as f64);
        let sent: serde_json::Value = serde_json::from_str(&frame.text).unwrap();
        let sent = sent["data"]["E"].as_i64().unwrap();
        // 3 ms behind the frame, by the recorder's clock
        let second = (sent + 3).div_euclid(1_000) * 1_000;
        expected[leg].insert(second, 1e4 * (ask - 100.0) / (ask + 100.0));
        let stream = LEGS[leg].to_lowercase();
        let book = format!(r#"{{"u":{at},"s":"{}","b":"100","B":"1","a":"{ask}","A":"2.5"}}"#, LEGS[leg]);
        writeln!(text, r#"{} {{"stream":"{stream}@bookTicker","data":{book}}}"#, nanos + 3_000_000).unwrap();
    }
    (text, expected)
}

fn short_windows() -> Settings {
    Settings { hedge_window_bars: 60, z_window_bars: 45, ..settings(LEGS[0], LEGS[1], Interval::OneSecond) }
}

fn command(slippage_by: SlippageBy) -> Vec<u8> {
    let rules = Rules { slippage_by, slippage_bps: 2.0, ..Rules::default() };
    let parameters = Box::new(Parameters { settings: short_windows(), rules });
    let wanted = Wanted::Run { parameters, enter_by: None, renew: true, within: None };
    encode(&BacktestCommand { id: CommandId::default(), wanted })
}

pub(crate) fn run_in(news: impl IntoIterator<Item = Vec<u8>>) -> Option<Ran> {
    news.into_iter().find_map(|news| match decode::<BacktestReport>(&news).unwrap().news {
        News::Ran(ran) => Some(*ran),
        _ => None,
    })
}

/// The run of the desk that shows the recording.
fn run_on_desk(files: &mut Files, slippage_by: SlippageBy) -> Ran {
    files.show(short_windows());
    files.driver.engine.backtest_with(SetUp::of(set_up));
    files.command(Command::Backtest(command(slippage_by)));
    run_in(files.driver.page.backtests.drain(..)).unwrap()
}

#[test]
fn the_last_book_before_each_close_is_known_and_paid_by() {
    let log = Log::seeded();
    let (text, expected) = with_books(&log);
    let mut files = Files::new();
    let report = files.import("both.jsonl", text.clone().into_bytes()).unwrap();
    assert_eq!((report.rows, report.refusals.count), (log.frames.len() as u64, 0), "{:?}", refused(&report));
    assert_eq!(report.others, log.frames.len().div_ceil(5) as u64);
    assert!(
        report.notes.iter().any(|note| note.contains("bid and ask of BTCUSDT and ETHUSDT")),
        "{report:?}"
    );
    for (leg, expected) in expected.iter().enumerate() {
        let bars = bars(&files, LEGS[leg], Interval::OneSecond);
        let mut last = None;
        for bar in &log.bars[leg] {
            last = expected.get(&bar.open_time).copied().or(last);
            assert_eq!(bars.half_spreads().get(UnixMillis(bar.open_time)), last, "{}", bar.open_time);
        }
    }
    let by_book = run_on_desk(&mut files, SlippageBy::HalfSpread);
    let orders = &by_book.ledger.orders;
    assert!(orders.len() > 10 && orders.iter().all(|order| order.by_book), "{}", orders.len());
    for order in orders {
        let bars = bars(&files, LEGS[order.leg as usize], Interval::OneSecond);
        let half_spread = bars.half_spreads().get(order.time - 1_000).unwrap();
        let at_open = bars.get(order.time).traded.unwrap().open;
        let worse = at_open * half_spread / 1e4 * order.quantity.signum();
        if order.reason != spreadscope_engine::backtest::Reason::EndOfData {
            assert!((order.price - at_open - worse).abs() < 1e-9, "{order:?} {at_open} {half_spread}");
        }
    }
    let by_bps = run_on_desk(&mut files, SlippageBy::Bps);
    assert!(by_bps.ledger.orders.iter().all(|order| !order.by_book));
    assert_eq!(by_bps.ledger.trades.len(), by_book.ledger.trades.len());
    assert!((by_bps.metrics[0].gross - by_book.metrics[0].gross).abs() < 1e-9);

    // the same recording without its books says so, and pays the bps
    let mut plain = Files::new();
    let trades: Vec<&str> = text.lines().filter(|line| !line.contains("bookTicker")).collect();
    let report = plain.import("trades.jsonl", trades.join("\n").into_bytes()).unwrap();
    assert!(!report.notes.iter().any(|note| note.contains("bid and ask")), "{report:?}");
    let without = run_on_desk(&mut plain, SlippageBy::HalfSpread);
    assert_eq!(without.ledger.orders, by_bps.ledger.orders);
    let said = fills_by_book(&without.parameters.rules, &without.ledger.orders).unwrap();
    assert!(said.contains(&format!("none of {} fills had a book, each cost 2 bps", orders.len())), "{said}");
    // and has them once a second file brings them
    plain.import("both.jsonl", text.into_bytes()).unwrap();
    assert_eq!(run_on_desk(&mut plain, SlippageBy::HalfSpread).ledger, by_book.ledger);
}

#[test]
fn a_replay_of_the_recording_pays_by_the_same_books() {
    let log = Log::seeded();
    let mut files = Files::new();
    files.import("both.jsonl", with_books(&log).0.into_bytes()).unwrap();
    let expected = run_on_desk(&mut files, SlippageBy::HalfSpread);
    let markets = files.driver.engine.markets().unwrap();
    let tape = Tape::of_bars(Leg::BOTH.map(|leg| markets.legs[leg as usize].chosen()));
    let (from, to) = tape.span().unwrap();
    let mut session =
        Session::open(tape, Place { from, to, at: to, begins: None }, &short_windows(), Vec::new()).unwrap();
    while session.work(UnixMillis(1), 97) || session.has_news() {
        session.take_news();
    }
    session.backtest(SetUp::of(set_up), command(SlippageBy::HalfSpread));
    let mut told = Vec::new();
    while session.work(UnixMillis(1), 97) || session.has_news() {
        told.extend(session.take_news().1);
    }
    told.extend(session.take_news().1);
    let news = told.into_iter().filter_map(|event| match event {
        Event::Backtest(news) => Some(news),
        _ => None,
    });
    assert_eq!(run_in(news).unwrap().ledger, expected.ledger);
}

#[test]
fn bad_books_are_refused_by_line_and_the_trades_are_there() {
    let log = Log::seeded();
    let mut text = String::new();
    for frame in &log.frames {
        writeln!(text, "{}", frame.text).unwrap();
    }
    let lines = log.frames.len() as u64;
    for (bid, bid_size, ask) in [("101", "1", "100"), ("0.00", "0.00", "100"), ("99", "1", "NaN")] {
        writeln!(text, r#"{{"u":1,"s":"BTCUSDT","b":"{bid}","B":"{bid_size}","a":"{ask}","A":"1"}}"#)
            .unwrap();
    }
    let mut files = Files::new();
    let report = files.import("bad.jsonl", text.into_bytes()).unwrap();
    let expected = [
        "the book of BTCUSDT is crossed: bid 101 above ask 100",
        "the book of BTCUSDT has no bid: its price must be a positive decimal, was \"0.00\"",
        "the book of BTCUSDT has no ask: its price must be a positive decimal, was \"NaN\"",
    ];
    let expected: Vec<(u64, &str)> = (lines + 1..).zip(expected).collect();
    assert_eq!(refused(&report), expected);
    let recorded = files.driver.engine.imports().recording(&symbol(LEGS[0])).unwrap();
    assert!(recorded.half_spreads().is_empty() && recorded.len() > 500);
}

/// Recorded spot streams: half the tick of BTCUSDT, 0.01, is 0.0008 bps of its price, and that is what its book mostly has.
#[test]
fn recorded_books_are_as_narrow_as_their_market() {
    let mut medians = Vec::new();
    for name in ["btcusdt", "ethusdt"] {
        let Some(path) = file(&format!("hftbacktest/spot/{name}_20240808.gz")) else { return };
        let mut files = Files::new();
        files.import(&format!("{name}_20240808.gz"), std::fs::read(path).unwrap()).unwrap();
        let bars = bars(&files, &name.to_uppercase(), Interval::OneSecond);
        let mut found: Vec<f64> = HalfSpreads::iter(bars.half_spreads()).map(|(_, bps)| bps).collect();
        assert!(found.len() + 3 > bars.len() && found.iter().all(|bps| (0.0..20.0).contains(bps)));
        found.sort_by(f64::total_cmp);
        medians.push(found[found.len() / 2]);
    }
    assert!((medians[0] - 0.0008).abs() < 5e-5 && (medians[1] - 0.019).abs() < 1e-3, "{medians:?}");
}
