// Which mounts a backend may add to the declared ones: the one table of rules. A backend that
// names anything else, or whose mounts turn out otherwise than named, is not believed.
#pragma once

#include <optional>
#include <string>

#include "os/proc.hpp"
#include "proof/view.hpp"

namespace paddock::proof {

/// Why the host does not accept this mount, whether it exists or not; nullopt: accepted.
std::optional<std::string> refuse_engine_mount(const View& view,
                                               const contract::EngineMount& mount);

/// Why a mount that nobody named is not harmless; nullopt: it is a device node, terminal or
/// pseudo file system in its usual place.
std::optional<std::string> refuse_unnamed(const View& view, const os::MountInfo& mount);

/// Whether `mount` is the folder by which further gates get into a sandbox with a kernel of its
/// own: root's alone, and the workload is not root.
bool is_way_in(const View& view, const os::MountInfo& mount);

/// Whether `mount` is a kernel file system of the sandbox's own: of type `fstype`, its root, and
/// not one that the host has mounted.
std::optional<std::string> refuse_pseudo(const View& view,
                                         const os::MountInfo& mount,
                                         const std::string& fstype);

/// Major and minor of a harmless device node ("/dev/null"); nullopt: not harmless.
std::optional<dev_t> harmless_device(std::string_view path);

}  // namespace paddock::proof
