"""exp and log of lanes as polynomials, and the smaller and larger of two numbers.

``exp`` after Cody and Waite with the Taylor polynomial on +-ln(2)/2, ``log`` with the coefficients of fdlibm's ``e_log.c``
(Sun Microsystems, freely distributable). Both are within 2 units in the last place on the numbers of the model,
and exact at exp(0) = 1 and log(1) = 0, so that a network at rest stays there to the last bit. Polynomials in double precision are
summed by pairs (Estrin), which leaves the processor more to do at once than Horner's single chain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numba.extending import overload

from ytterby.simulation.block import WIDTH
from ytterby.simulation.lanes import Lanes, fused, load, power_of_two, split, store, where

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST64, MOST32 = 700.0, 80.0
"""exp() takes arguments between plus and minus these: beyond lie the limits of the formats."""
SHIFT64, SHIFT32 = 1.5 * 2.0**52, 1.5 * 2.0**23
ROOT_HALF = 0.7071067811865476
LOG2E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
LN2_HIGH32, LN2_LOW32 = 0.693359375, -2.12194440e-4


@njit(forceinline=True, cache=True)
def least(a, b):  # type: ignore[no-untyped-def]
    """Smaller of two lanes."""
    return where(a < b, a, b)


@njit(forceinline=True, cache=True)
def most(a, b):  # type: ignore[no-untyped-def]
    """Larger of two lanes."""
    return where(a > b, a, b)


@njit(forceinline=True, cache=True)
def within(a, low, high):  # type: ignore[no-untyped-def]
    """Lanes cut to a range."""
    return least(most(a, low), high)


def exp(x: Any) -> Any:  # noqa: ARG001
    """e^x of lanes, for the compiled kernel only."""
    raise NotImplementedError


def log(x: Any) -> Any:  # noqa: ARG001
    """Natural logarithm of lanes of positive numbers, for the compiled kernel only."""
    raise NotImplementedError


@overload(exp, jit_options={"forceinline": True})
def _exp(x):  # type: ignore[no-untyped-def]
    return (_exp64 if x.scalar.bitwidth == 64 else _exp32) if isinstance(x, Lanes) else None


@overload(log, jit_options={"forceinline": True})
def _log(x):  # type: ignore[no-untyped-def]
    return (_log64 if x.scalar.bitwidth == 64 else _log32) if isinstance(x, Lanes) else None


def _exp64(x):  # type: ignore[no-untyped-def]
    x = within(x, -MOST64, MOST64)
    shifted = fused(x, LOG2E, SHIFT64)
    whole = shifted - SHIFT64
    r = fused(whole, -LN2_LOW, fused(whole, -LN2_HIGH, x))
    r2 = r * r
    r4 = r2 * r2
    low = fused(r2, fused(r, 1.0 / 120.0, 1.0 / 24.0), fused(r, 1.0 / 6.0, 0.5))
    middle = fused(r2, fused(r, 1.0 / 362880.0, 1.0 / 40320.0), fused(r, 1.0 / 5040.0, 1.0 / 720.0))
    high = fused(r2, fused(r, 1.0 / 6227020800.0, 1.0 / 479001600.0), fused(r, 1.0 / 39916800.0, 1.0 / 3628800.0))
    p = fused(r4, fused(r4, high, middle), low)
    return (fused(r2, p, r) + 1.0) * power_of_two(shifted)


def _exp32(x):  # type: ignore[no-untyped-def]
    x = within(x, -MOST32, MOST32)
    shifted = fused(x, LOG2E, SHIFT32)
    whole = shifted - SHIFT32
    r = fused(whole, -LN2_LOW32, fused(whole, -LN2_HIGH32, x))
    p = fused(r, 1.0 / 5040.0, 1.0 / 720.0)
    p = fused(r, p, 1.0 / 120.0)
    p = fused(r, p, 1.0 / 24.0)
    p = fused(r, p, 1.0 / 6.0)
    p = fused(r, p, 0.5)
    p = fused(r, p, 1.0)
    return fused(r, p, 1.0) * power_of_two(shifted)


def _log64(x):  # type: ignore[no-untyped-def]
    k, m = split(x)
    f = m - 1.0
    s = f / (f + 2.0)
    z = s * s
    z2 = z * z
    low = fused(z, 3.999999999940941908e-01, 6.666666666666735130e-01)
    middle = fused(z, 2.222219843214978396e-01, 2.857142874366239149e-01)
    high = fused(z2, 1.479819860511658591e-01, fused(z, 1.531383769920937332e-01, 1.818357216161805012e-01))
    p = fused(z2, fused(z2, high, middle), low)
    half = f * f * 0.5
    rest = fused(s, fused(z, p, half), k * LN2_LOW)
    return fused(k, LN2_HIGH, f - (half - rest))


def _log32(x):  # type: ignore[no-untyped-def]
    k, m = split(x)
    f = m - 1.0
    s = f / (f + 2.0)
    z = s * s
    p = fused(z, 0.24279078841, 0.28498786688)
    p = fused(z, p, 0.40000972152)
    p = fused(z, p, 0.66666662693)
    half = f * f * 0.5
    rest = fused(s, fused(z, p, half), k * LN2_LOW32)
    return fused(k, LN2_HIGH32, f - (half - rest))


@njit(cache=True, nogil=True)
def _normal_rows(rows):  # type: ignore[no-untyped-def]
    for i in range(rows.shape[0]):
        x = load(rows, i)
        z = where(x < 0.0, x, -x) * -ROOT_HALF
        t = 1.0 / fused(z, 0.5, 1.0)
        p = fused(t, -0.1686835498, 0.9317829701)
        p = fused(t, p, -2.051124978)
        p = fused(t, p, 2.170329424)
        p = fused(t, p, -1.010767265)
        p = fused(t, p, 0.2023721253)
        p = fused(t, p, -0.1785950407)
        p = fused(t, p, -0.08976881768)
        p = fused(t, p, 0.08520238975)
        p = fused(t, p, 0.3747506565)
        p = fused(t, p, 1.000014507)
        tail = t * exp(fused(t, p, -1.26551243) - z * z) * 0.5
        store(rows, i, where(x < 0.0, tail, 1.0 - tail))


def normal_share(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distribution function of the normal law, any shape; the smaller tail is within 1e-8 of its own size.

    Chebyshev fit of degree 11 in t = 1 / (1 + z / 2) to ln(erfcx(z) / t), z up to 40; several times faster than SciPy's ``ndtr``.
    """
    width = WIDTH["float64"]
    rows = np.zeros((-(-x.size // width), width))
    rows.reshape(-1)[: x.size] = x.reshape(-1)
    _normal_rows(rows)
    return rows.reshape(-1)[: x.size].reshape(x.shape)
