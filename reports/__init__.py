"""From a verdict and its history to text and one offline HTML page.

Reading order: `_view` (what a report looks at), `_survey` and `_faults` (what is
counted in it), `_facts` (what is said first), `_text` (the terminal), `_deeds` and
`_lanes` (operations in a drawing), `_ladder` and `_ladder_text` (consistency models),
`_columns` (what the page draws), `sections` (what the page says), `_page` (the page), and
`assets/` (its style and script). `_format`, `_ink` and `_markup` write values, terminals
and HTML.
"""

from __future__ import annotations

from ._markup import visible
from ._page import page, write_report
from ._text import render_findings, render_text


__all__ = ["page", "render_findings", "render_text", "visible", "write_report"]
