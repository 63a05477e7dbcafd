"""What a card says in words: on it, in its file, and before it is posted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from inspector import __version__
from inspector.cards.formats import CARRYING, LOSSY, NAMES
from inspector.cards.spec import KINDS
from inspector.domain.benchmark import Benchmark, CheckState, Flaw, Panel, Run
from inspector.domain.geometry import Size
from inspector.domain.taxonomy import Taxonomy
from inspector.workbench.card_brand import brand_of
from inspector.workbench.card_options import CardOptions
from inspector.workbench.images import Loaded, Status

TOOL = f"Inspector {__version__}"

SHOWN_SETTINGS = (
    "steps",
    "sampler",
    "scheduler",
    "schedule type",
    "cfg scale",
    "cfg",
    "guidance",
    "distilled cfg scale",
    "seed",
    "size",
    "width",
    "height",
    "resolution",
    "aspect ratio",
    "denoising strength",
    "denoise",
    "clip skip",
    "quality",
    "style",
)
"""Settings that go onto a card. The others that files carry are hashes, workflows and paths of somebody's disk."""

_LONGEST_SETTING = 60


def title(benchmark: Benchmark, options: CardOptions) -> str:
    """Return the title of the card."""
    return benchmark.title if options.title is None else options.title


def axis(benchmark: Benchmark, options: CardOptions) -> str:
    """Return the line that says how the panels differ; it is never made up."""
    return benchmark.axis if options.axis is None else options.axis


def unchecked(run: Run) -> tuple[str, ...]:
    """Return what was not checked: "Teeth on B", or "Teeth" when it was checked on no panel."""
    return _where(run, CheckState.NOT_CHECKED)


def status_sentences(run: Run, loaded: Mapping[str, Loaded]) -> list[str]:
    """Return sentences about pictures that are not what was marked. They name panels, never files."""
    said = {
        Status.CHANGED: "Picture {} has changed since it was marked.",
        Status.MISSING: "Picture {} is missing.",
        Status.UNREADABLE: "Picture {} cannot be read.",
        Status.LOADING: "Picture {} is still being read.",
    }
    found = []
    for panel in run.panels:
        status = loaded[panel.id].status if panel.id in loaded else Status.LOADING
        if status in said:
            found.append(said[status].format(run.letter(panel.id)))
    return found


def alt_text(run: Run, taxonomy: Taxonomy, *, marks: bool = True) -> str:
    """Return the card in words, for those who cannot see it: the panels, and what is marked on each."""
    labels = _listed([f"{run.letter(p.id)}, {p.label}" if len(run.panels) > 1 else p.label for p in run.panels])
    how = "One picture" if len(run.panels) == 1 else f"{_number(len(run.panels))} pictures of the same scene"
    sentences = [f"{how}: {labels}."]
    for panel in run.panels if marks else ():
        flaws = [_flaw_words(run, flaw, taxonomy) for flaw in run.flaws if flaw.panel == panel.id]
        name = run.letter(panel.id) if len(run.panels) > 1 else panel.label
        sentences.append(f"Marked on {name}: {_listed(flaws)}." if flaws else f"No flaws marked on {name}.")
    return " ".join(sentences)


