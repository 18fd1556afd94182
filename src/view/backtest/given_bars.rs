//! A run over given bars: those of a scan, so that its break-even fee is the scanner's.

use super::choice::{Choice, can_be_changed};
use crate::view::numbers::format;
use spreadscope_engine::UnixMillis;
use spreadscope_engine::backtest::Parameters;
use spreadscope_engine::backtest::bench::message::Ran;
use spreadscope_engine::backtest::settings::SETTINGS;

/// Settings that a scan gives to the desk.
const OF_SCAN: [&str; 4] = ["price_scale", "test_lookback_bars", "test_lags", "test_terms"];

impl Choice {
    /// Returns the default backtest over the bars of a scan, whatever else the desk is set to.
    pub fn by_default_over(span: [UnixMillis; 2], base: &Parameters) -> Self {
        let default = Parameters::default();
        let mut choice = Self::default();
        (choice.from, choice.to) = (Some(span[0]), Some(span[1]));
        let settings = SETTINGS.iter().filter(|setting| can_be_changed(setting));
        for setting in settings.filter(|setting| !OF_SCAN.contains(&setting.name)) {
            let value = (setting.read)(&default);
            if value != (setting.read)(base) {
                choice.put(setting, value);
            }
        }
        choice
    }

    /// Returns open times of the first bar and of the bar after the last, if the run is over these alone.
    pub fn within(&self) -> Option<[UnixMillis; 2]> {
        self.from.zip(self.to).filter(|(from, to)| from < to).map(Into::into)
    }
}

/// Returns the sentence about the bars that were given, if the run is over these alone.
pub(super) fn note(ran: &Ran) -> Option<String> {
    let [from, to] = ran.within?;
    let step = ran.parameters.settings.interval.millis();
    let given = usize::try_from(to.since(from) / step).unwrap_or(0);
    let missing = given.saturating_sub(ran.bars);
    if missing == 0 {
        return Some(
            "The run is over the bars of the scan alone: “Newest bars” takes all that are here.".to_owned(),
        );
    }
    Some(format!(
        "{} of the scan's {} bars are not here: the break-even fee is not the scanner's.",
        format::count(missing as u64),
        format::count(given as u64)
    ))
}

#[cfg(test)]
mod tests {
    use super::super::choice::base;
    use super::super::shown::tests::{news_of, run};
    use super::*;
    use crate::view::numbers::trade::TradeOptions;
    use spreadscope_engine::Settings;
    use spreadscope_engine::backtest::bench::message::{News, Wanted};
    use spreadscope_engine::settings::PriceScale;

    const SPAN: [UnixMillis; 2] = [UnixMillis(1_699_920_000_000), UnixMillis(1_699_980_000_000)];

    #[test]
    fn a_row_of_a_scan_opens_the_default_backtest_on_a_desk_that_is_set_to_anything() {
        let desk = Settings {
            z_threshold: 3.0,
            z_window_bars: 77,
            price_scale: PriceScale::Logs,
            test_lookback_bars: 250,
            ..Settings::default()
        };
        let trade =
            TradeOptions { notional: 500.0, fee_bps: 3.0, slippage_bps: 2.0, ..TradeOptions::default() };
        let base = base(&desk, &trade);
        let choice = Choice::by_default_over(SPAN, &base);
        let expected = Parameters {
            settings: Settings {
                price_scale: PriceScale::Logs,
                test_lookback_bars: 250,
                z_threshold: 3.0,
                ..Settings::default()
            },
            ..Parameters::default()
        };
        assert_eq!(choice.parameters(&base), expected);
        assert_eq!(Choice::parse(&choice.store()), (choice.clone(), Vec::new()));
        assert_eq!((choice.within(), Choice::default().within()), (Some(SPAN), None));
        let mut turned = choice.clone();
        (turned.from, turned.to) = (choice.to, choice.from);
        assert_eq!(turned.within(), None);
    }

    #[test]
    fn bars_of_the_scan_that_are_not_here_are_counted() {
        let over = |within: Option<[UnixMillis; 2]>| {
            let Wanted::Run { parameters, .. } = run(&[]) else { panic!() };
            news_of([Wanted::Run { parameters, enter_by: None, renew: false, within }]).remove(0)
        };
        let note = |within| {
            let News::Ran(ran) = over(within) else { panic!("no run") };
            (ran.bars, note(&ran))
        };
        assert_eq!(note(None), (4_000, None));
        let (bars, whole) = note(Some(SPAN));
        assert!(bars == 1_000 && whole.as_ref().is_some_and(|note| note.contains("alone")), "{whole:?}");
        let earlier = [SPAN[0] + -60_000 * 200, SPAN[1]];
        let words = "200 of the scan's 1,200 bars are not here: the break-even fee is not the scanner's.";
        assert_eq!(note(Some(earlier)), (1_000, Some(words.to_owned())));
        let News::Refused(why) = over(Some([UnixMillis(0), UnixMillis(60_000)])) else { panic!("a run") };
        assert_eq!(why[0].message, "none of the bars that the run is to be over are here");
    }
}
