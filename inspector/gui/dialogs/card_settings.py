"""The settings of a card, as a form."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from inspector.cards.catalogue import card_sizes, card_themes
from inspector.cards.spec import CardSize
from inspector.domain.benchmark import Zone
from inspector.gui.dialogs.parts import GAP, plain_label
from inspector.workbench.card_options import LONGEST, VIEW, WHOLE, CardOptions

_LONGEST_LINE = 2000


class CardSettings(QWidget):
    """Shows card options, title and axis, and says what the user made of them.

    `changed(CardOptions)`, `title_edited(str)`, `axis_edited(str)` come from the user only, never from `fill`.
    """

    changed = Signal(object)
    title_edited = Signal(str)
    axis_edited = Signal(str)

    def __init__(self, zones: tuple[Zone, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = CardOptions()
        sizes = [(size.id, size_text(size)) for size in card_sizes().values()]
        themes = [(theme.id, theme.name) for theme in card_themes().values()]
        crops = [(VIEW, "What the view shows"), (WHOLE, "The whole picture")]
        self.card_size = self._choice("Size", sizes)
        self.theme = self._choice("Theme", themes)
        self.crop = self._choice("Crop", [*crops, *((zone.id, f"Zone: {zone.name}") for zone in zones)])
        self.title = self._line("Title", "What is compared", _LONGEST_LINE)
        self.axis = self._line("Axis", "left smoother, right more photoreal", _LONGEST_LINE)
        self.brand = self._line("Brand", "Your name or mark", LONGEST)
        self.prompt = QCheckBox("Prompt", self)
        self.zones = QCheckBox("Zone outlines", self)
        self.marks = QCheckBox("Flaw marks and legend", self)
        self.notes = QCheckBox("Notes on flaws", self)
        self.generated = QCheckBox("Made with generative AI", self)
        self.prompt.setToolTip("Off: the prompt is not in the metadata either")
        self.generated.setToolTip("Networks may label the post. Off: the metadata say that the origin is not known")
        self.format = self._choice("Format", [("png", "PNG, lossless"), ("jpeg", "JPEG, 4:4:4")])
        self.quality = QSpinBox(self)
        self.quality.setRange(1, 100)
        self.quality.setAccessibleName("JPEG quality")
        self._lay_out()
        self._connect()

    def fill(self, options: CardOptions, title: str, axis: str) -> None:
        """Show these settings; nothing is emitted, and a line that already says so keeps its cursor."""
        self._options = options
        blockers = [QSignalBlocker(child) for child in self.findChildren(QWidget)]
        for combo, value in (
            (self.card_size, options.size),
            (self.theme, options.theme),
            (self.crop, options.crop),
            (self.format, options.format),
        ):
            combo.setCurrentIndex(max(0, combo.findData(value)))
        for line, text in ((self.title, title), (self.axis, axis), (self.brand, options.brand)):
            if line.text() != text:
                line.setText(text)
        for box, on in (
            (self.prompt, options.prompt),
            (self.zones, options.zones),
            (self.marks, options.marks),
            (self.notes, options.notes),
            (self.generated, options.generated),
        ):
            box.setChecked(on)
        self.quality.setValue(options.quality)
        self.quality.setEnabled(options.format == "jpeg")
        self.notes.setEnabled(options.marks)
        for blocker in blockers:
            blocker.unblock()

    def _choice(self, name: str, entries: list[tuple[str, str]]) -> QComboBox:
        made = QComboBox(self)
        made.setAccessibleName(name)
        for value, text in entries:
            made.addItem(text, value)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(24)
        return made

    def _line(self, name: str, hint: str, longest: int) -> QLineEdit:
        made = QLineEdit(self)
        made.setAccessibleName(name)
        made.setPlaceholderText(hint)
        made.setMaxLength(longest)
        return made

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GAP)
        form.setVerticalSpacing(GAP)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for name, widget in (
            ("Size", self.card_size),
            ("Crop", self.crop),
            ("Theme", self.theme),
            ("Title", self.title),
            ("Axis", self.axis),
            ("Brand", self.brand),
        ):
            self._row(form, name, widget)
        boxes = QVBoxLayout()
        boxes.setSpacing(4)
        for box in (self.prompt, self.zones, self.marks, self.notes, self.generated):
            boxes.addWidget(box)
        form.addRow(plain_label("Show", self), boxes)
        self._row(form, "Format", self.format)
        self._row(form, "Quality", self.quality)
        form.setContentsMargins(0, 0, 0, 0)
        self.setLayout(form)

    def _row(self, form: QFormLayout, name: str, widget: QWidget) -> None:
        label = plain_label(name, self)
        label.setBuddy(widget)
        # The form would put a label at the top of its row.
        widget.ensurePolished()
        label.setMinimumHeight(widget.sizeHint().height())
        form.addRow(label, widget)

    def _connect(self) -> None:
        for combo in (self.card_size, self.theme, self.crop, self.format):
            combo.activated.connect(self._collect)
        for box in (self.prompt, self.zones, self.marks, self.notes, self.generated):
            box.toggled.connect(self._collect)
        self.brand.textEdited.connect(self._collect)
        self.quality.valueChanged.connect(self._collect)
        self.title.textEdited.connect(self.title_edited)
        self.axis.textEdited.connect(self.axis_edited)

    @Slot()
    def _collect(self, *_what: object) -> None:
        options = replace(
            self._options,
            size=self.card_size.currentData(),
            theme=self.theme.currentData(),
            crop=self.crop.currentData(),
            format=self.format.currentData(),
            brand=self.brand.text(),
            prompt=self.prompt.isChecked(),
            zones=self.zones.isChecked(),
            marks=self.marks.isChecked(),
            notes=self.notes.isChecked(),
            generated=self.generated.isChecked(),
            quality=self.quality.value(),
        )
        if options != self._options:
            self._options = options
            self.quality.setEnabled(options.format == "jpeg")
            self.notes.setEnabled(options.marks)
            self.changed.emit(options)


def size_text(size: CardSize) -> str:
    """Return a size as it is offered: its name and pixels."""
    return size.name if size.native else f"{size.name}, {size.width} × {size.height}"
