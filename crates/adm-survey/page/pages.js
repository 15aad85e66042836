'use strict';
// Every kind of page but trials and the closing one. A maker is given `{ page, index, record, changed, answered }` and returns
// `{ elements, missing, listening }`: `missing()` lists what keeps one from going on, `[{ words, focus }]`.

adm.pages = {
  consent({ page }) {
    const storage = adm.el('p', { class: 'soft' }, adm.say(adm.server.possible() ? 'consent_sent' : 'consent_kept'));
    const choice = adm.el('div', { class: 'choice' },
      adm.button(adm.say('agree'), () => adm.app.agree(), { class: 'main' }), adm.button(adm.say('refuse'), () => adm.app.refuse()));
    return { elements: [...adm.prose(page.text), storage, choice], missing: () => [], own: true };
  },

  text: ({ page }) => ({ elements: adm.prose(page.text), missing: () => [] }),

  volume({ page, record, changed }) {
    const elements = [...adm.prose(page.text ?? adm.say('volume_text'))];
    if (!adm.manifest.volume) return { elements, missing: () => [] };
    const label = adm.say('volume_sound');
    const listening = new adm.Listening({ names: [adm.manifest.volume], labels: [label], keys: [''], record, changed, plain: true });
    const missing = () => (listening.sounded(0) ? [] : [{ words: adm.say('missing_play', { sample: label }), focus: listening.toggleButton }]);
    return { elements: [...elements, listening.root], missing, listening };
  },

  training({ page, record, changed }) {
    const names = page.samples.map(([name]) => name), labels = page.samples.map(([, label]) => label);
    const listening = new adm.Listening({ names, labels, keys: labels.map((_, k) => (k < 9 ? String(k + 1) : '')), record, changed });
    const samples = adm.el('div', { class: 'samples', role: 'group', 'aria-label': adm.say('samples') }, listening.buttons);
    return { elements: [...adm.prose(page.text ?? adm.say(names.length === 1 ? 'example_text' : 'training_text')), listening.root, samples], missing: () => listening.missing(true), listening };
  },

  questions({ page, record, answered }) {
    const form = new adm.Form({ ids: page.questions, record, answered });
    return { elements: [...adm.prose(page.text), adm.el('div', { class: 'questions' }, form.elements(0))], missing: () => form.missing() };
  },
};
