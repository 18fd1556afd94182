//! The bench itself: keeps the current task, and the bars of the first run so that runs can be compared.

use super::message::{BacktestCommand, BacktestReport, CommandId, News, Wanted};
use super::task::{Left, Made, Newest, Step, Task};
use super::{Bench, BenchInput};
use crate::alert::Rule;
use crate::backtest::pool::{Errand, WorkerNews};
use crate::backtest::{Legs, Parameters, check};
use crate::bars::Bars;
use crate::base::codec::{decode, encode};
use crate::settings::SettingsError;
use crate::{Settings, UnixMillis};

/// Steps between two progress reports.
const STEPS_A_WORD: u32 = 8;

/// A bench without tasks that may have `workers` workers started.
pub fn set_up(workers: usize) -> Box<dyn Bench> {
    Box::new(Working { workers, ..Working::default() })
}

/// Bars as they were at the time of the request.
#[derive(Debug)]
struct FrozenBars {
    settings: Settings,
    bars: [Bars; 2],
    closes_alone: [bool; 2],
    left_out: u64,
    within: Option<[UnixMillis; 2]>,
}

#[derive(Debug, Default)]
struct Working {
    frozen: Option<FrozenBars>,
    made: Option<Made>,
    newest: Option<Newest>,
    id: CommandId,
    task: Option<Task>,
    steps: u32,
    /// The progress last reported.
    told: (usize, usize),
    untold: Vec<News>,
    /// Most workers at a time.
    workers: usize,
    /// The number of the next worker.
    next_worker: u64,
    errands: Vec<Errand>,
}

impl FrozenBars {
    /// The bars of `input` that are closed in both legs; only those `within` a span, if it is given.
    fn new(input: BenchInput<'_>, within: Option<[UnixMillis; 2]>) -> Result<Self, News> {
        let Some((first, end)) = input.span else {
            return Err(refusal("bars", "there are no closed bars of both legs yet".to_owned()));
        };
        let (first, end) = within.map_or((first, end), |[from, to]| (first.max(from), end.min(to)));
        if first >= end {
            return Err(refusal("bars", "none of the bars that the run is to be over are here".to_owned()));
        }
        let of = |bars: &Bars| {
            let mut kept = Bars::new(bars.interval()).with_half_spreads(bars.half_spreads().clone());
            let mut time = first;
            while time < end {
                kept.put(time, bars.get(time));
                time = time + bars.interval().millis();
            }
            kept
        };
        let BenchInput { closes_alone, left_out, .. } = input;
        // what is not held lies before the span
        let left_out = if within.is_some() { 0 } else { left_out };
        let (settings, bars) = (input.settings.clone(), input.bars.map(of));
        Ok(Self { settings, bars, closes_alone, left_out, within })
    }

    fn legs(&self) -> Legs<'_> {
        Legs { bars: [&self.bars[0], &self.bars[1]], closes_alone: self.closes_alone }
    }

    /// Whether they are the bars of the pair of `settings`, at the same interval.
    fn are_of(&self, settings: &Settings) -> bool {
        let Settings { source, pair, interval, .. } = &self.settings;
        (source, pair, interval) == (&settings.source, &settings.pair, &settings.interval)
    }
}

fn refusal(field: &str, message: String) -> News {
    News::Refused(vec![SettingsError { field: field.to_owned(), message }])
}

impl Working {
    fn begin(&mut self, wanted: Wanted, input: BenchInput<'_>) -> Result<(), News> {
        let task = match wanted {
            Wanted::Stop => return Err(News::Stopped),
            Wanted::Run { parameters, enter_by, renew, within } => {
                let enter_by = enter_by.map(|rule| *rule);
                self.run(parameters, enter_by, renew, within, input)?
            }
            Wanted::Surface { axes } => {
                let first = self.next_worker;
                self.next_worker += self.workers as u64;
                Task::sweep(&axes, self.newest()?, first..self.next_worker)?
            }
            Wanted::WalkForward { axes, train } => {
                let bars = self.made.as_ref().map_or(0, |made| made.tape.len());
                Task::walk(&axes, train, self.newest()?, bars)?
            }
            Wanted::Proof => {
                self.newest()?;
                Task::Proving { found: Vec::new(), comparison: None }
            }
        };
        self.task = Some(task);
        Ok(())
    }

