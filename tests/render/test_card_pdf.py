"""A PDF made by a process of its own, and the text that readers take out of a PDF."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from inspector.cards.formats import CardMetadata
from inspector.cards.pages import lay_out_pages
from inspector.cards.paint import painted
from inspector.cards.pdf import pdf_of
from inspector.cards.pdf_process import pdf_apart
from inspector.cards.spec import CardBrand
from inspector.cards.text import TypeMeasure, missing_glyphs
from inspector.errors import ExportFault
from inspector.gui.convert import to_pixels
from inspector.progress import Cancelled, Progress
from tests.card_requests import request

pytestmark = pytest.mark.usefixtures("qapp")

_SPOKEN = {
    "latin": "Left, soft: a macro of a smile, “fire & ice” <lora:teeth:1>",
    "cjk": "微笑特写 唇の端 치아 사진",
    "hebrew": "חיוך רחב ויפה",
    "arabic": "ابتسامة عريضة",
    "emoji": "a smile 😀 and a tooth 🦷",
}


def _undated(data: bytes) -> bytes:
    """Return a PDF without the times and the number of its making, and without the packed bytes that hold them."""
    return re.sub(rb"/(?:CreationDate|ModDate|ID)[^>\]]*|\d{10} \d{5} n", b"", data)


def test_that_another_process_makes_the_same_pdf() -> None:
    asked = request(kind="carousel", prompt="Macro of a smile")
    layouts = lay_out_pages(asked, TypeMeasure())
    metadata = CardMetadata(b'<?xpacket begin=""?><x/><?xpacket end="w"?>', title="微笑", creator="Inspector")
    here, apart = pdf_of(layouts, asked, metadata, b"{}"), pdf_apart(layouts, asked, metadata, b"{}")
    assert len(_undated(here)) == pytest.approx(len(_undated(apart)), abs=64)
    assert metadata.xmp in apart
    assert here.count(b"/Type /Page\n") == apart.count(b"/Type /Page\n")


def test_that_other_threads_wait_for_nothing_and_a_cancelled_process_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = request()
    layouts = lay_out_pages(asked, TypeMeasure())
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def kept(*args: object, **options: object) -> subprocess.Popen[bytes]:
        started.append(real(*args, **options))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr("inspector.cards.pdf_process.subprocess.Popen", kept)
    progress = Progress()
    # As the window does when it is closed while the work is under way.
    threading.Timer(0.1, progress.cancel).start()
    with pytest.raises(Cancelled):
        pdf_apart(layouts, asked, CardMetadata(), progress=progress)
    assert started[0].poll() is not None


def test_that_a_process_that_fails_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = request()
    layouts = lay_out_pages(asked, TypeMeasure())
    monkeypatch.setattr("sys.executable", shutil.which("false") or "false")
    with pytest.raises(ExportFault, match="PDF was not made"):
        pdf_apart(layouts, asked, CardMetadata())
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(ExportFault, match="PDF was not made"):
        pdf_apart(layouts, asked, CardMetadata())


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize("kind", ["overview", "prompt"])
@pytest.mark.parametrize("script", _SPOKEN)
def test_that_text_can_be_selected_in_a_pdf(tmp_path: Path, script: str, kind: str) -> None:
    text = _SPOKEN[script]
    asked = request(kind=kind, prompt=text, title="Title")
    if missing_glyphs(text):
        pytest.skip(f"no installed font has {script}")
    path = tmp_path / "card.pdf"
    path.write_bytes(pdf_of(lay_out_pages(asked, TypeMeasure()), asked, CardMetadata()))
    said = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    # A colour emoji is a picture in a PDF; the words around it are text.
    words = [word for word in text.split() if script != "emoji" or word.isascii()]
    assert _plain("".join(words)) in _plain(said)


@pytest.mark.parametrize("kind", ["overview", "flaws", "prompt"])
def test_that_markup_in_every_field_of_a_card_is_text_and_opens_no_file(tmp_path: Path, kind: str) -> None:
    bait = QImage(200, 200, QImage.Format.Format_RGB32)
    bait.fill(QColor("#ff00ff"))
    bait.save(str(tmp_path / "bait.png"))
    evil = f"<img src='file://{tmp_path}/bait.png' width=200><b>bold</b> & <lora:x:1>"
    usual = request()
    panels = tuple(replace(one, label="<b>Aurora</b>") for one in usual.panels)
    marks = tuple(replace(one, kind="<i>x</i>", note=evil) for one in usual.marks)
    asked = request(
        kind=kind,
        title="<h1>&amp;",
        axis=evil,
        criterion=evil,
        prompt=evil,
        panels=panels,
        marks=marks,
        brand=CardBrand("<u>me"),
    )
    layouts = lay_out_pages(asked, TypeMeasure())
    for layout in layouts:
        pixels = to_pixels(painted(layout, asked)).astype(int)
        assert not ((pixels[..., 2] > 240) & (pixels[..., 1] < 16) & (pixels[..., 0] > 240)).any()
    if shutil.which("pdftotext") is not None:
        path = tmp_path / "card.pdf"
        path.write_bytes(pdf_of(layouts, asked, CardMetadata()))
        said = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
        assert "<h1>&amp;" in said
        assert "<b>Aurora</b>" in said
        assert "<imgsrc=" in _plain(said)


def _plain(text: str) -> str:
    """Return a text without spaces, marks of direction, and the forms that letters take within words."""
    return re.sub(r"[\s\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", unicodedata.normalize("NFKC", text))
