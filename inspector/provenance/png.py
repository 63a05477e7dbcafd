"""PNG chunks that speak of the making of a picture: tEXt, zTXt, iTXt, eXIf, caBX and ComfyUI's comf.

Format: PNG Specification (Third Edition), W3C, sections 5 and 11.3.3; caBX from the C2PA specification, appendix A.
"""

from __future__ import annotations

import struct

from inspector.provenance.parts import TEXT_LIMIT, Parts, inflate

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHUNK_LIMIT = 200_000
_XMP_KEY = "XML:com.adobe.xmp"


def read(data: bytes) -> Parts:
    """Return the finds of a PNG file. Checksums are not compared, and a file that ends early gives what came whole."""
    parts = Parts("PNG")
    position = len(SIGNATURE)
    for _ in range(_CHUNK_LIMIT):
        if position + 8 > len(data):
            break
        (length,) = struct.unpack_from(">I", data, position)
        kind = data[position + 4 : position + 8]
        start = position + 8
        position = start + length + 4
        if start + length > len(data):
            break
        if kind in _WANTED and length <= TEXT_LIMIT:
            _chunk(parts, kind, data[start : start + length])
        elif kind == b"caBX":
            parts.content_credentials = True
        elif kind == b"IEND":
            break
    return parts


def _chunk(parts: Parts, kind: bytes, body: bytes) -> None:
    if kind == b"IHDR":
        if len(body) >= 8:
            width, height = struct.unpack_from(">II", body)
            parts.size = (width, height)
    elif kind == b"eXIf":
        if parts.take(len(body)):
            parts.exif.append(body)
    else:
        text = _text(kind, body)
        if text is not None and parts.take(len(text[1])):
            _keep(parts, *text)


def _keep(parts: Parts, key: str, value: bytes | str) -> None:
    if key == _XMP_KEY:
        parts.xmp.append(value if isinstance(value, bytes) else value.encode("utf-8", "replace"))
        return
    profile = _raw_profile(key, value)
    if profile is None:
        parts.texts.append((key, value))
    elif profile.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
        parts.xmp.append(profile.partition(b"\0")[2])
    elif "xmp" in key:
        parts.xmp.append(profile)
    else:
        parts.exif.append(profile)


def _text(kind: bytes, body: bytes) -> tuple[str, bytes | str] | None:
    key, found, rest = body.partition(b"\0")
    if not found or not 1 <= len(key) <= 79:
        return None
    name = key.decode("latin-1")
    if kind == b"zTXt":
        plain = inflate(rest[1:]) if rest[:1] == b"\0" else None
        return None if plain is None else (name, plain)
    if kind == b"iTXt":
        return _international(name, rest)
    return name, rest


def _international(name: str, rest: bytes) -> tuple[str, str] | None:
    compressed, method = rest[:1], rest[1:2]
    _language, _, rest = rest[2:].partition(b"\0")
    _translated, found, value = rest.partition(b"\0")
    if not found:
        return None
    if compressed == b"\1":
        plain = inflate(value) if method == b"\0" else None
        if plain is None:
            return None
        value = plain
    return name, value.decode("utf-8", "replace")


def _raw_profile(key: str, value: bytes | str) -> bytes | None:
    """Return the profile that ImageMagick and others store as text: a name, a length, then hexadecimal lines."""
    if key not in {"Raw profile type xmp", "Raw profile type exif", "Raw profile type APP1"}:
        return None
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    lines = text.strip().split("\n", 2)
    if len(lines) < 3:
        return None
    try:
        return bytes.fromhex(lines[2])
    except ValueError:
        return None


_WANTED = frozenset({b"IHDR", b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"comf"})
