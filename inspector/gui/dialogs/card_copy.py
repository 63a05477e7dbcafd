"""The card on the clipboard: painted and packed by a worker, so that the window goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage

from inspector.cards.encode import encode_card
from inspector.cards.formats import CardMetadata
from inspector.cards.pages import lay_out_pages
from inspector.cards.paint import painted, pixels_of
from inspector.cards.spec import CardRequest
from inspector.cards.text import TypeMeasure
from inspector.domain.benchmark import Benchmark
from inspector.domain.geometry import Rect
from inspector.errors import ExportFault, InspectorError
from inspector.gui.jobs import Jobs
from inspector.progress import Progress
from inspector.workbench.card_export import require_pictures
from inspector.workbench.card_options import VIEW, CardOptions, options_from
from inspector.workbench.cards import card_request, shown_runs
from inspector.workbench.workbench import Workbench


@dataclass(frozen=True, slots=True)
class _Copy:
    image: QImage
    png: bytes


def copy_card(
    workbench: Workbench,
    jobs: Jobs,
    viewport_rect: Rect | None,
    done: Callable[[], None],
    failed: Callable[[InspectorError], None],
    *,
    benchmark: Benchmark | None = None,
    options: CardOptions | None = None,
    page: int = 0,
    ready: QImage | None = None,
) -> None:
    """Put the card of the present run on the clipboard, as it is in `benchmark` if given: as `options` say, else an
    overview of what the view shows with the kept settings. Of several pages it is `page`, counted from 0; one that is
    painted already comes as `ready`.

    The clipboard holds the pixels and a PNG without any metadata. `done` or `failed` is called in the window's thread.
    Raises `InspectorError` when there is no card to make.
    """
    source = benchmark or workbench.benchmark
    run = workbench.run
    if run is None:
        raise ExportFault("A card needs at least one picture.", hint="Open two pictures first.")
    chosen = options or replace(options_from(source.card), crop=VIEW, kind="overview")
    run = source.run(run.id)
    for shown in shown_runs(source, run, chosen):
        require_pictures(shown, workbench.loaded)
    request = card_request(source, run, chosen, workbench.loaded, workbench.taxonomy, viewport_rect)
    jobs.run(
        partial(_made, request, page, ready),
        partial(_put, done),
        title="Copying the card",
        key="copy card",
        failed=failed,
    )


def _made(request: CardRequest, page: int, ready: QImage | None, progress: Progress) -> _Copy:
    image = ready
    if image is None:
        layouts = lay_out_pages(request, TypeMeasure())
        progress.step(0.4)
        image = painted(layouts[min(page, len(layouts) - 1)], request)
    progress.step(0.8)
    # Programs ask for a PNG when they paste; without one the window would have to make it then.
    return _Copy(image, encode_card(pixels_of(image), CardMetadata(), "png"))


def _put(done: Callable[[], None], copied: _Copy) -> None:
    data = QMimeData()
    data.setImageData(copied.image)
    data.setData("image/png", copied.png)
    QGuiApplication.clipboard().setMimeData(data)
    done()
