"""EDN is read whole, whatever way it comes, and what is wrong is told with its place."""

from __future__ import annotations

import random
import string
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import histories._edn_lines
from histories import MalformedError, edn
from histories._edn_prefixes import TUPLE


def forms(text: str, **options: Any) -> list[tuple[int, Any]]:
    """Return the forms of a text that comes as a file, with their lines."""
    return [
        (line, value)
        for lines, values in edn.read_forms(BytesIO(text.encode()), **options)
        for line, value in zip(lines, values, strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("nil", None),
        ("true", True),
        ("false", False),
        ("0", 0),
        ("-0", 0),
        ("+7", 7),
        ("-12", -12),
        ("123456", 123456),
        ("12345678901234567890", 12345678901234567890),
        ("7N", 7),
        ("1.5", 1.5),
        ("-1.", -1.0),
        ("6e23", 6e23),
        ("1.5e-3", 1.5e-3),
        ("0.1M", 0.1),
        ("1.50M", 1.5),
        ("0.12345678901234567890123M", "0.12345678901234567890123"),
        ("1e999", "1e999"),
        ("1/3", "1/3"),
        ("-4/2", -2),
        ("##NaN", "##NaN"),
        ("##Inf", "##Inf"),
        ("##-Inf", "##-Inf"),
        (":read", "read"),
        (":jepsen/op-1", "jepsen/op-1"),
        (":0", "0"),
        ("symbol", "symbol"),
        ("my.ns/sym'bol*", "my.ns/sym'bol*"),
        ("+", "+"),
        ("-", "-"),
        ('""', ""),
        ('"a, [b] ; #_ {"', "a, [b] ; #_ {"),
        (r'"\t\r\n\b\f\\\""', '\t\r\n\b\f\\"'),
        (r'"\u00e9\ud83d\ude00\101\0"', "é😀A\0"),
        (r'"\ud800"', "\N{REPLACEMENT CHARACTER}"),
        ('"one\ntwo"', "one\ntwo"),
        (r"\a", "a"),
        (r"\(", "("),
        (r"\"", '"'),
        (r"\\", "\\"),
        (r"\;", ";"),
        (r"\newline", "\n"),
        (r"\space", " "),
        (r"\u00e9", "é"),
        (r"\o101", "A"),
        ("[]", []),
        ("()", []),
        ("{}", {}),
        ("#{}", []),
        ("[1(2[3]){:a 4}]", [1, [2, [3]], {"a": 4}]),
        ("#{3 1 2}", [1, 2, 3]),
        ("#{:b :a}", ["a", "b"]),
        ("#{nil 2 true :a [1] 1.5}", [None, True, 1.5, 2, "a", [1]]),
        ("{:a 1, 0 2, [1 nil] 3, nil 4}", {"a": 1, "0": 2, "[1,null]": 3, "null": 4}),
        ("#{#{2 1} #{}}", [[1, 2], []]),
        ('#inst "2020-01-01T00:00:00Z"', "2020-01-01T00:00:00Z"),
        ('#uuid "f81d4fae"', "f81d4fae"),
        ("#jepsen.history.Op{:index 1}", {"index": 1}),
        ("#knossos.op.Op {:index 1}", {"index": 1}),
        ("#user/point [1 2]", {"#user/point": [1, 2]}),
        ("#jepsen.independent/tuple [7 :a]", {TUPLE: [7, "a"]}),
        ("#jepsen.independent.Tuple{:v 1, :k 7}", {TUPLE: [7, 1]}),
        ("#jepsen.independent.Tuple {:key 7 :value nil}", {TUPLE: [7, None]}),
        ('#object[Thing 0x1F "a"]', {"#object": ["Thing", 31, "a"]}),
        ("#a/b #c/d 1", {"#a/b": {"#c/d": 1}}),
        ("[1 #_2 3]", [1, 3]),
        ("[1 #_ #_ 2 3 4]", [1, 4]),
        ("[#_ #a/b 1 2]", [2]),
        ("[#a/b #_ 1 2]", [{"#a/b": 2}]),
        ("[#_[1 [2]] #_{:a 1}]", []),
        ("[1 ; 2 ]\n 3]", [1, 3]),
        ("[1,,,2 \t 3]", [1, 2, 3]),
    ],
)
def test_forms_become_the_values_of_json(text: str, value: Any) -> None:
    """Every kind of form becomes what the table in the module says."""
    (found,) = edn.decode(text)
    assert (found, type(found)) == (value, type(value))
    if isinstance(value, list):
        assert list(map(type, found)) == list(map(type, value))


