// What the caller has and a sandbox must not get: by inheritance, or through a process that enters.
#include <unistd.h>


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
        if not to.startswith(('pipe:', 'socket:', '/dev/', '/usr/', '/proc/')) and to:
            found.add('descriptor ' + to)
own = {'1', str(os.getpid())}
print('ready', flush=True)
while not os.path.exists('stop'):
    for pid in os.listdir('/proc'):
        if pid.isdigit() and pid not in own: look(pid)
for line in sorted(found): print(line)
)";

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
