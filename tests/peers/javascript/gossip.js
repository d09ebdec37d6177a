#!/usr/bin/env node
// A grow-only set that each node sends to all others, whole, every so often.
//
// Serves g-set, and broadcast with `--broadcast`, which names the result of a read
// as that workload does. `--interval-ms 50` sets how often.
"use strict";

const { Node } = require("./protocol.js");

const flag = process.argv.indexOf("--interval-ms");
const intervalMs = flag < 0 ? 50 : Number(process.argv[flag + 1]);
const result = process.argv.includes("--broadcast") ? "messages" : "value";

const elements = new Set();

const node = new Node({
  topology: () => ({}),
  add: ({ element }) => {
    elements.add(element);
    return {};
  },
  broadcast: ({ message }) => {
    elements.add(message);
    return {};
  },
  read: () => ({ [result]: [...elements] }),
  gossip: (body) => {
    for (const element of body.elements) {
      elements.add(element);
    }
  },
});

setInterval(() => {
  for (const peer of node.peers) {
    node.send(peer, { type: "gossip", elements: [...elements] });
  }
}, intervalMs);

node.run();
