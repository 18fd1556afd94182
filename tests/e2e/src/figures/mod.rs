//! The figures that are measured, in groups.

mod bench;
mod lighthouse;
mod repair;
mod responsiveness;
mod soak;
pub mod start;
mod statistics;
mod stored;
pub mod yardstick;

use crate::browser::{Trouble, workspace};
use crate::budget::{Budget, Figure};
use crate::desk::Desk;
use crate::{first_load, views};
use spreadscope_exchange::tape::synthetic;
use spreadscope_exchange::{Config, Tape};

/// Figures that are measured together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// What a first visit downloads.
    Bytes,
    /// The engine's wasm in a worker.
    Engine,
    /// A start, interactions, and the main thread's tasks.
    Page,
    /// What is stored, and a start from it.
    Stored,
    /// Filling a gap of ten minutes.
    Repair,
    /// What axe-core finds in all views.
    Axe,
    /// Lighthouse's scores.
    Lighthouse,
    /// Memory over a day of market time; measured only when named, because it takes minutes.
    Soak,
}

impl Group {
    /// All groups.
    pub const ALL: [Self; 8] = [
        Self::Bytes,
        Self::Engine,
        Self::Page,
        Self::Stored,
        Self::Repair,
        Self::Axe,
        Self::Lighthouse,
        Self::Soak,
    ];

    /// Returns its name on the command line and in `target/measure.json`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Engine => "engine",
            Self::Page => "page",
            Self::Stored => "stored",
            Self::Repair => "repair",
            Self::Axe => "axe",
            Self::Lighthouse => "lighthouse",
            Self::Soak => "soak",
        }
    }

    /// Returns the named groups; all except the soak if none is named.
    ///
    /// # Errors
    /// A name is not that of a group.
    pub fn parse(names: &[String]) -> Result<Vec<Self>, Trouble> {
        let known = |name: &String| Self::ALL.iter().any(|group| group.name() == name);
        if let Some(unknown) = names.iter().find(|name| !known(name)) {
            return Err(format!("there is no group {unknown:?}").into());
        }
        let chosen = |group: &Self| match names {
            [] => *group != Self::Soak,
            names => names.iter().any(|name| name == group.name()),
        };
        Ok(Self::ALL.into_iter().filter(chosen).collect())
    }

    /// Measures the group.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn measure(self, budget: &Budget) -> Result<Vec<Figure>, Trouble> {
        match self {
            Self::Bytes => bytes(budget),
            Self::Engine => bench::figures(budget).await,
            Self::Stored => stored::figures(budget).await,
            Self::Lighthouse => lighthouse::figures(seeded(), budget).await,
            Self::Soak => soak::figures(budget).await,
            Self::Page | Self::Repair | Self::Axe => {
                let desk =
                    Desk::start(&format!("measure-{}", self.name()), seeded(), Config::default()).await?;
                let figures = self.of_desk(&desk, budget).await?;
                desk.close().await?;
                Ok(figures)
            }
        }
    }

    async fn of_desk(self, desk: &Desk, budget: &Budget) -> Result<Vec<Figure>, Trouble> {
        let mut figures = start::figures(desk).await?;
        match self {
            Self::Page => figures.extend(responsiveness::figures(desk, budget).await?),
            Self::Repair => figures = repair::figures(desk).await?,
            _ => {
                let faults = views::faults(desk).await?;
                for fault in &faults {
                    println!("{fault}");
                }
                let ceiling = budget.ceiling("axe_violations")?;
                figures = vec![Figure::at_most(
                    "axe violations, all views",
                    faults.len() as f64,
                    "faults",
                    ceiling,
                )];
            }
        }
        Ok(figures)
    }
}

fn bytes(budget: &Budget) -> Result<Vec<Figure>, Trouble> {
    let kinds = first_load::bytes(&workspace().join("dist"))?;
    let mut figures = Vec::new();
    for (kind, sent) in &kinds {
        let name = format!("{kind}, brotli");
        let ceiling = match *kind {
            first_load::MODULE => Some("first_load_module_brotli_bytes"),
            first_load::LATER => Some("later_brotli_bytes"),
            _ => None,
        };
        figures.push(match ceiling {
            Some(ceiling) => Figure::at_most(&name, sent.brotli as f64, "bytes", budget.ceiling(ceiling)?),
            None => Figure::plain(&name, sent.brotli as f64, "bytes"),
        });
        figures.push(Figure::plain(&format!("{kind}, gzip"), sent.gzip as f64, "bytes"));
    }
    for (moment, sent, ceiling) in [
        ("chart", first_load::before_chart(&kinds), "first_load"),
        ("verdict", first_load::before_verdict(&kinds), "first_verdict"),
    ] {
        for (form, bytes) in [("brotli", sent.brotli), ("gzip", sent.gzip)] {
            let name = format!("before the first {moment}, {form}");
            let ceiling = budget.ceiling(&format!("{ceiling}_{form}_bytes"))?;
            figures.push(Figure::at_most(&name, bytes as f64, "bytes", ceiling));
        }
    }
    Ok(figures)
}

/// Returns a tape with a day of history and hours to come.
fn seeded() -> Tape {
    synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soak_is_measured_only_when_it_is_named() {
        let groups = |names: &[&str]| {
            Group::parse(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).ok()
        };
        assert!(groups(&[]).is_some_and(|all| all.len() == 7 && !all.contains(&Group::Soak)));
        assert_eq!(groups(&["soak", "bytes"]), Some(vec![Group::Bytes, Group::Soak]));
        assert_eq!(groups(&["speed"]), None);
    }
}
