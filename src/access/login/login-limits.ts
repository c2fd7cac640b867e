/**
 * How often somebody may try a password. With 5 failures (`ARGOCD_SESSION_FAILURE_MAX_FAIL_COUNT`) as the measure:
 *
 * - one account from one address: 5;
 * - one address, whatever the account: 20;
 * - one account, whatever the address: 100, since many addresses can be hired.
 *
 * A count is forgotten when its window has passed without another failure; attempts that are refused do not prolong it. An
 * address from which an account has signed in before is held by the first limit alone: nobody is locked out by failures from
 * elsewhere. A success does not reset a count, or whoever has an account could reset counts that happen to share its place.
 */
import { createHmac } from 'node:crypto'
import type { LoginLimitSettings } from '../settings.ts'
import { networkOf } from './address.ts'
import { FailureTable } from './failure-table.ts'

export interface Attempt {
  account: string
  address: string
}

interface Kept {
  key: string
  pairs: string
  addresses: string
  accounts: string
  known: string
}

const addressFactor = 4
const accountFactor = 20
const knownSlots = 2048
const keyBytes = 32

export class LoginLimits {
  private readonly settings: LoginLimitSettings
  private key: Buffer
  private pairs: FailureTable
  private addresses: FailureTable
  private accounts: FailureTable
  /** Marks of accounts with addresses that they signed in from. One that displaces another costs that one a privilege only. */
  private readonly known = new Uint32Array(knownSlots)
  /** What is being stored, until that is certain. */
  private writing: Uint16Array[] | undefined

  constructor(settings: LoginLimitSettings, random: (bytes: number) => Buffer, text?: string) {
    const kept = readKept(text)
    this.settings = settings
    this.key = kept ? Buffer.from(kept.key, 'base64') : random(keyBytes)
    this.pairs = this.table('pairs')
    this.addresses = this.table('addresses')
    this.accounts = this.table('accounts')
    if (!kept) return
    // What is too old to count does no harm.
    this.takeKept(kept, 0)
  }

  /** Takes what another process has counted. */
  take(text: string | undefined, now: number): void {
    const kept = readKept(text)
    // While a write of ours is under way nobody knows whether it is in there.
    if (kept && !this.writing) this.takeKept(kept, Math.floor(now / 1000))
  }

  /** The text to store in the place of `stored`, with everything that has been counted here and there. */
  textWith(stored: string | undefined, now: number): string {
    const kept = readKept(stored)
    if (kept) this.takeKept(kept, Math.floor(now / 1000))
    this.writing = this.tables().map((table) => table.snapshot())
    return this.toText(now)
  }

  /** What `textWith` has given last is stored. */
  saved(): void {
    for (const [at, table] of this.tables().entries()) {
      const snapshot = this.writing?.[at]
      if (snapshot) table.saved(snapshot)
    }
    this.writing = undefined
  }

  private table(label: string): FailureTable {
    return new FailureTable(createHmac('sha256', this.key).update(label).digest(), this.settings.windowSeconds)
  }

  private tables(): FailureTable[] {
    return [this.pairs, this.addresses, this.accounts]
  }

  private takeKept(kept: Kept, seconds: number): void {
    const key = Buffer.from(kept.key, 'base64')
    if (!key.equals(this.key)) {
      // Two have started on nothing at the same time: what is stored counts, or each would undo the other's.
      this.key = key
      this.pairs = this.table('pairs')
      this.addresses = this.table('addresses')
      this.accounts = this.table('accounts')
    }
    this.pairs.take(kept.pairs, seconds)
    this.addresses.take(kept.addresses, seconds)
    this.accounts.take(kept.accounts, seconds)
    const marks = Buffer.from(kept.known, 'base64')
    for (let at = 0; at < Math.min(knownSlots, marks.length / 4); at++)
      this.known[at] = marks.readUInt32BE(at * 4) || (this.known[at] ?? 0)
  }

  toText(now: number): string {
    const seconds = Math.floor(now / 1000)
    const marks = Buffer.alloc(knownSlots * 4)
    for (const [at, mark] of this.known.entries()) marks.writeUInt32BE(mark, at * 4)
    const kept: Kept = {
      key: this.key.toString('base64'),
      pairs: this.pairs.toText(seconds),
      addresses: this.addresses.toText(seconds),
      accounts: this.accounts.toText(seconds),
      known: marks.toString('base64'),
    }
    return JSON.stringify(kept)
  }

  /** Counts the attempt as a failure until it succeeds, so that many at once get no more than one after another. Or says which limit is reached. */
  begin(attempt: Attempt, now: number): string | undefined {
    const { pair, account, address } = namesOf(attempt)
    const seconds = Math.floor(now / 1000)
    const { mostFailures } = this.settings
    if (this.pairs.count(pair, seconds) >= mostFailures) return 'too many failures of this account from this address'
    if (!this.isKnown(pair)) {
      if (this.addresses.count(address, seconds) >= addressFactor * mostFailures)
        return 'too many failures from this address'
      if (this.accounts.count(account, seconds) >= accountFactor * mostFailures)
        return 'too many failures of this account'
    }
    this.pairs.add(pair, seconds)
    this.addresses.add(address, seconds)
    this.accounts.add(account, seconds)
    return undefined
  }

  /** Takes back what `begin` has counted. */
  undo(attempt: Attempt): void {
    const { pair, account, address } = namesOf(attempt)
    this.pairs.undo(pair)
    this.addresses.undo(address)
    this.accounts.undo(account)
  }

  succeeded(attempt: Attempt): void {
    this.undo(attempt)
    const { slot, mark } = this.markOf(namesOf(attempt).pair)
    this.known[slot] = mark
  }

  private isKnown(pair: string): boolean {
    const { slot, mark } = this.markOf(pair)
    return this.known[slot] === mark
  }

  private markOf(pair: string): { slot: number; mark: number } {
    const digest = createHmac('sha256', this.key).update(`known ${pair}`).digest()
    return { slot: digest.readUInt32BE(0) % knownSlots, mark: digest.readUInt32BE(4) || 1 }
  }
}

function namesOf({ account, address }: Attempt): { pair: string; account: string; address: string } {
  const network = networkOf(address)
  return { pair: `${account}\0${network}`, account, address: network }
}

/** A text that cannot be read, or of another form, counts as none. */
function readKept(text: string | undefined): Kept | undefined {
  if (!text) return undefined
  try {
    const kept = JSON.parse(text) as Kept
    const isWhole = ['key', 'pairs', 'addresses', 'accounts', 'known'].every(
      (name) => typeof kept[name as keyof Kept] === 'string',
    )
    return isWhole && Buffer.from(kept.key, 'base64').length === keyBytes ? kept : undefined
  } catch {
    return undefined
  }
}
