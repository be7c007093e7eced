import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isLeftOut, type SourceEntry, type SourceMessage } from '../../src/import/source.ts'

/** All entries of a reader. */
export const all = async (entries: AsyncIterable<SourceEntry>): Promise<SourceEntry[]> => {
  const found: SourceEntry[] = []
  for await (const entry of entries) found.push(entry)
  return found
}

/** The entries of a reader, split into messages and skipped ones. */
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

/** Writes a file into a folder, one byte per character, and returns its path. */
export function fileIn(folder: string, name: string, content: string | Buffer): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content, 'latin1')
  return path
}
