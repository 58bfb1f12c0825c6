"""Parses and verifies designs: python3 check.py FILE.mlir... (needs xdsl, see requirements.txt).

Prints one line per file, and exits with 1 where a design is not what it should be.
"""

import sys
from pathlib import Path

from aie_dialect import (
    AIE,
    AIEX,
    Access,
    Acquire,
    Await,
    Core,
    Descriptor,
    Device,
    End,
    Free,
    Link,
    NextDescriptor,
    ObjectFifo,
    Release,
    Sequence_,
    Start,
    SubviewType,
    Task,
    Tile,
)
from xdsl.context import Context
from xdsl.dialects.arith import Arith
from xdsl.dialects.builtin import Builtin, MemRefType, ModuleOp, StringAttr
from xdsl.dialects.func import CallOp, Func, FuncOp
from xdsl.dialects.scf import ForOp, Scf
from xdsl.ir import Operation
from xdsl.parser import Parser

COLUMNS = {"npu1": 4, "npu2": 8}
NO_SCHEME = StringAttr("")
SCHEMES = ["basic-sequential", "bank-aware"]
SHIM_ROW, MEMORY_ROW, ROWS = 0, 1, 6
CORE_BYTES, MEMORY_BYTES, SHIM_DESCRIPTORS, DEFAULT_STACK_BYTES = 65536, 524288, 16, 1024


class BadDesign(Exception):
    """What is wrong with a design."""


def expect(holds: bool, problem: str) -> None:
    if not holds:
        raise BadDesign(problem)


def parse(text: str, name: str = "design") -> ModuleOp:
    """Parses a design and verifies what holds of all MLIR: SSA, types, symbols, terminators."""
    context = Context()
    for dialect in (Builtin, Func, Arith, Scf, AIE, AIEX):
        context.load_dialect(dialect)
    module = Parser(context, text, name).parse_module()
    module.verify()
    return module


def all_of(kind: type, within: Operation) -> list:
    return [op for op in within.walk() if isinstance(op, kind)]


def element_bytes(type: MemRefType) -> int:
    return type.get_element_type().width.data // 8


def object_bytes(type: MemRefType) -> int:
    return type.element_count() * element_bytes(type)


def stack_bytes(core: Core) -> int:
    size = core.settings.data.get("stack_size")
    return DEFAULT_STACK_BYTES if size is None else size.value.data


def name_of(reference) -> str:
    return reference.root_reference.data


