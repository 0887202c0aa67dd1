// paddock run --worktree: sandboxes side by side on branches of one hostile repository.
#include <sys/stat.h>
#include <unistd.h>

#include <set>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

namespace fs = std::filesystem;

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A world whose project is a repository of one commit.
class Repository {
 public:
  explicit Repository(uid_t user = ::geteuid()) : world(user) {
    world.write(world.home() / ".gitconfig", "[user]\nname = Ada\nemail = ada@example.org\n");
    git("init -q -b main . && echo one >file && git add file && git commit -qm first && "
        "git branch secret && git checkout -q secret && echo s >s && git add s && "
        "git commit -qm hidden && git checkout -q main");
  }
  /// As the world's user, with their own configuration.
  Ran git(const std::string& arguments) const { return world.outside("git " + arguments); }
  std::string log(const std::string& branch) const {
    return git("log --format=%an:%s " + branch).out;
  }
  fs::path clones() const { return world.root() / "data/paddock-worktrees"; }
  Ran run(const std::string& branch, const std::string& script) const {
    return world.run({"run", "quickstart", "--worktree", branch, "--", "sh", "-c", script});
  }
  World world;
};

}  // namespace

TEST_CASE("worktree: a commit inside is fetched to the branch outside", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const Repository repository(user);
    const Ran ran = repository.run("feature/a",
                                   "cat file && echo two >>file && git commit -qam second && "
                                   "git log --format=%an:%s && git branch --show-current");
    CAPTURE(ran.out, ran.err);
    REQUIRE(ran.status == 0);
    CHECK(ran.out == "one\nAda:second\nAda:first\nfeature/a\n");
    CHECK(holds(ran.err, "`paddock worktree fetch feature/a` brings its commits"));
    CHECK(read_text(repository.world.project() / "file") == "one\n");
    CHECK(repository.log("feature/a").empty());
    const Ran fetched = repository.world.run({"worktree", "fetch", "feature/a"});
    CAPTURE(fetched.err);
    CHECK(fetched.status == 0);
    CHECK(repository.log("feature/a") == "Ada:second\nAda:first\n");
    CHECK(fetched.out == repository.git("rev-parse feature/a").out);
    CHECK(repository.git("status --porcelain").out.empty());
    CHECK(repository.git("fsck --strict").status == 0);
    // The next sandbox of the branch goes on where this one stopped.
    CHECK(repository.run("feature/a", "tail -n 1 file").out == "two\n");
  }
}

TEST_CASE("worktree: it is kept only when something was done, and ps shows the branch",
          "[integration]") {
  NEEDS_SANDBOXES();
  const Repository repository;
  const Ran idle = repository.run("idle", "git status --porcelain; git log -1 --format=%s");
  CHECK(idle.out == "first\n");
  CHECK_FALSE(holds(idle.err, "is kept"));
  CHECK(repository.world.run({"worktree", "list", "--plain"}).out.empty());
  for (const char* script : {"echo x >new", "rm file", "git commit -q --allow-empty -m empty",
                             "git branch other", "chmod 700 ."}) {
    CAPTURE(script);
    CHECK(holds(repository.run("busy", script).err, "is kept"));
    CHECK(repository.world.run({"worktree", "remove", "--yes", "busy"}).status == 0);
  }
  Started box = repository.world.start(
      {"run", "quickstart", "--worktree", "feature/B.x", "--", "sleep", "60"});
  const std::string name = "quickstart-feature-b.x-";
  REQUIRE(eventually(
      [&] { return holds(repository.world.run({"ps"}).out, "quickstart@feature/B.x"); }));
  CHECK(holds(repository.world.run({"ps"}).out, name));
  CHECK(holds(repository.world.run({"ps", "--json"}).out, "\"worktree\":\"feature/B.x\""));
  const Ran listed = repository.world.run({"worktree", "list", "--plain"});
  CHECK(holds(listed.out, "feature/B.x\tin use\t"));
  for (const char* verb : {"remove", "fetch"}) {
    const Ran ran = repository.world.run({"worktree", verb, "feature/B.x", "--yes"});
    CHECK(ran.status == 4);
    CHECK(ran.err ==
          "paddock: error[P0602]: another sandbox uses the worktree of branch 'feature/B.x'\n"
          "  hint: `paddock ps` shows it; take another branch, or end it\n");
  }
}

