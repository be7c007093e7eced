import { randomBytes, randomUUID } from 'node:crypto'
import type { MessageRow } from '@mairust/db/queries/message'
import type { DraftChanges, DraftOutcome } from '@mairust/intake/drafts'
import { PoolBusyError } from '@mairust/worker-pool'
import type { ServiceContext } from '../../context.ts'
import { AppError, invalidField } from '../../errors.ts'
import { wireNames } from '../message/opened.ts'
import { readStored } from '../message/stored.ts'

/** A draft that is stored, and that no row refers to yet. */
export type ComposedDraft = Extract<DraftOutcome, { kind: 'stored' }>

const MIB = 1_048_576

/**
 * Writes a draft to the store: a new one, or a changed one beside what is there.
 * @throws AppError VALIDATION_ERROR, CONFLICT, PAYLOAD_TOO_LARGE, UNAVAILABLE
 */
export const composeDraft = async (
  ctx: ServiceContext,
  base: MessageRow | null,
  changes: DraftChanges,
): Promise<ComposedDraft> => {
  const { config, actor } = ctx
  const compose = () =>
    ctx.drafts.compose({
      author: `${actor.tenantId} ${actor.userId ?? actor.name}`,
      base,
      changes,
      tools: {
        date: ctx.now(),
        messageId: `${randomUUID()}@${config.server.hostname}`,
        boundary: randomBytes(16).toString('hex'),
      },
      maxBytes: ctx.maxMessageBytes(),
    })
  const outcome = await (base === null ? compose() : readStored(ctx, base, compose)).catch((cause: unknown) => {
    if (!(cause instanceof PoolBusyError)) throw cause
    throw new AppError('UNAVAILABLE', 'Too many drafts are being saved. Try again.', { cause, retryAfter: 2 })
  })
  if (outcome.kind === 'stored') return outcome
  throw refusalOf(outcome, ctx.maxMessageBytes())
}

const refusalOf = (outcome: Exclude<DraftOutcome, ComposedDraft>, maxBytes: number): AppError => {
  switch (outcome.kind) {
    case 'no_attachment':
      return invalidField(
        `attachments.${outcome.position}.index`,
        'is the index of no attachment that the draft has now: read it again',
      )
    case 'partly_shown':
      return new AppError(
        'CONFLICT',
        `This draft has more in ${wireNames(outcome.fields).join(', ')} than is shown, and a change would lose the rest. Its source can be downloaded; write a new draft instead.`,
      )
    case 'too_large':
      return new AppError(
        'PAYLOAD_TOO_LARGE',
        `The draft would have ${outcome.size} bytes; a message has at most ${Math.floor(maxBytes / MIB)} MB. Remove attachments.`,
      )
    case 'header_too_large':
      return new AppError(
        'PAYLOAD_TOO_LARGE',
        'The addresses and other header fields are together more than a message may have. Remove some.',
      )
    case 'unreadable':
      return new AppError(
        'CONFLICT',
        `This draft cannot be changed: ${outcome.reason}. Its source can be downloaded; write a new draft instead.`,
      )
  }
}
