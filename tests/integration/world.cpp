#include "integration/world.hpp"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "os/file.hpp"
#include "os/process.hpp"
#include "support/text_file.hpp"

namespace paddock::test {
namespace {

constexpr uid_t kOrdinaryUser = 54321;  // made up; has no entry anywhere

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) {
    out.push_back(text.data());
  }
  out.push_back(nullptr);
  return out;
}

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("cannot create a pipe");
  }
  return ends;
}

void become(uid_t uid, const std::vector<gid_t>& groups = {}) {
  if (uid != ::geteuid() && (::setgroups(groups.size(), groups.data()) != 0 ||
                             ::setresgid(uid, uid, uid) != 0 || ::setresuid(uid, uid, uid) != 0)) {
    ::_exit(122);
  }
}

bool reachable_by(uid_t uid, const std::filesystem::path& program) {
  const pid_t child = ::fork();
  if (child == 0) {
    become(uid);
    ::_exit(::access(program.c_str(), X_OK) == 0 ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status == 0;
}

std::filesystem::path build_dir() {
  return PADDOCK_BUILD_DIR;
}

}  // namespace

World::World(uid_t uid) : uid_(uid) {
  ::signal(SIGPIPE, SIG_IGN);  // a program may close its input early
  for (const auto& name :
       {"home", "project", "state", "config/paddock/profiles", "data", "cache"}) {
    std::filesystem::create_directories(dir_ / name);
  }
  ::chmod(dir_.path().c_str(), 0755);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_.path())) {
    ::lchown(entry.path().c_str(), uid, uid);
  }
  environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"},
                 {"HOME", home()},
                 {"XDG_STATE_HOME", dir_ / "state"},
                 {"XDG_CONFIG_HOME", dir_ / "config"},
                 {"XDG_DATA_HOME", dir_ / "data"},
                 {"XDG_CACHE_HOME", dir_ / "cache"},
                 {"DOCKER_HOST", "unix://" + (dir_ / "no-engine.sock").string()},
                 {"CONTAINER_HOST", "unix://" + (dir_ / "no-engine.sock").string()},
                 {"TERM", "xterm"},
                 {"LC_ALL", "C"},
                 {"PADDOCK_TEST_WORLD", dir_.path()}};
}

World::~World() {
  // A test may end before its sandboxes do: what they made outside the world goes with it.
  if (std::filesystem::exists(state() / "sandboxes")) {
    program.reset();
    in_child = nullptr;
    static_cast<void>(run({"gc"}));
  }
}

void World::write(const std::filesystem::path& path, const std::string& text) const {
  write_text(path, text);
  ::lchown(path.parent_path().c_str(), uid_, uid_);
  ::lchown(path.c_str(), uid_, uid_);
}

void World::profile(const std::string& name, const std::string& body) const {
  write(profiles() / (name + ".toml"), "schema_version = 1\n" + body);
}

void World::install(const std::string& id,
                    const std::filesystem::path& manifest,
                    const std::filesystem::path& library) const {
  const auto folder = plugins() / id;
  const std::string library_name = "lib" + id + ".so";
  write(folder / "manifest.toml", read_text(manifest));
  write(folder / library_name, read_text(library));
  for (auto path = folder; path != root(); path = path.parent_path()) {
    ::chmod(path.c_str(), 0755);
  }
  ::chmod((folder / "manifest.toml").c_str(), 0644);
  ::chmod((folder / library_name).c_str(), 0644);
}

void World::install_run_log() const {
  const auto built = build_dir() / "sdk/examples/plugins/run-log";
  install("run-log", built / "manifest.toml", built / "librun-log.so");
}

void World::install_fixture(const std::string& id, const std::string& library) const {
  const std::filesystem::path source = PADDOCK_SOURCE_DIR;
  install(id, source / "tests/fixtures/plugins" / id / "manifest.toml",
          build_dir() / "fixtures" / library);
}

void World::install_liar_backend() const {
  const std::filesystem::path source = PADDOCK_SOURCE_DIR;
  install("liar-backend", source / "tests/sdk/fixtures/liar-backend/manifest.toml",
          build_dir() / "tests/sdk/plugins/liar-backend/libliar-backend.so");
}

std::vector<std::string> World::argv(const std::vector<std::string>& arguments) const {
  std::vector<std::string> words{program.value_or(build_dir() / "bin/paddock")};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

std::vector<std::string> World::envp() const {
  std::vector<std::string> entries;
  for (const auto& [key, value] : environment) {
    entries.push_back(key + "=" + value);
  }
  return entries;
}

Started World::start(const std::vector<std::string>& arguments) const {
  return start_words(argv(arguments));
}

Started World::start_words(std::vector<std::string> words) const {
  auto entries = envp();
  const auto argument_pointers = pointers(words);
  const auto environment_pointers = pointers(entries);
  const std::string folder = project();
  const auto in = make_pipe(), out = make_pipe(), err = make_pipe();
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    ::dup2(err[1], 2);
    ::signal(SIGPIPE, SIG_DFL);
    const bool there = ::chdir(folder.c_str()) == 0;
    if (in_child) {
      in_child();
    }
    become(uid_, groups);
    if (there) {
      ::execve(argument_pointers[0], argument_pointers.data(), environment_pointers.data());
    }
    ::_exit(121);
  }
  for (const int fd : {in[0], out[1], err[1]}) {
    ::close(fd);
  }
  return Started(child, in[1], out[0], err[0]);
}

Ran World::outside(const std::string& script) const {
  std::vector<std::string> words = {"/bin/sh", "-c", script};
  if (uid_ == 0) {
    words.insert(words.begin(), {"/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all"});
  }
  return start_words(words).wait();
}

Ran World::run(const std::vector<std::string>& arguments, const std::string& input) const {
  Started started = start(arguments);
  std::thread writer([&] {
    started.write(input);
    started.close_input();
  });
  Ran ran = started.wait();
  writer.join();
  return ran;
}

Ran World::shell(const std::string& script, const std::string& profile_name) const {
  return run({"run", profile_name, "--", "sh", "-c", script});
}

bool World::await_running(const std::string& name) const {
  return eventually([&] {
    const Ran listed = run({"ps", "--plain"});
    return listed.out.find(name + "\trunning\t") != std::string::npos;
  });
}

std::string messages(const Ran& ran) {
  std::string kept;
  std::istringstream lines(ran.err);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("paddock: resources.", 0) != 0) {
      kept += line + "\n";
    }
  }
  return kept;
}

std::vector<uid_t> users() {
  std::vector<uid_t> list{::geteuid()};
  if (::geteuid() == 0 && reachable_by(kOrdinaryUser, build_dir() / "bin/paddock")) {
    list.push_back(kOrdinaryUser);
  }
  return list;
}

std::string no_sandboxes() {
  const auto tried = os::capture({"bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"},
                                 std::chrono::seconds(20));
  if (!tried) {
    return tried.error().what;
  }
  return tried->status == 0 ? "" : "bwrap: " + tried->err;
}

bool can_trace() {
  const auto ran =
      os::capture({"strace", "-qq", "-o", "/dev/null", "true"}, std::chrono::seconds(10));
  return ran && ran->status == 0;
}

}  // namespace paddock::test
