"""What a workload is: operations, their calls, and the check of their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from checkers.ladder import BELOW_SEQUENTIAL, LEVELS
from harness.generators import Op

from ._mixes import Extent


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from checkers import Result
    from harness.generators import Generator
    from harness.rpc import Call
    from harness.spec import RunSpec
    from histories import Event

    from ._mixes import Mix


class Claim(msgspec.Struct, frozen=True):
    """What a VALID of a workload says, and how far it can be trusted.

    Attributes:
        promise: What the nodes are held to.
        method: How it is checked.
        complete: What a violation that goes unnoticed would have to look like.
        complexity: Cost in the number of operations n.
    """

    promise: str
    method: str
    complete: str
    complexity: str


class Modelled(msgspec.Struct, frozen=True):
    """How a workload is judged when a consistency model is declared for it.

    Attributes:
        model: The sequential specification, by its name in `checkers.models`; None if
            there is none, so that models below sequential consistency alone apply.
        check: Judges what holds under any model: types and values, not freshness; gets
            what `Workload.check` does.
        mix: The mix whose results say which updates they saw, if the first does not.
        data: What it is about, as `checkers.ladder.check_guarantees` calls it, if it
            has no model.
    """

    model: str | None
    check: Callable[..., Result]
    mix: str | None = None
    data: str | None = None

    @property
    def levels(self) -> tuple[str, ...]:
        """The consistency models that can be asked for."""
        return tuple(LEVELS) if self.model is not None else BELOW_SEQUENTIAL


class Expectation(Protocol):
    """What reads show once every acknowledged update has arrived everywhere.

    Used during recovery only, to stop waiting early; what a run is worth is decided
    by its checker, from the history.

    Attributes:
        rounds: How many rounds in a row have to show the same before nodes are taken
            for converged: one where a read that meets it shows everything for certain,
            more where it may do so by chance.
    """

    @property
    def rounds(self) -> int:
        """How many rounds in a row have to show the same."""

    def observe(self, event: Event) -> None:
        """Take note of a recorded event."""

    def is_met(self, value: Any) -> bool:
        """Return whether a read of that value shows everything it must."""

    def agree(self, values: Sequence[Any]) -> bool:
        """Return whether nodes that meet the expectation show the same.

        An indeterminate update may be on one node only, and still on its way: what
        each node shows is acceptable, and yet they have not converged.
        """


class Workload(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of test.

    Attributes:
        name: Name on the command line.
        doc: What it tests, in one sentence.
        claim: What its verdict means.
        calls: How each operation is carried out, by its `f`.
        mixes: What clients may do in the main phase, by name; the first unless another
            is asked for.
        prepare: Functions and values of operations that come before, on every node.
        final_read: The `f` of the reads at every node that end a run, if it has any.
        final_by: The argument of which there is one of these reads for each value that
            was updated, if one read does not tell all.
        expectation: Makes what those reads are to show.
        topology: Whether nodes are told their neighbours before the run.
        node: The bundled correct node.
        nemesis: Faults that are injected unless others are asked for.
        check: Judges a history; gets the names of the nodes and, if there are
            `updates` and the journal is to be believed, as `evidence` what it says.
        updates: Those of its operations that change what reads show, if its checker
            knows what to do with the journal.
        optional: Those of its operations that nodes need not know.
        contexts: Whether a request may depend on earlier replies to the same client,
            rather than on the operation's value alone.
        modelled: How it is judged by consistency models, if it can be.
        registers: Whether it has registers with siblings, whose reads name the writes
            that they show.
        retold: Has recorded operations say what clients are told in this run, where
            they say what clients were told in the run that they were taken from.
    """

    name: str
    doc: str
    claim: Claim
    calls: Mapping[str, Call]
    mixes: Mapping[str, Mix]
    node: str
    check: Callable[..., Result]
    modelled: Modelled | None = None
    final_read: str | None = None
    final_by: str | None = None
    prepare: tuple[tuple[str, Any], ...] = ()
    expectation: Callable[[], Expectation] | None = None
    topology: bool = False
    nemesis: tuple[str, ...] = ()
    updates: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    contexts: bool = True
    registers: bool = False
    retold: Callable[[Generator], Generator] | None = None

    def subject(self, event: Event) -> Any:
        """Return what an update is about, if final reads are by that; None if not."""
        if self.final_by is None or event.f not in self.updates:
            return None
        return event.value.get(self.final_by) if isinstance(event.value, dict) else None

    def subjects(self, events: Iterable[Event]) -> list[Any]:
        """Return what the updates of a run are about, each once."""
        subjects = dict.fromkeys(map(self.subject, events))
        return [subject for subject in subjects if subject is not None]

    def reads(self, subjects: Iterable[Any], *, final: bool = False) -> tuple[Op, ...]:
        """Return the reads of a node that together tell all that it has.

        Args:
            subjects: What updates were about.
            final: Whether they are the final ones.
        """
        if self.final_read is None:
            return ()
        by = self.final_by
        values = [None] if by is None else [{by: subject} for subject in subjects]
        return tuple(Op(self.final_read, value, final=final) for value in values)

    def mix(self, consistency_models: Iterable[str]) -> str:
        """Return the mix of runs that are to satisfy these models, unless one is named.

        Models below sequential consistency are about what a read saw. Where its result
        does not say that, nobody could judge them.
        """
        modelled = self.modelled
        if (
            modelled is None
            or modelled.mix is None
            or {"linearizable", "sequential"}.issuperset(consistency_models)
        ):
            return next(iter(self.mixes))
        return modelled.mix

    def operations(self, spec: RunSpec) -> Generator:
        """Return the generator of the main phase of a run."""
        name = spec.mix or self.mix(spec.consistency_models)
        expected = min(spec.rate * spec.time_limit_s, 1e9)
        extent = Extent(spec.concurrency, expected, faults=bool(spec.nemesis))
        return self.mixes[name].make(extent)
