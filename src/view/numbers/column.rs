//! The numbers of a row by name, as table columns. Each number is one row of this list; a leg's number serves
//! both legs.

use spreadscope_engine::analytics::{LegRow, Row};
use spreadscope_engine::settings::HedgeKind;

macro_rules! leg_columns {
    ($($(#[$doc:meta])+ $column:ident = $name:literal, $read:expr;)+) => {
        /// A number that each leg of a row has.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum LegColumn {
            $($(#[$doc])+ $column,)+
        }

        impl LegColumn {
            /// All of them, in table order.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$column),+];

            /// Returns the names in a table's header, for y and for x.
            const fn names(self) -> [&'static str; 2] {
                match self {
                    $(Self::$column => [concat!("y_", $name), concat!("x_", $name)]),+
                }
            }

            fn of(self, leg: &LegRow) -> Option<f64> {
                match self {
                    $(Self::$column => ($read as fn(&LegRow) -> Option<f64>)(leg)),+
                }
            }
        }
    };
}

leg_columns! {
    /// First price.
    Open = "open", |leg| leg.open;
    /// Highest price.
    High = "high", |leg| leg.high;
    /// Lowest price.
    Low = "low", |leg| leg.low;
    /// Last price.
    Close = "close", |leg| leg.close;
    /// Base volume.
    Volume = "volume", |leg| leg.close.map(|_| leg.volume);
    /// Quote volume.
    QuoteVolume = "quote_volume", |leg| leg.close.map(|_| leg.quote_volume);
    /// Trades.
    Trades = "trades", |leg| leg.close.map(|_| f64::from(leg.trades));
    /// Bars since the last trade.
    CarriedBars = "carried_bars", |leg| leg.close.map(|_| f64::from(leg.carried_bars));
    /// One-bar log return.
    LogReturn = "log_return", |leg| leg.log_return;
    /// Rolling mean of the close.
    Mean = "mean", |leg| leg.mean.value();
    /// Rolling variance of the close.
    Variance = "variance", |leg| leg.variance;
    /// Rolling deviation of log returns.
    Volatility = "volatility_log_return", |leg| leg.volatility.value();
}

macro_rules! pair_columns {
    ($($(#[$doc:meta])+ $column:ident = $name:literal, $read:expr;)+) => {
        /// A number of each row.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Column {
            /// A number of y.
            Y(LegColumn),
            /// A number of x.
            X(LegColumn),
            $($(#[$doc])+ $column,)+
            /// The ratio of a model shown beside the chosen one.
            Overlay(HedgeKind),
        }

        impl Column {
            const OF_PAIR: [Self; [$($name),+].len()] = [$(Self::$column),+];

            /// Returns the name in a table's header.
            pub const fn name(self) -> &'static str {
                match self {
                    Self::Y(column) => column.names()[0],
                    Self::X(column) => column.names()[1],
                    $(Self::$column => $name,)+
                    Self::Overlay(kind) => kind.row().ratio_name,
                }
            }

            /// Returns the number in a row; NaN if there is none.
            pub(super) fn of(self, row: &Row) -> f64 {
                let number = match self {
                    Self::Y(column) => column.of(&row.y),
                    Self::X(column) => column.of(&row.x),
                    $(Self::$column => ($read as fn(&Row) -> Option<f64>)(row),)+
                    Self::Overlay(kind) => row.overlays[kind as usize],
                };
                number.unwrap_or(f64::NAN)
            }
        }
    };
}

pair_columns! {
    /// Slope of y on x.
    HedgeRatio = "hedge_ratio", |row| row.hedge_ratio.value();
    /// Its standard error.
    HedgeRatioStdError = "hedge_ratio_std_error", |row| row.hedge_ratio_std_error;
    /// Intercept of the regression.
    Intercept = "intercept", |row| row.intercept;
    /// Share of variance explained.
    RSquared = "r_squared", |row| row.r_squared;
    /// Residual of the regression.
    Spread = "spread", |row| row.spread;
    /// Rolling mean of the spread.
    SpreadMean = "spread_mean", |row| row.spread_mean;
    /// Rolling deviation of the spread.
    SpreadStdDev = "spread_std_dev", |row| row.spread_std_dev;
    /// z-score of the spread.
    Z = "z_score", |row| row.z.value();
    /// Correlation of log returns.
    Correlation = "correlation_log_returns", |row| row.correlation.value();
}

/// Where the columns of x begin; those of the pair and of the models follow.
const X: usize = LegColumn::ALL.len();
const PAIR: usize = 2 * X;
const MODELS: usize = PAIR + Column::OF_PAIR.len();

impl Column {
    /// All of them, in table order: y, x, the pair, the models.
    pub const ALL: [Self; MODELS + HedgeKind::ALL.len()] = {
        let mut all = [Self::Z; MODELS + HedgeKind::ALL.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = if at < X {
                Self::Y(LegColumn::ALL[at])
            } else if at < PAIR {
                Self::X(LegColumn::ALL[at - X])
            } else if at < MODELS {
                Self::OF_PAIR[at - PAIR]
            } else {
                Self::Overlay(HedgeKind::ALL[at - MODELS])
            };
            at += 1;
        }
        all
    };

    /// Returns its place in [`Column::ALL`].
    pub fn place(self) -> usize {
        match self {
            Self::Y(column) => column as usize,
            Self::X(column) => X + column as usize,
            Self::Overlay(kind) => MODELS + kind as usize,
            of_pair => PAIR + Self::OF_PAIR.iter().position(|known| *known == of_pair).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_place_and_a_name_of_its_own() {
        for (place, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!(column.place(), place);
            assert!(Column::ALL.iter().filter(|other| other.name() == column.name()).count() == 1);
        }
    }
}
