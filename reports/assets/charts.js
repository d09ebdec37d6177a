// Latency as points on a logarithmic axis, with quantiles; completions as stacked bars.
//
// A charting library would be five times the size of this file and would neither share
// its zoom, its left edge and its fault bands with the timeline, nor follow the colour
// scheme without being built again.

"use strict";

const QUANTILES = { p50: [], p95: [6, 3], p99: [2, 3] };
const STATUSES = ["ok", "fail", "info"];

class LatencyChart {
  constructor(operations, quantiles) {
    this.top = 16;
    this.operations = operations;
    this.quantiles = quantiles;
    let low = Infinity;
    let high = 1;
    for (const each of operations.duration) {
      if (each < 0) continue;
      low = Math.min(low, Math.max(each, 1));
      high = Math.max(high, each);
    }
    this.low = Math.log10(Math.min(low, high)) - 0.1;
    this.high = Math.max(Math.log10(high) + 0.1, this.low + 0.5);
  }

  height(width) {
    return width < 600 ? 220 : 260;
  }

  y(surface, latency) {
    const { top, bottom } = surface.plot;
    const part = (Math.log10(Math.max(latency, 1)) - this.low) / (this.high - this.low);
    return bottom - part * (bottom - top - 8);
  }

  paint(surface) {
    const { context, colors } = surface;
    const { left, right, top, bottom } = surface.plot;
    context.textAlign = "right";
    context.textBaseline = "middle";
    const steps = this.high - this.low < 2 ? [1, 2, 5] : [1];
    for (let power = Math.floor(this.low); power <= this.high; power++) {
      for (const step of steps) {
        const latency = step * 10 ** power;
        const y = Math.round(this.y(surface, latency)) + 0.5;
        if (latency < 1 || y > bottom || y < top) continue;
        surface.line(left, y, right, y, colors.line);
        context.fillStyle = colors.muted;
        context.fillText(duration(latency), left - 6, y);
      }
    }
    context.save();
    context.beginPath();
    context.rect(left - 3, 0, right - left + 6, bottom);
    context.clip();
    this.paintPoints(surface);
    this.paintQuantiles(surface);
    context.restore();
  }

  // Each pixel is painted once for each status: the cost is bounded by the screen.
  paintPoints(surface) {
    const { context, colors, time } = surface;
    const { start, duration: durations, status } = this.operations;
    const width = Math.ceil(surface.width) + 8;
    const first = lowerBound(start, time.start);
    const last = lowerBound(start, time.end);
    const size = last - first > 20000 ? 1.6 : last - first > 2000 ? 2.2 : 3;
    let painted = 0;
    for (let kind = 0; kind < STATUSES.length; kind++) {
      const taken = new Uint8Array(width * (Math.ceil(surface.height) + 1));
      context.fillStyle = colors[STATUSES[kind]];
      context.globalAlpha = kind === 0 ? 0.55 : 0.9;
      const side = kind === 0 ? size : size + 1;
      for (let at = first; at < last; at++) {
        if (status[at] !== kind || durations[at] < 0) continue;
        const x = surface.x(start[at]);
        const y = this.y(surface, durations[at]);
        const cell = Math.round(y) * width + Math.round(x);
        if (taken[cell]) continue;
        taken[cell] = 1;
        painted++;
        context.fillRect(x - side / 2, y - side / 2, side, side);
      }
    }
    context.globalAlpha = 1;
    surface.canvas.dataset.drawn = painted;
  }

  // A step for each span that has a value.
  paintQuantiles(surface) {
    const { context, colors } = surface;
    const { width } = this.quantiles;
    context.strokeStyle = colors.ink;
    for (const [name, dash] of Object.entries(QUANTILES)) {
      context.lineWidth = name === "p50" ? 2 : 1.2;
      context.setLineDash(dash);
      context.beginPath();
      let joined = false;
      this.quantiles[name].forEach((latency, at) => {
        if (latency !== null) {
          const y = this.y(surface, latency);
          const x = surface.x(at * width);
          if (joined) context.lineTo(x, y);
          else context.moveTo(x, y);
          context.lineTo(surface.x(Math.min((at + 1) * width, surface.time.limit)), y);
        }
        joined = latency !== null;
      });
      context.stroke();
    }
    context.setLineDash([]);
  }

