import { blobStoreCompliance } from './compliance.suite.ts'
import { memoryBlobStore } from './memory.ts'

blobStoreCompliance('memory', () => Promise.resolve(memoryBlobStore()))
