"""The long forms of what the suite does in short, one after the other: `python -m tests.long_forms [NAME ...]`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Form:
    """One long form: its name, what is run, and the settings that make it long."""

    name: str
    words: tuple[str, ...]
    settings: Mapping[str, str] = field(default_factory=dict)


def _tests(*files: str) -> tuple[str, ...]:
    return ("-m", "pytest", "-q", "-p", "no:cacheprovider", *files)


FORMS = (
    Form("corpus", _tests("tests/unit/test_checking.py"), {"INSPECTOR_FLIPS": "150"}),
    Form("kill", _tests("tests/unit/test_kill.py"), {"INSPECTOR_KILL_ROUNDS": "300"}),
    Form("faults", _tests("tests/unit/test_faults.py"), {"INSPECTOR_FAULTS": "all"}),
    Form("machine", _tests("tests/unit/test_workbench_machine.py"), {"INSPECTOR_EXAMPLES": "300"}),
    *(
        Form(
            f"monkey{seed}",
            _tests("tests/gui/test_monkey.py"),
            {"INSPECTOR_MONKEY_STEPS": "3000", "INSPECTOR_MONKEY_SEED": str(seed)},
        )
        for seed in range(2, 6)
    ),
    Form("endurance", ("-m", "tests.endurance", "1000", "10000")),
)


def main(names: list[str]) -> int:
    """Run the named forms, by default all, and tell how each ended; 1 when one failed."""
    chosen = [form for form in FORMS if not names or form.name in names]
    if len(chosen) < len(names):
        sys.stderr.write(f"Choose among: {', '.join(form.name for form in FORMS)}.\n")
        return 2
    failed = []
    with tempfile.TemporaryDirectory() as place:
        figures = Path(place, "figures.txt")
        for form in chosen:
            sys.stdout.write(f"== {form.name}\n")
            sys.stdout.flush()
            before = time.monotonic()
            settings = {**os.environ, **form.settings, "INSPECTOR_FIGURES": str(figures)}
            code = subprocess.run([sys.executable, *form.words], cwd=ROOT, env=settings, check=False).returncode
            sys.stdout.write(f"== {form.name} {'failed' if code else 'passed'} in {time.monotonic() - before:.0f} s\n")
            failed += [form.name] if code else []
        sys.stdout.write(figures.read_text() if figures.exists() else "")
    sys.stdout.write(f"failed: {', '.join(failed)}\n" if failed else "all passed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
