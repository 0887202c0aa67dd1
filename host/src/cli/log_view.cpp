#include "cli/log_view.hpp"

#include <unistd.h>

#include <cerrno>

#include "base/node.hpp"
#include "base/text.hpp"
#include "cli/output.hpp"

namespace paddock::cli {
namespace {

constexpr std::size_t kFull = 1 << 16;

int descriptor(keep::Stream stream) {
  return stream == keep::Stream::kOut ? STDOUT_FILENO : STDERR_FILENO;
}

/// Everything but tabs made printable; a carriage return before the line's end is part of that.
std::string neutralised(std::string_view text) {
  std::string out;
  text = text.ends_with('\r') ? text.substr(0, text.size() - 1) : text;
  for (bool first = true; first || !text.empty(); first = false) {
    const std::string_view piece = text.substr(0, text.find('\t'));
    out += printable(piece);
    const bool tab = piece.size() < text.size();
    out.append(tab ? 1 : 0, '\t');
    text.remove_prefix(piece.size() + (tab ? 1 : 0));
  }
  return out;
}

/// Whether all of it was taken.
bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t wrote = ::write(fd, text.data(), text.size());
    if (wrote < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(static_cast<std::size_t>(wrote > 0 ? wrote : 0));
  }
  return true;
}

}  // namespace

LogView::LogView(LogStyle style)
    : style_(style),
      neutral_{!style.raw && ::isatty(STDOUT_FILENO) == 1,
               !style.raw && ::isatty(STDERR_FILENO) == 1} {}

void LogView::choose(keep::Stream stream) {
  if (stream != stream_ || buffer_.size() > kFull) {
    flush();
    stream_ = stream;
  }
}

void LogView::show(const keep::LogRecord& record) {
  choose(style_.json ? keep::Stream::kOut : record.stream);
  if (style_.json) {
    show_json(record);
  } else {
    show_text(record, buffer_);
  }
}

void LogView::show_text(const keep::LogRecord& record, std::string& out) {
  const auto stream = static_cast<std::size_t>(record.stream);
  if (style_.timestamps && !in_line_.at(stream)) {
    out.append(record.time).push_back(' ');
  }
  if (neutral_.at(stream)) {
    out += neutralised(record.text);
  } else {
    out.append(record.text);
  }
  out.append(record.ends_line ? 1 : 0, '\n');
  in_line_.at(stream) = !record.ends_line;
}

void LogView::show_json(const keep::LogRecord& record) {
  const bool out = record.stream == keep::Stream::kOut;
  buffer_ += to_json(Node(Node::Table{
                 {"time", Node(std::string(record.time))},
                 {"stream", Node(std::string(out ? "stdout" : "stderr"))},
                 {"text", Node(std::string(record.text))},
                 {"ends_line", Node(record.ends_line)},
             })) +
             "\n";
}

void LogView::tell_missed(std::uint64_t parts) {
  if (parts != 0) {
    flush();
    print_error("paddock: part of the log was gone before it was read\n");
  }
}

bool LogView::flush() {
  read_ = read_ && write_all(descriptor(stream_), buffer_);
  buffer_.clear();
  return read_;
}

}  // namespace paddock::cli
