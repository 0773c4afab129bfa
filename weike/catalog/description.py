"""Descriptions: what merchants paste is cut down to an allow-list of harmless HTML."""

from __future__ import annotations

import html
import re

import nh3

_TAGS = {
    "p", "br", "h2", "h3", "h4", "strong", "b", "em", "i", "u", "s", "ul", "ol", "li",
    "blockquote", "hr", "img", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {
    "img": {"src", "alt", "width", "height"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
# Pictures come from the shop's own media only: nobody else's server learns who reads.
_OWN_PICTURE = re.compile(r"/media/[0-9a-f]{32}/[A-Za-z0-9_-]{22}-[sml]\.webp")
_LOOKS_LIKE_HTML = re.compile(r"<[a-zA-Z!/]")


def safe_description(text: str) -> str:
    """Safe HTML; plain text becomes paragraphs. Cleaning what is clean changes nothing."""
    cleaned = _cleaned(text) if _LOOKS_LIKE_HTML.search(text) else text
    if _LOOKS_LIKE_HTML.search(cleaned):
        return cleaned
    lines = (html.escape(html.unescape(line.strip()), quote=False) for line in cleaned.split("\n"))
    return _cleaned("".join(f"<p>{line}</p>" for line in lines if line))


def _cleaned(text: str) -> str:
    return nh3.clean(
        text,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep_attribute,
        clean_content_tags={"script", "style"},
        link_rel=None,
        url_schemes=set(),
        strip_comments=True,
    )


def _keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src":
        return value if _OWN_PICTURE.fullmatch(value) else None
    if attribute in ("width", "height", "colspan", "rowspan"):
        return value if value.isascii() and value.isdigit() and len(value) <= 4 else None
    return value
