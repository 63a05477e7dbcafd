"""The user's own themes: used when they are sound, said and left out when not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.cards.catalogue import card_themes
from inspector.cards.themes import user_themes
from inspector.errors import WrongUsage
from inspector.files import resource
from inspector.workbench.card_themes import all_themes, theme_named, themes_folder


def _row(**changes: object) -> dict[str, object]:
    first = json.loads(resource("cards", "themes.json").read_text("utf-8"))["themes"][0]
    return {**first, "id": "mine", "name": "Mine", **changes}


def _write(folder: Path, name: str, content: object) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")


def test_that_a_sound_theme_is_offered_after_the_shipped_ones() -> None:
    _write(themes_folder(), "mine.json", _row(background="#001122", comment="unknown fields are ignored"))
    themes, problems = all_themes()
    assert list(themes) == [*card_themes(), "mine"]
    assert problems == ()
    assert theme_named("mine").background == "#001122"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "not JSON"),
        ("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "not JSON"),
        ("[" * 5000, "not JSON"),
        ([], "not one object"),
        ({"id": "x"}, "it lacks name"),
        (_row(id="  "), "“id” is not a short text"),
        (_row(text="white"), "“text” is not a colour"),
        (_row(accents=["#ffffff"] * 6), "6 different colours"),
        (_row(accents=[1, 2, 3, 4, 5, 6]), "“accents” is not a colour"),
        (_row(margin=-1), "“margin” is not a whole number"),
        (_row(gutter=True), "“gutter” is not a whole number"),
        (_row(text="#222222"), "contrast of"),
        (_row(id="studio"), "is taken"),
    ],
)
def test_that_a_bad_theme_gives_one_sentence_and_the_others_stay(tmp_path: Path, content: object, why: str) -> None:
    _write(tmp_path / "themes", "bad.json", content)
    _write(tmp_path / "themes", "good.json", _row())
    themes, (problem,) = user_themes(tmp_path / "themes", frozenset(card_themes()))
    assert list(themes) == ["mine"]
    assert "“bad.json” is left out" in problem
    assert why in problem


def test_that_a_folder_that_is_not_there_holds_no_themes(tmp_path: Path) -> None:
    assert user_themes(tmp_path / "none") == ({}, ())


def test_that_an_unknown_theme_lists_those_of_the_user_too() -> None:
    _write(themes_folder(), "mine.json", _row())
    with pytest.raises(WrongUsage) as caught:
        theme_named("neon")
    assert "minimal, mine" in caught.value.hint
