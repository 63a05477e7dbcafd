"""What packaging/bootstrap.py does before anything of Inspector is installed."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

from inspector import doctor
from inspector.doctor import Library

ROOT = Path(doctor.__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK_LINES = [
    line
    for line in (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
posix = pytest.mark.skipif(os.name == "nt", reason="shell scripts and symbolic links")


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script as a module that works in a checkout of its own, which holds a lock and a project file only."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "packaging" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    monkeypatch.setattr(sys, "path", list(sys.path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "requirements.lock").write_text("", encoding="utf-8")
    (checkout / "pyproject.toml").write_text("", encoding="utf-8")
    monkeypatch.setattr(module, "ROOT", checkout)
    monkeypatch.setattr(module, "LOCK", checkout / "requirements.lock")
    monkeypatch.setattr(module, "ENVIRONMENT", checkout / ".venv")
    monkeypatch.setattr(module, "_CHECK", "import sys")
    return module


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the machine one with apt-get that lacks two libraries for drawing and one for the window."""
    libraries = {
        "drawing": [Library("libEGL.so.1", "libegl1", "drawing"), Library("libGL.so.1", "libgl1", "drawing")],
        "window": [Library("libxcb-cursor.so.0", "libxcb-cursor0", "window")],
    }
    monkeypatch.setattr(doctor, "missing_libraries", libraries.__getitem__)
    monkeypatch.setattr(doctor.shutil, "which", lambda program: "/usr/bin/x" if program == "apt-get" else None)
    monkeypatch.setattr(sys, "platform", "linux")


def test_that_the_lock_pins_each_package_once_and_names_no_index() -> None:
    assert len(LOCK_LINES) > 30
    assert all(re.fullmatch(r'[A-Za-z0-9_-]+==[0-9][0-9.]*( ; [a-z_]+ == "\w+")?', line) for line in LOCK_LINES)
    names = [_plain(Requirement(line).name) for line in LOCK_LINES]
    assert len(set(names)) == len(names)


def test_that_the_lock_satisfies_the_project_and_everything_it_pulls_in() -> None:
    locked = {_plain(Requirement(line).name): str(Requirement(line).specifier).strip("=") for line in LOCK_LINES}
    project = PROJECT["project"]
    open_ends = [
        *project["dependencies"],
        *project["optional-dependencies"]["test"],
        *PROJECT["build-system"]["requires"],
    ]
    seen: set[str] = set()
    while open_ends:
        requirement = Requirement(open_ends.pop())
        name = _plain(requirement.name)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        assert name in locked, f"requirements.lock lacks {name}; resolve it and add it"
        assert requirement.specifier.contains(locked[name]), f"requirements.lock: {name}, wanted {requirement}"
        if name not in seen:
            seen.add(name)
            try:
                open_ends += importlib.metadata.requires(name) or []
            except importlib.metadata.PackageNotFoundError:
                assert name in ("hatchling", "tomlkit", "trove-classifiers"), f"{name} is not installed"
    assert len(seen) > 30


