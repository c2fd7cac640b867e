/** What keeps something from being well, read from a message such as `Deployment web → Pod web-x: ImagePullBackOff: …`. Pure. */

export interface HealthCause {
  /** From what Git declares down to what fails. */
  objects: { kind: string; name: string }[]
  /** Short enough for a sentence. */
  reason: string
  /** All that is said of it, where that is more than the reason. */
  message?: string
  /** Other objects that are no better. */
  others: number
}

const objectPattern = /^([A-Z]\w*) ([a-z0-9][\w.-]*)( → |: |$)/
const othersPattern = / \(and (\d+) more resources? \w+\)$/

export function readHealthCause(text: string): HealthCause {
  const whole = text.replace(/\s+/g, ' ').trim()
  const others = Number(othersPattern.exec(whole)?.[1] ?? 0)
  let rest = whole.replace(othersPattern, '')
  const objects: HealthCause['objects'] = []
  for (;;) {
    const [found, kind = '', name = '', link] = objectPattern.exec(rest) ?? []
    if (found === undefined) break
    objects.push({ kind, name })
    rest = rest.slice(found.length)
    if (link !== ' → ') break
  }
  const reason = reasonIn(rest)
  return { objects, reason, ...(reason !== withoutStop(rest) && { message: rest }), others }
}

/** The word that Kubernetes has for it, with the container it speaks of; without one, as much of the text as a sentence bears. */
function reasonIn(text: string): string {
  const word = /^(container \S+: )?[A-Z][a-z]+([A-Z][a-z]*)+(?=: |$)/.exec(text)
  return word ? word[0] : shortText(text, longestReason)
}

const longestReason = 80

/** Ends after a word, and says that there is more. */
export function shortText(text: string, longest: number): string {
  if (text.length <= longest) return withoutStop(text)
  const start = text.slice(0, longest)
  const end = start.lastIndexOf(' ')
  return `${(end > longest / 2 ? start.slice(0, end) : start).replace(/[\s.,:;]+$/, '')}…`
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '')
}
