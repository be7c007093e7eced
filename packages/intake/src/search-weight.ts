import type { MessageIndex } from '@mairust/mail-core/message'

/** How much work it is to write the search tokens of a message: their characters. */
export const searchWeight = ({ search }: MessageIndex): number =>
  Object.values(search).reduce((sum, tokens) => sum + tokens.length, 0)
