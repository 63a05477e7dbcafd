"""Where one picture lies on another that shows the same at another framing, and whether that can be trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.alignment import Match, matched
from inspector.domain.geometry import Similarity, Size
from inspector.imaging.pyramid import Pyramid
from inspector.imaging.raster import Pixels
from inspector.progress import Progress

WORK_SIDE = 768
"""Longer side in pixels at which pictures are compared."""
LEAST_INLIERS = 30
LEAST_CORRELATION = 0.9
LEAST_DETAIL = 0.15
"""Correlation of local detail below which like light and dark alone made two pictures correlate."""
LEAST_OVERLAP = 0.4
"""Share of the smaller picture that must lie on the other one."""
SCALES = (0.4, 2.5)
"""Limits of the scale, measured against fitting one picture's frame into the other's."""
MOST_TURN = math.radians(15)

_SMALLEST = 64
_FARTHEST = 8.0
"""Scale beyond which a map is an accident."""
_COARSE = (96, 192, 384)
"""Longer sides at which ECC climbs from coarse to fine before anything is known of the result."""
_ALIKE = 0.01
"""Difference of detail that says nothing at half the working size, where maps are rated."""
_JUDGED = 0.5
_INSIDE = 0.999
_QUIET = 3.0
"""Levels of brightness below which structure counts as noise."""
_UNTIL = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 50, 1e-5)
_ECC_BLUR = 5
_PROMISING = 0.08
"""Correlation of detail from which a candidate is made exact at `WORK_SIDE`."""
_RATIO = 0.75
"""D. G. Lowe, "Distinctive image features from scale-invariant keypoints", 2004, section 7.1, a little stricter."""
_RANSAC = 3.0
"""Pixels at `WORK_SIDE` within which a matched feature supports a similarity."""

_Grey = NDArray[np.float32]
_Plane = NDArray[np.integer[Any] | np.floating[Any]]
_Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Registration:
    """A similarity from the moving picture's pixels to the fixed one's, and what speaks for it.

    `correlation` is that of brightness over the common part, `detail` that of its fine structure (both -1..1),
    `inliers` the number of matched features that agree, `overlap` the common part as a share of the smaller picture,
    `framing` the scale against fitting one frame into the other, `gain` how much better detail correlates than before.
    """

    similarity: Similarity
    correlation: float
    detail: float
    inliers: int
    overlap: float
    framing: float
    gain: float

    @property
    def accepted(self) -> bool:
        """Whether both pictures certainly show the same at another framing."""
        rotation = math.remainder(self.similarity.rotation, math.tau)
        return (
            (self.inliers >= LEAST_INLIERS or self.correlation >= LEAST_CORRELATION)
            and self.detail >= LEAST_DETAIL
            and self.overlap >= LEAST_OVERLAP
            and SCALES[0] <= self.framing <= SCALES[1]
            and abs(rotation) < MOST_TURN
        )


def register(
    fixed: Pixels | Pyramid,
    moving: Pixels | Pyramid,
    progress: Progress | None = None,
    *,
    present: Similarity | None = None,
) -> Registration | None:
    """Return where `moving` lies on `fixed`, each (H, W, 4) uint8 BGRA or its pyramid, or None when nothing is found.

    Both are compared in brightness at `WORK_SIDE`. One candidate comes from maximizing the enhanced correlation
    coefficient from coarse to fine, beginning with fitted frames (G. D. Evangelidis and E. Z. Psarakis, "Parametric
    image alignment using enhanced correlation coefficient maximization", 2008), another from matched SIFT features and
    RANSAC, made exact in the same way; the one whose detail correlates better is returned. It may be wrong: ask
    `accepted`. `present` is where `moving` stands now, against which `gain` is measured (by default fitted frames).
    Raises `Cancelled`.
    """
    progress = progress or Progress()
    progress.step(0.0, "Comparing pictures")
    full_fixed, full_moving = _full_size(fixed), _full_size(moving)
    natural = matched(full_moving, full_fixed, Match.FIT)
    zoom = WORK_SIDE / max(full_fixed.width, full_fixed.height)
    still, mobile = _grey(fixed, zoom), _grey(moving, natural.scale * zoom)
    if min(*still.shape, *mobile.shape) < _SMALLEST:
        return None
    shrunk = Size(mobile.shape[1] / full_moving.width, mobile.shape[0] / full_moving.height)
    scaled = Size(still.shape[1] / full_fixed.width, still.shape[0] / full_fixed.height)
    start = _matrix(natural, shrunk, scaled)
    candidates = [_climbed(still, mobile, start, _COARSE)]
    progress.step(0.3, "Comparing pictures")
    agreed = _by_features(still, mobile)
    progress.step(0.7, "Comparing pictures")
    if agreed is not None:
        candidates += [agreed[0], _climbed(still, mobile, agreed[0], _COARSE[-1:])]
    sane = [matrix for matrix in candidates if matrix is not None and _is_sane(matrix)]
    if not sane:
        return None
    judge = _Judge(still, mobile)
    best = max(map(judge.rate, sane), key=_detail)
    if best.detail > _PROMISING:
        finer = _climbed(still, mobile, best.matrix, (WORK_SIDE,))
        if finer is not None and _is_sane(finer) and (rated := judge.rate(finer)).detail > best.detail - _ALIKE:
            best = rated
    before = judge.rate(_matrix(present or natural, shrunk, scaled))
    progress.step(1.0, "Compared")
    inliers = 0 if agreed is None else _supporting(best.matrix, *agreed[1:])
    similarity = _similarity(best.matrix, shrunk, scaled)
    framing, gain = similarity.scale / natural.scale, best.detail - before.detail
    return Registration(similarity, best.correlation, best.detail, inliers, best.overlap, framing, gain)


@dataclass(frozen=True, slots=True, eq=False)
class _Rated:
    """A map with how detail and brightness correlate in the common part, and that part of the smaller picture."""

    matrix: _Matrix
    detail: float
    correlation: float
    overlap: float


def _detail(rated: _Rated) -> float:
    return rated.detail


def _full_size(picture: Pixels | Pyramid) -> Size:
    height, width = (picture.levels[0] if isinstance(picture, Pyramid) else picture).shape[:2]
    return Size(float(width), float(height))


def _grey(picture: Pixels | Pyramid, zoom: float) -> _Grey:
    """Return a picture's luma (H, W) float32 at a zoom."""
    full = _full_size(picture)
    pixels = picture.levels[picture.level_for(zoom)] if isinstance(picture, Pyramid) else picture
    size = max(1, round(full.width * zoom)), max(1, round(full.height * zoom))
    way = cv2.INTER_AREA if size[0] <= pixels.shape[1] else cv2.INTER_LINEAR
    resized = cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY), size, interpolation=way)
    return resized.astype(np.float32)


