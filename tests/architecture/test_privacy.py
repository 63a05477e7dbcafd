"""Nothing leaves this machine, nothing foreign is executed, and nothing of ours lies open to others."""

from __future__ import annotations

import ast
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.files import write_whole
from inspector.storage.drafts import drafts_folder, new_draft_path
from tests.architecture.test_layers import Module, modules, parse
from tests.cli.terminal import benchmark_file, environment, picture

NETWORK = {"socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "telnetlib", "xmlrpc", "asyncio"} | {
    *("requests", "httpx", "aiohttp", "urllib3", "websockets", "PySide6.QtNetwork", "PySide6.QtWebEngineWidgets")
}
FOREIGN_CODE = {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle", "code", "imp"}
EXCUSED = {
    ("inspector.doctor", "socket"): "asks the socket of the display on this machine whether it answers",
    (
        "inspector.cards.pdf_process",
        "pickle",
    ): "hands a card to a child of its own, over a pipe of theirs",
}
RUNNING = {"eval", "exec", "compile", "__import__"}
RICH = {
    "QTextDocument",
    "QTextBrowser",
    "QStaticText",
    "setHtml",
    "insertHtml",
    "appendHtml",
    "RichText",
    "MarkdownText",
}


def faults(module: Module) -> Iterator[str]:
    """Yield what reaches for the network, or runs what a file says."""
    for found in module.imports:
        for banned in NETWORK | FOREIGN_CODE:
            same = found.name == banned or found.name.startswith(f"{banned}.")
            if same and (module.name, banned) not in EXCUSED:
                yield f"{module.place(found.line)}: {found.name}"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RUNNING:
            yield f"{module.place(node.lineno)}: {node.func.id}()"
        if isinstance(node, ast.keyword) and node.arg == "shell" and not isinstance(node.value, ast.Constant):
            yield f"{module.place(node.value.lineno)}: shell"
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            yield f"{module.place(node.value.lineno)}: allow_pickle"


def rich_text(module: Module) -> Iterator[str]:
    """Yield what shows text as markup."""
    for node in ast.walk(module.tree):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if name in RICH:
            yield f"{module.place(getattr(node, 'lineno', 0))}: {name}"


def test_that_nothing_reaches_for_the_network_or_runs_what_a_file_says() -> None:
    assert [fault for module in modules() for fault in faults(module)] == []
    held = {(m.name, i.name.split(".")[0]) for m in modules() for i in m.imports}
    assert set(EXCUSED) <= held, "take out of EXCUSED what is imported no more"


def test_that_cards_and_dialogs_have_no_markup_to_fall_into() -> None:
    assert [fault for module in modules() for fault in rich_text(module)] == []


@pytest.mark.parametrize(
    "source",
    [
        "import socket",
        "def f():\n    import urllib.request",
        "from http.client import X",
        "import pickle",
        "eval('1')",
        "from PySide6.QtNetwork import QTcpSocket",
        "np.load(x, allow_pickle=True)",
    ],
)
def test_that_a_breach_is_seen(source: str) -> None:
    assert len(list(faults(parse("inspector.workbench.x", source)))) == 1


def test_that_every_command_and_the_window_work_with_sockets_denied(tmp_path: Path) -> None:
    benchmark_file(tmp_path)
    picture(tmp_path / "c.png", "Aurora")
    done = subprocess.run(
        [sys.executable, "-m", "tests.sockets_denied", str(tmp_path)],
        env=environment(QT_QPA_PLATFORM="offscreen", INSPECTOR_DATA=str(tmp_path / "data")),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.skipif(sys.platform == "win32", reason="no permission bits")
def test_that_what_is_ours_can_be_read_by_the_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSPECTOR_DATA", str(tmp_path / "data"))
    new_draft_path()
    assert [stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "data", drafts_folder())] == [0o700, 0o700]
    seen: list[int] = []
    replace = os.replace

    def look(source: str, target: str) -> None:
        seen.append(stat.S_IMODE(Path(source).stat().st_mode))
        replace(source, target)

    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (seen.append(stat.S_IMODE(os.fstat(handle).st_mode)), real(handle)))
    write_whole(tmp_path / "card.png", b"private until it is whole")
    assert seen[0] == 0o600
