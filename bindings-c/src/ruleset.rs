//! Compiled packs.

use crate::error::{Mistake, hy_error, reported};
use crate::ffi::*;
use crate::status::*;
use crate::text::hy_str;
use engine::{LoadError, Ruleset};
use std::ffi::{c_char, c_void};
use std::sync::Arc;

/// A compiled pack: immutable, counted by references. Any number of threads
/// may use it at once.
pub struct hy_ruleset {
    pub(crate) engine: Ruleset<'static>,
    pub(crate) names: Names,
}

/// The names in a ruleset, by number. They point into the ruleset's bytes.
pub(crate) struct Names {
    pub(crate) rules: Box<[hy_str]>,
    pub(crate) concepts: Box<[hy_str]>,
    pub(crate) platforms: Box<[hy_str]>,
}

// SAFETY: the names point into the ruleset's bytes, which nobody writes.
unsafe impl Send for Names {}
// SAFETY: as above.
unsafe impl Sync for Names {}

impl hy_ruleset {
    fn give(engine: Ruleset<'static>) -> *const hy_ruleset {
        // The bytes stay where they are when the ruleset itself is moved.
        let names = Names {
            rules: engine.rules().map(hy_str::from).collect(),
            concepts: engine.concepts().map(hy_str::from).collect(),
            platforms: engine.platforms().map(hy_str::from).collect(),
        };
        give_shared(Arc::new(hy_ruleset { engine, names }))
    }
}

/// What a ruleset is. The caller sets it to HY_RULESET_INFO_INIT. Strings live
/// as long as the ruleset.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct hy_ruleset_info {
    /// In: sizeof(hy_ruleset_info).
    pub struct_size: u32,
    /// Tells rulesets apart: a checksum of the serialized bytes.
    pub checksum: u32,
    /// The pack's id.
    pub id: hy_str,
    /// The pack's version.
    pub version: hy_str,
    /// Score from which a finding counts, 0 to 100.
    pub threshold: f32,
    /// How many rules there are.
    pub rule_count: u32,
    /// How many concepts there are.
    pub concept_count: u32,
    /// How many platforms there are.
    pub platform_count: u32,
    /// Size of the serialized ruleset, in bytes.
    pub serialized_size: u64,
}

// SAFETY: repr(C), and `struct_size` comes first.
unsafe impl Versioned for hy_ruleset_info {}

/// Gives the ruleset that is built into the library, `wechat-trade`. Free it
/// by hy_ruleset_free. HY_ERR_NOT_SUPPORTED if the library was built without.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_ruleset_builtin(
    out_ruleset: *mut *const hy_ruleset,
) -> hy_status {
    silence();
    boundary(|| {
        // SAFETY: the contract of the header.
        let out = unsafe { output(out_ruleset)? };
        #[cfg(feature = "builtin")]
        {
            // Cloning the embedded ruleset copies none of its bytes.
            out.set(hy_ruleset::give(Ruleset::builtin().clone()));
            Ok(HY_OK)
        }
        #[cfg(not(feature = "builtin"))]
        {
            let _ = out;
            Err(HY_ERR_NOT_SUPPORTED)
        }
    })
}

/// Compiles a pack from its TOML source. `error` may be NULL. Free the ruleset
/// by hy_ruleset_free. HY_ERR_COMPILE or HY_ERR_UTF8 for mistakes in the pack,
/// HY_ERR_NOT_SUPPORTED if the library was built without the compiler.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_ruleset_compile(
    source: *const c_char,
    source_len: usize,
    out_ruleset: *mut *const hy_ruleset,
    error: *mut hy_error,
) -> hy_status {
    silence();
    let work = || {
        // SAFETY: the contract of the header.
        let (source, out) = unsafe { (bytes(source, source_len)?, output(out_ruleset)?) };
        out.set(hy_ruleset::give(compile(source)?));
        Ok(())
    };
    // SAFETY: the contract of the header.
    unsafe { reported(error, work) }
}

