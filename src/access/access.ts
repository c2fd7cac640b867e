/** The gate: who is it, and may they? Everything that reaches in from outside asks here. */
import { randomUUID } from 'node:crypto'
import type { AppProject } from '../model/index.ts'
import { AccessError, invalidLogin } from './access-error.ts'
import { type Account, type Accounts, readAccounts } from './account/account.ts'
import { matchesPassword } from './account/password.ts'
import { anonymous, type Caller, ownerOf } from './caller.ts'
import { CheckQueue } from './login/check-queue.ts'
import { type Attempt, LoginLimits } from './login/login-limits.ts'
import type { EnforcedSubjects, Enforcer } from './rbac/enforcer.ts'
import { Policy } from './rbac/policy.ts'
import { authenticate, type VerifyExternal } from './session/authenticate.ts'
import { Revocations } from './session/revocations.ts'
import type { ProjectPatch } from './session/role-tokens.ts'
import { signToken } from './session/session-token.ts'
import { VerifiedTokens } from './session/verified-tokens.ts'
import {
  isAnonymousEnabled,
  type LoginLimitSettings,
  policyOptions,
  type Settings,
  sessionDuration,
} from './settings.ts'
import { type TextStore, WriteBehind } from './write-behind.ts'

/** What is there now. Each is asked at every use, and answers with the same object as long as nothing has changed. */
export interface AccessViews {
  /** argocd-cm. */
  settings(): Settings
  /** argocd-rbac-cm. */
  policy(): Settings
  /** argocd-secret, decoded. */
  secret(): Settings
  project(name: string): AppProject | undefined
}

export interface AccessOptions {
  views: AccessViews
  /**
   * Changes argocd-secret: `change` is given its decoded data as they are now, is asked again when somebody else was faster,
   * and names what to set, or null for what to remove. Resolves when `views` show it.
   */
  updateSecret(change: (data: Settings) => Record<string, string | null>): Promise<void>
  /** The same for an AppProject, with a merge patch; undefined changes nothing. Rejects when there is no such project. */
  updateProject(name: string, change: (project: AppProject) => ProjectPatch | undefined): Promise<void>
  limits: LoginLimitSettings
  /** Counts of failures, and revoked tokens: each a text in a Secret. */
  stores: { failures: TextStore; revocations: TextStore }
  verifyExternal?: VerifyExternal
  /** Milliseconds since 1970. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<unknown>
  random(bytes: number): Buffer
  onError(error: unknown): void
}

/** A session that ends within that time is prolonged. */
const renewalSeconds = 300
const longestName = 32

export async function openAccess(options: AccessOptions): Promise<Access> {
  const { stores, limits, random } = options
  const [failures, revoked] = await Promise.all([stores.failures.load(), stores.revocations.load()])
  return new Access(options, new LoginLimits(limits, random, failures), Revocations.fromText(revoked))
}

export class Access {
  readonly options: AccessOptions
  private readonly limits: LoginLimits
  private readonly revocations: Revocations
  private readonly verifiedTokens = new VerifiedTokens()
  private readonly queue: CheckQueue
  private readonly keepFailures: WriteBehind
  private readonly keepRevocations: WriteBehind
  private readonly accountsNow: () => Accounts
  private readonly policyNow: () => Policy

  constructor(options: AccessOptions, limits: LoginLimits, revocations: Revocations) {
    const { views, stores, sleep, onError, now } = options
    this.options = options
    this.limits = limits
    this.revocations = revocations
    this.queue = new CheckQueue(options.limits.mostAtOnce)
    this.keepFailures = new WriteBehind({
      store: stores.failures,
      text: (stored) => limits.textWith(stored, now()),
      onSaved: () => limits.saved(),
      sleep,
      onError,
    })
    this.keepRevocations = new WriteBehind({
      store: stores.revocations,
      text: (stored) => {
        revocations.take(stored)
        return revocations.toText()
      },
      sleep,
      onError,
    })
    this.accountsNow = remembered(() => [views.settings(), views.secret()], readAccounts)
    this.policyNow = remembered(
      () => [views.policy(), views.settings()],
      (policy, settings) => new Policy(policy, policyOptions(settings, views.project)),
    )
  }

  /** A session. Throws an AccessError: the same one, after the same time, whatever is wrong. */
  async signIn(username: string, password: string, { address }: { address: string }): Promise<{ token: string }> {
    const started = this.options.now()
    try {
      const { name } = await this.checkPassword(username, password, address)
      return { token: await this.startSession(name, sessionDuration(this.options.views.settings())) }
    } catch (error) {
      await this.waitFrom(started)
      throw error
    }
  }

  /** Who the token belongs to. A token that is not taken is an error, even where nobody needs one. */
  async callerOf(token: string | undefined): Promise<Caller> {
    const { views, verifyExternal, now } = this.options
    if (!token) {
      if (isAnonymousEnabled(views.settings())) return anonymous
      throw new AccessError('unauthenticated', 'no session information', 'there is no token')
    }
    return authenticate(token, {
      secretKey: views.secret()['server.secretkey'],
      verifiedTokens: this.verifiedTokens,
      accounts: this.accountsNow().byName,
      project: views.project,
      scopes: this.policyNow().scopes,
      revocations: this.revocations,
      verifyExternal,
      now: now(),
    })
  }

