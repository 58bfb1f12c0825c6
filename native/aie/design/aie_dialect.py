"""The part of mlir-aie's aie and aiex dialects that the generated designs use, for xDSL: both syntaxes, parsed and verified.

It stands in for aie-opt, which cannot be installed here. What it accepts follows mlir-aie's own tests of the two generations;
it is a check of the designs, not of every design that mlir-aie accepts.
"""

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    IndexType,
    IntAttr,
    MemRefType,
    StringAttr,
    SymbolRefAttr,
)
from xdsl.ir import Attribute, Dialect, ParametrizedAttribute, Region, SSAValue, TypeAttribute
from xdsl.irdl import (
    IRDLOperation,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    param_def,
    prop_def,
    region_def,
    result_def,
    successor_def,
    traits_def,
    var_operand_def,
)
from xdsl.parser import AttrParser, Parser
from xdsl.traits import IsTerminator, NoTerminator, SymbolOpInterface, SymbolTable
from xdsl.utils.exceptions import VerifyException

INDEX = IndexType()


class _OfMemRef(ParametrizedAttribute, TypeAttribute):
    element: Attribute = param_def()

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            element = parser.parse_type()
        if not isinstance(element, MemRefType):
            parser.raise_error("expected a memref")
        return [element]


@irdl_attr_definition
class FifoType(_OfMemRef):
    name = "aie.objectfifo"


@irdl_attr_definition
class SubviewType(_OfMemRef):
    name = "aie.objectfifosubview"


def symbol(parser: Parser) -> SymbolRefAttr:
    return SymbolRefAttr(parser.parse_symbol_name())


def integers(parser: Parser) -> ArrayAttr:
    values = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_integer)
    return ArrayAttr(IntAttr(value) for value in values)


def attributes(parser: Parser) -> DictionaryAttr:
    return DictionaryAttr(parser.parse_optional_attr_dict())


def operand(parser: Parser, type: Attribute = INDEX) -> SSAValue:
    return parser.resolve_operand(parser.parse_unresolved_operand(), type)


def port(parser: Parser) -> StringAttr:
    """`(Consume, 1)`: one object at a time, as all designs here have it."""
    parser.parse_punctuation("(")
    name = parser.parse_identifier()
    parser.parse_punctuation(",")
    if name not in ("Consume", "Produce") or parser.parse_integer() != 1:
        parser.raise_error("expected (Consume, 1) or (Produce, 1)")
    parser.parse_punctuation(")")
    return StringAttr(name)


@irdl_op_definition
class Device(IRDLOperation):
    name = "aie.device"
    device = prop_def(StringAttr)
    body = region_def("single_block")
    traits = traits_def(NoTerminator(), SymbolTable())

    @classmethod
    def parse(cls, parser: Parser) -> "Device":
        parser.parse_punctuation("(")
        device = parser.parse_identifier()
        parser.parse_punctuation(")")
        return cls(properties={"device": StringAttr(device)}, regions=[parser.parse_region()])


@irdl_op_definition
class Tile(IRDLOperation):
    name = "aie.tile"
    column = prop_def(IntAttr)
    row = prop_def(IntAttr)
    settings = prop_def(DictionaryAttr)
    tile = result_def(INDEX)

    @classmethod
    def parse(cls, parser: Parser) -> "Tile":
        column, row = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_integer)
        properties = {"column": IntAttr(column), "row": IntAttr(row), "settings": attributes(parser)}
        return cls(properties=properties, result_types=[INDEX])


@irdl_op_definition
class ObjectFifo(IRDLOperation):
    name = "aie.objectfifo"
    sym_name = prop_def(StringAttr)
    depth = prop_def(IntAttr)
    type = prop_def(FifoType)
    producer = operand_def(INDEX)
    consumers = var_operand_def(INDEX)
    traits = traits_def(SymbolOpInterface())

    @classmethod
    def parse(cls, parser: Parser) -> "ObjectFifo":
        name = parser.parse_symbol_name()
        parser.parse_punctuation("(")
        producer = operand(parser)
        parser.parse_punctuation(",")
        consumers = parser.parse_comma_separated_list(parser.Delimiter.BRACES, lambda: operand(parser))
        parser.parse_punctuation(",")
        depth = parser.parse_integer()
        parser.parse_punctuation(":")
        if str(parser.parse_type()) != "i32":
            parser.raise_error("a depth is an i32")
        parser.parse_punctuation(")")
        parser.parse_punctuation(":")
        properties = {"sym_name": name, "depth": IntAttr(depth), "type": parser.parse_type()}
        return cls(operands=[producer, consumers], properties=properties)

    @property
    def element(self) -> MemRefType:
        return self.type.element


