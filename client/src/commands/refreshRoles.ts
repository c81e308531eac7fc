import type { Services } from '../services';

/** Asks the server again for what the Roles tree and the Access Map show. */
export async function refreshRoles({ access }: Services): Promise<void> {
  await access.update(true);
}
