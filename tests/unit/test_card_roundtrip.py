"""A prompt with everything that files stumble over, through a whole card of every format and back."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from inspector.cards.catalogue import card_size
from inspector.cards.formats import FORMATS, CardFormat, suffix_of
from inspector.provenance.read import best, facts_of
from inspector.provenance.write import CardFacts
from inspector.workbench.card_export import export_card
from tests.card_requests import request

pytestmark = pytest.mark.usefixtures("qapp")

TRICKY = (
    "微笑特写 歯と唇 치아, 😀👩\u200d🔬🦷, חיוך רחב, ابتسامة عريضة, "
    "<lora:teeth:1>, a & b &amp; c, \"double\" 'single' “curly”,\n"
    "second line ]]> <b>tag</b> {json: [1]} \\n back\\slash, naïve façade"
)
NAMESPACE = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"


@pytest.mark.parametrize("length", [0, 20_000])
@pytest.mark.parametrize("form", FORMATS)
def test_that_a_tricky_prompt_comes_back_whole(tmp_path: Path, form: CardFormat, length: int) -> None:
    prompt = TRICKY + "\n" + "歯 " * (length // 2) if length else TRICKY
    prompt = prompt.strip()
    path = tmp_path / f"card{suffix_of(form)}"
    facts = CardFacts(title="Titel & “微笑”", prompt=prompt, negative="blur <b>", systems=(("Soul & Co", "2"),))
    export_card(request(size=card_size("link"), prompt=prompt[:500], marks=()), facts, path)
    data = path.read_bytes()
    if form == "pdf":
        said = _property(data, "AIPromptInformation")
        assert said == f"{prompt}\nNegative prompt: blur <b>"
        assert _property(data, "AISystemUsed") == "Soul & Co"
        return
    found = best(facts_of(data))
    assert found is not None
    assert found.prompt == prompt
    assert found.negative == "blur <b>"
    assert "Soul & Co" in found.model


def _property(data: bytes, name: str) -> str:
    (packet,) = re.findall(rb"<x:xmpmeta.*?</x:xmpmeta>", data, re.DOTALL)
    node = ElementTree.fromstring(packet).find(f".//{NAMESPACE}{name}")  # noqa: S314 - made by this test
    assert node is not None
    return node.text or ""
