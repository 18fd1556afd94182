//! The state of the backtest page: choices, results, and the job under way.

use crate::ui::reactive::{effect, memo};
use crate::ui::state::Desk;
use crate::view::backtest::choice::{self, Choice};
use crate::view::backtest::figure::Subject;
use crate::view::backtest::folds::Curve;
use crate::view::backtest::shown::Shown;
use crate::view::backtest::surface::of_same_rules;
use crate::view::backtest::trust;
use crate::view::screen::route::Route;
use crate::web::{clock, frame};
use leptos::prelude::*;
use spreadscope_engine::alert::RuleId;
use spreadscope_engine::backtest::bench::message::{
    BacktestCommand, BacktestReport, CommandId, News, Walked, Wanted,
};
use spreadscope_engine::backtest::{Cell, Grid, Parameters, Surface};
use spreadscope_engine::messages::protocol::{decode, encode};
use spreadscope_engine::settings::{SettingsError, Source};
use spreadscope_engine::{Command, UnixMillis};
use std::cell;
use std::sync::Arc;

/// A kind of job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    Run,
    Surface,
    Walk,
    Proof,
}

/// The job under way and its progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) task: Task,
    pub(super) done: usize,
    pub(super) of: usize,
}

/// The result of a grid of values.
#[derive(Debug)]
pub(super) struct Explored<T> {
    pub(super) grid: Grid,
    /// The rules around which the values were tried.
    pub(super) around: Parameters,
    pub(super) found: T,
}

/// A surface that was requested.
#[derive(Debug, Clone)]
struct Tried {
    grid: Grid,
    /// Its cells received so far, with their places.
    cells: Vec<(usize, Cell)>,
}

impl<T> Explored<T> {
    /// Returns whether it was tried with the rules of `shown`.
    pub(super) fn is_of(&self, shown: Option<&Arc<Shown>>) -> bool {
        shown.is_some_and(|shown| of_same_rules(&self.grid, &self.around, &shown.ran.parameters))
    }
}

type Latest<T> = RwSignal<Option<Arc<T>>>;

/// The page's state, in the context of each of its components.
#[derive(Clone, Copy)]
pub(super) struct Session {
    pub(super) desk: Desk,
    pub(super) choice: RwSignal<Choice>,
    /// The rules before anything is changed here.
    pub(super) base: Memo<Parameters>,
    /// The newest run.
    pub(super) ran: Latest<Shown>,
    /// Counts the runs.
    pub(super) runs: RwSignal<u32>,
    /// A run that is kept for comparison.
    pub(super) kept: Latest<Shown>,
    pub(super) surface: Latest<Explored<Surface>>,
    /// Whether some values of the surface have not been tried.
    pub(super) is_partly: RwSignal<bool>,
    /// The surface that was requested last.
    tried: StoredValue<Option<Tried>>,
    pub(super) walked: Latest<Explored<Walked>>,
    /// The equity of the walk forward.
    pub(super) curve: Memo<Option<Curve>>,
    /// Whether no look-ahead was found, and the sentence.
    pub(super) proof: RwSignal<Option<(bool, String)>>,
    pub(super) job: RwSignal<Option<Job>>,
    /// Why nothing is run, in sentences.
    pub(super) refused: RwSignal<Vec<SettingsError>>,
    pub(super) stopped: RwSignal<Option<&'static str>>,
    /// Whether the charts show the whole run, or the span of the desk's charts.
    pub(super) whole: RwSignal<bool>,
    /// Whether there are bars to run on, of the market that was requested last.
    pub(super) ready: Memo<bool>,
    /// What the newest run was asked for with; `None` if its bars may have been replaced since.
    pub(super) begun: StoredValue<Option<Asked>>,
    /// What the run that is shown was asked for with.
    pub(super) shown_of: StoredValue<Option<Asked>>,
}

/// What decides the result of a run over given bars.
pub(super) type Asked = (Parameters, Option<RuleId>, Option<[UnixMillis; 2]>);

thread_local! {
    /// The newest command of this page, across visits to the backtest page.
    static NEWEST: cell::Cell<CommandId> = const { cell::Cell::new(CommandId { page: 0, number: 0 }) };
}

impl Session {
    /// Returns the session of `desk`, which the first call starts.
    pub(super) fn of(desk: Desk) -> Self {
        let known = desk.backtest.session.with_value(|kept| kept.as_ref()?.downcast_ref::<Self>().copied());
        known.unwrap_or_else(|| {
            // as old as the desk: whoever comes back from it finds the runs, the surface and the job under way
            let owner: &'static Owner = Box::leak(Box::new(Owner::new_root(None)));
            let session = owner.with(|| Self::start(desk));
            desk.backtest.session.set_value(Some(Box::new(session)));
            session
        })
    }

