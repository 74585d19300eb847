//! What a file is packed in, which encoding its text has, and how it begins.

use std::io::{self, Read, Write as _};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Encoding, UTF_8, WINDOWS_1252};
use zip::ZipArchive;

use super::{InferError, Open, dbf};
use crate::{
    ReadError,
    decode::{self, Content, Decoding, Packing, Part},
    section::quoted,
};

/// Bytes of its beginning that are looked at.
const HEAD: usize = 1 << 20;
/// Bytes that tell what it is: as many as the longest header of a dBase table.
const FIRST: u64 = 1 << 16;
/// What old systems end a text with.
const MARK: u8 = 0x1a;
/// Members that hold data, by their extensions.
const DATA: &[&str] =
    &["csv", "tsv", "txt", "tab", "xml", "json", "jsonl", "ndjson", "dly", "xbrl", "xlsx", "xls", "dbf"];

/// A file, unpacked as far as it must be to be looked at.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) decoding: Decoding,
    /// Whether it is text, or what else.
    pub(super) holds: Holds,
    /// How its text begins, decoded.
    pub(super) head: String,
    /// Whether that is all of it.
    pub(super) whole: bool,
    /// Whether its last byte ends a line, or is the mark that old systems put at the end of a file.
    ends_in_newline: bool,
    ends_in_mark: bool,
}

/// What an unpacked file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Text, in whatever form.
    Text,
    /// A workbook.
    Workbook,
    /// A dBase table.
    Dbf,
}

impl Packed {
    pub(super) fn look(open: Open<'_>) -> Result<Self, InferError> {
        let packing = packing(open)?;
        let mut decoding = Decoding { packing, ..Decoding::default() };
        let mut bytes = unpacked(&decoding, open)?;
        let (mut head, mut text) = (Vec::new(), Scan::default());
        bytes.by_ref().take(FIRST).read_to_end(&mut head).map_err(unreadable)?;
        let (holds, from) = holds(&head);
        // Of a table's header nothing tells an encoding.
        text.write_all(head.get(from..).unwrap_or_default())?;
        if holds != Holds::Workbook {
            io::copy(&mut bytes, &mut text).map_err(unreadable)?;
        }
        drop(bytes);
        decoding.charset = text.charset();
        let (head, _, _) = decoding.charset.decode(&text.head);
        let head = head.trim_end_matches(char::from(MARK)).to_owned();
        let whole = text.bytes == text.head.len();
        let (ends_in_newline, ends_in_mark) = (text.last == Some(b'\n'), text.last == Some(MARK));
        Ok(Self { decoding, holds, head, whole, ends_in_newline, ends_in_mark })
    }

    /// What `[format]` must say of a text's end, if anything; `footer` is its key for a last line that begins so.
    pub(super) fn end(&self, footer: &str) -> Option<String> {
        let no_newline = "final_newline = \"optional\"  # GUESS: this file has none at its end";
        match (self.ends_in_newline, self.ends_in_mark) {
            (true, _) => None,
            (false, true) => Some(format!("{footer} = \"\\u001A\"  # the mark that ends files of old systems")),
            (false, false) => Some(no_newline.to_owned()),
        }
    }

    /// The lines of `[decode]`; none if the file is plain UTF-8.
    pub(super) fn lines(&self) -> Vec<String> {
        let packing = match &self.decoding.packing {
            Packing::Plain => vec![],
            Packing::Gzip => vec!["packing = \"gzip\"".to_owned()],
            Packing::Zip { member, several } => {
                let key = if *several { "members" } else { "member" };
                vec!["packing = \"zip\"".to_owned(), format!("{key} = {}", quoted(member))]
            }
        };
        let is_text = |charset: &&Encoding| *charset != UTF_8 && self.holds != Holds::Workbook;
        let charset = Some(self.decoding.charset).filter(is_text);
        let charset = charset.map(|charset| {
            format!(
                "charset = {:?}  # GUESS: bytes that are no UTF-8 make sense in it",
                charset.name().to_ascii_lowercase()
            )
        });
        packing.into_iter().chain(charset).collect()
    }

