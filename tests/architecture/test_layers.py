"""The house rules that keep the layers apart (see the layer table below); every message says what to do."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import inspector

PACKAGE = Path(inspector.__file__).resolve().parent
LONGEST_MODULE = 400

# Who may import whom. `inspector.doctor` is used by the set-up before anything is installed, so it stands alone.
FOUNDATION = {"errors", "progress", "files"}
MAY_IMPORT: dict[str, set[str]] = {
    "doctor": set(),
    "errors": set(),
    "progress": {"errors"},
    "files": {"errors", "progress"},
    "domain": FOUNDATION,
    "imaging": FOUNDATION | {"domain"},
    "storage": FOUNDATION | {"domain", "imaging"},
    "cards": FOUNDATION | {"domain", "imaging"},
    "provenance": FOUNDATION | {"domain", "imaging"},
    "evaluation": FOUNDATION | {"domain", "imaging"},
    "workbench": FOUNDATION | {"domain", "imaging", "storage", "cards", "provenance", "evaluation"},
    "cli": FOUNDATION | {"domain", "imaging", "storage", "cards", "provenance", "evaluation", "workbench", "doctor"},
    "gui": FOUNDATION | {"domain", "imaging", "storage", "cards", "provenance", "evaluation", "workbench", "doctor"},
    "__main__": {"cli"},
}

QT_BINDINGS = {"PySide6", "shiboken6", "qtpy", "qtawesome", "pyqtgraph"}
PAINTING_FILES = {"inspector.cards.text", "inspector.cards.paint", "inspector.cards.pdf"}
PAINTING_MODULES = ("PySide6.QtGui", "PySide6.QtCore")
CONVERSION = "inspector.gui.convert"
# The command line opens the window by this one import, inside a function: nothing of Qt is loaded for other commands.
WINDOW_ENTRY = ("inspector.cli.main", "inspector.gui.application")
# Modules that hold state because the operating system counts it per process; each with the reason.
PROCESS_WIDE = {"inspector.storage.lock": "POSIX drops all locks of a process on a file when any handle is closed"}
HEAVY = {"scipy", "skimage", "pyqtgraph", "onnxruntime"}

IMMUTABLE_BASES = {"Enum", "StrEnum", "IntEnum", "Flag", "IntFlag", "NamedTuple"}
IMMUTABLE_CLASSES = {"Path", "PurePath", "PurePosixPath", "MappingProxyType", "Decimal", "Fraction", "Struct"} | {
    "Polygon",
    "MultiPolygon",  # geometries of shapely are immutable since 2.0
    "QColor",  # a value that Qt copies wherever it is handed over
}
STATELESS_CLASSES = {"TypeVar", "ParamSpec", "NewType", "Typer", "JSONDecoder", "JSONEncoder", "NullHandler"}
CONTAINERS = {"dict", "list", "set", "bytearray", "defaultdict", "deque", "OrderedDict", "Counter"}


@dataclass(frozen=True)
class Import:
    """One imported module: its full name, the line, and whether it is imported when the module itself is."""

    name: str
    line: int
    at_start: bool


@dataclass(frozen=True)
class Module:
    """One module of Inspector, parsed."""

    name: str
    tree: ast.Module
    lines: int
    imports: tuple[Import, ...]

    @property
    def layer(self) -> str:
        """The layer, which is the name below `inspector`; empty for the package itself."""
        return self.name.split(".")[1] if "." in self.name else ""

    def place(self, line: int) -> str:
        """Name a line for a message."""
        return f"{self.name}, line {line}"


def parse(name: str, source: str, *, package: bool = False, known: frozenset[str] = frozenset()) -> Module:
    """Parse a module; names imported from a package count as modules when they are in `known`."""
    tree = ast.parse(source)
    return Module(name, tree, source.count("\n"), tuple(_imports(tree, name, package=package, known=known)))


Rule = Callable[[Module], Iterator[str]]


@cache
def modules() -> tuple[Module, ...]:
    """Return every module of Inspector."""
    names = {path: _name(path) for path in sorted(PACKAGE.rglob("*.py"))}
    known = frozenset(names.values())
    return tuple(
        parse(name, path.read_text(encoding="utf-8"), package=path.name == "__init__.py", known=known)
        for path, name in names.items()
    )


def layer_faults(module: Module) -> Iterator[str]:
    """Yield imports of our own modules that the layer table forbids."""
    if not module.layer:
        yield from (f"{module.place(i.line)}: inspector/__init__.py imports nothing; move it." for i in module.imports)
        return
    allowed = MAY_IMPORT.get(module.layer)
    if allowed is None:
        yield f"{module.name}: “{module.layer}” is in no layer; put the module into one, or add a row to MAY_IMPORT."
        return
    for found in module.imports:
        parts = found.name.split(".")
        if parts[0] != "inspector" or len(parts) == 1 or parts[1] == module.layer or parts[1] in allowed:
            continue
        if (module.name, found.name) == WINDOW_ENTRY and not found.at_start:
            continue
        yield (
            f"{module.place(found.line)}: {module.layer} must not import {found.name}; move what is shared down into "
            f"{', '.join(sorted(allowed)) or 'the module itself'}, or let a higher layer pass it in."
        )


def qt_faults(module: Module) -> Iterator[str]:
    """Yield imports of Qt outside the window and the three painting files."""
    if module.layer == "gui":
        return
    for found in module.imports:
        if found.name.split(".")[0] not in QT_BINDINGS:
            continue
        if module.name in PAINTING_FILES and found.name.startswith(PAINTING_MODULES):
            continue
        yield (
            f"{module.place(found.line)}: {found.name} belongs in inspector/gui (QtGui also in cards/text.py and "
            "cards/paint.py, cards/pdf.py); pass plain values across the border."
        )


def numpy_faults(module: Module) -> Iterator[str]:
    """Yield imports of numpy in the window outside the file that turns pixels into QImage."""
    for found in module.imports:
        if found.name.split(".")[0] == "numpy" and module.layer == "gui" and module.name != CONVERSION:
            yield f"{module.place(found.line)}: in inspector/gui only convert.py touches numpy; call that."


def domain_faults(module: Module) -> Iterator[str]:
    """Yield imports in the domain that are neither standard library nor ours."""
    for found in module.imports:
        root = found.name.split(".")[0]
        if module.layer == "domain" and root != "inspector" and root not in sys.stdlib_module_names:
            yield f"{module.place(found.line)}: the domain is standard library only; move the use of {root} to imaging."


def weight_faults(module: Module) -> Iterator[str]:
    """Yield slow imports that happen at start-up."""
    for found in module.imports:
        if found.at_start and found.name.split(".")[0] in HEAVY:
            yield f"{module.place(found.line)}: {found.name} is slow to import; import it in the function that uses it."


def painter_faults(module: Module) -> Iterator[str]:
    """Yield painters of the window that a failure would leave active: Qt ends the process when their device goes."""
    ended = {
        id(item.context_expr) for node in ast.walk(module.tree) if isinstance(node, ast.With) for item in node.items
    }
    for node in ast.walk(module.tree):
        made = isinstance(node, ast.Call) and ast.unparse(node.func) == "QPainter"
        if made and module.layer == "gui" and id(node) not in ended:
            yield f"{module.place(node.lineno)}: a painter is made as “with QPainter(...) as painter”, which ends it."


def length_faults(module: Module) -> Iterator[str]:
    """Yield modules that are too long."""
    if module.lines > LONGEST_MODULE:
        yield f"{module.name} has {module.lines} lines, above {LONGEST_MODULE}: two rooms share one wall; split it."


def state_faults(module: Module, immutable: frozenset[str]) -> Iterator[str]:
    """Yield module-level objects that can change; `immutable` are the names of classes whose instances cannot."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Global):
            yield f"{module.place(node.lineno)}: “global” is hidden state; keep it in an object that is passed around."
    for statement in _statements(module.tree.body):
        value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr) else None
        if value is not None and ast.unparse(value) in ("{}", "[]"):
            yield f"{module.place(statement.lineno)}: an empty container here is a hidden register; pass one around."
        for call in _calls(value):
            called = ast.unparse(call.func).split(".")[-1]
            empty = called in CONTAINERS and not call.args and not call.keywords
            instance = called[:1].isupper() and called not in immutable | IMMUTABLE_CLASSES | STATELESS_CLASSES
            if empty or (instance and called not in CONTAINERS):
                yield (
                    f"{module.place(call.lineno)}: {called}(...) at module level is shared by everyone; create it "
                    "where the program is put together, make its class frozen, or keep plain values here."
                )


