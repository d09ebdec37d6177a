"""All tests here are for both kernels: what the one answers, the other does."""

from __future__ import annotations

import pytest

from checkers import kernel


@pytest.fixture(autouse=True, params=["python", "native"])
def chosen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Choose a kernel; skip the native one if it is not built."""
    if request.param == "native" and not kernel.available():
        pytest.skip("the native kernel is not built")
    monkeypatch.setenv(kernel.VARIABLE, request.param)
    return str(request.param)
