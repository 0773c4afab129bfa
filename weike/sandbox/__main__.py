"""`python -m weike.sandbox FOLDER [--host HOST] [--port PORT] [--public-url URL]`."""

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path

from weike.sandbox import DEFAULT_PORT, serve_sandbox


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="weike sandbox", description="A simulation of WeChat Pay, WeChat sign-in and SMS."
    )
    parser.add_argument("folder", type=Path, help="where keys and state are kept")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--public-url", help="the address testers reach the cashier page under")
    asked = parser.parse_args()
    sys.stdout.write(f"Sandbox (a simulation): http://{asked.host}:{asked.port}/\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(
            serve_sandbox(
                asked.folder, host=asked.host, port=asked.port, public_url=asked.public_url
            )
        )


if __name__ == "__main__":
    main()