TEST_CASE("worktree: nothing but the branch's own history is inside", "[integration]") {
  NEEDS_SANDBOXES();
  const Repository repository;
  const std::string hidden = repository.git("rev-parse secret").out.substr(0, 40);
  const Ran ran =
      repository.run("plain", "git cat-file -e " + hidden +
                                  " || echo hidden; git cat-file -e HEAD && echo own; "
                                  "git for-each-ref --format='%(refname)'; ls -A /home");
  CHECK(ran.out == "hidden\nown\nrefs/heads/plain\nsandbox\n");
}

TEST_CASE("worktree: no hook, filter or setting of the repository is run, of neither side",
          "[integration]") {
  NEEDS_SANDBOXES();
  const Repository repository;
  const std::string marker = repository.world.root() / "OWNED";
  const std::string evil =
      "for s in core.fsmonitor core.sshCommand core.alternateRefsCommand core.pager core.editor "
      "uploadpack.packObjectsHook gpg.program diff.external credential.helper filter.evil.smudge "
      "filter.evil.clean filter.evil.process; do git config $s 'touch MARK; false'; done; "
      "git config filter.evil.required true; git config core.hooksPath .git/hooks; "
      "echo '* filter=evil' >.git/info/attributes; for h in post-checkout reference-transaction "
      "post-merge pre-auto-gc fsmonitor-watchman update pre-receive post-index-change; do "
      "printf '#!/bin/sh\\ntouch MARK\\n' >.git/hooks/$h; chmod +x .git/hooks/$h; done";
  const auto with = [&](std::string mark) {
    std::string text = evil;
    for (auto at = text.find("MARK"); at != std::string::npos; at = text.find("MARK")) {
      text.replace(at, 4, mark);
    }
    return text;
  };
  REQUIRE(repository.world.outside("mkdir -p .git/info .git/hooks; " + with(marker)).status == 0);
  const Ran inside = repository.run(
      "work",
      "git commit -q --allow-empty -m inside; mkdir -p .git/hooks .git/info; " + with(marker));
  CAPTURE(inside.out, inside.err);
  REQUIRE(inside.status == 0);
  const Ran fetched = repository.world.run({"worktree", "fetch", "work"});
  CAPTURE(fetched.err);
  CHECK(fetched.status == 0);
  CHECK(repository.world.run({"worktree", "list"}).status == 0);
  CHECK_FALSE(fs::exists(marker));
  CHECK(holds(repository.git("-c core.fsmonitor= log --format=%s work").out, "inside"));
  static_cast<void>(repository.git("status"));  // the control: it is live
  CHECK(fs::exists(marker));
}

TEST_CASE("worktree: a hostile clone cannot rewrite the branch, nor reach through links",
          "[integration][error]") {
  NEEDS_SANDBOXES();
  const Repository repository;
  REQUIRE(repository.run("work", "git commit -q --allow-empty -m one").status == 0);
  REQUIRE(repository.world.run({"worktree", "fetch", "work"}).status == 0);
  REQUIRE(repository.run("work", "git reset -q --hard HEAD^; git commit -q --allow-empty -m two")
              .status == 0);
  const Ran rewritten = repository.world.run({"worktree", "fetch", "work"});
  CHECK(rewritten.status == 1);
  CHECK(holds(rewritten.err, "git cannot do it: "));
  CHECK(repository.log("work") == "Ada:one\nAda:first\n");

  REQUIRE(repository.run("work", "rm -rf .git/refs/heads; ln -s /etc .git/refs/heads").status == 0);
  CHECK(holds(repository.world.run({"worktree", "fetch", "work"}).err,
              "reaches outside of itself: 'refs/heads' leads elsewhere"));
  REQUIRE(repository
              .run("work",
                   "rm .git/refs/heads; mkdir .git/refs/heads; echo /etc "
                   ">.git/objects/info/alternates")
              .status == 0);
  CHECK(holds(repository.world.run({"worktree", "fetch", "work"}).err,
              "reaches outside of itself: 'objects/info/alternates' leads elsewhere"));
  REQUIRE(repository.run("work", "rm -rf .git; ln -s /etc .git").status == 0);
  CHECK(repository.world.run({"worktree", "fetch", "work"}).status == 1);
  CHECK(repository.world.run({"worktree", "remove", "work"}).status == 6);
  CHECK(repository.world.run({"worktree", "remove", "--yes", "work"}).status == 0);
  CHECK(repository.git("fsck").status == 0);
}

