export {
  arbitraryAddress,
  arbitraryChunks,
  arbitraryCleanBytes,
  arbitraryDataBytes,
  arbitraryDomain,
  arbitraryHostileText,
  arbitraryLocalPart,
} from './arbitraries.ts'
export { memoryDirectory } from './directory.ts'
export type { DirectoryContent } from './directory.ts'
export { fakeClock, fakeIds, fakeRandom, rawMessage } from './fixtures.ts'
export type { FakeClock } from './fixtures.ts'
export { requireKey } from './address.ts'
