"""Tables of the page on an alliance that could stand in an annex: parts by coalition, cost shares, promises on record, jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.briefing.alliance_words import LEAST_USD, PARTS, note
from ytterby.report.briefing.document import Para, Section, Table
from ytterby.report.briefing.result_frame import coalition, measure, millions
from ytterby.report.text import capital

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.cooperation import CommitmentRow, CooperationResult
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Block
    from ytterby.report.text import Words

RULE = "shapley"
"""Rule by which costs are shared here; the others are in the tables of the answer."""
MAX_MEASURES, MAX_COALITIONS = 8, 7
LEAST_SHARE = 0.005
"""Smaller shares are told as none."""
LEAST_JOBS = 0.5


def annex(writer: CitedWriter, found: CooperationResult) -> Section | None:
    """Parts, costs, promises and jobs; None for one party."""
    if len(found.parties) == 1:
        return None
    tables = [part(writer, found) for part in (_parts, _costs, _promises, _jobs)]
    blocks: list[Block] = [table for table in tables if table]
    if tables[2]:
        blocks.insert(blocks.index(tables[2]) + 1, Para(writer.words.say("together.promises.remark")))
    return Section("annex", writer.words.plain("together.section.annex"), tuple(blocks)) if blocks else None


def _parts(writer: CitedWriter, found: CooperationResult) -> Table | None:
    """Parts of the worth of each coalition, in order and in the mean over orders."""
    words, cells = writer.words, []
    for name in list(found.parts)[-MAX_COALITIONS:]:
        for key, row in (("in_order", found.parts[name]), ("average", found.parts_average.get(name))):
            if row is not None:
                amounts = (millions(words, float(getattr(row, part))) for part in PARTS)
                cells.append((coalition(words, name), words.plain(f"together.parts.{key}"), *amounts))
    head = (
        words.plain("table.coalition"),
        words.plain("table.counted"),
        *(capital(words.plain(f"together.part.{part}")) for part in PARTS),
    )
    return Table(words.plain("together.parts.both"), head, tuple(cells), note(writer, found, "parts"), words=2) if cells else None


def _costs(writer: CitedWriter, found: CooperationResult) -> Table | None:
    """Who bears each measure by the Shapley value, and what is settled beside the measures."""
    words = writer.words
    rows = [row for row in found.cost_shares if row.rule == RULE]
    if not rows:
        return None
    cells = [
        (
            measure(words, row.measure, row.name), " + ".join(words.region(code) for code in row.party.split("+")),
            millions(words, row.public_usd), *_by_party(words, found, row.paid),
        )
        for row in rows[:MAX_MEASURES]
    ]  # fmt: skip
    if len(rows) > MAX_MEASURES:
        rest = rows[MAX_MEASURES:]
        paid = {code: sum(row.paid[code] for row in rest) for code in found.parties}
        counted = words.plain("together.costs.more", count=str(len(rest)))
        cells.append((counted, "", millions(words, sum(row.public_usd for row in rest)), *_by_party(words, found, paid)))
    beside = found.beside.get(RULE, {})
    if any(abs(usd) >= LEAST_USD for usd in beside.values()):
        cells.append((words.plain("together.costs.beside"), "", "", *_by_party(words, found, beside)))
    head = (words.plain("table.measure"), words.plain("table.taken_by"), words.plain("table.in_all"), *map(words.region, found.parties))
    return Table(words.plain("together.costs.title"), head, tuple(cells), note(writer, found, "costs"), words=2)


def _by_party(words: Words, found: CooperationResult, paid: Mapping[str, float]) -> list[str]:
    return [millions(words, paid[code]) if abs(paid[code]) >= LEAST_USD else "0" for code in found.parties]


def _promises(writer: CitedWriter, found: CooperationResult) -> Table | None:
    """What governments have promised for projects, beside who would bear the joint plan."""
    words = writer.words
    cells = tuple(
        (
            _project(words, row),
            _shares(words, row.published_shares) or words.plain("together.promises.none"),
            _shares(words, row.ours.get(RULE, {})) or words.plain("together.promises.nothing"),
        )
        for row in found.commitments
    )
    head = tuple(words.plain(f"table.{key}") for key in ("project", "promised_shares", "our_shares"))
    facts = tuple(fact for row in found.commitments for fact in row.facts)
    ref = note(writer, found, "promises", facts=facts)
    return Table(words.plain("together.promises.title"), head, cells, ref, words=3) if cells else None


def _project(words: Words, row: CommitmentRow) -> str:
    """Name of a project in the language of the page, by its first fact; as on record where it has none."""
    key = f"together.recorded.{row.facts[0]}" if row.facts else ""
    return words.plain(key) if words.has(key) else row.project


def _shares(words: Words, shares: Mapping[str, float]) -> str:
    """Shares by party, the largest first."""
    told = sorted(((code, share) for code, share in shares.items() if share >= LEAST_SHARE), key=lambda pair: -pair[1])
    return words.joined(f"{words.region(code)} {words.percent(share, 0)}" for code, share in told) if told else ""


def _jobs(writer: CitedWriter, found: CooperationResult) -> Table | None:
    """Jobs in the plants of the joint plan."""
    words = writer.words
    cells = tuple(
        (words.region(row.party), words.number(row.build, 0), words.number(row.run, 0))
        for row in found.jobs_created
        if max(row.build, row.run) >= LEAST_JOBS
    )
    head = tuple(words.plain(f"table.{key}") for key in ("party", "jobs_build", "jobs_run"))
    return Table(words.plain("together.jobs.title"), head, cells, note(writer, found, "jobs"), "half") if cells else None
