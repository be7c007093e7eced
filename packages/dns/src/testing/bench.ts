import { createResolver, type ResolverOptions } from '../index.ts'
import { type DnsScript, type ScriptedDnsServer, startDnsServer } from './server.ts'
import { record } from './zones.ts'

/** Name servers of one test, and resolvers that ask them. */
export class DnsBench {
  readonly open: ScriptedDnsServer[] = []

  async server(script: DnsScript): Promise<ScriptedDnsServer> {
    const started = await startDnsServer(script)
    this.open.push(started)
    return started
  }

  /** A resolver with a clock of its own. */
  async resolver(script: DnsScript, options: Partial<ResolverOptions> = {}) {
    const clock = { ms: 1_000_000 }
    const server = await this.server(script)
    const resolver = createResolver({ servers: [server.address], timeoutMs: 5000, now: () => clock.ms, ...options })
    return { resolver, clock, queries: server.queries, server }
  }

  async close(): Promise<void> {
    await Promise.all(this.open.splice(0).map((server) => server.close()))
  }
}

export const A = (name: string, address: string, ttl = 300) => record(name, 'A', address, ttl)
