//! The user's arrangement of the side panels: which are shown, and in which order.

/// A panel beside the charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SidePanel {
    /// The test results.
    Tests,
    /// All tests, weighed.
    Evidence,
    /// The size of each leg and its cost.
    Trade,
    /// Other pairs; empty while none is watched.
    Watchlist,
    /// The newest alerts.
    Alerts,
    /// The connection.
    Feed,
}

impl SidePanel {
    /// All panels, in the page's order.
    pub const ALL: [Self; 6] =
        [Self::Tests, Self::Evidence, Self::Trade, Self::Watchlist, Self::Alerts, Self::Feed];

    /// Returns the panel as stored.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Tests => "tests",
            Self::Evidence => "evidence",
            Self::Trade => "trade",
            Self::Watchlist => "watchlist",
            Self::Alerts => "alerts",
            Self::Feed => "feed",
        }
    }

    /// Returns its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Tests => "Cointegration",
            Self::Evidence => "Evidence",
            Self::Trade => "Trade",
            Self::Watchlist => "Watchlist",
            Self::Alerts => "Alerts",
            Self::Feed => "Feed",
        }
    }
}

/// All panels in order, each with whether it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Side([(SidePanel, bool); 6]);

impl Default for Side {
    fn default() -> Self {
        // the largest panels are shown only on request
        Self(SidePanel::ALL.map(|panel| (panel, !matches!(panel, SidePanel::Evidence | SidePanel::Trade))))
    }
}

impl Side {
    /// Returns all panels, in order.
    pub fn all(self) -> [SidePanel; 6] {
        self.0.map(|(panel, _)| panel)
    }

    /// Returns whether `panel` is shown.
    pub fn shows(self, panel: SidePanel) -> bool {
        self.0.contains(&(panel, true))
    }

    /// Shows `panel` if it is hidden and hides it if it is shown, in its place.
    #[must_use]
    pub fn toggled(self, panel: SidePanel) -> Self {
        Self(self.0.map(|(known, shown)| (known, shown != (known == panel))))
    }

    /// Moves `panel` one place up, if possible.
    #[must_use]
    pub fn raised(mut self, panel: SidePanel) -> Self {
        if let Some(at) = self.0.iter().position(|(known, _)| *known == panel).filter(|at| *at > 0) {
            self.0.swap(at, at - 1);
        }
        self
    }

    /// Shows `panel` above all others.
    #[must_use]
    pub fn brought_up(mut self, panel: SidePanel) -> Self {
        if let Some(at) = self.0.iter().position(|(known, _)| *known == panel) {
            self.0[at].1 = true;
            self.0[..=at].rotate_right(1);
        }
        self
    }

    /// Returns the arrangement as text, `tests.-watchlist.alerts.feed`: a hidden panel has a `-`.
    pub fn store(self) -> String {
        let word =
            |(panel, shown): (SidePanel, bool)| format!("{}{}", if shown { "" } else { "-" }, panel.slug());
        self.0.map(word).join(".")
    }

    /// Reads what [`Self::store`] wrote; panels that are not mentioned come last, hidden.
    ///
    /// # Errors
    /// A clause: which word names no panel, or one that is already there.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut side = Self(SidePanel::ALL.map(|panel| (panel, false)));
        for (placed, word) in text.split('.').filter(|word| !word.is_empty()).enumerate() {
            let (slug, shown) = word.strip_prefix('-').map_or((word, true), |slug| (slug, false));
            let at = side.0.iter().position(|(panel, _)| panel.slug() == slug);
            let at = at.ok_or_else(|| format!("there is no panel {slug:?}"))?;
            if at < placed {
                return Err(format!("panel {slug:?} is listed twice"));
            }
            side.0[at].1 = shown;
            side.0[placed..=at].rotate_right(1);
        }
        Ok(side)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrangement_comes_back_as_it_was_stored() {
        let side =
            Side::default().raised(SidePanel::Feed).toggled(SidePanel::Tests).raised(SidePanel::Watchlist);
        assert_eq!(side.store(), "-tests.-evidence.watchlist.-trade.feed.alerts");
        assert_eq!(Side::parse(&side.store()), Ok(side));
        assert_eq!(side.toggled(SidePanel::Tests).store(), "tests.-evidence.watchlist.-trade.feed.alerts");
        assert_eq!(side.raised(SidePanel::Tests), side);
        assert_eq!(side.brought_up(SidePanel::Trade).store(), "trade.-tests.-evidence.watchlist.feed.alerts");
        assert_eq!(side.brought_up(SidePanel::Tests), side.toggled(SidePanel::Tests));
        assert_eq!(
            Side::parse("feed").map(Side::store),
            Ok("feed.-tests.-evidence.-trade.-watchlist.-alerts".to_owned())
        );
    }

    #[test]
    fn what_names_no_panel_is_refused_with_the_word() {
        assert_eq!(Side::parse("tests.news"), Err("there is no panel \"news\"".to_owned()));
        assert_eq!(Side::parse("feed.-feed"), Err("panel \"feed\" is listed twice".to_owned()));
    }
}
