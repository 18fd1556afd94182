//! The backtest that a row of the scanner opens trades the bars that the row's break-even fee is of.

use crate::files::Files;
use crate::recorded_books::run_in;
use crate::scanner::plan;
use core::fmt::Write as _;
use spreadscope_engine::backtest::Parameters;
use spreadscope_engine::backtest::bench::message::{BacktestCommand, CommandId, Ran, Wanted};
use spreadscope_engine::backtest::bench::{SetUp, set_up};
use spreadscope_engine::base::codec::{decode, encode};
use spreadscope_engine::scan::scanner::{Choice, Machine, News, Plan, ScanCommand};
use spreadscope_engine::scan::{PairTest, Report};
use spreadscope_engine::settings::Source;
use spreadscope_engine::{Command, Interval, Pair, Settings, Symbol};

const BARS: i64 = 3_000;
/// A bar from which on the spread swings half as far and three times as fast.
const QUIET_FROM: i64 = 1_900;

fn market(leg: f64) -> Vec<u8> {
    let mut text = "open_time,open,high,low,close,volume\n".to_owned();
    for hour in 0..BARS {
        let (far, fast) = if hour < QUIET_FROM { (1.0, 41.0) } else { (0.5, 13.0) };
        let hours = hour as f64;
        let common = 100.0 + 3.0 * (hours / 290.0).sin() + 0.02 * ((hour * 7 % 11) as f64);
        let close = common + leg * far * (hours / fast).sin() + 0.01 * ((hour * 5 % 13) as f64) * leg;
        let (open, time) = (close - 0.004, 1_700_006_400_000 + 3_600_000 * hour);
        writeln!(text, "{time},{open:.4},{:.4},{:.4},{close:.4},10", close + 0.01, open - 0.01).unwrap();
    }
    text.into_bytes()
}

fn imported() -> Files {
    let mut files = Files::new();
    for (name, leg) in [("ADAUSDT-1h.csv", 0.0), ("DOTUSDT-1h.csv", 1.0)] {
        let report = files.import(name, market(leg)).unwrap();
        assert_eq!(report.rows, BARS.unsigned_abs(), "{name}");
    }
    files.driver.engine.scan_with(Machine::open);
    files.driver.engine.backtest_with(SetUp::of(set_up));
    files
}

/// Returns the only pair of a scan over the last `bars` bars, and its break-even fee.
fn scanned(files: &mut Files, bars: usize) -> (PairTest, f64) {
    let plan = Plan { bars, interval: Interval::OneHour, ..plan(Choice::Imported) };
    files.command(Command::Scan(encode(&ScanCommand::Begin { run: 1, plan })));
    let told = files.driver.page.scan.drain(..);
    let news: Vec<News> = told.flat_map(|bytes| decode::<Vec<News>>(&bytes).unwrap()).collect();
    let fee = news.iter().find_map(|news| match news {
        News::Fees(fees) => fees.first().and_then(|(_, fee)| fee.clone().ok()),
        _ => None,
    });
    let test = news.into_iter().find_map(|news| match news {
        News::Report { report: Report { mut pairs, .. }, .. } => pairs.pop().map(|pair| pair.test),
        _ => None,
    });
    (test.unwrap(), fee.unwrap())
}

fn ran(files: &mut Files, within: Option<[spreadscope_engine::UnixMillis; 2]>) -> Ran {
    let wanted =
        Wanted::Run { parameters: Box::new(Parameters::default()), enter_by: None, renew: false, within };
    files.command(Command::Backtest(encode(&BacktestCommand { id: CommandId::default(), wanted })));
    run_in(files.driver.page.backtests.drain(..)).unwrap()
}

#[test]
fn the_break_even_fee_of_a_row_is_that_of_the_backtest_it_opens() {
    let mut files = imported();
    let [y, x] = ["ADAUSDT", "DOTUSDT"].map(|name| Symbol::new(name).unwrap());
    let (source, interval) = (Source::Recording, Interval::OneHour);
    files.show(Settings { source, interval, pair: Pair { y, x }, ..Settings::default() });
    let fee_of = |ran: &Ran| ran.metrics[0].break_even_fee_bps.value().unwrap();
    let all = ran(&mut files, None);
    assert_eq!((all.bars, all.within), (3_000, None));
    for bars in [1_000, 1_500] {
        let (test, fee) = scanned(&mut files, bars);
        let span = test.span(interval);
        let opened = ran(&mut files, Some(span));
        assert_eq!((opened.bars, opened.from, opened.within), (bars, test.first_open_time, Some(span)));
        assert_eq!(fee.to_bits(), fee_of(&opened).to_bits(), "{bars} bars");
        assert!((fee - fee_of(&all)).abs() > 1.0, "{fee} on {bars} bars, {} on all", fee_of(&all));
    }
    // a scan over all bars, and back to all of them
    let (_, fee) = scanned(&mut files, 5_000);
    assert_eq!(fee.to_bits(), fee_of(&all).to_bits());
    let again = ran(&mut files, None);
    assert!((again.bars, again.within) == (3_000, None) && again.ledger == all.ledger);
}
