import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { readPassword } from './password.ts'

/** A terminal at which somebody types the lines, one for each question, and what it shows. */
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

it('asks twice and shows nothing of what is typed', async () => {
  const { io, shown } = terminal(['secret words', 'secret words'])
  expect(await readPassword(io, {})).toBe('secret words')
  expect(shown.text).toBe('Password: \nAgain: \n')
})

it('refuses two that differ', async () => {
  await expect(readPassword(terminal(['one', 'two']).io, {})).rejects.toThrow('the passwords differ')
})
