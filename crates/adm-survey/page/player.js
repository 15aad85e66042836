'use strict';
// Plays the samples of a trial: all at once, in step to the sample, one of them audible.
//
//   buffer → source → envelope ─┐ (a deck: started together at one context time)
//   buffer → source → envelope ─┤
//                               ├→ one gain a sample: 1 for the chosen one, cross-faded → destination
// A pause, a seek and another loop end a deck with a fade and begin the next, for all samples together.
{
  const LEAD = 0.03;                        // seconds ahead at which decks are planned, so that all of it is in time
  const LEAST = 0.5;                        // seconds of the shortest loop
  const BRINK = 0.1;                        // seconds before the end where a seek to the end goes: one step of the page's slider

  adm.Player = class {
    /** `context` may be offline; `buffers` are of one length and rate; `fade` in seconds; `heard(track, from, to)` is told positions. */
    constructor(context, buffers, { looped, fade, heard = () => {} }) {
      // Whole frames: some browsers round the ends of fades to them, and all shall play the same.
      this.fade = Math.round(fade * context.sampleRate) / context.sampleRate;
      Object.assign(this, { context, looped, heard, chosen: 0, deck: null, rest: 0, region: null, told: 0 });
      this.rate = buffers[0].sampleRate;
      this.frames = Math.min(...buffers.map(buffer => buffer.length));
      this.seconds = this.frames / this.rate;
      this.tracks = buffers.map((buffer, index) => {
        const gain = context.createGain();
        gain.connect(context.destination);
        return { buffer, gain, fader: new adm.Fader(gain.gain, index === 0 ? 1 : 0) };
      });
    }

    get playing() { return this.deck !== null; }

    /** The next context time at which something can be planned, on a frame. */
    soon() {
      const { currentTime, sampleRate } = this.context;
      return Math.ceil((currentTime + LEAD) * sampleRate) / sampleRate;
    }

    /** The position, in seconds, at context time `time`. */
    position(time = this.context.currentTime) {
      if (!this.deck) return this.rest;
      const { begun, offset, low, high, looped } = this.deck, passed = offset + Math.max(0, time - begun);
      return looped ? low + (passed - low) % (high - low) : Math.min(passed, high);
    }

    /** Whether a sample that is not looped has come to its end. */
    over(time = this.context.currentTime) {
      return this.deck !== null && !this.deck.looped && this.position(time) >= this.deck.high;
    }

    play(time = this.soon()) {
      if (this.deck) return;
      this.#begin(time, this.rest >= this.seconds ? 0 : this.rest);
    }

    pause(time = this.soon()) {
      if (!this.deck) return;
      this.advance(time);
      this.rest = Math.round(this.position(time) * this.rate) / this.rate;
      this.#end(time);
    }

    /** Makes track `index` the audible one. */
    choose(index, time = this.soon()) {
      this.advance(time);
      this.chosen = index;
      this.tracks.forEach(({ fader }, k) => fader.turn(k === index ? 1 : 0, time, this.fade));
    }

    /** Goes to a position in seconds, or to what is nearest to it in the loop; just before its end rather than round to its start. */
    seek(seconds, time = this.soon()) {
      const [low, high] = this.region ?? [0, this.seconds];
      this.#move(time, Math.max(low, Math.min(seconds, high - BRINK)));
    }

    /** Loops `[low, high]` in seconds, at least half a second, from here on; the whole for null. Returns what is looped. */
    loop(range, time = this.soon()) {
      const here = this.position(time);
      this.advance(time);
      this.region = range && this.seconds > LEAST ? this.#fitted(...range) : null;
      this.looping = this.region && this.tracks.map(({ buffer }) => this.#cut(buffer, ...this.region));
      this.#move(time, here);
      return this.region;
    }

    /** Tells `heard` of what was heard until context time `time`. */
    advance(time = this.context.currentTime) {
      let left = time - this.told;
      if (!this.deck || left <= 0) return;
      const { low, high, looped } = this.deck;
      for (let at = this.position(this.told); left > 1e-9;) {
        const piece = Math.min(left, high - at);
        this.heard(this.chosen, at, at + piece);
        left -= piece;
        at = low;
        if (!looped) break;
      }
      this.told = time;
    }

    /** Ends at once and lets go of everything. */
    close() {
      this.pause();
      setTimeout(() => this.tracks.forEach(({ gain }) => gain.disconnect()), 200);
    }

    #fitted(low, high) {
      const frame = value => Math.round(value * this.rate) / this.rate, least = Math.ceil(LEAST * this.rate) / this.rate;
      const start = frame(Math.max(0, Math.min(low, this.seconds - least)));
      return [start, frame(Math.max(start + least, Math.min(high, this.seconds)))];
    }

    /**
     * The frames of a loop. Its end is cross-faded into what comes before its start, so that going round does not click: where
     * the cut falls is the listener's choice, not the music's. The whole sound needs no such fade: how it ends was the study's.
     */
    #cut(buffer, low, high) {
      const from = Math.round(low * this.rate), length = Math.round(high * this.rate) - from;
      const cut = new AudioBuffer({ length, numberOfChannels: buffer.numberOfChannels, sampleRate: this.rate });
      const fade = Math.min(Math.round(this.fade * this.rate), length >> 1);
      for (let side = 0; side < buffer.numberOfChannels; side++) {
        const whole = buffer.getChannelData(side), part = cut.getChannelData(side);
        part.set(whole.subarray(from, from + length));
        if (length === this.frames) continue;
        for (let k = 0; k < fade; k++) {
          const weight = (k + 1) / (fade + 1), before = from - fade + k;
          part[length - fade + k] += weight * (whole[before < 0 ? before + this.frames : before] - part[length - fade + k]);
        }
      }
      return cut;
    }

    #move(time, seconds) {
      const [low, high] = this.region ?? [0, this.seconds];
      const within = seconds >= low && seconds < high ? seconds : low;
      const target = Math.round(within * this.rate) / this.rate;
      this.rest = target;
      if (!this.deck) return;
      this.advance(time);
      this.#end(time);
      this.#begin(time, target);
    }

    #begin(time, offset) {
      const [low, high] = this.region ?? [0, this.seconds], looped = this.looped || this.region !== null;
      const voices = this.tracks.map(({ buffer, gain }, index) => {
        const source = this.context.createBufferSource(), envelope = this.context.createGain();
        source.buffer = this.region ? this.looping[index] : buffer;
        source.loop = looped;
        source.connect(envelope).connect(gain);
        source.onended = () => envelope.disconnect();
        const fader = new adm.Fader(envelope.gain, 0);
        fader.turn(1, time, this.fade);
        source.start(time, offset - low);
        return { source, fader };
      });
      this.deck = { voices, begun: time, offset, low, high, looped };
      this.told = time;
    }

    #end(time) {
      for (const { source, fader } of this.deck.voices) {
        fader.turn(0, time, this.fade);
        source.stop(time + this.fade);
      }
      this.deck = null;
    }
  };

  let shared = null;

  /** The page's AudioContext, at the sounds' rate where the browser can; made at the first sound, as browsers want it. */
  adm.audio = () => {
    if (!shared) {
      try {
        shared = new AudioContext({ sampleRate: adm.manifest.sound.rate, latencyHint: 'interactive' });
      } catch {
        shared = new AudioContext({ latencyHint: 'interactive' });
      }
    }
    return shared;
  };

  /** The device's own rate in Hz, which a context of another rate does not tell. */
  adm.deviceRate = () => {
    const probe = new AudioContext(), rate = Math.round(probe.sampleRate);
    probe.close();
    return rate;
  };
}
