//! Bytes that gzip packed, unpacked while they are read.

use flate2::{Crc, Decompress, FlushDecompress, Status};
use std::io::{self, BufRead, BufReader, ErrorKind, Read};

/// How each member begins.
pub(super) const MAGIC: &[u8] = &[0x1F, 0x8B];

/// The only method that there is.
const DEFLATE: u8 = 8;
/// Flags of a member's header.
const HAS_CHECKSUM: u8 = 1 << 1;
const HAS_EXTRA: u8 = 1 << 2;
const HAS_NAME: u8 = 1 << 3;
const HAS_COMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// Unpacks members one after the other, in constant memory.
///
/// It does not use the decoders of `flate2`, because they keep back what they unpacked
/// right before the place where the data are damaged.
pub(super) struct Gzip {
    packed: Counted,
    part: Part,
    inflater: Decompress,
    sum: Crc,
    /// The output was filled, so there may be more without any more input.
    more: bool,
    /// What comes after what was unpacked.
    failure: Option<io::Error>,
}

/// The part of a member that comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Header,
    Body,
    Trailer,
    /// None; the data are at their end, or damaged.
    Nothing,
}

impl Gzip {
    pub(super) fn new(packed: Box<dyn Read + Send>) -> Gzip {
        Gzip {
            packed: Counted { inner: BufReader::with_capacity(64 << 10, packed), at: 0 },
            part: Part::Header,
            inflater: Decompress::new(false),
            sum: Crc::new(),
            more: false,
            failure: None,
        }
    }

    /// Bytes of the file that were unpacked so far.
    pub(super) fn at(&self) -> u64 {
        self.packed.at
    }

    fn step(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.part {
                Part::Header => {
                    self.part = match self.header()? {
                        true => Part::Body,
                        false => Part::Nothing,
                    };
                }
                Part::Body => {
                    let count = self.body(out)?;
                    if count > 0 {
                        return Ok(count);
                    }
                }
                Part::Trailer => {
                    self.trailer()?;
                    self.part = Part::Header;
                }
                Part::Nothing => return Ok(0),
            }
        }
    }

    /// Passes over a header; `false` if there are no more members.
    fn header(&mut self) -> io::Result<bool> {
        let is_first = self.packed.at == 0;
        // Tapes and disks fill the last block up with zeros.
        while !is_first && self.packed.fill_buf()?.first() == Some(&0) {
            self.packed.consume(1);
        }
        if !is_first && self.packed.fill_buf()?.is_empty() {
            return Ok(false);
        }
        let start = self.packed.at;
        let [first, second, method, flags, ..] = self.packed.array::<10>()?;
        if [first, second] != MAGIC {
            let what = format!(
                "what follows its gzip data, from byte {start} on, is no gzip, and was not \
                 read; get the file again, or cut it there"
            );
            return Err(io::Error::new(ErrorKind::InvalidData, what));
        }
        if method != DEFLATE || flags & RESERVED != 0 {
            return Err(damaged(&format!(
                "the gzip header at byte {start} has the method {method} and the flags \
                 {flags:#04x}, which there are not"
            )));
        }
        if flags & HAS_EXTRA != 0 {
            let length = u16::from_le_bytes(self.packed.array()?);
            for _ in 0..length {
                self.packed.array::<1>()?;
            }
        }
        for _ in 0..(flags & (HAS_NAME | HAS_COMMENT)).count_ones() {
            while self.packed.array()? != [0] {}
        }
        if flags & HAS_CHECKSUM != 0 {
            self.packed.array::<2>()?;
        }
        self.inflater.reset(false);
        self.sum.reset();
        Ok(true)
    }

    /// Unpacks what can be read at once; nothing at the member's end.
    fn body(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let packed = match self.more {
                true => self.packed.inner.buffer(),
                false => self.packed.fill_buf()?,
            };
            let had_more = self.more;
            let (read, wrote) = (self.inflater.total_in(), self.inflater.total_out());
            let status = self.inflater.decompress(packed, out, FlushDecompress::None);
            let read = (self.inflater.total_in() - read) as usize;
            let wrote = (self.inflater.total_out() - wrote) as usize;
            self.packed.consume(read);
            self.sum.update(&out[..wrote]);
            self.more = wrote == out.len();
            match status {
                Ok(Status::StreamEnd) => {
                    (self.part, self.more) = (Part::Trailer, false);
                    return Ok(wrote);
                }
                Err(_) => {
                    let at = self.packed.at;
                    let what = format!("its gzip data cannot be unpacked at byte {at}");
                    if wrote == 0 {
                        return Err(damaged(&what));
                    }
                    self.failure = Some(damaged(&what));
                    return Ok(wrote);
                }
                Ok(_) if wrote > 0 => return Ok(wrote),
                Ok(_) if read == 0 && !had_more => {
                    return Err(ErrorKind::UnexpectedEof.into());
                }
                Ok(_) => {}
            }
        }
    }

    /// Holds what was unpacked to its checksum and length.
    fn trailer(&mut self) -> io::Result<()> {
        let sum = u32::from_le_bytes(self.packed.array()?);
        let length = u32::from_le_bytes(self.packed.array()?);
        if (sum, length) == (self.sum.sum(), self.sum.amount()) {
            return Ok(());
        }
        let at = self.packed.at;
        Err(damaged(&format!(
            "the gzip data that end at byte {at} do not come to their checksum {sum:08x} \
             and length {length} but to {:08x} and {}",
            self.sum.sum(),
            self.sum.amount()
        )))
    }
}

impl Read for Gzip {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if let Some(failure) = self.failure.take() {
            self.part = Part::Nothing;
            return Err(failure);
        }
        if out.is_empty() {
            return Ok(0);
        }
        self.step(out).map_err(|error| match error.kind() {
            ErrorKind::Interrupted => error,
            kind => {
                self.part = Part::Nothing;
                match kind {
                    ErrorKind::UnexpectedEof => cut(self.packed.at),
                    _ => error,
                }
            }
        })
    }
}

/// Tells how much was read from it.
struct Counted {
    inner: BufReader<Box<dyn Read + Send>>,
    at: u64,
}

impl Counted {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.inner.consume(count);
        self.at += count as u64;
    }

    /// Retries what a signal interrupts.
    fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        for place in bytes.chunks_mut(1) {
            self.inner.read_exact(place)?;
            self.at += 1;
        }
        Ok(bytes)
    }
}

fn cut(at: u64) -> io::Error {
    let what = format!(
        "is cut: its gzip data stop in the middle, at byte {at}; only what comes before \
         was read. Get the whole file; gzip -t tests it"
    );
    io::Error::new(ErrorKind::InvalidData, what)
}

fn damaged(what: &str) -> io::Error {
    let what = format!(
        "is damaged: {what}; only what comes before was read, and some of that may be \
         wrong. Get the file again; gzip -t tests it"
    );
    io::Error::new(ErrorKind::InvalidData, what)
}
