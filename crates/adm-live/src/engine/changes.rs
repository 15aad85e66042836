//! How long it takes until a change of the controls is heard.

use std::collections::VecDeque;

/// More changes than this between two bars are a sweep of a slider, of which the first ones count.
const MOST: usize = 64;

/// Changes that are not heard yet, oldest first.
#[derive(Default)]
pub(crate) struct Changes {
    seen: u64,
    waiting: VecDeque<(u64, u64)>,
}

impl Changes {
    /// Notes `revision` at `frame`; whether it is a new one.
    pub(crate) fn see(&mut self, revision: u64, frame: u64) -> bool {
        let new = revision != self.seen;
        if new && self.waiting.len() < MOST {
            self.waiting.push_back((revision, frame));
        }
        self.seen = revision;
        new
    }

    /// A bar made with `revision` begins at `frame`: the longest time in frames that a change in it has waited.
    pub(crate) fn hear(&mut self, revision: u64, frame: u64) -> u64 {
        let mut longest = 0;
        while let Some(&(asked, since)) = self.waiting.front()
            && asked <= revision
        {
            longest = longest.max(frame - since);
            self.waiting.pop_front();
        }
        longest
    }

    /// The listener keeps the music from going on, so waiting says nothing.
    pub(crate) fn forget(&mut self) {
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_wait_counts() {
        let mut changes = Changes::default();
        assert!(!changes.see(0, 5));
        assert!(changes.see(1, 10) && !changes.see(1, 11) && changes.see(2, 30) && changes.see(3, 90));
        assert_eq!(changes.hear(2, 100), 90);
        assert_eq!(changes.hear(2, 150), 0);
        assert_eq!(changes.hear(3, 200), 110);
    }
}
