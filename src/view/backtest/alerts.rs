//! The live alert log beside the signals of a run, and why one has entries that the other lacks.

use super::sentence::refusal_words;
use super::shown::Shown;
use crate::view::numbers::format;
use spreadscope_engine::Settings;
use spreadscope_engine::alert::{Alert, Direction, Occasion, Quantity};
use spreadscope_engine::backtest::settings::Setting;
use spreadscope_engine::backtest::{Parameters, PositionSide, RoundTrip};
use std::collections::VecDeque;

/// The settings that z depends on.
const ROWS: [&str; 5] =
    ["hedge_model", "price_scale", "hedge_window_bars", "z_window_bars", "max_carried_bars"];
/// Numbers of one bar, computed twice over, are this much alike: a live desk may have begun at another bar.
const SAME_Z: f64 = 1e-6;

/// An alert, a signal, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    /// Close time of the deciding bar, milliseconds since 1970.
    pub time: i64,
    /// The side of the spread that the signal holds, or that the alert favours.
    pub held: PositionSide,
    /// Which of the two there are.
    pub standing: Standing,
}

/// Which of the two there are, and why the other is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Both.
    Both,
    /// The alert alone.
    AlertAlone(String),
    /// The signal alone.
    SignalAlone(String),
}

/// Returns when the entry of `trade` was decided: at the close of a bar.
fn decided(shown: &Shown, trade: &RoundTrip) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
    let time = shown.decided(trade.entry_time, trade.reason_in) as i64;
    time
}

/// Returns all alerts on z and all signals within the run's bars, oldest first. `in_force` are the settings whose rows
/// the alerts now go by.
pub fn pairings(shown: &Shown, alerts: &VecDeque<Alert>, in_force: &Settings) -> Vec<Pairing> {
    let ran = &shown.ran;
    let (from, to) = (ran.from, ran.open_time(ran.bars));
    let is_ours = |alert: &&Alert| {
        alert.occasion == Occasion::Fired
            && alert.quantity == Quantity::Z
            && alert.pair == ran.parameters.settings.pair
            && alert.interval == ran.parameters.settings.interval
            && alert.time >= from
            && alert.time <= to
    };
    let alerts: Vec<&Alert> = alerts.iter().filter(is_ours).collect();
    let trades = &ran.ledger.trades;
    let held = |alert: &Alert| {
        if alert.direction == Direction::Above { PositionSide::Short } else { PositionSide::Long }
    };
    let mut all = Vec::new();
    for trade in trades {
        let time = decided(shown, trade);
        let meets = |alert: &&&Alert| alert.time.0 == time && held(alert) == trade.held;
        let standing = match alerts.iter().find(meets) {
            Some(_) => Standing::Both,
            None => Standing::SignalAlone(without_alert(shown, trade, &alerts, in_force)),
        };
        all.push(Pairing { time, held: trade.held, standing });
    }
    for alert in alerts {
        let side = held(alert);
        if !trades.iter().any(|trade| decided(shown, trade) == alert.time.0 && trade.held == side) {
            let standing = Standing::AlertAlone(without_signal(shown, alert));
            all.push(Pairing { time: alert.time.0, held: side, standing });
        }
    }
    all.sort_by_key(|pairing| pairing.time);
    all
}

/// Names the settings in which the rows of the run and of the desk differ: `hedge window bars 60, on the desk 120`.
fn other_rows(run: &Parameters, in_force: &Settings) -> Option<String> {
    let in_force = Parameters { settings: in_force.clone(), ..Parameters::default() };
    let differing = |setting: &'static Setting| {
        let [here, there] = [run, &in_force].map(|parameters| setting.text(parameters));
        (here != there).then(|| format!("{} {here}, on the desk {there}", setting.name.replace('_', " ")))
    };
    let names: Vec<String> = ROWS.into_iter().filter_map(Setting::named).filter_map(differing).collect();
    (!names.is_empty()).then(|| names.join("; "))
}

fn without_alert(shown: &Shown, trade: &RoundTrip, alerts: &[&Alert], in_force: &Settings) -> String {
    let time = decided(shown, trade);
    let limit = alerts.iter().map(|alert| alert.threshold.abs()).reduce(f64::min);
    let first = alerts.iter().map(|alert| alert.time).min();
    if let Some(differ) = other_rows(&shown.ran.parameters, in_force) {
        return format!("z is computed with other settings than on the desk: {differ}");
    }
    match (first, limit) {
        (Some(first), _) if time < first.0 => {
            "before the log's first alert: the page was not open, or the rule was different"
        }
        (Some(_), Some(limit)) if trade.entry_z.abs() < limit => "|z| was below the alert's limit",
        (Some(_), _) => "the alert had not re-armed, or was in its cooldown",
        (None, _) => "the log holds no alert on z of these bars",
    }
    .to_owned()
}

