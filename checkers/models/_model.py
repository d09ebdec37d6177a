"""What a sequential specification is."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import msgspec

from ._values import Boolean, Frozen, clipped, shown


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


State = TypeVar("State")


class Call(msgspec.Struct, frozen=True):
    """An operation as a model sees it: values are frozen, time plays no part.

    Attributes:
        f: What was done.
        input: The invoked value.
        output: The result; None if `known` is false.
        known: False if nothing is known of the result: any is legal then.
        failed: Whether it is known to have failed, and is here because that says
            something about the state, as a failed `cas` does.
        process: The client process, for a model with `uses_process`; None else.
    """

    f: str
    input: Any = None
    output: Any = None
    known: bool = True
    failed: bool = False
    process: int | None = None


class Shape(msgspec.Struct, frozen=True):
    """What values a function takes or gives.

    Attributes:
        name: With its article, for an error.
        fits: Whether a frozen value has this shape; None takes all.
    """

    name: str
    fits: Callable[[Frozen], bool] | None


ANYTHING = Shape("any value", None)
SOMETHING = Shape("a value other than null", lambda value: value is not None)
INTEGER = Shape("an integer", lambda value: type(value) is int)
TEXT = Shape("a string", lambda value: type(value) is str)
LIST = Shape("a list", lambda value: type(value) is tuple)
TRUTH = Shape("true or false", lambda value: type(value) is Boolean)
COUNT = Shape(
    "a positive integer or null",
    lambda value: value is None or (type(value) is int and value > 0),
)


class Function(msgspec.Struct, frozen=True, kw_only=True):
    """What a model knows of one of its functions before it sees any call.

    What is ignored makes no difference between two calls, and calls that differ in
    nothing are interchangeable, which a search lives on.

    Attributes:
        takes: The shape of inputs; None if they are ignored.
        gives: The shape of outputs; None if they are ignored, because the call has
            but one result, or says it by failing.
        vague: An output of another shape says nothing, instead of being an error.
        pure: Whether it changes the state in no state where it is legal. None: ask
            `Model.is_pure` call by call.
        idle: Outputs that tell that nothing was changed, where `pure` is false.
        tells_by_failing: Whether a failed call says something about the state.
    """

    takes: Shape | None = None
    gives: Shape | None = None
    vague: bool = False
    pure: bool | None = False
    idle: tuple[Frozen, ...] = ()
    tells_by_failing: bool = False


UNDECLARED = Function(takes=ANYTHING, gives=ANYTHING, pure=None)
"""What is known of the functions of a model that declares none."""


class Cell(msgspec.Struct, frozen=True):
    """Says of a model that it is one register, so that a search need not ask it.

    Attributes:
        initial: The first value, frozen.
        reads: Functions whose output is the value.
        writes: Functions whose input becomes the value.
        swaps: Functions with an input [from, to].
        appends: Functions that append their input, a string, to the value.
    """

    initial: Frozen
    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    swaps: frozenset[str] = frozenset()
    appends: frozenset[str] = frozenset()


class Model(Generic[State]):
    """A data type as one client alone would see it: a state, and steps between states.

    Subclass it, say where it begins, and give `step`; all else has a default. States
    are hashable values, never None. A model does not change: one instance serves any
    number of histories.

    Attributes:
        name: How it is called; by default the class's name in kebab-case.
        doc: What it is; by default the first line of the class's docstring.
        initial: The first state.
        functions: What it knows of its functions, by name. If empty, `step` sees
            every call as it was recorded.
        keyed: Whether every value is a pair [key, value], and the keys are
            independent objects, each with a state of its own.
        uses_process: Whether the process that calls makes a difference.
        nil_is_value: Whether, where the dialect is not given, a read of null has
            seen null. If not, its result is unknown.
        cell: Says that the model, of one key, is one register as long as no other
            functions are used than those that the cell names.
    """

    name: ClassVar[str] = ""
    doc: ClassVar[str] = ""
    functions: ClassVar[Mapping[str, Function]] = MappingProxyType({})
    keyed: ClassVar[bool] = False
    uses_process: ClassVar[bool] = False
    nil_is_value: bool = False
    cell: Cell | None = None
    initial: State

    def __init_subclass__(cls) -> None:
        """Name a model after its class, and describe it by its docstring."""
        super().__init_subclass__()
        if "name" not in cls.__dict__:
            cls.name = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()
        if "doc" not in cls.__dict__ and cls.__doc__:
            cls.doc = cls.__doc__.partition("\n")[0]

    def step(self, state: State, call: Call) -> State | None:
        """Return the state after a call; None if it is illegal in this state."""
        raise NotImplementedError

    def is_pure(self, call: Call) -> bool:  # noqa: ARG002 # a default
        """Whether a call changes the state in no state where it is legal.

        A search need not branch on such a call. False is always right.
        """
        return False

    def can_lead(self, state: State, call: Call) -> bool:  # noqa: ARG002 # a default
        """Whether a call may be legal in this state or in one that follows from it.

        A search gives a state up from which a completed call cannot become legal.
        True is always right.
        """
        return True

    def lens(self, calls: Iterable[Call]) -> Callable[[State], State] | None:  # noqa: ARG002 # a default
        """Return a function that makes one state of all that calls cannot tell apart.

        Where values grow for ever, most are never read, and a search is spared them.
        The calls are all that are made: what is legal for any sequence of them must
        not depend on which of two states with one image it begins in. None: every
        state is as it is.
        """
        return None

    def prepare(self, call: Call, *, nil_is_value: bool) -> Call | None:  # noqa: ARG002 # a default
        """Return a call in the one form that all its equals have; None: says nothing.

        Raises:
            ValueError: The values are none that this function can have. Its text
                says what was expected.
        """
        return call

    def partition(self, call: Call) -> tuple[Frozen, Call] | None:  # noqa: ARG002 # a default
        """Return the part of the object that a call is about, and the call on it.

        Parts have to be independent of each other. None: about the whole object; a
        history with such a call is not divided.
        """
        return None

    def part(self, key: Frozen) -> Model[Any]:  # noqa: ARG002 # a default
        """Return the model of a part; by default this one."""
        return self

    def describe(self, call: Call) -> str:
        """Return a call in a few words."""
        text = call.f if call.input is None else f"{call.f} {shown(call.input)}"
        if call.failed:
            return f"{text} (failed)"
        if not call.known:
            return f"{text} → ?"
        return text if call.output is None else f"{text} → {shown(call.output)}"

    def describe_state(self, state: State) -> str:
        """Return a state in a few words, whatever its size."""
        return clipped(repr(state))

    def refusal(self, state: State, call: Call) -> str:
        """Return why a call is illegal in a state, as a clause: what it needs.

        Only asked where `step` returns None.
        """
        if call.known and call.output is not None and not call.failed:
            needs = clipped(shown(call.output))
            return f"gives {needs}, the state is {self.describe_state(state)}"
        return f"cannot be while the state is {self.describe_state(state)}"
