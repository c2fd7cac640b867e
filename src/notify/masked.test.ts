import { expect, test } from 'vitest'
import { masked } from './masked.ts'

test('secrets are masked in every form they are sent in', () => {
  const secret = 'pass/ "word"1'
  const forms = [
    secret,
    'pass%2F%20%22word%221',
    'pass%2F+%22word%221',
    Buffer.from(secret).toString('base64'),
    JSON.stringify(secret).slice(1, -1),
  ]
  for (const form of forms) expect(masked(`x ${form} y`, [secret, 'ab'])).toBe('x ++++++++ y')
})

test('of a name and a password in base64, nothing is left that tells the password', () => {
  const secret = 'a long password'
  for (const name of ['a', 'ab', 'abc', 'abcd']) {
    const text = masked(Buffer.from(`${name}:${secret}`).toString('base64'), [secret])
    expect(text).toContain('++++++++')
    expect(Buffer.from(text.replaceAll('+', ''), 'base64').toString('latin1')).not.toContain('long pass')
  }
})

test('of an address that is secret, so are its path and what is asked, and its host is not', () => {
  const secret = 'https://hooks.example.com/services/T1/B1?sig=abcdefgh&v=1'
  const text = 'hooks.example.com cannot POST /services/T1/B1; sig abcdefgh of /services/T1/B1?sig=abcdefgh&v=1, v=1'
  expect(masked(text, [secret])).toBe('hooks.example.com cannot POST ++++++++; sig ++++++++ of ++++++++, v=1')
})
