"""Content Credentials opened with the optional c2pa library: the manifests of a file as JSON.

Format: C2PA specification 2.x, through the `Reader` of contentauth/c2pa-python. Nothing is fetched from the network.
"""

from __future__ import annotations

import importlib.util
import io

from inspector.files import plain_text
from inspector.provenance.bounded import Json, parse_object

_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WebP": "image/webp",
    "AVIF": "image/avif",
    "HEIF": "image/heif",
}
_OFFLINE = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}


def available() -> bool:
    """Return whether the extra [c2pa] is installed."""
    return importlib.util.find_spec("c2pa") is not None


def manifests(data: bytes, form: str) -> Json | None:
    """Return the manifests of the file `data` of the format `form` (“PNG”), or None without the library, without
    manifests, and where they cannot be read."""
    if form not in _TYPES or not available():
        return None
    try:
        import c2pa

        with (
            c2pa.Settings.from_dict(_OFFLINE) as settings,
            c2pa.Context(settings) as context,
            c2pa.Reader(_TYPES[form], io.BytesIO(data), context=context) as reader,
        ):
            text = reader.json()
    # The library is native, optional and of any version: its own faults, a missing function and a library that cannot
    # be loaded all mean the same, that nothing could be opened.
    except Exception:  # noqa: BLE001
        return None
    return parse_object(plain_text(text)) if isinstance(text, str) else None
