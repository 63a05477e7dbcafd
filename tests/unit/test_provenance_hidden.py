"""Text hidden in the lowest bits of pixels: read on request only, and never a reason to fail."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from inspector.domain.facts import Facts
from inspector.provenance import stealth as stealth_reader
from inspector.provenance.parts import TEXT_LIMIT
from inspector.provenance.read import hidden_facts, read_facts
from tests.provenance_files import A1111_TEXT, NEGATIVE, PROMPT, chunk, png, stealth, text_chunk

NOVEL = json.dumps(
    {
        "Title": "AI generated image",
        "Description": "a smile, 笑顔",
        "Software": "NovelAI",
        "Source": "NovelAI Diffusion V4.5 1229B44F",
        "Comment": json.dumps({"uc": "blur", "seed": 7, "steps": 28, "sampler": "k_euler"}),
    }
)
SWARM = json.dumps({"sui_image_params": {"prompt": "a smile, 笑顔", "negativeprompt": "blur", "model": "m", "seed": 7}})
COMFY = json.dumps(
    {
        "prompt": json.dumps(
            {
                "1": {"class_type": "GeminiImageNode", "inputs": {"prompt": "a smile, 笑顔", "model": "m", "seed": 7}},
                "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0]}},
            }
        ),
        "workflow": {"nodes": []},
    }
)
SIGNATURES = (b"stealth_pnginfo", b"stealth_pngcomp", b"stealth_rgbinfo", b"stealth_rgbcomp")


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize("text", [NOVEL, SWARM, COMFY], ids=["NovelAI", "SwarmUI", "ComfyUI"])
def test_that_a_hidden_text_is_read(signature: bytes, text: str, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(stealth(text, signature=signature, size=(61, 97)))
    (facts,) = read_facts(path, hidden=True)
    assert (facts.prompt, facts.seed) == ("a smile, 笑顔", "7")
    place = "colour channels" if b"rgb" in signature else "alpha channel"
    assert facts.source.endswith(f"hidden in the {place}")


def test_that_nothing_hidden_is_read_without_being_asked(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(stealth(NOVEL))
    assert read_facts(path) == ()


def test_that_a_hidden_a1111_text_is_read_from_a_picture_without_alpha() -> None:
    (facts,) = hidden_facts(stealth(A1111_TEXT, signature=b"stealth_rgbinfo", mode="RGB", size=(30, 300)))
    assert (facts.prompt, facts.negative) == (PROMPT, NEGATIVE)
    assert facts.raw == A1111_TEXT


def test_that_a_hidden_text_of_unknown_form_stands_for_itself() -> None:
    (facts,) = hidden_facts(stealth('{"note": [1]}'))
    assert (facts.prompt, facts.raw) == ("", '{"note": [1]}')


def test_that_what_the_file_says_openly_is_not_repeated(tmp_path: Path) -> None:
    data = stealth(A1111_TEXT)
    path = tmp_path / "picture.png"
    path.write_bytes(data[:33] + text_chunk("parameters", A1111_TEXT) + data[33:])
    (facts,) = read_facts(path, hidden=True)
    assert facts.source == "PNG text “parameters” (A1111)"


def test_that_other_chunks_cannot_stop_the_search() -> None:
    data = stealth(NOVEL)
    hostile = chunk(b"acTL", b"\0" * 8) + chunk(b"iCCP", b"x") + chunk(b"zTXt", b"x\0\0" + b"\xff" * 50)
    assert hidden_facts(data[:33] + hostile + data[33:]) == hidden_facts(data)


def wrong_length(length: int) -> bytes:
    """Return a picture whose text says that it has `length` bits."""
    picture = Image.open(io.BytesIO(stealth(b"", signature=b"stealth_pnginfo"))).convert("RGBA")
    for place, bit in enumerate(f"{length:032b}", 15 * 8):
        x, y = divmod(place, picture.height)
        picture.putpixel((x, y), (128, 90, 60, 254 | int(bit)))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def huge_header() -> bytes:
    data = bytearray(stealth(NOVEL))
    data[16:24] = struct.pack(">II", 100_000, 100_000)
    return bytes(data)


def picture_of(mode: str, kind: str = "PNG", size: tuple[int, int] = (40, 60)) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size).save(stream, kind)
    return stream.getvalue()


NOTHING = {
    "no PNG": picture_of("RGB", "JPEG"),
    "grey": picture_of("L"),
    "palette": picture_of("P"),
    "16 bits": picture_of("I;16"),
    "empty alpha": picture_of("RGBA"),
    "one pixel": picture_of("RGBA", size=(1, 1)),
    "no pixels": png()[:33],
    "another signature": stealth(NOVEL, signature=b"stealth_pngnone"),
    "alpha signature in the colours": stealth(NOVEL, signature=b"stealth_rgbinfo".replace(b"rgb", b"rgB")),
    "length of nothing": wrong_length(0),
    "length beyond the picture": wrong_length(2**32 - 1),
    "header of ten thousand million pixels": huge_header(),
    "cut short": stealth(NOVEL)[:-40],
}


@pytest.mark.parametrize("case", NOTHING)
def test_that_nothing_is_found_in(case: str) -> None:
    assert hidden_facts(NOTHING[case]) == ()


def test_that_a_hidden_gzip_bomb_is_left_alone() -> None:
    data = stealth(b"x" * (TEXT_LIMIT + 1), size=(300, 300))
    tracemalloc.start()
    try:
        assert hidden_facts(data) == ()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * TEXT_LIMIT


def test_that_a_picture_beyond_the_limit_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = stealth(NOVEL)
    assert hidden_facts(data)
    monkeypatch.setattr(stealth_reader, "PIXEL_LIMIT", 40 * 60 - 1)
    assert hidden_facts(data) == ()


FILES = tuple(stealth(text, signature=mark) for text in (NOVEL, A1111_TEXT) for mark in (SIGNATURES[1], SIGNATURES[3]))


@settings(max_examples=150, deadline=None)
@given(
    data=st.sampled_from(FILES),
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=4)), max_size=4),
    copies=st.lists(st.integers(0, 10), max_size=3),
    cut=st.integers(0, 10**6),
    keep=st.booleans(),
)
def test_that_a_damaged_picture_gives_facts_or_nothing(
    data: bytes, changes: list[tuple[int, bytes]], copies: list[int], cut: int, keep: bool
) -> None:
    chunks = list(chunks_of(data))
    for place in copies:
        chunks.insert(place % len(chunks), chunks[place % len(chunks)])
    damaged = bytearray(data[:8] + b"".join(chunks))
    for place, value in changes:
        place %= len(damaged)
        damaged[place : place + len(value)] = value
    found = hidden_facts(bytes(damaged if keep else damaged[: cut % len(damaged)]))
    assert all(isinstance(facts, Facts) for facts in found)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(SIGNATURES))
def test_that_any_hidden_bytes_give_facts_or_nothing(body: bytes, signature: bytes) -> None:
    found = hidden_facts(stealth(body, signature=signature))
    assert all(isinstance(facts, Facts) for facts in found)
    if body.strip().isalnum() and b"info" in signature:
        assert found


def chunks_of(data: bytes) -> list[bytes]:
    chunks, place = [], 8
    while place < len(data):
        end = place + 12 + int.from_bytes(data[place : place + 4], "big")
        chunks.append(data[place:end])
        place = end
    return chunks
