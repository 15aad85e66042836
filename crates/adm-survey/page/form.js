'use strict';
// The questions of a page or a trial: shown when they are asked, kept in the record, dropped when they are asked no more.

adm.Form = class {
  /** Questions by `ids`; `slots` are the samples' labels (none on pages); `answered` is told of every answer. */
  constructor({ ids, slots = [], record, answered }) {
    Object.assign(this, { ids, slots, record, answered, parts: new Map() });
    for (const id of ids) for (const slot of adm.slotsOf(id, slots.length)) this.parts.set(adm.slotKey(id, slot), this.#part(id, slot));
    this.#update();
  }

  /** The elements of questions about sample `slot`, or about all for 0, in order. */
  elements(slot) {
    return [...this.parts.values()].filter(part => part.slot === slot).map(part => part.element);
  }

  #part(id, slot) {
    const question = adm.manifest.questions[id], key = adm.slotKey(id, slot), legend = adm.id();
    const { response = '', declined = false } = this.record.answers[key] ?? {};
    const field = adm.fields[question.kind]({
      question, response, slots: this.slots, labelled: legend,
      answer: text => { if (decline) decline.checked = false; this.#answer(key, text, false); },
    });
    const decline = question.may_decline && adm.el('input', {
      type: 'checkbox', checked: declined, change: () => { if (decline.checked) field.clear(); this.#answer(key, '', decline.checked); },
      // Enter after an answer goes on; it must not take the answer away because the focus has come here.
      keydown: event => {
        if (event.key !== 'Enter' || decline.checked || this.record.answers[key].response.trim()) return;
        event.preventDefault();
        decline.click();
      },
    });
    const element = adm.el('fieldset', { class: 'question' },
      adm.el('legend', { id: legend }, question.text, question.required ? '' : adm.el('span', { class: 'optional' }, ` (${adm.say('optional')})`)),
      field.elements, decline ? adm.el('label', { class: 'option decline' }, decline, adm.el('span', {}, adm.say('decline'))) : null);
    if (element.querySelector('[type=radio]')) {
      element.setAttribute('role', 'radiogroup');
      element.setAttribute('aria-required', String(question.required));
    }
    return { id, slot, question, element, clear: field.clear };
  }

  #answer(key, response, declined) {
    const answer = this.record.answers[key];
    Object.assign(answer, { response, declined, changed: adm.clock.now() });
    this.#update();
    this.answered();
  }

  #update() {
    const open = new Set(adm.asked(this.ids, this.slots.length, this.record.answers).map(({ id, slot }) => adm.slotKey(id, slot)));
    for (const [key, part] of this.parts) {
      part.element.hidden = !open.has(key);
      if (open.has(key)) {
        this.record.answers[key] ??= { response: '', declined: false, asked: adm.clock.now(), changed: 0 };
      } else if (this.record.answers[key]) {
        delete this.record.answers[key];
        part.clear();
        const decline = part.element.querySelector('.decline input');
        if (decline) decline.checked = false;
      }
    }
  }

  /** `[{ words, focus }]` of required questions without an answer. */
  missing() {
    return [...this.parts].flatMap(([name, { question, slot, element }]) => {
      const answer = this.record.answers[name];
      if (!answer || !question.required || answer.declined || answer.response.trim() !== '') return [];
      const key = slot ? 'missing_answer_for' : 'missing_answer';
      const words = adm.say(key, { question: question.text, sample: this.slots[slot - 1] });
      return [{ words, focus: element.querySelector('input, textarea') }];
    });
  }
};
