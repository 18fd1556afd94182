//! Rules with a condition on the tests: which result counts, and when.

use crate::alerts::{Market, above, quick};
use spreadscope_engine::alert::{Condition, Level, Quantity, Reason, Rule};
use spreadscope_engine::{Command, Settings};
use spreadscope_stats::random::Congruential;

/// Returns a rule that waits for nothing but a test result.
fn once_tested() -> Rule {
    let any_p = Condition { quantity: Quantity::EngleGrangerP, level: Level::Above(0.0) };
    Rule { conditions: vec![any_p], ..above(120.0) }
}

/// Returns prices above 120; repeating ones would leave a test nothing to explain.
fn wandering(bars: usize) -> Vec<f64> {
    let mut random = Congruential::new(1);
    (0..bars).map(|_| 125.0 + (100.0 * random.centred()).round() / 100.0).collect()
}

#[test]
fn a_condition_on_the_test_is_judged_on_the_bar_that_was_tested() {
    let mut market = Market::open(vec![once_tested()]);
    market.trade(&[125.0]);
    assert!(
        matches!(market.reason(), Reason::Undefined { quantity: Quantity::EngleGrangerP, .. }),
        "{:?}",
        market.reason()
    );
    let path = wandering(80);
    market.trade(&path);
    assert_eq!(market.fired().len(), 1, "once the test has enough bars");
    assert!(market.run.alerts[0].snapshot.engle_granger_p.is_some());
    // recomputed, with the results of the tests remembered
    market.run.command(Command::Resync);
    market.trade(&path[..5]);
    assert_eq!(market.fired().len(), 1);
}

#[test]
fn a_test_of_part_of_its_sample_fires_nothing() {
    let settings = Settings { test_lookback_bars: 150, ..quick() };
    let mut market = Market::with(&settings, vec![once_tested()]);
    let path = wandering(180);
    market.trade(&path[..130]);
    assert!(!market.run.tests.is_empty() && market.fired().is_empty());
    let reason = market.reason();
    let Reason::Warming { quantity: Quantity::EngleGrangerP, seen, needed: 150 } = reason else {
        panic!("{reason:?}")
    };
    assert!((60..150).contains(&seen), "the test has a result: {seen}");
    market.trade(&path[130..]);
    assert_eq!(market.fired().len(), 1);
}
