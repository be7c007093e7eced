import { tenantScope } from '@mairust/db/queries/scope'
import type { Db } from '@mairust/db'
import type { ApiKeyRow } from '@mairust/db/queries/api-key'
import {
  isNarrowed,
  scopePermissions,
  uniteScopes,
  type AccessScope,
  type Actor,
  type Permission,
} from '../access/index.ts'
import { narrowScope } from './access-scope.ts'

/**
 * The permissions of a key: those of its scopes that its user and maker also have, each within the limits of its scope.
 * @param held the permissions of the key's user and maker
 * @param scope the scope of those permissions
 */
export const keyPermissions = async (
  db: Db,
  key: ApiKeyRow,
  held: ReadonlySet<Permission>,
  scope: AccessScope,
): Promise<Actor['permissions']> => {
  const granted = new Map<Permission, AccessScope>()
  for (const part of key.scopes) {
    const within = isNarrowed(part) ? await narrowScope(db, tenantScope(key.tenantId), scope, part) : scope
    for (const permission of scopePermissions(part, key.scopes)) {
      if (!held.has(permission)) continue
      const before = granted.get(permission)
      // The whole scope stays the same object, so that it can be told from a narrowed one.
      if (before === undefined || within === scope) granted.set(permission, within)
      else if (before !== scope) granted.set(permission, uniteScopes(before, within))
    }
  }
  return granted
}
