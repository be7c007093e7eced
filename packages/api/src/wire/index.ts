import './reasons.ts'

export { decodeCursor, encodeCursor } from './cursor.ts'
export {
  changed,
  DEFAULT_LIMIT,
  deleted,
  deletedOutput,
  type IdOnly,
  listOutput,
  one,
  page,
  toPage,
  type Page,
} from './envelope.ts'
export { aliasAddress, anyAddress, domainName, mailAddress } from './names.ts'
export { parseInput, validationError, whole } from './parse.ts'
export { pageOf } from './whole-list.ts'
export {
  cursorTime,
  dayOrTime,
  id,
  label,
  queryBool,
  text,
  timestamp,
  wireBool,
  wireInt,
  wireTime,
  wireTimeOrNull,
} from './scalars.ts'