    fn newest(&self) -> Result<&Newest, News> {
        self.newest.as_ref().ok_or_else(|| refusal("run", "nothing has been run yet".to_owned()))
    }

    fn run(
        &mut self,
        parameters: Box<Parameters>,
        enter_by: Option<Rule>,
        renew: bool,
        within: Option<[UnixMillis; 2]>,
        input: BenchInput<'_>,
    ) -> Result<Task, News> {
        let Settings { source, pair, interval, .. } = input.settings.clone();
        let settings = Settings { source, pair, interval, ..parameters.settings };
        let parameters = Box::new(Parameters { settings, rules: parameters.rules });
        parameters.validate().map_err(News::Refused)?;
        let is_same = |frozen: &FrozenBars| frozen.are_of(&parameters.settings) && frozen.within == within;
        let fits = self.frozen.as_ref().is_some_and(is_same);
        if renew || !fits {
            (self.frozen, self.made, self.newest) = (None, None, None);
            self.frozen = Some(FrozenBars::new(input, within)?);
        }
        let Some(frozen) = &self.frozen else { return Err(News::Stopped) };
        check(&parameters, frozen.legs()).map_err(|error| News::Refused(vec![error]))?;
        Task::run(parameters, enter_by, frozen.legs(), self.made.as_ref())
    }
}

impl Bench for Working {
    fn command(&mut self, command: &[u8], input: BenchInput<'_>) {
        // both ends are from the same build, so a message that cannot be decoded was never sent
        let Ok(BacktestCommand { id, wanted }) = decode::<BacktestCommand>(command) else { return };
        if let Some(left) = self.task.take() {
            self.errands.extend(left.leave());
        }
        self.id = id;
        self.told = (0, 0);
        self.untold.clear();
        if let Err(news) = self.begin(wanted, input) {
            self.untold.push(news);
        }
    }

    fn hear(&mut self, news: WorkerNews) {
        if let Some(task) = &mut self.task {
            task.hear(news);
        }
    }

    fn work(&mut self, now: UnixMillis) -> Vec<Vec<u8>> {
        let Self { frozen, made, newest, task, untold, errands, .. } = self;
        if let (Some(under_way), Some(frozen)) = (task.take(), frozen.as_ref()) {
            let (legs, &FrozenBars { left_out, within, .. }) = (frozen.legs(), frozen);
            let mut step = Step { now, legs, left_out, within, made, newest, untold: &mut *untold, errands };
            match under_way.step(&mut step) {
                Left::Done(news) => untold.push(news),
                Left::More(left) => {
                    self.steps = self.steps.wrapping_add(1);
                    let (done, of) = left.progress();
                    // a task that waits for workers may take a step without progress
                    let goes_on = self.steps.is_multiple_of(STEPS_A_WORD);
                    let is_due = if left.waits() { self.told != (done, of) } else { goes_on };
                    if is_due {
                        self.told = (done, of);
                        untold.push(News::Progress { done, of });
                    }
                    *task = Some(left);
                }
            }
        }
        let id = self.id;
        self.untold.drain(..).map(|news| encode(&BacktestReport { id, news })).collect()
    }

    fn take_errands(&mut self) -> Vec<Errand> {
        core::mem::take(&mut self.errands)
    }

    fn is_busy(&self) -> bool {
        self.task.as_ref().is_some_and(|task| !task.waits()) || !self.untold.is_empty()
    }
}

#[cfg(test)]
#[path = "working_tests.rs"]
mod tests;
