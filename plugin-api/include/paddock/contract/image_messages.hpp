// Images of a backend's engine: what there is, and how one comes and goes. The methods are
// optional; every "must" is in plugin-api/README.md. Plain data; no thread rule.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace paddock::contract {

/// One image that the engine has.
struct Image {
  std::string id;                       ///< "sha256:" and 64 hex digits: what it is, whatever names
                                        ///< lead to it
  std::vector<std::string> references;  ///< names that lead to it, with tag; may be none
  std::vector<std::string> digests;     ///< "NAME@sha256:...": what registries know it by
  std::string platform;                 ///< "linux/amd64"
  std::uint64_t size_bytes = 0;
  std::int64_t created_at = 0;  ///< seconds since 1970; 0: not known

  template <class V>
  static void describe(V& v) {
    v.field("id", &Image::id, "what it is, whatever names lead to it");
    v.field("references", &Image::references, "names that lead to it");
    v.field("digests", &Image::digests, "what registries know it by");
    v.field("platform", &Image::platform, "operating system and architecture");
    v.field("size_bytes", &Image::size_bytes, "size in bytes");
    v.field("created_at", &Image::created_at, "seconds since 1970, 0 when not known");
  }
};

/// `images`: all, or what one reference leads to. Looks, and changes nothing.
struct ImagesRequest {
  std::string reference;  ///< "NAME:TAG", "NAME@sha256:..." or an id; empty: all

  template <class V>
  static void describe(V& v) {
    v.field("reference", &ImagesRequest::reference, "a name or an id, empty for all");
  }
};

struct ImagesReply {
  std::vector<Image> images;  ///< of one reference: none or one

  template <class V>
  static void describe(V& v) {
    v.field("images", &ImagesReply::images, "what the engine has");
  }
};

/// `image-pull`: from the registry that the reference names.
struct ImagePullRequest {
  std::string reference;          ///< "NAME:TAG" or "NAME@sha256:...", with the registry's host
  std::string platform;           ///< empty: the engine's own
  std::int32_t progress_fd = -1;  ///< ImageProgress, one a line; -1: nobody looks

  template <class V>
  static void describe(V& v) {
    v.field("reference", &ImagePullRequest::reference, "name with the registry's host");
    v.field("platform", &ImagePullRequest::platform, "empty for the engine's own");
    v.field("progress_fd", &ImagePullRequest::progress_fd, "descriptor for ImageProgress lines");
  }
};

/// `image-build`: from a Containerfile and the folder that it may copy from.
struct ImageBuildRequest {
  std::string reference;      ///< the name that it gets
  std::string containerfile;  ///< absolute path on the host
  std::string context;        ///< the same, a directory
  std::string platform;       ///< empty: the engine's own
  std::int32_t progress_fd = -1;

  template <class V>
  static void describe(V& v) {
    v.field("reference", &ImageBuildRequest::reference, "the name that it gets");
    v.field("containerfile", &ImageBuildRequest::containerfile, "path on the host");
    v.field("context", &ImageBuildRequest::context, "directory on the host");
    v.field("platform", &ImageBuildRequest::platform, "empty for the engine's own");
    v.field("progress_fd", &ImageBuildRequest::progress_fd, "descriptor for ImageProgress lines");
  }
};

/// `image-import`: from a root file system, a directory or an archive of one.
struct ImageImportRequest {
  std::string reference;  ///< the name that it gets
  std::string source;     ///< absolute path on the host
  std::int32_t progress_fd = -1;

  template <class V>
  static void describe(V& v) {
    v.field("reference", &ImageImportRequest::reference, "the name that it gets");
    v.field("source", &ImageImportRequest::source, "archive or directory on the host");
    v.field("progress_fd", &ImageImportRequest::progress_fd, "descriptor for ImageProgress lines");
  }
};

/// What pull, build and import made.
struct ImageReply {
  Image image;

  template <class V>
  static void describe(V& v) {
    v.field("image", &ImageReply::image, "what is there now");
  }
};

/// `image-remove`: takes the name away, and the image with its last one.
struct ImageRemoveRequest {
  std::string reference;  ///< a name
  std::string id;         ///< that it must lead to

  template <class V>
  static void describe(V& v) {
    v.field("reference", &ImageRemoveRequest::reference, "the name to take away");
    v.field("id", &ImageRemoveRequest::id, "what it must lead to");
  }
};

/// One line on `progress_fd`: how far one part of the work is.
struct ImageProgress {
  std::string phase;              ///< "pulling", "downloading", "extracting", "sending", "step"
  std::string part;               ///< of which there are several: a layer's id; may be empty
  std::uint64_t done_bytes = 0;   ///< of the part
  std::uint64_t total_bytes = 0;  ///< 0: not known
  std::string text;               ///< one line for people; may be empty

  template <class V>
  static void describe(V& v) {
    v.field("phase", &ImageProgress::phase, "kind of work");
    v.field("part", &ImageProgress::part, "which part, such as a layer");
    v.field("done_bytes", &ImageProgress::done_bytes, "bytes of the part that are done");
    v.field("total_bytes", &ImageProgress::total_bytes, "bytes of the part, 0 when not known");
    v.field("text", &ImageProgress::text, "one line for people");
  }
};

}  // namespace paddock::contract