def cycle(graph: dict[str, set[str]]) -> list[str]:
    """Return one cycle of a directed graph as a path that ends where it begins, or an empty list."""
    done: set[str] = set()

    def visit(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        if node in done:
            return []
        for following in sorted(graph.get(node, ())):
            if found := visit(following, [*path, node]):
                return found
        done.add(node)
        return []

    return next((found for node in sorted(graph) if (found := visit(node, []))), [])


RULES: list[Rule] = [
    layer_faults,
    qt_faults,
    numpy_faults,
    domain_faults,
    weight_faults,
    painter_faults,
    length_faults,
]


@pytest.mark.parametrize("rule", RULES)
def test_that_every_module_keeps_the_rule(rule: Rule) -> None:
    faults = [fault for module in modules() for fault in rule(module)]
    assert not faults, "\n".join(["", *faults])


def test_that_no_module_holds_state() -> None:
    frozen = frozen_classes(modules())
    stateful = {module.name: list(state_faults(module, frozen)) for module in modules()}
    excused = {name for name in PROCESS_WIDE if stateful.pop(name, [])}
    assert excused == set(PROCESS_WIDE), "a module in PROCESS_WIDE holds no state any more; take it out of the table."
    faults = [fault for found in stateful.values() for fault in found]
    assert not faults, "\n".join(["", *faults])


def test_that_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module.name: {i.name for i in module.imports if i.at_start} for module in modules()}
    circle = cycle(graph)
    assert not circle, f"{' → '.join(circle)}: move what they share into a module below both."


