//! Ducking: the kick pushes other parts down for most of a beat, the pumping of dance music.

/// The curve by which parts go down under the kick.
#[derive(Debug, Clone)]
pub struct Duck {
    /// Frames until each coming kick, soonest first.
    waiting: Vec<u64>,
    recovery: f32,
    /// How far the recovery after the last kick has come, 0 to 1.
    recovered: f32,
    /// The depth as it is heard: it follows the curve within 2 ms, so that the fall does not click.
    depth: f32,
    attack: f32,
}

impl Duck {
    /// Parts come back within `seconds` after a kick.
    pub fn new(seconds: f32, rate: f32) -> Self {
        let attack = 1.0 - (-1.0 / (0.002 * rate)).exp();
        Self { waiting: Vec::new(), recovery: 1.0 / (seconds * rate).max(1.0), recovered: 1.0, depth: 0.0, attack }
    }

    /// A kick comes in `frames`; kicks are announced in the order in which they come.
    pub fn announce(&mut self, frames: u64) {
        self.waiting.push(frames);
    }

    /// Fills `depths` with how far parts are pushed down, 0 (not at all) to 1.
    pub fn fill(&mut self, depths: &mut [f32]) {
        for (frame, depth) in (0u64..).zip(depths.iter_mut()) {
            if self.waiting.first() == Some(&frame) {
                self.recovered = 0.0;
            }
            self.waiting.retain(|&wait| wait != frame);
            let target = 1.0 - self.recovered * self.recovered * (3.0 - 2.0 * self.recovered);
            self.recovered = (self.recovered + self.recovery).min(1.0);
            self.depth += self.attack * (target - self.depth);
            *depth = self.depth;
        }
        let passed = depths.len() as u64;
        self.waiting.iter_mut().for_each(|wait| *wait -= passed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_down_at_the_kick_and_comes_back() {
        let mut duck = Duck::new(0.3, 1_000.0);
        duck.announce(250);
        let mut depths = vec![0.0; 1_000];
        depths.chunks_mut(64).for_each(|block| duck.fill(block));
        assert!(depths[..250].iter().all(|&depth| depth == 0.0));
        assert!(depths[262] > 0.9 && depths[400] > 0.3 && depths[400] < 0.8, "{} {}", depths[262], depths[400]);
        assert!(depths[600..].iter().all(|&depth| depth < 0.01));
    }
}
