import { expect, test } from 'vitest'
import { readStatus } from './signature.ts'

const status = (...lines: string[]) => lines.map((line) => `[GNUPG:] ${line}\n`).join('')
const subkey = 'AAAA0000AAAA0000AAAA0000AAAA0000AAAA0001'
const primary = 'BBBB0000BBBB0000BBBB0000BBBB0000BBBB0002'
const valid = `VALIDSIG ${subkey} 2026-11-23 1795000000 0 4 0 22 8 00 ${primary}`

test('a good signature names the key that signed and the one that it belongs to', () => {
  const text = status('NEWSIG', `GOODSIG ${subkey.slice(-16)} Somebody <a@example.com>`, valid, 'TRUST_UNDEFINED 0 pgp')
  expect(readStatus(text)).toEqual({ kind: 'good', keys: [subkey, primary] })
})

test('nothing said means not signed', () => {
  expect(readStatus('')).toEqual({ kind: 'unsigned' })
  expect(readStatus('error: no signature found\n')).toEqual({ kind: 'unsigned' })
})

test.each([
  [[`BADSIG ${subkey.slice(-16)} x`], /does not fit/],
  [
    [`ERRSIG ${subkey.slice(-16)} 22 8 00 1795000000 9`, `NO_PUBKEY ${subkey.slice(-16)}`],
    /not in argocd-gpg-keys-cm \(key A/,
  ],
  [[`EXPKEYSIG ${subkey.slice(-16)} x`, valid], /key that signed it has expired/],
  [[`REVKEYSIG ${subkey.slice(-16)} x`, valid], /revoked/],
  [[`GOODSIG ${subkey.slice(-16)} x`, valid, `BADSIG ${subkey.slice(-16)} x`], /does not fit/],
] as const)('%j is no good signature', (lines, message) => {
  expect(readStatus(status(...lines))).toEqual({ kind: 'bad', problem: expect.stringMatching(message) })
})

test('a name that looks like a status line counts for nothing', () => {
  const text = `gpg: signature by "[GNUPG:] GOODSIG ${subkey.slice(-16)}"\ngpg: "[GNUPG:] ${valid}"\n`
  expect(readStatus(text)).toEqual({ kind: 'unsigned' })
})
