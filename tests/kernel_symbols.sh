#!/usr/bin/env bash
# Kernel objects are compiled for better machines than the rest of the program, and the linker takes any one copy of a weak
# symbol for all. So each weak symbol in a kernel object must be of its own instruction set, by name, and of that object alone;
# what the compiler's runtime adds is its own affair.
#
# usage: kernel_symbols.sh NM (TYPE OBJECT...)...    TYPE is the xsimd type that the objects after it are compiled for
set -euo pipefail

nm=$1
shift
type=
objects=0
checked=0
failures=0
declare -A owner

complain() {
  echo "$1" >&2
  failures=$((failures + 1))
}

for argument in "$@"; do
  case $argument in
    xsimd::*) type=$argument; continue ;;
  esac
  objects=$((objects + 1))
  # W and V are weak, u is unique in the whole process.
  symbols=$("$nm" --defined-only --demangle "$argument" | sed -n 's/^[0-9a-f]* [WVu] //p')
  while IFS= read -r symbol; do
    case $symbol in
      '' | __* | DW.ref.* | asan.* | tsan.* | sancov.*) continue ;;
    esac
    [[ $symbol == *"$type"* ]] || complain "$argument: a weak symbol that is not of $type: $symbol"
    [[ -z ${owner[$symbol]:-} ]] || complain "$argument and ${owner[$symbol]} both define the weak symbol $symbol"
    owner[$symbol]=$argument
    checked=$((checked + 1))
  done <<<"$symbols"
done

if ((objects == 0 || checked == 0)); then
  complain "no kernel objects, or no symbols in them: nothing was checked"
fi
echo "$objects kernel objects, $checked weak symbols, $failures complaints"
((failures == 0))