    fn start(desk: Desk) -> Self {
        let (first, ignored) = Choice::parse(&desk.backtest.link.get_untracked());
        for sentence in ignored {
            desk.notice(sentence);
        }
        let ready = desk.follow(move |model| {
            desk.settings.with(|wanted| {
                let is_of_wanted = (&model.settings.pair, model.settings.interval, &model.settings.source)
                    == (&wanted.pair, wanted.interval, &wanted.source);
                is_of_wanted && !model.filling && !model.series.is_empty()
            })
        });
        let walked: Latest<Explored<Walked>> = RwSignal::new(None);
        let session = Self {
            desk,
            choice: RwSignal::new(first),
            base: memo(move |_| choice::base(&desk.settings.get(), &desk.panels.trade.get())),
            ran: RwSignal::new(None),
            runs: RwSignal::new(0),
            kept: RwSignal::new(None),
            surface: RwSignal::new(None),
            is_partly: RwSignal::new(false),
            tried: StoredValue::new(None),
            walked,
            curve: memo(move |_| {
                walked.with(|found| found.as_ref().and_then(|found| Curve::of(&found.found, &found.around)))
            }),
            proof: RwSignal::new(None),
            job: RwSignal::new(None),
            refused: RwSignal::new(Vec::new()),
            stopped: RwSignal::new(None),
            whole: RwSignal::new(true),
            ready,
            begun: StoredValue::new(None),
            shown_of: StoredValue::new(None),
        };
        desk.backtest.news.set_value(Some(Box::new(move |told| session.take(told))));
        session.follow();
        session
    }

    /// Keeps link and choices in step, and runs what is chosen.
    fn follow(self) {
        let Self { desk, choice, base, ready, begun, .. } = self;
        effect(move || desk.backtest.link.set(choice.with(Choice::store)));
        effect(move || {
            let text = desk.backtest.link.get();
            if choice.with_untracked(Choice::store) != text {
                let (taken, ignored) = Choice::parse(&text);
                for sentence in ignored {
                    desk.notice(sentence);
                }
                choice.set(taken);
            }
        });
        let chosen = memo(move |_| {
            let parameters = base.with(|base| choice.with(|choice| choice.parameters(base)));
            choice.with(|choice| (parameters, choice.enter_by, choice.within()))
        });
        let is_here = memo(move |_| desk.route.with(|route| *route == Route::Backtest));
        effect(move || {
            if !ready.get() {
                // a recording in place of another one, or another tab's engine
                if self.job.with_untracked(|job| job.is_some_and(|job| job.task != Task::Run)) {
                    desk.say(
                        "The work on the backtest ended, because its bars are being loaded anew.".to_owned(),
                    );
                }
                return begun.set_value(None);
            }
            let is_new = begun.with_value(|begun| chosen.with(|chosen| begun.as_ref() != Some(chosen)));
            if is_here.get() && is_new {
                frame::request("backtest-run", move || self.run(self.is_of_other_recording()));
            }
        });
    }

    /// Returns whether the bars of the newest run may be those of a recording that was replaced: live bars only grow.
    fn is_of_other_recording(self) -> bool {
        let is_recording = self.desk.settings.with_untracked(|settings| settings.source == Source::Recording);
        is_recording && self.begun.with_value(Option::is_none)
    }

    fn command(self, wanted: Wanted) {
        let id = NEWEST.with(|newest| {
            let CommandId { page, number } = newest.get();
            let page = if number == 0 { clock::now().0.unsigned_abs() } else { page };
            newest.set(CommandId { page, number: number + 1 });
            newest.get()
        });
        self.desk.send(Command::Backtest(encode(&BacktestCommand { id, wanted })));
    }

    fn begin(self, task: Task, wanted: Wanted) {
        self.stopped.set(None);
        self.refused.set(Vec::new());
        self.job.set(Some(Job { task, done: 0, of: 0 }));
        self.command(wanted);
    }

    /// Runs what is chosen, over the newest bars if `renew`.
    pub(super) fn run(self, renew: bool) {
        let (id, within) = self.choice.with_untracked(|choice| (choice.enter_by, choice.within()));
        let parameters =
            self.base.with_untracked(|base| self.choice.with_untracked(|choice| choice.parameters(base)));
        self.begun.set_value(Some((parameters.clone(), id, within)));
        let rule = id.map(|id| {
            self.desk.model.with_value(|model| model.rules.iter().find(|rule| rule.id == id).cloned())
        });
        let enter_by = match rule {
            None => None,
            Some(Some(rule)) => Some(Box::new(rule)),
            Some(None) => {
                self.job.set(None);
                let message = "The link's alert rule does not exist here.".to_owned();
                return self.refused.set(vec![SettingsError { field: "enter_by".to_owned(), message }]);
            }
        };
        self.begin(Task::Run, Wanted::Run { parameters: Box::new(parameters), enter_by, renew, within });
    }