#[cfg(feature = "compile")]
fn compile(source: &[u8]) -> Result<Ruleset<'static>, Mistake> {
    use crate::error::Spot;

    let source = match std::str::from_utf8(source) {
        Ok(source) => source,
        Err(error) => {
            let offset = error.valid_up_to();
            let before = String::from_utf8_lossy(&source[..offset]);
            let spot = Spot {
                line: before.matches('\n').count() + 1,
                column: before.rsplit('\n').next().unwrap_or("").chars().count() + 1,
                offset,
                length: error.error_len().unwrap_or(1),
                mistakes: 1,
            };
            let what =
                format!("byte {offset} of the pack is not UTF-8; save the pack as UTF-8");
            return Err(Mistake { status: HY_ERR_UTF8, spot: Some(spot), what });
        }
    };
    Ruleset::compile(source).map_err(|error| {
        let mistakes = error.diagnostics().len();
        let status = HY_ERR_COMPILE;
        let Some(first) = error.diagnostics().first() else {
            return Mistake { status, spot: None, what: error.to_string() };
        };
        let spot = Spot {
            line: first.line,
            column: first.column,
            offset: first.span.start,
            length: first.span.len(),
            mistakes,
        };
        let mut what = first.message.clone();
        for more in [&first.label, &first.help] {
            if !more.is_empty() {
                what.push_str("; ");
                what.push_str(more);
            }
        }
        Mistake { status, spot: Some(spot), what }
    })
}

#[cfg(not(feature = "compile"))]
fn compile(_: &[u8]) -> Result<Ruleset<'static>, Mistake> {
    Err(HY_ERR_NOT_SUPPORTED.into())
}

/// Loads a ruleset from the bytes of hy_ruleset_serialize or of the program's
/// `huoyan compile`, and copies them. Every byte is checked, so bytes from
/// anywhere are safe to load. `error` may be NULL. Free the ruleset by
/// hy_ruleset_free.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_ruleset_deserialize(
    data: *const c_void,
    data_len: usize,
    out_ruleset: *mut *const hy_ruleset,
    error: *mut hy_error,
) -> hy_status {
    // SAFETY: passed on.
    unsafe { load(data, data_len, out_ruleset, error, true) }
}

/// As hy_ruleset_deserialize, but without copying: `data` must stay there and
/// unchanged as long as the ruleset lives, and every ruleset that
/// hy_ruleset_with_threshold made of it, however often: those borrow `data` too.
/// It needs no alignment, and may be a mapped file.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_ruleset_deserialize_borrowed(
    data: *const c_void,
    data_len: usize,
    out_ruleset: *mut *const hy_ruleset,
    error: *mut hy_error,
) -> hy_status {
    // SAFETY: passed on.
    unsafe { load(data, data_len, out_ruleset, error, false) }
}

unsafe fn load(
    data: *const c_void,
    data_len: usize,
    out_ruleset: *mut *const hy_ruleset,
    error: *mut hy_error,
    copies: bool,
) -> hy_status {
    silence();
    let work = || {
        // SAFETY: the contract of the header; borrowed bytes outlive the
        // ruleset, which is the `'static` here.
        let (bytes, out) =
            unsafe { (bytes::<'static>(data, data_len)?, output(out_ruleset)?) };
        let loaded = match copies {
            true => Ruleset::from_bytes(bytes.to_vec()),
            false => Ruleset::from_bytes(bytes),
        };
        let ruleset = loaded.map_err(|error| Mistake {
            status: match error {
                LoadError::Version { .. } | LoadError::Layout { .. } => HY_ERR_VERSION,
                _ => HY_ERR_FORMAT,
            },
            spot: None,
            what: error.to_string(),
        })?;
        out.set(hy_ruleset::give(ruleset));
        Ok(())
    };
    // SAFETY: the contract of the header.
    unsafe { reported(error, work) }
}

/// Copies the serialized ruleset into `buffer`. `out_length` gets its length in
/// bytes, on HY_ERR_BUFFER_TOO_SMALL too; `buffer` is not written then, and may
/// be NULL if `capacity` is 0: that asks for the size.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_ruleset_serialize(
    ruleset: *const hy_ruleset,
    buffer: *mut c_void,
    capacity: usize,
    out_length: *mut usize,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (ruleset, mut buffer, length) = unsafe {
            (
                shared(ruleset)?,
                crate::ffi::buffer(buffer.cast::<u8>(), capacity)?,
                output(out_length)?,
            )
        };
        let bytes = ruleset.engine.to_bytes();
        buffer.put_all(0, bytes);
        length.set(bytes.len());
        let fits = bytes.len() <= buffer.length;
        if fits { Ok(HY_OK) } else { Err(HY_ERR_BUFFER_TOO_SMALL) }
    })
}

