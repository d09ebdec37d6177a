"""Some names are odd, so that what a node does to names shows."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pytest

from harness.workloads._names import name_of


if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = {letter: [name_of(letter, number) for number in range(48)] for letter in "xy"}
ALL = [name for names in NAMES.values() for name in names]


def test_no_two_things_have_one_name() -> None:
    """Neither of one letter nor of several, and most names are plain."""
    assert len(set(ALL)) == len(ALL)
    plain = [name for name in ALL if re.fullmatch("[xy][0-9]+", name)]
    assert len(plain) == len(ALL) * 3 / 4


MISTAKES: dict[str, Callable[[str], str]] = {
    "case": str.casefold,
    "spaces": str.strip,
    "composed": lambda name: unicodedata.normalize("NFC", name),
    "decomposed": lambda name: unicodedata.normalize("NFD", name),
    "colon": lambda name: name.split(":")[0],
    "length": lambda name: name[:255],
    "number": lambda name: name.lstrip("0"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("letter", NAMES)
def test_who_takes_names_for_others_takes_two_for_one(
    mistake: str, letter: str
) -> None:
    """Of so few things that each run has them."""
    names = NAMES[letter][:40]
    assert len(set(map(MISTAKES[mistake], names))) < len(names)


def test_one_has_no_characters_and_one_is_no_key_of_an_object() -> None:
    """Which is not to say that they are not there."""
    assert {"", "__proto__"} < set(ALL)
