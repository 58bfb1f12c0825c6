//! Inspection of files that the real tools make, held against what the tools themselves say of them: `bootgen` for PDIs, XRT's
//! `xclbinutil` and `aiebu-dump` for containers and instruction streams. `scripts/xrt-root` provides the latter two.

#[path = "../samples/mod.rs"]
mod samples;

use std::path::{Path, PathBuf};
use std::process::Command;

use dsp_aie::inspect::{Cdo, Contents, File, Operation, Section, Transaction, Xclbin, inspect};

/// What is skipped is said where the test's log shows it.
fn skip(what: &str, why: &str) {
    println!("!!! SKIPPED: {what}: {why}");
}

/// A fresh folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("tools-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("a program");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {text}");
    text
}

/// The root of XRT's tools, if it can be had.
fn xrt() -> Option<PathBuf> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/xrt-root");
    let output = Command::new(script).output().expect("bash");
    if !output.status.success() {
        skip("XRT's own tools", String::from_utf8_lossy(&output.stderr).trim());
        return None;
    }
    Some(PathBuf::from(String::from_utf8(output.stdout).expect("a path").trim()))
}

/// A tool of the root, which its own loader runs.
fn tool(root: &Path, name: &str, folder: &Path) -> Command {
    let libraries = root.join("usr/lib/x86_64-linux-gnu");
    let mut command = Command::new(libraries.join("ld-linux-x86-64.so.2"));
    command.arg("--library-path").arg(&libraries).arg(root.join("usr/bin").join(name)).current_dir(folder);
    command
}

/// A PDI of one partition by `bootgen`, if that is installed.
fn bootgen(folder: &Path) -> Option<Vec<u8>> {
    if Command::new("bootgen").arg("-help").output().is_err() {
        skip("PDIs of bootgen", "no bootgen (Debian: xilinx-bootgen)");
        return None;
    }
    // The commands of the sample, which bootgen takes as they are.
    std::fs::write(folder.join("a.cdo"), &samples::pdi()[336..372]).expect("a file");
    let description = "all:\n{\n id_code = 0x14ca8093\n extended_id_code = 0x01\n image\n {\n  name=aie_image, id=0x1c000000\n  \
                       { type=cdo file=a.cdo }\n }\n}\n";
    std::fs::write(folder.join("d.bif"), description).expect("a file");
    run(Command::new("bootgen").args(["-arch", "versal", "-image", "d.bif", "-o", "d.pdi", "-w"]).current_dir(folder));
    Some(std::fs::read(folder.join("d.pdi")).expect("a PDI"))
}

/// The number after a label of `bootgen -read`.
fn labelled(text: &str, label: &str) -> u64 {
    let after = text.split_once(label).unwrap_or_else(|| panic!("no {label} in {text}")).1;
    let digits = after.split_once("0x").expect("a number").1;
    let end = digits.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(digits.len());
    u64::from_str_radix(&digits[..end], 16).expect("a number")
}

#[test]
fn a_pdi_of_bootgen() {
    let folder = folder("pdi");
    let Some(bytes) = bootgen(&folder) else { return };
    let said = run(Command::new("bootgen").args(["-arch", "versal", "-read", "d.pdi"]).current_dir(&folder));
    let Ok(File::Pdi(file)) = inspect(&bytes) else { panic!("{:?}", inspect(&bytes)) };
    assert_eq!(u64::from(file.version), labelled(&said, "version (0x00)"));
    assert_eq!(u64::from(file.id_code), labelled(&said, "id_code (0x18)"));
    assert_eq!(file.images.len() as u64, labelled(&said, "total_images (0x04)"));
    assert_eq!(file.partitions.len() as u64, labelled(&said, "total_partitions (0x0c)"));
    assert_eq!(file.partitions[0].offset, 4 * labelled(&said, "partition_offset (0x20)"));
    assert_eq!(file.partitions[0].size, 4 * labelled(&said, "total_length (0x08)"));
    assert_eq!(u64::from(file.images[0].id), labelled(&said, "  id (0x18)"));
    assert!(said.contains("IMAGE HEADER (aie_image)") && file.images[0].name == "aie_image");
    assert!(said.contains("partition_type[cdo]") && file.partitions[0].kind_name() == Some("cdo"));
    assert!(said.contains(&format!("id_string (0x28) : {}", file.id())));
    assert_eq!(file.partitions[0].cdo.as_ref().map(|cdo: &Cdo<'_>| cdo.commands().count()), Some(2));
    assert_eq!(bytes, samples::pdi(), "the sample is what bootgen writes");
}

const MEMORY: &str = r#"{"mem_topology":{"m_count":"2","m_mem_data":[
 {"m_type":"MEM_DRAM","m_used":"1","m_sizeKB":"0x10000","m_tag":"HOST","m_base_address":"0x4000000"},
 {"m_type":"MEM_DRAM","m_used":"0","m_sizeKB":"0xc000","m_tag":"SRAM","m_base_address":"0x8000000"}]}}"#;
