'use strict';
// What the study is: study.js calls adm.study with the manifest's JSON and its SHA-256, by which answers name their bundle.
{
  let given = null;

  adm.study = (text, hash) => { given = { text: String(text), hash: String(hash) }; };

  /** Reads the manifest. Returns null, or the key of the words that say why it is refused; null and no manifest: nothing to say it with. */
  adm.openStudy = () => {
    if (!given) return null;
    try {
      adm.manifest = JSON.parse(given.text);
    } catch {
      return 'study_changed';
    }
    adm.bundle = adm.sha256(given.text);
    if (adm.bundle !== given.hash) return 'study_changed';
    const { format, version, pages } = adm.manifest;
    return format === 'adm-bundle' && version === 1 && pages[0]?.kind === 'consent' ? null : 'study_unknown';
  };

  /** The trials of a page for the participant's sheet; none where it is not a block. */
  adm.trialsOf = (page, sheet) => (page.kind === 'block' ? adm.manifest.sheets[sheet][page.block] ?? [] : []);

  /** What one hears in a trial, in the order of its places: first the samples, then X or the reference. */
  adm.heardIn = shown => {
    const trial = adm.manifest.trials[shown.trial], names = shown.slots.map(slot => trial.samples[slot]);
    const kind = adm.manifest.blocks[trial.block].kind;
    if (kind === 'abx') return [...names, trial.copies[shown.x]];
    return kind === 'mushra' ? [...names, trial.reference] : names;
  };

  /** All that one goes through, in order: `{ page, position, sounds }`; position is 0 on pages that are no block. */
  adm.stepsOf = sheet => adm.manifest.pages.flatMap((page, index) => {
    if (page.kind === 'block') {
      return adm.trialsOf(page, sheet).map((shown, position) => ({ page: index, position, sounds: adm.heardIn(shown) }));
    }
    const sounds = page.kind === 'training' ? page.samples.map(([name]) => name)
      : page.kind === 'volume' && adm.manifest.volume ? [adm.manifest.volume] : [];
    return [{ page: index, position: 0, sounds }];
  });
}
