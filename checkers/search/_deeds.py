"""What was done to one object, or to each key of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from checkers.models import PLAIN, UNDECLARED, ModelError, freeze


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.models import Frozen, Model
    from histories import OperationColumns


STATUS_OK, STATUS_FAIL, STATUS_INFO = range(3)
"""Codes of statuses, as in `OperationColumns`."""


class Dialect(NamedTuple):
    """How to understand what histories of different origin write alike.

    Attributes:
        nil_is_value: Whether an ok read of null has seen null. If not, its result
            is unknown, and the read says nothing.
        failed_cas: Whether a failed cas says that the value was another.
    """

    nil_is_value: bool
    failed_cas: bool


class Deeds(NamedTuple):
    """What was done to one object, a column a field, with values as recorded.

    Attributes:
        positions: Where the operations are in the columns of the history.
        f: Functions.
        input: Inputs.
        output: Outputs.
        status: Codes of statuses.
    """

    positions: Sequence[int]
    f: Sequence[str]
    input: Sequence[Any]
    output: Sequence[Any]
    status: Sequence[int]

    def at(self, places: Sequence[int]) -> Deeds:
        """Return some of the operations, by their places in these columns."""
        return Deeds(*[list(map(column.__getitem__, places)) for column in self])


def all_deeds(columns: OperationColumns) -> Deeds:
    """Return the operations of a history as done to one object."""
    everything = range(len(columns))
    return Deeds(everything, columns.f, columns.input, columns.output, columns.status)


def deeds_by_key(columns: OperationColumns, model: Model[Any]) -> dict[Frozen, Deeds]:
    """Return what was done to each key of a history whose values are [key, value].

    The keys are in the order of their first appearance.

    Raises:
        ModelError: A value is no such pair.
    """
    places: dict[Frozen, list[int]] = {}
    inputs: list[Any] = []
    outputs: list[Any] = []
    for position, (given, got) in enumerate(
        zip(columns.input, columns.output, strict=True)
    ):
        if type(given) is list and len(given) == 2:
            key, value = given
            if got is not None:
                got = _output(columns, position, model, key)  # noqa: PLW2901 # of this key from here on
        else:
            key, value = _bare_key(columns, position, model), None
        if type(key) not in PLAIN:
            key = freeze(key)
        inputs.append(value)
        outputs.append(got)
        try:
            places[key].append(position)
        except KeyError:
            places[key] = [position]
    everything = all_deeds(columns)._replace(input=inputs, output=outputs)
    return {key: everything.at(own) for key, own in places.items()}


def _output(
    columns: OperationColumns, position: int, model: Model[Any], key: Any
) -> Any:
    """Return the output for a key of an operation that gave something."""
    got = columns.output[position]
    if type(got) is list and len(got) == 2:
        own = got[0]
        if own is key or (type(own) is type(key) and freeze(own) == freeze(key)):
            return got[1]
    if model.functions.get(columns.f[position], UNDECLARED).gives is None:
        return None
    raise ModelError(
        columns.index[position],
        f"the output {got!r} of {columns.f[position]!r}",
        f"a pair [key, value] with the key {key!r}, as it was invoked",
        "Record the key with the result.",
    )


def _bare_key(columns: OperationColumns, position: int, model: Model[Any]) -> Any:
    """Return the key of an operation whose input is a key alone."""
    given, f = columns.input[position], columns.f[position]
    rule = model.functions.get(f, UNDECLARED)
    if rule.takes is None and given is not None and not isinstance(given, list | tuple):
        return given
    raise ModelError(
        columns.index[position],
        f"the value {given!r} of {f!r}",
        "a pair [key, value]",
        "If the history is about one object, choose a model without keys.",
    )
