import { networkSymptoms } from './network';
import { podIdentitySymptoms } from './podIdentity';
import { sdkSymptoms } from './sdk';
import { injectionSymptoms } from './injection';
import { permissionSymptoms } from './permissions';
import { chainSymptoms } from './roleChain';
import { tokenSymptoms } from './token';
import { trustSymptoms } from './trust';
import type { SymptomKind } from './kind';

export const symptoms = {
  ...trustSymptoms,
  ...tokenSymptoms,
  ...injectionSymptoms,
  ...sdkSymptoms,
  ...networkSymptoms,
  ...podIdentitySymptoms,
  ...permissionSymptoms,
  ...chainSymptoms,
};

export type SymptomId = keyof typeof symptoms;

export function symptomKind(id: SymptomId): SymptomKind {
  return symptoms[id];
}
