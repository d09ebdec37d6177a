"""What things are called: mostly plainly, and now and then as customers would.

A node may fold cases, strip spaces, cut names, join them with colons, or take an empty
one for none. None of that shows as long as things are called x1 and x2.
"""

from __future__ import annotations


ODD_ONE = 4
"""Of so many names one is odd."""

LONG = 300
"""Characters that two names have in common, and only then one that tells them apart."""


def name_of(letter: str, number: int) -> str:
    """Return the name of a thing; no two have the same.

    Args:
        letter: What names begin with, or have in them: those of other letters differ.
        number: How many things there were before.
    """
    plain = f"{letter}{number}"
    if number % ODD_ONE != ODD_ONE - 1:
        return plain
    if number < ODD_ONE:
        return _FIRST[letter]
    cycle, kind = divmod(number // ODD_ONE - 1, len(_KINDS))
    return _KINDS[kind].format(
        # Often that of the thing before, which is not to be taken for it.
        twin=f"{letter}{number - 1}",
        shouted=f"{letter}{number - 1}".upper(),
        filling=LONG * letter,
        letter=letter,
        code=ord(letter),
        cycle=cycle,
    )


_KINDS = (
    "{shouted}",
    "{twin}:-1, /;|'\"\\\t{letter}",
    "e\N{COMBINING ACUTE ACCENT}{letter}{cycle}",
    "\N{LATIN SMALL LETTER E WITH ACUTE}{letter}{cycle}",
    "0{code}{cycle}",
    "{code}{cycle}",
    "{twin} ",
    "{letter}{cycle}{filling}a",
    "{letter}{cycle}{filling}b",
)
"""Ways of being odd, which take turns."""

_FIRST = {"x": "", "y": "__proto__"}
"""What the first odd thing is called."""