/// Gives the same ruleset with another threshold, 0 to 100, as an object of its
/// own, which is to be freed too. Copies the bytes of a ruleset that owns them; one
/// of hy_ruleset_deserialize_borrowed owns none, and both need its `data`. The
/// threshold is not part of the serialized bytes.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_ruleset_with_threshold(
    ruleset: *const hy_ruleset,
    threshold: f32,
    out_ruleset: *mut *const hy_ruleset,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (ruleset, out) = unsafe { (shared(ruleset)?, output(out_ruleset)?) };
        if !(0.0..=100.0).contains(&threshold) {
            return Err(HY_ERR_ARGUMENT);
        }
        out.set(hy_ruleset::give(ruleset.engine.clone().with_threshold(threshold)));
        Ok(HY_OK)
    })
}

/// Tells what a ruleset is.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_ruleset_describe(
    ruleset: *const hy_ruleset,
    out_info: *mut hy_ruleset_info,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (ruleset, out) = unsafe { (shared(ruleset)?, versioned_output(out_info)?) };
        out.set(hy_ruleset_info {
            struct_size: size_of::<hy_ruleset_info>() as u32,
            checksum: ruleset.engine.checksum(),
            id: ruleset.engine.id().into(),
            version: ruleset.engine.version().into(),
            threshold: ruleset.engine.threshold(),
            rule_count: ruleset.names.rules.len() as u32,
            concept_count: ruleset.names.concepts.len() as u32,
            platform_count: ruleset.names.platforms.len() as u32,
            serialized_size: ruleset.engine.to_bytes().len() as u64,
        });
        Ok(HY_OK)
    })
}

/// Name of a rule, by number from 0. Lives as long as the ruleset.
/// HY_ERR_ARGUMENT if there is none of this number.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_ruleset_rule(
    ruleset: *const hy_ruleset,
    number: u32,
    out_name: *mut hy_str,
) -> hy_status {
    // SAFETY: passed on.
    unsafe { name(ruleset, number, out_name, |names| &names.rules) }
}

/// Name of a concept, by number from 0. Lives as long as the ruleset.
/// HY_ERR_ARGUMENT if there is none of this number.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_ruleset_concept(
    ruleset: *const hy_ruleset,
    number: u32,
    out_name: *mut hy_str,
) -> hy_status {
    // SAFETY: passed on.
    unsafe { name(ruleset, number, out_name, |names| &names.concepts) }
}

/// Name of a platform, by number from 0. Lives as long as the ruleset.
/// HY_ERR_ARGUMENT if there is none of this number.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_ruleset_platform(
    ruleset: *const hy_ruleset,
    number: u32,
    out_name: *mut hy_str,
) -> hy_status {
    // SAFETY: passed on.
    unsafe { name(ruleset, number, out_name, |names| &names.platforms) }
}

unsafe fn name(
    ruleset: *const hy_ruleset,
    number: u32,
    out_name: *mut hy_str,
    list: impl Fn(&Names) -> &[hy_str],
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (ruleset, out) = unsafe { (shared(ruleset)?, output(out_name)?) };
        let found = list(&ruleset.names).get(number as usize);
        out.set(*found.ok_or(HY_ERR_ARGUMENT)?);
        Ok(HY_OK)
    })
}

/// Takes a further reference to a ruleset and returns it; each reference is to
/// be freed. NULL gives NULL. May be called from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_ruleset_retain(
    ruleset: *const hy_ruleset,
) -> *const hy_ruleset {
    // SAFETY: the contract of the header.
    unsafe { share(ruleset) }.map_or(std::ptr::null(), give_shared)
}

/// Frees a reference to a ruleset; the last one frees the ruleset. NULL is
/// fine. One time too often is undefined. May be called from any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_ruleset_free(ruleset: *const hy_ruleset) {
    boundary(|| {
        // SAFETY: the contract of the header.
        drop(unsafe { take_shared(ruleset) });
        Ok(HY_OK)
    });
}
