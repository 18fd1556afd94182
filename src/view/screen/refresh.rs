//! How often the screen is refreshed from the model.

/// The user's choice of refresh rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Refresh {
    /// Four times a second, as often as the engine reports.
    #[default]
    QuarterSecond,
    /// Twice a second.
    HalfSecond,
    /// Once a second.
    OneSecond,
    /// Every two seconds.
    TwoSeconds,
    /// Every five seconds.
    FiveSeconds,
    /// Only when a bar closes.
    OnBarClose,
}

/// The cause of a change of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Numbers between bars.
    Live,
    /// A bar closed, tests were computed or an alert fired.
    BarClosed,
    /// Other settings are in force, or all rows were replaced: the user is waiting for it.
    Replaced,
}

/// What keeps the screen as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hold {
    /// Whether the user has paused it.
    pub paused: bool,
    /// Whether the page is hidden.
    pub hidden: bool,
    /// Whether charts are still waiting to draw the last refresh.
    pub drawing: bool,
}

/// Delay before checking again whether the charts are drawn.
const DRAWN_SOON_MILLIS: u32 = 30;
/// Longest wait for the charts.
const PATIENCE_MILLIS: f64 = 10_000.0;

/// When to refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// At once.
    Now,
    /// After so many milliseconds, at least 1.
    InMillis(u32),
    /// Not for this change.
    Later,
}

impl Refresh {
    /// Every choice, fastest first.
    pub const ALL: [Self; 6] = [
        Self::QuarterSecond,
        Self::HalfSecond,
        Self::OneSecond,
        Self::TwoSeconds,
        Self::FiveSeconds,
        Self::OnBarClose,
    ];

    /// Returns the period; `None` when bars set the pace.
    pub const fn millis(self) -> Option<u32> {
        match self {
            Self::QuarterSecond => Some(250),
            Self::HalfSecond => Some(500),
            Self::OneSecond => Some(1_000),
            Self::TwoSeconds => Some(2_000),
            Self::FiveSeconds => Some(5_000),
            Self::OnBarClose => None,
        }
    }

    /// Returns the choice as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::QuarterSecond => "250",
            Self::HalfSecond => "500",
            Self::OneSecond => "1000",
            Self::TwoSeconds => "2000",
            Self::FiveSeconds => "5000",
            Self::OnBarClose => "bar",
        }
    }

    /// Returns the choice that [`Self::as_str`] names.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refresh| refresh.as_str() == text)
    }

    /// Returns the choice's label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::QuarterSecond => "250 ms",
            Self::HalfSecond => "0.5 s",
            Self::OneSecond => "1 s",
            Self::TwoSeconds => "2 s",
            Self::FiveSeconds => "5 s",
            Self::OnBarClose => "Bar close",
        }
    }

    /// Returns when the screen takes over a change, `since_last_millis` after it last did.
    ///
    /// What the user has requested is shown at once, even while paused; a hidden page waits. Charts still being
    /// drawn are finished first, so that all of them show the same bars.
    pub fn due(self, cause: Cause, since_last_millis: f64, hold: Hold) -> Due {
        if hold.hidden || (hold.paused && cause != Cause::Replaced) {
            return Due::Later;
        }
        match self.by_period(cause, since_last_millis) {
            Due::Now if hold.drawing && (0.0..PATIENCE_MILLIS).contains(&since_last_millis) => {
                Due::InMillis(DRAWN_SOON_MILLIS)
            }
            due => due,
        }
    }

    fn by_period(self, cause: Cause, since_last_millis: f64) -> Due {
        if cause == Cause::Replaced {
            return Due::Now;
        }
        let Some(period) = self.millis() else {
            return if cause == Cause::BarClosed { Due::Now } else { Due::Later };
        };
        let remaining = f64::from(period) - since_last_millis;
        // events arrive every 250 ms: a few milliseconds early counts as on time
        let tolerance = 15.0;
        if !remaining.is_finite() || remaining <= tolerance || remaining > f64::from(period) {
            return Due::Now;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 15 and 5000 by the checks above"
        )]
        Due::InMillis(remaining.ceil() as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: Hold = Hold { paused: false, hidden: false, drawing: false };

    #[test]
    fn every_choice_reads_back_from_its_stored_form() {
        for refresh in Refresh::ALL {
            assert_eq!(Refresh::parse(refresh.as_str()), Some(refresh));
        }
        assert_eq!(Refresh::parse("300"), None);
    }

    #[test]
    fn a_change_waits_for_the_rest_of_the_period() {
        assert_eq!(Refresh::OneSecond.due(Cause::Live, 400.0, SHOWN), Due::InMillis(600));
        assert_eq!(Refresh::OneSecond.due(Cause::BarClosed, 990.0, SHOWN), Due::Now);
        assert_eq!(Refresh::OneSecond.due(Cause::Live, f64::INFINITY, SHOWN), Due::Now);
    }

    #[test]
    fn a_clock_that_jumps_back_does_not_stop_the_screen() {
        assert_eq!(Refresh::OneSecond.due(Cause::Live, -3_600_000.0, SHOWN), Due::Now);
    }

    #[test]
    fn on_bar_close_ignores_what_happens_between() {
        assert_eq!(Refresh::OnBarClose.due(Cause::Live, 1e9, SHOWN), Due::Later);
        assert_eq!(Refresh::OnBarClose.due(Cause::BarClosed, 1.0, SHOWN), Due::Now);
    }

    #[test]
    fn a_paused_screen_moves_only_for_what_the_user_asked() {
        let paused = Hold { paused: true, ..SHOWN };
        assert_eq!(Refresh::QuarterSecond.due(Cause::BarClosed, 1e9, paused), Due::Later);
        assert_eq!(Refresh::QuarterSecond.due(Cause::Replaced, 0.0, paused), Due::Now);
        let hidden = Hold { hidden: true, ..SHOWN };
        assert_eq!(Refresh::QuarterSecond.due(Cause::Replaced, 1e9, hidden), Due::Later);
    }

    #[test]
    fn charts_that_are_being_drawn_are_waited_for_but_not_for_ever() {
        let drawing = Hold { drawing: true, ..SHOWN };
        for (refresh, cause) in [
            (Refresh::QuarterSecond, Cause::Live),
            (Refresh::FiveSeconds, Cause::Replaced),
            (Refresh::OnBarClose, Cause::BarClosed),
        ] {
            assert_eq!(refresh.due(cause, 400.0, drawing), Due::InMillis(DRAWN_SOON_MILLIS), "{refresh:?}");
            assert_eq!(refresh.due(cause, 400.0, SHOWN), Due::Now);
        }
        assert_eq!(Refresh::FiveSeconds.due(Cause::Live, 400.0, drawing), Due::InMillis(4_600));
        assert_eq!(Refresh::OnBarClose.due(Cause::Live, 400.0, drawing), Due::Later);
        for since in [PATIENCE_MILLIS, -1.0, f64::INFINITY] {
            assert_eq!(Refresh::QuarterSecond.due(Cause::Live, since, drawing), Due::Now);
        }
    }
}
