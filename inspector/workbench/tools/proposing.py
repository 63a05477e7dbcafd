"""What all assisted tools share: proposals are shown first, then taken with Enter or dropped with Escape."""

from __future__ import annotations

from inspector.domain.benchmark import Zone, new_id
from inspector.domain.edits import AddZone, Edit, SetShape, Several
from inspector.domain.shapes import Shape, bounds
from inspector.workbench.tools.base import IGNORED, Context, Found, Outcome, Pointer, Preview, Tool, Wanted


class Proposing(Tool):
    """Holds what was found until the user takes or drops it.

    B shows what the proposal started from instead, and takes that: a snap can be worse than its start.
    """

    def __init__(self) -> None:
        self.panel = ""
        self.found: tuple[Found, ...] = ()
        self.use_before = False
        self._asked: Wanted | None = None

    def ask(self, wanted: Wanted, preview: Preview | None = None) -> Outcome:
        """Ask for long work; answers to older questions no longer count."""
        self._asked = wanted
        self.panel = wanted.panel
        return Outcome(preview, work=wanted)

    def answered(self, wanted: Wanted, found: tuple[Found, ...], note: str, context: Context) -> Outcome:
        """Take in what was found, if it is still what was asked for."""
        if wanted != self._asked:
            return IGNORED
        self.found = found
        self.use_before = False
        return Outcome(self.proposal(context) if found else self.idle(context, note))

    def idle(self, context: Context, note: str = "") -> Preview | None:
        """Return what is shown while there is no proposal."""
        return Preview(self.panel, hint=note) if note else None

    def proposal(self, context: Context) -> Preview:
        """Return the preview of what was found."""
        shown = tuple((self._chosen(one), self._colour(one, context)) for one in self.found)
        before = () if self.use_before else tuple(one.before for one in self.found if one.before is not None)
        doubts = "; ".join(dict.fromkeys(one.note.rstrip(". ") for one in self.found if one.note))
        keys = "Enter takes it, Esc drops it" + (", B shows what it started from" if before else "")
        return Preview(self.panel, more=shown, before=before, hint=f"{doubts}. {keys}." if doubts else f"{keys}.")

    def accept(self, context: Context) -> Outcome:
        """Turn what was found into one edit: shapes of zones that exist, and zones that do not exist yet."""
        edits: list[Edit] = []
        taken: set[str] = set()
        last = ""
        for one in self.found:
            zone = self._zone_for(one, context, taken)
            if zone is None:
                kind = context.taxonomy.zone_kind(one.kind)
                zone = Zone(new_id(), kind.id, _free_name(one.name or kind.name, context), kind.colour)
                edits.append(AddZone(context.run.id, zone))
            taken.add(zone.id)
            edits.append(SetShape(context.run.id, zone.id, self.panel, self._chosen(one)))
            last = last or zone.id
        names = ", ".join(dict.fromkeys(one.name.lower() for one in self.found))
        self.drop()
        return Outcome(edit=Several(tuple(edits), text=f"mark {names}"), zone=last)

    def _zone_for(self, one: Found, context: Context, taken: set[str]) -> Zone | None:
        """The zone that a thing belongs to: the selected one for a single thing, else the one of its kind and name.

        A second thing of a kind on one panel (the other lens of a pair of glasses) becomes a zone of its own.
        """
        selected = context.zone
        if len(self.found) == 1 and selected is not None:
            return None if self._is_elsewhere(one, selected) else selected
        for zone in context.run.zones:
            if zone.kind == one.kind and zone.name.startswith(one.name) and zone.id not in taken:
                exact = zone.name == one.name or zone.name.removeprefix(one.name).strip().isdigit()
                if exact and not self._is_elsewhere(one, zone):
                    return zone
        return None

    def _is_elsewhere(self, one: Found, zone: Zone) -> bool:
        present = zone.shapes.get(self.panel)
        if present is None or zone.kind != "glasses-rim" or one.kind != zone.kind:
            return False
        return bounds(present).intersection(bounds(one.shape)).empty

    def _chosen(self, one: Found) -> Shape:
        return one.before if self.use_before and one.before is not None else one.shape

    def _colour(self, one: Found, context: Context) -> str:
        selected = context.zone
        if len(self.found) == 1 and selected is not None:
            return selected.colour
        return context.taxonomy.zone_kind(one.kind).colour

    def proposal_key(self, name: str, context: Context) -> Outcome | None:
        """Answer the keys of a proposal, or None when there is none or the key is another."""
        if not self.found:
            return None
        if name == "Enter":
            return self.accept(context)
        if name == "Escape":
            self.drop()
            return Outcome()
        if name == "B":
            self.use_before = not self.use_before
            return Outcome(self.proposal(context))
        return None

    def drop(self) -> None:
        """Forget the proposal and the question."""
        self.found, self._asked, self.use_before = (), None, False

    def double(self, pointer: Pointer, context: Context) -> Outcome:
        """A double click takes a proposal."""
        return self.accept(context) if self.found else IGNORED


def _free_name(name: str, context: Context) -> str:
    names = {zone.name for zone in context.run.zones}
    number = 2
    while name in names:
        name = f"{name.rstrip('0123456789').rstrip()} {number}"
        number += 1
    return name
