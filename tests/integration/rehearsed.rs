//! A replay operated by a user: the page's state is what is known at the place, whatever was done before.

use crate::alerts::above;
use crate::recording::{Log, on_both_logs};
use crate::virtual_time::play;
use spreadscope::view::screen::model::Model;
use spreadscope_engine::alert::{Alert, Quantity, Rule};
use spreadscope_engine::analytics::position::Position;
use spreadscope_engine::backtest::bench::message::{BacktestCommand, CommandId, Wanted};
use spreadscope_engine::backtest::bench::{SetUp, set_up};
use spreadscope_engine::base::symbol::Leg;
use spreadscope_engine::messages::event::{Fact, ReplayNews};
use spreadscope_engine::messages::protocol::encode;
use spreadscope_engine::replay::{AtEnd, LegBars, Place, ReplayCommand, Session, Tape, Taping};
use spreadscope_engine::settings::HedgeKind;
use spreadscope_engine::{Command, Event, Settings, UnixMillis};

on_both_logs!(
    the_page_is_told_the_same_whatever_way_led_to_the_place,
    a_bar_on_and_a_bar_back_is_where_it_was,
    a_command_aside_leaves_the_replay_as_it_was,
    a_replay_from_the_middle_shows_what_the_live_run_has_shown,
    a_backtest_in_a_replay_knows_nothing_of_what_comes_later,
    trades_move_the_live_picture_and_no_bar,
    the_end_of_the_span_stops_it_and_play_begins_again,
    playing_to_the_present_catches_up_with_the_live_desk,
    a_span_of_which_nothing_is_held_is_refused_with_what_is,
    at_a_hundred_times_a_word_has_rows_together_and_the_newest_tests_alone,
    a_rule_on_the_position_fires_in_the_replay_from_the_entry_on,
);

pub(crate) fn settings() -> Settings {
    Settings { hedge_window_bars: 60, z_window_bars: 60, test_lookback_bars: 120, ..Settings::default() }
}

/// Returns a tape of the bars that a live run holds at its end.
pub(crate) fn tape(log: &Log) -> Tape {
    let live = play(&settings(), &log.frames);
    let markets = live.driver.engine.markets().unwrap();
    Tape::of_bars(Leg::BOTH.map(|leg| markets.legs[leg as usize].chosen()))
}

/// A session, its clock and the page that receives its news.
pub(crate) struct Page {
    pub(crate) session: Session,
    pub(crate) now: UnixMillis,
    model: Model,
    alerts: usize,
}

impl Page {
    pub(crate) fn open(tape: &Tape, at_percent: i64) -> Self {
        let (from, to) = tape.span().unwrap();
        let at = from + to.since(from) * at_percent / 100;
        let session =
            Session::open(tape.clone(), Place { from, to, at, begins: None }, &settings(), Vec::new())
                .unwrap();
        let mut page = Self { session, now: UnixMillis(1), model: Model::new(settings()), alerts: 0 };
        page.settle();
        page
    }

    /// Works until nothing is due at once, and takes the news after every slice.
    fn settle(&mut self) {
        loop {
            let more = self.session.work(self.now, 97);
            let (afresh, events) = self.session.take_news();
            self.model.apply(Event::Replay(ReplayNews { is_on: true, afresh, ..ReplayNews::default() }));
            for event in events {
                self.model.apply(event);
                assert!(!self.model.needs_resync);
            }
            self.alerts = self.session.state().alerts;
            if !more && !self.session.has_news() {
                return;
            }
        }
    }

    pub(crate) fn control(&mut self, command: ReplayCommand) {
        self.session.control(self.now, command);
        self.settle();
    }

    pub(crate) fn at(&self) -> UnixMillis {
        self.session.state().at
    }

    pub(crate) fn hash(&mut self) -> u64 {
        self.control(ReplayCommand::Hash);
        self.session.state().hash.unwrap()
    }

    /// Returns what the screen is drawn from.
    pub(crate) fn picture(&self) -> String {
        let Model { series, last_row, tests, past_tests, alerts, rules, notes, settings, live, .. } =
            &self.model;
        format!(
            "{series:?} {last_row:?} {tests:?} {past_tests:?} {alerts:?} {rules:?} {notes:?} {settings:?} {live:?}"
        )
    }
}

