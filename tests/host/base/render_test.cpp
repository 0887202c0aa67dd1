#include "base/render.hpp"

#include "paddock/contract/result.hpp"
#include "support/catch.hpp"

using namespace paddock;  // NOLINT(google-build-using-namespace): the unit under test

namespace {

Error unknown_key(std::string excerpt, std::uint32_t column, std::uint32_t length) {
  Error error = fail_at(ErrorCode::kUnknownKey, {"web.toml", 4, column, length},
                        "unknown key 'memroy'", "did you mean 'memory'?")
                    .value();
  error.excerpt = std::move(excerpt);
  return error;
}

}  // namespace

TEST_CASE("render: place, source line, carets and hint", "[base][error]") {
  CHECK(render(unknown_key("memroy = \"2GiB\"", 1, 6)) ==
        "web.toml:4:1: error[P0112]: unknown key 'memroy'\n"
        "  4 | memroy = \"2GiB\"\n"
        "    | ^^^^^^\n"
        "  hint: did you mean 'memory'?\n");
}

TEST_CASE("render: carets stand under wide characters and tabs", "[base][error]") {
  CHECK(render(unknown_key("\t\u4e2d = x", 8, 1)) ==
        "web.toml:4:8: error[P0112]: unknown key 'memroy'\n"
        "  4 | \t\u4e2d = x\n"
        "    | \t     ^\n"
        "  hint: did you mean 'memory'?\n");
}

TEST_CASE("render: a caret beyond the line stays on it", "[base][error]") {
  CHECK(render(unknown_key("x", 90, 90)) ==
        "web.toml:4:90: error[P0112]: unknown key 'memroy'\n"
        "  4 | x\n"
        "    |  ^\n"
        "  hint: did you mean 'memory'?\n");
}

TEST_CASE("render: without a place, context before hints, escapes neutralised", "[base][error]") {
  Error error = fail(ErrorCode::kSystem, "cannot open '\x1b[2J'", "look at it").value();
  error.context.push_back("while reading the profile");
  CHECK(render(error) ==
        "paddock: error[P0701]: cannot open '\\x1b[2J'\n"
        "  while reading the profile\n"
        "  hint: look at it\n");
}

TEST_CASE("render: further problems follow, each whole", "[base][error]") {
  Error error = fail(ErrorCode::kUsage, "one").value();
  error.others.push_back(fail(ErrorCode::kBadValue, "two").value());
  CHECK(render(error) == "paddock: error[P0001]: one\npaddock: error[P0114]: two\n");
}

TEST_CASE("render: JSON is one line with the exit status", "[base][error]") {
  CHECK(render_json(unknown_key("memroy = 1", 1, 6)) ==
        "{\"schema\":\"paddock.error/1\",\"error\":{\"code\":\"P0112\",\"what\":\"unknown key "
        "'memroy'\","
        "\"where\":{\"file\":\"web.toml\",\"line\":4,\"column\":1},\"hints\":[\"did you mean "
        "'memory'?\"]},"
        "\"exit_status\":2}\n");
}

TEST_CASE("render: colour marks the place, the code and the carets", "[base][error]") {
  const std::string text = render(unknown_key("memroy = 1", 1, 6), {true, false});
  CHECK(text.find("\x1b[1mweb.toml:4:1: \x1b[0m") == 0);
  CHECK(text.find("\x1b[1;31m^^^^^^\x1b[0m") != std::string::npos);
}

TEST_CASE("render: each class of error has its exit status", "[base][error]") {
  CHECK(exit_status(fail(ErrorCode::kSystem, "").value()) == 1);
  CHECK(exit_status(fail(ErrorCode::kUsage, "").value()) == 2);
  CHECK(exit_status(fail(ErrorCode::kFindings, "").value()) == 3);
  CHECK(exit_status(fail(ErrorCode::kUnproved, "").value()) == 4);
  CHECK(exit_status(fail(ErrorCode::kNoSandbox, "").value()) == 5);
  CHECK(exit_status(fail(ErrorCode::kUnconfirmed, "").value()) == 6);
  CHECK(exit_status(fail(ErrorCode::kBackendMissing, "").value()) == 7);
  CHECK(exit_status(fail(ErrorCode::kPluginTimeout, "").value()) == 8);
}

TEST_CASE("render: of several problems usage decides, then refused, then not found", "[base]") {
  const auto status = [](std::initializer_list<ErrorCode> codes) {
    Error error;
    error.code = *codes.begin();
    for (const ErrorCode* code = codes.begin() + 1; code != codes.end(); ++code) {
      error.others.push_back(fail(*code, "").value());
    }
    return exit_status(error);
  };
  CHECK(status({ErrorCode::kUnknownPlugin, ErrorCode::kWidening}) == 4);
  CHECK(status({ErrorCode::kWidening, ErrorCode::kUnknownPlugin}) == 4);
  CHECK(status({ErrorCode::kUnknownPlugin, ErrorCode::kWidening, ErrorCode::kUnknownKey}) == 2);
  CHECK(status({ErrorCode::kUnknownPlugin, ErrorCode::kUnknownProfile}) == 5);
  // Reasons of other classes change nothing.
  CHECK(status({ErrorCode::kNoBackend, ErrorCode::kSystem, ErrorCode::kBackendMissing}) == 4);
  CHECK(status({ErrorCode::kSystem, ErrorCode::kUnknownKey}) == 1);
}
