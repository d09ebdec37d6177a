// The span of time that all charts show together, and how times are written.
// Times are microseconds since the start of the run.

"use strict";

const SPAN_MIN = 50;

class TimeWindow {
  constructor(limit) {
    this.limit = Math.max(limit, SPAN_MIN);
    this.start = 0;
    this.end = this.limit;
    this.hover = null;
    this.listeners = [];
  }

  get span() {
    return this.end - this.start;
  }

  get whole() {
    return this.start <= 0 && this.end >= this.limit;
  }

  // Calls back with true when the window moved, with false when only the pointer did.
  watch(listener) {
    this.listeners.push(listener);
  }

  tell(moved) {
    for (const listener of this.listeners) listener(moved);
  }

  set(start, end) {
    const span = Math.min(Math.max(end - start, SPAN_MIN), this.limit);
    this.start = Math.min(Math.max((start + end - span) / 2, 0), this.limit - span);
    this.end = this.start + span;
    this.tell(true);
  }

  reset() {
    this.set(0, this.limit);
  }

  // Scales the span by a factor and keeps the time `about` where it is.
  zoom(factor, about = (this.start + this.end) / 2) {
    const span = Math.min(Math.max(this.span * factor, SPAN_MIN), this.limit);
    const start = about - ((about - this.start) * span) / this.span;
    this.set(start, start + span);
  }

  pan(by) {
    const shift = Math.min(Math.max(by, -this.start), this.limit - this.end);
    this.set(this.start + shift, this.end + shift);
  }

  point(time) {
    this.hover = time;
    this.tell(false);
  }
}

// The least of 1, 2 or 5 times a power of ten that makes at most `count` steps.
function niceStep(span, count) {
  const power = 10 ** Math.floor(Math.log10(span / count));
  const ratio = span / count / power;
  return power * (ratio > 5 ? 10 : ratio > 2 ? 5 : ratio > 1 ? 2 : 1);
}

function seconds(time, step) {
  const digits = Math.min(Math.max(6 - Math.floor(Math.log10(step)), 0), 6);
  return (time / 1e6).toFixed(digits) + " s";
}

function duration(time) {
  if (time < 0) return "never completed";
  if (time < 1000) return `${time} µs`;
  if (time < 1e6) return `${Number((time / 1e3).toPrecision(3))} ms`;
  return `${Number((time / 1e6).toPrecision(3))} s`;
}
