import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isLeftOut, type SourceEntry, type SourceMessage } from '../../src/import/source.ts'

/** Everything that a reader gives. */
export const all = async (entries: AsyncIterable<SourceEntry>): Promise<SourceEntry[]> => {
  const found: SourceEntry[] = []
  for await (const entry of entries) found.push(entry)
  return found
}

/** What a reader gives, apart by whether it is imported. */
export async function sorted(
  entries: AsyncIterable<SourceEntry>,
): Promise<{ messages: SourceMessage[]; leftOut: string[]; details: string[] }> {
  const found = await all(entries)
  const out = found.filter(isLeftOut)
  return {
    messages: found.flatMap((entry) => (isLeftOut(entry) ? [] : entry)),
    leftOut: out.map(({ leftOut }) => leftOut),
    details: out.map(({ detail }) => detail),
  }
}

export const subjectOf = ({ raw }: SourceMessage): string => /^Subject: (.*)\r$/m.exec(raw.toString())?.[1] ?? ''

/** Writes a file into a folder, a byte a character, and gives its path. */
export function fileIn(folder: string, name: string, content: string | Buffer): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content, 'latin1')
  return path
}
