import type { Api } from '@mairust/api'

const API = Symbol.for('mairust.api')

/** Where this process has its API, for whoever must not load it: the bundler makes more than one program of our code. */
export const apiHolder = globalThis as unknown as { [API]: Promise<Api> | undefined }
export { API }
