#include "run/state.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "base/render.hpp"
#include "run/names.hpp"
#include "run/record.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock::run;
using paddock::render;
using paddock::test::TempDir;
namespace contract = paddock::contract;

namespace {

State sample(const std::string& name) {
  State state;
  state.name = name;
  state.instance = "0123456789abcdef";
  state.profile = "quickstart";
  state.backend = {"bubblewrap", R"({"plugin":"bubblewrap"})"};
  state.phase = Phase::kRunning;
  state.command = {"sh", "-c", "echo \xff"};
  state.host_pid = 12;
  state.host_start_time = 1ULL << 62;
  state.gate_pid = 13;
  state.gate_start_time = 99;
  state.started_at = "2026-01-02T03:04:05Z";
  state.objects = {{"cgroup", "/sys/fs/cgroup/x"}};
  state.attached = {{"one", "{}"}};
  state.hooks = {{"two", "{}"}};
  state.sandbox = contract::Sandbox{"0123456789abcdef", 13, {{"pids", "/x"}}, {R"({"a":1})"}};
  state.exit_code = 143;
  return state;
}

}  // namespace

TEST_CASE("state: what is saved is loaded", "[run]") {
  const TempDir dir;
  const Store store(dir / "state");
  const auto lock = store.claim("box");
  REQUIRE(lock);
  REQUIRE(store.save(sample("box")));
  const auto loaded = store.load("box");
  REQUIRE(loaded);
  CHECK(loaded->command == std::vector<std::string>{"sh", "-c", "echo \xef\xbf\xbd"});
  CHECK(loaded->host_start_time == 1ULL << 62);
  CHECK(loaded->objects.at(0).id == "/sys/fs/cgroup/x");
  CHECK(loaded->sandbox->cgroups.at("pids") == "/x");
  CHECK(loaded->sandbox->record.text == R"({"a":1})");
  CHECK(loaded->exit_code == 143);
  CHECK(loaded->attached.at(0).id == "one");
}

TEST_CASE("state: a damaged file is an error, not a guess", "[run][error]") {
  for (const char* text : {"", "{", "[]", "{}", "null", R"({"name":"x"})"}) {
    const auto state = decode_state(text);
    REQUIRE_FALSE(state);
    CHECK(state.error().code == paddock::ErrorCode::kStateCorrupt);
  }
}

TEST_CASE("state: a file that names another sandbox is not believed", "[run][error]") {
  const TempDir dir;
  const Store store(dir / "state");
  const auto lock = store.claim("box");
  REQUIRE(lock);
  REQUIRE(store.save(sample("box")));
  CHECK(store.load("box"));
  paddock::test::write_text(store.directory("box") / "state.json", encode_state(sample("other")));
  CHECK(store.load("box").error().what == "a state file is damaged: it names another sandbox");
}

TEST_CASE("store: a directory that others may enter is not read", "[run][error]") {
  const TempDir dir;
  const Store store(dir / "state");
  {
    const auto lock = store.claim("box");
    REQUIRE(lock);
    REQUIRE(store.save(sample("box")));
  }
  REQUIRE(store.names()->size() == 1);
  for (const auto& open : {dir / "state", dir / "state/sandboxes"}) {
    std::filesystem::permissions(open, std::filesystem::perms(0755));
    const std::string message = "cannot use '" + open.string() + "': other users may enter it";
    CHECK(store.names().error().what == message);
    CHECK(store.take_abandoned().error().what == message);
    CHECK(store.claim("other").error().what == message);
    std::filesystem::permissions(open, std::filesystem::perms(0700));
  }
  CHECK(store.take_abandoned()->size() == 1);
}

TEST_CASE("store: a directory of another user is not read", "[run][error]") {
  if (::geteuid() != 0) {
    PADDOCK_SKIP("only root can give a directory away");
  }
  const TempDir dir;
  const Store store(dir / "state");
  REQUIRE(store.claim("box"));
  REQUIRE(::chown((dir / "state").c_str(), 65534, 65534) == 0);
  CHECK(render(store.names().error()) ==
        "paddock: error[P0701]: cannot use '" + (dir / "state").string() +
            "': it belongs to another user\n  hint: remove it, or set PADDOCK_STATE_DIR or "
            "XDG_STATE_HOME to a folder of your own\n");
}

TEST_CASE("store: a name is free again only once gc has cleared what it left", "[run][error]") {
  const TempDir dir;
  const Store store(dir / "state");
  const auto lock = store.claim("box");
  State state = sample("box");
  state.phase = Phase::kUnreleased;
  REQUIRE(store.save(state));
  CHECK(store.load("box")->phase == Phase::kUnreleased);
  CHECK(
      render(store.claim("box").error()) ==
      "paddock: error[P0602]: a sandbox named 'box' exists\n  hint: `paddock gc` clears it away\n");
}

