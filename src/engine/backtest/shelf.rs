//! The tape that is worked on, made again where the settings of its rows change.

use super::tape::{Legs, Tape, TapeMaker};
use super::tested::TestResults;
use crate::Settings;
use crate::settings::SettingsError;

/// Bars taken at a time, so that no step takes long.
const BARS_A_STEP: usize = 4_096;

/// One tape at a time.
#[derive(Debug, Default)]
pub(super) struct Shelf {
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
    /// The tape whose rows are those of `settings`; `None` while it is still being made, a step a call.
    ///
    /// # Errors
    /// The sentence to show when there are no such rows.
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
            _ => {
                let maker = TapeMaker::new(legs, settings).map_err(|error| SettingsError {
                    field: "window".to_owned(),
                    message: error.to_string(),
                })?;
                (settings.clone(), maker)
            }
        };
        if maker.work(legs, BARS_A_STEP) {
            self.making = Some((for_these, maker));
            return Ok(None);
        }
        let made = Made { settings: for_these, tape: maker.finish(), tests: TestResults::default() };
        Ok(Some(self.made.insert(made)))
    }
}
