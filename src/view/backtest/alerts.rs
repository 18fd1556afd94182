//! The live alert log beside the signals of a run, and why one has entries that the other lacks.

use super::shown::Shown;
use crate::view::numbers::format;
use spreadscope_engine::UnixMillis;
use spreadscope_engine::alert::{Alert, Direction, Occasion, Quantity};
use spreadscope_engine::backtest::{FillAt, PositionSide, RoundTrip};
use std::collections::VecDeque;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Both.
    Both,
    /// The alert alone.
    AlertAlone(&'static str),
    /// The signal alone.
    SignalAlone(&'static str),
}

/// Returns when the entry of `trade` was decided: at the close of a bar.
fn decided(shown: &Shown, trade: &RoundTrip) -> i64 {
    let parameters = &shown.ran.parameters;
    let same = parameters.rules.fill == FillAt::SameClose;
    // the bar that fills opens at the close that decided, unless the order waited
    trade.entry_time.0 + if same { parameters.desk.interval.millis() } else { 0 }
}

/// Returns all alerts on z and all signals within the run's bars, oldest first.
pub fn pairings(shown: &Shown, alerts: &VecDeque<Alert>) -> Vec<Pairing> {
    let ran = &shown.ran;
    let (from, to) = (ran.from, ran.open_time(ran.bars));
    let is_ours = |alert: &&Alert| {
        alert.occasion == Occasion::Fired
            && alert.quantity == Quantity::Z
            && alert.interval == ran.parameters.desk.interval
            && alert.time >= from
            && alert.time <= to
    };
    let alerts: Vec<&Alert> = alerts.iter().filter(is_ours).collect();
    let first_alert = alerts.iter().map(|alert| alert.time).min();
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
            None => Standing::SignalAlone(without_alert(trade, time, first_alert, &alerts)),
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

fn without_alert(trade: &RoundTrip, time: i64, first: Option<UnixMillis>, alerts: &[&Alert]) -> &'static str {
    let limit = alerts.iter().map(|alert| alert.threshold.abs()).reduce(f64::min);
    match (first, limit) {
        (None, _) => "the log holds no alert on z of these bars",
        (Some(first), _) if time < first.0 => {
            "before the log's first alert: the page was not open, or the rule was different"
        }
        (_, Some(limit)) if trade.entry_z.abs() < limit => "|z| was below the alert's limit",
        _ => "the alert had not re-armed, or was in its cooldown",
    }
}

fn without_signal(shown: &Shown, alert: &Alert) -> &'static str {
    let rules = &shown.ran.parameters.rules;
    let holds = |trade: &RoundTrip| trade.entry_time <= alert.time && alert.time <= trade.exit_time;
    if shown.ran.ledger.trades.iter().any(holds) {
        "a position was held"
    } else if alert.value.is_some_and(|z| z.abs() < rules.entry_z) {
        "|z| was below the entry"
    } else {
        "a rule kept it out: side, stop, cooldown or filter"
    }
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
    use crate::view::backtest::shown::tests::shown;
    use spreadscope_engine::Interval;

    /// Returns an alert at `time`, on 1 m bars.
    fn at(time: UnixMillis, z: f64) -> Alert {
        let direction = if z > 0.0 { Direction::Above } else { Direction::Below };
        let like = alert(0, z);
        Alert {
            time,
            direction,
            interval: Interval::OneMinute,
            value: Some(z),
            threshold: 2.0_f64.copysign(z),
            ..like
        }
    }

    #[test]
    fn each_difference_between_alerts_and_signals_is_named() {
        let shown = shown(&[]);
        let trades = &shown.ran.ledger.trades;
        let sign = |trade: &RoundTrip| if trade.held == PositionSide::Short { 2.5 } else { -2.5 };
        let met = at(trades[1].entry_time, sign(&trades[1]));
        let within = at(UnixMillis(trades[2].entry_time.0 + 60_000), 2.1);
        let foreign = Alert { interval: Interval::OneSecond, ..met.clone() };
        let log = VecDeque::from([within.clone(), met.clone(), foreign]);
        let all = pairings(&shown, &log);
        let of = |time: i64| all.iter().find(|pairing| pairing.time == time).unwrap().standing;
        assert_eq!(all.len(), trades.len() + 1);
        assert_eq!(of(met.time.0), Standing::Both);
        assert_eq!(of(within.time.0), Standing::AlertAlone("a position was held"));
        assert!(
            matches!(of(trades[0].entry_time.0), Standing::SignalAlone(why) if why.starts_with("before the log's"))
        );
        let said = sentence(&all);
        assert!(
            said.starts_with("1 signal had an alert, ") && said.ends_with(", 1 alert had no signal."),
            "{said}"
        );
        let none = pairings(&shown, &VecDeque::new());
        assert!(none.iter().all(|pairing| matches!(pairing.standing, Standing::SignalAlone(_))));
    }
}
