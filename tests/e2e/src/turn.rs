//! Which tests run beside each other. Each has a browser, an exchange and a folder of its own; those that count what
//! a page does within a time have the machine to themselves.

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

static TURN: RwLock<()> = RwLock::const_new(());

/// Waits until no test runs that wants to be alone, and keeps such tests waiting while it is held.
pub async fn beside() -> RwLockReadGuard<'static, ()> {
    TURN.read().await
}

/// Waits until no other test runs, and keeps all others waiting while it is held.
pub async fn alone() -> RwLockWriteGuard<'static, ()> {
    TURN.write().await
}
