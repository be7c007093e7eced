export { activateDkimKeys } from './activate.ts'
export { listDkimKeys } from './list.ts'
export { advanceDkimKeys, renewDkimKeys } from './maintain.ts'
export { rotateDkimKeys } from './rotate.ts'
