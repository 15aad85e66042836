//! The band: one sound a part, drawn once a track, and the voice that each note becomes.

use crate::pattern::{Note, Part, Style};
use crate::voices::bass::BassSound;
use crate::voices::clap::ClapSound;
use crate::voices::crash::CrashSound;
use crate::voices::hat::HatSound;
use crate::voices::kick::KickSound;
use crate::voices::pad::PadSound;
use crate::voices::perc::PercSound;
use crate::voices::pluck::PluckSound;
use crate::voices::ride::RideSound;
use crate::voices::riser::RiserSound;
use crate::voices::shaker::ShakerSound;
use crate::voices::snare::SnareSound;
use crate::voices::stab::StabSound;
use crate::voices::tom::TomSound;
use crate::voices::{Strike, Voice};
use adm_core::seeds::StreamRng;

/// The sounds of one track.
#[derive(Debug, Clone)]
pub struct Band {
    kick: KickSound,
    snare: SnareSound,
    clap: ClapSound,
    hat: HatSound,
    ride: RideSound,
    shaker: ShakerSound,
    perc: PercSound,
    tom: TomSound,
    bass: BassSound,
    stab: StabSound,
    pad: PadSound,
    pluck: PluckSound,
    riser: RiserSound,
    crash: CrashSound,
}

impl Band {
    /// Draws all sounds.
    pub fn draw(rng: &mut StreamRng, style: Style) -> Self {
        Self {
            kick: KickSound::draw(rng, style),
            snare: SnareSound::draw(rng),
            clap: ClapSound::draw(rng),
            hat: HatSound::draw(rng),
            ride: RideSound::draw(rng),
            shaker: ShakerSound::draw(rng),
            perc: PercSound::draw(rng),
            tom: TomSound::draw(rng),
            bass: BassSound::draw(rng, style),
            stab: StabSound::draw(rng),
            pad: PadSound::draw(rng),
            pluck: PluckSound::draw(rng),
            riser: RiserSound::draw(rng),
            crash: CrashSound::draw(rng),
        }
    }

    /// The voice that `note` becomes when it is struck so; `rng` starts its noises.
    pub fn voice(&self, note: &Note, strike: &Strike, rng: &mut StreamRng) -> Box<dyn Voice> {
        let pitch = note.pitches.first().copied().unwrap_or_default();
        match note.part {
            Part::Kick => Box::new(self.kick.strike(strike, rng)),
            Part::Snare => Box::new(self.snare.strike(strike, rng)),
            Part::Clap => Box::new(self.clap.strike(strike, rng)),
            Part::Hat => Box::new(self.hat.closed(strike, rng)),
            Part::OpenHat => Box::new(self.hat.open(strike, rng)),
            Part::Ride => Box::new(self.ride.strike(strike, rng)),
            Part::Shaker => Box::new(self.shaker.strike(strike, rng)),
            Part::Perc => Box::new(self.perc.strike(strike, rng)),
            Part::Tom => Box::new(self.tom.strike(pitch as u8, strike, rng)),
            Part::Bass => Box::new(self.bass.strike(pitch, strike, rng)),
            Part::Stab => Box::new(self.stab.strike(&note.pitches, strike, rng)),
            Part::Pad => Box::new(self.pad.strike(&note.pitches, strike, rng)),
            Part::Pluck => Box::new(self.pluck.strike(pitch, strike, rng)),
            Part::Riser => Box::new(self.riser.strike(strike, rng)),
            Part::Crash => Box::new(self.crash.strike(strike, rng)),
        }
    }
}
