import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { withDatabases } from '@mairust/db/testing'
import openapiTS, { astToString } from 'openapi-typescript'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi } from '../../testing/api.ts'
import { makeWorld, type World } from '../../testing/world.ts'
import type { TestApi } from '../../testing/api.ts'
import { openApiDocument } from '../document.ts'

/** A program that uses the generated types as a developer would; it must compile under the strictest options. */
const PROGRAM = `
import createClient from 'openapi-fetch'
import type { components, paths } from './schema.ts'

export const run = async (fetch: (request: Request) => Promise<Response>, key: string, domainId: string) => {
  const client = createClient<paths>({
    baseUrl: 'http://localhost:8080/api/v1',
    headers: { authorization: 'Bearer ' + key, host: 'localhost:8080' },
    fetch,
  })
  const made = await client.POST('/tags', {
    body: { name: 'generated' },
    params: { header: { 'Idempotency-Key': 'one' } },
  })
  if (made.data === undefined) throw new Error(made.error.error.message)
  const tag: components['schemas']['Tag'] = made.data.data
  const { response } = await client.GET('/tags/{id}', { params: { path: { id: tag.id } } })
  const stale = await client.DELETE('/tags/{id}', {
    params: { path: { id: tag.id }, header: { 'If-Match': '"stale"' } },
  })
  const code: components['schemas']['ApiError']['error']['code'] | undefined = stale.error?.error.code
  const list = await client.GET('/messages', { params: { query: { limit: 1, has_attachments: true } } })
  const subjects: string[] = (list.data?.data ?? []).map((message) => message.subject)
  const looked = await client.POST('/domains/{id}/verification', { params: { path: { id: domainId } } })
  const verified: boolean | undefined = looked.data?.data.verified
  const when: string | null | undefined = list.data?.pagination.cursor
  return { color: tag.color, etag: response.headers.get('etag'), code, subjects, verified, when }
}
`

const STRICT: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noPropertyAccessFromIndexSignature: true,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
  allowImportingTsExtensions: true,
  noEmit: true,
}

withDatabases((get) => {
  describe('a client generated from the document', () => {
    let test: TestApi
    let world: World
    let folder: string
    beforeAll(async () => {
      test = makeTestApi(get())
      world = await makeWorld(test)
      // Inside the package, so that the program can import openapi-fetch.
      folder = await mkdtemp(join(import.meta.dirname, '../../../node_modules/.generated-'))
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))

    it('compiles strictly, and runs', async () => {
      const types = await openapiTS(JSON.stringify(openApiDocument()))
      await writeFile(join(folder, 'schema.ts'), astToString(types))
      await writeFile(join(folder, 'package.json'), '{"type":"module"}')
      await writeFile(join(folder, 'client.ts'), PROGRAM)
      const program = ts.createProgram([join(folder, 'client.ts')], STRICT)
      const faults = ts
        .getPreEmitDiagnostics(program)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
      expect(faults).toEqual([])
      const built = join(folder, 'client.mjs')
      await writeFile(
        built,
        ts.transpileModule(PROGRAM, { compilerOptions: { module: ts.ModuleKind.ESNext } }).outputText,
      )
      const { run } = (await import(pathToFileURL(built).href)) as {
        run: (fetch: (request: Request) => Promise<Response>, key: string, domainId: string) => Promise<unknown>
      }
      const answers = await run((request) => test.api.rest(request), world.adminKey, world.ids.domain)
      expect(answers).toEqual({
        color: '#64748b',
        etag: expect.stringMatching(/^"/) as string,
        code: 'PRECONDITION_FAILED',
        subjects: ['secret'],
        verified: expect.any(Boolean) as boolean,
        when: null,
      })
    }, 60_000)
  })
})
