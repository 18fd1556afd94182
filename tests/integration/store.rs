//! A store of records in memory, the one of the simulation.

pub(crate) use spreadscope_simulation::Store;
