import { packageTests } from '@mairust/vitest-config'

export default packageTests({ globalSetup: ['./src/testing/global-setup.ts'] })
