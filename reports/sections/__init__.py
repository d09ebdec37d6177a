"""The sections of the page, in the order in which they are read.

A section is a function that takes the view of a run and returns a `Section`, or None
if there is nothing to say. To add one, write the function in the module it belongs
to and put it into `SECTIONS` where a reader should meet it; navigation, escaping and
layout follow.

Reading order: `_section`, then `_judgement`, `_models` (drawn by `_lanes_drawing`),
`_figures`, `_cluster` and `_about`, as on the page.
"""

from __future__ import annotations

from ._about import run_section, statistics_section
from ._cluster import messages_section, nodes_section, problems_section
from ._figures import faults_section, performance_section, timeline_section
from ._judgement import anomalies_section, checks_section, verdict_section
from ._models import models_section
from ._section import Section, SectionFunction


SECTIONS: tuple[SectionFunction, ...] = (
    verdict_section,
    models_section,
    anomalies_section,
    checks_section,
    faults_section,
    performance_section,
    nodes_section,
    messages_section,
    timeline_section,
    problems_section,
    statistics_section,
    run_section,
)

__all__ = ["SECTIONS", "Section", "SectionFunction"]
