"""How well the suggested alignment is found, and when it is offered: `python -m tests.evaluation.alignment_accuracy`.

The pictures are no part of the project: a folder `shared/samples` beside the checkout holds faces of different people
and `pairs/NAME_a.png`, `pairs/NAME_b.png` of one person rendered twice in one framing. From each picture a view is cut
and a second one rendered at another scale (0.75 to 1.35), turn (up to 6 degrees) and shift, with other tones; level 1
is smoothed, noisy and a JPEG besides, level 2 strongly smoothed, noisier, a worse JPEG and bent by 1 % of its width.
"""

from __future__ import annotations

import math
import sys
import time
from dataclasses import dataclass
from itertools import combinations, permutations
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Similarity
from inspector.imaging.registration import Registration, register

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
SIDE = 768
LEVELS = (0, 1, 2)
REPEATS = 3
ALL = slice(None)

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Copy:
    """Two views of one picture, (H, W, 4) uint8 BGRA, and the map from the second one's pixels to the first one's."""

    name: str
    fixed: Pixels
    moving: Pixels
    true: Similarity


@dataclass(frozen=True)
class Result:
    """What was found for a copy: root mean square distance from the truth in shares of the width (inf for nothing)."""

    name: str
    error: float
    found: Registration | None
    seconds: float


def samples() -> dict[str, Pixels]:
    """Return all pictures by name: faces of different people, and the pairs."""
    files = sorted([*SAMPLES.glob("faces/*.jpg"), *SAMPLES.glob("pairs/*.png")])
    return {file.stem: cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2BGRA) for file in files}


def person(name: str) -> str:
    """Return who is on a picture: both halves of a pair show one person."""
    return name.removesuffix("_a").removesuffix("_b")


def view(picture: Pixels, to_view: Similarity, size: tuple[int, int]) -> Pixels:
    """Return what a frame of (width, height) pixels shows of a picture, of which it sees nothing but the inside."""
    a, b = math.cos(to_view.rotation) * to_view.scale, math.sin(to_view.rotation) * to_view.scale
    shift = np.array([to_view.dx, to_view.dy]) + 0.5 * np.array([a - b, a + b]) - 0.5
    matrix = np.array([[a, -b, shift[0]], [b, a, shift[1]]])
    way = cv2.INTER_CUBIC if to_view.scale > 0.75 else cv2.INTER_AREA
    return np.asarray(cv2.warpAffine(picture, matrix, size, flags=way, borderMode=cv2.BORDER_REFLECT), np.uint8)


def framed(middle: Point, across: float, size: tuple[int, int], turn: float = 0.0) -> Similarity:
    """Return the map onto a frame of (width, height) pixels that shows `across` pixels round a place."""
    plain = Similarity(size[0] / across, turn)
    at = plain.apply(middle)
    return Similarity(plain.scale, turn, size[0] / 2 - at.x, size[1] / 2 - at.y)


def rendered(pixels: Pixels, level: int, rng: np.random.Generator) -> Pixels:
    """Return a view as another renderer might have made it: other tones, from level 1 on smoother, noisy and a JPEG."""
    bgr = pixels[..., :3].astype(np.float32) / 255
    gamma, gain = rng.uniform(0.8, 1.25), rng.uniform(0.85, 1.15, 3).astype(np.float32)
    bgr = np.clip(gain * bgr**gamma, 0, 1)
    if level:
        if level > 1:
            bgr = _bent(bgr, 0.01 * bgr.shape[1], rng)
        bgr = cv2.bilateralFilter(bgr, -1, 0.06 * level, 2.0 * level)
        bgr = cv2.GaussianBlur(bgr, (0, 0), 0.8 * level)
        bgr = np.clip(bgr + rng.normal(0, 0.015 * level, bgr.shape), 0, 1)
    small = np.round(bgr * 255).astype(np.uint8)
    if level:
        _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 90 - 20 * level])
        small = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2BGRA), np.uint8)


