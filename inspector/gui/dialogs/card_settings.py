"""The settings of a card, as a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from inspector.cards.catalogue import card_sizes
from inspector.cards.formats import FORMATS, LOSSY
from inspector.cards.spec import KINDS, CardSize, CardTheme
from inspector.domain.benchmark import Zone
from inspector.gui.dialogs.card_brand import CardBrandField
from inspector.gui.dialogs.card_zones import CardZones
from inspector.gui.dialogs.parts import GAP, plain_label
from inspector.workbench.card_options import LONGEST, LONGEST_DESCRIPTION, VIEW, WHOLE, CardOptions
from inspector.workbench.card_places import CardPlace

_LONGEST_LINE = 2000
_CLOSE = ("closeups", "carousel")
_CROPPED = ("overview", "carousel")
_ZOOMS = [("0", "As suits them"), *((str(zoom), f"{zoom}00 %") for zoom in (1, 2, 3, 4, 6, 8))]


class CardSettings(QWidget):
    """Shows card options, title and axis, and says what the user made of them.

    `changed(CardOptions)`, `title_edited(str)`, `axis_edited(str)` come from the user only, never from `fill`.
    """

    changed = Signal(object)
    title_edited = Signal(str)
    axis_edited = Signal(str)

    def __init__(
        self,
        zones: tuple[Zone, ...],
        themes: Mapping[str, CardTheme],
        parent: QWidget | None = None,
        *,
        places: tuple[CardPlace, ...] = (),
    ) -> None:
        super().__init__(parent)
        self._options = CardOptions()
        crops = [(VIEW, "What the view shows"), (WHOLE, "The whole picture")]
        self.kind = self._choice("Kind", list(KINDS.items()))
        self.card_size = self._choice("Size", [(size.id, size_text(size)) for size in card_sizes().values()])
        self.theme = self._choice("Theme", [(theme.id, theme.name) for theme in themes.values()])
        self.crop = self._choice("Crop", [*crops, *((zone.id, f"Zone: {zone.name}") for zone in zones)])
        self.chosen = CardZones(zones, places, self)
        self.zoom = self._choice("Zoom of close-ups", _ZOOMS)
        self.title = self._line("Title", "What is compared")
        self.axis = self._line("Axis", "left smoother, right more photoreal")
        self.brand_field = CardBrandField(self)
        self.brand = self.brand_field.text
        self.prompt = QCheckBox("Prompt", self)
        self.zones = QCheckBox("Zone outlines", self)
        self.marks = QCheckBox("Flaw marks and legend", self)
        self.notes = QCheckBox("Notes on flaws", self)
        self.generated = QCheckBox("Made with generative AI", self)
        self.archive = QCheckBox("Can be opened again", self)
        self.lens = QCheckBox("Through the lens that is on", self)
        self._lens_on = ""
        self.turned = QCheckBox("Turned as aligned", self)
        self.turned.setToolTip("Off: every panel upright, as its pixels are")
        self._boxes = (
            *(self.prompt, self.zones, self.marks, self.notes),
            *(self.lens, self.turned, self.generated, self.archive),
        )
        self.prompt.setToolTip("Off: the prompt is not in the metadata either")
        self.generated.setToolTip("Networks may label the post. Off: the metadata say that the origin is not known")
        self.archive.setToolTip(
            "Your notes and all marks go with the card, in PNG and PDF inside, else beside it. For yourself"
        )
        self.format = self._choice("Format", list(FORMATS.items()))
        self.quality = QSpinBox(self)
        self.quality.setRange(1, 100)
        self.quality.setAccessibleName("Quality")
        self.most = QSpinBox(self)
        self.most.setRange(0, 999_000)
        self.most.setSingleStep(100)
        self.most.setSuffix(" kB")
        self.most.setSpecialValueText("Any size")
        self.most.setAccessibleName("Fit under")
        self.most.setToolTip("The quality is lowered until each file fits")
        self.prompt_writer = self._line("Prompt by", "Who wrote the prompt", LONGEST)
        self.creator = self._line("Creator", "Who made the card", LONGEST)
        self.rights = self._line("Rights", "© 2026 …", LONGEST)
        self.long_description = self._line("Description", "What is to be seen, for screen readers", LONGEST_DESCRIPTION)
        self._people = {
            "prompt_writer": self.prompt_writer,
            "creator": self.creator,
            "rights": self.rights,
            "long_description": self.long_description,
        }
        self._lay_out()
        self._connect()

    def fill(self, options: CardOptions, title: str, axis: str) -> None:
        """Show these settings; nothing is emitted, and a line that already says so keeps its cursor."""
        self._options = options
        blockers = [QSignalBlocker(child) for child in self.findChildren(QWidget)]
        for combo, value in (
            (self.kind, options.kind),
            (self.card_size, options.size),
            (self.theme, options.theme),
            (self.crop, options.crop),
            (self.zoom, str(options.zoom)),
            (self.format, options.format),
        ):
            combo.setCurrentIndex(max(0, combo.findData(value)))
        people = ((line, str(getattr(options, name))) for name, line in self._people.items())
        for line, text in ((self.title, title), (self.axis, axis), *people):
            if line.text() != text:
                line.setText(text)
        for box, on in (
            (self.prompt, options.prompt),
            (self.zones, options.zones),
            (self.marks, options.marks),
            (self.notes, options.notes),
            (self.generated, options.generated),
            (self.archive, options.archive),
            (self.lens, bool(options.lens)),
            (self.turned, options.turned),
        ):
            box.setChecked(on)
        self.quality.setValue(options.quality)
        self.most.setValue(options.max_bytes // 1000)
        self.chosen.fill(options.chosen)
        self.brand_field.fill(options)
        for blocker in blockers:
            blocker.unblock()
        self._suit()

    def offer_lens(self, text: str) -> None:
        """Offer what the pictures are seen through now; empty for no lens."""
        self._lens_on = text
        tip = f"{text}. The card says so. Off: the pictures as they are" if text else "No lens is on"
        self.lens.setToolTip(escape(tip))
        self._suit()

    def offer_turning(self, possible: bool) -> None:
        """Offer to turn panels when some are aligned by a turn."""
        self.turned.setVisible(possible)

    def _choice(self, name: str, entries: list[tuple[str, str]]) -> QComboBox:
        made = QComboBox(self)
        made.setAccessibleName(name)
        for value, text in entries:
            made.addItem(text, value)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(24)
        return made

    def _line(self, name: str, hint: str, longest: int = _LONGEST_LINE) -> QLineEdit:
        made = QLineEdit(self)
        made.setAccessibleName(name)
        made.setPlaceholderText(hint)
        made.setMaxLength(longest)
        return made

    def _lay_out(self) -> None:
        form = self._form = QFormLayout()
        form.setHorizontalSpacing(2 * GAP)
        form.setVerticalSpacing(GAP)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for name, widget in (
            ("Kind", self.kind),
            ("Size", self.card_size),
            ("Crop", self.crop),
            ("Close-ups", self.chosen),
            ("Zoom", self.zoom),
            ("Theme", self.theme),
            ("Title", self.title),
            ("Axis", self.axis),
            ("Brand", self.brand_field),
        ):
            self._row(form, name, widget)
        boxes = QVBoxLayout()
        boxes.setSpacing(4)
        for box in self._boxes:
            boxes.addWidget(box)
        form.addRow(plain_label("Show", self), boxes)
        self._row(form, "Format", self.format)
        self._row(form, "Quality", self.quality)
        self._row(form, "Fit under", self.most)
        form.addRow(plain_label("Only in the file", self, role="heading"))
        for line in self._people.values():
            self._row(form, line.accessibleName(), line)
        form.setContentsMargins(0, 0, 0, 0)
        self.setLayout(form)

    def _row(self, form: QFormLayout, name: str, widget: QWidget) -> None:
        label = plain_label(name, self)
        label.setBuddy(widget)
        # The form would put a label at the top of its row.
        widget.ensurePolished()
        tall = widget in (self.chosen, self.brand_field)
        label.setMinimumHeight((self.title if tall else widget).sizeHint().height())
        form.addRow(label, widget)

    def _connect(self) -> None:
        for combo in (self.kind, self.card_size, self.theme, self.crop, self.zoom, self.format):
            combo.activated.connect(self._collect)
        for box in self._boxes:
            box.toggled.connect(self._collect)
        self.quality.valueChanged.connect(self._collect)
        self.most.valueChanged.connect(self._collect)
        self.chosen.changed.connect(self._collect)
        self.brand_field.changed.connect(self._set_brand)
        for line in self._people.values():
            line.textEdited.connect(self._collect)
        self.title.textEdited.connect(self.title_edited)
        self.axis.textEdited.connect(self.axis_edited)

    @Slot(object)
    def _set_brand(self, options: CardOptions) -> None:
        self._set(
            replace(
                self._options,
                brand=options.brand,
                brand_picture=options.brand_picture,
                brand_place=options.brand_place,
                brand_opacity=options.brand_opacity,
            )
        )

    @Slot()
    def _collect(self, *_what: object) -> None:
        self._set(
            replace(
                self._options,
                kind=self.kind.currentData(),
                size=self.card_size.currentData(),
                theme=self.theme.currentData(),
                crop=self.crop.currentData(),
                chosen=self.chosen.chosen,
                zoom=int(self.zoom.currentData()),
                format=self.format.currentData(),
                prompt=self.prompt.isChecked(),
                zones=self.zones.isChecked(),
                marks=self.marks.isChecked(),
                notes=self.notes.isChecked(),
                generated=self.generated.isChecked(),
                archive=self.archive.isChecked(),
                lens=self._lens_on if self.lens.isChecked() else "",
                turned=self.turned.isChecked(),
                quality=self.quality.value(),
                max_bytes=self.most.value() * 1000,
                prompt_writer=self.prompt_writer.text(),
                creator=self.creator.text(),
                rights=self.rights.text(),
                long_description=self.long_description.text(),
            )
        )

    def _set(self, options: CardOptions) -> None:
        if options != self._options:
            self._options = options
            self.brand_field.fill(options)
            self._suit()
            self.changed.emit(options)

    def _suit(self) -> None:
        """Offer what the kind and the format have a use for."""
        options = self._options
        self._form.setRowVisible(self.crop, options.kind in _CROPPED)
        self._form.setRowVisible(self.chosen, options.kind in _CLOSE)
        self._form.setRowVisible(self.zoom, options.kind in _CLOSE)
        self.quality.setEnabled(options.format in LOSSY)
        self.notes.setEnabled(options.marks)
        self.lens.setEnabled(bool(self._lens_on))
        self.zones.setEnabled(options.kind in _CROPPED)
        # The name of who wrote a prompt that is hidden would say that there is one.
        self.prompt_writer.setEnabled(options.prompt)


def size_text(size: CardSize) -> str:
    """Return a size as it is offered: its name and pixels."""
    return size.name if size.native else f"{size.name}, {size.width} × {size.height}"
