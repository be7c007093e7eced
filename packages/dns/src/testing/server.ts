import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram'
import { createServer, type Server, type Socket } from 'node:net'
import { decode, encode, type Packet } from 'dns-packet'

/** A query that the server received. */
export interface DnsQuery {
  readonly name: string
  readonly type: string
  readonly id: number
  readonly transport: 'udp' | 'tcp'
  /** The port that it came from. */
  readonly clientPort: number
  readonly edns: boolean
  readonly packet: Packet
}

/**
 * What the server sends: a packet, whose id, question and type are filled in; bytes as they are; several of them in order; or
 * nothing. `rcode` is added to the packet's flags.
 */
export type DnsReply = (Packet & { readonly rcode?: number }) | Buffer | null
export type DnsScript = (query: DnsQuery) => DnsReply | DnsReply[] | Promise<DnsReply | DnsReply[]>

export interface ScriptedDnsServer {
  /** As in `dns.servers`. */
  readonly address: string
  readonly port: number
  /** Queries received so far. */
  readonly queries: readonly DnsQuery[]
  /** Sends bytes to a client from another port than the server's. */
  readonly sendFromElsewhere: (bytes: Buffer) => Promise<void>
  readonly close: () => Promise<void>
}

/** Starts a name server on loopback, UDP and TCP on one port, that answers as the script says. */
export async function startDnsServer(script: DnsScript): Promise<ScriptedDnsServer> {
  const queries: DnsQuery[] = []
  let lastClient: RemoteInfo | undefined
  let isOpen = true

  async function replies(bytes: Buffer, transport: DnsQuery['transport'], clientPort: number): Promise<Buffer[]> {
    const packet = decode(bytes)
    const [question] = packet.questions ?? []
    const query: DnsQuery = {
      name: question?.name ?? '',
      type: question?.type ?? '',
      id: packet.id ?? 0,
      transport,
      clientPort,
      edns: (packet.additionals ?? []).some(({ type }) => type === 'OPT'),
      packet,
    }
    queries.push(query)
    return [await script(query)].flat().flatMap((reply) => toBytes(reply, packet))
  }

  const { udp, tcp, port } = await openSockets()
  udp.on('message', (bytes, client) => {
    lastClient = client
    void replies(bytes, 'udp', client.port).then((all) => {
      for (const reply of isOpen ? all : []) udp.send(reply, client.port, client.address)
    })
  })
  tcp.on('connection', (socket) => serveTcp(socket, (bytes) => replies(bytes, 'tcp', socket.remotePort ?? 0)))

  return {
    address: `127.0.0.1:${port}`,
    port,
    queries,
    sendFromElsewhere: (bytes) => sendFromElsewhere(bytes, lastClient),
    close: async () => {
      isOpen = false
      await Promise.all([
        new Promise<void>((resolve) => udp.close(() => resolve())),
        new Promise<void>((resolve) => tcp.close(() => resolve())),
      ])
    },
  }
}

function toBytes(reply: DnsReply, query: Packet): Buffer[] {
  if (reply === null) return []
  if (Buffer.isBuffer(reply)) return [reply]
  const { rcode = 0, flags = 0, ...packet } = reply
  const filled = {
    id: query.id,
    questions: query.questions,
    ...packet,
    type: 'response' as const,
    flags: flags | rcode,
  }
  return [encode(filled)]
}

async function openSockets(): Promise<{ udp: UdpSocket; tcp: Server; port: number }> {
  // The port that UDP got may be in use for TCP: then another one is tried.
  for (;;) {
    const udp = createSocket('udp4')
    await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve))
    const { port } = udp.address()
    const tcp = createServer()
    const isOpen = await new Promise<boolean>((resolve) => {
      tcp.once('error', () => resolve(false))
      tcp.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (isOpen) return { udp, tcp, port }
    udp.close()
  }
}

function serveTcp(socket: Socket, reply: (bytes: Buffer) => Promise<Buffer[]>): void {
  let received = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk])
    if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
    void reply(received.subarray(2)).then((all) => {
      if (all.length === 0) socket.destroy()
      for (const bytes of all) {
        const length = Buffer.alloc(2)
        length.writeUInt16BE(bytes.length)
        socket.write(Buffer.concat([length, bytes]))
      }
    })
  })
}

async function sendFromElsewhere(bytes: Buffer, client: RemoteInfo | undefined): Promise<void> {
  if (client === undefined) throw new Error('No query came yet')
  const socket = createSocket('udp4')
  await new Promise<void>((resolve, reject) => {
    socket.send(bytes, client.port, client.address, (error) => (error ? reject(error) : resolve()))
  })
  socket.close()
}
