# Warnings and flags, on one interface target that every library and program of ours links.
add_library(sarsen_compile INTERFACE)
target_include_directories(sarsen_compile INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(sarsen_compile INTERFACE -Wall -Wextra -Wconversion -Wshadow -Werror -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees overlaps in `"text" + string` at -O3 that are not there (its PR 105329).
  target_compile_options(sarsen_compile INTERFACE -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
  # std::stable_sort of libstdc++ 12 calls what it has deprecated itself.
  target_compile_options(sarsen_compile INTERFACE -Wno-deprecated-declarations)
endif()
if(SARSEN_DCHECK)
  target_compile_definitions(sarsen_compile INTERFACE SARSEN_DCHECK)
endif()
if(SARSEN_SANITIZE)
  target_compile_options(sarsen_compile INTERFACE -fsanitize=${SARSEN_SANITIZE} -fno-omit-frame-pointer
                                                  -fno-sanitize-recover=all)
  if(SARSEN_SANITIZE MATCHES undefined)
    # AddressSanitizer stops at what these would tell of, and without them a file compiles in two thirds of the time.
    target_compile_options(sarsen_compile INTERFACE -fno-sanitize=null,object-size)
  endif()
  target_link_options(sarsen_compile INTERFACE -fsanitize=${SARSEN_SANITIZE})
  if(SARSEN_SANITIZE MATCHES thread)
    target_link_options(sarsen_compile INTERFACE -Wl,-u,thrd_create)  # storage/base/c11_threads.cc, for libraries
  endif()
endif()

# The compiler cache and the fast linker, where they are installed.
find_program(CCACHE ccache)
if(CCACHE)
  # The sloppiness is what ccache asks for where headers are precompiled.
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_C_COMPILER_LAUNCHER})
endif()
find_program(MOLD mold)
if(MOLD)
  target_link_options(sarsen_compile INTERFACE -fuse-ld=mold)
endif()

# Headers that are parsed once per target: STANDARD, those of the standard library that nearly every file includes, which
# is half of the time of a small file; ALL, those of `folder` too, which for a build from nothing is half of the rest, but
# then a change of any header compiles the whole library. Every file still includes what it uses, which the preset bench,
# without this, proves.
function(sarsen_precompile target folder)
  if(NOT SARSEN_PRECOMPILE)
    return()
  endif()
  if(SARSEN_PRECOMPILE STREQUAL ALL)
    file(GLOB_RECURSE headers RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS ${folder}/*.h)
    list(FILTER headers EXCLUDE REGEX "\\.kernel\\.h$")  # each is compiled for several instruction sets
    # In a file of their own: CMake gives the one that it makes an old time, so that a new header would not be seen.
    list(TRANSFORM headers REPLACE "(.+)" "#include \"\\1\"\n")
    list(JOIN headers "" includes)
    set(headers ${CMAKE_CURRENT_BINARY_DIR}/${target}_headers.h)
    file(CONFIGURE OUTPUT ${headers} CONTENT "${includes}")
  endif()
  target_precompile_headers(${target} PRIVATE <algorithm> <array> <chrono> <filesystem> <functional> <map> <memory> <mutex>
                                              <optional> <span> <string> <string_view> <variant> <vector> ${ARGN}
                                              ${headers})
  # As ccache wants it: nothing in the result may depend on when it was made.
  if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  else()
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

# A library of all sources in the calling folder and below it.
function(sarsen_library name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cc *.h)
  list(FILTER sources EXCLUDE REGEX "\\.kernel\\.cc$|/(main|allocator)\\.cc$")
  add_library(${name} STATIC ${sources})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(${name} PUBLIC sarsen_compile)
  sarsen_precompile(${name} ${CMAKE_CURRENT_SOURCE_DIR})
endfunction()
