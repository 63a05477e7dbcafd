"""Writes docs/errors.md from the sentences in the code: `python -m tests.errors_page`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import inspector
from inspector import errors

PACKAGE = Path(inspector.__file__).resolve().parent
PAGE = PACKAGE.parent / "docs" / "errors.md"
KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
"""The classes of what a user can be told."""

SECTIONS = (
    (
        "Pictures and other files that are opened",
        "The file is not there, not a picture, damaged or too large. It is never changed; what was open stays open.",
        (
            "files.py",
            "imaging",
            "provenance",
            "gui/openings.py",
            "workbench/opening.py",
            "workbench/checking.py",
            "workbench/images.py",
        ),
    ),
    (
        "Benchmark files",
        "The disk is full, read-only or gone, the file is open elsewhere, was changed by another program, or is none "
        "of ours. What was committed is on the disk; what is in the window waits and is written with the next change.",
        (
            "storage",
            "workbench/workbench.py",
            "workbench/embedding.py",
            "workbench/sharing.py",
            "workbench/relinking.py",
            "workbench/creating.py",
        ),
    ),
    (
        "Cards",
        "The card has no room for what it should show, its format cannot hold it, or the place cannot be written to. "
        "An older card of that name stays as it was.",
        ("cards", "workbench/card", "workbench/archive.py", "workbench/guarding.py", "workbench/native"),
    ),
    (
        "Other programs",
        "A file of another program is not what it seems, or an export would replace something that is not an export.",
        (
            "storage/exchange",
            "workbench/exchanging.py",
            "workbench/importing.py",
            "workbench/taking.py",
            "gui/dialogs/exchange.py",
        ),
    ),
    (
        "Zones, alignment, lenses and models",
        "What was clicked or asked for does not fit this picture, or a model of your own is not as its manifest says.",
        ("imaging/zones", "imaging/lenses", "workbench"),
    ),
    ("The window", "Something needed for this step is not there yet.", ("gui",)),
    (
        "The command line",
        "The command contradicts itself or names something that is not there (exit code 2), or the machine lacks "
        "something (exit code 3).",
        ("cli",),
    ),
)
"""Title, cause and modules; the longest matching beginning of a module's path decides."""

HEAD = """# What Inspector can tell you

Every problem is one sentence that says what happened and one that says what to do. “…” stands for a name, a number or
the system's own reason. Whatever happened, the picture files are never changed, old files stay unless the new one is
complete, and what is open stays open. Anything else is a fault of Inspector: the window then offers a report to copy,
without names of files, folders or people, and the details are in `inspector.log` (at most 512 KB and two older ones) in
the data folder, which `inspector doctor` names; `inspector --debug COMMAND` shows them in the terminal.

| reason at the end of a sentence | cause | remedy |
| --- | --- | --- |
| the disk is full; your disk quota is used up | no room for the new file | free some space, or choose another folder |
| the disk is read-only; you may not write there | permissions, a protected disk or share | choose another folder |
| the disk reported an error | a failing or unplugged disk | save a copy on another disk at once |
| another program is using it | a synchronizing or backup program holds the file | close it and try again |
| its content is damaged | a broken download or disk | open a backup copy |
| a window that has it open could not finish writing | its disk failed during a change | see what it says |
"""


def page() -> str:
    """Return the whole page."""
    parts = [HEAD]
    rows: dict[str, set[tuple[str, str]]] = {title: set() for title, _, _ in SECTIONS}
    for path, sentence, remedy in sentences():
        rows[_section(path)].add((sentence, remedy))
    for title, cause, _ in SECTIONS:
        parts.append(f"## {title}\n\n{cause}\n\n| sentence | what to do |\n| --- | --- |")
        parts[-1] += "".join(f"\n| {sentence} | {remedy} |" for sentence, remedy in sorted(rows[title])) + "\n"
    return "\n".join(parts)


@cache
def sentences() -> tuple[tuple[str, str, str], ...]:
    """Return module, sentence and remedy of everything that is raised; what is passed on from elsewhere is left out."""
    return tuple(_sentences())


def _sentences() -> Iterator[tuple[str, str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = dict(_assigned(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS and node.args:
                sentence = _tidy(_plain(node.args[0], names))
                remedy = _tidy(next((_plain(key.value, names) for key in node.keywords if key.arg == "hint"), ""))
                if sentence.strip("… .:"):
                    yield path.relative_to(PACKAGE).as_posix(), sentence, remedy


def _assigned(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value


def _plain(node: ast.expr, names: dict[str, ast.expr], depth: int = 0) -> str:
    match node:
        case ast.Constant(str(text)):
            found = text
        case ast.JoinedStr(values):
            found = "".join(_plain(value, names, depth) for value in values)
        case ast.IfExp(_, first, second):
            both = dict.fromkeys(text for one in (first, second) if (text := _plain(one, names, depth)))
            found = " *or* ".join(both)
        case ast.Name(name) if name in names and depth < 3:
            found = _plain(names[name], names, depth + 1)
        case _:
            found = "…"
    return found


def _tidy(text: str) -> str:
    return re.sub(r"…( ?…)+", "…", " ".join(text.split())).replace("|", "\\|")


def _section(path: str) -> str:
    def fits(beginnings: tuple[str, ...]) -> int:
        return max((len(one) for one in beginnings if path.startswith(one)), default=-1)

    return max(SECTIONS, key=lambda section: fits(section[2]))[0]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
