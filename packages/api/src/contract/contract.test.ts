import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { PASSWORD_LENGTH } from '@mairust/config'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { LIMITS } from './index.ts'

/** What a file imports when it runs: types are gone by then. */
const importsOf = (file: string): string[] => {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext, verbatimModuleSyntax: true }
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions })
  return ts.preProcessFile(outputText).importedFiles.map(({ fileName }) => fileName)
}

const reached = (file: string, seen = new Set<string>()): Set<string> => {
  for (const name of importsOf(file)) {
    const target = name.startsWith('.') ? resolve(dirname(file), name) : name
    if (seen.has(target)) continue
    seen.add(target)
    if (name.startsWith('.')) reached(target, seen)
  }
  return seen
}

it('the contract reaches no database, nor any other package, so that a browser can load it', () => {
  const files = [...reached(resolve(import.meta.dirname, 'index.ts'))]
  expect(files.length).toBeGreaterThan(2)
  expect(files.filter((file) => dirname(file) !== import.meta.dirname)).toEqual([])
})

it('the contract says what passwords the server takes', () => {
  expect(LIMITS.password).toEqual(PASSWORD_LENGTH)
})
