//! Backtests over logs of frames: the signal is the desk's, and how much a fill at the deciding close flatters
//! it.

use crate::files::Files;
use crate::imports::bars;
use crate::recording::{self, LEGS, Log, on_both_logs};
use crate::virtual_time::play;
use spreadscope_engine::analytics::Row;
use spreadscope_engine::analytics::cointegration::{HalfLife, Outcome};
use spreadscope_engine::backtest::{
    FillAt, Legs, Refusal, Rules, Run, TapeMaker, TestResults, closes_alone, metrics, tape,
};
use spreadscope_engine::bars::{Bar, Bars, DecimalSum, Origin, Traded};
use spreadscope_engine::base::calendar::date;
use spreadscope_engine::settings::PriceScale;
use spreadscope_engine::{Interval, Settings, UnixMillis};
use spreadscope_stats::ols;

on_both_logs!(
    the_rows_of_a_backtest_are_those_of_the_live_desk_bit_for_bit,
    the_tests_of_a_backtest_are_those_of_the_live_desk_bit_for_bit,
);

fn the_rows_of_a_backtest_are_those_of_the_live_desk_bit_for_bit(log: &Log) {
    for price_scale in PriceScale::ALL {
        let settings = Settings {
            hedge_window_bars: 60,
            z_window_bars: 45,
            correlation_window_bars: 50,
            price_scale,
            overlays: Vec::new(),
            ..Settings::default()
        };
        let run = play(&settings, &log.frames);
        let market = run.driver.engine.markets().unwrap();
        let [y, x] = [0, 1].map(|leg: usize| market.legs[leg].chosen());
        let legs = Legs { bars: [y, x], closes_alone: [false; 2] };
        let mut maker = TapeMaker::new(legs, &settings).unwrap();
        let rows: Vec<Row> = core::iter::from_fn(|| maker.next_row(legs)).collect();
        let told: Vec<&Row> = run.rows.values().collect();
        assert!(told.len() > 600 && rows.len() >= told.len(), "{} {}", told.len(), rows.len());
        for (row, told) in rows.iter().zip(&told) {
            assert_eq!(&row, told);
        }
        assert!(told.iter().filter(|row| row.z.ready().is_some()).count() > 400);
    }
}

/// A filter passes an entry at exactly the number that the desk has reported, and not at the next one below it.
fn the_tests_of_a_backtest_are_those_of_the_live_desk_bit_for_bit(log: &Log) {
    let settings = Settings {
        hedge_window_bars: 60,
        z_window_bars: 45,
        test_lookback_bars: 120,
        overlays: Vec::new(),
        ..Settings::default()
    };
    let run = play(&settings, &log.frames);
    let market = run.driver.engine.markets().unwrap();
    let [y, x] = [0, 1].map(|leg: usize| market.legs[leg].chosen());
    let tape = tape(Legs { bars: [y, x], closes_alone: [false; 2] }, &settings).unwrap();
    let (mut ps, mut half_lives) = (0, 0);
    for tests in &run.tests {
        let Outcome::Done(report) = &tests.outcome else { continue };
        let at = tape.place(tests.open_time);
        let enters = tape.z(at).is_some_and(|z| z.abs() >= 0.01) && tape.ratio(at).is_some_and(|r| r > 0.0);
        // the first test of a desk is off the grid, and only for the page
        if tests.open_time.0 % 10_000 != 0 || !enters {
            continue;
        }
        let refusals = |filters: Rules| {
            let rules = Rules { entry_z: 0.01, ..filters };
            let mut run = Run::new(&rules, at..at + 2, false);
            while run.work(&tape, &mut TestResults::default(), usize::MAX) {}
            run.finish().refusals
        };
        if tests.part(&settings).is_some() {
            let any_p = refusals(Rules { max_p_value: Some(1.0), ..Rules::default() });
            assert_eq!(
                (any_p.bars(Refusal::PValue), any_p.bars(Refusal::FilterUndefined)),
                (0, 1),
                "{:?}",
                tests.open_time
            );
            continue;
        }
        let p = report.engle_granger_p_value;
        let refused = |p| refusals(Rules { max_p_value: Some(p), ..Rules::default() }).bars(Refusal::PValue);
        assert_eq!([p, p.next_down()].map(refused), [0, 1], "{p} at {:?}", tests.open_time);
        ps += 1;
        if let HalfLife::Reverting { bars, .. } = report.half_life {
            let refused = |bars| {
                refusals(Rules { max_half_life_bars: Some(bars), ..Rules::default() }).bars(Refusal::HalfLife)
            };
            assert_eq!([bars, bars.next_down()].map(refused), [0, 1], "{bars} at {:?}", tests.open_time);
            half_lives += 1;
        }
    }
    assert!(ps > 30 && half_lives >= 5, "{ps} p-values, {half_lives} half-lives");
}

