// What the caller has and a sandbox must not get: by inheritance, or through a process that enters.
#include <fcntl.h>
#include <grp.h>
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

constexpr const char* kCanary = "canary-of-the-caller";

// Looks into every process that comes by, as fast as it can, until the file "stop" appears.
// "gate": a gate that entered was seen, so looking was possible. Anything else is a finding.
constexpr const char* kSpy = R"(
import os
found = set()
def read(path):
    try:
        with open(path, 'rb') as f: return f.read(1 << 20)
    except OSError: return b''
def link(path):
    try: return os.readlink(path)
    except OSError: return ''
def look(pid):
    at = '/proc/' + pid
    if read(at + '/cmdline').startswith(b'/.paddock/gate'): found.add('gate')
    if b'canary' in read(at + '/environ'): found.add('environment')
    if b'exec\0box' in read(at + '/cmdline'): found.add('arguments')
    exe = link(at + '/exe')
    if 'paddock' in exe and exe != '/.paddock/gate': found.add('program ' + exe)
    try: numbers = os.listdir(at + '/fd')
    except OSError: return
    for number in numbers:
        to = link(at + '/fd/' + number)
        # The gate's own probe of writing leaves a file without a name open for a moment.
        own = ('pipe:', 'socket:', '/workspace/#', '/dev/shm/#', '/home/sandbox/#', '/tmp/#')
        if to and not to.startswith(own) and not os.path.exists(to):
            found.add('descriptor ' + to)
skipped = {'1', str(os.getpid())}
print('ready', flush=True)
while not os.path.exists('stop'):
    for pid in os.listdir('/proc'):
        if pid.isdigit() and pid not in skipped: look(pid)
for line in sorted(found): print(line)
)";

// Finds and reads the key "paddock-test" of the session keyring, -3.
std::string key_script() {
  return "import ctypes\n"
         "call = ctypes.CDLL(None, use_errno=True).syscall\n"
         "key = call(" +
         std::to_string(SYS_keyctl) + ", " + std::to_string(KEYCTL_SEARCH) +
         ", -3, b'user', b'paddock-test', 0)\n"
         "text = ctypes.create_string_buffer(32)\n"
         "print('read' if key > 0 and call(" +
         std::to_string(SYS_keyctl) + ", " + std::to_string(KEYCTL_READ) +
         ", key, text, 32) > 0 else 'none', text.value.decode())\n";
}

}  // namespace

TEST_CASE("inherit: the workload cannot look into what exec brings in", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    World world(user);
    world.environment["CANARY"] = kCanary;
    Started box = world.start({"run", "--name", "box", "quickstart", "--", "python3", "-c", kSpy});
    REQUIRE(box.await_output("ready"));
    for (int i = 0; i < 60; ++i) {
      REQUIRE(world.run({"exec", "box", "--", "true"}).status == 0);
    }
    CHECK(world.run({"verify", "box"}).status == 0);
    world.write(world.project() / "stop", "");
    CHECK(box.wait().out == "ready\ngate\n");
  }
}

TEST_CASE("inherit: the caller's session keyring stays outside, in run and in exec",
          "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    World world(user);
    world.in_child = [] {
      ::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr);
      ::syscall(SYS_add_key, "user", "paddock-test", "canary", 6, KEY_SPEC_SESSION_KEYRING);
    };
    World outside(user);
    outside.in_child = world.in_child;
    outside.program = "/usr/bin/python3";
    if (outside.run({"-c", key_script()}).out != "read canary\n") {
      PADDOCK_SKIP("no keys can be added here");
    }
    CHECK(world.run({"run", "quickstart", "--", "python3", "-c", key_script()}).out == "none \n");
    Started box = world.start(
        {"run", "--name", "box", "quickstart", "--", "sh", "-c", "echo ready; exec sleep 1000"});
    REQUIRE(box.await_output("ready"));
    CHECK(world.run({"exec", "box", "--", "python3", "-c", key_script()}).out == "none \n");
  }
}

TEST_CASE("inherit: root's supplementary groups are dropped, in run and in exec", "[integration]") {
  NEEDS_SANDBOXES();
  if (::geteuid() != 0) {
    PADDOCK_SKIP("taking groups needs root");
  }
  World world;
  world.in_child = [] {
    const std::array<gid_t, 2> groups = {4, 27};
    ::setgroups(groups.size(), groups.data());
  };
  World outside;
  outside.in_child = world.in_child;
  outside.program = "/usr/bin/grep";
  CHECK(outside.run({"Groups", "/proc/self/status"}).out == "Groups:\t4 27 \n");
  CHECK(world.run({"run", "quickstart", "--", "grep", "Groups", "/proc/self/status"}).out ==
        "Groups:\t \n");
  Started box = world.start(
      {"run", "--name", "box", "quickstart", "--", "sh", "-c", "echo ready; exec sleep 1000"});
  REQUIRE(box.await_output("ready"));
  CHECK(world.run({"exec", "box", "--", "grep", "Groups", "/proc/self/status"}).out ==
        "Groups:\t \n");
}

TEST_CASE("inherit: a directory as a standard stream is refused, by run and by exec",
          "[integration][error]") {
  NEEDS_SANDBOXES();
  World world;
  const std::string refused =
      "paddock: error[P0001]: standard input is a directory, a way out of the sandbox\n"
      "  hint: redirect it to a file or to /dev/null\n";
  Started box = world.start(
      {"run", "--name", "box", "quickstart", "--", "sh", "-c", "echo ready; exec sleep 1000"});
  REQUIRE(box.await_output("ready"));
  world.in_child = [] { ::dup2(::open("/", O_RDONLY), 0); };
  const std::vector<std::string> look = {"cat", "/proc/self/fd/0/etc/hostname"};
  const Ran ran = world.run({"run", "quickstart", "--", look[0], look[1]});
  CHECK(ran.status == 125);
  CHECK(messages(ran) == refused);
  const Ran entered = world.run({"exec", "box", "--", look[0], look[1]});
  CHECK(entered.status == 125);
  CHECK(messages(entered) == refused);
  world.in_child = [] { ::dup2(::open("/etc/hostname", O_PATH), 0); };
  CHECK(messages(world.run({"run", "quickstart", "--", "true"})) ==
        "paddock: error[P0001]: standard input is a bare path (O_PATH), a way out of the sandbox\n"
        "  hint: redirect it to a file or to /dev/null\n");
  world.in_child = [] { ::dup2(::open("/etc/hostname", O_RDONLY), 0); };  // the control: a file
  CHECK(world.run({"run", "quickstart", "--", "cat"}).out == read_text("/etc/hostname"));
}
