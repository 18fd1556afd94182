//! Where the page stands, and whether what it shows is of the present rules and bars.

use super::session::Session;
use leptos::prelude::*;
use spreadscope_engine::Settings;

/// The state of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Waiting,
    Running,
    Stopped,
    Refused,
    Ready,
}

impl State {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Refused => "refused",
            Self::Ready => "ready",
        }
    }
}

impl Session {
    /// Returns whether the run that is shown is of another market or other bars than the desk's present ones.
    pub(super) fn is_of_other_bars(self) -> bool {
        self.ran.with(|ran| {
            ran.as_ref().is_some_and(|shown| {
                let of =
                    |settings: &Settings| (settings.pair.clone(), settings.interval, settings.source.clone());
                self.desk.settings.with(|wanted| of(wanted) != of(&shown.ran.parameters.settings))
            })
        })
    }

    /// Returns whether there is a run of the desk's bars, which values can be tried around.
    pub(super) fn can_try(self) -> bool {
        self.ran.with(Option::is_some) && !self.is_of_other_bars()
    }

    /// Returns the state of the page.
    pub(super) fn state(self) -> State {
        if !self.ready.get() && !self.can_try() {
            State::Waiting
        } else if self.job.with(Option::is_some) {
            State::Running
        } else if self.refused.with(|refused| !refused.is_empty()) {
            State::Refused
        } else if self.stopped.with(Option::is_some) {
            State::Stopped
        } else if self.ran.with(Option::is_none) {
            State::Waiting
        } else {
            State::Ready
        }
    }

    /// Returns whether the run that is shown is of other bars, or not that of the present rules while no other is under
    /// way.
    pub(super) fn is_outdated(self) -> bool {
        if self.is_of_other_bars() {
            return true;
        }
        let ended = matches!(self.state(), State::Refused | State::Stopped);
        ended && self.ran.with(Option::is_some) && self.begun.get_value() != self.shown_of.get_value()
    }
}
