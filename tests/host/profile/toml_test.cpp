// TOML 1.0 documents, valid and invalid, by the sections of the specification; and the places of
// what they hold.
#include "profile/toml_document.hpp"
#include "support/catch.hpp"

namespace paddock::test {
namespace {

using profile::parse_toml;

TEST_CASE("toml: what the specification allows is read (PR01)", "[profile][toml]") {
  for (const std::string& text :
       std::vector<std::string>{"",
                                "\n",
                                "# only a comment",
                                "a = 1 # after",
                                "a=1\r\nb=2\r\n",
                                "\ta\t=\t1",
                                "bare_key-1 = 1",
                                "1234 = 1",
                                "\"quoted key\" = 1",
                                "'literal key' = 1",
                                "\"\" = 1",
                                "a.b.c = 1",
                                "a . b = 1",
                                "a.\"b.c\".d = 1",
                                "3.14 = 1",
                                "a.b = 1\na.c = 2",
                                "s = \"\"",
                                "s = \"tab \\t quote \\\" slash \\\\ u \\u00e9 \\U0001F600\"",
                                "s = \"\"\"\na\nb\"\"\"",
                                "s = \"\"\"a \\\n   b\"\"\"",
                                "s = \"\"\"two \"\" quotes\"\"\"",
                                "s = 'C:\\x'",
                                "s = '''\nraw ' ''x'''",
                                "s = '''''two'''",
                                "i = +99",
                                "i = -17",
                                "i = 0",
                                "i = +0",
                                "i = 1_000",
                                "i = 0xDEAD_beef",
                                "i = 0o755",
                                "i = 0b1101",
                                "i = 9223372036854775807",
                                "i = -9223372036854775808",
                                "f = 1.0",
                                "f = -0.01",
                                "f = 5e+22",
                                "f = 1e06",
                                "f = 6.626e-34",
                                "f = 224_617.445_991",
                                "f = inf",
                                "f = -inf",
                                "f = nan",
                                "f = +nan",
                                "b = true",
                                "b = false",
                                "a = []",
                                "a = [ ]",
                                "a = [1, 2,]",
                                "a = [[1], ['a']]",
                                "a = [\n 1, # c\n 2\n]",
                                "a = [1, 'mixed', 1.5]",
                                "t = {}",
                                "t = { a = 1, b = 'x' }",
                                "t = { a.b = 1 }",
                                "t = { a = { b = [] } }",
                                "[t]",
                                "[t]\na = 1\n[u]",
                                "[ t . u ]",
                                "[t.u]\n[t]",
                                "[t.u.v]\n[t]\na = 1",
                                "[\"quoted\"]",
                                "[[a]]",
                                "[[a]]\n[[a]]\nx = 1",
                                "[[a]]\n[a.b]\nx = 1\n[[a.c]]\n[[a.c]]",
                                "[t]\na.b = 1\n[t.c]",
                                "'\xc3\xa9' = 1",
                                "s = '\xf0\x9f\x98\x80'",
                                "a = 1\n\n\n",
                                "true = 1",
                                "inf = 1"}) {
    INFO(text);
    CHECK(parse_toml(text, "x.toml").has_value());
  }
}

TEST_CASE("toml: what the specification forbids is refused with its place (PR01)",
          "[profile][toml]") {
  for (const std::string& text : std::vector<std::string>{"a",
                                                          "a =",
                                                          "= 1",
                                                          "a = 1 b = 2",
                                                          "a 1",
                                                          "a == 1",
                                                          "a = \n1",
                                                          "a.b",
                                                          "a. = 1",
                                                          ".a = 1",
                                                          "a..b = 1",
                                                          "a b = 1",
                                                          "a\n= 1",
                                                          "\"a = 1",
                                                          "'a = 1",
                                                          "\"\"\"a\"\"\" = 1",
                                                          "a = 1\na = 2",
                                                          "a = 1\n\"a\" = 2",
                                                          "a.b = 1\na.b = 2",
                                                          "a = 1\na.b = 2",
                                                          "a.b = 1\na = 2",
                                                          "[t]\n[t]",
                                                          "[t]\na = 1\n[t]\nb = 2",
                                                          "a = 1\n[a]",
                                                          "[a]\nb = 1\n[a.b]",
                                                          "[a.b]\n[a]\nb = 1",
                                                          "[]",
                                                          "[a.]",
                                                          "[.a]",
                                                          "[a..b]",
                                                          "[a",
                                                          "a]",
                                                          "[a]]",
                                                          "[[a]",
                                                          "[a b]",
                                                          "[a] b = 1",
                                                          "[a]\n[[a]]",
                                                          "[[a]]\n[a]",
                                                          "a = []\n[[a]]",
                                                          "a = {}\n[a]",
                                                          "a = {}\na.b = 1",
                                                          "[a.b]\n[a]\nb.c = 1",
                                                          "s = \"\n\"",
                                                          "s = 'a\nb'",
                                                          "s = \"\\x\"",
                                                          "s = \"\\u00\"",
                                                          "s = \"\\uD800\"",
                                                          "s = \"\\U00110000\"",
                                                          "s = \"\"\"a",
                                                          "s = '''a",
                                                          "s = \"a\" \"b\"",
                                                          "s = \"\x01\"",
                                                          "s = '\x7f'",
                                                          "s = \"a\rb\"",
                                                          "# \x01",
                                                          "i = 01",
                                                          "i = +0x1",
                                                          "i = 0X1",
                                                          "i = 0xG",
                                                          "i = 0o8",
                                                          "i = 0b2",
                                                          "i = 1__0",
                                                          "i = _1",
                                                          "i = 1_",
                                                          "i = 0x_1",
                                                          "i = 9223372036854775808",
                                                          "i = --1",
                                                          "i = 1e",
                                                          "f = .5",
                                                          "f = 5.",
                                                          "f = 1.e2",
                                                          "f = 1._5",
                                                          "f = 1e1.5",
                                                          "f = 1_.0",
                                                          "f = Inf",
                                                          "f = NaN",
                                                          "b = True",
                                                          "b = TRUE",
                                                          "b = tru",
                                                          "b = yes",
                                                          "a = [1 2]",
                                                          "a = [1,,2]",
                                                          "a = [",
                                                          "a = [1",
                                                          "a = ]",
                                                          "a = [,]",
                                                          "t = {",
                                                          "t = { a = 1",
                                                          "t = { a = 1, }",
                                                          "t = { a = 1\n}",
                                                          "t = { a }",
                                                          "t = { = 1 }",
                                                          "t = { a = 1 b = 2 }",
                                                          "t = { a = 1, a = 2 }",
                                                          "t = { a.b = 1, a = 2 }",
                                                          "t = { a = 1 }\nt.b = 2",
                                                          "\xff = 1",
                                                          "a = '\xff'",
                                                          "a = '\xc3'",
                                                          "a = '\xed\xa0\x80'",
                                                          "d = 2021-13-01",
                                                          "d = 2021-02-30",
                                                          "d = 25:00:00",
                                                          "d = 2021-1-1",
                                                          "{ a = 1 }",
                                                          "[\"a\nb\"]",
                                                          "a = 1; b = 2",
                                                          "a: 1",
                                                          "a = 1,",
                                                          "a = null",
                                                          "a = 1 // c"}) {
    INFO(text);
    const auto parsed = parse_toml(text, "x.toml");
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == ErrorCode::kTomlSyntax);
    REQUIRE(parsed.error().where.has_value());
    CHECK(parsed.error().where->line >= 1);
    CHECK(parsed.error().where->column >= 1);
  }
  // A NUL ends no text.
  CHECK_FALSE(parse_toml(std::string_view("a = 1\n\0b = 2", 12), "x.toml").has_value());
}

std::string place(const SourcePos& where) {
  return std::to_string(where.line) + ":" + std::to_string(where.column) + "+" +
         std::to_string(where.length);
}

TEST_CASE("toml: keys and values keep their places in bytes", "[profile][toml]") {
  const auto root = parse_toml(
      "a = 1\n"
      "'\xc3\xa9' = { k = 'v\xc3\xa9', l = 2 }\n"
      "[t.u]\n"
      "list = ['\xe6\xbc\xa2', 10]\n"
      "long = '''\n"
      "two'''\n"
      "[[e]]\n"
      "x = true\n",
      "f.toml");
  REQUIRE(root.has_value());
  CHECK(place(root->find("a")->key_where) == "1:1+1");
  CHECK(place(root->find("a")->where) == "1:5+1");
  const Node& inline_table = *root->find("\xc3\xa9");
  CHECK(place(inline_table.key_where) == "2:1+4");
  CHECK(place(inline_table.find("k")->where) == "2:14+5");
  CHECK(place(inline_table.find("l")->where) == "2:25+1");
  CHECK(place(root->find("t")->key_where) == "3:2+1");
  CHECK(place(root->find("t.u")->key_where) == "3:4+1");
  const Node::Array& list = *root->find("t.u.list")->array();
  CHECK(place(list[0].where) == "4:9+5");
  CHECK(place(list[1].where) == "4:16+2");
  CHECK(place(root->find("t.u.long")->where) == "5:8+3");
  CHECK(place(root->find("e")->key_where) == "7:3+1");
  CHECK(place(root->find("e")->array()->front().find("x")->where) == "8:5+4");
  CHECK(root->find("a")->where.file == "f.toml");
  // A copy keeps them, where toml++'s own nodes lose them.
  const Node copy = *root;
  CHECK(place(copy.find("a")->where) == "1:5+1");
}

TEST_CASE("toml: no letter beyond ASCII reaches the parser bare", "[profile][toml][error]") {
  const auto bare = parse_toml("\xef\xba\xbf = 1", "x.toml");
  REQUIRE_FALSE(bare.has_value());
  CHECK(bare.error().code == ErrorCode::kTomlSyntax);
  CHECK(bare.error().what == "not TOML: only ASCII may stand outside quotes and comments");
  CHECK(bare.error().where->column == 1);
  CHECK_FALSE(parse_toml("a = '\xc3\xa9' \xc3\xa9", "x.toml").has_value());
  CHECK_FALSE(parse_toml("a = \"\"\"x\"\"\"\"\n\xc3\xa9 = 1", "x.toml").has_value());
  CHECK(parse_toml("a = \"\"\"x\"\"\"\"\"\nb = '\xc3\xa9' # \xc3\xa9", "x.toml").has_value());
  CHECK(parse_toml("\xef\xbb\xbf"
                   "a = 1",
                   "x.toml")
            .has_value());
  CHECK_FALSE(parse_toml("a = 1\n\xef\xbb\xbf"
                         "b = 1",
                         "x.toml")
                  .has_value());
}

TEST_CASE("toml: limits count what the parser would recurse into", "[profile][toml]") {
  const auto code = [](const std::string& text) {
    const auto parsed = parse_toml(text, "x.toml");
    return parsed ? ErrorCode::kInternal : parsed.error().code;
  };
  std::string parts = "a";
  for (int i = 1; i < 16; ++i) {
    parts += ".a";
  }
  CHECK(code(parts + " = 1") == ErrorCode::kInternal);
  CHECK(code(parts + ".a = 1") == ErrorCode::kFileTooLarge);
  CHECK(code("s = '" + std::string(1000, '.') + "'") == ErrorCode::kInternal);
  CHECK(code("# " + std::string(1000, '.')) == ErrorCode::kInternal);
  CHECK(code("s = \"\\\"" + std::string(1000, '[') + "\"") == ErrorCode::kInternal);
  CHECK(code("s = '''\n" + std::string(1000, '[') + "'''") == ErrorCode::kInternal);
  const std::string open(32, '[');
  const std::string close(32, ']');
  CHECK(code("a = " + open + close) == ErrorCode::kInternal);
  CHECK(code("a = [" + open + close + "]") == ErrorCode::kFileTooLarge);
  CHECK(code(std::string(49 * 1024, '\n')) == ErrorCode::kFileTooLarge);
  for (const char* known : {"[~", "[+", "[="}) {
    CHECK(code(known) == ErrorCode::kTomlSyntax);
  }
}

}  // namespace
}  // namespace paddock::test
