/* How one language dialect lays the ABI's structs out. */
#ifndef PADDOCK_TESTS_LAYOUT_H
#define PADDOCK_TESTS_LAYOUT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct layout {
  size_t bytes, out, host, plugin;
  size_t plugin_magic, plugin_manifest, plugin_extension, host_extension;
};

#define LAYOUT                                                                                 \
  {                                                                                            \
    sizeof(struct paddock_bytes), sizeof(struct paddock_out), sizeof(struct paddock_host),     \
        sizeof(struct paddock_plugin), offsetof(struct paddock_plugin, magic),                 \
        offsetof(struct paddock_plugin, manifest), offsetof(struct paddock_plugin, extension), \
        offsetof(struct paddock_host, extension)                                               \
  }

struct layout layout_c11(void);
struct layout layout_c17(void);
struct layout layout_cxx20(void);

#ifdef __cplusplus
}
#endif

#endif
