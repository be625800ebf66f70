"""Designs of ensembles: the values of the uncertain inputs in each draw.

Every key has its own random stream, seeded by the seed and the key's name; draw *i* is the
stream's *i*-th number (method ``streams``, the default). So draw *i* of seed *s* is bit-identical
whatever the number of draws, the chunk it is in, or the other keys: ensembles are prefixes of
longer ones, and two scenarios that share a key share its random numbers. ``lhs`` (Latin hypercube,
one value in each of `n` equal strata of every key) and ``sobol`` spread `n` draws more evenly; they
depend on `n`, and `sobol` on the set of keys, but never on chunks.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ytterby.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.measures import Distribution
    from ytterby.scenario.scenario import Scenario

MAX_DRAWS = 10_000_000
HIGHEST_SEED = 2**63 - 1
"""Largest integer that fits into the column of the run index that stores the seed."""
Method = Literal["streams", "lhs", "sobol"]


def _key_number(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")


def key_stream(seed: int, key: str, first: int = 0) -> np.random.Generator:
    """Random stream of a key, advanced to its number `first`."""
    bits = np.random.PCG64DXSM(np.random.SeedSequence(seed, spawn_key=(_key_number(key),)))
    bits.advance(first)
    return np.random.Generator(bits)


def uniforms(
    keys: tuple[str, ...], draws: int, seed: int, method: Method = "streams", first: int = 0, stop: int | None = None
) -> NDArray[np.float64]:
    """Uniform numbers in [0, 1) for draws `first` to `stop` (excluded), shape (draws, keys).

    Raises
    ------
    InputError
        For a negative seed, too many draws or an unknown method.
    """
    _check(draws, seed, method)
    stop = draws if stop is None else stop
    if not 0 <= first <= stop <= draws:
        raise InputError(f"draws {first} to {stop} lie outside 0 to {draws}")
    if method == "sobol":
        return _sobol(keys, draws, seed)[first:stop]
    columns = [_column(key, draws, seed, method, first, stop) for key in keys]
    return np.column_stack(columns) if columns else np.empty((stop - first, 0))


def _check(draws: int, seed: int, method: str) -> None:
    if not 1 <= draws <= MAX_DRAWS:
        raise InputError(f"draws: found {draws}; allowed 1 to {MAX_DRAWS:,}")
    require_seed(seed)
    if method not in ("streams", "lhs", "sobol"):
        raise InputError(f"design: found '{method}'; allowed: streams, lhs, sobol")


def require_seed(seed: int) -> None:
    """Check that a seed is not negative and can be stored in the run index.

    Raises
    ------
    InputError
        For any other seed.
    """
    if not 0 <= seed <= HIGHEST_SEED:
        raise InputError(f"seed: found {seed}; allowed 0 to {HIGHEST_SEED:,}")


def _column(key: str, draws: int, seed: int, method: str, first: int, stop: int) -> NDArray[np.float64]:
    if method == "streams":
        return key_stream(seed, key, first).random(stop - first)
    stream = key_stream(seed, key)
    strata = stream.permutation(draws)
    return np.minimum((strata + stream.random(draws)) / draws, 1.0 - 2.0**-53)[first:stop]


def _sobol(keys: tuple[str, ...], draws: int, seed: int) -> NDArray[np.float64]:
    from scipy.stats import qmc

    if not keys:
        return np.empty((draws, 0))
    order = sorted(keys)
    engine = qmc.Sobol(d=len(keys), scramble=True, rng=np.random.default_rng(np.random.SeedSequence(seed)))
    points = np.asarray(engine.random_base2(max(0, int(np.ceil(np.log2(draws))))))[:draws]
    return points[:, [order.index(key) for key in keys]]


def columns(
    scenario: Scenario,
    draws: int,
    seed: int,
    extra: Mapping[str, Distribution] | None = None,
    method: Method = "streams",
    first: int = 0,
    stop: int | None = None,
) -> dict[str, NDArray[Any]]:
    """Values of every uncertain key in the draws, (draw,) by key sorted by name.

    Parameters
    ----------
    scenario : Scenario
        Its `draws` are sampled, and one uniform number per fork (``forks.<i>``) and per measure that is left to chance.
    draws, seed : int
        Size and seed of the ensemble.
    extra : mapping of key to distribution, optional
        Further keys, such as ``behaviour.price_gain``; the scenario's own distribution of a key has precedence.
    method : {"streams", "lhs", "sobol"}
        See the module's description.
    first, stop : int, optional
        Only these draws (a chunk); the values are the same as in the whole design.
    """
    spreads = {**(extra or {}), **scenario.draws}
    keys = tuple(sorted({*spreads, *scenario.fork_keys, *scenario.luck_keys}))
    u = uniforms(keys, draws, seed, method, first, stop)
    return {key: spreads[key].ppf(u[:, i]) if key in spreads else u[:, i] for i, key in enumerate(keys)}


def design(
    scenario: Scenario,
    draws: int,
    seed: int,
    extra: Mapping[str, Distribution] | None = None,
    method: Method = "streams",
    first: int = 0,
    stop: int | None = None,
) -> pd.DataFrame:
    """:func:`columns` as a table with one row per draw, index ``draw``."""
    import pandas as pd

    values = columns(scenario, draws, seed, extra, method, first, stop)
    return pd.DataFrame(values, index=pd.RangeIndex(first, draws if stop is None else stop, name="draw"))
