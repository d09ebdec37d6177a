"""The page in Chromium: it runs, asks for nothing, and draws every operation."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from checkers import check_models
from histories import Recording
from reports import write_report


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from checkers import Result
    from histories import Run


pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Return a browser, or skip and say what is missing."""
    api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed"
    )
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Chromium is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"]
        )
        yield browser
        browser.close()


class Tab:
    """A page in the browser with everything that it complained about or asked for."""

    def __init__(self, browser: Any, path: Path, **options: Any) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        context = browser.new_context(
            viewport={"width": options.pop("width", 1280), "height": 900}, **options
        )
        self.page = context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.resolve().as_uri())

    def data(self, chart: str, key: str) -> float:
        """Return a number that a chart's canvas tells about its last painting."""
        text = self.page.evaluate(
            f"document.querySelector('#{chart} canvas').dataset.{key}"
        )
        return float(text)

    def drawn(self) -> None:
        """Wait until the timeline is painted.

        By a selector: the page's policy forbids the evaluation that polling for a
        condition needs.
        """
        self.page.locator("#operations canvas[data-visible]").wait_for()

    def settle(self) -> None:
        """Wait until what was asked for is painted."""
        self.page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_page_runs_without_complaint_or_request(
    chromium: Any, bad_run: tuple[Run, Result], scheme: str, width: int
) -> None:
    """In either colour scheme, narrow or wide, nothing is logged, asked for or cut."""
    tab = Tab(chromium, write_report(*bad_run), width=width, color_scheme=scheme)
    tab.drawn()
    tab.settle()
    assert tab.complaints == []
    assert [url for url in tab.requests if not url.startswith(("file:", "data:"))] == []
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_page_without_data_runs(
    chromium: Any, aborted_run: tuple[Run, Result]
) -> None:
    """A run without operations has a page that works."""
    tab = Tab(chromium, write_report(*aborted_run))
    tab.settle()
    assert tab.complaints == []
    assert "UNKNOWN" in tab.page.inner_text("#verdict")


def test_hostile_output_does_not_run(
    chromium: Any, bad_run: tuple[Run, Result]
) -> None:
    """What a node has written opens no dialog and becomes no element."""
    tab = Tab(chromium, write_report(*bad_run))
    dialogs: list[str] = []
    tab.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    tab.settle()
    assert dialogs == []
    assert tab.page.locator("img").count() == 0


def test_timeline_draws_every_operation(
    chromium: Any, small_run: tuple[Run, Result]
) -> None:
    """Six operations of two clients are six bars."""
    tab = Tab(chromium, write_report(*small_run))
    tab.drawn()
    assert tab.data("operations", "visible") == 6
    assert tab.data("operations", "drawn") == 6


