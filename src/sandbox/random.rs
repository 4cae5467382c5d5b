//! Random request ids in the forms of the vendors.

use std::fmt::Write;

use jiff::Timestamp;

use crate::model::Vendor;
use crate::model::time::BEIJING;

/// Random bytes as lower-case hex digits. Without a source of randomness: zeros, an id is no secret.
pub(super) fn hex(bytes: usize) -> String {
    let mut buffer = vec![0_u8; bytes];
    if getrandom::fill(&mut buffer).is_err() {
        buffer.fill(0);
    }
    buffer.iter().fold(String::with_capacity(bytes * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A fresh request id: a UUID at Tencent, an upper-case one at Aliyun, a time and hex digits at Volcengine.
pub(super) fn request_id(vendor: Vendor, now: Timestamp) -> String {
    match vendor {
        Vendor::Tencent => uuid(),
        Vendor::Aliyun => uuid().to_uppercase(),
        Vendor::Volcengine => {
            let time = BEIJING.to_datetime(now).strftime("%Y%m%d%H%M%S").to_string();
            let mut tail = hex(10).to_uppercase();
            tail.truncate(19);
            format!("{time}{tail}")
        }
    }
}

/// A random UUID, as the vendors' ids often are.
pub(super) fn uuid() -> String {
    let digits = hex(16);
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_look_like_the_vendors_own() {
        let now = Timestamp::from_second(1_685_844_260).unwrap();
        let id = request_id(Vendor::Tencent, now);
        assert_eq!((id.len(), id.split('-').count()), (36, 5));
        assert_eq!(request_id(Vendor::Aliyun, now).to_uppercase().len(), 36);
        let id = request_id(Vendor::Volcengine, now);
        assert!(id.starts_with("20230604100420") && id.len() == 33, "{id}");
        assert_ne!(request_id(Vendor::Tencent, now), request_id(Vendor::Tencent, now));
    }
}
