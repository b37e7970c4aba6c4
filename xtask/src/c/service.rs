//! The example service under load.

use super::Places;
use super::tools::{Tools, answers, need};
use crate::run::{cargo, run_quietly, say};
use std::process::Command;

/// How long the service is under load, in seconds.
const SECONDS: &str = "8";

/// Builds the service, and drives it by wrk on the loopback interface while
/// its pack is reloaded.
pub(super) fn test(places: &Places, tools: &Tools) -> Result<(), String> {
    let knows = |package: &str| answers("pkg-config", &["--exists", package]).is_some();
    let packages = ["pkg-config", "libcpp-httplib-dev", "nlohmann-json3-dev"];
    let has_libraries = || knows("cpp-httplib") && knows("nlohmann_json");
    // wrk ends with 1 when asked for its version.
    let has_wrk = || Command::new("wrk").arg("--version").output().is_ok();
    if !need("the service", &packages, has_libraries) || !need("load", &["wrk"], has_wrk)
    {
        return Ok(());
    }
    let modern = "import sys; sys.exit(sys.version_info < (3, 11))";
    if !need("load", &["python3"], || answers("python3", &["-c", modern]).is_some()) {
        return Ok(());
    }
    let build = places.work.join("service");
    let settings = ["-DCMAKE_BUILD_TYPE=Release", "-DHUOYAN_SERVICE=ON"];
    tools.build(&places.sources, &build, &places.settings(&settings), &[])?;
    run_quietly("cli", &mut cargo("build --quiet --release --package huoyan-cli"))?;
    let mut load = Command::new("python3");
    load.arg(places.sources.join("tests/load/load_test.py"));
    load.arg("--service").arg(build.join("examples/http-filter/http-filter"));
    load.arg("--cli").arg(places.target.join("release/huoyan"));
    let figures = run_quietly("load", load.args(["--seconds", SECONDS]))?;
    say(&format!("    {}", figures.trim()));
    Ok(())
}
