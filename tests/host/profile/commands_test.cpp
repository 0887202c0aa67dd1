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

TEST_CASE("profile list: what does not load is marked, and whose it is", "[profile][cli]") {
  const User user;
  fs::create_directories(user.profiles());
  write_text(user.profiles() / "bad.toml", "schema_version = 1\ncolour = 1\n");
  write_text(user.home() / "elsewhere.toml", "schema_version = 1\nnetwork.mode = 'bridge'\n");
  fs::create_symlink(user.home() / "elsewhere.toml", user.profiles() / "link.toml");
  fs::create_symlink("/etc/passwd", user.profiles() / "passwd.toml");
  const Outcome rows = user.run("profile list --plain");
  CHECK(has(rows, "bad\tyours\tbroken: unknown key 'colour'\n"));
  CHECK(has(rows, "link\tnot yours\tbroken: 'network.mode' = \"bridge\" loosens \"none\"\n"));
  CHECK(has(rows, "passwd\tnot yours\tbroken: not TOML: "));
  CHECK(has(rows, "offline\tshipped\tthe current folder"));
}

TEST_CASE("profile show: each value with its place", "[profile][cli]") {
  const User user;
  const Outcome shown = user.run("profile show agent");
  CHECK(shown.status == 0);
  CHECK(has(shown, "resources.pids"));
  // A place is short, as in `paddock plan`, and whole for programs.
  CHECK(has(shown, "  agent.toml:"));
  CHECK(has(shown, "  base.toml:"));
  CHECK_FALSE(has(shown, "/base.toml:"));
  CHECK(has(user.run("profile show agent --json"), "/base.toml:"));
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

TEST_CASE("profile validate: names as well as files", "[profile][cli]") {
  const User user;
  CHECK(user.run("profile validate quickstart").out == "quickstart: ok\n");
  const Outcome near = user.run("profile validate quikstart");
  CHECK(near.status == 5);
  CHECK(has(near, "hint: did you mean 'quickstart'?"));
  // A file of that name comes first.
  write_text(user.project() / "quickstart", "schema_version = 2\n");
  CHECK(user.run("profile validate quickstart").status == 2);
}

TEST_CASE("profile validate: of several problems 2 comes before 4, and 4 before 5",
          "[profile][cli]") {
  const User user;
  const std::string loose = "network.mode = 'bridge'\n";
  const std::string absent = "[hardener.absent]\n";
  const std::string wrong = "colour = 1\n";
  const auto status = [&](const std::string& text) {
    write_text(user.project() / "x.toml", "schema_version = 1\n" + text);
    return user.run("profile validate x.toml").status;
  };
  CHECK(status(absent) == 5);
  CHECK(status(loose) == 4);
  CHECK(status(loose + absent) == 4);
  CHECK(status("hardener.absent = {}\n" + loose) == 4);
  CHECK(status("hardener.absent = {}\n" + loose + wrong) == 2);
  CHECK(status(wrong + loose + absent) == 2);
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
  // What would not load is not written.
  const Outcome lost = user.run("profile new x --extends nosuch");
  CHECK(lost.status == 5);
  CHECK(has(lost, "no profile is named 'nosuch'"));
  CHECK(user.run("profile new x --extends x").status == 2);
  CHECK(user.run("profile new quickstart --extends agent").status == 2);
  CHECK_FALSE(fs::exists(user.profiles() / "x.toml"));
  CHECK_FALSE(fs::exists(user.profiles() / "quickstart.toml"));
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

TEST_CASE("plan: a name that run refuses is refused", "[profile][cli]") {
  const User user;
  const Outcome refused = user.run("plan quickstart --name ../x");
  CHECK(refused.status == 2);
  CHECK(has(refused, "bad sandbox name '../x'"));
}

TEST_CASE("help profile: every table and variable", "[profile][cli]") {
  const User user;
  const Outcome page = user.run("help profile");
  for (const char* word :
       {"[image]", "[resolve]", "[workspace.folders]", "${workspace}", "${cwd}"}) {
    INFO(word);
    CHECK(has(page, word));
  }
  CHECK(has(user.run("help P0131"), "of\nyour own, or look at the file and approve it as it is"));
  CHECK(has(user.run("profile schema --markdown"), "may only move further in"));
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
