import type { Services } from '../services';

/** Shows every row of the Roles tree again. */
export function clearRolesFilter({ roles }: Services): void {
  roles.setFilter('');
}
