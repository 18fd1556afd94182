//! Every transition of a tab.

use super::{Carried, ClaimMode, Input, Names, Output, Tab};
use crate::alert::Rule;
use crate::analytics::Row;
use crate::messages::event::Fact;
use crate::messages::protocol::{BetweenTabs, PROTOCOL, Role, decode};
use crate::settings::Source;
use crate::transfer::{self, Imports, News};
use crate::{Command, Event, Interval, Settings, UnixMillis};

type File = &'static str;

fn tab() -> Tab<File> {
    let mut tab = Tab::new(Names::of("http://example.org/app-1.js"), 7);
    assert_eq!(words(&mut tab), ["say version"]);
    tab
}

/// The pending outputs, in a word or two each.
fn words(tab: &mut Tab<File>) -> Vec<String> {
    core::iter::from_fn(|| tab.poll()).map(|output| word(&output)).collect()
}

fn word(output: &Output<File>) -> String {
    match output {
        Output::SayVersion => "say version".to_owned(),
        Output::Enter { turn, group } => {
            format!("enter {turn} {}", group.rsplit_once('/').unwrap_or_default().1)
        }
        Output::Claim { lock, mode: ClaimMode::IfFree } => format!("claim {lock} if free"),
        Output::Claim { lock, mode: ClaimMode::InTurn } => format!("claim {lock} in turn"),
        Output::Claim { lock, mode: ClaimMode::TakeAway } => format!("claim {lock} take away"),
        Output::Look { turn } => format!("look {turn}"),
        Output::Keep { lock } => format!("keep {lock}"),
        Output::Release => "release".to_owned(),
        Output::Post(BetweenTabs::Join) => "post join".to_owned(),
        Output::Post(BetweenTabs::Command(command)) => format!("post {}", named(command)),
        Output::Post(BetweenTabs::Event(_)) => "post event".to_owned(),
        Output::Post(other) => format!("post {other:?}"),
        Output::Start(carried) => {
            let Carried { file, reported_to, .. } = &**carried;
            let file = file.map(|(import, file)| format!(" with {import} {file}")).unwrap_or_default();
            format!("start{file}{}", reported_to.map(|to| format!(" from {}", to.0)).unwrap_or_default())
        }
        Output::End { write } => if *write { "write, end" } else { "end" }.to_owned(),
        Output::Order(command) => format!("order {}", named(command)),
        Output::HandOver { import, file } => format!("hand over {import} {file}"),
        Output::Tell(Event::Import(News::Failed { import, .. })) => format!("tell: {import} failed"),
        Output::Tell(_) => "tell".to_owned(),
        Output::TellRole(role) => format!("{role:?}"),
    }
}

fn named(command: &Command) -> String {
    match command {
        Command::Configure(settings) => format!("configure {:?}", settings.interval),
        Command::SetRules(rules) => format!("{} rules", rules.len()),
        Command::Resync => "resync".to_owned(),
        Command::RunTests => "tests".to_owned(),
        Command::Import(_) => "import".to_owned(),
        other => format!("{other:?}"),
    }
}

fn after(tab: &mut Tab<File>, input: Input<File>) -> Vec<String> {
    tab.handle(input);
    words(tab)
}

fn configure(interval: Interval) -> Input<File> {
    Input::Command(Command::Configure(Box::new(Settings { interval, ..Settings::default() })))
}

fn from_another_tab(turn: u64, message: BetweenTabs) -> Input<File> {
    Input::Message { turn, message }
}

fn fact(fact: Fact) -> Event {
    Event::Fact { sequence: 0, fact }
}

fn import() -> Command {
    Command::Import(Box::new(transfer::ImportCommand::Open { import: 3, name: "a.csv".to_owned(), bytes: 9 }))
}

fn leader() -> Tab<File> {
    let mut tab = tab();
    after(&mut tab, configure(Interval::OneSecond));
    after(&mut tab, Input::Granted { lock: 1 });
    tab
}

fn follower() -> Tab<File> {
    let mut tab = tab();
    after(&mut tab, configure(Interval::OneSecond));
    after(&mut tab, Input::Refused { lock: 1 });
    tab
}

