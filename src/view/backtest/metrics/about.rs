//! What each metric means, for a newcomer, and its formula.

/// A metric's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Its name in files.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// What it means.
    pub says: &'static str,
    /// How it is computed.
    pub formula: &'static str,
}

/// Every metric, in the order of the table.
pub(super) const ALL: [About; 35] = [
    About {
        name: "net",
        label: "Net profit",
        says: "The profit after all costs.",
        formula: "gross − slippage − fees − funding − borrow",
    },
    About {
        name: "gross",
        label: "Gross profit",
        says: "What the price moves earned, before any costs.",
        formula: "Σ quantity × change of the market's price",
    },
    About {
        name: "fees",
        label: "Fees",
        says: "What the exchange takes for every fill. A round trip has four: in and out, of both legs.",
        formula: "Σ |quantity| × price × fee",
    },
    About {
        name: "slippage",
        label: "Slippage",
        says: "What fills lose because they are not at the last price: the bid-ask spread and market impact.",
        formula: "Σ |quantity| × price × slippage",
    },
    About {
        name: "funding",
        label: "Funding",
        says: "What it costs to hold both legs. Spot has none.",
        formula: "bps a day on the money of each leg, for the time held",
    },
    About {
        name: "borrow",
        label: "Borrow",
        says: "What it costs to hold the leg that is sold, which must be borrowed.",
        formula: "bps a day on the money of the leg sold, for the time held",
    },
    About {
        name: "turnover",
        label: "Turnover",
        says: "All that was bought and sold. Costs grow with it, not with the profit.",
        formula: "Σ |quantity| × price with slippage",
    },
    About {
        name: "break_even_fee_bps",
        label: "Break-even fee",
        says: "The fee at which nothing would be left. If it is above your fee, it pays. Below 0: it would not pay even without fees.",
        formula: "10,000 × (net + fees) ÷ turnover; where lost capital or a rule that reads equity would change the fills, found by runs at other fees",
    },
    About {
        name: "gross_edge_bps",
        label: "Gross edge",
        says: "What each unit of money traded earned before costs. Fee and slippage must be below it.",
        formula: "10,000 × gross ÷ turnover",
    },
    About {
        name: "trades",
        label: "Round trips",
        says: "Entries of both legs with their exits. Fewer than 10 may be chance.",
        formula: "entry and exit of both legs count once",
    },
    About {
        name: "win_rate",
        label: "Win rate",
        says: "The share of round trips that made money after costs. High is not enough: one loss can eat ten wins.",
        formula: "round trips with net > 0 ÷ round trips",
    },
    About {
        name: "profit_factor",
        label: "Profit factor",
        says: "Money won for each unit of money lost. Below 1 it loses.",
        formula: "Σ net of winners ÷ Σ |net| of losers, in money",
    },
    About {
        name: "mean_net",
        label: "Net per round trip",
        says: "What a round trip earns on average, net.",
        formula: "net ÷ round trips",
    },
    About {
        name: "sharpe",
        label: "Sharpe ratio",
        says: "Return for each unit of volatility. 1 is good, 2 very good, 5 nearly always a mistake.",
        formula: "mean ÷ standard deviation (n − 1) of the periods' returns × √(periods a year of 365 days)",
    },
    About {
        name: "sortino",
        label: "Sortino ratio",
        says: "As Sharpe, counting only losses.",
        formula: "mean × K ÷ (√ mean of min(r, 0)² over all periods × √K)",
    },
    About {
        name: "volatility",
        label: "Volatility",
        says: "How much the returns vary, scaled to a year.",
        formula: "standard deviation (n − 1) × √(periods a year)",
    },
    About {
        name: "max_drawdown",
        label: "Largest drawdown",
        says: "The deepest fall from the highest equity so far. You would have sat through it.",
        formula: "max of (highest equity so far − equity) ÷ capital, from the start on",
    },
    About {
        name: "total_return",
        label: "Return",
        says: "Net profit relative to the capital.",
        formula: "net ÷ capital",
    },
    About {
        name: "cagr",
        label: "Return a year",
        says: "What the capital would grow by in a year at this pace. Not given for short spans.",
        formula: "(equity ÷ capital)^(365 days ÷ span) − 1, from 30 days on",
    },
    About {
        name: "calmar",
        label: "Calmar ratio",
        says: "Yearly return for each unit of the largest drawdown.",
        formula: "return a year ÷ largest drawdown",
    },
    About {
        name: "sterling",
        label: "Sterling ratio",
        says: "As Calmar, with a tenth of the capital added to the drawdown.",
        formula: "return a year ÷ (largest drawdown + 0.1)",
    },
    About {
        name: "ulcer_index",
        label: "Ulcer index",
        says: "How deep and how long the equity was below its peak.",
        formula: "√ mean of drawdown² over all bars",
    },
    About {
        name: "pain_index",
        label: "Pain index",
        says: "The mean depth below the peak.",
        formula: "mean drawdown over all bars",
    },
    About {
        name: "pain_ratio",
        label: "Pain ratio",
        says: "Yearly return for each unit of the mean depth below the peak.",
        formula: "return a year ÷ pain index",
    },
    About {
        name: "var_95",
        label: "VaR 95 %",
        says: "In 19 of 20 periods the loss was smaller.",
        formula: "the 5 % quantile of the periods' returns, as a loss",
    },
    About {
        name: "var_99",
        label: "VaR 99 %",
        says: "In 99 of 100 periods the loss was smaller.",
        formula: "the 1 % quantile of the periods' returns, as a loss",
    },
    About {
        name: "cvar_95",
        label: "CVaR 95 %",
        says: "The mean loss of the worst twentieth of the periods.",
        formula: "mean of the returns up to the 5 % quantile, as a loss",
    },
    About {
        name: "cvar_99",
        label: "CVaR 99 %",
        says: "The mean loss of the worst hundredth of the periods.",
        formula: "mean of the returns up to the 1 % quantile, as a loss",
    },
    About {
        name: "skew",
        label: "Skew",
        says: "Below 0: rare losses are larger than rare gains. Pairs trades often have that.",
        formula: "third standardised moment, adjusted for the sample",
    },
    About {
        name: "excess_kurtosis",
        label: "Excess kurtosis",
        says: "Above 0: extremes are more frequent than in a normal distribution.",
        formula: "fourth standardised moment − 3, adjusted for the sample",
    },
    About {
        name: "longest_losing_streak",
        label: "Losing streak",
        says: "The most losing round trips in a row.",
        formula: "longest run of net < 0",
    },
    About {
        name: "worst_excursion",
        label: "Worst excursion",
        says: "The largest open loss of a round trip.",
        formula: "lowest net of a round trip at the close of a bar",
    },
    About {
        name: "exposure",
        label: "Time in the market",
        says: "The share of bars with an open position.",
        formula: "bars in a position ÷ bars",
    },
    About {
        name: "largest_exposure",
        label: "Largest exposure",
        says: "The largest value of both legs at an entry. Above 100 % it needs credit.",
        formula: "max of Σ |quantity| × price at the entry ÷ capital",
    },
    About {
        name: "mean_holding_bars",
        label: "Mean holding",
        says: "The average time that a round trip was held.",
        formula: "bars from entry to exit ÷ round trips",
    },
];

/// Returns the words of the metric `name`.
pub fn about(name: &str) -> Option<&'static About> {
    ALL.iter().find(|about| about.name == name)
}
