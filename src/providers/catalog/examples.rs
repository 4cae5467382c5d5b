//! The reference's examples. Only the sandbox reads them: their texts are compressed in the program.

use std::io::Read;
use std::sync::OnceLock;

use flate2::read::DeflateDecoder;

use crate::model::Vendor;
use crate::providers::table::Table;

/// The examples of one vendor, as `build.rs` writes them.
struct Examples {
    table: &'static [u8],
    deflated: &'static [u8],
    texts: OnceLock<String>,
}

macro_rules! examples {
    ($vendor:literal) => {
        Examples {
            table: include_bytes!(concat!(env!("OUT_DIR"), "/", $vendor, "-examples.bin")),
            deflated: include_bytes!(concat!(env!("OUT_DIR"), "/", $vendor, "-examples.deflate")),
            texts: OnceLock::new(),
        }
    };
}

static TENCENT: Examples = examples!("tencent");
static ALIYUN: Examples = examples!("aliyun");
static VOLCENGINE: Examples = examples!("volcengine");

/// The examples of a vendor by Action.
pub(super) fn of(vendor: Vendor) -> Table {
    let examples = match vendor {
        Vendor::Tencent => &TENCENT,
        Vendor::Aliyun => &ALIYUN,
        Vendor::Volcengine => &VOLCENGINE,
    };
    let texts = examples.texts.get_or_init(|| {
        let mut texts = String::new();
        // What the build compressed can be read; where it could not, there would be no examples.
        let _ = DeflateDecoder::new(examples.deflated).read_to_string(&mut texts);
        texts
    });
    Table { bytes: examples.table, pool: texts }
}
