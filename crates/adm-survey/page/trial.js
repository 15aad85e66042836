'use strict';
// Trials, one maker a kind of block; they return what pages do.
{
  const digits = count => Array.from({ length: count }, (_, k) => (k < 9 ? String(k + 1) : ''));
  const group = elements => adm.el('div', { class: 'samples', role: 'group', 'aria-label': adm.say('samples') }, elements);
  const withNote = (listening, k) => adm.el('div', { class: 'one' }, listening.buttons[k], listening.notes[k]);

  /** Where an answer is kept that a trial asks for by itself. */
  const own = (record, id, slot) => {
    const answer = record.answers[adm.slotKey(id, slot)] ??= { response: '', declined: false, asked: adm.clock.now(), changed: 0 };
    return { answer, take: response => Object.assign(answer, { response, changed: adm.clock.now() }) };
  };

  const samples = ({ block, listening, form, slots }) => {
    const each = slots.map((_, k) => form.elements(k + 1));
    const cards = slots.map((label, k) => adm.el('section', { class: 'card', 'aria-label': label }, withNote(listening, k), each[k]));
    const row = each.some(elements => elements.length) ? adm.el('div', { class: 'cards' }, cards) : group(slots.map((_, k) => withNote(listening, k)));
    return { elements: [row], missing: () => listening.missing(false) };
  };

  const abx = ({ record, listening, answered }) => {
    const { answer, take } = own(record, 'abx', 0), legend = adm.id();
    const options = ['a', 'b'].map(value => ({ value, label: adm.say(`abx_${value}`) }));
    const field = adm.fields.choice({ question: { options }, response: answer.response, answer: value => { take(value); answered(); } });
    const element = adm.el('fieldset', { class: 'question', role: 'radiogroup', 'aria-required': 'true' },
      adm.el('legend', { id: legend }, adm.say('abx_question')), field.elements);
    const words = adm.say('missing_answer', { question: adm.say('abx_question') });
    const missing = () => [...listening.missing(false), ...(answer.response ? [] : [{ words, focus: element.querySelector('input') }])];
    return { elements: [group(listening.names.map((_, k) => withNote(listening, k))), element], missing };
  };

  const WORDS = ['bad', 'poor', 'fair', 'good', 'excellent'];
  // Soft hyphens are for the scale's narrow columns.
  const word = name => adm.say(`scale_${name}`);
  const graded = value => adm.say('graded', { n: value, word: word(WORDS[Math.min(4, Math.floor(value / 20))]).replaceAll('\u00ad', '') });

  const mushra = ({ record, listening, slots, answered }) => {
    const parts = slots.map((label, k) => {
      const { answer, take } = own(record, 'mushra', k + 1);
      const { input, output } = adm.slider({
        low: 0, high: 100, value: answer.response === '' ? null : Number(answer.response), words: graded,
        attributes: { 'aria-label': label, class: 'grade' }, changed: value => { take(String(value)); answered(); },
      });
      const missing = () => (answer.response === '' ? [{ words: adm.say('missing_grade', { sample: label }), focus: input }] : []);
      return { element: adm.el('div', { class: 'condition' }, withNote(listening, k), adm.el('div', { class: 'slide' }, input), output), missing };
    });
    const scale = adm.el('div', { class: 'bands', 'aria-hidden': 'true' },
      adm.el('div', { class: 'words' }, WORDS.map(name => adm.el('span', {}, word(name)))),
      adm.el('div', { class: 'numbers' }, [...WORDS.keys(), 5].map(k => adm.el('span', {}, String(20 * k)))));
    const anchor = adm.el('div', { class: 'condition anchor' }, withNote(listening, slots.length), scale);
    return {
      elements: [adm.el('div', { class: 'panel conditions', role: 'group', 'aria-label': adm.say('samples') }, anchor, parts.map(part => part.element))],
      missing: () => [...listening.missing(true), ...parts.flatMap(part => part.missing())],
    };
  };

  const names = (kind, count) => {
    if (kind === 'abx') return { slots: ['A', 'B'], labels: ['A', 'B', 'X'], keys: ['a', 'b', 'x'] };
    const slots = digits(count).map((_, k) => adm.say(kind === 'mushra' ? 'condition' : 'sample', { n: k + 1 }));
    return kind === 'mushra'
      ? { slots, labels: [...slots, adm.say('reference')], keys: [...digits(count), 'r'] }
      : { slots, labels: slots, keys: digits(count) };
  };

  /** The trial at `position` of a block page. */
  adm.trial = ({ page, position, record, changed, answered }) => {
    const block = adm.manifest.blocks[page.block], shown = adm.trialsOf(page, adm.store.state.sheet)[position];
    const { slots, labels, keys } = names(block.kind, shown.slots.length);
    const need = Math.ceil(100 * block.heard - 1e-9);
    const listening = new adm.Listening({ names: adm.heardIn(shown), labels, keys, record, need, changed });
    const form = new adm.Form({ ids: block.questions, slots, record, answered });
    const made = { samples, abx, mushra }[block.kind]({ block, record, listening, form, slots, answered });
    const shared = form.elements(0);
    const text = block.text ?? adm.say(slots.length === 1 ? 'sample_text' : `${block.kind}_text`);
    return {
      elements: [...adm.prose(page.text), ...adm.prose(text), listening.root, ...made.elements, shared.length ? adm.el('div', { class: 'questions' }, shared) : null],
      missing: () => [...made.missing(), ...form.missing()], listening,
    };
  };
}