fn the_page_is_told_the_same_whatever_way_led_to_the_place(log: &Log) {
    let tape = tape(log);
    let mut direct = Page::open(&tape, 60);
    let expected = (direct.at(), direct.hash(), direct.picture());
    assert!(direct.model.last_row.is_some() && direct.model.tests.is_some());
    assert_eq!(direct.model.alerts.len(), direct.alerts);
    assert_eq!(direct.model.settings.source, settings().source, "the replay's engine calls it a recording");
    let mut scrubbed = Page::open(&tape, 5);
    for percent in [95, 20, 21, 60, 33, 100, 60] {
        let (from, to) = tape.span().unwrap();
        scrubbed.control(ReplayCommand::Seek(from + to.since(from) * percent / 100));
    }
    assert_eq!((scrubbed.at(), scrubbed.hash(), scrubbed.picture()), expected);
    let mut played = Page::open(&tape, 59);
    played.control(ReplayCommand::Speed(100));
    played.control(ReplayCommand::Play);
    while played.at() < expected.0 {
        played.now = played.now + 7;
        played.settle();
    }
    played.control(ReplayCommand::Seek(expected.0));
    assert_eq!((played.at(), played.hash(), played.picture()), expected);
    // nothing of what comes later is on the page
    assert!(played.model.last_row.as_ref().is_some_and(|row| row.open_time < expected.0));
}

fn a_bar_on_and_a_bar_back_is_where_it_was(log: &Log) {
    let mut page = Page::open(&tape(log), 50);
    page.control(ReplayCommand::Step(1));
    let (at, picture) = (page.at(), page.picture());
    page.control(ReplayCommand::Step(1));
    assert_eq!(page.at(), at + 1_000);
    assert_ne!(page.picture(), picture);
    page.control(ReplayCommand::Step(-1));
    assert_eq!((page.at(), page.picture()), (at, picture));
    // to the next alert, and not past it
    page.control(ReplayCommand::Seek(UnixMillis(0)));
    let before = page.alerts;
    page.control(ReplayCommand::NextAlert);
    assert_eq!(page.alerts, before + 1);
    assert!(!page.session.state().is_playing);
}

fn a_command_aside_leaves_the_replay_as_it_was(log: &Log) {
    let tape = tape(log);
    let expected = Page::open(&tape, 70).hash();
    let mut page = Page::open(&tape, 40);
    for _ in 0..3 {
        page.session.command(Command::RunTests);
        page.session.command(Command::Inspect { ticks: 5 });
        page.session.command(Command::Resync);
        page.settle();
    }
    assert!(page.model.inspection.is_some());
    let (from, to) = tape.span().unwrap();
    page.control(ReplayCommand::Seek(from + to.since(from) * 70 / 100));
    assert_eq!(page.hash(), expected);
}

/// A Kalman filter remembers everything since its start, and a rule is armed by what came before the span.
fn a_replay_from_the_middle_shows_what_the_live_run_has_shown(log: &Log) {
    for hedge_model in HedgeKind::ALL {
        let settings = Settings { hedge_model, ..settings() };
        let live = play(&settings, &log.frames);
        let markets = live.driver.engine.markets().unwrap();
        let tape = Tape::of_bars(Leg::BOTH.map(|leg| markets.legs[leg as usize].chosen()));
        let (first, to) = tape.span().unwrap();
        for percent in [40, 60, 80] {
            let from = first + to.since(first) * percent / 100;
            let place = Place { from, to, at: to, begins: None };
            let session = Session::open(tape.clone(), place, &settings, Vec::new()).unwrap();
            let mut page =
                Page { session, now: UnixMillis(1), model: Model::new(settings.clone()), alerts: 0 };
            page.settle();
            let fired = |alerts: &mut dyn Iterator<Item = &Alert>| {
                alerts
                    .filter(|alert| (from..to).contains(&alert.time))
                    .map(|alert| (alert.time, alert.rule, alert.direction, alert.value))
                    .collect::<Vec<_>>()
            };
            // those of the bars before the span are neither counted nor listed
            assert!(page.model.alerts.iter().all(|alert| alert.time >= from));
            let (shown, told) = (fired(&mut page.model.alerts.iter().rev()), fired(&mut live.alerts.iter()));
            assert_eq!(shown, told, "{hedge_model:?} from {percent} %");
            let row = page.model.last_row.as_ref().unwrap();
            let known = &live.rows[&row.open_time];
            assert_eq!(
                (&row.hedge_ratio, row.spread, &row.z),
                (&known.hedge_ratio, known.spread, &known.z),
                "{hedge_model:?} from {percent} %"
            );
        }
    }
}

