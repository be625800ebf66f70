"""Lanes: one hardware register of numbers, one per draw, as a type that compiled code computes with.

A row of a C-contiguous array ``(rows, WIDTH[dtype])`` holds one quantity for all draws of a block. :func:`load` brings a
row into a register, ``+ - * /``, comparisons and :func:`where` act on all lanes at once, :func:`store` puts it
back. Each lane's bits depend on that lane alone. :func:`exp` and :func:`log` are polynomials, because the numba
wheel has no vector versions of them.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, lower_cast, models, register_model
from numba.np.arrayobj import make_array

from ytterby.simulation.block import LINE, WIDTH


class Lanes(types.Type):  # type: ignore[misc]
    """A register of floating-point numbers."""

    def __init__(self, scalar: types.Float) -> None:
        self.scalar, self.count = scalar, WIDTH[scalar.name]
        super().__init__(name=f"Lanes({scalar.name}x{self.count})")

    def can_convert_from(self, typingctx: Any, other: types.Type) -> int | None:  # noqa: ARG002
        """Plain numbers are spread over all lanes."""
        from numba.core.typeconv import Conversion

        return Conversion.safe if isinstance(other, types.Number) else None


class Mask(types.Type):  # type: ignore[misc]
    """Yes or no for each lane."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(name=f"Mask({count})")


def _vector(lanes: Lanes) -> ir.VectorType:
    return ir.VectorType(ir.DoubleType() if lanes.scalar.bitwidth == 64 else ir.FloatType(), lanes.count)


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, dmm: Any, fe_type: Lanes) -> None:
        super().__init__(dmm, fe_type, _vector(fe_type))


@register_model(Mask)
class _MaskModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, dmm: Any, fe_type: Mask) -> None:
        super().__init__(dmm, fe_type, ir.VectorType(ir.IntType(1), fe_type.count))


def _spread(builder: Any, value: Any, vector: ir.VectorType) -> Any:
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    places = ir.Constant(ir.VectorType(ir.IntType(32), vector.count), [0] * vector.count)
    return builder.shuffle_vector(first, ir.Constant(vector, ir.Undefined), places)


@lower_cast(types.Number, Lanes)
def _number_to_lanes(context: Any, builder: Any, fromty: types.Type, toty: Lanes, value: Any) -> Any:
    return _spread(builder, context.cast(builder, value, fromty, toty.scalar), _vector(toty))


def _lanes_of(args: tuple[types.Type, ...]) -> Lanes | None:
    return next((arg for arg in args if isinstance(arg, Lanes)), None)


def _operator(symbol: Any, emit: Any, *, compares: bool = False, count: int = 2) -> None:
    """Teach the compiler an operator: lanes with lanes or plain numbers, to lanes or to a mask."""

    @infer_global(symbol)
    class _Template(AbstractTemplate):  # type: ignore[misc]
        def generic(self, args: tuple[types.Type, ...], kws: Any) -> Any:  # noqa: ARG002
            lanes = _lanes_of(args)
            if lanes is None or len(args) != count:
                return None
            return signature(Mask(lanes.count) if compares else lanes, *([lanes] * count))

    @lower_builtin(symbol, *([Lanes] * count))
    def _lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ARG001
        return emit(builder, *args)


_operator(operator.add, lambda builder, a, b: builder.fadd(a, b))
_operator(operator.sub, lambda builder, a, b: builder.fsub(a, b))
_operator(operator.mul, lambda builder, a, b: builder.fmul(a, b))
_operator(operator.truediv, lambda builder, a, b: builder.fdiv(a, b))
_operator(operator.iadd, lambda builder, a, b: builder.fadd(a, b))
_operator(operator.isub, lambda builder, a, b: builder.fsub(a, b))
_operator(operator.imul, lambda builder, a, b: builder.fmul(a, b))
_operator(operator.neg, lambda builder, a: builder.fneg(a), count=1)
for _symbol, _sign in ((operator.lt, "<"), (operator.le, "<="), (operator.gt, ">"), (operator.ge, ">="), (operator.eq, "==")):
    _operator(_symbol, lambda builder, a, b, sign=_sign: builder.fcmp_ordered(sign, a, b), compares=True)


