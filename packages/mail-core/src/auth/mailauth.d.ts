// Parts of mailauth 7.1.0 that it ships no types for.

declare module 'mailauth/lib/dkim/dkim-verifier.js' {
  /** A header field; `key` is its lower-case name. */
  interface Row {
    readonly key: string
    readonly casedKey: string
    readonly line: Buffer
  }
  interface Headers {
    readonly parsed: Row[]
    readonly original: Buffer
  }
  interface SignatureResult {
    readonly signingDomain?: string
    readonly selector?: string
    readonly signature?: string
    readonly algo?: string
    readonly rr?: string
    readonly modulusLength?: number
    readonly signTime?: string | null
    readonly canonBodyLengthLimited?: boolean
    readonly canonBodyLengthLimit?: number
    readonly status: {
      readonly result: string
      readonly comment?: string | false
      readonly policy?: Readonly<Record<string, string>>
      readonly header?: Readonly<Record<string, string | false>>
    }
  }
  interface ArcTag {
    readonly value?: unknown
  }
  interface ArcSet {
    readonly i: number
    readonly 'arc-seal': { readonly parsed?: Readonly<Record<string, ArcTag>> }
    readonly 'arc-message-signature': { readonly parsed?: Readonly<Record<string, ArcTag>> }
    readonly 'arc-authentication-results': { readonly parsed?: Readonly<Record<string, ArcTag>> }
  }
  interface ArcData {
    readonly chain?: readonly ArcSet[] | false
    readonly error?: Error
  }
  /** Fed with a header and a body instead of written to. */
  export class DkimVerifier {
    constructor(options: {
      resolver: (name: string, type: string) => Promise<unknown>
      minBitLength: number
      strict: boolean
      curTime: Date
      sender: string
    })
    headers: Headers
    readonly results: SignatureResult[]
    /** The signatures that it will verify, the newest ARC one among them, once the header is read. */
    readonly signatureHeaders: readonly {
      readonly selector: string
      readonly signingDomain: string
      readonly skip?: string
      readonly invalid?: string
    }[]
    readonly arc: ArcData
    messageHeaders(headers: Headers): Promise<void>
    nextChunk(chunk: Buffer): Promise<void>
    finalChunk(): Promise<void>
  }
  export type { ArcData, ArcSet, Headers, Row, SignatureResult }
}

declare module 'mailauth/lib/spf/index.js' {
  export function spf(options: {
    sender: string
    ip: string
    helo: string
    mta: string
    strict: boolean
    resolver: (name: string, type: string) => Promise<unknown>
  }): Promise<{
    readonly domain: string
    readonly rr?: string
    readonly explanation?: string
    readonly status: { readonly result: string; readonly comment?: string }
  }>
}

declare module 'mailauth/lib/arc/index.js' {
  import type { ArcData } from 'mailauth/lib/dkim/dkim-verifier.js'
  export function arc(
    data: ArcData,
    options: {
      resolver: (name: string, type: string) => Promise<unknown>
      minBitLength: number
      strict: boolean
    },
  ): Promise<{ readonly status: { readonly result: string; readonly comment?: string } }>
}

declare module 'mailauth/lib/dmarc/index.js' {
  interface DmarcResponse {
    readonly status: { readonly result: string; readonly header: { readonly from: string } }
    readonly policyDomain?: string
    readonly policy?: string
    readonly testMode?: boolean
    readonly rr?: string
    readonly alignment?: {
      readonly spf: { readonly result?: string }
      readonly dkim: { readonly result?: string }
    }
  }
  export function evaluateDmarc(options: {
    headerFrom: readonly string[]
    fromFields: number
    spfDomains: readonly string[]
    dkimDomains: readonly { readonly domain: string }[]
    resolver: (name: string, type: string) => Promise<unknown>
    strict: boolean
  }): Promise<{
    readonly response: DmarcResponse | false
    readonly dkimAligned?: ReadonlySet<string>
    readonly reason?: string
  }>
}