def _climbed(still: _Grey, mobile: _Grey, start: _Matrix, sides: tuple[int, ...]) -> _Matrix | None:
    """Return the similarity (2, 3) from pixels of `still` to those of `mobile` that ECC finds level by level.

    ECC moves all six numbers of an affine map, which converges from farther away; its nearest similarity is returned.
    """
    matrix = start
    for side in sides:
        share = min(1.0, side / max(*still.shape, *mobile.shape))
        small_still, small_mobile = _smaller(still, share), _smaller(mobile, share)
        whole = np.full(small_mobile.shape, 255, np.uint8)
        begin = _at_share(matrix, share).astype(np.float32)
        try:
            _, found = cv2.findTransformECC(
                small_still, small_mobile, begin, cv2.MOTION_AFFINE, _UNTIL, whole, _ECC_BLUR
            )
        except cv2.error:  # how OpenCV says that it does not converge
            return None
        matrix = _at_share(np.asarray(found, np.float64), 1 / share)
    return _nearest_similarity(matrix, still.shape)


def _is_sane(matrix: _Matrix) -> bool:
    """Whether a map can be looked at: finite, and neither a point nor a blot."""
    return bool(np.isfinite(matrix).all()) and 1 / _FARTHEST < math.hypot(matrix[0, 0], matrix[1, 0]) < _FARTHEST


def _smaller(grey: _Grey, share: float) -> _Grey:
    if share >= 1:
        return grey
    return np.asarray(cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.float32)


def _at_share(matrix: _Matrix, share: float) -> _Matrix:
    """Return a map between pictures for both of them scaled; OpenCV's pixel centres lie at whole numbers."""
    linear = matrix[:, :2]
    shift = matrix[:, 2] + linear @ (0.5, 0.5) - (0.5, 0.5)
    return np.column_stack([linear, share * shift - linear @ (0.5, 0.5) + (0.5, 0.5)])


def _nearest_similarity(matrix: _Matrix, shape: tuple[int, ...]) -> _Matrix:
    a, b = (matrix[0, 0] + matrix[1, 1]) / 2, (matrix[1, 0] - matrix[0, 1]) / 2
    middle = np.array([shape[1] / 2, shape[0] / 2])
    linear = np.array([[a, -b], [b, a]])
    return np.column_stack([linear, matrix[:, :2] @ middle + matrix[:, 2] - linear @ middle])


