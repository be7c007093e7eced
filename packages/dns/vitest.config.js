import { packageTests } from '@mairust/vitest-config'

export default packageTests()
