// Every operation as a bar from its invocation to its completion, a row per client.
//
// A row's operations follow each other, so what the window shows is found by binary
// search, and bars that are within a pixel of each other are painted as one: a redraw
// costs in the order of the pixels, not of the operations. Operations that did not end
// well and those of a selection are painted last, so that no crowd hides them.

"use strict";

const OVERVIEW = 30;
const LANE = 18;
const LANES = 3;  // so many faults have a lane of full height
const THIN = 13;
const PAINTED = [["ok", 1], ["info", 2], ["fail", 2]];  // with the least width, last on top
const SEPARATE = 3;
const DARK = "#1a1d22";  // reads on the amber of info in either colour scheme

class Timeline {
  constructor(operations, rates, cited, faults) {
    this.kinds = [...new Set(faults.map(([name]) => name))];
    this.lane = this.kinds.length > LANES ? THIN : LANE;
    this.operations = operations;
    this.rates = rates;
    this.cited = cited;
    this.selected = new Set();
    this.rows = operations.rows.map(() => ({ ok: [], fail: [], info: [] }));
    for (let at = 0; at < operations.start.length; at++) {
      this.rows[operations.row[at]][STATUSES[operations.status[at]]].push(at);
    }
    const rows = Math.max(this.rows.length, 1);
    this.step = Math.min(Math.max(Math.floor(440 / rows), rows > 300 ? 2 : 4), 26);
    this.top = OVERVIEW + 18 + Math.max(this.kinds.length, 1) * this.lane;
    this.lift = 14;
  }

  height() {
    return this.top + this.rows.length * this.step + 26;
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
    return this.top + row * this.step;
  }

  paint(surface) {
    const { context } = surface;
    const { left, right, bottom } = surface.plot;
    this.paintOverview(surface);
    this.paintFaults(surface);
    this.paintRows(surface);
    context.save();
    context.beginPath();
    context.rect(left, this.top, right - left, bottom - this.top);
    context.clip();
    let seen = 0;
    let drawn = 0;
    for (const [status, least] of PAINTED) {
      context.font = "10px ui-monospace, Menlo, Consolas, monospace";
      context.textAlign = "left";
      context.textBaseline = "middle";
      this.rows.forEach((lists, row) => {
        const [from, to] = this.visible(lists[status], surface.time);
        seen += to - from;
        drawn += this.paintBars(surface, lists[status], from, to, row,
          surface.colors[status], least);
      });
    }
    context.restore();
    surface.canvas.dataset.visible = seen;
    surface.canvas.dataset.drawn = drawn;
  }

  // Bars of one status. Those that are narrow and touch become one, and the operations
  // that it covers are skipped by another binary search.
  paintBars(surface, list, from, to, row, color, least) {
    const { context, time, plot } = surface;
    const { start } = this.operations;
    const roomy = this.step > 6;
    const y = this.rowY(row) + (roomy ? 1.5 : 0.5);
    const height = this.step - (roomy ? 3 : 1);
    let drawn = 0;
    const paint = (x0, x1) => {
      context.fillStyle = color;
      context.fillRect(x0, y, x1 - x0, height);
      drawn++;
    };
    for (let position = from; position < to; position++) {
      const at = list[position];
      const x0 = Math.max(surface.x(start[at]), plot.left - 4);
      let x1 = Math.min(surface.x(this.end(at, time.limit)), plot.right + 4);
      if (x1 - x0 >= SEPARATE) {
        paint(x0, x1 - 0.5);
        if (height >= 11) this.label(surface, at, Math.max(x0, plot.left), x1, y + height / 2);
        continue;
      }
      x1 = Math.max(x1, x0 + least);
      for (let next = position + 1; next < to; next = position + 1) {
        const last = this.before(surface, list, next, to, x1 + 0.6);
        if (last < next) break;
        const until = surface.x(this.end(list[last], time.limit));
        if (until - surface.x(start[list[last]]) >= SEPARATE) {
          position = last - 1;
          break;
        }
        position = last;
        x1 = Math.max(x1, until);
      }
      paint(x0, x1);
    }
    return drawn;
  }

