import type { Lookup } from './types.ts'

/** Codes that say something about the name; every other one is trouble that may pass. */
const ABOUT_THE_NAME = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME'])

/** A look-up function that remembers for which names DNS failed. */
export interface WatchedLookup {
  readonly lookup: Lookup
  /** In lower case. */
  readonly failed: ReadonlySet<string>
}

/**
 * Watches a look-up function: some checks go on after a failed look-up and then say something final. Each question is asked once, and
 * nobody changes the records.
 */
export function watch(lookup: Lookup): WatchedLookup {
  const failed = new Set<string>()
  const asked = new Map<string, Promise<unknown>>()

  async function ask(name: string, type: string): Promise<unknown> {
    try {
      return await lookup(name, type)
    } catch (error) {
      if (!ABOUT_THE_NAME.has(codeOf(error))) failed.add(name.toLowerCase())
      throw error
    }
  }

  return {
    failed,
    lookup: (name, type) => {
      const question = `${type} ${name}`
      const answer = asked.get(question) ?? ask(name, type)
      asked.set(question, answer)
      return answer
    },
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** For keys: a name that DNS cannot hold has none, while mailauth takes every code that it does not know for trouble. */
export function keysOnly(lookup: Lookup): Lookup {
  return async (name, type) => {
    try {
      return await lookup(name, type)
    } catch (error) {
      if (codeOf(error) !== 'EBADNAME') throw error
      throw Object.assign(new Error('There is no such name'), { code: 'ENOTFOUND' })
    }
  }
}
