from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.domain.geometry import Similarity
from inspector.domain.lenses import LensChain, LensUse, chain_of
from inspector.errors import WrongUsage
from inspector.imaging.compose import crop_scaled
from inspector.imaging.lenses.blur import blurred, reach
from inspector.imaging.lenses.catalogue import checked, fitted, lenses
from inspector.imaging.lenses.model import Lens
from inspector.imaging.lenses.view import Shared, crop_through, gather_shared
from inspector.imaging.pyramid import build_pyramid
from inspector.imaging.raster import Pixels

NAMES = [lens.name for lens in lenses() if not lens.pair]
NEIGHBOURHOOD = ["local-contrast", "gradient", "high-pass", "noise", "edges", "frequency"]
SHARED = Shared(((0, 12.0),))


def picture(width: int = 97, height: int = 81, seed: int = 3) -> Pixels:
    """Return soft blobs with grain, opaque."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    soft = 120 + 60 * np.sin(x / 9.0) + 50 * np.cos(y / 13.0 + x / 31.0)
    colour = np.stack([soft, 255 - soft, soft * 0.6 + 40], axis=2) + rng.normal(0, 6, (height, width, 3))
    return np.dstack([colour.clip(0, 255), np.full((height, width), 255)]).astype(np.uint8)


def through(source: Pixels, to_target: Similarity, size: tuple[int, int], chain: LensChain | str) -> Pixels:
    uses = chain_of(chain) if isinstance(chain, str) else chain
    return crop_through(source, to_target, size, chain=uses, to_scene_scale=1.0, shared=SHARED)


def furthest(a: Pixels, b: Pixels) -> int:
    return int(np.abs(a.astype(int) - b.astype(int)).max())


@pytest.mark.parametrize("to_target", [Similarity(0.43, 0, 3.2, -7.1), Similarity(1.7, 0, -20, 5), Similarity(1, 0.3)])
def test_that_the_empty_chain_is_the_plain_picture_byte_for_byte(to_target: Similarity) -> None:
    source = build_pyramid(picture())
    plain = crop_scaled(source, to_target, (60, 50), background=(9, 8, 7), smooth_above=True)
    seen = crop_through(
        source,
        to_target,
        (60, 50),
        chain=(),
        to_scene_scale=1,
        shared=None,
        smooth_above=True,
        background=(9, 8, 7),
    )
    assert np.array_equal(seen, plain)


@pytest.mark.parametrize(
    "to_target",
    [
        Similarity(0.43, 0, 3.2, -7.1),
        Similarity(1.1, 0, -20.4, 5),
        Similarity(3, 0, -9, 9),
        Similarity(0.6, 0.2, 20, 3),
    ],
)
def test_that_a_lens_that_changes_nothing_gives_the_plain_picture(to_target: Similarity) -> None:
    source = picture()
    plain = crop_scaled(source, to_target, (60, 50), background=(9, 8, 7))
    seen = crop_through(
        source,
        to_target,
        (60, 50),
        chain=chain_of("chroma:boost=1 + exposure:ev=0,lift=0,marks=off"),
        to_scene_scale=1,
        shared=None,
        background=(9, 8, 7),
    )
    assert furthest(seen, plain) <= 1


@pytest.mark.parametrize("name", NAMES)
@given(
    zoom=st.sampled_from([0.31, 0.5, 0.77, 1.0, 1.54, 2.0]),
    left=st.integers(0, 30),
    top=st.integers(0, 30),
    turn=st.sampled_from([0.0, 0.0, 0.4]),
)
@settings(max_examples=12, deadline=None)
def test_that_a_part_looks_like_the_same_part_of_the_whole(
    name: str, zoom: float, left: int, top: int, turn: float
) -> None:
    source = picture(141, 120)
    whole = through(source, Similarity(zoom, turn, 4.25, -3.5), (100, 90), (LensUse(name),))
    part = through(source, Similarity(zoom, turn, 4.25 - left, -3.5 - top), (40, 30), (LensUse(name),))
    assert furthest(part, whole[top : top + 30, left : left + 40]) <= 1


@pytest.mark.parametrize("zoom", [0.4, 0.83, 1.0, 2.6])
@pytest.mark.parametrize("name", NAMES)
def test_that_the_background_is_kept_and_never_leaks_in(name: str, zoom: float) -> None:
    flat = np.full((60, 80, 4), 140, np.uint8)
    flat[..., 3] = 255
    seen = crop_through(
        flat,
        Similarity(zoom, 0, 10, 12),
        (260, 200),
        chain=(LensUse(name),),
        to_scene_scale=1,
        shared=SHARED,
        background=(255, 0, 255),
    )
    assert np.array_equal(seen[0, 0], (255, 0, 255, 255))
    assert np.array_equal(seen[-1, -1], (255, 0, 255, 255))
    inside = seen[12 : 12 + math.floor(60 * zoom), 10 : 10 + math.floor(80 * zoom)]
    assert furthest(inside, np.broadcast_to(inside[5, 5], inside.shape)) <= 1


@pytest.mark.parametrize("name", NAMES)
def test_that_turned_pictures_keep_their_background(name: str) -> None:
    flat = np.full((60, 80, 4), 140, np.uint8)
    for zoom in (0.7, 1.5):
        seen = crop_through(
            flat,
            Similarity(zoom, 0.5, 60, 10),
            (180, 140),
            chain=(LensUse(name),),
            to_scene_scale=1,
            shared=SHARED,
            background=(1, 2, 3),
        )
        bare = crop_scaled(np.full_like(flat, 255), Similarity(zoom, 0.5, 60, 10), (180, 140))[..., 0] == 0
        assert bare.any()
        assert (~bare).any()
        assert np.array_equal(np.unique(seen[bare], axis=0), [[3, 2, 1, 255]])
        assert furthest(seen[~bare], np.broadcast_to(seen[~bare][0], seen[~bare].shape)) <= 1


@pytest.mark.parametrize("name", NEIGHBOURHOOD)
def test_that_an_enlarged_copy_aligned_to_the_same_scene_looks_the_same(name: str) -> None:
    small = picture(200, 160)
    large = np.repeat(np.repeat(small, 2, axis=0), 2, axis=1)
    for zoom in (0.4, 0.6, 0.9):
        views = [
            crop_through(
                source,
                Similarity(zoom * to_scene, 0, -8, -6),
                (60, 50),
                chain=(LensUse(name),),
                to_scene_scale=to_scene,
                shared=SHARED,
            )
            for source, to_scene in ((small, 1.0), (large, 0.5))
        ]
        # The two averaged frames differ by a rounded level here and there, which a lens passes on times its gain.
        apart = np.abs(views[0].astype(int) - views[1].astype(int)).max(axis=2)
        assert (apart > 2).mean() < 0.01
        assert name == "edges" or apart.max() <= 10


@pytest.mark.parametrize("name", NAMES)
def test_that_nothing_visible_is_background_alone(name: str) -> None:
    for zoom in (0.5, 2.0):
        seen = crop_through(
            picture(),
            Similarity(zoom, 0, 1e5, -1e5),
            (20, 10),
            chain=(LensUse(name),),
            to_scene_scale=1,
            shared=SHARED,
            background=(5, 6, 7),
        )
        assert np.array_equal(np.unique(seen.reshape(-1, 4), axis=0), [[7, 6, 5, 255]])


def test_that_statistics_come_from_all_panels_together_and_name_a_state() -> None:
    calm, busy = build_pyramid(picture(seed=1) // 4 * 2), build_pyramid(picture(seed=2))
    chain = chain_of("local-contrast:size=8")
    both = gather_shared(chain, [(calm, Similarity()), (busy, Similarity())])
    turned = gather_shared(chain, [(busy, Similarity()), (calm, Similarity())])
    alone = [gather_shared(chain, [(one, Similarity())]) for one in (calm, busy)]
    assert both == turned
    assert hash(both) == hash(turned)
    assert both is not None
    values = [found.value(0) or 0.0 for found in (alone[0], both, alone[1]) if found]
    assert values[0] < values[1] < values[2]
    assert gather_shared(chain_of("gradient"), [(calm, Similarity())]) is None


def test_that_statistics_are_taken_behind_the_lenses_that_come_first() -> None:
    source = [(build_pyramid(picture()), Similarity())]
    dark = gather_shared(chain_of("exposure:ev=-3,lift=0 + local-contrast"), source)
    plain = gather_shared(chain_of("exposure:ev=0,lift=0 + local-contrast"), source)
    assert dark is not None
    assert plain is not None
    assert (dark.value(1) or 0) < 0.6 * (plain.value(1) or 0)


def test_that_a_chain_acts_in_its_order() -> None:
    one = through(picture(), Similarity(), (97, 81), "gradient + posterize:steps=3")
    other = through(picture(), Similarity(), (97, 81), "posterize:steps=3 + gradient")
    assert set(np.unique(one[..., :3])) <= {0, 128, 255}
    assert len(np.unique(other[..., :3])) > 3


def test_that_values_are_held_in_range_and_wrong_ones_refused_with_a_sentence() -> None:
    assert checked(LensUse("exposure", (("ev", 99.0),))).text == "exposure:ev=8"
    assert checked(LensUse("exposure", (("ev", 1.0),))).text == "exposure"
    assert checked(LensUse("channels", (("show", "b"),))).text == "channels:show=b"
    assert checked(LensUse("channels", (("show", "CB"),))).text == "channels:show=Cb"
    for text in ("exposure:ev=much", "exposure:lights=2", "grandient", "channels:show=X", "noise:of=3"):
        with pytest.raises(WrongUsage) as fault:
            checked(chain_of(text)[0])
        assert fault.value.message.endswith(".")
        assert fault.value.hint
    with pytest.raises(WrongUsage, match="too many"):
        through(picture(), Similarity(), (9, 9), (LensUse("edges"),) * 9)


def test_that_sizes_follow_the_subject_where_they_were_left_open() -> None:
    assert fitted(LensUse("high-pass"), 400).text == "high-pass:coarse=8,fine=2"
    assert fitted(LensUse("high-pass", (("fine", 3.0),)), 400).text == "high-pass:coarse=8,fine=3"
    assert fitted(LensUse("high-pass"), 0).text == "high-pass"


@pytest.mark.parametrize("lens", lenses(), ids=lambda lens: lens.name)
def test_that_every_lens_says_what_it_shows_and_does_not_prove(lens: Lens) -> None:
    assert len(lens.shows) > 20
    assert len(lens.does_not_prove) > 20
    for parameter in lens.parameters:
        if parameter.choices:
            assert parameter.default in parameter.choices
        else:
            assert parameter.low <= float(parameter.default) <= parameter.high
            assert parameter.step > 0


@given(sigma=st.floats(0.6, 25), left=st.integers(0, 80), top=st.integers(0, 80))
@settings(max_examples=25, deadline=None)
def test_that_a_mean_over_a_part_is_that_of_the_whole(sigma: float, left: int, top: int) -> None:
    values = np.random.default_rng(5).integers(0, 65536, (420, 460)).astype(np.uint16)
    whole = blurred(values, sigma, (0, 0))
    far = reach(sigma)
    x0, y0 = max(0, 170 + left - far), max(0, 150 + top - far)
    part = blurred(values[y0 : 170 + top + far, x0 : 200 + left + far], sigma, (x0, y0))
    inside = (slice(150 + top, 170 + top), slice(170 + left, 200 + left))
    moved = part[150 + top - y0 : 170 + top - y0, 170 + left - x0 : 200 + left - x0]
    assert furthest(moved, whole[inside]) <= 1


@pytest.mark.parametrize("sigma", [1.5, 3.9, 4.1, 9.0, 22.0])
def test_that_a_mean_spreads_a_step_as_a_gaussian_does(sigma: float) -> None:
    values = np.zeros((64, 512), np.uint16)
    values[:, 256:] = 60000
    row = blurred(values, sigma, (0, 0))[32].astype(float) / 60000
    expected = [0.5 * (1 + math.erf((x + 0.5 - 256) / (sigma * math.sqrt(2)))) for x in range(512)]
    assert np.abs(row - expected).max() < 0.012


@pytest.mark.parametrize("lens", lenses(), ids=lambda lens: lens.name)
def test_that_the_guide_tells_every_lens_as_it_is(lens: Lens) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "lenses.md").read_text(encoding="utf-8")
    assert f"**{lens.title}** `{lens.name}` | {lens.shows} | {lens.does_not_prove} |" in guide
    row = next(line for line in guide.splitlines() if line.startswith(f"| `{lens.name}` |"))
    for parameter in lens.parameters:
        default = parameter.default if isinstance(parameter.default, str) else f"{parameter.default:g}"
        assert f"`{parameter.name}` = {default} (" in row
