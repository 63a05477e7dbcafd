"""What `inspector.doctor` finds out about a machine."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from inspector import doctor
from inspector.doctor import Finding

ROOT = Path(doctor.__file__).resolve().parent.parent
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at shared libraries of Linux")


@pytest.mark.parametrize(
    ("python", "pyside", "shiboken", "level"),
    [
        ((3, 11), "6.11.3", "6.11.3", "ok"),
        ((3, 11), "6.9.1", "6.9.1", "ok"),
        ((3, 12), "6.12.0", "6.12.0", "ok"),
        ((3, 11), "6.12.0", "6.12.0", "problem"),
        ((3, 12), "6.11.0", "6.11.0", "problem"),
        ((3, 12), "6.11.1", "6.11.1", "problem"),
        ((3, 12), "6.9.0", "6.9.0", "problem"),
        ((3, 12), "6.11.3", "6.11.2", "problem"),
        ((3, 12), "6.11.3", None, "problem"),
        ((3, 12), None, None, "problem"),
    ],
)
def test_that_only_pairs_of_python_and_pyside_that_work_pass(
    python: tuple[int, int], pyside: str | None, shiboken: str | None, level: str
) -> None:
    finding = doctor.pyside_finding(python, pyside, shiboken)
    assert finding.level == level
    assert finding.ok == (finding.remedy == "")


@on_linux
def test_that_each_library_is_really_loaded_and_the_missing_ones_are_named() -> None:
    asked: list[str] = []

    def load(soname: str) -> None:
        asked.append(soname)
        if "cursor" in soname or "libX11-xcb" in soname:
            raise OSError(soname)

    missing = doctor.missing_libraries("window", load)
    assert asked == [library.soname for library in doctor.LIBRARIES if library.purpose == "window"]
    assert [library.package for library in missing] == ["libx11-xcb1", "libxcb-cursor0"]


@on_linux
@pytest.mark.parametrize(("platform", "purposes"), [("offscreen", {"drawing"}), ("xcb", {"drawing", "window"})])
def test_that_the_list_of_libraries_holds_all_that_the_installed_qt_links_to(platform: str, purposes: set[str]) -> None:
    spec = importlib.util.find_spec("PySide6")
    assert spec is not None
    assert spec.origin is not None
    qt = Path(spec.origin).parent
    bundled = {path.name: path for path in [*qt.glob("Qt/lib/*"), *qt.glob("lib*.so*"), *qt.parent.glob("shiboken6/*")]}
    open_ends = [qt / "QtGui.abi3.so", qt / "QtWidgets.abi3.so", qt / f"Qt/plugins/platforms/libq{platform}.so"]
    outside, seen = set(), set()
    while open_ends:
        library = open_ends.pop()
        for name in _needed(library):
            if name not in bundled:
                outside.add(name)
            elif name not in seen:
                seen.add(name)
                open_ends.append(bundled[name])
    of_every_linux = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libgcc_s.so.1"}
    known = {library.soname for library in doctor.LIBRARIES if library.purpose in purposes}
    assert len(seen) > 4
    assert {name for name in outside - of_every_linux if not name.startswith("ld-linux")} == known


@on_linux
def test_that_a_remedy_is_one_command_for_everything_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "which", lambda program: f"/usr/bin/{program}")
    findings = [
        Finding("First", "problem", "missing a", "Run: x", ("liba1", "libb2")),
        Finding("Second", "warning", "missing b", "Run: y", ("libb2", "libc3")),
    ]
    command = "sudo apt-get install liba1 libb2 libc3"
    assert doctor.to_text(findings).splitlines()[-1].strip() == command
    assert json.loads(doctor.to_json(findings))["install"] == command


def test_that_no_apt_command_is_given_where_there_is_no_apt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    assert doctor.apt_line(["libgl1"]) == ""


def test_that_nothing_missing_needs_no_command() -> None:
    assert doctor.apt_line([]) == ""
    assert "apt-get" not in doctor.to_text([Finding("All", "ok", "well")])


def test_that_the_report_says_what_is_wrong_in_json_and_text() -> None:
    findings = [Finding("Fonts", "warning", "none for “日本”", "Install one."), Finding("Disk", "problem", "full")]
    report = json.loads(doctor.to_json(findings))
    assert report["ok"] is False
    assert report["findings"][0] == {
        "name": "Fonts",
        "ok": False,
        "level": "warning",
        "detail": "none for “日本”",
        "remedy": "Install one.",
    }
    text = doctor.to_text(findings)
    assert "PROBLEM  Disk: full" in text
    assert "Install one." in text


def test_that_warnings_alone_are_no_problem() -> None:
    assert not doctor.has_problem([Finding("a", "warning", "b"), Finding("c", "ok", "d")])
    assert doctor.has_problem([Finding("a", "ok", "b"), Finding("c", "problem", "d")])


def test_that_this_machine_is_examined_whole() -> None:
    findings = {finding.name: finding for finding in doctor.examine()}
    assert len(findings) == 9
    for name in ("Python and PySide6", "Libraries for drawing", "Data folder", "Card font", "Picture formats"):
        assert findings[name].ok, findings[name]
    assert findings["Data folder"].detail == os.environ["INSPECTOR_DATA"]
    assert all(finding.remedy for finding in findings.values() if not finding.ok)


def test_that_a_data_folder_that_cannot_exist_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"x")
    monkeypatch.setenv("INSPECTOR_DATA", str(tmp_path / "file"))
    finding = next(finding for finding in doctor.examine() if finding.name == "Data folder")
    assert finding.level == "problem"
    assert "INSPECTOR_DATA" in finding.remedy


def test_that_looking_at_the_data_folder_does_not_make_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "not" / "yet"
    monkeypatch.setenv("INSPECTOR_DATA", str(folder))
    finding = next(finding for finding in doctor.examine() if finding.name == "Data folder")
    assert finding.ok
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("free", "level"), [(10_000_000, "problem"), (500_000_000, "warning"), (5_000_000_000, "ok")])
def test_that_little_space_is_said(free: int, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = doctor.shutil.disk_usage(Path.cwd())._replace(free=free)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage)
    assert next(finding for finding in doctor.examine() if finding.name == "Free space").level == level


@on_linux
def test_that_a_missing_window_library_is_a_problem_only_with_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "missing_libraries", lambda purpose: [doctor.Library("libq.so.1", "libq1", purpose)])
    levels = []
    for display in (None, ":7"):
        monkeypatch.setattr(doctor, "display_name", lambda display=display: display)
        levels.append({finding.name: finding.level for finding in doctor.examine()})
    assert [found["Libraries for the window"] for found in levels] == ["warning", "problem"]
    assert [found["Libraries for drawing"] for found in levels] == ["problem", "problem"]
    assert [found["Display"] for found in levels] == ["warning", "ok"]


@on_linux
def test_that_a_display_counts_only_when_it_answers(tmp_path: Path) -> None:
    number = 60_000 + os.getpid() % 5_000
    environment = {"DISPLAY": f":{number}.0"}
    assert doctor.display_name(environment) is None
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0/tmp/.X11-unix/X{number}")
        server.listen()
        assert doctor.display_name(environment) == f":{number}.0"
        assert doctor.display_name({**environment, "QT_QPA_PLATFORM": "offscreen"}) is None
        assert doctor.display_name({**environment, "QT_QPA_PLATFORM": "minimal:x=1"}) is None
    assert doctor.display_name(environment) is None


@on_linux
def test_that_a_wayland_display_counts_only_when_it_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path has about 100 characters at most
    environment = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": "."}
    assert doctor.display_name(environment) is None
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("wayland-7")
        server.listen()
        assert doctor.display_name(environment) == "wayland-7"
    assert doctor.display_name(environment) is None


@on_linux
@pytest.mark.parametrize("display", ["", "nonsense", ":", ":x", "host:"])
def test_that_an_odd_display_name_is_no_display(display: str) -> None:
    assert doctor.display_name({"DISPLAY": display}) is None


def test_that_the_doctor_loads_neither_qt_nor_numpy_nor_opencv() -> None:
    code = (
        "import sys; from inspector import doctor; doctor.to_text(doctor.examine()); "
        "print(sorted({'PySide6', 'shiboken6', 'numpy', 'cv2'} & {name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _needed(path: Path) -> list[str]:
    """Return the DT_NEEDED names of a little-endian 64-bit ELF file (System V ABI, chapters 4 and 5)."""
    data = path.read_bytes()
    if data[:6] != b"\x7fELF\x02\x01":
        return []
    table, size, count = *struct.unpack_from("<Q", data, 32), *struct.unpack_from("<HH", data, 54)
    headers = [struct.unpack_from("<IIQQQQQQ", data, table + size * index) for index in range(count)]
    loads = [(address, offset, length) for kind, _, offset, address, _, length, _, _ in headers if kind == 1]
    offset, length = next((h[2], h[5]) for h in headers if h[0] == 2)
    entries = [struct.unpack_from("<qQ", data, at) for at in range(offset, offset + length, 16)]
    strings = next(value for tag, value in entries if tag == 5)
    start = next(strings - address + at for address, at, size in loads if address <= strings < address + size)
    names = [start + value for tag, value in entries if tag == 1]
    return [data[at : data.index(b"\0", at)].decode() for at in names]
