"""What the models page asks a person before it does anything that costs: bytes, room, or a model."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from heimdex_desktop.domain.sizes import as_size
from heimdex_desktop.ui.model_wording import get_question, offline_sentence, remove_question
from heimdex_desktop.ui.wording import plain

if TYPE_CHECKING:
    from heimdex_desktop.model_desk import DeskFacts, ModelFacts

_ARCHIVES = "Archives and models (*.zip *.tar *.tar.gz *.tgz *.tar.bz2 *.tar.xz *.onnx *.pt);;All files (*)"


class ModelQuestions:
    """Asks over a window, without stopping it; what is agreed to is then called."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._last_folder = ""

    def ask_to_get(
        self, models: "Sequence[ModelFacts]", facts: "DeskFacts", agreed: Callable[[], None]
    ) -> None:
        """Ask before anything is downloaded, with size, source, licence and room; or say why it cannot be."""
        names = ", ".join(each.entry.name for each in models)
        left_bytes = sum(each.left_bytes for each in models)
        if facts.offline_by:
            self._tell(f"{names} cannot be downloaded.", offline_sentence(facts.offline_by))
        elif facts.free_bytes is not None and facts.free_bytes < left_bytes:
            told = (
                f"It takes {as_size(left_bytes)}, and {as_size(facts.free_bytes)} are free on the drive of"
                f" {facts.folder}. Free some space, or use a library on another drive."
            )
            self._tell(f"There is not enough room for {names}.", told)
        else:
            self._ask(f"Download {names}?", get_question(models, facts), "Download", agreed)

    def ask_to_remove(self, model: "ModelFacts", agreed: Callable[[], None]) -> None:
        """Ask before the files of a model are deleted, with what that frees."""
        self._ask(f"Remove {model.entry.name}?", remove_question(model), "Remove", agreed)

    def choose_folder(self, name: str) -> Path | None:
        """Let the person choose the folder that a model is in."""
        chosen = QFileDialog.getExistingDirectory(self._window, _title(name), self._last_folder)
        return self._remembered(chosen)

    def choose_file(self, name: str) -> Path | None:
        """Let the person choose the archive, or the single file, that a model is in."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, _title(name), self._last_folder, _ARCHIVES)
        return self._remembered(chosen)

    def _remembered(self, chosen: str) -> Path | None:
        if not chosen:
            return None
        self._last_folder = str(Path(chosen).parent)
        return Path(chosen)

    def _tell(self, sentence: str, detail: str) -> None:
        box = self._box(sentence, detail)
        box.addButton(QMessageBox.StandardButton.Close)
        box.open()

    def _ask(self, sentence: str, detail: str, yes: str, agreed: Callable[[], None]) -> None:
        box = self._box(sentence, detail)
        box.addButton(yes, QMessageBox.ButtonRole.AcceptRole).clicked.connect(agreed)
        # Enter on a dialog that just came up must not agree to anything.
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.open()

    def _box(self, sentence: str, detail: str) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle("Models")
        box.setText(plain(sentence))
        box.setInformativeText(detail)
        return box


def _title(name: str) -> str:
    return f"Where are the files of {name}?"
