#include "base/digest.hpp"

#include "support/catch.hpp"

TEST_CASE("digest: SHA-256 of known input (FIPS 180-2)", "[base]") {
  CHECK(paddock::sha256("abc") ==
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("digest: random hex has the asked length and differs", "[base]") {
  CHECK(paddock::random_hex(8).size() == 16);
  CHECK(paddock::random_hex(8) != paddock::random_hex(8));
}
