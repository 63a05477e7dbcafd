"""How wide a stripe is across its course: what lies inside against what lies on both sides of it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.imaging.zones.roi import Places

Numbers = NDArray[np.float64]
Ends = NDArray[np.int64]

_SIDE = 0.3
_ROUNDS = 3
_JUST_SEEN, _PLAIN, _ENOUGH = 4.0, 6.0, 20.0
_EDGE = 1.0
_HALF_EDGE = 1.5


def resampled(path: Places, spacing: float, *, closed: bool) -> Places:
    """Return places (N, 2) evenly spread along a line through `path`, about `spacing` apart (at least 8).

    A closed line does not repeat its first place.
    """
    line = np.vstack([path, path[:1]]) if closed else path
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    count = max(8, round(lengths[-1] / max(spacing, 1e-6)) + (0 if closed else 1))
    at = np.linspace(0.0, lengths[-1], count, endpoint=not closed)
    return np.stack([np.interp(at, lengths, line[:, k]) for k in (0, 1)], axis=1)


def smoothed(values: Numbers, sigma: float, *, closed: bool) -> Numbers:
    """Return (N,) or (N, K) values averaged along the first axis with a Gaussian of `sigma` steps.

    An open line is continued by its reflection through its end values, so that its ends stay where they are.
    """
    reach = min(len(values) - 1, int(3 * sigma) + 1)
    if sigma < 0.1 or reach < 1:
        return values
    weights = np.exp(-0.5 * np.square(np.arange(-reach, reach + 1) / sigma))
    weights /= weights.sum()
    if closed:
        padded = np.concatenate([values[-reach:], values, values[:reach]])
    else:
        before = 2 * values[:1] - values[reach:0:-1]
        after = 2 * values[-1:] - values[-2 : -reach - 2 : -1]
        padded = np.concatenate([before, values, after])
    columns = padded.reshape(len(padded), -1)
    done = np.stack([np.convolve(columns[:, k], weights, "valid") for k in range(columns.shape[1])], axis=1)
    return done.reshape(values.shape)


def straightened(line: Places, weights: Numbers, reach: float, slack: float, *, closed: bool) -> Places:
    """Return evenly spread places (N, 2) with bends shorter than about `reach` steps taken out.

    Places of small weight (N,), and those that end up far from the result, count less, so that the line runs straight
    on where little speaks for a bend. Source: P. Eilers, "A perfect smoother", 2003 (Whittaker, second differences),
    with robust weights of the Cauchy kind.
    """
    from scipy.linalg import solveh_banded

    wrap = min(len(line), int(6 * reach) + 2) if closed else 0
    places, known = _wrapped(line, wrap), _wrapped(weights, wrap)
    known = known / max(float(known.mean()), 1e-9)
    bands = reach**4 * _second_differences(len(places))
    share = known
    for _ in range(_ROUNDS):
        matrix = bands.copy()
        matrix[-1] += share
        result = solveh_banded(matrix, share[:, None] * places)
        away = np.square(places - result).sum(axis=1)
        share = known / (1 + away / slack**2)
    return np.asarray(result[wrap : wrap + len(line)])


def _wrapped(values: Numbers, steps: int) -> Numbers:
    return np.concatenate([values[-steps:], values, values[:steps]]) if steps else values


def _second_differences(count: int) -> Numbers:
    """Return D'D of the second differences of `count` values, as the upper bands that solveh_banded takes."""
    bands = np.zeros((3, count))
    for at, share in enumerate((1.0, -2.0, 1.0)):
        bands[2, at : count - 2 + at] += share**2
    bands[1, 1 : count - 1] += -2.0
    bands[1, 2:count] += -2.0
    bands[0, 2:] = 1.0
    return bands


def normals(places: Places, *, closed: bool) -> Places:
    """Return unit normals (N, 2) of a line, all on the same side."""
    along = np.roll(places, -1, axis=0) - np.roll(places, 1, axis=0) if closed else np.gradient(places, axis=0)
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    return np.asarray(np.stack([-along[:, 1], along[:, 0]], axis=1) / length, np.float64)


