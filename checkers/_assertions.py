"""Assertions on measured numbers, such as `stable-latency-p50 < 400ms`.

An assertion is the name of a measure, one of `<`, `<=`, `>`, `>=` and `==`, and a
number: with `ms`, `s` or `us` for durations, `/s` for rates, and plain otherwise.
Numbers are compared exactly, as they are written.
"""

from __future__ import annotations

import operator
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from ._findings import Findings, Witness, conclude
from ._verdict import Measure, Reason, Verdict
from ._wording import count_of


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._verdict import Result


_SYNTAX = re.compile(
    r"\s*(?P<name>[^\s<>=!]+)\s*(?P<comparison><=|>=|==|<|>)\s*"
    r"(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(?P<unit>\S*)\s*"
)
_COMPARISONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}
_PER_MS = {"ms": Fraction(1), "s": Fraction(1000), "us": Fraction(1, 1000)}
_EXAMPLE = "write it like 'msgs-per-op < 30' or 'stable-latency-p50 < 400ms'"

Unit = Literal["", "ms", "/s"]


class Assertion(msgspec.Struct, frozen=True):
    """What somebody demands of a measure.

    Attributes:
        text: As it was written.
        name: Name of the measure.
        comparison: One of `<`, `<=`, `>`, `>=`, `==`.
        bound: The number to compare with, in the unit below.
        unit: Unit of the measures that it fits.
    """

    text: str
    name: str
    comparison: str
    bound: Fraction
    unit: Unit

    def holds(self, value: float) -> bool:
        """Whether a value of the same unit satisfies it."""
        measured = Fraction(repr(value))
        return bool(_COMPARISONS[self.comparison](measured, self.bound))


def parse_assertion(text: str) -> Assertion:
    """Return the assertion that a text stands for.

    >>> parse_assertion("stable-latency-p50 < 0.4s").bound
    Fraction(400, 1)

    Raises:
        ValueError: The text is none; the message says what is and how to write it.
    """
    match = _SYNTAX.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{text!r} is not a measure, a comparison (<, <=, >, >=, ==) and a number: "
            f"{_EXAMPLE}"
        )
    number, suffix = Fraction(match["number"]), match["unit"].replace("µ", "u")
    unit: Unit
    if suffix in _PER_MS:
        unit, number = "ms", number * _PER_MS[suffix]
    elif suffix == "/s":
        unit = "/s"
    elif not suffix:
        unit = ""
    else:
        raise ValueError(
            f"{suffix!r} in {text!r} is no unit; durations take ms, s or us, rates /s, "
            f"and all else nothing: {_EXAMPLE}"
        )
    return Assertion(text.strip(), match["name"], match["comparison"], number, unit)


def check_assertions(
    results_measures: Mapping[str, Measure], assertions: Sequence[str]
) -> Result:
    """Compare measures with what is asserted about them.

    Returns:
        INVALID if an assertion is false; UNKNOWN(malformed) if one is no assertion,
        names no measure, or has a unit that does not fit; UNKNOWN(vacuous) if there
        was nothing to measure, or nothing is asserted. Statistics: every assertion
        with what was measured and what came of it.
    """
    findings = Findings()
    missing: list[str] = []
    wrong: list[str] = []
    judged: list[dict[str, Any]] = []
    for text in assertions:
        try:
            assertion = parse_assertion(text)
            measure = _find(results_measures, assertion)
        except ValueError as error:
            wrong.append(str(error))
            judged.append({"assertion": text, "outcome": "malformed"})
            continue
        outcome = "holds"
        if measure.value is None:
            missing.append(f"there was nothing to measure {assertion.name} by")
            outcome = "no value"
        elif not assertion.holds(measure.value):
            findings.add("assertion-failed", _explain, assertion, measure)
            outcome = "failed"
        judged.append({"assertion": text, "value": measure.value, "outcome": outcome})
    if not assertions:
        missing.append("nothing is asserted")
    result = conclude(
        "assertions",
        findings,
        missing=[*wrong, *missing],
        valid=f"{count_of(len(assertions), 'assertion').capitalize()} "
        f"{'holds' if len(assertions) == 1 else 'hold'}.",
        statistics={"assertions": judged},
        complete=True,
    )
    if wrong and result.verdict is Verdict.UNKNOWN:
        return msgspec.structs.replace(
            result, reason=Reason.MALFORMED, summary=f"{'; '.join(wrong)}."
        )
    return result


def _find(measures: Mapping[str, Measure], assertion: Assertion) -> Measure:
    measure = measures.get(assertion.name)
    if measure is None:
        raise ValueError(
            f"no measure is called {assertion.name!r}: {_near(assertion.name, measures)}"
        )
    if measure.unit != assertion.unit:
        advice = {
            "ms": "a duration: give the number a unit, ms, s or us",
            "/s": "a rate: write the number with /s",
            "": "a plain number: leave out the unit",
        }
        raise ValueError(
            f"{assertion.name} in {assertion.text!r} is {advice[measure.unit]}"
        )
    return measure


def _near(name: str, measures: Mapping[str, Measure]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, measures, n=4, cutoff=0.5)
    if near:
        return f"did you mean {', '.join(near)}?"
    return f"there are {', '.join(sorted(measures)) or 'none'}"


def _explain(assertion: Assertion, measure: Measure) -> Witness:
    assert measure.value is not None, "a measure without value fails nothing"
    value = f"{measure.value:.6g}{measure.unit}"
    return Witness(
        sentence=f"{assertion.name} is {value}, and '{assertion.text}' was asserted.",
        data={
            "assertion": assertion.text,
            "measure": assertion.name,
            "value": measure.value,
            "unit": measure.unit,
            "bound": float(assertion.bound),
        },
    )
