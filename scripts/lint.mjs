// `pnpm lint`: ESLint over the repository, in portions. It keeps the types of all it has read, which for everything at once is more
// than a process may hold.

import { spawnSync } from 'node:child_process'

/** Folders with their own portion; the last one takes all other files. */
const PORTIONS = [['packages/api'], ['apps/cli', 'apps/mta'], ['apps/web', 'packages/ui', 'packages/client', 'e2e']]
const others = ['.', ...PORTIONS.flat().flatMap((folder) => ['--ignore-pattern', `${folder}/**`])]

for (const portion of [...PORTIONS, others]) {
  const { status } = spawnSync('eslint', ['--max-warnings', '0', ...portion], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