def sampled(lab: NDArray[np.float32], places: Places, across: Places, offsets: Numbers) -> NDArray[np.float32]:
    """Return colours (N, K, 3) at `offsets` (K,) pixels from each of `places` (N, 2) along `across` (N, 2)."""
    x = (places[:, :1] + across[:, :1] * offsets - 0.5).astype(np.float32)
    y = (places[:, 1:] + across[:, 1:] * offsets - 0.5).astype(np.float32)
    return np.asarray(cv2.remap(lab, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def stripe_evidence(profiles: NDArray[np.float32], step: float, centres: Numbers, widths: Numbers) -> Numbers:
    """Return how clearly a stripe stands out from even surroundings, as (N, C, W): a logarithm of a ratio.

    `profiles` (N, K, 3) are CIELAB colours across a line, `step` pixels apart, the middle one on it; a stripe is given
    by its centre and full width in pixels. The ratio is the mean squared colour distance of what lies inside from the
    side it differs less from, over the mean square by which the sides vary. Polished metal, dark and bright at once,
    thus counts as one stripe; a stripe too narrow has sides that vary, one too wide holds what equals its sides. A
    sharp change of colour where the stripe begins and ends adds to it.
    """
    length = profiles.shape[1]
    colours = profiles.astype(np.float64)
    together = np.concatenate([colours, np.square(colours).sum(axis=2, keepdims=True)], axis=2)
    sums = np.concatenate([np.zeros((len(profiles), 1, 4)), np.cumsum(together, axis=1)], axis=1)
    half = widths / 2
    side = np.maximum(_SIDE * widths, 2 * step)
    start = centres[:, None] - half
    end = centres[:, None] + half
    cells = [np.clip(edge / step + length / 2, 0.0, float(length)) for edge in (start - side, start, end, end + side)]
    at = [_between(sums, cell) for cell in cells]
    left, inside, right = (
        (at[k + 1] - at[k]) / np.maximum(cells[k + 1] - cells[k], 1e-3)[None, :, :, None] for k in range(3)
    )
    spread = (_distance(left, left) + _distance(right, right)) / 2
    standing_out = np.minimum(np.minimum(_distance(inside, left), _distance(inside, right)), _ENOUGH**2)
    evidence = np.log((standing_out + _JUST_SEEN**2) / (spread + _JUST_SEEN**2))
    return np.asarray(evidence + _edge(sums, start, step) + _edge(sums, end, step), np.float64)


def _edge(sums: Numbers, place: Numbers, step: float) -> Numbers:
    """Return how much the mean colour changes at each place, as a logarithm in units of what is just seen."""
    length = sums.shape[1] - 1
    cells = [np.clip((place + away) / step + length / 2, 0.0, float(length)) for away in (-_HALF_EDGE, 0.0, _HALF_EDGE)]
    low, here, high = (_between(sums, cell)[..., :3] for cell in cells)
    change = (high - 2 * here + low) / (_HALF_EDGE / step)
    size = np.square(change).sum(axis=-1)
    return np.asarray(_EDGE * size / (size + _PLAIN**2), np.float64)


def _distance(moments: Numbers, to: Numbers) -> Numbers:
    """Return the mean squared distance of colours, given by their means and mean square, from the mean of others."""
    product = (moments[..., :3] * to[..., :3]).sum(axis=-1)
    return np.asarray(np.maximum(moments[..., 3] - 2 * product + np.square(to[..., :3]).sum(axis=-1), 0.0), np.float64)


def _between(sums: Numbers, cells: Numbers) -> Numbers:
    low = np.minimum(cells.astype(np.int64), sums.shape[1] - 2)
    share = (cells - low)[None, :, :, None]
    return np.asarray(sums[:, low] * (1 - share) + sums[:, low + 1] * share, np.float64)


def at_half_depth(
    profiles: NDArray[np.float32], step: float, centres: Numbers, widths: Numbers
) -> tuple[Numbers, Numbers]:
    """Return centres and widths (N,) in pixels with each edge moved to half its depth.

    Around an edge (0.35 of the width each way) colours go from that inside to that outside; the edge is where both
    have equal shares. Where they hardly differ it stays.
    """
    edges = []
    for side in (-1.0, 1.0):
        reach = np.maximum(0.35 * widths, 1.5 * step)
        away = np.linspace(-1, 1, 15)[None, :] * reach[:, None]
        colours = _picked(profiles, (centres + side * widths / 2)[:, None] + side * away, step)
        inside, outside = colours[:, :1], colours[:, -1:]
        span = outside - inside
        size = np.square(span).sum(axis=2)
        share = ((colours - inside) * span).sum(axis=2) / np.maximum(size, 1e-6)
        within = 1 - np.clip(share, 0, 1).mean(axis=1)
        move = np.where(size[:, 0] > _JUST_SEEN**2, (2 * within - 1) * reach, 0.0)
        edges.append(centres + side * (widths / 2 + move))
    low, high = edges
    return (low + high) / 2, np.maximum(high - low, step)


def _picked(profiles: NDArray[np.float32], places: Numbers, step: float) -> Numbers:
    count, length, _ = profiles.shape
    cells = np.clip(places / step + (length - 1) / 2, 0.0, length - 1.001)
    low = cells.astype(np.int64)
    share = (cells - low)[:, :, None]
    rows = np.arange(count)[:, None]
    return np.asarray(profiles[rows, low] * (1 - share) + profiles[rows, low + 1] * share, np.float64)


def best_course(score: Numbers, *, closed: bool, stiffness: float) -> tuple[Ends, Ends]:
    """Return the centre and width index at each of N steps with the highest total of `score` (N, C, W).

    Neighbouring steps differ by at most one index in each, at the cost of `stiffness` a change (dynamic programming;
    a closed course is run one and a half times round, and its middle turn kept).
    """
    count = len(score)
    if not closed:
        return _course(score, stiffness)
    half = count // 2
    turns = np.concatenate([score[half:], score, score[:half]])
    centre, width = _course(turns, stiffness)
    skip = count - half
    return centre[skip : skip + count], width[skip : skip + count]


def _course(score: Numbers, stiffness: float) -> tuple[Ends, Ends]:
    count, centres, widths = score.shape
    moves = [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)]
    price = np.array([stiffness * (abs(a) + abs(b)) for a, b in moves])[:, None, None]
    chosen = np.zeros(score.shape, np.int8)
    total = score[0].copy()
    framed = np.full((centres + 2, widths + 2), -np.inf)
    for i in range(1, count):
        framed[1:-1, 1:-1] = total
        options = np.stack([framed[1 + a : 1 + a + centres, 1 + b : 1 + b + widths] for a, b in moves]) - price
        chosen[i] = options.argmax(axis=0)
        total = options.max(axis=0) + score[i]
    centre, width = np.zeros(count, np.int64), np.zeros(count, np.int64)
    centre[-1], width[-1] = np.unravel_index(int(total.argmax()), total.shape)
    for i in range(count - 1, 0, -1):
        a, b = moves[chosen[i, centre[i], width[i]]]
        centre[i - 1], width[i - 1] = centre[i] + a, width[i] + b
    return centre, width