  hover(surface, x, y) {
    const at = this.nearest(surface, x, y);
    if (at >= 0) return describe(this.operations, at);
    if (x < surface.plot.left || x > surface.plot.right) return null;
    const { width } = this.quantiles;
    const bucket = Math.floor(surface.at(x) / width);
    const said = Object.keys(QUANTILES)
      .filter((name) => Number.isFinite(this.quantiles[name][bucket]))
      .map((name) => `${name}  ${duration(this.quantiles[name][bucket])}`);
    return said.length ? [span(bucket * width, width), ...said] : null;
  }

  nearest(surface, x, y) {
    const { start, duration: durations } = this.operations;
    const until = surface.at(x + 6);
    let best = -1;
    let distance = 49;
    for (let at = lowerBound(start, surface.at(x - 6)); at < start.length && start[at] <= until; at++) {
      if (durations[at] < 0) continue;
      const away = (surface.x(start[at]) - x) ** 2 + (this.y(surface, durations[at]) - y) ** 2;
      if (away < distance) [best, distance] = [at, away];
    }
    return best;
  }

  press(surface, x, y) {
    const at = this.nearest(surface, x, y);
    if (at >= 0) select([this.operations.index[at]], { zoom: false, scroll: false });
  }
}

class RateChart {
  constructor(rates) {
    this.top = 16;
    this.rates = rates;
    this.perSecond = 1e6 / rates.width;
    const totals = rates.ok.map((ok, at) => ok + rates.fail[at] + rates.info[at]);
    this.high = Math.max(...totals.map((total) => total * this.perSecond), 1) * 1.08;
  }

  height(width) {
    return width < 600 ? 140 : 160;
  }

  y(surface, rate) {
    const { top, bottom } = surface.plot;
    return bottom - (rate / this.high) * (bottom - top);
  }

  paint(surface) {
    const { context, colors, time } = surface;
    const { left, right, bottom } = surface.plot;
    const step = niceStep(this.high, 4);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (let rate = 0; rate <= this.high; rate += step) {
      const y = Math.round(this.y(surface, rate)) + 0.5;
      surface.line(left, y, right, y, colors.line);
      context.fillStyle = colors.muted;
      context.fillText(`${rate.toLocaleString("en")}/s`, left - 6, y);
    }
    context.save();
    context.beginPath();
    context.rect(left, 0, right - left, bottom);
    context.clip();
    const { width } = this.rates;
    const first = Math.max(Math.floor(time.start / width), 0);
    const last = Math.min(Math.floor(time.end / width), this.rates.ok.length - 1);
    for (let at = first; at <= last; at++) {
      const x = surface.x(at * width);
      const wide = Math.max(surface.x((at + 1) * width) - x - 0.6, 0.6);
      let below = 0;
      for (const status of STATUSES) {
        const rate = this.rates[status][at] * this.perSecond;
        if (!rate) continue;
        const y = this.y(surface, below + rate);
        context.fillStyle = colors[status];
        context.fillRect(x, y, wide, this.y(surface, below) - y);
        below += rate;
      }
    }
    context.restore();
  }

  hover(surface, x) {
    const at = Math.floor(surface.at(x) / this.rates.width);
    if (x < surface.plot.left || at < 0 || at >= this.rates.ok.length) return null;
    return [span(at * this.rates.width, this.rates.width), ...STATUSES.map(
      (status) => `${status}  ${this.rates[status][at].toLocaleString("en")}`)];
  }
}

function span(from, width) {
  return `${seconds(from, width)} to ${seconds(from + width, width)}`;
}

// The first position in ascending numbers that is not below the bound.
function lowerBound(numbers, bound, low = 0, high = numbers.length) {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle] < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
