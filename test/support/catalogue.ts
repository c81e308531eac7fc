import { packIamData } from '../../scripts/iamData.mjs';
import { Catalogue } from '../../server/src/core/permissions/catalogue';

let packed: Catalogue | undefined;

/** AWS's actions as the build packs them. */
export function catalogue(): Catalogue {
  return (packed ??= new Catalogue(packIamData()));
}
