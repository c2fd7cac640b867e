import { hash } from 'bcryptjs'
import { expect, test } from 'vitest'
import { checkNewPassword, hashPassword, matchesPassword } from './password.ts'

test('a hash that is made here is taken here', async () => {
  const kept = await hashPassword('correct horse')
  expect(kept).toMatch(/^\$2b\$10\$/)
  expect(await matchesPassword('correct horse', kept)).toBe(true)
  expect(await matchesPassword('correct horsf', kept)).toBe(false)
})

test('somebody who does not exist takes as long as somebody who does', async () => {
  const kept = await hash('x', 10)
  const least = async (password: string, given: string | undefined) => {
    const times: number[] = []
    for (let at = 0; at < 3; at++) {
      const started = performance.now()
      expect(await matchesPassword(password, given)).toBe(false)
      times.push(performance.now() - started)
    }
    return Math.min(...times)
  }
  const known = await least('wrong', kept)
  for (const other of [
    await least('wrong', undefined),
    await least('wrong', 'no hash'),
    await least('x'.repeat(100), kept),
  ]) {
    expect(other / known).toBeGreaterThan(0.25)
    expect(other / known).toBeLessThan(4)
  }
})

test('a new password has to suit the pattern, which is one of Go, and is searched in no time', () => {
  expect(() => checkNewPassword('abcdefgh', '^.{8,32}$')).not.toThrow()
  expect(() => checkNewPassword('äöüäöüäö', '^\\pL{8,}$')).not.toThrow()
  expect(() => checkNewPassword('abcdefg', '^.{8,32}$')).toThrow('expression')
  expect(() => checkNewPassword('', '.*')).toThrow('empty')
  expect(() => checkNewPassword('x'.repeat(73), '.*')).toThrow('72 bytes')
  expect(() => checkNewPassword(`${'a'.repeat(70)}!`, '^(a+)+$')).toThrow('expression')
})
