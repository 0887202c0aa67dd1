#include "run/names.hpp"

#include "base/text.hpp"
#include "run/git.hpp"
#include "run/worktree_place.hpp"
#include "support/catch.hpp"

using namespace paddock;  // NOLINT(google-build-using-namespace): the unit under test

TEST_CASE("names: any text as a sandbox's name", "[run]") {
  CHECK(run::as_name("agent") == "agent");
  CHECK(run::as_name("Feature/A b") == "feature-a-b");
  CHECK(run::as_name("--x__y..") == "x__y");
  CHECK(run::as_name("ünï.cødé") == "n-c-d");
  CHECK(run::as_name("a..b") == "a.b");
  for (const char* text : {"", "///", "..", "\xff", "-"}) {
    CHECK(run::as_name(text) == "sandbox");
  }
  CHECK(run::as_name(std::string(300, 'a')).size() == 50);
}

TEST_CASE("names: of a branch, told apart from others that look alike", "[run]") {
  CHECK(run::worktree_name("main") == "main");
  CHECK(run::worktree_name("feature/a").starts_with("feature-a-"));
  CHECK(run::worktree_name("feature/a") != run::worktree_name("feature-a"));
  CHECK(run::worktree_name("Feature/a") != run::worktree_name("feature/a"));
  const std::string branch(200, 'b');
  CHECK(is_name(run::worktree_name(branch)));
  CHECK(run::branch_sandbox_name("agent", "main") == "agent-main");
  CHECK(run::branch_sandbox_name("./My Profile.toml", "main") == "my-profile-main");
  CHECK(is_name(run::branch_sandbox_name(std::string(99, 'p'), run::worktree_name(branch))));
}

TEST_CASE("names: of branches as git and every command line take them", "[run]") {
  for (const char* good : {"main", "feature/a.b-c_d", "A/b/c", "1"}) {
    CHECK(run::is_branch_name(good));
  }
  for (const char* bad : {"",         "/",  "a/",   "/a",    "-a",   "a/-b", "a..b",    "a.lock",
                          "a.lock/b", ".a", "a.",   "a b",   "a~1",  "a^",   "a:b",     "a?",
                          "a*",       "a[", "a\\b", "@{-1}", "HEAD", "a\nb", "\xc3\xa4"}) {
    CAPTURE(bad);
    CHECK_FALSE(run::is_branch_name(bad));
  }
  CHECK_FALSE(run::is_branch_name(std::string(201, 'a')));
}
