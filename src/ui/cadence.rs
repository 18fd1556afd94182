//! The event handler: each message goes into the model at once, and onto the screen at the chosen rate.

use crate::ui::alerts::announcer::Announcer;
use crate::ui::panels::watchlist;
use crate::ui::state::Desk;
use crate::ui::{backup, preferences, remembered, trade};
use crate::view::replay::Playback;
use crate::view::screen::model::Model;
use crate::view::screen::refresh::{Cause, Due, Hold};
use crate::view::screen::route::Route;
use crate::web::port::PortEvent;
use crate::web::timer::{self, Timeout};
use crate::web::{frame, page};
use leptos::prelude::*;
use spreadscope_engine::messages::event::Fact;
use spreadscope_engine::messages::protocol::Role;
use spreadscope_engine::{Command, Event};

/// Passes the engine's messages to the desk.
#[derive(Clone, Copy)]
pub struct Cadence {
    desk: Desk,
    announcer: Announcer,
    hidden: StoredValue<bool>,
    last_refresh: StoredValue<f64>,
    /// The next refresh, and its time.
    timer: StoredValue<Option<(f64, Timeout)>, LocalStorage>,
}

impl core::fmt::Debug for Cadence {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Cadence").finish_non_exhaustive()
    }
}

impl Cadence {
    /// Makes a handler for messages to `desk`; it also observes the pause and the page's visibility.
    pub fn new(desk: Desk, announcer: Announcer) -> Self {
        let cadence = Self {
            desk,
            announcer,
            hidden: StoredValue::new(page::hidden()),
            last_refresh: StoredValue::new(f64::NEG_INFINITY),
            timer: StoredValue::new_local(None),
        };
        let listener = window_event_listener_untyped("visibilitychange", move |_| {
            let hidden = page::hidden();
            cadence.hidden.set_value(hidden);
            if hidden {
                desk.send(Command::Flush);
            } else {
                desk.pulse.update(|pulse| *pulse += 1);
                cadence.catch_up();
            }
        });
        on_cleanup(move || listener.remove());
        Effect::watch(
            move || (desk.paused.get(), desk.refresh.get()),
            move |(paused, _), _, _| {
                if *paused && cadence.timer.with_value(Option::is_some) {
                    // a refresh that was due is shown before the pause
                    cadence.refresh();
                } else {
                    cadence.catch_up();
                }
            },
            false,
        );
        cadence
    }

    /// Handles one message.
    pub fn handle(self, message: PortEvent) {
        match message {
            PortEvent::Replaced(notice) => {
                self.lose_engine();
                self.desk.notice(notice);
            }
            PortEvent::Lost(reason) => {
                self.lose_engine();
                self.desk.notes.lost.set(Some(reason));
            }
            PortEvent::Event(event) => self.take(event),
            PortEvent::Role(role) => {
                self.desk.surroundings.update(|around| around.role = role);
                if role != Role::Leader {
                    backup::lead_lost(self.desk);
                }
                if role == Role::Outdated {
                    self.lose_engine();
                }
            }
        }
    }

    fn lose_engine(self) {
        self.desk.model.update_value(Model::lose_engine);
        self.desk.replay.playback.set(Playback::default());
        self.desk.pulse.update(|pulse| *pulse += 1);
    }

