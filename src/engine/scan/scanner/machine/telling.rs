//! News for the page, and when to send it.

use super::super::message::{News, Stage};
use super::Machine;
use crate::UnixMillis;
use crate::base::codec::encode;
use crate::scan::Scanned;

/// Time between two news, unless they are urgent.
const TELL_MILLIS: i64 = 250;

impl Machine {
    pub(super) fn tell_chosen(&mut self) {
        self.news.push(News::Chosen { taken: self.chosen.clone(), left_out: self.left_out.clone() });
        self.is_urgent = true;
    }

    /// Reports the whole state once more.
    pub(super) fn tell_all(&mut self) {
        self.is_urgent = true;
        let standing = News::Stands(self.standing.clone());
        let Some(plan) = &self.plan else { return self.news.extend([standing, News::Nothing]) };
        self.news.clear();
        self.news.push(standing);
        self.news.push(News::Began { run: self.run, plan: plan.clone() });
        if !self.chosen.is_empty() || !self.left_out.is_empty() {
            self.tell_chosen();
        }
        let refused =
            self.refused.iter().map(|(symbol, reason)| News::Refused(symbol.clone(), reason.clone()));
        self.news.extend(refused);
        match &self.report {
            Some((at, report)) => {
                self.news.push(News::Report { at: *at, report: report.clone() });
                self.tell_survival();
            }
            None => self.tests_told = 0,
        }
        self.news.push(News::Fees(self.fees.clone()));
        self.news.push(News::Progress(self.progress.clone()));
        self.fees_told = self.fees.len();
        self.is_urgent = true;
    }

    /// Reports how often the report's pairs have survived, and the changes by the scan.
    pub(super) fn tell_survival(&mut self) {
        let (Some((_, report)), Some(plan)) = (&self.report, &self.plan) else { return };
        let survival = self.last_scans.known(&self.origin, plan);
        let of = |pair: &Scanned| survival.map(|known| known.of(&pair.test.pair)).unwrap_or_default();
        self.news.push(News::Survived(report.pairs.iter().map(of).collect()));
        self.news.extend(self.changes.clone().map(News::Changed));
    }

    pub(super) fn next_news(&mut self, now: UnixMillis) -> Option<Vec<u8>> {
        let is_new = !self.news.is_empty() || self.progress != self.progress_told;
        if !is_new || now < self.next_told && !self.is_urgent {
            return None;
        }
        self.next_told = now + TELL_MILLIS;
        self.is_urgent = false;
        let mut news = core::mem::take(&mut self.news);
        if let Some(scan) = self.scan.as_ref().filter(|_| self.progress.stage == Stage::Testing) {
            let tests = &scan.tests()[self.tests_told..];
            if !tests.is_empty() {
                news.push(News::Tested(tests.to_vec()));
            }
            self.tests_told = scan.tests().len();
        }
        if let Some(fees) = self.fees.get(self.fees_told..).filter(|fees| !fees.is_empty()) {
            news.push(News::Fees(fees.to_vec()));
            self.fees_told = self.fees.len();
        }
        if self.progress != self.progress_told {
            self.progress_told = self.progress.clone();
            news.push(News::Progress(self.progress.clone()));
        }
        Some(encode(&news))
    }
}
