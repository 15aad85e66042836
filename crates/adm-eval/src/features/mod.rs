//! What a beat sounds like, in a few hundred numbers.
//!
//! A beat is split into mid `(left + right)/2` and side `(left − right)/2`. Each goes through a short-time Fourier
//! transform (Hann window of about 46 ms, a quarter of it from frame to frame, zeros beyond both ends) and
//! [`MEL_BANDS`] mel bands from 0 Hz to 16 kHz or half the rate, as power in dB over a floor of [`FLOOR_DB`]. The
//! features are, in this order:
//!
//! | what | numbers |
//! |---|---|
//! | mean over time of each band, mid, then side | 2 × 48 |
//! | standard deviation over time of each band, mid, then side | 2 × 48 |
//! | mean absolute change from frame to frame of each band, mid, then side | 2 × 48 |
//! | time course: mean of every three neighbouring bands in each eighth of the beat, mid | 8 × 16 |
//!
//! The first three say what the beat sounds like; the last says when in the beat.

pub mod extract;
pub mod mel;

pub use extract::Extractor;

/// Mel bands of a spectrum.
pub const MEL_BANDS: usize = 48;

/// Lowest level of a band in dB, where 0 is a full-scale sine: some 30 dB below the quietest band of loud music, so what
/// lies under it is masked.
pub const FLOOR_DB: f32 = -70.0;

/// Parts of the beat in the time course.
pub const COURSE_STEPS: usize = 8;

/// Bands in the time course.
pub const COURSE_BANDS: usize = 16;

/// Numbers in one beat's features.
pub const FEATURES: usize = 2 * 3 * MEL_BANDS + COURSE_STEPS * COURSE_BANDS;

/// One beat's features, in dB, [`FEATURES`] of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Features(pub(crate) Vec<f32>);

impl Features {
    /// The numbers, in the order that the module lists.
    pub fn values(&self) -> &[f32] {
        &self.0
    }
}
