//! The engine in a replay: parsed frames, bars as they became known, and copies to go back to.

use super::{Engine, Running};
use crate::archive::Archive;
use crate::bars::{Bar, Bars, HalfSpreads};
use crate::base::symbol::Leg;
use crate::binance::wire::Frame;
use crate::connection::quotes::QuoteSchedule;
use crate::engine::analysis::Analysis;
use crate::engine::reach::Reach;
use crate::engine::slower_history::SlowerHistory;
use crate::market::Markets;
use crate::scan::scanner::Scanner;
use crate::scan::watchlist::Watchlist;
use crate::settings::{Settings, Source};
use crate::transfer::Imports;
use crate::{Trade, UnixMillis, messages::event::Fact};
use spreadscope_stats::HedgeError;

impl Engine {
    /// A copy with its alerts in memory, without the import in progress and without watched pairs: playing to
    /// one does not affect the other.
    pub(crate) fn copy(&self) -> Self {
        Self {
            outputs: self.outputs.clone(),
            notes: self.notes.clone(),
            running: self.running.clone(),
            venues: self.venues.clone(),
            connection: self.connection.clone(),
            local: self.local.clone(),
            status: self.status.clone(),
            rate: self.rate.clone(),
            archive: Archive::in_memory(&self.archive),
            imports: Imports::default(),
            watchlist: Watchlist::default(),
            listing: None,
            watch: self.watch.clone(),
            quotes: QuoteSchedule::default(),
            scanner: Scanner::default(),
            bench: None,
            backtest_command: None,
            ..*self
        }
    }

    /// Starts analytics over markets whose bars come one by one through [`Self::hear_bars`]. `half_spreads` may include
    /// later bars: each is read with its bar only.
    ///
    /// # Errors
    /// [`HedgeError`] if a window does not suit its statistic; validated settings always do.
    pub(crate) fn begin_bars(
        &mut self,
        now: UnixMillis,
        settings: &Settings,
        half_spreads: [HalfSpreads; 2],
    ) -> Result<(), HedgeError> {
        debug_assert_eq!(settings.source, Source::Recording, "Invariant: nothing is asked of an exchange");
        let bars = half_spreads.map(|books| Bars::new(settings.interval).with_half_spreads(books));
        let analysis = Analysis::new(settings)?;
        self.watch.book.follow(settings, None);
        self.archive.begin(now, settings);
        let schedule = self.schedule_after(None, &Source::Recording);
        self.running = Some(Running {
            analysis,
            markets: Markets::recorded(settings, bars),
            schedule,
            stream_hosts: Vec::new(),
            aggregated: [false; 2],
            restored: false,
            reach: Reach::default(),
            slower: SlowerHistory::default(),
        });
        self.fact(Fact::Configured(Box::new(settings.clone())));
        Ok(())
    }

    /// Takes bars that became known together at local time `now`.
    pub(crate) fn hear_bars(&mut self, now: UnixMillis, bars: impl Iterator<Item = (Leg, UnixMillis, Bar)>) {
        let now = self.local.count(now);
        if let Some(running) = &mut self.running {
            for (leg, open_time, bar) in bars {
                running.markets.record(leg, open_time, bar);
            }
        }
        self.advance_all(now);
    }

    /// Takes a trade of a market whose bars come separately: it changes the live update, but no bar.
    pub(crate) fn hear_trade(&mut self, now: UnixMillis, leg: Leg, trade: Trade) {
        let now = self.local.count(now);
        if let Some(running) = &mut self.running {
            running.markets.clock.observe(trade.event_time, now);
            running.markets.legs[leg as usize].ticks.push(trade);
        }
        if now >= self.next_live {
            self.advance_all(now);
        }
    }

    /// Takes a frame that has been parsed before, as [`Engine::handle`] takes its text.
    pub(crate) fn hear(&mut self, now: UnixMillis, generation: u64, frame: Frame<'_>) {
        let now = self.local.count(now);
        self.connect(|connection| connection.due(now));
        self.frame_of(now, generation, || Ok(frame));
        if self.is_due(now) {
            self.advance_all(now);
        }
    }
}
