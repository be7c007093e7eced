import type { Answer, RecordData, RecordType, Resolver } from '@mairust/dns'

/** A resolver of the records that a test puts in. */
export class DnsTable implements Resolver {
  readonly #records = new Map<string, readonly unknown[] | 'trouble' | 'silence'>()

  /** Sets all TXT records of a name. */
  txt(name: string, ...texts: readonly string[]): void {
    this.set(
      name,
      'TXT',
      texts.map((text) => [text]),
    )
  }

  /** Sets all records of a name and type; `trouble` for a name server that fails, `silence` for one that never answers. */
  set<T extends RecordType>(name: string, type: T, records: readonly RecordData[T][] | 'trouble' | 'silence'): void {
    this.#records.set(`${name} ${type}`, records)
  }

  readonly query: Resolver['query'] = (name, type, { signal } = {}) => {
    const found = this.#records.get(`${name.toLowerCase()} ${type}`)
    if (found === 'trouble') return Promise.resolve({ kind: 'temporary', cause: 'servfail' })
    if (found === 'silence') {
      return new Promise((resolve) => {
        const stop = (): void => resolve({ kind: 'temporary', cause: 'cancelled' })
        if (signal?.aborted === true) stop()
        else signal?.addEventListener('abort', stop, { once: true })
      })
    }
    const known = { authenticated: false, ttl: 300 }
    if (found === undefined || found.length === 0) return Promise.resolve({ ...known, kind: 'no_such_name' })
    // Cast: `set` takes records of this type alone.
    return Promise.resolve({ ...known, kind: 'found', records: found } as unknown as Answer<typeof type>)
  }
}
