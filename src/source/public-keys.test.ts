import { expect, test } from 'vitest'
import { parseKeyList } from './public-keys.ts'

test('the listing of GnuPG is read key by key, subkeys left aside', () => {
  const listing = [
    'tru::1:1700000000:0:3:1:5',
    'pub:-:4096:1:4AEE18F83AFDEB23:1500000000:::-:::scESC::::::23::0:',
    'fpr:::::::::5DE3E0509C47EA3CF04A42D34AEE18F83AFDEB23:',
    'uid:-::::1500000000::X::GitHub \\x3anoreply\\x3a <noreply@github.com>::::::::::0:',
    'uid:-::::1500000000::Y::second::::::::::0:',
    'sub:-:4096:1:0000000000000000:1500000000::::::s::::::23:',
    'fpr:::::::::0000000000000000000000000000000000000000:',
    'pub:-:255:22:AAAAAAAAAAAAAAAA:1500000000:::-:::scESC:::::ed25519:::0:',
    'fpr:::::::::1111111111111111111111111AAAAAAAAAAAAAAAA:',
  ].join('\n')
  expect(parseKeyList(listing)).toEqual([
    {
      id: '4AEE18F83AFDEB23',
      fingerprint: '5DE3E0509C47EA3CF04A42D34AEE18F83AFDEB23',
      owner: 'GitHub :noreply: <noreply@github.com>',
      algorithm: 'rsa4096',
    },
    expect.objectContaining({ id: 'AAAAAAAAAAAAAAAA', owner: '', algorithm: 'ed25519' }),
  ])
})
