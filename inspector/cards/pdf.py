"""A card as a PDF: text as text, pictures without loss."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QColor, QPageLayout, QPageSize, QPainter, QPdfWriter

from inspector.cards.encode import PAYLOAD_FILE
from inspector.cards.formats import CardMetadata
from inspector.cards.paint import paint_card
from inspector.cards.placed import CardLayout
from inspector.cards.seen import composed
from inspector.cards.spec import CardRequest
from inspector.errors import ExportFault
from inspector.imaging.raster import Pixels


def pdf_of(
    layouts: Sequence[CardLayout],
    request: CardRequest,
    metadata: CardMetadata,
    payload: bytes | None = None,
    pictures: Sequence[Sequence[Pixels]] | None = None,
) -> bytes:
    """Return a PDF with a page per layout: text as text, pictures without loss, the XMP packet as given.

    A card pixel is 0.75 points (1/96 inch). `payload` is attached as a file. `pictures` of each page are
    composed already, or made here. Raises `ExportFault` when it cannot be made or lacks a page or the packet.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPdfVersion(QPdfWriter.PdfVersion.PdfVersion_1_6)
    writer.setResolution(96)
    writer.setTitle(metadata.title)
    writer.setCreator(metadata.creator)
    if metadata.xmp:
        writer.setDocumentXmpMetadata(metadata.xmp)
    if payload is not None:
        writer.addFileAttachment(PAYLOAD_FILE, payload, "application/json")
    painter = QPainter()
    try:
        for place, layout in enumerate(layouts):
            size = QPageSize(QSizeF(layout.width * 0.75, layout.height * 0.75), QPageSize.Unit.Point, "card")
            writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
            begun = writer.newPage() if place else painter.begin(writer)
            if not begun:
                raise ExportFault("The PDF cannot be made.", hint="Write a PNG instead.")
            painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
            # Pages have whole points, which may be a little more than the card.
            painter.fillRect(QRectF(0, 0, layout.width + 2, layout.height + 2), QColor(request.theme.background))
            paint_card(painter, layout, request, pictures[place] if pictures else composed(layout, request))
    finally:
        if painter.isActive():
            painter.end()
    data = bytes(buffer.data().data())
    pages = len(_PDF_PAGE.findall(data))
    if pages != len(layouts) or (metadata.xmp and metadata.xmp not in data):
        raise ExportFault("The PDF does not read back as it was made.", hint="Write a PNG instead.")
    return data


_PDF_PAGE = re.compile(rb"/Type\s*/Page\b")
