'use strict';
// The panel by which samples are heard: play, position, loop, and a button for each sample.

/** A triangle or two bars. */
adm.icon = kind => adm.el('span', { class: `icon ${kind}`, 'aria-hidden': 'true' });

adm.Listening = class {
  /** `names` of sounds with `labels` and `keys` (what is pressed for each); `record` keeps what was heard; `changed` is told; `plain` has no loops. */
  constructor({ names, labels, keys, record, need = 0, changed = () => {}, plain = false }) {
    const { frames, rate } = adm.manifest.sound;
    Object.assign(this, { names, labels, keys, record, need, changed, plain, player: null, buffers: null });
    this.heard = new adm.Heard(record, names.length, frames / rate);
    this.buttons = labels.map((label, k) => this.#sampleButton(label, keys[k], k));
    this.notes = names.map(() => adm.el('span', { class: 'heard' }));
    this.root = this.#panel();
    this.#told();
    this.ready = this.load();
    this.timer = setInterval(() => this.#tick(), 100);
  }

  #sampleButton(label, key, k) {
    const attributes = { class: 'sample', 'aria-pressed': 'false', 'aria-disabled': 'true' };
    const button = adm.button([adm.icon('play'), adm.el('span', {}, label)], () => this.choose(k), attributes);
    return this.labels.length > 1 && key ? adm.keyed(button, key) : button;
  }

  #panel() {
    // Both parts stay for good: where the pressed part is another when the mouse is let go, browsers make no click of it.
    this.toggleIcon = adm.icon('play');
    this.toggleWord = adm.el('span');
    this.toggleButton = adm.button([this.toggleIcon, this.toggleWord], () => this.toggle(), { class: 'toggle', 'aria-disabled': 'true', 'aria-keyshortcuts': 'Space' });
    this.slider = adm.el('input', {
      type: 'range', min: 0, max: this.heard.seconds, step: 0.1, value: 0, class: 'position', disabled: true, 'aria-label': adm.say('position'),
      input: () => this.goTo(Number(this.slider.value)),
    });
    this.band = adm.el('div', { class: 'band', hidden: true });
    this.time = adm.el('span', { class: 'time' });
    this.loops = ['loop_from', 'loop_to', 'loop_off'].map((key, k) => adm.keyed(
      adm.button(adm.el('span', {}, adm.say(key)), () => this.mark(k), { class: 'small', disabled: true }), '[]\\'[k]));
    this.status = adm.el('p', { class: 'status', role: 'status' });
    return adm.el('div', { class: 'panel player', role: 'group', 'aria-label': adm.say('player') },
      adm.el('div', { class: 'transport' }, this.toggleButton, adm.el('div', { class: 'track' }, this.slider, this.band), this.time),
      this.plain ? null : adm.el('div', { class: 'loops', role: 'group', 'aria-label': adm.say('loop') }, this.loops), this.status);
  }

  /** Loads the sounds; says what fails, and offers to try again. */
  async load() {
    this.status.replaceChildren(adm.say('loading'));
    try {
      this.buffers = await Promise.all(this.names.map(name => adm.sounds.load(name)));
      this.heard.seconds = Math.min(...this.buffers.map(buffer => buffer.duration));
      this.slider.max = this.heard.seconds;
      this.status.replaceChildren();
      for (const control of [this.slider, ...this.loops]) control.disabled = false;
      // These can have the focus all the time: what is missing leads to them.
      for (const button of [...this.buttons, this.toggleButton]) button.removeAttribute('aria-disabled');
      this.#show();
    } catch (error) {
      const words = adm.say(error.key ?? 'sound_damaged', { name: error.name });
      this.status.replaceChildren(adm.el('span', { class: 'bad', role: 'alert' }, words), ' ',
        adm.button(adm.say('retry'), () => { this.ready = this.load(); }, { class: 'small' }));
    }
  }

  #open() {
    if (!this.player) {
      const { looped, fade_ms } = adm.manifest.sound;
      this.player = new adm.Player(adm.audio(), this.buffers, { looped: looped || this.plain, fade: fade_ms / 1000, heard: (...what) => this.heard.mark(...what) });
      adm.store.state.rate ||= adm.deviceRate();
    }
    adm.audio().resume();
    return this.player;
  }

  get playing() { return this.player?.playing ?? false; }

  toggle() {
    if (!this.buffers) return;
    const player = this.#open();
    if (player.playing) player.pause();
    else this.#start(player);
    this.#told();
  }

  /** Makes sample `k` heard, from where the others are. */
  choose(k) {
    if (!this.buffers || k >= this.names.length) return;
    const player = this.#open(), other = player.chosen !== k;
    if (other) player.choose(k);
    if (!player.playing) this.#start(player);
    else if (other) this.heard.played(k);
    this.#told();
  }

  #start(player) {
    player.play();
    this.heard.played(player.chosen);
    this.status.replaceChildren();
    Object.assign(this, { since: player.context.currentTime, stalled: 0 });
  }

  /** Where the browser lets no sound out, that is said rather than counted as heard. */
  #silent() {
    const { player } = this;
    if (player.context.currentTime - this.since < 0.1) this.record.plays[player.chosen]--;
    player.pause();
    this.status.replaceChildren(adm.el('span', { class: 'bad', role: 'alert' }, adm.say('no_sound')));
  }

  /** Goes so many seconds on. */
  skip(seconds) {
    if (!this.buffers) return;
    const player = this.#open();
    player.seek(player.position() + seconds);
    this.#show();
  }

  /** Goes to a position in seconds; one that lies outside the loop takes the loop away, and says so. */
  goTo(seconds) {
    const player = this.#open(), [low, high] = player.region ?? [0, player.seconds];
    if (seconds < low || seconds > high) this.mark(2);
    player.seek(seconds);
    this.#show();
  }

  /** Sets the loop's start (0) or end (1) to here, or takes the loop away (2). */
  mark(which) {
    if (!this.buffers || this.plain) return;
    const player = this.#open(), here = player.position(), [low, high] = player.region ?? [0, player.seconds];
    const region = player.loop([[here, Math.max(here, high)], [Math.min(here, low), here], null][which]);
    this.status.textContent = region ? adm.say('looping', { from: adm.seconds(region[0]), to: adm.seconds(region[1]) }) : adm.say('loop_whole');
    this.#show();
  }

  #tick() {
    if (!this.player?.playing) return;
    this.stalled = this.player.context.state === 'running' ? 0 : this.stalled + 1;
    if (this.stalled > 20) this.#silent();
    this.player.advance();
    if (this.player.over()) this.player.pause();
    this.#told();
    adm.store.soon();
  }

  #told() {
    this.#show();
    this.changed();
  }

  #show() {
    const { player, slider } = this, here = player?.position() ?? 0;
    const does = this.playing ? 'pause' : 'play';
    this.toggleIcon.className = `icon ${does}`;
    adm.tell(this.toggleWord, adm.say(does));
    slider.value = here;
    slider.setAttribute('aria-valuetext', adm.say('position_of', { at: adm.seconds(here), of: adm.seconds(this.heard.seconds) }));
    adm.tell(this.time, `${adm.tenths(here)} / ${adm.tenths(this.heard.seconds)}`);
    this.buttons.forEach((button, k) => {
      const chosen = k === (player?.chosen ?? -1);
      button.setAttribute('aria-pressed', String(chosen));
      button.classList.toggle('sounding', chosen && this.playing);
    });
    this.notes.forEach((note, k) => adm.tell(note, this.need ? adm.say('heard', { n: this.percent(k), of: this.need }) : ''));
    this.band.hidden = !player?.region;
    if (!player?.region) return;
    const [low, high] = player.region.map(value => value / this.heard.seconds * 100);
    Object.assign(this.band.style, { left: `${low}%`, width: `${high - low}%` });
  }

  /** How much of sample `k` was heard, in percent. */
  percent(k) { return adm.percent(this.record.heard[k]); }

  /** Whether anything was heard of sample `k`: to have pressed its button is not enough. */
  sounded(k) { return this.record.heard[k].includes('1'); }

  /** `[{ words, focus }]` of samples of which too little was heard, or that were never played where `once`. */
  missing(once) {
    return this.names.flatMap((_, k) => {
      const label = this.labels[k], focus = this.buttons[k];
      if (once && !this.sounded(k)) return [{ words: adm.say('missing_play', { sample: label }), focus }];
      const n = this.percent(k);
      return n < this.need ? [{ words: adm.say('missing_heard', { sample: label, of: this.need, n }), focus }] : [];
    });
  }

  close() {
    clearInterval(this.timer);
    this.player?.close();
  }
};
