//! Alert rules in virtual time, through the whole engine: frames in, alerts and reasons out.

use crate::virtual_time::{Run, clock_frame};
use spreadscope_engine::alert::presets::Preset;
use spreadscope_engine::alert::{
    Alert, Condition, Direction, Dwell, Level, Occasion, Quantity, Reason, Repeat, Rule, RuleId, Test, Way,
};
use spreadscope_engine::{Command, Settings, UnixMillis};

pub(crate) const T0: i64 = 1_700_000_000_000;
pub(crate) const RULE: RuleId = RuleId(1);

/// The shortest permitted windows: z exists after 30 bars.
pub(crate) fn quick() -> Settings {
    Settings {
        hedge_window_bars: 20,
        z_window_bars: 10,
        correlation_window_bars: 10,
        test_lookback_bars: 60,
        // out of reach, so that the rule of the settings does not interfere
        z_threshold: 10.0,
        ..Settings::default()
    }
}

/// Returns a rule on y's price, whose path the tests choose.
fn price_rule(test: Test) -> Rule {
    Rule {
        id: RULE,
        quantity: Quantity::PriceY,
        test,
        conditions: Vec::new(),
        hysteresis: 5.0,
        cooldown_secs: 0,
        ..Preset::Signal.rule(RULE, 2.0)
    }
}

pub(crate) fn above(price: f64) -> Rule {
    price_rule(Test::Above(price))
}

/// A market with one trade of each leg per second.
pub(crate) struct Market {
    pub(crate) run: Run,
    second: i64,
}

impl Market {
    /// Starts a market that has traded at 100 for three seconds, so that what follows is news.
    pub(crate) fn open(rules: Vec<Rule>) -> Self {
        Self::with(&quick(), rules)
    }

    pub(crate) fn with(settings: &Settings, rules: Vec<Rule>) -> Self {
        let mut run = Run::start(settings, T0 - 1_000);
        run.command(Command::SetRules(rules));
        let mut market = Self { run, second: 0 };
        market.trade(&[100.0; 3]);
        market
    }

    /// Trades for one second at each price of y.
    pub(crate) fn trade(&mut self, prices: &[f64]) {
        for &price in prices {
            let wobble = (self.second * 7 % 5) as f64 / 10.0;
            self.frame("BTCUSDT", price);
            self.frame("ETHUSDT", 10.0 + wobble);
            self.second += 1;
        }
        // the exchange's clock closes the last of these seconds half a second after its end
        let millis = T0 + self.second * 1_000 + 600;
        self.run.text(millis, clock_frame(millis));
    }

    fn frame(&mut self, symbol: &str, price: f64) {
        let millis = T0 + self.second * 1_000 + 700;
        let (stream, id) = (symbol.to_lowercase(), self.second + 1);
        self.run.text(
            millis,
            format!(
                r#"{{"stream":"{stream}@trade","data":{{"e":"trade","E":{millis},"s":"{symbol}","t":{id},"p":"{price:.2}","q":"1.00","T":{millis},"m":false,"M":true}}}}"#
            ),
        );
    }

    /// Returns the seconds, counted from the first trade, whose bars fired, with the direction.
    pub(crate) fn fired(&self) -> Vec<(i64, Direction)> {
        let told = |alert: &&Alert| alert.rule == RULE && alert.occasion == Occasion::Fired;
        self.run
            .alerts
            .iter()
            .filter(told)
            .map(|alert| ((alert.open_time.0 - T0) / 1_000, alert.direction))
            .collect()
    }

    /// Returns z of the newest bar.
    pub(crate) fn z(&self) -> f64 {
        let newest = self.run.rows.values().next_back().expect("rows are on the desk");
        newest.z.ready().expect("z is known")
    }

    pub(crate) fn reason(&mut self) -> Reason {
        // states are reported four times a second
        self.run.until(UnixMillis(T0 + self.second * 1_000 + 990));
        let state = self.run.rule_states.iter().find(|state| state.rule == RULE);
        state.expect("the rule has a state").reason.clone()
    }
}

