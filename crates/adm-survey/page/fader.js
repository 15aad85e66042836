'use strict';
// A gain that can be turned at any time, also amid a fade, without a click. What browsers say a gain's value is lags behind what
// they play, so the value is reckoned from what was planned.

adm.Fader = class {
  /** `param` begins at `value`. */
  constructor(param, value) {
    this.param = param;
    this.plan = [{ start: -1, end: -1, from: value, to: value }];
    param.setValueAtTime(value, 0);
  }

  /** The value at context time `time`. */
  at(time) {
    const { start, end, from, to } = this.plan.findLast(part => part.start <= time) ?? this.plan[0];
    return time >= end ? to : from + (to - from) * (time - start) / (end - start);
  }

  /** Goes to `value` in a straight line of so many seconds from context time `time` on, from wherever it is then. */
  turn(value, time, seconds) {
    const from = this.at(time);
    this.plan = this.plan.filter((part, index) => index === 0 || part.start < time).slice(-8);
    const last = this.plan.at(-1);
    this.param.cancelScheduledValues(time);
    if (last.end >= time) {                 // cancelling took that fade's end away: its first part is the same line
      this.param.linearRampToValueAtTime(from, time);
      Object.assign(last, { end: time, to: from });
    } else {
      this.param.setValueAtTime(from, time);
    }
    if (seconds > 0) this.param.linearRampToValueAtTime(value, time + seconds);
    else this.param.setValueAtTime(value, time);
    this.plan.push({ start: time, end: time + seconds, from, to: value });
  }
};
