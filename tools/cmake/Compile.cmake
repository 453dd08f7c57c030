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
  target_link_options(sarsen_compile INTERFACE -fsanitize=${SARSEN_SANITIZE})
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

# Headers of the standard library that nearly every file includes, parsed once per target: half of the time of a small
# file. Every file still includes what it uses, which the preset bench, without this, proves.
function(sarsen_precompile target)
  if(NOT SARSEN_PRECOMPILE)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE <algorithm> <array> <chrono> <filesystem> <functional> <map> <memory> <mutex>
                                              <optional> <span> <string> <string_view> <variant> <vector> ${ARGN})
  # As ccache wants it: nothing in the result may depend on when it was made.
  if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  else()
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

# Where the whole is built at once, up to six files of one folder are compiled as one, which parses what they share once.
function(sarsen_unite target)
  if(NOT SARSEN_UNITE)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  get_target_property(sources ${target} SOURCES)
  foreach(source ${sources})
    get_filename_component(folder ${source} DIRECTORY)
    file(RELATIVE_PATH folder ${CMAKE_CURRENT_SOURCE_DIR} ${folder}/.)
    if(source MATCHES "\\.cc$")
      string(MAKE_C_IDENTIFIER "${folder}" folder)
      math(EXPR count_${folder} "0${count_${folder}} + 1")
      math(EXPR part "(${count_${folder}} - 1) / 6")
      set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${folder}_${part})
    endif()
  endforeach()
endfunction()

# A library of all sources in the calling folder and below it.
function(sarsen_library name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cc *.h)
  list(FILTER sources EXCLUDE REGEX "\\.kernel\\.cc$|/(main|allocator)\\.cc$")
  add_library(${name} STATIC ${sources})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(${name} PUBLIC sarsen_compile)
  sarsen_precompile(${name})
  sarsen_unite(${name})
endfunction()
