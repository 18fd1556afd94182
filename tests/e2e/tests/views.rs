//! Every view, drawer and form, in both sizes and schemes, checked by axe-core.

use spreadscope_e2e::browser::Trouble;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::beside;
use spreadscope_e2e::views;
use spreadscope_exchange::Config;
use spreadscope_exchange::tape::synthetic;

#[tokio::test(flavor = "multi_thread")]
async fn no_view_has_a_fault_of_accessibility() -> Result<(), Trouble> {
    let _turn = beside().await;
    let tape = synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 });
    let desk = Desk::start("views", tape, Config::default()).await?;
    desk.open().await?;
    desk.live(20).await?;
    let faults = views::faults(&desk).await?;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    desk.finish().await
}
