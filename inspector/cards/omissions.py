"""What a card has no room for, in words: nothing the user wrote goes missing without being said."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.cards.boxes import ELLIPSIS, BadgeItem, Item, TextItem
from inspector.cards.legend import zone_tag
from inspector.cards.spec import CardMark, CardRequest

_WHOLE = {
    "title": "title",
    "axis": "axis",
    "criterion": "criterion",
    "label": "model name",
    "version": "version",
    "note": "note",
    "zone": "zone name",
    "changed": "what was changed",
    "run": "name of a run",
    "negative": "negative prompt",
    "settings": "settings",
}
"""Items whose text should be whole, and what it is called. A prompt that is cut says where the rest is."""


def left_out(request: CardRequest, shown: Sequence[CardMark], items: Sequence[Item]) -> tuple[str, ...]:
    """Return a sentence about what an overview of `request` with flaws `shown` leaves out for want of room, or none."""
    names = {item.name for item in items}
    found = [f"the {name}" for name in ("axis", "criterion") if getattr(request, name).strip() and name not in names]
    tags = {item.text for item in items if isinstance(item, BadgeItem) and item.name == "zone tag"}
    zones = sum(bool(zone.shapes) and zone_tag(zone) not in tags for zone in request.zones)
    if zones:
        found.append("the zone outlines" if zones == len(request.zones) else f"{zones} of {len(request.zones)} zones")
    listed = {item.text for item in items if isinstance(item, BadgeItem) and item.name == "number"}
    unlisted = sum(str(mark.number) not in listed for mark in shown)
    if unlisted:
        found.append(f"{unlisted} of {len(shown)} flaws in the legend")
    noted = sum(bool(mark.note.strip()) for mark in shown)
    missing = noted - sum(_has_note(item) for item in items)
    if missing > 0:
        found.append(f"{missing} of {noted} notes")
    if request.negative.strip() and "negative" not in names:
        found.append("the negative prompt")
    if request.settings and "settings" not in names:
        found.append("the settings")
    if request.prompt.strip() and "prompt" not in names:
        found.append("the prompt")
    if not found:
        return ()
    last = f" and {found[-1]}" if len(found) > 1 else found[-1]
    return (f"No room for {', '.join(found[:-1])}{last}; a taller size or a shorter prompt makes some.",)


def cut_short(items: Sequence[Item]) -> tuple[str, ...]:
    """Return a sentence about texts that end behind a mark although they should be whole, or none."""
    found = {
        _WHOLE[item.name]: None
        for item in items
        if isinstance(item, TextItem) and item.name in _WHOLE and item.lines and item.lines[-1].endswith(ELLIPSIS)
    }
    return (f"Cut short: {', '.join(found)}.",) if found else ()


def _has_note(item: Item) -> bool:
    return isinstance(item, TextItem) and item.about.startswith("note:")
