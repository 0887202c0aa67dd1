// The C functions that the SDK puts around a plugin, driven as a host drives them.
#include <dlfcn.h>

#include <chrono>
#include <thread>

#include "paddock/contract/codec.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/plugin.h"
#include "support/catch.hpp"

using namespace paddock;

namespace {

int append(void* ctx, paddock_bytes bytes) {
  static_cast<std::string*>(ctx)->append(bytes.ptr, bytes.len);
  return 0;
}
void ignore_log(void*, int32_t, paddock_bytes) {}
int never(void*) {
  return 0;
}
const void* no_extension(void*, const char*) {
  return nullptr;
}

paddock_host host() {
  return {sizeof(paddock_host), PADDOCK_ABI_MINOR, nullptr, ignore_log, never, no_extension};
}

const paddock_plugin& liar() {
  static const paddock_plugin* const kPlugin = [] {
    void* handle = dlopen(PADDOCK_BUILD_DIR "/tests/sdk/plugins/liar-hardener/libliar-hardener.so",
                          RTLD_NOW | RTLD_LOCAL);
    REQUIRE(handle != nullptr);
    return reinterpret_cast<const paddock_plugin* (*)()>(dlsym(handle, "paddock_plugin_v1"))();
  }();
  return *kPlugin;
}

struct Answer {
  int32_t status = 0;
  std::string reply;
  std::string error;  // its `what`
};

std::string what(const std::string& json) {
  const auto error = contract::decode<Error>(json);
  return json.empty() ? "" : error ? error->what : "not an error: " + json;
}

paddock_bytes bytes(std::string_view text) {
  return {text.data(), text.size()};
}

class Liar {
 public:
  explicit Liar(const std::string& lie, const paddock_host& with = kHost) {
    const std::string config =
        R"({"plugin":"liar-hardener","values":{"lie":")" + lie + R"("},"positions":{}})";
    std::string error;
    const paddock_out err = {sizeof(paddock_out), &error, append};
    created.status = liar().create(&with, bytes(config), &self_, &err);
    created.error = what(error);
  }
  ~Liar() {
    if (created.status == PADDOCK_OK) {
      liar().destroy(self_);
    }
  }
  Liar(const Liar&) = delete;
  Liar& operator=(const Liar&) = delete;

  Answer call(std::string_view method,
              std::string_view request,
              int (*write)(void*, paddock_bytes) = append) {
    Answer answer;
    std::string error;
    const paddock_out reply = {sizeof(paddock_out), &answer.reply, write};
    const paddock_out err = {sizeof(paddock_out), &error, append};
    answer.status = liar().call(self_, bytes(method), bytes(request), &reply, &err);
    answer.error = what(error);
    return answer;
  }
  void cancel() { liar().cancel(self_); }

  Answer created;

 private:
  static const paddock_host kHost;
  void* self_ = nullptr;
};

const paddock_host Liar::kHost = host();

std::string plan_request() {
  return contract::encode(contract::PlanRequest{});
}

}  // namespace

TEST_CASE(
    "trampolines: API-08 what a method throws becomes an error that names plugin and method") {
  Liar plugin("throw");
  const Answer answer = plugin.call("adjust", plan_request());
  CHECK(answer.status == PADDOCK_FAILED);
  CHECK(answer.error == "plugin 'liar-hardener' threw in 'adjust': no reason");
  Liar other("throw-int");
  CHECK(other.call("adjust", plan_request()).error == "plugin 'liar-hardener' threw in 'adjust'");
}

TEST_CASE("trampolines: API-08 what configure throws fails create") {
  const Liar plugin("throw-in-configure");
  CHECK(plugin.created.status == PADDOCK_FAILED);
  CHECK(plugin.created.error == "plugin 'liar-hardener' threw in 'create': no reason");
}

TEST_CASE("trampolines: API-05 a host struct that is too short fails create") {
  paddock_host old = host();
  old.size = 8;
  const Liar plugin("", old);
  CHECK(plugin.created.status == PADDOCK_FAILED);
  CHECK(plugin.created.error == "the host's struct is too short");
}

TEST_CASE("trampolines: API-09 requests are read up to their length and no further") {
  Liar plugin("");
  const std::string tail = "{}garbage";
  const Answer answer = plugin.call("require", std::string_view(tail).substr(0, 2));
  CHECK(answer.status == PADDOCK_OK);
  CHECK(answer.reply == R"({"protections":["no-new-privs"]})");
}

TEST_CASE("trampolines: API-12 cancel from another thread ends a call that looks at it") {
  Liar plugin("wait");
  std::thread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    plugin.cancel();
  });
  const Answer answer = plugin.call("adjust", plan_request());
  canceller.join();
  CHECK(answer.status == PADDOCK_CANCELLED);
  CHECK(answer.error == "given up");
}

TEST_CASE("trampolines: API-10 a reply that is not taken fails with an error object") {
  Liar plugin("");
  const Answer answer = plugin.call("require", "{}", [](void*, paddock_bytes) { return 1; });
  CHECK(answer.status == PADDOCK_FAILED);
  CHECK(answer.error == "the host takes no reply of 32 bytes");
}

TEST_CASE("trampolines: API-13 an unknown method is unsupported") {
  Liar plugin("");
  const Answer answer = plugin.call("launch", "{}");
  CHECK(answer.status == PADDOCK_UNSUPPORTED);
  CHECK(answer.error == "method 'launch' is not known");
}

TEST_CASE("trampolines: an option of the wrong type is the plugin's defect, with its id") {
  std::string error;
  const paddock_out err = {sizeof(paddock_out), &error, append};
  const paddock_host with = host();
  void* self = nullptr;
  const auto status = liar().create(
      &with, bytes(R"({"plugin":"x","values":{"lie":1},"positions":{}})"), &self, &err);
  CHECK(status == PADDOCK_FAILED);
  CHECK(what(error) == "plugin 'liar-hardener' threw in 'create': option 'lie' is not text");
}
