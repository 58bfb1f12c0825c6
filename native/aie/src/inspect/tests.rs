//! What inspection accepts and refuses, on files made by hand (`tests/samples`): those of real tools are in `tests/inspect`.

use super::{Contents, File, Operation, Register, inspect, report};

#[path = "../../tests/samples/mod.rs"]
mod samples;

use samples::{pdi, transaction, xclbin};

fn message(bytes: &[u8]) -> String {
    let error = inspect(bytes).expect_err("a file that is wrong");
    assert_eq!((error.code, error.argument.as_str()), ("ERR_DSP_FORMAT", "bytes"));
    error.message()
}

#[test]
fn a_transaction_gives_its_operations() {
    let bytes = transaction();
    let Ok(File::Transaction(file)) = inspect(&bytes) else { panic!("{:?}", inspect(&bytes)) };
    assert_eq!((file.generation, file.rows, file.columns, file.memory_rows, file.count), (3, 6, 1, 1, 6));
    let operations: Vec<_> = file.operations().collect();
    let register = Register { column: 0, row: 0, offset: 0x1d000 };
    assert_eq!(operations[0], Operation::Write { register, value: 5 });
    assert!(matches!(operations[1], Operation::BlockWrite { words, .. } if words.len() == 32));
    let register = Register { column: 1, row: 2, offset: 0x32000 };
    assert_eq!(operations[2], Operation::MaskWrite { register, value: 7, mask: 255 });
    let register = Register { column: 0, row: 0, offset: 0x1d004 };
    assert_eq!(operations[3], Operation::AddressPatch { register, argument: 1, offset: 64 });
    let wait = Operation::Wait { row: 0, column: 2, rows: 1, columns: 1, to_memory: true, channel: 1 };
    assert_eq!((operations[4], operations[5]), (wait, Operation::NoOperation));
}

#[test]
fn a_pdi_gives_its_images_and_commands() {
    let bytes = pdi();
    let Ok(File::Pdi(file)) = inspect(&bytes) else { panic!("{:?}", inspect(&bytes)) };
    assert_eq!((file.version, file.id_code, file.id().as_str(), file.trailing), (0x40000, 0x14ca_8093, "PPDI", 0));
    assert_eq!((file.images[0].name, file.images[0].id, file.images[0].partitions), ("aie_image", 0x1c00_0000, 1));
    assert_eq!(file.partitions[0].kind_name(), Some("cdo"));
    let commands: Vec<_> = file.partitions[0].cdo.as_ref().expect("commands").commands().collect();
    assert_eq!(commands, [(0x103, Some("WRITE"), 8), (0x111, Some("NOP"), 0)]);
}

#[test]
fn an_xclbin_gives_what_is_in_its_sections() {
    let bytes = xclbin();
    let file = match inspect(&bytes) {
        Ok(File::Xclbin(file)) => file,
        other => panic!("{other:?}"),
    };
    assert_eq!((file.version, file.platform, file.signature, file.trailing), ([2, 25, 0], "npu", None, 0));
    let names: Vec<_> = file.sections.iter().filter_map(|section| section.kind_name()).collect();
    let expected = ["MEM_TOPOLOGY", "CONNECTIVITY", "IP_LAYOUT", "EMBEDDED_METADATA", "AIE_PARTITION", "PDI", "DTBO"];
    assert_eq!(names, expected);
    let [memory, connectivity, layout, metadata, partition, image, other] = &file.sections[..] else { panic!() };
    assert_eq!(memory.name(), "sixteen letters.", "a name without a zero byte");
    let Contents::Memory(banks) = &memory.contents else { panic!() };
    assert_eq!((banks[1].tag, banks[1].size, banks[1].kind_name()), ("SRAM", 0xc000, Some("DRAM")));
    let Contents::Connectivity(connections) = &connectivity.contents else { panic!() };
    assert_eq!((connections[1].argument, connections[1].bank), (3, 0));
    let Contents::Instances(instances) = &layout.contents else { panic!() };
    assert!(instances[0].is_dpu());
    assert_eq!((instances[0].name, instances[0].kernel_id(), instances[0].base), ("MLIR_AIE:MLIRAIE", 0x901, None));
    let Contents::Kernels(kernels) = &metadata.contents else { panic!() };
    assert_eq!((kernels[0].name, kernels[0].kind, kernels[0].instances), ("MLIR_AIE", "dpu", 1));
    let argument = &kernels[0].arguments[1];
    assert_eq!((argument.name, argument.id, argument.offset, argument.is_buffer), ("bo0", 3, 0x14, true));
    let Contents::Partition(partition) = &partition.contents else { panic!() };
    assert_eq!((partition.name, partition.column_width, &partition.start_columns[..]), ("QoS", 4, &[1, 2][..]));
    let group = &partition.pdis[0].groups[0];
    assert_eq!((group.name, group.kind_name(), group.pdi_id), ("DPU", Some("PRIMARY"), 1));
    assert_eq!(group.kernel_ids().collect::<Vec<_>>(), [0x901]);
    assert_eq!(group.pre_groups().collect::<Vec<_>>(), [0xc1]);
    assert_eq!(partition.pdis[0].image.as_ref().expect("an image").partitions.len(), 1);
    assert!(matches!(image.contents, Contents::Pdi(_)));
    assert!(matches!(other.contents, Contents::Opaque));
}

