import { isAscii } from 'node:buffer'
import type { Address } from '@mairust/mail-core/address'
import { rawValue, readAddresses, splitHeaders, unfold } from '@mairust/mail-core/header'
import { evaluateData } from '@mairust/mail-core/inbound'
import { type MessageIndex, TRACE_STAND_IN } from '@mairust/mail-core/message'
import type { ComposeTools, EditedMessage } from '@mairust/mail-core/message/compose'
import { LineGuard } from '@mairust/mail-core/smtp'
import { type DraftChanges, draftTask } from './draft-task.ts'
import { indexBytes } from './index-bytes.ts'
import { joined, type Part } from './part.ts'
import { MAX_SUBMITTED_LINE, type PreparedSubmission, prepareSubmission, type SubmissionRefusal } from './submission.ts'
import { Thinner } from './thin.ts'

/** A message that is sent: what an author writes, a draft as it is stored, or all its bytes. */
export type SubmitSource =
  { readonly changes: DraftChanges } | { readonly draft: Uint8Array } | { readonly bytes: Uint8Array }

/** The worker's input. */
export interface SubmitTask {
  readonly source: SubmitSource
  readonly tools: ComposeTools
  /** Our host name. */
  readonly hostname: string
  /** Most bytes that it may have. */
  readonly maxBytes: number
}

/** Whom the header names, by its fields; null for a field that cannot be read. */
export type Addressed = Readonly<Record<'to' | 'cc' | 'bcc', readonly Address[] | null>>

/** A message as it goes out: complete, and without its Bcc. */
export interface SubmittedMessage {
  /** With the empty line. */
  readonly header: Uint8Array
  readonly body: Uint8Array
  /** The Bcc fields, for the sender's own copy. */
  readonly blind: Uint8Array
  /** All whom it names as author or sender, the author first. Whether the user is they is not checked yet. */
  readonly authors: readonly [Address, ...Address[]]
  readonly addressed: Addressed
  readonly eightBit: boolean
  /** Whether its header has other characters than ASCII (RFC 6532). */
  readonly utf8Header: boolean
  /** As a recipient's copy is read, and the sender's. */
  readonly index: MessageIndex
  readonly ownIndex: MessageIndex
}

/** The worker's answer. */
export type SubmitResult =
  | { readonly kind: 'submitted'; readonly message: SubmittedMessage }
  | ({ readonly kind: 'refused' } & SubmissionRefusal)
  | Exclude<EditedMessage, { kind: 'edited' }>

/** Writes what is sent, and completes its header, through the same checks as mail that is submitted over SMTP. */
export async function submitTask({ source, tools, hostname, maxBytes }: SubmitTask): Promise<SubmitResult> {
  const written =
    'bytes' in source
      ? ({ kind: 'edited', bytes: source.bytes } as const)
      : await draftTask({
          base: 'draft' in source ? source.draft : new Uint8Array(),
          changes: 'changes' in source ? source.changes : {},
          tools,
          maxBytes,
        })
  if (written.kind !== 'edited') return written
  const { buffer, byteOffset, byteLength } = written.bytes
  const guard = new LineGuard({ mode: 'normalise', maxLine: MAX_SUBMITTED_LINE, maxSize: maxBytes, hostname })
  const body = guard.write(Buffer.from(buffer, byteOffset, byteLength))
  const facts = guard.end()
  const decision = evaluateData({ data: facts, authenticated: true })
  if (decision.kind === 'refuse') return refused(decision)
  const authors: Address[] = []
  const prepared = await prepareSubmission(
    { body, headerSize: facts.headerSize ?? facts.size },
    {
      hostname,
      now: tools.date,
      newMessageId: () => tools.messageId,
      // The caller asks the directory; this thread has none.
      owns: (author) => {
        authors.push(author)
        return Promise.resolve(true)
      },
    },
  )
  if ('reply' in prepared) return refused(prepared)
  return { kind: 'submitted', message: messageOf(prepared, authors, facts.eightBit) }
}

const refused = ({ reply, reason }: SubmissionRefusal) => ({ kind: 'refused', reply, reason }) as const

function messageOf(
  { unsigned, blind: fields }: Exclude<PreparedSubmission, SubmissionRefusal>,
  [author, ...others]: readonly Address[],
  eightBit: boolean,
): SubmittedMessage {
  if (unsigned === null || author === undefined) throw new Error('A submission has an author')
  const [header, body, blind] = [unsigned.header, bytesOf(unsigned.body), Buffer.concat(fields)]
  return {
    header,
    body,
    blind,
    authors: [author, ...others],
    addressed: addressedIn(Buffer.concat([blind, header])),
    eightBit,
    utf8Header: !isAscii(header),
    index: indexOf([TRACE_STAND_IN, header, body]),
    ownIndex: indexOf([blind, header, body]),
  }
}

function bytesOf(part: Part): Buffer {
  const bytes = joined([part])
  if (!Buffer.isBuffer(bytes)) throw new Error('A submission is in memory')
  return bytes
}

function indexOf(parts: readonly Buffer[]): MessageIndex {
  const thinner = new Thinner()
  for (const part of parts) thinner.take(part)
  return indexBytes(thinner.end())
}

function addressedIn(header: Buffer): Addressed {
  const { fields } = splitHeaders(header, 0, header.length, { headerBytes: header.length, headerFields: Infinity })
  const read = (name: string): readonly Address[] | null => {
    const found = fields.filter((field) => field.name.toLowerCase() === name)
    try {
      const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      const lists = found.map((field) => readAddresses(unfold(decoder.decode(rawValue(field)))))
      return lists.every((list) => list !== null) ? lists.flat() : null
    } catch {
      return null
    }
  }
  return { to: read('to'), cc: read('cc'), bcc: read('bcc') }
}
