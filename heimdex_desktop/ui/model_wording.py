"""Says in a person's words what models are for, how they stand and what is done with them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from heimdex_desktop.domain.models import ModelState, Role
from heimdex_desktop.domain.sizes import as_size
from heimdex_desktop.settings import DeviceWish, Preset
from heimdex_desktop.ui.model_news import WorkKind, WorkNews, WorkState
from heimdex_desktop.ui.wording import plain, remaining

if TYPE_CHECKING:
    from heimdex_desktop.inference.model_list import ModelEntry
    from heimdex_desktop.model_desk import DeskFacts, ModelFacts, PresetFacts, RoleFacts

ROLE_TITLES: Mapping[Role, str] = {
    Role.SPEECH: "What is said",
    Role.TEXT: "What is meant",
    Role.VISION: "What is seen",
    Role.TEXT_READER: "Text on screen",
    Role.FACE_DETECTOR: "Finding faces",
    Role.FACE: "Recognising people",
}
ROLE_SENTENCES: Mapping[Role, str] = {
    Role.SPEECH: "Writes down what is spoken in videos that have no subtitles.",
    Role.TEXT: "Finds what was said in other words than yours.",
    Role.VISION: "Compares your words with the pictures, and names what is in them.",
    Role.TEXT_READER: "Reads signs, titles and slides.",
    Role.FACE_DETECTOR: "Finds faces, and tells close-ups from wide shots.",
    Role.FACE: "Tells faces apart.",
}
PRESET_NAMES: Mapping[Preset, str] = {
    Preset.BUILTIN: "Built-in",
    Preset.COMPACT: "Compact",
    Preset.FULL: "Full",
}
PRESET_SENTENCES: Mapping[Preset, str] = {
    Preset.BUILTIN: "What comes with Heimdex: subtitles, text on screen, light, colours and motion.",
    Preset.COMPACT: "Also hears what is said and sees what is shown, in about 100 languages.",
    Preset.FULL: "Hears and sees best. Slow without a graphics card.",
}
DEVICE_NAMES: Mapping[DeviceWish, str] = {
    DeviceWish.AUTO: "Automatic: whatever a test proves to be fastest",
    DeviceWish.CPU: "CPU only",
    DeviceWish.CUDA: "NVIDIA GPU (CUDA)",
    DeviceWish.MPS: "Apple GPU",
}
_SPEEDS = {"fast": "fast", "medium": "of medium speed", "slow": "slow without a graphics card"}
_WORK_WORDS = {
    WorkKind.GET: "Getting it",
    WorkKind.IMPORT: "Importing it",
    WorkKind.CHECK: "Checking it",
    WorkKind.REMOVE: "Removing it",
}


def set_by(setting: str) -> str:
    """Say what decides a setting that the window cannot change."""
    return f"set by HEIMDEX_{setting.upper()}"


def size_of(entry: "ModelEntry") -> str:
    """Write the size of a model, "" where it has no files of its own."""
    if not entry.files:
        return ""
    return as_size(entry.size_bytes) if entry.has_sizes else f"about {as_size(entry.size_bytes)}"


def model_state(facts: "ModelFacts") -> tuple[str, str]:
    """Say how a model stands, with the tone it is said in."""
    entry, now = facts.entry, facts.standing
    match now.state:
        case ModelState.READY:
            return ("comes with Heimdex" if entry.package else "ready"), "good"
        case ModelState.DOWNLOADING:
            share = now.here_bytes / entry.size_bytes if entry.size_bytes else 0.0
            return f"{min(99, int(share * 100))} % here", "warn"
        case ModelState.BROKEN:
            return "damaged", "bad"
        case ModelState.NOT_LICENSED:
            return "licence forbids some uses", "warn"
        case _:
            return ("not installed" if entry.package else "not here"), "dim"


def model_about(facts: "ModelFacts") -> str:
    """Say what a person weighs before choosing a model."""
    entry = facts.entry
    parts = (
        size_of(entry),
        f"licence {entry.licence}",
        entry.languages,
        f"about {as_size(entry.memory_mb * 1_000_000)} of memory" if entry.memory_mb else "",
        _SPEEDS.get(entry.speed, entry.speed),
        entry.page.removeprefix("https://") or f"in the package {entry.package}",
    )
    told = " · ".join(part for part in parts if part)
    return plain(f"{told}. {entry.note}" if entry.note else told)


def role_use(role: "RoleFacts", *, is_agreed: bool, device: str) -> tuple[str, str]:
    """Say what fills a role now, with the tone it is said in; `device` is where it runs, if known."""
    if role.choice.is_of_faces and not is_agreed:
        return "Off: faces are not looked for.", "dim"
    chosen = next((each for each in role.models if each.is_chosen), None)
    if role.choice.waits_for:
        if chosen and chosen.entry.files:
            return f"Waits for {chosen.entry.name}: {model_state(chosen)[0]}.", "warn"
        return plain(role.choice.waits_for), "warn"
    if role.choice.is_none:
        return "Left out.", "dim"
    name = chosen.entry.name if chosen else f"your own “{role.choice.name}” in {role.choice.folder}"
    return plain(f"In use: {name}, on {device}" if device else f"In use: {name}"), "good"


def preset_left(preset: "PresetFacts") -> str:
    """Say how much a preset would still have to get, and the memory that it takes."""
    left = f"{_about(preset.missing)} to get" if preset.missing else "all of it is here"
    return f"{left} · about {as_size(preset.memory_mb * 1_000_000)} of memory"


def waiting_sentence(facts: "DeskFacts") -> str:
    """Say which roles wait for their models; nothing when none does."""
    titles = [ROLE_TITLES[role.role] for role in facts.waiting]
    if not titles:
        return ""
    waits = "waits for its model" if len(titles) == 1 else "wait for their models"
    named = ", ".join(f"“{title}”" for title in titles)
    return f"{named} {waits}. Everything else is searchable meanwhile."


def offline_sentence(variable: str) -> str:
    return f"Nothing is downloaded while {variable} is set. Models can be imported from folders and archives."


def folder_line(facts: "DeskFacts") -> str:
    """Say where models are kept and what is free there."""
    free = "" if facts.free_bytes is None else f" · {as_size(facts.free_bytes)} free"
    return plain(f"Kept in {facts.folder}{free}")


def get_all_text(models: "Sequence[ModelFacts]") -> str:
    return f"Get what is missing ({_about(models)})…"


def get_question(models: "Sequence[ModelFacts]", facts: "DeskFacts") -> str:
    """Say what is downloaded from where and under which licence, and how much room there is."""
    lines = [
        f"{each.entry.name}: {size_of(each.entry)}, licence {each.entry.licence},\n    from {each.entry.page}"
        for each in models
    ]
    if len(models) > 1 or _about(models) != size_of(models[0].entry):
        lines.append(f"Still to come: {_about(models)}.")
    if facts.free_bytes is not None:
        lines.append(f"{as_size(facts.free_bytes)} are free on the drive of {facts.folder}.")
    lines.append("It can be stopped at any time and goes on where it was. Nothing about you is sent.")
    return plain_lines("\n\n".join(lines))


def remove_question(facts: "ModelFacts") -> str:
    """Say what removing a model frees, and what it means."""
    freed = f"{as_size(facts.standing.here_bytes)} will be free again."
    waits = " Its step waits until it is here again." if facts.is_chosen else ""
    return f"{freed} What was found with it stays searchable.{waits}"


def work_line(news: WorkNews) -> str:
    """Say how far a work is, or how it ended."""
    if news.state in {WorkState.RUNNING, WorkState.STALLED}:
        return _progress(news)
    if news.state is WorkState.CANCELLED and news.work.kind is WorkKind.GET:
        return "Stopped. What has come stays and is gone on with."
    told = {
        WorkState.QUEUED: f"{_WORK_WORDS[news.work.kind]}: in the queue",
        WorkState.STOPPING: "Stopping…",
        WorkState.CANCELLED: "Stopped.",
    }
    return told.get(news.state, plain(news.sentence))


def _progress(news: WorkNews) -> str:
    if news.state is WorkState.STALLED:
        doing = "nothing comes at the moment"
    elif news.is_checking:
        doing = "checking"
    else:
        doing = remaining(news.eta_s)
    amount = f"{as_size(news.done_bytes)} of {as_size(news.total_bytes)}" if news.total_bytes else ""
    return " · ".join(part for part in (amount or f"{_WORK_WORDS[news.work.kind]}…", doing) if part)


def plain_lines(text: str) -> str:
    """Show text of several lines as it is."""
    return "\n".join(plain(line) for line in text.split("\n"))


def _about(models: "Sequence[ModelFacts]") -> str:
    about = "" if all(each.entry.has_sizes for each in models) else "about "
    return f"{about}{as_size(sum(each.left_bytes for each in models))}"
