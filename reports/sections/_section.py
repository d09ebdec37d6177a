"""What a section of the page is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import msgspec

from reports._markup import Markup, element
from reports._view import View


class Section(msgspec.Struct, frozen=True):
    """A part of the page under a heading.

    Attributes:
        id: Its anchor in the page, unique among sections.
        title: Its heading, also in the navigation; empty for none.
        body: What it says, as HTML.
    """

    id: str
    title: str
    body: Markup

    def render(self) -> Markup:
        """Return the section as HTML, with its heading."""
        return element(
            "section",
            element("h2", self.title) if self.title else None,
            self.body,
            id=self.id,
        )


SectionFunction: TypeAlias = Callable[[View], Section | None]


def operations_link(text: str, indices: tuple[int, ...]) -> Markup:
    """Return a link that shows operations on the timeline."""
    return element("a", text, href="#operations=" + ",".join(map(str, indices)))
