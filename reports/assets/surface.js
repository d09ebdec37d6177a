// A canvas that follows its width, the screen's density, the colour scheme and the
// time window. What depends on the window is painted once into a buffer; the pointer,
// a dragged range and a selection are painted over a copy of it.

"use strict";

const PALETTE = ["ink", "muted", "line", "surface", "page", "accent", "ok", "fail",
  "info", "fault", "cited"];
const DRAG_MIN = 4;
const GUTTER = 62;

function palette() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    PALETTE.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

class Surface {
  // `painter` has top, height(width), paint(surface) and hover(surface, x, y), and may
  // have overlay(surface) and press(surface, x, y).
  constructor(canvas, timeWindow, marks, painter) {
    Object.assign(this, { canvas, time: timeWindow, marks, painter });
    this.buffer = document.createElement("canvas");
    this.tip = canvas.parentElement.querySelector(".tip");
    this.range = null;
    this.top = painter.top;
    this.stale = true;
    this.queued = false;
    new ResizeObserver(() => this.redraw()).observe(canvas.parentElement);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => this.redraw());
    timeWindow.watch((moved) => (moved ? this.redraw() : this.refresh()));
    listen(this);
  }

  get plot() {
    return { left: GUTTER, right: this.width - 10, top: this.top, bottom: this.height - 22 };
  }

  x(time) {
    const { left, right } = this.plot;
    return left + ((time - this.time.start) / this.time.span) * (right - left);
  }

  at(x) {
    const { left, right } = this.plot;
    return this.time.start + ((x - left) / (right - left)) * this.time.span;
  }

  redraw() {
    this.stale = true;
    this.refresh();
  }

  refresh() {
    if (this.queued) return;
    this.queued = true;
    requestAnimationFrame(() => {
      this.queued = false;
      this.draw();
    });
  }

  draw() {
    if (this.stale) this.drawBuffer();
    const context = this.canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.buffer, 0, 0);
    context.setTransform(this.density, 0, 0, this.density, 0, 0);
    this.context = context;
    if (this.painter.overlay) this.painter.overlay(this);
    this.drawPointer();
  }

  drawBuffer() {
    const began = performance.now();
    this.stale = false;
    this.density = window.devicePixelRatio || 1;
    this.width = Math.max(this.canvas.parentElement.clientWidth, 200);
    this.height = this.painter.height(this.width);
    this.colors = palette();
    for (const canvas of [this.canvas, this.buffer]) {
      canvas.width = Math.round(this.width * this.density);
      canvas.height = Math.round(this.height * this.density);
    }
    this.canvas.style.height = `${this.height}px`;
    this.context = this.buffer.getContext("2d");
    this.context.setTransform(this.density, 0, 0, this.density, 0, 0);
    this.context.fillStyle = this.colors.page;
    this.context.fillRect(0, 0, this.width, this.height);
    this.context.font = "11px system-ui, sans-serif";
    this.drawMarks();
    this.painter.paint(this);
    this.canvas.dataset.milliseconds = (performance.now() - began).toFixed(2);
  }

  // Fault bands, phases and the axis of time, the same in every chart.
  drawMarks() {
    const { context, colors, time } = this;
    const { left, right, top, bottom } = this.plot;
    context.save();
    context.beginPath();
    context.rect(left, 0, right - left, this.height);
    context.clip();
    context.fillStyle = colors.fault;
    for (const [start, end] of this.marks.spans) {
      if (end < time.start || start > time.end) continue;
      const x = this.x(start);
      context.fillRect(x, top, Math.max(this.x(end) - x, 1), bottom - top);
    }
    context.restore();
    const step = niceStep(time.span, Math.max((right - left) / 85, 2));
    context.textBaseline = "alphabetic";
    for (let tick = Math.ceil(time.start / step) * step; tick <= time.end; tick += step) {
      const x = Math.round(this.x(tick)) + 0.5;
      this.line(x, top, x, bottom, colors.line);
      context.fillStyle = colors.muted;
      context.textAlign = x > right - 24 ? "right" : x < left + 24 ? "left" : "center";
      context.fillText(seconds(tick, step), x, bottom + 15);
    }
    this.drawPhases();
  }

  // A dashed line where a phase begins, and its name above if there is room for it.
  drawPhases() {
    const { context, colors, time } = this;
    const { right, top, bottom } = this.plot;
    let written = -Infinity;
    context.textAlign = "left";
    for (const [name, start] of this.marks.phases) {
      if (start < time.start || start > time.end || name === "main") continue;
      const x = Math.round(this.x(start)) + 0.5;
      this.line(x, top, x, bottom, colors.muted, [3, 3]);
      const wide = context.measureText(name).width;
      if (x < written || x + wide > right + 8) continue;
      context.fillStyle = colors.muted;
      context.fillText(name, x - 2, top - (this.painter.lift || 5));
      written = x + wide + 6;
    }
  }

  line(x0, y0, x1, y1, color, dash = []) {
    const { context } = this;
    context.strokeStyle = color;
    context.lineWidth = 1;
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
    context.setLineDash([]);
  }

  drawPointer() {
    const { context, colors, time, range } = this;
    const { left, right, top, bottom } = this.plot;
    if (time.hover !== null && time.hover >= time.start && time.hover <= time.end) {
      const x = Math.round(this.x(time.hover)) + 0.5;
      this.line(x, top, x, bottom, colors.muted);
    }
    if (range) {
      const from = Math.max(Math.min(...range), left);
      const to = Math.min(Math.max(...range), right);
      context.globalAlpha = 0.18;
      context.fillStyle = colors.accent;
      context.fillRect(from, top, to - from, bottom - top);
      context.globalAlpha = 1;
    }
  }

  // Shows lines of text beside the pointer; the first one stands out.
  say(lines, x, y) {
    this.tip.hidden = !lines;
    if (!lines) return;
    this.tip.replaceChildren(...lines.map((text, at) => {
      const line = document.createElement(at ? "div" : "strong");
      line.textContent = text;
      return line;
    }));
    const room = this.width - this.tip.offsetWidth - 4;
    this.tip.style.left = `${Math.max(Math.min(x + 14, room), 4)}px`;
    const above = this.canvas.offsetTop + y - this.tip.offsetHeight - 12;
    this.tip.style.top = `${above}px`;
  }
}

