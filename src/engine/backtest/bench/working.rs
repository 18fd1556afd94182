//! The bench itself: keeps the bars of the first run, so that runs can be compared, and what is under way.

use super::message::{Ask, Asker, News, Told, Wanted};
use super::task::{Left, Made, Newest, Step, Task};
use super::{Bench, Held};
use crate::Settings;
use crate::alert::Rule;
use crate::backtest::{Legs, Parameters, check};
use crate::bars::Bars;
use crate::base::codec::{decode, encode};
use crate::settings::SettingsError;

/// Progress is told each so many steps.
const STEPS_A_WORD: u32 = 8;

/// A bench that has been asked nothing.
pub fn set_up() -> Box<dyn Bench> {
    Box::new(Working::default())
}

/// Bars as they were when they were asked for.
#[derive(Debug)]
struct Kept {
    settings: Settings,
    bars: [Bars; 2],
    closes_alone: [bool; 2],
}

#[derive(Debug, Default)]
struct Working {
    kept: Option<Kept>,
    made: Option<Made>,
    newest: Option<Newest>,
    asker: Asker,
    task: Option<Task>,
    steps: u32,
    untold: Vec<News>,
}

impl Kept {
    /// The closed bars that `held` has of both legs.
    fn new(held: Held<'_>) -> Result<Self, News> {
        let Some((first, end)) = held.span else {
            return Err(refusal("bars", "there are no closed bars of both legs yet".to_owned()));
        };
        let of = |bars: &Bars| {
            let mut kept = Bars::new(bars.interval());
            let mut time = first;
            while time < end {
                kept.put(time, bars.get(time));
                time = time + bars.interval().millis();
            }
            kept
        };
        Ok(Self { settings: held.settings.clone(), bars: held.bars.map(of), closes_alone: held.closes_alone })
    }

    fn legs(&self) -> Legs<'_> {
        Legs { bars: [&self.bars[0], &self.bars[1]], closes_alone: self.closes_alone }
    }

    /// Whether they are those of the same market as `settings`, at the same length.
    fn are_of(&self, settings: &Settings) -> bool {
        let Settings { source, pair, interval, .. } = &self.settings;
        (source, pair, interval) == (&settings.source, &settings.pair, &settings.interval)
    }
}

fn refusal(field: &str, message: String) -> News {
    News::Refused(vec![SettingsError { field: field.to_owned(), message }])
}

impl Working {
    fn begin(&mut self, wanted: Wanted, held: Held<'_>) -> Result<(), News> {
        let task = match wanted {
            Wanted::Stop => return Err(News::Stopped),
            Wanted::Run { parameters, enter_by, renew } => {
                self.run(parameters, enter_by.map(|rule| *rule), renew, held)?
            }
            Wanted::Surface { axes } => Task::sweep(&axes, self.newest()?)?,
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
        held: Held<'_>,
    ) -> Result<Task, News> {
        let Settings { source, pair, interval, .. } = held.settings.clone();
        let desk = Settings { source, pair, interval, ..parameters.desk };
        let parameters = Box::new(Parameters { desk, rules: parameters.rules });
        parameters.validate().map_err(News::Refused)?;
        let fits = self.kept.as_ref().is_some_and(|kept| kept.are_of(&parameters.desk));
        if renew || !fits {
            (self.kept, self.made, self.newest) = (None, None, None);
            self.kept = Some(Kept::new(held)?);
        }
        let Some(kept) = &self.kept else { return Err(News::Stopped) };
        check(&parameters, kept.legs()).map_err(|error| News::Refused(vec![error]))?;
        Task::run(parameters, enter_by, kept.legs(), self.made.as_ref())
    }
}

impl Bench for Working {
    fn ask(&mut self, ask: &[u8], held: Held<'_>) {
        // both ends are of one build: what cannot be read was never sent
        let Ok(Ask { asker, wanted }) = decode::<Ask>(ask) else { return };
        self.task = None;
        self.asker = asker;
        self.untold.clear();
        if let Err(news) = self.begin(wanted, held) {
            self.untold.push(news);
        }
    }