/// The trap "same-close fill": on the recorded log, with z of the residual over its own window of 60 bars, the
/// gross edge is 0.490 bps of turnover at the next open and 0.533 at the deciding close, 9 % more.
#[test]
fn a_fill_at_the_deciding_close_is_too_good() {
    let Some(log) = Log::recorded() else { return };
    let bars = LEGS.map(|symbol| {
        let leg = LEGS.iter().position(|known| *known == symbol).unwrap();
        let mut bars = Bars::new(Interval::OneSecond);
        for expected in &log.bars[leg] {
            let [open, high, low, close] = expected.prices;
            let none = DecimalSum::of(0.0);
            let traded = Traded {
                open,
                high,
                low,
                close,
                volume: DecimalSum::of(expected.volume),
                quote_volume: none,
                taker_base: none,
                taker_quote: none,
                // that study treats a bar without a trade as one at the previous close
                trades: expected.trades.max(1),
                first_trade_id: None,
                last_trade_id: None,
            };
            bars.put(UnixMillis(expected.open_time), Bar { origin: Origin::History, traded: Some(traded) });
        }
        bars
    });
    let legs = Legs { bars: [&bars[0], &bars[1]], closes_alone: [false; 2] };
    let settings = Settings { price_scale: PriceScale::Logs, ..Settings::default() };
    let (mut z, mut ratio) = (vec![None; 649], vec![None; 649]);
    for at in 59..649 {
        let logs = |leg: usize, bar: usize| log.bars[leg][bar].prices[3].ln();
        let (y, x): (Vec<f64>, Vec<f64>) = (at - 59..=at).map(|bar| (logs(0, bar), logs(1, bar))).unzip();
        let fit = ols(&y, &x).unwrap();
        let residual = |(y, x): (&f64, &f64)| y - fit.intercept - fit.slope * x;
        let residuals: Vec<f64> = y.iter().zip(&x).map(residual).collect();
        let squares: f64 = residuals.iter().map(|residual| residual * residual).sum();
        z[at] = Some(residuals[59] / (squares / 59.0).sqrt());
        ratio[at] = Some(fit.slope);
    }
    let tape = tape(legs, &settings).unwrap().with_signal(&z, &ratio);
    let edge = |fill| {
        let rules = Rules { fill, slippage_bps: 0.0, ..Rules::default() };
        let mut run = Run::new(&rules, 0..tape.len(), true);
        while run.work(&tape, &mut TestResults::default(), usize::MAX) {}
        let [found, _] = metrics(&tape, &rules, 0..tape.len(), &run.finish());
        found.gross_edge_bps.value().unwrap()
    };
    let (next, same) = (edge(FillAt::NextOpen), edge(FillAt::SameClose));
    assert!((next - 0.490).abs() < 5e-4 && (same - 0.533).abs() < 5e-4, "{next} {same}");
    assert!(!closes_alone(bars[0].get(UnixMillis(log.bars[0][0].open_time)).traded.iter()));
}

/// vectorbt's example of PEP and KO, 2017 to 2018 (`examples/PairsTrading.ipynb`), from recorded closes: rolling
/// least squares of logarithms and z, both over 100 days. It sells the spread where z is first above 1.96 and buys
/// it where z is first below -1.96. Its own closes were adjusted for dividends at another time, so that the money
/// of its ten orders is checked from the printed prices (`published.rs` of the engine).
#[test]
fn the_published_days_of_signals_come_from_recorded_closes() {
    const THRESHOLD: f64 = 1.959_963_985;
    const DAYS: [&str; 5] = ["2017-11-14", "2018-04-11", "2018-08-31", "2018-10-02", "2018-11-30"];
    let Some(file) = recording::file("skfolio/sp500_dataset.csv.gz") else { return };
    let mut files = Files::new();
    files.import("sp500_dataset.csv.gz", std::fs::read(file).unwrap()).unwrap();
    let [y, x] = ["PEP", "KO"].map(|name| bars(&files, name, Interval::OneDay));
    let legs = Legs { bars: [&y, &x], closes_alone: [true; 2] };
    let settings = Settings {
        interval: Interval::OneDay,
        hedge_window_bars: 100,
        z_window_bars: 100,
        price_scale: PriceScale::Logs,
        ..Settings::default()
    };
    let mut maker = TapeMaker::new(legs, &settings).unwrap();
    let rows: Vec<Row> = core::iter::from_fn(|| maker.next_row(legs)).collect();
    // the published z begins when 100 residuals of 100 days each are there
    let z: Vec<(String, f64)> = rows
        .iter()
        // theirs divides by the deviation of the population, ours by that of the sample
        .filter_map(|row| Some((date(row.open_time.0), row.z.ready()? * (100.0_f64 / 99.0).sqrt())))
        .filter(|(day, _)| ("2017-10-16".."2019-01-01").contains(&day.as_str()))
        .collect();
    let mut held = 0.0;
    let mut signals = Vec::new();
    for (day, z) in &z {
        if z.abs() > THRESHOLD && z.signum() != held {
            held = z.signum();
            signals.push(day.as_str());
        }
    }
    assert_eq!(signals, DAYS);
    // z of the first and the last day, as printed
    let printed = [0.2427, -0.3079];
    let ends = [z[0].1, z[z.len() - 1].1];
    assert!(ends.iter().zip(printed).all(|(z, printed)| (z - printed).abs() < 3e-4), "{ends:?}");
}
