// Hostile clients hold connections, pipeline thousands of commands and send endless messages, while a real client must be served.
// Usage: npm run bench -- faults/flood [--connections 10000]; needs `ulimit -n` of twice that.

import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ADMIN, startProduct } from '../../e2e/fixtures/product.ts'
import { Sender } from '../../e2e/fixtures/sender.ts'
import { Verdict } from '../lib/verdict.ts'

const { values } = parseArgs({ options: { connections: { type: 'string', default: '10000' } } })
const wanted = Number(values.connections)
const AT_ONCE = 200
const GB = 1024 ** 3

// Loopback is not exempt: these clients are strangers. One address stands for thousands, so there is no limit per address.
const product = await startProduct({
  admin: true,
  env: {
    MAIRUST_SMTP__LIMITS__EXEMPT: '[]',
    MAIRUST_SMTP__LIMITS__PER_ADDRESS: '0',
    MAIRUST_SMTP__LIMITS__NEW_PER_MINUTE_PER_ADDRESS: '0',
  },
})
const verdict = new Verdict()
const port = product.ports.inbound

/** Resident memory of the mail server, in MB. */
function residentMb(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(product.serverPid())}/status`, 'utf8'))?.[1]) / 1024
}

/** The time of a real client from connect to 250, in ms. */
async function served(): Promise<number> {
  const began = performance.now()
  const sender = await Sender.open(port)
  const reply = await sender.send(ADMIN.email, 'From: a@remote.example\r\nSubject: real\r\n\r\nhello')
  sender.close()
  if (!reply.startsWith('250')) throw new Error(`a real client got ${reply}`)
  return performance.now() - began
}

async function slowestOf(times: number): Promise<number> {
  let slowest = 0
  for (let i = 0; i < times; i += 1) slowest = Math.max(slowest, await served())
  return Math.round(slowest)
}

/** A connection past the greeting: a client that talks earlier is disconnected. `heard` returns all replies. */
async function talker(): Promise<{ socket: Socket; heard: () => string }> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('error', () => undefined).on('data', (data: Buffer) => (text += data.toString('latin1')))
  await once(socket, 'data')
  return { socket, heard: () => text }
}

function stranger(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  // Without reading, the end of the connection would not be noticed.
  socket.on('error', () => undefined).resume()
  return new Promise((resolve) => socket.once('connect', () => resolve(socket)).once('close', () => resolve(socket)))
}

try {
  await slowestOf(20)
  const before = residentMb()

  const { socket: endless, heard: answers } = await talker()
  endless.setMaxListeners(0)
  endless.write(`EHLO x\r\nMAIL FROM:<a@remote.example>\r\nRCPT TO:<${ADMIN.email}>\r\nDATA\r\n`)
  while (!answers().includes('\r\n354 ') && !endless.destroyed) {
    await Promise.race([once(endless, 'data'), once(endless, 'close')])
  }
  const block = Buffer.from(`${'x'.repeat(998)}\r\n`.repeat(64))
  let sent = 0
  const pour = (async () => {
    while (sent < GB && endless.writable) {
      sent += block.length
      if (!endless.write(block)) await Promise.race([once(endless, 'drain'), once(endless, 'close')])
    }
  })()
  const meanwhile = await slowestOf(10)
  await pour
  await delay(200)
  const refusal = /^552 .*$/m.exec(answers())?.[0].trim() ?? answers().slice(-200)
  verdict.expect(meanwhile <= 1000, `1 GB without end: a real client is served in ${String(meanwhile)} ms at most`)
  verdict.expect(refusal.startsWith('552 5.3.4'), `${refusal} after ${String(Math.round(sent / 1e6))} MB`)
  const kept = Math.round(residentMb() - before)
  verdict.expect(kept <= 64, `${String(kept)} MB more memory`)
  endless.destroy()

  const { socket: pipelining, heard: pipelined } = await talker()
  pipelining.write(`EHLO x\r\n${'MAIL FROM:<a@remote.example>\r\nRSET\r\n'.repeat(2500)}`)
  const during = await slowestOf(10)
  verdict.expect(during <= 1000, `5,000 commands at once: a real client is served in ${String(during)} ms at most`)
  while (pipelined().split('\r\n').length <= 5000 && !pipelining.destroyed) await delay(20)
  const replies = pipelined().split('\r\n')
  verdict.expect(
    replies.length > 5000 || replies.at(-2)?.startsWith('421') === true,
    `${String(replies.length)} lines, last ${replies.at(-2) ?? ''}`,
  )
  pipelining.destroy()

  const held: Socket[] = []
  while (held.length < wanted) held.push(...(await Promise.all(Array.from({ length: AT_ONCE }, stranger))))
  const slowest = await slowestOf(20)
  const open = held.filter((socket) => !socket.destroyed && socket.readyState === 'open').length
  const grown = Math.round(residentMb() - before)
  verdict.expect(
    slowest <= 1000,
    `${String(wanted)} connected: a real client is served in ${String(slowest)} ms at most`,
  )
  verdict.expect(grown <= 200, `${String(grown)} MB more memory; ${String(open)} of the connections still open`)
  for (const socket of held) socket.destroy()
} finally {
  await product.dispose()
}
process.exitCode = verdict.good ? 0 : 1

function once(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve) => socket.once(event, () => resolve()))
}