const KERNEL: &str = r#"{"ps-kernels":{"kernels":[{"name":"MLIR_AIE","type":"dpu",
 "extended-data":{"subtype":"DPU","functional":"0","dpu_kernel_id":"0x901"},"arguments":[
 {"name":"opcode","address-qualifier":"SCALAR","type":"uint64_t","offset":"0x00"},
 {"name":"instr","memory-connection":"SRAM","address-qualifier":"GLOBAL","type":"char *","offset":"0x08"},
 {"name":"ninstr","address-qualifier":"SCALAR","type":"uint32_t","offset":"0x10"},
 {"name":"bo0","memory-connection":"HOST","address-qualifier":"GLOBAL","type":"void*","offset":"0x14"}],
 "instances":[{"name":"MLIRAIE"}]}]}}"#;
const PARTITION: &str = r#"{"aie_partition":{"operations_per_cycle":"2048","inference_fingerprint":"23423",
 "pre_post_fingerprint":"12345","partition":{"column_width":4,"start_columns":[1,2]},"PDIs":[
 {"uuid":"00000000-0000-0000-0000-000000008025","file_name":"d.pdi","cdo_groups":[{"name":"DPU","type":"PRIMARY",
 "pdi_id":"0x01","dpu_kernel_ids":["0x901"],"pre_cdo_groups":["0xC1"]}]}]}}"#;

/// The section of a kind.
fn section<'a, 'b>(file: &'b Xclbin<'a>, kind: &str) -> &'b Section<'a> {
    let mut sections = file.sections.iter();
    sections.find(|section| section.kind_name() == Some(kind)).unwrap_or_else(|| panic!("no {kind}"))
}

/// The value of a member in JSON that xclbinutil dumped, every time that it stands there.
fn members<'a>(json: &'a str, key: &str) -> Vec<&'a str> {
    let quoted = format!("\"{key}\": \"");
    json.split(&quoted).skip(1).map(|rest| rest.split('"').next().expect("a value")).collect()
}

#[test]
fn an_xclbin_of_xclbinutil() {
    let folder = folder("xclbin");
    let Some(root) = xrt() else { return };
    let Some(pdi) = bootgen(&folder) else { return };
    for (name, text) in [("mem.json", MEMORY), ("kern.json", KERNEL), ("part.json", PARTITION)] {
        std::fs::write(folder.join(name), text).expect("a file");
    }
    run(tool(&root, "xclbinutil", &folder)
        .args(["--add-replace-section", "MEM_TOPOLOGY:JSON:mem.json", "--add-kernel", "kern.json"])
        .args(["--add-replace-section", "AIE_PARTITION:JSON:part.json", "--force", "--output", "t.xclbin"]));
    let mut dump = tool(&root, "xclbinutil", &folder);
    dump.args(["--force", "--input", "t.xclbin"]);
    for kind in ["MEM_TOPOLOGY", "CONNECTIVITY", "IP_LAYOUT", "AIE_PARTITION"] {
        dump.args(["--dump-section", &format!("{kind}:JSON:{kind}.json")]);
    }
    run(&mut dump);
    let dumped = |kind: &str| std::fs::read_to_string(folder.join(format!("{kind}.json"))).expect("a dump");
    let info = run(tool(&root, "xclbinutil", &folder).args(["--info", "--input", "t.xclbin"]));

    let bytes = std::fs::read(folder.join("t.xclbin")).expect("a container");
    let file = match inspect(&bytes) {
        Ok(File::Xclbin(file)) => file,
        other => panic!("{other:?}"),
    };
    assert!(file.mirror > 0 && file.trailing == 0);
    let [major, minor, patch] = file.version;
    let line = |label: &str| info.lines().find_map(|line| line.trim().strip_prefix(label)).map(str::trim);
    assert_eq!(line("Version:"), Some(format!("{major}.{minor}.{patch}").as_str()));
    let uuid: String = file.uuid.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(line("UUID (xclbin):").map(|uuid| uuid.replace('-', "")), Some(uuid));
    let list = info.split_once("Sections:").expect("a list").1.split_once("====").expect("an end").0;
    let said: Vec<_> = list.split([',', '\n']).map(str::trim).filter(|name| !name.is_empty()).collect();
    let ours: Vec<_> = file.sections.iter().filter_map(|section| section.kind_name()).collect();
    // xclbinutil calls the two groups by other names than xclbin.h.
    assert_eq!(ours.iter().map(|name| name.trim_start_matches("ASK_")).collect::<Vec<_>>(), said);

    let Contents::Memory(banks) = &section(&file, "MEM_TOPOLOGY").contents else { panic!() };
    let json = dumped("MEM_TOPOLOGY");
    assert_eq!(banks.iter().map(|bank| bank.tag).collect::<Vec<_>>(), members(&json, "m_tag"));
    let hex = |values: Vec<u64>| values.iter().map(|value| format!("{value:#x}")).collect::<Vec<_>>();
    assert_eq!(hex(banks.iter().map(|bank| bank.size).collect()), members(&json, "m_sizeKB"));
    assert_eq!(hex(banks.iter().map(|bank| bank.base).collect()), members(&json, "m_base_address"));
    let used: Vec<_> = banks.iter().map(|bank| if bank.used { "1" } else { "0" }).collect();
    assert_eq!(used, members(&json, "m_used"));

    let Contents::Connectivity(connections) = &section(&file, "CONNECTIVITY").contents else { panic!() };
    let json = dumped("CONNECTIVITY");
    let text = |values: Vec<u32>| values.iter().map(u32::to_string).collect::<Vec<_>>();
    assert_eq!(text(connections.iter().map(|one| one.argument).collect()), members(&json, "arg_index"));
    assert_eq!(text(connections.iter().map(|one| one.bank).collect()), members(&json, "mem_data_index"));

    let Contents::Instances(instances) = &section(&file, "IP_LAYOUT").contents else { panic!() };
    let json = dumped("IP_LAYOUT");
    assert_eq!(instances.iter().map(|one| one.name).collect::<Vec<_>>(), members(&json, "m_name"));
    assert!(instances[0].is_dpu() && members(&json, "m_subtype") == ["DPU"]);
    assert_eq!(hex(vec![instances[0].kernel_id().into()]), members(&json, "m_kernel_id"));

    let Contents::Kernels(kernels) = &section(&file, "EMBEDDED_METADATA").contents else { panic!() };
    let names: Vec<_> = kernels[0].arguments.iter().map(|argument| (argument.id, argument.name)).collect();
    assert_eq!(names, [(0, "opcode"), (1, "instr"), (2, "ninstr"), (3, "bo0")]);

    let Contents::Partition(partition) = &section(&file, "AIE_PARTITION").contents else { panic!() };
    let json = dumped("AIE_PARTITION");
    assert_eq!(vec![partition.column_width.to_string()], members(&json, "column_width"));
    assert_eq!(partition.start_columns, [1, 2]);
    assert_eq!(vec![partition.inference_fingerprint.to_string()], members(&json, "inference_fingerprint"));
    let group = &partition.pdis[0].groups[0];
    assert_eq!((members(&json, "type"), group.kind_name()), (vec!["PRIMARY"], Some("PRIMARY")));
    assert_eq!(group.kernel_ids().collect::<Vec<_>>(), [0x901]);
    assert_eq!(partition.pdis[0].size as usize, pdi.len());

    for length in 0..bytes.len() {
        inspect(&bytes[..length]).expect_err("a container that is cut");
    }
}

