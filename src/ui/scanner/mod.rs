//! The scanner: tests many pairs and separates those that stand out from chance.

pub mod filters;
pub mod form;
pub mod map;
pub mod result;
pub mod table;

use crate::ui::preferences;
use crate::ui::reactive::{effect, memo};
use crate::ui::state::{Desk, use_desk};
use crate::view::backtest::choice::{self, Choice};
use crate::view::scanner::board::{Board, legs};
use crate::view::scanner::conditions::Conditions;
use crate::view::scanner::form::{self as form_view, Form};
use crate::view::scanner::line::{self, Rows};
use crate::view::scanner::link::{self, Link};
use crate::view::scanner::sort::Order;
use crate::view::scanner::words::About;
use crate::view::screen::route::Route;
use crate::web::timer;
use crate::web::{clock, page};
use leptos::prelude::*;
use spreadscope_engine::messages::protocol::encode;
use spreadscope_engine::scan::scanner;
use spreadscope_engine::scan::scanner::{Plan, ScanCommand, Stage, Standing};
use spreadscope_engine::{Command, Pair, Settings};
use std::collections::BTreeSet;

/// A scan that has not started after this long is given up.
const UNANSWERED_MILLIS: u32 = 15_000;

/// How the pairs are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Table,
    Map,
}

/// The state that the scanner's components share.
#[derive(Clone, Copy)]
struct State {
    desk: Desk,
    form: RwSignal<Form>,
    board: RwSignal<Board>,
    conditions: RwSignal<Conditions>,
    order: RwSignal<Order>,
    page: RwSignal<usize>,
    shown: RwSignal<Shown>,
    /// What is wrong with the form.
    problem: RwSignal<String>,
    rows: Memo<Rows>,
}

impl State {
    fn command(self, command: &ScanCommand) {
        self.desk.send(Command::Scan(encode(command)));
    }

    /// Starts the scan that the form describes.
    fn begin(self) {
        let plan = self
            .form
            .with_untracked(|form| self.desk.pairs.with_untracked(|pairs| form.plan(pairs.favourites())));
        match plan {
            Ok(plan) => self.begin_with(plan),
            Err(sentence) => {
                self.board.update(Board::forget_failure);
                self.problem.set(sentence);
            }
        }
    }

    fn begin_with(self, plan: Plan) {
        self.problem.set(String::new());
        self.page.set(0);
        let run = clock::now().0.unsigned_abs();
        self.stand(untrack(|| self.standing()));
        self.command(&ScanCommand::Begin { run, plan });
        timer::after(UNANSWERED_MILLIS, move || self.expect(run)).forget();
    }

    /// Repeats the scan with the markets that it has left out.
    fn include_marked(self) {
        let Some(plan) = self.board.with_untracked(|board| board.plan.clone()) else { return };
        self.form.update(|form| form.with_marked = true);
        self.begin_with(Plan { with_marked: true, ..plan });
    }

    /// Returns how often to scan again, and with which conditions.
    fn standing(self) -> Standing {
        Standing {
            every_minutes: self.form.with(|form| form.every_minutes),
            survivors: self.conditions.with(Conditions::survivors),
        }
    }

    fn stand(self, standing: Standing) {
        preferences::keep_repeating(self.desk, standing.every_minutes > 0);
        self.command(&ScanCommand::Stand(standing));
    }

    /// Reports an error if no news of the scan `run`, or of a later one, has arrived in time.
    fn expect(self, run: u64) {
        if self.board.try_with_untracked(|board| board.run < Some(run)) == Some(true) {
            self.problem
                .set("The scan did not start: its code could not be fetched. Check the network.".to_owned());
        }
    }

    /// Returns the settings of the scan for the desk to show `pair` with.
    fn settings(self, pair: Pair) -> Option<Settings> {
        let (plan, bars) =
            self.board.with_untracked(|board| Some((board.plan.clone()?, board.test(&pair)?.bars)))?;
        let own = self.desk.settings.get_untracked();
        Some(form_view::desk(&plan, pair, bars, own, page::source().ok()))
    }

    /// Returns whether the scan is of imported files.
    fn is_of_files(self) -> bool {
        self.board.with_untracked(|board| {
            board.plan.as_ref().is_some_and(|plan| plan.choice == scanner::Choice::Imported)
        })
    }

    /// Opens a pair on the desk.
    fn open(self, pair: Pair) {
        let Some(settings) = self.settings(pair) else { return };
        self.desk.route.set(Route::Desk);
        preferences::apply(self.desk, settings);
    }

    /// Opens the backtest that the table shows the break-even fee of: by default, over the bars of the scan.
    fn backtest(self, pair: Pair) {
        let span = self.board.with_untracked(|board| board.span(&pair));
        let (Some(settings), Some(span)) = (self.settings(pair), span) else { return };
        let Self { desk, .. } = self;
        let base = desk.panels.trade.with_untracked(|trade| choice::base(&settings, trade));
        desk.backtest.link.set(Choice::by_default_over(span, &base).store());
        desk.route.set(Route::Backtest);
        preferences::apply(desk, settings);
    }
}

/// The scanner page.
#[component]
pub fn Scanner() -> impl IntoView {
    let state = state(use_desk());
    provide_context(state);
    listen(state);
    keep_link(state);
    forget_problem(state);
    keep_standing(state);
    take_standing(state);
    resample_rows(state);
    view! {
        <main class="scanner" data-view="/scanner" data-stage=move || state.board.with(stage)>
            <header class="scanner-head">
                <a class="control" href="#/">"← Desk"</a>
                <h2>"Scanner"</h2>
                <form::ScanForm/>
            </header>
            <result::Result/>
            <filters::Filters/>
            {move || match state.shown.get() {
                Shown::Table => view! { <table::Table/> }.into_any(),
                Shown::Map => view! { <map::Map/> }.into_any(),
            }}
            <result::Untested/>
        </main>
    }
}

