//! The texts of the tiles.

use super::*;
use crate::view::numbers::verdict::tests::{HALF_LIFE, report, tests_of};
use spreadscope_engine::Settings;
use spreadscope_engine::messages::event::Live;

#[test]
fn before_the_first_bar_every_tile_is_empty_and_says_so() {
    let model = Model::new(Settings::default());
    for tile in [z(&model), spread(&model), hedge(&model), correlation(&model)] {
        assert_eq!(tile, Tile::empty());
        assert_eq!(tile.data_value(), "");
    }
    assert_eq!(half_life(&model).context, "not run yet");
    assert_eq!(leg(&model, Leg::Y, LegStat::Last).text, ABSENT);
}

#[test]
fn the_context_says_how_far_a_number_can_be_relied_on() {
    let text = |value: f64| value.to_string();
    let tile = Tile::of(&Metric::Warming { seen: 120, needed: 300 }, text, "window".into());
    assert_eq!((tile.text.as_str(), tile.context.as_str()), (ABSENT, "warming 120 of 300 bars"));
    let provisional = Metric::Provisional { value: 0.1, seen: 120, needed: 300 };
    let tile = Tile::of(&provisional, text, "window".into());
    assert_eq!((tile.text.as_str(), tile.context.as_str()), ("0.1", "on 120 of 300 bars"));
    assert_eq!(Tile::of(&Metric::Ready(2.5), text, "window".into()).context, "window");
}

#[test]
fn the_value_behind_the_text_reads_back_exactly() {
    let third = 1.0 / 3.0;
    let tile = Tile::of(&Metric::Ready(third), |value| format::fixed(value, 2), String::new());
    assert_eq!(tile.data_value().parse::<f64>().unwrap().to_bits(), third.to_bits());
}

#[test]
fn no_tile_has_a_number_while_history_is_coming_in() {
    let mut model = Model::new(Settings::default());
    model.last_row = Some(crate::view::numbers::series::tests::row(0, 2.5));
    assert_eq!(z(&model).text, "+2.50");
    model.filling = true;
    for tile in [
        z(&model),
        spread(&model),
        hedge(&model),
        correlation(&model),
        half_life(&model),
        engle_granger(&model),
    ] {
        assert_eq!((tile.value, tile.context.as_str()), (None, "history is coming in"));
    }
    for stat in LegStat::ALL {
        let needs_history = !matches!(stat, LegStat::Last | LegStat::TradesPerSec);
        let waits = leg(&model, Leg::Y, stat).context == "history is coming in";
        assert_eq!(waits, needs_history, "{stat:?}");
    }
}

#[test]
fn tests_of_part_of_a_sample_show_their_number_and_draw_no_conclusion() {
    let mut model = Model::new(Settings::default());
    let mut tests = tests_of(report(0.01, HALF_LIFE));
    model.tests = Some(tests.clone());
    assert_eq!(engle_granger(&model).context, "cointegrated");
    tests.bars = 60;
    model.tests = Some(tests);
    for tile in [engle_granger(&model), half_life(&model)] {
        assert_eq!(
            (tile.context.as_str(), tile.standing),
            ("on 60 of 900 bars: too early", Standing::Provisional)
        );
        assert!(tile.value.is_some());
    }
}

#[test]
fn the_interval_of_a_correlation_is_fishers() {
    // r = 0.5, n = 103: atanh 0.5 = 0.549306, half width 0.195996
    let (low, high) = fisher_interval(0.5, 103).unwrap();
    assert!((low - 0.339_2).abs() < 5e-4 && (high - 0.632_1).abs() < 5e-4, "{low} {high}");
    assert_eq!(fisher_interval(1.0, 300), None);
}

#[test]
fn the_volume_of_a_leg_says_what_it_counts() {
    let settings = spreadscope_engine::Settings { z_window_bars: 120, ..Default::default() };
    let Summed { bars, what } = summed(LegStat::Volume, &settings).unwrap();
    assert_eq!(
        (bars.as_str(), what.as_str()),
        ("120 bars", "Coins traded in the z-score's window of 120 bars")
    );
    assert_eq!(summed(LegStat::Last, &settings), None);
}

/// A replay of bars, and a file of them, had 0.0 trades a second in bars with thousands.
#[test]
fn a_rate_of_trades_is_shown_where_trades_are_known_and_its_lack_has_a_reason() {
    let mut model = Model::new(Settings::default());
    let rate = |model: &Model| leg(model, Leg::Y, LegStat::TradesPerSec);
    assert_eq!((rate(&model).text.as_str(), rate(&model).context.as_str()), (ABSENT, "no feed yet"));
    let of_leg = |last_trade_time| LiveLeg { last_trade_time, ..LiveLeg::default() };
    let live = |newest: Option<i64>| {
        let newest = newest.map(spreadscope_engine::UnixMillis);
        let (exchange_time, feed) = (None, spreadscope_engine::connection::FeedStatus::default());
        Some(Live { exchange_time, y: of_leg(newest), x: of_leg(newest), spread: None, z: None, feed })
    };
    model.live = live(None);
    assert_eq!((rate(&model).text.as_str(), rate(&model).standing), (ABSENT, Standing::Undefined));
    assert!(rate(&model).context.starts_with("no single trades"));
    let mut row = crate::view::numbers::series::tests::row(60, 2.5);
    let opened = row.open_time.0;
    for (trades, newest, expected) in [(7, opened - 1, ABSENT), (0, opened - 1, "0.0"), (7, opened, "0.0")] {
        row.y.trades = trades;
        (model.live, model.last_row) = (live(Some(newest)), Some(row.clone()));
        assert_eq!(rate(&model).text, expected, "{trades} trades, newest {newest}");
    }
}
