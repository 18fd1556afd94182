//! The tabs below the charts.

/// A part of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// The round trips.
    #[default]
    Trades,
    /// Every metric.
    Metrics,
    /// Net over two settings.
    Surface,
    /// Chosen on one stretch, traded on the next.
    Walk,
    /// How far the result can be trusted.
    Trust,
    /// The alert log beside the signals.
    Alerts,
}

impl Tab {
    /// All tabs, in their order.
    pub const ALL: [Self; 6] =
        [Self::Trades, Self::Metrics, Self::Surface, Self::Walk, Self::Trust, Self::Alerts];

    /// Returns the tab's name in links.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Trades => "trades",
            Self::Metrics => "metrics",
            Self::Surface => "surface",
            Self::Walk => "walk",
            Self::Trust => "trust",
            Self::Alerts => "alerts",
        }
    }

    /// Returns the tab that [`Self::slug`] names.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.slug() == text)
    }

    /// Returns the tab's label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Trades => "Round trips",
            Self::Metrics => "All metrics",
            Self::Surface => "Surface",
            Self::Walk => "Walk forward",
            Self::Trust => "How far to trust it",
            Self::Alerts => "Compare with alerts",
        }
    }
}
