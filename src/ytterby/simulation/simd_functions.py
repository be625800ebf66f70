"""exp, log and the normal law of vectors.

Compiled, :func:`exp` and :func:`log` are polynomials, since the numba wheel has no vector versions: ``exp`` after Cody and Waite with the
Taylor polynomial on +-ln(2)/2, ``log`` with the coefficients of fdlibm's ``e_log.c`` (Sun Microsystems, freely distributable). Both are
within 2 units in the last place on the numbers of the model, and exact at exp(0) = 1 and log(1) = 0, so that a network at rest stays
there to the last bit. Polynomials in double precision are evaluated by Estrin's scheme, which allows more parallel instructions than
Horner's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core.typing.templates import signature
from numba.extending import intrinsic, overload

from ytterby.simulation.kernels import inlined, kernel
from ytterby.simulation.registers import WIDTH, aligned
from ytterby.simulation.simd import SimdVector, clip, fused, vector_of, where
from ytterby.simulation.simd_fields import vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_EXP64, MAX_EXP32 = 700.0, 80.0
"""Arguments of exp() are limited to plus or minus these values, which are near the limits of the number formats."""
SHIFT64, SHIFT32 = 1.5 * 2.0**52, 1.5 * 2.0**23
ROOT_HALF = 0.7071067811865476
LOG2E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
LN2_HIGH32, LN2_LOW32 = 0.693359375, -2.12194440e-4


def exp(x: Any) -> Any:
    """e^x, draw by draw."""
    return np.exp(clip(x, -MAX_EXP64, MAX_EXP64))


def log(x: Any) -> Any:
    """Natural logarithm of positive numbers, draw by draw."""
    return np.log(x)


@overload(exp, jit_options={"forceinline": True})
def _exp(x):  # type: ignore[no-untyped-def]
    return (_exp64 if x.scalar.bitwidth == 64 else _exp32) if isinstance(x, SimdVector) else None


@overload(log, jit_options={"forceinline": True})
def _log(x):  # type: ignore[no-untyped-def]
    return (_log64 if x.scalar.bitwidth == 64 else _log32) if isinstance(x, SimdVector) else None


class _Format:
    """Bits of the number format."""

    def __init__(self, simd: SimdVector) -> None:
        wide = simd.scalar.bitwidth == 64
        self.whole, self.vector = ir.VectorType(ir.IntType(simd.scalar.bitwidth), simd.count), vector_of(simd)
        self.fraction, bias = (52, 1023) if wide else (23, 127)
        self.one, self.half_root = bias << self.fraction, 0x3FE6A09E667F3BCD if wide else 0x3F3504F3
        """Bits of 1 and of sqrt(1/2)."""

    def same(self, value: int) -> ir.Constant:
        return ir.Constant(self.whole, [value] * self.whole.count)


@intrinsic
def _power_of_two(typingctx: Any, shifted: SimdVector) -> Any:  # noqa: ARG001
    """2^k of integers k, given as k + 1.5 * 2^fraction, whose low bits are k."""
    form = _Format(shifted)

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ARG001
        moved = builder.shl(builder.bitcast(args[0], form.whole), form.same(form.fraction))
        return builder.bitcast(builder.add(moved, form.same(form.one)), form.vector)

    return signature(shifted, shifted), codegen


@intrinsic
def _split(typingctx: Any, values: SimdVector) -> Any:  # noqa: ARG001
    """Exponents and mantissas between sqrt(1/2) and sqrt(2) of positive numbers."""
    form = _Format(values)

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        bits = builder.bitcast(args[0], form.whole)
        exponent = builder.ashr(builder.sub(bits, form.same(form.half_root)), form.same(form.fraction))
        mantissa = builder.sub(bits, builder.shl(exponent, form.same(form.fraction)))
        parts = builder.sitofp(exponent, form.vector), builder.bitcast(mantissa, form.vector)
        return context.make_tuple(builder, sig.return_type, parts)

    return signature(types.UniTuple(values, 2), values), codegen


def _exp64(x):  # type: ignore[no-untyped-def]
    x = clip(x, -MAX_EXP64, MAX_EXP64)
    shifted = fused(x, LOG2E, SHIFT64)
    whole = shifted - SHIFT64
    r = fused(whole, -LN2_LOW, fused(whole, -LN2_HIGH, x))
    r2 = r * r
    r4 = r2 * r2
    low = fused(r2, fused(r, 1.0 / 120.0, 1.0 / 24.0), fused(r, 1.0 / 6.0, 0.5))
    middle = fused(r2, fused(r, 1.0 / 362880.0, 1.0 / 40320.0), fused(r, 1.0 / 5040.0, 1.0 / 720.0))
    high = fused(r2, fused(r, 1.0 / 6227020800.0, 1.0 / 479001600.0), fused(r, 1.0 / 39916800.0, 1.0 / 3628800.0))
    p = fused(r4, fused(r4, high, middle), low)
    return (fused(r2, p, r) + 1.0) * _power_of_two(shifted)


def _exp32(x):  # type: ignore[no-untyped-def]
    x = clip(x, -MAX_EXP32, MAX_EXP32)
    shifted = fused(x, LOG2E, SHIFT32)
    whole = shifted - SHIFT32
    r = fused(whole, -LN2_LOW32, fused(whole, -LN2_HIGH32, x))
    p = fused(r, 1.0 / 5040.0, 1.0 / 720.0)
    p = fused(r, p, 1.0 / 120.0)
    p = fused(r, p, 1.0 / 24.0)
    p = fused(r, p, 1.0 / 6.0)
    p = fused(r, p, 0.5)
    p = fused(r, p, 1.0)
    return fused(r, p, 1.0) * _power_of_two(shifted)


def _log64(x):  # type: ignore[no-untyped-def]
    k, m = _split(x)
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
    k, m = _split(x)
    f = m - 1.0
    s = f / (f + 2.0)
    z = s * s
    p = fused(z, 0.24279078841, 0.28498786688)
    p = fused(z, p, 0.40000972152)
    p = fused(z, p, 0.66666662693)
    half = f * f * 0.5
    rest = fused(s, fused(z, p, half), k * LN2_LOW32)
    return fused(k, LN2_HIGH32, f - (half - rest))


@inlined
def normal(x):  # type: ignore[no-untyped-def]
    """Cumulative distribution function of the standard normal distribution, draw by draw; relative error of the smaller tail below 1e-8.

    Chebyshev fit of degree 11 in t = 1 / (1 + z / 2) to ln(erfcx(z) / t), z up to 40; several times faster than SciPy's ``ndtr``.
    """
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
    return where(x < 0.0, tail, 1.0 - tail)


@kernel
def _normal_rows(array):  # type: ignore[no-untyped-def]
    rows = vectors(array)
    for i in range(array.shape[0]):
        rows[i] = normal(rows[i])


def normal_share(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cumulative distribution function of the standard normal distribution, any shape: :func:`normal` of each number."""
    rows = aligned(-(-x.size // WIDTH["float64"]), "float64")
    rows.reshape(-1)[: x.size] = x.reshape(-1)
    _normal_rows(rows)
    return rows.reshape(-1)[: x.size].reshape(x.shape)
