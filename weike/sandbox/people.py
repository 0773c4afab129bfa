"""The test people who live in the simulation: they sign in, pay and receive text messages."""

import base64
import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    nickname: str
    phone: str
    colour: str

    def openid(self, app_id: str) -> str:
        """Another one for every app, as at WeChat; always the same for the same app."""
        return "o" + _letters(f"{app_id}/{self.id}", 27)

    @property
    def unionid(self) -> str:
        return "oU" + _letters(f"union/{self.id}", 26)


def _letters(text: str, count: int) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().replace("=", "")[:count]


PEOPLE = (
    Person("lin", "林小满", "13800000001", "#2f7d5b"),
    Person("chen", "陈一舟", "13800000002", "#b4562f"),
    Person("zhou", "周晚晴", "13800000003", "#5a5fa8"),
    Person("wu", "吴见山", "13800000004", "#8a6d1f"),
    Person("zhao", "赵青禾", "13800000005", "#a03e63"),
    Person("sun", "孙知白", "13800000006", "#2b6f8f"),
)

_BY_ID = {person.id: person for person in PEOPLE}


def person_by_id(person_id: str) -> Person | None:
    return _BY_ID.get(person_id)


def person_by_openid(app_id: str, openid: str) -> Person | None:
    return next((person for person in PEOPLE if person.openid(app_id) == openid), None)
