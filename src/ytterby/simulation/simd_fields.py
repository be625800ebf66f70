"""Memory of a batch in compiled code: fields by name, such as ``s.stock[m]``, rows as vectors or numbers, and weekly series."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core.cgutils import create_struct_proxy
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
from numba.extending import intrinsic, lower_builtin, lower_getattr_generic, models, register_model
from numba.np.arrayobj import make_array

from ytterby.simulation.registers import LINE
from ytterby.simulation.simd import SimdVector, shuffled, vector_of

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Fields(types.Type):  # type: ignore[misc]
    """Fields of a batch by name: each is a pointer to vectors or to shared numbers, or a single value if it has no dimension."""

    def __init__(self, scalar: types.Float, places: types.BaseNamedTuple) -> None:
        self.scalar, self.places = scalar, places
        self.elements = {"rows": SimdVector(scalar), "floats": scalar, "ints": types.int64}
        super().__init__(name=f"Fields({places.instance_class.__name__}, {scalar})")


@register_model(Fields)
class _FieldsModel(models.StructModel):  # type: ignore[misc]
    def __init__(self, dmm: Any, fe_type: Fields) -> None:
        bases = [(storage, types.CPointer(element)) for storage, element in fe_type.elements.items()]
        super().__init__(dmm, fe_type, [*bases, ("places", fe_type.places)])


@infer_getattr
class _FieldsAttributes(AttributeTemplate):  # type: ignore[misc]
    key = Fields

    def generic_resolve(self, typ: Fields, attr: str) -> Any:
        storage, single = typ.places.instance_class.storage[attr]
        return typ.elements[storage] if single else types.CPointer(typ.elements[storage])


@lower_getattr_generic(Fields)
def _lower_field(context: Any, builder: Any, typ: Fields, value: Any, attr: str) -> Any:
    storage, single = typ.places.instance_class.storage[attr]
    struct = create_struct_proxy(typ)(context, builder, value)
    place = builder.extract_value(struct.places, typ.places.instance_class._fields.index(attr))
    pointer = builder.gep(getattr(struct, storage), [place])
    return builder.load(pointer) if single else pointer


def view(rows: Any, floats: Any, ints: Any, places: Any) -> Any:
    """Fields of a batch by name, from their positions: ``view(...).stock[m]``; in plain Python those of the first draw."""
    arrays = {"rows": _Rows(rows), "floats": floats, "ints": ints}
    found = {name: (arrays[places.storage[name][0]], place) for name, place in places._asdict().items()}
    return SimpleNamespace(**{name: array[place] if places.storage[name][1] else array[place:] for name, (array, place) in found.items()})


class _Rows:
    """Rows of draws in plain Python: ``[row]`` is the number of the first draw."""

    def __init__(self, values: NDArray[Any]) -> None:
        self.values = values

    def __getitem__(self, at: Any) -> Any:
        return _Rows(self.values[at]) if isinstance(at, slice) else self.values[at, 0]

    def __setitem__(self, at: int, value: float) -> None:
        self.values[at, 0] = value


def numbers(rows: Any) -> Any:
    """The rows as a flat array of numbers, with the draws of a row next to each other."""
    return rows.values.reshape(-1)


@infer_global(view)
class _View(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: tuple[types.Type, ...], kws: Any) -> Any:  # noqa: ARG002
        return signature(Fields(args[0].dtype, args[3]), *args)


@lower_builtin(view, types.Array, types.Array, types.Array, types.BaseNamedTuple)
def _lower_view(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    struct = create_struct_proxy(sig.return_type)(context, builder)
    for k, storage in enumerate(sig.return_type.elements):
        data = make_array(sig.args[k])(context, builder, args[k]).data
        setattr(struct, storage, builder.bitcast(data, getattr(struct, storage).type))
    struct.places = args[3]
    return struct._getvalue()


@infer_global(numbers)
class _Numbers(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: tuple[types.Type, ...], kws: Any) -> Any:  # noqa: ARG002
        return signature(types.CPointer(args[0].dtype.scalar), *args)


@lower_builtin(numbers, types.CPointer)
def _lower_numbers(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.bitcast(args[0], context.get_value_type(sig.return_type))


@intrinsic
def vectors(typingctx: Any, rows: types.Array) -> Any:  # noqa: ARG001
    """Rows (R, WIDTH), aligned to cache lines, as vectors."""
    pointer = types.CPointer(SimdVector(rows.dtype))

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        data = make_array(sig.args[0])(context, builder, args[0]).data
        return builder.bitcast(data, context.get_value_type(pointer))

    return signature(pointer, rows), codegen


@intrinsic
def elements(typingctx: Any, array: types.Array) -> Any:  # noqa: ARG001
    """Numbers of a contiguous array one after another; a pointer, which unlike an array is not counted as a reference at each use."""
    pointer = types.CPointer(array.dtype)

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        data = make_array(sig.args[0])(context, builder, args[0]).data
        return builder.bitcast(data, context.get_value_type(pointer))

    return signature(pointer, array), codegen


def _place(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """Address of ``array[row, column]`` as that of a vector; rows are contiguous."""
    array, simd = make_array(sig.args[0])(context, builder, args[0]), SimdVector(sig.args[0].dtype)
    row = builder.mul(args[1], builder.extract_value(array.strides, 0))
    offset = builder.add(row, builder.mul(args[2], array.itemsize))
    at = builder.gep(builder.bitcast(array.data, ir.IntType(8).as_pointer()), [offset])
    return builder.bitcast(at, vector_of(simd).as_pointer())


@intrinsic
def load(typingctx: Any, array: types.Array, row: types.Integer, column: types.Integer) -> Any:  # noqa: ARG001
    """Vector of the numbers ``array[row, column]``, ``array[row, column + 1]`` and so on, at any address."""

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.load(_place(context, builder, sig, args), align=sig.args[0].dtype.bitwidth // 8)

    return signature(SimdVector(array.dtype), array, types.intp, types.intp), codegen


@intrinsic
def store(typingctx: Any, array: types.Array, row: types.Integer, column: types.Integer, values: SimdVector) -> Any:  # noqa: ARG001
    """Write a vector to ``array[row, column]``, ``array[row, column + 1]`` and so on."""

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        builder.store(args[3], _place(context, builder, sig, args), align=sig.args[0].dtype.bitwidth // 8)
        return context.get_dummy_value()

    return signature(types.none, array, types.intp, types.intp, values), codegen


# Weekly series


def write_columns(rows: Any, shown: Any, series: Any, week: int, column: int) -> None:
    """Transpose a block of rows, listed in ``shown`` from ``column`` on, into ``series[draw, week, column:]`` of each draw.

    The block has as many rows as a register has draws; unused draws are dropped. Lines of ``series`` are aligned to cache lines and
    written without caching (non-temporal stores).
    """
    for k in range(column, column + rows.shape[1]):
        series[:, week, k] = rows[shown[k], : len(series)]


@infer_global(write_columns)
class _WriteColumns(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: tuple[types.Type, ...], kws: Any) -> Any:  # noqa: ARG002
        return signature(types.none, *args[:3], types.intp, types.intp)


@lower_builtin(write_columns, types.Array, types.CPointer, types.Array, types.Integer, types.Integer)
def _lower_write_columns(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    simd, (week, column) = SimdVector(sig.args[0].dtype), args[3:]
    source, target = (make_array(sig.args[k])(context, builder, args[k]) for k in (0, 2))
    rows, lines = builder.bitcast(source.data, vector_of(simd).as_pointer()), []
    for k in range(simd.count):
        row = builder.load(builder.gep(args[1], [builder.add(column, ir.Constant(column.type, k))]))
        lines.append(builder.load(builder.gep(rows, [row])))
    draws, weeks, columns = (builder.extract_value(target.shape, axis) for axis in range(3))
    inside = builder.add(builder.mul(week, columns), column)
    for draw, line in enumerate(_transposed(builder, lines)):
        number = ir.Constant(draws.type, draw)
        with builder.if_then(builder.icmp_signed("<", number, draws), likely=True):
            place = builder.add(inside, builder.mul(number, builder.mul(weeks, columns)))
            at = builder.bitcast(builder.gep(target.data, [place]), line.type.as_pointer())
            once = builder.module.add_metadata([ir.Constant(ir.IntType(32), 1)])
            builder.store(line, at, align=LINE).set_metadata("nontemporal", once)
    return context.get_dummy_value()


def _transposed(builder: Any, lines: list[Any]) -> list[Any]:
    """Transpose registers: number i of register k becomes number k of register i, by recursive exchange of blocks."""
    count, size = len(lines), len(lines) // 2
    while size:
        for k in range(count):
            if k & size == 0:
                upper, lower = lines[k], lines[k + size]
                low = [i if i & size == 0 else count + i - size for i in range(count)]
                high = [i + size if i & size == 0 else count + i for i in range(count)]
                lines[k], lines[k + size] = (shuffled(builder, upper, lower, order) for order in (low, high))
        size //= 2
    return lines