def test_dragging_zooms_and_a_double_click_returns(
    chromium: Any, good_run: tuple[Run, Result]
) -> None:
    """Timeline and charts show the dragged span, and the whole run again."""
    tab = Tab(chromium, write_report(*good_run))
    tab.drawn()
    whole = tab.data("operations", "visible")
    canvas = tab.page.locator("#operations canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    x, y = box["x"], box["y"] + 150
    tab.page.mouse.move(x + 300, y)
    tab.page.mouse.down()
    tab.page.mouse.move(x + 400, y, steps=4)
    tab.page.mouse.up()
    tab.settle()
    assert 0 < tab.data("operations", "visible") < whole / 3
    assert 0 < tab.data("latency", "drawn") < whole / 3
    canvas.dblclick(position={"x": 300, "y": 150})
    tab.settle()
    assert tab.data("operations", "visible") == whole


def test_the_wheel_zooms_only_with_the_focus(
    chromium: Any, good_run: tuple[Run, Result]
) -> None:
    """Without focus the wheel scrolls the page; after a click it zooms."""
    tab = Tab(chromium, write_report(*good_run))
    tab.drawn()
    canvas = tab.page.locator("#operations canvas")
    whole = tab.data("operations", "visible")
    canvas.hover(position={"x": 500, "y": 150})
    tab.page.mouse.wheel(0, -300)
    tab.settle()
    assert tab.data("operations", "visible") == whole
    canvas.click(position={"x": 500, "y": 150})
    tab.page.mouse.wheel(0, -300)
    for _ in range(100):
        tab.settle()
        if tab.data("operations", "visible") < whole:
            break
    assert tab.data("operations", "visible") < whole


def test_an_anomaly_leads_to_its_operations(
    chromium: Any, bad_run: tuple[Run, Result]
) -> None:
    """A click on an operation zooms the timeline to it and says what it was."""
    run, result = bad_run
    tab = Tab(chromium, write_report(run, result))
    tab.drawn()
    whole = tab.data("operations", "visible")
    index = result.parts["workload"].anomalies[0].operations[0]
    tab.page.locator(f"a.act[href='#operations={index}']").first.click()
    tab.page.locator("#selected > div").first.wait_for()
    tab.settle()
    assert f"operation {index}," in tab.page.inner_text("#selected")
    assert tab.data("operations", "visible") < whole / 10
    top = tab.page.evaluate(
        "document.querySelector('#timeline').getBoundingClientRect().top"
    )
    assert 0 <= top < 200


def test_pointing_at_a_bar_says_what_it_is(
    chromium: Any, small_run: tuple[Run, Result]
) -> None:
    """The operation under the pointer is told with its value and its status."""
    tab = Tab(chromium, write_report(*small_run))
    tab.drawn()
    tab.page.evaluate("location.hash = '#operations=0'")
    tab.page.locator("#selected > div").first.wait_for()
    tab.settle()
    canvas = tab.page.locator("#operations canvas")
    box = canvas.bounding_box()
    canvas.hover(position={"x": box["width"] / 2, "y": 80})
    assert "add 3" in tab.page.inner_text("#operations .tip")


@pytest.mark.parametrize(
    "value", ["x" * 3000, "שלום \u202e" * 99, ["y" * 500] * 50, "</script><img>" * 99]
)
def test_long_values_cut_nothing_on_a_narrow_screen(
    chromium: Any, small_run: tuple[Run, Result], value: Any
) -> None:
    """They break anywhere, in sentences, states, reasons and names of nodes."""
    run, _ = small_run
    recording = Recording()
    for f, given, gave in [("write", value, value), ("read", None, None)]:
        with recording.operation(f, given, node=str(value)[:99]) as op:
            op.ok(gave)
    recording.save(run.history_path)
    result = check_models(recording.history(), "register", nil_read="value")
    tab = Tab(chromium, write_report(run, result), width=390)
    tab.drawn()
    assert tab.page.locator("#models .act.stuck").count() > 0
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.page.locator("img").count() == 0
    assert tab.complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_pointing_at_an_operation_marks_why_it_cannot_come_next(
    chromium: Any, small_run: tuple[Run, Result], models: Result, width: int
) -> None:
    """Bar and reason are marked together, by pointer and by keyboard; nothing is cut."""
    run, result = small_run
    parts = {**result.parts, "models": models}
    path = write_report(run, msgspec.structs.replace(result, parts=parts))
    tab = Tab(chromium, path, width=width)
    figure = tab.page.locator("#models figure.witness").first
    assert figure.locator(".pointed").count() == 0
    figure.locator(".act.stuck").hover()
    assert figure.locator("li.pointed").inner_text().startswith("✗")
    figure.locator(".act.placed").first.focus()
    tab.page.mouse.move(0, 0)
    figure.locator(".act.placed").last.focus()
    assert figure.locator("li.pointed").inner_text() == "enqueue 2"
    table = "document.querySelector('.ladder .scroll')"
    assert tab.page.evaluate(f"{table}.scrollWidth <= {table}.clientWidth")
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.complaints == []


def test_100_000_operations_are_drawn_at_any_zoom(
    chromium: Any,
    large_run: tuple[Run, Result],
    record_property: Callable[[str, object], None],
) -> None:
    """The page of a long run loads, shows all, and paints far fewer bars than that."""
    path = write_report(*large_run)
    tab = Tab(chromium, path)
    tab.drawn()
    assert tab.data("operations", "visible") > 100_000
    assert tab.data("operations", "drawn") < 20_000
    spent = [tab.data("operations", "milliseconds")]
    for _ in range(12):
        tab.page.locator("button[data-zoom=in]").click()
        tab.settle()
        spent.append(tab.data("operations", "milliseconds"))
    assert tab.data("operations", "visible") < 1_000
    assert tab.complaints == []
    record_property("redraw_ms", spent)
    record_property("page_bytes", path.stat().st_size)
