import { build } from 'esbuild'
import { expect, it } from 'vitest'

/** The parts of @trpc/server that answer requests. @trpc/client imports others: observables, proxies and codes. */
const SERVER = /initTRPC|createRouterFactory|createCallerFactory|resolveResponse|createProcedureCaller/
const OURS = /^(?:src|\.\.\/api\/src\/contract)\/[\w-]+\.ts$/
const TRPC = /\/@trpc\/(?:client|server)\/dist\/[\w-]+\.mjs$/

/** Bundles a module for browsers; returns the bundle's text and the files that contribute to it. */
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

it('a bundle contains the client and the contract, but no server code', async () => {
  const { text, files } = await bundle("export * from './index.ts'")
  expect(files).toContain('src/retry.ts')
  expect(files.filter((file) => !OURS.test(file) && !TRPC.test(file))).toEqual([])
  expect(text).not.toMatch(SERVER)
  expect(text.length).toBeLessThan(60_000)
  expect((await bundle("export { initTRPC } from '@trpc/server'")).text).toMatch(SERVER)
})
