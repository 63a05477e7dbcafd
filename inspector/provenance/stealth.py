"""Text hidden in the lowest bits of the pixels of a PNG file, as NovelAI, SwarmUI and stealth_pnginfo write it.

Format: NovelAI/novelai-image-metadata, nai_meta.py (alpha); catboxanon/comfyui_stealth_pnginfo (alpha and RGB). Column
by column, one bit per pixel of alpha or three of red, green and blue: a signature of 15 letters, the number of bits
that follow as 32 bits, then UTF-8, as gzip where the signature ends in “comp”.
"""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from inspector.provenance.bounded import parse_object
from inspector.provenance.carrier import Carrier, texts_carrier
from inspector.provenance.parts import GZIP, TEXT_LIMIT, inflate
from inspector.provenance.png import SIGNATURE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PIXEL_LIMIT = 50_000_000
"""Most pixels of a picture that is searched."""

_KEY_LIMIT = 64
_CHUNK_LIMIT = 200_000
_SIGNATURE_LENGTH = 15
_HEAD_LENGTH = _SIGNATURE_LENGTH + 4
_CHANNELS = {2: 3, 6: 4}
_PLACES = (
    ("the alpha channel", slice(3, 4), b"stealth_png"),
    ("the colour channels", slice(0, 3), b"stealth_rgb"),
)


class Hidden(NamedTuple):
    """One hidden text: where it was (“the alpha channel”), as it stands, and ready for the readers."""

    place: str
    text: str
    carrier: Carrier


def carriers(data: bytes) -> Iterator[Hidden]:
    """Yield every hidden text of a PNG file with 8 bits per channel; nothing for other files. Decodes the picture."""
    pixels = _pixels(data)
    if pixels is None:
        return
    for name, channels, signature in _PLACES:
        if pixels.shape[2] >= channels.stop and (text := _hidden(pixels[:, :, channels], signature)):
            yield Hidden(name, text, _carrier(text))


def _pixels(data: bytes) -> NDArray[np.uint8] | None:
    """Return the pixels as rows x columns x 3 or 4 (sRGB or not, as stored), or None."""
    picture = _bare(data)
    if picture is None:
        return None
    import numpy as np
    from PIL import Image

    from inspector.imaging.refusals import DECODER_FAULTS

    try:
        with Image.open(io.BytesIO(picture), formats=("PNG",)) as image:
            pixels = np.asarray(image)
    except DECODER_FAULTS:
        return None
    return pixels if pixels.ndim == 3 and pixels.dtype == np.uint8 else None


def _bare(data: bytes) -> bytes | None:
    """Return the PNG with nothing but its pixels, so that no other chunk can mislead or stop the decoder."""
    if not data.startswith(SIGNATURE) or data[12:16] != b"IHDR" or len(data) < 33:
        return None
    width, height, depth, colour = struct.unpack_from(">IIBB", data, 16)
    if depth != 8 or colour not in _CHANNELS or not 0 < width * height <= PIXEL_LIMIT:
        return None
    kept = [SIGNATURE]
    position = len(SIGNATURE)
    for _ in range(_CHUNK_LIMIT):
        if position + 12 > len(data):
            break
        (length,) = struct.unpack_from(">I", data, position)
        end = position + 12 + length
        kind = data[position + 4 : position + 8]
        if kind in {b"IHDR", b"IDAT", b"IEND"}:
            kept.append(data[position:end])
        if kind == b"IEND":
            break
        position = end
    return b"".join(kept)


def _hidden(channels: NDArray[np.uint8], signature: bytes) -> str:
    """Return the text in the lowest bits of `channels` (rows x columns x channels), or an empty text."""
    head = _bytes(channels, 0, _HEAD_LENGTH)
    mark, length = head[:_SIGNATURE_LENGTH], int.from_bytes(head[_SIGNATURE_LENGTH:], "big") // 8
    if len(head) < _HEAD_LENGTH or mark not in {signature + b"info", signature + b"comp"}:
        return ""
    if not 0 < length <= min(TEXT_LIMIT, channels.size // 8 - _HEAD_LENGTH):
        return ""
    body: bytes | None = _bytes(channels, _HEAD_LENGTH, length)
    if mark.endswith(b"comp"):
        body = inflate(body or b"", window=GZIP)
    return (body or b"").decode("utf-8", "replace").strip()


def _bytes(channels: NDArray[np.uint8], start: int, length: int) -> bytes:
    """Return `length` bytes from byte `start` on of the lowest bits, column by column; fewer where they end."""
    import numpy as np

    height, _, count = channels.shape
    columns = -(-(start + length) * 8 // (height * count))
    bits = (channels[:, :columns] & 1).transpose(1, 0, 2).reshape(-1)
    return np.packbits(bits[start * 8 : (start + length) * 8]).tobytes()


def _carrier(text: str) -> Carrier:
    """Return a hidden text as the texts of a PNG file: the keys of its object, or “parameters” as a whole."""
    values = parse_object(text)
    if values is None or "sui_image_params" in values:
        return texts_carrier([("parameters", text)])
    pairs = list(values.items())[:_KEY_LIMIT]
    return texts_carrier([(key, value if isinstance(value, str) else json.dumps(value)) for key, value in pairs])
