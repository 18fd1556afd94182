//! The tape in use, made again when the settings of its rows change.

use super::tape::{Legs, Tape, TapeMaker};
use super::tested::TestResults;
use crate::Settings;
use crate::alert::Rule;
use crate::settings::SettingsError;

/// Bars per step, so that no step takes long.
const BARS_A_STEP: usize = 4_096;

/// Starts a tape with the rows of `settings`, entered by an alert rule or by |z|.
///
/// # Errors
/// A sentence to show if the rows cannot be computed or the rule is invalid.
pub(super) fn maker(
    legs: Legs<'_>,
    settings: &Settings,
    enter_by: Option<&Rule>,
) -> Result<TapeMaker, SettingsError> {
    let refused = |field: &str, message: String| SettingsError { field: field.to_owned(), message };
    let mut maker = TapeMaker::new(legs, settings).map_err(|error| refused("window", error.to_string()))?;
    if let Some(rule) = enter_by {
        maker.enter_by(rule.clone()).map_err(|errors| {
            let reasons: Vec<String> = errors.iter().map(ToString::to_string).collect();
            refused("enter_by", format!("the rule {}: {}", rule.name, reasons.join("; ")))
        })?;
    }
    Ok(maker)
}

/// Keeps one tape at a time.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// The alert rule that triggers entries, in place of |z|.
    enter_by: Option<Rule>,
    making: Option<(Settings, TapeMaker)>,
    made: Option<Made>,
}

#[derive(Debug)]
pub(super) struct Made {
    settings: Settings,
    pub(super) tape: Tape,
    pub(super) tests: TestResults,
}

impl Shelf {
    pub(super) fn entered_by(enter_by: Option<Rule>) -> Self {
        Self { enter_by, ..Self::default() }
    }

    /// The tape with the rows of `settings`; `None` while it is being made, one step per call.
    ///
    /// # Errors
    /// A sentence to show if the rows cannot be computed.
    pub(super) fn tape(
        &mut self,
        legs: Legs<'_>,
        settings: &Settings,
    ) -> Result<Option<&mut Made>, SettingsError> {
        if self.made.as_ref().is_some_and(|made| made.settings == *settings) {
            return Ok(self.made.as_mut());
        }
        let (for_these, mut maker) = match self.making.take() {
            Some((of, maker)) if of == *settings => (of, maker),
            _ => (settings.clone(), maker(legs, settings, self.enter_by.as_ref())?),
        };
        if maker.work(legs, BARS_A_STEP) {
            self.making = Some((for_these, maker));
            return Ok(None);
        }
        let made = Made { settings: for_these, tape: maker.finish(), tests: TestResults::default() };
        Ok(Some(self.made.insert(made)))
    }
}
