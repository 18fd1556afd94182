//! A replay under the hand of a user: a transport, a place to go to, and what the page has been told.

use super::teller::Teller;
use super::{Aside, Ask, Place, Replay, State, Tape, Transport};
use crate::alert::{Alert, Rule};
use crate::analytics::evidence::Examine;
use crate::backtest::bench::SetUp;
use crate::backtest::bench::message::{Ask as BacktestAsk, Wanted};
use crate::base::calendar::iso;
use crate::base::codec::decode;
use crate::messages::event::Event;
use crate::{Command, Settings, UnixMillis};

/// Windows of the past before the span that warm the engine up.
const WARM_UP_WINDOWS: i64 = 3;
/// A bar of trades closes this long after its end.
const GRACE_MILLIS: i64 = crate::market::GRACE_MILLIS;

/// Where a session is on its way to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    At(UnixMillis),
    Alert,
}

/// A replay that is on.
#[derive(Debug)]
pub struct Session {
    replay: Replay,
    settings: Settings,
    rules: Vec<Rule>,
    /// The position that is followed, as its text.
    position: String,
    from: UnixMillis,
    to: UnixMillis,
    transport: Transport,
    goal: Option<Goal>,
    teller: Teller,
    aside: Vec<Aside>,
    /// What runs backtests, on what was known when the first one was asked for.
    backtest: Option<Aside>,
    hash: Option<u64>,
    hash_wanted: bool,
    /// The page is to be shown everything again.
    afresh: bool,
    /// The page is to forget what it has heard, once there is the first of it.
    forgets: bool,
    live_alerts: Vec<Alert>,
    /// Times of the first and of the last trade on the tape.
    trades: Option<(UnixMillis, UnixMillis)>,
}

