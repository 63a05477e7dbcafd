from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from inspector.domain.geometry import Similarity
from inspector.domain.lenses import chain_of
from inspector.imaging.decode import decode
from inspector.imaging.lenses.catalogue import fitted
from inspector.imaging.lenses.view import crop_through, gather_shared
from inspector.imaging.pyramid import build_pyramid
from tests.cli.terminal import benchmark_file, call, picture


def test_that_a_picture_is_written_as_the_window_shows_it_at_100_percent(tmp_path: Path) -> None:
    source, out = picture(tmp_path / "a.png"), tmp_path / "seen.png"
    done = call("lens", source, "--lens", "high-pass:fine=2", "--lens", "exposure:ev=2", "-o", out)
    assert done.code == 0, done.err
    assert done.out.strip() == str(out)
    assert "does not prove" in done.err
    pyramid = build_pyramid(decode(source).pixels)
    chain = tuple(fitted(use, 160) for use in chain_of("high-pass:fine=2 + exposure:ev=2"))
    shown = crop_through(pyramid, Similarity(), (160, 120), chain=chain, to_scene_scale=1, shared=None)
    assert np.array_equal(np.asarray(Image.open(out)), shown[..., 2::-1])


def test_that_the_file_says_what_lens_and_of_which_source(tmp_path: Path) -> None:
    source, out = picture(tmp_path / "a.png"), tmp_path / "seen.png"
    assert call("lens", source, "--lens", "local-contrast:size=12", "-o", out).code == 0
    with Image.open(out) as found:
        texts = dict(found.info)
    assert texts["inspector:lens"] == "local-contrast:size=12"
    assert texts["inspector:source-sha256"] == sha256(source.read_bytes()).hexdigest()
    assert texts["inspector:lens-statistics"].startswith("0=")
    assert "does not prove" in texts["Description"]
    assert str(tmp_path) not in repr(texts)


def deep_picture(path: Path) -> Path:
    ramp = np.linspace(0, 65535, 200).astype(np.uint16)
    cv2.imwrite(str(path), np.stack([np.tile(ramp, (60, 1))] * 3, axis=2))
    return path


def test_that_16_bits_stay_where_all_lenses_keep_them(tmp_path: Path) -> None:
    source, out = deep_picture(tmp_path / "deep.png"), tmp_path / "seen.png"
    assert call("lens", source, "--lens", "exposure:ev=0,lift=0,marks=off", "-o", out).code == 0
    seen = cv2.imread(str(out), cv2.IMREAD_UNCHANGED)
    assert seen.dtype == np.uint16
    assert np.abs(seen.astype(int) - cv2.imread(str(source), cv2.IMREAD_UNCHANGED).astype(int)).max() <= 1
    done = call("lens", source, "--lens", "false-colour", "-o", out)
    assert done.code == 0
    assert "8 bits" in done.err
    assert cv2.imread(str(out), cv2.IMREAD_UNCHANGED).dtype == np.uint8


def test_that_statistics_and_pair_lenses_take_the_second_picture(tmp_path: Path) -> None:
    a, out = picture(tmp_path / "a.png"), tmp_path / "seen.png"
    b = picture(tmp_path / "b.png", "Other model")
    assert call("lens", a, "--lens", "flip-map", "--against", b, "-o", out).code == 0
    assert np.asarray(Image.open(out)).max() > 20
    assert call("lens", a, "--lens", "flip-map", "--against", a, "-o", out).code == 0
    assert np.asarray(Image.open(out)).max() == 0
    small = picture(tmp_path / "small.png", size=(80, 60))
    done = call("lens", a, "--lens", "flip-map", "--against", small, "-o", out)
    assert done.code == 1
    assert "different sizes" in done.err
    assert call("lens", a, "--lens", "local-contrast", "--against", b, "-o", out).code == 0
    shared = gather_shared(
        (fitted(chain_of("local-contrast")[0], 160),),
        [(build_pyramid(decode(path).pixels), Similarity()) for path in (a, b)],
    )
    assert shared is not None
    with Image.open(out) as found:
        assert found.info["inspector:lens-statistics"] == f"0={shared.value(0):g}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--lens", "glow"), "no lens “glow”"),
        (("--lens", "exposure:ev"), "param=value"),
        (("--lens", "exposure:ev=dark"), "is a number"),
        (("--lens", "flip-map"), "--against"),
        ((), "are needed"),
    ],
)
def test_that_wrong_lenses_are_refused_with_a_sentence(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    out = tmp_path / "seen.png"
    done = call("lens", picture(tmp_path / "a.png"), *arguments, "-o", out)
    assert done.code == 2
    assert said in done.err
    assert not out.exists()


def test_that_neither_the_source_nor_another_format_is_written(tmp_path: Path) -> None:
    source = picture(tmp_path / "a.png")
    before = source.read_bytes()
    assert call("lens", source, "--lens", "edges", "-o", source).code == 1
    assert source.read_bytes() == before
    assert call("lens", source, "--lens", "edges", "-o", tmp_path / "seen.jpg").code == 2


def test_that_all_lenses_are_listed_for_people_and_for_scripts() -> None:
    told = call("lens", "--list")
    assert told.code == 0
    listed = json.loads(call("lens", "--list", "--json").out)
    assert {"exposure", "local-contrast", "gradient", "chroma", "channels", "high-pass", "noise", "edges"} <= {
        each["name"] for each in listed
    }
    for each in listed:
        assert each["name"] in told.out
        assert each["does_not_prove"]


@pytest.mark.usefixtures("qapp")
def test_that_a_card_shows_its_pictures_through_a_lens_and_says_so_in_the_file(tmp_path: Path) -> None:
    made = benchmark_file(tmp_path)
    plain, seen = tmp_path / "plain.png", tmp_path / "card.png"
    assert call("card", made, "-o", plain).code == 0
    done = call("card", made, "-o", seen, "--lens", "exposure:ev=3", "--lens", "edges")
    assert done.code == 0
    assert "A lens is on" in done.err
    with Image.open(plain) as one, Image.open(seen) as other:
        assert not np.array_equal(np.asarray(one), np.asarray(other))
        assert "exposure:ev=3 + edges" in repr(other.info)
        assert "exposure:ev=3" not in repr(one.info)
    assert call("card", made, "-o", seen, "--lens", "glow").code == 2