@infer_global(operator.and_)
class _Both(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: tuple[types.Type, ...], kws: Any) -> Any:  # noqa: ARG002
        return signature(args[0], *args) if all(isinstance(arg, Mask) for arg in args) else None


@lower_builtin(operator.and_, Mask, Mask)
def _lower_both(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ARG001
    return builder.and_(*args)


def _place(context: Any, builder: Any, rows_type: types.Array, rows: Any, i: Any) -> Any:
    """Pointer to row ``i`` as a register."""
    vector = _vector(Lanes(rows_type.dtype))
    start = builder.mul(i, ir.Constant(i.type, vector.count))
    data = make_array(rows_type)(context, builder, rows).data
    return builder.bitcast(builder.gep(data, [start]), vector.as_pointer())


@intrinsic
def load(typingctx: Any, rows: types.Array, i: types.Integer) -> Any:  # noqa: ARG001
    """Row ``i`` of rows (R, WIDTH) as lanes."""

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        at = context.cast(builder, args[1], sig.args[1], types.intp)
        return builder.load(_place(context, builder, sig.args[0], args[0], at), align=rows.dtype.bitwidth // 8)

    return signature(Lanes(rows.dtype), rows, i), codegen


@intrinsic
def store(typingctx: Any, rows: types.Array, i: types.Integer, values: types.Type) -> Any:  # noqa: ARG001
    """Put lanes, or one number for all lanes, into row ``i``."""

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        at = context.cast(builder, args[1], sig.args[1], types.intp)
        builder.store(args[2], _place(context, builder, sig.args[0], args[0], at), align=rows.dtype.bitwidth // 8)
        return context.get_dummy_value()

    return signature(types.void, rows, i, Lanes(rows.dtype)), codegen


@intrinsic
def record(
    typingctx: Any,  # noqa: ARG001
    rows: types.Array,
    sources: types.Array,
    place: types.Integer,
    out: types.Array,
    week: types.Integer,
    column: types.Integer,
) -> Any:
    """Turn as many rows as there are lanes, named by ``sources`` from a place on, into ``out[draw, week, column:]`` of each draw.

    Lanes beyond the last draw are dropped. Every line of ``out`` begins on a cache line and is written past the cache.
    """
    lanes = Lanes(rows.dtype)

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        array, index = (make_array(sig.args[k])(context, builder, args[k]) for k in (3, 1))
        first, week, column = (context.cast(builder, args[k], sig.args[k], types.intp) for k in (2, 4, 5))
        lines = []
        for k in range(lanes.count):
            row = builder.load(builder.gep(index.data, [builder.add(first, ir.Constant(first.type, k))]))
            lines.append(builder.load(_place(context, builder, sig.args[0], args[0], row), align=rows.dtype.bitwidth // 8))
        draws, weeks, columns = (builder.extract_value(array.shape, axis) for axis in range(3))
        inside = builder.add(builder.mul(week, columns), column)
        for lane, line in enumerate(_turned(builder, lines)):
            number = ir.Constant(draws.type, lane)
            with builder.if_then(builder.icmp_signed("<", number, draws), likely=True):
                place = builder.add(inside, builder.mul(number, builder.mul(weeks, columns)))
                at = builder.bitcast(builder.gep(array.data, [place]), line.type.as_pointer())
                once = builder.module.add_metadata([ir.Constant(ir.IntType(32), 1)])
                builder.store(line, at, align=LINE).set_metadata("nontemporal", once)
        return context.get_dummy_value()

    return signature(types.void, rows, sources, place, out, week, column), codegen


def _turned(builder: Any, lines: list[Any]) -> list[Any]:
    """Transpose registers: lane i of register k becomes lane k of register i, by exchanging ever smaller squares."""
    count, size = len(lines), len(lines) // 2
    while size:
        for k in range(count):
            if k & size == 0:
                upper, lower = lines[k], lines[k + size]
                low = [i if i & size == 0 else count + i - size for i in range(count)]
                high = [i + size if i & size == 0 else count + i for i in range(count)]
                lines[k], lines[k + size] = (_shuffled(builder, upper, lower, order) for order in (low, high))
        size //= 2
    return lines


def _shuffled(builder: Any, a: Any, b: Any, order: list[int]) -> Any:
    return builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(ir.IntType(32), len(order)), order))


@intrinsic
def where(typingctx: Any, mask: Mask, yes: types.Type, no: types.Type) -> Any:  # noqa: ARG001
    """Lane by lane ``yes`` or ``no``."""
    lanes = _lanes_of((yes, no))

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ARG001
        return builder.select(*args)

    return None if lanes is None else (signature(lanes, mask, lanes, lanes), codegen)


@intrinsic
def some(typingctx: Any, mask: Mask) -> Any:  # noqa: ARG001
    """Whether any lane says yes."""

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ARG001
        bits = builder.bitcast(args[0], ir.IntType(mask.count))
        return builder.icmp_unsigned("!=", bits, ir.Constant(bits.type, 0))

    return signature(types.boolean, mask), codegen


@intrinsic
def fused(typingctx: Any, a: types.Type, b: types.Type, c: types.Type) -> Any:  # noqa: ARG001
    """``a * b + c`` rounded once."""
    lanes = _lanes_of((a, b, c))
    if lanes is None:
        return None
    vector = _vector(lanes)
    name = f"llvm.fma.v{lanes.count}f{lanes.scalar.bitwidth}"

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ARG001
        return builder.call(get_or_insert_function(builder.module, ir.FunctionType(vector, [vector] * 3), name), args)

    return signature(lanes, lanes, lanes, lanes), codegen


def _integers(lanes: Lanes) -> ir.VectorType:
    return ir.VectorType(ir.IntType(lanes.scalar.bitwidth), lanes.count)


def _same(vector: ir.VectorType, value: int) -> ir.Constant:
    return ir.Constant(vector, [value] * vector.count)


class _Format:
    """Bits of the number format."""

    def __init__(self, lanes: Lanes) -> None:
        wide = lanes.scalar.bitwidth == 64
        self.fraction, self.bias = (52, 1023) if wide else (23, 127)
        self.one = self.bias << self.fraction
        self.half_root = 0x3FE6A09E667F3BCD if wide else 0x3F3504F3
        """Bits of sqrt(1/2)."""


@intrinsic
def power_of_two(typingctx: Any, shifted: Lanes) -> Any:  # noqa: ARG001
    """2^k of whole numbers k, given as k + 1.5 * 2^fraction, whose low bits are k."""
    form = _Format(shifted)

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ARG001
        whole = _integers(shifted)
        moved = builder.shl(builder.bitcast(args[0], whole), _same(whole, form.fraction))
        return builder.bitcast(builder.add(moved, _same(whole, form.one)), _vector(shifted))

    return signature(shifted, shifted), codegen


@intrinsic
def split(typingctx: Any, values: Lanes) -> Any:  # noqa: ARG001
    """Exponents and mantissas between sqrt(1/2) and sqrt(2) of positive numbers."""
    form = _Format(values)

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        whole, vector = _integers(values), _vector(values)
        bits = builder.bitcast(args[0], whole)
        above = builder.sub(bits, _same(whole, form.half_root))
        exponent = builder.ashr(above, _same(whole, form.fraction))
        mantissa = builder.sub(bits, builder.shl(exponent, _same(whole, form.fraction)))
        return context.make_tuple(builder, sig.return_type, (builder.sitofp(exponent, vector), builder.bitcast(mantissa, vector)))

    return signature(types.UniTuple(values, 2), values), codegen
