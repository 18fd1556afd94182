//! The evidence on a pair: every test of `stats` on the sample that the engine's own tests use.
//!
//! It is computed on demand, one test per call, so that frames do not wait: see [`Job`].

mod compute;
mod figures;
pub(super) mod found;
mod job;
mod kind;
mod margins;
mod put_in;
mod report;
mod runner;
mod sample;
mod slower;

pub use figures::{Figure, figures};
pub use found::{
    Bounds, Estimate, Found, HalfLifeFound, PValue, RankFound, RankStep, Reversion, Stance, TestFound,
};
pub use job::Job;
pub use kind::{EvidenceKind, Group};
pub use put_in::PutIn;
pub use report::{Answer, Beside, Evidence, EvidenceOptions, Examined, Finding, FitDirection};
pub use runner::{Examine, Runner};
pub use sample::EvidenceSample;
pub use slower::{next_slower, slower_sample};
