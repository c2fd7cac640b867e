/** What the name of a container image tells. */

/** The tag or digest decides: `latest`, said or meant, is always pulled. */
export function pullPolicy(image: string): 'Always' | 'IfNotPresent' {
  const match = /^([^@]*?)(?::([\w][\w.-]{0,127}))?(@\S+)?$/.exec(image.slice(image.lastIndexOf('/') + 1))
  const [, name = '', tag, digest] = match ?? []
  // A name that can't be read has no tag to default, and so is not latest.
  if (!/^[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/.test(name)) return 'IfNotPresent'
  return tag === 'latest' || (tag === undefined && digest === undefined) ? 'Always' : 'IfNotPresent'
}
