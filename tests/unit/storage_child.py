"""A child process that edits a benchmark file until it is killed, or while its disk is full."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from pathlib import Path

from inspector.domain.benchmark import Benchmark, Flaw, ImageRef, Panel, Run, Zone
from inspector.domain.edits import AddFlaw, AddZone, ChangeBenchmark, RemoveFlaw, SetShape
from inspector.domain.geometry import Point, Size
from inspector.domain.history import History
from inspector.domain.shapes import Outline, Spot
from inspector.errors import StorageFault
from inspector.storage.inspect_file import InspectFile


def start() -> History:
    """The benchmark that every child begins with."""
    image = ImageRef("ab" * 32, 1234, Size(640, 480), "/nowhere/a.png")
    return History(Benchmark("b", runs=(Run("r", "run", panels=(Panel("a", "A", image),)),)))


def next_history(history: History, number: int) -> History:
    """Return the history after the random action with that number; the same for the same number and history.

    The criterion counts the actions that changed something, so that every state is different from all others.
    """
    dice = random.Random(number)
    action = dice.randrange(8)
    if action == 0 and history.past:
        return history.undone()
    if action == 1 and history.future:
        return history.redone()
    present = history.present
    run = present.runs[0]
    edit: ChangeBenchmark | AddFlaw | RemoveFlaw | AddZone | SetShape
    if action == 2 and run.flaws:
        edit = RemoveFlaw("r", dice.choice(run.flaws).id)
    elif action == 3:
        edit = AddZone("r", Zone(f"z{number}", "teeth", f"Zone {number}", "#ffffff"))
    elif action == 4 and run.zones:
        points = tuple(Point(dice.random() * 640, dice.random() * 480) for _ in range(dice.randrange(3, 400)))
        edit = SetShape("r", dice.choice(run.zones).id, "a", Outline(points))
    elif action == 5:
        edit = ChangeBenchmark("title", f"title {number} " + "x" * dice.randrange(9000), typing=True)
    else:
        edit = AddFlaw("r", Flaw(f"f{number}", "a", "", "teeth.fused", 2, Spot(Point(number, number))))
    after = replace(edit.apply(present), criterion=str(number))
    return history.pushed(after, edit.text, edit.merge_key)


def edit_until_killed(path: Path, first: int) -> None:
    """Do the actions from `first` on for ever, saying the number of each once it is committed."""
    file, history, _ = InspectFile.open(path)
    if file.read_only:
        sys.exit("the lock of a killed process is still there")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    number = first
    while True:
        history = next_history(history, number)
        file.record(history)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        number += 1


def edit_on_a_full_disk(path: Path, seed: int) -> None:
    """Edit while files may not grow beyond a limit that comes and goes; say how many writes failed.

    Exits with an error unless after each failure the file holds the last committed state, or the one whose commit was
    under way, and the next write that succeeds catches up.
    """
    import resource

    dice = random.Random(seed)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    file, history, _ = InspectFile.open(path)
    committed = history
    failures = 0
    for number in range(150):
        history = next_history(history, number + seed * 1000)
        if dice.random() < 0.5:
            limit = dice.choice([0, 512, 4096, path.stat().st_size, path.stat().st_size + dice.randrange(20_000)])
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            file.record(history)
            committed = history
        except StorageFault:
            failures += 1
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        other, found, _ = InspectFile.open(path, read_only=True)
        other.close()
        if found != committed:
            sys.exit(f"after action {number} the file holds something else than what was committed")
    file.record(history)
    file.close()
    again, found, _ = InspectFile.open(path)
    again.close()
    if found != history:
        sys.exit("the last write did not catch up")
    sys.stdout.write(f"{failures}\n")


if __name__ == "__main__":
    {"kill": edit_until_killed, "full": edit_on_a_full_disk}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