def test_that_the_command_line_opens_the_window_in_one_place() -> None:
    entries = [(m.name, i.name) for m in modules() if m.layer == "cli" for i in m.imports if "inspector.gui" in i.name]
    assert entries == [WINDOW_ENTRY], "let every command open the window through the one function in cli/main.py."


def test_that_every_module_was_looked_at() -> None:
    files = [name for _, _, names in os.walk(PACKAGE) for name in names if name.endswith(".py")]
    assert len({module.name for module in modules()}) == len(files) > 30
    by_layer = {layer: [m for m in modules() if m.layer == layer] for layer in MAY_IMPORT if layer != "evaluation"}
    assert all(by_layer.values()), by_layer
    ours = [found for module in modules() for found in module.imports if found.name.startswith("inspector.")]
    foreign = [found for module in modules() for found in module.imports if not found.name.startswith("inspector")]
    assert len(ours) > len(files)
    assert len(foreign) > len(files)
    roots = {found.name.split(".")[0] for found in foreign}
    assert {"numpy", "cv2", "PIL", "PySide6", "typer"} <= roots


@pytest.mark.parametrize(
    ("rule", "name", "source"),
    [
        (layer_faults, "inspector.domain.x", "from inspector.imaging import decode"),
        (layer_faults, "inspector.domain.x", "def f():\n    import inspector.workbench.view"),
        (layer_faults, "inspector.storage.x", "from inspector.cards.layout import y"),
        (layer_faults, "inspector.cards.x", "from inspector.provenance import facts"),
        (layer_faults, "inspector.gui.x", "import inspector.cli.main"),
        (layer_faults, "inspector.gui.canvas.x", "from ...cli import main"),
        (layer_faults, "inspector.cli.open", "def f():\n    from inspector.gui.application import main"),
        (layer_faults, "inspector.cli.main", "from inspector.gui.application import main"),
        (layer_faults, "inspector.cli.main", "def f():\n    from inspector.gui.theme import dark"),
        (layer_faults, "inspector.doctor", "from inspector.errors import InspectorError"),
        (layer_faults, "inspector.elsewhere.x", ""),
        (qt_faults, "inspector.workbench.x", "from PySide6.QtCore import QObject"),
        (qt_faults, "inspector.cards.layout", "from PySide6 import QtGui"),
        (qt_faults, "inspector.cards.text", "from PySide6.QtWidgets import QLabel"),
        (qt_faults, "inspector.cards.paint", "from PySide6 import QtGui, QtWidgets"),
        (numpy_faults, "inspector.gui.canvas.painters", "import numpy as np"),
        (domain_faults, "inspector.domain.shapes", "def f():\n    import numpy"),
        (domain_faults, "inspector.domain.shapes", "from shapely.geometry import Polygon"),
        (weight_faults, "inspector.imaging.x", "from scipy.signal import convolve"),
        (weight_faults, "inspector.imaging.x", "if True:\n    import skimage.measure"),
        (painter_faults, "inspector.gui.x", "def f():\n    painter = QPainter(x)\n    painter.end()"),
        (length_faults, "inspector.imaging.x", "x = 1\n" * 401),
    ],
)
def test_that_a_breach_of_a_rule_is_seen(rule: Rule, name: str, source: str) -> None:
    (fault,) = rule(parse(name, source))
    assert name in fault


