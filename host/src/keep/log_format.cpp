#include "keep/log_format.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace paddock::keep {
namespace {

constexpr std::size_t kTimeSize = 30;  // of log_time()
constexpr std::array<std::string_view, 2> kStreams{" stdout ", " stderr "};

void append_record(
    std::string& log, std::string_view time, Stream stream, char tag, std::string_view text) {
  log.append(time).append(kStreams.at(static_cast<std::size_t>(stream)));
  log.push_back(tag);
  log.push_back(' ');
  log.append(text).push_back('\n');
}

}  // namespace

std::string log_time(std::chrono::system_clock::time_point time) {
  const auto since = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(since - seconds).count();
  const std::time_t whole = seconds.count();
  std::tm parts{};
  ::gmtime_r(&whole, &parts);
  std::array<char, 64> text{};
  const std::size_t day = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text.data() + day, text.size() - day, ".%09lldZ", static_cast<long long>(rest));
  return text.data();
}

void append_records(std::string& log,
                    std::string_view time,
                    Stream stream,
                    std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const bool whole = end != std::string_view::npos;
    append_record(log, time, stream, whole ? 'F' : 'P', bytes.substr(0, end));
    bytes.remove_prefix(whole ? end + 1 : bytes.size());
  }
}

std::optional<LogRecord> parse_record(std::string_view line) {
  LogRecord record;
  record.time = line.substr(0, kTimeSize);
  line.remove_prefix(record.time.size());
  for (const Stream stream : {Stream::kOut, Stream::kErr}) {
    const std::string_view name = kStreams.at(static_cast<std::size_t>(stream));
    if (!line.starts_with(name) || record.time.back() != 'Z') {
      continue;
    }
    line.remove_prefix(name.size());
    if (line.size() < 2 || (line[0] != 'F' && line[0] != 'P') || line[1] != ' ') {
      return std::nullopt;
    }
    record.stream = stream;
    record.ends_line = line[0] == 'F';
    record.text = line.substr(2);
    return record;
  }
  return std::nullopt;
}

}  // namespace paddock::keep
