"""Many bytes of PubMed XML looked at in one step, as processors can.

What stands here is written for LLVM, which numba stands on: a loop that leaves at the first byte of a kind is
not made so by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

LANES = 32  # bytes in one step
_BYTE, _COUNT = ir.IntType(8), ir.IntType(LANES)
_BYTES = ir.VectorType(_BYTE, LANES)


def _in_one_step(function: Callable[..., Any]) -> Any:
    """What numba puts in place of a call: arguments are those behind the first, as written in each summary."""
    made: Any = intrinsic
    return made(function)


def _load(context: Any, builder: Any, array: Any, pos: Any) -> tuple[Any, Any]:
    """(the bytes that stand there, their address)."""
    address = builder.gep(array.data, [pos])
    lanes = builder.bitcast(address, _BYTES.as_pointer())
    return builder.load(lanes, align=1), lanes


def _same(byte: int) -> Any:
    return ir.Constant(_BYTES, [byte] * LANES)


def _first(builder: Any, found: Any) -> Any:
    """Number of the first lane that was found, LANES if none."""
    count = builder.cttz(builder.bitcast(found, _COUNT), ir.Constant(ir.IntType(1), 0))
    return builder.zext(count, ir.IntType(64))


def _array(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    return context.make_array(kind)(context, builder, value)


@_in_one_step
def first_tag(typing: Any, buf: Any, pos: Any) -> Any:
    """How many of the bytes there come before the first "<"; LANES if it is not among them."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = _array(context, builder, signature.args[0], arguments[0])
        there, _ = _load(context, builder, array, arguments[1])
        return _first(builder, builder.icmp_unsigned("==", there, _same(60)))

    return types.int64(buf, types.int64), generate


@_in_one_step
def first_mark(typing: Any, buf: Any, pos: Any) -> Any:
    """How many of the bytes there come before the first "<", ">" or "&"; LANES if none is among them."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = _array(context, builder, signature.args[0], arguments[0])
        there, _ = _load(context, builder, array, arguments[1])
        tags = builder.icmp_unsigned("==", builder.or_(there, _same(2)), _same(62))
        return _first(builder, builder.or_(tags, builder.icmp_unsigned("==", there, _same(38))))

    return types.int64(buf, types.int64), generate


@_in_one_step
def copy_plain(typing: Any, buf: Any, pos: Any, out: Any, k: Any) -> Any:
    """How many of the bytes there are ASCII text as it is to stand: no markup, no control, no double space.

    LANES bytes are written to `out`, whatever they are; a byte more is read.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = _array(context, builder, signature.args[0], arguments[0])
        target = _array(context, builder, signature.args[2], arguments[2])
        there, _ = _load(context, builder, array, arguments[1])
        after = builder.add(arguments[1], ir.Constant(ir.IntType(64), 1))
        following, _ = _load(context, builder, array, after)
        _, place = _load(context, builder, target, arguments[3])
        builder.store(there, place, align=1)
        ends = builder.or_(_odd(builder, there, 32), _space_before(builder, there, following))
        return _first(builder, ends)

    return types.int64(buf, types.int64, out, types.int64), generate


@_in_one_step
def copy_ascii(typing: Any, buf: Any, pos: Any, out: Any, k: Any) -> Any:
    """How many of the bytes there are ASCII and no control; LANES bytes are written to `out` whatever they are."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = _array(context, builder, signature.args[0], arguments[0])
        target = _array(context, builder, signature.args[2], arguments[2])
        there, _ = _load(context, builder, array, arguments[1])
        _, place = _load(context, builder, target, arguments[3])
        builder.store(there, place, align=1)
        return _first(builder, builder.icmp_signed("<", there, _same(32)))

    return types.int64(buf, types.int64, out, types.int64), generate


def _odd(builder: Any, there: Any, least: int) -> Any:
    """Lanes with markup, and with what is less than `least` or no ASCII."""
    markup = builder.or_(
        builder.icmp_unsigned("==", there, _same(60)), builder.icmp_unsigned("==", there, _same(38))
    )
    return builder.or_(markup, builder.icmp_signed("<", there, _same(least)))


def _space_before(builder: Any, there: Any, following: Any) -> Any:
    """Lanes with a space before another, or before what is not plain."""
    return builder.and_(builder.icmp_unsigned("==", there, _same(32)), _odd(builder, following, 33))
