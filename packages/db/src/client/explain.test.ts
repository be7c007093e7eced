import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatabaseBusyError, DatabaseOpenError, DatabaseUnavailableError } from './errors.ts'
import { opening } from './explain.ts'
import { openDatabase } from './open.ts'

const failing = (options: Parameters<typeof opening>[0], error: unknown) =>
  opening(options, () => Promise.reject(error as Error))
const coded = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code })

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mairust-explain-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('an unusable PostgreSQL', () => {
  const postgres = (url = 'postgres://ann:secret@db.example:6543/mail') => ({ backend: 'postgres', url }) as const

  it('that does not answer is reported with its address, the cause and the setting', async () => {
    const open = openDatabase(postgres('postgres://ann:secret@127.0.0.1:1/mail'), { migrate: true })
    await expect(open).rejects.toThrow(DatabaseUnavailableError)
    await expect(open).rejects.toThrow(
      'PostgreSQL at 127.0.0.1:1 is not responding (ECONNREFUSED); start it, or correct the address in database.url (DATABASE_URL)',
    )
  })

  it.each([
    ['28P01', 'PostgreSQL at db.example:6543 refused the user ann (x); correct the user or password in database.url'],
    ['57P03', 'takes no connections at the moment (x)'],
    ['53300', 'has no connection left (x); raise its max_connections'],
    ['42P07', 'has tables of another program in mail (x)'],
    ['25006', 'is read-only (x); set the primary server'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'has a certificate that is not trusted (x); add sslrootcert=FILE'],
    ['55000', 'refused to work (x); see its log'],
    ['3D000', 'has no database mail; create it (createdb mail), or set another one in database.url'],
    ['42501', 'does not allow the user ann to create tables (x); make that user the owner of mail'],
  ])('with %s is reported with a remedy, and never the password', async (code, message) => {
    const failed = failing(postgres(), coded(code))
    await expect(failed).rejects.toThrow(DatabaseOpenError)
    await expect(failed).rejects.toThrow(message)
    await expect(failed).rejects.not.toThrow('secret')
  })

  it.each([
    [
      'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string',
      'asks for the password of ann, and database.url',
    ],
    ['The server does not support SSL connections', 'does not offer TLS, which database.url (DATABASE_URL) asks for'],
    ["Hostname/IP does not match certificate's altnames", 'has a certificate that is not trusted (Hostname/IP'],
  ])('with the error %s is reported with a remedy', async (text, message) => {
    await expect(failing(postgres(), new Error(text))).rejects.toThrow(`PostgreSQL at db.example:6543 ${message}`)
  })

  it('that has no connection left, or is silent, can be retried', async () => {
    const full = new DatabaseUnavailableError('x', { cause: coded('53300', 'too many clients') })
    await expect(failing(postgres(), full)).rejects.toThrow(DatabaseUnavailableError)
    await expect(failing(postgres(), full)).rejects.toThrow('has no connection left (too many clients)')
    const silent = new DatabaseUnavailableError('x', { cause: new Error('timeout expired') })
    await expect(failing(postgres(), silent)).rejects.toThrow('is not responding (timeout expired)')
  })

  it('at a socket is reported with the folder of the socket', async () => {
    const url = 'postgres://ann@/mail?host=/run/postgresql'
    await expect(failing(postgres(url), coded('3D000'))).rejects.toThrow('PostgreSQL at /run/postgresql:5432 has no')
  })

  it('whose URL names an unreadable file is reported as such', async () => {
    const url = 'postgres://ann@127.0.0.1:1/mail?sslmode=verify-full&sslrootcert=/nowhere/ca.crt'
    await expect(openDatabase(postgres(url))).rejects.toThrow(
      /^database\.url \(DATABASE_URL\) names a file that cannot be read \(ENOENT.*ca\.crt/,
    )
  })

  it('with an invalid URL is reported as such', async () => {
    await expect(failing(postgres('postgres://ann@[/x'), new Error('Invalid URL'))).rejects.toThrow(
      'database.url (DATABASE_URL) is not a valid URL; use postgres://user:password@host:5432/name',
    )
  })
})

describe('an unusable SQLite file', () => {
  const sqlite = (path = '/data/mairust.db') => ({ backend: 'sqlite', path }) as const

  it.each([
    ['SQLITE_READONLY_DBMOVED', 'cannot be written to'],
    ['SQLITE_CANTOPEN', 'make the user that MaiRust runs as the owner of the file and its folder'],
    ['EACCES', 'cannot be written to'],
    [
      'SQLITE_FULL',
      'There is no disk space left for /data/mairust.db (SQLITE_FULL); free some space, or set database.path',
    ],
    ['SQLITE_IOERR_SHMSIZE', 'cannot be read or written (SQLITE_IOERR_SHMSIZE): its volume is full or failing'],
    ['SQLITE_CORRUPT', 'is damaged or is not an SQLite database (SQLITE_CORRUPT); restore it from a backup'],
  ])('with %s is reported with the setting and the remedy', async (code, message) => {
    await expect(failing(sqlite(), coded(code))).rejects.toThrow(message)
    await expect(failing(sqlite(), coded(code))).rejects.toThrow('/data/mairust.db')
  })

  it('that is not a database is reported as such', async () => {
    const path = join(folder, 'text.db')
    writeFileSync(path, 'a text that is long enough to be taken for a database, were it one. '.repeat(40))
    await expect(openDatabase(sqlite(path), { migrate: true })).rejects.toThrow(
      `${path} is damaged or is not an SQLite database`,
    )
  })

  it('that another process holds can be retried', async () => {
    const failed = failing(sqlite(), new DatabaseBusyError('the database was locked'))
    await expect(failed).rejects.toThrow(DatabaseBusyError)
    await expect(failed).rejects.toThrow('/data/mairust.db: the database was locked; stop that process')
  })

  it('with another error reports that error', async () => {
    await expect(failing(sqlite(), new Error('else'))).rejects.toThrow(/^else$/)
  })
})
