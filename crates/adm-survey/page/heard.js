'use strict';
// What was heard of each sample: places of it, not time, so that hearing one bar ten times is not hearing ten bars.
{
  const PARTS = 200;                        // places that a sample is divided into; one counts when its middle was heard

  adm.Heard = class {
    /** Of `count` samples of `seconds`; `record` keeps it: `plays`, numbers, and `heard`, texts of 0 and 1. */
    constructor(record, count, seconds) {
      Object.assign(this, { record, seconds });
      const blank = '0'.repeat(PARTS), fits = text => typeof text === 'string' && text.length === PARTS;
      record.plays = Array.from({ length: count }, (_, k) => record.plays?.[k] || 0);
      record.heard = Array.from({ length: count }, (_, k) => (fits(record.heard?.[k]) ? record.heard[k] : blank));
      this.parts = record.heard.map(text => Uint8Array.from(text, Number));
    }

    /** Sample `track` was heard between two positions in seconds. */
    mark(track, from, to) {
      const parts = this.parts[track], scale = PARTS / this.seconds;
      for (let k = Math.max(0, Math.ceil(from * scale - 0.5)); k < PARTS && (k + 0.5) < to * scale; k++) parts[k] = 1;
      this.record.heard[track] = parts.join('');
    }

    /** Sample `track` was started or switched to. */
    played(track) { this.record.plays[track]++; }
  };

  /** How much of it was heard, in whole percent, from a record's text. */
  adm.percent = text => (text ? Math.floor(100 * [...text].filter(part => part === '1').length / PARTS) : 0);
}
