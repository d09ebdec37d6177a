// The line protocol, as far as the nodes beside this file need it.
"use strict";

const readline = require("node:readline");

class Node {
  constructor(handlers) {
    this.id = null;
    this.peers = [];
    this.handlers = {
      init: (body) => {
        this.id = body.node_id;
        this.peers = body.node_ids.filter((name) => name !== this.id);
        return {};
      },
      ...handlers,
    };
  }

  send(dest, body) {
    process.stdout.write(`${JSON.stringify({ src: this.id, dest, body })}\n`);
  }

  // What a handler returns is the reply, of type `_ok` unless it says another.
  receive({ src, body }) {
    const handler = this.handlers[body.type];
    const answer = handler
      ? handler(body, src)
      : { type: "error", code: 10, text: `no handler for ${body.type}` };
    if (answer !== undefined && body.msg_id !== undefined) {
      this.send(src, { type: `${body.type}_ok`, ...answer, in_reply_to: body.msg_id });
    }
  }

  // Ends with standard input, even where a timer would keep the process alive.
  run() {
    const lines = readline.createInterface({ input: process.stdin });
    lines.on("line", (line) => this.receive(JSON.parse(line)));
    lines.on("close", () => process.exit(0));
  }
}

module.exports = { Node };
