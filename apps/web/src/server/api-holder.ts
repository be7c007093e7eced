import type { Api } from '@mairust/api'

const API = Symbol.for('mairust.api')

/** Holds the API of this process globally: the bundler builds several programs from our code, and not all may load the API. */
export const apiHolder = globalThis as unknown as { [API]: Promise<Api> | undefined }
export { API }
