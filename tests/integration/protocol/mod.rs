//! The messages between page and worker and between tabs, guarded by their bytes: a message that changes
//! without a new protocol number would be misread by a tab that is already open.
//!
//! `tests/fixtures/protocol.txt` holds the shape of every type in them and the bytes of every variant. After a
//! change:
//! raise `PROTOCOL` in `src/engine/messages/protocol.rs`, then
//! `SPREADSCOPE_RENEW=1 cargo test -p spreadscope --test integration protocol`.

mod shapes;

use serde::{Deserialize, Serialize};
use shapes::Shapes;
use spreadscope_engine::backtest::bench::message;
use spreadscope_engine::messages::protocol::{BetweenTabs, PROTOCOL, ToEngine, ToPage};
use spreadscope_engine::replay;
use spreadscope_engine::scan::scanner;
use std::path::PathBuf;

const HOW: &str = "raise PROTOCOL in src/engine/messages/protocol.rs, then renew the golden bytes by \
                   `SPREADSCOPE_RENEW=1 cargo test -p spreadscope --test integration protocol`";

fn golden_file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/protocol.txt")
}

/// Returns all current messages.
fn current() -> String {
    let mut lines = vec![format!("protocol {PROTOCOL}")];
    let mut section = |name: &str, shapes: Shapes| {
        lines.push(format!("\n# {name}"));
        lines.extend(shapes.lines());
    };
    let mut outer = Shapes::default();
    outer.explore::<ToEngine>();
    outer.explore::<ToPage>();
    outer.explore::<BetweenTabs>();
    section("between page and worker, and between tabs", outer);
    section(
        "within Command::Replay and Event::Replay",
        Shapes::of::<replay::ReplayCommand>().and::<replay::State>(),
    );
    section(
        "within Command::Scan and Event::Scan",
        Shapes::of::<scanner::ScanCommand>().and::<scanner::News>(),
    );
    section(
        "within Command::Backtest and Event::Backtest",
        Shapes::of::<message::BacktestCommand>().and::<message::BacktestReport>(),
    );
    lines.join("\n") + "\n"
}

/// Compares the current messages with the stored ones, each under a protocol number.
fn compare(kept: &str, now: &str) -> Result<(), String> {
    let number = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    if kept == now {
        return Ok(());
    }
    if number(kept) != number(now) {
        return Err(format!("{}, and the golden bytes are of {}", number(now), number(kept)));
    }
    let changed = now.lines().find(|line| !kept.lines().any(|known| known == *line));
    let gone = kept.lines().find(|line| !now.lines().any(|known| known == *line));
    Err(format!(
        "messages have changed under the same number:\n  is  {}\n  was {}",
        changed.unwrap_or("(nothing new)"),
        gone.unwrap_or("(nothing gone)")
    ))
}

#[test]
fn no_message_changes_without_a_new_protocol_number() {
    let now = current();
    let kept = std::fs::read_to_string(golden_file()).unwrap_or_default();
    let Err(reason) = compare(&kept, &now) else { return };
    let is_new_number = kept.lines().next() != now.lines().next();
    if std::env::var_os("SPREADSCOPE_RENEW").is_some() && is_new_number {
        std::fs::write(golden_file(), now).unwrap();
        return;
    }
    panic!("{reason}\n{HOW}");
}

/// Returns the messages of `T` as a text under the number 1.
fn text_of<T: Serialize + for<'a> Deserialize<'a>>() -> String {
    format!("protocol 1\n{}", Shapes::of::<T>().lines().join("\n"))
}

mod planted {
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    pub(super) enum Message {
        Hello { protocol: u16, build: u16 },
    }

    pub(super) mod with_a_variant {
        use super::{Deserialize, Serialize};
        #[derive(Serialize, Deserialize)]
        pub(crate) enum Message {
            Hello { protocol: u16, build: u16 },
            Bye,
        }
    }

    pub(super) mod with_fields_swapped {
        use super::{Deserialize, Serialize};
        #[derive(Serialize, Deserialize)]
        pub(crate) enum Message {
            Hello { build: u16, protocol: u16 },
        }
    }

    pub(super) mod with_a_wider_field {
        use super::{Deserialize, Serialize};
        #[derive(Serialize, Deserialize)]
        pub(crate) enum Message {
            Hello { protocol: u16, build: Option<u16> },
        }
    }
}

#[test]
fn a_variant_more_a_field_moved_and_a_type_changed_are_each_seen() {
    let kept = text_of::<planted::Message>();
    assert_eq!(compare(&kept, &kept), Ok(()));
    for changed in [
        text_of::<planted::with_a_variant::Message>(),
        text_of::<planted::with_fields_swapped::Message>(),
        text_of::<planted::with_a_wider_field::Message>(),
    ] {
        let reason = compare(&kept, &changed).unwrap_err();
        assert!(reason.contains("changed under the same number"), "{reason}");
    }
    let renewed = kept.replace("protocol 1\n", "protocol 2\n");
    assert_eq!(compare(&kept, &renewed).unwrap_err(), "protocol 2, and the golden bytes are of protocol 1");
}

#[test]
fn every_variant_of_the_messages_has_its_bytes() {
    let text = current();
    for line in [
        "bytes ToEngine::Ping = 02",
        "bytes ToPage::Pong = 03",
        "bytes BetweenTabs::Join = 00",
        "bytes Command::RunTests = 0101",
    ] {
        assert!(text.lines().any(|known| known == line), "{line} is not in\n{text}");
    }
    let enums = text.lines().filter(|line| line.starts_with("enum "));
    let variants: usize = enums.map(|line| line.matches(" | ").count() + 1).sum();
    assert_eq!(text.lines().filter(|line| line.starts_with("bytes ")).count(), variants);
}