    /// Runs what is chosen over the newest bars, all of them.
    pub(super) fn renew(self) {
        if self.choice.with_untracked(|choice| choice.within().is_some()) {
            self.choice.update(|choice| (choice.from, choice.to) = (None, None));
        }
        self.run(true);
    }

    pub(super) fn explore(self) {
        let axes = self.choice.with_untracked(Choice::grid_text);
        let grid = self.choice.with_untracked(Choice::grid);
        self.tried.set_value(grid.map(|grid| Tried { grid, cells: Vec::new() }));
        self.begin(Task::Surface, Wanted::Surface { axes });
    }

    pub(super) fn walk(self) {
        let (axes, train) = self.choice.with_untracked(|choice| (choice.walk_text(), choice.train));
        self.begin(Task::Walk, Wanted::WalkForward { axes, train });
    }

    pub(super) fn prove(self) {
        self.begin(Task::Proof, Wanted::Proof);
    }

    pub(super) fn stop(self) {
        self.command(Wanted::Stop);
    }

    /// Changes the choices.
    pub(super) fn change(
        self,
        change: impl FnOnce(&mut Choice, &Parameters) -> Result<(), String>,
    ) -> Result<(), String> {
        let base = self.base.get_untracked();
        let mut choice = self.choice.get_untracked();
        change(&mut choice, &base)?;
        if choice != self.choice.get_untracked() {
            self.choice.set(choice);
        }
        Ok(())
    }

    /// Passes the charts' subject to `look`, once there is a run.
    pub(super) fn with_subject<T>(self, look: impl FnOnce(Subject<'_>) -> T) -> Option<T> {
        let Self { ran, kept, curve, .. } = self;
        let shown = ran.get()?;
        let kept = kept.get();
        Some(
            curve.with(|walked| {
                look(Subject { shown: &shown, kept: kept.as_deref(), walked: walked.as_ref() })
            }),
        )
    }

    /// Shows the whole surface, or the part received so far with `more` cells.
    fn show_surface(self, more: Vec<(usize, Cell)>, whole: Option<Surface>) {
        let around = self.ran.with_untracked(|ran| ran.as_ref().map(|ran| ran.ran.parameters.clone()));
        let tried = self.tried.try_update_value(|tried| {
            tried.as_mut()?.cells.extend(more);
            tried.clone()
        });
        if let (Some(Tried { grid, cells }), Some(around)) = (tried.flatten(), around) {
            self.is_partly.set(whole.is_none());
            let found = whole.unwrap_or_else(|| Surface::partly(&grid, cells));
            self.surface.set(Some(Arc::new(Explored { grid, around, found })));
        }
    }

    fn take(self, told: &[u8]) {
        // both ends are of one build: undecodable bytes are never sent
        let Ok(BacktestReport { id, news }) = decode::<BacktestReport>(told) else { return };
        let newest = NEWEST.with(cell::Cell::get);
        if id.page != newest.page {
            if self.job.with_untracked(Option::is_some) {
                self.job.set(None);
                self.stopped.set(Some("Another tab of this pair asked for a backtest first."));
            }
            return;
        }
        if id != newest {
            return;
        }
        let around = || self.ran.with_untracked(|ran| ran.as_ref().map(|ran| ran.ran.parameters.clone()));
        match news {
            News::Progress { done, of } => {
                return self.job.update(|job| {
                    if let Some(job) = job {
                        (job.done, job.of) = (done, of);
                    }
                });
            }
            News::Ran(ran) => {
                self.proof.set(None);
                self.stopped.set(None);
                self.shown_of.set_value(self.begun.get_value());
                self.ran.set(Some(Arc::new(Shown::new(*ran))));
                self.runs.update(|runs| *runs += 1);
            }
            News::Cells(more) => return self.show_surface(more, None),
            News::Surface(found) => self.show_surface(Vec::new(), Some(*found)),
            News::Walked(found) => {
                let grid = self.choice.with_untracked(Choice::walk_grid);
                if let (Some(grid), Some(around)) = (grid, around()) {
                    self.walked.set(Some(Arc::new(Explored { grid, around, found: *found })));
                }
            }
            News::Proved(found) => self.proof.set(Some(trust::proof(&found))),
            News::Stopped => self.stopped.set(Some("Stopped. Change a value to run again.")),
            News::Refused(why) => self.refused.set(why),
        }
        self.job.set(None);
    }
}