    fn take(self, event: Event) {
        let desk = self.desk;
        if let Event::Backup(news) = event {
            return backup::take(desk, news);
        }
        if let Event::Remembered(choices) = event {
            return remembered::take(desk, &choices);
        }
        if let Event::Scan(news) = event {
            // the scanner asks for everything when it is opened
            if desk.route.with_untracked(|route| *route == Route::Scanner) {
                desk.scan.news.update(|waiting| waiting.push(news));
            }
            return;
        }
        if let Event::Backtest(told) = &event {
            return desk.backtest.news.with_value(|take| take.iter().for_each(|take| take(told)));
        }
        let cause = cause_of(&event);
        let calls = desk.model.with_value(|model| {
            desk.replay.playback.with_untracked(|replay| replay.announces(&model.settings.source))
        });
        let mut is_new_engine = false;
        if let Event::Fact { sequence, fact } = &event {
            is_new_engine = *sequence == 0;
            match fact {
                Fact::Alert(alert) if calls => self.announcer.announce(alert),
                Fact::Rules(rules) => self.announcer.keep_rules(rules),
                // another tab of the group may have changed them
                Fact::Configured(settings) if **settings != self.desk.settings.get_untracked() => {
                    self.desk.settings.set((**settings).clone());
                }
                _ => {}
            }
        }
        if let Event::Replay(news) = &event {
            if !news.is_on && desk.replay.playback.with_untracked(|replay| replay.is_on) {
                // a rehearsal ends with its replay
                desk.panels.rehearsed.set(None);
            }
            desk.replay.playback.update(|replay| replay.take(news));
        }
        let inspection = matches!(event, Event::Inspection(_));
        let listing = matches!(event, Event::Listing(_));
        let needs_resync = desk
            .model
            .try_update_value(|model| {
                model.apply(event);
                core::mem::take(&mut model.needs_resync)
            })
            .unwrap_or(false);
        if needs_resync {
            desk.send(Command::Resync);
        }
        if is_new_engine {
            self.announcer.send_rules();
            watchlist::send(desk);
            trade::tell_of_position(desk);
            preferences::repeat_scans(desk);
        }
        if inspection {
            return desk.inspected.update(|inspected| *inspected += 1);
        }
        if listing {
            return desk.listed.update(|listed| *listed += 1);
        }
        if !self.hidden.get_value() {
            desk.pulse.update(|pulse| *pulse += 1);
        }
        self.schedule(cause);
    }

    fn schedule(self, cause: Cause) {
        let hold = Hold {
            paused: self.desk.paused.get_untracked(),
            hidden: self.hidden.get_value(),
            drawing: frame::is_waited_for(),
        };
        let since_last = page::local_now() - self.last_refresh.get_value();
        match self.desk.refresh.get_untracked().due(cause, since_last, hold) {
            Due::Now => self.refresh(),
            Due::InMillis(millis) => {
                let at = page::local_now() + f64::from(millis);
                if self.timer.with_value(|timer| timer.as_ref().is_none_or(|(known, _)| at < *known)) {
                    let again = timer::after(millis, move || {
                        self.timer.set_value(None);
                        self.schedule(cause);
                    });
                    self.timer.set_value(Some((at, again)));
                }
            }
            Due::Later => {}
        }
    }

    /// Refreshes the screen, unless it is paused or hidden.
    fn catch_up(self) {
        self.timer.set_value(None);
        if !self.desk.paused.get_untracked() && !self.hidden.get_value() {
            self.refresh();
        }
    }

    fn refresh(self) {
        self.timer.set_value(None);
        self.last_refresh.set_value(page::local_now());
        self.desk.model.update_value(|model| model.series.show());
        self.desk.shown.update(|shown| *shown += 1);
    }
}

fn cause_of(event: &Event) -> Cause {
    match event {
        Event::Live(_)
        | Event::RuleStates(_)
        | Event::Watchlist(_)
        | Event::Quotes(_)
        | Event::Inspection(_)
        | Event::Listing(_)
        | Event::Import(_)
        | Event::Remembered(_)
        | Event::Replay(_)
        | Event::Scan(_)
        | Event::Backtest(_)
        | Event::Backup(_) => Cause::Live,
        Event::Fact {
            fact:
                Fact::Configured(_)
                | Fact::Refused(_)
                | Fact::Rules(_)
                | Fact::RulesRefused(_)
                | Fact::Rows { replace: true, .. },
            ..
        } => Cause::Replaced,
        Event::Fact { .. } => Cause::BarClosed,
    }
}
