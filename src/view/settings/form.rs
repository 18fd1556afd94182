//! The settings as typed, and as stored between visits.

use crate::view::settings::field;
use serde_json::Value;
use spreadscope_engine::settings::test_options::{FitTerms, LagRule};
use spreadscope_engine::settings::{HedgeKind, PriceScale};
use spreadscope_engine::settings::{Settings, SettingsError, Source};
use spreadscope_engine::{Interval, Symbol};

/// The contents of the form before it is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The dependent leg as typed.
    pub y: String,
    /// The explanatory leg as typed.
    pub x: String,
    /// The chosen source.
    pub source: Source,
    /// The chosen hedge model.
    pub hedge_model: HedgeKind,
    /// The chosen scale of prices.
    pub price_scale: PriceScale,
    /// The chosen rule for the tests' lags.
    pub test_lags: LagRule,
    /// The chosen terms of the tests' regression.
    pub test_terms: FitTerms,
    /// The models shown beside the chosen one.
    pub overlays: Vec<HedgeKind>,
    /// The numbers as typed, in the order of [`field::numbers`].
    pub numbers: Vec<String>,
}

impl Draft {
    /// Returns the form that shows `settings`.
    pub fn of(settings: &Settings) -> Self {
        Self {
            y: settings.pair.y.to_string(),
            x: settings.pair.x.to_string(),
            source: settings.source.clone(),
            hedge_model: settings.hedge_model,
            price_scale: settings.price_scale,
            test_lags: settings.test_lags,
            test_terms: settings.test_terms,
            overlays: settings.overlays.clone(),
            numbers: field::numbers().map(|setting| setting.text(settings)).collect(),
        }
    }

    /// Shows or hides the ratio of `kind` beside the chosen model's.
    pub fn toggle_overlay(&mut self, kind: HedgeKind) {
        let shown = |other: &HedgeKind| self.overlays.contains(other) != (*other == kind);
        self.overlays = HedgeKind::ALL.into_iter().filter(shown).collect();
    }

    /// Reads the form; settings that it does not show are taken from `base`.
    ///
    /// # Errors
    /// One [`SettingsError`] per refused field, `y` and `x` naming the legs; never empty.
    pub fn read(&self, base: &Settings) -> Result<Settings, Vec<SettingsError>> {
        let Self { source, hedge_model, price_scale, test_lags, test_terms, overlays, .. } = self.clone();
        let mut settings =
            Settings { source, hedge_model, price_scale, test_lags, test_terms, overlays, ..base.clone() };
        let mut errors = Vec::new();
        for (name, text, place) in
            [("y", &self.y, &mut settings.pair.y), ("x", &self.x, &mut settings.pair.x)]
        {
            match Symbol::new(text) {
                Ok(symbol) => *place = symbol,
                Err(error) => {
                    errors.push(SettingsError { field: name.to_owned(), message: error.to_string() });
                }
            }
        }
        for (setting, text) in field::numbers().zip(&self.numbers) {
            errors.extend(setting.set(&mut settings, text).err());
        }
        if let Err(ranges) = settings.validate() {
            let known = |error: &SettingsError| errors.iter().any(|earlier| earlier.field == error.field);
            let fresh: Vec<SettingsError> = ranges.into_iter().filter(|error| !known(error)).collect();
            errors.extend(fresh);
        }
        if errors.is_empty() { Ok(settings) } else { Err(errors) }
    }
}

/// Returns an engine's message about a setting, in the form's words.
pub fn in_words(error: &SettingsError) -> String {
    field::in_words(&error.message)
}

/// Returns `settings` as stored between visits.
pub fn store(settings: &Settings) -> String {
    serde_json::to_string(settings).expect("Invariant: settings are plain data with text keys")
}

/// The settings of an earlier visit.
#[derive(Debug, Clone, PartialEq)]
pub struct Restored {
    /// Valid settings: stored values where usable, defaults elsewhere.
    pub settings: Settings,
    /// What was ignored, in words.
    pub ignored: Vec<String>,
}

/// Reads what [`store`] wrote, field by field; `page` is the source that the page was built for.
pub fn restore(text: Option<&str>, page: Source) -> Restored {
    let fixed = matches!(page, Source::Loopback { .. });
    let mut settings = Settings { source: page, ..Settings::default() };
    let mut ignored = Vec::new();
    let Some(text) = text else { return Restored { settings, ignored } };
    let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(text) else {
        ignored.push("The stored settings could not be read; the defaults are in force.".to_owned());
        return Restored { settings, ignored };
    };
    for (name, value) in fields {
        // a visit never starts with the stand-in or the demo
        let passing = value.get("Loopback").is_some() || value == "Demo";
        if name == "source" && (fixed || passing) {
            continue;
        }
        let shown: String = value.to_string().chars().take(40).collect();
        match with_field(&settings, &name, value) {
            Ok(better) => settings = better,
            Err(reason) => ignored.push(format!("Stored {name} {shown} was ignored: {reason}.")),
        }
    }
    // combined they may still conflict, such as a hysteresis above the threshold
    if let Err(errors) = settings.validate() {
        ignored
            .extend(errors.iter().map(|error| format!("Stored settings were ignored: {}.", in_words(error))));
        settings = Settings { source: settings.source, ..Settings::default() };
    }
    Restored { settings, ignored }
}