class Design:
    """A parsed design, with its parts by name."""

    def __init__(self, module: ModuleOp) -> None:
        (self.device,) = all_of(Device, module)
        self.fifos = {fifo.sym_name.data: fifo for fifo in all_of(ObjectFifo, self.device)}
        self.links = all_of(Link, self.device)
        self.cores = all_of(Core, self.device)
        (self.sequence,) = all_of(Sequence_, self.device)
        self.tasks = all_of(Task, self.sequence)

    def verify(self) -> None:
        """What holds of designs for an NPU, beyond what holds of all MLIR."""
        self._verify_tiles()
        self._verify_fifos()
        for link in self.links:
            self._verify_link(link)
        for core in self.cores:
            self._verify_core(core)
        expect({id(core.tile.owner) for core in self.cores} == {id(tile) for tile in self._tiles(2)}, "a tile without its core")
        self._verify_sequence()

    def fifo(self, reference) -> ObjectFifo:
        name = name_of(reference)
        expect(name in self.fifos, f"there is no fifo @{name}")
        return self.fifos[name]

    def _tiles(self, row: int) -> list[Tile]:
        return [tile for tile in all_of(Tile, self.device) if min(tile.row.data, 2) == row]

    def _verify_tiles(self) -> None:
        name, _, part = self.device.device.data.partition("_")
        expect(name in COLUMNS, f"there is no device {name}")
        columns = int(part.removesuffix("col")) if part else COLUMNS[name]
        expect(not part or columns < COLUMNS[name], f"there is no device {self.device.device.data}")
        places = [(tile.column.data, tile.row.data) for tile in all_of(Tile, self.device)]
        expect(len(set(places)) == len(places), "a tile twice")
        for column, row in places:
            expect(0 <= column < columns and 0 <= row < ROWS, f"there is no tile ({column}, {row})")
        for tile in all_of(Tile, self.device):
            scheme = tile.settings.data.get("allocation_scheme", NO_SCHEME).data
            allowed = SCHEMES if tile.row.data > MEMORY_ROW else [NO_SCHEME.data]
            expect(scheme in allowed, f"allocation scheme {scheme} of a tile")

    def _verify_fifos(self) -> None:
        for name, fifo in self.fifos.items():
            expect(len(fifo.consumers) == 1, f"@{name} has one consumer")
            expect(fifo.producer != fifo.consumers[0], f"@{name} leads nowhere")
            expect(fifo.depth.data == 2, f"@{name} must hold two objects")
            expect(object_bytes(fifo.element) % 4 == 0, f"@{name} must hold whole words")
        for tile in all_of(Tile, self.device):
            into = [fifo for fifo in self.fifos.values() if tile.tile in fifo.consumers]
            out = [fifo for fifo in self.fifos.values() if fifo.producer == tile.tile]
            channels = 6 if tile.row.data == MEMORY_ROW else 2
            expect(0 < len(into) <= channels and 0 < len(out) <= channels, "DMA channels of a tile")
            if tile.row.data == MEMORY_ROW:
                whole = sum(2 * object_bytes(fifo.element) for fifo in into)
                expect(whole <= MEMORY_BYTES, "a memory tile is full")
            elif tile.row.data > MEMORY_ROW:
                buffers = sum(2 * object_bytes(fifo.element) for fifo in into + out)
                (core,) = [core for core in self.cores if core.tile == tile.tile]
                expect(buffers + stack_bytes(core) <= CORE_BYTES, "a core tile is full")

    def _verify_link(self, link: Link) -> None:
        """One object is the other's parts, end to end, on a memory tile."""
        sources = [self.fifo(name) for name in link.sources]
        targets = [self.fifo(name) for name in link.targets]
        expect(min(len(sources), len(targets)) == 1, "a link splits or joins")
        tiles = {fifo.consumers[0] for fifo in sources} | {fifo.producer for fifo in targets}
        expect(len(tiles) == 1 and next(iter(tiles)).owner.row.data == MEMORY_ROW, "a link is in one memory tile")
        splits = len(sources) == 1
        whole, parts = (sources[0], targets) if splits else (targets[0], sources)
        given, none = link.target_offsets, link.source_offsets
        if not splits:
            given, none = none, given
        expect(len(none) == 0 and len(given) == len(parts), "an offset for each part of a link")
        end = 0
        for offset, part in sorted(zip((offset.data for offset in given), parts), key=lambda pair: pair[0]):
            expect(offset == end, f"the parts of a link must adjoin: {offset} is not {end}")
            expect(part.element.get_element_type() == whole.element.get_element_type(), "types of a link")
            end += part.element.element_count()
        expect(end == whole.element.element_count(), "the parts of a link must be the whole")

    def _verify_core(self, core: Core) -> None:
        expect(core.tile.owner.row.data > MEMORY_ROW, "a core is in a core tile")
        settings = core.settings.data
        expect(stack_bytes(core) > DEFAULT_STACK_BYTES, "a core needs a larger stack")
        functions = [op for op in self.device.body.block.ops if isinstance(op, FuncOp)]
        (call,) = all_of(CallOp, core)
        (function,) = [f for f in functions if f.sym_name.data == name_of(call.callee)]
        expect("link_with" in settings or "link_with" in function.attributes, "the kernel's object file has no name")
        expect(list(function.function_type.inputs) == [value.type for value in call.arguments], "the kernel's arguments")
        (loop,) = all_of(ForOp, core)
        expect(isinstance(core.body.block.last_op, End), "a core must end in aie.end")
        held: dict[tuple[str, str], object] = {}
        for op in loop.body.block.ops:
            if isinstance(op, (Acquire, Release)):
                key = (name_of(op.fifo), op.port.data)
                fifo = self.fifo(op.fifo)
                tile = fifo.producer if op.port.data == "Produce" else fifo.consumers[0]
                expect(tile == core.tile, f"@{key[0]} has no such end in this tile")
                expect(isinstance(op, Release) == (key in held), f"@{key[0]} must be acquired and then released")
                if isinstance(op, Release):
                    del held[key]
                    continue
                type = op.object.type
                type = type.element if isinstance(type, SubviewType) else type
                expect(type == fifo.element, f"@{key[0]} holds objects of another type")
                held[key] = op
            elif op is call:
                objects = [value.owner.subview.owner if isinstance(value.owner, Access) else value.owner for value in op.arguments]
                expect([o.port.data for o in objects] == ["Consume", "Produce"], "the kernel reads, then writes")
                expect(objects == list(held.values()), "the kernel uses what is acquired")
        expect(not held, "an object is never released")

    def _verify_sequence(self) -> None:
        audio, features = self.sequence.body.block.args
        order = list(self.sequence.body.block.ops)
        written = 0
        for task in self.tasks:
            fifo = self.fifo(task.fifo)
            reads = fifo.producer.owner.row.data == SHIM_ROW
            expect(reads or fifo.consumers[0].owner.row.data == SHIM_ROW, "a task needs a fifo that has an end in the shim")
            total = 0
            for descriptor in chain(task):
                expect(descriptor.buffer == (audio if reads else features), "a task of the wrong buffer")
                verify_descriptor(descriptor)
                total += descriptor.length.data
            objects = total / fifo.element.element_count()
            expect(objects == int(objects) > 0, "a task must move whole objects")
            written += 0 if reads else total
            users = [type(op) for op in order if task.task in op.operands]
            expect(users.count(Start) == 1, "a task must be started once")
            has_token = "issue_token" in task.settings.data
            expect(users == ([Start, Free] if reads else [Start, Await]) and has_token == (not reads), "the uses of a task")
        waits = [i for i, op in enumerate(order) if isinstance(op, Await)]
        starts = [i for i, op in enumerate(order) if isinstance(op, Start)]
        expect(max(starts) < min(waits), "a task is waited for before all are started")
        expect(written == features.type.element_count(), "all features must be written")
        names = [name_of(task.fifo) for task in self.tasks]
        expect(len(set(names)) == len(names), "a fifo has two tasks")
        for tile in self._tiles(SHIM_ROW):
            ends = [t for t in self.tasks if tile.tile in (self.fifo(t.fifo).producer, self.fifo(t.fifo).consumers[0])]
            expect(len(ends) == 2, "a shim has one task each way")
            expect(sum(len(chain(task)) for task in ends) <= SHIM_DESCRIPTORS, "descriptors of a shim")


