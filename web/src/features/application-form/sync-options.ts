/** The options of a sync as they stand in the spec: `Name=true`. Pure. */

/** Those that have a box of their own. */
export const knownOptions = [
  'CreateNamespace',
  'ApplyOutOfSyncOnly',
  'PruneLast',
  'RespectIgnoreDifferences',
  'FailOnSharedResource',
  'Replace',
] as const

export function isSet(options: readonly string[], name: string): boolean {
  return options.includes(`${name}=true`)
}

export function withOption(options: readonly string[], name: string, on: boolean): string[] {
  const others = options.filter((option) => option.split('=')[0] !== name)
  return on ? [...others, `${name}=true`] : others
}

/** What no box stands for. */
export function otherOptions(options: readonly string[]): string[] {
  return options.filter((option) => !knownOptions.some((name) => option === `${name}=true`))
}
