export { systemActor, userActor, type Actor } from './actor.ts'
export { PERMISSIONS, type Permission } from './permissions.ts'
export { accessScope, canSeeDomain, canSeeMailbox, requirePermission, requireRole } from './require.ts'
export { lowerRole, roleCovers, rolePermissions, rolesAbove } from './roles.ts'
export { isNarrowed, scopePermissions } from './scopes.ts'
export {
  emailDomain,
  intersectScopes,
  NOTHING,
  scopeHoldsUser,
  uniteScopes,
  WHOLE_TENANT,
  type AccessScope,
} from './scope.ts'
