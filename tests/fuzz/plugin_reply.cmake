paddock_fuzz_target(plugin_reply SOURCES plugin_reply_fuzz.cpp LINK paddock-plugin)
