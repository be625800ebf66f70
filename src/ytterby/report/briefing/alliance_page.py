"""The page on an alliance: its worth, who pays whom, who would walk away, whom to ask next, what the supplier could offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.briefing import alliance_charts, alliance_words
from ytterby.report.briefing.alliance_annex import annex
from ytterby.report.briefing.alliance_words import LEAST_USD, note, rule_name
from ytterby.report.briefing.document import PageParts, Para, Section, Table
from ytterby.report.briefing.result_frame import marked_once, measure, millions, named, page, together
from ytterby.report.text import capital

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.cooperation import CooperationResult, JointMeasureRow, SideDealRow
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Block, Briefing, Chart
    from ytterby.report.briefing.result_input import ResultFrame
    from ytterby.report.text import Field, Words

MAX_MEASURES, MAX_ROWS = 8, 12


def write_alliance(found: CooperationResult, frame: ResultFrame, lang: str = "en") -> Briefing:
    """Page on an alliance.

    Raises
    ------
    UnknownNameError
        If there is no message catalogue of the language.
    """
    writer = frame.writer(lang)
    words, first = writer.words, (writer, found)
    parts = PageParts(
        words.plain("together.title", who=together(words, found.parties)),
        words.plain("together.subtitle"),
        alliance_words.answer(*first),
        alliance_words.support(*first),
        alliance_words.meta(*first),
        alliance_words.warnings(writer, found, frame),
        tuple(chart for chart in (alliance_charts.parts(*first), alliance_charts.shares(*first)) if chart),
        alliance_words.points(*first),
        alliance_words.changes(*first),
        alliance_words.unknowns(*first),
        tuple(section for section in (_pays(*first), _next(*first), _offer(*first), _free(*first), annex(*first)) if section),
    )
    return page(parts, frame, writer, "together.brand", "together.leave.title")


def alliance_pictures(found: CooperationResult) -> dict[str, Callable[[CitedWriter], Chart | None]]:
    """Pictures of an alliance by name; what draws one gives None where the answer lacks what it shows."""
    return {
        "parts": lambda writer: alliance_charts.parts(writer, found),
        "shares": lambda writer: alliance_charts.shares(writer, found),
        "growth": lambda writer: alliance_charts.growth(writer, found),
        "spillover": lambda writer: alliance_charts.spillover(writer, found),
    }


def _pays(writer: CitedWriter, found: CooperationResult) -> Section | None:
    """Who pays whom by each rule, what goes from whom to whom, and what is paid for; None for one party."""
    words = writer.words
    if len(found.parties) == 1:
        return None
    shapley = [row for row in found.transfers if row.rule == "shapley" and row.usd >= LEAST_USD]
    ref = note(writer, found, "transfers")
    told = [
        words.say(
            "together.pays.told", payer=named(words, row.payer), payee=named(words, row.payee),
            usd=writer.money(row.usd, None, None, ref), yearly=writer.money(row.by_year, None, None, ref),
        )
        for row in shapley
    ]  # fmt: skip
    lead = words.chained(told, "list.sentences") if told else words.say("together.pays.none")
    blocks: list[Block] = [Para(marked_once(lead), "lead")]
    blocks += [table for table in (_transfers(writer, found, ref), _sent(writer, found), _measures(writer, found)) if table]
    needs = alliance_words.public_money(writer, found)
    blocks += [Para(marked_once(needs))] if needs else []
    return Section("pays", words.plain("together.section.pays"), tuple(blocks))


def _transfers(writer: CitedWriter, found: CooperationResult, ref: str) -> Table | None:
    """Payments beyond the price of goods, by rule."""
    words, rows = writer.words, list(found.transfers)
    shown = rows if len(rows) <= MAX_ROWS else [row for row in rows if row.rule in ("shapley", "nucleolus", "owen")]
    cells = tuple(
        (
            rule_name(words, row.rule),
            words.region(row.payer),
            words.region(row.payee),
            millions(words, row.usd),
            millions(words, row.by_year),
        )
        for row in shown
    )
    head = tuple(words.plain(f"table.{key}") for key in ("rule", "payer", "payee", "now_worth", "a_year"))
    return Table(words.plain("together.pays.title"), head, cells, ref, "half", words=3) if cells else None


def _sent(writer: CitedWriter, found: CooperationResult) -> Table | None:
    """Goods that members send each other, in calm and in restricted years."""
    words = writer.words
    rows = sorted((row for row in found.sent if max(row.calm_usd, row.crisis_usd) >= LEAST_USD), key=lambda row: -row.crisis_usd)[:MAX_ROWS]
    cells = tuple(
        (words.region(row.giver), words.region(row.taker), millions(words, row.calm_usd), millions(words, row.crisis_usd)) for row in rows
    )
    head = tuple(words.plain(f"table.{key}") for key in ("giver", "taker", "calm", "crisis"))
    ref = note(writer, found, "sent")
    return Table(words.plain("together.sent.title"), head, cells, ref, "half", words=2) if cells else None


def _measures(writer: CitedWriter, found: CooperationResult) -> Table | None:
    """Measures of the joint plan by public money."""
    words = writer.words
    cells = tuple(
        (
            _measure(words, row),
            " + ".join(words.region(code) for code in row.party.split("+")),
            str(row.year),
            words.percent(row.share, 0),
            millions(words, row.public_usd),
        )
        for row in found.portfolio[:MAX_MEASURES]
    )
    head = tuple(words.plain(f"table.{key}") for key in ("measure", "party", "committed", "of_entitled", "public"))
    counts = {"shown": str(len(cells)), "all": str(len(found.portfolio))}
    ref = note(writer, found, "measures")
    return Table(words.plain("together.measures.title", **counts), head, cells, ref, words=2) if cells else None


def _measure(words: Words, row: JointMeasureRow) -> str:
    """Name of a measure, with the partner whose know-how opens it."""
    name = measure(words, row.measure, row.name)
    return words.plain("together.measure.taught", measure=name, party=words.region(row.taught_by)) if row.taught_by else name


def _next(writer: CitedWriter, found: CooperationResult) -> Section:
    """Whom to ask next, or that nobody was looked at."""
    words = writer.words
    if not found.invite:
        return Section("next", words.plain("together.section.next"), (Para(words.say("together.next.unasked")),))
    ref, best = note(writer, found, "growth"), max(found.invite, key=lambda row: row.gain)
    fields = {"gain": writer.money(best.gain, None, None, ref), "own": writer.money(best.gain_of_party, None, None, ref)}
    lead = words.say("together.next.told", party=capital(named(words, best.party)), **fields)
    cells = tuple(
        (
            words.region(row.party),
            str(row.order),
            *(millions(words, usd) for usd in (row.gain, row.gain_of_party, row.gain_in_order)),
        )
        for row in found.invite
    )
    head = tuple(words.plain(f"table.{key}") for key in ("party", "order", "adds", "saves_itself", "adds_then"))
    table = Table(words.plain("together.next.title"), head, cells, ref)
    chart = alliance_charts.growth(writer, found)
    blocks: tuple[Block, ...] = (Para(marked_once(lead), "lead"), table, *([chart] if chart else []))
    return Section("next", words.plain("together.section.next"), blocks)


def _offer(writer: CitedWriter, found: CooperationResult) -> Section | None:
    """What the dominant supplier could offer one member to leave; None for one party."""
    words, rows = writer.words, found.side_deal
    if not rows:
        return None
    ref = note(writer, found, "offer")
    nearest = min((row for row in rows if row.rule == "shapley"), key=_sparing)
    fields: dict[str, Field] = {"party": named(words, nearest.party), "usd": writer.money(nearest.usd, None, None, ref)}
    if nearest.exempt_share is None:
        lead = words.say("together.offer.beside", **fields)
    else:
        lead = words.say("together.offer.told", share=writer.plain_share(nearest.exempt_share, ref), **fields)
    cells = tuple(
        (
            words.region(row.party),
            rule_name(words, row.rule),
            words.plain("together.offer.never") if row.exempt_share is None else words.percent(row.exempt_share, 0),
            millions(words, row.usd),
        )
        for row in rows
    )
    head = tuple(words.plain(f"table.{key}") for key in ("party", "rule", "spared", "or_usd"))
    return Section(
        "offer",
        words.plain("together.section.offer"),
        (Para(marked_once(lead), "lead"), Table(words.plain("together.offer.title"), head, cells, ref, words=2)),
    )


def _sparing(row: SideDealRow) -> tuple[bool, float, float]:
    """Order of side deals: the least sparing first; where that is never enough, the least payment beside it."""
    return row.exempt_share is None, row.exempt_share or 0.0, row.usd


def _free(writer: CitedWriter, found: CooperationResult) -> Section | None:
    """Who gains without paying; None where it was not simulated."""
    chart = alliance_charts.spillover(writer, found)
    return Section("free", writer.words.plain("together.section.free"), (chart,)) if chart else None
