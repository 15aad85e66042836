'use strict';
// A slider that has no value until it is touched: where it happens to stand is no answer.

/**
 * A slider from `low` to `high`; `value` null where none was given; `words` says a value; `attributes` go to the input.
 * `changed(value)` is told. Keys 0 to 9 set tenths of a long range, or that number; Enter takes what it shows.
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
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const digit = /^[0-9]$/.test(event.key) ? Number(event.key) : null;
    if (digit !== null) input.value = high - low > 20 ? low + digit / 10 * (high - low) : digit;
    else if (event.key !== 'Enter' || value !== null) return;
    event.preventDefault();
    take();
  });
  show();
  return { input, output, clear() { value = null; show(); } };
};
