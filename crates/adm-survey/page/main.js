'use strict';
// From page to page.

adm.app = {
  said: null,                               // the key of a notice that one page long is of use
  at: null,                                 // what is shown: what a page's maker returned
  done: false,                              // whether answers were handed over, so that leaving loses nothing

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
    const words = [adm.say('next'), adm.el('kbd', { 'aria-hidden': 'true' }, '⏎')];
    const next = adm.button(words, () => this.next(), { class: 'main next', 'aria-describedby': id });
    return adm.el('div', { class: 'foot' }, next, this.lacking, this.alert);
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
    const { page, position } = adm.store.state, here = this.steps.findIndex(step => step.page === page && step.position === position);
    const own = this.steps[here]?.sounds ?? [], next = this.steps.slice(here + 1).find(step => step.sounds.length)?.sounds ?? [];
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
    const { state } = adm.store, missing = this.at.missing();
    if (missing.length) {
      this.alert.textContent = adm.say('still_missing', { what: adm.few(missing.map(({ words }) => words)) });
      this.lacking.hidden = true;
      missing[0].focus?.focus();
      return;
    }
    this.at.listening?.player?.advance();
    const here = this.steps.findIndex(step => step.page === state.page && step.position === state.position), next = this.steps[here + 1];
    if (!next) return;
    adm.clock.keep();
    Object.assign(state, { page: next.page, position: next.position });
    this.said = null;
    adm.store.changed();
    adm.store.save();
    if (!adm.store.lost()) this.show();
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

  refuse() { this.end('refused', 'refused_text'); },

  /** A last word, after which there is nothing to do. */
  end(title, text, ...more) {
    this.notice.replaceChildren();
    this.fill({ elements: [...adm.prose(adm.say(text)), ...more], missing: () => [], own: true }, adm.say(title));
    this.at = null;
  },
};