#[test]
fn a_rule_fires_on_the_edge_and_once() {
    let mut market = Market::open(vec![above(120.0)]);
    market.trade(&[119.0, 120.0, 130.0, 119.0, 121.0, 114.9, 120.0, 120.0]);
    assert_eq!(market.fired(), [(4, Direction::Above), (9, Direction::Above)]);
    let alert = &market.run.alerts[0];
    assert_eq!((alert.value, alert.threshold, alert.snapshot.price_y), (Some(120.0), 120.0, Some(120.0)));
    assert_eq!((alert.time.0 - alert.open_time.0, alert.name.as_str()), (1_000, Preset::Signal.title()));
}

#[test]
fn every_reason_is_told_in_its_turn() {
    let rule = Rule {
        dwell: Dwell::Bars(3),
        cooldown_secs: 60,
        conditions: vec![Condition { quantity: Quantity::VolumeY, level: Level::Above(1.0) }],
        ..above(120.0)
    };
    let mut market = Market::open(vec![rule.clone()]);
    assert_eq!(market.reason(), Reason::Waiting);
    market.trade(&[125.0]);
    assert_eq!(market.reason(), Reason::Dwelling { held: 1, dwell: Dwell::Bars(3) });
    market.trade(&[125.0, 125.0]);
    assert_eq!(market.fired(), [(5, Direction::Above)]);
    assert_eq!(market.reason(), Reason::Fired);
    market.trade(&[118.0]);
    assert!(matches!(market.reason(), Reason::NotArmed { .. }), "{:?}", market.reason());
    market.trade(&[100.0]);
    let cooling = market.reason();
    assert!(matches!(cooling, Reason::CoolingDown { left_secs: 57..=59 }), "{cooling:?}");
    let picky = Rule {
        conditions: vec![Condition { quantity: Quantity::VolumeY, level: Level::Above(2.0) }],
        ..rule.clone()
    };
    market.run.command(Command::SetRules(vec![picky]));
    market.trade(&[125.0]);
    assert_eq!(market.reason(), Reason::Condition { place: 0, value: 1.0 });
    market.run.command(Command::SetRules(vec![Rule { enabled: false, ..rule.clone() }]));
    market.trade(&[125.0]);
    assert_eq!(market.reason(), Reason::Disabled);
    market.run.command(Command::SetRules(vec![Preset::Signal.rule(RULE, 2.0)]));
    market.trade(&[100.0]);
    assert!(
        matches!(market.reason(), Reason::Warming { quantity: Quantity::Z, .. }),
        "{:?}",
        market.reason()
    );
}

#[test]
fn a_snoozed_rule_is_quiet_and_does_not_make_up_for_it() {
    let mut market = Market::open(vec![above(120.0)]);
    let until = UnixMillis(T0 + 8_000);
    market.run.command(Command::Snooze { rule: RULE, until: Some(until) });
    market.trade(&[125.0]);
    assert!(matches!(market.reason(), Reason::Snoozed { left_secs: 4 }), "{:?}", market.reason());
    market.trade(&[125.0; 6]);
    assert!(matches!(market.reason(), Reason::NotArmed { .. }));
    assert!(market.fired().is_empty());
    market.trade(&[100.0, 125.0]);
    assert_eq!(market.fired(), [(11, Direction::Above)]);
    assert_eq!(market.run.rules[1].snoozed_until, Some(until));
}

#[test]
fn a_rule_that_fires_once_switches_itself_off() {
    let mut market = Market::open(vec![Rule { repeat: Repeat::Once, ..above(120.0) }]);
    market.trade(&[125.0, 100.0, 125.0]);
    assert_eq!(market.fired(), [(3, Direction::Above)]);
    assert!(!market.run.rules[1].enabled);
    assert_eq!(market.reason(), Reason::Disabled);
}

#[test]
fn rules_set_again_do_not_fire_again() {
    let mut market = Market::open(vec![above(120.0)]);
    for round in 0..5 {
        market.trade(&[125.0]);
        let renamed = Rule { name: format!("round {round}"), ..above(120.0) };
        market.run.command(Command::SetRules(vec![renamed]));
    }
    assert_eq!(market.fired().len(), 1);
    // switching off and on does not fire it twice either
    market.run.command(Command::SetRules(vec![Rule { enabled: false, ..above(120.0) }]));
    market.trade(&[125.0]);
    market.run.command(Command::SetRules(vec![above(120.0)]));
    market.trade(&[125.0]);
    assert_eq!(market.fired().len(), 1);
    // a rule with another edge is a new rule
    market.run.command(Command::SetRules(vec![above(110.0)]));
    market.trade(&[125.0]);
    assert_eq!(market.fired().len(), 2);
}

