//! The tests of the evidence, in their groups.

use crate::Settings;
use serde::{Deserialize, Serialize};

/// A test or measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EvidenceKind {
    /// Engle-Granger, y regressed on x.
    EngleGrangerYOnX,
    /// Engle-Granger, x regressed on y.
    EngleGrangerXOnY,
    /// Johansen's trace statistic.
    JohansenTrace,
    /// Johansen's largest eigenvalue.
    JohansenMaxEigenvalue,
    /// Phillips-Ouliaris, `Z_t`.
    PhillipsOuliaris,
    /// Augmented Dickey-Fuller on the residual.
    Adf,
    /// DF-GLS on the residual.
    DfGls,
    /// Phillips-Perron on the residual.
    PhillipsPerron,
    /// KPSS on the residual, whose null is stationarity.
    Kpss,
    /// Half-life of the residual with its intervals.
    HalfLife,
    /// Ornstein-Uhlenbeck process fitted to the residual.
    OrnsteinUhlenbeck,
    /// Variance ratio of the residual.
    VarianceRatio,
    /// Hurst exponent of the residual.
    Hurst,
    /// Crossings of the residual's mean.
    MeanCrossings,
    /// Zivot-Andrews on the residual.
    ZivotAndrews,
    /// Share of the past lookbacks that were cointegrated.
    PastShare,
}

/// The question that a test answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Group {
    /// Are the legs cointegrated?
    Together,
    /// Is the spread stationary?
    Stationary,
    /// How does it revert?
    Reversion,
    /// Did it break?
    Break,
}

impl Group {
    /// All groups, in panel order.
    pub const ALL: [Self; 4] = [Self::Together, Self::Stationary, Self::Reversion, Self::Break];

    /// The group's word in exports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Together => "together",
            Self::Stationary => "stationary",
            Self::Reversion => "reversion",
            Self::Break => "break",
        }
    }

    /// Bars that its tests use under `settings`.
    pub fn lookback_bars(self, settings: &Settings) -> usize {
        let own = match self {
            Self::Together => settings.together_bars,
            Self::Stationary => settings.stationary_bars,
            Self::Reversion => settings.reversion_bars,
            Self::Break => settings.break_bars,
        };
        own.unwrap_or(settings.test_lookback_bars)
    }

    /// Bars that the longest group uses under `settings`.
    pub fn longest_lookback_bars(settings: &Settings) -> usize {
        Self::ALL.map(|group| group.lookback_bars(settings)).into_iter().max().unwrap_or(0)
    }

    /// Its tests, in panel order.
    pub fn kinds(self) -> impl Iterator<Item = EvidenceKind> {
        EvidenceKind::ALL.into_iter().filter(move |kind| kind.group() == self)
    }
}

impl EvidenceKind {
    /// All tests, in panel order.
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

    /// The question that it answers.
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

    /// Whether its result does not depend on which leg the sample's fits regress on the other.
    pub const fn is_of_both_directions(self) -> bool {
        matches!(
            self,
            Self::EngleGrangerYOnX
                | Self::EngleGrangerXOnY
                | Self::JohansenTrace
                | Self::JohansenMaxEigenvalue
        )
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
