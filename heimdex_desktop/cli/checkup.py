"""Turns facts about a computer into findings: what is well, what to know, what is broken and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from heimdex_desktop.cli.surroundings import Folder, Surroundings
from heimdex_desktop.domain.models import Choice
from heimdex_desktop.inference.device import Devices
from heimdex_desktop.inference.threads import Threads
from heimdex_desktop.pipeline.examination import Examined

_GIB = 1 << 30
_LITTLE_SPACE_BYTES = 5 * _GIB
_NO_SPACE_BYTES = 200 << 20
_LITTLE_MEMORY_BYTES = 4 * _GIB
_OTHER_DRIVER = (
    "Where there is a graphics card, update its driver or set HEIMDEX_DEVICE to cpu. "
    "Otherwise install Heimdex again; its README says how."
)
_INSTALL_AGAIN = "Install Heimdex again; its README says how."


class Mark(StrEnum):
    """How a finding stands; only a problem makes the program unusable."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `advice` says what to do where there is something to do."""

    group: str
    mark: Mark
    told: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a report is made from. What could not be examined has its failure as a sentence instead."""

    surroundings: Surroundings
    cores: int
    beside_videos: bool
    wanted_device: str
    examined: Examined | None
    failure: str = ""
    player_failure: str = ""
    warnings: Sequence[str] = ()
    choices: Sequence[Choice] = field(default_factory=tuple[Choice, ...])


@dataclass(frozen=True, slots=True)
class Report:
    facts: Facts
    findings: tuple[Finding, ...]

    @property
    def is_usable(self) -> bool:
        return all(finding.mark is not Mark.PROBLEM for finding in self.findings)


def report(facts: Facts) -> Report:
    """Return the findings, grouped, in the order in which a person reads them."""
    around = facts.surroundings
    findings = (
        *_system(facts),
        *_libraries(around.libraries),
        *_folder("Library", around.library, "The library"),
        *_sidecars(facts),
        *_devices(facts),
        *_folder("Models", around.models, "The models folder"),
        *(_model(choice, facts.examined) for choice in facts.choices),
        *_window(facts.player_failure),
        *(Finding("Settings", Mark.NOTE, warning) for warning in facts.warnings),
    )
    return Report(facts, findings)


def _system(facts: Facts) -> Iterator[Finding]:
    around = facts.surroundings
    yield Finding("System", Mark.OK, f"{around.system}, Python {around.python}")
    if around.glibc and around.needs_glibc:
        has, needs = (".".join(map(str, number)) for number in (around.glibc, around.needs_glibc))
        is_old = around.glibc < around.needs_glibc
        yield Finding(
            "System",
            Mark.PROBLEM if is_old else Mark.OK,
            f"glibc {has}; the libraries need {needs}",
            "Update the system to a newer version." if is_old else "",
        )
    at_once = Threads.for_cores(facts.cores).at_once
    yield Finding(
        "System", Mark.OK, f"{_counted(facts.cores, 'core')}, of which engines use {at_once} at a time"
    )


def _libraries(libraries: Mapping[str, str | None]) -> Iterator[Finding]:
    missing = [name for name, version in libraries.items() if version is None]
    for name in missing:
        yield Finding("Libraries", Mark.PROBLEM, f"{name} is not installed", _INSTALL_AGAIN)
    if not missing:
        told = ", ".join(f"{name} {version}" for name, version in libraries.items())
        yield Finding("Libraries", Mark.OK, told)


def _folder(group: str, folder: Folder, called: str) -> Iterator[Finding]:
    if folder.trouble:
        yield Finding(group, Mark.PROBLEM, folder.trouble.sentence, folder.trouble.advice)
        return
    free = folder.free_bytes or 0
    state = "can be written" if folder.exists else "is not there yet; it is made when it is needed"
    yield Finding(group, Mark.OK, f"{called} {folder.path} {state}")
    if free < _LITTLE_SPACE_BYTES:
        mark = Mark.PROBLEM if free < _NO_SPACE_BYTES else Mark.NOTE
        yield Finding(group, mark, f"Only {_size(free)} are free on its drive", "Free some space.")
    else:
        yield Finding(group, Mark.OK, f"{_size(free)} are free on its drive")


def _sidecars(facts: Facts) -> Iterator[Finding]:
    where = "beside each video" if facts.beside_videos else "in the library folder"
    yield Finding("Library", Mark.OK, f"Sidecars are kept {where}")


def _devices(facts: Facts) -> Iterator[Finding]:
    if facts.examined is None:
        yield Finding("Devices", Mark.PROBLEM, facts.failure, _OTHER_DRIVER)
        return
    devices = facts.examined.devices
    cpu = devices.cpu
    if cpu.memory_bytes:
        is_little = cpu.memory_bytes < _LITTLE_MEMORY_BYTES
        told = f"{_size(cpu.memory_bytes)} of memory"
        advice = "Use the compact models." if is_little else ""
        yield Finding("Devices", Mark.NOTE if is_little else Mark.OK, told, advice)
    yield from _graphics(devices)
    took_ms = facts.examined.cpu_seconds * 1000
    yield Finding("Devices", Mark.OK, f"{cpu.name}: the self-test takes {took_ms:.0f} ms")
    for note in devices.notes:
        yield Finding("Devices", Mark.NOTE, note)


def _graphics(devices: Devices) -> Iterator[Finding]:
    if devices.torch.is_cpu and devices.speech.is_cpu:
        # Said even where one was found: the notes tell why it is not used.
        yield Finding("Devices", Mark.NOTE, "No GPU is used: everything runs on the CPU")
    for device, what in ((devices.torch, "pictures, texts and faces"), (devices.speech, "speech")):
        if device.proof:
            faster = f"{device.proof.times_faster:.1f}× the CPU"
            yield Finding(
                "Devices", Mark.OK, f"{device.name} in use for {what}: {faster} ({device.precision})"
            )


def _model(choice: Choice, examined: Examined | None) -> Finding:
    role = choice.role.value.replace("_", " ")
    if choice.engine:
        place = f", on {examined.devices.of(choice.engine).place}" if examined else ""
        return Finding("Models", Mark.OK, f"{role}: {choice.name} is ready{place}")
    if choice.is_none:
        return Finding("Models", Mark.OK, f"{role}: none is chosen")
    return Finding("Models", Mark.NOTE, f"{role}: {choice.waits_for}")


def _window(player_failure: str) -> Iterator[Finding]:
    if not player_failure:
        yield Finding("Window", Mark.OK, "Videos can be played in the window")
        return
    advice = "Scenes are opened in another player instead."
    if "libpulse" in player_failure:
        advice += " To play here, install libpulse0 (Debian, Ubuntu) or pulseaudio-libs (Fedora)."
    yield Finding("Window", Mark.NOTE, f"Videos cannot be played in the window: {player_failure}", advice)


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _size(number_bytes: int) -> str:
    if number_bytes < _GIB:
        return f"{number_bytes / (1 << 20):.0f} MiB"
    return f"{number_bytes / _GIB:.1f} GiB"
