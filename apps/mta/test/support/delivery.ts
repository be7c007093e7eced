import { createResolver, type Resolver } from '@mairust/dns'
import { answerFrom, type DnsScript, type ScriptedDnsServer, startDnsServer, type Zones } from '@mairust/dns/testing'
import { type Address, parseAddress } from '@mairust/mail-core/address'
import type { RouteFamily } from '@mairust/mail-core/outbound'
import { formatReply } from '@mairust/mail-core/smtp'
import { generate } from 'selfsigned'
import { afterEach, beforeEach } from 'vitest'
import { createAttempts, type MakeAttempt } from '../../src/delivery/attempt.ts'
import type { AttemptReport, AttemptRequest } from '../../src/delivery/attempt-report.ts'
import type { MessageContent } from '../../src/delivery/content.ts'
import type { OutgoingMessage, OutgoingRecipient } from '../../src/delivery/message.ts'
import { Pool } from '../../src/delivery/pool.ts'
import { type Destination, type Way, wayToDomain, type WayOptions } from '../../src/delivery/resolve-mx.ts'
import { TIMEOUTS, type Timeouts } from '../../src/delivery/timeouts.ts'
import { Remote, type RemoteScript } from './remote.ts'

/** How long a test waits at a stage where the remote says nothing. */
export const SOON = 60

export const address = (text: string): Address => {
  const parsed = parseAddress(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

export const contentOf = (text: string | Buffer): MessageContent => {
  const bytes = Buffer.from(text)
  return {
    size: bytes.length,
    eightBit: bytes.some((byte) => byte > 127),
    // eslint-disable-next-line @typescript-eslint/require-await -- content is read asynchronously
    read: async function* () {
      yield bytes
    },
  }
}

export const recipient = (text: string, rest: Partial<OutgoingRecipient> = {}): OutgoingRecipient => ({
  id: text,
  address: address(text),
  rescues: 0,
  notify: null,
  orcpt: null,
  ...rest,
})

export const TEXT = 'Subject: hello\r\n\r\nGood day.\r\n'

export const message = (
  to: readonly (string | OutgoingRecipient)[],
  rest: Partial<OutgoingMessage> = {},
): OutgoingMessage => ({
  sender: address('sender@our.test'),
  ret: null,
  envid: null,
  recipients: to.map((each) => (typeof each === 'string' ? recipient(each) : each)),
  content: contentOf(TEXT),
  sevenBit: null,
  ...rest,
})

/** A certificate for a name, which is its own authority. */
export async function certificate(name: string, { expired = false } = {}) {
  const now = Date.now()
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - 10 * 86_400_000),
    notAfterDate: new Date(now + (expired ? -1 : 1) * 86_400_000),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  })
  return { key: made.private, cert: made.cert }
}

/** What a test changes of an attempt; everything else is as usual. */
export interface DeliverOptions {
  readonly message?: Partial<OutgoingMessage>
  readonly tls?: Partial<AttemptRequest['tls']>
  readonly login?: AttemptRequest['login']
  readonly family?: RouteFamily
  readonly limit?: number
}