def checks(run: Run) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what was found clean, not visible or not checked, as (state, "Teeth on B" ...)."""
    found = []
    for state, name in (
        (CheckState.CLEAN, "Clean"),
        (CheckState.NOT_VISIBLE, "Not visible"),
        (CheckState.NOT_CHECKED, "Not checked"),
    ):
        found.append((name, _where(run, state)))
    return tuple(entry for entry in found if entry[1])


def contents(benchmark: Benchmark, run: Run, options: CardOptions, size: Size, pages: int = 1) -> list[str]:
    """Return in plain words all that the file of a card will hold, and what it will not. `size` is in card pixels."""
    form = NAMES[options.format] + (f", quality {options.quality}" if options.format in LOSSY else "")
    what = "The card," if pages == 1 else f"{KINDS[options.kind]} of {pages} pages, each"
    lines = [f"{what} {size.width:.0f} × {size.height:.0f} pixels, {form}, sRGB"]
    if options.max_bytes and options.format in LOSSY:
        lines.append(f"At most {options.max_bytes / 1e6:g} MB a file, at the best quality that gives")
    if title(benchmark, options):
        lines.append("The title and a description")
    lines.append(f"Model names: {', '.join(_named(panel) for panel in run.panels)}")
    if options.prompt and run.prompt:
        lines.append("The prompt and the negative prompt" if run.negative else "The prompt")
    else:
        lines.append("No prompt, neither shown nor in the metadata")
    if options.prompt and (settings := shown_settings(run.settings)):
        lines.append(f"Settings: {', '.join(name for name, _ in settings)}")
    if options.kind == "series" and len(benchmark.runs) > 1:
        lines.append(f"Pictures of {len(benchmark.runs)} runs, their names and what was changed")
    if options.notes and any(flaw.note for flaw in run.flaws):
        lines.append("Your notes on flaws, in the legend")
    lines.append(
        "A description of the marks for screen readers" if options.marks else "A description for screen readers"
    )
    if _tells_places(run, options):
        lines.append("Where the zones and flaws on the card are, and their names, for other programs")
    lines.append(
        "The mark that generative AI was used" if options.generated else "The mark of a composite of unknown origin"
    )
    if options.brand:
        lines.append("Your brand mark, also as credit")
    lines += _people(options) + ([f"What the pictures are seen through: {options.lens}"] if options.lens else [])
    if options.brand_picture:
        lines.append("Your brand picture, as part of the card")
    lines.append(f"That {TOOL} made it, and when")
    if options.archive:
        where = "The" if options.format in CARRYING else "In a .json file beside it: the"
        lines.append(f"{where} whole benchmark without its pictures, so that the card can be opened again")
        lines.append("Notes and file names too, as part of the benchmark; not in it: folders, workflows, places")
    else:
        shown = benchmark.runs if options.kind == "series" else (run,)
        if _tells_file_names(shown, title(benchmark, options)):
            lines.append("Not in it: folders, workflows, places; file names only where the title or a model has one")
        else:
            lines.append("Not in it: file names, folders, workflows, places")
    return lines


def _people(options: CardOptions) -> list[str]:
    """Return what the file says of people, and at length."""
    lines = []
    if options.prompt and options.prompt_writer.strip():
        lines.append(f"Who wrote the prompt: {options.prompt_writer.strip()}")
    if options.creator.strip():
        lines.append(f"The creator: {options.creator.strip()}")
    if options.rights.strip():
        lines.append(f"Rights: {options.rights.strip()}")
    if options.long_description.strip():
        lines.append("Your long description for screen readers")
    return lines


def _tells_places(run: Run, options: CardOptions) -> bool:
    """Return whether zones or flaws on the card become areas in its file."""
    zones = options.zones and any(zone.shapes for zone in run.zones)
    return options.format != "pdf" and options.kind != "prompt" and (zones or (options.marks and bool(run.flaws)))


def warnings(
    run: Run,
    loaded: Mapping[str, Loaded],
    options: CardOptions,
    layout_warnings: Iterable[str] = (),
    *,
    lens: bool = False,
) -> list[str]:
    """Return what the user should know before posting: pictures, what was never checked, what is hard to read, and that
    a `lens` is on in the window, which the card does not look through.
    """
    found = status_sentences(run, loaded)
    if options.lens:
        found.append(f"A lens is on: the card shows the pictures through {options.lens}, and says so.")
    elif lens:
        found.append("A lens is on in the window; the card shows the pictures without it.")
    for panel in run.panels:
        open_zones = [z.name for z in run.zones if run.check(z.id, panel.id) is CheckState.NOT_CHECKED]
        if open_zones:
            found.append(f"Not checked on {run.letter(panel.id)}: {', '.join(open_zones)}.")
    brand = brand_of(options)[1]
    return [*found, *([brand] if brand else []), *layout_warnings]


def shown_settings(settings: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the settings that go onto a card."""
    shown = [(name, value) for name, value in settings.items() if name.strip().casefold() in SHOWN_SETTINGS]
    return tuple((name, value) for name, value in shown if value and len(value) <= _LONGEST_SETTING)


def _where(run: Run, state: CheckState) -> tuple[str, ...]:
    """Return the zones in a state, with the letters of the panels unless it is all of them."""
    found = []
    for zone in run.zones:
        there = [run.letter(panel.id) for panel in run.panels if run.check(zone.id, panel.id) is state]
        if there:
            everywhere = len(there) == len(run.panels)
            found.append(zone.name if everywhere else f"{zone.name} on {_letters(there)}")
    return tuple(found)


def _letters(letters: Sequence[str]) -> str:
    """Return “A”, “A and C”, or “C–F” for three and more in a row."""
    if len(letters) > 2 and ord(letters[-1]) - ord(letters[0]) == len(letters) - 1:
        return f"{letters[0]}\u2013{letters[-1]}"
    return " and ".join(letters) if len(letters) < 3 else f"{', '.join(letters[:-1])} and {letters[-1]}"


def _tells_file_names(runs: Iterable[Run], heading: str) -> bool:
    """Whether a file name stands on the card, because a label or the title was made from it."""
    for panel in (panel for run in runs for panel in run.panels):
        stem = panel.image.name.rpartition(".")[0].replace("_", " ").strip().casefold()
        word = re.compile(rf"(?<!\w){re.escape(stem)}(?!\w)")
        if stem and any(word.search(text.replace("_", " ").casefold()) for text in (panel.label, heading)):
            return True
    return False


def _named(panel: Panel) -> str:
    return f"{panel.label} {panel.version}".strip()


def description(benchmark: Benchmark, run: Run, options: CardOptions, prompt: str) -> str:
    """Return the caption in the metadata."""
    names = [f"{run.letter(panel.id)}: {_named(panel)}" for panel in run.panels]
    lines = [title(benchmark, options), " · ".join(names), axis(benchmark, options), benchmark.criterion]
    if run.changed:
        lines.append(f"{run.name}: {run.changed}")
    if options.lens:
        lines.append(f"Seen through {options.lens}. A lens shows, it does not prove.")
    return "\n".join([*(line for line in lines if line), *([f"Prompt: {prompt}"] if prompt else [])])


def _flaw_words(run: Run, flaw: Flaw, taxonomy: Taxonomy) -> str:
    where = f" in {run.zone(flaw.zone).name}" if any(zone.id == flaw.zone for zone in run.zones) else ""
    kind, severity = taxonomy.flaw(flaw.kind).name, taxonomy.severity(flaw.severity).name
    return f"{run.number(flaw.id)} {kind}{where} ({severity})"


def _listed(words: list[str]) -> str:
    return "; ".join(words)


def _number(count: int) -> str:
    return {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six"}.get(count, str(count))