/// Requests a run of the default rules.
fn run() -> BacktestCommand {
    let wanted = Wanted::Run { parameters: Box::default(), enter_by: None, renew: false, within: None };
    BacktestCommand { id: CommandId::default(), wanted }
}

fn a_backtest_in_a_replay_knows_nothing_of_what_comes_later(log: &Log) {
    let tape = tape(log);
    let (from, to) = tape.span().unwrap();
    let at = from + to.since(from) * 60 / 100;
    let told = |page: &mut Page| {
        let expected = page.hash();
        page.session.backtest(SetUp::of(set_up), encode(&run()));
        let mut told = Vec::new();
        while page.session.work(page.now, 4) || page.session.has_news() {
            told.extend(
                page.session.take_news().1.into_iter().filter(|event| matches!(event, Event::Backtest(_))),
            );
        }
        told.extend(
            page.session.take_news().1.into_iter().filter(|event| matches!(event, Event::Backtest(_))),
        );
        assert_eq!(page.hash(), expected);
        told
    };
    let within = told(&mut Page::open(&tape, 60));
    assert!(!within.is_empty());
    // a tape that ends here gives the same
    let cut = tape.clone().between(from, at);
    assert_eq!(told(&mut Page::open(&cut, 100)), within);
    assert_ne!(told(&mut Page::open(&tape, 90)), within);
}

fn trades_move_the_live_picture_and_no_bar(log: &Log) {
    let live = play(&settings(), &log.frames);
    let markets = live.driver.engine.markets().unwrap();
    let bars = tape(log);
    let (first, end) = bars.span().unwrap();
    let trades = Leg::BOTH.map(|leg| (leg, markets.legs[leg as usize].ticks.iter().copied().collect()));
    // a few bars at a time, as the page does it
    let mut taping = Taping::new(first - 1_000, end, trades.into());
    while !taping.work(&LegBars::by(markets), 7) {}
    let with_trades = taping.finish().between(first, end);
    assert!(with_trades.trades().is_some() && bars.trades().is_none());
    // late on the tape, where the buffer still holds its trades
    let (mut plain, mut traded) = (Page::open(&bars, 98), Page::open(&with_trades, 98));
    let model = &traded.model;
    assert_eq!(format!("{:?}", model.series), format!("{:?}", plain.model.series));
    assert_eq!(model.alerts, plain.model.alerts);
    let told = model.live.as_ref().unwrap();
    assert!(plain.model.live.as_ref().unwrap().y.last.is_none());
    assert!(told.y.last.is_some() && told.x.last.is_some() && told.z.is_some(), "{told:?}");
    assert!(told.exchange_time.is_some_and(|time| time <= traded.at()));
    let expected = traded.hash();
    for percent in [99, 97, 98] {
        let at = first + end.since(first) * percent / 100;
        traded.control(ReplayCommand::Seek(at));
        plain.control(ReplayCommand::Seek(at));
    }
    assert_eq!(traded.hash(), expected);
    assert_eq!(traded.model.alerts, plain.model.alerts);
}

fn the_end_of_the_span_stops_it_and_play_begins_again(log: &Log) {
    let mut page = Page::open(&tape(log), 99);
    let to = page.session.state().to;
    page.control(ReplayCommand::Play);
    page.now = page.now + 3_600_000;
    page.settle();
    let state = page.session.state();
    assert_eq!((state.at, state.is_playing), (to, false));
    page.control(ReplayCommand::Play);
    let state = page.session.state();
    assert_eq!((state.at, state.is_playing), (state.from, true));
}

fn playing_to_the_present_catches_up_with_the_live_desk(log: &Log) {
    for at_end in [AtEnd::Stop, AtEnd::GoLive] {
        let mut page = Page::open(&tape(log), 99);
        page.session.end_with(at_end);
        let to = page.session.state().to;
        // who looks at the end has not played up to it
        page.control(ReplayCommand::Seek(to));
        page.settle();
        assert!(!page.session.has_caught_up());
        page.control(ReplayCommand::Seek(to - 60_000));
        page.settle();
        page.control(ReplayCommand::Play);
        page.settle();
        assert!(!page.session.has_caught_up());
        page.now = page.now + 3_600_000;
        page.settle();
        assert_eq!(page.session.has_caught_up(), at_end == AtEnd::GoLive);
        // another command comes first
        page.control(ReplayCommand::Step(-1));
        page.settle();
        assert!(!page.session.has_caught_up());
    }
}

