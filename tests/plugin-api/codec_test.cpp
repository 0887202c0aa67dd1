// What the encoder writes.
#include "paddock/contract/codec.hpp"

#include "paddock/contract/messages.hpp"
#include "sample_plan.hpp"
#include "support/catch.hpp"

using namespace paddock;
using namespace paddock::contract;

TEST_CASE("encode: members come in the order of describe(), compact") {
  CHECK(encode(User{1000, 100}) == R"({"uid":1000,"gid":100})");
  CHECK(encode(Empty{}) == "{}");
}

TEST_CASE("encode: enumerations go by name, raw JSON as it is") {
  Op op;
  op.id = "set /x";
  op.kind = OpKind::kWiden;
  op.path = "/x";
  op.value.text = R"(["a"])";
  CHECK(encode(op) ==
        R"({"id":"set /x","kind":"widen","path":"/x","value":["a"],"reason":"","critical":true})");
}

TEST_CASE("encode: MSG-11 an optional without a value is absent") {
  InspectReply reply;
  reply.state = RunState::kRunning;
  CHECK(encode(reply) == R"({"state":"running","oom_killed":false})");
  reply.exit_code = -1;
  CHECK(encode(reply) == R"({"state":"running","exit_code":-1,"oom_killed":false})");
}

TEST_CASE("encode: MSG-08 equal values give equal bytes, maps by key") {
  Sandbox sandbox;
  sandbox.cgroups["pids"] = "/c/p";
  sandbox.cgroups["memory"] = "/c/m";
  CHECK(
      encode(sandbox) ==
      R"({"instance":"","pid":0,"cgroups":{"memory":"/c/m","pids":"/c/p"},"record":null,"findings":[]})");
  CHECK(encode(test::full_plan()) == encode(test::full_plan()));
}

TEST_CASE("encode: text is escaped so that it stays on one line") {
  RequireReply reply;
  reply.protections = {"a\"b\\c\n\t\r\x01\x7f/ü"};
  CHECK(encode(reply) == "{\"protections\":[\"a\\\"b\\\\c\\n\\t\\r\\u0001\\u007f/ü\"]}");
}

TEST_CASE("encode: MSG-09 an error's code is spelt with a P and four digits") {
  Error error;
  error.code = ErrorCode::kUnknownKey;
  error.what = "no such key";
  error.where = SourcePos{"p.toml", 3, 1, 4};
  error.others.emplace_back().code = ErrorCode::kInternal;
  CHECK(encode(error) ==
        R"({"code":"P0112","what":"no such key",)"
        R"("where":{"file":"p.toml","line":3,"column":1,"length":4},"excerpt":"",)"
        R"("context":[],"hints":[],"others":[{"code":"P0901","what":"","excerpt":"",)"
        R"("context":[],"hints":[],"others":[]}]})");
}
