// What is left of a world's sandboxes, seen from outside.
#include "integration/world.hpp"
#include "os/file.hpp"

namespace paddock::test {
namespace {

/// Control groups below `folder` that are named after this instance. Those of others come and go
/// meanwhile: what is not there any more is passed over.
void find_cgroups(const std::filesystem::path& folder,
                  const std::string& instance,
                  std::vector<std::string>& found) {
  std::error_code gone;
  for (std::filesystem::directory_iterator at(folder, gone), end; !gone && at != end;
       at.increment(gone)) {
    std::error_code vanished;
    if (!at->is_directory(vanished) || at->is_symlink(vanished)) {
      continue;
    }
    if (at->path().filename().string().find("paddock-" + instance) != std::string::npos) {
      found.push_back(at->path());
    }
    find_cgroups(at->path(), instance, found);
  }
}

}  // namespace

std::vector<std::string> instances_of(const World& world) {
  std::vector<std::string> found;
  for (const char* folder : {"sandboxes", "ended"}) {
    const auto names = os::list_dir(world.state() / folder);
    for (const std::string& name : names ? *names : std::vector<std::string>{}) {
      const auto text =
          os::read_kernel_file((world.state() / folder / name / "state.json").string());
      const std::string key = "\"instance\":\"";
      const auto at = text ? text->find(key) : std::string::npos;
      if (at != std::string::npos) {
        found.push_back(text->substr(at + key.size(), 16));
      }
    }
  }
  return found;
}

std::vector<std::string> residue(const World& world, std::vector<std::string> instances) {
  std::vector<std::string> found;
  for (const pid_t pid : processes_with(world.root().string())) {
    found.push_back("process " + std::to_string(pid));
  }
  for (const char* folder : {"sandboxes"}) {
    const auto names = os::list_dir(world.state() / folder);
    for (const std::string& name : names ? *names : std::vector<std::string>{}) {
      found.push_back("state of " + name);
    }
  }
  const auto mounts = os::read_kernel_file("/proc/self/mountinfo");
  if (mounts && mounts->find(world.root().string()) != std::string::npos) {
    found.emplace_back("a mount");
  }
  for (const std::string& instance : instances_of(world)) {
    instances.push_back(instance);
  }
  std::vector<std::string> groups;
  for (const std::string& instance : instances) {
    find_cgroups("/sys/fs/cgroup", instance, groups);
  }
  for (const std::string& group : groups) {
    found.push_back("cgroup " + group);
  }
  return found;
}

std::vector<pid_t> processes_with(const std::string& marker) {
  std::vector<pid_t> found;
  const auto names = os::list_dir("/proc");
  for (const std::string& name : names ? *names : std::vector<std::string>{}) {
    if (name.find_first_not_of("0123456789") != std::string::npos) {
      continue;
    }
    for (const char* file : {"/environ", "/cmdline"}) {
      const auto text = os::read_kernel_file("/proc/" + name + file);
      if (text && text->find(marker) != std::string::npos) {
        found.push_back(std::stoi(name));
        break;
      }
    }
  }
  return found;
}

}  // namespace paddock::test
