/** Lua scripts of an installation, run where they can do no harm. */
export { LuaError } from './lua-error.ts'
export { withOriginal } from './original.ts'
export { LuaScript } from './script.ts'
