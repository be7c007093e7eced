import { fileURLToPath } from 'node:url'

import type { NextConfig } from 'next'
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js'
import createNextIntlPlugin from 'next-intl/plugin'

const withNextIntl = createNextIntlPlugin({
  requestConfig: './src/i18n/request.ts',
  // Texts are parsed when they are built, so that browsers need no parser for them.
  experimental: { messages: { path: './src/messages', format: 'json', locales: 'infer', precompile: true } },
})
// Nobody's use of Next is reported, however it was started: it asks for this after it has read this file.
// eslint-disable-next-line no-restricted-syntax -- nothing is read from the environment
process.env['NEXT_TELEMETRY_DISABLED'] = '1'
const root = fileURLToPath(new URL('../..', import.meta.url))

export default function config(phase: string): NextConfig {
  return withNextIntl({
    output: 'standalone',
    outputFileTracingRoot: root,
    turbopack: { root },
    // File names that are made at run time make the tracer take in the whole repository.
    outputFileTracingExcludes: {
      '/**': [
        'src/**',
        'scripts/**',
        'data/**',
        '*.{ts,mjs,tsbuildinfo}',
        'vitest.config.js',
        '../../{data,docs,bench,e2e}/**',
      ],
    },
    // Native modules and what loads its own files at run time stay outside the bundle.
    serverExternalPackages: ['better-sqlite3', 'pg', '@node-rs/argon2', 'pino', 'prom-client', 'undici'],
    // `/img-proxy/` answers by its own name: a redirect to the one without the slash costs each picture a second request.
    skipTrailingSlashRedirect: true,
    poweredByHeader: false,
    // Pictures are ours and small already: no program that resizes them at whoever's wish.
    images: { unoptimized: true },
    reactStrictMode: true,
    // Types and lint are checked once for the whole repository, not again in each build.
    typescript: { ignoreBuildErrors: true },
    // Bodies are limited while they are read, by the API itself.
    experimental: { optimizePackageImports: ['lucide-react', '@mairust/ui'] },
    // `*.dev.tsx` are pages of the development server only: the gallery of components.
    pageExtensions: phase === PHASE_DEVELOPMENT_SERVER ? ['tsx', 'ts', 'dev.tsx'] : ['tsx', 'ts'],
    headers: () =>
      Promise.resolve([
        {
          source: '/(.*)',
          headers: [
            { key: 'X-Content-Type-Options', value: 'nosniff' },
            { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
            { key: 'Referrer-Policy', value: 'no-referrer' },
          ],
        },
        // The one place where pages, those for files that are not there, do not get their policy from the proxy.
        {
          source: '/_next/:path*',
          headers: [{ key: 'Content-Security-Policy', value: "default-src 'none'; frame-ancestors 'none'" }],
        },
      ]),
  })
}
