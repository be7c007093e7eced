import { packageTests } from '@mairust/vitest-config'

export default packageTests({ environment: 'jsdom', setupFiles: ['src/testing/setup.ts'] })
