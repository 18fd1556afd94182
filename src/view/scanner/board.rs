//! The results of a scan, as the page holds them.

use spreadscope_engine::messages::protocol::{decode, encode};
use spreadscope_engine::scan::filter::{Correction, Filter};
use spreadscope_engine::scan::scanner::{Interval95, News, Plan, Progress, Stage, Standing};
use spreadscope_engine::scan::survival::{Changes, Survived};
use spreadscope_engine::scan::universe::Mark;
use spreadscope_engine::scan::{Known, PairTest, Report};
use spreadscope_engine::{Pair, Symbol, UnixMillis};
use std::collections::BTreeMap;

/// A pair by its legs.
pub type Legs = (Symbol, Symbol);

/// Returns a pair's legs.
pub fn legs(pair: &Pair) -> Legs {
    (pair.y.clone(), pair.x.clone())
}

/// A scan on the page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Board {
    /// The scan's number; `None` before the first.
    pub run: Option<u64>,
    /// What was scanned.
    pub plan: Option<Plan>,
    /// The markets that take part.
    pub taken: Vec<Symbol>,
    /// Markets left out, and what they are.
    pub left_out: Vec<(Symbol, Mark)>,
    /// Markets without prices, and why.
    pub refused: Vec<(Symbol, String)>,
    /// Its progress.
    pub progress: Progress,
    /// Pairs tested so far, until there is a report.
    pub tests: Vec<PairTest>,
    /// All pairs, corrected, and when that was.
    pub report: Option<(UnixMillis, Report)>,
    /// Break-even fees.
    pub fees: BTreeMap<Legs, Known>,
    /// Intervals of half-lives.
    pub half_lives: BTreeMap<Legs, Known<Interval95>>,
    /// Why there is no scan.
    pub failed: Option<String>,
    /// How often pairs have survived the last scans.
    pub survival: BTreeMap<Legs, Survived>,
    /// The changes since the scan before.
    pub changes: Changes,
    /// The conditions of every scan, once the engine has sent them.
    pub standing: Option<Standing>,
}

/// Returns the filter that decides which pairs have survived.
pub fn survivors(correction: Correction, level: f64) -> Filter {
    Filter { correction, most_q: Some(level), ..Filter::default() }
}

