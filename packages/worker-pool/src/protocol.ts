/** What the pool sends to a worker: one task. */
export type TaskMessage<In> = { id: number; input: In }

/** What a pool of shared workers sends: where to say whose turn it is, then tasks. */
export type TurnMessage<In> =
  { kind: 'pulse'; pulse: Int32Array } | { kind: 'task'; id: number; input: In; owner: string; bytes: number }

/** The places in a pulse: the task whose turn it is, and how many turns there were. */
export const PULSE = { task: 0, turns: 1, length: 2 } as const

/** In the place of a task: none. */
export const NOBODY = 0

/** What a worker answers. Errors travel by structured clone, which keeps name, message and stack. */
export type AnswerMessage<Out> = { id: number; ok: true; output: Out } | { id: number; ok: false; error: unknown }
