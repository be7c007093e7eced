import { expect, it } from 'vitest'
import { EXIT } from '../exit.ts'
import { pathError } from './path.ts'

// Root may read everything, so the errors are constructed.
it.each([
  ['EACCES', '/box/cur/1 cannot be read: permission denied', EXIT.failed],
  ['EPERM', '/box/cur/1 cannot be read: permission denied', EXIT.failed],
  ['ENOENT', 'there is no file or folder /box/cur/1', EXIT.notFound],
  ['ENOTDIR', 'there is no file or folder /box/cur/1', EXIT.notFound],
  ['EIO', '/box/cur/1 cannot be read: EIO', EXIT.failed],
])('%s is explained in plain words', (code, message, exitCode) => {
  const error = Object.assign(new Error(code), { code, path: '/box/cur/1' })
  expect(pathError('/box', error)).toMatchObject({ message, exitCode })
})
