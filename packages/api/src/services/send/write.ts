import { randomBytes, randomUUID } from 'node:crypto'
import type { SubmittedMessage, SubmitSource } from '@mairust/intake/drafts'
import { formatReply, type SmtpReply } from '@mairust/mail-core/smtp'
import { PoolBusyError } from '@mairust/worker-pool'
import type { ServiceContext } from '../../context.ts'
import { AppError, invalidField } from '../../errors.ts'

const MIB = 1_048_576

/** What the checks of mail refuse, in words for the author of a message. */
const REASONS: Partial<Record<string, string>> = {
  line_too_long:
    'has a line of more than 998 bytes (RFC 5322 section 2.1.1): encode the part as quoted-printable or base64, or fold the field',
  bare_cr: 'has a CR without LF: lines end with CRLF',
  nul: 'has a NUL byte: encode the part as base64',
}

/**
 * Writes a message as it is sent, in a worker thread.
 * @param field where its author finds what is wrong with it
 * @throws AppError VALIDATION_ERROR, CONFLICT for a draft that cannot be read, PAYLOAD_TOO_LARGE, UNAVAILABLE
 */
export const writeMessage = async (
  ctx: ServiceContext,
  source: SubmitSource,
  field: string,
): Promise<SubmittedMessage> => {
  const { actor } = ctx
  const { hostname } = ctx.config.server
  const maxBytes = ctx.maxMessageBytes()
  const result = await ctx.drafts
    .submit({
      author: `${actor.tenantId} ${actor.userId ?? actor.name}`,
      source,
      tools: {
        date: ctx.now(),
        messageId: `${randomUUID()}@${hostname}`,
        boundary: randomBytes(16).toString('hex'),
      },
      hostname,
      maxBytes,
    })
    .catch((cause: unknown) => {
      if (!(cause instanceof PoolBusyError)) throw cause
      throw new AppError('UNAVAILABLE', 'Too many messages are being sent. Try again.', { cause, retryAfter: 2 })
    })
  switch (result.kind) {
    case 'submitted':
      return result.message
    case 'refused':
      throw refusalOf(result, field, maxBytes)
    case 'too_large':
      throw tooLarge(maxBytes)
    case 'header_too_large':
      throw new AppError(
        'PAYLOAD_TOO_LARGE',
        'The addresses and other header fields are together more than a message may have. Remove some.',
      )
    case 'unreadable':
      throw new AppError('CONFLICT', `This message cannot be sent: ${result.reason}.`)
    case 'no_attachment':
    case 'partly_shown':
      throw new Error('Nothing of the message was changed')
  }
}

const refusalOf = (
  { reason, reply }: { reason: string; reply: SmtpReply },
  field: string,
  maxBytes: number,
): AppError =>
  reason === 'too_large' ? tooLarge(maxBytes) : invalidField(field, REASONS[reason] ?? formatReply(reply))

const tooLarge = (maxBytes: number): AppError =>
  new AppError('PAYLOAD_TOO_LARGE', `The message is too large: it may have at most ${Math.floor(maxBytes / MIB)} MB.`)
