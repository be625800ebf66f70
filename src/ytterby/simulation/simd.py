"""A numba type for a vector register with one number per draw; in plain Python a plain number takes its place.

A row of a C-contiguous array (rows, WIDTH[dtype]) holds one quantity for all draws of a batch. ``+ - * /``, comparisons and the
functions below act on all draws at once, and the result of a draw depends on that draw alone. Every function has two implementations:
Python code for one draw, and the machine code that numba uses instead. Fields of a batch are in :mod:`ytterby.simulation.simd_fields`,
exp and log in :mod:`ytterby.simulation.simd_functions`.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.core.typeconv import Conversion
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin, lower_cast, models, register_model

from ytterby.simulation.kernels import inlined
from ytterby.simulation.registers import WIDTH

if TYPE_CHECKING:
    from collections.abc import Callable


class SimdVector(types.Type):  # type: ignore[misc]
    """A register of floating-point numbers."""

    def __init__(self, scalar: types.Float) -> None:
        self.scalar, self.count = scalar, WIDTH[scalar.name]
        super().__init__(name=f"SimdVector({scalar.name}x{self.count})")

    def can_convert_from(self, typingctx: Any, other: types.Type) -> int | None:  # noqa: ARG002
        """Plain numbers are broadcast to all draws."""
        return Conversion.safe if isinstance(other, types.Number) else None


class Mask(types.Type):  # type: ignore[misc]
    """A boolean for each draw."""

    def __init__(self, simd: SimdVector) -> None:
        self.simd, self.count = simd, simd.count
        super().__init__(name=f"Mask({simd})")

    def can_convert_from(self, typingctx: Any, other: types.Type) -> int | None:  # noqa: ARG002
        """A plain boolean applies to all draws."""
        return Conversion.safe if isinstance(other, types.Boolean) else None


def vector_of(simd: SimdVector) -> ir.VectorType:
    """LLVM type of a vector."""
    return ir.VectorType(ir.DoubleType() if simd.scalar.bitwidth == 64 else ir.FloatType(), simd.count)


@register_model(SimdVector)
class _SimdVectorModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, dmm: Any, fe_type: SimdVector) -> None:
        super().__init__(dmm, fe_type, vector_of(fe_type))


@register_model(Mask)
class _MaskModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, dmm: Any, fe_type: Mask) -> None:
        super().__init__(dmm, fe_type, ir.VectorType(ir.IntType(1), fe_type.count))


@lower_cast(types.Number, SimdVector)
@lower_cast(types.Boolean, Mask)
def _spread(context: Any, builder: Any, fromty: types.Type, toty: SimdVector | Mask, value: Any) -> Any:
    vector = context.get_value_type(toty)
    number = value if isinstance(toty, Mask) else context.cast(builder, value, fromty, toty.scalar)
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
    return shuffled(builder, first, ir.Constant(vector, ir.Undefined), [0] * vector.count)


def shuffled(builder: Any, a: Any, b: Any, places: list[int]) -> Any:
    """Vector of the chosen numbers of two vectors one after the other."""
    return builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(ir.IntType(32), len(places)), places))


# Operators and functions of vectors


def _vector_function(function: Any, emit: Callable[..., Any], *, count: int = 2, masks: int = 0, compares: bool = False) -> None:
    """Register an operator or function with numba; its arguments are ``masks`` masks and then ``count`` vectors or plain numbers."""

    @infer_global(function)
    class _Template(AbstractTemplate):  # type: ignore[misc]
        def generic(self, args: tuple[types.Type, ...], kws: Any) -> Any:  # noqa: ARG002
            simd = next((arg.simd if isinstance(arg, Mask) else arg for arg in args if isinstance(arg, (SimdVector, Mask))), None)
            if simd is None or len(args) != masks + count or not all(isinstance(arg, Mask) for arg in args[:masks]):
                return None
            return signature(Mask(simd) if compares else simd, *args[:masks], *([simd] * count))

    @lower_builtin(function, *([Mask] * masks), *([SimdVector] * count))
    def _lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ARG001
        return emit(builder, *args)


def where(mask: Any, yes: Any, no: Any) -> Any:
    """``yes`` where the mask is true, otherwise ``no``, draw by draw."""
    return yes if mask else no


def minimum(a: Any, b: Any) -> Any:
    """Smaller of two numbers, draw by draw."""
    return a if a < b else b


def maximum(a: Any, b: Any) -> Any:
    """Larger of two numbers, draw by draw."""
    return a if a > b else b


@inlined
def clip(a: Any, low: Any, high: Any) -> Any:
    """Number limited to a range, draw by draw."""
    return minimum(maximum(a, low), high)


def any_draw(mask: Any) -> bool:
    """Whether the mask is true for any draw."""
    return bool(mask)


def fused(a: Any, b: Any, c: Any) -> Any:
    """Fused multiply-add ``a * b + c``, rounded once; only in compiled code."""
    raise NotImplementedError


def _emit_fused(builder: Any, *args: Any) -> Any:
    vector = args[0].type
    name = f"llvm.fma.v{vector.count}f{64 if vector.element == ir.DoubleType() else 32}"
    return builder.call(get_or_insert_function(builder.module, ir.FunctionType(vector, [vector] * 3), name), args)


for _symbol, _name in ((operator.add, "fadd"), (operator.sub, "fsub"), (operator.mul, "fmul"), (operator.truediv, "fdiv")):
    _vector_function(_symbol, lambda builder, a, b, name=_name: getattr(builder, name)(a, b))
for _symbol, _name in ((operator.iadd, "fadd"), (operator.isub, "fsub"), (operator.imul, "fmul")):
    _vector_function(_symbol, lambda builder, a, b, name=_name: getattr(builder, name)(a, b))
for _symbol, _sign in ((operator.lt, "<"), (operator.le, "<="), (operator.gt, ">"), (operator.ge, ">="), (operator.eq, "==")):
    _vector_function(_symbol, lambda builder, a, b, sign=_sign: builder.fcmp_ordered(sign, a, b), compares=True)
_vector_function(operator.neg, lambda builder, a: builder.fneg(a), count=1)
_vector_function(minimum, lambda builder, a, b: builder.select(builder.fcmp_ordered("<", a, b), a, b))
_vector_function(maximum, lambda builder, a, b: builder.select(builder.fcmp_ordered(">", a, b), a, b))
_vector_function(where, lambda builder, mask, a, b: builder.select(mask, a, b), masks=1)
_vector_function(fused, _emit_fused, count=3)


@infer_global(operator.and_)
class _Both(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: tuple[types.Type, ...], kws: Any) -> Any:  # noqa: ARG002
        mask = next((arg for arg in args if isinstance(arg, Mask)), None)
        return mask and signature(mask, mask, mask) if all(isinstance(arg, Mask | types.Boolean) for arg in args) else None


@lower_builtin(operator.and_, Mask, Mask)
def _lower_both(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ARG001
    return builder.and_(*args)


@infer_global(any_draw)
class _AnyDraw(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: tuple[types.Type, ...], kws: Any) -> Any:  # noqa: ARG002
        return signature(types.boolean, *args) if isinstance(args[0], Mask) else None


@lower_builtin(any_draw, Mask)
def _lower_any_draw(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ARG001
    bits = builder.bitcast(args[0], ir.IntType(sig.args[0].count))
    return builder.icmp_unsigned("!=", bits, ir.Constant(bits.type, 0))
