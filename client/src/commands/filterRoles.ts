import type { Services } from '../services';

/** Asks for words, and shows only the rows of the Roles tree that hold them. */
export async function filterRoles({ roles }: Services): Promise<void> {
  await roles.askFilter();
}