def _bent(bgr: NDArray[np.float32], most: float, rng: np.random.Generator) -> NDArray[np.float32]:
    height, width = bgr.shape[:2]
    ways = rng.normal(0, 1, (4, 4, 2)).astype(np.float32)
    field = cv2.resize(ways, (width, height), interpolation=cv2.INTER_CUBIC)
    field *= most / max(float(np.abs(field).max()), 1e-6)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return cv2.remap(bgr, x + field[..., 0], y + field[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def copy_of(name: str, picture: Pixels, level: int, seed: int, *, close: bool = False) -> Copy:
    """Return two views of a picture, of its middle part or `close` up of a part of it, with the truth between them."""
    rng = np.random.default_rng(seed)
    height, width = picture.shape[:2]
    across = width * (0.3 if close else 0.6)
    middle = Point(width * 0.5, height * (0.62 if close else 0.5))
    scale, turn = rng.uniform(0.75, 1.35), math.radians(rng.uniform(-6, 6))
    away = Point(rng.uniform(-0.06, 0.06) * across, rng.uniform(-0.06, 0.06) * across)
    size = (SIDE, SIDE) if seed % 2 else (SIDE, round(SIDE * 1.2))
    to_fixed = framed(middle, across, (SIDE, SIDE))
    to_moving = framed(middle + away, across / scale, size, turn)
    moving = rendered(view(picture, to_moving, size), level, rng)
    return Copy(name, view(picture, to_fixed, (SIDE, SIDE)), moving, to_moving.inverse().then(to_fixed))


def distance(found: Similarity, true: Similarity, size: tuple[int, int]) -> float:
    """Return the root mean square distance over a frame of (width, height), as a share of the width."""
    grid = [Point(size[0] * i / 8, size[1] * j / 8) for i in range(9) for j in range(9)]
    squares = [found.apply(point).distance(true.apply(point)) ** 2 for point in grid]
    return math.sqrt(sum(squares) / len(squares)) / SIDE


def tried(copy: Copy) -> Result:
    """Return what is found for a copy."""
    start = time.perf_counter()
    found = register(copy.fixed, copy.moving)
    seconds = time.perf_counter() - start
    size = copy.moving.shape[1], copy.moving.shape[0]
    error = math.inf if found is None else distance(found.similarity, copy.true, size)
    return Result(copy.name, error, found, seconds)


def copies(level: int, repeats: int = REPEATS, chosen: slice = ALL) -> list[Copy]:
    """Return copies of all samples, whole and close up, or of the chosen ones."""
    pictures = samples()
    wanted = [
        (place, name, repeat, close)
        for place, name in enumerate(pictures)
        for repeat in range(repeats)
        for close in (False, True)
    ]
    found = []
    for place, name, repeat, close in wanted[chosen]:
        seed = 1000 * level + 20 * place + 2 * repeat + close
        label = f"{name} {'close' if close else 'whole'}"
        found.append(copy_of(label, pictures[name], level, seed, close=close))
    return found


def strangers(
    *, close: bool = False, both_ways: bool = True, chosen: slice = ALL
) -> list[tuple[str, Registration | None]]:
    """Return what is found for all pairs of different people, or the chosen ones, or for close-ups of their mouths."""
    pictures = samples()
    if close:
        pictures = {name: _mouth(picture) for name, picture in pictures.items()}
    order = permutations if both_ways else combinations
    couples = [(a, b) for a, b in order(pictures, 2) if person(a) != person(b)][chosen]
    return [(f"{a} <- {b}", register(pictures[a], pictures[b])) for a, b in couples]


def _mouth(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    size = (SIDE, SIDE)
    return view(picture, framed(Point(width * 0.5, height * 0.7), width * 0.3, size), size)


def said(name: str, found: Registration | None, error: float = math.nan, seconds: float = math.nan) -> str:
    """Return one line of the table."""
    if found is None:
        return f"{name:24}  nothing found"
    turn = math.degrees(found.similarity.rotation)
    return (
        f"{name:24}  {'offered' if found.accepted else '-':8} error {error * 100:6.2f} %  correlation "
        f"{found.correlation:6.3f}  detail {found.detail:6.3f}  inliers {found.inliers:4d}  scale "
        f"{found.similarity.scale:6.3f}  turn {turn:7.2f}°  {seconds:5.2f} s"
    )


def main() -> int:
    """Print the tables."""
    out = sys.stdout.write
    if not samples():
        out(f"There are no samples in {SAMPLES}.\n")
        return 1
    for level in LEVELS:
        results = [tried(copy) for copy in copies(level)]
        out(f"\nRe-rendered copies, level {level}\n")
        for result in results:
            out(said(result.name, result.found, result.error, result.seconds) + "\n")
        offered = [one for one in results if one.found is not None and one.found.accepted]
        worst = max((one.error for one in offered), default=math.nan)
        middle = float(np.median([one.error for one in results]))
        out(
            f"offered {len(offered)} of {len(results)}, worst error of those {worst * 100:.2f} %, "
            f"median {middle * 100:.2f} %, {np.mean([one.seconds for one in results]):.2f} s each\n"
        )
    pictures = samples()
    out("\nOne person rendered twice in one framing\n")
    for name in sorted({person(name) for name in pictures if person(name) != name}):
        a, b = pictures[f"{name}_a"], pictures[f"{name}_b"]
        for label, fixed, moving in ((f"{name} a <- b", a, b), (f"{name} b <- a", b, a)):
            result = tried(Copy(label, fixed, moving, Similarity()))
            out(said(label, result.found, result.error, result.seconds) + "\n")
    for title, found in (("Different people", strangers()), ("Different people, close up", strangers(close=True))):
        out(f"\n{title}\n")
        for name, one in found:
            out(said(name, one) + "\n")
        wrong = sum(one is not None and one.accepted for _, one in found)
        out(f"offered {wrong} of {len(found)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
