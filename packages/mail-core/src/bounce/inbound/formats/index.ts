import type { BounceFormat } from './format.ts'
import { GROUPWARE_FORMATS } from './groupware.ts'
import { PROVIDER_FORMATS } from './providers.ts'
import { SERVER_FORMATS } from './servers.ts'

export type { BounceFormat } from './format.ts'

/** Whom a bounce is from, in its words for itself. */
export const DAEMONS: readonly string[] = [
  'mailer.?daemon',
  'postmaster',
  'mail ?(?:delivery|system|administrator)',
  'mdaemon',
  'system administrator',
  '\\bbounces?@',
]

/** What a bounce of a make unknown to us says somewhere. */
const FAILED: readonly string[] = [
  'undeliver',
  'not (?:be |been |able to be )?delivered',
  '(?:couldn|wasn).t (?:be )?deliver',
  '(?:delivery|deliver) (?:has |to )?(?:\\S+ )?fail',
  'failed to deliver',
  'unable to deliver',
  'could not deliver',
  'could not be sent',
  'returned mail',
  'returned to sender',
  'failure notice',
  'delivery (?:error|status|problem|report)',
  'user unknown',
  'unknown user',
  'mailbox (?:is )?full',
  'unzustellbar',
  'nicht zugestellt',
  'non remis',
  'no se (?:ha )?(?:pudo|podido) entregar',
  'エラーメール',
  '退信',
]

/** The table of formats, in order: those that name themselves before those that sound like others. */
export const FORMATS: readonly BounceFormat[] = [
  ...GROUPWARE_FORMATS,
  ...PROVIDER_FORMATS,
  ...SERVER_FORMATS,
  { name: 'any', subject: FAILED },
  { name: 'any', from: DAEMONS, text: FAILED },
]

/** How many programs begin the copy of the message. Lines are compared without white space at their start. */
export const COPY_BEGINS: readonly string[] = [
  '--- below this line',
  '------ this is a copy',
  'this is a copy of',
  'below is a copy',
  'a copy of the original message',
  'original message follows',
  'original message headers',
  '-----original message',
  '----- original message',
  '--- original message',
  '----- message header',
  '----- unsent message',
  '----- forwarded message',
  '----- returned message',
  '--- header of',
  '--- the header',
  'content-type: message/rfc822',
  'received: from',
  'received: by',
  'return-path:',
  'message-id:',
]

/** How many programs say that they still try. */
export const STILL_TRIED: readonly string[] = [
  'will be retried',
  'will be attempted',
  'will continue to (?:be attempted|try|attempt|retry)',
  'still (?:trying|being retried|being tried)',
  'we will keep trying',
  'will keep trying',
  'warning message only',
  'do not need to re-?send',
  'is delayed for more than',
  'you do not have to resend',
  'has not yet been delivered',
  'delivery (?:has been|is|was) delayed',
  'delayed mail',
  '再送を(?:行|続|試)',
]
