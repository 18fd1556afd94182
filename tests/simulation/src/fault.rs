//! What goes wrong, when, and for how long; all of it is decided before the run begins.

use crate::random::Random;
use crate::tape::START_MS;

/// A fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Sockets are cut, and nothing gets through for a while.
    Outage,
    /// Sockets are cut.
    Cut,
    /// Sockets stay open, but nothing arrives on them any more.
    HalfOpen,
    /// Nothing of one market arrives, by its place in the pair.
    MarketStall(usize),
    /// No trades of one market arrive, but its bars do.
    TradesStall(usize),
    /// Trades of one market arrive seconds after its bars.
    TradesLag(usize),
    /// No bars of one market arrive, but its trades do.
    BarsStall(usize),
    /// Single frames are lost, in percent.
    Loss(i64),
    /// Every frame arrives twice.
    Duplicates,
    /// Frames overtake one another.
    Disorder,
    /// Frames pile up on their way.
    Backlog,
    /// Malformed frames.
    Garbage,
    /// Frames of kinds that were not requested, and trades with an unknown field.
    OddPrints,
    /// The exchange announces that it is about to close, and closes.
    Shutdown,
    /// REST responds with this status.
    RestStatus(u16),
    /// REST is out of reach, as far as a browser can tell.
    RestHidden,
    /// REST responds with a web page of the network's own.
    RestPage,
    /// REST does not respond in time.
    RestTimeout,
    /// REST responds seconds late.
    RestSlow,
    /// REST does not have the last seconds yet.
    RestStale,
    /// REST responses are cut off in the middle.
    RestTruncated,
    /// The local clock steps by this many milliseconds.
    ClockStep(i64),
    /// The tab is frozen; its sockets stay alive or not.
    Freeze {
        /// Whether they stay alive.
        sockets_live: bool,
    },
    /// The tab is hidden, and its timers fire once a minute.
    SlowTimers,
    /// The tab dies, and is opened again.
    Crash,
    /// The tab dies, and a follower takes over.
    TakeOver,
    /// The store accepts no writes.
    StoreFails,
    /// The store responds late.
    StoreSlow,
    /// The browser deletes all that is stored.
    StoreLost,
}

/// A fault and its time, in ms of the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timed {
    /// Begin.
    pub from: i64,
    /// End, excluded.
    pub to: i64,
    /// The fault.
    pub fault: Fault,
}

/// The market of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Coins of Binance that trade in most seconds.
    Binance,
    /// Coins of Binance.US, which trade every half minute and have no 1 s bars.
    BinanceUs,
    /// Coins of Binance that trade every minute.
    Thin,
}

/// All that is to happen in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The seed that determines everything.
    pub seed: u64,
    /// Ordered by begin.
    pub faults: Vec<Timed>,
    /// Local clock minus exchange clock at the start, ms.
    pub clock_offset_millis: i64,
    /// Whether REST is out of reach from start to end.
    pub without_rest: bool,
    /// Whether bars are of 1 m instead of 1 s.
    pub minutes: bool,
    /// The market, and how often it trades.
    pub place: Place,
    /// Times, in ms of the exchange, at which nothing trades.
    pub halts: Vec<(i64, i64)>,
    /// When the run ends, in ms of the exchange.
    pub end_ms: i64,
}

/// Faults begin within this time after the start.
const TROUBLE_MILLIS: i64 = 480_000;
/// Time from the last fault to the end.
const PEACE_MILLIS: i64 = 330_000;
/// Length of a hidden ban beyond which the run leaves [`LONG_WAIT_MILLIS`] for the engine's next attempt: with a
/// probe in each pause, the fourth failure in a row comes after two minutes, and its pause is the longest.
const LONG_BAN_MILLIS: i64 = 120_000;
const LONG_WAIT_MILLIS: i64 = 990_000;
const DAY_MILLIS: i64 = 86_400_000;
/// Faults per day of a run of days.
const TROUBLES_A_DAY: usize = 12;

impl Plan {
    /// Returns `secs` seconds on the market of `seed` without faults.
    pub fn quiet(seed: u64, secs: i64) -> Self {
        Self {
            seed,
            faults: Vec::new(),
            clock_offset_millis: 0,
            without_rest: false,
            minutes: false,
            place: Place::Binance,
            halts: Vec::new(),
            end_ms: START_MS + secs * 1_000,
        }
    }

    /// Adds `fault` from second `from` up to second `to` after the start, which may be beyond the end.
    #[must_use]
    pub fn with(mut self, fault: Fault, from: i64, to: i64) -> Self {
        self.faults.push(Timed { from: START_MS + from * 1_000, to: START_MS + to * 1_000, fault });
        self
    }

