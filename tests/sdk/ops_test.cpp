// Makers of ops.
#include "paddock/sdk/ops.hpp"

#include "support/catch.hpp"

using namespace paddock::sdk;

TEST_CASE("set: each type becomes its JSON") {
  CHECK(set("/a", true, "r").value.text == "true");
  CHECK(set("/a", std::int64_t{-7}, "r").value.text == "-7");
  CHECK(set("/a", "x\"y", "r").value.text == R"("x\"y")");
  CHECK(set("/a", std::string("z"), "r").value.text == R"("z")");
  CHECK(set("/a", std::vector<std::string>{"a", "b\n"}, "r").value.text == R"(["a","b\n"])");
  CHECK(set("/a", std::vector<std::string>{}, "r").value.text == "[]");
  CHECK(
      set("/a", paddock::contract::Mount{}, "r").value.text ==
      R"({"type":"bind","source":"","read_only":true,"executable":true,"size_bytes":0,"purpose":""})");
}

TEST_CASE("set: the id is made of verb and path, the op is critical") {
  const Op op = set("/network/mode", "none", "no network");
  CHECK(op.id == "set /network/mode");
  CHECK(op.kind == paddock::contract::OpKind::kSet);
  CHECK(op.path == "/network/mode");
  CHECK(op.reason == "no network");
  CHECK(op.critical);
  CHECK_FALSE(optional(op).critical);
}

TEST_CASE("set_user: one op for each id") {
  const Ops ops = set_user({1000, 100}, "r");
  REQUIRE(ops.size() == 2);
  CHECK(ops[0].path == "/process/user/uid");
  CHECK(ops[0].value.text == "1000");
  CHECK(ops[1].path == "/process/user/gid");
  CHECK(ops[1].value.text == "100");
}

TEST_CASE("remove, widen: their kinds") {
  CHECK(remove("/mounts/~1tmp", "r").kind == paddock::contract::OpKind::kRemove);
  CHECK(remove("/mounts/~1tmp", "r").id == "remove /mounts/~1tmp");
  CHECK(widen("/security/capabilities", {"CAP_CHOWN"}, "r").kind ==
        paddock::contract::OpKind::kWiden);
  CHECK(widen("/security/capabilities", {"CAP_CHOWN"}, "r").value.text == R"(["CAP_CHOWN"])");
}
