/** Whether a text is a quantity, and what the server says when it is not. */

const suffixes = new Set(['', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'])

/** What is wrong with the text of a quantity; undefined when nothing is. */
export function quantityFault(text: string): string | undefined {
  const match = /^[+-]?(\d*(?:\.\d*)?)([eEinumkKMGTP]*[+-]?\d*)$/.exec(text)
  if (text === '' || !match) {
    return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
  }
  const [, digits = '', suffix = ''] = match
  if (!suffixes.has(suffix) && !/^[eE][+-]?\d+$/.test(suffix)) {
    return "unable to parse quantity's suffix"
  }
  return /\d/.test(digits) ? undefined : 'unable to parse numeric part of quantity'
}
