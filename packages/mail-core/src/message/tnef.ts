import { decodeBytes } from './charset.ts'
import { type Property, propertiesIn } from './tnef-properties.ts'

/** A file inside a TNEF stream, and where its content is in the stream. */
export type TnefFile = { name: string; contentType: string; contentId: string | null; start: number; end: number }

/** What a TNEF stream holds: text and HTML where there are any, and files. */
export type Tnef = { text: string | null; html: string | null; files: TnefFile[] }

/** MS-OXTNEF §2.1.3.1 */
const SIGNATURE = 0x223e9f78
/** Attributes (MS-OXTNEF §2.1.3.2): type and id in one number. */
const ATTRIBUTE = {
  body: 0x0002_800c,
  messageProperties: 0x0006_9003,
  codepage: 0x0006_9007,
  newFile: 0x0006_9002,
  title: 0x0001_8010,
  data: 0x0006_800f,
  fileProperties: 0x0006_9005,
}
/** MAPI properties (MS-OXPROPS). */
const PROPERTY = {
  body: 0x1000,
  html: 0x1013,
  data: 0x3701,
  shortName: 0x3704,
  longName: 0x3707,
  type: 0x370e,
  contentId: 0x3712,
}
/** An attribute's level, id and length precede it, and its checksum follows. */
const [BEFORE, AFTER] = [9, 2]

const emptyFile = (): TnefFile => ({ name: '', contentType: '', contentId: null, start: 0, end: 0 })

/**
 * Reads a TNEF stream (MS-OXTNEF), the `winmail.dat` in which Outlook and Exchange send files. Null when it is none. Formatted text in
 * RTF is left in it: a message has it as plain text too. Linear, never throws.
 *
 * @param limit most files.
 */
export function readTnef(bytes: Buffer, limit: number): Tnef | null {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== SIGNATURE) return null
  const found: Tnef = { text: null, html: null, files: [] }
  let codepage: string | null = null
  let file = emptyFile()
  for (let at = 6; at + BEFORE <= bytes.length;) {
    const id = bytes.readUInt32LE(at + 1)
    const [start, end] = [at + BEFORE, at + BEFORE + bytes.readUInt32LE(at + 5)]
    if (end > bytes.length) break
    at = end + AFTER
    const text = () => plainText(bytes, start, end, codepage)
    if (id === ATTRIBUTE.codepage && end - start >= 4) codepage = `windows-${bytes.readUInt32LE(start)}`
    else if (id === ATTRIBUTE.body) found.text ??= text()
    else if (id === ATTRIBUTE.title) file.name ||= text()
    else if (id === ATTRIBUTE.data) Object.assign(file, { start, end })
    else if (id === ATTRIBUTE.newFile) {
      if (found.files.length >= limit) break
      file = emptyFile()
      found.files.push(file)
    } else if (id === ATTRIBUTE.messageProperties) {
      for (const property of propertiesIn(bytes, start, end)) addBody(found, bytes, property, codepage)
    } else if (id === ATTRIBUTE.fileProperties) {
      for (const property of propertiesIn(bytes, start, end)) describeFile(file, bytes, property, codepage)
    }
  }
  return { ...found, files: found.files.filter((each) => each.end > each.start) }
}

function addBody(found: Tnef, bytes: Buffer, property: Property, codepage: string | null): void {
  if (property.id === PROPERTY.body) found.text = stringOf(bytes, property, codepage)
  else if (property.id === PROPERTY.html) found.html = stringOf(bytes, property, null)
}

function describeFile(file: TnefFile, bytes: Buffer, property: Property, codepage: string | null): void {
  const { id, start, end } = property
  if (id === PROPERTY.longName) file.name = stringOf(bytes, property, codepage)
  else if (id === PROPERTY.shortName) file.name ||= stringOf(bytes, property, codepage)
  else if (id === PROPERTY.type) file.contentType = stringOf(bytes, property, codepage).toLowerCase()
  else if (id === PROPERTY.contentId) file.contentId = stringOf(bytes, property, codepage).replaceAll(/[<>\s]/g, '')
  // Objects begin with the id of their interface; only plain bytes are a file.
  else if (id === PROPERTY.data && property.isBytes && file.end === 0) Object.assign(file, { start, end })
}

function stringOf(bytes: Buffer, { start, end, isUnicode }: Property, codepage: string | null): string {
  if (!isUnicode) return plainText(bytes, start, end, codepage)
  return bytes.toString('utf16le', start, end).replace(/\0.*$/s, '')
}

/** Ends at the first NUL. */
function plainText(bytes: Buffer, start: number, end: number, codepage: string | null): string {
  const nul = bytes.indexOf(0, start)
  return decodeBytes(bytes.subarray(start, nul === -1 ? end : Math.min(nul, end)), codepage)
}
