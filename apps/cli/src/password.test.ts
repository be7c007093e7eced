import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { readPassword } from './password.ts'

/** A terminal that answers each prompt with the next line, and what it shows. */
function terminal(lines: readonly string[]) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const shown = { text: '' }
  const waiting = [...lines]
  const err = (text: string): void => {
    shown.text += text
    if (text.endsWith(': ')) setImmediate(() => stdin.write(`${waiting.shift() ?? ''}\r`))
  }
  return { io: { stdin, out: () => undefined, err }, shown }
}

it('asks twice without echo', async () => {
  const { io, shown } = terminal(['secret words', 'secret words'])
  expect(await readPassword(io, {})).toBe('secret words')
  expect(shown.text).toBe('Password: \nAgain: \n')
})

it('refuses passwords that differ', async () => {
  await expect(readPassword(terminal(['one', 'two']).io, {})).rejects.toThrow('the passwords differ')
})