    /// Returns the plan of `seed`.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::new(seed, 2);
        let without_rest = random.chance(8);
        let minutes = random.chance(12);
        let clock_offset_millis = match random.range(0, 4) {
            0 => 0,
            1 => random.range(-1_500, 1_500),
            2 => random.range(-3_600_000, 3_600_000),
            _ => random.range(-86_400_000, 86_400_000),
        };
        let place = if random.chance(12) { Place::BinanceUs } else { Place::Binance };
        let mut faults: Vec<Timed> = (0..random.range(2, 8)).map(|_| timed(&mut random)).collect();
        faults.sort_by_key(|timed| timed.from);
        let trouble_end = faults.iter().map(|timed| timed.to).max().unwrap_or(START_MS);
        let mut halts = Vec::new();
        if random.chance(15) {
            let from = START_MS + random.range(100, 400) * 1_000 + random.range(0, 1_000);
            halts.push((from, from + random.range(130, 300) * 1_000));
        }
        let hidden = faults.iter().filter(|timed| timed.fault == Fault::RestHidden);
        let hidden_millis: i64 = hidden.map(|timed| timed.to - timed.from).sum();
        let waits = if hidden_millis > LONG_BAN_MILLIS { LONG_WAIT_MILLIS } else { 0 };
        let end_ms = trouble_end + PEACE_MILLIS + waits;
        Self { seed, faults, clock_offset_millis, without_rest, minutes, place, halts, end_ms }
    }

    /// Returns `days` days on a thin market, with faults in all of them.
    pub fn days(seed: u64, days: i64) -> Self {
        let mut random = Random::new(seed, 4);
        let of_day = |day: i64, random: &mut Random| {
            let Timed { from, to, fault } = timed(random);
            let later = day * DAY_MILLIS + random.range(0, DAY_MILLIS / 2);
            Timed { from: from + later, to: to + later, fault }
        };
        let days_of = (0..days).flat_map(|day| [day; TROUBLES_A_DAY]);
        let mut faults: Vec<Timed> = days_of.map(|day| of_day(day, &mut random)).collect();
        faults.sort_by_key(|timed| timed.from);
        let end_ms = START_MS + days * DAY_MILLIS + PEACE_MILLIS;
        Self { faults, minutes: true, place: Place::Thin, end_ms, ..Self::quiet(seed, 0) }
    }

    /// Returns the faults in force at `at`.
    pub(crate) fn at(&self, at: i64) -> impl Iterator<Item = Fault> {
        self.faults.iter().filter(move |timed| (timed.from..timed.to).contains(&at)).map(|timed| timed.fault)
    }

    /// Returns whether `fault` is in force at `at`.
    pub(crate) fn has(&self, at: i64, fault: Fault) -> bool {
        self.at(at).any(|active| active == fault)
    }
}

fn timed(random: &mut Random) -> Timed {
    let from = START_MS + random.range(5_000, TROUBLE_MILLIS);
    let market = usize::try_from(random.range(0, 2)).unwrap_or(0);
    let short = random.range(500, 60_000);
    let (fault, millis) = match random.range(0, 33) {
        0 | 1 => (Fault::Outage, if random.chance(8) { random.range(900_000, 1_500_000) } else { short }),
        2 | 3 => (Fault::Cut, 1),
        4 => (Fault::HalfOpen, 1),
        5 => (Fault::MarketStall(market), short),
        6 => (Fault::TradesStall(market), short),
        7 | 8 => (Fault::Loss(random.range(1, 30)), short),
        9 => (Fault::Duplicates, short),
        10 => (Fault::Disorder, short),
        11 => (Fault::Backlog, random.range(5_000, 40_000)),
        12 => (Fault::Garbage, short),
        13 => (Fault::Shutdown, 1),
        14 => {
            let statuses = [429, 418, 451, 403, 500, 503, 400];
            let place = usize::try_from(random.range(0, 7)).unwrap_or(0);
            (Fault::RestStatus(statuses[place]), short)
        }
        15 => (Fault::RestHidden, short),
        16 => (Fault::RestTimeout, short),
        17 => (Fault::RestSlow, 3 * short),
        18 => (Fault::RestStale, 5 * short),
        19 => (Fault::RestTruncated, short),
        20 => {
            let most = if random.chance(50) { 3_000 } else { 5_000_000 };
            (Fault::ClockStep(random.range(-most, most)), 1)
        }
        21 => {
            let millis = if random.chance(50) { short } else { random.range(60_000, 400_000) };
            (Fault::Freeze { sockets_live: random.chance(50) }, millis)
        }
        22 if from % 2 == 0 => (Fault::TakeOver, 1),
        22 => (Fault::Crash, 1),
        23 => (Fault::StoreFails, short),
        24 => (Fault::OddPrints, short),
        25 => (Fault::SlowTimers, 5 * short),
        26 => (Fault::StoreLost, 1),
        27 | 28 => (Fault::TradesLag(market), 3 * short),
        29 => (Fault::BarsStall(market), 3 * short),
        30 => (Fault::RestPage, short),
        // a hidden ban
        31 => (Fault::RestHidden, 60_000 + 5 * short),
        _ => (Fault::StoreSlow, short),
    };
    Timed { from, to: from + millis, fault }
}
