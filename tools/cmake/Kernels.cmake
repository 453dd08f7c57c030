# add_kernels(target file.kernel.cc ...): compiles each file once per instruction set of storage/simd/arch.h, with
# -DKERNEL_ARCH=<xsimd type> and its flags, always optimised (target options come after those of the build type): at -O0
# xsimd's own register constructors would leave weak symbols compiled for a better machine that the linker may hand to the
# whole program. tests/kernel_symbols.sh looks at the objects.
#
# The flags name no more than xsimd::dispatch asks the machine for, and POPCNT, which every machine with AVX2 has.
function(add_kernels target)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    set(archs avx512bw avx2 sse2)
    set(type_avx512bw "xsimd::avx512bw")
    set(flags_avx512bw -mavx512f -mavx512cd -mavx512dq -mavx512bw -mavx2 -mfma -mpopcnt)
    set(type_avx2 "xsimd::fma3<xsimd::avx2>")
    set(flags_avx2 -mavx2 -mfma -mpopcnt)
    set(type_sse2 "xsimd::sse2")
    set(flags_sse2 "")
  else()
    set(archs neon64)
    set(type_neon64 "xsimd::neon64")
    set(flags_neon64 "")
  endif()
  foreach(arch ${archs})
    set(object ${target}_kernels_${arch})
    if(NOT TARGET ${object})
      add_library(${object} OBJECT)
      target_link_libraries(${object} PRIVATE sarsen_compile sarsen_xsimd)
      target_compile_definitions(${object} PRIVATE "KERNEL_ARCH=${type_${arch}}")
      target_compile_options(${object} PRIVATE ${flags_${arch}} -O3 -fno-exceptions)
      if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
        # GCC 12's own AVX-512 headers begin with a register that is undefined on purpose.
        target_compile_options(${object} PRIVATE -Wno-maybe-uninitialized -Wno-uninitialized)
      endif()
      set_property(GLOBAL APPEND PROPERTY SARSEN_KERNEL_OBJECTS "${type_${arch}}" "$<TARGET_OBJECTS:${object}>")
      target_sources(${target} PRIVATE $<TARGET_OBJECTS:${object}>)
    endif()
    target_sources(${object} PRIVATE ${ARGN})
  endforeach()
endfunction()
