//! What is stored, and whether it will stay, in words.

use crate::view::feed::status::{Banner, WayOut};
use crate::view::numbers::calendar;
use crate::view::numbers::format::{self, ABSENT};
use crate::view::numbers::lines::{Line, line};
use spreadscope_engine::Symbol;
use spreadscope_engine::archive::{StorageMode, StorageStatus};
use spreadscope_engine::messages::protocol::Role;

/// Whether the page opens without network.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Offline {
    /// Not known yet.
    #[default]
    Unknown,
    /// Its files are kept.
    Ready,
    /// Its files are not kept.
    Unavailable {
        /// Why, as a clause.
        reason: String,
    },
}

/// Network, stored files and the tab's role.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// Whether the browser has a network.
    pub online: bool,
    /// Whether the page opens without one.
    pub offline: Offline,
    /// This tab's role among the tabs of its group.
    pub role: Role,
}

/// Returns the state in a word, for the panel's head.
pub fn state_label(status: Option<&StorageStatus>) -> &'static str {
    match status.map(|status| &status.mode) {
        None | Some(StorageMode::Opening) => "opening",
        Some(StorageMode::Stored) => "on",
        Some(StorageMode::NotKept) => "not for this source",
        Some(StorageMode::Memory { .. }) => "in memory only",
    }
}

/// Returns the lines of the storage panel, always the same ones, so that the layout stays still.
pub fn lines(status: Option<&StorageStatus>, around: &Surroundings) -> Vec<Line> {
    let shown = |text: Option<String>| text.unwrap_or_else(|| ABSENT.to_owned());
    let usage = status.and_then(|status| status.usage_bytes).map(|bytes| format::bytes(bytes as f64));
    let quota = status.and_then(|status| status.quota_bytes).map(|bytes| format::bytes(bytes as f64));
    let taken = usage.zip(quota).map(|(usage, quota)| format!("{usage} of {quota}"));
    let persistent = status.and_then(|status| status.persistent).map(|persistent| {
        if persistent { "yes, the browser has promised" } else { "until space runs short" }.to_owned()
    });
    let oldest = status.and_then(|status| status.oldest).map(|oldest| calendar::iso(oldest.0));
    let spans = status.filter(|status| status.spans > 0).map(|status| format::count(status.spans as u64));
    let deleted = status
        .filter(|status| status.deleted_for_room > 0)
        .map(|status| format!("{} of the oldest", format::count(status.deleted_for_room as u64)));
    let written = status
        .and_then(|status| status.last_write_local)
        .map(|time| format!("{} UTC", calendar::clock(time.0)));
    let without_network = match &around.offline {
        Offline::Unknown => "not ready yet".to_owned(),
        Offline::Ready => "opens".to_owned(),
        Offline::Unavailable { reason } => format!("does not open: {reason}"),
    };
    let part = match around.role {
        Role::Leader => "this tab connects and writes",
        Role::Follower => "another tab connects and writes",
        Role::Outdated => "a newer version in another tab connects and writes",
    };
    vec![
        line("usage", "Space used", shown(taken)),
        line("persistent", "Kept", shown(persistent)),
        line("oldest", "History from", shown(oldest)),
        line("spans", "Records stored", shown(spans)),
        line("deleted", "Spans deleted for space", shown(deleted)),
        line("written", "Last written", shown(written)),
        line("offline", "Without network", without_network),
        line("role", "Tabs of this pair", part),
    ]
}

/// Returns the outcome of asking the browser to keep the data permanently.
pub fn persist_outcome(response: &Result<bool, String>) -> String {
    match response {
        Ok(true) => "The browser will keep it, even when space runs short.".to_owned(),
        Ok(false) => {
            "The browser has not agreed. It may do so once the page is installed or visited more often."
                .to_owned()
        }
        Err(reason) => format!("The browser could not be asked: {reason}."),
    }
}

