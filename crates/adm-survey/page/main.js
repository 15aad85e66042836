'use strict';
// From page to page.
//
// One can go back within a run of pages between trials: before the first, between blocks, after the last; also by the browser's Back.
// Never into a trial, whose answers are of use only as they were before what came after was heard; nor from the closing page, where
// answers are handed over.

adm.app = {
  said: null,                               // the key of a notice that one page long is of use
  at: null,                                 // what is shown: what a page's maker returned
  led: null,                                // the control to which one was led because something is missing there

  /** The page around the pages. */
  frame() {
    document.title = adm.manifest.title;
    document.documentElement.lang = adm.manifest.language;
    this.bar = adm.el('progress', { max: 1, value: 0, 'aria-label': adm.say('progress') });
    this.count = adm.el('span', { class: 'count' });
    this.notice = adm.el('div', { class: 'notice', role: 'status' });
    this.main = adm.el('main', { id: 'page' });
    const header = adm.el('header', {}, adm.el('p', { class: 'study' }, adm.manifest.title),
      adm.keyed(adm.button(adm.say('help'), () => adm.help(), { class: 'small' }), '?'),
      adm.el('div', { class: 'progress' }, this.bar, this.count));
    document.body.replaceChildren(header, this.notice, this.main);
    adm.shownKeys();
  },

  /** Shows the place that the state says; the first page where there is none. */
  show() {
    const { state } = adm.store, index = state?.page ?? 0, position = state?.position ?? 0, page = adm.manifest.pages[index];
    const record = state && page.kind !== 'closing' ? adm.store.record(index, position) : null;
    if (record) adm.clock.open(record);
    this.steps = state ? adm.stepsOf(state.sheet) : null;
    const given = { page, index, position, record, changed: () => this.changed(), answered: () => this.answered() };
    const made = page.kind === 'block' ? adm.trial(given) : adm.pages[page.kind](given);
    this.fill(made, page.title ?? adm.say(`title_${page.kind}`));
    this.told(page, index, position);
    this.nearby();
    this.guard();
  },

  /** Puts what a maker made in the page's place. */
  fill(made, title) {
    this.at?.listening?.close();
    this.at = null;
    const heading = adm.el('h1', { tabindex: '-1' }, title);
    this.main.replaceChildren(heading, ...made.elements.filter(Boolean), ...(made.own ? [] : [this.foot()]));
    this.at = made;
    this.changed();
    scrollTo(0, 0);
    heading.focus({ preventScroll: true });
  },

  foot() {
    const id = adm.id();
    this.lacking = adm.el('p', { class: 'lacking', id });
    this.alert = adm.el('p', { class: 'bad', role: 'alert' });
    const back = [adm.el('kbd', { 'aria-hidden': 'true' }, '⌫'), adm.say('previous')];
    const previous = this.before() && adm.button(back, () => this.previous(), { class: 'previous', 'aria-keyshortcuts': 'Backspace' });
    const words = [adm.say('next'), adm.el('kbd', { 'aria-hidden': 'true' }, '⏎')];
    const next = adm.button(words, () => this.next(), { class: 'main next', 'aria-describedby': id });
    return adm.el('div', { class: 'foot' }, previous, next, this.lacking, this.alert);
  },

  /** How far one is. */
  told(page, index, position) {
    const steps = this.steps ?? [{}], step = Math.max(0, steps.findIndex(step => step.page === index && step.position === position));
    this.bar.max = Math.max(1, steps.length - 1);
    this.bar.value = step;
    const trials = page.kind === 'block' ? adm.trialsOf(page, adm.store.state.sheet).length : 0;
    this.count.textContent = trials ? adm.say('trial_of', { k: position + 1, n: trials }) : this.steps ? adm.say('step_of', { k: step + 1, n: steps.length }) : '';
    this.bar.setAttribute('aria-valuetext', this.count.textContent);
    document.title = trials ? `${position + 1}/${trials} · ${adm.manifest.title}` : adm.manifest.title;
  },

  /** Holds this place's sounds and the next ones', and no others. */
  nearby() {
    if (!adm.store.state) return;
    const here = this.here(), own = this.steps[here]?.sounds ?? [], next = this.steps.slice(here + 1).find(step => step.sounds.length)?.sounds ?? [];
    adm.sounds.keep([...own, ...next]);
    // A failure of what is not wanted yet is said when it is.
    (this.at?.listening?.ready ?? Promise.resolve()).then(() => { for (const name of next) adm.sounds.load(name).catch(() => {}); });
  },

  /** What was heard or answered has changed. */
  changed() {
    if (!this.at) return;
    adm.store.soon();
    if (this.at.own) return;
    const words = this.at.missing().map(({ words }) => words);
    const text = words.length ? adm.say('still_missing', { what: adm.few(words) }) : '';
    if (this.lacking.textContent === text) return;
    this.lacking.textContent = text;
    this.alert.textContent = '';
    this.lacking.hidden = false;
  },

  /** An answer is kept at once: a browser that dies within the next second shall not take it along. */
  answered() {
    this.changed();
    adm.store.save();
  },

  /** Goes on, or says what is missing and goes there. */
  next() {
    const missing = this.at.missing();
    if (missing.length) {
      this.alert.textContent = adm.say('still_missing', { what: adm.few(missing.map(({ words }) => words)) });
      this.lacking.hidden = true;
      this.led = missing[0].focus;
      this.led?.focus();
      return;
    }
    this.go(this.steps[this.here() + 1]);
  },

  /** Goes back, where one can. */
  previous() { this.go(this.before()); },

  /** Which step is shown. */
  here() {
    const { page, position } = adm.store.state;
    return this.steps.findIndex(step => step.page === page && step.position === position);
  },

  /** The step to which one may go back, if any. */
  before() {
    if (!adm.store.state || !this.steps) return null;
    const [last, now] = [this.here() - 1, this.here()].map(index => this.steps[index]);
    const free = step => step && !['consent', 'block', 'closing'].includes(adm.manifest.pages[step.page].kind);
    return free(last) && free(now) ? last : null;
  },

  go(step) {
    if (!step) return;
    this.at.listening?.player?.advance();
    adm.clock.keep();
    Object.assign(adm.store.state, { page: step.page, position: step.position });
    this.said = null;
    adm.store.changed();
    adm.store.save();
    if (!adm.store.lost()) this.show();
  },

  /** Keeps a step of the browser's history ahead of the page, so that Back comes to the page first. */
  guard() {
    if (!adm.store.state || history.state?.adm === 'ahead') return;
    history.replaceState({ adm: 'behind' }, '');
    history.pushState({ adm: 'ahead' }, '');
  },

  /** The browser's Back: to the page before where one may; else it is said that one cannot, and the next Back leaves. */
  back() {
    if (!this.at || !adm.store.state) return;
    if (this.before()) return this.previous();
    this.said = 'no_way_back';
    adm.store.changed();
  },

  async agree() {
    if (adm.store.state || this.agreeing) return;
    this.agreeing = true;
    const resumed = await adm.store.begin();
    this.agreeing = false;
    this.steps = adm.stepsOf(adm.store.state.sheet);
    if (!resumed) return this.next();
    this.said = 'resumed';
    adm.store.changed();
    this.show();
  },

  /** From the beginning, for another participant. */
  anew() {
    adm.store.forget();
    adm.store.keys = true;
    adm.shownKeys();
    this.said = null;
    adm.store.changed();
    this.show();
  },

  refuse() { this.end('refused', 'refused_text'); },

  /** A last word, after which there is nothing to do. */
  end(title, text, ...more) {
    this.notice.replaceChildren();
    this.fill({ elements: [...adm.prose(adm.say(text)), ...more], missing: () => [], own: true }, adm.say(title));
    this.at = null;
  },
};
