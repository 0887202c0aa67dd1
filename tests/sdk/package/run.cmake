# The whole way of sdk/README.md: installs paddock, copies the template, builds it outside of this tree
# with a test program, runs that, installs the plugin for a user, and launches with it.
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK}/plugin)

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    string(REPLACE ";" " " command "${ARGN}")
    message(FATAL_ERROR "${command}: ${status}\n${output}")
  endif()
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
file(COPY ${WORK}/prefix/share/paddock/sdk/sdk/template/ DESTINATION ${WORK}/plugin)
file(COPY ${SOURCE}/check.cpp DESTINATION ${WORK}/plugin)
file(APPEND ${WORK}/plugin/CMakeLists.txt "
add_executable(check check.cpp)
target_link_libraries(check PRIVATE paddock::testing)
")
run(${CMAKE_COMMAND} -S ${WORK}/plugin -B ${WORK}/build -G Ninja -DCMAKE_PREFIX_PATH=${WORK}/prefix
  -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_C_COMPILER=${C} -DCMAKE_BUILD_TYPE=Debug
  -DCMAKE_INSTALL_PREFIX=${WORK}/out
  # Whatever else the stranger's project sets: paddock refuses a library with a search path.
  -DCMAKE_BUILD_RPATH=${WORK}/elsewhere -DCMAKE_INSTALL_RPATH=${WORK}/elsewhere)
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${CMAKE_COMMAND} --install ${WORK}/build)
run(${WORK}/build/check ${WORK}/out/lib/paddock/plugins/my-hardener)

# A user of that installation, with a umask of 002 as the worst.
set(user env -C ${WORK}/project HOME=${WORK}/home XDG_CONFIG_HOME=${WORK}/config
  XDG_DATA_HOME=${WORK}/data XDG_STATE_HOME=${WORK}/state XDG_CACHE_HOME=${WORK}/cache
  ${WORK}/prefix/bin/paddock)
set(plugins ${WORK}/data/paddock/plugins)
file(MAKE_DIRECTORY ${WORK}/home ${WORK}/project ${plugins})
file(WRITE ${WORK}/config/paddock/profiles/mine.toml
  "schema_version = 1\nextends = ['quickstart']\n\n[hardener.my-hardener]\nprocesses = 77\n")
run(cp -r ${WORK}/build/lib/paddock/plugins/my-hardener ${plugins}/)
run(chmod -R g+w ${plugins}/my-hardener)

function(paddock_says expected)
  execute_process(COMMAND ${user} ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(FIND "${output}" "${expected}" found)
  if(found EQUAL -1)
    message(FATAL_ERROR "paddock ${ARGN}: ${status}, without '${expected}'\n${output}")
  endif()
endfunction()

paddock_says("hint: chmod -R go-w '${plugins}/my-hardener'" plugin info my-hardener)
run(chmod -R go-w ${plugins})
run(${user} plugin info my-hardener)
execute_process(COMMAND bwrap --unshare-user --ro-bind / / true RESULT_VARIABLE status
  OUTPUT_QUIET ERROR_QUIET)
if(NOT status EQUAL 0)
  message(STATUS "no sandboxes here: the launch is left out")
  return()
endif()
paddock_says("my-hardener" plan mine)
run(${user} run mine -- true)
