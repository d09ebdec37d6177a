"""Adds the optional Rust kernel to the build described in `pyproject.toml`.

The kernel is built when its crate and cargo are both there; an install without
either goes on with the Python implementation of the same searches.
"""

from __future__ import annotations

from pathlib import Path

from setuptools import setup
from setuptools_rust import Binding, RustExtension


CRATE = Path("checkers/kernel/Cargo.toml")

setup(
    # The sources belong into an sdist, see MANIFEST.in, and not into a wheel.
    exclude_package_data={"": ["Cargo.*", "*.rs"]},
    rust_extensions=[
        RustExtension(
            "checkers.kernel._kernel",
            path=str(CRATE),
            binding=Binding.NoBinding,
            debug=False,  # in an editable install too
            optional=True,
        )
    ]
    if CRATE.exists()
    else [],
)
