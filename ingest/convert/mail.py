"""A mail (.eml): who wrote to whom when, what, and what was attached."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage, Message
from typing import Any

from clew.errors import ConversionError
from clew.records import Loss
from ingest.convert.draft import Draft, lost
from ingest.dates import date_of

_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_DEEPEST = 3  # a mail in a mail in a mail
_MOST_ATTACHMENTS = 100
_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")


def read(data: bytes, name: str) -> Draft:
    """Convert a mail with all that it carries; what cannot be read of its attachments is a loss of the mail."""
    return _read(data, 0)


def read_page(data: bytes, name: str) -> Draft:
    """Convert a web page that a browser saved as one file, in the form of a mail."""
    from ingest.convert.html import read_text

    message = email.message_from_bytes(data, policy=email.policy.default)
    page = message.get_body(("html",)) if isinstance(message, EmailMessage) else None
    if page is None:
        raise ConversionError("there is no page in it", "Save the page again.")
    return read_text(_content(page))


def _read(data: bytes, depth: int) -> Draft:
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not any(_header(message, h) for h in (*_HEADERS, "Received")):
        raise ConversionError("it is no mail: it has no sender, no date and no subject", "Give it its true extension.")
    head = "\n".join(f"{h}: {value}  " for h in _HEADERS if (value := _header(message, h)))
    forms = message.get_body(("plain",)), message.get_body(("html",))
    body, shown = _body(*forms)
    parts = [head, body]
    losses: list[Loss] = []
    for number, part in enumerate(_beside(message, shown, forms)):
        if number >= _MOST_ATTACHMENTS or depth >= _DEEPEST:
            losses.append(lost("skipped", "some attachments are not read", "Save them as files."))
            break
        parts.append(_attachment(part, depth, losses))
    date = date_of(_header(message, "Date"))
    return Draft.of(
        "\n\n".join(part for part in parts if part),
        title=_header(message, "Subject"),
        date=date,
        date_source="metadata" if date else None,
        losses=tuple(losses),
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except (ValueError, IndexError, LookupError):  # headers that the library cannot take apart
        return ""


def _body(plain: Message | None, rich: Message | None) -> tuple[str, Message | None]:
    """The HTML if it holds what text cannot (a table, a link, a list) or there is no text, else the plain text."""
    words = _content(plain) if plain is not None else ""
    html = _content(rich) if rich is not None else ""
    structured = re.search(r"<(table|ul|ol|h[1-4]|a\s[^>]*href)\b", html, re.I)
    if rich is not None and html.strip() and (structured or not words.strip()):
        return _text(rich), rich
    return words, plain


def _text(part: Message) -> str:
    """A part as Markdown."""
    from ingest.convert.html import read_fragment

    return read_fragment(_content(part)) if part.get_content_subtype() == "html" else _content(part)


def _content(part: Message) -> str:
    """The text of a part in the encoding that it names, if that fits."""
    from ingest.convert.encoding import decode, name_of

    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    label = part.get_content_charset("ascii")
    named = None if label in ("ascii", "us-ascii") else name_of(label)  # that is what programs say who do not know
    try:
        return content.decode(named) if named else decode(content)
    except (UnicodeDecodeError, LookupError):  # the latter for codecs that are no encodings
        return decode(content)


def _beside(part: Any, shown: object, forms: tuple[object, ...], alternative: bool = False) -> Iterator[Any]:
    """The parts of a mail that are neither its body nor another form of it, nor a signature."""
    if part.is_multipart() and part.get_content_maintype() == "multipart":
        choice = part.get_content_subtype() == "alternative"
        for inner in part.get_payload():
            form = choice and inner.get_content_maintype() == "text" and inner.get_content_subtype() != "calendar"
            if not form:
                yield from _beside(inner, shown, forms, alternative or choice)
    elif part is not shown and not (alternative and part in forms) and part.get_content_type() not in _SIGNATURES:
        yield part


def _attachment(part: Any, depth: int, losses: list[Loss]) -> str:
    from ingest.convert import draft_of

    label = " ".join((part.get_filename() or "").split()) or part.get_content_type()
    try:
        if part.get_content_type() == "message/rfc822":
            inner = part.get_content()
            draft = _read(inner.as_bytes(), depth + 1)
        elif part.get_content_maintype() == "text" and part.get_filename() is None:
            draft = Draft.of(_text(part))
        else:
            payload = part.get_payload(decode=True)
            draft = draft_of(payload if isinstance(payload, bytes) else b"", label)
    except ConversionError as error:
        losses.append(lost(error.kind, f"attachment {label}: {error.message}", error.remedy))
        return ""
    except (ValueError, LookupError, AttributeError) as error:
        reason = f"attachment {label}: it is damaged ({type(error).__name__})"
        losses.append(lost("failed", reason, "Save it as a file."))
        return ""
    losses.extend(lost(one.kind, f"attachment {label}: {one.reason}", one.remedy, one.page) for one in draft.losses)
    text = "\n\n".join(text for _, text in draft.parts if text.strip())
    return f"# Attachment: {label}\n\n{text}" if text.strip() else ""
