//! The metrics of a run: values or the reason why there is none, and their meaning.

mod about;

pub use about::{About, about};

use crate::view::numbers::format;
use spreadscope_engine::backtest::{Figure, Metrics};

/// A metric as shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// Its words.
    pub about: &'static About,
    /// Its value; a dash if there is none.
    pub value: String,
    /// Why there is none, or a remark on the value.
    pub context: String,
    /// Its value as a number, if there is one.
    pub number: Option<f64>,
}

/// The metrics shown in tiles; the first is the answer.
pub const TILES: [&str; 12] = [
    "net",
    "break_even_fee_bps",
    "gross_edge_bps",
    "trades",
    "win_rate",
    "profit_factor",
    "sharpe",
    "max_drawdown",
    "turnover",
    "fees",
    "exposure",
    "mean_holding_bars",
];

/// A value being built: text, context and number.
struct Value(String, String, Option<f64>);

fn known(number: f64, text: fn(f64) -> String, context: impl Into<String>) -> Value {
    Value(text(number), context.into(), Some(number))
}

/// Returns a figure formatted by `text`, or its reason.
fn maybe(figure: &Figure, text: fn(f64) -> String, context: impl Into<String>) -> Value {
    match &figure.0 {
        Ok(number) => known(*number, text, context),
        Err(reason) => Value("—".to_owned(), reason.clone(), None),
    }
}

fn money(value: f64) -> String {
    format::signed(value, 2)
}

fn ratio(value: f64) -> String {
    format::fixed(value, 2)
}

fn share(value: f64) -> String {
    format!("{} %", format::fixed(value * 100.0, 2))
}

fn signed_share(value: f64) -> String {
    format!("{} %", format::signed(value * 100.0, 2))
}

fn bps(value: f64) -> String {
    format!("{} bps", format::fixed(value, 2))
}

fn count(value: f64) -> String {
    format::fixed(value, 0)
}

fn bars(value: f64) -> String {
    format!("{} bars", format::fixed(value, 1))
}

/// Returns every metric, in the order of the table.
pub fn all(m: &Metrics) -> Vec<Metric> {
    about::ALL
        .iter()
        .map(|about| {
            let Value(value, context, number) = value(about.name, m);
            Metric { about, value, context, number }
        })
        .collect()
}

fn value(name: &str, m: &Metrics) -> Value {
    let a_year = format!("a year, of {} {}", m.periods, m.period.many());
    let of_periods = format!("of {} {}", m.periods, m.period.many());
    let few = if m.few { format!("few: {} round trips", m.trades) } else { String::new() };
    let signed = |figure: &Figure| maybe(figure, money, "");
    match name {
        "net" => known(m.net, money, format!("{} of capital", signed_share(m.total_return))),
        "gross" => known(m.gross, money, ""),
        "fees" => known(-m.fees, money, ""),
        "slippage" => known(-m.slippage, money, ""),
        "funding" => known(-m.funding, money, ""),
        "borrow" => known(-m.borrow, money, ""),
        "turnover" => known(m.turnover, format::amount, "money of all fills"),
        "break_even_fee_bps" => maybe(&m.break_even_fee_bps, bps, "one way"),
        "gross_edge_bps" => maybe(&m.gross_edge_bps, bps, "of turnover"),
        "trades" => known(m.trades as f64, count, if m.few { "few: ratios say little" } else { "" }),
        "win_rate" => maybe(&m.win_rate, share, few),
        "profit_factor" => maybe(&m.profit_factor, ratio, few),
        "mean_net" => signed(&m.mean_net),
        "sharpe" => maybe(&m.sharpe, ratio, a_year),
        "sortino" => maybe(&m.sortino, ratio, a_year),
        "volatility" => maybe(&m.volatility, share, a_year),
        "max_drawdown" => {
            known(m.max_drawdown, share, format!("longest {} bars", count(m.max_drawdown_bars as f64)))
        }
        "total_return" => known(m.total_return, signed_share, ""),
        "cagr" => maybe(&m.cagr, signed_share, ""),
        "calmar" => maybe(&m.calmar, ratio, ""),
        "sterling" => maybe(&m.sterling, ratio, ""),
        "ulcer_index" => maybe(&m.ulcer_index, share, ""),
        "pain_index" => maybe(&m.pain_index, share, ""),
        "pain_ratio" => maybe(&m.pain_ratio, ratio, ""),
        "var_95" => maybe(&m.var_95, share, of_periods),
        "var_99" => maybe(&m.var_99, share, of_periods),
        "cvar_95" => maybe(&m.cvar_95, share, of_periods),
        "cvar_99" => maybe(&m.cvar_99, share, of_periods),
        "skew" => maybe(&m.skew, ratio, of_periods),
        "excess_kurtosis" => maybe(&m.excess_kurtosis, ratio, of_periods),
        "longest_losing_streak" => known(m.longest_losing_streak as f64, count, "round trips in a row"),
        "worst_excursion" => signed(&m.worst_excursion),
        "exposure" => maybe(&m.exposure, share, "of the bars with a position"),
        "largest_exposure" => maybe(&m.largest_exposure, share, "of capital, both legs"),
        "mean_holding_bars" => {
            maybe(&m.mean_holding_bars, bars, maybe(&m.mean_holding_secs, format::duration, "").0)
        }
        _ => Value("—".to_owned(), String::new(), None),
    }
}

/// Returns the metrics of the tiles, in their order.
pub fn tiles(metrics: &Metrics) -> Vec<Metric> {
    let all = all(metrics);
    TILES.iter().filter_map(|name| all.iter().find(|metric| metric.about.name == *name).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::backtest::shown::tests::shown;

    #[test]
    fn every_metric_of_the_engine_is_shown_under_its_name_once() {
        let metrics = shown(&[]).ran.metrics[0].clone();
        let value = serde_json::to_value(&metrics).unwrap();
        let shown: Vec<&str> = all(&metrics).into_iter().map(|metric| metric.about.name).collect();
        let beside = ["periods", "period", "few", "max_drawdown_bars", "mean_holding_secs"];
        for name in value.as_object().unwrap().keys().filter(|name| !beside.contains(&name.as_str())) {
            assert_eq!(shown.iter().filter(|known| *known == name).count(), 1, "{name}");
        }
        assert_eq!(tiles(&metrics).len(), TILES.len());
    }

    #[test]
    fn what_is_not_defined_says_why_and_has_no_number() {
        let metrics = shown(&[("entry_z", "50")]).ran.metrics[0].clone();
        let all = all(&metrics);
        let of = |name: &str| all.iter().find(|metric| metric.about.name == name).unwrap();
        assert_eq!(
            (of("break_even_fee_bps").value.as_str(), of("break_even_fee_bps").context.as_str()),
            ("—", "nothing was filled")
        );
        assert_eq!(of("win_rate").context, "there are no round trips");
        assert!(of("cagr").context.starts_with("the span is too short") && of("cagr").number.is_none());
        assert!(of("net").number == Some(0.0) && of("net").value.starts_with('0'));
    }
}
