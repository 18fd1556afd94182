//! The files that the user can export: analytics, bars, ticks, alerts and evidence.

mod job;
mod parameters;
mod rows;

pub use job::Job;
pub use parameters::parameters;

use crate::view::alert::log;
use crate::view::inspect::evidence;
use crate::view::numbers::column::Column;

/// The table in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum What {
    /// One row per closed bar of the pair, with every statistic.
    #[default]
    Analytics,
    /// One row per closed bar of each leg: open, high, low, close, volume.
    Bars,
    /// One row per trade that the engine keeps.
    Ticks,
    /// One row per alert.
    Alerts,
    /// One row per number of the evidence, as last computed.
    Evidence,
}

impl What {
    /// Every table.
    pub const ALL: [Self; 5] = [Self::Analytics, Self::Bars, Self::Ticks, Self::Alerts, Self::Evidence];

    /// Returns the table's name in a file's name and in the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Analytics => "analytics",
            Self::Bars => "bars",
            Self::Ticks => "ticks",
            Self::Alerts => "alerts",
            Self::Evidence => "evidence",
        }
    }

    /// Returns the table that [`Self::as_str`] names.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == text)
    }

    /// Returns the table's label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Analytics => "Analytics per bar",
            Self::Bars => "Bars of each leg",
            Self::Ticks => "Ticks",
            Self::Alerts => "Alerts",
            Self::Evidence => "Evidence",
        }
    }

    fn columns(self) -> Vec<&'static str> {
        match self {
            Self::Analytics => {
                let mut columns = vec!["open_time", "open_time_ms", "y_origin", "x_origin"];
                columns.extend(Column::ALL.map(Column::name));
                columns
            }
            Self::Bars => vec![
                "symbol",
                "open_time",
                "open_time_ms",
                "open",
                "high",
                "low",
                "close",
                "volume",
                "quote_volume",
                "trades",
                "origin",
            ],
            Self::Ticks => vec!["symbol", "ts", "price", "size", "trade_id", "event_ts", "buyer_is_maker"],
            Self::Alerts => log::COLUMNS.to_vec(),
            Self::Evidence => evidence::COLUMNS.to_vec(),
        }
    }
}
