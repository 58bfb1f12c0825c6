"""Lowers a design for this machine: its cores become functions in MLIR, and everything else a description for emulate.c.

The body of each core stays what the design says. Only what an NPU has and a host has not is replaced: acquiring and releasing
objects become calls of emulate.c, which blocks as the hardware's locks do.
"""

from check import Design, chain, dimensions, element_bytes, name_of, object_bytes
from aie_dialect import Access, Acquire, Await, End, Release, Start, SubviewType
from io import StringIO
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import FunctionType, IntegerAttr, ModuleOp, i32
from xdsl.dialects.func import CallOp, FuncOp, ReturnOp
from xdsl.ir import Operation
from xdsl.printer import Printer

PORTS = {"Consume": 0, "Produce": 1}


def acquirer(type) -> str:
    return f"acquire_{type.element_count()}x{type.get_element_type()}"


def symbol_of(core) -> str:
    tile = core.tile.owner
    return f"core_{tile.column.data}_{tile.row.data}"


def lower_cores(design: Design) -> str:
    """A module in MLIR's generic form with a function for each core."""
    numbers = {name: i for i, name in enumerate(design.fifos)}
    types = {fifo.element for fifo in design.fifos.values()}
    external = [FuncOp.external(acquirer(type), [i32, i32], [type]) for type in sorted(types, key=str)]
    external.append(FuncOp.external("release", [i32, i32], []))
    kernels = [op for op in design.device.body.block.ops if isinstance(op, FuncOp)]
    external += [FuncOp.external(k.sym_name.data, k.function_type.inputs.data, []) for k in kernels]
    functions = []
    for core in design.cores:
        region = core.body.clone()
        for op in list(region.walk()):
            replace(op, numbers)
        functions.append(FuncOp(symbol_of(core), FunctionType.from_lists([], []), region))
    module = ModuleOp(external + functions)
    module.verify()
    out = StringIO()
    Printer(stream=out, print_generic_format=True).print_op(module)
    return out.getvalue() + "\n"


def replace(op: Operation, numbers: dict[str, int]) -> None:
    block = op.parent_block()
    if isinstance(op, (Acquire, Release)):
        which = [numbers[name_of(op.fifo)], PORTS[op.port.data]]
        arguments = [ConstantOp(IntegerAttr(value, i32)) for value in which]
        if isinstance(op, Release):
            call = CallOp("release", arguments, [])
        else:
            type = op.object.type
            type = type.element if isinstance(type, SubviewType) else type
            call = CallOp(acquirer(type), arguments, [type])
            for use in list(op.object.uses):
                # The first object of a subview is the object that was acquired.
                if isinstance(use.operation, Access):
                    use.operation.object.replace_all_uses_with(call.results[0])
                    use.operation.detach()
                    use.operation.drop_all_references()
            op.object.replace_all_uses_with(call.results[0])
        block.insert_ops_before([*arguments, call], op)
        block.erase_op(op)
    elif isinstance(op, End):
        block.insert_ops_before([ReturnOp()], op)
        block.erase_op(op)


def describe(design: Design) -> str:
    """Fifos, links, tasks and the order of the runtime sequence, for emulate.c: one item per line."""
    numbers = {name: i for i, name in enumerate(design.fifos)}
    lines = []
    for fifo in design.fifos.values():
        lines.append(f"fifo {fifo.depth.data} {object_bytes(fifo.element)}")
    for link in design.links:
        sides = [[numbers[name_of(name)] for name in side] for side in (link.sources, link.targets)]
        splits = len(sides[0]) == 1
        whole, parts = (sides[0][0], sides[1]) if splits else (sides[1][0], sides[0])
        width = element_bytes(list(design.fifos.values())[whole].element)
        offsets = [offset.data * width for offset in (link.target_offsets if splits else link.source_offsets)]
        pairs = " ".join(f"{part} {offset}" for part, offset in zip(parts, offsets))
        lines.append(f"link {0 if splits else 1} {whole} {len(parts)} {pairs}")
    for argument in design.sequence.body.block.args:
        lines.append(f"buffer {argument.type.element_count()} {element_bytes(argument.type)}")
    arguments = list(design.sequence.body.block.args)
    for task in design.tasks:
        descriptors = chain(task)
        buffer = arguments.index(descriptors[0].buffer)
        lines.append(f"task {numbers[name_of(task.fifo)]} {buffer} {len(descriptors)}")
        for descriptor in descriptors:
            dims = [(1, 0)] * (4 - len(dimensions(descriptor))) + dimensions(descriptor)
            lines.append(" ".join(str(value) for value in (descriptor.offset.data, *sum(zip(*dims), ()))))
    tasks = {task.task: i for i, task in enumerate(design.tasks)}
    for op in design.sequence.body.block.ops:
        if isinstance(op, Start):
            lines.append(f"start {tasks[op.task]}")
        elif isinstance(op, Await):
            lines.append(f"await {tasks[op.task]}")
    return "\n".join(lines) + "\n"


def glue(design: Design) -> str:
    """C that hands the cores and the acquiring functions, whose names carry their types, to emulate.c."""
    types = sorted({acquirer(fifo.element) for fifo in design.fifos.values()})
    cores = [symbol_of(core) for core in design.cores]
    (kernel,) = [op for op in design.device.body.block.ops if isinstance(op, FuncOp)]
    return "\n".join(
        [
            "#include <stdint.h>",
            "void *acquire(int32_t fifo, int32_t port);",
            *[f"void *{name}(int32_t fifo, int32_t port);" for name in types],
            *[f"void *{name}(int32_t fifo, int32_t port) {{ return acquire(fifo, port); }}" for name in types],
            *[f"void {name}(void);" for name in cores],
            f"void {kernel.sym_name.data}(const int16_t *frames, int8_t *out);",
            f"void (*const the_kernel)(const int16_t *, int8_t *) = {kernel.sym_name.data};",
            f"const int32_t core_count = {len(cores)};",
            f"void (*const cores[])(void) = {{{', '.join(cores)}}};",
            "",
        ]
    )