impl Board {
    /// Takes the engine's news.
    ///
    /// # Errors
    /// A sentence to show when the news cannot be read.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), String> {
        let news: Vec<News> =
            decode(bytes).map_err(|error| format!("The scan could not be read: {error}."))?;
        for news in news {
            self.take_one(news);
        }
        Ok(())
    }

    fn take_one(&mut self, news: News) {
        match news {
            News::Began { run, plan } => {
                let is_alike = self.plan.as_ref() == Some(&plan);
                let before = core::mem::take(self);
                let standing = before.standing;
                *self = Self { run: Some(run), plan: Some(plan), standing, ..Self::default() };
                if is_alike {
                    // the previous results stay until there are new ones
                    (self.report, self.fees, self.half_lives) =
                        (before.report, before.fees, before.half_lives);
                    (self.survival, self.changes) = (before.survival, before.changes);
                }
            }
            News::Chosen { taken, left_out } => (self.taken, self.left_out) = (taken, left_out),
            News::Refused(symbol, reason) => self.refused.push((symbol, reason)),
            News::Progress(progress) => self.progress = progress,
            News::Tested(tests) => self.tests.extend(tests),
            News::Report { at, report } => {
                let is_known = self.report.as_ref().is_some_and(|(known, _)| *known == at);
                if !is_known {
                    self.fees.clear();
                    self.half_lives.clear();
                    self.changes = Changes::default();
                }
                self.tests.clear();
                self.report = Some((at, report));
            }
            News::Survived(counts) => {
                let pairs = self.report.iter().flat_map(|(_, report)| &report.pairs);
                self.survival = pairs.map(|pair| legs(&pair.test.pair)).zip(counts).collect();
            }
            News::Changed(changes) => self.changes = changes,
            News::Fees(fees) => self.fees.extend(fees.into_iter().map(|(pair, fee)| (legs(&pair), fee))),
            News::HalfLife(pair, interval) => drop(self.half_lives.insert(legs(&pair), interval)),
            News::Stands(standing) => self.standing = Some(standing),
            News::Nothing if self.is_running() => {
                self.failed = Some("The scan ended before it was complete: scan again.".to_owned());
            }
            News::Nothing => {}
            News::Failed(sentence) => self.failed = Some(sentence),
        }
    }

    /// Returns whether a scan is under way.
    pub fn is_running(&self) -> bool {
        let waits_for_first = self.progress == Progress::default() && self.failed.is_none();
        let is_going = self.progress.stage != Stage::Done && !self.progress.cancelled;
        self.run.is_some() && is_going && (waits_for_first || self.failed.is_none())
    }

    /// Forgets why the last scan failed: another one was asked for, and could not begin.
    pub fn forget_failure(&mut self) {
        if self.failed.take().is_none() {
            return;
        }
        if self.report.is_none() {
            let standing = self.standing.take();
            *self = Self { standing, ..Self::default() };
        }
        self.progress = Progress { stage: Stage::Done, ..Progress::default() };
    }

    /// Returns whether the pairs are tested and corrected.
    pub fn is_complete(&self) -> bool {
        self.report.as_ref().is_some_and(|(_, report)| report.left == 0)
    }

    /// Returns the test of `pair`.
    pub fn test(&self, pair: &Pair) -> Option<&PairTest> {
        let of_report = self.report.iter().flat_map(|(_, report)| &report.pairs).map(|pair| &pair.test);
        of_report.chain(&self.tests).find(|test| test.pair == *pair)
    }

    /// Returns open times of the first bar with which `pair` was tested and of the bar after the last.
    pub fn span(&self, pair: &Pair) -> Option<[UnixMillis; 2]> {
        Some(self.test(pair)?.span(self.plan.as_ref()?.interval))
    }

    /// Returns the board as bytes.
    pub fn store(&self) -> Vec<u8> {
        let (Some(run), Some(plan)) = (self.run, &self.plan) else { return Vec::new() };
        let pair = |(y, x): &Legs| Pair { y: y.clone(), x: x.clone() };
        let mut news = vec![
            News::Began { run, plan: plan.clone() },
            News::Chosen { taken: self.taken.clone(), left_out: self.left_out.clone() },
        ];
        news.extend(
            self.refused.iter().map(|(symbol, reason)| News::Refused(symbol.clone(), reason.clone())),
        );
        news.extend(self.report.clone().map(|(at, report)| News::Report { at, report }));
        let pairs = self.report.iter().flat_map(|(_, report)| &report.pairs);
        news.push(News::Survived(pairs.map(|pair| self.survived(&pair.test.pair)).collect()));
        news.push(News::Changed(self.changes.clone()));
        news.push(News::Fees(self.fees.iter().map(|(legs, fee)| (pair(legs), fee.clone())).collect()));
        let half_lives = self.half_lives.iter();
        news.extend(half_lives.map(|(legs, interval)| News::HalfLife(pair(legs), interval.clone())));
        news.push(News::Progress(self.progress.clone()));
        news.extend(self.failed.clone().map(News::Failed));
        encode(&news)
    }

    /// Returns the board that [`Self::store`] wrote; an empty one if there is none.
    pub fn restore(bytes: &[u8]) -> Self {
        let mut board = Self::default();
        // bytes of another build are ignored
        board.take(bytes).unwrap_or_default();
        board
    }

    /// Returns how often `pair` has survived the last scans of these markets.
    pub fn survived(&self, pair: &Pair) -> Survived {
        self.survival.get(&legs(pair)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use spreadscope_engine::scan::scanner::Choice;
    use spreadscope_engine::scan::{Scanned, Spec, Untested};
    use spreadscope_engine::{Interval, scan::survival::Survived};

    pub(crate) fn pair(y: &str, x: &str) -> Pair {
        Pair { y: Symbol::new(y).unwrap(), x: Symbol::new(x).unwrap() }
    }

    pub(crate) fn scanned(y: &str, x: &str, p: f64, q_bh: f64) -> Scanned {
        let test = PairTest {
            pair: pair(y, x),
            bars: 1_000,
            unmatched_bars: 0,
            first_open_time: UnixMillis(1_699_700_400_000),
            last_open_time: UnixMillis(1_700_000_100_000),
            statistic: -5.0,
            lags: 1,
            p_value: p,
            hedge_ratio: 1.5,
            intercept: 0.1,
            half_life_bars: Ok(5.0),
            correlation: Ok(0.7),
            crossings: Ok(90),
            z_now: Ok(-2.25),
            weaker_volume_per_day: Ok(2.5e6),
            selection_p_value: Ok(p * 2.0),
            confirmed_p_value: Ok(0.01),
            notes: Vec::new(),
        };
        Scanned { test, q_bh, q_by: (q_bh * 4.0).min(1.0), selection_q_bh: Ok((q_bh * 2.0).min(1.0)) }
    }

    pub(crate) fn plan() -> Plan {
        Plan {
            choice: Choice::MostTraded { quote: "USDT".to_owned(), count: 10 },
            interval: Interval::FiveMinutes,
            bars: 1_000,
            with_marked: false,
            spec: Spec::default(),
        }
    }

    /// Returns three pairs of three coins, of which one survives, and a coin that cannot be tested.
    pub(crate) fn board() -> Board {
        let report = Report {
            pairs: vec![
                scanned("ADAUSDT", "DOTUSDT", 1e-9, 3e-9),
                scanned("ADAUSDT", "XRPUSDT", 0.4, 0.6),
                scanned("DOTUSDT", "XRPUSDT", 0.8, 0.8),
            ],
            untested: vec![Untested {
                pair: pair("ADAUSDT", "HALTUSDT"),
                reason: "HALTUSDT does not vary: all 1000 closes are 3".to_owned(),
            }],
            left: 0,
        };
        let names = ["XRPUSDT", "ADAUSDT", "DOTUSDT", "HALTUSDT"];
        let news = vec![
            News::Began { run: 1, plan: plan() },
            News::Chosen {
                taken: names.iter().map(|name| Symbol::new(name).unwrap()).collect(),
                left_out: vec![(Symbol::new("USDCUSDT").unwrap(), Mark::Stable)],
            },
            News::Report { at: UnixMillis(5), report },
            News::Survived(vec![
                Survived { survived: 1, tested: 1 },
                Survived { survived: 0, tested: 1 },
                Survived { survived: 0, tested: 1 },
            ]),
            News::Fees(vec![(pair("ADAUSDT", "DOTUSDT"), Ok(12.5))]),
            News::Progress(Progress { stage: Stage::Done, ..Progress::default() }),
        ];
        let mut board = Board::default();
        board.take(&encode(&news)).unwrap();
        board
    }

    #[test]
    fn what_is_kept_comes_back_and_is_the_same_when_it_is_told_once_more() {
        let first = board();
        let partners = pair("ADAUSDT", "DOTUSDT");
        assert_eq!(first.survived(&partners), Survived { survived: 1, tested: 1 });
        assert!(first.is_complete() && !first.is_running());
        let again = Board::restore(&first.store());
        assert_eq!(again, first);
        assert_eq!(Board::restore(b"no board"), Board::default());
        let mut told = again;
        let news = vec![
            News::Began { run: 1, plan: plan() },
            News::Report { at: UnixMillis(5), report: first.report.clone().unwrap().1 },
        ];
        told.take(&encode(&news)).unwrap();
        assert_eq!((told.survival, told.fees), (first.survival, first.fees));
    }

    #[test]
    fn the_last_report_is_shown_until_the_same_is_scanned_again_and_not_beside_another_scan() {
        let mut board = board();
        let report = board.report.clone().unwrap().1;
        let partners = pair("ADAUSDT", "DOTUSDT");
        board.take(&encode(&vec![News::Began { run: 2, plan: plan() }])).unwrap();
        assert_eq!(board.survived(&partners).tested, 1);
        let changes = Changes { left: vec![partners.clone()], ..Changes::default() };
        let counts = vec![Survived { survived: 1, tested: 2 }; 3];
        let next = vec![
            News::Report { at: UnixMillis(9), report },
            News::Survived(counts),
            News::Changed(changes.clone()),
        ];
        board.take(&encode(&next)).unwrap();
        assert_eq!(board.survived(&partners), Survived { survived: 1, tested: 2 });
        assert_eq!((board.changes.clone(), board.fees.len()), (changes, 0));
        board
            .take(&encode(&vec![News::Began { run: 2, plan: plan() }, News::Failed("No.".to_owned())]))
            .unwrap();
        board.forget_failure();
        assert!(board.failed.is_none() && board.report.is_some() && !board.is_running());
        let other = Plan { bars: 500, ..plan() };
        board.take(&encode(&vec![News::Began { run: 3, plan: other }])).unwrap();
        assert_eq!((board.survived(&partners), board.report.is_none()), (Survived::default(), true));
        board.take(&encode(&vec![News::Failed("No.".to_owned())])).unwrap();
        board.forget_failure();
        assert!(board.run.is_none() && !board.is_running());
        assert!(board.take(b"\xff\xff").is_err());
    }
}
