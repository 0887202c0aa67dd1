#include "keep/control.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

using namespace paddock;
using namespace paddock::keep;

TEST_CASE("control: requests and replies come through", "[keep]") {
  const auto request = decode_request(encode(Request{Verb::kResize, 24, 80, 9}));
  REQUIRE(request);
  CHECK(request->verb == Verb::kResize);
  CHECK(request->rows == 24);
  CHECK(request->columns == 80);
  CHECK(request->signal == 9);
  Reply ended;
  ended.ended = true;
  ended.exit_code = 143;
  const auto reply = decode_reply(encode(ended));
  REQUIRE(reply);
  CHECK(reply->ended);
  CHECK(reply->exit_code == 143);
  CHECK_FALSE(decode_reply(encode(Reply{}))->exit_code);
}

TEST_CASE("control: what is no packet is refused", "[keep]") {
  for (const char* packet :
       {"", "{", "[]", "{}", R"({"verb":"dance","rows":1,"columns":1,"signal":0})",
        R"({"verb":1,"rows":1,"columns":1,"signal":0})",
        R"({"verb":"resize","rows":"x","columns":1,"signal":0})"}) {
    const auto request = decode_request(packet);
    INFO(packet);
    REQUIRE_FALSE(request);
    CHECK(request.error().what.starts_with("a packet of a sandbox's keeper is damaged: "));
    CHECK_FALSE(decode_reply(packet));
  }
}

TEST_CASE("control: a packet brings descriptors, also where the path is long", "[keep]") {
  const test::TempDir dir;
  const auto deep = dir / std::string(200, 'd');
  std::filesystem::create_directory(deep);
  const auto listener = listen_in(deep, "keeper.sock");
  REQUIRE(listener);
  const auto client = connect_in(deep, "keeper.sock");
  REQUIRE(client);
  const os::UniqueFd server(::accept(listener->get(), nullptr, nullptr));
  CHECK(peer_user(server.get()) == ::geteuid());
  REQUIRE(send_packet(client->get(), "hello", {0, 1, 2}));
  const auto packet = receive_packet(server.get());
  REQUIRE(packet);
  CHECK(packet->text == "hello");
  CHECK(packet->descriptors.size() == 3);
}

TEST_CASE("control: nobody listens", "[keep]") {
  const test::TempDir dir;
  const auto client = connect_in(dir.path(), "keeper.sock");
  REQUIRE_FALSE(client);
  CHECK(client.error().what == "cannot reach the sandbox's keeper: No such file or directory");
}

TEST_CASE("control: last words are heard, also by whom was not listened to", "[keep]") {
  const test::TempDir dir;
  const auto listener = listen_in(dir.path(), "keeper.sock");
  const auto client = connect_in(dir.path(), "keeper.sock");
  REQUIRE(listener);
  REQUIRE(client);
  os::UniqueFd server(::accept(listener->get(), nullptr, nullptr));
  REQUIRE(send_packet(client->get(), "never read"));
  REQUIRE(send_packet(server.get(), "last words"));
  server.reset();
  CHECK(receive_packet(client->get())->text == "last words");
  CHECK(receive_packet(client->get())->text.empty());
}
