//! What a replay opens: the wanted span, assembled beside the live engine once the desk holds it.

use crate::web::clock;
use crate::web::tabs::Tabs;
use spreadscope_engine::alert::Rule;
use spreadscope_engine::replay::{LegBars, Place, ReplayCommand, Session, Taping};
use spreadscope_engine::settings::Source;
use spreadscope_engine::{Command, Engine, Settings, UnixMillis};

/// Longest wait for the history that the desk starts with; then a replay makes do with the bars there are, or
/// is refused.
const LATE_MILLIS: i64 = 15_000;
/// Longest wait for older bars and stored trades since they were requested.
const OLDER_MILLIS: i64 = 6_000;
/// Bars of each leg that go onto a tape between two looks at the clock.
const BARS: usize = 250;

/// What is to be opened, and since when.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub(super) command: ReplayCommand,
    pub(super) since: UnixMillis,
    /// The oldest bar at the time older ones were requested.
    pub(super) older_than: Option<UnixMillis>,
    /// When stored trades were requested.
    pub(super) recalled: Option<UnixMillis>,
}

/// A replay that is being assembled.
pub(super) struct Opening {
    pub(super) place: Place,
    pub(super) settings: Settings,
    pub(super) rules: Vec<Rule>,
    /// The position that is followed, as its text.
    pub(super) position: String,
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
pub(super) fn look(tabs: &Tabs, wanted: Wanted) -> Found {
    let (settings, rules, position) = tabs.in_force();
    let now = clock::now();
    let late = now.since(wanted.since) >= LATE_MILLIS;
    let nothing = || Found::Refused("the desk has no bars of both markets yet".to_owned());
    let Some((first, end)) = tabs.engine(|engine| held_by(engine, &settings, late)).flatten() else {
        return if late { nothing() } else { Found::Later(wanted) };
    };
    if let Some(older) = older_wanted(wanted, now, first, end, &settings) {
        if older.older_than != wanted.older_than {
            tabs.obey(Command::LoadOlder);
        }
        return Found::Later(older);
    }
    let place = place_of(wanted.command, first, end);
    if place.to <= first || place.from >= end {
        return Found::Refused(Session::not_held(first, end));
    }
    let from = settings.interval.floor(Session::begins(place.from, &settings)).max(first);
    let to = place.to.min(end);
    let Some(recalled) = wanted.recalled else {
        tabs.obey(Command::RecallTrades { from: place.from, to });
        // the span is fixed meanwhile, though bars keep coming
        return Found::Later(Wanted { command: ReplayCommand::Open(place), recalled: Some(now), ..wanted });
    };
    let late = now.since(recalled) >= OLDER_MILLIS;
    let begin = |engine: &mut Engine| {
        engine.take_trades(place.from, to, late).map(|trades| Taping::new(from, to, trades))
    };
    match tabs.take_from_engine(begin).flatten() {
        Some(taping) => Found::Here(Box::new(Opening { place, settings, rules, position, taping })),
        None if late => nothing(),
        None => Found::Later(wanted),
    }
}

/// Returns from when to when the live engine holds bars of both markets under `settings`; `None` while it is
/// still filling, unless it is `late`.
fn held_by(engine: &Engine, settings: &Settings, late: bool) -> Option<(UnixMillis, UnixMillis)> {
    let markets = engine.markets()?;
    let fits = markets.legs.iter().all(|leg| leg.chosen().interval() == settings.interval);
    (fits && (late || !engine.is_filling())).then(|| markets.closed_span()).flatten()
}

/// Returns what to wait for while bars before `first` are on their way; `None` if none are needed or none can
/// come.
fn older_wanted(
    wanted: Wanted,
    now: UnixMillis,
    first: UnixMillis,
    end: UnixMillis,
    settings: &Settings,
) -> Option<Wanted> {
    let from = match wanted.command {
        ReplayCommand::Open(place) => place.from,
        ReplayCommand::OpenLast { millis } if millis < i64::MAX => end - millis,
        _ => return None,
    };
    if first <= from || settings.source == Source::Recording {
        return None;
    }
    if wanted.older_than != Some(first) {
        return Some(Wanted { since: now, older_than: Some(first), ..wanted });
    }
    (now.since(wanted.since) < OLDER_MILLIS).then_some(wanted)
}

/// Returns the requested place within the span from `first` to `end`.
fn place_of(command: ReplayCommand, first: UnixMillis, end: UnixMillis) -> Place {
    match command {
        ReplayCommand::Open(place) => place,
        ReplayCommand::OpenLast { millis } => {
            let from = UnixMillis(end.0.saturating_sub(millis)).max(first);
            Place { from, to: end, at: from }
        }
        _ => Place { from: first, to: end, at: first },
    }
}
