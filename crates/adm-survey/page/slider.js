'use strict';
// A slider that has no value until it is touched: where it happens to stand is no answer.

/**
 * A slider from `low` to `high`; `value` null where none was given; `words` says a value; `attributes` go to the input.
 * `changed(value)` is told. Arrows, page keys, home and end are the browser's, and Enter takes what it shows; digits choose samples,
 * here as everywhere: a grade that a key meant for a sample writes over would not be noticed.
 */
adm.slider = ({ low, high, value, words, attributes, changed }) => {
  const output = adm.el('output', { class: 'value' });
  const input = adm.el('input', { type: 'range', min: low, max: high, step: 1, value: value ?? Math.round((low + high) / 2), ...attributes });
  const show = () => {
    input.classList.toggle('unset', value === null);
    output.textContent = value === null ? adm.say('unset') : words(value);
    input.setAttribute('aria-valuetext', output.textContent);
  };
  const take = () => {
    value = Number(input.value);
    show();
    changed(value);
  };
  input.addEventListener('input', take);
  input.addEventListener('pointerup', take);
  input.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || value !== null || adm.app.led === input || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    take();
  });
  show();
  return { input, output, clear() { value = null; show(); } };
};
