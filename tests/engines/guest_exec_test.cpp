// Entering sandboxes whose kernel is gVisor's: the same confinement and the same proof, and no
// workload that is taken for a gate.
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "engines/guests.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

/// A sandbox in the background, until the end of the test.
class Box {
 public:
  Box(const World& world, const std::string& profile, const std::string& script) : world_(world) {
    const Ran ran =
        world.run({"run", "--detach", "--name", "box", profile, "--", "sh", "-c", script});
    INFO(ran.err);
    REQUIRE(ran.status == 0);
  }
  ~Box() { world_.run({"stop", "box"}); }
  Box(const Box&) = delete;
  Box& operator=(const Box&) = delete;

 private:
  const World& world_;
};

Ran enter(const World& world, const std::string& script, const std::string& input = {}) {
  return world.run({"exec", "box", "--", "sh", "-c", script}, input);
}

/// Protection to verdict and evidence.
std::map<std::string, std::string> verdicts(const std::string& json) {
  std::map<std::string, std::string> found;
  const auto report = nlohmann::json::parse(json.substr(json.find('{')));
  for (const auto& entry : report.at("ledger")) {
    found[entry.at("protection").get<std::string>()] =
        entry.at("verdict").get<std::string>() + " " + entry.at("evidence").get<std::string>();
  }
  return found;
}

/// Connects wherever a gate may be waited for, and tries whatever a gate that enters lets it do.
/// What counts against a gate that is root has to have been done before it became another user.
constexpr const char* kAttack = R"perl(
use Socket; use Fcntl;
my (%seen, %won);
sub user_of { open(my $f, '<', "/proc/$_[0]/status") or return -1; local $/; return <$f> =~ /Uid:\t(\d+)/ ? $1 : -1; }
sub note { open(my $f, '>', 'new'); print $f map({ "saw a gate of user $_\n" } sort keys %seen), map { "WON: $_\n" } sort keys %won; close $f; rename 'new', 'attack'; }
while (1) {
  for my $place ('/.paddock/way/socket', '/.paddock/socket') {
    socket(my $s, AF_UNIX, SOCK_STREAM, 0);
    if (connect($s, sockaddr_un($place))) { $won{"connected to $place"} = 1; syswrite($s, "\0" x 32); }
  }
  for my $p (map { m{(\d+)$} } glob('/proc/[0-9]*')) {
    open(my $c, '<', "/proc/$p/cmdline") or next;
    my $words = do { local $/; <$c> } // '';
    next unless $words =~ /\0arrive\0/;
    my $user = user_of($p);
    $seen{$user} = 1 if $user >= 0;
    my %did;
    $did{traced} = 1 if syscall(101, 16, $p, 0, 0) == 0;
    $did{'opened its memory'} = 1 if sysopen(my $m, "/proc/$p/mem", O_RDWR);
    $did{signalled} = 1 if $user == 0 && kill(0, $p);
    for my $n (0 .. 9) {
      my $b = '';
      $did{"read descriptor $n"} = 1 if $user == 0 && sysopen(my $f, "/proc/$p/fd/$n", O_RDONLY | O_NONBLOCK) && sysread($f, $b, 64);
    }
    for my $what (keys %did) { $won{"$what as user $user"} = 1 if $user != 0 || user_of($p) == 0; }
  }
  note();
}
)perl";

}  // namespace

TEST_CASE("guest exec: a command has its streams and its end", "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  const Box box(world, "guest", "sleep 1000");
  const Ran ran = enter(world, "cat; echo oops >&2; exit 9", "piped\n");
  CHECK(ran.status == 9);
  CHECK(ran.out == "piped\n");
  CHECK(messages(ran) == "oops\n");
  std::string bytes(300'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(i * 31 + i / 251);
  }
  CHECK(enter(world, "cat", bytes).out == bytes);
  CHECK(enter(world, "kill -9 $$").status == 137);
  const Ran none = world.run({"exec", "box", "no-such-command"});
  CHECK(none.status == 127);
  CHECK(none.err == "paddock: error[P0705]: no command 'no-such-command' in the sandbox\n");
}

TEST_CASE("guest exec: its command is confined as the first one", "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  const std::string facts =
      "grep -E '^(Cap|Uid|Gid|Seccomp)' /proc/self/status; hostname; umask; ulimit -a; id -G;"
      " echo no >/.paddock/gate; unshare -U true; unshare -m true; ls /.paddock/way; echo $? end";
  const Ran first = world.shell(facts, "guest");
  const Box box(world, "guest", "sleep 1000");
  const Ran second = enter(world, facts);
  CHECK(has(first.out, "Uid:\t1000\t1000\t1000\t1000\n"));
  CHECK(has(first.out, "CapBnd:\t0000000000000000\n"));
  CHECK(has(first.out, "Seccomp:\t2\n"));
  CHECK(has(messages(first), "unshare: unshare failed: Operation not permitted\n"));
  CHECK(second.out == first.out);
  CHECK(messages(second) == messages(first));
}

TEST_CASE("guest exec: signals reach the command", "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  const Box box(world, "guest", "sleep 1000");
  for (const auto& [number, name] :
       {std::pair(SIGTERM, "TERM"), {SIGINT, "INT"}, {SIGHUP, "HUP"}}) {
    CAPTURE(name);
    Started command = world.start({"exec", "box", "--", "sh", "-c",
                                   std::string("trap 'echo heard; exit 5' ") + name +
                                       "; echo ready; while :; do sleep 0.1; done"});
    REQUIRE(command.await_output("ready\n"));
    command.kill(number);
    const Ran ran = command.wait();
    CHECK(ran.status == 5);
    CHECK(has(ran.out, "heard\n"));
  }
}

