//! A store of records in memory: the simulation's.

pub(crate) use spreadscope_simulation::Store;