/// Returns what is wrong with the store, if anything; the page works without it.
pub fn banners(status: Option<&StorageStatus>) -> Vec<Banner> {
    let Some(status) = status else { return Vec::new() };
    let StorageStatus { mode, problem, unreadable, .. } = status;
    let mut banners = Vec::new();
    if let StorageMode::Memory { reason } = mode {
        banners.push(Banner {
            title: "Not stored",
            text: format!("Everything works, but nothing is kept when this page is closed: {reason}."),
            ways_out: vec![WayOut::Reload],
        });
    }
    let troubles = [
        ("Storage", problem),
        ("Import not stored", &imports_without_room(status)),
        ("Import not stored", &imports_failed(status)),
        ("Unreadable record", unreadable),
    ];
    for (title, text) in troubles {
        banners.extend(text.iter().map(|text| Banner { title, text: text.clone(), ways_out: Vec::new() }));
    }
    banners
}

fn imports_without_room(status: &StorageStatus) -> Option<String> {
    named(&status.imports_without_room).map(|names| {
        format!(
            "There is no space to store the imported recording of {names}: it is here until this page is closed. Delete \
             other imports or stored history and import it again to keep it."
        )
    })
}

fn imports_failed(status: &StorageStatus) -> Option<String> {
    named(&status.imports_failed).map(|names| {
        format!(
            "The browser's database has repeatedly failed to store the imported recording of {names}: it is here \
             until this page is closed. Import it again to keep it."
        )
    })
}

fn named(symbols: &[Symbol]) -> Option<String> {
    let names: Vec<&str> = symbols.iter().map(Symbol::as_str).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use spreadscope_engine::UnixMillis;

    fn status() -> StorageStatus {
        StorageStatus {
            mode: StorageMode::Stored,
            usage_bytes: Some(12_400_000),
            quota_bytes: Some(5_000_000_000),
            persistent: Some(false),
            oldest: Some(UnixMillis(1_700_000_000_000)),
            spans: 1_234,
            last_write_local: Some(UnixMillis(1_700_000_005_000)),
            problem: None,
            deleted_for_room: 48,
            imports_without_room: Vec::new(),
            imports_failed: Vec::new(),
            unreadable: None,
        }
    }

    #[test]
    fn the_same_lines_stand_there_before_anything_is_known() {
        let keys = |status: Option<&StorageStatus>| -> Vec<&'static str> {
            lines(status, &Surroundings::default()).into_iter().map(|line| line.key).collect()
        };
        assert_eq!(keys(None), keys(Some(&status())));
        let around = Surroundings { online: true, offline: Offline::Ready, role: Role::Follower };
        let values: Vec<String> =
            lines(Some(&status()), &around).into_iter().map(|line| line.value).collect();
        assert_eq!(values[0], "12.4 MB of 5.0 GB");
        assert_eq!(values[1], "until space runs short");
        assert_eq!(values[4], "48 of the oldest");
        assert_eq!(values[7], "another tab connects and writes");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_reason_and_what_is_right_is_not() {
        assert_eq!(banners(None), []);
        assert_eq!(banners(Some(&status())), []);
        let memory = StorageStatus {
            mode: StorageMode::Memory { reason: "this browser keeps no data".to_owned() },
            unreadable: Some("The stored record x could not be read.".to_owned()),
            imports_without_room: vec![Symbol::new("KO").unwrap(), Symbol::new("PEP").unwrap()],
            imports_failed: vec![Symbol::new("SPY").unwrap()],
            ..status()
        };
        let shown = banners(Some(&memory));
        assert_eq!(shown.len(), 4);
        assert!(shown[1].text.contains("recording of KO, PEP: it is here until"), "{}", shown[1].text);
        assert!(
            shown[2].text.contains("repeatedly failed to store the imported recording of SPY"),
            "{}",
            shown[2].text
        );
        assert!(
            shown[0].text.contains("this browser keeps no data")
                && shown[0].text.contains("Everything works")
        );
        assert_eq!(state_label(Some(&memory)), "in memory only");
        assert!(persist_outcome(&Ok(false)).contains("not agreed"));
    }
}
