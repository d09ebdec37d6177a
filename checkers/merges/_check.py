"""Merges: is what comes out the pointwise maximum, and do the claims about it hold?

Looks at ok operations `verify` and `verify-three`, which hand a node two states, or
three, objects of counts by key, and get back what it makes of the first two in either
order, and what it says of laws. A key that is missing counts 0. Both merges have to be
the pointwise maximum, and no other merge is allowed. Every law is judged anew by the
merges that were returned, never by what the node says of it:

- commutative: the two merges of an operation are the same;
- idempotent: a state merged with itself is itself, where an operation does that;
- associative: a merge that was fed back with a third state is the same as the first
  state merged with what was made of the other two.

A claim is false if it contradicts these, or, where they are silent, if it denies a law
of the maximum while every merge of the history is the maximum.

Sound and complete for what was returned: where all merges are the maximum, every claim
is decided. Where some are wrong, a claim may be passed over about which they say
nothing, and associativity is looked at for up to four ways to come by a state. Assumes
nothing. Linear.

Source: M. Shapiro, N. Preguiça, C. Baquero, M. Zawirski, A comprehensive study of
Convergent and Commutative Replicated Data Types, 2011.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from checkers._findings import Findings, conclude, unknown
from checkers._unfit import UnfitError
from checkers._verdict import Measure, Reason
from checkers._wording import count_of

from ._states import (
    GIVEN,
    MERGES,
    Call,
    given_states,
    is_counts,
    is_unknown,
    key_of_state,
)
from ._witnesses import (
    dropped_key,
    false_claim,
    ill_typed,
    non_associative,
    non_commutative,
    non_idempotent,
    wrong_maximum,
)


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers._verdict import Result
    from histories import History, Operation

    from ._states import Key, State


CHECKER = "merge-claims"

_WAYS = 4
"""Merges with the same outcome that are remembered, to find where it was fed back."""

Triple: TypeAlias = "tuple[Key, Key, Key]"


def check_merge_claims(history: History) -> Result:
    """Check that nodes merge by the pointwise maximum, and tell the truth about it.

    Args:
        history: Operations `verify` of `{state_a, state_b}` and `verify-three` of
            these and `state_c`, states being objects of counts; an ok one has
            `merge_ab`, `merge_ba` and, of `commutative`, `idempotent` and
            `associative`, those that the node claims.

    Returns:
        INVALID if a merge is not the maximum or a claim is false; UNKNOWN(vacuous) if
        no two states were merged of which each had something that the other lacked;
        UNKNOWN(unsupported) if no node knows the request. Measures: `merged-count`
        (operations with both merges), `wrong-merge-count`, `false-claim-count`,
        `associated-count` (triples of states merged in both ways).
    """
    try:
        return _Check(history).result()
    except UnfitError as error:
        return unknown(CHECKER, error.reason, error.sentence)


class _Check:
    def __init__(self, history: History) -> None:
        self._history = history
        self._findings = Findings()
        self._calls: list[Call] = []
        self._claims = self._false = self._crossing = self._wrong = 0

    def result(self) -> Result:
        attempted = answered = unknown_count = 0
        for operation in self._history.operations():
            given = given_states(operation)
            attempted += 1
            unknown_count += is_unknown(operation)
            if operation.status == "ok":
                answered += 1
                self._merge(operation, given)
        if unknown_count == attempted > 0:
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"No node knows crdt_verify: all of {count_of(attempted, 'request')} "
                f"were answered as not supported.",
            )
        for call in self._calls:
            self._laws(call)
        triples = self._associate()
        return conclude(
            CHECKER,
            self._findings,
            missing=self._missing(answered),
            valid=f"Both merges of all {count_of(len(self._calls), 'operation')} are "
            f"the pointwise maximum, all {count_of(self._claims, 'claim')} about them "
            f"hold, and what was fed back came out the same either way for "
            f"{count_of(triples, 'triple')} of states.",
            measures={
                "merged-count": Measure(len(self._calls)),
                "wrong-merge-count": Measure(self._wrong),
                "false-claim-count": Measure(self._false),
                "associated-count": Measure(triples),
            },
            complete=True,
        )

    def _missing(self, answered: int) -> list[str]:
        if not answered:
            return ["no merge was answered"]
        if not self._crossing:
            return ["no two states were merged that each had more of something"]
        return []

    def _merge(self, operation: Operation, given: Sequence[State]) -> None:
        """Judge the merges of an answer by themselves."""
        output = operation.output if isinstance(operation.output, dict) else {}
        merges: list[State] = []
        for name in MERGES:
            merge = output.get(name)
            if is_counts(merge):
                merges.append(merge)
            else:
                self._findings.add("type-error", ill_typed, operation, name, merge)
        if len(merges) < len(MERGES):
            return
        a, b = given[0], given[1]
        self._maximum(operation, a, b, merges)
        self._crossing += any(n > b.get(key, 0) for key, n in a.items()) and any(
            n > a.get(key, 0) for key, n in b.items()
        )
        call = Call(
            operation,
            tuple(map(key_of_state, given)),
            (key_of_state(merges[0]), key_of_state(merges[1])),
        )
        self._calls.append(call)

    def _maximum(
        self, operation: Operation, a: State, b: State, merges: list[State]
    ) -> None:
        """Compare both merges with the maximum."""
        want = {key: max(a.get(key, 0), b.get(key, 0)) for key in {**a, **b}}
        dropped: dict[str, list[str]] = {}
        wrong: dict[str, list[str]] = {}
        for name, merge in zip(MERGES, merges, strict=True):
            for key in {**want, **merge}:
                if merge.get(key, 0) != want.get(key, 0):
                    by_name = wrong if key in merge else dropped
                    by_name.setdefault(name, []).append(key)
        if wrong:
            self._findings.add("wrong-maximum", wrong_maximum, operation, want, wrong)
        if dropped:
            self._findings.add("dropped-key", dropped_key, operation, want, dropped)
        self._wrong += bool(wrong or dropped)

    def _laws(self, call: Call) -> None:
        """Judge the laws that an operation shows by itself, and what is said of them.

        By then all merges are known.
        """
        ab, ba = call.merges
        a, b = call.given[:2]
        if ab != ba:
            self._findings.add("non-commutative", non_commutative, call.operation)
        is_own = a == b
        keeps_own = ab == a == ba
        if is_own and not keeps_own:
            self._findings.add("non-idempotent", non_idempotent, call.operation)
        self._claim(call, "commutative", seen=ab == ba)
        self._claim(call, "idempotent", seen=keeps_own if is_own else None)

    def _claim(
        self,
        call: Call,
        law: str,
        *,
        seen: bool | None,
        shown_by: tuple[int, ...] = (),
    ) -> None:
        """Judge a claim by what was seen of a law, or by what the maximum obeys."""
        output = call.operation.output
        if law not in output:
            return
        claim = output[law]
        if not isinstance(claim, bool):
            self._findings.add("type-error", ill_typed, call.operation, law, claim)
            return
        truth = True if seen is None and not self._wrong else seen
        self._claims += truth is not None
        if truth is not None and claim is not truth:
            self._false += 1
            self._findings.add(
                "false-claim",
                false_claim,
                call.operation,
                law,
                claim=claim,
                shown_by=shown_by if seen is not None else None,
            )

    def _associate(self) -> int:
        """Compare merges that were fed back, and what was said of three states.

        Returns:
            How many triples of states were merged in both ways.
        """
        ways: dict[Key, list[Call]] = {}
        for call in self._calls:
            known = ways.setdefault(call.merges[0], [])
            if len(known) < _WAYS and all(
                one.given[:2] != call.given[:2] for one in known
            ):
                known.append(call)
        lefts: dict[Triple, tuple[Call, Call]] = {}
        rights: dict[Triple, tuple[Call, Call]] = {}
        for call in self._calls:
            a, b = call.given[:2]
            for first in ways.get(a, ()):
                lefts.setdefault((first.given[0], first.given[1], b), (first, call))
            for first in ways.get(b, ()):
                rights.setdefault((a, first.given[0], first.given[1]), (first, call))
        same: dict[Triple, bool] = {}
        for three, left in lefts.items():
            right = rights.get(three)
            # Of the same state twice, or of nothing, the law says little.
            if right is not None and all(three) and len(set(three)) == len(three):
                same[three] = left[1].merges[0] == right[1].merges[0]
                if not same[three]:
                    self._findings.add("non-associative", non_associative, left, right)
        for call in self._calls:
            if len(call.given) == len(GIVEN["verify-three"]):
                three = call.given[0], call.given[1], call.given[2]
                by = (*lefts[three], *rights[three]) if three in same else ()
                self._claim(
                    call,
                    "associative",
                    seen=same.get(three),
                    shown_by=tuple(one.operation.index for one in by),
                )
        return len(same)
