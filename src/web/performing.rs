//! Performs the outputs of a state machine in their order.

use std::cell::Cell;

/// Whether outputs are being performed, so that outputs caused by one wait for their turn.
#[derive(Debug, Default)]
pub struct Performing(Cell<bool>);

impl Performing {
    /// Performs every output that `poll` gives. The machine is not borrowed meanwhile: `perform` may give it an
    /// input, whose outputs come after those already there.
    pub fn all<Output>(&self, poll: impl Fn() -> Option<Output>, perform: impl Fn(Output)) {
        if self.0.replace(true) {
            return;
        }
        while let Some(output) = poll() {
            perform(output);
        }
        self.0.set(false);
    }
}
