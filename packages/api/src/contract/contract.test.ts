import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, resolve } from 'node:path'
import { PASSWORD_LENGTH } from '@mairust/config'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { LIMITS } from './index.ts'
import { createMailboxInput, listMessagesInput, tagName, updateAccountInput } from './schemas.ts'

/** What a file imports at run time, without types. */
const importsOf = (file: string): string[] => {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext, verbatimModuleSyntax: true }
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions })
  return ts.preProcessFile(outputText).importedFiles.map(({ fileName }) => fileName)
}

const targetOf = (name: string, file: string): string => {
  if (name.startsWith('.')) return resolve(dirname(file), name)
  return name.startsWith('@mairust/') ? createRequire(file).resolve(name) : name
}

/** Everything that a file imports, directly or not: our own files by path, packages by name. */
const reached = (file: string, seen = new Set<string>()): Set<string> => {
  for (const name of importsOf(file)) {
    const target = targetOf(name, file)
    if (seen.has(target)) continue
    seen.add(target)
    if (isAbsolute(target)) reached(target, seen)
  }
  return seen
}

it('the contract imports only constants, so that a browser can load it', () => {
  const files = [...reached(resolve(import.meta.dirname, 'index.ts'))]
  expect(files.length).toBeGreaterThan(2)
  expect(files.filter((file) => dirname(file) !== import.meta.dirname)).toEqual([
    expect.stringMatching(/\/mail-core\/src\/journey\/types\.ts$/),
  ])
})

it('its schemas import zod, but no database and nothing from Node', () => {
  const all = [...reached(resolve(import.meta.dirname, 'schemas.ts'))]
  expect(all).toContain(resolve(import.meta.dirname, '../services/message/schemas.ts'))
  expect(all.filter((name) => !isAbsolute(name)).sort()).toEqual(['ipaddr.js', 'zod'])
})

it('its schemas are those that the server uses', () => {
  expect(createMailboxInput.safeParse({ address: 'nobody' }).error?.issues).toMatchObject([
    { path: ['address'], message: 'must be an email address' },
  ])
  expect(listMessagesInput.safeParse({ limit: '101' }).error?.issues).toMatchObject([
    { message: 'must be at most 100' },
  ])
})

it('the contract states the password length that the server requires', () => {
  expect(LIMITS.password).toEqual(PASSWORD_LENGTH)
})

it('the contract states how long names may be', () => {
  const isTaken = (length: number) => updateAccountInput.safeParse({ name: 'x'.repeat(length) }).success
  expect([isTaken(LIMITS.name), isTaken(LIMITS.name + 1)]).toEqual([true, false])
  const isTag = (length: number) => tagName().safeParse('x'.repeat(length)).success
  expect([isTag(LIMITS.tagName), isTag(LIMITS.tagName + 1)]).toEqual([true, false])
})