fn with_field(settings: &Settings, name: &str, value: Value) -> Result<Settings, String> {
    let mut whole = serde_json::to_value(settings).map_err(|error| error.to_string())?;
    let place = whole.get_mut(name).ok_or("there is no such setting")?;
    *place = value;
    let changed: Settings = serde_json::from_value(whole).map_err(|error| error.to_string())?;
    // conflicts between two fields are checked at the end
    match changed.validate() {
        Err(errors)
            if errors.iter().any(|error| error.field == name && !error.message.contains("z_threshold ")) =>
        {
            Err(errors.iter().map(in_words).collect::<Vec<_>>().join("; "))
        }
        _ => Ok(changed),
    }
}

/// Returns the sources that a user may choose on a page built for `page`.
pub fn sources(page: &Source) -> Vec<Source> {
    match page {
        Source::Loopback { .. } | Source::Recording => vec![page.clone()],
        Source::Binance | Source::BinanceUs => vec![Source::Binance, Source::BinanceUs],
        // for the way back to live data
        Source::Demo => vec![Source::Demo, Source::Binance, Source::BinanceUs],
    }
}

/// Returns an interval's label, also for screen readers.
pub const fn interval_label(interval: Interval) -> &'static str {
    match interval {
        Interval::OneSecond => "1 second bars",
        Interval::OneMinute => "1 minute bars",
        Interval::FiveMinutes => "5 minute bars",
        Interval::FifteenMinutes => "15 minute bars",
        Interval::OneHour => "1 hour bars",
        Interval::FourHours => "4 hour bars",
        Interval::OneDay => "1 day bars",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_untouched_form_changes_nothing() {
        let settings = Settings::default();
        assert_eq!(Draft::of(&settings).read(&settings), Ok(settings));
    }

    #[test]
    fn every_bad_field_gets_its_own_sentence() {
        let settings = Settings::default();
        let mut draft = Draft::of(&settings);
        draft.y = "BTC/USDT".into();
        draft.numbers[0] = "many".into();
        draft.numbers[1] = "5".into();
        draft.numbers[9] = "2,5".into();
        let errors = draft.read(&settings).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["y", "hedge_window_bars", "z_window_bars"]);
        assert_eq!(
            errors[1].message,
            "hedge_window_bars must be a whole number, 20 to 20000 bars, was \"many\""
        );
        assert_eq!(in_words(&errors[2]), "z window must be 10 to 20000 bars, was 5");
    }

    #[test]
    fn what_is_stored_comes_back() {
        let settings = Settings { z_threshold: 3.5, z_window_bars: 120, ..Settings::default() };
        let restored = restore(Some(&store(&settings)), Source::Binance);
        assert_eq!(restored, Restored { settings, ignored: Vec::new() });
    }

    #[test]
    fn a_bad_stored_value_is_named_and_the_others_are_kept() {
        let text = r#"{"z_window_bars":1,"z_threshold":"two","hedge_window_bars":500,"colour":"red"}"#;
        let Restored { settings, ignored } = restore(Some(text), Source::Binance);
        assert_eq!(settings, Settings { hedge_window_bars: 500, ..Settings::default() });
        assert_eq!(ignored.len(), 3, "{ignored:?}");
        assert!(ignored.iter().any(|line| line.contains("z window must be 10 to 20000 bars, was 1")));
    }

    #[test]
    fn stored_values_at_odds_with_each_other_are_dropped_together() {
        let Restored { settings, ignored } =
            restore(Some(r#"{"z_hysteresis":4.0,"z_threshold":3.0}"#), Source::Binance);
        assert_eq!(settings, Settings::default());
        assert_eq!(ignored.len(), 1, "{ignored:?}");
    }

    #[test]
    fn rubbish_gives_the_defaults_and_a_word() {
        for text in ["", "null", "[1]", "{"] {
            let restored = restore(Some(text), Source::BinanceUs);
            assert_eq!(restored.settings, Settings { source: Source::BinanceUs, ..Settings::default() });
            assert_eq!(restored.ignored.len(), 1);
        }
    }

    #[test]
    fn a_page_built_for_the_stand_in_stays_there_and_no_other_page_goes_there() {
        let loopback = Source::Loopback { origin: "http://127.0.0.1:9443".into() };
        let stored = store(&Settings { source: Source::BinanceUs, ..Settings::default() });
        assert_eq!(restore(Some(&stored), loopback.clone()).settings.source, loopback);
        let stored = store(&Settings { source: loopback, ..Settings::default() });
        assert_eq!(restore(Some(&stored), Source::Binance).settings.source, Source::Binance);
    }
}
