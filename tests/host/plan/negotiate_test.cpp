// Gate 1: what the backend cannot do, in words.
#include "host/plan/sample.hpp"
#include "support/catch.hpp"

using namespace paddock;
using test::draft_of;
using test::text_of;

namespace {

/// A backend that supports all that `draft` requires.
contract::ProbeReply able(const plan::Draft& draft) {
  contract::ProbeReply probe;
  probe.available = true;
  for (const std::string& name : draft.required) {
    probe.protections.push_back({name, true, "by something", "", ""});
  }
  return probe;
}

void lacks(contract::ProbeReply& probe,
           const std::string& protection,
           std::string reason,
           std::string remedy) {
  for (contract::ProtectionSupport& row : probe.protections) {
    if (row.protection == protection) {
      row = {protection, false, "", std::move(reason), std::move(remedy)};
    }
  }
}

}  // namespace

TEST_CASE("negotiate: a backend that supports everything is taken", "[plan]") {
  plan::Draft draft = draft_of("");
  CHECK(text_of(plan::negotiate(draft, "box", able(draft))) == "ok");
}

TEST_CASE("negotiate: an absent backend says why and what to do", "[plan][error]") {
  plan::Draft draft = draft_of("");
  contract::ProbeReply probe;
  probe.reason = "'bwrap' is not installed";
  probe.remedy = "apt install bubblewrap";
  CHECK(text_of(plan::negotiate(draft, "box", probe)) ==
        "paddock: error[P0501]: backend 'box' cannot run here: 'bwrap' is not installed\n"
        "  hint: apt install bubblewrap\n");
}

TEST_CASE("negotiate: each missing protection has its reason, remedy and profile line",
          "[plan][error]") {
  plan::Draft draft = draft_of("[resources]\npids = 100\n");
  contract::ProbeReply probe = able(draft);
  lacks(probe, "cgroup.pids", "no cgroup is writable", "start a user manager");
  probe.protections.erase(
      std::find_if(probe.protections.begin(), probe.protections.end(),
                   [](const auto& row) { return row.protection == "devices.minimal"; }));
  CHECK(text_of(plan::negotiate(draft, "box", probe)) ==
        "web.toml:2:8: error[P0304]: backend 'box' cannot enforce 'cgroup.pids' here: no cgroup is "
        "writable\n"
        "  asked for by '/resources/pids' (profile, web.toml:2:8)\n"
        "  hint: start a user manager\n"
        "paddock: error[P0304]: backend 'box' cannot enforce 'devices.minimal' here: the backend "
        "says nothing about it\n"
        "  paddock always asks for it\n");
}

TEST_CASE("negotiate: a hardener's demand is named", "[plan][error]") {
  plan::Draft draft = draft_of("");
  draft.demands["org.example.thing"] = {"strict", {"web.toml", 5, 1, 1}, "", "", ""};
  const contract::ProbeReply probe = able(draft);
  draft.required.push_back("org.example.thing");
  CHECK(text_of(plan::negotiate(draft, "box", probe)) ==
        "web.toml:5:1: error[P0304]: backend 'box' cannot enforce 'org.example.thing' here: the "
        "backend says nothing about it\n"
        "  asked for by the hardener strict, web.toml:5:1\n");
}

TEST_CASE("negotiate: a best-effort limit goes unenforced, and it is said", "[plan]") {
  plan::Draft draft = draft_of("[resources]\npids = 100\nbest_effort = [\"pids\"]\n");
  contract::ProbeReply probe = able(draft);
  lacks(probe, "cgroup.pids", "no cgroup is writable", "");
  CHECK(text_of(plan::negotiate(draft, "box", probe)) == "ok");
  CHECK(draft.notices ==
        std::vector<std::string>{"resources.pids is not enforced: no cgroup is writable"});
  CHECK(draft.unenforced.at("cgroup.pids") == "no cgroup is writable");
  CHECK(std::count(draft.required.begin(), draft.required.end(), "cgroup.pids") == 0);
}

TEST_CASE("negotiate: a weaker isolation than asked for is refused", "[plan][error]") {
  plan::Draft draft = draft_of("backend.isolation = \"vm\"\n");
  CHECK(text_of(plan::negotiate(draft, "box", able(draft))) ==
        "web.toml:1:21: error[P0304]: backend 'box' isolates by 'shared-kernel', and the plan asks "
        "for 'vm' at least\n"
        "  hint: choose another backend, or lower backend.isolation in your own profile\n");
}

TEST_CASE("negotiate: another network mode is a protection that nobody supports yet",
          "[plan][error]") {
  plan::Draft draft = draft_of("network.mode = \"bridge\"\n");
  plan::Draft none = draft_of("");
  CHECK(text_of(plan::negotiate(draft, "box", able(none))) ==
        "web.toml:1:16: error[P0304]: backend 'box' cannot enforce 'network.bridge' here: the "
        "backend says nothing about it\n"
        "  asked for by '/network/mode' (profile, web.toml:1:16)\n");
}