/** Mail servers on loopback, the DNS that names them, and a pool that delivers to them. */
export class DeliveryBench {
  readonly #remotes: Remote[] = []
  readonly #zones = new Map<string, Zones[string]>()
  #port = 0
  #dns: ScriptedDnsServer | null = null
  /** In place of the pool's own. */
  setTimer: ((run: () => void, ms: number) => () => void) | undefined
  pool = new Pool({ now: () => this.now, maxIdle: 100, setTimer: (run, ms) => this.#timer(run, ms) })
  resolver: Resolver = createResolver({ servers: ['127.0.0.1:9'], timeoutMs: 1000 })
  now = Date.parse('2026-06-01T12:00:00Z')
  timeouts: Timeouts = TIMEOUTS
  trust: string[] | undefined
  /** In place of the zones. */
  dnsScript: DnsScript | null = null
  #attempt: MakeAttempt | null = null

  #timer(run: () => void, ms: number): () => void {
    if (this.setTimer !== undefined) return this.setTimer(run, ms)
    const started = setTimeout(run, ms)
    return () => clearTimeout(started)
  }

  async open(): Promise<void> {
    this.#dns = await startDnsServer((query) =>
      this.dnsScript === null ? answerFrom(Object.fromEntries(this.#zones))(query) : this.dnsScript(query),
    )
    this.resolver = createResolver({ servers: [this.#dns.address], timeoutMs: 5000 })
  }

  /** DNS data, as in `record('remote.test MX', …)`. */
  record(key: string, ...data: readonly Zones[string][number][]): void {
    this.#zones.set(key, [...(this.#zones.get(key) ?? []), ...data])
  }

  /** A mail server of `remote.test`, less preferred than those before it. */
  async mx(script: RemoteScript = {}, name = `mx${this.#remotes.length + 1}.remote.test`): Promise<Remote> {
    const remote = await this.host(script, name)
    this.record('remote.test MX', { preference: this.#remotes.length * 10, exchange: name })
    return remote
  }

  /** A mail server with a name. Each has an address of its own and the same port. */
  async host(script: RemoteScript, name: string): Promise<Remote> {
    const address = `127.0.0.${this.#remotes.length + 2}`
    const remote = await this.#listen(address, script)
    this.#remotes.push(remote)
    this.record(`${name} A`, address)
    return remote
  }

  get port(): number {
    return this.#port
  }

  async #listen(at: string, script: RemoteScript): Promise<Remote> {
    for (;;) {
      const remote = await Remote.listen(at, this.#port, script)
      if (remote === null && this.#remotes.length > 0) throw new Error(`port ${this.#port} is taken at ${at}`)
      if (remote === null) continue
      this.#port = remote.port
      return remote
    }
  }

  way(domain = 'remote.test', options: Partial<WayOptions> & { family?: RouteFamily } = {}): Promise<Way> {
    const { family = 'both', ...rest } = options
    return wayToDomain(domain, family, {
      resolver: this.resolver,
      ownHosts: ['mx.our.test'],
      ownAddresses: [],
      allowPrivate: true,
      random: () => 0,
      port: this.#port,
      ...rest,
    })
  }

  async destination(family: RouteFamily = 'both'): Promise<Destination> {
    const way = await this.way('remote.test', { family })
    if (way.kind === 'failed') throw new Error(way.failure.reply.text)
    return way.destination
  }

  /** One attempt to send a message to addresses of `remote.test`. */
  async deliver(to: readonly (string | OutgoingRecipient)[], options: DeliverOptions = {}): Promise<AttemptReport> {
    return this.attempt(message(to, options.message), options, await this.destination(options.family))
  }

  async attempt(outgoing: OutgoingMessage, options: DeliverOptions, destination: Destination): Promise<AttemptReport> {
    this.#attempt ??= createAttempts({
      pool: this.pool,
      name: () => 'mx.our.test',
      trust: this.trust,
      timeouts: this.timeouts,
      now: () => this.now,
    })
    const report = await this.#attempt({
      destination,
      message: outgoing,
      tls: {
        sts: null,
        route: 'opportunistic',
        routeVerifies: false,
        clearRemembered: false,
        allowOldVersions: false,
        ...options.tls,
      },
      login: options.login ?? null,
      sources: { v4: null, v6: null },
      limit: options.limit ?? 20,
    })
    if (report === null) throw new Error('the pool is closed')
    return report
  }

  async close(): Promise<void> {
    await this.pool.close(0)
    await Promise.all(this.#remotes.map((remote) => remote.close()))
    await this.#dns?.close()
  }
}

/** A bench of its own for each test. */
export function useDeliveryBench(): () => DeliveryBench {
  let bench = new DeliveryBench()
  beforeEach(async () => {
    bench = new DeliveryBench()
    await bench.open()
  })
  afterEach(() => bench.close())
  return () => bench
}

/** Each recipient's result in a few words: `delivered 250 …`, `deferred 451 …`. */
export function results({ recipients }: AttemptReport): Record<string, string> {
  return Object.fromEntries(
    recipients.map(({ id, result }) => {
      if (result.kind === 'again') return [id.replace(/@.*/, ''), 'again']
      const reply = result.kind === 'delivered' ? result.reply : result.refusal.reply
      return [id.replace(/@.*/, ''), `${result.kind} ${formatReply(reply)}`]
    }),
  )
}
