import { randomUUID } from 'node:crypto'
import type { AnswerParts } from '../http/answer-parts.ts'
import { type Content, joinedContent, jsonContent, textContent } from '../http/content.ts'

/** The long answers to the calls of a request, which stay out of the text that tRPC makes of all of them in one piece. */
export interface LongAnswers {
  /**
   * Keeps the answer to a call if it is long.
   * @returns what tRPC writes in its place: a mark, or the answer itself
   * @throws AppError when there is no room for it
   */
  keep: (answer: unknown) => unknown
  /** The whole answer: tRPC's text, with what was kept in the places of the marks. */
  complete: (text: string) => Content
}

/** Makes the long answers of one request. */
export const createLongAnswers = (parts: AnswerParts): LongAnswers => {
  // Nobody can guess it, so no mail contains it.
  const mark = randomUUID()
  const kept: Content[] = []
  return {
    keep: (answer) => {
      const content = jsonContent(answer)
      if (parts.isSmall(content)) return answer
      parts.book(content)
      kept.push(content)
      return `${mark}:${kept.length - 1}`
    },
    complete: (text) =>
      joinedContent(
        // Every second piece is the number of a mark.
        text
          .split(new RegExp(`"${mark}:(\\d+)"`))
          .map((piece, at) => (at % 2 === 1 ? kept[Number(piece)] : undefined) ?? textContent(piece)),
      ),
  }
}
