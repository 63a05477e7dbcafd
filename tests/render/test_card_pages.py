"""What the pages of other kinds look like, and what a PDF of them holds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from inspector.cards.catalogue import card_theme
from inspector.cards.formats import CardMetadata
from inspector.cards.pages import lay_out_pages
from inspector.cards.paint import painted, pixels_of
from inspector.cards.pdf import pdf_of
from inspector.cards.placed import CardLayout
from inspector.cards.spec import CardBrand, CardMark, CardRequest, CardSize
from inspector.cards.text import TypeMeasure
from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import Ellipse
from inspector.imaging.compose import crop_scaled
from tests.card_requests import SMALL, panel, request

KEPT = Path(__file__).parents[1] / "data"
WIDE = CardSize("wide", "Wide", 800, 450)

pytestmark = pytest.mark.usefixtures("qapp")


def _painted(asked: CardRequest) -> list[tuple[CardLayout, NDArray[np.uint8]]]:
    found = []
    for layout in lay_out_pages(asked, TypeMeasure()):
        pixels = pixels_of(painted(layout, asked))
        found.append((layout, np.frombuffer(pixels.rgb, np.uint8).reshape(pixels.height, pixels.width, 3)))
    return found


def _cut(rgb: NDArray[np.uint8], rect: Rect) -> NDArray[np.uint8]:
    return rgb[int(rect.y) : int(rect.bottom), int(rect.x) : int(rect.right)]


@pytest.mark.parametrize("kind", ["closeups", "flaws"])
def test_that_crops_are_exactly_what_composing_gives(kind: str) -> None:
    marks = request().marks if kind == "flaws" else ()
    asked = request(kind=kind, marks=marks)
    for layout, rgb in _painted(asked):
        for box in (box for box in layout.pictures if box.role == "crop"):
            exact = crop_scaled(asked.panel(box.panel).picture, box.to_box, (int(box.rect.width), int(box.rect.height)))
            assert np.array_equal(_cut(rgb, box.rect), exact[..., 2::-1])


def test_that_a_brand_picture_is_as_strong_as_asked() -> None:
    red = np.zeros((20, 40, 4), np.uint8)
    red[...] = (0, 0, 255, 255)
    for opacity, least, most in ((1.0, 250, 255), (0.5, 110, 150)):
        asked = request(brand=CardBrand("", red, "top-right", opacity))
        ((layout, rgb),) = _painted(asked)
        (item,) = layout.named("brand")
        middle = rgb[int(item.rect.center.y), int(item.rect.center.x)]
        assert least <= middle[0] <= most
        assert middle[1] < 30


def test_that_a_pdf_has_a_page_per_page_text_as_text_and_no_lossy_picture(tmp_path: Path) -> None:
    asked = request(kind="carousel", prompt="Macro of a smile, separate teeth")
    layouts = lay_out_pages(asked, TypeMeasure())
    xmp = b'<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"/><?xpacket end="w"?>'
    data = pdf_of(layouts, asked, CardMetadata(xmp, title="Title 微笑", creator="Inspector"), b'{"a": 1}')
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == len(layouts) > 2
    assert xmp in data
    assert b"/ToUnicode" in data
    assert b"/DCTDecode" not in data
    assert b"/EmbeddedFile" in data
    assert b"inspector-benchmark.json".decode().encode("utf-16-be") in data or b"inspector-benchmark.json" in data
    spoken = _spoken(data)
    assert set("Macroofasmile") <= spoken
    reader = shutil.which("pdftotext")
    if reader:
        (tmp_path / "card.pdf").write_bytes(data)
        said = subprocess.run([reader, tmp_path / "card.pdf", "-"], capture_output=True, text=True, check=True).stdout
        assert "separate teeth" in " ".join(said.split())


def _spoken(data: bytes) -> set[str]:
    """Return the characters to which the fonts of a PDF say that their glyphs stand for (ISO 32000-1, 9.10.3)."""
    found: set[str] = set()
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            text = zlib.decompress(stream)
        except zlib.error:
            text = stream
        for block in re.findall(rb"beginbf(?:range|char)(.*?)endbf", text, re.DOTALL):
            found |= {chr(int(code, 16)) for code in re.findall(rb"<([0-9a-fA-F]{4})>", block)}
    return found


@pytest.mark.parametrize(
    ("name", "kind", "theme", "size"),
    [
        ("closeups", "closeups", "studio", SMALL),
        ("flaws", "flaws", "studio", SMALL),
        ("prompt", "prompt", "clinical", SMALL),
        ("cover_minimal", "carousel", "minimal", SMALL),
        ("closeups_wide", "closeups", "clinical", WIDE),
        ("overview_wide", "overview", "clinical", WIDE),
    ],
)
def test_that_pages_still_look_as_kept(name: str, kind: str, theme: str, size: CardSize) -> None:
    """Compares loosely: glyph edges differ between platforms. INSPECTOR_KEEP=1 writes the pictures anew."""
    calm = (panel("a", "Aurora 3", (480, 600), noise=0), panel("b", "Helio XL", (480, 600), noise=0))
    marks = (
        CardMark(1, "a", "Fused row", 3, "major", Ellipse(Point(240, 360), 40, 16), "no gaps", "Mouth"),
        CardMark(2, "b", "Halo", 2, "minor", Ellipse(Point(300, 380), 30, 20), "", "Mouth"),
    )
    told = (("Clean", ("Skin on B",)),)
    asked = request(size=size, theme=card_theme(theme), panels=calm, marks=marks, kind=kind, checks=told)
    rgb = _painted(asked)[0][1]
    path = KEPT / f"card_{name}.png"
    if os.environ.get("INSPECTOR_KEEP"):
        Image.fromarray(rgb).save(path, optimize=True)
    with Image.open(path) as image:
        kept = np.asarray(image.convert("RGB"))
    assert rgb.shape == kept.shape
    apart = np.abs(rgb.astype(int) - kept.astype(int)).max(axis=2)
    assert (apart <= 24).mean() >= 0.985
    assert apart.mean() < 2
