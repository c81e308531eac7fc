import { annotationKeyMisspelt } from './annotation-key-misspelt';
import { annotationMisplaced } from './annotation-misplaced';
import { annotationValueNotString } from './annotation-value-not-string';
import { annotationsNotAMap } from './annotations-not-a-map';
import { roleAdmitsNoAccount } from './role-admits-no-account';
import { roleArnMalformed } from './role-arn-malformed';
import { serviceAccountElsewhere } from './service-account-elsewhere';
import { skipContainersInvalid } from './skip-containers-invalid';
import { staticCredentials } from './static-credentials';
import { subjectMismatch } from './subject-mismatch';
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
  roleAdmitsNoAccount,
  roleArnMalformed,
  serviceAccountElsewhere,
  skipContainersInvalid,
  staticCredentials,
  subjectMismatch,
  tokenExpirationInvalid,
  unusedSuppression,
  webIdentityEnvByHand,
];
