//! Envelopes: how a sound's level moves in time.

/// Level under which a sound counts as over: −80 dB, below the last bit of any listening room.
pub const SILENCE: f32 = 1e-4;

/// An exponential fall from 1.
#[derive(Debug, Clone, Copy)]
pub struct Decay {
    level: f32,
    factor: f32,
}

impl Decay {
    /// Falls by 60 dB in `seconds`; longer times ring longer.
    pub fn new(seconds: f32, rate: f32) -> Self {
        Self { level: 1.0, factor: (-6.907_755 / (seconds * rate).max(1.0)).exp() }
    }

    /// The next level.
    #[inline]
    pub fn tick(&mut self) -> f32 {
        let level = self.level;
        self.level *= self.factor;
        level
    }

    /// The level that [`Self::tick`] gives next.
    #[inline]
    pub fn level(&self) -> f32 {
        self.level
    }

    /// Whether the fall has reached silence.
    #[inline]
    pub fn is_over(&self) -> bool {
        self.level < SILENCE
    }
}

/// A rise to 1, a hold and a fall to 0: half cosines, so that neither end clicks.
#[derive(Debug, Clone, Copy)]
pub struct Swell {
    at: u32,
    attack: u32,
    hold: u32,
    release: u32,
}

impl Swell {
    /// Rises for `attack`, stays up until `length` seconds have passed, then falls for `release`.
    pub fn new(attack: f32, length: f32, release: f32, rate: f32) -> Self {
        let frames = |seconds: f32| (seconds.max(0.0) * rate) as u32;
        let attack = frames(attack);
        Self { at: 0, attack, hold: frames(length).saturating_sub(attack), release: frames(release) }
    }

    /// The next level.
    #[inline]
    pub fn tick(&mut self) -> f32 {
        let at = self.at;
        self.at = self.at.saturating_add(1);
        if at < self.attack {
            return half_cosine(at as f32 / self.attack as f32);
        }
        match (at - self.attack).checked_sub(self.hold) {
            None => 1.0,
            Some(falling) if falling < self.release => 1.0 - half_cosine(falling as f32 / self.release as f32),
            Some(_) => 0.0,
        }
    }

    /// Share of the whole that has passed, 0 to 1.
    #[inline]
    pub fn progress(&self) -> f32 {
        self.at as f32 / (self.attack + self.hold + self.release).max(1) as f32
    }

    /// Whether the fall is over.
    #[inline]
    pub fn is_over(&self) -> bool {
        self.at >= self.attack + self.hold + self.release
    }
}

/// A smooth step from 0 to 1 as `x` goes from 0 to 1.
#[inline]
pub fn half_cosine(x: f32) -> f32 {
    0.5 - 0.5 * (std::f32::consts::PI * x.clamp(0.0, 1.0)).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decay_loses_60_db_in_its_time() {
        let mut decay = Decay::new(0.5, 1_000.0);
        (0..500).for_each(|_| _ = decay.tick());
        assert!((decay.level() - 1e-3).abs() < 1e-5);
    }

    #[test]
    fn a_swell_rises_holds_and_ends_without_a_jump() {
        let mut swell = Swell::new(0.1, 0.5, 0.2, 1_000.0);
        let levels: Vec<f32> = (0..=700).map(|_| swell.tick()).collect();
        assert_eq!((levels[0], levels[300], levels[700]), (0.0, 1.0, 0.0));
        assert!(levels.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 0.02));
        assert!(swell.is_over());
    }
}
