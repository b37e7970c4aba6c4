//! The command line of huoyan.
fn main() {}
