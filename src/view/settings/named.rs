//! Settings by the names they have in links and files.

use crate::view::settings::form;
use spreadscope_engine::settings::{About, DeskSetting};
use spreadscope_engine::{Interval, Pair, Settings, Symbol};

/// Returns the settings with one more value set, if it can be used; conflicts with other settings are checked
/// once all are there. A link has shorter names than a file.
///
/// # Errors
/// A clause: what the value must be.
pub fn with(settings: &Settings, name: &str, value: &str) -> Result<Settings, String> {
    let mut settings = settings.clone();
    match name {
        "y" | "x" => {
            let symbol = Symbol::new(value).map_err(|error| error.to_string())?;
            *if name == "y" { &mut settings.pair.y } else { &mut settings.pair.x } = symbol;
        }
        "interval" => {
            let known = Interval::parse(value);
            settings.interval =
                known.ok_or_else(|| format!("it must be one of {}", Interval::WORDS.join(", ")))?;
        }
        _ => {
            let setting = DeskSetting::named(name).ok_or("there is no such setting")?;
            if setting.group == About::Storage {
                return Err("how long history is kept is set on this page only".to_owned());
            }
            setting.set(&mut settings, value).map_err(|error| form::in_words(&error))?;
        }
    }
    let alone = |field: &str| field == name && name != "z_hysteresis";
    match settings.validate() {
        Err(errors) if errors.iter().any(|error| alone(&error.field)) => {
            Err(errors.iter().filter(|error| alone(&error.field)).map(form::in_words).collect())
        }
        _ => Ok(settings),
    }
}

/// Returns `base` with the parameters of a file that this page exported, if it is of `pair`: windows, model,
/// tests and alert. Also returns what was ignored, in words.
pub fn as_in_file(base: Settings, parameters: &[(String, String)], pair: &Pair) -> (Settings, Vec<String>) {
    let said =
        |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    if said("y") != Some(pair.y.as_str()) || said("x") != Some(pair.x.as_str()) {
        return (base, Vec::new());
    }
    let mut ignored = Vec::new();
    let mut settings = base.clone();
    for (name, value) in
        parameters.iter().filter(|(name, _)| !matches!(name.as_str(), "y" | "x" | "interval"))
    {
        match with(&settings, name, value) {
            Ok(better) => settings = better,
            Err(reason) => ignored.push(format!("{name} {value:?} in the file was ignored: {reason}.")),
        }
    }
    if let Err(errors) = settings.validate() {
        let told = errors.iter().map(form::in_words).collect::<Vec<_>>().join("; ");
        ignored.push(format!("The file's settings were ignored: {told}."));
        settings = base;
    }
    (settings, ignored)
}

#[cfg(test)]
mod tests {
    use super::*;
    use spreadscope_engine::settings::HedgeKind;

    fn parameters(words: &[(&str, &str)]) -> Vec<(String, String)> {
        words.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_file_of_the_pair_sets_what_it_was_made_with_and_one_of_another_nothing() {
        let base = Settings::default();
        let told = parameters(&[
            ("y", "BTCUSDT"),
            ("x", "ETHUSDT"),
            ("interval", "5m"),
            ("hedge_model", "kalman"),
            ("overlays", "huber.theil-sen"),
            ("z_window_bars", "120"),
            ("z_threshold", "2.5"),
        ]);
        let expected = Settings {
            hedge_model: HedgeKind::Kalman,
            overlays: vec![HedgeKind::Huber, HedgeKind::TheilSen],
            z_window_bars: 120,
            z_threshold: 2.5,
            ..base.clone()
        };
        assert_eq!(as_in_file(base.clone(), &told, &base.pair), (expected, Vec::new()));
        let other = Pair { y: base.pair.x.clone(), x: base.pair.y.clone() };
        assert_eq!(as_in_file(base.clone(), &told, &other), (base, Vec::new()));
    }

    #[test]
    fn what_a_file_says_that_cannot_be_is_named_and_ignored() {
        let base = Settings::default();
        let legs = [("y", "BTCUSDT"), ("x", "ETHUSDT")];
        let told = parameters(&[&legs[..], &[("hedge_model", "magic"), ("z_window_bars", "5")]].concat());
        let (settings, ignored) = as_in_file(base.clone(), &told, &base.pair);
        assert_eq!((settings, ignored.len()), (base.clone(), 2));
        assert_eq!(
            ignored[0],
            "hedge_model \"magic\" in the file was ignored: hedge_model must be one of \
             ols|tls|ewma|kalman|huber|theil-sen, was \"magic\"."
        );
        let at_odds = parameters(&[&legs[..], &[("z_threshold", "0.5"), ("z_hysteresis", "4")]].concat());
        let (settings, ignored) = as_in_file(base.clone(), &at_odds, &base.pair);
        assert_eq!((settings, ignored.len()), (base, 1));
    }
}