impl Session {
    /// A replay of `place` on `tape`, on its way there from as far before as the statistics look back.
    ///
    /// # Errors
    /// In words, when there is nothing to replay.
    pub fn open(tape: Tape, place: Place, settings: &Settings, rules: Vec<Rule>) -> Result<Self, String> {
        let Place { from, to, at } = place;
        let (first, last) = tape.span().ok_or("there is nothing of both markets to replay yet")?;
        let (from, to) = (from.max(first), to.min(last));
        if from >= to {
            return Err(Self::not_held(first, last));
        }
        let tape = tape.between(Self::begins(from, settings), to);
        let trades = tape.trades();
        let mut replay = Replay::new(tape, settings, rules.clone())
            .map_err(|error| format!("the settings do: {error}"))?;
        let mut teller = Teller::new(settings.source.clone());
        teller.take(replay.take_events());
        Ok(Self {
            transport: Transport::new(replay.position()),
            replay,
            settings: settings.clone(),
            rules,
            position: String::new(),
            from,
            to,
            goal: Some(Goal::At(at.clamp(from, to))),
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

    /// Follows `position` from before the tape on: for rules on it, which know nothing of it until it was entered.
    pub fn follow_position(&mut self, position: String) {
        self.replay.follow(&position);
        self.position = position;
    }

    /// The position that is followed, as its text.
    pub fn position(&self) -> &str {
        &self.position
    }

    /// Why there is no replay of a span outside of what is held, from `first` to `last`.
    pub fn not_held(first: UnixMillis, last: UnixMillis) -> String {
        format!(
            "nothing is held of that span: the desk has these markets from {} to {}",
            iso(first.0),
            iso(last.0)
        )
    }

    /// From where on the tape of a replay that starts at `from` is wanted: its statistics look back.
    pub fn begins(from: UnixMillis, settings: &Settings) -> UnixMillis {
        UnixMillis(from.0.saturating_sub(warm_up_millis(settings)))
    }

    /// The settings that the replay is under.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The rules beside that of the settings.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The span and where it stands, or is on its way to.
    pub fn place(&self) -> Place {
        let at = match self.goal {
            Some(Goal::At(at)) => at,
            _ => self.replay.position().clamp(self.from, self.to),
        };
        Place { from: self.from, to: self.to, at }
    }

    /// The code of the evidence's tests.
    pub fn examine_with(&mut self, examine: Examine) {
        self.replay.examine_with(examine);
    }

    /// Takes note of an alert of the live feed.
    pub fn hear_live(&mut self, alert: Alert) {
        self.live_alerts.push(alert);
    }

    /// Does what the page asks at local time `now`.
    pub fn ask(&mut self, now: UnixMillis, ask: Ask) {
        match ask {
            Ask::Play => {
                if self.replay.position() >= self.to && self.goal.is_none() {
                    self.go(self.from);
                }
                self.transport.play(now);
            }
            Ask::Pause => self.pause(now),
            Ask::Speed(speed) => self.transport.set_speed(now, speed),
            Ask::Step(bars) => {
                self.pause(now);
                self.go(self.bars_on(bars));
            }
            Ask::Seek(at) => self.go(at),
            Ask::NextAlert => {
                self.pause(now);
                self.hash = None;
                self.goal = Some(Goal::Alert);
            }
            Ask::Hash => self.hash_wanted = true,
            Ask::Open(_) | Ask::OpenLast { .. } | Ask::GoLive => {}
        }
    }

    /// Answers a command of the page's that is about what the engine knows.
    pub fn command(&mut self, command: Command) {
        match command {
            Command::Resync => self.afresh = true,
            command => self.aside.push(self.replay.ask_aside(command)),
        }
    }

    /// Has a backtest run on what is known up to here; what follows a run is asked of the same bars.
    pub fn backtest(&mut self, set_up: SetUp, ask: Vec<u8>) {
        let renews = decode::<BacktestAsk>(&ask)
            .is_ok_and(|ask| matches!(ask.wanted, Wanted::Run { renew: true, .. }));
        let known = self.backtest.take().filter(|_| !renews);
        let mut aside = known.unwrap_or_else(|| self.replay.backtest_aside(set_up));
        aside.ask(Command::Backtest(ask));
        self.backtest = Some(aside);
    }

    /// Goes on up to where the tape should be at local time `now`, for so many moments; returns whether there is more to
    /// do at once.
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
        let before = self.replay.heard_to();
        let more = match self.goal {
            Some(Goal::At(at)) => !self.arrive(now, at, moments),
            Some(Goal::Alert) => {
                let found = self.replay.play_to_alert(moments);
                if found {
                    self.goal = None;
                    self.transport.seek(now, self.replay.position());
                }
                !found
            }
            None => self.follow(now, moments),
        };
        self.teller.take(self.replay.take_events());
        if before != self.replay.heard_to() {
            self.hash = None;
        }
        if self.hash_wanted && !more {
            self.hash = Some(self.replay.snapshot().hash);
            self.hash_wanted = false;
        }
        more || tests_back
    }

    /// Goes on with the backtest by a step; returns whether there is more of it.
    fn work_on_backtest(&mut self) -> bool {
        let Some(aside) = &mut self.backtest else { return false };
        let (told, is_whole) = aside.work(1);
        self.teller.take_answer(told);
        !is_whole
    }

    /// Whether it has to be looked after as time goes on.
    pub fn is_playing(&self) -> bool {
        self.transport.is_playing()
    }

    /// What the page is to be told, and whether it must first forget what it has heard.
    ///
    /// A whole picture comes in parts: [`Self::has_news`] says whether there is another one.
    pub fn take_news(&mut self) -> (bool, Vec<Event>) {
        if core::mem::take(&mut self.afresh) {
            self.teller.begin_anew();
            self.forgets = true;
        }
        let news = self.teller.news();
        // until there is a picture to show, the page keeps the one that it has
        let forgets = !news.is_empty() && core::mem::take(&mut self.forgets);
        (forgets, news)
    }

    /// Whether more is to be told at once.
    pub fn has_news(&self) -> bool {
        self.afresh || self.teller.has_more()
    }

    /// How it stands.
    pub fn state(&self) -> State {
        let tape = self.replay.tape();
        State {
            from: self.from,
            to: self.to,
            at: self.replay.position().min(self.to),
            is_playing: self.transport.is_playing(),
            speed: self.transport.speed(),
            is_seeking: self.goal.is_some(),
            is_final_data: tape.is_final_data(self.from, self.to),
            trades: self.trades,
            alerts: self.replay.alerts(),
            hash: self.hash,
            live_alerts: self.live_alerts.clone(),
        }
    }

    fn go(&mut self, at: UnixMillis) {
        let at = at.clamp(self.from, self.to);
        self.hash = None;
        let heard_to = self.replay.heard_to();
        self.replay.seek(at);
        if self.replay.heard_to() < heard_to {
            self.teller.go_back(self.replay.facts());
            // it knows of what comes later
            self.backtest = None;
            self.afresh = true;
        }
        self.goal = Some(Goal::At(at));
    }

    /// Stands still where the engine is, which may be behind the tape's clock on a slow machine.
    fn pause(&mut self, now: UnixMillis) {
        self.transport.pause(now);
        if self.goal.is_none() {
            self.goal = Some(Goal::At(self.replay.heard_to().min(self.to)));
        }
    }

    fn arrive(&mut self, now: UnixMillis, at: UnixMillis, moments: usize) -> bool {
        let arrived = self.replay.play(at, moments);
        if arrived {
            self.goal = None;
            self.transport.seek(now, at);
        }
        arrived
    }

    /// Follows the tape's clock; the end of the span stops it.
    fn follow(&mut self, now: UnixMillis, moments: usize) -> bool {
        if !self.transport.is_playing() {
            return false;
        }
        let arrived = self.replay.play(self.transport.position(now).min(self.to), moments);
        if self.replay.position() >= self.to {
            self.transport.pause(now);
            self.transport.seek(now, self.to);
        }
        !arrived
    }

    /// The time at which so many more bars are closed.
    fn bars_on(&self, bars: i64) -> UnixMillis {
        let grace = if self.replay.tape().is_of_bars() { 0 } else { GRACE_MILLIS };
        let interval = self.settings.interval;
        let at = self.replay.position() - grace;
        let closed = interval.floor(at);
        // from within a bar the step back leads to its start
        let begun = i64::from(bars < 0 && closed < at);
        closed + (bars + begun) * interval.millis() + grace
    }
}

/// How far before a span its statistics look back.
fn warm_up_millis(settings: &Settings) -> i64 {
    let windows = [
        settings.hedge_window_bars,
        settings.z_window_bars,
        settings.correlation_window_bars,
        settings.test_lookback_bars,
    ];
    let longest = i64::try_from(windows.into_iter().max().unwrap_or(0)).unwrap_or(i64::MAX);
    longest.saturating_mul(WARM_UP_WINDOWS).saturating_mul(settings.interval.millis())
}
