//! What was found, as JSON.

use std::fmt::{Display, Write};

use super::{Cdo, Contents, File, Hex, Operation, Partition, Pdi, Register, Section, Transaction, Xclbin};

/// A JSON text that is being written. Its numbers are below 2^53; larger ones are strings in hexadecimal.
struct Json(String);

impl Json {
    /// An object, whose members `fill` writes.
    fn object(&mut self, fill: impl FnOnce(&mut Self)) {
        self.between('{', '}', fill);
    }

    fn list<T>(&mut self, key: &str, items: impl IntoIterator<Item = T>, mut item: impl FnMut(&mut Self, T)) {
        self.key(key);
        self.between('[', ']', |json| {
            for value in items {
                json.comma();
                item(json, value);
            }
        });
    }

    fn member(&mut self, key: &str, fill: impl FnOnce(&mut Self)) {
        self.key(key);
        self.object(fill);
    }

    fn number(&mut self, key: &str, value: impl Into<u64>) {
        self.key(key);
        self.raw(value.into());
    }

    fn hex(&mut self, key: &str, value: impl Into<u64>) {
        self.key(key);
        self.text(&format!("{:#x}", value.into()));
    }

    fn string(&mut self, key: &str, value: &str) {
        self.key(key);
        self.text(value);
    }

    fn flag(&mut self, key: &str, value: bool) {
        self.key(key);
        self.raw(value);
    }

    /// A name, or what stands for one that is not known.
    fn name(&mut self, key: &str, name: Option<&str>, code: impl Into<u64>) {
        match name {
            Some(name) => self.string(key, name),
            None => self.string(key, &format!("unknown {:#x}", code.into())),
        }
    }

    fn between(&mut self, open: char, close: char, fill: impl FnOnce(&mut Self)) {
        self.0.push(open);
        fill(self);
        self.0.push(close);
    }

    fn comma(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with(['{', '[', ':']) {
            self.0.push(',');
        }
    }

    fn key(&mut self, key: &str) {
        self.comma();
        self.text(key);
        self.0.push(':');
    }

    fn raw(&mut self, value: impl Display) {
        write!(self.0, "{value}").expect("a string takes everything");
    }

    fn text(&mut self, text: &str) {
        self.0.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => self.0.extend(['\\', c]),
                c if c.is_control() => self.raw(format_args!("\\u{:04x}", c as u32)),
                c => self.0.push(c),
            }
        }
        self.0.push('"');
    }
}

/// One JSON object, whose `kind` says what the file is.
pub fn report(file: &File<'_>) -> String {
    let mut json = Json(String::new());
    json.object(|json| match file {
        File::Xclbin(file) => xclbin(json, file),
        File::Transaction(file) => transaction(json, file),
        File::Pdi(file) => {
            json.string("kind", "pdi");
            pdi(json, file);
        }
    });
    json.0
}

/// As the tools write a UUID.
fn uuid(json: &mut Json, bytes: &[u8]) {
    let part = |from: usize, to: usize| Hex(&bytes[from..to]).to_string();
    json.string("uuid", &[part(0, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 16)].join("-"));
}

fn xclbin(json: &mut Json, file: &Xclbin<'_>) {
    json.string("kind", "xclbin");
    json.number("length", file.length);
    json.number("signature", file.signature.unwrap_or(0));
    json.string("version", &file.version.map(|part| part.to_string()).join("."));
    json.number("mode", file.mode);
    json.string("platform", file.platform);
    uuid(json, file.uuid);
    json.number("mirror", file.mirror);
    json.number("trailing", file.trailing);
    json.list("sections", &file.sections, |json, part| json.object(|json| section(json, part)));
}

fn section(json: &mut Json, section: &Section<'_>) {
    json.name("kind", section.kind_name(), section.kind());
    json.number("code", section.kind());
    json.string("name", section.name());
    json.number("offset", section.offset());
    json.number("size", section.size());
    json.flag("decoded", !matches!(section.contents, Contents::Opaque));
    match &section.contents {
        Contents::Memory(banks) => json.list("banks", banks, |json, bank| {
            json.object(|json| {
                json.name("kind", bank.kind_name(), bank.kind);
                json.flag("used", bank.used);
                json.hex("kib", bank.size);
                json.hex("base", bank.base);
                json.string("tag", bank.tag);
            });
        }),
        Contents::Connectivity(connections) => json.list("connections", connections, |json, connection| {
            json.object(|json| {
                json.number("argument", connection.argument);
                json.number("instance", connection.instance);
                json.number("bank", connection.bank);
            });
        }),
        Contents::Instances(instances) => json.list("instances", instances, |json, instance| {
            json.object(|json| {
                json.name("kind", instance.kind_name(), instance.kind);
                json.flag("dpu", instance.is_dpu());
                json.number("functional", instance.functional());
                json.hex("kernelId", instance.kernel_id());
                if let Some(base) = instance.base {
                    json.hex("base", base);
                }
                json.string("name", instance.name);
            });
        }),
        Contents::Kernels(kernels) => json.list("kernels", kernels, |json, kernel| {
            json.object(|json| {
                json.string("name", kernel.name);
                json.string("type", kernel.kind);
                json.number("instances", kernel.instances);
                json.list("arguments", &kernel.arguments, |json, argument| {
                    json.object(|json| {
                        json.string("name", argument.name);
                        json.string("type", argument.kind);
                        json.number("id", argument.id);
                        json.number("size", argument.size);
                        json.number("offset", argument.offset);
                        json.flag("buffer", argument.is_buffer);
                    });
                });
            });
        }),
        Contents::Partition(part) => json.member("partition", |json| partition(json, part)),
        Contents::Pdi(image) => json.member("pdi", |json| pdi(json, image)),
        Contents::Opaque => {}
    }
}

