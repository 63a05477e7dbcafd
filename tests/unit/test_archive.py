"""Cards carry their benchmark and come back with their pictures; strangers' cards do no harm."""

from __future__ import annotations

import getpass
import json
import math
import random
import shutil
import struct
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from inspector.domain.benchmark import Benchmark, Flaw
from inspector.domain.facts import Facts
from inspector.domain.geometry import Point
from inspector.domain.shapes import Outline, Region, Spot
from inspector.errors import BadInput, ExportFault
from inspector.files import resource
from inspector.imaging.regions import area
from inspector.storage.exchange.json_full import dump, shared
from inspector.workbench.archive import missing_pictures, payload, peek, read_payload, reopen
from inspector.workbench.carriers import ATTACHMENT, CAP, KEYWORD, from_bytes
from inspector.workbench.demo import demo_benchmark
from inspector.workbench.vocabulary import load_taxonomy
from tests.strategies import benchmarks

FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
NOTE = "planted-private-note-4711"


def demo() -> Benchmark:
    return demo_benchmark(resource("demo"), load_taxonomy())


def png(path: Path, text: bytes | None, *, key: str = KEYWORD) -> Path:
    """Write a small card, with a text as its benchmark."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Software", "Inspector")
    if text is not None:
        info.add_itxt(key, text.decode())
    Image.new("RGB", (300, 200), (9, 9, 9)).save(path, pnginfo=info)
    return path


PDF = """
import sys
from PySide6.QtGui import QGuiApplication, QPainter, QPdfWriter
application = QGuiApplication([])
writer = QPdfWriter(sys.argv[1])
writer.addFileAttachment("other.txt", b"something else", "text/plain")
writer.addFileAttachment(sys.argv[2], open(sys.argv[3], "rb").read(), "application/json")
painter = QPainter(writer)
painter.drawText(100, 100, "card")
painter.end()
"""


def test_that_a_card_brings_back_the_benchmark_with_the_pictures_beside_it(tmp_path: Path) -> None:
    made = demo()
    (tmp_path / "cards").mkdir()
    (tmp_path / "pictures").mkdir()
    for panel in made.runs[0].panels:
        shutil.copy(panel.image.path, tmp_path / "pictures" / f"renamed {panel.image.name}")
    card = png(tmp_path / "cards" / "card.png", payload(made))
    assert peek(card)
    back = reopen(card)
    run, before = back.runs[0], made.runs[0]
    assert (back.id, back.title, back.criterion) == (made.id, made.title, made.criterion)
    assert [p.image.path for p in run.panels] == [str(tmp_path / "pictures" / f"renamed model_{c}.png") for c in "ab"]
    assert [p.image.sha256 for p in run.panels] == [p.image.sha256 for p in before.panels]
    assert (run.prompt, run.negative, run.checks) == (before.prompt, before.negative, before.checks)
    assert [zone.id for zone in run.zones] == [zone.id for zone in before.zones]
    assert run.flaws == before.flaws
    assert missing_pictures(back) == ()


def test_that_pictures_that_are_not_near_stay_missing_until_a_folder_is_named(tmp_path: Path) -> None:
    made = demo()
    (tmp_path / "here").mkdir()
    far = tmp_path / "far" / "away" / "deep"
    far.mkdir(parents=True)
    shutil.copy(made.runs[0].panels[0].image.path, far / "a.png")
    card = png(tmp_path / "here" / "card.png", payload(made))
    back = reopen(card)
    assert missing_pictures(back) == ("model_a.png", "model_b.png")
    assert [panel.image.path for panel in back.runs[0].panels] == ["model_a.png", "model_b.png"]
    assert missing_pictures(reopen(card, [far])) == ("model_b.png",)


@FEW
@given(benchmarks())
def test_that_the_payload_keeps_all_but_what_is_private(benchmark: Benchmark) -> None:
    data = payload(benchmark)
    value = json.loads(data)
    assert (value["format"], value["schema"], value["profile"]) == ("inspector-benchmark", 1, "archive")
    assert len(data) <= CAP
    assert data.isascii()
    back = read_payload(data)
    assert back is not None
    assert (back.id, [run.id for run in back.runs]) == (benchmark.id, [run.id for run in benchmark.runs])
    for run, before in zip(back.runs, benchmark.runs, strict=True):
        assert [(p.id, p.image.sha256, p.image.size) for p in run.panels] == [
            (p.id, p.image.sha256, p.image.size) for p in before.panels
        ]
        assert all("/" not in p.image.path and "\\" not in p.image.path and not p.facts for p in run.panels)
        assert [(f.id, f.severity) for f in run.flaws] == [(f.id, f.severity) for f in before.flaws]
        assert run.checks == before.checks


def test_that_one_run_can_travel_alone() -> None:
    made = demo()
    two = replace(made, runs=(*made.runs, replace(made.runs[0], id="second")))
    back = read_payload(payload(two, two.runs[1]))
    assert back is not None
    assert [run.id for run in back.runs] == ["second"]


def test_that_the_payload_holds_no_folder_no_text_of_pictures_and_notes_on_demand_only() -> None:
    made = demo()
    run = made.runs[0]
    place = f"{Path.home()}/secret-folder-4711/{getpass.getuser()}-4711.png"
    facts = (Facts("PNG text", prompt="p", raw="api-key-4711"),)
    panel = replace(run.panels[0], facts=facts, image=replace(run.panels[0].image, path=place))
    flaw = Flaw("f", panel.id, "", "any.noise", 1, Spot(Point(1, 1)), note=NOTE, rater="rater-4711")
    settings_with_path = {"model": place, "seed": "7"}
    made = replace(
        made.with_run(replace(run, panels=(panel, *run.panels[1:]), flaws=(flaw,), settings=settings_with_path)),
        unknown={"x": "unknown-4711"},
        card={"picture": place},
    )
    for notes in (True, False):
        data = payload(made, notes=notes, names=notes)
        for leak in ("secret-folder", str(Path.home()), "api-key", "unknown-4711"):
            assert leak.encode() not in data, leak
        assert (NOTE.encode() in data) is notes
        assert (b"rater-4711" in data) is notes
        assert (f"{getpass.getuser()}-4711.png".encode() in data) is notes


def test_that_long_outlines_are_simplified_until_they_fit_and_refused_when_they_cannot() -> None:
    made = demo()
    run = made.runs[0]
    rng = random.Random(1)
    ring = tuple(Point(700 + r * x, 700 + r * y) for x, y in _circle(20_000) if (r := 300 + rng.random()))
    flaw = Flaw("f", run.panels[0].id, "", "any.noise", 1, Region((ring,)))
    long = made.with_run(replace(run, flaws=(flaw,)))
    data = payload(long)
    assert len(data) <= CAP
    back = read_payload(data)
    assert back is not None
    assert area(back.runs[0].flaws[0].marker) == pytest.approx(area(flaw.marker), rel=0.01)
    with pytest.raises(ExportFault, match="too large"):
        payload(made.with_run(replace(run, prompt="x" * CAP)))


def _circle(count: int) -> list[tuple[float, float]]:
    return [(math.cos(math.tau * i / count), math.sin(math.tau * i / count)) for i in range(count)]


def test_that_a_pdf_carries_it_as_an_attachment(tmp_path: Path) -> None:
    made = demo()
    (tmp_path / "payload.json").write_bytes(payload(made))
    script = [sys.executable, "-c", PDF, str(tmp_path / "card.pdf"), ATTACHMENT, str(tmp_path / "payload.json")]
    subprocess.run(script, check=True, env={"QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin"}, timeout=60)
    (tmp_path / "payload.json").unlink()
    card = tmp_path / "card.pdf"
    assert peek(card)
    assert reopen(card, [resource("demo")]).id == made.id
    back = read_payload(card.read_bytes())
    assert back is not None
    assert back.runs[0].flaws == made.runs[0].flaws


def test_that_a_card_of_another_format_finds_its_file_beside_it(tmp_path: Path) -> None:
    made = demo()
    Image.new("RGB", (30, 20)).save(tmp_path / "card.jpg")
    assert not peek(tmp_path / "card.jpg")
    with pytest.raises(BadInput, match="holds no benchmark"):
        reopen(tmp_path / "card.jpg")
    (tmp_path / "card.json").write_bytes(payload(made))
    assert reopen(tmp_path / "card.jpg").id == made.id
    assert reopen(tmp_path / "card.json").id == made.id


def test_that_only_cards_with_a_benchmark_look_like_one(tmp_path: Path) -> None:
    data = payload(demo())
    assert not peek(png(tmp_path / "plain.png", None))
    assert not peek(png(tmp_path / "other.png", data, key="inspector:other"))
    assert not peek(tmp_path / "missing.png")
    assert not peek(tmp_path)
    (tmp_path / "no.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert not peek(tmp_path / "no.png")
    assert read_payload((tmp_path / "plain.png").read_bytes()) is None
    assert read_payload(b"") is None


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def itxt(text: bytes, flag: bytes = b"\0") -> bytes:
    return chunk(b"iTXt", KEYWORD.encode() + b"\0" + flag + b"\0\0\0" + text)


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{}", b"[]", b"\xff\xff", b'{"format":"inspector-benchmark"}', b"[" * 50_000,
        b'{"format":"inspector-benchmark","schema":1,"id":"x","benchmark":{},"runs":[{"id":"r","panels":[{}]}]}',
        b'{"format":"inspector-benchmark","schema":99,"id":"x","benchmark":{},"runs":[]}',
    ],
)  # fmt: skip
def test_that_a_card_with_a_damaged_benchmark_is_refused_in_one_sentence(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "card.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + itxt(text) + chunk(b"IEND", b""))
    with pytest.raises(BadInput) as caught:
        reopen(path)
    assert "card.png" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_that_too_long_and_compressed_texts_are_not_taken(tmp_path: Path) -> None:
    start = b"\x89PNG\r\n\x1a\n"
    assert from_bytes(start + itxt(b"x" * (CAP + 1))) is None
    assert from_bytes(start + itxt(zlib.compress(b"x" * 10_000_000), b"\1")) is None
    assert from_bytes(start + b"\xff\xff\xff\xffiTXt") is None
    assert from_bytes(start + b"\x00\x00\xff\xffiTXtinspector:benchmark\0") is None
    bomb = zlib.compress(b'{"format":"inspector-benchmark"' + b" " * 50_000_000)
    pdf = b"%PDF-1.4\n1 0 obj\n<</EF <</F 2 0 R>> >>\nendobj\n2 0 obj\n<</Filter /FlateDecode>>\nstream\n" + bomb
    assert from_bytes(pdf) is None


def test_that_a_card_names_no_path_that_is_opened(tmp_path: Path) -> None:
    made = shared(demo())
    run = made.runs[0]
    secret = tmp_path / "secret.png"
    shutil.copy(resource("demo", "model_a.png"), secret)
    panels = tuple(
        replace(panel, image=replace(panel.image, sha256="0" * 64, path=path, embedded=True))
        for panel, path in zip(run.panels, (str(secret), "../secret.png"), strict=True)
    )
    (tmp_path / "here").mkdir()
    back = reopen(png(tmp_path / "here" / "card.png", dump(made.with_run(replace(run, panels=panels))).strip()))
    assert [panel.image.path for panel in back.runs[0].panels] == ["secret.png", "secret.png"]
    assert not any(panel.image.embedded for panel in back.runs[0].panels)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"%PDF-1.4\n/EF <</F 1 0 R>>\n1 0 obj stream", b"{"]),
)
def test_that_any_bytes_are_read_or_refused(data: bytes, start: bytes) -> None:
    try:
        found = read_payload(start + data)
    except BadInput:
        return
    assert found is None


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_that_a_benchmark_with_any_value_replaced_is_read_or_refused(data: st.DataObject) -> None:
    value: Any = json.loads(payload(_small()))
    place = value
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 3)) == 0:
            place[key] = data.draw(st.sampled_from([None, True, -1, 0, 1e300, "", "x", [], {}, [[]], "\ud800"]))
            break
        place = inner
    try:
        read_payload(json.dumps(value).encode())
    except BadInput as error:
        assert "\n" not in str(error)


def _small() -> Benchmark:
    made = demo()
    run = made.runs[0]
    zones = tuple(
        replace(zone, shapes={key: Outline((Point(1, 1), Point(9, 1), Point(5, 9))) for key in zone.shapes})
        for zone in run.zones[:1]
    )
    return made.with_run(replace(run, zones=zones, flaws=run.flaws[:1]))
