//! The numbers among the settings, as fields of a form: their names, help, ranges, and how they are read and written.

use spreadscope_engine::settings;
use spreadscope_engine::settings::{Knob, Settings, SettingsError};

/// A number of [`Settings`] that the form shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Bars of the hedge regression.
    HedgeWindow,
    /// Bars behind z.
    ZWindow,
    /// Bars of the correlation.
    CorrelationWindow,
    /// Bars of the tests.
    TestLookback,
    /// Bars a price may be carried.
    MaxCarried,
    /// The alert's threshold.
    Threshold,
    /// The alert's hysteresis.
    Hysteresis,
    /// The alert's cooldown.
    Cooldown,
    /// How long bars are stored.
    KeepDays,
    /// How long trades are stored.
    KeepTicks,
}

impl Field {
    /// Every field, in the form's order; a field's place is its index in
    /// [`Draft::numbers`](crate::view::form::Draft::numbers).
    pub const ALL: [Self; 10] = [
        Self::HedgeWindow,
        Self::ZWindow,
        Self::CorrelationWindow,
        Self::TestLookback,
        Self::MaxCarried,
        Self::Threshold,
        Self::Hysteresis,
        Self::Cooldown,
        Self::KeepDays,
        Self::KeepTicks,
    ];

    /// Whether it says how much is stored on this machine, and nothing of what is shown.
    pub const fn is_about_storage(self) -> bool {
        matches!(self, Self::KeepDays | Self::KeepTicks)
    }

    /// The name in [`Settings`] and in its errors.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HedgeWindow => settings::HEDGE_WINDOW_BARS.field,
            Self::ZWindow => settings::Z_WINDOW_BARS.field,
            Self::CorrelationWindow => settings::CORRELATION_WINDOW_BARS.field,
            Self::TestLookback => settings::TEST_LOOKBACK_BARS.field,
            Self::MaxCarried => settings::MAX_CARRIED_BARS.field,
            Self::Threshold => settings::Z_THRESHOLD.field,
            Self::Hysteresis => settings::Z_HYSTERESIS.field,
            Self::Cooldown => settings::ALERT_COOLDOWN_SECS.field,
            Self::KeepDays => settings::KEEP_DAYS.field,
            Self::KeepTicks => settings::KEEP_TICKS_HOURS.field,
        }
    }

    /// The label beside the field.
    pub const fn label(self) -> &'static str {
        match self {
            Self::HedgeWindow => "Hedge window",
            Self::ZWindow => "z window",
            Self::CorrelationWindow => "Correlation window",
            Self::TestLookback => "Test lookback",
            Self::MaxCarried => "Longest carry",
            Self::Threshold => "z threshold",
            Self::Hysteresis => "Hysteresis",
            Self::Cooldown => "Cooldown",
            Self::KeepDays => "Keep bars",
            Self::KeepTicks => "Keep trades",
        }
    }

    /// What it is for, for the line below the field.
    pub const fn help(self) -> &'static str {
        match self {
            Self::HedgeWindow => {
                "Bars that the hedge ratio is fitted to: more are steadier, fewer follow sooner"
            }
            Self::ZWindow => "Bars whose mean and deviation z is measured by",
            Self::CorrelationWindow => "Bars whose returns are correlated",
            Self::TestLookback => "Bars that the cointegration tests look at",
            Self::MaxCarried => {
                "A leg without a trade keeps its price for so many bars; after that there is no spread"
            }
            Self::Threshold => "How far z must be from 0 to be called unusual, and for the alert",
            Self::Hysteresis => "How far z must come back inside before the alert may fire again",
            Self::Cooldown => "The alert is not told again within this time",
            Self::KeepDays => "How long bars stay on this machine",
            Self::KeepTicks => "How long single trades stay on this machine; 0 keeps none",
        }
    }

    /// Range, unit and default, for the line below the field.
    pub fn hint(self) -> String {
        fn of<T: core::fmt::Display>(knob: &Knob<T>) -> String {
            let Knob { min, max, default, unit, .. } = knob;
            format!("{min} to {max} {unit}, default {default}")
        }
        match self {
            Self::HedgeWindow => of(&settings::HEDGE_WINDOW_BARS),
            Self::ZWindow => of(&settings::Z_WINDOW_BARS),
            Self::CorrelationWindow => of(&settings::CORRELATION_WINDOW_BARS),
            Self::TestLookback => of(&settings::TEST_LOOKBACK_BARS),
            Self::MaxCarried => of(&settings::MAX_CARRIED_BARS),
            Self::Threshold => of(&settings::Z_THRESHOLD),
            Self::Hysteresis => of(&settings::Z_HYSTERESIS),
            Self::Cooldown => of(&settings::ALERT_COOLDOWN_SECS),
            Self::KeepDays => of(&settings::KEEP_DAYS),
            Self::KeepTicks => of(&settings::KEEP_TICKS_HOURS),
        }
    }

    /// Whether the field takes fractions.
    pub const fn fractional(self) -> bool {
        matches!(self, Self::Threshold | Self::Hysteresis)
    }

    /// The number in `settings` as text, the shortest that reads back the same.
    pub fn read(self, settings: &Settings) -> String {
        match self {
            Self::HedgeWindow => settings.hedge_window_bars.to_string(),
            Self::ZWindow => settings.z_window_bars.to_string(),
            Self::CorrelationWindow => settings.correlation_window_bars.to_string(),
            Self::TestLookback => settings.test_lookback_bars.to_string(),
            Self::MaxCarried => settings.max_carried_bars.to_string(),
            Self::Threshold => settings.z_threshold.to_string(),
            Self::Hysteresis => settings.z_hysteresis.to_string(),
            Self::Cooldown => settings.alert_cooldown_secs.to_string(),
            Self::KeepDays => settings.keep_days.to_string(),
            Self::KeepTicks => settings.keep_ticks_hours.to_string(),
        }
    }

    /// Puts the number that `text` says into `settings`; whether it is in range is not asked here.
    ///
    /// # Errors
    /// [`SettingsError`] when it is no number.
    pub fn write(self, settings: &mut Settings, text: &str) -> Result<(), SettingsError> {
        let text = text.trim();
        let refusal = |what: &str| SettingsError {
            field: self.name().to_owned(),
            message: format!("{} must be {what}, was {text:?}", self.label()),
        };
        if self.fractional() {
            let value: f64 = text.replace(',', ".").parse().ok().ok_or_else(|| refusal("a number"))?;
            match self {
                Self::Threshold => settings.z_threshold = value,
                _ => settings.z_hysteresis = value,
            }
            return Ok(());
        }
        let value: usize = text.parse().ok().ok_or_else(|| refusal("a whole number"))?;
        match self {
            Self::HedgeWindow => settings.hedge_window_bars = value,
            Self::ZWindow => settings.z_window_bars = value,
            Self::CorrelationWindow => settings.correlation_window_bars = value,
            Self::TestLookback => settings.test_lookback_bars = value,
            Self::MaxCarried => settings.max_carried_bars = value,
            Self::KeepDays => settings.keep_days = value,
            Self::KeepTicks => settings.keep_ticks_hours = value,
            Self::Cooldown | Self::Threshold | Self::Hysteresis => settings.alert_cooldown_secs = value,
        }
        Ok(())
    }
}
