//! Rules on the position that the user follows.

use crate::alerts::{Market, RULE, T0, above, quick};
use crate::life::made_up_klines;
use crate::virtual_time::{Run, clock_frame};
use spreadscope_engine::alert::{Direction, Quantity, Reason, Rule, Test};
use spreadscope_engine::analytics::position::Position;
use spreadscope_engine::settings::Source;
use spreadscope_engine::{Command, Pair, Settings, UnixMillis};
use spreadscope_stats::random::Congruential;

fn rule(quantity: Quantity, test: Test) -> Rule {
    Rule { quantity, test, hysteresis: 0.1, ..above(0.0) }
}

/// Returns a position entered after the third second: one y bought and one x sold, without fees.
fn position() -> Position {
    Position {
        pair: quick().pair,
        units: [1.0, -1.0],
        prices: [100.0, 10.0],
        entered: UnixMillis(T0 + 3_000),
        entry_z: None,
        fee_bps: 0.0,
        exit_z: 0.0,
        stop_z: 3.0,
        line: None,
    }
}

fn why(market: &mut Market) -> String {
    match market.reason() {
        Reason::Undefined { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_rule_watches_the_profit_of_the_position_bar_by_bar() {
    let mut market = Market::open(vec![rule(Quantity::PositionNet, Test::Below(-15.0))]);
    assert_eq!(why(&mut market), "no position is followed");
    market.run.command(Command::Follow(position().store()));
    market.trade(&[100.0, 90.0, 80.0, 80.0]);
    // at 90 it has lost 10, at 80 it has lost 20 and slightly more through x
    assert_eq!(market.fired(), [(5, Direction::Below)]);
    let told = market.run.alerts.iter().find(|alert| alert.rule == RULE).unwrap();
    assert!((-20.5..=-19.9).contains(&told.value.unwrap()), "{told:?}");
    market.run.command(Command::Follow(String::new()));
    market.trade(&[80.0]);
    assert_eq!(why(&mut market), "no position is followed");
}

#[test]
fn a_position_of_another_pair_or_from_later_is_no_number() {
    let mut market = Market::open(vec![rule(Quantity::PositionNet, Test::Below(-15.0))]);
    let Pair { y, x } = quick().pair;
    let turned = Position { pair: Pair { y: x, x: y }, ..position() };
    market.run.command(Command::Follow(turned.store()));
    market.trade(&[50.0]);
    assert_eq!(why(&mut market), "the followed position is in another pair");
    let later = Position { entered: UnixMillis(T0 + 3_600_000), ..position() };
    market.run.command(Command::Follow(later.store()));
    market.trade(&[50.0]);
    assert_eq!(why(&mut market), "the position was entered later");
    assert_eq!(market.fired(), []);
}

#[test]
fn the_way_to_the_stop_is_watched_in_z_and_time_in_half_lives() {
    let mut market = Market::open(vec![rule(Quantity::PositionToStopZ, Test::Below(0.5))]);
    market.run.command(Command::Follow(position().store()));
    let calm: Vec<f64> = (0..60).map(|second| 100.0 + f64::from(second * 3 % 7) / 10.0).collect();
    market.trade(&calm);
    // a long spread is stopped when z has fallen further
    market.trade(&[96.0]);
    assert!(market.z() < -2.5, "{}", market.z());
    assert_eq!(market.fired().last(), Some(&(63, Direction::Below)));
    let mut market = Market::open(vec![rule(Quantity::PositionHalfLives, Test::Above(5.0))]);
    market.run.command(Command::Follow(position().store()));
    market.trade(&calm[..20]);
    assert_eq!(why(&mut market), "no half-life can be measured");
    // half of a deviation has disappeared after two seconds
    let back: Vec<f64> = Congruential::new(3).path(0.7, 0.0).take(120).map(|away| 100.0 + away).collect();
    market.trade(&back);
    let held = market.fired();
    assert!(held.first().is_some_and(|(second, _)| *second > 20), "{held:?}");
}

#[test]
fn a_live_position_is_not_watched_at_made_up_prices_nor_a_rehearsed_one_at_live_ones() {
    let mut market = Market::open(vec![rule(Quantity::PositionNet, Test::Below(-15.0))]);
    market.run.command(Command::Rehearse(position().store()));
    market.trade(&[100.0, 60.0, 60.0, 60.0]);
    assert_eq!((why(&mut market).as_str(), market.fired()), ("no position is followed", Vec::new()));
    let settings = Settings { source: Source::Demo, ..quick() };
    let mut demo = Run::start_with(&settings, T0, made_up_klines(T0));
    demo.command(Command::SetRules(vec![rule(Quantity::PositionNet, Test::Below(-15.0))]));
    demo.command(Command::Follow(position().store()));
    let reason = |run: &mut Run| {
        run.until(run.now() + 500);
        let state = run.rule_states.iter().find(|state| state.rule == RULE).expect("the rule has a state");
        match &state.reason {
            Reason::Undefined { reason, .. } => reason.clone(),
            other => panic!("{other:?}"),
        }
    };
    for second in 0..3 {
        let now = T0 + second * 1_000 + 1;
        demo.text(now, clock_frame(now));
    }
    assert_eq!(reason(&mut demo), "the followed position is live, and these prices are not");
}
