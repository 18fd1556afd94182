//! The user's choices for the backtest, which links carry as text.

use super::fields;
use super::tab::Tab;
use crate::view::numbers::trade::TradeOptions;
use spreadscope_engine::alert::RuleId;
use spreadscope_engine::backtest::settings::{SETTINGS, Setting, Value};
use spreadscope_engine::backtest::{Axis, Grid, Parameters, Train};
use spreadscope_engine::{Settings, UnixMillis};

/// Times at which a first bar may open: from 1900 to 2100.
const FROM_MILLIS: core::ops::RangeInclusive<i64> = -2_208_988_800_000..=4_102_444_800_000;

/// The surface's axes unless others are chosen.
const AXES: [&str; 2] = ["entry_z", "exit_z"];

/// The choices that differ from the desk's.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The settings changed here and their values, in the order of the form.
    changes: Vec<(&'static str, Value)>,
    /// The alert rule that decides when to enter.
    pub enter_by: Option<RuleId>,
    /// The axes of the surface, down and across.
    pub axes: [&'static str; 2],
    /// Where the training of a walk forward begins.
    pub train: Train,
    /// The tab below the charts.
    pub tab: Tab,
    /// Open time of the first bar that is traded, where older ones than the desk's were loaded, or of a run over given
    /// bars.
    pub from: Option<UnixMillis>,
    /// Open time of the bar after the last of a run over given bars; `None` for all bars.
    pub to: Option<UnixMillis>,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            changes: Vec::new(),
            enter_by: None,
            axes: AXES,
            train: Train::Rolling,
            tab: Tab::Trades,
            from: None,
            to: None,
        }
    }
}

/// Returns the rules before any change here: entry at the desk's threshold, with the size and the costs of its
/// trade panel.
pub fn base(settings: &Settings, trade: &TradeOptions) -> Parameters {
    let mut base = Parameters { settings: settings.clone(), ..Parameters::default() };
    base.rules.entry_z = settings.z_threshold;
    let TradeOptions { notional, sizing, fee_bps, slippage_bps, .. } = *trade;
    (base.rules.notional, base.rules.sizing) = (notional, sizing);
    (base.rules.fee_bps, base.rules.slippage_bps) = (fee_bps, slippage_bps);
    base
}

/// Returns whether a setting can be changed here; the bar interval is the desk's.
pub fn can_be_changed(setting: &Setting) -> bool {
    setting.name != "interval"
}

impl Choice {
    /// Returns the parameters of a run.
    pub fn parameters(&self, base: &Parameters) -> Parameters {
        let mut parameters = base.clone();
        for (name, value) in &self.changes {
            if let Some(setting) = Setting::named(name) {
                (setting.write)(&mut parameters, *value);
            }
        }
        parameters
    }

    /// Sets one setting; a value equal to that in `base` is not a change.
    ///
    /// # Errors
    /// A sentence with the setting, its range and the text given.
    pub fn set(&mut self, name: &str, text: &str, base: &Parameters) -> Result<(), String> {
        let setting = Setting::named(name)
            .filter(|setting| can_be_changed(setting))
            .ok_or_else(|| format!("there is no setting {name:?} of a backtest"))?;
        let value = setting.parse(text).map_err(|error| fields::in_words(&error.message))?;
        self.put(setting, value);
        // compared as rules: "none" and 0 bars are one
        let mut with = base.clone();
        (setting.write)(&mut with, value);
        if with == *base {
            self.changes.retain(|(known, _)| *known != name);
        }
        Ok(())
    }

    /// Sets one setting from its slider, which passes over values that the other rules do not allow.
    ///
    /// # Errors
    /// As [`Self::set`].
    pub fn slide(&mut self, name: &str, text: &str, base: &Parameters) -> Result<(), String> {
        let mut slid = self.clone();
        slid.set(name, text, base)?;
        if slid.parameters(base).validate().is_ok() {
            *self = slid;
        }
        Ok(())
    }

