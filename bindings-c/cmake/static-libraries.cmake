# Libraries of the system that libhuoyan.a needs, as
# `cargo rustc -p huoyan-c -- --print native-static-libs` names them; but for gcc_s,
# the unwinder, which compilers link by themselves, and which has no static form.
set(HUOYAN_STATIC_LIBRARIES util rt pthread m dl c)