#[test]
fn the_first_tab_of_a_group_leads_and_its_engine_gets_the_commands_sent_meanwhile() {
    let mut tab = tab();
    assert_eq!(after(&mut tab, Input::Command(Command::RunTests)), [""; 0], "in no group yet");
    assert_eq!(
        after(&mut tab, configure(Interval::OneSecond)),
        ["release", "enter 1 ETHUSDT", "claim 1 if free"]
    );
    assert_eq!(after(&mut tab, Input::Command(Command::RunTests)), [""; 0]);
    assert_eq!(
        after(&mut tab, Input::Granted { lock: 1 }),
        ["keep 1", "start", "Leader", "order configure OneSecond", "order tests"]
    );
    assert!(tab.leads());
    assert_eq!(after(&mut tab, Input::Command(Command::RunTests)), ["order tests"]);
    assert_eq!(after(&mut tab, configure(Interval::OneMinute)), ["order configure OneMinute"]);
}

#[test]
fn the_second_tab_follows_and_passes_on_the_commands_sent_after_the_settings() {
    let mut tab = tab();
    after(&mut tab, configure(Interval::OneSecond));
    after(&mut tab, Input::Command(Command::RunTests));
    assert_eq!(
        after(&mut tab, Input::Refused { lock: 1 }),
        ["release", "post join", "claim 2 in turn", "look 1", "Follower", "post tests"]
    );
    assert_eq!(after(&mut tab, configure(Interval::OneMinute)), ["post configure OneMinute"]);
    assert_eq!(
        after(&mut tab, from_another_tab(1, BetweenTabs::Event(fact(Fact::AlertLog(Vec::new()))))),
        ["tell"]
    );
    // messages between other tabs are not for this one
    assert_eq!(after(&mut tab, from_another_tab(1, BetweenTabs::Join)), [""; 0]);
    assert_eq!(after(&mut tab, from_another_tab(1, BetweenTabs::Command(Command::RunTests))), [""; 0]);
}

#[test]
fn without_locks_or_without_a_channel_each_tab_is_a_group_of_its_own() {
    let mut without_locks = tab();
    after(&mut without_locks, configure(Interval::OneSecond));
    let alone = ["start", "Leader", "order configure OneSecond"];
    assert_eq!(after(&mut without_locks, Input::NoLocks { lock: 1 }), alone);
    let mut without_channel = tab();
    after(&mut without_channel, configure(Interval::OneSecond));
    after(&mut without_channel, Input::NoChannel { turn: 1 });
    assert_eq!(after(&mut without_channel, Input::Refused { lock: 1 }), alone);
}

#[test]
fn a_leader_speaks_to_its_page_alone_until_somebody_follows() {
    let mut tab = leader();
    let event = || Input::Event(fact(Fact::AlertLog(Vec::new())));
    assert_eq!(after(&mut tab, event()), ["tell"]);
    assert_eq!(after(&mut tab, from_another_tab(1, BetweenTabs::Join)), ["order resync"]);
    assert_eq!(after(&mut tab, event()), ["post event", "tell"]);
    assert_eq!(
        after(&mut tab, from_another_tab(1, BetweenTabs::Command(Command::RunTests))),
        ["order tests"]
    );
    // news of files is for the page that gave them
    assert_eq!(after(&mut tab, Input::Event(Event::Import(Imports::default().summaries()))), ["tell"]);
}

#[test]
fn who_joins_before_the_lead_is_decided_is_told_everything_afterwards() {
    let mut tab = tab();
    after(&mut tab, configure(Interval::OneSecond));
    assert_eq!(after(&mut tab, from_another_tab(1, BetweenTabs::Join)), [""; 0]);
    let started = after(&mut tab, Input::Granted { lock: 1 });
    assert_eq!(started[3..], ["order configure OneSecond", "order resync"]);
    assert_eq!(after(&mut tab, Input::Event(fact(Fact::AlertLog(Vec::new())))), ["post event", "tell"]);
}