    pub(super) fn put(&mut self, setting: &Setting, value: Value) {
        let place = |of: &str| SETTINGS.iter().position(|known| known.name == of);
        self.changes.retain(|(known, _)| *known != setting.name);
        let at = self.changes.partition_point(|(known, _)| place(known) < place(setting.name));
        self.changes.insert(at, (setting.name, value));
    }

    /// Returns whether everything is as on the desk.
    pub fn is_as_on_desk(&self) -> bool {
        self.changes.is_empty() && self.enter_by.is_none()
    }

    /// Returns whether the setting `name` is changed here.
    pub fn changes(&self, name: &str) -> bool {
        self.changes.iter().any(|(known, _)| *known == name)
    }

    /// Returns to the desk's values; the axes stay.
    pub fn forget_changes(&mut self) {
        self.changes.clear();
        self.enter_by = None;
    }

    /// Returns the axes that change something: an alert rule that decides when to enter leaves none for the entry.
    pub fn axes_offered(&self) -> impl Iterator<Item = &'static str> {
        let by_rule = self.enter_by.is_some();
        Axis::all().map(|axis| axis.name).filter(move |name| !by_rule || *name != "entry_z")
    }

    /// Returns the axes of the surface: those chosen, another one in place of one that changes nothing.
    pub fn axes_in_force(&self) -> [&'static str; 2] {
        let free = |other: &str| self.axes_offered().find(|name| *name != other);
        [0, 1].map(|place| {
            let (axis, other) = (self.axes[place], self.axes[1 - place]);
            if self.axes_offered().any(|name| name == axis) { axis } else { free(other).unwrap_or(axis) }
        })
    }

    /// Returns the axes as a grid's text.
    pub fn grid_text(&self) -> String {
        self.axes_in_force().join(",")
    }

    /// Returns the choices as text, `entry_z:2.5~fee_bps:4~surface:entry_z.z_window_bars`; empty when nothing
    /// is chosen.
    pub fn store(&self) -> String {
        let mut words: Vec<String> =
            self.changes.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        if let Some(RuleId(id)) = self.enter_by {
            words.push(format!("rule:{id}"));
        }
        if self.axes != AXES {
            words.push(format!("surface:{}", self.axes.join(".")));
        }
        if self.train == Train::Anchored {
            words.push("train:anchored".to_owned());
        }
        if self.tab != Tab::default() {
            words.push(format!("show:{}", self.tab.slug()));
        }
        let times = [("from", self.from), ("to", self.to)];
        words.extend(times.into_iter().filter_map(|(name, time)| Some(format!("{name}:{}", time?.0))));
        words.join("~")
    }

    /// Reads what [`Self::store`] wrote, from any text, and names what was ignored.
    pub fn parse(text: &str) -> (Self, Vec<String>) {
        let mut choice = Self::default();
        let mut ignored = Vec::new();
        for word in text.split('~').filter(|word| !word.is_empty()) {
            if let Err(reason) = choice.take(word) {
                let shown: String = word.chars().take(60).collect();
                ignored.push(format!("{shown:?} of the backtest in the link was ignored: {reason}."));
            }
        }
        (choice, ignored)
    }

    fn take(&mut self, word: &str) -> Result<(), String> {
        let (name, value) = word.split_once(':').ok_or("it has no value")?;
        match name {
            "rule" => {
                self.enter_by = Some(RuleId(value.parse().ok().ok_or("it must be a rule's number")?));
            }
            "surface" => {
                let named = |name: &str| Axis::all().map(|axis| axis.name).find(|known| *known == name);
                let axes =
                    value.split_once('.').and_then(|(down, across)| Some([named(down)?, named(across)?]));
                self.axes = axes.filter(|[down, across]| down != across).ok_or("it must be two axes")?;
            }
            "from" | "to" => {
                let millis = value.parse().ok().filter(|millis| FROM_MILLIS.contains(millis));
                let time = Some(UnixMillis(millis.ok_or("it must be a time in milliseconds")?));
                *(if name == "from" { &mut self.from } else { &mut self.to }) = time;
            }
            "show" => self.tab = Tab::parse(value).ok_or("there is no such part of the page")?,
            "train" if value == "anchored" => self.train = Train::Anchored,
            "train" if value == "rolling" => self.train = Train::Rolling,
            "train" => return Err("it must be rolling or anchored".to_owned()),
            _ => {
                let setting = Setting::named(name)
                    .filter(|setting| can_be_changed(setting))
                    .ok_or("there is no such setting")?;
                let value = setting.parse(value).map_err(|error| error.message)?;
                self.put(setting, value);
            }
        }
        Ok(())
    }

    /// Chooses an axis, down (0) or across (1); the axes are swapped if both would be the same.
    pub fn choose_axis(&mut self, place: usize, name: &str) {
        let known = Axis::all().map(|axis| axis.name).find(|known| *known == name);
        let (Some(name), true) = (known, place < 2) else { return };
        self.axes = self.axes_in_force();
        if self.axes[1 - place] == name {
            self.axes[1 - place] = self.axes[place];
        }
        self.axes[place] = name;
    }

    /// Returns the grid of the axes.
    pub fn grid(&self) -> Option<Grid> {
        Grid::parse(&self.grid_text()).ok()
    }

    /// Returns the axes of a walk forward, with fewer values: each is traded on every stretch.
    pub fn walk_text(&self) -> String {
        let coarse = |name: &str| match name {
            "entry_z" => "entry_z=1:4:13",
            "exit_z" => "exit_z=-0.5:1:7",
            "stop_z" => "stop_z=3:8:6",
            "z_window_bars" => "z_window_bars=60:1200:6",
            "hedge_window_bars" => "hedge_window_bars=60:1200:6",
            _ => "hedge_model",
        };
        self.axes_in_force().map(coarse).join(",")
    }

    /// Returns the grid of a walk forward.
    pub fn walk_grid(&self) -> Option<Grid> {
        Grid::parse(&self.walk_text()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use spreadscope_engine::analytics::sizing::Sizing;

    fn base() -> Parameters {
        super::base(&Settings::default(), &TradeOptions::default())
    }

    #[test]
    fn the_desks_trade_gives_size_and_costs_until_they_are_changed_here() {
        let trade =
            TradeOptions { notional: 500.0, sizing: Sizing::Gross, fee_bps: 3.0, ..TradeOptions::default() };
        let base = super::base(&Settings::default(), &trade);
        let mut choice = Choice::default();
        choice.set("fee_bps", "4", &base).unwrap();
        let rules = choice.parameters(&base).rules;
        assert_eq!((rules.notional, rules.sizing, rules.fee_bps), (500.0, Sizing::Gross, 4.0));
        choice.set("fee_bps", "3", &base).unwrap();
        assert!(choice.is_as_on_desk());
    }

    #[test]
    fn the_entry_is_the_desks_threshold() {
        let settings = Settings { z_threshold: 3.0, ..Settings::default() };
        let base = super::base(&settings, &TradeOptions::default());
        assert_eq!(Choice::default().parameters(&base).rules.entry_z, 3.0);
        let mut choice = Choice::default();
        choice.set("entry_z", "3", &base).unwrap();
        assert!(choice.is_as_on_desk());
    }

    #[test]
    fn a_number_is_taken_in_either_writing_and_refused_if_it_could_be_two() {
        let mut choice = Choice::default();
        choice.set("entry_z", "2,5", &base()).unwrap();
        choice.set("fee_bps", "0,5", &base()).unwrap();
        choice.set("notional", "1.234.567,5", &base()).unwrap();
        assert_eq!(choice.store(), "entry_z:2.5~notional:1234567.5~fee_bps:0.5");
        assert_eq!(
            choice.set("notional", "10,000", &base()).unwrap_err(),
            "Notional \"10,000\" can be read as 10000 and as 10: type 10000 or 10"
        );
    }

    #[test]
    fn a_value_that_is_the_desks_again_leaves_no_trace() {
        let mut choice = Choice::default();
        for name in ["rehedge_bars", "time_stop_bars", "cooldown_bars", "stop_z", "max_p_value"] {
            choice.set(name, "1", &base()).unwrap();
            assert!(choice.changes(name));
            choice.set(name, "0", &base()).unwrap();
        }
        assert_eq!(choice.store(), "");
    }

    #[test]
    fn a_slider_passes_over_what_the_other_rules_do_not_allow() {
        let mut choice = Choice::default();
        for text in ["0.5", "1.9", "2"] {
            choice.slide("stop_z", text, &base()).unwrap();
            assert_eq!(choice.store(), "", "a stop below the entry");
        }
        choice.slide("stop_z", "2.1", &base()).unwrap();
        choice.slide("entry_z", "3", &base()).unwrap();
        assert_eq!(choice.store(), "stop_z:2.1");
        // what is typed is taken, and the run says what is wrong
        choice.set("stop_z", "1", &base()).unwrap();
        assert_eq!(choice.store(), "stop_z:1");
    }

    #[test]
    fn choices_come_back_as_they_were_stored() {
        let mut choice =
            Choice { enter_by: Some(RuleId(3)), train: Train::Anchored, tab: Tab::Walk, ..Choice::default() };
        for (name, value) in [("fee_bps", "7.5"), ("entry_z", "2.25"), ("side", "long"), ("notional", "2000")]
        {
            choice.set(name, value, &base()).unwrap();
        }
        choice.enter_by = None;
        choice.choose_axis(1, "z_window_bars");
        choice.enter_by = Some(RuleId(3));
        (choice.from, choice.to) = (Some(UnixMillis(1_795_529_002_000)), Some(UnixMillis(1_795_529_902_000)));
        let text = choice.store();
        assert_eq!(
            text,
            "entry_z:2.25~side:long~notional:2000~fee_bps:7.5~rule:3~surface:entry_z.z_window_bars~train:anchored~show:walk~from:1795529002000~to:1795529902000"
        );
        assert_eq!(Choice::parse(&text), (choice, Vec::new()));
        assert_eq!(Choice::default().store(), "");
    }

    #[test]
    fn what_cannot_be_used_is_named_and_the_rest_is_taken() {
        let (choice, ignored) = Choice::parse(
            "entry_z:3~exit_z:many~interval:1m~surface:entry_z.entry_z~rule:x~show:news~side~from:soon~to:9999999999999",
        );
        assert_eq!(choice.store(), "entry_z:3");
        assert_eq!(ignored.len(), 8);
        let expected = "\"exit_z:many\" of the backtest in the link was ignored: exit_z must be -100 to 100 standard deviations, was \"many\".";
        assert_eq!(ignored[0], expected);
    }

    #[test]
    fn an_alert_rule_leaves_no_axis_for_the_entry() {
        let by_rule = Choice { enter_by: Some(RuleId(1)), ..Choice::default() };
        let axes = by_rule.axes_in_force();
        assert!(axes[1] == "exit_z" && !axes.contains(&"entry_z") && axes[0] != axes[1], "{axes:?}");
        assert!(by_rule.axes_offered().all(|name| name != "entry_z"));
        assert_eq!(by_rule.walk_grid().unwrap().axes.map(|axis| axis.name), axes);
        // without the rule the axes are those of before
        assert_eq!(Choice { enter_by: None, ..by_rule }.axes_in_force(), AXES);
    }

    #[test]
    fn two_axes_never_are_the_same() {
        let mut choice = Choice::default();
        choice.choose_axis(0, "exit_z");
        assert_eq!(choice.axes, ["exit_z", "entry_z"]);
        choice.choose_axis(1, "no such axis");
        assert_eq!(choice.grid().map(|grid| grid.len()), Some(2_500));
        for axis in Axis::all() {
            choice.choose_axis(0, axis.name);
            let axes = choice.walk_grid().unwrap().axes;
            assert_eq!(axes.map(|axis| axis.name), choice.axes);
        }
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_link_it_is_read_or_named(text in "[a-z_]{0,12}[:~.0-9a-z|-]{0,40}") {
            let (choice, _) = Choice::parse(&text);
            prop_assert_eq!(Choice::parse(&choice.store()).0, choice);
        }
    }
}
