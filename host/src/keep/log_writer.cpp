#include "keep/log_writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "keep/log_files.hpp"
#include "os/file.hpp"

namespace paddock::keep {
namespace {

// A piece of nothing but newlines grows by the head of each record; so it stays small.
constexpr std::size_t kPiece = 8192;

/// As much of `bytes` as is written at once: up to a line's end where there is one.
std::string_view first_piece(std::string_view bytes) {
  const std::string_view piece = bytes.substr(0, kPiece);
  const std::size_t end = piece.rfind('\n');
  return end == std::string_view::npos ? piece : piece.substr(0, end + 1);
}

}  // namespace

Result<LogWriter> LogWriter::open(const std::filesystem::path& directory, std::uint64_t limit) {
  if (auto made = os::make_private_dir(directory); !made) {
    return fail_as(made);
  }
  os::UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) {
    return fail_errno(errno, "cannot open '" + directory.string() + "'");
  }
  const auto parts = list_parts(fd.get());
  LogWriter writer(std::move(fd), limit);
  writer.number_ = parts.empty() ? 0 : parts.back();
  auto begun = writer.begin_part();
  return begun ? Result<LogWriter>(std::move(writer)) : fail_as(begun);
}

Result<void> LogWriter::begin_part() {
  const std::string name = part_name(number_ + 1);
  os::UniqueFd part(::openat(directory_.get(), name.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
  if (!part) {
    return fail_errno(errno, "cannot create the log's part '" + name + "'");
  }
  part_ = std::move(part);
  ++number_;
  size_ = 0;
  drop_oldest();
  return {};
}

void LogWriter::drop_oldest() const {
  for (const std::uint64_t number : list_parts(directory_.get())) {
    if (number + kLogParts <= number_) {
      ::unlinkat(directory_.get(), part_name(number).c_str(), 0);
    }
  }
}

void LogWriter::write(Stream stream, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view piece = first_piece(bytes);
    write_piece(stream, piece);
    bytes.remove_prefix(piece.size());
  }
}

void LogWriter::write_piece(Stream stream, std::string_view bytes) {
  const std::string time = log_time(std::chrono::system_clock::now());
  std::string records;
  if (lost_ != 0) {
    append_records(records, time, Stream::kErr,
                   "paddock: " + std::to_string(lost_) + " bytes are not in the log\n");
  }
  append_records(records, time, stream, bytes);
  if (size_ != 0 && size_ + records.size() > part_limit_ && !begin_part()) {
    lost_ += bytes.size();
    return;
  }
  lost_ = put(records) ? 0 : lost_ + bytes.size();
}

/// All or nothing, so that no record is cut.
bool LogWriter::put(std::string_view records) {
  std::size_t done = 0;
  while (done < records.size()) {
    const ssize_t wrote = ::write(part_.get(), records.data() + done, records.size() - done);
    if (wrote < 0 && errno == EINTR) {
      continue;
    }
    if (wrote <= 0) {
      (void)!::ftruncate(part_.get(), static_cast<off_t>(size_));
      return false;
    }
    done += static_cast<std::size_t>(wrote);
  }
  size_ += records.size();
  return true;
}

}  // namespace paddock::keep
