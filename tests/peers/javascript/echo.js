#!/usr/bin/env node
// Answers every echo with what it said: a whole node without any library.
"use strict";

const readline = require("node:readline");

let id = null;

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { src, body } = JSON.parse(line);
  const answer = { type: `${body.type}_ok`, in_reply_to: body.msg_id };
  if (body.type === "init") {
    id = body.node_id;
  } else {
    answer.echo = body.echo;
  }
  process.stdout.write(`${JSON.stringify({ src: id, dest: src, body: answer })}\n`);
});
