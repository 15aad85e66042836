'use strict';
// What a question is answered with, one function a kind. Each is given `{ question, response, slots, labelled, answer }` and returns
// `{ elements, clear }`: `answer(text)` is told the response, `clear()` takes it off the page.
{
  /** A row of native radio buttons or boxes: arrow keys and focus within the group are the browser's. */
  const options = (kind, list, chosen, changed) => {
    const name = adm.id();
    return list.map(({ value, label }) => {
      const input = adm.el('input', { type: kind, name, value, checked: chosen.includes(value), change: () => changed(input) });
      return adm.el('label', { class: 'option' }, input, adm.el('span', {}, label));
    });
  };
  const inputs = labels => labels.map(label => label.firstChild);
  const uncheck = labels => () => inputs(labels).forEach(input => { input.checked = false; });
  const checked = labels => inputs(labels).filter(input => input.checked).map(input => input.value);

  const one = (list, { response, answer }, look = 'options') => {
    const labels = options('radio', list, [response], input => answer(input.value));
    return { elements: [adm.el('div', { class: look }, labels)], clear: uncheck(labels) };
  };

  const any = (list, { response, answer }, none = null) => {
    const labels = options('checkbox', list, response.split('|'), input => {
      if (none && input.checked) inputs(labels).forEach(other => { if ((other.value === none) !== (input.value === none)) other.checked = false; });
      answer(checked(labels).join('|'));
    });
    return { elements: [adm.el('div', { class: 'options' }, labels)], clear: uncheck(labels) };
  };

  const scale = given => {
    const { low, high, low_label, high_label, slider } = given.question;
    const ends = adm.el('div', { class: 'ends', 'aria-hidden': 'true' }, adm.el('span', {}, low_label), adm.el('span', {}, high_label));
    const named = n => (n === low && low_label ? `${n}, ${low_label}` : n === high && high_label ? `${n}, ${high_label}` : String(n));
    if (!slider) {
      const list = Array.from({ length: high - low + 1 }, (_, k) => ({ value: String(low + k), label: String(low + k) }));
      const made = one(list, given, 'scale');
      for (const input of made.elements[0].querySelectorAll('input')) input.setAttribute('aria-label', named(Number(input.value)));
      return { elements: [...made.elements, ends], clear: made.clear };
    }
    const { input, output, clear } = adm.slider({
      low, high, value: given.response === '' ? null : Number(given.response), words: String,
      attributes: { 'aria-labelledby': given.labelled }, changed: value => given.answer(String(value)),
    });
    return { elements: [adm.el('div', { class: 'slide' }, input, output), ends], clear };
  };

  const text = ({ question, response, labelled, answer }) => {
    const attributes = { maxlength: question.most, rows: question.most > 200 ? 4 : 2, 'aria-labelledby': labelled };
    const area = adm.el('textarea', { ...attributes, input: () => answer(adm.answers.clean(area.value)) });
    area.value = response;
    return { elements: [area], clear() { area.value = ''; } };
  };

  const samples = given => {
    const list = given.slots.map((label, k) => ({ value: String(k + 1), label }));
    if (given.question.pick === 'one') return one(list, given);
    return any([...list, { value: 'none', label: adm.say('none_of_them') }], given, 'none');
  };

  adm.fields = {
    choice: given => one(given.question.options, given),
    many: given => any(given.question.options, given),
    scale, text, samples,
  };
}
