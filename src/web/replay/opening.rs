//! What a replay opens: the wanted span, assembled beside the live engine once the desk holds it.

use crate::web::clock;
use crate::web::tabs::Tabs;
use spreadscope_engine::alert::Rule;
use spreadscope_engine::engine::Held;
use spreadscope_engine::replay::{AtEnd, LegBars, Next, Place, Taping, Wanted};
use spreadscope_engine::{Command, Engine, Settings};

/// Bars of each leg that go onto a tape between two looks at the clock.
const BARS: usize = 250;

/// A replay that is being assembled.
pub(super) struct Opening {
    pub(super) place: Place,
    pub(super) at_end: AtEnd,
    pub(super) settings: Settings,
    pub(super) rules: Vec<Rule>,
    pub(super) taping: Taping,
}

/// The outcome of a look at the desk.
pub(super) enum Found {
    /// To be looked for again.
    Later(Wanted),
    /// Not available, and why, as a clause.
    Refused(String),
    /// Everything available is here.
    Here(Box<Opening>),
}

impl Opening {
    /// Puts more bars on the tape; returns whether all are there.
    pub(super) fn work(&mut self, tabs: &Tabs) -> bool {
        let work = |engine: &Engine| match engine.markets() {
            Some(markets) => self.taping.work(&LegBars::by(markets), BARS),
            None => true,
        };
        // without an engine, the bars taped so far are all there is
        tabs.engine(work).unwrap_or(true)
    }
}

/// Checks whether the desk holds what is wanted, and requests what is missing.
pub(super) fn look(tabs: &Tabs, mut wanted: Wanted) -> Found {
    let (settings, rules) = tabs.in_force();
    let now = clock::now();
    let late = wanted.is_late(now);
    let held = tabs.engine(|engine| held_by(engine, &settings, late)).flatten();
    let (place, first, at_end, is_late) = match wanted.next(now, held) {
        Next::Wait => return Found::Later(wanted),
        Next::LoadOlder => {
            tabs.obey(Command::LoadOlder);
            return Found::Later(wanted);
        }
        Next::Recall(Place { from, to, .. }) => {
            tabs.obey(Command::RecallTrades { from, to });
            return Found::Later(wanted);
        }
        Next::Refuse(reason) => return Found::Refused(reason),
        Next::Tape { place, first, at_end, is_late } => (place, first, at_end, is_late),
    };
    let begin = |engine: &mut Engine| {
        engine.take_trades(place.from, place.to, is_late).map(|trades| Taping::new(first, place.to, trades))
    };
    match tabs.take_from_engine(begin).flatten() {
        Some(taping) => Found::Here(Box::new(Opening { place, at_end, settings, rules, taping })),
        None if is_late => Found::Refused(Wanted::nothing()),
        None => Found::Later(wanted),
    }
}

/// Returns the bars that the live engine holds under `settings`; `None` while it is still filling, unless it is
/// `late`.
fn held_by(engine: &Engine, settings: &Settings, late: bool) -> Option<Held> {
    let markets = engine.markets()?;
    let fits = markets.legs.iter().all(|leg| leg.chosen().interval() == settings.interval);
    (fits && (late || !engine.is_filling())).then(|| engine.held()).flatten()
}
