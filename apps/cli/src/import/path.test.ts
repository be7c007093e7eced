import { expect, it } from 'vitest'
import { EXIT } from '../exit.ts'
import { pathError } from './path.ts'

// As root nothing is forbidden, so the system's errors are made here.
it.each([
  ['EACCES', '/box/cur/1 may not be read: its permissions forbid it', EXIT.failed],
  ['EPERM', '/box/cur/1 may not be read: its permissions forbid it', EXIT.failed],
  ['ENOENT', 'there is no file or folder /box/cur/1', EXIT.notFound],
  ['ENOTDIR', 'there is no file or folder /box/cur/1', EXIT.notFound],
  ['EIO', '/box/cur/1 cannot be read: EIO', EXIT.failed],
])('%s is said in plain words', (code, message, exitCode) => {
  const error = Object.assign(new Error(code), { code, path: '/box/cur/1' })
  expect(pathError('/box', error)).toMatchObject({ message, exitCode })
})
