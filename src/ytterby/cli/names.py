"""Options that take names: a name is accepted as well as its code, and a note on stderr says how it was understood."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import click

from ytterby.facts import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.facts import Understood

    TextType = click.ParamType[str]
    DateType = click.ParamType[dt.date]
else:  # older versions of click know no type of the value
    TextType = DateType = click.ParamType


class NameOf(TextType):
    """Text that is the code or the name of something; its value is the code.

    Parameters
    ----------
    read : callable
        Gives the code of a text.
    name : str
        Placeholder in the help.
    also : tuple of str
        Words that are taken as they are, such as ``any``.
    """

    def __init__(self, read: Callable[[str], Understood], name: str, also: tuple[str, ...] = ()) -> None:
        self.read, self.name, self.also = read, name, also

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002 (click's signature)
        """Code of the text; a note on stderr where that is not what was written."""
        text = str(value)
        if text in self.also:
            return text
        found = self.read(text)
        if found.note:
            click.echo(f"note: {found.note}", err=True)
        return found.code


class NamesOf(NameOf):
    """Several codes or names joined by commas; the value is the codes joined by commas, each once."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Codes of the texts."""
        return ",".join(dict.fromkeys(super(NamesOf, self).convert(part.strip(), param, ctx) for part in str(value).split(",")))


class Day(DateType):
    """A date YYYY-MM-DD that exists."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Date of the text."""
        if isinstance(value, dt.date):
            return value
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
                raise ValueError("it is not written YYYY-MM-DD")  # noqa: TRY301
            return dt.date.fromisoformat(str(value))
        except ValueError as error:
            self.fail(f"'{value}' is no date such as 2026-11-10: {error}", param, ctx)


REGION = NameOf(names.region, "PLACE")
REGIONS = NamesOf(names.region, "PLACE[,PLACE]")
COUNTRY = NameOf(names.country, "COUNTRY")
COUNTRY_OR_ANY = NameOf(names.country, "COUNTRY", names.EVERYWHERE)
ELEMENT = NameOf(names.element, "ELEMENT")
MATERIAL = NameOf(names.material, "MATERIAL")
FAMILY_OR_ANY = NameOf(names.family, "FAMILY", ("any",))
DAY = Day()
