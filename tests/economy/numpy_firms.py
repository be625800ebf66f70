"""Equations S1-S7 as NumPy reads them: the second road to the compiled ones, for all weeks and levels at once."""

from __future__ import annotations

import numpy as np

from ytterby.economy.parts import PartsModel
from ytterby.economy.production_stops import StopResult
from ytterby.simulation import normal_share

LICENCE_LEVELS, FIRM_LEVELS, NOISE = 8, 5, 1e-9


def stops(served, arrival, cover0, parts, *, want=None):
    wanted = np.ones_like(arrival) if want is None else want
    must = np.maximum(wanted, (1.0 - parts.thrift)[..., None, :])
    ceiling = served * wanted / np.maximum(must, 1e-12)
    stopped, lost = _where_short(arrival, must, cover0, parts)
    critical = (parts.number > 0)[..., None, :]
    stopped = np.maximum.accumulate(np.where(critical, np.maximum(stopped, 1.0 - ceiling), 0.0), axis=-2)
    output = np.where(critical, np.minimum(1.0 - lost, ceiling), 1.0)
    return StopResult(stopped, 1.0 - (1.0 - parts.incomplete)[..., None, :] * (1.0 - output))


def _where_short(arrival, must, cover, parts):
    stopped, lost = np.zeros(arrival.shape), np.zeros(arrival.shape)
    short = (must - arrival > NOISE).any(axis=tuple(range(arrival.ndim - 1)))
    licensed = (parts.lumpy > 0.0).any(axis=tuple(range(parts.lumpy.ndim - 1)))
    for columns, levels in ((short & licensed, LICENCE_LEVELS), (short & ~licensed, 0)):
        if columns.any():
            some = PartsModel(*(values[..., columns] for values in parts))
            paths = _deficit_paths(arrival[..., columns], must[..., columns], levels)
            stopped[..., columns], lost[..., columns] = _stops_and_losses(paths, np.maximum(cover[..., columns], 1e-3), some)
    return stopped, lost


def _deficit_paths(arrival, must, count):
    gap = must - arrival
    missing = gap / np.maximum(must, 1e-12)
    levels = (np.arange(count) + 0.5) / max(count, 1)
    own = [np.where(missing > level, np.maximum(gap, must), np.minimum(gap, 0.0)) for level in levels]
    return [np.maximum.accumulate(np.maximum(np.cumsum(path, axis=-2), 0.0), axis=-2) for path in (gap, *own)]


def _stops_and_losses(paths, cover, parts):
    steps = [np.diff(path, axis=-2, prepend=0.0) for path in paths]
    moving = np.any([step > NOISE for step in steps], axis=0)
    stopped, lost = np.zeros(moving.shape), np.zeros(moving.shape)
    cells = np.nonzero(moving)
    if len(cells[0]):
        ends, lengths = (np.array([path[cells] for path in group]) for group in (paths, steps))
        of_cell = PartsModel(*(values[cells[-1]] for values in parts))
        stopped[cells], lost[cells] = _firms(ends, lengths, cover[cells[-1]], of_cell)
    return stopped, lost


def _firms(ends, lengths, cover, parts):
    nodes, weights = np.polynomial.hermite_e.hermegauss(FIRM_LEVELS)
    stopped, lost = np.zeros(len(cover)), np.zeros(len(cover))
    middle = np.log(cover) - parts.spread**2 / 2.0
    with np.errstate(divide="ignore"):
        reach = np.log(np.maximum(np.stack([ends, ends - lengths / 2.0]), 0.0)) - middle
    for node, weight in zip(nodes, weights / weights.sum(), strict=True):
        now = _firm(_share_empty(reach, parts, float(node)), lengths, parts)
        stopped += weight * now[0]
        lost += weight * now[1]
    return np.clip(stopped, 0.0, 1.0), np.clip(lost, 0.0, 1.0)


def _share_empty(reach, parts, node):
    common = parts.spread * np.sqrt(parts.firm_share) * node
    width = np.maximum(parts.spread * np.sqrt(1.0 - parts.firm_share), 1e-6)
    return normal_share((reach - common) / width)


def _firm(empty, lengths, parts):
    now, halfway = empty
    shared = 1.0 - parts.lumpy
    blocked, refused = (values.mean(axis=0) if len(values) else np.zeros_like(now[0]) for values in (now[1:], lengths[1:] * halfway[1:]))
    stopped = 1.0 - np.maximum(1.0 - shared * now[0] - parts.lumpy * blocked, 0.0) ** parts.number
    served = 1.0 - parts.lumpy * np.minimum(refused, 1.0)
    neither = np.maximum(served - shared * halfway[0], 0.0)
    depth = np.minimum(lengths[0], 1.0)
    return stopped, 1.0 - (1.0 - depth) * served**parts.number - depth * neither**parts.number