#[test]
fn a_file_that_is_cut_anywhere_is_refused() {
    for bytes in [xclbin(), transaction(), pdi()] {
        for length in 0..bytes.len() {
            message(&bytes[..length]);
        }
        let longer = [&bytes[..], &[0]].concat();
        if let Ok(file) = inspect(&longer) {
            assert!(report(&file).contains("\"trailing\":1"), "a byte that nothing mentions");
        }
    }
}

#[test]
fn one_byte_that_is_changed_gives_a_report_or_an_error() {
    for bytes in [xclbin(), transaction(), pdi()] {
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff, !bytes[at], bytes[at] ^ 1] {
                let mut changed = bytes.clone();
                changed[at] = value;
                let _ = inspect(&changed).map(|file| report(&file));
            }
        }
    }
}

#[test]
fn errors_say_what_is_wrong() {
    let changed = |mut bytes: Vec<u8>, at: usize, value: &[u8]| {
        bytes[at..at + value.len()].copy_from_slice(value);
        message(&bytes)
    };
    assert!(message(b"").contains("no bytes"));
    assert!(message(b"\x7fELF....").contains("7f454c46"));
    assert!(changed(transaction(), 16, &[0x55]).contains("the code of operation 0"));
    assert!(changed(transaction(), 8, &[5]).contains("after 5 operations"));
    assert!(changed(transaction(), 36, &[25]).contains("the size of operation 0"));
    assert!(changed(pdi(), 16, &[1]).contains("the checksum of the table of images"));
    assert!(changed(xclbin(), 448, &u32::MAX.to_le_bytes()).contains("at most 65536 sections"));
    let memory = 456 + 24;
    assert!(changed(xclbin(), memory, &u64::MAX.to_le_bytes()).contains("the place of section 0"));
    let second = xclbin()[memory + 40..memory + 48].to_vec();
    assert!(changed(xclbin(), memory, &second).contains("begins inside another"));
    let place = u64::from_le_bytes(xclbin()[memory..memory + 8].try_into().expect("8 bytes")) as usize;
    assert!(changed(xclbin(), place, &(-1i32).to_le_bytes()).contains("a count of at least 0, got -1"));
    assert!(changed(xclbin(), place, &[3]).contains("lies beyond the end"));
    assert!(changed(xclbin(), place + 32, &[0xff]).contains("a bank's tag is no text"));
}

#[test]
fn arrays_that_share_bytes_are_refused() {
    let bytes = samples::partition(true);
    let error = super::Partition::parse(&bytes).expect_err("shared bytes");
    assert!(error.message().contains("shares its bytes with others"), "{error}");
    super::Partition::parse(&samples::partition(false)).expect("a partition");
}

#[test]
fn xml_that_is_broken_is_refused() {
    let refused = |text: &str| super::xml::kernels(text.as_bytes()).expect_err("broken XML").message();
    assert!(refused("<a><b></a></b>").contains("the end of the tag that is open"));
    assert!(refused("<a>").contains("</a>"));
    assert!(refused("<kernel/>").contains("name"));
    assert!(refused("<kernel name=x/>").contains("name=\"value\""));
    assert!(refused("words").contains("a tag"));
    assert!(refused(&"<a>".repeat(65)).contains("64 nested tags"));
    let argument = |id: &str| {
        format!(
            "<kernel name=\"k\"><arg name=\"a\" type=\"t\" id=\"{id}\" size=\"4\" offset=\"0\" addressQualifier=\"0\"/></kernel>"
        )
    };
    assert!(refused(&argument("-1")).contains("an argument's id"));
    assert_eq!(super::xml::kernels(argument("0x1f").as_bytes()).expect("a kernel")[0].arguments[0].id, 31);
}

#[test]
fn reports_are_json() {
    let bytes = xclbin();
    let text = report(&inspect(&bytes).expect("a file"));
    assert!(text.starts_with("{\"kind\":\"xclbin\",\"length\":"), "{text}");
    for part in ["\"tag\":\"SRAM\"", "\"kernelIds\":[\"0x901\"]", "\"startColumns\":[1,2]", "\"decoded\":false"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains(",,") && !text.contains("[,") && !text.contains("{,"), "{text}");
}