fn state(desk: Desk) -> State {
    let link = desk.scan.link.get_untracked();
    let Link { form, conditions, order, ignored } = link::read(&link);
    if let Some(sentence) = ignored {
        desk.notice(sentence);
    }
    let board = RwSignal::new(desk.scan.found.with_value(|kept| Board::restore(kept)));
    let (conditions, order, page) = (RwSignal::new(conditions), RwSignal::new(order), RwSignal::new(0));
    let rows = memo(move |_| {
        board.with(|board| {
            conditions.with(|conditions| line::rows(board, conditions, order.get(), page.get()))
        })
    });
    State {
        desk,
        form: RwSignal::new(form),
        board,
        conditions,
        order,
        page,
        shown: RwSignal::new(Shown::Table),
        problem: RwSignal::new(String::new()),
        rows,
    }
}

fn use_state() -> State {
    expect_context::<State>()
}

fn stage(board: &Board) -> &'static str {
    match board.progress.stage {
        _ if board.run.is_none() => "none",
        _ if board.failed.is_some() => "failed",
        Stage::Choosing => "choosing",
        Stage::Pricing => "pricing",
        Stage::Testing => "testing",
        Stage::Backtesting => "backtesting",
        Stage::Done => "done",
    }
}

/// Takes the engine's news, and keeps the findings for when the scanner is opened again.
fn listen(state: State) {
    let State { desk, board, problem, .. } = state;
    desk.scan.news.set(Vec::new());
    effect(move || {
        if desk.scan.news.with(Vec::is_empty) {
            return;
        }
        let news = desk.scan.news.try_update(core::mem::take).unwrap_or_default();
        board.update(|board| {
            for bytes in &news {
                if let Err(sentence) = board.take(bytes) {
                    board.failed = Some(sentence);
                }
            }
        });
        // it has started after all, or again
        if board.with_untracked(Board::is_running) && problem.with_untracked(|problem| !problem.is_empty()) {
            problem.set(String::new());
        }
    });
    state.command(&ScanCommand::Tell);
    on_cleanup(move || desk.scan.found.set_value(board.with_untracked(Board::store)));
}

/// Takes back what was said of the form once it is changed.
fn forget_problem(state: State) {
    Effect::watch(move || state.form.get(), move |_, _, _| state.problem.set(String::new()), false);
}

/// Keeps the choices in the page's address.
fn keep_link(state: State) {
    let State { desk, form, conditions, order, .. } = state;
    effect(move || {
        let parts = [form.with(Form::store), conditions.with(Conditions::store), order.get().store()];
        desk.scan.link.set(parts.join(";"));
    });
}

/// Tells the engine how often to scan again and with which conditions, once something is changed: until then
/// the values stored by an earlier visit stay in force.
fn keep_standing(state: State) {
    let standing = memo(move |_| state.standing());
    Effect::watch(move || standing.get(), move |standing, _, _| state.stand(standing.clone()), false);
}

/// Shows how often the engine scans again if an earlier visit chose that and the link does not.
fn take_standing(state: State) {
    let kept =
        memo(move |_| state.board.with(|board| board.standing.as_ref().map(|kept| kept.every_minutes)));
    effect(move || {
        let every_minutes = kept.get().unwrap_or(0);
        if every_minutes > 0 && state.form.with_untracked(|form| form.every_minutes == 0) {
            state.form.update(|form| form.every_minutes = every_minutes);
        }
    });
}

/// Requests the intervals of the half-lives in view.
fn resample_rows(state: State) {
    let requested = StoredValue::new((None, BTreeSet::new()));
    effect(move || {
        let rows = state.rows.get();
        let pairs: Vec<Pair> = state.board.with_untracked(|board| {
            if !board.is_complete() || board.progress.stage == Stage::Testing {
                return Vec::new();
            }
            let scan = board.report.as_ref().map(|(at, _)| *at);
            let pairs =
                rows.lines.iter().filter(|line| line.fields[6].text != crate::view::numbers::format::ABSENT);
            let pairs =
                pairs.map(line::Line::pair).filter(|pair| !board.half_lives.contains_key(&legs(pair)));
            requested
                .try_update_value(|(of, requested)| {
                    if *of != scan {
                        (*of, *requested) = (scan, BTreeSet::new());
                    }
                    pairs.filter(|pair| requested.insert(legs(pair))).collect()
                })
                .unwrap_or_default()
        });
        if !pairs.is_empty() {
            state.command(&ScanCommand::Resample(pairs));
        }
    });
}

/// A button that opens an explanation, and the explanation.
#[component]
fn Explained(about: About, #[prop(optional)] more: Option<AnyView>) -> impl IntoView {
    let About { id, title, paragraphs } = about;
    view! {
        <button class="explain" type="button" popovertarget=id aria-label=format!("What is this? {title}")>
            <span aria-hidden="true">"i"</span>
        </button>
        <div class="explanation" id=id popover="auto" tabindex="-1" role="dialog" aria-label=title>
            <h2>{title}</h2>
            {paragraphs.iter().map(|paragraph| view! { <p>{*paragraph}</p> }).collect_view()}
            {more}
        </div>
    }
}
