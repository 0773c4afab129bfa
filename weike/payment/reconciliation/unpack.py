"""Unpacking a bill: gzip or zip, as a stream of text lines, in bounded memory.

What unpacks to more than LARGEST_BYTES, or to more than RATIO times what came, is a bomb and not a
bill. What ends in the middle is refused with BillUnsound, like everything else that is not whole.
"""

from __future__ import annotations

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, BinaryIO

from weike.payment.ports import BillFile
from weike.payment.reconciliation.model import BillUnsound

LARGEST_BYTES = 1024 * 1024 * 1024
RATIO = 300
SMALL = 1024 * 1024
"""Below this, any ratio is harmless."""
LONGEST_LINE = 16 * 1024
_MOST_MEMBERS = 16
_PIECE = 64 * 1024
_SUMMARY = "汇总"
"""The second table of Alipay's archive, which says the same in fewer words."""


def lines_of(packed: BinaryIO, file: BillFile, *, encoding: str) -> Iterator[str]:
    """Lines without their ends. Refuses with BillUnsound, also after lines were given: what was
    read counts only when the iteration came to its end."""
    packed.seek(0, 2)
    size = packed.tell()
    packed.seek(0)
    limit = max(SMALL, min(LARGEST_BYTES, size * RATIO))
    digest = hashlib.sha1(usedforsecurity=False)
    try:
        with _opened(packed, file, limit) as plain:
            yield from _decoded(_limited(plain, limit, digest), encoding)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
        raise BillUnsound("cut") from error
    except RuntimeError as error:
        # What zipfile says of an archive with a password.
        raise BillUnsound("packing") from error
    if file.sha1 is not None and digest.hexdigest() != file.sha1.lower():
        raise BillUnsound("hash")


def _opened(packed: BinaryIO, file: BillFile, limit: int) -> IO[bytes] | gzip.GzipFile:
    if file.packing == "gzip":
        return gzip.GzipFile(fileobj=packed, mode="rb")
    archive = zipfile.ZipFile(packed)
    members = [info for info in archive.infolist() if not info.is_dir()]
    if len(members) > _MOST_MEMBERS:
        raise BillUnsound("packing")
    details = [info for info in members if _SUMMARY not in _name(info)]
    if len(details) != 1:
        raise BillUnsound("packing")
    if details[0].file_size > limit:
        raise BillUnsound("too_large")
    return archive.open(details[0])


def _name(info: zipfile.ZipInfo) -> str:
    """Alipay writes names in GBK without saying so; zipfile reads them as CP437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gbk")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


def _limited(
    plain: IO[bytes] | gzip.GzipFile, limit: int, digest: hashlib._Hash
) -> Iterator[bytes]:
    given = 0
    while piece := plain.read(_PIECE):
        given += len(piece)
        if given > limit:
            raise BillUnsound("too_large")
        digest.update(piece)
        yield piece


def _decoded(pieces: Iterator[bytes], encoding: str) -> Iterator[str]:
    """Split at bytes before decoding: neither UTF-8 nor GBK has a line feed inside a character.
    A line that cannot be decoded is given with marks in it, and its row will be unreadable."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        if len(rest) > LONGEST_LINE:
            raise BillUnsound("line_too_long")
        for line in whole:
            yield line.rstrip(b"\r").decode(encoding, errors="replace")
    if rest:
        yield rest.decode(encoding, errors="replace")
