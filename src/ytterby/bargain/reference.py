"""Reference of talks files: keys from the models, assumptions from their table, the bundled files."""

from __future__ import annotations

from typing import Any, get_args

from ytterby.bargain.assumptions import packaged
from ytterby.bargain.issues import AnyIssue
from ytterby.bargain.talks import AgreedOutcome, Assumption, ControlEvent, NoDealBranch, NoDealState, Talks, bundled_talks, bundled_text
from ytterby.bargain.utility_weights import TERMS, UNIT
from ytterby.described_model import meanings_of

HEAD = """# Talks files

What `ytterby negotiate --talks FILE` reads: parties, what they talk about, what holds without a deal, and what came out. YAML 1.2 without
anchors and tags, checked like scenarios: every fault is said with its line. Dates are ISO, money in USD, shares and duties 0-1
(0.15 for 15 %). [How to](../how-to/negotiate.md) use it and [what stands behind it](../explanation/bargain.md) have pages of their own.

`ytterby negotiate` knows by name: {names}. The first step of every issue is what holds where nothing is agreed on it. What holds without
a deal has two dates: `from` when, and since when that is `known`; on an earlier day it has no part in any answer.
"""
PARTS = {
    "no_deal": (NoDealState, "What holds from a day on without a deal"),
    "no_deal.branches": (NoDealBranch, "One way in which it may stand"),
    "outcome": (AgreedOutcome, "What was agreed on a day"),
    "controls": (ControlEvent, "A control of the dominant supplier"),
    "assumptions": (Assumption, "Another value than the packaged one"),
}
ISSUE_KEYS = ("id", "name_en", "facts", "note", "kind")


def talks_reference() -> str:
    """Page on talks files in Markdown."""
    parts = [HEAD.format(names=", ".join(f"`{name}`" for name in bundled_talks())), "## Keys", _keys(Talks)]
    for name, (model, what) in PARTS.items():
        parts += [f"### {name}", f"{what}.", _keys(model)]
    parts += ["## Issues", "Every issue has `id`, `kind`, names in three languages, `facts` and a `note`. What each kind has of its own:"]
    for model in get_args(get_args(AnyIssue)[0]):
        kind = model.model_fields["kind"].default
        parts += [f"### {kind}", str(model.__doc__).splitlines()[0], _keys(model, ISSUE_KEYS)]
    parts += ["## Terms", _terms(), "## Assumptions", _assumptions()]
    for name in bundled_talks():
        parts += [f"## {name}", f"```yaml\n{bundled_text(name).rstrip()}\n```"]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _keys(model: Any, without: tuple[str, ...] = ()) -> str:
    """Table of the keys of a model."""
    rows, meanings = ["| key | meaning | |", "| --- | --- | --- |"], meanings_of(model)
    for name, field in model.model_fields.items():
        if name not in without:
            needed = "required" if field.is_required() else ""
            rows.append(f"| `{field.alias or name}` | {' '.join(meanings.get(name, '').split())} | {needed} |")
    return "\n".join(rows)


def _terms() -> str:
    """Table of terms with their weights."""
    rows = [
        "Terms of a utility, for `--weights`, with the weight by default and what a unit is worth at a weight of 1.",
        "",
        "| term | weight | unit |",
        "| --- | --- | --- |",
    ]
    rows += [f"| `{term}` | {0 if term in UNIT else 1} | {UNIT.get(term, 1.0):,.0f} USD |" for term in TERMS]
    return "\n".join(rows)


def _assumptions() -> str:
    """Table of assumptions."""
    rows = [
        "All are judgement; facts name what bounds them. A file may give others under `assumptions`.",
        "",
        "| name | value | range | unit | meaning | facts |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    rows += [
        f"| `{row.name}` | {row.value:g} | {row.low:g} to {row.high:g} | {row.unit} | {row.note} | {' '.join(row.facts)} |"
        for row in packaged().values()
    ]
    return "\n".join(rows)