TEST_CASE("worktree: a branch that is checked out is not written to", "[integration][error]") {
  NEEDS_SANDBOXES();
  const Repository repository;
  REQUIRE(repository.run("main", "git commit -q --allow-empty -m inside").status == 0);
  const Ran ran = repository.world.run({"worktree", "fetch", "main"});
  CHECK(ran.status == 2);
  CHECK(ran.err == "paddock: error[P0001]: branch 'main' is checked out in '" +
                       repository.world.project().string() +
                       "' or a worktree of it\n  hint: check out another one there first\n");
  CHECK(repository.log("main") == "Ada:first\n");
}

TEST_CASE("worktree: bad branches, and folders that are no repository, are refused",
          "[integration][error]") {
  const Repository repository;
  for (const char* bad : {"-x", "../x", "a//b", ".x", "a..b", "x.lock", "a b", "HEAD", "a/.b",
                          "refs:heads", "x~1", "@{u}"}) {
    CAPTURE(bad);
    const Ran ran =
        repository.world.run({"run", std::string("--worktree=") + bad, "quickstart", "true"});
    CHECK(ran.status == 125);
    CHECK(ran.err == "paddock: error[P0001]: '" + std::string(bad) +
                         "' is no name of a branch\n"
                         "  hint: letters, digits, '.', '_', '-' and '/'\n");
  }
  CHECK_FALSE(fs::exists(repository.clones()));
  const World bare;
  CHECK(bare.run({"run", "--worktree", "x", "quickstart", "true"}).err ==
        "paddock: error[P0001]: there is no Git repository here\n"
        "  hint: --worktree takes a branch of the repository of the current folder\n");
  bare.write(bare.project() / ".git", "gitdir: " + repository.world.project().string() + "/.git\n");
  CHECK(bare.run({"run", "--worktree", "x", "quickstart", "true"}).err ==
        "paddock: error[P0001]: '" + (bare.project() / ".git").string() +
            "' is not a repository's own folder\n"
            "  hint: change to the repository that it belongs to\n");
}

TEST_CASE("worktree: a profile whose workspace is another folder is refused, and nothing is left",
          "[integration][error]") {
  NEEDS_SANDBOXES();
  const Repository repository;
  fs::create_directories(repository.world.home() / "other");
  repository.world.profile("fixed",
                           "extends = [\"quickstart\"]\nworkspace.root = \"${home}/other\"\n");
  const Ran ran = repository.world.run({"run", "fixed", "--worktree", "x", "--", "true"});
  CHECK(ran.status == 125);
  CHECK(ran.err ==
        "paddock: error[P0001]: the workspace of profile 'fixed' is not the current folder, so "
        "that no worktree can take its place\n"
        "  hint: say root = \"${cwd}\" in [workspace], as the profile 'quickstart' does\n");
  CHECK(repository.world.run({"worktree", "list", "--plain"}).out.empty());
  CHECK(repository.world.run({"run", "quickstart", "--worktree", "x", "--dry-run"}).err ==
        "paddock: error[P0001]: '--dry-run' changes nothing, and '--worktree' makes a clone\n");
}

TEST_CASE("worktree: without a profile, the project's own as the branch has it counts",
          "[integration]") {
  NEEDS_SANDBOXES();
  const Repository repository;
  const fs::path file = repository.world.project() / ".paddock/profile.toml";
  const std::string head = "schema_version = 1\nextends = [\"quickstart\"]\n";
  repository.world.write(file, head + "process.umask = \"0077\"\n");
  REQUIRE(repository.git("add . && git commit -qm profile && git branch strict").status == 0);
  repository.world.write(file, head + "process.umask = \"0027\"\n");
  const Ran ran = repository.world.run({"run", "--worktree", "strict", "--", "sh", "-c", "umask"});
  CAPTURE(ran.err);
  CHECK(ran.out == "0077\n");
  CHECK(holds(repository.world.run({"ps", "--all", "--plain"}).out, "project-strict\t"));
}