fn partition(json: &mut Json, partition: &Partition<'_>) {
    json.number("schema", partition.schema);
    json.string("name", partition.name);
    json.number("operationsPerCycle", partition.operations_per_cycle);
    json.hex("inferenceFingerprint", partition.inference_fingerprint);
    json.hex("prePostFingerprint", partition.pre_post_fingerprint);
    json.string("commit", partition.commit);
    json.number("columnWidth", partition.column_width);
    json.list("startColumns", &partition.start_columns, |json, column| json.raw(column));
    json.list("pdis", &partition.pdis, |json, part| {
        json.object(|json| {
            uuid(json, part.uuid);
            json.number("size", part.size);
            if let Some(image) = &part.image {
                json.member("pdi", |json| pdi(json, image));
            }
            json.list("groups", &part.groups, |json, group| {
                json.object(|json| {
                    json.string("name", group.name);
                    json.name("type", group.kind_name(), group.kind);
                    json.hex("pdiId", group.pdi_id);
                    json.list("kernelIds", group.kernel_ids(), |json, id| json.text(&format!("{id:#x}")));
                    json.list("preGroups", group.pre_groups(), |json, id| json.text(&format!("{id:#x}")));
                });
            });
        });
    });
}

fn pdi(json: &mut Json, pdi: &Pdi<'_>) {
    json.hex("version", pdi.version);
    json.hex("idCode", pdi.id_code);
    json.string("id", &pdi.id());
    json.number("trailing", pdi.trailing);
    json.list("images", &pdi.images, |json, image| {
        json.object(|json| {
            json.string("name", image.name);
            json.hex("id", image.id);
            json.number("partitions", image.partitions);
        });
    });
    json.list("partitions", &pdi.partitions, |json, partition| {
        json.object(|json| {
            json.name("type", partition.kind_name(), partition.kind());
            json.number("offset", partition.offset);
            json.number("size", partition.size);
            json.flag("encrypted", partition.encrypted);
            if let Some(commands) = &partition.cdo {
                json.member("cdo", |json| cdo(json, commands));
            }
        });
    });
}

fn cdo(json: &mut Json, cdo: &Cdo<'_>) {
    json.string("version", &cdo.version.map(|part| part.to_string()).join("."));
    json.list("commands", cdo.commands(), |json, (code, name, bytes)| {
        json.object(|json| {
            json.name("command", name, code);
            json.number("bytes", bytes as u64);
        });
    });
}

fn transaction(json: &mut Json, file: &Transaction<'_>) {
    json.string("kind", "txn");
    json.string("version", "0.1");
    json.number("generation", file.generation);
    json.number("rows", file.rows);
    json.number("columns", file.columns);
    json.number("memoryRows", file.memory_rows);
    json.list("operations", file.operations(), |json, part| json.object(|json| operation(json, part)));
}

fn operation(json: &mut Json, operation: Operation<'_>) {
    let register = |json: &mut Json, Register { column, row, offset }| {
        json.number("column", column);
        json.number("row", row);
        json.hex("offset", offset);
    };
    match operation {
        Operation::Write { register: at, value } => {
            json.string("operation", "WRITE");
            register(json, at);
            json.hex("value", value);
        }
        Operation::BlockWrite { register: at, words } => {
            json.string("operation", "BLOCKWRITE");
            register(json, at);
            let words = words.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]));
            json.list("words", words, |json, word| json.text(&format!("{word:#x}")));
        }
        Operation::MaskWrite { register: at, value, mask } => {
            json.string("operation", "MASKWRITE");
            register(json, at);
            json.hex("value", value);
            json.hex("mask", mask);
        }
        Operation::MaskPoll { register: at, value, mask, busy } => {
            json.string("operation", if busy { "MASKPOLL_BUSY" } else { "MASKPOLL" });
            register(json, at);
            json.hex("value", value);
            json.hex("mask", mask);
        }
        Operation::NoOperation => json.string("operation", "NOOP"),
        Operation::Preempt { level } => {
            json.string("operation", "PREEMPT");
            json.number("level", level);
        }
        Operation::Wait { row, column, rows, columns, to_memory, channel } => {
            json.string("operation", "TCT");
            json.number("column", column);
            json.number("row", row);
            json.number("columns", columns);
            json.number("rows", rows);
            json.string("direction", if to_memory { "S2MM" } else { "MM2S" });
            json.number("channel", channel);
        }
        Operation::AddressPatch { register: at, argument, offset } => {
            json.string("operation", "DDR_PATCH");
            register(json, at);
            json.number("argument", argument);
            json.hex("plus", offset);
        }
        Operation::Other { name, bytes } => {
            json.string("operation", name);
            json.number("bytes", bytes.len() as u64);
        }
    }
}
