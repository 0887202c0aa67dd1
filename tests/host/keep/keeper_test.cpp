#include "keep/keeper.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "keep/log_reader.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

using namespace paddock;
using namespace paddock::keep;

namespace {

struct Pipe {
  explicit Pipe(bool far_waits = false) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0);
    reading.reset(ends[0]);
    writing.reset(ends[1]);
    if (far_waits) {
      ::fcntl(reading.get(), F_SETFL, 0);
    }
  }
  os::UniqueFd reading, writing;
};

std::string read_now(const os::UniqueFd& fd) {
  std::string bytes(1 << 20, '\0');
  const ssize_t got = ::read(fd.get(), bytes.data(), bytes.size());
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

bool is_at_end(const os::UniqueFd& fd) {
  char byte = 0;
  return ::read(fd.get(), &byte, 1) == 0;
}

void put(const os::UniqueFd& fd, const std::string& bytes) {
  REQUIRE(::write(fd.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
}

/// A keeper and the workload's side of its streams.
struct Kept {
  Kept() {
    auto writer = LogWriter::open(dir / "log", 1 << 20);
    auto listener = listen_in(dir.path(), "keeper.sock");
    REQUIRE(writer);
    REQUIRE(listener);
    keeper = std::make_unique<Keeper>(
        Ends{std::move(in.writing), std::move(out.reading), std::move(err.reading), false},
        std::move(*writer), std::move(*listener), -1);
  }
  /// Serves until there is nothing to do.
  void serve() const {
    for (;;) {
      std::vector<pollfd> polls;
      keeper->want(polls);
      if (::poll(polls.data(), polls.size(), 0) <= 0) {
        return;
      }
      keeper->proceed(polls.data());
    }
  }
  std::string log() const {
    auto reader = LogReader::open(dir / "log");
    std::string text;
    while (const auto record = reader->next()) {
      text += (record->stream == Stream::kOut ? "o:" : "e:") + std::string(record->text) + ";";
    }
    return text;
  }

  test::TempDir dir;
  Pipe in, out, err;
  std::unique_ptr<Keeper> keeper;
};

/// A client, attached.
struct Client {
  explicit Client(const Kept& kept)
      : control(std::move(*connect_in(kept.dir.path(), "keeper.sock"))) {
    REQUIRE(send_packet(control.get(), encode(Request{}),
                        {in.reading.get(), out.writing.get(), err.writing.get()}));
    in.reading.reset();
    out.writing.reset();
    err.writing.reset();
    kept.serve();
    const auto packet = receive_packet(control.get());
    REQUIRE(packet);
    const auto reply = decode_reply(packet->text);
    REQUIRE(reply);
    CHECK(reply->refused.empty());
    CHECK(reply->input);
  }
  void say(const Request& request) const { REQUIRE(send_packet(control.get(), encode(request))); }

  Pipe in, out, err;
  os::UniqueFd control;
};

}  // namespace

TEST_CASE("keeper: what the workload writes goes to the log and to all clients", "[keep]") {
  const Kept kept;
  put(kept.out.writing, "before\n");
  kept.serve();
  const Client one(kept), two(kept);
  put(kept.out.writing, "after\n");
  put(kept.err.writing, "oops\n");
  kept.serve();
  for (const Client* client : {&one, &two}) {
    CHECK(read_now(client->out.reading) == "after\n");
    CHECK(read_now(client->err.reading) == "oops\n");
  }
  CHECK(kept.log() == "o:before;o:after;e:oops;");
}

TEST_CASE("keeper: what clients type goes to the workload, its end with what came before",
          "[keep]") {
  Kept kept;
  Client one(kept);
  const Client two(kept);
  put(two.in.writing, "two");
  kept.serve();
  CHECK(read_now(kept.in.reading) == "two");
  put(one.in.writing, "one");
  one.say({Verb::kEndInput, 0, 0, 0});
  kept.serve();
  CHECK(read_now(kept.in.reading) == "one");
  CHECK_FALSE(is_at_end(kept.in.reading));  // the client's own end is still open
  one.in.writing.reset();
  kept.serve();
  CHECK(is_at_end(kept.in.reading));
}

TEST_CASE("keeper: a client that goes away takes no input with it", "[keep]") {
  const Kept kept;
  {
    const Client gone(kept);
    put(gone.in.writing, "x");
  }
  kept.serve();
  CHECK(read_now(kept.in.reading) == "x");
  CHECK_FALSE(is_at_end(kept.in.reading));
  put(kept.out.writing, "on\n");
  kept.serve();
  CHECK(kept.log() == "o:on;");
}

TEST_CASE("keeper: a client that does not read holds the workload up, and loses nothing",
          "[keep]") {
  const Kept kept;
  const Client slow(kept);
  std::string wrote, read;
  for (int i = 0; i < 100; ++i) {
    const std::string piece = std::to_string(i) + std::string(4000, 'x') + "\n";
    if (::write(kept.out.writing.get(), piece.data(), piece.size()) < 0) {
      break;
    }
    wrote += piece;
    kept.serve();
  }
  CHECK(wrote.size() < 300'000);  // two pipes full, and one piece between
  CHECK(kept.keeper->is_pending());
  for (std::string more = read_now(slow.out.reading); !more.empty();
       more = read_now(slow.out.reading)) {
    read += more;
    kept.serve();
  }
  CHECK(read == wrote);
  CHECK_FALSE(kept.keeper->is_pending());
}

TEST_CASE("keeper: the end is told to all", "[keep]") {
  Kept kept;
  const Client client(kept);
  put(kept.out.writing, "last\n");
  kept.keeper->end_input();
  CHECK_FALSE(kept.keeper->is_over());
  kept.out.writing.reset();
  kept.err.writing.reset();
  kept.serve();
  CHECK(kept.keeper->is_over());
  kept.keeper->tell_end(3, true);
  const auto packet = receive_packet(client.control.get());
  const auto reply = packet ? decode_reply(packet->text) : fail(ErrorCode::kInternal, "");
  REQUIRE(reply);
  CHECK(reply->ended);
  CHECK(reply->exit_code == 3);
  CHECK(reply->oom_killed);
  CHECK(read_now(client.out.reading) == "last\n");
  CHECK(is_at_end(client.out.reading));
}

TEST_CASE("keeper: who talks nonsense is turned away", "[keep]") {
  const Kept kept;
  const auto stranger = connect_in(kept.dir.path(), "keeper.sock");
  REQUIRE(stranger);
  const auto expect_gone = [&](const std::string& text, const std::vector<int>& descriptors) {
    const auto client = connect_in(kept.dir.path(), "keeper.sock");
    REQUIRE(client);
    REQUIRE(send_packet(client->get(), text, descriptors));
    kept.serve();
    const auto packet = receive_packet(client->get());
    REQUIRE(packet);
    CHECK(packet->text.empty());
  };
  expect_gone("nonsense", {});
  expect_gone(encode(Request{Verb::kAttach, 0, 0, 0}), {0, 1});
  expect_gone(encode(Request{Verb::kSignal, 0, 0, 15}), {});  // before it is attached
  put(kept.out.writing, "on\n");
  kept.serve();
  CHECK(kept.log() == "o:on;");
}