@pytest.mark.parametrize(
    ("rule", "name", "source"),
    [
        (layer_faults, "inspector.cli.main", "def f():\n    from inspector.gui.application import main"),
        (layer_faults, "inspector.workbench.x", "from inspector.storage import inspect_file\nimport json"),
        (qt_faults, "inspector.cards.paint", "from PySide6.QtGui import QPainter\nfrom PySide6.QtCore import QRectF"),
        (qt_faults, "inspector.gui.x", "from PySide6.QtWidgets import QWidget"),
        (numpy_faults, "inspector.gui.convert", "import numpy as np"),
        (weight_faults, "inspector.imaging.x", "def f():\n    import scipy.signal"),
        (painter_faults, "inspector.gui.x", "def f():\n    with QPainter(x) as painter:\n        draw(painter)"),
        (length_faults, "inspector.imaging.x", "x = 1\n" * 400),
    ],
)
def test_that_what_the_rules_allow_passes(rule: Rule, name: str, source: str) -> None:
    assert list(rule(parse(name, source))) == []


@pytest.mark.parametrize(
    "source",
    [
        "app = QApplication([])",
        "pool: object = ThreadPoolExecutor(2)",
        "POOLS = (ThreadPoolExecutor(2),)",
        "if True:\n    lock = threading.Lock()",
        "_cache = {}",
        "_seen: set[str] = set()",
        "_register = defaultdict()",
        "def f():\n    global x\n    x = 1",
    ],
)
def test_that_state_at_module_level_is_seen(source: str) -> None:
    assert len(list(state_faults(parse("inspector.gui.x", source), frozenset({"Kind"})))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "KINDS = (Kind(1), Kind(2))",
        "PATTERN = re.compile('x')",
        "TABLE = {1: 2}",
        "ROOT = Path('x')",
        "def f():\n    return QApplication([])",
        "class A:\n    changed = Signal(int)",
        "make = lambda: QApplication([])",
    ],
)
def test_that_constants_at_module_level_pass(source: str) -> None:
    assert list(state_faults(parse("inspector.gui.x", source), frozenset({"Kind"}))) == []


def test_that_a_circle_is_found_and_a_diamond_is_none() -> None:
    assert cycle({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()}) == []
    assert cycle({"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": {"b"}}) == ["b", "c", "d", "b"]


def test_that_names_are_resolved_to_the_modules_they_mean() -> None:
    known = frozenset({"inspector.domain.shapes", "inspector.domain"})
    source = (
        "from inspector.domain import shapes\nfrom . import history\nfrom ..files import write_whole\nimport a.b as c"
    )
    found = parse("inspector.domain.edits", source, known=known | {"inspector.domain.history"}).imports
    assert [i.name for i in found] == ["inspector.domain.shapes", "inspector.domain.history", "inspector.files", "a.b"]
    inside = parse("inspector.domain", "from .shapes import Outline", package=True, known=known).imports
    assert [i.name for i in inside] == ["inspector.domain.shapes"]


def test_that_types_only_imports_obey_the_layers_but_make_no_circle() -> None:
    source = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from inspector.gui.theme import Theme"
    module = parse("inspector.workbench.x", source)
    assert [i.name for i in module.imports if i.at_start] == ["typing"]
    assert len(list(layer_faults(module))) == 1


