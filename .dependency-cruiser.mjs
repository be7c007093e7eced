// The arrows of ARCHITECTURE.md. Whatever is not listed there is forbidden here.
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: '(\\.test\\.tsx?$|/test/|/testing/|\\.config\\.)' },
  to: { path: '^(packages|apps|plugins|e2e|bench)/', pathNot: [`^${from}/`, ...allowed.map((path) => `^${path}`)] },
})

export default {
  forbidden: [
    only('config-stands-alone', 'packages/config', []),
    only('worker-pool-stands-alone', 'packages/worker-pool', []),
    only('log-stands-alone', 'packages/log', []),
    only('mail-core-is-pure', 'packages/mail-core', []),
    only('ui-knows-no-product', 'packages/ui', []),
    only('db-imports', 'packages/db', ['packages/mail-core', 'packages/worker-pool', 'packages/config']),
    only('intake-imports', 'packages/intake', [
      'packages/db',
      'packages/mail-core',
      'packages/config',
      'packages/log',
      'packages/worker-pool',
    ]),
    only('api-imports', 'packages/api', [
      'packages/intake',
      'packages/db',
      'packages/mail-core',
      'packages/config',
      'packages/log',
      'packages/worker-pool',
    ]),
    only('client-imports', 'packages/client', ['packages/api/src/contract/index', 'packages/api/src/trpc/root']),
    {
      name: 'client-knows-the-router-as-a-type',
      severity: 'error',
      from: { path: '^packages/client/' },
      to: { path: '^packages/api/src/trpc/', dependencyTypesNot: ['type-only'] },
    },
    only('web-imports', 'apps/web', ['packages/ui', 'packages/api', 'packages/config']),
    only('mta-imports', 'apps/mta', [
      'packages/api/src/services',
      'packages/intake',
      'packages/db',
      'packages/mail-core',
      'packages/config',
      'packages/log',
    ]),
    only('cli-imports', 'apps/cli', [
      'apps/mta',
      'packages/api/src/services',
      'packages/intake',
      'packages/db',
      'packages/mail-core',
      'packages/log',
      'packages/config',
    ]),
    {
      name: 'mail-core-no-io',
      severity: 'error',
      from: { path: '^packages/mail-core/src', pathNot: '(\\.test\\.ts$|/testing/)' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(buffer|crypto|url|util|punycode)$' },
    },
    {
      name: 'services-know-no-transport',
      severity: 'error',
      from: { path: '^packages/api/src/services' },
      to: { path: '(@trpc/|/next/|^packages/api/src/(trpc|rest|routers)/)' },
    },
    {
      name: 'smtp-server-in-adapter-only',
      severity: 'error',
      from: { path: '^(apps|packages)/', pathNot: '^apps/mta/src/smtp/adapter/|\\.test\\.ts$' },
      to: { path: 'node_modules/smtp-server/' },
    },
    {
      name: 'no-drizzle-in-apps',
      severity: 'error',
      from: { path: '^(apps|packages/(ui|mail-core|config|intake))/' },
      to: { path: 'node_modules/drizzle-orm/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    { name: 'no-orphan-imports', severity: 'error', from: {}, to: { couldNotResolve: true, path: '^@mairust/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|/\\.next/|/coverage/)' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
}
