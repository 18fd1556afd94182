//! The results of a run in numbers, each by its published formula or with the reason why it is undefined.

use super::periods::{Period, Periods, annual_growth, enough};
use super::position::RoundTrip;
use super::rules::Rules;
use super::run::Ledger;
use super::tape::Tape;
use crate::analytics::Metric;
use core::ops::Range;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use spreadscope_stats::Undefined;
use spreadscope_stats::performance as stats;

/// Fewer round trips than this count as few.
pub const FEW: usize = 10;
/// Excess drawdown in the Sterling ratio.
const STERLING_EXCESS: f64 = 0.1;

/// A number, or why there is none: `1.5`, or `{"undefined": "…"}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure(pub Result<f64, String>);

impl Figure {
    fn none(reason: &str) -> Self {
        Self(Err(reason.to_owned()))
    }

    /// The number, if defined.
    pub fn value(&self) -> Option<f64> {
        self.0.as_ref().ok().copied()
    }
}

impl From<f64> for Figure {
    fn from(value: f64) -> Self {
        // 0 has no sign
        if value.is_finite() { Self(Ok(value + 0.0)) } else { Self::none("it is too large to represent") }
    }
}

impl From<Metric> for Figure {
    fn from(metric: Metric) -> Self {
        match metric {
            Metric::Ready(value) | Metric::Provisional { value, .. } => value.into(),
            Metric::Undefined(reason) => Self(Err(reason)),
            Metric::Warming { seen, needed } => Self(Err(format!("{seen} of {needed} values"))),
        }
    }
}

/// In text a number stands for itself; the binary form of messages needs the tag.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Text {
    Number(f64),
    None { undefined: String },
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return self.0.serialize(serializer);
        }
        match &self.0 {
            Ok(value) => value.serialize(serializer),
            Err(reason) => Text::None { undefined: reason.clone() }.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return Result::deserialize(deserializer).map(Self);
        }
        Ok(match Text::deserialize(deserializer)? {
            Text::Number(value) => Self(Ok(value)),
            Text::None { undefined } => Self(Err(undefined)),
        })
    }
}

/// The results of a run. Money is in quote currency; a ratio or return is a fraction of capital.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Round trips.
    pub trades: usize,
    /// Gross minus slippage, fees, funding and borrow.
    pub net: f64,
    /// Profit at market prices.
    pub gross: f64,
    /// Fees.
    pub fees: f64,
    /// Cost of slippage.
    pub slippage: f64,
    /// Cost of funding.
    pub funding: f64,
    /// Cost of borrowing the leg that is sold.
    pub borrow: f64,
    /// Money of all fills.
    pub turnover: f64,
    /// Fee per fill at which net is 0; negative if the run does not pay even without a fee. [`metrics`] gives that of
    /// the same fills, 10⁴ (net + fees) / turnover, and [`BreakEven`](super::BreakEven) that of runs at other fees.
    pub break_even_fee_bps: Figure,
    /// Gross per turnover.
    pub gross_edge_bps: Figure,
    /// Annualised Sharpe ratio of the periods' returns.
    pub sharpe: Figure,
    /// Annualised Sortino ratio of the periods' returns.
    pub sortino: Figure,
    /// Annualised volatility of the periods' returns.
    pub volatility: Figure,
    /// Largest fall from the highest equity so far, as a fraction of capital.
    pub max_drawdown: f64,
    /// Longest time below the highest equity so far, bars.
    pub max_drawdown_bars: usize,
    /// Share of round trips with a net profit.
    pub win_rate: Figure,
    /// Sum of net profits over sum of net losses.
    pub profit_factor: Figure,
    /// Share of bars with a position.
    pub exposure: Figure,
    /// Mean time from entry to exit, bars.
    pub mean_holding_bars: Figure,
    /// Mean time from entry to exit, seconds.
    pub mean_holding_secs: Figure,
    /// Net over capital.
    pub total_return: f64,
    /// Compound annual growth rate.
    pub cagr: Figure,
    /// Annual growth over maximum drawdown.
    pub calmar: Figure,
    /// Annual growth over maximum drawdown plus 10 % of capital.
    pub sterling: Figure,
    /// Root mean square of the drawdown over all bars.
    pub ulcer_index: Figure,
    /// Mean drawdown over all bars.
    pub pain_index: Figure,
    /// Annual growth over the pain index.
    pub pain_ratio: Figure,
    /// Value at risk: the loss not exceeded in 95 % of the periods.
    pub var_95: Figure,
    /// Value at risk: the loss not exceeded in 99 % of the periods.
    pub var_99: Figure,
    /// Expected shortfall: mean loss of the worst 5 % of the periods.
    pub cvar_95: Figure,
    /// Expected shortfall: mean loss of the worst 1 % of the periods.
    pub cvar_99: Figure,
    /// Skewness of the periods' returns, adjusted for sample size.
    pub skew: Figure,
    /// Excess kurtosis of the periods' returns, adjusted for sample size.
    pub excess_kurtosis: Figure,
    /// Most consecutive losing round trips.
    pub longest_losing_streak: usize,
    /// Mean net profit of a round trip.
    pub mean_net: Figure,
    /// Lowest net profit of an open round trip at any close.
    pub worst_excursion: Figure,
    /// Largest gross exposure at an entry, over capital.
    pub largest_exposure: Figure,
    /// Number of periods behind the ratios.
    pub periods: usize,
    /// Length of a period.
    pub period: Period,
    /// Whether win rate, profit factor and holding time rest on fewer than [`FEW`] round trips.
    pub few: bool,
}

