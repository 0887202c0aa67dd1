// https://docs.docker.com/reference/dockerfile/
#include "support/engine/registry/base_images.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "support/engine/registry/credentials.hpp"
#include "support/small_file.hpp"

namespace paddock::engine {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// Lines with those that go on joined, without comments.
std::vector<std::string> whole_lines(std::string_view text) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    std::string line(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t first = line.find_first_not_of(" \t");
    const std::size_t last = line.find_last_not_of(" \t\r");
    if (first == std::string::npos || line[first] == '#') {
      continue;
    }
    line.resize(last + 1);
    const bool goes_on = line.back() == '\\';
    line.resize(line.size() - (goes_on ? 1 : 0));
    lines.back() += line + " ";
    if (!goes_on) {
      lines.emplace_back();
    }
  }
  return lines;
}

using Values = std::map<std::string, std::string>;

std::size_t name_end(const std::string& text, std::size_t begin) {
  while (begin < text.size() &&
         (std::isalnum(static_cast<unsigned char>(text[begin])) != 0 || text[begin] == '_')) {
    ++begin;
  }
  return begin;
}

/// "$NAME", "${NAME}" and "${NAME:-OTHERWISE}" replaced; empty where a value is not known.
std::string expanded(const std::string& text, const Values& values) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '$') {
      out += text[at++];
      continue;
    }
    const bool braced = text.compare(at, 2, "${") == 0;
    const std::size_t begin = at + (braced ? 2 : 1);
    const std::size_t end = name_end(text, begin);
    const std::size_t close = braced ? text.find('}', end) : end;
    if (close == std::string::npos) {
      return "";
    }
    const std::string more = text.substr(end, close - end);
    const auto known = values.find(text.substr(begin, end - begin));
    if (known != values.end()) {
      out += known->second;
    } else if (more.starts_with(":-")) {
      out += more.substr(2);
    } else {
      return "";
    }
    at = close + (braced ? 1 : 0);
  }
  return out;
}

/// With the registry in front, and without tag and digest; empty for what comes from none.
std::string repository_of(const std::string& image) {
  std::string name = image.substr(0, image.find('@'));
  const std::size_t colon = name.rfind(':');
  if (colon != std::string::npos && name.find('/', colon) == std::string::npos) {
    name.resize(colon);
  }
  const std::size_t slash = name.find('/');
  const std::string first = name.substr(0, slash);
  const bool has_host = slash != std::string::npos &&
                        (first == "localhost" || first.find_first_of(".:") != first.npos);
  if (name.empty() || name == "scratch" || first == "localhost" ||
      (slash == std::string::npos && std::isdigit(static_cast<unsigned char>(name[0])) != 0)) {
    return "";
  }
  const std::string hub = std::string(kHub) + (slash == std::string::npos ? "/library/" : "/");
  return has_host ? name : hub + name;
}

/// Reads one line after the other.
class Reader {
 public:
  void read(const std::vector<std::string>& words) {
    const std::string instruction = lower(words.at(0));
    if (instruction == "arg") {
      std::for_each(words.begin() + 1, words.end(), [&](const auto& word) { declare(word); });
    } else if (instruction == "from") {
      read_from(words);
    } else if (instruction == "copy" || instruction == "add" || instruction == "run") {
      const auto command = std::find_if(words.begin() + 1, words.end(), is_no_option);
      std::for_each(words.begin() + 1, command, [&](const auto& word) { read_option(word); });
    }
  }
  std::vector<std::string> take() { return std::move(found_); }

 private:
  static bool is_no_option(const std::string& word) { return !word.starts_with("--"); }

  void declare(const std::string& word) {
    const std::size_t equals = word.find('=');
    if (equals != std::string::npos) {
      std::string value = word.substr(equals + 1);
      value.erase(std::remove(value.begin(), value.end(), '"'), value.end());
      values_[word.substr(0, equals)] = expanded(value, values_);
    }
  }

  void read_from(const std::vector<std::string>& words) {
    const auto image = std::find_if(words.begin() + 1, words.end(), is_no_option);
    if (image == words.end()) {
      return;
    }
    note(*image);
    if (words.end() - image >= 3 && lower(*(image + 1)) == "as") {
      stages_.insert(lower(*(image + 2)));
    }
  }

  /// "--from=IMAGE", or "--mount=type=bind,from=IMAGE,...".
  void read_option(const std::string& word) {
    const bool mount = word.starts_with("--mount=");
    const std::size_t at = mount ? word.find(",from=") : word.find("--from=");
    if (at != std::string::npos && (mount || at == 0)) {
      const std::size_t begin = word.find('=', at) + 1;
      note(word.substr(begin, word.find(',', begin) - begin));
    }
  }

  void note(const std::string& word) {
    const std::string image = expanded(word, values_);
    const std::string repository = stages_.count(lower(image)) != 0 ? "" : repository_of(image);
    if (!repository.empty() &&
        std::find(found_.begin(), found_.end(), repository) == found_.end()) {
      found_.push_back(repository);
    }
  }

  Values values_;
  std::set<std::string> stages_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> base_repositories(std::string_view containerfile) {
  Reader reader;
  for (const std::string& line : whole_lines(containerfile)) {
    if (const auto words = support::words_of(line); !words.empty()) {
      reader.read(words);
    }
  }
  return reader.take();
}

}  // namespace paddock::engine
