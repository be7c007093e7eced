import './reasons.ts'

export { changesNothing, type Columns } from './columns.ts'
export { decodeCursor, encodeCursor } from './cursor.ts'
export {
  DEFAULT_LIMIT,
  type IdOnly,
  listOutput,
  nothing,
  one,
  orIdOnly,
  page,
  type Removal,
  removalSchema,
  toPage,
  type Page,
} from './envelope.ts'
export { base64Text, bodyText, correspondent, extraHeader, messageIdText, newAttachment } from './mail.ts'
export { aliasAddress, anyAddress, domainName, mailAddress } from './names.ts'
export { parseInput, validationError, whole } from './parse.ts'
export { pageOf } from './whole-list.ts'
export {
  cursorTime,
  dayOrTime,
  exampleId,
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
export {
  ADDRESS,
  count,
  createdAt,
  EXAMPLE,
  flag,
  idOf,
  line,
  lineOrNull,
  NAME_SEARCH,
  time,
  timeOrNull,
  timeWords,
  wireId,
  word,
  type Words,
} from './words.ts'