fn a_span_of_which_nothing_is_held_is_refused_with_what_is(log: &Log) {
    let tape = tape(log);
    let (from, to) = tape.span().unwrap();
    let place = Place { from: to + 1, to: to + 60_000, at: to + 1, begins: None };
    let refused = Session::open(tape.clone(), place, &settings(), Vec::new());
    assert!(refused.is_err_and(|reason| reason.contains("there is no data for that span")));
    // part of the span is there: that part is replayed
    let place = Place { from: from - 60_000, to: to + 60_000, at: from - 1, begins: None };
    let session = Session::open(tape, place, &settings(), Vec::new()).unwrap();
    let state = session.state();
    assert_eq!((state.from, state.to, state.is_final_data), (from, to, false));
    // with shorter bars it may reach further again
    assert_eq!((state.wanted_to, session.place().to), (to + 60_000, to + 60_000));
}

fn a_rule_on_the_position_fires_in_the_replay_from_the_entry_on(log: &Log) {
    let tape = tape(log);
    let (from, to) = tape.span().unwrap();
    let entered = from + to.since(from) / 2;
    let position = Position {
        pair: settings().pair,
        units: [1.0, -1.0],
        prices: [1.0, 1.0],
        entered,
        entry_z: None,
        fee_bps: 0.0,
        exit_z: 0.0,
        stop_z: 0.0,
        line: None,
    };
    let rule = Rule { quantity: Quantity::PositionNet, ..above(0.0) };
    let fired = |position: String, percents: &[i64]| {
        let place = Place { from, to, at: from, begins: None };
        let mut session = Session::open(tape.clone(), place, &settings(), vec![rule.clone()]).unwrap();
        session.follow_position(&position);
        let mut page = Page { session, now: UnixMillis(1), model: Model::new(settings()), alerts: 0 };
        for percent in percents {
            page.control(ReplayCommand::Seek(from + to.since(from) * percent / 100));
        }
        let of_rule = page.model.alerts.iter().filter(|alert| alert.rule == rule.id);
        of_rule.map(|alert| alert.time).collect::<Vec<_>>()
    };
    assert_eq!(fired(String::new(), &[100]), []);
    let times = fired(position.store(), &[100]);
    assert!(
        times.last().is_some_and(|first| *first >= entered && *first <= entered + 2_000),
        "{times:?} {entered:?}"
    );
    assert_eq!(fired(position.store(), &[80, 20, 100]), times);
}

fn at_a_hundred_times_a_word_has_rows_together_and_the_newest_tests_alone(log: &Log) {
    let mut page = Page::open(&tape(log), 30);
    page.control(ReplayCommand::Speed(100));
    page.control(ReplayCommand::Play);
    let mut rows = 0;
    for _ in 0..12 {
        // a slow page receives half a minute at once
        page.now = page.now + 300;
        while page.session.work(page.now, 1) {}
        let (_, told) = page.session.take_news();
        let count = |is: fn(&Fact) -> bool| {
            told.iter().filter(|event| matches!(event, Event::Fact { fact, .. } if is(fact))).count()
        };
        assert!(count(|fact| matches!(fact, Fact::Rows { .. })) <= 1, "{told:?}");
        assert!(count(|fact| matches!(fact, Fact::Tests(_))) <= 1);
        assert!(count(|fact| matches!(fact, Fact::PastTests { .. })) <= 1);
        for event in told {
            if let Event::Fact { fact: Fact::Rows { rows: more, .. }, .. } = &event {
                rows += more.len();
            }
            page.model.apply(event);
            assert!(!page.model.needs_resync);
        }
    }
    assert!(rows > 300, "{rows}");
    let mut whole = Page::open(&tape(log), 30);
    whole.control(ReplayCommand::Seek(page.at()));
    page.control(ReplayCommand::Seek(whole.at()));
    assert_eq!((page.hash(), page.picture()), (whole.hash(), whole.picture()));
}