  // The last operation of a row, from a position on, that begins left of x.
  before(surface, list, from, to, x) {
    const { start } = this.operations;
    const bound = surface.at(x);
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (start[list[middle]] <= bound) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  label(surface, at, left, right, y) {
    const { context, colors } = surface;
    const characters = Math.floor((right - left - 8) / 6.1);
    if (characters < 4) return;
    const text = short(this.operations, at);
    context.fillStyle = this.operations.status[at] === 2 ? DARK : colors.page;
    context.fillText(
      text.length > characters ? `${text.slice(0, characters - 1)}…` : text, left + 4, y + 0.5);
  }

  // The whole run in small, with the window in it; pressed, it moves the window there.
  paintOverview(surface) {
    const { context, colors, time, marks } = surface;
    const { left, right } = surface.plot;
    const scale = (right - left) / time.limit;
    context.fillStyle = colors.surface;
    context.fillRect(left, 0, right - left, OVERVIEW);
    context.fillStyle = colors.fault;
    for (const [start, end] of marks.spans) {
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

  faultY(name) {
    return OVERVIEW + 8 + this.kinds.indexOf(name) * this.lane;
  }

  // Above the rows, a lane for each kind of fault, with its name.
  paintFaults(surface) {
    const { context, colors, time, marks } = surface;
    const { left, right } = surface.plot;
    context.save();
    context.beginPath();
    context.rect(left, OVERVIEW, right - left, this.top - OVERVIEW);
    context.clip();
    context.textBaseline = "middle";
    context.textAlign = "left";
    for (const [name, , start, end] of marks.faults) {
      if (end < time.start || start > time.end) continue;
      const x0 = Math.max(surface.x(start), left);
      const x1 = Math.min(surface.x(end), right);
      context.fillStyle = colors.fault;
      const y = this.faultY(name);
      context.fillRect(x0, y, Math.max(x1 - x0, 1), this.lane - 1);
      if (context.measureText(name).width > x1 - x0 - 8) continue;
      context.fillStyle = colors.ink;
      context.fillText(name, x0 + 5, y + this.lane / 2);
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
    context.rect(left - 1, this.top - 8, right - left + 2, surface.height);
    context.clip();
    context.fillStyle = colors.cited;
    for (const at of this.cited) {
      if (start[at] < time.start || start[at] > time.end) continue;
      const x = surface.x(start[at]);
      context.beginPath();
      context.moveTo(x - 4, this.top - 7);
      context.lineTo(x + 4, this.top - 7);
      context.lineTo(x, this.top - 1);
      context.fill();
    }
    for (const at of this.selected) {
      const x0 = Math.max(surface.x(start[at]), left - 4);
      const x1 = Math.min(surface.x(this.end(at, time.limit)), right + 4);
      if (x1 < left || x0 > right) continue;
      const y = this.rowY(row[at]);
      const wide = Math.max(x1 - x0, 3);
      context.fillStyle = colors.cited;
      context.globalAlpha = 0.12;
      context.fillRect(x0 - 3, y - 2, wide + 6, this.step + 4);
      context.globalAlpha = 1;
      context.strokeStyle = colors.cited;
      context.lineWidth = 2;
      context.strokeRect(x0 - 3, y - 2, wide + 6, this.step + 4);
      surface.line(x0, this.top, x0, surface.plot.bottom, colors.cited, [2, 4]);
    }
    context.restore();
  }

  nearest(surface, x, y) {
    const row = this.rows[Math.floor((y - this.top) / this.step)];
    if (!row || x < surface.plot.left - 4) return -1;
    const { start } = this.operations;
    let best = -1;
    let distance = 5;
    for (const list of [row.fail, row.info, row.ok]) {
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
    if (y < this.top && y > OVERVIEW) {
      const time = surface.at(x);
      const kind = this.kinds[Math.floor((y - OVERVIEW - 8) / this.lane)];
      const fault = surface.marks.faults.find(
        ([name, , from, to]) => name === kind && from <= time && time <= to);
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
