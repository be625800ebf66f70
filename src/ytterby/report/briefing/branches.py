"""What hangs on a decision: the loss in each branch of the first fork, and what each adds to that of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ytterby.report.briefing.common import SMALLEST_USD, loss_amount, loss_ref, measure_words, own_losses, run_ref, scenario_ref, title_of
from ytterby.report.briefing.document import Table
from ytterby.report.digits import band_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ytterby.ensembles import PairedLoss
    from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Spans

    Amount = tuple[float, float, float]

ALARM = "hoarding"
"""Kind of measure that is an answer to others, not decided with them."""
MILLION = 1e6
HEAD = ("branch", "odds", "loss", "low", "high", "loss_mean", "added_loss", "low", "high", "stops_in")


class ToldBranch(NamedTuple):
    """A branch as the answer tells it."""

    label: str
    p: float
    loss: Amount
    """Median and band [USD]."""
    stops: float
    """Share of the draws with a stop [1]."""
    draws: int
    added: Amount | None
    """Median and band of the difference from the first branch [USD]; None for the first, and where no draws are shared."""


def by_branch(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun) -> Spans:
    """What each branch of the first fork comes to, with what then applies; nothing without a fork."""
    words, paired = writer.words, _paired(inputs)
    told = paired or _drawn(inputs, run)
    if len(told) < 2:  # noqa: PLR2004
        return ()
    ref = _ref(writer, run) if paired else loss_ref(writer, run, own_losses(inputs, run), inputs.importer)
    first = words.translated(told[0].label)
    items = words.chained([_branch(writer, run, branch, first, ref) for branch in told], "list.clauses")
    fields: dict[str, Any] = {"scenario": title_of(writer, run), "within": words.within(inputs.importer), "list": items}
    return words.say("answer.branches" if paired else "answer.branches_drawn", **fields)


def table(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun) -> Table | None:
    """The branches with their losses on the same draws; None where they were not simulated so."""
    words, rows = writer.words, []
    for branch in inputs.branches:
        loss = branch.places.get(inputs.importer)
        if loss is not None:
            rows.append((words.translated(branch.label), words.percent(branch.p, 0), *_numbers(writer, loss), words.percent(loss.stops, 0)))
    if not rows:
        return None
    title = words.plain("table.branches", draws=str(inputs.branches[0].draws), within=words.within(inputs.importer))
    return Table(title, tuple(words.plain(f"table.{key}") for key in HEAD), tuple(rows), _ref(writer, run))


def _numbers(writer: CitedWriter, loss: PairedLoss) -> tuple[str, ...]:
    """Loss and what it adds, each with its band, and the mean loss between them [USD million]."""
    amounts = (loss.value_added_usd, loss.low, loss.high), (loss.added_usd, loss.added_low, loss.added_high)
    lost, added = ([value / MILLION if abs(value) >= SMALLEST_USD else 0.0 for value in values] for values in amounts)
    place, place_added = band_place(*lost), band_place(*added)
    shown = [*((value, place) for value in (*lost, loss.mean_usd / MILLION)), *((value, place_added) for value in added)]
    return tuple(writer.words.number(value, at) for value, at in shown)


def _paired(inputs: BriefingInput) -> list[ToldBranch]:
    """The branches as simulated on the same draws."""
    found: list[ToldBranch] = []
    for branch in inputs.branches:
        row = branch.places.get(inputs.importer)
        if row is not None:
            added = (row.added_usd, row.added_low, row.added_high) if found else None
            found.append(ToldBranch(branch.label, branch.p, (row.value_added_usd, row.low, row.high), row.stops, branch.draws, added))
    return found


def _drawn(inputs: BriefingInput, run: BriefedRun) -> list[ToldBranch]:
    """The branches as the draws of the run took them."""
    found = []
    for branch in run.summary.branches:
        row = branch.headline.get(inputs.importer)
        if not branch.fork and row is not None:
            loss = (row.value_added_usd, row.low, row.high)
            found.append(ToldBranch(branch.label, branch.p, loss, branch.stops[inputs.importer], branch.draws, None))
    return found


def _branch(writer: CitedWriter, run: BriefedRun, branch: ToldBranch, first: str, ref: str) -> Spans:
    """A branch with its probability, the measures that it brings, its loss, and how often a sector stands still in it."""
    words = writer.words
    measures = words.listed(dict.fromkeys(measure_words(writer, each) for each in _measures(run, branch.label)))
    fields: dict[str, Any] = {
        "label": words.translated(branch.label),
        "p": writer.plain_share(branch.p, scenario_ref(writer, run)),
        "loss": loss_amount(writer, branch.loss, ref, band=True),
        "odds": writer.of_draws(branch.stops, branch.draws, ref),
    } | ({"measures": measures} if measures else {})
    if branch.added is None:
        return words.say("answer.branch_with" if measures else "answer.branch", **fields)
    key = "answer.branch_with_added" if measures else "answer.branch_added"
    return words.say(key, added=_added(writer, branch.added, first, ref), **fields)


def _added(writer: CitedWriter, added: Amount, first: str, ref: str) -> Spans:
    """How much more is lost than in the first branch in the same draws, or less."""
    words, (middle, low, high) = writer.words, added
    if middle >= SMALLEST_USD:
        return words.say("answer.added_more", amount=writer.money(middle, low, high, ref), first=first)
    if middle <= -SMALLEST_USD:
        return words.say("answer.added_less", amount=writer.money(-middle, -high, -low, ref), first=first)
    more, less = (writer.money(end, None, None, ref) for end in (high, -low))
    if high >= SMALLEST_USD and low <= -SMALLEST_USD:
        return words.say("answer.added_either", more=more, less=less, first=first)
    if high >= SMALLEST_USD:
        return words.say("answer.added_at_most", amount=more, first=first)
    if low <= -SMALLEST_USD:
        return words.say("answer.added_less_at_most", amount=less, first=first)
    return words.say("answer.added_nothing", first=first)


def _measures(run: BriefedRun, label: str) -> Iterator[Mapping[str, Any]]:
    """Measures that a branch of the first fork brings, without what buyers do in alarm."""
    for fork in run.declared.get("forks", ())[:1]:
        for declared in fork["branches"]:
            if declared.get("label") == label:
                yield from (measure for measure in declared.get("measures") or () if measure["kind"] != ALARM)


def _ref(writer: CitedWriter, run: BriefedRun) -> str:
    """Note on how the branches are compared."""
    return run_ref(writer, run, "branches", writer.words.plain("run.branches"))
