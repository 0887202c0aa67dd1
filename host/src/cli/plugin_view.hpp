// What `plugin list` and `plugin info` share.
#pragma once

#include <string>

#include "base/node.hpp"
#include "plugin/registry.hpp"

namespace paddock::cli {

/// The registry of this user and machine.
Result<plugin::Registry> open_plugins();

/// "in-process" or "child".
std::string mode_text(plugin::Mode mode);

/// The JSON object of one plugin, without its options.
Node::Table plugin_node(const plugin::Manifest& manifest);

/// One line of JSON: `fields` and {"schema": schema}.
std::string json_line(Node::Table fields, const std::string& schema);

Node text_node(std::string_view text);
Node texts_node(const std::vector<std::string>& texts);

}  // namespace paddock::cli