#[test]
fn bars_computed_again_tell_nothing_old_and_forget_nothing() {
    let rules = vec![
        above(120.0),
        Rule { id: RuleId(2), ..price_rule(Test::Crosses { value: 110.0, way: Way::Down }) },
    ];
    let mut market = Market::open(rules);
    market.trade(&[125.0, 100.0, 125.0, 125.0]);
    let told = market.run.alerts.clone();
    assert_eq!(told.len(), 3);
    market.run.command(Command::Resync);
    market.trade(&[125.0]);
    market.run.configure(&Settings { hedge_window_bars: 25, ..quick() });
    market.trade(&[125.0]);
    assert_eq!(market.run.alerts, told);
    market.trade(&[100.0, 125.0]);
    assert_eq!(market.run.alerts.len(), told.len() + 2);
}

#[test]
fn a_rule_set_while_it_holds_fires_whatever_is_computed_again() {
    let mut market = Market::open(Vec::new());
    market.trade(&[125.0; 3]);
    let patient = Rule { dwell: Dwell::Millis(4_000), ..above(120.0) };
    market.run.command(Command::SetRules(vec![patient]));
    market.trade(&[125.0; 2]);
    market.run.command(Command::Resync);
    market.trade(&[125.0]);
    assert!(matches!(market.reason(), Reason::Dwelling { held: 2, .. }), "{:?}", market.reason());
    market.trade(&[125.0; 3]);
    market.run.command(Command::Resync);
    market.trade(&[125.0; 3]);
    assert_eq!(market.fired(), [(10, Direction::Above)]);
}

/// Returns prices that vary a little, from the market's current second on.
fn calm(market: &Market, seconds: i64) -> Vec<f64> {
    (market.second..market.second + seconds).map(|second| 100.0 + (second * 13 % 7) as f64 / 10.0).collect()
}

/// Returns a market whose z is known and small, with a threshold that it cannot reach.
fn calm_market() -> Market {
    let mut market = Market::open(Vec::new());
    market.trade(&calm(&market, 60));
    assert!(market.run.alerts.is_empty() && market.z().abs() < 1.5, "{}", market.z());
    market
}

#[test]
fn another_threshold_is_in_force_at_once_and_nothing_is_computed_again() {
    let mut market = calm_market();
    market.run.configure(&Settings { z_threshold: 2.0, ..quick() });
    market.trade(&[130.0]);
    assert_eq!(market.run.reported_again, 0);
    let told: Vec<_> = market.run.alerts.iter().map(|alert| (alert.rule, alert.threshold)).collect();
    assert_eq!(told, [(RuleId::SETTINGS, 2.0)]);
    // a change of the window recomputes z
    market.run.configure(&Settings { z_window_bars: 12, z_threshold: 2.0, ..quick() });
    assert!(market.run.reported_again > 50);
    assert_eq!(market.run.alerts.len(), 1);
}

#[test]
fn a_threshold_that_z_has_passed_already_tells_of_the_next_crossing() {
    let mut market = calm_market();
    market.trade(&[130.0]);
    assert!(market.z() > 2.0, "{}", market.z());
    market.run.configure(&Settings { z_threshold: 1.5, alert_cooldown_secs: 0, ..quick() });
    market.trade(&[135.0]);
    assert!(market.z() > 1.5 && market.run.alerts.is_empty(), "{} {:?}", market.z(), market.run.alerts);
    market.trade(&calm(&market, 60));
    market.run.alerts.clear();
    market.trade(&[130.0]);
    assert_eq!(market.run.alerts.len(), 1);
}

#[test]
fn another_cooldown_or_hysteresis_arms_nothing_and_forgets_no_alert() {
    let mut market = calm_market();
    let settings = Settings { z_threshold: 1.5, ..quick() };
    market.run.configure(&settings);
    market.trade(&[130.0]);
    market.run.configure(&Settings { alert_cooldown_secs: 0, z_hysteresis: 0.1, ..settings });
    market.trade(&[135.0]);
    assert!(market.z() > 1.5, "{}", market.z());
    assert_eq!(market.run.alerts.len(), 1);
    market.run.until(UnixMillis(T0 + market.second * 1_000 + 990));
    let told = market.run.rule_states.iter().find(|state| state.rule == RuleId::SETTINGS).unwrap().last_told;
    assert_eq!(told, Some(market.run.alerts[0].time));
}

