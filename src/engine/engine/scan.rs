//! The engine's part in a scan: requests within the budget, after the pair's own history, and news.

use super::{Engine, Running};
use crate::UnixMillis;
use crate::connection::requests::Request;
use crate::messages::event::Event;
use crate::messages::input::Output;
use crate::scan::scanner::{Around, OpenScanner, Scanner};

impl Engine {
    /// Scans with `open` from now on; until this call, commands wait.
    pub fn scan_with(&mut self, open: OpenScanner) {
        self.scanner.open_with(open);
    }

    /// Whether the scanner's code is there.
    pub fn can_scan(&self) -> bool {
        self.scanner.can_scan()
    }

    /// Takes out the scan, for another engine.
    pub fn take_scanner(&mut self) -> Scanner {
        core::mem::take(&mut self.scanner).moved()
    }

    /// Puts in that of another engine.
    pub fn put_scanner(&mut self, scanner: Scanner) {
        self.scanner = scanner;
    }

    pub(super) fn advance_scan(&mut self, now: UnixMillis) {
        if !self.scanner.can_scan() {
            return;
        }
        let Some(Running { analysis, markets, schedule, .. }) = &mut self.running else { return };
        let exchange_now = markets.clock.now(now).unwrap_or(now);
        let host = schedule.host().map(str::to_owned);
        let wait = schedule.others_wait(now, &markets.legs);
        let around = Around {
            now,
            exchange_now,
            source: &analysis.settings().source,
            host: host.as_deref(),
            wait: wait.as_deref(),
            has_store: self.archive.is_open(),
            imports: &self.imports,
        };
        let Some(scanning) = self.scanner.ready(&around) else { return };
        self.outputs.extend(scanning.want_stored(&around).map(Output::Store));
        while let Some(Request { id, url, weight }) = scanning.want(&around) {
            if schedule.budget_mut().spend(weight, exchange_now).is_err() {
                scanning.put_back(id, "this minute's request weight is spent");
                break;
            }
            self.outputs.push_back(Output::Fetch { id, url, weight });
        }
        if scanning.has_work() {
            scanning.work(&around);
        }
        let changes = scanning.take_changes();
        if let Some(news) = scanning.take_news(now) {
            self.outputs.push_back(Output::Emit(Event::Scan(news)));
        }
        if let Some(changes) = changes {
            self.watch.scanned(now, changes);
        }
    }
}
