"""Escaping, with texts that try to get out of it."""

from __future__ import annotations

import json
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from reports._markup import Markup, element, prose, script_data, table, visible


ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.sampled_from(
    ["</script>", "<!--", "]]>", "&lt;", "'\"", "\ud800", "\x00", "`"]
)


class Texts(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.text = ""
        self.attributes: dict[str, str | None] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes |= dict(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(ANY_TEXT)
def test_text_comes_back_as_it_was(text: str) -> None:
    """Whatever the text, the element holds it and nothing else."""
    reader = Texts(element("p", text, title=text))
    assert reader.seen == ["p"]
    assert reader.text == visible(text)
    assert reader.attributes == {"title": visible(text)}


@given(ANY_TEXT)
def test_text_can_be_encoded(text: str) -> None:
    """What is shown is valid UTF-8, even where the source was not."""
    assert element("p", text).encode()


@given(st.recursive(st.none() | st.integers() | ANY_TEXT, st.lists, max_leaves=5))
def test_script_data_comes_back_as_it_was(value: object) -> None:
    """Data in a script element is the value, and cannot end the element."""
    text = script_data("data", value)
    inner = text.removeprefix('<script type="application/json" id="data">')
    inner = inner.removesuffix("</script>")
    assert not set("<>&\u2028\u2029") & set(inner)
    assert json.loads(inner) == value


def test_attributes_are_named_as_in_html() -> None:
    """Underscores become hyphens, true stands alone, false and none are left out."""
    made = element("i", class_="a", aria_label="b", hidden=True, open=False, id=None)
    assert made == '<i class="a" aria-label="b" hidden></i>'


def test_markup_is_not_escaped_twice() -> None:
    """Elements nest, and sequences of children are joined."""
    made = element("ul", [element("li", each) for each in ("a", "<")], Markup("&amp;"))
    assert made == "<ul><li>a</li><li>&lt;</li>&amp;</ul>"


def test_an_unpaired_backtick_loses_nothing() -> None:
    """Prose with one backtick keeps its words."""
    assert prose("a `b c") == "a <code>b c</code>"


def test_a_table_names_its_columns() -> None:
    """Numbers are set flush right, sentences may wrap."""
    made = table(("n", "text"), [(1, "x")], numeric=(0,), wide=(1,))
    assert '<th class="number" scope="col">n</th>' in made
    assert '<td class="wide">x</td>' in made