@pytest.mark.parametrize("arguments", [[], ["build"], ["--help"]])
def test_that_another_command_is_wrong_usage(
    bootstrap: ModuleType, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bootstrap.main(arguments) == 2
    assert "run|test" in capsys.readouterr().err


def test_that_an_old_python_is_told_plainly(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _: None)
    assert bootstrap.main(["run"]) == 3
    assert capsys.readouterr().err == (
        "Inspector needs Python 3.11 or newer, and this is Python 3.9: install a newer one.\n"
    )


@posix
def test_that_an_old_python_hands_over_to_a_newer_one(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = _script(tmp_path / "bin" / "python3.13", f'echo "$@" > "{tmp_path}/heard"; exit 7')
    monkeypatch.setenv("PATH", str(newer.parent))
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    assert bootstrap.main(["test", "-k", "x"]) == 7
    assert (tmp_path / "heard").read_text().split()[1:] == ["test", "-k", "x"]


@posix
@pytest.mark.usefixtures("lacking")
@pytest.mark.parametrize(
    ("command", "packages"),
    [
        ("run", "python-venv libegl1 libgl1"),
        ("test", "python-venv libegl1 libgl1 xvfb openbox xdotool libimage-exiftool-perl libxcb-cursor0"),
    ],
)
def test_that_a_person_gets_one_apt_command_for_everything(
    command: str,
    packages: str,
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(bootstrap, "_can_make_environments", lambda: False)
    monkeypatch.setattr(bootstrap, "_venv_package", lambda: "python-venv")
    monkeypatch.delenv("DISPLAY", raising=False)
    assert bootstrap.main([command]) == 3
    message = capsys.readouterr().err
    assert message.splitlines()[-1].strip() == f"sudo apt-get install {packages}"
    assert not bootstrap.ENVIRONMENT.exists()


@posix
def test_that_a_python_of_another_version_needs_its_own_venv_package(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert bootstrap._venv_package() == f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"


@posix
@pytest.mark.usefixtures("lacking")
def test_that_root_gets_packages_installed_after_fetching_the_lists(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    apt = _script(
        tmp_path / "bin" / "apt-get",
        f'echo "$DEBIAN_FRONTEND $*" >> "{log}"; [ "$1" = update ] || [ "$(wc -l < "{log}")" -gt 2 ]',
    )
    monkeypatch.setenv("PATH", f"{apt.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    bootstrap.prepare_system(window=True)
    install = "noninteractive install --yes --no-install-recommends"
    heard = [line.removeprefix(install).split() for line in log.read_text().splitlines()]
    assert heard[1] == ["noninteractive", "update"]
    assert heard[0] == heard[2]
    assert heard[0][-3:] == ["libegl1", "libgl1", "libxcb-cursor0"]


@posix
@pytest.mark.usefixtures("lacking")
def test_that_a_failing_apt_ends_in_one_sentence(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    apt = _script(tmp_path / "bin" / "apt-get", 'echo "E: no such package" >&2; exit 100')
    monkeypatch.setenv("PATH", f"{apt.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert bootstrap.main(["run"]) == 3
    lines = capsys.readouterr().err.splitlines()
    assert "E: no such package" in lines
    assert lines[-1].startswith("System packages could not be installed; try it by hand: sudo apt-get install")


@posix
def test_that_missing_test_programs_alone_are_a_note(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(doctor, "missing_libraries", lambda _: [])
    monkeypatch.setattr(bootstrap, "_can_make_environments", lambda: True)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(doctor.shutil, "which", lambda program: None if program == "Xvfb" else f"/usr/bin/{program}")
    bootstrap.prepare_system(window=False, tools=True)
    note = capsys.readouterr().out
    assert "skipped" in note
    assert note.splitlines()[-1].strip() == "sudo apt-get install xvfb"


@posix
def test_that_a_complete_environment_is_used_again_until_the_lock_changes(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "_installed", lambda command: steps.append(list(command)))
    python = bootstrap.prepare_environment()
    assert [step[2] for step in steps] == ["ensurepip", "pip", "pip"]
    assert subprocess.run([python, "-c", "print(6 * 7)"], capture_output=True, check=True).stdout == b"42\n"
    steps.clear()
    assert bootstrap.prepare_environment() == python
    assert steps == []
    bootstrap.LOCK.write_text("x==1", encoding="utf-8")
    bootstrap.prepare_environment()
    assert [step[2] for step in steps] == ["pip", "pip"]


@posix
@pytest.mark.parametrize("fault", ["interpreter", "stamp", "moved", "package"])
def test_that_a_broken_environment_is_built_again(
    fault: str, bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    monkeypatch.setattr(bootstrap, "_installed", lambda command: steps.append(command[2]))
    left_over = bootstrap.ENVIRONMENT / "left-over"
    if fault == "package":
        monkeypatch.setattr(bootstrap, "_CHECK", f"import os; assert not os.path.exists({str(left_over)!r})")
    python = Path(bootstrap.prepare_environment())
    left_over.touch()
    stamp = bootstrap.ENVIRONMENT / "inspector-setup.json"
    if fault == "interpreter":
        python.unlink()
    elif fault == "stamp":
        stamp.write_text("{", encoding="utf-8")
    elif fault == "moved":
        stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "checkout": "/elsewhere"}), encoding="utf-8")
    assert not bootstrap._ready()
    steps.clear()
    bootstrap.prepare_environment()
    assert "ensurepip" in steps
    assert not left_over.exists()


def test_that_an_interrupted_set_up_is_not_taken_for_complete(bootstrap: ModuleType) -> None:
    venv.create(bootstrap.ENVIRONMENT, with_pip=False)
    assert not bootstrap._ready()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [("OSError: [Errno 28] No space left on device", "disk is full"), ("Connection refused", "check the network")],
)
def test_that_a_failing_pip_shows_its_output_and_ends_in_one_sentence(
    output: str,
    sentence: str,
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def prepare() -> str:
        bootstrap._installed([sys.executable, "-c", f"print({output!r}); raise SystemExit(1)", "-r", "lock"])
        return sys.executable

    monkeypatch.setattr(bootstrap, "prepare_system", lambda **_: None)
    monkeypatch.setattr(bootstrap, "prepare_environment", prepare)
    assert bootstrap.main(["run"]) == 3
    lines = capsys.readouterr().err.splitlines()
    assert output in lines
    assert sentence in lines[-1]


def test_that_settings_of_pip_reach_pip(bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", "somewhere")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    code = "import json, os, sys; json.dump(dict(os.environ), open(sys.argv[1], 'w'))"
    bootstrap._installed([sys.executable, "-c", code, str(tmp_path / "heard")])
    heard = json.loads((tmp_path / "heard").read_text())
    assert heard["PIP_FIND_LINKS"] == "somewhere"
    assert "PYTHONPATH" not in heard


def test_that_without_a_display_run_writes_the_cards_and_says_where(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started = _observe_starts(bootstrap, monkeypatch)
    monkeypatch.setattr(bootstrap, "CARDS", tmp_path / "cards")
    monkeypatch.setattr(doctor, "display_name", lambda: None)
    assert bootstrap.main(["run"]) == 0
    assert started == [["demo", "--export", str(tmp_path / "cards")]]
    assert capsys.readouterr().out.splitlines()[-1] == f"The demo cards are in {tmp_path / 'cards'}"


def test_that_with_a_display_run_opens_the_demo(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    started = _observe_starts(bootstrap, monkeypatch)
    monkeypatch.setattr(doctor, "display_name", lambda: ":7")
    assert bootstrap.main(["run"]) == 0
    assert bootstrap.main(["run", "a.png", "b.png"]) == 0
    assert started == [["demo"], ["a.png", "b.png"]]


@pytest.mark.parametrize(("source", "code"), [("VALUE = 1\n", 0), ("import os\n", 1)])
def test_that_test_fails_on_style_alone_and_ends_with_the_count(
    source: str,
    code: int,
    bootstrap: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Types of the standard library are read once for all tests.
    settings = f'[tool.mypy]\nfiles = ["thing.py"]\ncache_dir = "{(tmp_path.parent / "types").as_posix()}"\n'
    (bootstrap.ROOT / "pyproject.toml").write_text(settings, encoding="utf-8")
    (bootstrap.ROOT / "thing.py").write_text(source, encoding="utf-8")
    (bootstrap.ROOT / "test_it.py").write_text(
        "def test_one() -> None:\n    assert abs(-1) == 1\n\n\ndef test_two() -> None:\n    assert abs(1) == 1\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(bootstrap, "prepare_system", lambda **_: None)
    monkeypatch.setattr(bootstrap, "prepare_environment", lambda: sys.executable)
    assert bootstrap.main(["test", "-p", "no:cacheprovider"]) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith("2 passed in ")
    assert ("Style: clean." in lines) == (code == 0)
    assert "Types: clean." in lines


def test_that_a_failing_test_is_the_exit_code(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (bootstrap.ROOT / "test_it.py").write_text("def test_one():\n    assert 1 == 2\n", encoding="utf-8")
    monkeypatch.setattr(bootstrap, "prepare_system", lambda **_: None)
    monkeypatch.setattr(bootstrap, "prepare_environment", lambda: sys.executable)
    monkeypatch.setattr(bootstrap, "_check", lambda name, command: True)
    assert bootstrap.main(["test", "-n0", "-p", "no:cacheprovider"]) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("1 failed in ")


def _observe_starts(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    started: list[list[str]] = []

    def start(command: list[str], *, quiet: bool = False) -> int:
        started.append(command[3:])
        return 0

    monkeypatch.setattr(bootstrap, "prepare_system", lambda **_: None)
    monkeypatch.setattr(bootstrap, "prepare_environment", lambda: sys.executable)
    monkeypatch.setattr(bootstrap, "_start", start)
    return started


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _script(path: Path, body: str) -> Path:
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path
