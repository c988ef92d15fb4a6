"""A mail (.eml): who wrote to whom when, what, and what was attached."""

import email
import email.policy
import re
from email.message import EmailMessage

from clew.errors import ConversionError
from clew.records import Loss
from ingest.convert.draft import Draft, lost
from ingest.dates import date_of

_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_DEEPEST = 3  # a mail in a mail in a mail
_MOST_ATTACHMENTS = 100


def read(data: bytes, name: str) -> Draft:
    """Convert a mail with all that it carries; what cannot be read of its attachments is a loss of the mail."""
    return _read(data, 0)


def _read(data: bytes, depth: int) -> Draft:
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not any(_header(message, h) for h in (*_HEADERS, "Received")):
        raise ConversionError("it is no mail: it has no sender, no date and no subject", "Give it its true extension.")
    head = "\n".join(f"{h}: {value}  " for h in _HEADERS if (value := _header(message, h)))
    parts = [head, _body(message)]
    losses: list[Loss] = []
    for number, part in enumerate(message.iter_attachments()):
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


def _body(message: EmailMessage) -> str:
    """The HTML if it holds what text cannot (a table, a link, a list), else the plain text."""
    plain = message.get_body(("plain",))
    rich = message.get_body(("html",))
    html = _content(rich) if rich is not None else ""
    if html and (plain is None or re.search(r"<(table|ul|ol|h[1-4]|a\s[^>]*href)\b", html, re.I)):
        from ingest.convert.html import read_fragment

        return read_fragment(html)
    return _content(plain) if plain is not None else ""


def _content(part: object) -> str:
    assert isinstance(part, EmailMessage)
    try:
        content = part.get_content()
    except (LookupError, ValueError, AssertionError):
        content = part.get_payload(decode=True)
    if isinstance(content, bytes):
        from ingest.convert.encoding import decode

        return decode(content)
    return str(content)


def _attachment(part: object, depth: int, losses: list[Loss]) -> str:
    from ingest.convert import draft_of

    assert isinstance(part, EmailMessage)
    label = " ".join((part.get_filename() or "").split()) or part.get_content_type()
    try:
        if part.get_content_type() == "message/rfc822":
            inner = part.get_content()
            draft = _read(inner.as_bytes(), depth + 1)
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
