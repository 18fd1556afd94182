//! What the user can set, one file per control.

pub mod awake;
pub mod bar;
pub mod export;
pub mod import;
pub mod pair_picker;
pub mod pairs;
pub mod settings;
pub mod settings_field;
pub mod test_fields;
pub mod theme;