#[test]
fn a_threshold_chosen_while_z_is_not_known_yet_is_crossed_like_any_other() {
    let mut market = Market::open(Vec::new());
    market.run.configure(&Settings { z_threshold: 2.5, ..quick() });
    market.trade(&calm(&market, 60));
    market.trade(&[130.0]);
    let thresholds: Vec<f64> = market.run.alerts.iter().map(|alert| alert.threshold).collect();
    assert_eq!(thresholds, [2.5]);
}

#[test]
fn silence_is_told_on_a_wakeup_and_once() {
    let silent = Preset::FeedSilent.rule(RULE, 2.0);
    let mut market = Market::open(vec![silent]);
    let last = T0 + 3_600;
    market.run.until(UnixMillis(last + 9_900));
    assert!(market.fired().is_empty());
    market.run.until(UnixMillis(last + 10_400));
    assert_eq!(market.run.alerts.len(), 1);
    let alert = &market.run.alerts[0];
    assert!(alert.value.is_some_and(|secs| (10.0..10.4).contains(&secs)), "{alert:?}");
    market.run.until(UnixMillis(last + 60_000));
    assert_eq!(market.run.alerts.len(), 1);
    market.second = 70;
    market.trade(&[100.0]);
    market.run.until(UnixMillis(T0 + 95_000));
    assert_eq!(market.run.alerts.len(), 2, "{:?}", market.run.alerts);
}

#[test]
fn a_rule_on_bars_says_that_the_feed_is_stale() {
    let mut market = Market::open(vec![above(120.0)]);
    market.run.until(UnixMillis(T0 + 10_000));
    let state = market.run.rule_states.iter().find(|state| state.rule == RULE).unwrap();
    assert!(matches!(state.reason, Reason::FeedStale { silent_secs: 6..=7 }), "{state:?}");
}

#[test]
fn a_test_says_that_it_is_one_and_changes_nothing() {
    let mut market = Market::open(vec![above(120.0)]);
    market.run.command(Command::TestRule(RULE));
    let test = market.run.alerts.last().unwrap();
    assert_eq!((test.occasion, test.value, test.threshold), (Occasion::Test, Some(100.0), 120.0));
    market.trade(&[125.0]);
    assert_eq!(market.fired(), [(3, Direction::Above)]);
    market.run.command(Command::TestRule(RuleId(99)));
    assert_eq!(market.run.rules_refused[0].to_string(), "rule 99: rule does not exist");
}

#[test]
fn hostile_rules_are_refused_by_field_and_the_old_ones_stay() {
    let mut market = Market::open(vec![above(120.0)]);
    let hostile = Rule { hysteresis: f64::NAN, cooldown_secs: u32::MAX, ..above(f64::NEG_INFINITY) };
    market.run.command(Command::SetRules(vec![hostile]));
    let fields: Vec<&str> = market.run.rules_refused.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["value", "hysteresis", "cooldown_secs"]);
    market.trade(&[125.0]);
    assert_eq!(market.fired(), [(3, Direction::Above)]);
}

#[test]
fn a_tab_that_joins_is_told_the_rules_once_the_page_has_said_which_there_are() {
    let mut run = Run::start(&quick(), T0);
    run.command(Command::Resync);
    assert_eq!(run.rules, []);
    run.command(Command::SetRules(vec![above(105.0)]));
    run.rules.clear();
    run.command(Command::Resync);
    assert_eq!(run.rules.len(), 2);
}

#[test]
fn the_rule_of_the_settings_is_always_there_and_follows_them() {
    let mut market = Market::open(Vec::new());
    assert_eq!(market.run.rules, [Rule::of_settings(&quick())]);
    market.run.configure(&Settings { z_threshold: 3.0, ..quick() });
    market.run.command(Command::SetRules(Vec::new()));
    assert_eq!(market.run.rules[0].test, Test::Outside { low: -3.0, high: 3.0, way: Way::Either });
}
