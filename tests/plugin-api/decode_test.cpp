// What the decoder refuses, and how it says so.
#include "paddock/contract/codec.hpp"
#include "paddock/contract/json_value.hpp"
#include "paddock/contract/messages.hpp"
#include "sample_plan.hpp"
#include "support/catch.hpp"

using namespace paddock;
using namespace paddock::contract;

namespace {

template <class Message>
std::string refusal(std::string_view json) {
  const auto message = decode<Message>(json);
  if (message) {
    return "accepted";
  }
  CHECK(message.error().code == ErrorCode::kPluginMisbehaved);
  return message.error().what;
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("decode: MSG-01 what is not one JSON value in UTF-8 is refused") {
  CHECK(refusal<Empty>("") == "message 'Empty' is not JSON at byte 1");
  CHECK(refusal<Empty>("{} {}") == "message 'Empty' is not JSON at byte 4");
  CHECK(refusal<Empty>("{/**/}") == "message 'Empty' is not JSON at byte 2");
  CHECK(refusal<Empty>("\xef\xbb\xbf{}") == "message 'Empty' is not JSON at byte 1");
  CHECK(refusal<Empty>("{\"a\xff\":1}") == "message 'Empty' is not UTF-8 at byte 4");
  CHECK(refusal<Empty>("{\"\xed\xa0\x80\":1}") == "message 'Empty' is not UTF-8 at byte 3");
}

TEST_CASE("decode: MSG-02 an unknown member is refused by its pointer") {
  CHECK(refusal<User>(R"({"uid":1,"gid":1,"sid":1})") ==
        "message 'User': '/sid' is not a member that the contract knows");
  const std::string plan =
      with(encode(PlanRequest{test::full_plan()}), R"("type":"bind")", R"("type":"bind","a/b":0)");
  CHECK(
      refusal<PlanRequest>(plan) ==
      "message 'PlanRequest': '/plan/mounts/~1work/a~1b' is not a member that the contract knows");
}

TEST_CASE("decode: a hostile member name is shown short and without control characters") {
  CHECK(refusal<Empty>("{\"a\\u001b[2J\":1}") ==
        "message 'Empty': '/a?[2J' is not a member that the contract knows");
  const std::string name(1000, 'x');
  CHECK(refusal<Empty>("{\"" + name + "\":1}") ==
        "message 'Empty': '/" + name.substr(0, 60) + "' is not a member that the contract knows");
}

TEST_CASE("decode: MSG-03 a missing member is refused unless it is optional") {
  CHECK(refusal<User>(R"({"uid":1})") == "message 'User': '/gid' is missing");
  CHECK(refusal<InspectReply>(R"({"state":"gone","oom_killed":false})") == "accepted");
  CHECK(refusal<Error>(R"({"code":"P0209","what":"no"})") == "accepted");
}

TEST_CASE("decode: MSG-04 a member of the wrong type is refused, nothing is converted") {
  CHECK(refusal<User>("[]") == "message 'User' must be an object, not an array");
  CHECK(refusal<RequireReply>(R"({"protections":["a",1]})") ==
        "message 'RequireReply': '/protections/1' must be text, not an integer");
  CHECK(refusal<RequireReply>(R"({"protections":{}})") ==
        "message 'RequireReply': '/protections' must be an array, not an object");
  CHECK(refusal<InspectReply>(R"({"state":"gone","oom_killed":"no"})") ==
        "message 'InspectReply': '/oom_killed' must be a boolean, not text");
  CHECK(refusal<InspectReply>(R"({"state":"up","oom_killed":false})") ==
        "message 'InspectReply': '/state' must be one of 'unknown', 'running', 'exited', 'gone'");
  CHECK(refusal<Sandbox>(R"({"instance":"","pid":0,"cgroups":[],"record":0})") ==
        "message 'Sandbox': '/cgroups' must be an object, not an array");
}

TEST_CASE("decode: MSG-04 a number out of range is refused") {
  const std::string range = "message 'User': '/uid' must be an integer from 0 to 4294967295";
  for (const char* number :
       {"-1", "4294967296", "1.0", "1e3", "99999999999999999999", "true", "\"1\""}) {
    CHECK(refusal<User>(R"({"uid":)" + std::string(number) + R"(,"gid":1})") == range);
  }
  CHECK(refusal<User>(R"({"uid":4294967295,"gid":0})") == "accepted");
  CHECK(refusal<Mount>(with(encode(Mount{}), R"("size_bytes":0)",
                            R"("size_bytes":18446744073709551615)")) == "accepted");
}

TEST_CASE("decode: MSG-05 a key that stands twice is refused") {
  CHECK(refusal<User>(R"({"uid":1,"gid":1,"uid":0})") ==
        "message 'User' holds an object with the same key twice");
}

TEST_CASE("decode: MSG-06 a text or key with U+0000 is refused") {
  CHECK(refusal<RequireReply>(R"({"protections":["a\u0000b"]})") ==
        "message 'RequireReply' holds a text with U+0000");
  CHECK(refusal<Empty>(R"({"\u0000":1})") == "message 'Empty' holds a key with U+0000");
}

TEST_CASE("parse_json: MSG-07 the number of values is bounded") {
  const auto list = [](std::size_t items) {
    std::string text = "[0";
    for (std::size_t i = 1; i < items; ++i) {
      text += ",0";
    }
    return contract::parse_json(text + "]");
  };
  CHECK(list(contract::kMaxJsonValues - 1));
  const auto refused = list(contract::kMaxJsonValues);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what == "holds more than 100000 values");
}

TEST_CASE("decode: MSG-07 depth and size are bounded") {
  const std::string deep(100000, '[');
  CHECK(refusal<Empty>(deep) == "message 'Empty' is nested deeper than 64 levels");
  const std::string large((4 << 20) + 1, ' ');
  CHECK(refusal<Empty>(large) == "message 'Empty' is larger than 4194304 bytes");
}

TEST_CASE("decode: MSG-09 a code that the table does not know is refused") {
  for (const char* code : {"\"P0999\"", "\"P112\"", "\"p0112\"", "112", "\"\""}) {
    CHECK(refusal<Error>(R"({"code":)" + std::string(code) + R"(,"what":"x"})") ==
          "message 'Error': '/code' must be a code of paddock such as 'P0209'");
  }
}

TEST_CASE("decode: MSG-11 null does not stand for an absent value") {
  CHECK(refusal<InspectReply>(R"({"state":"gone","exit_code":null,"oom_killed":false})") ==
        "message 'InspectReply': '/exit_code' must be an integer from -2147483648 to 2147483647");
}

TEST_CASE("decode: raw JSON is kept whole, compact, in its own order") {
  const auto sandbox = decode<Sandbox>(
      R"({"instance":"i","pid":1,"cgroups":{},"record":{"z": [1, 2.50, null], "a": "\u00fc"}})");
  REQUIRE(sandbox);
  CHECK(sandbox->record.text == R"({"z":[1,2.5,null],"a":"ü"})");
}

TEST_CASE("decode: members may come in any order") {
  const auto user = decode<User>(R"({"gid":2,"uid":1})");
  REQUIRE(user);
  CHECK(user->uid == 1);
  CHECK(user->gid == 2);
}
