import { type Address, parseReversePath } from '../../address/index.ts'
import { readReturnPath, type ReturnPathSettings, type ReturnPathSubject } from '../../envelope/index.ts'
import type { ReturnedMail } from './types.ts'

/**
 * What returned mail is about, by the best proof that there is (O47).
 * - `return_path`: one of our signed return paths, within its life: only who had the message can know it.
 * - `envelope_id`, `message_id`: to be looked for among our messages. Anybody may have written them, so they may be shown, but suppress
 *   nobody.
 */
export type Tie =
  | { readonly by: 'return_path'; readonly subject: ReturnPathSubject }
  | { readonly by: 'envelope_id'; readonly envelopeId: string }
  | { readonly by: 'message_id'; readonly messageIds: readonly string[] }

/**
 * Ties returned mail to a message or delivery of ours; null when nothing does. A complaint comes to an address of its own, and is tied by
 * the return path of the message in it (O49).
 * @param to the address that it came to
 */
export function tieReturned(mail: ReturnedMail, to: Address, settings: ReturnPathSettings, now: Date): Tie | null {
  const named = mail.returnPaths.map(parseReversePath).map((path) => (path.ok ? path.value : null))
  for (const address of [to, ...named]) {
    const read = address === null ? null : readReturnPath(address, settings, now)
    if (read?.ok === true) return { by: 'return_path', subject: read.subject }
  }
  if (mail.envelopeId !== null) return { by: 'envelope_id', envelopeId: mail.envelopeId }
  return mail.messageIds.length > 0 ? { by: 'message_id', messageIds: mail.messageIds } : null
}
