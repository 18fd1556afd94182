//! What a state machine puts out, performed in its order.

use std::cell::Cell;

/// Whether outputs are being performed: what comes of one waits for its turn.
#[derive(Debug, Default)]
pub struct Performing(Cell<bool>);

impl Performing {
    /// Performs all that `poll` gives. The machine is free meanwhile: `perform` may hand it an input, whose outputs
    /// come after those that are there.
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
