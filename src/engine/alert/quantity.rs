//! The numbers that a rule can watch.

use serde::{Deserialize, Serialize};

/// A number of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Quantity {
    /// z-score of the spread at a bar's close, standard deviations.
    Z,
    /// Spread at a bar's close, in y's price or its logarithm, as the price scale has it.
    Spread,
    /// Slope of y on x over the hedge window.
    HedgeRatio,
    /// Correlation of one-bar log returns, -1 to 1.
    Correlation,
    /// Engle-Granger p-value of the newest test, 0 to 1.
    EngleGrangerP,
    /// Half-life of the newest test, seconds.
    HalfLifeSecs,
    /// Close of y, quote currency.
    PriceY,
    /// Close of x, quote currency.
    PriceX,
    /// Base volume of y in the bar.
    VolumeY,
    /// Base volume of x in the bar.
    VolumeX,
    /// Time since the last frame of the feed, seconds; judged on wakeups, not on bars.
    FeedSilenceSecs,
    /// Stationary combinations of the two legs by Johansen's trace test at 5 %: 0, 1 or 2.
    JohansenRank,
    /// p-value of KPSS, whose null is stationarity, 0 to 1.
    KpssP,
    /// Hurst exponent of the tested residual.
    Hurst,
    /// Upper end of the half-life's interval of 95 %, seconds.
    HalfLifeHighSecs,
    /// p-value of Zivot-Andrews, which allows for one break, 0 to 1.
    BreakP,
    /// Pairs that survive the newest scan and did not survive the one before; judged when a scan ends.
    ScanEntered,
    /// Pairs that survived the scan before and do not survive the newest; judged when a scan ends.
    ScanLeft,
    /// Profit and loss of the position that is followed at the bar's closes, net of fees, quote currency.
    PositionNet,
    /// z still to go to the position's stop, standard deviations; negative beyond it.
    PositionToStopZ,
    /// Time in the position, half-lives of the newest test.
    PositionHalfLives,
}

impl Quantity {
    /// Every quantity, in the order of a menu.
    pub const ALL: [Self; 21] = [
        Self::Z,
        Self::Spread,
        Self::HedgeRatio,
        Self::Correlation,
        Self::EngleGrangerP,
        Self::HalfLifeSecs,
        Self::PriceY,
        Self::PriceX,
        Self::VolumeY,
        Self::VolumeX,
        Self::FeedSilenceSecs,
        Self::JohansenRank,
        Self::KpssP,
        Self::Hurst,
        Self::HalfLifeHighSecs,
        Self::BreakP,
        Self::ScanEntered,
        Self::ScanLeft,
        Self::PositionNet,
        Self::PositionToStopZ,
        Self::PositionHalfLives,
    ];

    /// The name in messages, tables and forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Z => "z",
            Self::Spread => "spread",
            Self::HedgeRatio => "hedge_ratio",
            Self::Correlation => "correlation",
            Self::EngleGrangerP => "engle_granger_p",
            Self::HalfLifeSecs => "half_life_secs",
            Self::PriceY => "price_y",
            Self::PriceX => "price_x",
            Self::VolumeY => "volume_y",
            Self::VolumeX => "volume_x",
            Self::FeedSilenceSecs => "feed_silence_secs",
            Self::JohansenRank => "johansen_rank",
            Self::KpssP => "kpss_p",
            Self::Hurst => "hurst",
            Self::HalfLifeHighSecs => "half_life_high_secs",
            Self::BreakP => "break_p",
            Self::ScanEntered => "scan_entered",
            Self::ScanLeft => "scan_left",
            Self::PositionNet => "position_net",
            Self::PositionToStopZ => "position_to_stop_z",
            Self::PositionHalfLives => "position_half_lives",
        }
    }

    /// The quantity that [`Self::name`] names.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|quantity| quantity.name() == name)
    }

    /// Smallest and largest value that a rule may name.
    pub const fn range(self) -> (f64, f64) {
        match self {
            Self::Z | Self::PositionToStopZ => (-100.0, 100.0),
            Self::Spread | Self::HedgeRatio | Self::PositionNet => (-1e12, 1e12),
            Self::PositionHalfLives => (0.0, 1e6),
            Self::Correlation => (-1.0, 1.0),
            Self::EngleGrangerP | Self::KpssP | Self::BreakP => (0.0, 1.0),
            Self::JohansenRank => (0.0, 2.0),
            Self::Hurst => (-1.0, 2.0),
            Self::HalfLifeSecs | Self::HalfLifeHighSecs => (0.0, 1e9),
            Self::PriceY | Self::PriceX | Self::VolumeY | Self::VolumeX => (0.0, 1e12),
            // the exchange's own heartbeat is a second
            Self::FeedSilenceSecs => (1.0, 3_600.0),
            Self::ScanEntered | Self::ScanLeft => (0.0, 10_000.0),
        }
    }

    /// Whether it is known on wakeups between bars, and not on bars.
    pub const fn is_between_bars(self) -> bool {
        matches!(self, Self::FeedSilenceSecs) || self.is_of_scans()
    }

    /// Whether it is what a scan has changed.
    pub const fn is_of_scans(self) -> bool {
        matches!(self, Self::ScanEntered | Self::ScanLeft)
    }

    /// Whether it comes from the tests, which are not run at every bar.
    pub const fn is_tested(self) -> bool {
        matches!(self, Self::EngleGrangerP | Self::HalfLifeSecs)
    }

    /// Whether it comes from the evidence, which is computed while a rule watches it.
    pub const fn is_evidence(self) -> bool {
        matches!(self, Self::JohansenRank | Self::KpssP | Self::Hurst | Self::HalfLifeHighSecs | Self::BreakP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for quantity in Quantity::ALL {
            assert_eq!(Quantity::parse(quantity.name()), Some(quantity));
        }
        assert_eq!(Quantity::parse("Z"), None);
    }
}
