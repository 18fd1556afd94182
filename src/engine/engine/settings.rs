//! Settings put in force: of the same market, of another, or of a recording.

use super::{Engine, Running};
use crate::UnixMillis;
use crate::config::{Settings, Source};
use crate::desk::Desk;
use crate::event::Fact;
use crate::feed::FeedStatus;
use crate::market::Market;

impl Engine {
    pub(super) fn configure(&mut self, now: UnixMillis, settings: &Settings) {
        let source = self.desk.as_ref().map(|running| &running.desk.settings().source);
        if source.is_some_and(|source| *source != settings.source) {
            self.watchlist.begin_anew();
        }
        self.watchlist.tell_again();
        let refused = match settings.validate() {
            Err(errors) => Some(errors),
            Ok(()) if settings.source == Source::Recording => self.show_recording(now, settings).err(),
            Ok(()) => self.apply(now, settings).err().map(|error| {
                vec![crate::config::SettingsError { field: "window".to_owned(), message: error.to_string() }]
            }),
        };
        if let Some(errors) = refused {
            self.fact(Fact::Refused(errors));
        }
    }

    fn apply(&mut self, now: UnixMillis, settings: &Settings) -> Result<(), spreadscope_stats::HedgeError> {
        self.next_tests = UnixMillis(0);
        let known = self.desk.as_ref().map(|running| running.desk.settings());
        let same_market = known.is_some_and(|old| old.source == settings.source && old.pair == settings.pair);
        let same_interval = known.is_some_and(|old| old.interval == settings.interval);
        let newest = self.desk.as_ref().and_then(|running| running.desk.inputs());
        self.watch.book.follow(settings, newest.as_ref());
        if !(same_market && same_interval) {
            self.watch.book.begin_anew();
        }
        match self.desk.take() {
            Some(mut running) if same_market => {
                if same_interval {
                    self.archive.follow(settings);
                    if running.desk.settings().computes_like(settings) {
                        running.desk.follow(settings);
                    } else {
                        running.desk = running.desk.reconfigured(settings, &mut self.watch.book)?;
                    }
                } else {
                    // a crossing in the bars of another interval has not been told of yet, but is old
                    self.archive.collect(&mut running.market);
                    self.archive.choose(now, settings);
                    running.market.choose(settings);
                    running.desk = Desk::new(settings)?;
                }
                self.desk = Some(running);
                self.fact(Fact::Configured(Box::new(settings.clone())));
            }
            mut old => {
                if let Some(old) = &mut old {
                    self.archive.collect(&mut old.market);
                }
                self.archive.begin(now, settings);
                let history = self.history_after(old.as_ref(), settings.source.rest_hosts());
                let mut desk = Desk::new(settings)?;
                if let Some(told_to) = self.told_to.take() {
                    desk.take_over(told_to);
                }
                self.desk = Some(Running {
                    desk,
                    market: Market::new(settings),
                    history,
                    stream_hosts: settings.source.stream_hosts(),
                    aggregated: [false; 2],
                    restored: false,
                });
                self.asked = now;
                self.status =
                    FeedStatus { source: settings.source.label().to_owned(), ..FeedStatus::default() };
                self.fact(Fact::Configured(Box::new(settings.clone())));
                self.restart(now);
            }
        }
        Ok(())
    }
}