  /** Answers any number of questions about the caller; changes of the policy need a new one. */
  enforcerOf(caller: Caller): Enforcer {
    return this.enforcerFor(caller.subjects)
  }

  enforcerFor(subjects: EnforcedSubjects): Enforcer {
    return this.policyNow().enforcerFor(subjects)
  }

  /** A new token for a session that is about to end, as long as the old one was meant to last. */
  async renewed({ kind, capability, name, issuedAt, expiresAt }: Caller): Promise<string | undefined> {
    if (kind !== 'account' || capability !== 'login' || issuedAt === undefined || expiresAt === undefined)
      return undefined
    if (expiresAt - this.seconds() >= renewalSeconds) return undefined
    return this.startSession(name, expiresAt - issuedAt)
  }

  /** Revokes the caller's token until its end, and resolves when that is kept. API tokens without an end are deleted instead. */
  async signOut(caller: Caller): Promise<void> {
    const { tokenId: id, issuedAt = 0, expiresAt } = caller
    if (id === undefined || expiresAt === undefined) return
    this.revocations.revoke({ id, owner: ownerOf(caller), issuedAt, expiresAt }, this.seconds())
    await this.keepRevocations.changed()
  }

  /** Another process has stored something of what is kept. */
  async storesChanged(): Promise<void> {
    const { stores, onError, now } = this.options
    try {
      const [failures, revoked] = await Promise.all([stores.failures.load(), stores.revocations.load()])
      this.revocations.take(revoked)
      this.limits.take(failures, now())
    } catch (error) {
      onError(error)
    }
  }

  accounts(): Map<string, Account> {
    return this.accountsNow().byName
  }

  /** Faults of the settings, for the log: accounts and lines of policies that do not count as they stand. */
  problems(): string[] {
    const lines = this.policyNow().lines.problems
    return [
      ...this.accountsNow().problems,
      ...lines.map(({ place, message }) => `${place.source}, line ${place.number} (${place.text}): ${message}`),
    ]
  }

  /** Counts against the limits. Throws an AccessError. */
  async checkPassword(username: string, password: string, address: string): Promise<Account> {
    if (username === '' || password === '') throw invalidLogin('no credentials supplied')
    if (username.length > longestName) throw invalidLogin(`the name of the account is longer than ${longestName}`)
    const attempt = { account: username, address }
    const refusal = this.limits.begin(attempt, this.options.now())
    if (refusal) throw invalidLogin(`${username} from ${address}: ${refusal}`)
    return this.checkCounted(attempt, password)
  }

  /** A token that our own signature makes valid; whether it is listed where it has to be is the matter of who asks. */
  issue(
    subject: string,
    { id, issuedAt, lifetime }: { id: string; issuedAt: number; lifetime: number },
  ): Promise<string> {
    const expiresAt = lifetime > 0 ? { expiresAt: issuedAt + lifetime } : {}
    return signToken({ subject, id, issuedAt, ...expiresAt }, this.options.views.secret()['server.secretkey'])
  }

  /** Seconds since 1970. */
  seconds(): number {
    return Math.floor(this.options.now() / 1000)
  }

  async close(): Promise<void> {
    await Promise.all([this.keepFailures.close(), this.keepRevocations.close()])
  }

  private async checkCounted(attempt: Attempt, password: string): Promise<Account> {
    const { account: name } = attempt
    void this.keepFailures.changed()
    const account = this.accounts().get(name)
    const matches = await this.queue
      .run(() => matchesPassword(password, account?.passwordHash))
      .catch((error) => {
        // It was never checked.
        this.limits.undo(attempt)
        throw error
      })
    if (!account || !matches)
      throw invalidLogin(`${name} from ${attempt.address}: ${account ? 'wrong password' : 'no such account'}`)
    this.limits.succeeded(attempt)
    void this.keepFailures.changed()
    if (!account.enabled) throw invalidLogin(`account ${name} is disabled`)
    if (!account.capabilities.includes('login')) throw invalidLogin(`account ${name} does not have login`)
    return account
  }

  private startSession(name: string, lifetime: number): Promise<string> {
    return this.issue(`${name}:login`, { id: randomUUID(), issuedAt: this.seconds(), lifetime })
  }

  /** Half a second to a whole one after the start, by chance: what was found out does not show in how long it took. */
  private async waitFrom(started: number): Promise<void> {
    const chance = this.options.random(2).readUInt16BE() / 0xffff
    const left = 500 + 500 * chance - (this.options.now() - started)
    if (left > 0) await this.options.sleep(left)
  }
}

/** What is made of two inputs, as long as they are the same. */
function remembered<Made>(
  inputs: () => [Settings, Settings],
  make: (one: Settings, other: Settings) => Made,
): () => Made {
  let last: { inputs: [Settings, Settings]; made: Made } | undefined
  return () => {
    const [one, other] = inputs()
    if (last?.inputs[0] !== one || last.inputs[1] !== other) last = { inputs: [one, other], made: make(one, other) }
    return last.made
  }
}
