"""The brand mark: its text, a small picture, where it stands and how strong it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from inspector.cards.spec import BRAND_PLACES
from inspector.gui.dialogs.parts import GAP, push_button
from inspector.workbench.card_options import LONGEST, CardOptions


class CardBrandField(QWidget):
    """Shows the brand mark of card options; `changed(CardOptions)` says what the user made of it."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = CardOptions()
        self.text = QLineEdit(self)
        self.text.setAccessibleName("Brand")
        self.text.setPlaceholderText("Your name or mark")
        self.text.setMaxLength(LONGEST)
        self.picture = push_button("Picture…", self, icon_name="mdi6.image-outline")
        self.no_picture = push_button("Remove", self)
        self.place = QComboBox(self)
        self.place.setAccessibleName("Place of the brand mark")
        for value, name in BRAND_PLACES.items():
            self.place.addItem(name, value)
        self.opacity = QSpinBox(self)
        self.opacity.setAccessibleName("Opacity of the brand mark")
        self.opacity.setRange(10, 100)
        self.opacity.setSingleStep(10)
        self.opacity.setSuffix(" %")
        first, second = QHBoxLayout(), QHBoxLayout()
        for line, widgets in (
            (first, (self.text, self.picture, self.no_picture)),
            (second, (self.place, self.opacity)),
        ):
            line.setSpacing(GAP)
            for widget in widgets:
                line.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(first)
        layout.addLayout(second)
        self.setFocusProxy(self.text)
        self.text.textEdited.connect(self._collect)
        self.place.activated.connect(self._collect)
        self.opacity.valueChanged.connect(self._collect)
        self.picture.clicked.connect(self._choose)
        self.no_picture.clicked.connect(self._remove)

    def fill(self, options: CardOptions) -> None:
        """Show the brand mark of these options; nothing is emitted."""
        self._options = options
        with QSignalBlocker(self.opacity):
            self.opacity.setValue(round(100 * options.brand_opacity))
        if self.text.text() != options.brand:
            self.text.setText(options.brand)
        self.place.setCurrentIndex(max(0, self.place.findData(options.brand_place)))
        self._show_picture(options.brand_picture)

    def choose_picture(self) -> Path | None:
        """Ask for the picture of the mark."""
        dialog = QFileDialog(self, "The picture of your mark")
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter("Pictures (*.png *.jpg *.jpeg *.webp)")
        chosen = dialog.selectedFiles() if dialog.exec() == QDialog.DialogCode.Accepted else []
        dialog.deleteLater()
        return Path(chosen[0]) if chosen else None

    def _show_picture(self, path: str) -> None:
        name = path.replace("\\", "/").rsplit("/", 1)[-1]
        self.picture.setToolTip(name or "A small picture instead of the text")
        self.no_picture.setVisible(bool(path))

    @Slot()
    def _choose(self) -> None:
        path = self.choose_picture()
        if path is not None:
            self._set(replace(self._options, brand_picture=str(path)))

    @Slot()
    def _remove(self) -> None:
        self._set(replace(self._options, brand_picture=""))

    @Slot()
    def _collect(self, *_what: object) -> None:
        self._set(
            replace(
                self._options,
                brand=self.text.text(),
                brand_place=self.place.currentData(),
                brand_opacity=self.opacity.value() / 100,
            )
        )

    def _set(self, options: CardOptions) -> None:
        if options != self._options:
            self._options = options
            self._show_picture(options.brand_picture)
            self.changed.emit(options)
