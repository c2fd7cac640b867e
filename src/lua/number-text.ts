/** Changes fengari, once: numbers as Argo CD's Lua 5.1 has them: every one a double, written without `.0`. */

import { to_luastring } from 'fengari'
import lobject from 'fengari/src/lobject.js'
import lstring from 'fengari/src/lstring.js'

export function numberText(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 2 ** 63 ? BigInt(value).toString() : String(value)
  if (Number.isNaN(value)) return 'NaN'
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf'
}

// The only place where the virtual machine turns a number into text, as `..` does.
lobject.luaO_tostring = (state, value) => {
  value.setsvalue(lstring.luaS_bless(state, to_luastring(numberText(value.value as number))))
}

const parsed = lobject.luaO_str2num
// Integers of fengari have 32 bits and overflow at 2147483647: neither a script nor tonumber shall make one.
lobject.luaO_str2num = (text, value) => {
  const length = parsed(text, value)
  if (value.ttisinteger()) value.setfltvalue(value.value as number)
  return length
}
