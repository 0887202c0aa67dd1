#include <sys/stat.h>

#include <filesystem>

#include "keep/log_files.hpp"
#include "keep/log_reader.hpp"
#include "keep/log_writer.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock;
using namespace paddock::keep;
using paddock::test::TempDir;

namespace {

LogWriter writer_in(const std::filesystem::path& directory, std::uint64_t limit = 1 << 20) {
  auto writer = LogWriter::open(directory, limit);
  REQUIRE(writer);
  return std::move(*writer);
}

LogReader reader_of(const std::filesystem::path& directory) {
  auto reader = LogReader::open(directory);
  REQUIRE(reader);
  return std::move(*reader);
}

/// What a reader gives out from where it is, as it was written.
std::string rest_of(LogReader& reader) {
  std::string bytes;
  while (const auto record = reader.next()) {
    bytes.append(record->text).append(record->ends_line ? "\n" : "");
  }
  return bytes;
}

std::uintmax_t size_of(const std::filesystem::path& directory) {
  std::uintmax_t size = 0;
  for (const auto& part : std::filesystem::directory_iterator(directory)) {
    size += part.file_size();
  }
  return size;
}

}  // namespace

TEST_CASE("log: a record is a line of the CRI format", "[log]") {
  using namespace std::chrono;
  const std::string time = log_time(sys_days{2026y / 11 / 27} + 17h + 10min + 123456789ns);
  CHECK(time == "2026-11-27T17:10:00.123456789Z");
  std::string log;
  append_records(log, time, Stream::kErr, "one\n\ntwo");
  CHECK(log == time + " stderr F one\n" + time + " stderr F \n" + time + " stderr P two\n");
  const std::string line = time + " stdout P a b";
  const auto record = parse_record(line);
  REQUIRE(record);
  CHECK(record->time == time);
  CHECK(record->stream == Stream::kOut);
  CHECK_FALSE(record->ends_line);
  CHECK(record->text == "a b");
}

TEST_CASE("log: what is no record is none", "[log]") {
  const std::string time = "2026-11-27T17:10:00.123456789Z";
  for (const std::string& line :
       {std::string(), std::string("x"), time, time + " stdout", time + " stdout F",
        time + " stdin F x", time + " stdout X x", time.substr(1) + "  stdout F x"}) {
    INFO(line);
    CHECK_FALSE(parse_record(line));
  }
}

TEST_CASE("log: bytes come back as they were written", "[log]") {
  const TempDir dir;
  auto writer = writer_in(dir / "log", 64 << 20);
  std::string all;
  for (int i = 0; i < 256; ++i) {
    all +=
        std::string(static_cast<std::size_t>(i) * 40, static_cast<char>(i)) + (i % 3 ? "\n" : "");
  }
  writer.write(Stream::kOut, all);
  auto reader = reader_of(dir / "log");
  CHECK((rest_of(reader) == all));  // in brackets: too long to be shown
  struct stat info {};
  REQUIRE(::stat((dir / "log/00000001.log").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("log: a reader goes on where it was", "[log]") {
  const TempDir dir;
  auto writer = writer_in(dir / "log");
  auto reader = reader_of(dir / "log");
  CHECK(rest_of(reader).empty());
  writer.write(Stream::kOut, "one\nbegin");
  CHECK(rest_of(reader) == "one\nbegin");
  writer.write(Stream::kErr, " end\n");
  CHECK(rest_of(reader) == " end\n");
  CHECK(rest_of(reader).empty());
}

TEST_CASE("log: it stays below its limit, and the newest is kept", "[log]") {
  const TempDir dir;
  auto writer = writer_in(dir / "log", 64 << 10);
  auto reader = reader_of(dir / "log");
  std::string last;
  for (int i = 0; i < 20000; ++i) {
    last = "line " + std::to_string(i) + "\n";
    writer.write(Stream::kOut, last);
    if (i == 3) {
      CHECK(rest_of(reader) == "line 0\nline 1\nline 2\nline 3\n");
    }
  }
  CHECK(size_of(dir / "log") <= 64 << 10);
  CHECK(size_of(dir / "log") > 32 << 10);
  CHECK(rest_of(reader).ends_with(last));
  CHECK(reader.take_missed() > 0);
  CHECK(reader.take_missed() == 0);
  writer.write(Stream::kOut, std::string(30000, '\n'));  // the dearest: a record for each byte
  CHECK(size_of(dir / "log") <= (64 << 10) + kLogParts * 8192 * 40);
}

TEST_CASE("log: a reader follows from part to part without a loss", "[log]") {
  const TempDir dir;
  auto writer = writer_in(dir / "log", 64 << 10);
  auto reader = reader_of(dir / "log");
  std::string wrote, read;
  for (int i = 0; i < 5000; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    writer.write(Stream::kOut, line);
    wrote += line;
    if (i % 100 == 0) {
      read += rest_of(reader);
    }
  }
  CHECK(read + rest_of(reader) == wrote);
  CHECK(reader.take_missed() == 0);
}

TEST_CASE("log: the last lines, over parts and pieces of lines", "[log]") {
  const TempDir dir;
  auto writer = writer_in(dir / "log", 16 << 10);
  for (int i = 0; i < 1000; ++i) {
    writer.write(Stream::kOut, "li");
    writer.write(Stream::kOut, "ne " + std::to_string(i) + "\n");
  }
  auto reader = reader_of(dir / "log");
  reader.seek_tail(3, "");
  CHECK(rest_of(reader) == "line 997\nline 998\nline 999\n");
  auto many = reader_of(dir / "log");
  many.seek_tail(100, "");
  CHECK(rest_of(many).starts_with("line 900\n"));
  auto none = reader_of(dir / "log");
  none.seek_tail(0, "");
  CHECK(rest_of(none).empty());
  writer.write(Stream::kOut, "more\n");
  CHECK(rest_of(none) == "more\n");
  auto late = reader_of(dir / "log");
  late.seek_tail(3, "9999");
  CHECK(rest_of(late).empty());
}

TEST_CASE("log: a writer goes on behind what is there", "[log]") {
  const TempDir dir;
  writer_in(dir / "log").write(Stream::kOut, "first\n");
  writer_in(dir / "log").write(Stream::kOut, "second\n");
  auto reader = reader_of(dir / "log");
  CHECK(rest_of(reader) == "first\nsecond\n");
}

TEST_CASE("log: damaged lines and foreign files are passed over", "[log]") {
  const TempDir dir;
  writer_in(dir / "log").write(Stream::kOut, "good\n");
  test::write_text(dir / "log/00000002.log", "nonsense\n\n");
  test::write_text(dir / "log/notes.log", "2026-11-27T17:10:00.123456789Z stdout F no\n");
  auto reader = reader_of(dir / "log");
  CHECK(rest_of(reader) == "good\n");
}
