import { buffer } from 'node:stream/consumers'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { CliError, EXIT } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Format, printOne } from '../output.ts'
import { withServices } from '../services.ts'
import { resultCommand } from './kit.ts'

interface SendOptions extends Format {
  cc?: string[]
  bcc?: string[]
  subject?: string
  text?: string
  html?: string
  attach?: string[]
  raw?: boolean
  saveCopy?: boolean
}

async function send(io: Io, from: string, to: string[], options: SendOptions): Promise<void> {
  const { send: sendMessage } = await import('@mairust/api/services')
  const { json, saveCopy, raw, ...written } = options
  const envelope = { from, to, save_copy: saveCopy }
  const message = raw === true ? { raw: (await readStdin(io)).toString('base64') } : await composed(io, written)
  if (raw === true && Object.keys(written).length > 0)
    throw new CliError('--raw is the whole message: give no other part of it', EXIT.usage)
  const sent = await withServices(io, (ctx) => sendMessage(ctx, { ...envelope, ...message }))
  printOne(io, { json }, sent, ({ journey_id: journey, recipients }) =>
    [
      `sent: ${journey}`,
      ...recipients.map(
        ({ address, status, delivery_id: id }) => `  ${address} ${status}${id === null ? '' : ` ${id}`}`,
      ),
    ].join('\n'),
  )
}

async function composed(io: Io, { attach = [], text, ...others }: Omit<SendOptions, 'raw' | 'saveCopy' | 'json'>) {
  const body = text ?? (others.html === undefined ? (await readStdin(io)).toString('utf8') : undefined)
  return {
    ...others,
    text: body,
    attachments: await Promise.all(
      attach.map(async (path) => ({
        filename: basename(path),
        content: (await readAttached(path)).toString('base64'),
      })),
    ),
  }
}

async function readStdin({ stdin, err }: Io): Promise<Buffer> {
  if (stdin.isTTY === true) err('reading the message from stdin; end it with Ctrl-D\n')
  return buffer(stdin)
}

const readAttached = (path: string): Promise<Buffer> =>
  readFile(path).catch((cause: unknown) => {
    throw new CliError(
      `${path} cannot be read: ${cause instanceof Error ? cause.message : 'unknown error'}`,
      EXIT.failed,
    )
  })

/** `send FROM TO…`: sends a message for whoever has the mailbox. */
export function addSend(program: Command, io: Io): void {
  resultCommand(
    program,
    'send <from> <to...>',
    'send a message from the address of a mailbox; its text comes from stdin',
  )
    .option('--cc <address...>', 'who gets a copy')
    .option('--bcc <address...>', 'who gets a blind copy')
    .option('--subject <subject>', 'its subject')
    .option('--text <text>', 'its text, in place of stdin')
    .option('--html <html>', 'its HTML, beside --text or alone')
    .option('--attach <file...>', 'files to attach')
    .option('--raw', 'stdin is the whole message (RFC 5322); FROM and TO are its envelope')
    .option('--save-copy', 'keep a copy in Sent')
    .action((from: string, to: string[], options: SendOptions) => send(io, from, to, options))
}
