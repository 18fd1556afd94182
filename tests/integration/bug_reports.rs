//! Public bug reports that concern the desk itself: tiny numbers, long axes, alerts across a reload.

use crate::alerts::{T0, quick};
use crate::files::Files;
use crate::imports::settings;
use crate::store::Store;
use crate::virtual_time::{Run, clock_frame, trade_frame};
use spreadscope::view::charts::axis::time_ticks;
use spreadscope::view::charts::offsets::Offsets;
use spreadscope::view::charts::range::Span;
use spreadscope::view::numbers::format;
use spreadscope_engine::alert::{Direction, Occasion};
use spreadscope_engine::{Command, Interval, Settings, UnixMillis};
use std::fmt::Write as _;

const DAY: i64 = 86_400_000;

// smalltv-pro #81, gloomberb PR #786
#[test]
fn prices_of_a_millionth_on_prices_of_thousands_have_digits_in_every_number() {
    let mut files = Files::new();
    let file = include_bytes!("../fixtures/bug-reports/C2/tiny_on_large_1m.csv");
    files.import("tiny_on_large_1m.csv", file.to_vec()).unwrap();
    let windows = Settings {
        hedge_window_bars: 60,
        z_window_bars: 60,
        ..settings("PEPEUSDT", "BTCUSDT", Interval::OneMinute)
    };
    files.show(windows);
    let row = files.page().rows.values().next_back().unwrap();
    let ratio = row.hedge_ratio.ready().unwrap();
    // statsmodels, the last 60 bars
    assert!((ratio - 6.8862e-11).abs() < 5e-16, "{ratio:e}");
    assert!(format::significant(ratio, 5).starts_with("68.86"), "{}", format::significant(ratio, 5));
    let error = row.hedge_ratio_std_error.unwrap();
    assert!((error - 6.13e-12).abs() < 5e-15, "{error:e}");
    for small in [ratio, error, row.spread_std_dev.unwrap(), 4.6e-17] {
        let text = format::fixed(small, 10);
        let digits = text.split('×').next().unwrap().bytes().filter(u8::is_ascii_digit).count();
        assert!(digits >= 2 && !text.starts_with("0.0"), "{text}");
    }
}

// plotly.js #4899, solarforecastarbiter-core #578, Plots.jl #356
#[test]
fn a_year_of_days_has_six_to_twelve_labels_over_its_whole_width() {
    let mut files = Files::new();
    for name in ["KO", "PEP"] {
        let mut text = String::from("date,close\n");
        for day in 0..365_u32 {
            let date = timestamp(1_672_531_200_000 + i64::from(day) * DAY);
            writeln!(text, "{date},{}", 60 + day * 7 % 11).unwrap();
        }
        files.import(&format!("{name}.csv"), text.into_bytes()).unwrap();
    }
    files.show(settings("KO", "PEP", Interval::OneDay));
    assert_eq!(files.page().rows.len(), 365);
    let open_times: Vec<f64> = files.page().rows.keys().map(|open_time| open_time.0 as f64).collect();
    let span = Span { from: open_times[0], to: open_times[364] };
    let ticks = time_ticks(span, 12, &Offsets::fixed(0), UnixMillis(T0));
    assert!((6..=12).contains(&ticks.labels.len()), "{:?}", ticks.labels);
    assert_eq!(ticks.labels[..2], ["2023", "Feb"], "the year stands where it changes");
    assert!(span.to - ticks.values.last().unwrap() < span.millis() / 6.0, "{:?}", ticks.labels);
}

fn timestamp(millis: i64) -> String {
    spreadscope_engine::transfer::timestamp::format(millis)[..10].to_owned()
}

/// Returns y in each second: calm, then moving away ever faster, calm on another level, and the same twice
/// more.
fn price(second: i64) -> f64 {
    let wobble = (second * 13 % 7) as f64 / 20.0;
    let climb = |from: i64| 1.4_f64.powi(i32::try_from((second - from).clamp(0, 14)).unwrap());
    100.0 + wobble + climb(50) + climb(90) + climb(160)
}

fn trade(run: &mut Run, seconds: core::ops::Range<i64>) {
    for second in seconds.clone() {
        let (millis, id) = (T0 + second * 1_000 + 700, second.unsigned_abs() + 1);
        run.text(millis, trade_frame("BTCUSDT", id, &format!("{:.2}", price(second)), millis));
        let x = 10.0 + (second * 7 % 5) as f64 / 10.0;
        run.text(millis, trade_frame("ETHUSDT", id, &x.to_string(), millis));
    }
    let millis = T0 + seconds.end * 1_000 + 600;
    run.text(millis, clock_frame(millis));
}

// kubestellar/console #5258, BGPalerter PR #273
#[test]
fn an_alert_is_not_told_again_after_a_reload_and_its_cooldown_goes_on() {
    let settings = Settings { z_threshold: 2.0, alert_cooldown_secs: 60, ..quick() };
    let told = |run: &Run| -> Vec<(UnixMillis, Direction)> {
        let fired = run.alerts.iter().filter(|alert| alert.occasion == Occasion::Fired);
        fired.map(|alert| (alert.open_time, alert.direction)).collect()
    };
    // one visit; and the same market with a reload while z is beyond the threshold, and one within the cooldown
    let visits = |ends: &[i64]| {
        let (mut store, mut from, mut alerts, mut z) = (Store::default(), 0, Vec::new(), Vec::new());
        for &end in ends {
            let begin = T0 + from * 1_000 - if from == 0 { 1_000 } else { 300 };
            let mut run = Run::start_stored(&settings, begin, Box::new(|_| None), store);
            trade(&mut run, from..end);
            run.command(Command::Flush);
            alerts.extend(told(&run));
            z.extend(run.rows.values().next_back().and_then(|row| row.z.ready()));
            (store, from) = (run.store.clone(), end);
        }
        (alerts, z)
    };
    let (once, _) = visits(&[200]);
    assert!(once.len() >= 2, "{once:?}");
    let (reloaded, z) = visits(&[60, 62, 100, 200]);
    assert!(z[0] > 2.0 && z[1] > 2.0, "the state lasts over the reload: {z:?}");
    assert_eq!(reloaded, once);
}
