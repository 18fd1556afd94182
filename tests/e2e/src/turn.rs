//! Which tests run in parallel. Each has a browser, an exchange and a folder of its own; those that count what
//! a page does in a given time have the machine to themselves.

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

static TURN: RwLock<()> = RwLock::const_new(());

/// Waits until no test that must be alone is running, and keeps such tests waiting while the guard is held.
pub async fn beside() -> RwLockReadGuard<'static, ()> {
    TURN.read().await
}

/// Waits until no other test is running, and keeps all others waiting while the guard is held.
pub async fn alone() -> RwLockWriteGuard<'static, ()> {
    TURN.write().await
}
