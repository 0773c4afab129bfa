"""The command line: `weike serve | worker | demo | migrate | import | export | backup | …`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import weike
from weike.entry.installation import Installation, installation
from weike.entry.settings import BadSetting, read_settings
from weike.kernel.clock import utc_now
from weike.kernel.edge.logs import configure_logging
from weike.kernel.embedded import EmbeddedDatabaseFailed
from weike.kernel.migrate import MigrationRefused

Command = Callable[[Installation, argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        settings = read_settings(os.environ)
        configure_logging(level=settings.log_level)
        run: Command = arguments.run
        return run(installation(settings, os.environ), arguments)
    except (BadSetting, EmbeddedDatabaseFailed, MigrationRefused) as error:
        return _failed(error)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        # What a command refuses is told in a sentence; anything else is our mistake and shows
        # where it happened.
        if type(error).__module__.startswith("weike.entry"):
            return _failed(error)
        raise


def _failed(error: Exception) -> int:
    print(f"weike: {error}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="weike",
        description="A mobile shop that sells through people who share it. Settings are "
        "environment variables (docs/guides/operations.md); WEIKE_DATA is the data folder.",
    )
    parser.add_argument("--version", action="version", version=f"weike {weike.__version__}")
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, run: Command, help_text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help_text, description=help_text)
        command.set_defaults(run=run)
        return command

    add("serve", _serve, "serve the shop, the console and the API")
    add("worker", _worker, "deliver messages and run what is due")
    add("demo", _demo, "open a demo shop and serve it, with a worker and a payment sandbox")
    add("migrate", _migrate, "bring the database to this version")
    add("doctor", _doctor, "check this installation and say what to do")
    add("stop", _stop, "stop an embedded database that was left running")

    imported = add("import", _import, "import products from a CSV or XLSX file")
    imported.add_argument("file", type=Path)
    imported.add_argument("--shop", required=True, help="the shop's short name")
    imported.add_argument("--dry-run", action="store_true", help="try it and keep nothing")
    exported = add("export", _export, "export products to a CSV or XLSX file")
    exported.add_argument("file", type=Path)
    exported.add_argument("--shop", required=True, help="the shop's short name")
    exported.add_argument("--language", choices=("zh", "en"), default="zh")

    saved = add("backup", _backup, "save database, pictures and secrets to one file")
    saved.add_argument("file", type=Path)
    restored = add("restore", _restore, "bring back what `weike backup` saved")
    restored.add_argument("file", type=Path)
    restored.add_argument("--replace", action="store_true", help="lose what is here now")

    add("sandbox", _sandbox, "serve a simulation of WeChat Pay, sign-in and text messages")
    described = add("openapi", _openapi, "write the API's OpenAPI 3.1 description")
    described.add_argument("file", type=Path, nargs="?", default=Path("web/client/openapi.json"))
    return parser


def _serve(here: Installation, _: argparse.Namespace) -> int:
    from weike.entry.commands.serve import serve

    serve(here)
    return 0


def _worker(here: Installation, _: argparse.Namespace) -> int:
    from weike.entry.worker import run_worker

    asyncio.run(run_worker(here))
    return 0


def _demo(here: Installation, _: argparse.Namespace) -> int:
    from weike.entry.commands.demo import run_demo

    run_demo(here)
    return 0


def _migrate(here: Installation, _: argparse.Namespace) -> int:
    with here.database() as urls:
        done = asyncio.run(
            here.migrate(
                urls,
                now=utc_now(),
                progress=lambda step: print(f"  {step.context}/{step.name}"),
            )
        )
    print(f"{done} migrations applied" if done else "the database is up to date")
    return 0


def _doctor(here: Installation, _: argparse.Namespace) -> int:
    from weike.entry.commands.doctor import examine

    async def tell() -> bool:
        all_well = True
        async for finding in examine(here):
            all_well &= finding.is_well
            print(f"  {'✓' if finding.is_well else '✗'} {finding.what}")
            if not finding.is_well and finding.advice:
                print(f"      → {finding.advice}")
        return all_well

    return 0 if asyncio.run(tell()) else 1


def _stop(here: Installation, _: argparse.Namespace) -> int:
    from weike.kernel.embedded import EmbeddedDatabase

    if here.settings.database.url is None:
        EmbeddedDatabase(here.settings.data, password=here.vault.secret("database.owner")).stop()
    return 0


def _import(here: Installation, arguments: argparse.Namespace) -> int:
    from weike.entry.commands.goods import import_goods

    refused = asyncio.run(
        import_goods(here, file=arguments.file, shop=arguments.shop, dry_run=arguments.dry_run)
    )
    return 1 if refused else 0


def _export(here: Installation, arguments: argparse.Namespace) -> int:
    from weike.entry.commands.goods import export_goods

    asyncio.run(
        export_goods(here, file=arguments.file, shop=arguments.shop, language=arguments.language)
    )
    return 0


def _backup(here: Installation, arguments: argparse.Namespace) -> int:
    from weike.entry.commands.backup import backup

    asyncio.run(backup(here, arguments.file.resolve()))
    return 0


def _restore(here: Installation, arguments: argparse.Namespace) -> int:
    from weike.entry.commands.backup import restore

    asyncio.run(restore(here, arguments.file.resolve(), replace=arguments.replace))
    return 0


def _sandbox(here: Installation, _: argparse.Namespace) -> int:
    from weike.entry.commands.serve import refuse_taken_port
    from weike.sandbox import serve_sandbox

    refuse_taken_port("127.0.0.1", here.settings.sandbox_port, "WEIKE_SANDBOX_PORT")
    asyncio.run(serve_sandbox(here.settings.data / "sandbox", port=here.settings.sandbox_port))
    return 0


def _openapi(_: Installation, arguments: argparse.Namespace) -> int:
    from weike.entry.api_file import write_api_file

    write_api_file(arguments.file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