fn without_signal(shown: &Shown, alert: &Alert) -> String {
    let ran = &shown.ran;
    let rules = &ran.parameters.rules;
    let place = alert.open_time.since(ran.from) / ran.parameters.settings.interval.millis();
    let Some((at, z)) = usize::try_from(place).ok().and_then(|at| Some((at, *ran.z.get(at)?))) else {
        return "before the run's first bar".to_owned();
    };
    let differs = |there: f64| (z - there).abs() > SAME_Z * there.abs().max(1.0);
    if z.is_nan() {
        return "z was not defined here: a leg did not trade, or its windows were not full".to_owned();
    }
    if alert.value.is_some_and(differs) {
        return format!(
            "computed with other settings, or from another first bar: z was {} here",
            format::fixed(z, 2)
        );
    }
    let holds = |trade: &RoundTrip| decided(shown, trade) <= alert.time.0 && alert.time <= trade.exit_time;
    match ran.ledger.refused.reason(at) {
        Some(refusal) => refusal_words(refusal),
        None if ran.ledger.trades.iter().any(holds) => "a position was held",
        None if ran.entered_by.is_some() => "the rule that decides when to enter had not fired",
        None if z.abs() < rules.entry_z => "|z| was below the entry",
        None if at + 1 >= ran.bars => "in the run's last bar, behind which nothing can be filled",
        None => "an earlier entry waited for a trade of both legs",
    }
    .to_owned()
}