    /// The first file in it, as a format reads it.
    pub(super) fn part(&self, content: Content, open: Open<'_>) -> Result<Part<'_>, InferError> {
        let mut parts = decode::open(&self.decoding, content, open()?).map_err(InferError::Unreadable)?;
        let part = parts.next().map_err(InferError::Unreadable)?;
        part.ok_or_else(|| InferError::Unknown("there is nothing in the file".to_owned()))
    }
}

/// What an unpacked file is, by its first bytes, and where its text begins.
fn holds(head: &[u8]) -> (Holds, usize) {
    match head {
        [b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] => (Holds::Workbook, head.len()),
        _ => dbf::records(head).map_or((Holds::Text, 0), |records| (Holds::Dbf, records)),
    }
}

/// What a failed read of packed bytes means.
fn unreadable(error: io::Error) -> InferError {
    match ReadError::reading(error) {
        ReadError::Io(error) => InferError::Io(error),
        error => InferError::Unreadable(error),
    }
}

/// The bytes of the first file in it.
pub(super) fn unpacked<'a>(decoding: &'a Decoding, open: Open<'_>) -> Result<Box<dyn Read + Send + 'a>, InferError> {
    // What it is will show: that it should be CSV is looked at by nobody.
    let mut parts = decode::open(decoding, Content::Csv, open()?).map_err(InferError::Unreadable)?;
    let first = parts.next().map_err(InferError::Unreadable)?;
    first.map(Part::unpacked).ok_or_else(|| InferError::Unknown("there is nothing in the file".to_owned()))
}

fn packing(open: Open<'_>) -> Result<Packing, InferError> {
    let mut head = [0; 4];
    let read = open()?.read(&mut head)?;
    Ok(match head.get(..read) {
        Some([0x1f, 0x8b, ..]) => Packing::Gzip,
        Some(b"PK\x03\x04") => member(open)?,
        _ => Packing::Plain,
    })
}

/// The largest member that looks like data, as a pattern that its successors will match, too; or all that are called so.
fn member(open: Open<'_>) -> Result<Packing, InferError> {
    let unreadable =
        |error: zip::result::ZipError| InferError::Unknown(format!("the zip archive cannot be read: {error}"));
    let mut archive = ZipArchive::new(open()?).map_err(unreadable)?;
    let mut members = Vec::new();
    for at in 0..archive.len() {
        let file = archive.by_index_raw(at).map_err(unreadable)?;
        members.push((file.size(), String::from_utf8_lossy(file.name_raw()).into_owned()));
    }
    if members.iter().any(|(_, name)| name == "xl/workbook.xml" || name == "mimetype") {
        // A workbook is an archive itself, that of Excel or that of OpenDocument.
        return Ok(Packing::Plain);
    }
    let is_data =
        |name: &str| name.rsplit_once('.').is_some_and(|(_, end)| DATA.contains(&end.to_ascii_lowercase().as_str()));
    let found = members.iter().filter(|(_, name)| is_data(name)).max();
    let Some((_, name)) = found.or_else(|| members.iter().max()) else {
        return Err(InferError::Unknown("the zip archive has no members".to_owned()));
    };
    if name.to_ascii_lowercase().ends_with(".zip") {
        let sentence = format!(
            "the zip archive holds archives, such as {name:?}: unpack one of them and propose a definition for that; \
             then say in its [decode] member = \"{}/*\", or members for all of them",
            undated(name)
        );
        return Err(InferError::Unknown(sentence));
    }
    let pattern = undated(name);
    let several = members.iter().filter(|(_, name)| undated(name) == pattern).count() > 1;
    Ok(Packing::Zip { member: pattern, several })
}

/// A name with `*` in place of what is likely a date or a number that counts on.
pub(super) fn undated(name: &str) -> String {
    let (mut pattern, mut digits) = (String::new(), String::new());
    for letter in name.chars().chain(['\0']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        pattern.push_str(if digits.len() >= 4 { "*" } else { &digits });
        digits.clear();
        pattern.extend(Some(letter).filter(|letter| *letter != '\0'));
    }
    pattern
}

/// Takes a whole text in, and keeps of it what tells its encoding.
struct Scan {
    head: Vec<u8>,
    bytes: usize,
    last: Option<u8>,
    detector: EncodingDetector,
    utf8: encoding_rs::Decoder,
    is_utf8: bool,
    room: String,
}

impl Default for Scan {
    fn default() -> Self {
        Self {
            head: Vec::new(),
            bytes: 0,
            last: None,
            detector: EncodingDetector::new(Iso2022JpDetection::Deny),
            utf8: UTF_8.new_decoder_without_bom_handling(),
            is_utf8: true,
            room: String::with_capacity(1 << 16),
        }
    }
}

impl Scan {
    fn charset(&self) -> &'static Encoding {
        match Encoding::for_bom(&self.head) {
            Some((marked, _)) => marked,
            None if self.is_utf8 => UTF_8,
            None => {
                let guess = self.detector.guess(None, Utf8Detection::Deny);
                if guess == UTF_8 { WINDOWS_1252 } else { guess }
            }
        }
    }

    fn check(&mut self, mut bytes: &[u8]) {
        while self.is_utf8 && !bytes.is_empty() {
            self.room.clear();
            let (result, read, replaced) = self.utf8.decode_to_string(bytes, &mut self.room, false);
            self.is_utf8 = !replaced;
            bytes = bytes.get(read..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                break;
            }
        }
    }
}

impl io::Write for Scan {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = HEAD.saturating_sub(self.head.len());
        self.head.extend_from_slice(bytes.get(..room.min(bytes.len())).unwrap_or_default());
        self.bytes += bytes.len();
        self.last = bytes.last().copied().or(self.last);
        self.detector.feed(bytes, false);
        self.check(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::undated;

    #[test]
    fn dates_in_a_members_name_are_left_open() {
        assert_eq!(undated("PUBLIC_DEMAND_HH_202504011800_20250401.CSV"), "PUBLIC_DEMAND_HH_*_*.CSV");
        assert_eq!(undated("eurofxref-hist.csv"), "eurofxref-hist.csv");
        assert_eq!(undated("v2_2024"), "v2_*");
    }
}
