import { promisify } from 'node:util'
import { gunzip, inflate, zstdDecompress } from 'node:zlib'
import { MAX_MESSAGE, TOO_LONG } from './source.ts'

/** Bytes searched for NUL, which mail does not contain. */
const LOOKED_AT = 1024

type Unpack = (bytes: Buffer) => Promise<Buffer>

const options = { maxOutputLength: MAX_MESSAGE }
const UNPACK: readonly { magic: string; unpack: Unpack }[] = [
  { magic: '1f8b', unpack: (bytes) => promisify<Buffer, typeof options, Buffer>(gunzip)(bytes, options) },
  { magic: '28b52ffd', unpack: (bytes) => promisify<Buffer, typeof options, Buffer>(zstdDecompress)(bytes, options) },
  { magic: '789c', unpack: (bytes) => promisify<Buffer, typeof options, Buffer>(inflate)(bytes, options) },
  { magic: '78da', unpack: (bytes) => promisify<Buffer, typeof options, Buffer>(inflate)(bytes, options) },
]

/** Formats of Dovecot's plugins that are not supported. */
const FOREIGN: readonly { magic: string; what: string }[] = [
  { magic: '425a68', what: 'packed with bzip2' },
  { magic: 'fd377a585a00', what: 'packed with xz' },
  { magic: Buffer.from('Dovecot-LZ4').toString('hex'), what: 'packed with LZ4' },
  { magic: '04224d18', what: 'packed with LZ4' },
  { magic: Buffer.from('CRYPTED').toString('hex'), what: 'encrypted' },
]

const problemOf = (error: unknown): string =>
  error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    ? TOO_LONG
    : 'it is packed, and damaged'

/** The message in a maildir file, decompressed if Dovecot's zlib plugin compressed it, or why it cannot be read. */
export async function unpackMail(bytes: Buffer): Promise<{ mail: Buffer } | { problem: string }> {
  const start = bytes.toString('hex', 0, 16)
  const foreign = FOREIGN.find(({ magic }) => start.startsWith(magic))
  if (foreign !== undefined) return { problem: `it is ${foreign.what}` }
  const packed = UNPACK.find(({ magic }) => start.startsWith(magic))
  const mail = packed === undefined ? bytes : await packed.unpack(bytes).catch(problemOf)
  if (typeof mail === 'string') return { problem: mail }
  if (mail.subarray(0, LOOKED_AT).includes(0)) return { problem: 'it is not a mail message' }
  return { mail }
}
