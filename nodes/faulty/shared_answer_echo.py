"""An echo with one answer for all.

The bug: what is to be said again waits in a field of the node, where the next request
overwrites it.
It shows as `echo-mismatch`: of two clients at a time, both get the answer of one.
It needs no fault.
"""

from __future__ import annotations

from nodes.echo import Echo
from nodes.runtime import Body, Message, run


THINKING_S = 0.01


class SharedAnswerEcho(Echo):
    """Differs from the echo that is right in where the answer is kept."""

    async def echo(self, message: Message) -> Body:  # type: ignore[override]  # it waits
        """Think about it, and say what is in the answer then."""
        self.answer = super().echo(message)
        await self.sleep(THINKING_S)
        return self.answer


if __name__ == "__main__":
    run(SharedAnswerEcho)
