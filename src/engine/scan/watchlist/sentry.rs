//! The user's rules applied to the watched pairs at each new 1 m bar; each pair has its own state.

use crate::alert::{Alert, Book, Inputs, Rule, RuleId, Tested};
use crate::analytics::Row;
use crate::{Pair, Settings, UnixMillis};

/// A bar that closed longer ago than this is not news.
const NEWS_MILLIS: i64 = 150_000;

/// A pair's newest bar.
#[derive(Debug, Clone)]
pub(super) struct Newest {
    pub(super) row: Row,
    pub(super) tested: Option<Tested>,
    /// The settings with which it was computed.
    pub(super) settings: Settings,
}

/// The rules of each pair.
#[derive(Debug, Default)]
pub(super) struct Sentry(Vec<Post>);

#[derive(Debug)]
struct Post {
    pair: Pair,
    book: Book,
    seen: Option<UnixMillis>,
}

impl Sentry {
    /// Drops the pairs that are not among `pairs`.
    pub(super) fn keep(&mut self, pairs: &[Pair]) {
        self.0.retain(|post| pairs.contains(&post.pair));
    }

    /// Shows a bar to those of `rules` that mean the same for any pair. Alerts at local time `now` are added to
    /// `alerts`, rules that have switched themselves off to `ended`.
    ///
    /// The first bar of a pair, and one that is not news at exchange time `exchange_now`, only restore the
    /// rules' state.
    pub(super) fn judge(
        &mut self,
        newest: &Newest,
        rules: &[Rule],
        (now, exchange_now): (UnixMillis, UnixMillis),
        alerts: &mut Vec<Alert>,
        ended: &mut Vec<RuleId>,
    ) {
        let Newest { row, tested, settings } = newest;
        let place = self.0.iter().position(|post| post.pair == settings.pair).unwrap_or_else(|| {
            self.0.push(Post { pair: settings.pair.clone(), book: Book::default(), seen: None });
            self.0.len() - 1
        });
        let Post { book, seen, .. } = &mut self.0[place];
        let of_any_pair = rules.iter().filter(|rule| rule.means_the_same_for_any_pair()).cloned().collect();
        // they were validated when the user entered them
        if book.set(of_any_pair, settings).is_err() || *seen >= Some(row.open_time) {
            return;
        }
        let is_news = exchange_now.since(row.open_time + settings.interval.millis()) <= NEWS_MILLIS;
        let news = (seen.is_some() && is_news).then_some(now);
        book.observe(&Inputs::new(row, *tested, settings), news, alerts);
        *seen = Some(row.open_time);
        if book.take_changed() {
            let off = book.rules().into_iter().filter(|rule| !rule.enabled);
            ended.extend(off.map(|rule| rule.id).filter(|id| was_on(rules, *id)));
        }
    }
}

fn was_on(rules: &[Rule], id: RuleId) -> bool {
    rules.iter().any(|rule| rule.id == id && rule.enabled)
}
