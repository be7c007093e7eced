import { softBreaks } from '@mairust/api/soft-breaks'
import { Fragment } from 'react'

/** Text of any length from other people, in which lines can break often enough to be shown at once. */
export function Breakable({ text }: { text: string }) {
  return softBreaks(text).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ))
}
