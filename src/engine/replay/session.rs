//! A replay controlled by a user: the transport, a goal, and what the page has received.

use super::teller::Teller;
use super::{Aside, AtEnd, Place, Replay, ReplayCommand, Seeking, State, Tape, Transport, speeds};
use crate::alert::{Alert, Rule};
use crate::analytics::evidence::Examine;
use crate::backtest::bench::SetUp;
use crate::backtest::bench::message::{BacktestCommand, Wanted};
use crate::base::calendar::{clock, date};
use crate::base::codec::decode;
use crate::messages::event::Event;
use crate::{Command, Settings, UnixMillis};

/// A bar made of trades closes this long after its end.
const GRACE_MILLIS: i64 = crate::market::GRACE_MILLIS;
/// A span is called cut if more than one part in this many is missing at its start.
const CUT_SHARE: i64 = 50;

/// The goal of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    At(UnixMillis),
    Alert,
}

/// A goal, and where the engine began to play towards it.
#[derive(Debug, Clone, Copy)]
struct Seek {
    goal: Goal,
    from: UnixMillis,
}

impl Seek {
    fn told(self) -> Seeking {
        let goal = if let Goal::At(at) = self.goal { Some(at) } else { None };
        Seeking { from: self.from, goal }
    }
}

fn words(time: UnixMillis) -> String {
    format!("{} {}", date(time.0), clock(time.0))
}

/// A replay in progress.
#[derive(Debug)]
pub struct Session {
    replay: Replay,
    settings: Settings,
    rules: Vec<Rule>,
    /// Start of the bars that warm the engine up.
    begins: UnixMillis,
    from: UnixMillis,
    to: UnixMillis,
    /// Start of the requested span, which may lie before all data.
    wanted_from: UnixMillis,
    /// Its end, which may lie in a bar that is not over: shorter bars reach it.
    wanted_to: UnixMillis,
    at_end: AtEnd,
    /// What happens now that playback has come to the end; `None` if it has not.
    arrived: Option<AtEnd>,
    transport: Transport,
    seek: Option<Seek>,
    teller: Teller,
    aside: Vec<Aside>,
    /// The engine for backtests, on the data known when the first one was requested.
    backtest: Option<Aside>,
    hash: Option<u64>,
    hash_wanted: bool,
    /// Whether the page must be sent the whole state again.
    afresh: bool,
    /// Whether the page must discard earlier events, once there are new ones.
    forgets: bool,
    live_alerts: Vec<Alert>,
    /// Times of the first and the last trade on the tape.
    trades: Option<(UnixMillis, UnixMillis)>,
}

impl Session {
    /// A replay of `place` on `tape`. Everything on the tape before it is played first, since a live run has
    /// seen it too: a Kalman filter remembers all of it, and rules are armed or wait because of it.
    ///
    /// # Errors
    /// A sentence to show if there is nothing to replay.
    pub fn open(tape: Tape, place: Place, settings: &Settings, rules: Vec<Rule>) -> Result<Self, String> {
        let Place { from, to, at, begins } = place;
        let (first, last) = tape.span().ok_or("there is no data of both markets to replay yet")?;
        let (wanted_from, wanted_to) = (from, to);
        let first = begins.map_or(first, |begins| first.max(begins.min(from)));
        let (from, to) = (from.max(first), to.min(last));
        if from >= to {
            return Err(Self::not_held(first, last));
        }
        let tape = tape.between(first, to);
        let trades = tape.trades();
        let mut replay = Replay::new(tape, settings, rules.clone())
            .map_err(|error| format!("the settings do not allow it: {error}"))?;
        replay.rewind_to_no_earlier_than(from);
        let mut teller = Teller::new(settings.source.clone(), from);
        teller.take(replay.take_events());
        Ok(Self {
            transport: Transport::new(replay.position()),
            seek: Some(Seek { goal: Goal::At(at.clamp(from, to)), from: replay.position() }),
            replay,
            settings: settings.clone(),
            rules,
            begins: first,
            from,
            to,
            wanted_from,
            wanted_to,
            at_end: AtEnd::Stop,
            arrived: None,
            teller,
            aside: Vec::new(),
            backtest: None,
            hash: None,
            hash_wanted: false,
            afresh: true,
            forgets: false,
            live_alerts: Vec::new(),
            trades,
        })
    }

    /// Sets what happens where playback comes to the end of the span.
    pub fn end_with(&mut self, at_end: AtEnd) {
        self.at_end = at_end;
    }

