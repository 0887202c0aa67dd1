// What goes to the gate and what comes back, byte by byte.
#include <cstring>

#include "proof/gate_frames.hpp"
#include "proof/gate_reply.hpp"
#include "support/catch.hpp"

namespace paddock::test {
namespace {

/// The fields of a frame with '|' for each NUL; the length is checked.
std::string shown(const std::string& frame) {
  REQUIRE(frame.size() >= 4);
  std::uint32_t length = 0;
  for (int i = 3; i >= 0; --i) {
    length = length << 8 | static_cast<unsigned char>(frame[static_cast<std::size_t>(i)]);
  }
  CHECK(length == frame.size() - 4);
  std::string text = frame.substr(4);
  for (char& c : text) {
    c = c == '\0' ? '|' : c;
  }
  return text;
}

std::string what(const Result<void>& result) {
  return result ? "" : result.error().what;
}

template <typename T>
std::string what_of(const Result<T>& result) {
  return result ? "" : result.error().what;
}

}  // namespace

TEST_CASE("gate frames: configure names umask, session and each limit by number") {
  contract::Plan plan;
  plan.process.umask = "0077";
  plan.security.rlimits = {{"core", 0}, {"nofile", 1024}};
  CHECK(shown(proof::configure_frame(plan)) ==
        "configure|umask|0077|session|new|rlimit|4:0|rlimit|7:1024|");
  plan.process.terminal = true;
  plan.security.rlimits.clear();
  CHECK(shown(proof::configure_frame(plan)) == "configure|umask|0077|session|terminal|");
}

TEST_CASE("gate frames: probes are counted at every level") {
  CHECK(shown(proof::probe_frame({})) == "probe|0|");
  const std::vector<proof::Probe> probes = {{"a", false, {{39, {}}}},
                                            {"b", true, {{257, {"i-100", "s/"}}, {3, {"r0"}}}}};
  CHECK(shown(proof::probe_frame(probes)) ==
        "probe|2|inline|1|39|0|isolated|2|257|2|i-100|s/|3|1|r0|");
}

TEST_CASE("gate frames: hold carries mode, directory, arguments, environment") {
  contract::Process process;
  process.command = {"echo", "", "a b"};
  process.environment = {{"A", "1"}, {"B", ""}};
  process.cwd = "/work";
  CHECK(shown(*proof::hold_frame(process)) == "hold|init|/work|3|echo||a b|2|A=1|B=|");
  process.init = false;
  CHECK(shown(*proof::hold_frame(process)).starts_with("hold|exec|"));
  process.command.assign(70000, "x");
  CHECK(what_of(proof::hold_frame(process)) == "the command and its environment are too long");
}

TEST_CASE("gate replies: a greeting of another version says which") {
  CHECK(what(proof::read_hello(R"({"gate":"paddock-gate/3","pid":1})")).empty());
  const auto other = proof::read_hello(R"({"gate":"paddock-gate/4","pid":1})");
  REQUIRE_FALSE(other);
  CHECK(other.error().code == ErrorCode::kGate);
  CHECK(other.error().what ==
        "the gate speaks 'paddock-gate/4', this paddock speaks 'paddock-gate/3'");
  CHECK(what(proof::read_hello("{}")) == "the gate answered '{}' where its greeting was due");
  CHECK(what(proof::read_hello("hello\n")) ==
        "the gate answered 'hello\\n' where its greeting was due");
}

TEST_CASE("gate replies: an error object is told with its errno") {
  CHECK(what(proof::read_ok(R"({"ok":true})")).empty());
  CHECK(what(proof::read_ok(R"({"error":"cannot make a session","errno":1})")) ==
        "the gate gave up: cannot make a session: Operation not permitted");
  CHECK(what(proof::read_ok(R"({"error":"an unknown verb","errno":0})")) ==
        "the gate gave up: an unknown verb");
  CHECK(what(proof::read_ok(R"({"ok":false})")) ==
        "the gate answered '{\"ok\":false}' where a confirmation was due");
}

TEST_CASE("gate replies: a file is told in hex, or why it cannot be read") {
  CHECK(proof::read_shown(R"({"shown":"6100ff","errno":0})", "/f").value() ==
        std::string("a\0\xff", 3));
  CHECK(proof::read_shown(R"({"shown":"","errno":0})", "/f").value().empty());
  CHECK(what_of(proof::read_shown(R"({"shown":"61","errno":2})", "/f")) ==
        "the gate cannot read '/f': No such file or directory");
  for (const std::string hex : {"6", "6g", "x1", "+1"}) {
    CAPTURE(hex);
    CHECK(what_of(proof::read_shown(R"({"shown":")" + hex + R"(","errno":0})", "/f")) ==
          "the gate answered '{\"shown\":\"" + hex + "\",\"errno\":0}' where a file was due");
  }
  CHECK(what_of(proof::read_shown(R"({"ok":true})", "/f")) ==
        "the gate answered '{\"ok\":true}' where a file was due");
}

TEST_CASE("gate replies: results belong to the probes in order, and none may be missing") {
  const std::vector<proof::Probe> probes = {{"a", false, {}}, {"b", true, {}}};
  const auto results = proof::read_results(R"({"results":[[0,7,0,0],[1,-1,30,9]]})", probes);
  REQUIRE(results);
  CHECK(results->at(0).id == "a");
  CHECK(results->at(0).value == 7);
  CHECK(results->at(1).step == 1);
  CHECK(results->at(1).error == 30);
  CHECK(results->at(1).signal == 9);
  CHECK(what_of(proof::read_results(R"({"results":[[0,7,0,0]]})", probes)) ==
        "the gate answered 1 of 2 probes");
  for (const char* json : {"", "[]", "null", R"({"results":7})", R"({"results":[[0,7,0,0],[1]]})",
                           R"({"results":[[0,7,0,0],["a",1,2,3]]})", R"({"results":[1.5,2]})"}) {
    INFO(json);
    CHECK(what_of(proof::read_results(json, probes)) ==
          "the gate answered '" + std::string(json) + "' where an answer to the probes was due");
  }
}

}  // namespace paddock::test