@pytest.mark.parametrize(
    ("text", "line", "column", "found", "expected"),
    [
        ("[1 2", 1, None, "the end of the file", "`]`, which closes the `[` of line 1"),
        ("\n{:a\n[1}", 3, 3, "`}`", "`]`, which closes the `[` of line 3"),
        ("1 )", 1, 3, "`)`", "a form, as no bracket is open"),
        ('\n  [1 "abc\n\n', 2, 6, 'a string without an end: `"abc`', 'a closing "'),
        ('"a\\"', 1, 1, 'a string without an end: `"a\\"`', 'a closing "'),
        (
            "{:a 1\n :a 2}",
            2,
            6,
            'the key `"a"` twice in one map',
            "every key once",
        ),
        ('{0 1 "0" 2}', 1, 11, 'the key `"0"` twice in one map', "every key once"),
        (
            "{:a 1 :b}",
            1,
            9,
            'a map whose last key, `"b"`, has no value',
            "a value for every key",
        ),
        ("1 #_", 1, None, "the end of the file", "a form after #_"),
        ("[1 #a/b]", 1, 8, "nothing after #a/b", "the form that it is about"),
        ("\n\n  007", 3, 3, "`007`", "a number, such as 7"),
        ("[2r101]", 1, 2, "`2r101`", "a number, such as 7"),
        ("1/0", 1, 1, "`1/0`", "a number, such as 7"),
        ("::a", 1, 1, "`::a`", "a keyword, such as :read"),
        (": a", 1, 1, "`:`", "a keyword, such as :read"),
        ('#"x"', 1, 1, "`#`", "a tag such as #inst"),
        (
            "#jepsen.independent/tuple [1]",
            1,
            None,
            "#jepsen.independent/tuple before `[1]`",
            "a key and a value, such as #jepsen.independent/tuple [0 1]",
        ),
        ("#:a{:b 1}", 1, 1, "`#:a`, a map with a namespace of its own", "every key"),
        ("'a", 1, 1, "`'a`", "EDN"),
        ("^:a {}", 1, 1, "`^:a`", "EDN"),
        (r"\foo", 1, 1, r"`\foo`", "a character, such as"),
        (r"[\ 1]", 1, 2, "`\\`", "a character, such as"),
        (r'[1 "\q"]', 1, 4, r"the escape \q in a string", "one of"),
        ("\n#inst 5", 2, None, "#inst before `5`", 'a string, such as #inst "…"'),
        ("[#uuid nil]", 1, 11, "#uuid before `null`", 'a string, such as #uuid "…"'),
        ('["a\nb"\n 08]', 3, 2, "`08`", "a number, such as 7"),
        ("9" * 5000, 1, 1, "a number of 5,000 digits", "one of a few thousand"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    text: str, line: int, column: int | None, found: str, expected: str
) -> None:
    """An error has line, column, what was found, what was expected, and advice."""
    with pytest.raises(MalformedError) as caught:
        edn.decode(text)
    error = caught.value
    assert (error.line, error.column) == (line, column)
    assert error.found == found
    assert error.expected.startswith(expected)
    assert error.advice
    assert f"line {line}" in str(error)


def test_errors_name_the_file() -> None:
    """The source of the forms stands in front of the error."""
    with pytest.raises(MalformedError, match=r"^history\.edn, line 2, column 2: found"):
        forms("[\n }", source="history.edn")


def test_bytes_that_are_no_text_are_told_with_their_place() -> None:
    """A byte that is no UTF-8 is reported with line and column."""
    with pytest.raises(MalformedError, match=r"line 2, column 3: found the byte 0xff"):
        list(edn.read_forms(BytesIO(b"[1\n 2\xff]")))


def test_a_byte_order_mark_is_passed_over() -> None:
    """A file may begin with a byte order mark."""
    assert forms("\ufeff{:a 1}") == [(1, {"a": 1})]


def test_forms_come_with_the_line_in_which_they_begin() -> None:
    """Lines are those of the first character, also after strings of several lines."""
    text = '{:a 1}\n{:b\n "x\ny"}\n1 2\n; c\n#a/b\n3 #_ 4\n"\n" 5\n'
    assert forms(text) == [
        (1, {"a": 1}),
        (2, {"b": "x\ny"}),
        (5, 1),
        (5, 2),
        (7, {"#a/b": 3}),
        (9, "\n"),
        (10, 5),
    ]


def test_nesting_has_no_limit() -> None:
    """Ten thousand brackets in each other are read like two."""
    depth = 10_000
    (value,) = edn.decode("[(" * (depth // 2) + ")]" * (depth // 2))
    levels = 0
    while value:
        (value,) = value
        levels += 1
    assert levels == depth - 1
    (value,) = edn.decode("{:a " * depth + "1" + "}" * depth)
    for _ in range(depth):
        value = value["a"]
    assert value == 1


def test_a_key_nested_too_deeply_is_refused() -> None:
    """A key has to become text, which deep nesting does not."""
    deep = "[" * 10_000 + "]" * 10_000
    with pytest.raises(MalformedError, match="nests too deeply"):
        edn.decode(f"{{{deep} 1}}")


@pytest.mark.parametrize("brackets", ["[]", "()"])
@pytest.mark.parametrize(
    "before", ["", "; a comment\n", "#jepsen.history.Dense ", "#_[9] "]
)
def test_a_file_that_is_one_vector_is_unwrapped(brackets: str, before: str) -> None:
    """With `unwrap`, the elements of the first vector come as forms."""
    text = f"{before}{brackets[0]}{{:a 1}}\n[2] #_ 3 #x/y 4{brackets[1]}\n"
    values = [value for _, value in forms(text, unwrap=True)]
    assert values == [{"a": 1}, [2], {"#x/y": 4}]


def test_a_vector_that_is_unwrapped_has_to_end() -> None:
    """The end of the file inside the vector is an error."""
    with pytest.raises(MalformedError, match=r"`\]`, which closes the `\[` of line 1"):
        forms("[{:a 1}\n{:a 2}\n", unwrap=True)


def test_only_vectors_and_lists_are_unwrapped() -> None:
    """A map is a form also with `unwrap`, and so is every later vector."""
    assert forms("{:a 1} [2]", unwrap=True) == [(1, {"a": 1}), (1, [2])]


Tree = tuple[str, Any]
"""A kind of form and what is in it: what the writer writes."""

names = st.text(string.ascii_letters + "-*?", min_size=1, max_size=5).filter(
    lambda name: name not in {"nil", "true", "false"} and name[0] != "-"
)
atoms: st.SearchStrategy[Tree] = st.one_of(
    st.just(("nil", None)),
    st.tuples(st.just("boolean"), st.booleans()),
    st.tuples(st.just("integer"), st.integers()),
    st.tuples(st.just("float"), st.floats(allow_nan=False, allow_infinity=False)),
    st.tuples(st.just("decimal"), st.decimals(-(10**9), 10**9, places=20)),
    st.tuples(st.just("keyword"), names),
    st.tuples(st.just("keyword"), st.builds("{}/{}".format, names, names)),
    st.tuples(st.just("symbol"), names),
    st.tuples(st.just("string"), st.text(max_size=12)),
    st.tuples(st.just("character"), st.characters(exclude_categories=["Cs"])),
    st.tuples(st.just("inst"), st.text(string.digits + "-:TZ", max_size=12)),
)
trees: st.SearchStrategy[Tree] = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(st.just("vector"), st.lists(inner, max_size=4)),
        st.tuples(st.just("list"), st.lists(inner, max_size=4)),
        st.tuples(
            st.just("map"),
            st.lists(st.tuples(names, inner), max_size=4).map(dict),
        ),
        st.tuples(st.just("set"), st.lists(st.integers(), max_size=5, unique=True)),
        st.tuples(st.just("tagged"), st.tuples(names, inner)),
    ),
    max_leaves=12,
)


class Writer:
    """Writes trees as EDN, each space and each escape as the dice have it."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def space(self) -> str:
        """Return something that separates forms and means nothing."""
        choices = [
            " ",
            ", ",
            "\n",
            "\t,",
            ' ; )]}"\n',
            " #_ [1 #{2}] ",
            " #_:a ",
            "\r\n",
        ]
        return self.rng.choice(choices)

    def write(self, tree: Tree) -> str:
        """Return the text of a tree."""
        kind, content = tree
        match kind:
            case "vector" | "list" | "set":
                inner = [
                    self.write(part if kind != "set" else ("integer", part))
                    for part in content
                ]
                first, last = {"vector": "[]", "list": "()", "set": "{}"}[kind]
                mark = "#" if kind == "set" else ""
                return f"{mark}{first}{self.join(inner)}{last}"
            case "map":
                pairs = [
                    [f":{key}", self.write(value)] for key, value in content.items()
                ]
                return f"{{{self.join([part for pair in pairs for part in pair])}}}"
            case "tagged":
                tag, inside = content
                return f"#user/{tag}{self.space()}{self.write(inside)}"
            case "string":
                return '"' + "".join(map(self.escape, content)) + '"'
            case "inst":
                return f'#inst "{content}"'
            case "character":
                return (
                    f"\\u{ord(content):04x}" if self.is_odd(content) else f"\\{content}"
                )
            case "decimal":
                return f"{content:f}M"
            case "float":
                return repr(content)
            case "keyword":
                return f":{content}"
            case "nil":
                return "nil"
            case "boolean":
                return str(content).lower()
            case _:
                return str(content)

    def join(self, parts: list[str]) -> str:
        """Return texts with something between them."""
        return "".join(f"{self.space()}{part}" for part in parts) + self.space()

    def is_odd(self, character: str) -> bool:
        """Whether a character cannot stand for itself."""
        return ord(character) < 0x10000 and (
            character.isspace() or self.rng.random() < 0.3
        )

    def escape(self, character: str) -> str:
        """Return a character as it stands in a string."""
        if character in '"\\' or (self.rng.random() < 0.2 and ord(character) < 0x10000):
            return f"\\u{ord(character):04x}"
        return character


def meant(tree: Tree) -> Any:
    """Return what a tree becomes, by the table in the module."""
    kind, content = tree
    match kind:
        case "vector" | "list":
            return [meant(part) for part in content]
        case "set":
            return sorted(content)
        case "map":
            return {key: meant(value) for key, value in content.items()}
        case "tagged":
            return {f"#user/{content[0]}": meant(content[1])}
        case "decimal":
            number = float(content)
            return number if Decimal(repr(number)) == content else f"{content:f}"
        case _:
            return content


@given(
    trees=st.lists(trees, max_size=4),
    seed=st.integers(0, 2**32),
    chunk=st.integers(1, 40),
)
def test_what_is_written_is_read(trees: list[Tree], seed: int, chunk: int) -> None:
    """Whatever is written comes back, however the file is cut into pieces."""
    writer = Writer(seed)
    text = writer.join([writer.write(tree) for tree in trees])
    expected = [meant(tree) for tree in trees]
    assert edn.decode(text) == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edn, "_CHUNK_BYTES", chunk)
        assert [value for _, value in forms(text)] == expected


keys = st.lists(st.sampled_from(["type", "f", "value", "time", "index"]), unique=True)
plain = st.recursive(
    st.sampled_from(["nil", "7", "123456789", ":a/b", '"a [b"', "1/3", "-1", "0"]),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: f"[{' '.join(parts)}]"),
    max_leaves=6,
)
odd = st.sampled_from(
    [
        "{:a 1} ; x",
        "[{:b 2}\n{:c 3}]",
        '"two\nlines"',
        "#_",
        "",
        "{:f {:g 1}}",
        "{:f #{1}}",
    ]
)


@st.composite
def line_files(draw: st.DrawFn) -> str:
    """Draw files of which most lines are a map with one of a few orders of keys."""
    orders = draw(st.lists(keys, min_size=1, max_size=3))
    tag = draw(st.sampled_from(["", "#jepsen.history.Op"]))
    lines = []
    for _ in range(draw(st.integers(0, 12))):
        order = draw(st.sampled_from(orders))
        pairs = [f":{key} {draw(plain)}" for key in order]
        body = draw(st.sampled_from([", ", " ", " , "])).join(pairs)
        lines.append(draw(odd) if draw(st.integers(0, 4)) == 0 else f"{tag}{{{body}}}")
    return (
        draw(st.sampled_from(["\n", "\r\n", "\n\n"])).join(lines) + f"\n{'1 ' * 12}\n"
    )


@given(text=line_files(), chunk=st.integers(1, 200))
def test_lines_are_read_as_everything_else(text: str, chunk: int) -> None:
    """The way for maps that stand on a line alone gives what the way for all gives."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edn, "_CHUNK_BYTES", chunk)
        by_line = forms(text)
        patch.setattr(histories._edn_lines, "_MOST_ATTEMPTS", 0)
        assert by_line == forms(text)


@pytest.mark.parametrize(
    ("line", "column"), [("{:a 1, :b 08}", 11), ("{:a [1}", 7), ("{:a 1, :a 2}", 12)]
)
def test_what_is_wrong_in_a_line_is_told_with_its_place(line: str, column: int) -> None:
    """An error in a line like the others has the line and the column."""
    with pytest.raises(MalformedError) as caught:
        forms("{:a 1, :b 2}\n" * 3 + line + "\n")
    assert (caught.value.line, caught.value.column) == (4, column)


def test_vectors_of_a_line_are_not_shared() -> None:
    """Two events with the same value hold two values."""
    (_, first), (_, second) = forms("{:a [1 2]}\n{:a [1 2]}\n")
    assert first == second
    assert first["a"] is not second["a"]
