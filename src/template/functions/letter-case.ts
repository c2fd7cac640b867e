/** Words written in another case: `FirstName` → `first_name` → `FirstName`. */

const wordPattern =
  /[-_\s]+|\p{P}[\p{P}]*|\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}{2,}|\p{Lu}\p{Ll}*|\p{Ll}+|\p{N}+|[^-_\s\p{P}\p{Lu}\p{Ll}\p{N}]+/gu

type WordType = 'connector' | 'punctuation' | 'upper' | 'lower' | 'number' | 'other' | 'none'

interface Word {
  type: WordType
  text: string
}

function wordType(text: string): WordType {
  if (/^[-_\s]/.test(text)) return 'connector'
  if (/^\p{P}/u.test(text)) return 'punctuation'
  if (/^\p{Lu}/u.test(text)) return 'upper'
  if (/^\p{Ll}/u.test(text)) return 'lower'
  return /^\p{N}/u.test(text) ? 'number' : 'other'
}

const end: Word = { type: 'none', text: '' }
const isLoose = ({ type }: Word): boolean => type === 'connector' || type === 'punctuation'

/** `connector` comes between words, and in the place of blanks, hyphens and underscores. */
export function separatedWords(text: string, connector: string): string {
  const words = [...text.matchAll(wordPattern)].map(([word]) => ({ type: wordType(word), text: word }))
  const at = (index: number): Word => words[index] ?? end
  let result = ''
  const write = ({ type, text: word }: Word): void => {
    if (type === 'connector') result += connector.repeat([...word].length)
    else result += type === 'upper' ? word.toLowerCase() : word
  }
  /** Lower case letters and digits stay together behind a number. */
  const writeTail = (from: number): number => {
    let index = from
    while (at(index).type === 'lower' || at(index).type === 'number') {
      write(at(index))
      index += 1
    }
    return index
  }
  for (let index = 0; index < words.length; ) {
    const word = at(index)
    write(word)
    index += 1
    if (isLoose(word)) continue
    if (word.type === 'number') index = writeTail(index)
    else if (at(index).type === 'number' && index < words.length) {
      // A number belongs to the word before it, unless lower case letters follow: `Bld4`, but `http_2xx`.
      if (at(index + 1).type === 'lower') {
        result += connector
        index = writeTail(index)
      } else {
        write(at(index))
        index += 1
      }
    }
    if (index < words.length && !isLoose(at(index))) result += connector
  }
  return result
}

export function pascalCase(text: string): string {
  const [leading = ''] = /^[-_\s]*/.exec(text) ?? []
  const rest = text.slice(leading.length).replace(/^./u, (char) => char.toUpperCase())
  return (
    leading +
    rest.replace(/([-_\s]+)([^-_\s])/gu, (_, gap: string, char: string) => gap.slice(0, -1) + char.toUpperCase())
  )
}

export function titleCase(text: string): string {
  return text.replace(
    /(^|[^\p{L}\p{N}_])(\p{L})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  )
}

export function uncapitalised(text: string): string {
  return text.replace(/(^|\s)(\S)/gu, (_, before: string, letter: string) => before + letter.toLowerCase())
}

export function swappedCase(text: string): string {
  return text.replace(/[\p{Lu}\p{Lt}]|\p{Ll}/gu, (char) =>
    /\p{Ll}/u.test(char) ? char.toUpperCase() : char.toLowerCase(),
  )
}

export function initials(text: string): string {
  return text
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .join('')
}
