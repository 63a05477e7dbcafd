"""All pages of a card of any kind, laid out."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from inspector.cards.boxes import Item, TextItem, TextMeasure
from inspector.cards.closeups import closeup_pages
from inspector.cards.flawsheet import flaw_pages
from inspector.cards.layout import lay_out
from inspector.cards.placed import CardLayout
from inspector.cards.promptpage import prompt_pages
from inspector.cards.series import series_pages
from inspector.cards.sheet import paged
from inspector.cards.spec import MOST_PAGES, CardRequest
from inspector.cards.verdict import verdict_pages
from inspector.domain.geometry import Rect

_WIDEST = f"{MOST_PAGES} / {MOST_PAGES}"


def lay_out_pages(request: CardRequest, measure: TextMeasure) -> tuple[CardLayout, ...]:
    """Return the pages of a card, all of one size; an overview has one.

    Raises `ExportFault` when a kind has nothing to show, or the size no room.
    """
    right = request.brand.place == "bottom-right"
    if request.kind == "overview":
        return (lay_out(_cover(request), measure),)
    if request.kind == "carousel":
        return _numbered(_carousel(replace(paged(request), page=_WIDEST), measure), right=right)
    return _numbered(_plain(replace(request, page=_WIDEST), measure), right=right)


def _plain(request: CardRequest, measure: TextMeasure) -> list[CardLayout]:
    match request.kind:
        case "closeups":
            return closeup_pages(request, measure)
        case "flaws":
            return flaw_pages(request, measure)
        case "prompt":
            return prompt_pages(request, measure)
        case "series":
            return series_pages(request, measure)
        case "overview" | "carousel":
            raise ValueError(f"{request.kind} is laid out by itself")
        case _:
            assert_never(request.kind)


def _cover(request: CardRequest) -> CardRequest:
    outlined = tuple(zone for zone in request.zones if zone.area is None) if request.outlines else ()
    return replace(request, zones=outlined)


def _carousel(request: CardRequest, measure: TextMeasure) -> list[CardLayout]:
    """Return cover, a page per zone, flaw sheet, verdict and prompt, in `MOST_PAGES` pages at most."""
    cover = lay_out(_cover(replace(request, verdicts=(), measures=()) if request.verdicts else request), measure)
    verdict = verdict_pages(request, measure)
    has_prompt = bool(request.prompt.strip() or request.negative.strip())
    has_flaws = bool(request.marks or any(names for _, names in request.checks))
    room = MOST_PAGES - 1 - len(verdict) - has_prompt - has_flaws
    zones = request.zones[:room]
    pages = [cover]
    if zones:
        pages += closeup_pages(replace(request, zones=zones), measure, apart=True, kicker=request.title or "Close-up")
    if has_flaws:
        pages += flaw_pages(request, measure, most_pages=MOST_PAGES - len(pages) - len(verdict) - has_prompt)
    pages += verdict
    if has_prompt:
        pages += prompt_pages(request, measure, most_pages=MOST_PAGES - len(pages))
    left_out = len(request.zones) - len(zones)
    if left_out:
        said = f"{left_out} zones found no page: a carousel has {MOST_PAGES} pages at most."
        pages[0] = replace(cover, warnings=(*cover.warnings, said))
    return pages


def _numbered(pages: list[CardLayout], *, right: bool) -> tuple[CardLayout, ...]:
    """Return the pages with their numbers in the place that was kept for the widest; a lone page has none."""

    def told(item: Item, number: int) -> Item:
        if isinstance(item, TextItem) and item.name == "page":
            return replace(item, lines=(f"{number} / {len(pages)}",))
        return item

    if len(pages) == 1:
        return (_unnumbered(pages[0], right=right),)
    return tuple(
        replace(page, items=tuple(told(item, number) for item in page.items)) for number, page in enumerate(pages, 1)
    )


def _unnumbered(page: CardLayout, *, right: bool) -> CardLayout:
    """Return a lone page without its number; a brand mark that stood beside it takes its place."""
    number = next(iter(page.named("page")), None)
    if number is None:
        return page

    edge = min(item.rect.x for item in page.items)

    def moved(item: Item) -> Item:
        if item.rect.x <= edge:
            return item
        beside = right and item.name == "brand" and abs(item.rect.center.y - number.rect.center.y) < number.rect.height
        if not beside or item.rect.x > number.rect.x or number.rect.x - item.rect.right > number.rect.height:
            return item
        x = number.rect.right - item.rect.width
        return replace(item, rect=Rect(x, item.rect.y, item.rect.width, item.rect.height))

    return replace(page, items=tuple(moved(item) for item in page.items if item is not number))
