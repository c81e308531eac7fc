import { annotationKeyMisspelt } from './annotation-key-misspelt';
import { annotationMisplaced } from './annotation-misplaced';
import { annotationValueNotString } from './annotation-value-not-string';
import { annotationsNotAMap } from './annotations-not-a-map';
import { roleArnMalformed } from './role-arn-malformed';
import { skipContainersInvalid } from './skip-containers-invalid';
import { staticCredentials } from './static-credentials';
import { tokenExpirationInvalid } from './token-expiration-invalid';
import { unusedSuppression } from './unused-suppression';
import { webIdentityEnvByHand } from './web-identity-env-by-hand';
import type { Rule } from './rule';

/** Every rule, sorted by id: a line each here, a file each beside this one. */
export const allRules: readonly Rule[] = [
  annotationKeyMisspelt,
  annotationMisplaced,
  annotationValueNotString,
  annotationsNotAMap,
  roleArnMalformed,
  skipContainersInvalid,
  staticCredentials,
  tokenExpirationInvalid,
  unusedSuppression,
  webIdentityEnvByHand,
];
