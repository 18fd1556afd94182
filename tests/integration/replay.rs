//! A log of frames through the engine: whatever the network does to the frames, the bars are the same.

use crate::recording::{ExpectedBar, LEGS, Log, Received, on_both_logs};
use crate::virtual_time::{Run, play};
use spreadscope_engine::bars::DecimalSum;
use spreadscope_engine::base::symbol::Leg;
use spreadscope_engine::{Settings, UnixMillis};
use spreadscope_stats::random::Random;

on_both_logs!(
    the_frames_give_exactly_the_expected_bars,
    frames_up_to_200_ms_late_and_out_of_order_give_the_same_bars,
    every_frame_twice_gives_the_same_bars,
    cut_and_resumed_with_an_overlap_gives_the_same_bars,
    minutes_and_five_minutes_are_the_sum_of_their_seconds,
);

fn expect_all_bars(run: &Run, log: &Log) {
    for ((leg, symbol), expected) in [Leg::Y, Leg::X].into_iter().zip(LEGS).zip(&log.bars) {
        assert_eq!(expected.len(), 649);
        let market = run.driver.engine.markets().unwrap();
        let mut close = f64::NAN;
        for bar in expected {
            let got = market.legs[leg as usize].seconds().get(UnixMillis(bar.open_time));
            assert!(got.known(), "{symbol} {}", bar.open_time);
            close = expect_bar(symbol, bar, got.traded.as_ref(), close);
        }
    }
}

fn expect_bar(
    symbol: &str,
    bar: &ExpectedBar,
    traded: Option<&spreadscope_engine::bars::Traded>,
    close_before: f64,
) -> f64 {
    let ExpectedBar { open_time, prices, trades, .. } = bar;
    let Some(traded) = traded else {
        assert_eq!((*trades, bar.ids, bar.volume), (0, None, 0.0), "{symbol} {open_time}");
        assert_eq!(*prices, [close_before; 4], "{symbol} {open_time}");
        return close_before;
    };
    let got = [traded.open, traded.high, traded.low, traded.close];
    assert_eq!(got, *prices, "{symbol} {open_time}");
    let sums = [traded.volume, traded.quote_volume, traded.taker_base, traded.taker_quote];
    let expected = [bar.volume, bar.quote_volume, bar.taker_base, bar.taker_quote];
    assert_eq!(sums.map(DecimalSum::value), expected, "{symbol} {open_time}");
    assert_eq!(traded.trades, *trades, "{symbol} {open_time}");
    assert_eq!(traded.first_trade_id.zip(traded.last_trade_id), bar.ids, "{symbol} {open_time}");
    traded.close
}

fn the_frames_give_exactly_the_expected_bars(log: &Log) {
    let run = play(&Settings::default(), &log.frames);
    expect_all_bars(&run, log);
    let counts = run.driver.engine.markets().unwrap().counts;
    assert_eq!(
        (counts.trades, counts.duplicates, counts.reordered, counts.missing),
        (log.frames.len() as u64, 0, 0, 0)
    );
    assert_eq!(run.reported_again, 0);
}

fn frames_up_to_200_ms_late_and_out_of_order_give_the_same_bars(log: &Log) {
    let mut frames = log.frames.clone();
    let mut random = Random::new(1);
    for frame in &mut frames {
        frame.local_millis += i64::try_from(random.below(200)).unwrap();
    }
    frames.sort_by_key(|frame| frame.local_millis);
    let run = play(&Settings::default(), &frames);
    expect_all_bars(&run, log);
    let counts = run.driver.engine.markets().unwrap().counts;
    assert_eq!((counts.trades, counts.duplicates, counts.missing), (log.frames.len() as u64, 0, 0));
    assert!(counts.reordered > log.frames.len() as u64 / 35, "{counts:?}");
}

fn every_frame_twice_gives_the_same_bars(log: &Log) {
    let doubled: Vec<Received> = log.frames.iter().flat_map(|frame| [frame.clone(), frame.clone()]).collect();
    let run = play(&Settings::default(), &doubled);
    expect_all_bars(&run, log);
    assert_eq!(run.driver.engine.markets().unwrap().counts.duplicates, log.frames.len() as u64);
}

fn cut_and_resumed_with_an_overlap_gives_the_same_bars(log: &Log) {
    let frames = &log.frames;
    let mut run = Run::start(&Settings::default(), log.start());
    let [first, second] = [26, 58].map(|percent| log.at(percent));
    for (part, overlap) in [(0..first, 0), (first..second, 300), (second..frames.len(), 5)] {
        if part.start > 0 {
            run.cut(frames[part.start].local_millis + 700);
        }
        // the second connection repeats what the first had already delivered
        for frame in &frames[part.start - overlap..part.end] {
            run.frame(frame);
        }
    }
    run.until(UnixMillis(log.end()));
    expect_all_bars(&run, log);
    let counts = run.driver.engine.markets().unwrap().counts;
    assert_eq!((counts.duplicates, counts.missing), (305, 0));
}

fn minutes_and_five_minutes_are_the_sum_of_their_seconds(log: &Log) {
    let expected = &log.bars[0];
    for interval in [spreadscope_engine::Interval::OneMinute, spreadscope_engine::Interval::FiveMinutes] {
        let run = play(&Settings { interval, ..Settings::default() }, &log.frames);
        let first = interval.floor(UnixMillis(expected[0].open_time)) + interval.millis();
        let inside: Vec<&ExpectedBar> =
            expected.iter().filter(|bar| interval.floor(UnixMillis(bar.open_time)) == first).collect();
        let trades: u32 = inside.iter().map(|bar| bar.trades).sum();
        let volume: f64 = inside.iter().map(|bar| bar.volume).sum();
        let row = &run.rows[&first];
        assert_eq!(row.y.trades, trades);
        assert!((row.y.volume - volume).abs() < 1e-9, "{} {volume}", row.y.volume);
        assert_eq!(row.y.close, inside.last().map(|bar| bar.prices[3]));
    }
}
