import { shortNames } from './short-names.ts'

const SETTINGS = new Set(shortNames.values())
const isSetting = (name: string): boolean => name.startsWith('MAIRUST_') || SETTINGS.has(name)

/**
 * Removes every setting from this process's environment and returns the original environment, for `loadConfig` now and at each
 * reload. Child processes then inherit no password or key.
 */
export function takeEnvironment(): NodeJS.ProcessEnv {
  const taken = { ...process.env }
  for (const name of Object.keys(taken)) if (isSetting(name)) Reflect.deleteProperty(process.env, name)
  return taken
}

/** Removes the first administrator's email and password from an environment. */
export function forgetBootstrapAdmin(env: NodeJS.ProcessEnv): void {
  Reflect.deleteProperty(env, 'MAIRUST_ADMIN_EMAIL')
  Reflect.deleteProperty(env, 'MAIRUST_ADMIN_PASSWORD')
}

/** What child processes need: variables of the system and of Node, and those that database and S3 drivers read by themselves. */
const FOR_CHILDREN =
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|NODE_(?!CHANNEL)\w+|SSL_CERT_(?:FILE|DIR)|UV_THREADPOOL_SIZE|PG\w+|AWS_\w+)$/i

/** The environment of child processes, which get their configuration by message. */
export function childEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => FOR_CHILDREN.test(name)))
}
