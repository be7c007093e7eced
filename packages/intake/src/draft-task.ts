import type { MessageIndex } from '@mairust/mail-core/message'
import {
  type ComposeTools,
  type EditedMessage,
  editMessage,
  type MessageChanges,
} from '@mairust/mail-core/message/compose'
import { indexBytes } from './index-bytes.ts'
import { Thinner } from './thin.ts'

/** A file of a draft: a new one, with its content as base64, or the index of one that the draft has. */
export type DraftAttachment =
  | {
      readonly filename: string
      readonly contentType: string
      readonly content: string
      readonly contentId: string | null
      readonly inline: boolean
    }
  | number

/** What is changed of a draft; everything else stays. */
export type DraftChanges = Omit<MessageChanges, 'attachments'> & {
  attachments?: readonly DraftAttachment[] | undefined
}

/** The worker's input. `base` is the draft as it is stored; empty for a new one. */
export interface DraftTask {
  readonly base: Uint8Array
  readonly changes: DraftChanges
  readonly tools: ComposeTools
  /** Most bytes that it may have. */
  readonly maxBytes: number
}

/** The worker's answer: the draft as it is to be stored, with its index, or why there is none. */
export type DraftResult =
  | { readonly kind: 'edited'; readonly bytes: Uint8Array; readonly joins: boolean; readonly index: MessageIndex }
  | Exclude<EditedMessage, { kind: 'edited' }>

/** Writes a draft, new or changed. */
export async function draftTask({ base, changes, tools, maxBytes }: DraftTask): Promise<DraftResult> {
  const { attachments, ...others } = changes
  const files = attachments?.map((file) =>
    typeof file === 'number' ? file : { ...file, content: Buffer.from(file.content, 'base64') },
  )
  const raw = Buffer.from(base.buffer, base.byteOffset, base.byteLength)
  const edited = await editMessage(raw, { ...others, attachments: files }, tools, maxBytes)
  if (edited.kind !== 'edited') return edited
  if (edited.bytes.length > maxBytes) return { kind: 'too_large', size: edited.bytes.length }
  const thinner = new Thinner()
  thinner.take(edited.bytes)
  return { ...edited, index: indexBytes(thinner.end()) }
}
