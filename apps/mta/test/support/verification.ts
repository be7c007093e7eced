import { answerFrom, type DnsScript } from '@mairust/dns/testing'
import { createSigningKey, sign, type SigningKey } from '@mairust/mail-core/auth'
import type { Database } from '@mairust/db'
import { listFolders } from '@mairust/db/queries/folder'
import { beforeAll } from 'vitest'
import { journeyIn, journeysOf, messagesOf } from './server.ts'
import { useServerOn } from './suite.ts'

const ZONES: Readonly<Record<string, string[]>> = {
  'x.example TXT': ['v=spf1 ip4:192.0.2.1 -all'],
  '_dmarc.x.example TXT': ['v=DMARC1; p=reject'],
  '_dmarc.q.example TXT': ['v=DMARC1; p=quarantine'],
  '_dmarc.k.example TXT': ['v=DMARC1; p=reject'],
  '_dmarc.n.example TXT': ['v=DMARC1; p=none'],
  'fail.example TXT': ['v=spf1 -all'],
  'evil.example TXT': ['v=spf1 +all'],
}

/** Names under these have name servers in trouble. */
export const TROUBLE: Readonly<Record<string, DnsScript>> = {
  'silent.example': () => null,
  'broken.example': () => ({ rcode: 2 }),
  'refusing.example': () => ({ rcode: 5 }),
  'garbled.example': () => Buffer.from('no DNS at all'),
  'lying.example': ({ packet }) => ({ id: packet.id, questions: [{ type: 'TXT', name: 'other.example' }], rcode: 3 }),
  '_domainkey.k.example': () => null,
  'cut.example': ({ transport }) => (transport === 'udp' ? { flags: 0x0200 } : null),
}

/** Answers from zones, except where there is trouble, and notes what it is asked. */
const dnsOf =
  (zones: Record<string, string[]>, asked: string[]): DnsScript =>
  (query) => {
    asked.push(`${query.type} ${query.name}`)
    const trouble = Object.entries(TROUBLE).find(([name]) => query.name.toLowerCase().endsWith(name))
    return trouble === undefined ? answerFrom(zones)(query) : trouble[1](query)
  }

/** A client from which no mail of x.example comes. */
export const ELSEWHERE = { ip: '198.51.100.9', from: 'bounce@evil.example' }

/** A message of this author. */
export const text = (from = 'me@x.example', more = ''): string =>
  `From: ${from}\r\n${more}Subject: Hello\r\n\r\nGood day.`

/** A server that verifies mail with the zones above, and a key that signs for x.example. Available in tests and hooks only. */
export function useVerification(database: () => Database) {
  const asked: string[] = []
  const zones = { ...ZONES }
  let made: SigningKey | null = null
  beforeAll(async () => {
    const { record, ...key } = await createSigningKey('ed25519-sha256')
    zones['s._domainkey.x.example TXT'] = [record]
    made = { ...key, domain: 'x.example', selector: 's' }
  })
  const key = (): SigningKey => {
    if (made === null) throw new Error('the key is available in tests only')
    return made
  }
  const env = { MAIRUST_SMTP__TRUSTED_XCLIENT: '127.0.0.1/32' }
  const { server, world } = useServerOn(database, { env, dns: dnsOf(zones, asked) })

  /** Sends a message as a client of this address does; to the mailbox of the world, if nobody is named. */
  async function send(
    message: string | Buffer,
    { ip = '192.0.2.1', from = 'bounce@x.example', to = [world().address] } = {},
  ): Promise<string> {
    const client = await server().client()
    await client.command(`XCLIENT ADDR=${ip}`)
    const reply = await client.send(to, message, from)
    client.destroy()
    return reply
  }

  /** A message that ends with a line end, signed for a domain. */
  const signed = (body: string, domain = 'x.example'): string =>
    sign(Buffer.from(body), { keys: [{ ...key(), domain }], now: new Date() }) + body

  /** What a journey says of verification. */
  async function stepsOf(reply: string) {
    const [journey] = await journeysOf(database(), journeyIn(reply))
    return (journey?.steps ?? []).filter(({ kind }) => kind === 'authentication')
  }

  /** The newest message of a mailbox and the role of its folder. */
  async function newestOf(mailboxId: string) {
    const row = (await messagesOf(database(), mailboxId)).at(-1)
    const folders = await listFolders(database().db, world().scope, mailboxId)
    return { ...row, folder: folders.find(({ id }) => id === row?.folderId)?.role }
  }

  /** The newest message of the world's mailbox, with its bytes. */
  async function newest() {
    const row = await newestOf(world().mailbox.id)
    return { ...row, stored: (await server().blobs.read(row.blobKey ?? '')).toString('latin1') }
  }

  return { server, world, asked, send, signed, stepsOf, newestOf, newest }
}
