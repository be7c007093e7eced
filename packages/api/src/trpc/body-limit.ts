import type { Actor } from '../access/index.ts'
import { ANONYMOUS_LIMIT, JSON_LIMIT } from '../http/body.ts'
import { admit } from '../verb/index.ts'
import type { ProcedureMeta } from './init.ts'
import { appRouter } from './root.ts'

/** Most bytes of the JSON that a procedure takes: what needs no permission takes little. */
export const jsonLimitOf = ({ permission = 'public' }: ProcedureMeta): number =>
  permission === 'public' || permission === 'signed-in' ? ANONYMOUS_LIMIT : JSON_LIMIT

/**
 * Most bytes of the body of a call or batch that changes something, by what it names: a large one is read only for who may make one of
 * its changes.
 * @param path after the prefix of tRPC, with the names of a batch between commas
 * @throws AppError FORBIDDEN if the actor may make none of them
 */
export const callsLimit = (path: string, actor: Actor): number => {
  const limits: number[] = []
  const refusals: unknown[] = []
  for (const meta of changesOf(path)) {
    try {
      if (meta.permission !== undefined && meta.permission !== 'public') admit({ actor }, meta.permission)
      limits.push(jsonLimitOf(meta))
    } catch (error) {
      refusals.push(error)
    }
  }
  if (limits.length === 0 && refusals.length > 0) throw refusals[0]
  return Math.max(ANONYMOUS_LIMIT, ...limits)
}

/** Whether one of the changes that a call or batch names takes, and so answers with, whole messages. */
export const mayAnswerLong = (path: string): boolean => changesOf(path).some(({ bodyLimit }) => bodyLimit === 'message')

/** The changes that a call or batch names. */
const changesOf = (path: string): ProcedureMeta[] =>
  [...new Set(path.split(','))].flatMap((name) => mutationsByName.get(name) ?? [])

interface Procedure {
  _def: { type: string; meta?: ProcedureMeta }
}

const mutationsByName = new Map(
  Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>).flatMap(([name, { _def }]) =>
    _def.type === 'mutation' ? [[name, _def.meta ?? {}] as const] : [],
  ),
)
