"""Files made to hurt: whatever the bytes, reading gives facts or nothing, soon and within limits."""

from __future__ import annotations

import os
import struct
import tracemalloc
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from inspector.domain.facts import Facts
from inspector.errors import BadInput
from inspector.provenance.carrier import carrier_of
from inspector.provenance.exif import read_tags
from inspector.provenance.parts import TEXT_LIMIT
from inspector.provenance.read import facts_of, read_facts
from tests.provenance_files import (
    A1111_TEXT,
    PROMPT,
    avif,
    chunk,
    comment_tiff,
    gif,
    itext_chunk,
    jpeg,
    png,
    text_chunk,
    tiff,
    webp,
    xmp,
    ztext_chunk,
)

PACKET = xmp("<Iptc4xmpExt:AIPromptInformation>a smile</Iptc4xmpExt:AIPromptInformation>")
EXIF = comment_tiff(b"UNICODE\0" + A1111_TEXT.encode("utf-16-be"))
FILES = (
    png(
        text_chunk("parameters", A1111_TEXT),
        itext_chunk("XML:com.adobe.xmp", PACKET.decode()),
        chunk(b"eXIf", EXIF),
        ztext_chunk("prompt", '{"1": {"class_type": "A", "inputs": {"prompt": "x", "a": ["1", 0]}}}'),
    ),
    jpeg(exif=EXIF, xmp=PACKET, comment=b"a plain comment here"),
    webp(exif=EXIF, xmp=PACKET),
    avif(exif=EXIF, xmp=PACKET),
    gif(A1111_TEXT.encode()),
    tiff({700: (1, PACKET)}, {0x9286: (7, b"ASCII\0\0\0" + A1111_TEXT.encode())}),
)
HEADS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"RIFF\0\0\0\0WEBP",
    b"\0\0\0\x20ftypavif",
    b"GIF89a",
    b"II*\0",
    b"MM\0*",
)


def only_facts(found: tuple[Facts, ...]) -> bool:
    return all(isinstance(facts, Facts) for facts in found)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.sampled_from((b"", *HEADS)), body=st.binary(max_size=400), ending=st.sampled_from([".png", ".jpg", ".webp"])
)
@example(head=b"", body=b"", ending=".png")
def test_that_any_bytes_give_facts_or_a_plain_refusal(tmp_path: Path, head: bytes, body: bytes, ending: str) -> None:
    path = tmp_path / f"x{ending}"
    path.write_bytes(head + body)
    try:
        found = read_facts(path)
    except BadInput:
        assert not head + body
    else:
        assert only_facts(found)


@settings(max_examples=300, deadline=None)
@given(
    data=st.sampled_from(FILES),
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=4)), max_size=6),
    cut=st.integers(0, 10**6),
    keep=st.booleans(),
)
def test_that_a_damaged_file_gives_facts_or_nothing(
    data: bytes, changes: list[tuple[int, bytes]], cut: int, keep: bool
) -> None:
    damaged = bytearray(data)
    for place, value in changes:
        place %= len(damaged)
        damaged[place : place + len(value)] = value
    assert only_facts(facts_of(bytes(damaged if keep else damaged[: cut % len(damaged)])))


@pytest.mark.parametrize("data", FILES, ids=["PNG", "JPEG", "WebP", "AVIF", "GIF", "TIFF"])
def test_that_every_shortened_file_is_survived(data: bytes) -> None:
    assert facts_of(data)
    for length in range(0, len(data), 7):
        assert only_facts(facts_of(data[:length]))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_that_any_exif_gives_entries_within_the_block(body: bytes) -> None:
    for mark in (b"II*\0", b"MM\0*"):
        assert all(len(tag.value) <= len(body) + 4 for tag in read_tags(mark + body))


def test_that_a_text_before_the_end_of_half_a_file_is_read_without_its_checksum() -> None:
    data = png(text_chunk("parameters", A1111_TEXT))
    broken = data.replace(struct.pack(">I", zlib.crc32(b"tEXtparameters\0" + A1111_TEXT.encode())), b"\0\0\0\0")
    assert broken != data
    assert facts_of(broken[:-20])[0].prompt == PROMPT


def test_that_a_compressed_text_beyond_the_limit_is_left_out_and_the_others_kept() -> None:
    bomb = chunk(b"zTXt", b"prompt\0\0" + zlib.compress(b"x" * (TEXT_LIMIT + 1)))
    carrier = carrier_of(png(bomb, text_chunk("parameters", A1111_TEXT)))
    assert [text.key for text in carrier.png_text] == ["parameters"]
    assert carrier.size == (8, 6)


def test_that_many_compressed_texts_stop_at_the_total() -> None:
    bomb = chunk(b"zTXt", b"x\0\0" + zlib.compress(b"x" * (TEXT_LIMIT - 1)))
    tracemalloc.start()
    try:
        carrier = carrier_of(png(*[bomb] * 40))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 1 <= len(carrier.png_text) <= 8
    assert peak < 400e6


def test_that_thousands_of_texts_stop_at_the_count() -> None:
    assert len(carrier_of(png(*[text_chunk("x", "y")] * 5000)).png_text) == 512


def test_that_exif_entries_which_share_their_bytes_do_not_multiply_them() -> None:
    value = b"x" * 1_000_000
    count = 1000
    entries = b"".join(struct.pack("<HHII", 0x010E, 2, len(value), 8 + 2 + 12 * count + 4) for _ in range(count))
    block = b"II*\0" + struct.pack("<IH", 8, count) + entries + b"\0\0\0\0" + value
    assert sum(len(tag.value) for tag in read_tags(block)) <= TEXT_LIMIT


def test_that_a_directory_which_points_at_itself_ends() -> None:
    block = b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 0x8769, 4, 1, 8) + b"\0\0\0\0"
    assert len(read_tags(block)) == 1


def test_that_no_text_of_a_file_carries_surrogates_or_nul() -> None:
    data = jpeg(exif=comment_tiff(b"UNICODE\0" + b"\xd8\x00" + "three words here\0 and more".encode("utf-16-be")))
    for facts in facts_of(data):
        assert "\0" not in facts.prompt
        facts.prompt.encode()


def test_that_hostile_words_come_back_as_they_are() -> None:
    text = '<img src="file:///etc/passwd"> <b>bold</b> \u202eevil <lora:x:1> ' + "x" * 1_000_000
    assert facts_of(png(itext_chunk("parameters", text)))[0].prompt == text


def test_that_what_is_no_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        read_facts(tmp_path)
    with pytest.raises(BadInput):
        read_facts(tmp_path / "missing.png")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.png")
        with pytest.raises(BadInput):
            read_facts(tmp_path / "pipe.png")
