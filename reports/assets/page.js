// Reads the page's data, builds the charts and ties the links to the timeline.

"use strict";

let select = () => {};

function columns(raw) {
  const sums = (differences) => {
    let sum = 0;
    return Float64Array.from(differences, (difference) => (sum += difference));
  };
  const kinds = { o: 0, f: 1, i: 2 };
  return {
    ...raw,
    index: sums(raw.index),
    start: sums(raw.start),
    status: Uint8Array.from(raw.status, (letter) => kinds[letter]),
    final: new Set(raw.final),
  };
}

function short(operations, at) {
  const input = operations.texts[operations.input[at]];
  const output = operations.texts[operations.output[at]];
  const name = operations.functions[operations.f[at]];
  const answered = operations.status[at] === 0 && output !== "null" && output !== input;
  return name + (input === "null" ? "" : ` ${input}`) + (answered ? ` → ${output}` : "");
}

function describe(operations, at) {
  const end = operations.duration[at];
  const [, node] = operations.rows[operations.row[at]];
  const input = operations.texts[operations.input[at]];
  const output = operations.texts[operations.output[at]];
  const status = STATUSES[operations.status[at]];
  return [
    `${operations.functions[operations.f[at]]}${input === "null" ? "" : ` ${input}`}`,
    output === "null" ? status : `${status} → ${output}`,
    `operation ${operations.index[at]}, process ${operations.process[at]}${node ? `, node ${node}` : ""}`
      + (operations.final.has(at) ? ", final" : ""),
    `at ${seconds(operations.start[at], 10)}, ${end < 0 ? duration(end) : `for ${duration(end)}`}`,
  ];
}

// The spans of time in which any fault is in force: faults that overlap are one band.
function united(faults) {
  const spans = [];
  const sorted = faults.map(([, , start, end]) => [start, end]).sort((a, b) => a[0] - b[0]);
  for (const [start, end] of sorted) {
    const last = spans[spans.length - 1];
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else spans.push([start, end]);
  }
  return spans;
}

function build(data) {
  const operations = columns(data.operations);
  const time = new TimeWindow(data.end);
  const marks = { faults: data.faults, spans: united(data.faults), phases: data.phases };
  const ordinals = new Map();
  operations.index.forEach((index, at) => ordinals.set(index, at));
  const cited = data.cited.map((index) => ordinals.get(index)).filter((at) => at !== undefined);
  const timeline = new Timeline(operations, data.rates, cited, data.faults);
  const surface = (id, painter) => {
    const canvas = document.querySelector(`#${id} canvas`);
    return canvas && new Surface(canvas, time, marks, painter);
  };
  surface("latency", new LatencyChart(operations, data.quantiles));
  surface("rates", new RateChart(data.rates));
  const drawn = surface("operations", timeline);

  const said = document.querySelector("#selected");
  select = (indices, { zoom = true, scroll = true } = {}) => {
    const found = indices.map((index) => ordinals.get(index)).filter((at) => at !== undefined);
    timeline.selected = new Set(found);
    said.replaceChildren(...found.slice(0, 4).map((at) => {
      const line = document.createElement("div");
      line.textContent = describe(operations, at).join(" · ");
      return line;
    }));
    if (zoom && found.length) {
      const from = Math.min(...found.map((at) => operations.start[at]));
      const to = Math.max(...found.map((at) => timeline.end(at, time.limit)));
      const room = Math.max((to - from) * 0.15, 500);
      time.set(Math.max(from - room, 0), to + room);
    }
    if (scroll && drawn) document.querySelector("#timeline").scrollIntoView({ block: "start" });
    if (drawn) drawn.refresh();
  };

  const buttons = { in: () => time.zoom(0.5), out: () => time.zoom(2), whole: () => time.reset() };
  for (const button of document.querySelectorAll("button[data-zoom]")) {
    button.addEventListener("click", () => buttons[button.dataset.zoom]());
  }
  const form = document.querySelector("#find");
  if (form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const index = Number(form.elements.index.value);
      select([index], { scroll: false });
      if (!ordinals.has(index)) said.textContent = `There is no operation ${index} here.`;
    });
  }
  follow();
  window.addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#operations=']");
    if (link && link.hash === location.hash) follow();
  });
}

// A link to #operations=12,48 shows these operations on the timeline.
function follow() {
  const match = /^#operations=([\d,]+)$/.exec(location.hash);
  if (match) select(match[1].split(",").map(Number));
}

const source = document.getElementById("data");
if (source) build(JSON.parse(source.textContent));
