//! A definition for bytes that nobody has described.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use parsers::infer::{Asked, Beside, InferError, infer};

fuzz_target!(|bytes: &[u8]| {
    let name = "fuzz".parse().expect("a name");
    let asked = Asked { name, url: "https://example.org/x".into(), secrets: Vec::new(), beside: Beside::default() };
    match infer(&asked, &|| Ok(Box::new(Cursor::new(bytes.to_vec())))) {
        Err(InferError::Refused(mistakes)) => panic!("it proposed what is no definition: {mistakes:?}"),
        Err(_) | Ok(_) => (),
    }
});
