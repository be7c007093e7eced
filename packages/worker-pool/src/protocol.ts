/** What the pool sends to a worker: one task. */
export type TaskMessage<In> = { id: number; input: In }

/** What a worker answers. Errors travel by structured clone, which keeps name, message and stack. */
export type AnswerMessage<Out> = { id: number; ok: true; output: Out } | { id: number; ok: false; error: unknown }
