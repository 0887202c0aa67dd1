# cmake -DIN=manifest.toml -DOUT=manifest.cpp -P embed-manifest.cmake: the manifest's exact bytes.
file(READ ${IN} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
string(LENGTH "${hex}" digits)
math(EXPR size "${digits} / 2")
file(WRITE ${OUT}
"extern const char paddock_manifest_data[];
extern const unsigned long paddock_manifest_size;
const char paddock_manifest_data[] = {${bytes}'\\0'};
const unsigned long paddock_manifest_size = ${size};
")
