import type { Services } from '../services';

/** Opens the drawn map of which workloads run as which service accounts, and which roles they can assume. */
export async function showAccessMap({ map }: Services): Promise<void> {
  await map.open();
}
