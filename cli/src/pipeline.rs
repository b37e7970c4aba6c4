//! Blocks through threads, out in the order in which they came.

use crate::error::Result;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Blocks that may wait before and after each thread.
const WAITING: usize = 2;

/// Lets `threads` workers turn each block into a result, and gives the results
/// to `sink` in the order of the blocks.
///
/// Blocks go round the workers one by one, so memory is bounded by the blocks
/// that may wait. With one thread everything happens in the caller's. Stops
/// when `sink` fails; threads that still wait for input then end with the
/// program.
pub(crate) fn run<B, D, W>(
    mut blocks: impl Iterator<Item = B> + Send + 'static,
    threads: usize,
    worker: impl Fn() -> W,
    mut sink: impl FnMut(D) -> Result<()>,
) -> Result<()>
where
    B: Send + 'static,
    D: Send + 'static,
    W: FnMut(B) -> D + Send + 'static,
{
    if threads <= 1 {
        let mut worker = worker();
        return blocks.try_for_each(|block| sink(worker(block)));
    }
    let mut inlets = Vec::with_capacity(threads);
    let mut outlets = Vec::with_capacity(threads);
    for _ in 0..threads {
        let (inlet, from): (SyncSender<B>, Receiver<B>) = sync_channel(WAITING);
        let (to, outlet): (SyncSender<D>, Receiver<D>) = sync_channel(WAITING);
        let mut worker = worker();
        // Either end of a channel hangs up when it has no more use for it.
        thread::spawn(move || {
            from.iter().map(&mut worker).try_for_each(|done| to.send(done))
        });
        inlets.push(inlet);
        outlets.push(outlet);
    }
    thread::spawn(move || {
        let mut round = inlets.iter().cycle();
        blocks.try_for_each(|block| match round.next() {
            Some(inlet) => inlet.send(block).map_err(drop),
            None => Err(()),
        })
    });
    // A worker's outlet ends where it had no more blocks, and so do all after.
    outlets.iter().cycle().map_while(|outlet| outlet.recv().ok()).try_for_each(sink)
}
