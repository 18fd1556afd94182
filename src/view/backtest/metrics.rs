//! The metrics of a run with their values, or the reason why there is none, and what each of them says.

use crate::view::format;
use spreadscope_engine::backtest::{Figure, Metrics, Period};

/// A metric as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// Its name in files.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// Its value; a dash where there is none.
    pub value: String,
    /// Why there is none, or what belongs to the value.
    pub context: String,
    /// Whether there is a value.
    pub is_defined: bool,
    /// What it says, for one who has not met it.
    pub about: &'static str,
    /// How it is computed.
    pub formula: &'static str,
}

/// Those that stand in tiles; the first is the answer.
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

/// A value in the making.
struct Value(String, String, bool);

fn known(text: String, context: impl Into<String>) -> Value {
    Value(text, context.into(), true)
}

/// A figure as `text` shows it, or its reason.
fn maybe(figure: &Figure, text: impl FnOnce(f64) -> String, context: impl Into<String>) -> Value {
    match &figure.0 {
        Ok(value) => known(text(*value), context),
        Err(reason) => Value("—".to_owned(), reason.clone(), false),
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

fn bars(value: f64) -> String {
    format!("{} bars", format::fixed(value, 1))
}

/// Every metric, in the order of the table.
pub fn all(m: &Metrics) -> Vec<Metric> {
    let a_year = format!("a year, of {} whole {}s", m.periods, m.period.as_str());
    let of_periods = format!("of {} whole {}s", m.periods, m.period.as_str());
    let few = if m.few { format!("few: {} round trips", m.trades) } else { String::new() };
    let count = |number: usize| format::count(number as u64);
    let signed = |figure: &Figure| maybe(figure, money, "");
    let mut all = Vec::new();
    let mut add = |name, label, Value(value, context, is_defined): Value, about, formula| {
        all.push(Metric { name, label, value, context, is_defined, about, formula });
    };
    add(
        "net",
        "Net profit",
        known(money(m.net), format!("{} of capital", signed_share(m.total_return))),
        "What is left of the profit when all costs are paid.",
        "gross − slippage − fees − funding − borrow",
    );
    add(
        "gross",
        "Gross profit",
        known(money(m.gross), ""),
        "What the moves of the prices have earned, before any cost.",
        "Σ quantity × change of the market's price",
    );
    add(
        "fees",
        "Fees",
        known(money(-m.fees), ""),
        "What the exchange takes for every fill. A round trip has four: in and out, of both legs.",
        "Σ |quantity| × price × fee",
    );
    add(
        "slippage",
        "Slippage",
        known(money(-m.slippage), ""),
        "What fills lose because they are not at the last price: the spread between bid and ask, and haste.",
        "Σ |quantity| × price × slippage",
    );
    add(
        "funding",
        "Funding",
        known(money(-m.funding), ""),
        "What it costs to hold both legs. Spot has none.",
        "bps a day on the money of each leg, for the time held",
    );
    add(
        "borrow",
        "Borrow",
        known(money(-m.borrow), ""),
        "What it costs to hold the leg that is sold, which must be borrowed.",
        "bps a day on the money of the leg sold, for the time held",
    );
    add(
        "turnover",
        "Turnover",
        known(format::amount(m.turnover), "money of all fills"),
        "All that was bought and sold. Costs grow with it, not with the profit.",
        "Σ |quantity| × price with slippage",
    );
    add(
        "break_even_fee_bps",
        "Break-even fee",
        maybe(&m.break_even_fee_bps, bps, "one way"),
        "The fee at which nothing would be left. Above your fee: it pays. Below 0: it would not pay for nothing.",
        "10,000 × (net + fees) ÷ turnover",
    );
    add(
        "gross_edge_bps",
        "Gross edge",
        maybe(&m.gross_edge_bps, bps, "of turnover"),
        "What each unit of money that was traded has earned before costs. Fee and slippage must be below it.",
        "10,000 × gross ÷ turnover",
    );
    add(
        "trades",
        "Round trips",
        known(count(m.trades), if m.few { "few: ratios say little" } else { "" }),
        "Entries of both legs with their exits. Fewer than 10 are chance.",
        "entry and exit of both legs count once",
    );
    add(
        "win_rate",
        "Win rate",
        maybe(&m.win_rate, share, few.clone()),
        "How many of the round trips have made money after costs. High is not enough: one loss can eat ten wins.",
        "round trips with net > 0 ÷ round trips",
    );
    add(
        "profit_factor",
        "Profit factor",
        maybe(&m.profit_factor, ratio, few.clone()),
        "Money won for each unit of money lost. Below 1 it loses.",
        "Σ net of winners ÷ Σ |net| of losers, in money",
    );
    add(
        "mean_net",
        "Net a round trip",
        signed(&m.mean_net),
        "What one round trip has left on average.",
        "net ÷ round trips",
    );
    add(
        "sharpe",
        "Sharpe ratio",
        maybe(&m.sharpe, ratio, a_year.clone()),
        "Return for each unit of its ups and downs. 1 is good, 2 very good, 5 nearly always a mistake.",
        "mean ÷ standard deviation (n − 1) of the periods' returns × √(periods a year of 365 days)",
    );
    add(
        "sortino",
        "Sortino ratio",
        maybe(&m.sortino, ratio, a_year.clone()),
        "As Sharpe, counting only the downs.",
        "mean × K ÷ (√ mean of min(r, 0)² over all periods × √K)",
    );
    add(
        "volatility",
        "Volatility",
        maybe(&m.volatility, share, a_year.clone()),
        "How much the returns vary, scaled to a year.",
        "standard deviation (n − 1) × √(periods a year)",
    );
    add(
        "max_drawdown",
        "Largest drawdown",
        known(share(m.max_drawdown), format!("longest {} bars", count(m.max_drawdown_bars))),
        "The deepest fall from the best so far. You would have sat through it.",
        "max of (highest equity so far − equity) ÷ capital, from the start on",
    );
    add(
        "total_return",
        "Return",
        known(signed_share(m.total_return), ""),
        "Net profit for the capital.",
        "net ÷ capital",
    );
    add(
        "cagr",
        "Return a year",
        maybe(&m.cagr, signed_share, ""),
        "What the capital would grow by in a year at this pace. Short spans do not have one.",
        "(equity ÷ capital)^(365 days ÷ span) − 1, from 30 days on",
    );
    add(
        "calmar",
        "Calmar ratio",
        maybe(&m.calmar, ratio, ""),
        "Growth a year for the deepest fall.",
        "return a year ÷ largest drawdown",
    );
    add(
        "sterling",
        "Sterling ratio",
        maybe(&m.sterling, ratio, ""),
        "As Calmar, with a tenth of capital of fall allowed for.",
        "return a year ÷ (largest drawdown + 0.1)",
    );
    add(
        "ulcer_index",
        "Ulcer index",
        maybe(&m.ulcer_index, share, ""),
        "How deep and how long it was under water.",
        "√ mean of drawdown² over all bars",
    );
    add(
        "pain_index",
        "Pain index",
        maybe(&m.pain_index, share, ""),
        "The mean depth under water.",
        "mean drawdown over all bars",
    );
    add(
        "pain_ratio",
        "Pain ratio",
        maybe(&m.pain_ratio, ratio, ""),
        "Growth a year for the mean depth under water.",
        "return a year ÷ pain index",
    );
    add(
        "var_95",
        "VaR 95 %",
        maybe(&m.var_95, share, of_periods.clone()),
        "In 19 of 20 periods the loss was smaller.",
        "the 5 % quantile of the periods' returns, as a loss",
    );
    add(
        "var_99",
        "VaR 99 %",
        maybe(&m.var_99, share, of_periods.clone()),
        "In 99 of 100 periods the loss was smaller.",
        "the 1 % quantile of the periods' returns, as a loss",
    );
    add(
        "cvar_95",
        "CVaR 95 %",
        maybe(&m.cvar_95, share, of_periods.clone()),
        "The mean loss of the worst twentieth of the periods.",
        "mean of the returns up to the 5 % quantile, as a loss",
    );
    add(
        "cvar_99",
        "CVaR 99 %",
        maybe(&m.cvar_99, share, of_periods.clone()),
        "The mean loss of the worst hundredth of the periods.",
        "mean of the returns up to the 1 % quantile, as a loss",
    );
    add(
        "skew",
        "Skew",
        maybe(&m.skew, ratio, of_periods.clone()),
        "Below 0: rare losses are larger than rare gains. Pairs trades often have that.",
        "third standardised moment, adjusted for the sample",
    );
    add(
        "excess_kurtosis",
        "Excess kurtosis",
        maybe(&m.excess_kurtosis, ratio, of_periods),
        "Above 0: extremes are more frequent than a normal distribution has them.",
        "fourth standardised moment − 3, adjusted for the sample",
    );
    add(
        "longest_losing_streak",
        "Losing streak",
        known(count(m.longest_losing_streak), "round trips in a row"),
        "The most losing round trips one after the other.",
        "longest run of net < 0",
    );
    add(
        "worst_excursion",
        "Worst excursion",
        signed(&m.worst_excursion),
        "The deepest that one round trip was under water while it was held.",
        "lowest net of a round trip at the close of a bar",
    );
    add(
        "exposure",
        "Exposure",
        maybe(&m.exposure, share, "of the bars with a position"),
        "How much of the time money was at work.",
        "bars in a position ÷ bars",
    );
    add(
        "largest_exposure",
        "Largest exposure",
        maybe(&m.largest_exposure, share, "of capital, both legs"),
        "The most money of both legs at an entry. Above 100 % it needs credit.",
        "max of Σ |quantity| × price at the entry ÷ capital",
    );
    let holding = maybe(&m.mean_holding_secs, format::duration, "");
    add(
        "mean_holding_bars",
        "Mean holding",
        maybe(&m.mean_holding_bars, bars, holding.0),
        "How long a round trip was held on average.",
        "bars from entry to exit ÷ round trips",
    );
    all
}

/// What the metric of this name says, whatever its value.
pub fn about(name: &str) -> Metric {
    let known = all(&nothing()).into_iter().find(|metric| metric.name == name);
    known.expect("Invariant: a tile's metric is one of all")
}

/// The metrics of a run that did nothing.
fn nothing() -> Metrics {
    let none = || Figure(Err(String::new()));
    Metrics {
        trades: 0,
        net: 0.0,
        gross: 0.0,
        fees: 0.0,
        slippage: 0.0,
        funding: 0.0,
        borrow: 0.0,
        turnover: 0.0,
        break_even_fee_bps: none(),
        gross_edge_bps: none(),
        sharpe: none(),
        sortino: none(),
        volatility: none(),
        max_drawdown: 0.0,
        max_drawdown_bars: 0,
        win_rate: none(),
        profit_factor: none(),
        exposure: none(),
        mean_holding_bars: none(),
        mean_holding_secs: none(),
        total_return: 0.0,
        cagr: none(),
        calmar: none(),
        sterling: none(),
        ulcer_index: none(),
        pain_index: none(),
        pain_ratio: none(),
        var_95: none(),
        var_99: none(),
        cvar_95: none(),
        cvar_99: none(),
        skew: none(),
        excess_kurtosis: none(),
        longest_losing_streak: 0,
        mean_net: none(),
        worst_excursion: none(),
        largest_exposure: none(),
        periods: 0,
        period: Period::Hour,
        few: true,
    }
}

/// The metrics of the tiles, in their order.
pub fn tiles(metrics: &Metrics) -> Vec<Metric> {
    let all = all(metrics);
    TILES.iter().filter_map(|name| all.iter().find(|metric| metric.name == *name).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::backtest::shown::tests::shown;

    #[test]
    fn every_metric_of_the_engine_is_shown_under_its_name_once() {
        let metrics = shown(&[]).ran.metrics[0].clone();
        let value = serde_json::to_value(&metrics).unwrap();
        let shown: Vec<&str> = all(&metrics).into_iter().map(|metric| metric.name).collect();
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
        let of = |name: &str| all.iter().find(|metric| metric.name == name).unwrap();
        assert_eq!(
            (of("break_even_fee_bps").value.as_str(), of("break_even_fee_bps").context.as_str()),
            ("—", "nothing was filled")
        );
        assert_eq!(of("win_rate").context, "there are no round trips");
        assert!(of("cagr").context.starts_with("the span is too short") && !of("cagr").is_defined);
        assert!(of("net").is_defined && of("net").value.starts_with('0'));
    }
}