TEST_CASE("guest exec: its ledger, and verify's, say what they say on the host's kernel",
          "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const auto tell = [&](const Guests& world, const std::string& profile) {
    const Box box(world, profile, "sleep 1000");
    const Ran verified = world.run({"verify", "--json", "box"});
    CAPTURE(verified.err);
    CHECK(verified.status == 0);
    return verdicts(verified.out);
  };
  const Guests world(*engine);
  const auto guest = tell(world, "guest");
  CHECK(guest.size() >= 24);
  // What the launch proved is proved, but for what a command that runs may have changed of itself.
  const Ran launch = world.run({"run", "--json", "guest", "--", "true"});
  for (const auto& [protection, told] : verdicts(launch.err)) {
    CAPTURE(protection, told);
    const std::string now = guest.at(protection);
    CHECK((now.starts_with("ok ") || now == "assumed assumed"));
    CHECK(told.starts_with("ok "));
  }
  const Guests other(*engine);
  other.give_project(0);
  auto shared = tell(other, "quickstart");
  CHECK(shared["kernel-paths.read-only"] == "ok observed");
  shared["kernel-paths.read-only"] = "ok reported";  // no mount of the host's shows them
  CHECK(guest == shared);
}

TEST_CASE("guest exec: no workload is taken for the gate, or gets at it",
          "[engine][guest][attack]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  world.write(world.project() / "attack.pl", kAttack);
  world.give_project(1000);
  const Box box(world, "guest", "perl attack.pl");
  const auto attack = [&] { return read_text(world.project() / "attack"); };
  CHECK(eventually([&] {
    CHECK(enter(world, "echo genuine").out == "genuine\n");
    return has(attack(), "user 0\n") && has(attack(), "user 1000\n");
  }));
  CHECK(world.run({"verify", "box"}).status == 0);
  CHECK(attack() == "saw a gate of user 0\nsaw a gate of user 1000\n");
}

TEST_CASE("guest exec: a way in that is open to the workload is refused, and gives it nothing",
          "[engine][guest][attack]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  world.write(world.project() / "attack.pl", kAttack);
  world.give_project(1000);
  const Box box(world, "guest", "perl attack.pl");
  const auto way = world.state() / "sandboxes/box/run/way";
  REQUIRE(::chmod(way.c_str(), 0755) == 0);
  const std::string won = "WON: connected to /.paddock/way/socket\n";
  CHECK(eventually([&] {
    const Ran ran = enter(world, "echo genuine");
    CAPTURE(ran.err);
    CHECK(ran.status == 125);
    CHECK(ran.out.empty());
    CHECK(has(
        ran.err,
        "mount '/.paddock/way': expected declared or vetted, seen not declared (asked for by "));
    return has(read_text(world.project() / "attack"), won);
  }));
  REQUIRE(::chmod(way.c_str(), 0700) == 0);
  CHECK(enter(world, "echo genuine").out == "genuine\n");
  const std::string attack = read_text(world.project() / "attack");
  CHECK(attack.substr(attack.find("WON")) == won);
}

TEST_CASE("guest exec: a gate that the workload ends is not believed", "[engine][guest][attack]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  const Box box(
      world, "guest",
      "while :; do for p in /proc/[0-9]*; do grep -q arrive $p/cmdline && kill -9 ${p##*/};"
      " done 2>/dev/null; done");
  bool refused = false;
  for (int i = 0; i < 20 && !refused; ++i) {
    const Ran ran = enter(world, "echo genuine");
    CAPTURE(ran.out, ran.err);
    refused = ran.status == 125;
    CHECK((refused || ran.status == 137 || ran.out == "genuine\n"));
    CHECK((!refused || ran.out.empty()));
  }
  CHECK(refused);
}

TEST_CASE("guest exec: nobody enters what has ended", "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  const Box box(world, "guest", "sleep 1000");
  Started inside = world.start({"exec", "box", "--", "sh", "-c", "echo in; sleep 1000"});
  REQUIRE(inside.await_output("in\n"));
  CHECK(world.run({"stop", "box"}).status == 0);
  CHECK(inside.wait().status == 137);
  CHECK(enter(world, "true").status == 125);
  CHECK(engine->containers().empty());
  CHECK(eventually([&] { return residue(world).empty(); }));  // its keeper ends behind it
}

TEST_CASE("guest exec: kill -9 of paddock leaves nothing of the command",
          "[engine][guest][fault]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  const Box box(world, "guest", "sleep 1000");
  for (unsigned ms = 0; ms < 400; ms += 20) {  // an entry takes half of it
    Started inside = world.start({"exec", "box", "--", "sleep", "777"});
    ::usleep(ms * 1000);
    inside.kill(SIGKILL);
    CHECK(inside.wait().status == 137);
  }
  const auto left = [&] {
    return enter(world, "for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; echo; done").out;
  };
  CHECK(eventually([&] { return !has(left(), "sleep 777"); }));
  const std::string now = left();
  CAPTURE(now);
  CHECK(std::count(now.begin(), now.end(), '\n') == 5);  // the first's two, the gate, sh, tr
  CHECK(world.run({"stop", "box"}).status == 0);
  CHECK(eventually([&] { return residue(world).empty(); }));  // its keeper ends behind it
}
