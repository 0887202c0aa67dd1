/* The C11 ABI between the paddock host and a plugin: one exported symbol, JSON over it.
 * Thread rule: stated per function in [brackets]. This header holds no policy; what each
 * method means is in plugin-api/README.md, and the messages in paddock/contract/. */
#ifndef PADDOCK_PLUGIN_H
#define PADDOCK_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#define PADDOCK_VERSION_MAJOR 0
#define PADDOCK_VERSION_MINOR 1
#define PADDOCK_VERSION_PATCH 0

#define PADDOCK_ABI_MAJOR 1
#define PADDOCK_ABI_MINOR 0
#define PADDOCK_MAGIC UINT64_C(0x314b434f44444150) /* "PADDOCK1", little-endian */

#ifdef __cplusplus
extern "C" {
#endif

/* Status codes. Anything that is not PADDOCK_OK, unknown numbers included, fails the launch. */
typedef int32_t paddock_status;
#define PADDOCK_OK 0
#define PADDOCK_FAILED 1      /* the call failed; `err` holds one error object */
#define PADDOCK_UNSUPPORTED 2 /* the method, or what it asks, is beyond this plugin or machine */
#define PADDOCK_CANCELLED 3   /* given up because the host asked for it, and only then */

/* Levels of paddock_host.log. */
#define PADDOCK_LOG_ERROR 0
#define PADDOCK_LOG_WARN 1
#define PADDOCK_LOG_INFO 2
#define PADDOCK_LOG_DEBUG 3

/* Bytes lent for the length of one call: UTF-8, not NUL-terminated, `ptr` may be null when `len` is
 * 0. */
typedef struct paddock_bytes {
  const char* ptr;
  size_t len;
} paddock_bytes;

/* Where a plugin writes an answer. The writer may call `write` several times; the pieces are
 * joined. `write` copies before it returns, and returns non-zero when the host takes no more
 * (an answer over the limit): the plugin then stops writing and returns PADDOCK_FAILED. */
typedef struct paddock_out {
  uint32_t size; /* bytes: sizeof(paddock_out) in the host's build */
  void* ctx;
  int (*write)(void* ctx, paddock_bytes bytes);
} paddock_out;

/* The host as a plugin sees it. Valid until `destroy` of the instance returns. */
typedef struct paddock_host {
  uint32_t size;      /* bytes: sizeof(paddock_host) in the host's build; test before use */
  uint32_t abi_minor; /* highest minor of ABI 1 that the host speaks */
  void* ctx;
  /* Record one message. `json` is {"message": "...", ...}; the host adds the plugin's id.
   * [any thread] */
  void (*log)(void* ctx, int32_t level, paddock_bytes json);
  /* Non-zero once the host wants the call under way to end: the user interrupts, or a fifth of the
   * call's time is left. Zero between calls. [any thread] */
  int (*cancelled)(void* ctx);
  /* An optional interface of the host by its id, or null. Immortal. [any thread] */
  const void* (*extension)(void* ctx, const char* id);
} paddock_host;

/* One plugin as the host sees it. Immortal: returned by paddock_plugin_v1() and valid until
 * the process ends. Fields are only ever appended; test `size` first. */
typedef struct paddock_plugin {
  uint32_t size;          /* bytes: sizeof(paddock_plugin) in the plugin's build */
  uint32_t abi_minor;     /* highest minor of ABI 1 that the plugin was built for */
  uint64_t magic;         /* PADDOCK_MAGIC; anything else is refused unread */
  paddock_bytes manifest; /* must equal the manifest.toml beside the library, byte for byte */

  /* Make one instance from its own profile table (a contract Config message). On PADDOCK_OK
   * `*self` is the instance; otherwise it is untouched and `err` holds one error object.
   * [any thread, one call at a time per plugin] */
  int32_t (*create)(const paddock_host* host,
                    paddock_bytes config,
                    void** self,
                    const paddock_out* err);

  /* Answer one request. `method` and `request` are borrowed until return; write the answer to
   * `reply` and, with any status but PADDOCK_OK, one error object to `err`.
   * [any thread, one call at a time per `self`; after create, before destroy] */
  int32_t (*call)(void* self,
                  paddock_bytes method,
                  paddock_bytes request,
                  const paddock_out* reply,
                  const paddock_out* err);

  /* Ask a call under way to end soon with PADDOCK_CANCELLED: a word to wake what waits. A host that
   * runs the call on its only thread says it by `cancelled` alone. Must not block.
   * [any thread, also while `call` runs] */
  void (*cancel)(void* self);

  /* Free one instance; `self` is dead afterwards. Never fails. [as call, never during one] */
  void (*destroy)(void* self);

  /* An optional interface of the plugin by its id, or null. Immortal. [any thread] */
  const void* (*extension)(const char* id);
} paddock_plugin;

/* The one exported symbol; the ABI's major version is in its name. Returns the same immortal
 * struct at every call. [any thread] */
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const paddock_plugin*
paddock_plugin_v1(void);

#ifdef __cplusplus
}
#endif

#endif /* PADDOCK_PLUGIN_H */
