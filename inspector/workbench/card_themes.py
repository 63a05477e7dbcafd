"""Card themes that can be chosen: the shipped ones and the user's own."""

from __future__ import annotations

from pathlib import Path

from inspector import files
from inspector.cards.catalogue import card_theme, card_themes
from inspector.cards.spec import CardTheme
from inspector.cards.themes import user_themes


def themes_folder() -> Path:
    """Return the folder of the user's themes, which may not be there. Raises `SetupFault` without a data folder."""
    return files.data_folder() / "themes"


def all_themes() -> tuple[dict[str, CardTheme], tuple[str, ...]]:
    """Return all themes by id, shipped ones first, and a sentence for each file of the user that is none."""
    shipped = card_themes()
    own, problems = user_themes(themes_folder(), frozenset(shipped))
    return {**shipped, **own}, problems


def theme_named(theme_id: str) -> CardTheme:
    """Return a theme by its id; raises `WrongUsage` that lists the known ones."""
    shipped = card_themes()
    # The user's folder is looked into only when it can matter.
    return shipped[theme_id] if theme_id in shipped else card_theme(theme_id, all_themes()[0])
