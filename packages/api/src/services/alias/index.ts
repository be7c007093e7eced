export { createAlias } from './create.ts'
export { getAlias } from './get.ts'
export { listAliases } from './list.ts'
export { removeAlias } from './remove.ts'
export {
  aliasIdInput,
  aliasSchema,
  createAliasInput,
  listAliasesInput,
  updateAliasInput,
  type AliasWire,
} from './schemas.ts'
export { updateAlias } from './update.ts'
