"""What shows that a merge is wrong, or a claim false: sentences and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers._findings import Witness
from checkers._wording import cite, kind_of, shown

from ._states import MERGES


if TYPE_CHECKING:
    from histories import Operation

    from ._states import Call, State


_AGAINST = {
    ("commutative", True): "but the other way round it came out otherwise",
    ("commutative", False): "but the other way round it came out the same",
    ("idempotent", True): "but a state merged with itself came out otherwise",
    ("idempotent", False): "but a state merged with itself came out the same",
    ("associative", True): "but merges that were fed back came out otherwise",
    ("associative", False): "but merges that were fed back came out the same",
}
"""What speaks against a claim, by the law and the claim."""


def _claimed(operation: Operation) -> dict[str, Any]:
    return {"node": operation.node, "process": operation.process}


def ill_typed(operation: Operation, name: str, value: Any) -> Witness:
    """Return what shows an answer that has the wrong type."""
    wanted = "an object of whole numbers" if name in MERGES else "true or false"
    return Witness(
        sentence=f"{cite(operation)} answered with {shown(value)} for {name}, which is "
        f"{kind_of(value)} and has to be {wanted}.",
        operations=(operation.index,),
        data={"field": name, "value": shown(value), **_claimed(operation)},
    )


def wrong_maximum(
    operation: Operation, want: State, wrong: dict[str, list[str]]
) -> Witness:
    """Return what shows a count that is not the greater of two."""
    name, keys = next(iter(wrong.items()))
    merge, key = operation.output[name], keys[0]
    return Witness(
        sentence=f"{cite(operation)} merged {_pair(operation)} to {shown(merge)} "
        f"({name}), in which {key} is {merge[key]}: the greater of its two counts is "
        f"{want.get(key, 0)}{_and_more(wrong)}.",
        operations=(operation.index,),
        data={
            "merge": name,
            "key": key,
            "returned": merge[key],
            "expected": want.get(key, 0),
            **_claimed(operation),
        },
    )


def dropped_key(
    operation: Operation, want: State, dropped: dict[str, list[str]]
) -> Witness:
    """Return what shows a key that is gone."""
    name, keys = next(iter(dropped.items()))
    expected = want[keys[0]]
    return Witness(
        sentence=f"{cite(operation)} merged {_pair(operation)} to "
        f"{shown(operation.output[name])} ({name}), in which {keys[0]} is missing, and "
        f"should be {expected}{_and_more(dropped)}.",
        operations=(operation.index,),
        data={
            "merge": name,
            "key": keys[0],
            "expected": expected,
            **_claimed(operation),
        },
    )


def _and_more(keys: dict[str, list[str]]) -> str:
    """Return how many keys a sentence does not name, if it does not name all."""
    more = sum(map(len, keys.values())) - 1
    return f" ({more} more alike)" if more else ""


def non_commutative(operation: Operation) -> Witness:
    """Return what shows that the order of two states matters."""
    output = operation.output
    return Witness(
        sentence=f"{cite(operation)} merged {_pair(operation)} to "
        f"{shown(output['merge_ab'])}, and the other way round to "
        f"{shown(output['merge_ba'])}.",
        operations=(operation.index,),
        data=_claimed(operation),
    )


def non_idempotent(operation: Operation) -> Witness:
    """Return what shows that a state was changed by itself."""
    output = operation.output
    return Witness(
        sentence=f"{cite(operation)} merged {shown(operation.input['state_a'])} with "
        f"itself to {shown(output['merge_ab'])} and {shown(output['merge_ba'])}.",
        operations=(operation.index,),
        data=_claimed(operation),
    )


def non_associative(left: tuple[Call, Call], right: tuple[Call, Call]) -> Witness:
    """Return what shows that it matters which two of three states are merged first."""
    first, then = (call.operation for call in left)
    other, last = (call.operation for call in right)
    return Witness(
        sentence=f"{cite(then)}, which was given what {cite(first)} had merged, came to "
        f"{shown(then.output['merge_ab'])}, and {cite(last)}, which was given what "
        f"{cite(other)} had merged of the same three states, to "
        f"{shown(last.output['merge_ab'])}.",
        operations=tuple(
            dict.fromkeys(one.index for one in (first, then, other, last))
        ),
        data={
            "states": [
                shown(first.input["state_a"]),
                shown(first.input["state_b"]),
                shown(then.input["state_b"]),
            ]
        },
    )


def false_claim(
    operation: Operation,
    law: str,
    *,
    claim: bool,
    shown_by: tuple[int, ...] | None,
) -> Witness:
    """Return what shows that a claim is false."""
    why = (
        "but all merges are the pointwise maximum, which always is"
        if shown_by is None
        else _AGAINST[law, claim]
    )
    return Witness(
        sentence=f"{cite(operation)} claims that its merge of {_pair(operation)} is "
        f"{'' if claim else 'not '}{law}, {why}.",
        operations=tuple(dict.fromkeys((*(shown_by or ()), operation.index))),
        data={"law": law, "claimed": claim, **_claimed(operation)},
    )


def _pair(operation: Operation) -> str:
    value = operation.input
    return f"{shown(value['state_a'])} and {shown(value['state_b'])}"
