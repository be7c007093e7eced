import { packageTests } from '@mairust/vitest-config'

export default packageTests({ globalSetup: ['../db/src/testing/global-setup.ts'] })
