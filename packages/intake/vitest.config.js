import { packageTests } from '@mairust/vitest-config'

export default packageTests({ globalSetup: ['@mairust/db/testing/global-setup'] })