    /// What happens where playback comes to the end of the span.
    pub fn at_end(&self) -> AtEnd {
        self.at_end
    }

    /// Whether playback has come to the present, so that the live desk takes over.
    pub fn has_caught_up(&self) -> bool {
        self.arrived == Some(AtEnd::GoLive)
    }

    /// Follows `position`, in its text form, from before the tape on; rules on it see it only from its entry time
    /// on.
    pub fn follow_position(&mut self, position: &str) {
        self.replay.follow(position);
    }

    /// The reason against a replay outside the available data, which span `first` to `last`.
    pub fn not_held(first: UnixMillis, last: UnixMillis) -> String {
        format!(
            "there is no data for that span; these markets are loaded from {} to {} UTC",
            words(first),
            words(last)
        )
    }

    /// The reason against a span before all that a desk can hold at its interval, as a clause.
    pub(super) fn out_of_reach(reaches_to: UnixMillis) -> String {
        format!(
            "there is no data for that span; bars of this length reach back to {} UTC, longer ones further",
            words(reaches_to)
        )
    }

    /// The settings of the replay.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The rules other than the settings' own.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The span, and the current position or goal.
    pub fn place(&self) -> Place {
        let at = match self.seek {
            Some(Seek { goal: Goal::At(at), .. }) => at,
            _ => self.replay.position().clamp(self.from, self.to),
        };
        Place { from: self.from, to: self.wanted_to, at, begins: Some(self.begins) }
    }

    /// Sets the code of the evidence's tests.
    pub fn examine_with(&mut self, examine: Examine) {
        self.replay.examine_with(examine);
    }

    /// Takes note of an alert on the live feed.
    pub fn hear_live(&mut self, alert: Alert) {
        self.live_alerts.push(alert);
    }

    /// Carries out a request from the page at local time `now`.
    pub fn control(&mut self, now: UnixMillis, command: ReplayCommand) {
        self.arrived = None;
        match command {
            ReplayCommand::Play => {
                if self.replay.position() >= self.to && self.seek.is_none() {
                    self.go(self.from);
                }
                self.transport.play(now);
            }
            ReplayCommand::Pause => self.pause(now),
            ReplayCommand::Speed(speed) => {
                let fastest = speeds(self.settings.interval).last().unwrap_or(1);
                self.transport.set_speed(now, speed.min(fastest));
            }
            ReplayCommand::Step(bars) => {
                self.pause(now);
                self.go(self.bars_on(bars));
            }
            ReplayCommand::Seek(at) => self.go(at),
            ReplayCommand::NextAlert => {
                self.pause(now);
                self.hash = None;
                self.seek_to(Goal::Alert);
            }
            ReplayCommand::Hash => self.hash_wanted = true,
            ReplayCommand::Open(_) | ReplayCommand::OpenLast { .. } | ReplayCommand::GoLive => {}
        }
    }

    /// Carries out a command from the page that concerns the engine's data.
    pub fn command(&mut self, command: Command) {
        match command {
            Command::Resync => self.afresh = true,
            command => self.aside.push(self.replay.command_aside(command)),
        }
    }

    /// Runs a backtest on the data up to here; follow-up requests use the same bars.
    pub fn backtest(&mut self, set_up: SetUp, command: Vec<u8>) {
        let renews = decode::<BacktestCommand>(&command)
            .is_ok_and(|command| matches!(command.wanted, Wanted::Run { renew: true, .. }));
        let known = self.backtest.take().filter(|_| !renews);
        let mut aside = known.unwrap_or_else(|| self.replay.backtest_aside(set_up));
        aside.command(Command::Backtest(command));
        self.backtest = Some(aside);
    }

    /// Plays up to the tape's time at local time `now`, at most `moments` moments; returns whether there is
    /// more to do at once.
    pub fn work(&mut self, now: UnixMillis, moments: usize) -> bool {
        if let Some(aside) = self.aside.first_mut() {
            let (answer, is_whole) = aside.work(moments);
            self.teller.take_answer(answer);
            if is_whole {
                self.aside.remove(0);
            }
            return true;
        }
        let tests_back = self.work_on_backtest();
        let before = self.replay.known_to();
        let more = match self.seek.map(|seek| seek.goal) {
            Some(Goal::At(at)) => !self.arrive(now, at, moments),
            Some(Goal::Alert) => {
                let found = self.replay.play_to_alert(moments);
                if found {
                    self.seek = None;
                    self.transport.seek(now, self.replay.position());
                }
                !found
            }
            None => self.follow(now, moments),
        };
        self.teller.take(self.replay.take_events());
        if before != self.replay.known_to() {
            self.hash = None;
        }
        if self.hash_wanted && !more {
            self.hash = Some(self.replay.snapshot().hash);
            self.hash_wanted = false;
        }
        more || tests_back
    }