#[test]
fn a_transaction_as_aiebu_reads_it() {
    let folder = folder("txn");
    let Some(root) = xrt() else { return };
    let bytes = samples::transaction();
    std::fs::write(folder.join("insts.bin"), &bytes).expect("a file");
    run(tool(&root, "aiebu-asm", &folder).args(["-t", "aie2txn", "-c", "insts.bin", "-o", "i.elf"]));
    let said = run(tool(&root, "aiebu-dump", &folder).args(["-d", "i.elf"]));
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<_> = said.lines().map(words).filter(|line| line.starts_with("XAIE_IO")).collect();
    let Ok(File::Transaction(file)) = inspect(&bytes) else { panic!("{:?}", inspect(&bytes)) };
    assert_eq!(lines, as_aiebu(&file));
}

/// The operations in the words of aiebu-dump.
fn as_aiebu(file: &Transaction<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for operation in file.operations() {
        match operation {
            Operation::Write { register, value } => lines.push(format!("XAIE_IO_WRITE @{register:#x}, {value:#x}")),
            Operation::BlockWrite { register, words } => {
                lines.push(format!("XAIE_IO_BLOCKWRITE @{register:#x}, [{}]", words.len() / 4));
                let values = words.chunks(4).map(|word| u32::from_le_bytes(word.try_into().expect("4 bytes")));
                lines.extend(values.enumerate().map(|(i, value)| format!("XAIE_IO_BLOCKWRITE.{i} {value:#x}")));
            }
            Operation::MaskWrite { register, value, mask } => {
                lines.push(format!("XAIE_IO_MASKWRITE @{register:#x}, {mask:#x}(), {value:#x}"));
            }
            Operation::AddressPatch { register, argument, offset } => {
                lines.push(format!("XAIE_IO_CUSTOM_OP_DDR_PATCH @{register:#x}, #{argument}, +{offset:#x}"));
            }
            Operation::Wait { row, column, rows, columns, to_memory, channel } => {
                let direction = if to_memory { "S2MM" } else { "MM2S" };
                lines.push(format!(
                    "XAIE_IO_CUSTOM_OP_TCT R[{row}]+{rows}, C[{column}]+{columns}, #DMA_{direction}, {channel}"
                ));
            }
            Operation::NoOperation => lines.push("XAIE_IO_NOOP".to_owned()),
            other => panic!("not in the sample: {other:?}"),
        }
    }
    lines
}
