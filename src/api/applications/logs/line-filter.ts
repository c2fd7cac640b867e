/** Which lines somebody wants to see: those that hold a text, or with `!` before it those that do not. Pure. */

export function lineFilter({ filter = '', matchCase = false }: { filter?: string; matchCase?: boolean }) {
  const inverse = filter.startsWith('!')
  const wanted = inverse ? filter.slice(1) : filter
  const folded = matchCase ? wanted : wanted.toLowerCase()
  if (filter === '') return () => true
  return (line: string): boolean => (matchCase ? line : line.toLowerCase()).includes(folded) !== inverse
}
