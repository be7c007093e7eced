import { fileURLToPath } from 'node:url'

import type { NextConfig } from 'next'
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js'
import createNextIntlPlugin from 'next-intl/plugin'

const withNextIntl = createNextIntlPlugin({
  requestConfig: './src/i18n/request.ts',
  // Texts are parsed by the build, so that browsers need no parser for them.
  experimental: { messages: { path: './src/messages', format: 'json', locales: 'infer', precompile: true } },
})
// No use of Next is ever reported, however it is started: it reads this variable after this file.
// eslint-disable-next-line no-restricted-syntax -- set here, not read
process.env['NEXT_TELEMETRY_DISABLED'] = '1'
const root = fileURLToPath(new URL('../..', import.meta.url))

export default function config(phase: string): NextConfig {
  return withNextIntl({
    output: 'standalone',
    outputFileTracingRoot: root,
    turbopack: { root },
    // Paths that are computed at run time make the tracer include the whole repository.
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
    // Native modules, and packages that load files of their own at run time, stay out of the bundle.
    serverExternalPackages: ['better-sqlite3', 'pg', '@node-rs/argon2', 'pino', 'prom-client', 'undici'],
    // `/img-proxy/` answers as it is: a redirect that drops the slash would cost a second request for each image.
    skipTrailingSlashRedirect: true,
    poweredByHeader: false,
    // The only images are our own small ones: no endpoint that resizes images for anybody who asks.
    images: { unoptimized: true },
    reactStrictMode: true,
    // Types are checked once for the whole repository, not again in each build.
    typescript: { ignoreBuildErrors: true },
    // Importing one component or icon does not load all of them.
    experimental: { optimizePackageImports: ['lucide-react', '@mairust/ui'] },
    // `*.dev.tsx` are pages for the development server only: the component gallery.
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
        // Pages for missing files under this path do not pass the proxy, which sets the policy of all other pages.
        {
          source: '/_next/:path*',
          headers: [{ key: 'Content-Security-Policy', value: "default-src 'none'; frame-ancestors 'none'" }],
        },
      ]),
  })
}
