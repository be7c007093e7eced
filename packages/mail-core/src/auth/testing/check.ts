import { verify } from '../index.ts'
import type { AuthOptions, Lookup, Verification } from '../types.ts'

/** TXT records by name; `trouble` stands for a name that DNS fails for. */
export type Txt = Readonly<Record<string, string | readonly string[]>>

/** A look-up function over TXT records, which counts its questions. */
export function lookupIn(records: Txt): { readonly lookup: Lookup; readonly asked: string[] } {
  const known = new Map(Object.entries(records))
  const asked: string[] = []
  return {
    asked,
    lookup: (name, type) => {
      asked.push(`${type} ${name}`)
      const found = known.get(name.toLowerCase())
      if (found === 'trouble') return Promise.reject(withCode('ESERVFAIL'))
      if (found === undefined) return Promise.reject(withCode('ENOTFOUND'))
      return type === 'TXT'
        ? Promise.resolve([found].flat().map((text) => [text]))
        : Promise.reject(withCode('ENODATA'))
    },
  }
}

const withCode = (code: string) => Object.assign(new Error(code), { code })

export const NOW = new Date('2026-01-02T03:04:05Z')

/** Verifies a message, given with LF, as from 192.0.2.1 and x.example. */
export async function check(
  message: string | Buffer,
  records: Txt,
  options: Partial<Pick<AuthOptions, 'now' | 'trustedSealers'>> & Partial<AuthOptions['session']> = {},
): Promise<Verification & { readonly asked: readonly string[] }> {
  const { lookup, asked } = lookupIn(records)
  const {
    now = NOW,
    trustedSealers = [],
    ip = '192.0.2.1',
    helo = 'mx.x.example',
    reversePath = 'me@x.example',
  } = options
  const bytes = typeof message === 'string' ? Buffer.from(message.replaceAll(/\r?\n/g, '\r\n'), 'latin1') : message
  const found = await verify(bytes, {
    session: { ip, helo, reversePath },
    hostname: 'receiver.example',
    lookups: { spf: lookup, dkim: lookup, dmarc: lookup },
    now,
    trustedSealers,
  })
  return { ...found, asked }
}
