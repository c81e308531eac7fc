import type { PackedActions } from '../server/src/core/permissions/catalogue';

/** Types of iamData.mjs. */
export function packIamData(): PackedActions;
