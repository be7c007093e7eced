import { DkimVerifier, type Headers, type Row } from 'mailauth/lib/dkim/dkim-verifier.js'

/** Signatures looked at; each costs a look-up and a pass over the body. */
const MAX_SIGNATURES = 10
/** Bytes of a signature field; mailauth takes quadratic time for white space in it. */
const MAX_FIELD = 16_384
/** Names in `h=`; each is searched for in the whole header. */
const MAX_NAMES = 500
/** Fields that mailauth reads for what we find out ourselves or do not need: the author, and where the first MIME part begins. */
const NOT_READ = new Set(['from', 'content-type', 'return-path'])
const ARC_FIELDS = new Set(['arc-seal', 'arc-message-signature', 'arc-authentication-results'])

/** mailauth's verifier, given only as much to do as a message may ask for. */
export class BoundedVerifier extends DkimVerifier {
  /** Signatures that were not looked at. */
  ignored = 0

  override async messageHeaders(headers: Headers): Promise<void> {
    const read = headers.parsed.filter((row) => this.#isRead(row))
    const signatures = read.filter(({ key }) => key === 'dkim-signature')
    const first = new Set(signatures.slice(0, MAX_SIGNATURES))
    this.ignored += signatures.length - first.size
    await super.messageHeaders({
      ...headers,
      parsed: read.filter((row) => row.key !== 'dkim-signature' || first.has(row)),
    })
    // Signatures cover fields of the whole header.
    this.headers = headers
  }

  #isRead(row: Row): boolean {
    if (NOT_READ.has(row.key)) return false
    if (row.key !== 'dkim-signature' && !ARC_FIELDS.has(row.key)) return true
    const fits = row.line.length <= MAX_FIELD && countNames(row.line) <= MAX_NAMES
    if (!fits && row.key === 'dkim-signature') this.ignored += 1
    return fits
  }
}

/** No more names can be in `h=` than the field has colons. */
function countNames(line: Buffer): number {
  let count = 0
  for (let at = line.indexOf(':'); at !== -1 && count <= MAX_NAMES; at = line.indexOf(':', at + 1)) count += 1
  return count
}