@irdl_op_definition
class Link(IRDLOperation):
    name = "aie.objectfifo.link"
    sources = prop_def(ArrayAttr)
    targets = prop_def(ArrayAttr)
    source_offsets = prop_def(ArrayAttr)
    target_offsets = prop_def(ArrayAttr)

    @classmethod
    def parse(cls, parser: Parser) -> "Link":
        names = lambda: ArrayAttr(parser.parse_comma_separated_list(parser.Delimiter.SQUARE, lambda: symbol(parser)))
        sources = names()
        parser.parse_punctuation("->")
        targets = names()
        parser.parse_punctuation("(")
        offsets = [integers(parser), integers(parser)]
        parser.parse_punctuation(")")
        names = ("sources", "targets", "source_offsets", "target_offsets")
        return cls(properties=dict(zip(names, (sources, targets, *offsets))))


@irdl_op_definition
class Core(IRDLOperation):
    name = "aie.core"
    settings = prop_def(DictionaryAttr)
    tile = operand_def(INDEX)
    body = region_def()
    core = result_def(INDEX)

    @classmethod
    def parse(cls, parser: Parser) -> "Core":
        parser.parse_punctuation("(")
        tile = operand(parser)
        parser.parse_punctuation(")")
        body = parser.parse_region()
        return cls(operands=[tile], properties={"settings": attributes(parser)}, regions=[body], result_types=[INDEX])


@irdl_op_definition
class Acquire(IRDLOperation):
    name = "aie.objectfifo.acquire"
    fifo = prop_def(SymbolRefAttr)
    port = prop_def(StringAttr)
    object = result_def()

    @classmethod
    def parse(cls, parser: Parser) -> "Acquire":
        properties = {"fifo": symbol(parser), "port": port(parser)}
        parser.parse_punctuation(":")
        return cls(properties=properties, result_types=[parser.parse_type()])


@irdl_op_definition
class Access(IRDLOperation):
    name = "aie.objectfifo.subview.access"
    subview = operand_def(SubviewType)
    index = prop_def(IntAttr)
    object = result_def(MemRefType)

    @classmethod
    def parse(cls, parser: Parser) -> "Access":
        subview = parser.parse_unresolved_operand()
        with parser.in_square_brackets():
            index = parser.parse_integer()
        parser.parse_punctuation(":")
        type = parser.parse_type()
        parser.parse_punctuation("->")
        operands = [parser.resolve_operand(subview, type)]
        return cls(operands=operands, properties={"index": IntAttr(index)}, result_types=[parser.parse_type()])

    def verify_(self) -> None:
        if self.index.data != 0 or self.subview.type.element != self.object.type:
            raise VerifyException("must access object 0 by its own type")


@irdl_op_definition
class Release(IRDLOperation):
    name = "aie.objectfifo.release"
    fifo = prop_def(SymbolRefAttr)
    port = prop_def(StringAttr)

    @classmethod
    def parse(cls, parser: Parser) -> "Release":
        return cls(properties={"fifo": symbol(parser), "port": port(parser)})


@irdl_op_definition
class End(IRDLOperation):
    name = "aie.end"
    traits = traits_def(IsTerminator())

    @classmethod
    def parse(cls, parser: Parser) -> "End":
        return cls()


@irdl_op_definition
class Sequence_(IRDLOperation):
    name = "aie.runtime_sequence"
    sym_name = prop_def(StringAttr)
    body = region_def("single_block")
    traits = traits_def(NoTerminator(), SymbolOpInterface())

    @classmethod
    def parse(cls, parser: Parser) -> "Sequence_":
        name = parser.parse_symbol_name()
        arguments = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_argument)
        return cls(properties={"sym_name": name}, regions=[parser.parse_region(arguments)])


