//! The tests of the evidence, in their groups.

use crate::Settings;
use serde::{Deserialize, Serialize};

/// A test, or a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EvidenceKind {
    /// Engle-Granger, y explained by x.
    EngleGrangerYOnX,
    /// Engle-Granger, x explained by y.
    EngleGrangerXOnY,
    /// Johansen's trace statistic.
    JohansenTrace,
    /// Johansen's largest eigenvalue.
    JohansenMaxEigenvalue,
    /// Phillips-Ouliaris, `Z_t`.
    PhillipsOuliaris,
    /// Augmented Dickey-Fuller on the residual.
    Adf,
    /// Dickey-Fuller after GLS detrending, on the residual.
    DfGls,
    /// Phillips-Perron on the residual.
    PhillipsPerron,
    /// KPSS on the residual, whose null is stationarity.
    Kpss,
    /// Half-life of the residual with its intervals.
    HalfLife,
    /// Ornstein-Uhlenbeck process behind the residual.
    OrnsteinUhlenbeck,
    /// Variance ratio of the residual.
    VarianceRatio,
    /// Hurst exponent of the residual.
    Hurst,
    /// Crossings of the mean.
    MeanCrossings,
    /// Zivot-Andrews on the residual.
    ZivotAndrews,
    /// Share of the past lookbacks that were cointegrated.
    PastShare,
}

/// What a test is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Group {
    /// Do the two hold together?
    Together,
    /// Is the spread stationary?
    Stationary,
    /// How does it come back?
    Reversion,
    /// Did it break?
    Break,
}

impl Group {
    /// All groups, in the order of the panel.
    pub const ALL: [Self; 4] = [Self::Together, Self::Stationary, Self::Reversion, Self::Break];

    /// The group in one word, as it is exported.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Together => "together",
            Self::Stationary => "stationary",
            Self::Reversion => "reversion",
            Self::Break => "break",
        }
    }

    /// Bars that its tests look at under `settings`.
    pub fn lookback_bars(self, settings: &Settings) -> usize {
        let own = match self {
            Self::Together => settings.together_bars,
            Self::Stationary => settings.stationary_bars,
            Self::Reversion => settings.reversion_bars,
            Self::Break => settings.break_bars,
        };
        own.unwrap_or(settings.test_lookback_bars)
    }

    /// Bars that all groups together look at under `settings`.
    pub fn longest_lookback_bars(settings: &Settings) -> usize {
        Self::ALL.map(|group| group.lookback_bars(settings)).into_iter().max().unwrap_or(0)
    }

    /// Its tests, in the order of the panel.
    pub fn kinds(self) -> impl Iterator<Item = EvidenceKind> {
        EvidenceKind::ALL.into_iter().filter(move |kind| kind.group() == self)
    }
}

impl EvidenceKind {
    /// All tests, in the order of the panel.
    pub const ALL: [Self; 16] = [
        Self::EngleGrangerYOnX,
        Self::EngleGrangerXOnY,
        Self::JohansenTrace,
        Self::JohansenMaxEigenvalue,
        Self::PhillipsOuliaris,
        Self::Adf,
        Self::DfGls,
        Self::PhillipsPerron,
        Self::Kpss,
        Self::HalfLife,
        Self::OrnsteinUhlenbeck,
        Self::VarianceRatio,
        Self::Hurst,
        Self::MeanCrossings,
        Self::ZivotAndrews,
        Self::PastShare,
    ];

    /// What it is asked.
    pub const fn group(self) -> Group {
        match self {
            Self::EngleGrangerYOnX
            | Self::EngleGrangerXOnY
            | Self::JohansenTrace
            | Self::JohansenMaxEigenvalue
            | Self::PhillipsOuliaris => Group::Together,
            Self::Adf | Self::DfGls | Self::PhillipsPerron | Self::Kpss => Group::Stationary,
            Self::HalfLife
            | Self::OrnsteinUhlenbeck
            | Self::VarianceRatio
            | Self::Hurst
            | Self::MeanCrossings => Group::Reversion,
            Self::ZivotAndrews | Self::PastShare => Group::Break,
        }
    }

    /// The name in tables and exports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EngleGrangerYOnX => "engle_granger_y_on_x",
            Self::EngleGrangerXOnY => "engle_granger_x_on_y",
            Self::JohansenTrace => "johansen_trace",
            Self::JohansenMaxEigenvalue => "johansen_max_eigenvalue",
            Self::PhillipsOuliaris => "phillips_ouliaris",
            Self::Adf => "adf",
            Self::DfGls => "df_gls",
            Self::PhillipsPerron => "phillips_perron",
            Self::Kpss => "kpss",
            Self::HalfLife => "half_life",
            Self::OrnsteinUhlenbeck => "ornstein_uhlenbeck",
            Self::VarianceRatio => "variance_ratio",
            Self::Hurst => "hurst",
            Self::MeanCrossings => "mean_crossings",
            Self::ZivotAndrews => "zivot_andrews",
            Self::PastShare => "past_share",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_stands_in_one_group_and_has_a_name_of_its_own() {
        let grouped: Vec<EvidenceKind> = Group::ALL.into_iter().flat_map(Group::kinds).collect();
        assert_eq!(grouped, EvidenceKind::ALL);
        let mut names = EvidenceKind::ALL.map(EvidenceKind::name);
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }
}
