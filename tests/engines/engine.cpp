#include "engines/engine.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <tuple>

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/engine/http/http.hpp"
#include "support/text_file.hpp"

namespace paddock::test {
namespace {

std::vector<std::string> ours(std::vector<std::string> names) {
  names.erase(
      std::remove_if(names.begin(), names.end(),
                     [](const std::string& name) { return name.rfind("paddock-", 0) != 0; }),
      names.end());
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<TestEngine> running() {
  std::vector<TestEngine> found;
  const std::filesystem::path rigs = std::filesystem::path(PADDOCK_BUILD_DIR) / "engines";
  for (const auto& [name, id, variable] : {std::tuple{"docker", "docker", "DOCKER_HOST"},
                                           {"podman", "podman", "CONTAINER_HOST"},
                                           {"podman-rootless", "podman", "CONTAINER_HOST"}}) {
    std::error_code ignored;
    const auto folder = std::filesystem::read_symlink(rigs / name, ignored);
    struct stat socket {};
    if (::stat((folder / "socket").c_str(), &socket) == 0) {
      found.push_back({name, id, variable, folder / "socket", socket.st_uid});
    }
  }
  return found;
}

}  // namespace

std::vector<TestEngine> engines() {
  std::vector<TestEngine> found;
  const std::vector<uid_t> known = users();
  for (TestEngine& engine : running()) {
    if (std::find(known.begin(), known.end(), engine.uid) != known.end()) {
      found.push_back(std::move(engine));
    }
  }
  return found;
}

std::vector<TestEngine> root_engines() {
  std::vector<TestEngine> found = engines();
  std::erase_if(found, [](const TestEngine& engine) { return engine.uid != 0; });
  return found;
}

std::vector<TestEngine> networked_engines() {
  return ::geteuid() == 0 ? engines() : std::vector<TestEngine>{};
}

void TestEngine::use(World& world, const std::string& at) const {
  world.environment[variable] = "unix://" + at;
  world.write(world.root() / "config/paddock/host.toml", "[backend]\nprefer = [\"" + id + "\"]\n");
  if (uid != ::geteuid()) {
    world.in_child = [engine = *this, project = world.project().string()] {
      engine.enter_mounts();
      static_cast<void>(::chdir(project.c_str()) == 0);
    };
  }
}

void TestEngine::use_own_service(World& world) const {
  use(world);
  world.environment.erase(variable);
  world.environment["CONTAINERS_CONF"] = folder() / "containers.conf";
  world.environment["CONTAINERS_STORAGE_CONF"] = folder() / "storage.conf";
  world.environment["XDG_RUNTIME_DIR"] = folder() / "run";
}

pid_t TestEngine::process() const {
  return std::stoi(read_text(folder() / "pid"));
}

std::string TestEngine::mounts_below(const std::filesystem::path& folder) const {
  std::istringstream lines(read_text("/proc/" + std::to_string(process()) + "/mountinfo"));
  std::string found;
  for (std::string line; std::getline(lines, line);) {
    found += line.find(" " + folder.string() + "/") != std::string::npos ? line + "\n" : "";
  }
  return found;
}

void TestEngine::enter_mounts() const {
  const std::string link = "/proc/" + std::to_string(process()) + "/ns/mnt";
  const int mounts = ::open(link.c_str(), O_RDONLY | O_CLOEXEC);
  if (mounts < 0 || ::setns(mounts, CLONE_NEWNS) != 0) {
    ::_exit(123);
  }
}

void TestEngine::become_user() const {
  if (uid == ::geteuid()) {
    return;
  }
  enter_mounts();
  if (::setgroups(0, nullptr) != 0 || ::setresgid(uid, uid, uid) != 0 ||
      ::setresuid(uid, uid, uid) != 0 || ::prctl(PR_SET_DUMPABLE, 1) != 0) {
    ::_exit(123);
  }
}

std::string TestEngine::ask(const std::string& method,
                            const std::string& path,
                            const std::string& body) const {
  engine::Http http({socket, ""});
  engine::Request request;
  request.method = method.c_str();
  request.path = path;
  request.body = body;
  const auto reply = http.send(request);
  if (!reply) {
    throw std::runtime_error(reply.error().what);
  }
  return reply->body;
}

std::vector<std::string> TestEngine::containers() const {
  std::vector<std::string> names;
  const std::string reply = ask("GET", "/v1.41/containers/json?all=true");
  for (const auto& container : nlohmann::json::parse(reply)) {
    names.push_back(container.at("Names").at(0).get<std::string>().substr(1));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> TestEngine::networks() const {
  std::vector<std::string> names;
  for (const auto& network : nlohmann::json::parse(ask("GET", "/v1.41/networks"))) {
    names.push_back(network.at("Name").get<std::string>());
  }
  return ours(std::move(names));
}

std::vector<std::string> TestEngine::volumes() const {
  std::vector<std::string> names;
  const auto reply = nlohmann::json::parse(ask("GET", "/v1.41/volumes"));
  if (reply.at("Volumes").is_array()) {
    for (const auto& volume : reply.at("Volumes")) {
      names.push_back(volume.at("Name").get<std::string>());
    }
  }
  return ours(std::move(names));
}

std::filesystem::path TestEngine::folder() const {
  return std::filesystem::path(socket).parent_path();
}

void TestEngine::enter_network(World& world) const {
  const std::string link = "/proc/" + std::to_string(process()) + "/ns/net";
  const int fd = ::open(link.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    throw std::runtime_error("the rig's network namespace cannot be opened");
  }
  const std::shared_ptr<const int> held(new int(fd), [](const int* number) {
    ::close(*number);
    delete number;
  });
  world.in_child = [held] {
    if (::setns(*held, CLONE_NEWNET) != 0) {
      ::_exit(99);
    }
  };
}

std::map<std::string, std::string> verdicts_of(const Ran& ran) {
  CAPTURE(ran.err);
  CHECK(ran.status == 0);
  std::map<std::string, std::string> found;
  const auto json = nlohmann::json::parse(ran.err.substr(ran.err.find('{')));
  for (const auto& entry : json.at("ledger")) {
    found[entry.at("protection").get<std::string>()] =
        entry.at("verdict").get<std::string>() + " " + entry.at("evidence").get<std::string>();
  }
  return found;
}

}  // namespace paddock::test
