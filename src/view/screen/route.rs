//! The page's own addresses: the desk, the backtest, and the inspector's views.

use spreadscope_engine::Symbol;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Route {
    /// The desk.
    #[default]
    Desk,
    /// The backtest.
    Backtest,
    /// One of the inspector's views.
    Inspect(View),
    /// `/scanner`: many pairs at once.
    Scanner,
}

/// A view of the inspector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum View {
    /// `/ticks/BTCUSDT`: the newest trades of a leg.
    Ticks(Symbol),
    /// `/analytics/spread`: the newest closed bars with spread and z.
    Spread,
    /// `/analytics/adf`: the tests.
    Adf,
    /// `/alert/zscore`: the threshold and the alerts on z.
    ZScoreAlert,
    /// `/feed`: the connection.
    Feed,
}

impl Route {
    /// Returns the route of a path, such as `/analytics/spread`; the desk is `/` or empty.
    ///
    /// # Errors
    /// A clause when there is no such view.
    pub fn parse(path: &str) -> Result<Self, String> {
        let words: Vec<&str> = path.split('/').filter(|word| !word.is_empty()).collect();
        let view = match words[..] {
            [] => return Ok(Self::Desk),
            ["backtest"] => return Ok(Self::Backtest),
            ["ticks", symbol] => View::Ticks(Symbol::new(symbol).map_err(|error| error.to_string())?),
            ["analytics", "spread"] => View::Spread,
            ["analytics", "adf"] => View::Adf,
            ["alert", "zscore"] => View::ZScoreAlert,
            ["feed"] => View::Feed,
            ["scanner"] => return Ok(Self::Scanner),
            _ => {
                let shown: String = path.chars().take(40).collect();
                return Err(format!("there is no view {shown:?}"));
            }
        };
        Ok(Self::Inspect(view))
    }

    /// Returns the path that [`Self::parse`] reads.
    pub fn path(&self) -> String {
        match self {
            Self::Desk => "/".to_owned(),
            Self::Scanner => "/scanner".to_owned(),
            Self::Backtest => "/backtest".to_owned(),
            Self::Inspect(View::Ticks(symbol)) => format!("/ticks/{symbol}"),
            Self::Inspect(View::Spread) => "/analytics/spread".to_owned(),
            Self::Inspect(View::Adf) => "/analytics/adf".to_owned(),
            Self::Inspect(View::ZScoreAlert) => "/alert/zscore".to_owned(),
            Self::Inspect(View::Feed) => "/feed".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_view_has_its_address() {
        let ticks = View::Ticks(Symbol::new("BTCUSDT").unwrap());
        for view in [ticks, View::Spread, View::Adf, View::ZScoreAlert, View::Feed] {
            let route = Route::Inspect(view);
            assert_eq!(Route::parse(&route.path()), Ok(route));
        }
        assert_eq!(Route::parse("/scanner"), Ok(Route::Scanner));
        assert_eq!(Route::parse(&Route::Scanner.path()), Ok(Route::Scanner));
        assert_eq!(Route::parse(&Route::Backtest.path()), Ok(Route::Backtest));
        assert_eq!(Route::parse(""), Ok(Route::Desk));
        assert_eq!(Route::parse(&Route::Desk.path()), Ok(Route::Desk));
        assert_eq!(Route::parse("/ticks/btcusdt").map(|route| route.path()), Ok("/ticks/BTCUSDT".into()));
    }

    #[test]
    fn an_address_that_leads_nowhere_is_named() {
        assert_eq!(Route::parse("/orders"), Err("there is no view \"/orders\"".into()));
        assert!(Route::parse("/ticks/<script>").is_err_and(|error| error.contains("<script>")));
        assert!(Route::parse(&"/a".repeat(900)).is_err_and(|error| error.len() < 80));
    }
}