@pytest.mark.parametrize(("arguments", "codes"), [(["--version"], {0}), (["--help"], {0}), (["doctor"], {0, 3})])
def test_that_the_command_line_starts_without_qt_numpy_and_opencv(arguments: list[str], codes: set[int]) -> None:
    code = (
        "import json, runpy, sys\n"
        "sys.argv = ['inspector', *json.loads(sys.argv[1])]\n"
        "try:\n"
        "    runpy.run_module('inspector', run_name='__main__')\n"
        "except SystemExit as end:\n"
        "    ended = end.code or 0\n"
        "print()\n"
        "print(json.dumps([ended, sorted({name.partition('.')[0] for name in sys.modules})]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(arguments)],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said, _, report = done.stdout.rstrip().rpartition("\n")
    ended, loaded = json.loads(report)
    assert ended in codes
    assert said.strip()
    assert ("typer" in loaded) == (arguments != ["--version"])
    assert {"PySide6", "shiboken6", "numpy", "cv2"}.isdisjoint(loaded)


def test_that_the_window_starts_without_what_is_used_later() -> None:
    code = "import json, sys\nfrom inspector.gui.application import main\nprint(json.dumps(sorted(sys.modules)))\n"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout))
    assert "inspector.gui.main_window" in loaded
    assert _not_needed_at_first(loaded) == []


def test_that_an_empty_window_is_painted_before_what_pictures_need_is_loaded(tmp_path: Path) -> None:
    code = (
        "import json, sys\n"
        "from PySide6.QtCore import QTimer\n"
        "from inspector.gui import application\n"
        "shown = []\n"
        "class Window(application.MainWindow):\n"
        "    def paintEvent(self, event):\n"
        "        super().paintEvent(event)\n"
        "        if not shown:\n"
        "            shown.append(sorted(sys.modules))\n"
        "            self.furnished.connect(self.close)\n"
        "application.MainWindow = Window\n"
        "application.main()\n"
        "print(json.dumps([shown[0], sorted(sys.modules)]))\n"
    )
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "INSPECTOR_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PACKAGE.parent,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    at_first, later = json.loads(done.stdout.rstrip().rpartition("\n")[2])
    assert _not_needed_at_first(set(at_first)) == []
    assert {"numpy", "inspector.gui.comparison", "inspector.gui.canvas.comparison_canvas"} <= set(later)


def _not_needed_at_first(loaded: set[str]) -> list[str]:
    """Return which of the loaded modules an empty window can do without."""
    libraries = {
        "numpy",
        "cv2",
        "shapely",
        "PIL",
        "scipy",
        "skimage",
        "pyqtgraph",
        "qtawesome",
        "qtpy",
        "typer",
        "rich",
    }
    libraries |= {"c2pa", "onnxruntime"}
    ours = (
        "cards.",
        "provenance.",
        "storage.exchange.",
        "gui.dialogs.card",
        "gui.canvas.",
        "gui.panels.",
        "gui.plots.",
    )
    late = tuple(f"inspector.{name}" for name in ours)
    return sorted(name for name in loaded if name.partition(".")[0] in libraries or name.startswith(late))


def frozen_classes(of: tuple[Module, ...]) -> frozenset[str]:
    """Return the names of our classes that cannot change: frozen data classes, enumerations, named tuples."""
    return frozenset(
        node.name
        for module in of
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        and (
            any("dataclass" in (text := ast.unparse(d)) and "frozen=True" in text for d in node.decorator_list)
            or any(ast.unparse(base).split(".")[-1] in IMMUTABLE_BASES for base in node.bases)
        )
    )


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(tree: ast.Module, name: str, *, package: bool, known: frozenset[str]) -> Iterator[Import]:
    at_start = {id(statement) for statement in _statements(tree.body)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, id(node) in at_start)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = name.split(".")
                above = parts[: len(parts) - node.level + package]
                base = ".".join([*above, base] if base else above)
            for alias in node.names:
                full = f"{base}.{alias.name}"
                is_module = full in known or base == "PySide6"
                yield Import(full if is_module else base, node.lineno, id(node) in at_start)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when the module is imported; types-only branches do not."""
    for statement in body:
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test):
            yield from _statements(statement.orelse)
        elif isinstance(statement, ast.If | ast.With | ast.For | ast.While | ast.Try | ast.ClassDef):
            inner = [] if isinstance(statement, ast.ClassDef) else statement.body
            yield from _statements(inner + getattr(statement, "orelse", []) + getattr(statement, "finalbody", []))
            for handler in getattr(statement, "handlers", []):
                yield from _statements(handler.body)
        else:
            yield statement


def _calls(value: ast.AST | None) -> Iterator[ast.Call]:
    """Yield the calls made while an expression is evaluated, not those inside a lambda."""
    if value is None or isinstance(value, ast.Lambda):
        return
    if isinstance(value, ast.Call):
        yield value
    for child in ast.iter_child_nodes(value):
        yield from _calls(child)
