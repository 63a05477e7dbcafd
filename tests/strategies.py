"""Hypothesis strategies for shapes, runs and whole benchmarks, shared by the property tests."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st

from inspector.domain.alignment import MOST_ANCHORS, Anchor, Match
from inspector.domain.benchmark import Benchmark, CheckState, Flaw, ImageRef, Panel, Run, VisibleAt, Zone
from inspector.domain.facts import Facts
from inspector.domain.geometry import Point, Similarity, Size
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Region, Shape, Spot

ODD_TEXTS = (
    "",
    "teeth",
    '<img src="file:///etc/hostname"><b>bold</b>',
    "\u202eevil\u202c right to left",
    "NUL \0 inside",
    "emoji 👩‍🦰🪥 and 日本語 and עברית",
    "<lora:x:1>, (extreme close-up:1.3)",
    "line\nbreak\ttab \\ \" ' ; DROP TABLE entity; --",
)


def texts(max_size: int = 20) -> st.SearchStrategy[str]:
    """Text as people and hostile files have it; no lone surrogates."""
    return st.one_of(st.sampled_from(ODD_TEXTS), st.text(max_size=max_size))


def coordinates() -> st.SearchStrategy[float]:
    """Coordinates in pixels, also outside of any picture."""
    return st.floats(-10_000, 10_000, allow_nan=False, width=64)


def lengths() -> st.SearchStrategy[float]:
    """Lengths above zero, in pixels."""
    return st.floats(0.01, 10_000, allow_nan=False)


def points() -> st.SearchStrategy[Point]:
    """Points in panel pixels."""
    return st.builds(Point, coordinates(), coordinates())


def rings(min_size: int = 3) -> st.SearchStrategy[tuple[Point, ...]]:
    """Some points in a row."""
    return st.lists(points(), min_size=min_size, max_size=6).map(tuple)


@st.composite
def bands(draw: st.DrawFn) -> Band:
    """Bands, some with a width of their own at each point."""
    line = draw(rings(2))
    widths = draw(st.one_of(st.just(()), st.lists(lengths(), min_size=len(line), max_size=len(line)).map(tuple)))
    return Band(line, draw(lengths()), widths, draw(st.booleans()), draw(st.booleans()))


def ellipses() -> st.SearchStrategy[Ellipse]:
    """Ellipses, turned."""
    return st.builds(Ellipse, points(), lengths(), lengths(), st.floats(-math.tau, math.tau))


def arrows() -> st.SearchStrategy[Arrow]:
    """Arrows with a length."""
    return st.builds(Arrow, points(), points()).filter(lambda arrow: arrow.tail.distance(arrow.head) > 0)


def shapes() -> st.SearchStrategy[Shape]:
    """Usable shapes of every type."""
    return st.one_of(
        st.builds(Outline, rings(), st.booleans()),
        st.builds(Region, st.lists(rings(), min_size=1, max_size=3).map(tuple)),
        bands(),
        ellipses(),
        st.builds(Spot, points()),
        arrows(),
    )


def similarities() -> st.SearchStrategy[Similarity]:
    """Placements of a panel in the scene."""
    return st.builds(Similarity, st.floats(0.01, 100), st.floats(-math.tau, math.tau), coordinates(), coordinates())


def plain_values() -> st.SearchStrategy[Any]:
    """What JSON can hold."""
    leaves = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(-1e9, 1e9), texts())
    return st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts(), inner, max_size=3)),
        max_leaves=5,
    )


def image_refs() -> st.SearchStrategy[ImageRef]:
    """References to pictures that exist nowhere."""
    return st.builds(
        ImageRef,
        st.binary(min_size=32, max_size=32).map(bytes.hex),
        st.integers(0, 10**9),
        st.builds(Size, st.integers(1, 65_500), st.integers(1, 65_500)),
        st.sampled_from(["/nowhere/a.png", "C:\\pictures\\b.webp", "sub folder/ü.jpg"]),
        st.booleans(),
    )


def facts() -> st.SearchStrategy[Facts]:
    """Facts as readers give them."""
    settings = st.dictionaries(texts(), texts(), max_size=2)
    return st.builds(Facts, texts(), texts(200), texts(), texts(), texts(), texts(), settings, texts(200))


def panels(panel_id: str) -> st.SearchStrategy[Panel]:
    """Panels with that id."""
    return st.builds(
        Panel, st.just(panel_id), texts(), image_refs(), texts(), st.lists(facts(), max_size=2).map(tuple),
        similarities(), anchors(),
    )  # fmt: skip


def anchors() -> st.SearchStrategy[tuple[Anchor, ...]]:
    """Anchors under different numbers."""
    places = st.builds(Point, st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
    numbered = st.dictionaries(st.integers(1, MOST_ANCHORS), places, max_size=MOST_ANCHORS)
    return numbered.map(lambda found: tuple(Anchor(number, at) for number, at in found.items()))


def zones(zone_id: str, panel_ids: list[str]) -> st.SearchStrategy[Zone]:
    """Zones with that id and shapes on some of the panels."""
    drawn = st.dictionaries(st.sampled_from(panel_ids), shapes(), max_size=3) if panel_ids else st.just({})
    return st.builds(Zone, st.just(zone_id), texts(), texts(), st.just("#d1495b"), drawn)


def flaws(flaw_id: str, panel_ids: list[str], zone_ids: list[str]) -> st.SearchStrategy[Flaw]:
    """Flaws with that id on one of the panels, in one of the zones or in none."""
    return st.builds(
        Flaw,
        st.just(flaw_id),
        st.sampled_from(panel_ids),
        st.sampled_from([*zone_ids, ""]),
        st.sampled_from(["teeth.fused", "lips.edge", "x.own"]),
        st.integers(1, 4),
        shapes(),
        texts(),
        st.sampled_from([visible.value for visible in VisibleAt]),
        st.sampled_from(["sure", "unsure"]),
        st.sampled_from(["model", "upscaler"]),
        texts(),
        st.booleans(),
        texts(),
        st.just("2025-01-31T12:00:00+00:00"),
    )


def _ids(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{index}" for index in range(count)]


@st.composite
def runs(draw: st.DrawFn, run_id: str = "run0") -> Run:
    """Runs with up to three panels and zones and up to four flaws, their parts in any order."""
    panel_ids = draw(st.permutations(_ids(f"{run_id}p", draw(st.integers(0, 3)))))
    zone_ids = draw(st.permutations(_ids(f"{run_id}z", draw(st.integers(0, 3)))))
    flaw_ids = draw(st.permutations(_ids(f"{run_id}f", draw(st.integers(0, 4))))) if panel_ids else []
    keys = [(zone_id, panel_id) for zone_id in zone_ids for panel_id in panel_ids]
    ticked = st.sampled_from([CheckState.CLEAN, CheckState.NOT_VISIBLE, CheckState.FLAWED])
    return Run(
        run_id,
        draw(texts()),
        draw(texts(200)),
        draw(texts()),
        draw(st.dictionaries(texts(), texts(), max_size=2)),
        draw(texts()),
        draw(st.sampled_from(Match)),
        tuple(draw(panels(panel_id)) for panel_id in panel_ids),
        tuple(draw(zones(zone_id, panel_ids)) for zone_id in zone_ids),
        tuple(draw(flaws(flaw_id, panel_ids, zone_ids)) for flaw_id in flaw_ids),
        {key: draw(ticked) for key in keys if draw(st.booleans())},
        draw(st.dictionaries(st.sampled_from([*zone_ids, "overall"]), plain_values(), max_size=2)),
    )


@st.composite
def benchmarks(draw: st.DrawFn) -> Benchmark:
    """Whole benchmarks with up to two runs."""
    run_ids = draw(st.permutations(_ids("run", draw(st.integers(0, 2)))))
    return Benchmark(
        "benchmark0",
        draw(texts()),
        draw(texts()),
        draw(texts()),
        draw(st.sampled_from(["", "mouth", "face"])),
        tuple(draw(st.lists(texts(), max_size=2))),
        tuple(draw(runs(run_id)) for run_id in run_ids),
        draw(st.dictionaries(st.sampled_from(["size", "theme"]), plain_values(), max_size=2)),
        draw(st.dictionaries(st.sampled_from(["from the future", "x-note"]), plain_values(), max_size=2)),
    )
