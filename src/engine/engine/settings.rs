//! Puts settings in force: for the same market, another one, or a recording.

use super::{Engine, Running};
use crate::UnixMillis;
use crate::connection::FeedStatus;
use crate::engine::analysis::Analysis;
use crate::engine::reach::Reach;
use crate::engine::slower_history::SlowerHistory;
use crate::market::Markets;
use crate::messages::event::Fact;
use crate::settings::{Settings, Source};

impl Engine {
    pub(super) fn configure(&mut self, now: UnixMillis, settings: &Settings) {
        let source = self.running.as_ref().map(|running| &running.analysis.settings().source);
        if source.is_some_and(|source| *source != settings.source) {
            self.watchlist.begin_anew();
        }
        self.watchlist.tell_again();
        let refused = match settings.validate() {
            Err(errors) => Some(errors),
            Ok(()) if settings.source == Source::Recording => self.show_recording(now, settings).err(),
            Ok(()) => self.apply(now, settings).err().map(|error| {
                vec![crate::settings::SettingsError {
                    field: "window".to_owned(),
                    message: error.to_string(),
                }]
            }),
        };
        if let Some(errors) = refused {
            self.fact(Fact::Refused(errors));
        }
    }

    fn apply(&mut self, now: UnixMillis, settings: &Settings) -> Result<(), spreadscope_stats::HedgeError> {
        self.tests_wanted = true;
        let known = self.running.as_ref().map(|running| running.analysis.settings());
        let same_market = known.is_some_and(|old| old.source == settings.source && old.pair == settings.pair);
        let same_interval = known.is_some_and(|old| old.interval == settings.interval);
        let newest = self.running.as_ref().and_then(|running| running.analysis.inputs());
        self.watch.book.follow(settings, newest.as_ref());
        if !(same_market && same_interval) {
            self.watch.book.begin_anew();
        }
        match self.running.take() {
            Some(mut running) if same_market => {
                if same_interval {
                    self.archive.follow(settings);
                    if running.analysis.settings().computes_like(settings) {
                        running.analysis.follow(settings);
                    } else {
                        running.analysis = running.analysis.reconfigured(settings, &mut self.watch.book)?;
                    }
                } else {
                    // a crossing in bars of another interval has not been reported, but is old
                    self.archive.collect(&mut running.markets);
                    self.archive.choose(now, settings);
                    running.markets.choose(settings);
                    running.analysis = Analysis::new(settings)?;
                }
                self.running = Some(running);
                self.fact(Fact::Configured(Box::new(settings.clone())));
            }
            mut old => {
                if let Some(old) = &mut old {
                    self.archive.collect(&mut old.markets);
                }
                self.archive.begin(now, settings);
                let schedule = self.schedule_after(old.as_ref(), &settings.source);
                let mut analysis = Analysis::new(settings)?;
                let mut markets = Markets::new(settings);
                if self.polling.is_on() {
                    markets.begin_polling();
                }
                if let Some(reported_to) = self.reported_to.take() {
                    analysis.take_over(reported_to);
                }
                self.running = Some(Running {
                    analysis,
                    markets,
                    schedule,
                    stream_hosts: settings.source.stream_hosts(),
                    aggregated: [false; 2],
                    restored: false,
                    reach: Reach::default(),
                    slower: SlowerHistory::default(),
                });
                self.feed_requested = now;
                self.status =
                    FeedStatus { source: settings.source.label().to_owned(), ..FeedStatus::default() };
                self.fact(Fact::Configured(Box::new(settings.clone())));
                self.restart(now);
            }
        }
        Ok(())
    }
}