    /// Advances the backtest by a step; returns whether there is more to do.
    fn work_on_backtest(&mut self) -> bool {
        let Some(aside) = &mut self.backtest else { return false };
        let (told, is_whole) = aside.work(1);
        self.teller.take_answer(told);
        !is_whole
    }

    /// Whether it must be called as time goes on.
    pub fn is_playing(&self) -> bool {
        self.transport.is_playing()
    }

    /// The events for the page, and whether it must first discard earlier ones.
    ///
    /// The whole state is sent in parts: [`Self::has_news`] says whether another one follows.
    pub fn take_news(&mut self) -> (bool, Vec<Event>) {
        if core::mem::take(&mut self.afresh) {
            self.teller.begin_anew();
            self.forgets = true;
        }
        let news = self.teller.news();
        // the page keeps its state until there is a new one to show
        let forgets = !news.is_empty() && core::mem::take(&mut self.forgets);
        (forgets, news)
    }

    /// Whether there are more events to send at once.
    pub fn has_news(&self) -> bool {
        self.afresh || self.teller.has_more()
    }

    /// The state of the replay.
    pub fn state(&self) -> State {
        let tape = self.replay.tape();
        State {
            begins: self.begins,
            from: self.from,
            to: self.to,
            wanted_to: self.wanted_to,
            is_cut: self.is_cut(),
            at_end: self.at_end,
            at: self.replay.position().min(self.to),
            is_playing: self.transport.is_playing(),
            speed: self.transport.speed(),
            interval: self.settings.interval,
            seeking: self.seek.map(Seek::told),
            is_final_data: tape.is_final_data(self.from, self.to),
            trades: self.trades,
            alerts: self.replay.alerts_from(self.from),
            hash: self.hash,
            live_alerts: self.live_alerts.clone(),
        }
    }

    /// Whether a good part of the requested span is missing. A full desk drops a few of its first bars while the replay
    /// is opened.
    fn is_cut(&self) -> bool {
        let [missing, whole] = [self.from, self.to].map(|time| time.0.saturating_sub(self.wanted_from.0));
        missing > whole / CUT_SHARE
    }

    fn go(&mut self, at: UnixMillis) {
        let at = at.clamp(self.from, self.to);
        self.hash = None;
        let known_to = self.replay.known_to();
        self.replay.seek(at);
        if self.replay.known_to() < known_to {
            self.teller.go_back(self.replay.facts());
            // it knows about later data
            self.backtest = None;
            self.afresh = true;
        }
        self.seek_to(Goal::At(at));
    }

    fn seek_to(&mut self, goal: Goal) {
        self.seek = Some(Seek { goal, from: self.replay.position() });
    }

    /// Pauses at the engine's position, which may be behind the tape's clock on a slow machine, and on the way to a
    /// goal, which is given up. Bars before the span are always played to their end.
    fn pause(&mut self, now: UnixMillis) {
        self.transport.pause(now);
        self.seek_to(Goal::At(self.replay.known_to().clamp(self.from, self.to)));
    }

    fn arrive(&mut self, now: UnixMillis, at: UnixMillis, moments: usize) -> bool {
        let arrived = self.replay.play(at, moments);
        if arrived {
            self.seek = None;
            self.transport.seek(now, at);
        }
        arrived
    }

    /// Follows the tape's clock and stops at the end of the span.
    fn follow(&mut self, now: UnixMillis, moments: usize) -> bool {
        if !self.transport.is_playing() {
            return false;
        }
        let arrived = self.replay.play(self.transport.position(now).min(self.to), moments);
        if self.replay.position() >= self.to {
            self.transport.pause(now);
            self.transport.seek(now, self.to);
            self.arrived = Some(self.at_end);
        }
        !arrived
    }

    /// The time at which `bars` more bars are closed.
    fn bars_on(&self, bars: i64) -> UnixMillis {
        let grace = if self.replay.tape().is_of_bars() { 0 } else { GRACE_MILLIS };
        let interval = self.settings.interval;
        let at = self.replay.position() - grace;
        let closed = interval.floor(at);
        // from within a bar, a step back leads to the start of that bar
        let begun = i64::from(bars < 0 && closed < at);
        closed + (bars + begun) * interval.millis() + grace
    }
}
