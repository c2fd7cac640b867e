/** How a property's name is written in a CEL expression. */

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)

const escapes: [RegExp, string][] = [
  [/__/g, '__underscores__'],
  [/\./g, '__dot__'],
  [/-/g, '__dash__'],
  [/\//g, '__slash__'],
]

/** `a-b` is `a__dash__b`; undefined for a name that expressions can't reach. */
export function celIdentifier(name: string): string | undefined {
  if (reserved.has(name)) return `__${name}__`
  if (!/^[A-Za-z_.\-/][\w.\-/]*$/.test(name)) return undefined
  return escapes.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), name)
}