    fn work(&mut self) -> Vec<Vec<u8>> {
        let Self { kept, made, newest, task, untold, .. } = self;
        if let (Some(under_way), Some(kept)) = (task.take(), kept.as_ref()) {
            let mut step = Step { legs: kept.legs(), made, newest, untold: &mut *untold };
            match under_way.step(&mut step) {
                Left::Done(news) => untold.push(news),
                Left::More(left) => {
                    self.steps = self.steps.wrapping_add(1);
                    if self.steps.is_multiple_of(STEPS_A_WORD) {
                        let (done, of) = left.progress();
                        untold.push(News::Progress { done, of });
                    }
                    *task = Some(left);
                }
            }
        }
        let asker = self.asker;
        self.untold.drain(..).map(|news| encode(&Told { asker, news })).collect()
    }

    fn is_busy(&self) -> bool {
        self.task.is_some() || !self.untold.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::super::message::Ran;
    use super::*;
    use crate::UnixMillis;
    use crate::backtest::{Run, TestResults, Train, metrics, tape};
    use crate::bars::{Bar, DecimalSum, Origin, Traded};

    /// Two legs of which one strays from the other and comes back.
    fn legs(bars: i64) -> [Bars; 2] {
        [0.0, 1.0].map(|leg| {
            let mut made = Bars::new(crate::Interval::OneSecond);
            for at in 0..bars {
                let common = 100.0 + (at as f64 / 300.0).sin();
                let price = common + leg * 0.3 * (at as f64 / 17.0).sin() + 0.01 * ((at * 7 % 11) as f64);
                let sum = DecimalSum::of(1.0);
                let traded = Traded {
                    open: price - 0.001,
                    high: price + 0.01,
                    low: price - 0.01,
                    close: price,
                    volume: sum,
                    quote_volume: sum,
                    taker_base: sum,
                    taker_quote: sum,
                    trades: 1,
                    first_trade_id: None,
                    last_trade_id: None,
                };
                let bar = Bar { traded: Some(traded), origin: Origin::Live };
                made.put(UnixMillis(1_700_000_000_000 + 1_000 * at), bar);
            }
            made
        })
    }

    fn settings() -> Settings {
        Settings { hedge_window_bars: 120, z_window_bars: 60, ..Settings::default() }
    }

    fn held<'a>(settings: &'a Settings, bars: &'a [Bars; 2]) -> Held<'a> {
        let span = bars[0].first().zip(bars[0].end());
        Held { settings, bars: [&bars[0], &bars[1]], closes_alone: [false; 2], span }
    }

    fn ask(bench: &mut dyn Bench, wanted: Wanted, held: Held<'_>) -> News {
        bench.ask(&encode(&Ask { asker: Asker { page: 7, ask: 1 }, wanted }), held);
        loop {
            for told in bench.work() {
                let told: Told = decode(&told).unwrap();
                assert_eq!(told.asker, Asker { page: 7, ask: 1 });
                if !matches!(told.news, News::Progress { .. } | News::Cells(_)) {
                    return told.news;
                }
            }
            assert!(bench.is_busy(), "it ends without a word");
        }
    }

    fn run(settings: &Settings) -> Wanted {
        let parameters = Box::new(Parameters { desk: settings.clone(), ..Parameters::default() });
        Wanted::Run { parameters, enter_by: None, renew: false }
    }

    fn ran(news: News) -> Ran {
        let News::Ran(ran) = news else { panic!("{news:?}") };
        *ran
    }

    #[test]
    fn what_the_page_is_told_is_what_a_run_over_the_same_bars_gives() {
        let (settings, bars) = (settings(), legs(9_000));
        let mut bench = set_up();
        let told = ran(ask(&mut *bench, run(&settings), held(&settings, &bars)));
        let legs = Legs { bars: [&bars[0], &bars[1]], closes_alone: [false; 2] };
        let tape = tape(legs, &settings).unwrap();
        let mut alone = Run::new(&told.parameters.rules, 0..tape.len(), true);
        while alone.work(&tape, &mut TestResults::default(), 1_000) {}
        let ledger = alone.finish();
        assert!(told.ledger.trades.len() > 10, "{}", told.ledger.trades.len());
        assert_eq!(told.metrics, metrics(&tape, &told.parameters.rules, 0..tape.len(), &ledger));
        assert_eq!((told.ledger, told.bars), (ledger, 9_000));
    }

    #[test]
    fn runs_are_over_the_same_bars_until_those_of_now_are_asked_for() {
        let (settings, short, long) = (settings(), legs(2_000), legs(2_500));
        let mut bench = set_up();
        assert_eq!(ran(ask(&mut *bench, run(&settings), held(&settings, &short))).bars, 2_000);
        assert_eq!(ran(ask(&mut *bench, run(&settings), held(&settings, &long))).bars, 2_000);
        let Wanted::Run { parameters, .. } = run(&settings) else { panic!() };
        let anew = Wanted::Run { parameters, enter_by: None, renew: true };
        assert_eq!(ran(ask(&mut *bench, anew, held(&settings, &long))).bars, 2_500);
    }

    #[test]
    fn a_surface_a_walk_and_a_proof_are_of_the_newest_run_and_refused_before_one() {
        let (settings, bars) = (settings(), legs(4_000));
        let mut bench = set_up();
        let held = held(&settings, &bars);
        let axes = "entry_z=1:2.5:4,exit_z=-0.5:0.5:3".to_owned();
        let surface = Wanted::Surface { axes: axes.clone() };
        assert!(matches!(ask(&mut *bench, surface.clone(), held), News::Refused(_)));
        ask(&mut *bench, run(&settings), held);
        let News::Surface(found) = ask(&mut *bench, surface, held) else { panic!() };
        assert_eq!((found.cells.len(), found.cells.iter().flatten().count()), (12, 12));
        let forward = Wanted::WalkForward { axes, train: Train::Rolling };
        let News::Walked(walked) = ask(&mut *bench, forward, held) else { panic!() };
        assert_eq!((walked.folds.len(), walked.equity.len()), (5, 2_000));
        let News::Proved(proofs) = ask(&mut *bench, Wanted::Proof, held) else { panic!() };
        assert!(proofs.len() == 6 && proofs.iter().all(|proof| proof.differs.is_none()), "{proofs:?}");
    }

    #[test]
    fn cells_are_told_while_others_are_tried_and_are_those_of_the_surface() {
        let (settings, bars) = (settings(), legs(4_000));
        let mut bench = set_up();
        let held = held(&settings, &bars);
        ask(&mut *bench, run(&settings), held);
        let wanted = Wanted::Surface { axes: "entry_z=1:2.5:20,exit_z=-0.5:0.5:20".to_owned() };
        bench.ask(&encode(&Ask { asker: Asker::default(), wanted }), held);
        let (mut words, mut partly, mut whole) = (0, Vec::new(), None);
        while bench.is_busy() {
            for told in bench.work() {
                match decode::<Told>(&told).unwrap().news {
                    News::Cells(cells) => {
                        words += 1;
                        partly.extend(cells);
                    }
                    News::Surface(surface) => whole = Some(surface),
                    _ => {}
                }
            }
        }
        let whole = whole.unwrap();
        assert!(words >= 2 && partly.len() >= 100, "{words} words, {} cells", partly.len());
        for (place, cell) in partly {
            let found = whole.cells[place].as_ref().unwrap();
            assert_eq!((cell.net, cell.trades, cell.returns.len()), (found.net, found.trades, 0));
        }
    }

    #[test]
    fn a_stop_leaves_what_is_under_way_and_no_bars_are_a_reason() {
        let (settings, bars) = (settings(), legs(9_000));
        let mut bench = set_up();
        let none = Held { span: None, ..held(&settings, &bars) };
        let News::Refused(why) = ask(&mut *bench, run(&settings), none) else { panic!() };
        assert_eq!(why[0].message, "there are no closed bars of both legs yet");
        let asker = Asker { page: 7, ask: 2 };
        bench.ask(&encode(&Ask { asker, wanted: run(&settings) }), held(&settings, &bars));
        assert!(bench.work().is_empty() && bench.is_busy());
        assert_eq!(ask(&mut *bench, Wanted::Stop, held(&settings, &bars)), News::Stopped);
        assert!(!bench.is_busy());
    }
}
