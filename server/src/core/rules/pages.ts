import { doc as actionMismatch } from './action-mismatch';
import { doc as agentNotInstalled } from './agent-not-installed';
import { doc as annotationKeyMisspelt } from './annotation-key-misspelt';
import { doc as annotationMisplaced } from './annotation-misplaced';
import { doc as annotationNotRead } from './annotation-not-read';
import { doc as annotationValueNotString } from './annotation-value-not-string';
import { doc as annotationsNotAMap } from './annotations-not-a-map';
import { doc as associationDuplicate } from './association-duplicate';
import { doc as associationHidesAnnotation } from './association-hides-annotation';
import { doc as associationMissing } from './association-missing';
import { doc as associationNameInvalid } from './association-name-invalid';
import { doc as associationPolicyInvalid } from './association-policy-invalid';
import { doc as associationRoleMismatch } from './association-role-mismatch';
import { doc as assumedRoleMismatch } from './assumed-role-mismatch';
import { doc as audienceConditionMissing } from './audience-condition-missing';
import { doc as audienceMismatch } from './audience-mismatch';
import { doc as cloudformationNotSubstituted } from './cloudformation-not-substituted';
import { doc as conditionAlwaysMatches } from './condition-always-matches';
import { doc as conditionKeyIssuerMismatch } from './condition-key-issuer-mismatch';
import { doc as conditionKeyMalformed } from './condition-key-malformed';
import { doc as conditionNeverMatches } from './condition-never-matches';
import { doc as issuerWithoutCluster } from './issuer-without-cluster';
import { doc as operatorIdentityMismatch } from './operator-identity-mismatch';
import { doc as partitionMismatch } from './partition-mismatch';
import { doc as podIdentityActionMissing } from './pod-identity-action-missing';
import { doc as podIdentitySourceUnrestricted } from './pod-identity-source-unrestricted';
import { doc as podIdentityUnsupported } from './pod-identity-unsupported';
import { doc as podOlderThanWiring } from './pod-older-than-wiring';
import { doc as policyMalformed } from './policy-malformed';
import { doc as policyTooLong } from './policy-too-long';
import { doc as providerAudienceMissing } from './provider-audience-missing';
import { doc as providerInOtherAccount } from './provider-in-other-account';
import { doc as providerMalformed } from './provider-malformed';
import { doc as providerNotRegistered } from './provider-not-registered';
import { doc as proxyWithoutException } from './proxy-without-exception';
import { doc as roleAdmitsNoAccount } from './role-admits-no-account';
import { doc as roleArnMalformed } from './role-arn-malformed';
import { doc as roleInOtherAccount } from './role-in-other-account';
import { doc as roleNameMisspelt } from './role-name-misspelt';
import { doc as roleNotFound } from './role-not-found';
import { doc as serviceAccountElsewhere } from './service-account-elsewhere';
import { doc as sessionTagsDisabled } from './session-tags-disabled';
import { doc as skipContainersInvalid } from './skip-containers-invalid';
import { doc as staticCredentials } from './static-credentials';
import { doc as subjectConditionMissing } from './subject-condition-missing';
import { doc as subjectMalformed } from './subject-malformed';
import { doc as subjectMismatch } from './subject-mismatch';
import { doc as subjectTooWide } from './subject-too-wide';
import { doc as subjectUnderAudienceKey } from './subject-under-audience-key';
import { doc as targetRoleMismatch } from './target-role-mismatch';
import { doc as terraformIssuerScheme } from './terraform-issuer-scheme';
import { doc as tokenExpirationInvalid } from './token-expiration-invalid';
import { doc as unusedSuppression } from './unused-suppression';
import { doc as webIdentityEnvByHand } from './web-identity-env-by-hand';
import { doc as wildcardUnderStringEquals } from './wildcard-under-string-equals';

/**
 * The text of every rule's page, by the rule's id: Markdown that first says what the rule finds; then `## Why` (with the error
 * that the pod sees), `## Wrong` and `## Right` (an example each), `## When to turn it off`. Title, id, level and source are
 * added by scripts/docs.mjs. Apart from the rules, because only the command line prints it: the server's bundle is without it.
 */
export const pages: Readonly<Record<string, string>> = {
  'action-mismatch': actionMismatch,
  'agent-not-installed': agentNotInstalled,
  'annotation-key-misspelt': annotationKeyMisspelt,
  'annotation-misplaced': annotationMisplaced,
  'annotation-not-read': annotationNotRead,
  'annotation-value-not-string': annotationValueNotString,
  'annotations-not-a-map': annotationsNotAMap,
  'association-duplicate': associationDuplicate,
  'association-hides-annotation': associationHidesAnnotation,
  'association-missing': associationMissing,
  'association-name-invalid': associationNameInvalid,
  'association-policy-invalid': associationPolicyInvalid,
  'association-role-mismatch': associationRoleMismatch,
  'assumed-role-mismatch': assumedRoleMismatch,
  'audience-condition-missing': audienceConditionMissing,
  'audience-mismatch': audienceMismatch,
  'cloudformation-not-substituted': cloudformationNotSubstituted,
  'condition-always-matches': conditionAlwaysMatches,
  'condition-key-issuer-mismatch': conditionKeyIssuerMismatch,
  'condition-key-malformed': conditionKeyMalformed,
  'condition-never-matches': conditionNeverMatches,
  'issuer-without-cluster': issuerWithoutCluster,
  'operator-identity-mismatch': operatorIdentityMismatch,
  'partition-mismatch': partitionMismatch,
  'pod-identity-action-missing': podIdentityActionMissing,
  'pod-identity-source-unrestricted': podIdentitySourceUnrestricted,
  'pod-identity-unsupported': podIdentityUnsupported,
  'pod-older-than-wiring': podOlderThanWiring,
  'policy-malformed': policyMalformed,
  'policy-too-long': policyTooLong,
  'provider-audience-missing': providerAudienceMissing,
  'provider-in-other-account': providerInOtherAccount,
  'provider-malformed': providerMalformed,
  'provider-not-registered': providerNotRegistered,
  'proxy-without-exception': proxyWithoutException,
  'role-admits-no-account': roleAdmitsNoAccount,
  'role-arn-malformed': roleArnMalformed,
  'role-in-other-account': roleInOtherAccount,
  'role-name-misspelt': roleNameMisspelt,
  'role-not-found': roleNotFound,
  'service-account-elsewhere': serviceAccountElsewhere,
  'session-tags-disabled': sessionTagsDisabled,
  'skip-containers-invalid': skipContainersInvalid,
  'static-credentials': staticCredentials,
  'subject-condition-missing': subjectConditionMissing,
  'subject-malformed': subjectMalformed,
  'subject-mismatch': subjectMismatch,
  'subject-too-wide': subjectTooWide,
  'subject-under-audience-key': subjectUnderAudienceKey,
  'target-role-mismatch': targetRoleMismatch,
  'terraform-issuer-scheme': terraformIssuerScheme,
  'token-expiration-invalid': tokenExpirationInvalid,
  'unused-suppression': unusedSuppression,
  'web-identity-env-by-hand': webIdentityEnvByHand,
  'wildcard-under-string-equals': wildcardUnderStringEquals,
};
