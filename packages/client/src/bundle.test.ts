import { build } from 'esbuild'
import { expect, it } from 'vitest'

/** What of @trpc/server answers requests. Its client shares the rest with it: observables, proxies and codes. */
const SERVER = /initTRPC|createRouterFactory|createCallerFactory|resolveResponse|createProcedureCaller/
const MINE = /^(?:src|\.\.\/api\/src\/contract)\/[\w-]+\.ts$/
const TRPC = /\/@trpc\/(?:client|server)\/dist\/[\w-]+\.mjs$/

/** A bundle for browsers: its text, and the files that have a part in it. */
const bundle = async (contents: string) => {
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    absWorkingDir: `${import.meta.dirname}/..`,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    metafile: true,
    write: false,
    outfile: 'client.js',
    logLevel: 'silent',
  })
  const inputs = Object.entries(metafile.outputs['client.js']?.inputs ?? {})
  const files = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path)
  return { text: outputFiles[0]?.text ?? '', files: files.filter((file) => file !== '<stdin>') }
}

it('a bundle of the client holds the client, its contract and nothing of the server', async () => {
  const { text, files } = await bundle("export * from './index.ts'")
  expect(files).toContain('src/retry.ts')
  expect(files.filter((file) => !MINE.test(file) && !TRPC.test(file))).toEqual([])
  expect(text).not.toMatch(SERVER)
  expect(text.length).toBeLessThan(60_000)
  expect((await bundle("export { initTRPC } from '@trpc/server'")).text).toMatch(SERVER)
})
