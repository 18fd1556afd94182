//! The numbers that a rule can watch, one row each.

use crate::analytics::evidence::EvidenceKind;
use serde::{Deserialize, Serialize};

/// Where a number comes from, which decides when it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The row of a closed bar.
    Bar,
    /// The newest cointegration tests, which are not run at every bar.
    Tests,
    /// This test of the evidence, which is computed while a rule watches it.
    Evidence(EvidenceKind),
    /// The followed position, at a bar's close.
    Position,
    /// The feed; judged at wakeups instead of bars.
    Feed,
    /// The changes by a scan, when it ends.
    Scans,
}

/// Declares the quantities: name in messages, tables and forms; smallest and largest value in a rule; source.
macro_rules! quantities {
    ($($(#[$doc:meta])* $quantity:ident: $name:literal, $low:literal to $high:literal, $source:expr;)*) => {
        /// A number that a rule can watch.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Quantity {
            $($(#[$doc])* $quantity,)*
        }

        impl Quantity {
            /// Every quantity, in menu order.
            pub const ALL: &'static [Self] = &[$(Self::$quantity),*];

            /// The name in messages, tables and forms.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$quantity => $name,)* }
            }

            /// Smallest and largest value that a rule may use.
            pub const fn range(self) -> (f64, f64) {
                match self { $(Self::$quantity => ($low, $high),)* }
            }

            /// Where it comes from.
            pub const fn source(self) -> Source {
                match self { $(Self::$quantity => $source,)* }
            }
        }
    };
}

quantities! {
    /// z-score of the spread at a bar's close, standard deviations.
    Z: "z", -100.0 to 100.0, Source::Bar;
    /// Spread at a bar's close, in y's price or its logarithm, according to the price scale.
    Spread: "spread", -1e12 to 1e12, Source::Bar;
    /// Slope of y on x over the hedge window.
    HedgeRatio: "hedge_ratio", -1e12 to 1e12, Source::Bar;
    /// Correlation of one-bar log returns, -1 to 1.
    Correlation: "correlation", -1.0 to 1.0, Source::Bar;
    /// Engle-Granger p-value of the newest test, 0 to 1.
    EngleGrangerP: "engle_granger_p", 0.0 to 1.0, Source::Tests;
    /// Half-life of the newest test, seconds.
    HalfLifeSecs: "half_life_secs", 0.0 to 1e9, Source::Tests;
    /// Close of y, quote currency.
    PriceY: "price_y", 0.0 to 1e12, Source::Bar;
    /// Close of x, quote currency.
    PriceX: "price_x", 0.0 to 1e12, Source::Bar;
    /// Base volume of y in the bar.
    VolumeY: "volume_y", 0.0 to 1e12, Source::Bar;
    /// Base volume of x in the bar.
    VolumeX: "volume_x", 0.0 to 1e12, Source::Bar;
    /// Time since the feed's last frame, seconds; judged at wakeups instead of bars. The exchange sends a
    /// heartbeat every second.
    FeedSilenceSecs: "feed_silence_secs", 1.0 to 3_600.0, Source::Feed;
    /// Cointegration rank of the two legs by Johansen's trace test at 5 %: 0, 1 or 2.
    JohansenRank: "johansen_rank", 0.0 to 2.0, Source::Evidence(EvidenceKind::JohansenTrace);
    /// p-value of KPSS, whose null is stationarity, 0 to 1.
    KpssP: "kpss_p", 0.0 to 1.0, Source::Evidence(EvidenceKind::Kpss);
    /// Hurst exponent of the tested residual.
    Hurst: "hurst", -1.0 to 2.0, Source::Evidence(EvidenceKind::Hurst);
    /// Upper end of the half-life's 95 % interval, seconds.
    HalfLifeHighSecs: "half_life_high_secs", 0.0 to 1e9, Source::Evidence(EvidenceKind::HalfLife);
    /// p-value of Zivot-Andrews, which allows for one break, 0 to 1.
    BreakP: "break_p", 0.0 to 1.0, Source::Evidence(EvidenceKind::ZivotAndrews);
    /// Pairs that survive the newest scan and did not survive the previous one; judged when a scan ends.
    ScanEntered: "scan_entered", 0.0 to 10_000.0, Source::Scans;
    /// Pairs that survived the previous scan and do not survive the newest; judged when a scan ends.
    ScanLeft: "scan_left", 0.0 to 10_000.0, Source::Scans;
    /// Profit and loss of the followed position at the bar's closes, net of fees, quote currency.
    PositionNet: "position_net", -1e12 to 1e12, Source::Position;
    /// z still to go to the position's stop, standard deviations; negative beyond it.
    PositionToStopZ: "position_to_stop_z", -100.0 to 100.0, Source::Position;
    /// Time in the position, in half-lives of the newest test.
    PositionHalfLives: "position_half_lives", 0.0 to 1e6, Source::Position;
}

impl Quantity {
    /// Parses the name that [`Self::name`] gives.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|quantity| quantity.name() == name)
    }

    /// Whether it is judged at wakeups between bars rather than at bars.
    pub const fn is_between_bars(self) -> bool {
        matches!(self.source(), Source::Feed | Source::Scans)
    }

    /// Whether it counts changes by a scan.
    pub const fn is_of_scans(self) -> bool {
        matches!(self.source(), Source::Scans)
    }

    /// Whether it comes from the tests, which are not run at every bar.
    pub const fn is_tested(self) -> bool {
        matches!(self.source(), Source::Tests)
    }

    /// Whether it comes from the evidence, which is computed while a rule watches it.
    pub const fn is_evidence(self) -> bool {
        matches!(self.source(), Source::Evidence(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for &quantity in Quantity::ALL {
            assert_eq!(Quantity::parse(quantity.name()), Some(quantity));
        }
        assert_eq!(Quantity::parse("Z"), None);
    }
}
