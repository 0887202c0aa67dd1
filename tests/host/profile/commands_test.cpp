// `paddock profile ...` as a user runs it: output, exit status, and what it leaves behind.
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

namespace paddock::test {
namespace {

namespace fs = std::filesystem;

struct Outcome {
  int status = -1;
  std::string out;  ///< standard output, then standard error
};

// A user with a home, a project and nothing else; no terminal.
class User {
 public:
  User() {
    fs::create_directories(home());
    fs::create_directories(project());
  }

  Outcome run(const std::string& words) const {
    const std::string command =
        "cd '" + project().string() + "' && env -i PATH=/usr/bin:/bin HOME='" + home().string() +
        "' '" + std::string(PADDOCK_BUILD_DIR) + "/bin/paddock' " + words + " 2>&1 < /dev/null";
    Outcome outcome;
    FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    char buffer[4096];
    for (std::size_t got = 0; (got = std::fread(buffer, 1, sizeof(buffer), pipe)) > 0;) {
      outcome.out.append(buffer, got);
    }
    const int status = ::pclose(pipe);
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return outcome;
  }

  fs::path home() const { return dir_ / "home"; }
  fs::path project() const { return dir_ / "home/project"; }
  fs::path profiles() const { return home() / ".config/paddock/profiles"; }

 private:
  TempDir dir_;
};

bool has(const Outcome& outcome, const std::string& text) {
  return outcome.out.find(text) != std::string::npos;
}

TEST_CASE("profile list: shows shipped and own profiles", "[profile][cli]") {
  const User user;
  const Outcome plain = user.run("profile list --plain");
  CHECK(plain.status == 0);
  CHECK(has(plain, "quickstart\tshipped\t"));
  CHECK(has(user.run("profile list --json"), "\"schema\":\"paddock.profile-list/1\""));
}

TEST_CASE("profile show: each value with its place", "[profile][cli]") {
  const User user;
  const Outcome shown = user.run("profile show agent");
  CHECK(shown.status == 0);
  CHECK(has(shown, "resources.pids"));
  CHECK(has(shown, "agent.toml:"));
  CHECK(has(shown, "base.toml:"));
  const Outcome tree = user.run("profile show agent --tree --plain");
  CHECK(tree.status == 0);
  CHECK(tree.out.rfind("agent\tshipped\t", 0) == 0);
  CHECK(has(tree, "\nquickstart\tshipped\t"));
  CHECK(has(tree, "\nbase\tshipped\t"));
  CHECK(has(user.run("profile show default --json"), "\"folders\":{"));
  CHECK(user.run("profile show nothing").status == 5);
}

TEST_CASE("profile validate: all problems of all files", "[profile][cli]") {
  const User user;
  write_text(user.project() / "good.toml", "schema_version = 1\n");
  write_text(user.project() / "bad.toml", "schema_version = 1\ncolour = 1\nname = 2\n");
  write_text(user.project() / "loose.toml", "schema_version = 1\nnetwork.mode = 'bridge'\n");
  const Outcome good = user.run("profile validate good.toml");
  CHECK(good.status == 0);
  CHECK(good.out == "good.toml: ok\n");
  const Outcome bad = user.run("profile validate good.toml bad.toml loose.toml");
  CHECK(bad.status == 2);
  CHECK(has(bad, "./bad.toml:2:1: error[P0112]: unknown key 'colour'"));
  CHECK(has(bad, "./bad.toml:3:8: error[P0113]: 'name' takes a string, not an integer"));
  CHECK(has(bad, "./loose.toml:2:16: error[P0131]: 'network.mode' = \"bridge\" loosens \"none\""));
  CHECK(user.run("profile validate loose.toml").status == 4);
}

TEST_CASE("profile new: writes once, privately, and what it writes loads", "[profile][cli]") {
  const User user;
  const Outcome made = user.run("profile new web --extends agent");
  CHECK(made.status == 0);
  const fs::path file = user.profiles() / "web.toml";
  CHECK(made.out == file.string() + "\n");
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(user.run("profile show web").status == 0);
  const std::string before = read_text(file);
  const Outcome again = user.run("profile new web");
  CHECK(again.status == 2);
  CHECK(has(again, "exists"));
  CHECK(read_text(file) == before);
  CHECK(user.run("profile new ../web").status == 2);
  CHECK(user.run("profile new base").status == 2);
  // A link in the place of the file is not followed.
  fs::create_symlink(user.home() / "victim", user.profiles() / "link.toml");
  CHECK(user.run("profile new link").status == 2);
  CHECK_FALSE(fs::exists(user.home() / "victim"));
}

TEST_CASE("profile approve: asks, and needs somebody to ask", "[profile][cli]") {
  const User user;
  write_text(user.project() / "repo.toml",
             "schema_version = 1\nextends = ['offline']\nresources.pids = 4096\n");
  const Outcome refused = user.run("profile approve ./repo.toml");
  CHECK(refused.status == 6);
  CHECK(has(refused, "'resources.pids' = 4096 loosens 512"));
  CHECK(user.run("profile show ./repo.toml").status == 4);
  CHECK(user.run("profile approve ./repo.toml --yes").status == 0);
  CHECK(has(user.run("profile show ./repo.toml --tree --plain"), "repo\tapproved\t./repo.toml"));
  write_text(user.project() / "repo.toml",
             "schema_version = 1\nextends = ['offline']\nresources.pids = 4097\n");
  CHECK(user.run("profile show ./repo.toml").status == 4);
}

TEST_CASE("profile schema: JSON for editors, Markdown for people", "[profile][cli]") {
  const User user;
  const Outcome schema = user.run("profile schema");
  CHECK(schema.status == 0);
  CHECK(has(schema, "\"$schema\": \"http://json-schema.org/draft-07/schema#\""));
  CHECK(has(schema, "\"masked_paths\""));
  CHECK(has(user.run("profile schema --markdown"), "### `[hardener.baseline]`"));
}

}  // namespace
}  // namespace paddock::test
