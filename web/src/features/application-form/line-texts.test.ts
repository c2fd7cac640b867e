import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linesOf, pairsText, parsePairs } from './line-texts.ts'

test('empty lines and spaces around a line say nothing', () => {
  expect(linesOf(' a \n\n b=c\n')).toEqual(['a', 'b=c'])
  expect(parsePairs('\n')).toBeUndefined()
  expect(parsePairs('team = shop\nurl=a=b\nflag\n=x')).toEqual({ team: 'shop', url: 'a=b', flag: '' })
})

const word = fc.stringMatching(/^[a-z]([a-z./-]*[a-z])?$/)
test('pairs that are written down are read as they were', () => {
  fc.assert(
    fc.property(fc.dictionary(word, word, { minKeys: 1 }), (map) => {
      expect(parsePairs(pairsText(map))).toEqual({ ...map })
    }),
  )
})
