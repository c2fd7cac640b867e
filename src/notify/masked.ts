/** Secrets never show in what is told of a failure, in whatever form they are sent. Pure. */

const shortestSecret = 4
/** Below it, what stands between other bytes in base64, or in an address, may be any word. */
const shortestPart = 8

export function masked(text: string, secrets: Iterable<string>): string {
  const forms = [...secrets].flatMap((secret) =>
    [secret, ...secret.split('\n')].map((line) => line.trim()).flatMap(formsOf),
  )
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length)
  return longestFirst.reduce((result, form) => result.replaceAll(form, '++++++++'), text)
}

function formsOf(line: string): string[] {
  const whole = [line, encodeURIComponent(line), formEncoded(line), JSON.stringify(line).slice(1, -1)]
  whole.push(Buffer.from(line).toString('base64'))
  const parts = [...[0, 1, 2].flatMap((before) => base64Within(line, before)), ...partsOfAddress(line)]
  return [
    ...whole.filter((form) => form.length >= shortestSecret),
    ...parts.filter((form) => form.length >= shortestPart),
  ]
}

function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length)
}

/** What stays of it in the base64 of something longer, such as a name and a password. */
function base64Within(text: string, before: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3))
  const skipped = before === 0 ? 0 : 4
  return [whole.toString('base64').slice(skipped), whole.toString('base64url').slice(skipped)]
}

/** Receivers tell which path they do not know; of an address that is secret, it is what is secret. */
function partsOfAddress(line: string): string[] {
  if (!/^https?:\/\//i.test(line) || !URL.canParse(line)) return []
  const { password, pathname, search, searchParams } = new URL(line)
  return [password, `${pathname}${search}`, pathname, search.slice(1), ...searchParams.values()]
}
