/** Which words and signs mean something in expressions, and how tightly operators bind. */

export const precedences = new Map<string, number>(
  Object.entries({
    '|': 0,
    or: 10,
    '||': 10,
    and: 15,
    '&&': 15,
    '==': 20,
    '!=': 20,
    '<': 20,
    '>': 20,
    '<=': 20,
    '>=': 20,
    in: 20,
    matches: 20,
    contains: 20,
    startsWith: 20,
    endsWith: 20,
    '..': 25,
    '+': 30,
    '-': 30,
    '*': 60,
    '/': 60,
    '%': 60,
    '**': 100,
    '^': 100,
    '??': 500,
  }),
)
export const negatable = new Set(['in', 'matches', 'contains', 'startsWith', 'endsWith'])
export const unaries = new Map<string, number>(Object.entries({ not: 50, '!': 50, '-': 90, '+': 90 }))
/** Those whose second argument is asked for each element. */
export const predicates = new Set(
  'all any none one filter map count find findIndex findLast findLastIndex groupBy sum sortBy reduce'.split(' '),
)
/** Of them, those that take one argument more. */
export const longer = new Set(['sortBy', 'reduce'])
export const words: Record<string, unknown> = { true: true, false: false, nil: null }
