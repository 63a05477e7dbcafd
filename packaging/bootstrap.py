"""Sets Inspector up in the folder .venv of this checkout, then runs or tests it: bootstrap.py run|test [ARGUMENTS].

Standard library only. Exit code 3 means that the set-up could not be finished; any other comes from what was started.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # `inspector.doctor` is standard library only and knows what the system must have
ENVIRONMENT = ROOT / ".venv"
LOCK = ROOT / "packaging" / "requirements.lock"
CARDS = ROOT / "demo-cards"
OLDEST = (3, 11)
SETUP_FAILED = 3

# Programs that a few tests drive, and the Debian packages that hold them. Without one, its tests are skipped.
TEST_TOOLS = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "exiftool": "libimage-exiftool-perl",
}
_CHECK = (
    "import importlib.util, inspector, PySide6.QtCore; "
    "assert all(map(importlib.util.find_spec, ('numpy', 'cv2', 'PIL', 'shapely', 'typer', 'pytest')))"
)
_CLOSING = re.compile(r"\b\d+ (passed|failed|errors?|skipped|deselected)\b.* in [\d.]+s|\bno tests ran\b")


class SetupFailedError(Exception):
    """The set-up cannot go on; the message is one plain sentence for the person at the terminal."""


def main(arguments: Sequence[str]) -> int:
    """Run `bootstrap.py ARGUMENTS` and return its exit code."""
    if not arguments or arguments[0] not in ("run", "test"):
        print("Usage: bootstrap.py run|test [ARGUMENTS]", file=sys.stderr)
        return 2
    if sys.version_info[:2] < OLDEST:
        return _with_newer_python(arguments)
    try:
        return run(arguments[1:]) if arguments[0] == "run" else test(arguments[1:])
    except SetupFailedError as failure:
        print(failure, file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(f"The set-up stopped: {error.strerror or error} ({error.filename or ROOT}).", file=sys.stderr)
    return SETUP_FAILED


def run(arguments: Sequence[str]) -> int:
    """Open the demo comparison, or write its cards if no display answers; with arguments, run Inspector with them."""
    from inspector import doctor

    display = doctor.display_name()
    prepare_system(window=bool(display) and not arguments)
    python = prepare_environment()
    if arguments:
        return _start([python, "-m", "inspector", *arguments])
    if display:
        say("Opening the demo comparison.")
        return _start([python, "-m", "inspector", "demo"])
    say("No display answers, so the demo cards are written instead of shown.")
    code = _start([python, "-m", "inspector", "demo", "--export", str(CARDS)])
    if code == 0:
        say(f"The demo cards are in {CARDS}")
    return code


def test(arguments: Sequence[str]) -> int:
    """Check style, formatting and types, then run the tests; pytest's closing line is the last one printed."""
    prepare_system(window=False, tools=True)
    python = prepare_environment()
    checks = {
        "Style": [python, "-m", "ruff", "check"],
        "Formatting": [python, "-m", "ruff", "format", "--check"],
        "Types": [python, "-m", "mypy"],
    }
    failed = [name for name, command in checks.items() if not _check(name, command)]
    code, closing = _pytest([python, "-m", "pytest", "-n", "2", "-q", "-rs", *arguments])
    if failed:
        say(f"Not clean, see above: {', '.join(failed)}.")
        say(closing)
    return code or (1 if failed else 0)


def prepare_system(*, window: bool, tools: bool = False) -> None:
    """Install the system packages that are missing when that is allowed, otherwise say how.

    Without what drawing needs (and, if `window`, what a window needs) the set-up fails; programs that only some tests
    drive (`tools`) are worth a note.
    """
    from inspector import doctor

    needed = [] if _ready() or _can_make_environments() else [_venv_package()]
    needed += [library.package for library in doctor.missing_libraries("drawing")]
    for_window = [library.package for library in doctor.missing_libraries("window")] if window or tools else []
    optional = [package for program, package in TEST_TOOLS.items() if tools and shutil.which(program) is None]
    (needed if window else optional).extend(for_window)
    if not sys.platform.startswith("linux") or not needed + optional:
        return
    line = doctor.apt_line(needed + optional)
    if line and os.geteuid() == 0:
        say(f"Installing system packages: {', '.join(dict.fromkeys(needed + optional))}.")
        if _apt(needed + optional) or (needed and _apt(needed)):
            return
        if not needed:
            say("They could not be installed; the tests that need them are skipped.")
            return
        raise SetupFailedError(f"System packages could not be installed; try it by hand: {line}")
    how = f"install them with:\n    {line}" if line else f"install what provides: {', '.join(needed + optional)}"
    if needed:
        raise SetupFailedError(f"System packages are missing; {how}")
    say(f"Some test tools are missing, so the tests that need them are skipped; {how}")


