import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { CliError, EXIT } from './exit.ts'
import type { Io } from './io.ts'

/** Longest password read; the policy limit is much lower. */
const MAX_BYTES = 4096

async function fromStdin(io: Io): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of io.stdin as AsyncIterable<Buffer | string>) {
    const bytes = Buffer.from(part)
    parts.push(bytes)
    size += bytes.length
    if (size > MAX_BYTES) throw new CliError('the password on stdin is too long', EXIT.usage)
  }
  return Buffer.concat(parts)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

/** Asks without echo. */
async function ask(io: Io, question: string): Promise<string> {
  io.err(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: io.stdin, output: nowhere, terminal: true })
  try {
    return await lines.question('')
  } finally {
    lines.close()
    io.err('\n')
  }
}

/**
 * Reads a password: from stdin with `--password-stdin`, else typed twice at a terminal.
 * @throws CliError when there is neither, or the two differ
 */
export async function readPassword(
  io: Io,
  { passwordStdin }: { passwordStdin?: boolean | undefined },
): Promise<string> {
  if (passwordStdin === true) return fromStdin(io)
  if (io.stdin.isTTY !== true)
    throw new CliError('no terminal to ask for the password; use --password-stdin', EXIT.usage)
  const password = await ask(io, 'Password: ')
  if ((await ask(io, 'Again: ')) !== password) throw new CliError('the passwords differ')
  return password
}
