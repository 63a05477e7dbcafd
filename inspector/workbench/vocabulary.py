"""Loads the vocabulary shipped with the program."""

from __future__ import annotations

import json

from inspector.domain.taxonomy import Taxonomy, read_taxonomy
from inspector.errors import SetupFault
from inspector.files import resource


def load_taxonomy() -> Taxonomy:
    """Return the taxonomy in resources/. Raises `SetupFault` when the installation lacks or damaged it."""
    path = resource("taxonomy.json")
    try:
        return read_taxonomy(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise SetupFault("The flaw taxonomy is damaged.", hint="Install Inspector again.", path=path) from error
