/** What must hold whenever something that an application is made from goes wrong. */
import { expect } from 'vitest'
import type { ConditionType } from '../../src/model/index.ts'
import { type Authority, makeAuthority } from './certificates.ts'
import { configMap } from './manifests.ts'
import { trustAuthority } from './registered.ts'
import { type App, type Repository, startWorld, type World } from './world.ts'

/** An application that nothing is wrong with. */
export interface Neighbour {
  /** Commits, and fails unless that is deployed as soon as ever. */
  goesOn(): Promise<void>
}

const usualMs = 10_000

/** `url`: where its repository is reached, unless that is its folder. */
export async function startNeighbour(world: World, url?: (repository: Repository) => string): Promise<Neighbour> {
  let version = 0
  const repository = world.repository({ 'config.yaml': configMap('config', { version: '0' }) })
  const app = await world.application({ ...repository, ...(url && { url: url(repository) }) })
  await app.settled()
  let turn: Promise<unknown> = Promise.resolve()
  return {
    /** One after the other: what is overtaken by another commit is not deployed. */
    goesOn() {
      const mine = turn.then(deploys)
      turn = mine.catch(() => {})
      return mine
    },
  }

  async function deploys() {
    const files = { 'config.yaml': configMap('config', { version: String(++version) }) }
    const started = Date.now()
    await app.settled(repository.commit(files))
    expect(Date.now() - started, 'a neighbour was deployed in the usual time').toBeLessThan(usualMs)
  }
}

export interface Stage {
  world: World
  /** Trusted there for `localhost`. */
  authority: Authority
  neighbour: Neighbour
}

/** Where something is going to go wrong, and nobody may be told the secrets. */
export async function startStage(...secrets: string[]): Promise<Stage> {
  const authority = await makeAuthority()
  const world = await startWorld()
  world.secrets.push(...secrets)
  await trustAuthority(world, 'localhost', authority.cert)
  return { world, authority, neighbour: await startNeighbour(world) }
}

export interface Mishap {
  /** Deployed, with a ConfigMap called config. */
  app: App
  spoil(): unknown
  /** Parts of what is said: what is wrong, where, and what to do next. */
  says: RegExp[]
  condition?: ConditionType
  limitMs?: number
}

/** What somebody who is tired can do next. */
const advice =
  /\b(add|check|correct|give|have|install|name|register|remove|renew|renewed|replace|split|start|tell|use|write)\b/

/** Resolves to what is said of it. */
export async function endures(neighbour: Neighbour, mishap: Mishap): Promise<string> {
  const { app, spoil, says, condition = 'ComparisonError', limitMs = 30_000 } = mishap
  await app.settled()
  const live = () => app.live('ConfigMap', 'config')
  const [before, { resources, history, operationState }] = [await live(), app.status()]
  expect(before).toBeDefined()
  const said = () => app.status().conditions?.find(({ type }) => type === condition)?.message ?? ''

  await spoil()
  await app.until(`${condition} says ${says.join(' and ')}`, () => says.every((part) => part.test(said())), limitMs)
  expect(said()).toMatch(advice)
  expect(said(), 'nobody reads more').toHaveProperty('length', Math.min(said().length, 1000))
  await neighbour.goesOn()
  expect(app.status()).toMatchObject({ sync: { status: 'Unknown' }, resources, history, operationState })
  expect(await live(), 'nothing that runs was touched').toEqual(before)
  return said()
}
