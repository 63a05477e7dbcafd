"""The command line: puts the commands together, and turns whatever happens into one sentence and an exit code."""

from __future__ import annotations

import contextlib
import logging
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from inspector import __version__
from inspector.cli import align, benchmarks, cards, check, exchange, lenses, pictures, readouts, setup, zones
from inspector.cli.arguments import FILES, directed
from inspector.cli.console import flush, prepare_streams, say, silence, tell, tell_error
from inspector.cli.invocation import Invocation, invocation
from inspector.cli.window import open_files, require_window
from inspector.errors import InspectorError, SetupFault, WrongUsage
from inspector.progress import Cancelled

FAILED, USAGE, SET_UP, STOPPED = 1, 2, 3, 130

# The base of typer's usage errors has no public name that all its releases share.
_CLICK_ERROR: type[Any] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `inspector ARGUMENTS` (those of the process by default) and return the exit code."""
    return _run(sys.argv[1:] if arguments is None else arguments, Invocation(open_window))


def gui_main(arguments: Sequence[str] | None = None) -> int:
    """Run `inspector-gui ARGUMENTS`: the same, started without a terminal, so the window says what is wrong."""
    return _run(sys.argv[1:] if arguments is None else arguments, Invocation(open_window, from_terminal=False))


def open_window(paths: Sequence[Path] = (), *, demo: bool = False) -> int:
    """Open the window and return its exit code when it is closed. Raises `SetupFault` where none can open."""
    require_window()
    from inspector.gui.application import main as run_window

    return run_window(paths, demo=demo)


def build_app() -> typer.Typer:
    """Return the application with all its commands."""
    app = typer.Typer(
        name="inspector",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        subcommand_metavar="[FILES...] | COMMAND [ARGS]...",
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback(invoke_without_command=True)(inspector)
    for group in (benchmarks, align, cards, exchange, pictures, lenses, zones, readouts, check, setup):
        group.add_to(app)
    app.command(FILES, hidden=True)(files)
    return app


def inspector(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show a fault of the program in full.")] = False,
) -> None:
    """Compare the outputs of image generators side by side, mark flaws, export labelled cards.

    Without a command a window opens: empty, with pictures as the panels of a new run, or with one .inspect file.
    """
    invocation(context).debug = debug
    if version:
        say(f"inspector {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        raise typer.Exit(invocation(context).open_window())


def files(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(readable=False, metavar="[FILES...]", help="Pictures, or one benchmark file.")
    ],
) -> None:
    """Open pictures, or one benchmark, in the window."""
    raise typer.Exit(open_files(invocation(context), paths))


def _names(app: typer.Typer) -> tuple[str, ...]:
    return tuple(command.name for command in app.registered_commands if command.name and not command.hidden)


def _run(arguments: Sequence[str], call: Invocation) -> int:
    prepare_streams()
    try:
        app = build_app()
        call.commands = _names(app)
        code = app(directed(arguments, call.commands), prog_name="inspector", standalone_mode=False, obj=call)
        flush()
        if code == STOPPED:
            # Newer releases of typer turn Ctrl+C into this code themselves.
            tell("Stopped.")
    except BrokenPipeError:
        silence()
        return FAILED
    except (KeyboardInterrupt, Cancelled, typer.Abort):
        tell("Stopped.")
        return STOPPED
    except InspectorError as error:
        if call.debug:
            traceback.print_exc()
        tell_error(error)
        return USAGE if isinstance(error, WrongUsage) else SET_UP if isinstance(error, SetupFault) else FAILED
    except ImportError as error:
        return _not_installed(error, call)
    except MemoryError:
        tell("There is not enough memory for that. Close other programs, or use smaller pictures.")
        return FAILED
    except Exception as error:  # noqa: BLE001 - the last place: whatever it is, nobody is shown a traceback unasked
        return _usage(error) if isinstance(error, _CLICK_ERROR) else _ours(error, call)
    return int(code or 0)


def _usage(error: Any) -> int:  # noqa: ANN401 - see _CLICK_ERROR
    command = error.ctx.command_path.replace(f" {FILES}", "") if getattr(error, "ctx", None) else "inspector"
    tell(f"{error.format_message().rstrip('. ')}. See “{command} --help”.")
    return USAGE


def _not_installed(error: ImportError, call: Invocation) -> int:
    if call.debug:
        traceback.print_exc()
    tell(f"A part of Inspector cannot be loaded: {error}. Run “inspector doctor”, which says what to install.")
    return SET_UP


def _ours(error: Exception, call: Invocation) -> int:
    """Report a fault of the program: whole where asked for, else in the log and in one sentence."""
    if call.debug:
        traceback.print_exc()
    kept = _log(error)
    where = f"The details are in {kept}." if kept else "Run it again as “inspector --debug ...” to see the details."
    tell(f"Something went wrong inside Inspector ({type(error).__name__}). {where}")
    return FAILED


def _log(error: Exception) -> Path | None:
    """Append the error to the log in the data folder and return its path, or None where nothing can be written."""
    from logging.handlers import RotatingFileHandler

    from inspector.files import data_folder

    with contextlib.suppress(InspectorError, OSError, ImportError):
        path = data_folder() / "inspector.log"
        handler = RotatingFileHandler(
            path, maxBytes=512_000, backupCount=2, encoding="utf-8", errors="backslashreplace"
        )
        with contextlib.closing(handler):
            handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
            record = logging.LogRecord(
                __name__, logging.ERROR, __file__, 0, "unexpected", None, (type(error), error, error.__traceback__)
            )
            handler.emit(record)
        return path
    return None