/// Why there is no ratio where equity was 0 or less at a close.
pub(super) const LOST: &str = "the capital is lost";

/// Equity at closes, and its scale.
#[derive(Debug)]
struct Curve<'a> {
    capital: f64,
    equity: &'a [f64],
}

/// The metrics of a run over the bars at `bars`: with the round trip closed by the end of the data, and without
/// it.
///
/// `ledger` must have been kept bar by bar.
pub fn metrics(tape: &Tape, rules: &Rules, bars: Range<usize>, ledger: &Ledger) -> [Metrics; 2] {
    let whole = of(tape, rules, bars.clone(), &ledger.equity, &ledger.trades);
    let Some(forced_from) = ledger.forced_from else { return [whole.clone(), whole] };
    let mut equity = ledger.equity.clone();
    let before = forced_from.checked_sub(1).map_or(rules.notional, |place| equity[place]);
    equity[forced_from..].fill(before);
    let trades = &ledger.trades[..ledger.trades.len().saturating_sub(1)];
    [whole, of(tape, rules, bars, &equity, trades)]
}

fn of(tape: &Tape, rules: &Rules, bars: Range<usize>, equity: &[f64], trades: &[RoundTrip]) -> Metrics {
    let none = || Figure::none("there are no round trips");
    let curve = Curve { capital: rules.notional, equity };
    let is_lost = lost(equity);
    let sum = |part: fn(&RoundTrip) -> f64| trades.iter().map(part).fold(0.0, |sum, part| sum + part);
    let (gross, fees, turnover) = (sum(|t| t.gross), sum(|t| t.fees), sum(|t| t.turnover));
    let (slippage, funding, borrow) = (sum(|t| t.slippage), sum(|t| t.funding), sum(|t| t.borrow));
    let net = sum(|t| t.net);
    let of_turnover = |money: f64| {
        if turnover > 0.0 { (1e4 * money / turnover).into() } else { Figure::none("nothing was filled") }
    };
    let periods = Periods::of(tape, bars.clone());
    let at = |behind: usize| behind.checked_sub(1).map_or(curve.capital, |place| equity[place]);
    let returns = periods.returns(curve.capital, rules.compounding, at);
    let enough = || if is_lost { Err(LOST.to_owned()) } else { enough(&returns, periods.period()) };
    let a_year = periods.per_year();
    let by_returns = |ratio: fn(&[f64]) -> Result<f64, Undefined>, scale: f64| {
        enough().and_then(|r| why(ratio(r), periods.period())).map(|ratio| ratio * scale)
    };
    let sortino = enough().and_then(|returns| match stats::sortino(returns) {
        Err(Undefined::Constant) => Err("no return is a loss".to_owned()),
        ratio => why(ratio, periods.period()).map(|ratio| ratio * a_year.sqrt()),
    });
    let figure = |result: Result<f64, String>| result.map_or_else(|reason| Figure(Err(reason)), Figure::from);
    // nothing was at risk
    let at_risk = |ratio: fn(&[f64]) -> Result<f64, Undefined>| {
        if trades.is_empty() { none() } else { figure(by_returns(ratio, 1.0)) }
    };
    let span = bars.len() as f64 * tape.interval().millis() as f64;
    let cagr: Figure = if is_lost {
        Figure::none(LOST)
    } else {
        annual_growth(curve.capital, curve.capital + net, span).into()
    };
    let drawdown = curve.drawdown();
    let for_risk = |risk: f64| match &cagr.0 {
        Ok(_) if risk <= 0.0 => Figure::none("there is no drawdown"),
        Ok(growth) => (growth / risk).into(),
        Err(reason) => Figure(Err(reason.clone())),
    };
    let per_bar = |value: f64| {
        if equity.is_empty() { Figure::none("there are no bars") } else { value.into() }
    };
    let count = trades.len() as f64;
    let per_trade = |value: f64| if trades.is_empty() { none() } else { (value / count).into() };
    let held = sum(|t| t.bars_held as f64);
    let wins = trades.iter().filter(|trade| result(trade) > 0.0).count() as f64;
    let (won, lost) = (sum(|t| result(t).max(0.0)), sum(|t| (-result(t)).max(0.0)));
    let worst = trades.iter().map(|trade| trade.worst_excursion).reduce(f64::min);
    let largest = trades.iter().map(|trade| trade.gross_exposure).reduce(f64::max);
    let shape = enough().and_then(|r| why(stats::shape(r), periods.period()));
    Metrics {
        trades: trades.len(),
        net,
        gross,
        fees,
        slippage,
        funding,
        borrow,
        turnover,
        break_even_fee_bps: of_turnover(net + fees),
        gross_edge_bps: of_turnover(gross),
        sharpe: figure(by_returns(stats::sharpe, a_year.sqrt())),
        sortino: figure(sortino),
        volatility: figure(by_returns(stats::volatility, a_year.sqrt())),
        max_drawdown: drawdown.most,
        max_drawdown_bars: drawdown.longest,
        win_rate: per_trade(wins),
        profit_factor: match trades {
            [] => none(),
            _ if lost == 0.0 => Figure::none("no round trip has lost"),
            _ => (won / lost).into(),
        },
        exposure: per_bar(held / bars.len() as f64),
        mean_holding_bars: per_trade(held),
        mean_holding_secs: per_trade(held * tape.interval().secs()),
        total_return: net / curve.capital,
        calmar: for_risk(drawdown.most),
        sterling: for_risk(drawdown.most + STERLING_EXCESS),
        ulcer_index: per_bar(drawdown.root_mean_square),
        pain_index: per_bar(drawdown.mean),
        pain_ratio: for_risk(drawdown.mean),
        cagr,
        var_95: at_risk(|r| stats::value_at_risk(r, 0.05)),
        var_99: at_risk(|r| stats::value_at_risk(r, 0.01)),
        cvar_95: at_risk(|r| stats::expected_shortfall(r, 0.05)),
        cvar_99: at_risk(|r| stats::expected_shortfall(r, 0.01)),
        skew: figure(shape.clone().map(|shape| shape.skewness)),
        excess_kurtosis: figure(shape.map(|shape| shape.excess_kurtosis)),
        longest_losing_streak: losing_streak(trades),
        mean_net: per_trade(net),
        worst_excursion: worst.map_or_else(none, Figure::from),
        largest_exposure: largest.map_or_else(none, |money| (money / curve.capital).into()),
        periods: returns.len(),
        period: periods.period(),
        few: trades.len() < FEW,
    }
}

