import { ConfigError } from '@mairust/config'
import { CommanderError } from 'commander'
import { expect, it } from 'vitest'
import { CliError, EXIT } from './exit.ts'
import { explainFailure } from './failure.ts'

const ofService = (code: string, details: { field: string; reason: string }[] = []): Error =>
  Object.assign(new Error('said by the service'), { name: 'AppError', code, details })

it.each<[unknown, number, string]>([
  [new CommanderError(0, 'commander.helpDisplayed', '(help)'), EXIT.done, ''],
  [new CommanderError(1, 'commander.unknownOption', 'unknown'), EXIT.usage, ''],
  [new CliError('not there', EXIT.notFound), EXIT.notFound, 'not there'],
  [
    new ConfigError([{ source: 'x.yaml:1', path: 'web.port', message: 'is wrong' }]),
    EXIT.failed,
    'x.yaml:1: web.port: is wrong',
  ],
  [ofService('NOT_FOUND'), EXIT.notFound, 'said by the service'],
  [ofService('CONFLICT'), EXIT.failed, 'said by the service'],
  [
    ofService('VALIDATION_ERROR', [{ field: 'email', reason: 'must be an address' }]),
    EXIT.usage,
    'email: must be an address',
  ],
  [
    Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }),
    EXIT.failed,
    'no space left for the data (database or disk is full); free some and repeat this',
  ],
  [
    Object.assign(new Error('the blob store is full'), { name: 'BlobStoreFullError' }),
    EXIT.failed,
    'no space left for the data (the blob store is full); free some and repeat this',
  ],
  [
    Object.assign(new Error('EACCES: no'), { code: 'EACCES', syscall: 'open', path: '/data/x' }),
    EXIT.failed,
    '/data/x cannot be used (EACCES: no); it must exist, and belong to the user that MaiRust runs as',
  ],
  [new Error('the disk is full'), EXIT.failed, 'the disk is full'],
  ['text', EXIT.failed, 'text'],
])('%s ends with status %i', (error, exitCode, message) => expect(explainFailure(error)).toEqual({ exitCode, message }))

it('shows the stack of a bug', () => {
  expect(explainFailure(new TypeError('x is not a function')).message).toContain('failure.test.ts')
})
