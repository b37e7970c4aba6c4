//! What can be checked of a column before a text of it is read.
//!
//! The C interface does not tell how long the buffer of texts of a string column
//! is: that it reaches as far as the last offset says, and that buffers are as long
//! as the number of rows asks, is what the producer has to promise.

use arrow_buffer::ArrowNativeType;
use arrow_data::{ArrayData, ByteView, MAX_INLINE_VIEW_LEN};
use arrow_schema::DataType;
use std::fmt::{self, Debug, Display, Formatter};

/// A row that would be read from where no text is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Damage {
    /// In its array; of the dictionary, if it is there.
    pub(crate) row: usize,
    in_dictionary: bool,
    what: String,
}

impl Damage {
    fn new(row: usize, what: String) -> Damage {
        Damage { row, in_dictionary: false, what }
    }

    /// The damage as it is told after so many rows of other arrays.
    pub(crate) fn after(mut self, rows: usize) -> Damage {
        if !self.in_dictionary {
            self.row += rows;
        }
        self
    }
}

impl Display for Damage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let place = if self.in_dictionary { "value" } else { "row" };
        write!(f, "{place} {}", self.row)?;
        if self.in_dictionary {
            write!(f, " of the dictionary")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// Whether every text of an array lies within what the array says of its buffers.
pub(crate) fn check(data: &ArrayData) -> Result<(), Damage> {
    match data.data_type() {
        DataType::Utf8 | DataType::Binary => offsets::<i32>(data),
        DataType::LargeUtf8 | DataType::LargeBinary => offsets::<i64>(data),
        DataType::Utf8View | DataType::BinaryView => views(data),
        DataType::Dictionary(keys, _) => {
            let values = data.child_data().iter();
            values.clone().try_for_each(check).map_err(|mut damage| {
                damage.in_dictionary = true;
                damage
            })?;
            let count = values.map(ArrayData::len).sum();
            match **keys {
                DataType::Int8 => indices::<i8>(data, count),
                DataType::Int16 => indices::<i16>(data, count),
                DataType::Int32 => indices::<i32>(data, count),
                DataType::Int64 => indices::<i64>(data, count),
                DataType::UInt8 => indices::<u8>(data, count),
                DataType::UInt16 => indices::<u16>(data, count),
                DataType::UInt32 => indices::<u32>(data, count),
                DataType::UInt64 => indices::<u64>(data, count),
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Items of the first buffer that belong to the rows of an array.
fn items<T: ArrowNativeType>(data: &ArrayData, more: usize) -> &[T] {
    let all = data.buffers().first().map_or(&[][..], |buffer| buffer.typed_data());
    // A column without rows may come without offsets.
    all.get(data.offset()..data.offset() + data.len() + more).unwrap_or_default()
}

fn is_valid(data: &ArrayData, row: usize) -> bool {
    data.nulls().is_none_or(|nulls| nulls.is_valid(row))
}

/// Rows that are null have offsets, too.
fn offsets<O: ArrowNativeType + Display>(data: &ArrayData) -> Result<(), Damage> {
    if data.is_empty() {
        return Ok(());
    }
    let offsets = items::<O>(data, 1);
    let (zero, last) = (O::default(), offsets.last().copied().unwrap_or_default());
    if offsets.is_sorted() && offsets.first().is_none_or(|first| *first >= zero) {
        return Ok(());
    }
    let wrong = |pair: &[O]| pair[0] < zero || pair[1] < pair[0] || pair[1] > last;
    let row = offsets.windows(2).position(wrong).unwrap_or_default();
    let offset = |row: usize| offsets.get(row).copied().unwrap_or_default();
    let (start, end) = (offset(row), offset(row + 1));
    Err(Damage::new(
        row,
        format!(
            "its offsets are {start} and {end}, in a column whose texts end at {last}"
        ),
    ))
}

fn views(data: &ArrayData) -> Result<(), Damage> {
    let texts = data.buffers().get(1..).unwrap_or_default();
    for (row, view) in items::<u128>(data, 0).iter().enumerate() {
        let ByteView { length, buffer_index, offset, .. } = ByteView::from(*view);
        if length <= MAX_INLINE_VIEW_LEN || !is_valid(data, row) {
            continue;
        }
        // The interface has signed numbers.
        let [length, index, offset] =
            [length, buffer_index, offset].map(|number| i64::from(number as i32));
        let buffer = usize::try_from(index).ok().and_then(|index| texts.get(index));
        let what = match buffer {
            _ if length < 0 => format!("its length is {length}"),
            None => format!("it lies in buffer {index}, and there are {}", texts.len()),
            Some(buffer) => {
                let size = buffer.len() as i64;
                if offset >= 0 && offset + length <= size {
                    continue;
                }
                let end = offset + length;
                format!("it lies at {offset}..{end} of a buffer of {size} bytes")
            }
        };
        return Err(Damage::new(row, what));
    }
    Ok(())
}

fn indices<K: ArrowNativeType + Debug>(
    data: &ArrayData,
    count: usize,
) -> Result<(), Damage> {
    let within = |key: &K| key.to_usize().is_some_and(|key| key < count);
    let wrong = |(row, key): &(usize, &K)| !within(key) && is_valid(data, *row);
    match items::<K>(data, 0).iter().enumerate().find(wrong) {
        Some((row, key)) => Err(Damage::new(
            row,
            format!("its index is {key:?}, in a dictionary of {count} values"),
        )),
        None => Ok(()),
    }
}
