//! The order in which the desk is laid out: one part a task, because all at once would block a phone.

use crate::ui::reactive::memo;
use crate::view::charts::figure::ChartKind;
use crate::view::screen::side::SidePanel;
use crate::web::task;
use leptos::prelude::*;

/// A part of the desk that is laid out in a task of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Bar,
    Verdict,
    Tiles,
    Legs,
    /// The range of time, and the places of the charts and the panels.
    Stage,
    /// The chart in this place.
    Chart(usize),
    /// The panel in this place.
    Panel(usize),
    /// The drawers, the explanations, and whatever else waits for a click.
    Drawers,
}

impl Part {
    /// How many parts are laid out before this one.
    const fn before(self) -> usize {
        const CHARTS: usize = 5;
        const PANELS: usize = CHARTS + ChartKind::ALL.len();
        match self {
            Self::Bar => 0,
            Self::Verdict => 1,
            Self::Tiles => 2,
            Self::Legs => 3,
            Self::Stage => 4,
            Self::Chart(place) => CHARTS + place,
            Self::Panel(place) => PANELS + place,
            Self::Drawers => PANELS + SidePanel::ALL.len(),
        }
    }
}

/// How many parts have been laid out.
#[derive(Debug, Clone, Copy)]
pub struct LaidOut(RwSignal<usize>);

impl LaidOut {
    /// Begins to lay out all parts; calls `when_whole` in a task after the last one.
    pub fn begin(when_whole: impl FnOnce() + 'static) -> Self {
        let laid_out = Self(RwSignal::new(0));
        laid_out.next(when_whole);
        laid_out
    }

    fn next(self, when_whole: impl FnOnce() + 'static) {
        task::next(move || {
            if self.0.get_untracked() > Part::Drawers.before() {
                return when_whole();
            }
            self.0.update(|laid_out| *laid_out += 1);
            self.next(when_whole);
        });
    }

    /// Returns whether it is the turn of `part`, or has been.
    pub fn has(self, part: Part) -> Memo<bool> {
        memo(move |_| self.0.get() > part.before())
    }

    /// Returns the number of charts whose turn it is or has been.
    pub fn charts(self) -> Memo<usize> {
        memo(move |_| self.0.get().saturating_sub(Part::Chart(0).before()).min(ChartKind::ALL.len()))
    }
}