def prepare_environment() -> str:
    """Make `.venv` hold the locked packages and this checkout; return the path of its Python."""
    python = _python()
    wanted = _stamp()
    if not _ready():
        say("Setting up Python packages in .venv: about a minute the first time.")
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        venv.create(ENVIRONMENT, with_pip=False, symlinks=os.name != "nt")
        _installed([python, "-m", "ensurepip", "--default-pip"])
    elif _stamp_file().read_text(encoding="utf-8") == wanted:
        return python
    else:
        say("Bringing the Python packages in .venv up to date.")
    pip = [python, "-m", "pip", "install", "--prefer-binary"]
    _installed([*pip, "-r", str(LOCK)])
    _installed([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
    if _start([python, "-I", "-c", _CHECK], quiet=True) != 0:
        raise SetupFailedError(f"The installed packages do not start; try again after removing {ENVIRONMENT}")
    _stamp_file().write_text(wanted, encoding="utf-8")
    return python


def say(sentence: str) -> None:
    """Tell the person at the terminal what happens."""
    print(sentence, flush=True)


def _with_newer_python(arguments: Sequence[str]) -> int:
    for minor in range(30, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            return subprocess.call([newer, str(Path(__file__)), *arguments])
    found = ".".join(map(str, sys.version_info[:2]))
    print(f"Inspector needs Python 3.11 or newer, and this is Python {found}: install a newer one.", file=sys.stderr)
    return SETUP_FAILED


def _can_make_environments() -> bool:
    return importlib.util.find_spec("ensurepip") is not None


def _venv_package() -> str:
    """Debian leaves ensurepip out of its Python; the package name carries a version for all but its default Python."""
    default = Path("/usr/bin/python3")
    if default.exists() and default.resolve() == Path(sys.executable).resolve():
        return "python3-venv"
    return f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"


def _python() -> str:
    return str(ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def _stamp_file() -> Path:
    return ENVIRONMENT / "inspector-setup.json"


def _stamp() -> str:
    """Describe what `.venv` must hold: it changes when the lock, the project file or the place of the checkout does."""
    digest = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return json.dumps({"checkout": str(ROOT), "requirements": digest})


def _ready() -> bool:
    """Whether `.venv` was completed for this very checkout and its Python still starts with everything in it."""
    try:
        made_for = json.loads(_stamp_file().read_text(encoding="utf-8"))["checkout"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return made_for == str(ROOT) and _start([_python(), "-I", "-c", _CHECK], quiet=True) == 0


def _apt(packages: Sequence[str]) -> bool:
    """Install Debian packages as root; package lists that are missing or stale are fetched on the second try."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *dict.fromkeys(packages)]
    for command in (install, ["apt-get", "update"], install):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, errors="replace", check=False)
        if command is install and done.returncode == 0:
            return True
    print(done.stdout[-2000:], done.stderr[-2000:], sep="\n", file=sys.stderr)
    return False


def _installed(command: Sequence[str]) -> None:
    """Run a step of the installation quietly; its output appears only when it fails."""
    environment = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", **_clean_environment()}
    done = subprocess.run(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode == 0:
        return
    output = done.stdout.decode(errors="replace")
    print(output[-4000:], file=sys.stderr)
    if "No space left" in output:
        raise SetupFailedError(f"The disk is full: free about 1.5 GB where {ENVIRONMENT} is, then start again.")
    if "-r" in command:
        raise SetupFailedError(
            "The Python packages could not be installed, see above: check the network and pip's settings, "
            "then start again."
        )
    raise SetupFailedError(f"The Python environment in {ENVIRONMENT} could not be made, see above.")


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}


def _start(command: Sequence[str], *, quiet: bool = False) -> int:
    """Run a program to its end and return its exit code as a shell would see it; 127 when it is not there."""
    sink = subprocess.DEVNULL if quiet else None
    try:
        code = subprocess.run(command, env=_clean_environment(), stdout=sink, stderr=sink, check=False).returncode
    except OSError:
        return 127
    return code if code >= 0 else 128 - code


def _check(name: str, command: Sequence[str]) -> bool:
    done = subprocess.run(
        command, cwd=ROOT, env=_clean_environment(), capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode == 0:
        say(f"{name}: clean.")
        return True
    say(f"{name}: not clean.\n{done.stdout}{done.stderr}")
    return False


def _pytest(command: Sequence[str]) -> tuple[int, str]:
    """Run pytest, passing its output through; return its exit code and its closing line."""
    closing = "no tests ran"
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=_clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if _CLOSING.search(line):
                closing = line.strip()
    code = process.returncode
    return (code if code >= 0 else 128 - code), closing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
