// Every operation as a bar from its invocation to its completion, a row per client.
//
// A row's operations follow each other, so what the window shows is found by binary
// search, and of many bars within one pixel one is painted: a redraw costs in the order
// of the pixels, not of the operations. Operations that did not end well and those of
// a selection are painted last, so that no crowd hides them.

"use strict";

const OVERVIEW = 30;
const LANE = 18;

class Timeline {
  constructor(operations, rates, cited) {
    this.operations = operations;
    this.rates = rates;
    this.cited = cited;
    this.selected = new Set();
    this.rows = operations.rows.map(() => ({ ok: [], other: [] }));
    for (let at = 0; at < operations.start.length; at++) {
      const row = this.rows[operations.row[at]];
      (operations.status[at] === 0 ? row.ok : row.other).push(at);
    }
    const rows = this.rows.length;
    this.step = Math.min(Math.max(Math.floor(440 / Math.max(rows, 1)), 4), 26);
    this.rowsTop = OVERVIEW + 10 + LANE;
  }

  height() {
    return this.rowsTop + this.rows.length * this.step + 26;
  }

  end(at, limit) {
    const { start, duration: durations } = this.operations;
    return durations[at] < 0 ? limit : start[at] + durations[at];
  }

  // Where in a list of ascending operations the window begins and ends.
  visible(list, time) {
    const { start } = this.operations;
    const bound = (value) => {
      let low = 0;
      let high = list.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (start[list[middle]] < value) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    let from = bound(time.start);
    if (from > 0 && this.end(list[from - 1], time.limit) >= time.start) from--;
    return [from, bound(time.end)];
  }

  rowY(row) {
    return this.rowsTop + row * this.step;
  }

  paint(surface) {
    surface.top = this.rowsTop;
    const { context } = surface;
    const { left, right, bottom } = surface.plot;
    this.paintOverview(surface);
    this.paintFaults(surface);
    this.paintRows(surface);
    context.save();
    context.beginPath();
    context.rect(left, this.rowsTop, right - left, bottom - this.rowsTop);
    context.clip();
    let seen = 0;
    let drawn = 0;
    for (const kind of ["ok", "other"]) {
      this.rows.forEach((lists, row) => {
        const [from, to] = this.visible(lists[kind], surface.time);
        seen += to - from;
        drawn += this.paintBars(surface, lists[kind], from, to, row, kind === "ok");
      });
    }
    context.restore();
    surface.canvas.dataset.visible = seen;
    surface.canvas.dataset.drawn = drawn;
  }

  paintBars(surface, list, from, to, row, gallop) {
    const { context, colors, time } = surface;
    const { start, status } = this.operations;
    const y = this.rowY(row) + (this.step > 6 ? 1.5 : 0.5);
    const height = this.step - (this.step > 6 ? 3 : 1);
    let covered = -1;
    let drawn = 0;
    for (let position = from; position < to; position++) {
      const at = list[position];
      const x0 = surface.x(start[at]);
      const x1 = surface.x(this.end(at, time.limit));
      if (x1 < covered + 0.5) {
        if (gallop) position = this.skip(surface, list, position, to, covered + 0.5) - 1;
        continue;
      }
      const x = Math.max(x0, surface.plot.left - 4);
      const width = Math.max(Math.min(x1, surface.plot.right + 4) - x - 0.5, gallop ? 0.8 : 2);
      context.fillStyle = colors[STATUSES[status[at]]];
      context.fillRect(x, y, width, height);
      covered = x + width;
      drawn++;
      if (height >= 11 && width > 30) this.label(surface, at, Math.max(x, surface.plot.left), y, covered, height);
    }
    return drawn;
  }

  // The first operation of a row, from a position on, that begins right of x.
  skip(surface, list, position, to, x) {
    const { start } = this.operations;
    const bound = surface.at(x);
    let low = position + 1;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (start[list[middle]] < bound) low = middle + 1;
      else high = middle;
    }
    return Math.max(low, position + 1);
  }

  label(surface, at, x, y, right, height) {
    const { context, colors } = surface;
    const characters = Math.floor((right - x - 8) / 6.1);
    const text = short(this.operations, at);
    if (characters < 4) return;
    context.font = "10px ui-monospace, Menlo, Consolas, monospace";
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillStyle = colors.page;
    context.fillText(
      text.length > characters ? `${text.slice(0, characters - 1)}…` : text,
      x + 4, y + height / 2 + 0.5);
  }

  // The whole run in small, with the window in it; pressed, it moves the window there.
  paintOverview(surface) {
    const { context, colors, time, marks } = surface;
    const { left, right } = surface.plot;
    const scale = (right - left) / time.limit;
    context.fillStyle = colors.surface;
    context.fillRect(left, 0, right - left, OVERVIEW);
    context.fillStyle = colors.fault;
    for (const [, , start, end] of marks.faults) {
      context.fillRect(left + start * scale, 0, Math.max((end - start) * scale, 1), OVERVIEW);
    }
    const { width, ok, fail, info } = this.rates;
    const totals = ok.map((each, at) => each + fail[at] + info[at]);
    const high = Math.max(...totals, 1);
    context.fillStyle = colors.muted;
    context.globalAlpha = 0.55;
    totals.forEach((total, at) => {
      const tall = (total / high) * (OVERVIEW - 8);
      context.fillRect(left + at * width * scale, OVERVIEW - tall, Math.max(width * scale - 0.5, 0.5), tall);
    });
    context.globalAlpha = 1;
    context.fillStyle = colors.cited;
    for (const at of this.cited) {
      context.fillRect(left + this.operations.start[at] * scale - 1, 0, 2, 5);
    }
    if (!time.whole) {
      const x0 = left + time.start * scale;
      const x1 = Math.max(left + time.end * scale, x0 + 2);
      context.fillStyle = colors.page;
      context.globalAlpha = 0.65;
      context.fillRect(left, 0, x0 - left, OVERVIEW);
      context.fillRect(x1, 0, right - x1, OVERVIEW);
      context.globalAlpha = 1;
      context.strokeStyle = colors.accent;
      context.lineWidth = 1.5;
      context.strokeRect(x0, 0.75, x1 - x0, OVERVIEW - 1.5);
    }
  }