def chain(task: Task) -> list[Descriptor]:
    """A task's descriptors, in the order in which they run."""
    block, found = task.body.blocks[0], []
    while True:
        *descriptors, last = block.ops
        expect(len(descriptors) == 1 and isinstance(descriptors[0], Descriptor), "a block has one descriptor")
        found += descriptors
        expect(len(found) <= len(task.body.blocks), "descriptors in a circle")
        if isinstance(last, End):
            expect(len(found) == len(task.body.blocks), "a descriptor that never runs")
            return found
        expect(isinstance(last, NextDescriptor), "a block ends or names the next")
        block = last.successors[0]


def dimensions(descriptor: Descriptor) -> list[tuple[int, int]]:
    """Sizes and strides in elements, outermost first."""
    if descriptor.sizes is None:
        return [(descriptor.length.data, 1)]
    sizes, strides = ([value.data for value in values] for values in (descriptor.sizes, descriptor.strides))
    expect(len(sizes) == len(strides) == 4, "a descriptor has four sizes and strides")
    return list(zip(sizes, strides))


def verify_descriptor(descriptor: Descriptor) -> None:
    type = descriptor.buffer.type
    width = element_bytes(type)
    dims = dimensions(descriptor)
    *outer, (inner, step) = dims
    count = 1
    for size, _ in dims:
        count *= size
    expect(step == 1 and count == descriptor.length.data, "the sizes of a descriptor must make up its length")
    for elements in (descriptor.offset.data, inner, *(stride for size, stride in outer if size > 1)):
        expect(elements * width % 4 == 0, "a descriptor counts in words")
    if outer:
        expect(inner * width // 4 <= 1023 and outer[-1][0] <= 1023 and outer[0][0] <= 64, "a size is too large")
    expect(all(size == 1 or 0 < stride * width // 4 <= 1 << 20 for size, stride in outer), "a stride is out of range")
    last = descriptor.offset.data + sum((size - 1) * stride for size, stride in dims)
    expect(0 <= descriptor.offset.data and last < type.element_count(), "a descriptor leaves its buffer")


def check(text: str, name: str = "design") -> Design:
    design = Design(parse(text, name))
    design.verify()
    return design


def main(paths: list[str]) -> int:
    failed = 0
    for path in paths:
        try:
            design = check(Path(path).read_text(), path)
            print(f"{path}: {len(design.cores)} cores, {len(design.fifos)} fifos, {len(design.tasks)} tasks")
        except Exception as error:  # a parser's errors are of many classes
            failed += 1
            print(f"{path}: {type(error).__name__}: {error}")
    print(f"{len(paths) - failed} of {len(paths)} designs are valid")
    return 0 if failed == 0 and paths else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
