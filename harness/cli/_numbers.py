"""Numbers as options take them."""

from __future__ import annotations

import math
from typing import Any, Final

import click


class Finite(click.FloatRange):
    """A number between bounds; one that is none, such as nan, is in no range."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value} is not a number", param, ctx)
        return number


SECONDS: Final = Finite(0, 1e7)
SOME_SECONDS: Final = Finite(0.001, 1e7)