  // A lane above the rows: faults by name, phases by name, cited operations as marks.
  paintFaults(surface) {
    const { context, colors, time, marks } = surface;
    const { left, right } = surface.plot;
    const y = OVERVIEW + 8;
    context.save();
    context.beginPath();
    context.rect(left, OVERVIEW, right - left, LANE + 12);
    context.clip();
    context.textBaseline = "middle";
    context.textAlign = "left";
    const taken = [];
    const write = (text, x, until, color) => {
      const wide = context.measureText(text).width;
      if (x + wide > until || taken.some(([a, b]) => x < b && x + wide > a)) return;
      taken.push([x, x + wide + 6]);
      context.fillStyle = color;
      context.fillText(text, x, y + LANE / 2);
    };
    for (const [name, , start, end] of marks.faults) {
      if (end < time.start || start > time.end) continue;
      const x0 = Math.max(surface.x(start), left);
      const x1 = Math.min(surface.x(end), right);
      context.fillStyle = colors.fault;
      context.fillRect(x0, y, Math.max(x1 - x0, 1), LANE);
      write(name, x0 + 5, x1 - 2, colors.ink);
    }
    for (const [name, start] of marks.phases) {
      if (name === "main" || start < time.start || start > time.end) continue;
      write(name, surface.x(start) + 5, right, colors.muted);
    }
    context.restore();
  }

  paintRows(surface) {
    const { context, colors } = surface;
    const { left, right } = surface.plot;
    context.textBaseline = "middle";
    let before;
    this.operations.rows.forEach(([label, node], row) => {
      const y = this.rowY(row);
      const begins = node !== before;
      before = node;
      if (row && begins) surface.line(4, y - 0.5, right, y - 0.5, colors.line);
      context.fillStyle = colors.ink;
      context.textAlign = "left";
      if (node && begins) context.fillText(node, 6, y + Math.max(this.step, 10) / 2);
      if (this.step < 11) return;
      context.fillStyle = colors.muted;
      context.textAlign = "right";
      context.fillText(label, left - 6, y + this.step / 2);
    });
  }

  overlay(surface) {
    const { context, colors, time } = surface;
    const { start, row } = this.operations;
    const { left, right } = surface.plot;
    context.save();
    context.beginPath();
    context.rect(left - 1, this.rowsTop - 8, right - left + 2, surface.height);
    context.clip();
    context.fillStyle = colors.cited;
    for (const at of this.cited) {
      if (start[at] < time.start || start[at] > time.end) continue;
      const x = surface.x(start[at]);
      context.beginPath();
      context.moveTo(x - 4, this.rowsTop - 7);
      context.lineTo(x + 4, this.rowsTop - 7);
      context.lineTo(x, this.rowsTop - 1);
      context.fill();
    }
    for (const at of this.selected) {
      const x0 = Math.max(surface.x(start[at]), left - 4);
      const x1 = Math.min(surface.x(this.end(at, time.limit)), right + 4);
      if (x1 < left || x0 > right) continue;
      const y = this.rowY(row[at]);
      const wide = Math.max(x1 - x0, 3);
      context.fillStyle = colors.cited;
      context.globalAlpha = 0.25;
      context.fillRect(x0 - 3, y - 2, wide + 6, this.step + 4);
      context.globalAlpha = 1;
      context.strokeStyle = colors.cited;
      context.lineWidth = 2;
      context.strokeRect(x0 - 3, y - 2, wide + 6, this.step + 4);
      surface.line(x0, this.rowsTop, x0, surface.plot.bottom, colors.cited, [2, 4]);
    }
    context.restore();
  }

  nearest(surface, x, y) {
    const row = this.rows[Math.floor((y - this.rowsTop) / this.step)];
    if (!row || x < surface.plot.left - 4) return -1;
    const { start } = this.operations;
    let best = -1;
    let distance = 5;
    for (const list of [row.other, row.ok]) {
      const [from, to] = this.visible(list, {
        start: surface.at(x - 5), end: surface.at(x + 5), limit: surface.time.limit });
      for (let position = from; position < Math.min(to, from + 500); position++) {
        const at = list[position];
        const away = Math.max(surface.x(start[at]) - x, x - surface.x(this.end(at, surface.time.limit)), 0);
        if (away < distance) [best, distance] = [at, away];
      }
    }
    return best;
  }

  hover(surface, x, y) {
    if (y < this.rowsTop && y > OVERVIEW) {
      const time = surface.at(x);
      const fault = surface.marks.faults.find(([, , from, to]) => from <= time && time <= to);
      return fault ? [fault[0], fault[1], span(fault[2], 1000).split(" to ")[0]].filter(Boolean) : null;
    }
    const at = this.nearest(surface, x, y);
    surface.canvas.style.cursor = at < 0 ? "crosshair" : "pointer";
    return at < 0 ? null : describe(this.operations, at);
  }

  press(surface, x, y) {
    if (y < OVERVIEW) {
      const { left, right } = surface.plot;
      const middle = ((x - left) / (right - left)) * surface.time.limit;
      surface.time.pan(middle - (surface.time.start + surface.time.end) / 2);
      return;
    }
    const at = this.nearest(surface, x, y);
    select(at < 0 ? [] : [this.operations.index[at]], { zoom: false, scroll: false });
  }
}
