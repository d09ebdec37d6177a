"""Answers every `echo` with what it said."""

from __future__ import annotations

from nodes.runtime import Body, Message, Node, handler, require, run


class Echo(Node):
    """A node without state: the smallest correct program."""

    @handler("echo")
    def echo(self, message: Message) -> Body:
        """Say it again."""
        return {"type": "echo_ok", "echo": require(message["body"], "echo", object)}


if __name__ == "__main__":
    run(Echo)
