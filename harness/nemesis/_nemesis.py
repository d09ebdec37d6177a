"""The nemesis: all faults of a run, started and stopped as its schedule says.

Whatever is done is recorded twice in the history, when it is asked for and when it is
done, and once in `ran`, from which it can be done again. A fault whose code fails is
a problem that is noted; it never ends the run, nor keeps other faults from healing.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from harness.spec import Change


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from harness.agenda import Agenda
    from harness.interpreter import Log
    from harness.problems import ProblemLog

    from ._fault import Fault, Plan
    from ._schedules import Schedule

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode

_DETAILS = frozenset({"blocked", "sentence"})
"""What is in a plan and not in what is asked for."""


class Nemesis:
    """Composes faults.

    Attributes:
        agenda: When things are to happen.
        names: The faults there are.
        running: Whether the schedule goes on.
        began: When it began, in ns since the start of the run.
        ran: What was done, in order.
    """

    def __init__(
        self,
        faults: Mapping[str, Fault],
        *,
        agenda: Agenda,
        log: Log,
        problems: ProblemLog,
        schedule: Schedule,
        wait: Callable[[Callable[[], None]], None],
    ) -> None:
        """Make a nemesis that has not begun.

        Args:
            faults: The faults by name.
            agenda: When things are to happen.
            log: Where they are recorded.
            problems: Where it is noted that a fault failed.
            schedule: Decides what to do when.
            wait: Calls back once operations have ended and nodes have converged.
        """
        self.agenda = agenda
        self.names = tuple(faults)
        self.running = False
        self.began = 0
        self.ran: list[Change] = []
        self._faults = faults
        self._log = log
        self._problems = problems
        self._schedule = schedule
        self._wait = wait
        self._in_force: dict[str, str] = {}
        self._effects: dict[str, Counter[str]] = {}

    @property
    def in_force(self) -> str | None:
        """The faults that are in force, in words; None while there is none."""
        return "; ".join(self._in_force.values()) or None

    def is_in_force(self, name: str) -> bool:
        """Return whether a fault is in force."""
        return name in self._in_force

    def effects(self) -> dict[str, dict[str, int]]:
        """Return, for each fault that was stopped, how often, and what it did."""
        return {name: dict(effect) for name, effect in self._effects.items()}

    def start(self) -> None:
        """Begin the schedule."""
        self.running = True
        self.began = self.agenda.now
        self._schedule.start(self)

    def stop(self) -> None:
        """End the schedule, and every fault that is in force."""
        self.running = False
        for name in tuple(self._in_force):
            self.end(name)

    def draw(self, name: str, rng: Random) -> Plan | None:
        """Draw what a fault is to do; None if there is nothing that it could do."""
        return self._faults[name].draw(rng)

    def begin(self, name: str, plan: Plan) -> None:
        """Start a fault as planned."""
        if name in self._in_force:
            self.end(name)
        # In one order of keys, so that a replay writes the same bytes.
        plan = _decode(_encode(plan))
        f = f"start-{name}"
        self._note(f, plan)
        asked = {key: value for key, value in plan.items() if key not in _DETAILS}
        self._log.nemesis(f, asked)
        # In force whatever comes of it: what was half done has to be undone.
        self._in_force[name] = str(plan.get("sentence", name))
        failed = self._attempt(name, "start", lambda: self._faults[name].start(plan))
        self._log.nemesis(f, plan if failed is None else {**plan, "error": failed})

    def end(self, name: str) -> None:
        """Stop a fault that is in force, and record what it did."""
        f = f"stop-{name}"
        self._note(f, None)
        self._log.nemesis(f, None)
        del self._in_force[name]
        effect: dict[str, int] = {}
        failed = self._attempt(
            name, "stop", lambda: effect.update(self._faults[name].stop())
        )
        effective = int(any(effect.values()))
        total = self._effects.setdefault(name, Counter())
        total.update({"times": 1, "effective": effective, **effect})
        self._log.nemesis(f, effect if failed is None else {**effect, "error": failed})

    def barrier(self, then: Callable[[], None]) -> None:
        """Wait until operations have ended and nodes have converged, then go on."""
        began = self.agenda.now
        self._note("barrier", None)
        self._log.nemesis("barrier", None)

        def done() -> None:
            self._log.nemesis("barrier", {"waited_ns": self.agenda.now - began})
            if self.running:
                then()

        self._wait(done)

    def _note(self, f: str, value: Any) -> None:
        self.ran.append(Change(self.agenda.now - self.began, f, value))

    def _attempt(
        self, name: str, what: str, action: Callable[[], object]
    ) -> str | None:
        """Carry out code of a fault; note and return how it failed, if it did."""
        try:
            action()
        except Exception as error:  # noqa: BLE001 - whatever it is, the others heal
            failure = f"{type(error).__name__}: {error}"
            self._problems.note(
                "fault-failed",
                None,
                f"The fault {name} failed when it was to {what}: {failure}.",
            )
            return failure
        return None
