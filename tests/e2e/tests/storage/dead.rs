//! A database with a dead connection, as in `WebKit`, and one that never opens.

use super::{Done, WRITTEN, tape};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::Config;

/// In the worker: on a message, every open connection starts to throw; new ones work.
const PLANTED: &str = "
        const open = IDBFactory.prototype.open, transaction = IDBDatabase.prototype.transaction;
        let killed = false;
        IDBFactory.prototype.open = function(...named) {
            const request = open.apply(this, named);
            if (killed) request.addEventListener('success', () => { request.result.isNew = true });
            return request;
        };
        IDBDatabase.prototype.transaction = function(...stores) {
            if (killed && !this.isNew) throw new DOMException('The database connection is closing.', 'InvalidStateError');
            return transaction.apply(this, stores);
        };
        new BroadcastChannel('planted').onmessage = () => { killed = true };";

// firebase-js-sdk #4948, remotestorage #1168
#[tokio::test(flavor = "multi_thread")]
async fn a_dead_connection_is_opened_again_and_what_it_failed_to_write_is_written() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("dead-database", tape(), Config::default()).await?;
    desk.browser.plant_in_worker(PLANTED).await?;
    desk.open().await?;
    desk.live(20).await?;
    desk.in_settings(20, "a write", WRITTEN).await?;
    let before = desk.in_settings(5, "when that was", "return line('written')").await?;
    desk.browser.script("new BroadcastChannel('planted').postMessage('kill'); return true").await?;
    let later = format!("return line('written') && line('written') != {before}");
    desk.in_settings(30, "a later write", &later).await?;
    let told = "return [...document.querySelectorAll('[data-banner]')].map(banner => banner.innerText).filter(text => text.includes('not stored')).join()";
    assert_eq!(desk.browser.script(told).await?, "");
    desk.finish().await
}

/// In the worker: the database never answers that it is open.
const SILENT: &str = "
        IDBFactory.prototype.open = () => new EventTarget();";

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_never_opens_is_told_of_and_the_desk_goes_on() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("silent-database", tape(), Config::default()).await?;
    desk.browser.plant_in_worker(SILENT).await?;
    desk.open().await?;
    desk.live(20).await?;
    let told = "return [...document.querySelectorAll('[data-banner=\"Not stored\"]')].map(banner => banner.innerText).find(text => text.includes('has not opened')) || null";
    desk.browser.until(20, "the database in words", told).await?;
    desk.live(5).await?;
    desk.close().await
}
