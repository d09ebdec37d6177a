"""What a plain look at the final reads would say, as many tests have no other.

The nodes agree in the end, and what they show fits what clients did: the sum of the
acknowledged adds, give or take indeterminate ones; elements, values and characters that
somebody put there. It says little, and that is what it is here for: beside the verdict
it shows what it would have missed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from histories import History, Operation


def passes(history: History, workload: str) -> bool | None:
    """Return whether the final reads agree and fit; None if there is no such look."""
    fits = _FITS.get(workload)
    if fits is None:
        return None
    operations = list(history.operations())
    finals = [
        _shown(operation)
        for operation in operations
        if operation.final and operation.status == "ok"
    ]
    by_read: dict[str, list[Any]] = {}
    for asked, shown in finals:
        by_read.setdefault(asked, []).append(shown)
    agree = all(shown == group[0] for group in by_read.values() for shown in group[1:])
    shown_last = [group[0] for group in by_read.values()]
    return bool(finals) and agree and fits(operations, shown_last)


def _shown(operation: Operation) -> tuple[str, Any]:
    """Return what was asked and what was shown, without order and clocks."""
    output = operation.output
    asked = operation.input.get("key", "") if isinstance(operation.input, dict) else ""
    if isinstance(output, dict):
        if "values" in output:
            output = sorted(repr(entry.get("value")) for entry in output["values"])
        elif "items" in output:
            output = sorted((one["item"], one["qty"]) for one in output["items"])
        else:
            output = output.get("text")
    elif isinstance(output, list):
        output = sorted(map(repr, output))
    return asked, output


def _sum_fits(operations: Sequence[Operation], finals: Sequence[Any]) -> bool:
    """Whether a counter shows the acknowledged sum, with some of what is open."""
    adds = [one for one in operations if one.f == "add"]
    acknowledged = sum(one.input for one in adds if one.status == "ok")
    reachable = {acknowledged}
    for one in adds:
        if one.status == "info" and len(reachable) < 10_000:
            reachable |= {total + one.input for total in reachable}
    return all(value in reachable for value in finals)


def _elements_fit(operations: Sequence[Operation], finals: Sequence[Any]) -> bool:
    """Whether a set shows all that was acknowledged."""
    acknowledged = {
        repr(one.input)
        for one in operations
        if one.f in {"add", "broadcast"} and one.status == "ok"
    }
    return all(acknowledged <= set(shown) for shown in finals)


def _values_fit(operations: Sequence[Operation], finals: Sequence[Any]) -> bool:
    """Whether all values were written."""
    written = {repr(one.input["value"]) for one in operations if one.f == "write"}
    return all(written >= set(shown) for shown in finals)


def _text_fits(operations: Sequence[Operation], finals: Sequence[Any]) -> bool:
    """Whether every character was inserted, and only as many are missing as deletions."""
    inserted = {
        one.input["char"]
        for one in operations
        if one.f == "insert" and one.status != "fail"
    }
    acknowledged = {
        one.input["char"]
        for one in operations
        if one.f == "insert" and one.status == "ok"
    }
    deletes = sum(one.f == "delete" and one.status != "fail" for one in operations)
    return all(
        set(text) <= inserted
        and len(set(text)) == len(text)
        and len(acknowledged - set(text)) <= deletes
        for text in finals
    )


def _anything(operations: Sequence[Operation], finals: Sequence[Any]) -> bool:
    del operations, finals
    return True


_FITS: dict[str, Callable[[Sequence[Operation], Sequence[Any]], bool]] = {
    "broadcast": _elements_fit,
    "dvv-register": _values_fit,
    "g-counter": _sum_fits,
    "g-set": _elements_fit,
    "lww-register": _values_fit,
    "lww-set": _anything,
    "mv-register": _values_fit,
    "or-set": _anything,
    "pn-counter": _sum_fits,
    "rga": _text_fits,
    "sequence": _text_fits,
    "shopping-cart": _anything,
    "two-phase-set": _anything,
    "vv-register": _values_fit,
}
"""Whether what all nodes agree on fits what clients did, by workload."""
