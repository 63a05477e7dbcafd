"""The catalogue of everything a user can be told is complete, and each sentence is one."""

from __future__ import annotations

from tests.errors_page import PAGE, SECTIONS, page, sentences


def test_that_the_catalogue_has_every_sentence() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run “python -m tests.errors_page” and read what it added."


def test_that_the_scan_saw_the_program() -> None:
    found = sentences()
    assert len(found) > 200
    assert len({path for path, _, _ in found}) > 50
    assert all(title in page() for title, _, _ in SECTIONS)


def test_that_every_sentence_ends_as_one_and_names_no_class() -> None:
    for path, sentence, remedy in sentences():
        assert sentence.endswith((".", "…", "?", ".”")), f"{path}: {sentence}"
        assert not remedy or remedy.endswith((".", "…", "?", ")", ":")), f"{path}: {remedy}"
        assert "Error" not in sentence, f"{path}: {sentence}"
