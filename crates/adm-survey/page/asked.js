'use strict';
// Which questions are asked, where some depend on others' answers. The form shows by this, and answers are written by it.
{
  /** The key of an answer in a record; slot 0 for questions about all. */
  adm.slotKey = (id, slot) => `${slot}:${id}`;

  /** What was answered to `id` on an earlier page of questions. */
  const earlier = id => {
    const { pages } = adm.manifest, page = pages.findIndex(page => page.kind === 'questions' && page.questions.includes(id));
    return page < 0 ? undefined : adm.store.state.places[`${page}.0`]?.answers[adm.slotKey(id, 0)]?.response;
  };

  /** Every place in which question `id` is put, of a page or trial with `slots` samples: 0, or 1 to `slots`. */
  adm.slotsOf = (id, slots) => (slots && adm.manifest.questions[id].each_sample ? Array.from({ length: slots }, (_, k) => k + 1) : [0]);

  /** `[{ id, slot }]` of what is asked, in the order of answers. */
  adm.asked = (ids, slots, answers) => {
    const met = (id, slot, depth) => {
      const { when } = adm.manifest.questions[id];
      if (!when || depth > ids.length) return true;
      if (!ids.includes(when.question)) return earlier(when.question) === when.is;
      const theirs = adm.slotsOf(when.question, slots), same = theirs.includes(slot) ? [slot] : theirs;
      return same.some(k => met(when.question, k, depth + 1) && answers[adm.slotKey(when.question, k)]?.response === when.is);
    };
    return ids.flatMap(id => adm.slotsOf(id, slots).filter(slot => met(id, slot, 0)).map(slot => ({ id, slot })));
  };
}
