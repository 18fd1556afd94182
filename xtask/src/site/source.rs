//! Where a built page takes its market data from, and so where it may connect to.

use crate::failure::{Failure, Outcome};

/// Everything that the page connects to when it runs on Binance's or Binance.US's public data, with ports: a
/// policy does not see through them.
const HOSTS: [&str; 8] = [
    "https://data-api.binance.vision",
    "https://api.binance.com",
    "https://api.binance.us",
    "wss://data-stream.binance.vision:443",
    "wss://data-stream.binance.vision:9443",
    "wss://stream.binance.com:443",
    "wss://stream.binance.com:9443",
    "wss://stream.binance.us:9443",
];

/// The source of a page's market data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// Binance; the user may change to Binance.US in the page.
    Binance,
    /// The stand-in exchange on this machine, for development and tests.
    Loopback {
        /// `http://127.0.0.1:PORT`.
        origin: String,
    },
}

impl Source {
    /// The variable that makes `cargo xtask stamp` choose the stand-in exchange.
    pub(crate) const VARIABLE: &'static str = "SPREADSCOPE_LOOPBACK";

    /// The stand-in exchange at an address of this machine.
    ///
    /// # Errors
    /// The address is not `http://127.0.0.1:PORT` or `http://localhost:PORT`.
    pub(crate) fn loopback(origin: &str) -> Outcome<Self> {
        let port =
            origin.strip_prefix("http://127.0.0.1:").or_else(|| origin.strip_prefix("http://localhost:"));
        if port.and_then(|port| port.parse::<u16>().ok()).is_some_and(|port| port > 0) {
            return Ok(Self::Loopback { origin: origin.to_owned() });
        }
        Err(Failure::new(format!("the stand-in exchange must be http://127.0.0.1:PORT, was {origin:?}")))
    }

    /// What the variable says: the stand-in exchange, or Binance when it is not set.
    ///
    /// # Errors
    /// The variable holds no such address.
    pub(crate) fn from_env() -> Outcome<Self> {
        std::env::var(Self::VARIABLE)
            .map_or_else(|_unset| Ok(Self::Binance), |origin| Self::loopback(&origin))
    }

    /// What stands in the page's `<meta name="spreadscope-source">`.
    pub(super) fn meta(&self) -> String {
        match self {
            Self::Binance => "binance".to_owned(),
            Self::Loopback { origin } => format!("loopback:{origin}"),
        }
    }

    /// What the page may connect to besides its own files.
    pub(super) fn hosts(&self) -> Vec<String> {
        match self {
            Self::Binance => HOSTS.map(str::to_owned).to_vec(),
            Self::Loopback { origin } => vec![origin.clone(), origin.replacen("http", "ws", 1)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spreadscope_engine::settings;

    #[test]
    fn the_page_may_connect_to_the_engines_hosts_and_to_no_others() {
        let mut wanted: Vec<String> = [settings::Source::Binance, settings::Source::BinanceUs]
            .iter()
            .flat_map(|source| [source.rest_hosts(), source.stream_hosts()].concat())
            .collect();
        let mut allowed = Source::Binance.hosts();
        wanted.sort();
        allowed.sort();
        assert_eq!(allowed, wanted);
    }

    #[test]
    fn the_stand_in_is_known_to_the_engine_by_what_is_stamped() {
        let source = Source::loopback("http://127.0.0.1:9443").unwrap();
        let read = settings::Source::parse(&source.meta()).unwrap();
        assert_eq!(source.hosts(), [read.rest_hosts(), read.stream_hosts()].concat());
        assert_eq!(settings::Source::parse(&Source::Binance.meta()), Ok(settings::Source::Binance));
    }

    #[test]
    fn only_this_machine_can_stand_in() {
        for origin in
            ["http://example.org:80", "https://127.0.0.1:9443", "http://127.0.0.1", "http://127.0.0.1:0", ""]
        {
            assert!(Source::loopback(origin).is_err(), "{origin}");
        }
    }
}
