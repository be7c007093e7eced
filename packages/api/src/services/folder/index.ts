export { createFolder } from './create.ts'
export { getFolder } from './get.ts'
export { listFolders } from './list.ts'
export { removeFolder } from './remove.ts'
export {
  createFolderInput,
  folderIdInput,
  folderSchema,
  listFoldersInput,
  updateFolderInput,
  type FolderWire,
} from './schemas.ts'
export { updateFolder } from './update.ts'