pub(super) fn why<T>(result: Result<T, Undefined>, period: Period) -> Result<T, String> {
    result.map_err(|reason| match reason {
        Undefined::TooShort { needed, got } => {
            format!("it has {got} {} and {needed} are needed", period.many())
        }
        Undefined::Constant => "the returns do not vary".to_owned(),
        other => other.to_string(),
    })
}

/// Whether equity was 0 or less at a close.
pub(super) fn lost(equity: &[f64]) -> bool {
    equity.iter().any(|equity| *equity <= 0.0)
}

/// Net profit of a round trip; 0 where it is no more than the rounding of the money traded.
fn result(trade: &RoundTrip) -> f64 {
    if trade.net.abs() <= f64::EPSILON * trade.turnover { 0.0 } else { trade.net }
}

fn losing_streak(trades: &[RoundTrip]) -> usize {
    let mut longest = 0;
    let mut now = 0;
    for trade in trades {
        now = if result(trade) < 0.0 { now + 1 } else { 0 };
        longest = longest.max(now);
    }
    longest
}

/// How far equity is below its highest so far.
#[derive(Debug, Default)]
struct Drawdown {
    most: f64,
    longest: usize,
    mean: f64,
    root_mean_square: f64,
}

impl Curve<'_> {
    /// The running maximum starts at capital, and drawdowns are fractions of capital, also when profits are
    /// reinvested. Other tools divide by the running maximum.
    fn drawdown(&self) -> Drawdown {
        let mut found = Drawdown::default();
        let (mut peak, mut below) = (self.capital, 0);
        for &equity in self.equity {
            peak = peak.max(equity);
            below = if equity < peak { below + 1 } else { 0 };
            let fall = (peak - equity) / self.capital;
            found.most = found.most.max(fall);
            found.longest = found.longest.max(below);
            found.mean += fall;
            found.root_mean_square += fall * fall;
        }
        let bars = self.equity.len().max(1) as f64;
        found.mean /= bars;
        found.root_mean_square = (found.root_mean_square / bars).sqrt();
        found
    }
}
