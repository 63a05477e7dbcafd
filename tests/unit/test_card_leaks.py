"""What a shared card must never tell: every kind in every format, searched for what was planted."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from inspector.cards.formats import FORMATS, CardFormat, suffix_of
from inspector.cards.spec import KINDS, CardKind
from inspector.domain.benchmark import Benchmark, CheckState, Flaw, ImageRef, Panel, Run, Zone
from inspector.domain.facts import Facts
from inspector.domain.geometry import Point, Size
from inspector.domain.shapes import Ellipse, Spot
from inspector.files import sha256_hex
from inspector.workbench.card_export import Target, export_card
from inspector.workbench.card_options import WHOLE, CardOptions
from inspector.workbench.cards import card_facts, card_request
from inspector.workbench.exchanging import export_benchmark
from inspector.workbench.images import Loaded, Status, load_picture
from inspector.workbench.vocabulary import load_taxonomy

pytestmark = pytest.mark.usefixtures("qapp")

SECRETS = (
    "planted-folder", "planted-source", "planted-note", "planted-workflow", "planted-comment", "planted-rater",
    "planted-user", "planted-home", "planted-label-fact", "planted-key", "planted-hidden-setting",
)  # fmt: skip
TAXONOMY = load_taxonomy()
_ENDINGS = {"coco": ".json", "geojson": ".geojson", "csv": ".csv", "json": ".json"}
FORMATS_OF_OTHERS = ("coco", "labelme", "geojson", "w3c", "csv", "json", "masks")


@pytest.fixture
def benchmark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Benchmark:
    """Two runs whose pictures, marks and surroundings are full of things that are nobody's business."""
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, "/planted-home")
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "planted-user")
    folder = tmp_path / "planted-folder"
    folder.mkdir()
    panels = []
    for index, key in enumerate("ab"):
        path = folder / f"planted-source-{key}.png"
        info = PngInfo()
        info.add_text("workflow", '{"planted-workflow": 1, "api_key": "planted-key"}')
        info.add_text("Comment", "planted-comment")
        exif = Image.Exif()
        exif[0x9C9C] = "planted-comment".encode("utf-16-le")
        Image.new("RGB", (240, 300), (200, 150 + 20 * index, 130)).save(path, pnginfo=info, exif=exif)
        data = path.read_bytes()
        ref = ImageRef(sha256_hex(data), len(data), Size(240, 300), str(path))
        facts = (Facts("planted-label-fact", prompt="planted-comment", raw="planted-workflow"),)
        panels.append(Panel(f"p{key}", f"Model {key.upper()}", ref, version="2", facts=facts))
    shapes = {panel.id: Ellipse(Point(120, 150), 40, 20) for panel in panels}
    zone = Zone("z1", "teeth", "Teeth", "#44ccaa", shapes)
    kind = TAXONOMY.groups[0].kinds[0].id
    flaw = Flaw("f1", "pa", "z1", kind, 3, Spot(Point(110, 150)), note="planted-note", rater="planted-rater")
    run = Run(
        "r1", "Baseline", prompt="a smile", settings={"seed": "7", "Lora": "planted-hidden-setting"},
        panels=tuple(panels), zones=(zone,), flaws=(flaw,), checks={("z1", "pb"): CheckState.CLEAN},
    )  # fmt: skip
    other = replace(run, id="r2", name="Open laugh", changed="mouth open")
    return Benchmark("b1", title="A smile", runs=(run, other))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_that_a_shared_card_tells_nothing_that_was_planted(
    benchmark: Benchmark, tmp_path: Path, kind: CardKind, form: CardFormat
) -> None:
    run = benchmark.runs[0]
    loaded = {p.id: Loaded(load_picture(Path(p.image.path)), Status.SAME) for p in run.panels}
    options = CardOptions(kind=kind, format=form, size="link", crop=WHOLE)
    request = card_request(benchmark, run, options, loaded, TAXONOMY)
    report = export_card(
        request, card_facts(benchmark, run, options, TAXONOMY), Target(tmp_path / "out", form, folder=True)
    )
    assert report.paths
    for path in report.paths:
        assert path.suffix == suffix_of(form)
        said = _everything(path.read_bytes())
        assert b"Model A" in said
        found = [secret for secret in SECRETS for word in _spellings(secret) if word in said]
        assert not found, f"{path.name} tells {found}"
        assert not any("planted" in name for name in (path.name, path.stem))


@pytest.mark.parametrize("form", FORMATS_OF_OTHERS)
def test_that_other_programs_are_told_neither_people_nor_places(
    benchmark: Benchmark, tmp_path: Path, form: str
) -> None:
    card = {"creator": "planted-user", "prompt_writer": "planted-rater", "brand_picture": "/planted-home/mark.png"}
    named = replace(benchmark, card=card)
    report = export_benchmark(named, named.runs, form, tmp_path / f"out{_ENDINGS.get(form, '')}", TAXONOMY)
    told = [secret for secret in SECRETS if secret not in ("planted-source", "planted-hidden-setting")]
    for path in report.paths:
        said = _everything(path.read_bytes())
        assert not [secret for secret in told for word in _spellings(secret) if word in said]


def _everything(data: bytes) -> bytes:
    """Return the bytes of a file and those of everything packed inside it."""
    unpacked = [data]
    for start in re.finditer(rb"stream\r?\n|IDAT|zTXt|iCCP|iTXt", data):
        try:
            unpacked.append(zlib.decompressobj().decompress(data[start.end() :], 1 << 24))
        except zlib.error:
            continue
    return b"\n".join(unpacked)


def _spellings(word: str) -> tuple[bytes, ...]:
    """Return a word as it may stand in a file: plain, and in both orders of UTF-16."""
    return word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be"), word.encode().hex().encode()
