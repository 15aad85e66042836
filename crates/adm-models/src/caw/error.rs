//! What can be wrong with the one recording that is learned from, and with what is asked of it.

use adm_core::{Hint, Seconds};

/// A recording, a hole or a rate that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CawError {
    /// Less sound than can be learned from.
    #[error("the recording lasts {}, and it takes at least {}", got, least)]
    TooShort {
        /// How long it is.
        got: Seconds,
        /// How long it should be.
        least: Seconds,
    },
    /// More sound than one network learns.
    #[error("the recording lasts {}, and no more than {} are learned from", got, most)]
    TooLong {
        /// How long it is.
        got: Seconds,
        /// How long it may be.
        most: Seconds,
    },
    /// Nothing sounds.
    #[error("the recording is silent: no sample is above {peak:.0} dB")]
    Silent {
        /// Its largest sample, in dB of full scale.
        peak: f64,
    },
    /// No scale has enough energy to begin with.
    #[error("the recording is too quiet: its mean square is {got:.5} at most, and the first scale needs {needed}")]
    Quiet {
        /// The largest energy of all scales.
        got: f64,
        /// What is needed.
        needed: f64,
    },
    /// Tops that were cut off.
    #[error("the recording is clipped: {:.2} % of its samples are flat tops at full scale", 100.0 * share)]
    Clipped {
        /// Their share.
        share: f64,
    },
    /// No rate of the pyramid is the recording's or below.
    #[error("the recording is sampled at {rate} Hz, below every rate of the pyramid")]
    NoScale {
        /// The recording's rate.
        rate: u32,
    },
    /// A hole that begins after it ends, or outside.
    #[error("the hole {from}-{to} s does not lie within the recording's {length} s")]
    HoleOutside {
        /// Where it begins, in seconds.
        from: f64,
        /// Where it ends.
        to: f64,
        /// The recording's length.
        length: f64,
    },
    /// A hole that no sample of any scale lies in.
    #[error("the hole {from}-{to} s is shorter than a sample at {rate} Hz")]
    HoleTooShort {
        /// Where it begins, in seconds.
        from: f64,
        /// Where it ends.
        to: f64,
        /// The highest rate of the pyramid.
        rate: u32,
    },
    /// Too little is left to learn from.
    #[error("holes cover {:.0} % of the recording: too little is left to learn from", 100.0 * share)]
    HolesCover {
        /// Their share.
        share: f64,
    },
    /// A run that began with another recording.
    #[error("this run was trained on another recording (fingerprint {expected}, this one is {got})")]
    OtherRecording {
        /// The run's.
        expected: String,
        /// This one's.
        got: String,
    },
    /// A rate that is none of the run's.
    #[error("{got} Hz is no rate of this run that a variation could begin at")]
    NoSuchRate {
        /// What was asked for.
        got: u32,
        /// What there is.
        known: Vec<u32>,
    },
    /// Sound that has nothing to be added.
    #[error(
        "the sound to be extended is sampled at {got} Hz, where this run adds what is between {lowest} and {highest} Hz"
    )]
    NothingToExtend {
        /// The sound's rate.
        got: u32,
        /// The run's lowest rate.
        lowest: u32,
        /// And its highest.
        highest: u32,
    },
    /// Inpainting where nothing is missing.
    #[error("this run was trained without a hole: there is nothing to fill")]
    NoHole,
    /// A checkpoint whose scale files do not agree with its own account.
    #[error("the checkpoint says of itself that it has {scales} finished scales, and the run has {most} in all")]
    Account {
        /// Scales that it counts.
        scales: usize,
        /// Scales of the run.
        most: usize,
    },
}

impl Hint for CawError {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::TooShort { got, .. } => {
                format!("give 20 to 100 s, or take it with --set recording.shortest={:.1}", (got.0 * 10.0).floor() / 10.0)
            }
            Self::TooLong { got, .. } => {
                format!("cut it to what is typical, or take it with --set recording.longest={}", got.0.ceil())
            }
            Self::Silent { .. } => "give a recording in which something sounds".to_owned(),
            Self::Quiet { .. } => "raise its level, learn both channels with --set recording.channels=2 if they cancel each other out, or \
                                   begin anywhere with --set pyramid.first_energy=0"
                .to_owned(),
            Self::Clipped { .. } => {
                "give an unclipped version, or take it as it is with --set recording.clipped=1".to_owned()
            }
            Self::NoScale { .. } => "give lower rates with --set pyramid.rates=[…]".to_owned(),
            Self::HoleOutside { .. } => "give --hole START-END in seconds from the recording's start".to_owned(),
            Self::HoleTooShort { rate, .. } => format!("give a --hole of {:.4} s or more", 1.0 / f64::from((*rate).max(1))),
            Self::HolesCover { .. } => "give shorter --hole, or a longer recording".to_owned(),
            Self::OtherRecording { .. } => "leave out --recording: a run keeps its own".to_owned(),
            Self::NoSuchRate { known, .. } if known.is_empty() => {
                "no scale above the first is trained: go on with adm train caw --run RUN --resume".to_owned()
            }
            Self::NoSuchRate { known, .. } => {
                let known: Vec<String> = known.iter().map(u32::to_string).collect();
                format!("use --vary with one of {}", known.join(", "))
            }
            Self::NothingToExtend { .. } => "give a WAV file at a rate of the run below its highest".to_owned(),
            Self::NoHole => "train one with adm train caw --recording FILE --run DIR --hole START-END".to_owned(),
            Self::Account { .. } => return None,
        })
    }
}