// Dragging selects a range; the wheel zooms where the chart has the focus or Ctrl is
// held, so that it never takes the page's scrolling away; touch pans and pinches.
function listen(surface) {
  const { canvas, time } = surface;
  const touches = new Map();
  let pressed = null;

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  canvas.addEventListener("pointerdown", (event) => {
    const [x, y] = place(event);
    if (event.pointerType === "touch") touches.set(event.pointerId, x);
    pressed = { x, y };
    if (event.pointerType !== "touch") canvas.setPointerCapture(event.pointerId);
  });

  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = place(event);
    if (touches.has(event.pointerId)) return touch(event.pointerId, x);
    if (pressed && Math.abs(x - pressed.x) >= DRAG_MIN) {
      surface.range = [pressed.x, x];
      surface.say(null);
      return surface.refresh();
    }
    time.point(x >= surface.plot.left && x <= surface.plot.right ? surface.at(x) : null);
    surface.say(surface.painter.hover(surface, x, y), x, y);
  });

  function touch(id, x) {
    const others = [...touches].filter(([other]) => other !== id).map(([, at]) => at);
    const before = touches.get(id);
    touches.set(id, x);
    if (others.length) {
      const ratio = Math.abs(before - others[0]) / Math.max(Math.abs(x - others[0]), 1);
      time.zoom(ratio, surface.at((x + others[0]) / 2));
    } else {
      time.pan(((before - x) / (surface.plot.right - surface.plot.left)) * time.span);
    }
  }

  const release = (event) => {
    const [x, y] = place(event);
    touches.delete(event.pointerId);
    if (surface.range) {
      const [from, to] = surface.range.map((each) => surface.at(each));
      surface.range = null;
      time.set(Math.max(Math.min(from, to), 0), Math.max(from, to));
    } else if (pressed && event.type === "pointerup" && surface.painter.press
        && Math.abs(x - pressed.x) < DRAG_MIN) {
      surface.painter.press(surface, x, y);
    }
    pressed = null;
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => {
    time.point(null);
    surface.say(null);
  });
  canvas.addEventListener("dblclick", () => time.reset());

  canvas.addEventListener("wheel", (event) => {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
    if (!sideways && !event.ctrlKey && document.activeElement !== canvas) return;
    if (sideways && time.whole) return;
    event.preventDefault();
    const [x] = place(event);
    if (sideways) time.pan(((event.deltaX || event.deltaY) / surface.width) * time.span);
    else time.zoom(Math.exp(Math.sign(event.deltaY) * Math.min(Math.abs(event.deltaY), 120) / 400), surface.at(x));
  }, { passive: false });

  canvas.addEventListener("keydown", (event) => {
    const act = {
      ArrowLeft: () => time.pan(-time.span / 5),
      ArrowRight: () => time.pan(time.span / 5),
      "+": () => time.zoom(0.6),
      "=": () => time.zoom(0.6),
      "-": () => time.zoom(1 / 0.6),
      0: () => time.reset(),
      Escape: () => canvas.blur(),
    }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
}