TEST_CASE("store: LC06: a record just made stays, whatever the clock says", "[run]") {
  const TempDir dir;
  const Store store(dir / "state");
  const auto retire = [&](const std::string& name) {
    const auto lock = store.claim(name);
    REQUIRE(lock);
    REQUIRE(store.save(sample(name)));
    REQUIRE(store.retire(name));
  };
  for (int i = 0; i < 40; ++i) {
    const std::string name = "n" + std::to_string(i);
    retire(name);
    const auto tomorrow = std::filesystem::file_time_type::clock::now() + std::chrono::hours(24);
    std::filesystem::last_write_time(store.ended_directory(name) / "state.json", tomorrow);
  }
  retire("now");
  CHECK(store.load_ended("now"));
  CHECK(store.ended_names()->size() == 20);
}

TEST_CASE("store: a name that is not there is named with the nearest", "[run][error]") {
  const TempDir dir;
  const Store store(dir / "state");
  CHECK(store.names()->empty());
  const auto lock = store.claim("box");
  CHECK(render(store.load("bax").error()) ==
        "paddock: error[P0601]: no sandbox named 'bax'\n  hint: did you mean 'box'?\n");
  CHECK(
      render(store.claim("box").error()) ==
      "paddock: error[P0602]: a sandbox named 'box' exists\n  hint: `paddock stop box` ends it\n");
}

TEST_CASE("store: a directory is abandoned only once its owner has gone", "[run]") {
  const TempDir dir;
  const Store store(dir / "state");
  {
    const auto lock = store.claim("box");
    REQUIRE(lock);
    CHECK(store.take_abandoned()->empty());
  }
  const auto abandoned = store.take_abandoned();
  REQUIRE(abandoned->size() == 1);
  CHECK(abandoned->at(0).name == "box");
  CHECK(store.take_abandoned()->empty());  // we hold it now
}

TEST_CASE("store: a killed owner's directory is abandoned at once", "[run]") {
  const TempDir dir;
  const Store store(dir / "state");
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = store.claim("box");
    ::_exit(lock ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(status == 0);
  CHECK(store.take_abandoned()->size() == 1);
}

TEST_CASE("store: a retired record can be read until at least twenty others followed", "[run]") {
  const TempDir dir;
  const Store store(dir / "state");
  for (int i = 0; i < 42; ++i) {
    const std::string name = "n" + std::to_string(i);
    const auto lock = store.claim(name);
    REQUIRE(lock);
    State state = sample(name);
    state.phase = Phase::kEnded;
    REQUIRE(store.save(state));
    paddock::test::write_text(store.directory(name) / "run/left", "x");
    REQUIRE(store.retire(name));
    ::usleep(2000);  // the age is the file's
  }
  CHECK(store.names()->empty());
  CHECK(store.ended_names()->size() == 21);  // the forty-first was one too many
  CHECK_FALSE(store.load_ended("n20"));
  CHECK(store.load_ended("n21"));
  CHECK_FALSE(std::filesystem::exists(store.ended_directory("n41") / "run"));
}

TEST_CASE("store: links in the place of directories are not followed", "[run]") {
  const TempDir dir;
  const Store store(dir / "state");
  std::filesystem::create_directories(dir / "outside");
  paddock::test::write_text(dir / "outside/keep", "sentinel");
  const auto lock = store.claim("box");
  REQUIRE(lock);
  std::filesystem::create_directory_symlink(dir / "outside", store.directory("box") / "run");
  REQUIRE(store.save(sample("box")));
  REQUIRE(store.retire("box"));
  CHECK(paddock::test::read_text(dir / "outside/keep") == "sentinel");
}

TEST_CASE("names: given ones are checked, others are made from the profile's", "[run]") {
  const TempDir dir;
  const Store store(dir / "state");
  CHECK(*choose_name("box", "agent", store) == "box");
  const std::string made = *choose_name("", "./dir/agent.toml", store);
  CHECK(made.rfind("agent-", 0) == 0);
  CHECK(made.size() == 10);
  CHECK(choose_name("", "./My Profile.toml", store)->rfind("sandbox-", 0) == 0);
  CHECK(render(choose_name("-v", "agent", store).error()) ==
        "paddock: error[P0117]: bad sandbox name '-v'\n"
        "  hint: small letters, digits, '.', '_' and '-', the first a letter or digit, at most 63, "
        "no '..'\n");
}

TEST_CASE("record: what a launch was judged by survives the file", "[run]") {
  paddock::plan::Draft draft;
  draft.plan.name = "box";
  draft.plan.process.command = {"true"};
  draft.plan.mounts["/workspace"] = {};
  draft.required = {"capabilities", "user"};
  draft.origins["/process/umask"] = {
      {"profile", {"base.toml", 3, 1, 5}, "base", "because", "\"0022\""}};
  contract::PrepareReply prepared;
  prepared.answers = {{"/process/umask", contract::AnswerStatus::kDelegated, "gate", ""}};
  contract::ProbeReply probe;
  probe.available = true;
  probe.version = "0.8.0";
  const auto record = decode_record(encode_record(draft, prepared, probe));
  REQUIRE(record);
  CHECK(record->draft.required == draft.required);
  CHECK(record->draft.plan.mounts.count("/workspace") == 1);
  CHECK(record->draft.origins.at("/process/umask").at(0).where.line == 3);
  CHECK(record->prepared.answers.at(0).mechanism == "gate");
  CHECK(record->probe.version == "0.8.0");
  CHECK_FALSE(decode_record("{}"));
}
