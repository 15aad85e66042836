//! Small checks on samples, each a pure function.

pub mod flux;
pub mod level;
pub mod onsets;
pub mod stereo;
