"""What hangs on a decision: the loss in each branch of the first fork, and what each adds to that of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ytterby.report.briefing.common import SMALLEST_USD, day, loss_amount, loss_ref, own_losses, run_ref, scenario_ref
from ytterby.report.briefing.document import Span, Table
from ytterby.report.briefing.input_names import input_name
from ytterby.report.digits import band_place

if TYPE_CHECKING:
    from ytterby.ensembles import BranchSupply, PairedLoss
    from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Spans

    Amount = tuple[float, float, float]

MILLION = 1e6
SUPPLY_HEAD = ("branch", "first_quarter", "first_year", "licence_wait", "stocks_reach", "stocks_lowest")
FIRST_FORK = "forks.0"
"""Key of the first decision among the drawn inputs."""
MIN_WAIT = 0.5
"""Shorter waits for a licence are not told [weeks]."""
HEAD = ("branch", "odds", "loss", "low", "high", "loss_mean", "added_loss", "low", "high", "stops_in")


class ToldBranch(NamedTuple):
    """A branch as the answer tells it."""

    label: str
    p: float
    loss: Amount
    """Median and band [USD]."""
    mean: float | None = None
    """Mean over the draws [USD]; None where the branches were not simulated on the same draws."""


def by_branch(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun) -> Spans:
    """Loss in the most likely branch of the first fork and in the costliest of the others; nothing without a fork.

    What each branch adds, and those between, stand in the table of branches.
    """
    words, paired = writer.words, _paired(inputs)
    told = paired or _drawn(inputs, run)
    if len(told) < 2:  # noqa: PLR2004
        return ()
    ref = _ref(writer, run) if paired else loss_ref(writer, run, own_losses(inputs, run), inputs.importer)
    likely, costly = _likely_and_costly(told)
    spans = [_branch(writer, run, branch, ref, key) for branch, key in ((likely, "answer.branch_likely"), (costly, "answer.branch"))]
    if likely.mean is not None and likely.mean >= SMALLEST_USD and likely.mean > likely.loss[2]:
        # otherwise a band that ends far below the mean, by which measures are judged, would contradict it
        spans.insert(1, words.say("answer.branch_carried", mean=writer.money(likely.mean, None, None, ref)))
    when = day(run.declared["forks"][0]["date"]) or run.end()
    on = words.say("answer.was_decided" if when < inputs.today else "answer.is_decided", decided=words.time(when))
    fields: dict[str, Any] = {"on": on, "within": words.within(inputs.importer), "list": words.chained(spans, "list.clauses")}
    return words.say("answer.branches" if paired else "answer.branches_drawn", **fields)


def _likely_and_costly(told: list[ToldBranch]) -> tuple[ToldBranch, ToldBranch]:
    """The most likely branch, and the costliest of the others."""
    likely = max(told, key=lambda branch: branch.p)
    return likely, max((branch for branch in told if branch is not likely), key=lambda branch: (_seen(branch.loss[0]), branch.loss[2]))


def worse_way(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun) -> Spans:
    """The first fork as a decision: with its day, and which way costs the importer most and which least; nothing without its losses."""
    paired = _paired(inputs)
    told = sorted(paired or _drawn(inputs, run), key=lambda branch: (_seen(branch.loss[0]), branch.loss[2]))
    if len(told) < 2:  # noqa: PLR2004
        return ()
    words = writer.words
    ref = _ref(writer, run) if paired else loss_ref(writer, run, own_losses(inputs, run), inputs.importer)
    least, most = told[0], told[-1]
    fields: dict[str, Any] = {
        name: value
        for key, branch in (("worse", most), ("better", least))
        for name, value in (
            (key, words.translated(branch.label)),
            (f"{key}_loss", loss_amount(writer, branch.loss, ref, band=True, short=True)),
        )
    }
    return words.say(
        "change.decision", decision=input_name(words, run.declared, FIRST_FORK), within=words.within(inputs.importer), **fields
    )


def still_flows(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun) -> Spans:
    """What still flows in the costliest of the branches that the answer tells beside the likely one: otherwise its loss looks too small.

    Nothing where no branch restricts goods on their way to the importer.
    """
    told = _paired(inputs)
    if len(told) < 2:  # noqa: PLR2004
        return ()
    costly = _likely_and_costly(told)[1]
    supply = next((branch.supply.get(inputs.importer) for branch in inputs.branches if branch.label == costly.label), None)
    if supply is None:
        return ()
    words, cells = writer.words, _flowing(writer, supply, _supply_ref(writer, run))
    fields: dict[str, Any] = dict(zip(SUPPLY_HEAD[1:], cells, strict=True))
    key = "answer.still_flows" if supply.wait_weeks >= MIN_WAIT else "answer.still_flows_no_wait"
    return words.say(key, label=words.translated(costly.label), within=words.within(inputs.importer), **fields)


def supply_table(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun) -> Table | None:
    """What still flows to the importer, by branch; None where nothing is restricted on its way there."""
    words, ref = writer.words, ""
    rows = []
    for branch in inputs.branches:
        if supply := branch.supply.get(inputs.importer):
            ref = ref or _supply_ref(writer, run)
            rows.append((words.translated(branch.label), *(cell.text for cell in _flowing(writer, supply, ref))))
    if not rows:
        return None
    title = words.plain("table.still_flows", within=words.within(inputs.importer), draws=str(inputs.branches[0].draws))
    return Table(title, tuple(words.plain(f"table.{key}") for key in SUPPLY_HEAD), tuple(rows), ref)


def _flowing(writer: CitedWriter, supply: BranchSupply, ref: str) -> tuple[Span, ...]:
    """Shipments in the first quarter and year, the wait, the stocks and their lowest, as they are printed."""
    wait = writer.number(supply.wait_weeks, supply.wait_weeks_low, supply.wait_weeks_high, ref, "weeks")
    return (
        writer.ratio(supply.first_quarter, supply.first_quarter_low, supply.first_quarter_high, ref),
        writer.ratio(supply.first_year, supply.first_year_low, supply.first_year_high, ref),
        wait if supply.wait_weeks >= MIN_WAIT else Span("num", "–", ref),
        writer.plain(supply.cover_days, ref, "days"),
        writer.plain(supply.cover_days_lowest, ref, "days"),
    )


def _supply_ref(writer: CitedWriter, run: BriefedRun) -> str:
    """Note on how what still flows is measured."""
    return run_ref(writer, run, "still_flows", writer.words.plain("run.still_flows"))


def _seen(amount: float) -> float:
    """An amount as it is told: nothing below what is printed [USD]."""
    return amount if amount >= SMALLEST_USD else 0.0


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
    rows = [(branch, branch.places.get(inputs.importer)) for branch in inputs.branches]
    return [
        ToldBranch(branch.label, branch.p, (row.value_added_usd, row.low, row.high), row.mean_usd)
        for branch, row in rows
        if row is not None
    ]


def _drawn(inputs: BriefingInput, run: BriefedRun) -> list[ToldBranch]:
    """The branches as the draws of the run took them."""
    rows = [(branch, branch.headline.get(inputs.importer)) for branch in run.summary.branches if not branch.fork]
    return [ToldBranch(branch.label, branch.p, (row.value_added_usd, row.low, row.high)) for branch, row in rows if row is not None]


def _branch(writer: CitedWriter, run: BriefedRun, branch: ToldBranch, ref: str, key: str) -> Spans:
    """Loss in a branch with the branch's probability."""
    return writer.words.say(
        key,
        label=writer.words.translated(branch.label),
        p=writer.plain_share(branch.p, scenario_ref(writer, run)),
        loss=loss_amount(writer, branch.loss, ref, band=True, short=True),
    )


def _ref(writer: CitedWriter, run: BriefedRun) -> str:
    """Note on how the branches are compared."""
    return run_ref(writer, run, "branches", writer.words.plain("run.branches"))
