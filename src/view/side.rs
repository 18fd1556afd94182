//! Which panels stand beside the charts, and in which order: the user's arrangement.

/// A panel beside the charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SidePanel {
    /// What the tests say.
    Tests,
    /// Other pairs; nothing stands there while none is watched.
    Watchlist,
    /// The newest alerts.
    Alerts,
    /// The connection.
    Feed,
}

impl SidePanel {
    /// All panels, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Tests, Self::Watchlist, Self::Alerts, Self::Feed];

    /// The panel as it is stored.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Tests => "tests",
            Self::Watchlist => "watchlist",
            Self::Alerts => "alerts",
            Self::Feed => "feed",
        }
    }

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Tests => "Cointegration",
            Self::Watchlist => "Watchlist",
            Self::Alerts => "Alerts",
            Self::Feed => "Feed",
        }
    }
}

/// The panels that are shown, in order; each at most once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side(Vec<SidePanel>);

impl Default for Side {
    fn default() -> Self {
        Self(SidePanel::ALL.to_vec())
    }
}

impl Side {
    /// The panels shown, in order.
    pub fn panels(&self) -> &[SidePanel] {
        &self.0
    }

    /// Whether `panel` is shown.
    pub fn shows(&self, panel: SidePanel) -> bool {
        self.0.contains(&panel)
    }

    /// All panels: those that are shown in their order, and then the others.
    pub fn all(&self) -> Vec<SidePanel> {
        let hidden = SidePanel::ALL.into_iter().filter(|panel| !self.shows(*panel));
        self.0.iter().copied().chain(hidden).collect()
    }

    /// With `panel` shown at the end if it was hidden, hidden if it was shown.
    #[must_use]
    pub fn toggled(mut self, panel: SidePanel) -> Self {
        if self.shows(panel) {
            self.0.retain(|shown| *shown != panel);
        } else {
            self.0.push(panel);
        }
        self
    }

    /// With `panel` one place further up, if there is one.
    #[must_use]
    pub fn raised(mut self, panel: SidePanel) -> Self {
        if let Some(at) = self.0.iter().position(|shown| *shown == panel).filter(|at| *at > 0) {
            self.0.swap(at, at - 1);
        }
        self
    }

    /// The arrangement as text, `tests.alerts`.
    pub fn store(&self) -> String {
        self.0.iter().map(|panel| panel.slug()).collect::<Vec<_>>().join(".")
    }

    /// Reads what [`Self::store`] wrote.
    ///
    /// # Errors
    /// The sentence to show: which word names no panel, or one that stands there already.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut side = Self(Vec::new());
        for word in text.split('.').filter(|word| !word.is_empty()) {
            let panel = SidePanel::ALL.into_iter().find(|panel| panel.slug() == word);
            let panel = panel.ok_or_else(|| format!("there is no panel {word:?}"))?;
            if side.shows(panel) {
                return Err(format!("panel {word:?} stands there twice"));
            }
            side.0.push(panel);
        }
        Ok(side)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrangement_comes_back_as_it_was_stored_and_knows_what_is_hidden() {
        let side =
            Side::default().raised(SidePanel::Feed).toggled(SidePanel::Tests).raised(SidePanel::Watchlist);
        assert_eq!(side.store(), "watchlist.feed.alerts");
        assert_eq!(side.all()[3], SidePanel::Tests);
        assert_eq!(Side::parse(&side.store()), Ok(side.clone()));
        assert_eq!(side.toggled(SidePanel::Tests).panels().last(), Some(&SidePanel::Tests));
        assert_eq!(Side::parse("").map(|side| side.all().len()), Ok(4));
    }

    #[test]
    fn what_names_no_panel_is_refused_with_the_word() {
        assert_eq!(Side::parse("tests.news"), Err("there is no panel \"news\"".to_owned()));
        assert_eq!(Side::parse("feed.feed"), Err("panel \"feed\" stands there twice".to_owned()));
    }
}