TEST_CASE("worktree: twenty at once, each with its own name, store and files", "[integration]") {
  NEEDS_SANDBOXES();
  const Repository repository;
  std::vector<Started> started;
  for (int i = 0; i < 20; ++i) {
    const std::string branch = "crowd/" + std::to_string(i);
    started.push_back(repository.world.start(
        {"run", "quickstart", "--worktree", branch, "--", "sh", "-c",
         "echo " + std::to_string(i) + " >file; git commit -qam " + std::to_string(i) +
             "; ls -A; git for-each-ref --format='%(refname)'"}));
  }
  for (int i = 0; i < 20; ++i) {
    const Ran ran = started[static_cast<std::size_t>(i)].wait();
    CAPTURE(i, ran.err);
    CHECK(ran.status == 0);
    CHECK(ran.out == ".git\nfile\nrefs/heads/crowd/" + std::to_string(i) + "\n");
  }
  for (int i = 0; i < 20; ++i) {
    const std::string branch = "crowd/" + std::to_string(i);
    CHECK(repository.world.run({"worktree", "fetch", branch}).status == 0);
    CHECK(repository.log(branch) == "Ada:" + std::to_string(i) + "\nAda:first\n");
  }
  const auto names = repository.world.run({"ps", "--all", "--plain"}).out;
  CHECK(std::count(names.begin(), names.end(), '\n') == 20);
  CHECK(repository.git("fsck").status == 0);
}

TEST_CASE("worktree: of many for one branch one works, and the others say so", "[integration]") {
  NEEDS_SANDBOXES();
  const Repository repository;
  std::vector<Started> started;
  for (int i = 0; i < 6; ++i) {
    started.push_back(repository.world.start({"run", "quickstart", "--worktree", "one", "--name",
                                              "box" + std::to_string(i), "--", "sh", "-c",
                                              "echo in; exec sleep 2"}));
  }
  int worked = 0;
  for (Started& one : started) {
    const Ran ran = one.wait();
    worked += ran.status == 0 ? 1 : 0;
    CHECK((ran.status == 0 || holds(ran.err, "another sandbox uses the worktree of branch 'one'")));
  }
  CHECK(worked == 1);
}

TEST_CASE("worktree: in the background it is held to the end, and start takes it up again",
          "[integration]") {
  NEEDS_SANDBOXES();
  const Repository repository;
  const World& world = repository.world;
  const Ran ran = world.run({"run", "--detach", "quickstart", "--worktree", "back", "--", "sh",
                             "-c", "git log -1 --format=%s >>seen; sleep 60"});
  CAPTURE(ran.err);
  REQUIRE(ran.out == "quickstart-back\n");
  CHECK(holds(world.run({"worktree", "list", "--plain"}).out, "back\tin use\t"));
  CHECK(world.run({"run", "--worktree", "back", "offline", "true"}).status == 125);
  REQUIRE(world.run({"stop", "--grace", "0", "quickstart-back"}).status == 0);
  REQUIRE(eventually([&] {
    return holds(world.run({"worktree", "list", "--plain"}).out, "back\tchanged\t");
  }));
  // Taken up again, also where the clone is gone meanwhile.
  for (const bool gone : {false, true}) {
    if (gone) {
      REQUIRE(world.run({"worktree", "remove", "--yes", "back"}).status == 0);
    }
    REQUIRE(world.run({"start", "quickstart-back"}).status == 0);
    CHECK(holds(world.run({"ps"}).out, "quickstart@back"));
    CHECK(eventually([&] {
      return world.run({"exec", "quickstart-back", "--", "cat", "seen"}).out ==
             (gone ? "first\n" : "first\nfirst\n");
    }));
    REQUIRE(world.run({"stop", "--grace", "0", "quickstart-back"}).status == 0);
  }
}

TEST_CASE("worktree: a clone that a killed paddock left unfinished is made anew", "[integration]") {
  NEEDS_SANDBOXES();
  const Repository repository;
  REQUIRE(repository.run("left", "echo x >x").status == 0);
  fs::path record;
  for (const auto& entry : fs::recursive_directory_iterator(repository.clones())) {
    record = entry.path().filename() == "left.json" ? entry.path() : record;
  }
  REQUIRE_FALSE(record.empty());
  fs::remove(record);  // as before it was written
  fs::create_directories(record.parent_path() / ".left.tmp/half");
  const Ran ran = repository.run("left", "ls");
  CHECK(ran.out == "file\n");
  CHECK(repository.world.run({"worktree", "list", "--plain"}).out.empty());
  std::set<std::string> left;
  for (const auto& entry : fs::directory_iterator(record.parent_path())) {
    left.insert(entry.path().filename());
  }
  CHECK(left == std::set<std::string>{"left.lock"});
}
