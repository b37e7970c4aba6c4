# Libraries of the system that libhuoyan.a needs, as
# `cargo rustc -p huoyan-c -- --print native-static-libs` names them.
set(HUOYAN_STATIC_LIBRARIES gcc_s util rt pthread m dl c)
