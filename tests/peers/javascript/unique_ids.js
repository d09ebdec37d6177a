#!/usr/bin/env node
// Makes ids of the node's own id and a count.
"use strict";

const { Node } = require("./protocol.js");

let count = 0;
const node = new Node({ generate: () => ({ id: `${node.id}-${count++}` }) });

node.run();
