# paddock_add_plugin(<id> KIND backend|hardener|hook SOURCES ... [LINK ...] [NO_INSTALL])
#
# Builds the plugin <id> from the calling directory, which also holds its manifest.toml, as
# ${PADDOCK_PLUGIN_DIR}/<id>/{lib<id>.so,manifest.toml}, ready to be found by paddock. The library
# exports paddock_plugin_v1 and nothing else, holds its own C++ run-time library, and finds what it
# LINKs in the system's directories or nowhere: paddock refuses a library with a RUNPATH.
set(PADDOCK_PLUGIN_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR} CACHE INTERNAL "helpers of paddock_add_plugin()")

if(NOT PADDOCK_PLUGIN_DIR)
  set(PADDOCK_PLUGIN_DIR ${CMAKE_BINARY_DIR}/lib/paddock/plugins)
endif()

function(paddock_add_plugin id)
  cmake_parse_arguments(arg "NO_INSTALL" "KIND" "SOURCES;LINK" ${ARGN})
  set(manifest ${CMAKE_CURRENT_SOURCE_DIR}/manifest.toml)
  _paddock_check_plugin(${id} "${arg_KIND}" ${manifest} "${arg_UNPARSED_ARGUMENTS}")

  set(embedded ${CMAKE_CURRENT_BINARY_DIR}/${id}-manifest.cpp)
  add_custom_command(OUTPUT ${embedded}
    COMMAND ${CMAKE_COMMAND} -DIN=${manifest} -DOUT=${embedded}
      -P ${PADDOCK_PLUGIN_CMAKE_DIR}/embed-manifest.cmake
    DEPENDS ${manifest} ${PADDOCK_PLUGIN_CMAKE_DIR}/embed-manifest.cmake VERBATIM)

  set(target paddock-plugin-${id})
  add_library(${target} MODULE ${arg_SOURCES} ${embedded})
  set_target_properties(${target} PROPERTIES
    PREFIX lib OUTPUT_NAME ${id} LIBRARY_OUTPUT_DIRECTORY ${PADDOCK_PLUGIN_DIR}/${id}
    SKIP_BUILD_RPATH ON INSTALL_RPATH "" INSTALL_RPATH_USE_LINK_PATH OFF
    CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${PADDOCK_PLUGIN_CMAKE_DIR}/paddock-plugin.map)
  target_compile_features(${target} PRIVATE cxx_std_20)
  target_link_libraries(${target} PRIVATE paddock::sdk ${arg_LINK})
  if(TARGET paddock-flags)
    target_link_libraries(${target} PRIVATE paddock-flags)
  endif()
  _paddock_link_options(${target})

  # The manifest beside the library must be the embedded one, byte for byte.
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -E copy ${manifest} ${PADDOCK_PLUGIN_DIR}/${id}/manifest.toml VERBATIM)
  if(NOT arg_NO_INSTALL)
    set(destination lib/paddock/plugins/${id})
    install(TARGETS ${target} LIBRARY DESTINATION ${destination})
    install(FILES ${manifest} DESTINATION ${destination})
  endif()
endfunction()

function(_paddock_check_plugin id kind manifest unknown)
  if(unknown)
    message(FATAL_ERROR "paddock_add_plugin(${id}): unknown arguments: ${unknown}")
  endif()
  if(NOT kind MATCHES "^(backend|hardener|hook)$")
    message(FATAL_ERROR "paddock_add_plugin(${id}): KIND must be backend, hardener or hook")
  endif()
  if(NOT EXISTS ${manifest})
    message(FATAL_ERROR "paddock_add_plugin(${id}): there is no ${manifest}")
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manifest})
  file(READ ${manifest} text)
  foreach(pair "id=${id}" "kind=${kind}")
    string(REGEX MATCH "^([a-z]+)=(.*)$" pair "${pair}")
    set(key ${CMAKE_MATCH_1})
    set(value ${CMAKE_MATCH_2})
    if(NOT text MATCHES "(^|\n)${key} *= *\"${value}\"")
      message(FATAL_ERROR "${manifest}: ${key} must be \"${value}\", as paddock_add_plugin() says")
    endif()
  endforeach()
endfunction()

function(_paddock_link_options target)
  target_link_options(${target} PRIVATE -Wl,-z,relro,-z,now
    -Wl,--version-script,${PADDOCK_PLUGIN_CMAKE_DIR}/paddock-plugin.map
    -Wl,--exclude-libs,ALL -Wl,--gc-sections)
  if(NOT PADDOCK_SANITIZE)
    target_link_options(${target} PRIVATE -Wl,-z,defs -static-libstdc++ -static-libgcc)
  endif()
endfunction()
