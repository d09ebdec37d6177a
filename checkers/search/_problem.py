"""A history and a model, as nothing but integers: what every search works on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import msgspec


if TYPE_CHECKING:
    from array import array

    from checkers.models import Call, Frozen, Model


OPEN = 2**32 - 1
"""The return that never comes: it may take effect at any later time, or never."""

NEVER = 2**63 - 1
"""The time of such a return."""

MARK_KNOWN, MARK_FAILED, MARK_UNKNOWN = range(3)
"""What is known of the results of a class, in a `ClassTable`: as with statuses."""

NOTHING = -1
"""The value of an input or output that makes no difference, in a `ClassTable`."""

KIND_READ, KIND_WRITE, KIND_CAS, KIND_FAILED_CAS = range(4)
"""Kinds of classes in a `RegisterView`."""


class Automaton(Protocol):
    """A model's states and steps as integers, filled on demand.

    Attributes:
        model: The model.
        initial: The first state, always 0.
        pure: By class: whether it changes the state in no state where it is legal.
    """

    model: Model[Any]
    initial: int
    pure: list[bool]

    def step(self, state: int, cls: int) -> int:
        """Return the state after an operation of a class; -1 if it is illegal."""

    def can_lead(self, state: int, cls: int) -> bool:
        """Whether a class may be legal in a state or in one that follows from it.

        Where it is not, and an operation of the class has returned, no order that
        comes through the state can be completed. True is always right.
        """

    def call(self, cls: int) -> Call:
        """Return what the operations of a class do, as the model sees it.

        Of several keys, the call on the one.
        """

    def describe_state(self, state: int) -> str:
        """Return a state in a few words."""

    def describe_class(self, cls: int) -> str:
        """Return what the operations of a class do, in a few words."""

    def refusal(self, state: int, cls: int) -> str:
        """Return why a class is illegal in a state where it is, as a clause."""


class ClassTable(msgspec.Struct, frozen=True):
    """The classes of a problem, whatever its model: what is done, as numbers.

    Attributes:
        functions: The functions, by number.
        f: By class: the function.
        input: By class: the input as a position in `values`, or `NOTHING`.
        output: By class: the output as a position in `values`, or `NOTHING`.
        mark: By class: whether the output is known, unknown, or a failure.
        process: By class: the process that calls, or `NOTHING`.
        values: The values, frozen, each once.
    """

    functions: list[str]
    f: bytearray
    input: array[int]
    output: array[int]
    mark: bytearray
    process: array[int]
    values: list[Frozen]

    def __len__(self) -> int:
        """Return the number of classes."""
        return len(self.f)


class RegisterView(msgspec.Struct, frozen=True):
    """The classes of a problem that is about one register.

    Values are numbered from 0, which is the initial one. The automaton's states are
    these same numbers.

    Attributes:
        kind: By class: 0 reads `a`, 1 writes `a`, 2 sets `a` to `b`, 3 found something
            else than `a`.
        a: By class: a value.
        b: By class: the value that a cas sets, or would have set; else 0.
        values: The values, frozen.
    """

    kind: bytearray
    a: array[int]
    b: array[int]
    values: list[Frozen]


class RegistersView(msgspec.Struct, frozen=True):
    """The classes of a problem that is about several registers, one key each.

    A class means what it means in the `RegisterView` of its key: the values of each
    key are numbered from 0, which is the initial one.

    Attributes:
        keys: The keys, frozen.
        values: By key: its values, frozen.
        key: By class: its key, as a position in `keys`.
        kind: By class: as in a `RegisterView`.
        a: By class: as in a `RegisterView`.
        b: By class: as in a `RegisterView`.
    """

    keys: list[Frozen]
    values: list[list[Frozen]]
    key: array[int]
    kind: bytearray
    a: array[int]
    b: array[int]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a history, such as one key: operations 0 to n - 1, by call.

    Only what matters is here. Operations that failed are not, unless their failure is
    an observation; nor are those that never returned and have no effect. Events are
    calls and returns, numbered from 0 in the order of the history, without gaps:
    every event is the call or the return of one operation.

    Attributes:
        key: The part's key, frozen; None if the history is one part.
        operations: By operation: index of the invocation in the history.
        calls: By operation: its call, ascending.
        returns: By operation: its return, or `OPEN`.
        call_times: By operation: time of the call in nanoseconds.
        return_times: By operation: time of the return, or `NEVER`.
        processes: By operation: its process, numbered from 0.
        classes: By operation: what it does. Operations of one class are
            interchangeable: the automaton cannot tell them apart.
        automaton: What is legal.
        register: The classes as those of one register; None if it is none. A problem
            has one of `register`, `registers` and `table`, or none of them if it is
            about several keys that are no registers.
        registers: The classes as those of one register a key, where keys are judged
            together.
        table: The classes as those of a model that is no register.
    """

    key: Frozen
    operations: array[int]
    calls: array[int]
    returns: array[int]
    call_times: array[int]
    return_times: array[int]
    processes: array[int]
    classes: array[int]
    automaton: Automaton
    register: RegisterView | None = None
    registers: RegistersView | None = None
    table: ClassTable | None = None

    def __len__(self) -> int:
        """Return the number of operations."""
        return len(self.calls)
