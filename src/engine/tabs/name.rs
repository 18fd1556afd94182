//! The names of locks, channels and databases, such that incompatible tabs never share one.

use crate::Settings;
use crate::messages::protocol::PROTOCOL;
use crate::settings::Source;

/// The names of one deployment of the page; two deployments on one origin stay separate.
#[derive(Debug, Clone)]
pub struct Names {
    /// The folder of the deployment, `/` or `/sub/path/`.
    folder: String,
}

impl Names {
    /// The names of the deployment from which the module at `module_url` was loaded.
    pub fn of(module_url: &str) -> Self {
        let path = module_url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
        let folder = path.and_then(|path| path.rfind('/').map(|end| &path[..=end])).unwrap_or("/");
        Self { folder: folder.to_owned() }
    }

    /// The group of `settings`, which names its lock and its channel. Tabs with another protocol have another
    /// group, since they would not understand each other. `own` is a number unique to this tab.
    pub(super) fn group(&self, settings: &Settings, own: u64) -> String {
        let Self { folder } = self;
        // a recording belongs to this tab only
        if settings.source == Source::Recording {
            return format!("spreadscope{folder}{PROTOCOL}/recording/{own}");
        }
        let venue = settings.source.venue().unwrap_or_default();
        format!("spreadscope{folder}{PROTOCOL}/{venue}/{}/{}", settings.pair.y, settings.pair.x)
    }

    /// The channel for the weight spent by tabs of all groups and deployments, since the exchange counts by IP
    /// address.
    pub fn weight() -> String {
        format!("spreadscope/{PROTOCOL}/weight")
    }

    /// The channel for protocol numbers, which is the same in every version.
    pub fn versions(&self) -> String {
        format!("spreadscope{}version", self.folder)
    }

    /// The name of the database.
    pub fn database(&self) -> String {
        format!("spreadscope{}", self.folder.trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Pair;
    use std::collections::BTreeSet;

    #[test]
    fn two_deployments_on_one_origin_share_the_request_weight_and_nothing_else() {
        let settings = Settings::default();
        let deployments = [
            "http://example.org/app-1.js",
            "http://example.org/spreadscope/app-1.js",
            "http://example.org/spreadscope/next/app-1.js",
        ];
        let mut names = BTreeSet::new();
        for url in deployments {
            let of = Names::of(url);
            assert!(names.insert([of.group(&settings, 7), of.versions(), of.database()]), "{url}");
        }
        assert_eq!(names.iter().flatten().collect::<BTreeSet<_>>().len(), 9, "{names:?}");
        // a deployment at the root finds its database in every version
        assert_eq!(Names::of("http://example.org/app-1.js").database(), "spreadscope");
        assert_eq!(Names::of("https://example.org/a/b/app-1.js").database(), "spreadscope/a/b");
        let same = Names::of("https://example.org/a/b/other-2.js");
        assert_eq!(same.versions(), Names::of("https://example.org/a/b/app-1.js").versions());
    }

    #[test]
    fn an_address_without_a_path_is_the_root() {
        for url in ["", "http://example.org", "app.js", "blob:"] {
            assert_eq!(Names::of(url).database(), "spreadscope", "{url}");
        }
    }

    #[test]
    fn pairs_sources_and_recordings_are_groups_of_their_own() {
        let names = Names::of("http://example.org/app-1.js");
        let btc_eth = Settings::default();
        let Pair { y, x } = btc_eth.pair.clone();
        let swapped = Settings { pair: Pair { y: x, x: y }, ..btc_eth.clone() };
        let us = Settings { source: Source::BinanceUs, ..btc_eth.clone() };
        let recording = Settings { source: Source::Recording, ..btc_eth.clone() };
        let groups = [(&btc_eth, 1), (&swapped, 1), (&us, 1), (&recording, 1), (&recording, 2)];
        let groups: BTreeSet<String> = groups.map(|(settings, own)| names.group(settings, own)).into();
        assert_eq!(groups.len(), 5, "{groups:?}");
        assert_eq!(names.group(&btc_eth, 1), names.group(&btc_eth, 2));
    }
}