#[test]
fn the_next_leader_goes_on_with_settings_and_rules_in_force_where_the_last_one_stopped() {
    let mut tab = follower();
    let settings = Settings { interval: Interval::OneMinute, ..Settings::default() };
    let without_numbers: Row = decode(&[0; 300]).expect("zeros are a row");
    let row = Row { open_time: UnixMillis(120_000), ..without_numbers };
    for told in [
        Fact::Configured(Box::new(settings)),
        Fact::Rules(vec![Rule::of_settings(&Settings::default())]),
        Fact::Rows { replace: true, rows: vec![row] },
    ] {
        after(&mut tab, from_another_tab(1, BetweenTabs::Event(fact(told))));
    }
    // the leader has gone, and this tab is next in the browser's queue
    assert_eq!(
        after(&mut tab, Input::Granted { lock: 2 }),
        ["keep 2", "start from 180000", "Leader", "order configure OneMinute", "order 1 rules"]
    );
    // another tab may follow already
    assert_eq!(after(&mut tab, Input::Event(fact(Fact::AlertLog(Vec::new())))), ["post event", "tell"]);
}

#[test]
fn a_leader_that_is_silent_for_four_looks_loses_the_lead() {
    let mut tab = follower();
    let look = || Input::Look { turn: 1 };
    assert_eq!(after(&mut tab, look()), [""; 0]);
    assert_eq!(after(&mut tab, look()), ["post join"]);
    assert_eq!(after(&mut tab, look()), ["post join"]);
    // one message is enough
    after(&mut tab, from_another_tab(1, BetweenTabs::Event(fact(Fact::AlertLog(Vec::new())))));
    assert_eq!(after(&mut tab, look()), [""; 0]);
    assert_eq!([after(&mut tab, look()), after(&mut tab, look())].concat(), ["post join", "post join"]);
    assert_eq!(after(&mut tab, look()), ["post join", "claim 3 take away"]);
    // the lock is requested once, however long the browser takes
    assert_eq!(after(&mut tab, look()), ["post join"]);
    assert_eq!(after(&mut tab, Input::Granted { lock: 3 })[..3], ["keep 3", "start", "Leader"]);
    assert_eq!(after(&mut tab, look()), [""; 0]);
}

#[test]
fn a_leader_that_wakes_up_without_the_lead_writes_nothing_and_follows() {
    let mut tab = leader();
    assert_eq!(
        after(&mut tab, Input::TakenAway { lock: 1 }),
        ["end", "release", "post join", "claim 2 in turn", "look 1", "Follower"]
    );
    assert!(!tab.leads());
    assert_eq!(after(&mut tab, Input::Granted { lock: 2 })[..3], ["keep 2", "start", "Leader"]);
}

#[test]
fn a_lead_taken_away_from_the_tab_itself_is_kept() {
    // this tab comes up in the browser's queue while it is taking the lead away
    for taken_first in [true, false] {
        let mut tab = follower();
        assert_eq!(after(&mut tab, Input::EngineWanted), ["claim 3 take away"]);
        assert_eq!(after(&mut tab, Input::Granted { lock: 2 })[..3], ["keep 2", "start", "Leader"]);
        let told = if taken_first {
            let none = after(&mut tab, Input::TakenAway { lock: 2 });
            [none, after(&mut tab, Input::Granted { lock: 3 })].concat()
        } else {
            let keep = after(&mut tab, Input::Granted { lock: 3 });
            [keep, after(&mut tab, Input::TakenAway { lock: 2 })].concat()
        };
        assert_eq!(told, ["keep 3"]);
        assert!(tab.leads());
        // from then on, that is the lock that can be lost
        assert_eq!(after(&mut tab, Input::TakenAway { lock: 3 })[0], "end");
    }
}

#[test]
fn a_follower_that_is_given_a_file_leads_and_its_engine_has_the_file() {
    let mut tab = follower();
    assert_eq!(after(&mut tab, Input::File { import: 3, file: "a.csv" }), [""; 0]);
    assert_eq!(after(&mut tab, Input::Command(import())), ["claim 3 take away"]);
    assert_eq!(after(&mut tab, Input::Command(import())), [""; 0], "the lead is claimed once");
    assert_eq!(
        after(&mut tab, Input::Granted { lock: 3 }),
        [
            "keep 3",
            "start with 3 a.csv",
            "Leader",
            "order configure OneSecond",
            "order import",
            "order import"
        ]
    );
    assert_eq!(after(&mut tab, Input::File { import: 4, file: "b.csv" }), ["hand over 4 b.csv"]);
}