def _by_features(still: _Grey, mobile: _Grey) -> tuple[_Matrix, _Matrix, _Matrix] | None:
    """Return the similarity that most matched SIFT features agree with, and all matched places (N, 2) in both."""
    keys_a, marks_a = _features(still)
    keys_b, marks_b = _features(mobile)
    if min(len(keys_a), len(keys_b)) < 3:
        return None
    couples = cv2.BFMatcher(cv2.NORM_L2).knnMatch(marks_a, marks_b, k=2)
    kept = [two[0] for two in couples if len(two) == 2 and two[0].distance < _RATIO * two[1].distance]
    if len(kept) < 3:
        return None
    here = np.array([keys_a[one.queryIdx].pt for one in kept], np.float64)
    there = np.array([keys_b[one.trainIdx].pt for one in kept], np.float64)
    cv2.setRNGSeed(0)
    estimated: tuple[Any, Any] = cv2.estimateAffinePartial2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=_RANSAC, maxIters=4000, confidence=0.999
    )
    return None if estimated[0] is None else (np.asarray(estimated[0], np.float64), here, there)


def _features(grey: _Grey) -> tuple[Sequence[cv2.KeyPoint], _Plane]:
    # OpenCV tells fewer types than there are: of a blank picture there are no descriptors at all.
    found: tuple[Sequence[cv2.KeyPoint], Any] = cv2.SIFT.create(nfeatures=3000).detectAndCompute(
        grey.round().astype(np.uint8), np.full(grey.shape, 255, np.uint8)
    )
    return found


def _supporting(matrix: _Matrix, here: _Matrix, there: _Matrix) -> int:
    """Return how many different places agree with a map; features found twice at one place count once."""
    errors = np.linalg.norm(here @ matrix[:, :2].T + matrix[:, 2] - there, axis=1)
    agreeing = np.round(here[errors <= _RANSAC]).astype(np.int64)
    return len(np.unique(agreeing, axis=0))


class _Judge:
    """Rates maps between two pictures, both seen at half the working size."""

    def __init__(self, still: _Grey, mobile: _Grey) -> None:
        self._still, self._mobile = _smaller(still, _JUDGED), _smaller(mobile, _JUDGED)
        self._structure = _structure(self._still)

    def rate(self, matrix: _Matrix) -> _Rated:
        """Return how well a map of the full working size fits."""
        height, width = self._still.shape
        small = _at_share(matrix, _JUDGED)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        warped = cv2.warpAffine(self._mobile, small, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        inside = cv2.warpAffine(np.ones_like(self._mobile), small, (width, height), flags=flags) > _INSIDE
        scale = math.hypot(matrix[0, 0], matrix[1, 0])
        overlap = float(inside.sum()) / min(float(height * width), self._mobile.size / scale**2)
        within = cv2.erode(inside.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        detail = _correlation(self._structure, _structure(warped), within)
        return _Rated(matrix, detail, _correlation(self._still, warped, within), overlap)


def _structure(grey: _Plane) -> _Grey:
    """Return what is left of a picture without its large light and dark, evened out between busy and quiet parts."""
    soft = cv2.GaussianBlur(grey, (0, 0), 0.8)
    rest = soft - cv2.GaussianBlur(grey, (0, 0), 4.0)
    power = cv2.GaussianBlur(rest * rest, (0, 0), 8.0)
    return np.asarray(rest / np.sqrt(power + _QUIET**2), np.float32)


def _correlation(a: _Plane, b: _Plane, within: NDArray[np.bool_]) -> float:
    x, y = a[within].astype(np.float64), b[within].astype(np.float64)
    if x.size < 100:
        return -1.0
    x, y = x - x.mean(), y - y.mean()
    power = math.sqrt(float(x @ x) * float(y @ y))
    return float(x @ y) / power if power > 1e-9 else 0.0


def _similarity(matrix: _Matrix, shrunk: Size, scaled: Size) -> Similarity:
    """Return the map between full pictures for one between their work copies, moving `shrunk` and fixed `scaled`."""
    a, b = float(matrix[0, 0]), float(matrix[1, 0])
    shift = matrix[:, 2] + _half_pixel(a, b)
    to_moving = Similarity(math.hypot(a, b), math.atan2(b, a), float(shift[0]), float(shift[1]))
    return Similarity(_mean(shrunk)).then(to_moving.inverse()).then(Similarity(1 / _mean(scaled)))


def _matrix(placed: Similarity, shrunk: Size, scaled: Size) -> _Matrix:
    """Return the inverse of `_similarity`."""
    back = Similarity(1 / _mean(scaled)).then(placed.inverse()).then(Similarity(_mean(shrunk)))
    a, b = back.scale * math.cos(back.rotation), back.scale * math.sin(back.rotation)
    shift = np.array([back.dx, back.dy]) - _half_pixel(a, b)
    return np.array([[a, -b, shift[0]], [b, a, shift[1]]])


def _half_pixel(a: float, b: float) -> NDArray[np.float64]:
    """Return what a map's shift changes by when pixel centres lie at .5, as ours, and not at 0, as OpenCV's."""
    return np.array([0.5 - 0.5 * (a - b), 0.5 - 0.5 * (a + b)])


def _mean(size: Size) -> float:
    return (size.width + size.height) / 2
