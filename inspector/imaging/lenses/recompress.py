"""Error level analysis: what one more JPEG compression changes."""

from __future__ import annotations

import cv2
import numpy as np

from inspector.imaging.lenses.blur import is_deep, opaque
from inspector.imaging.lenses.model import Place, Samples, Settings, number

_BLOCK = 8
"""Side of a JPEG block in pixels (ITU-T T.81, A.1.1)."""


def ela_reach(settings: Settings, place: Place) -> int:
    """Return the reach: a whole block beyond the one that a pixel lies in."""
    return 2 * _BLOCK


def ela(samples: Samples, settings: Settings, place: Place, pooled: float | None) -> Samples:
    """Show |picture - JPEG of the picture| times `gain` per channel, saved at `quality` without chroma subsampling.

    The blocks lie on the grid of the whole picture. After N. Krawetz, "A picture's worth", 2007.
    """
    left, top = -place.origin[0] % _BLOCK, -place.origin[1] % _BLOCK
    deep = is_deep(samples)
    plain = np.asarray(cv2.convertScaleAbs(samples, alpha=1 / 257) if deep else samples, np.uint8)
    picture = np.ascontiguousarray(plain[top:, left:, :3])
    out = np.zeros_like(plain[..., :3])
    if picture.size:
        options = [
            cv2.IMWRITE_JPEG_QUALITY,
            int(number(settings, "quality")),
            cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
            cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
        ]
        _, packed = cv2.imencode(".jpg", picture, options)
        again = cv2.imdecode(packed, cv2.IMREAD_COLOR)
        gain = number(settings, "gain")
        out[top:, left:] = cv2.convertScaleAbs(cv2.absdiff(picture, np.asarray(again, np.uint8)), alpha=gain)
    shown = opaque(out)
    return np.multiply(shown, 257, dtype=np.uint16) if deep else shown