#[test]
fn a_file_on_its_way_in_is_left_when_the_lead_is_lost_and_the_page_is_told() {
    let mut tab = leader();
    after(&mut tab, Input::TakenAway { lock: 1 });
    let mut imports = Imports::default();
    imports.open_with(transfer::Import::open);
    imports.command(
        transfer::ImportCommand::Open { import: 3, name: "a.csv".to_owned(), bytes: 9 },
        &mut Vec::new(),
    );
    let carried = Carried { imports, file: Some((3, "a.csv")), ..Carried::default() };
    assert_eq!(after(&mut tab, Input::Ended(Box::new(carried))), ["tell: 3 failed"]);
    // a file that was never opened is no loss, and the next engine does not get it
    let mut tab = leader();
    after(&mut tab, Input::TakenAway { lock: 1 });
    let unopened = Carried { file: Some((3, "a.csv")), ..Carried::default() };
    assert_eq!(after(&mut tab, Input::Ended(Box::new(unopened))), [""; 0]);
    assert_eq!(after(&mut tab, Input::Granted { lock: 2 })[1], "start");
}

#[test]
fn what_an_engine_leaves_behind_goes_to_the_next_one_of_another_group() {
    let mut tab = leader();
    let elsewhere = Settings { source: Source::Recording, ..Settings::default() };
    assert_eq!(
        after(&mut tab, Input::Command(Command::Configure(Box::new(elsewhere)))),
        ["write, end", "release", "enter 2 7", "claim 2 if free"]
    );
    let carried = Carried { file: Some((3, "a.csv")), ..Carried::default() };
    assert_eq!(after(&mut tab, Input::Ended(Box::new(carried))), [""; 0]);
    assert_eq!(after(&mut tab, Input::Granted { lock: 2 })[..2], ["keep 2", "start with 3 a.csv"]);
}

#[test]
fn what_belongs_to_a_group_that_was_left_is_void() {
    let mut tab = follower();
    let elsewhere = Settings { source: Source::Recording, ..Settings::default() };
    after(&mut tab, Input::Command(Command::Configure(Box::new(elsewhere))));
    for late in [
        Input::Granted { lock: 2 },
        Input::Refused { lock: 1 },
        Input::NoLocks { lock: 2 },
        Input::TakenAway { lock: 2 },
        Input::NoChannel { turn: 1 },
        Input::Look { turn: 1 },
        from_another_tab(1, BetweenTabs::Join),
    ] {
        let shown = format!("{late:?}");
        assert_eq!(after(&mut tab, late), [""; 0], "{shown}");
    }
    assert_eq!(after(&mut tab, Input::Refused { lock: 3 })[1], "post join", "its channel is another one");
}

#[test]
fn of_two_versions_the_older_one_writes_what_it_has_and_steps_down() {
    let mut tab = leader();
    assert_eq!(after(&mut tab, Input::Version(PROTOCOL)), [""; 0]);
    assert_eq!(after(&mut tab, Input::Version(PROTOCOL - 1)), ["say version"], "so that it steps down");
    assert!(tab.leads());
    assert_eq!(after(&mut tab, Input::Version(PROTOCOL + 1)), ["write, end", "release", "Outdated"]);
    for late in [
        configure(Interval::OneMinute),
        Input::Command(import()),
        Input::EngineWanted,
        Input::Granted { lock: 1 },
        Input::TakenAway { lock: 1 },
        from_another_tab(1, BetweenTabs::Join),
        Input::Look { turn: 1 },
        Input::Version(PROTOCOL + 1),
    ] {
        let shown = format!("{late:?}");
        assert_eq!(after(&mut tab, late), [""; 0], "{shown}");
    }
}

#[test]
fn a_follower_and_a_tab_that_claims_step_down_as_well() {
    let mut claiming = tab();
    after(&mut claiming, configure(Interval::OneSecond));
    for mut tab in [claiming, follower()] {
        assert_eq!(after(&mut tab, Input::Version(PROTOCOL + 1)), ["release", "Outdated"]);
        assert_eq!(after(&mut tab, Input::Granted { lock: 2 }), [""; 0]);
    }
    assert_eq!(format!("{:?}", Role::default()), "Leader");
}
