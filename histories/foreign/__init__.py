"""Histories that others have recorded, in whatever format they come.

Reading order: `_loaded` (what a loaded history says of itself), `_formats` (which there
are), `_loading` (from a path or a stream to a history), `_source` and `_detection`
(which bytes, which format), `_unread` (formats that are refused), `_readers` and a module a format: `_edn` (Jepsen, Knossos,
Porcupine's key-value logs), `_json` (elle-cli), `_log` (the log lines of Jepsen),
`_transactions` (AWDIT). `_records` turns the operation maps that most of them have into
events, `_loose` does so where nothing tells the processes apart, `_processes` renumbers
those that go on after their end, and `_meaning` guesses what is to be checked, from what
`_survey` and `_first_values` have seen. `_writing` goes the other way.
"""

from __future__ import annotations

from ._formats import FORMATS, Format
from ._loaded import FailedCas, Loaded, NilRead
from ._loading import load_history, looks_like_history
from ._writing import WRITABLE, write_format


__all__ = [
    "FORMATS",
    "WRITABLE",
    "FailedCas",
    "Format",
    "Loaded",
    "NilRead",
    "load_history",
    "looks_like_history",
    "write_format",
]
