//! The dataset's own beats (the founding work's demo of its sequencer, document 000, sections 6.6 and 6.7).
//!
//! A token is played by one of the beats that have it. Where the beat after the one that was played last has the token that
//! comes next, the recording goes on, and the join is none. Elsewhere it is one of those that came after the same tokens in their
//! recording as it does now, of as many as a bar has: what sounded before them is most like what sounds before the join. That goes
//! with a beat, to make the join of.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use adm_core::{SampleRate, Seeds};
use adm_dataset::Dataset;
use adm_render::{LEAD_IN_MS, Material};
use adm_tokens::Transcript;

use crate::sound::{at_rate, choice};
use crate::{Beat, BeatSource, ComposeError, Likeness, Sound, Wishes};

/// Beats whose tokens are compared with what was heard.
const PAST: usize = 4;

/// A tokenized dataset.
pub struct Recorded {
    dataset: Arc<Dataset>,
    /// The slices of each token.
    members: Vec<Vec<usize>>,
    tokens: Vec<u32>,
    /// Where the stretch of each slice begins and ends.
    stretch_of: Vec<Range<usize>>,
    last: Option<usize>,
    /// Tokens of the last beats, the newest first.
    heard: VecDeque<u32>,
    /// The number of the beat that comes after them.
    next: u64,
    rate: SampleRate,
}

impl Recorded {
    /// The beats of a dataset by the tokens of its transcript. Beats come out at `rate`.
    pub fn new(dataset: Arc<Dataset>, transcript: &Transcript, rate: SampleRate) -> Self {
        let mut members = vec![Vec::new(); transcript.vocabulary()];
        for (slice, &token) in transcript.tokens().iter().enumerate() {
            members[token as usize].push(slice);
        }
        let ranges = transcript.stretches().iter().map(|stretch| stretch.slices.clone());
        let stretch_of = ranges.flat_map(|range| std::iter::repeat_n(range.clone(), range.len())).collect();
        Self {
            dataset,
            members,
            tokens: transcript.tokens().to_vec(),
            stretch_of,
            last: None,
            heard: VecDeque::new(),
            next: 0,
            rate,
        }
    }

    /// The slice that plays a beat; none where no slice has its token (a book that was made with more music).
    fn slice_for(&mut self, beat: &Beat, seeds: Seeds) -> Option<usize> {
        // Others played in between: what sounded before the join is not of this dataset.
        if beat.number != self.next {
            self.last = None;
            self.heard.clear();
        }
        self.next = beat.number + 1;
        let next = self.last.and_then(|last| self.neighbour(last, 1));
        let goes_on = next.filter(|&next| self.tokens[next] == beat.token);
        self.last = goes_on.or_else(|| self.drawn(beat, seeds));
        if self.heard.len() == PAST {
            self.heard.pop_back();
        }
        self.heard.push_front(beat.token);
        self.last
    }

    /// One of the slices with a beat's token whose past is most like what was heard.
    fn drawn(&self, beat: &Beat, seeds: Seeds) -> Option<usize> {
        let members = self.members.get(beat.token as usize)?;
        let alike: Vec<usize> = members.iter().map(|&slice| self.alike(slice)).collect();
        let most = alike.iter().max()?;
        let best: Vec<usize> =
            members.iter().zip(&alike).filter(|&(_, alike)| alike == most).map(|(&slice, _)| slice).collect();
        best.get((choice(seeds, "recorded beat", beat) * best.len() as f64) as usize).copied()
    }

    /// How many of the tokens that were heard last came before a slice in its recording, too.
    fn alike(&self, slice: usize) -> usize {
        let before = std::iter::successors(self.neighbour(slice, -1), |&slice| self.neighbour(slice, -1));
        before.zip(&self.heard).take_while(|&(slice, token)| self.tokens[slice] == *token).count()
    }

    /// The slice before (−1) or after (1) another in the same stretch.
    fn neighbour(&self, slice: usize, by: isize) -> Option<usize> {
        let stretch = self.stretch_of.get(slice)?;
        slice.checked_add_signed(by).filter(|neighbour| stretch.contains(neighbour))
    }

    fn material(&self, slice: usize, class: usize) -> Result<Material, ComposeError> {
        let read = |slice: usize| {
            let mut samples = vec![0.0; self.dataset.slice_samples()];
            self.dataset.read_f32(slice, &mut samples).map(|()| samples)
        };
        let lead_in = self.dataset.rate().hz() as usize * LEAD_IN_MS as usize / 1_000 * self.dataset.channels();
        let before = self.neighbour(slice, -1).map(read).transpose()?;
        let before = before.map(|mut whole| whole.split_off(whole.len().saturating_sub(lead_in))).unwrap_or_default();
        let material = Material { slice: read(slice)?, before, class };
        Ok(at_rate(material, self.dataset.channels(), self.dataset.rate(), self.rate)?)
    }
}

impl BeatSource for Recorded {
    fn sounds(&mut self, beats: &[Beat], wishes: &Wishes) -> Result<Vec<Sound>, ComposeError> {
        let sound = |beat: &Beat| {
            let slice = self.slice_for(beat, wishes.seeds[0]);
            let material = match slice {
                Some(slice) => self.material(slice, beat.class as usize)?,
                None => Material { class: beat.class as usize, ..Material::default() },
            };
            let likeness = slice.map_or(Likeness::Other, |_| Likeness::Recognised);
            Ok(Sound { material, recorded: true, likeness })
        };
        beats.iter().map(sound).collect()
    }
}