@irdl_op_definition
class Task(IRDLOperation):
    name = "aiex.dma_configure_task_for"
    fifo = prop_def(SymbolRefAttr)
    settings = prop_def(DictionaryAttr)
    body: Region = region_def()
    task = result_def(INDEX)

    @classmethod
    def parse(cls, parser: Parser) -> "Task":
        fifo = symbol(parser)
        body = parser.parse_region()
        properties = {"fifo": fifo, "settings": attributes(parser)}
        return cls(properties=properties, regions=[body], result_types=[INDEX])


@irdl_op_definition
class Descriptor(IRDLOperation):
    """A buffer descriptor: `offset = O len = L sizes = [...] strides = [...]`, or `, O, L, [<size = .., stride = ..>, ...]`."""

    name = "aie.dma_bd"
    buffer = operand_def(MemRefType)
    offset = prop_def(IntAttr)
    length = prop_def(IntAttr)
    sizes = opt_prop_def(ArrayAttr)
    strides = opt_prop_def(ArrayAttr)
    syntax = prop_def(StringAttr)

    @classmethod
    def parse(cls, parser: Parser) -> "Descriptor":
        parser.parse_punctuation("(")
        buffer = parser.parse_unresolved_operand()
        parser.parse_punctuation(":")
        operands = [parser.resolve_operand(buffer, parser.parse_type())]
        is_early = parser.parse_optional_punctuation(",") is not None
        properties = (cls._early if is_early else cls._mid)(parser)
        parser.parse_punctuation(")")
        syntax = StringAttr("2026-early" if is_early else "2026-mid")
        return cls(operands=operands, properties={**properties, "syntax": syntax})

    @staticmethod
    def _mid(parser: Parser) -> dict[str, Attribute]:
        def named(name: str) -> IntAttr:
            parser.parse_keyword(name)
            parser.parse_punctuation("=")
            return IntAttr(parser.parse_integer())

        properties = {"offset": named("offset"), "length": named("len")}
        if parser.parse_optional_keyword("sizes"):
            parser.parse_punctuation("=")
            properties["sizes"] = integers(parser)
            parser.parse_keyword("strides")
            parser.parse_punctuation("=")
            properties["strides"] = integers(parser)
        return properties

    @staticmethod
    def _early(parser: Parser) -> dict[str, Attribute]:
        def pair() -> list[int]:
            with parser.in_angle_brackets():
                values = []
                for i, name in enumerate(("size", "stride")):
                    if i > 0:
                        parser.parse_punctuation(",")
                    parser.parse_keyword(name)
                    parser.parse_punctuation("=")
                    values.append(IntAttr(parser.parse_integer()))
            return values

        properties = {"offset": IntAttr(parser.parse_integer())}
        parser.parse_punctuation(",")
        properties["length"] = IntAttr(parser.parse_integer())
        if parser.parse_optional_punctuation(","):
            pairs = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, pair)
            properties["sizes"], properties["strides"] = (ArrayAttr(values) for values in zip(*pairs))
        return properties


@irdl_op_definition
class NextDescriptor(IRDLOperation):
    name = "aie.next_bd"
    next = successor_def()
    traits = traits_def(IsTerminator())

    @classmethod
    def parse(cls, parser: Parser) -> "NextDescriptor":
        return cls(successors=[parser.parse_successor()])


class _OnTask(IRDLOperation):
    task = operand_def(INDEX)

    @classmethod
    def parse(cls, parser: Parser) -> "_OnTask":
        parser.parse_punctuation("(")
        task = operand(parser)
        parser.parse_punctuation(")")
        return cls(operands=[task])


@irdl_op_definition
class Start(_OnTask):
    name = "aiex.dma_start_task"


@irdl_op_definition
class Await(_OnTask):
    name = "aiex.dma_await_task"


@irdl_op_definition
class Free(_OnTask):
    name = "aiex.dma_free_task"


AIE = Dialect(
    "aie",
    [Device, Tile, ObjectFifo, Link, Core, Acquire, Access, Release, End, Sequence_, Descriptor, NextDescriptor],
    [FifoType, SubviewType],
)
AIEX = Dialect("aiex", [Task, Start, Await, Free])
