//! Recordings in, slices and WAV files out.
//!
//! A recording flows through these modules in order, block by block:
//!
//! ```text
//! file ─decode→ samples ─remix→ 1 or 2 channels ─resample→ one rate      (open: all three)
//!                                                        ├─grid→ beats
//!                                                        └─slice→ slices of one length (fit: how a beat gets it)
//! samples ─loudness→ LUFS and peaks        samples ─wav→ file
//! ```
//!
//! Audio in memory is interleaved `f32`, shape `[frames, channels]`, with full scale at ±1 and 1 or 2 channels.

pub mod click;
pub mod decode;
pub mod error;
pub mod fit;
pub mod grid;
pub mod loudness;
pub mod memory;
pub mod open;
pub mod remix;
pub mod resample;
pub mod slice;
pub mod source;
pub mod wav;

pub use click::Clicks;
pub use decode::Decoder;
pub use error::AudioError;
pub use fit::{Fit, Placement, Stretcher};
pub use grid::{Grid, GridMethod, GridRequest, Search, TempoRegion};
pub use loudness::{Loudness, Meter};
pub use memory::Memory;
pub use open::{OpenSettings, open};
pub use remix::Remix;
pub use resample::Resampler;
pub use slice::{SliceOut, Slicer, Span, Verdict, spans_of_grid, spans_of_windows};
pub use source::{Source, read_all};
pub use wav::{WavFormat, WavWriter};
