//! Whether bytes are media as they are, or become it by a key.

use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use zeroize::Zeroizing;

/// The packets of MPEG-TS.
const PACKET: usize = 188;

/// The first boxes of a segment of fragmented MP4.
const BOXES: [&[u8]; 8] = [b"ftyp", b"styp", b"moof", b"sidx", b"emsg", b"prft", b"mdat", b"free"];

/// Whether a segment that begins so is one that players read as it is: MPEG-TS, fragmented MP4, packed audio, WebVTT.
pub(super) fn is_media(bytes: &[u8]) -> bool {
    let synchronous = bytes.iter().step_by(PACKET).take(3);
    let stream = bytes.len() > PACKET && synchronous.clone().all(|byte| *byte == 0x47);
    let boxed = bytes.get(4..8).is_some_and(|kind| BOXES.contains(&kind));
    stream || boxed || is_packed_audio(bytes) || bytes.starts_with(b"ID3") || bytes.starts_with(b"WEBVTT")
}

/// Two frames of AAC, one behind the other.
fn is_packed_audio(bytes: &[u8]) -> bool {
    let frame = |bytes: &[u8]| match bytes {
        [0xff, second, _, high, middle, low, ..] if second & 0xf6 == 0xf0 => {
            Some(usize::from(high & 3) << 11 | usize::from(*middle) << 3 | usize::from(low >> 5))
        }
        _ => None,
    };
    let next = frame(bytes).filter(|length| *length > 6).and_then(|length| bytes.get(length..));
    next.and_then(frame).is_some()
}

/// The beginning of a segment, decrypted by AES-128 in CBC mode as RFC 8216 (5.2) has it. What is left of a block at the
/// end is dropped.
pub(super) fn decrypted(bytes: &[u8], key: &[u8; 16], vector: u128) -> Zeroizing<Vec<u8>> {
    let mut cipher = cbc::Decryptor::<aes::Aes128>::new(&(*key).into(), &vector.to_be_bytes().into());
    let mut clear = Zeroizing::new(bytes.to_vec());
    let whole = clear.len() - clear.len() % 16;
    clear.truncate(whole);
    let (blocks, _) = clear.as_chunks_mut::<16>();
    for block in blocks {
        let mut one = (*block).into();
        cipher.decrypt_block(&mut one);
        *block = one.into();
    }
    clear
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf %s "$TEXT" | openssl enc -aes-128-cbc -K … -iv …`, of 40 bytes.
    #[test]
    fn another_program_encrypted_it() {
        let key = *b"0123456789abcdef";
        let encrypted = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, ENCRYPTED).unwrap();
        let clear = decrypted(&encrypted, &key, 7);
        assert_eq!(&clear[..40], b"ftyp is not the first word of this text.");
    }

    const ENCRYPTED: &str = "T3ZCsLX3hNdf0uqr89CYFC62ghUlZ+5dzrE2rmXmO2bAB/1k0VtvBjSD6Q8gvP6r";

    #[test]
    fn media_is_known_by_its_beginning() {
        let mut stream = vec![0_u8; 3 * PACKET];
        for at in [0, PACKET, 2 * PACKET] {
            stream[at] = 0x47;
        }
        assert!(is_media(&stream));
        stream[PACKET] = 0;
        assert!(!is_media(&stream));
        assert!(is_media(b"\0\0\0\x18styp...."));
        let frame = [0xff, 0xf1, 0x50, 0x80, 0x01, 0x00, 0xfc, 0];
        assert!(is_media(&[frame, frame].concat()));
        assert!(!is_media(&frame));
        assert!(!is_media(b"") && !is_media(b"G") && !is_media(b"<html><body>Not found</body></html>"));
    }
}
