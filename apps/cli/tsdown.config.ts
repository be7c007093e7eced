import { globSync } from 'node:fs'
import { basename } from 'node:path'
import { defineConfig } from 'tsdown'

const root = new URL('../../', import.meta.url).pathname

/** Worker threads are files of their own: each `x.worker.ts` of a package the program contains becomes `dist/x.worker.js`. */
const workers = globSync('{apps/{cli,mta},packages/*}/src/**/*.worker.ts', { cwd: root })

/** Points `new URL('./x.worker.ts', import.meta.url)` at the built worker. */
const workerUrls = {
  name: 'worker-urls',
  transform: {
    filter: { code: '.worker.ts' },
    // No character moves, so the source map stays as it is.
    handler: (code: string) => ({
      code: code.replace(/(new URL\((['"`])\.\/[\w-]+\.worker)\.ts(\2, import\.meta\.url\))/g, '$1.js$3'),
      map: null,
    }),
  },
}

/** The program with everything it needs in `dist/`, but for modules that load native code. */
export default defineConfig({
  entry: {
    main: 'src/main.ts',
    ...Object.fromEntries(workers.map((file) => [basename(file, '.ts'), `${root}${file}`])),
  },
  format: 'esm',
  platform: 'node',
  target: 'node22.22',
  outDir: 'dist',
  outExtensions: () => ({ js: '.js' }),
  dts: false,
  sourcemap: true,
  report: false,
  // An import that cannot be resolved is only a warning to the bundler.
  failOnWarn: true,
  deps: {
    alwaysBundle: [/./],
    neverBundle: ['better-sqlite3', '@node-rs/argon2', 'pg-native'],
    onlyBundle: false,
  },
  plugins: [workerUrls],
})
