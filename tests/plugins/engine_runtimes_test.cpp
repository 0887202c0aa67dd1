// Which of an engine's runtimes isolates by what, and which one is asked for.
#include "paddock/contract/enum_names.hpp"
#include "support/catch.hpp"
#include "support/engine/runtimes.hpp"

using namespace paddock;
using namespace paddock::engine;
using contract::Isolation;

namespace {

Isolation level(const std::string& name, const std::string& program = "") {
  return level_of({name, program});
}

Runtimes told(const std::string& names, const std::string& standard = "runc") {
  return read_runtimes(R"({"Runtimes":{)" + names + R"(},"DefaultRuntime":")" + standard + "\"}");
}

/// Its name, or why there is none.
std::string chosen(const Runtimes& runtimes, Isolation least) {
  const auto runtime = choose_runtime(runtimes, least);
  return runtime ? runtime->name
                 : runtime.error().what + "\nremedy: " + runtime.error().hints.at(0);
}

const std::string kRunc = R"("runc":{"path":"runc"})";
const std::string kRunsc = R"("runsc":{"path":"/usr/local/bin/runsc"})";
const std::string kKata = R"("kata":{"runtimeType":"io.containerd.kata.v2"})";

}  // namespace

TEST_CASE("runtimes: a name says what it should give, and the program's more", "[engine]") {
  for (const char* name :
       {"runc", "crun", "youki", "io.containerd.runc.v2", "nvidia", "", "my-own"}) {
    CAPTURE(name);
    CHECK(level(name) == Isolation::kSharedKernel);
  }
  CHECK(level("runsc") == Isolation::kUserKernel);
  CHECK(level("io.containerd.runsc.v1") == Isolation::kUserKernel);
  CHECK(level("gvisor", "/usr/bin/runsc") == Isolation::kUserKernel);
  CHECK(level("kata-runtime") == Isolation::kVm);
  CHECK(level("krun", "/usr/bin/krun") == Isolation::kVm);
  CHECK(level("runsc", "/usr/bin/runc") == Isolation::kSharedKernel);
  CHECK(level("kata", "/opt/bin/wrapper") == Isolation::kVm);
  CHECK(level("xrunsc") == Isolation::kSharedKernel);
}

TEST_CASE("runtimes: the engine's own choice, or the least that is enough", "[engine]") {
  const Runtimes all = told(kRunc + "," + kRunsc + "," + kKata);
  CHECK(chosen(all, Isolation::kSharedKernel) == "runc");
  CHECK(chosen(all, Isolation::kUserKernel) == "runsc");
  CHECK(chosen(told(kRunc + "," + kRunsc, "runsc"), Isolation::kSharedKernel) == "runsc");
  CHECK(chosen(told(kRunsc, "gone"), Isolation::kSharedKernel) == "runsc");
  CHECK(best_of(all) == Isolation::kUserKernel);
  CHECK(best_of(told(kRunc + "," + kKata)) == Isolation::kSharedKernel);
}

TEST_CASE("runtimes: what none of them gives is refused with the remedy", "[engine][error]") {
  CHECK(chosen(told(kRunc + "," + kKata), Isolation::kUserKernel) ==
        "none of the engine's runtimes, 'kata', 'runc', gives 'user-kernel'\n"
        "remedy: install gVisor's runsc, and register it: dockerd --add-runtime runsc=PROGRAM, "
        "which runs 'runsc --network=none --host-uds=open --oci-seccomp \"$@\"'");
  CHECK(chosen(told(kRunc + "," + kRunsc + "," + kKata), Isolation::kVm) ==
        "none of the engine's runtimes, 'kata', 'runc', 'runsc', gives 'vm'\n"
        "remedy: the engine has 'kata', but this version cannot prove a virtual machine");
  CHECK(chosen(told(kRunc + "," + kRunsc), Isolation::kVm) ==
        "none of the engine's runtimes, 'runc', 'runsc', gives 'vm'\n"
        "remedy: a virtual machine is more than this version can prove");
}

TEST_CASE("runtimes: an engine that tells nothing has its own choice, and no more", "[engine]") {
  for (const char* info : {"", "[]", "{}", R"({"Runtimes":[1]})", R"({"Runtimes":{"runsc":7}})"}) {
    CAPTURE(info);
    const Runtimes runtimes = read_runtimes(info);
    CHECK(runtimes.standard.empty());
    CHECK(choose_runtime(runtimes, Isolation::kSharedKernel).has_value());
    CHECK_FALSE(choose_runtime(runtimes, Isolation::kVm));
  }
}

TEST_CASE("runtimes: doctor shows who gives what", "[engine]") {
  CHECK(levels_text(told(kRunc)) == "namespaces");
  CHECK(
      levels_text(told(kRunc + "," + kRunsc + "," + kKata)) ==
      "namespaces; gVisor's kernel (runsc); a virtual machine, not proved by this version (kata)");
}
