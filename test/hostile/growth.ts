import { manifests } from './growthManifests';
import { policies } from './growthPolicies';
import { systems } from './growthSystems';
import type { Shape } from './growthShapes';

/** Every hostile workspace by its name, with the size at which it is tried. */
export const hostile: Readonly<Record<string, readonly [n: number, shape: Shape]>> = { ...manifests, ...policies, ...systems };
