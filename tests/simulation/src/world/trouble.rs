//! Faults when their time has come: sockets, clocks, the tab and its store.

use super::{Event, World};
use crate::driver::Driver;
use crate::fault::Fault;
use spreadscope_engine::{Engine, UnixMillis};

impl World {
    pub(super) fn begin(&mut self, fault: Fault) -> Result<(), String> {
        match fault {
            Fault::Cut | Fault::Outage => self.cut_all(60),
            Fault::HalfOpen => self.lines.values_mut().for_each(|line| line.dead = true),
            Fault::Shutdown => {
                let text = format!(
                    r#"{{"stream":"!serverShutdown","data":{{"e":"serverShutdown","E":{}}}}}"#,
                    self.now
                );
                let generations: Vec<u64> = self.lines.keys().copied().collect();
                let life = self.life;
                for generation in generations {
                    let text = text.clone();
                    self.schedule(self.now + 40, Event::Frame { life, generation, text });
                    let ends = self.now + self.random.range(500, 20_000);
                    self.schedule(ends, Event::Closed { life, generation });
                }
            }
            Fault::ClockStep(millis) => self.offset += millis,
            Fault::Freeze { sockets_live } => {
                let ends =
                    self.plan.faults.iter().filter(|timed| timed.from == self.now).map(|timed| timed.to);
                self.frozen_until = self.frozen_until.max(ends.max().unwrap_or(self.now));
                if !sockets_live {
                    self.lines.values_mut().for_each(|line| line.dead = true);
                }
            }
            Fault::Crash | Fault::TakeOver => return self.crash(fault == Fault::TakeOver),
            Fault::StoreLost => {
                self.store.records.clear();
                self.kept_trades.lost(self.now, self.driver.engine.markets());
            }
            _ => {}
        }
        Ok(())
    }

    fn cut_all(&mut self, delay: i64) {
        let life = self.life;
        for (generation, _) in core::mem::take(&mut self.lines) {
            self.schedule(self.now + delay, Event::Closed { life, generation });
        }
    }

    fn crash(&mut self, followed: bool) -> Result<(), String> {
        self.collect_alerts()?;
        let Self { now, driver, store, settings, plan, durability, report, .. } = self;
        report.promises += usize::from(durability.crash(*now, &driver.page, store, settings, plan)?);
        self.check_trades()?;
        let reported_to = self.driver.page.rows.keys().next_back().map_or(0, |time| time.0);
        self.life += 1;
        self.alerts_seen = 0;
        self.lines.clear();
        self.diary.all_closed(self.now);
        self.frozen_until = self.now;
        let seed = self.plan.seed ^ u64::from(self.life);
        self.driver = Driver::new(Engine::with_store(seed), self.local());
        if followed && reported_to > 0 {
            self.driver.engine.take_over(UnixMillis(reported_to + self.settings.interval.millis()));
        }
        self.configure()
    }
}
