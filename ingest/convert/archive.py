"""Zip files that hold documents, opened with care: what they unpack to is bounded before anything is read."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from clew.errors import ConversionError

MOST_UNPACKED = 400_000_000  # bytes of all members together
MOST_MEMBERS = 20_000
MOST_XML = 150_000_000  # bytes of a member that is parsed as a tree
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
AGAIN = "Open it in its program and save it again."


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """The archive in ``data``. Raises ConversionError where it is damaged, locked or a bomb."""
    if data.startswith(_OLE):
        raise locked() if _PROTECTED in data else ConversionError("it is in an old binary format", AGAIN)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ConversionError(f"it is damaged or cut off ({error})", AGAIN) from error
    with archive:
        members = archive.infolist()
        size = sum(member.file_size for member in members)
        if len(members) > MOST_MEMBERS or size > MOST_UNPACKED:
            raise ConversionError(
                f"it would unpack to {size / 1e6:,.0f} MB in {len(members):,} parts: it may be a trap",
                "If it is genuine, save it in parts.",
            )
        if any(member.flag_bits & 1 for member in members):
            raise locked()
        try:
            yield archive
        except (zipfile.BadZipFile, EOFError, OSError, KeyError, etree.XMLSyntaxError) as error:
            raise ConversionError(f"it is damaged or incomplete ({error})", AGAIN) from error


def locked() -> ConversionError:
    """The error for a document that asks for a password."""
    return ConversionError("it is protected by a password", "Save a copy without the password.")


def xml(archive: zipfile.ZipFile, member: str) -> etree._Element:
    """A member's XML tree; nothing outside of it is fetched and no entity is expanded."""
    if archive.getinfo(member).file_size > MOST_XML:
        raise ConversionError(f"its part {member} is too large to read", "Save it in parts.")
    return etree.fromstring(archive.read(member), parser_for_xml())


def parser_for_xml() -> etree.XMLParser:
    """A parser that trusts nothing."""
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=False)


def has(archive: zipfile.ZipFile, member: str) -> bool:
    """Whether the archive holds a member of that name."""
    return member in archive.NameToInfo
