/** Flags in front of the command, and those of TIPHYS_OPTS: argocd takes them for every command. Pure. */

export interface GlobalFlags {
  /** Known flags; true where a value follows. */
  known: Map<string, boolean>
  /** TIPHYS_OPTS or ARGOCD_OPTS. */
  options: string | undefined
  /** Whether a command takes them. */
  applies(command: string | undefined): boolean
}

/** The words with these flags behind the command, where its own are. */
export function withGlobalsLast(words: string[], { known, options, applies }: GlobalFlags): string[] {
  const leading = flagsAt(words, known)
  const rest = words.slice(leading.length)
  const more = applies(rest[0]) ? onlyKnown(shellWords(options ?? ''), known) : []
  const globals = [...more, ...leading]
  const end = rest.indexOf('--')
  return end < 0 ? [...rest, ...globals] : [...rest.slice(0, end), ...globals, ...rest.slice(end)]
}

/** How many words at the beginning are known flags and their values. */
function flagsAt(words: string[], known: Map<string, boolean>): string[] {
  let at = 0
  for (;;) {
    const [name = '', value] = (words[at] ?? '').split('=', 2)
    const takesValue = known.get(name)
    if (takesValue === undefined) return words.slice(0, at)
    at += takesValue && value === undefined ? 2 : 1
  }
}

function onlyKnown(words: string[], known: Map<string, boolean>): string[] {
  const found: string[] = []
  for (let at = 0; at < words.length; ) {
    const flags = flagsAt(words.slice(at), known)
    found.push(...flags)
    at += Math.max(flags.length, 1)
  }
  return found
}

/** Split at spaces; what is in quotes stays together. */
export function shellWords(text: string): string[] {
  const parts = text.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? []
  return parts.map((part) => part.replace(/"([^"]*)"|'([^']*)'/g, (_match, double, single) => double ?? single))
}
