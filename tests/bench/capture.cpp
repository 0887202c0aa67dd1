// Stands in for bwrap once: copies what it was told (`--args FD`, the files passed by descriptor
// and links to the folders) into its own directory, then becomes the real bwrap. Reads by offset,
// so that the real one finds every descriptor as it was.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

std::string content(int fd) {
  std::string text;
  char buffer[65536];
  for (ssize_t got = 0;
       (got = pread(fd, buffer, sizeof buffer, static_cast<off_t>(text.size()))) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text;
}

void save(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> list;
  for (std::size_t at = 0, end = 0; (end = text.find('\0', at)) != std::string::npos;
       at = end + 1) {
    list.push_back(text.substr(at, end - at));
  }
  return list;
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::string(argv[i]) != "--args") {
      continue;
    }
    const std::string text = content(std::atoi(argv[i + 1]));
    save(here / "arguments", text);
    const std::vector<std::string> list = words(text);
    for (std::size_t k = 0; k + 1 < list.size(); ++k) {
      if (list[k] == "--bind-fd" || list[k] == "--ro-bind-fd") {
        std::filesystem::create_symlink(
            std::filesystem::read_symlink("/proc/self/fd/" + list[k + 1]),
            here / ("folder-" + list[k + 1]));
      } else if (list[k] == "--file") {
        save(here / ("file-" + list[k + 1]), content(std::atoi(list[k + 1].c_str())));
      }
    }
  }
  execv(PADDOCK_BENCH_BWRAP, argv);
  return 127;
}
