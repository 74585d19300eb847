//! Zip archives put together byte by byte: a writer that minds its manners could not make them.

use flate2::{Compress, Compression, Crc, FlushCompress, write::DeflateEncoder};
use std::io::Write;

/// A member, as the archive tells of it: what it tells need not be so.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) name: Vec<u8>,
    pub(super) method: u16,
    pub(super) flags: u16,
    pub(super) packed: Vec<u8>,
    pub(super) crc: u32,
    pub(super) size: u32,
    /// What kind of file it is, as Unix says it.
    pub(super) mode: u32,
    /// Its own local header and content; none if it lies where the one before it lies.
    pub(super) lies: bool,
}

impl Member {
    /// An honest one.
    pub(super) fn new(name: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content.as_ref()).unwrap();
        let mut crc = Crc::new();
        crc.update(content.as_ref());
        Self {
            name: name.as_ref().to_vec(),
            method: 8,
            flags: 0,
            packed: encoder.finish().unwrap(),
            crc: crc.sum(),
            size: u32::try_from(content.as_ref().len()).unwrap(),
            mode: 0o100_644,
            lies: true,
        }
    }
}

/// An archive of these members.
pub(super) fn archive(members: &[Member]) -> Vec<u8> {
    let (mut bytes, mut directory, mut at) = (Vec::new(), Vec::new(), 0);
    for member in members {
        if member.lies {
            at = u32::try_from(bytes.len()).unwrap();
            bytes.extend(b"PK\x03\x04\x14\0");
            bytes.extend(common(member));
            bytes.extend(&member.name);
            bytes.extend(&member.packed);
        }
        directory.extend(b"PK\x01\x02\x14\x03\x14\0");
        directory.extend(common(member));
        directory.extend([0; 6]);
        directory.extend((member.mode << 16).to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend(&member.name);
    }
    let begins = u32::try_from(bytes.len()).unwrap();
    let count = u16::try_from(members.len()).unwrap();
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    bytes.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    bytes.extend(begins.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

/// What local header and directory say alike.
fn common(member: &Member) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(member.flags.to_le_bytes());
    bytes.extend(member.method.to_le_bytes());
    bytes.extend([0, 0, 0x21, 0x5a]);
    bytes.extend(member.crc.to_le_bytes());
    bytes.extend(u32::try_from(member.packed.len()).unwrap().to_le_bytes());
    bytes.extend(member.size.to_le_bytes());
    bytes.extend(u16::try_from(member.name.len()).unwrap().to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

/// A text and so many mebibytes of one byte behind it, deflated: these are packed once and repeated, which a stream
/// allows that was flushed.
pub(super) fn deflated(text: &str, mebibytes: usize, byte: u8) -> Vec<u8> {
    let flushed = |content: &[u8]| {
        let (mut encoder, mut bytes) = (Compress::new(Compression::best(), false), Vec::with_capacity(1 << 16));
        encoder.compress_vec(content, &mut bytes, FlushCompress::Full).unwrap();
        bytes
    };
    let last_block_of_nothing = vec![0x03, 0x00];
    [flushed(text.as_bytes()), flushed(&vec![byte; 1 << 20]).repeat(mebibytes), last_block_of_nothing].concat()
}
