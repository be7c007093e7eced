import { shortNames } from './short-names.ts'

const SETTINGS = new Set(shortNames.values())
const isSetting = (name: string): boolean => name.startsWith('MAIRUST_') || SETTINGS.has(name)

/**
 * Takes every setting out of this process's environment and returns the environment as it was, to be read by `loadConfig` now and
 * at each reload. What this process starts then inherits no password and no key.
 */
export function takeEnvironment(): NodeJS.ProcessEnv {
  const taken = { ...process.env }
  for (const name of Object.keys(taken)) if (isSetting(name)) Reflect.deleteProperty(process.env, name)
  return taken
}

/** Forgets the administrator's name and password in an environment that was read. */
export function forgetBootstrapAdmin(env: NodeJS.ProcessEnv): void {
  Reflect.deleteProperty(env, 'MAIRUST_ADMIN_EMAIL')
  Reflect.deleteProperty(env, 'MAIRUST_ADMIN_PASSWORD')
}

/** What a child of ours needs to run: the system's names, Node's own, and those by which database drivers find what no setting says. */
const FOR_CHILDREN =
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|NODE_(?!CHANNEL)\w+|SSL_CERT_(?:FILE|DIR)|UV_THREADPOOL_SIZE|PG\w+|AWS_\w+)$/i

/** The environment of child processes that are told their configuration by message. */
export function childEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => FOR_CHILDREN.test(name)))
}
