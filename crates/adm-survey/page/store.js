'use strict';
// What the participant has said so far, and how it outlives the tab. Nothing is here, stored or drawn before consent.
//
// The state: { version, participant, sheet, started, latest, finished, rate, page, position, sent, downloaded, keys, places: { "PAGE.POSITION": record } }.
// A record: { spent, answers: { "SLOT:QUESTION": { response, declined, asked, changed } }, plays, heard }; times in milliseconds
// that the place was open; `latest` is when it was saved last.
{
  const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const whole = (value, below) => Number.isSafeInteger(value) && value >= 0 && value < below;
  const table = value => typeof value === 'object' && value !== null && !Array.isArray(value);

  const uuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  };

  /** A number below `count`, every one as likely. */
  const draw = count => {
    const most = Math.floor(2 ** 32 / count) * count;
    for (;;) {
      const [value] = crypto.getRandomValues(new Uint32Array(1));
      if (value < most) return value % count;
    }
  };

  const sane = state => table(state) && state.version === 1 && UUID.test(state.participant)
    && whole(state.sheet, adm.manifest.sheets.length) && whole(state.page, adm.manifest.pages.length)
    && whole(state.position, Math.max(1, adm.trialsOf(adm.manifest.pages[state.page], state.sheet).length))
    && whole(state.rate, 1e7) && typeof state.started === 'string' && typeof state.finished === 'string' && table(state.places)
    && Object.values(state.places).every(place => table(place) && Number.isFinite(place.spent) && table(place.answers)
      && Object.values(place.answers).every(answer => table(answer) && typeof answer.response === 'string'
        && typeof answer.declined === 'boolean' && Number.isFinite(answer.asked) && Number.isFinite(answer.changed)));

  adm.store = {
    state: null,
    keys: true,                             // whether single keys do something, letters and digits and signs
    trouble: null,                          // the key of the words for why nothing is saved
    superseded: () => {},                   // called when a newer tab has taken over
    changed: () => {},                      // called when `trouble` changes

    /** The sheet that the address asks for, `#sheet=N`; null where it asks for none, NaN where there is no such sheet. */
    asked() {
      const words = new URLSearchParams(location.hash.slice(1)).get('sheet');
      if (words === null) return null;
      return /^\d+$/.test(words) && whole(Number(words), adm.manifest.sheets.length) ? Number(words) : NaN;
    },

    /** Two links with different sheets are two participants, on one device too. */
    key() {
      const sheet = this.asked();
      return `adm-survey:${adm.bundle}${sheet === null ? '' : `:${sheet}`}`;
    },

    /** Takes up what was saved. Returns `none`, `resumed`, or `damaged`: then what was there is kept aside. */
    resume() {
      let text = null;
      try {
        text = localStorage.getItem(this.key());
      } catch { /* said when there is something to save */ }
      if (text === null) return 'none';
      try {
        const state = JSON.parse(text);
        if (!sane(state)) throw new Error('not a state');
        this.state = state;
        this.keys = state.keys !== false;
        adm.time.from(state.started, state.latest);
        this.claim();
        return 'resumed';
      } catch {
        try { localStorage.setItem(`${this.key()}:damaged`, text); } catch { /* as well as can be */ }
        return 'damaged';
      }
    },

    /**
     * Begins, after consent; goes on where another tab began since this one was opened, whose answers must not be written over.
     * Returns whether it goes on.
     */
    async begin() {
      if (this.resume() === 'resumed') return true;
      const asked = this.asked(), started = adm.time.from();
      const sheet = asked ?? await adm.server.sheet() ?? draw(adm.manifest.sheets.length);
      if (this.resume() === 'resumed') return true;     // begun while the server was asked
      this.state = { version: 1, participant: uuid(), sheet, started, latest: started, finished: '', rate: 0, page: 0, position: 0, sent: '', downloaded: false, keys: this.keys, places: {} };
      this.claim();
      this.save();
      return false;
    },

    /** The record of a place, made where there is none. */
    record(page, position) {
      return this.state.places[`${page}.${position}`] ??= { spent: 0, answers: {}, plays: [], heard: [] };
    },

    /** Makes this tab the one that saves. */
    claim() {
      this.tab = uuid();
      try { localStorage.setItem(`${this.key()}:tab`, this.tab); } catch { /* said by save */ }
    },

    /** Whether another tab took over; then this one saves no more. */
    lost() {
      try {
        const owner = localStorage.getItem(`${this.key()}:tab`);
        return this.tab !== undefined && owner !== null && owner !== this.tab;
      } catch { return false; }
    },

    save() {
      if (!this.state) return;
      if (this.lost()) return this.superseded();
      adm.clock.keep();
      this.state.latest = adm.time.now();
      let trouble = null;
      try {
        localStorage.setItem(this.key(), JSON.stringify(this.state));
      } catch { trouble = 'not_saved'; }
      if (trouble !== this.trouble) {
        this.trouble = trouble;
        this.changed();
      }
    },

    /** Saves before long; many changes at once are saved once. */
    soon() {
      this.waiting ??= setTimeout(() => { this.waiting = undefined; this.save(); }, 250);
    },

    /** Turns single keys on or off; kept with the answers, and so only once there are some. */
    single(on) {
      this.keys = on;
      if (!this.state) return;
      this.state.keys = on;
      this.save();
    },

    /** Takes this participant's answers out of this browser. */
    forget() {
      clearTimeout(this.waiting);
      this.waiting = undefined;
      this.state = null;
      for (const end of ['', ':tab', ':damaged']) try { localStorage.removeItem(this.key() + end); } catch { /* nothing there */ }
    },
  };

  /** Times of day, as answers have them, that never go back although a computer's clock may be set back meanwhile. */
  adm.time = {
    /** Begins to count, from the latest of now and the given times; returns it. */
    from(...times) {
      const known = times.filter(text => /^\d{4}-/.test(text)).map(text => Date.parse(text) || 0);
      Object.assign(this, { least: Math.max(Date.now(), ...known), since: performance.now() });
      return this.now();
    },
    now() { return new Date(Math.max(Date.now(), this.least + Math.floor(performance.now() - this.since))).toISOString(); },
  };

  /** Milliseconds that a place was open, tabs closed in between not counted. */
  adm.clock = {
    open(record) { Object.assign(this, { record, since: performance.now() - record.spent }); },
    now() { return Math.round(performance.now() - this.since); },
    keep() { if (this.record) this.record.spent = this.now(); },
  };

  addEventListener('storage', event => {
    if (adm.store.state && (event.key === null || event.key.startsWith(adm.store.key())) && adm.store.lost()) adm.store.superseded();
  });
  for (const event of ['pagehide', 'blur']) addEventListener(event, () => adm.store.save());
  document.addEventListener('visibilitychange', () => adm.store.save());
}