/// Returns a sentence with how many there are of each.
pub fn sentence(pairings: &[Pairing]) -> String {
    let count = |is: fn(&Standing) -> bool| pairings.iter().filter(|pairing| is(&pairing.standing)).count();
    let both = count(|standing| *standing == Standing::Both);
    let alerts = count(|standing| matches!(standing, Standing::AlertAlone(_)));
    let signals = count(|standing| matches!(standing, Standing::SignalAlone(_)));
    let counted = |count: usize, one: &str, more: &str| {
        format!("{} {}", format::count(count as u64), if count == 1 { one } else { more })
    };
    format!(
        "{} had an alert, {} had none, {} had no signal.",
        counted(both, "signal", "signals"),
        counted(signals, "signal", "signals"),
        counted(alerts, "alert", "alerts")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::alert::tests::alert;
    use crate::view::backtest::shown::tests::{settings, shown};
    use spreadscope_engine::{Interval, Pair};

    /// Returns an alert of the run's z at the close of its bar at `at`.
    fn at(shown: &Shown, at: usize) -> Alert {
        let z = shown.ran.z[at];
        let direction = if z > 0.0 { Direction::Above } else { Direction::Below };
        let like = alert(0, z);
        Alert {
            time: shown.ran.open_time(at + 1),
            open_time: shown.ran.open_time(at),
            pair: settings().pair,
            direction,
            interval: Interval::OneMinute,
            value: Some(z),
            threshold: 2.0_f64.copysign(z),
            ..like
        }
    }

    fn place(shown: &Shown, time: i64) -> usize {
        usize::try_from((time - shown.ran.from.0) / 60_000).unwrap()
    }

    /// Returns the alert before the entry of the run's trade at `trade`.
    fn of_entry(shown: &Shown, trade: usize) -> Alert {
        at(shown, place(shown, shown.ran.ledger.trades[trade].entry_time.0) - 1)
    }

    #[test]
    fn alerts_and_signals_meet_at_the_close_that_decided() {
        let shown = shown(&[]);
        let trades = &shown.ran.ledger.trades;
        let met = of_entry(&shown, 1);
        let within = at(&shown, place(&shown, trades[2].entry_time.0));
        let foreign = Alert { interval: Interval::OneSecond, ..met.clone() };
        let pair = Pair { x: met.pair.y.clone(), ..met.pair.clone() };
        let of_others = Alert { pair, ..of_entry(&shown, 0) };
        let log = VecDeque::from([within.clone(), met.clone(), foreign, of_others]);
        let all = pairings(&shown, &log, &settings());
        let of = |time: i64| &all.iter().find(|pairing| pairing.time == time).unwrap().standing;
        assert_eq!(all.len(), trades.len() + 1);
        assert_eq!(*of(met.time.0), Standing::Both);
        assert_eq!(*of(within.time.0), Standing::AlertAlone("a position was held".to_owned()));
        let said = sentence(&all);
        assert!(
            said.starts_with("1 signal had an alert, ") && said.ends_with(", 1 alert had no signal."),
            "{said}"
        );
    }

    /// Returns why the alert has no signal.
    fn why(shown: &Shown, alert: &Alert) -> String {
        let all = pairings(shown, &VecDeque::from([alert.clone()]), &settings());
        let found = all.into_iter().find(|pairing| matches!(pairing.standing, Standing::AlertAlone(_)));
        match found.map(|pairing| pairing.standing) {
            Some(Standing::AlertAlone(why)) => why,
            other => panic!("{other:?} {alert:?}"),
        }
    }

    /// Returns why alerts on the entries of a plain run, and on entries that were refused, have no signal in a run with
    /// `changes`.
    fn why_not(changes: &[(&str, &str)]) -> Vec<String> {
        let (plain, changed) = (shown(&[]), shown(changes));
        let met = |alert: &Alert| {
            changed.ran.ledger.trades.iter().any(|trade| decided(&changed, trade) == alert.time.0)
        };
        let entries = (0..plain.ran.ledger.trades.len()).map(|trade| of_entry(&plain, trade));
        let refused = changed.ran.ledger.refused.iter().take(50).map(|(bar, _)| at(&changed, bar));
        entries.chain(refused).filter(|alert| !met(alert)).map(|alert| why(&changed, &alert)).collect()
    }

    #[test]
    fn an_alert_without_a_signal_names_the_rule_that_refused_it() {
        let says = |changes: &[(&str, &str)], words: &str| {
            let all = why_not(changes);
            assert!(all.iter().any(|why| why == words), "{changes:?}: {words:?} is not in {all:?}");
        };
        says(&[("side", "long")], "the side is not traded");
        says(&[("stop_z", "2.05")], "|z| was beyond the stop");
        says(&[("cooldown_bars", "60")], "it was too soon after the last exit");
        says(&[("time_stop_bars", "1")], "|z| had not come back since the last stop");
        says(&[("min_correlation", "1")], "the correlation was too low");
        says(&[("drawdown_stop", "0.001")], "the drawdown stop had ended trading");
        says(&[("entry_z", "2.6")], "|z| was below the entry");
        says(&[("exit_z", "-3")], "a position was held");
    }

    #[test]
    fn an_alert_of_other_rows_is_not_blamed_on_a_rule() {
        let shown = shown(&[("side", "long")]);
        let held_short = shown.ran.ledger.refused.iter().next().unwrap().0;
        let ours = at(&shown, held_short);
        assert_eq!(why(&shown, &ours), "the side is not traded");
        let theirs = Alert { value: Some(9.0), ..ours.clone() };
        let said = why(&shown, &theirs);
        let z = format::fixed(shown.ran.z[held_short], 2);
        assert_eq!(said, format!("computed with other settings, or from another first bar: z was {z} here"));
        let warming =
            Alert { time: shown.ran.open_time(8), open_time: shown.ran.open_time(7), ..ours.clone() };
        assert!(why(&shown, &warming).starts_with("z was not defined here"));
        let early = Alert { time: shown.ran.from, open_time: shown.ran.open_time(0) - 60_000, ..ours };
        assert_eq!(why(&shown, &early), "before the run's first bar");
    }

    #[test]
    fn a_signal_without_an_alert_names_what_differs() {
        let shown = shown(&[]);
        let last = shown.ran.ledger.trades.len() - 1;
        let of = |log: Vec<Alert>, in_force: &Settings, trade: usize| {
            let all = pairings(&shown, &VecDeque::from(log), in_force);
            let time = shown.ran.ledger.trades[trade].entry_time.0;
            all.into_iter().find(|pairing| pairing.time == time).unwrap().standing
        };
        let alone = |why: &str| Standing::SignalAlone(why.to_owned());
        assert_eq!(of(Vec::new(), &settings(), 0), alone("the log holds no alert on z of these bars"));
        let log = || vec![of_entry(&shown, 1)];
        assert!(
            matches!(of(log(), &settings(), 0), Standing::SignalAlone(why) if why.starts_with("before the log's"))
        );
        assert_eq!(of(log(), &settings(), last), alone("the alert had not re-armed, or was in its cooldown"));
        let higher = vec![Alert { threshold: 50.0, ..of_entry(&shown, 1) }];
        assert_eq!(of(higher, &settings(), last), alone("|z| was below the alert's limit"));
        let other = Settings { z_window_bars: 90, ..settings() };
        assert_eq!(
            of(log(), &other, last),
            alone("z is computed with other settings than on the desk: z window bars 60, on the desk 90")
        );
    }
}
