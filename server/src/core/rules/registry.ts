import { actionMismatch } from './action-mismatch';
import { agentNotInstalled } from './agent-not-installed';
import { annotationKeyMisspelt } from './annotation-key-misspelt';
import { annotationMisplaced } from './annotation-misplaced';
import { annotationNotRead } from './annotation-not-read';
import { annotationValueNotString } from './annotation-value-not-string';
import { annotationsNotAMap } from './annotations-not-a-map';
import { associationDuplicate } from './association-duplicate';
import { associationHidesAnnotation } from './association-hides-annotation';
import { associationMissing } from './association-missing';
import { associationNameInvalid } from './association-name-invalid';
import { associationPolicyInvalid } from './association-policy-invalid';
import { associationRoleMismatch } from './association-role-mismatch';
import { assumedRoleMismatch } from './assumed-role-mismatch';
import { audienceConditionMissing } from './audience-condition-missing';
import { audienceMismatch } from './audience-mismatch';
import { cloudformationNotSubstituted } from './cloudformation-not-substituted';
import { conditionAlwaysMatches } from './condition-always-matches';
import { conditionKeyIssuerMismatch } from './condition-key-issuer-mismatch';
import { conditionKeyMalformed } from './condition-key-malformed';
import { conditionNeverMatches } from './condition-never-matches';
import { issuerWithoutCluster } from './issuer-without-cluster';
import { operatorIdentityMismatch } from './operator-identity-mismatch';
import { partitionMismatch } from './partition-mismatch';
import { podIdentityActionMissing } from './pod-identity-action-missing';
import { podIdentitySourceUnrestricted } from './pod-identity-source-unrestricted';
import { podIdentityUnsupported } from './pod-identity-unsupported';
import { podOlderThanWiring } from './pod-older-than-wiring';
import { policyMalformed } from './policy-malformed';
import { policyTooLong } from './policy-too-long';
import { providerAudienceMissing } from './provider-audience-missing';
import { providerInOtherAccount } from './provider-in-other-account';
import { providerMalformed } from './provider-malformed';
import { providerNotRegistered } from './provider-not-registered';
import { proxyWithoutException } from './proxy-without-exception';
import { roleAdmitsNoAccount } from './role-admits-no-account';
import { roleArnMalformed } from './role-arn-malformed';
import { roleInOtherAccount } from './role-in-other-account';
import { roleNameMisspelt } from './role-name-misspelt';
import { roleNotFound } from './role-not-found';
import { serviceAccountElsewhere } from './service-account-elsewhere';
import { sessionTagsDisabled } from './session-tags-disabled';
import { skipContainersInvalid } from './skip-containers-invalid';
import { staticCredentials } from './static-credentials';
import { subjectConditionMissing } from './subject-condition-missing';
import { subjectMalformed } from './subject-malformed';
import { subjectMismatch } from './subject-mismatch';
import { subjectTooWide } from './subject-too-wide';
import { subjectUnderAudienceKey } from './subject-under-audience-key';
import { targetRoleMismatch } from './target-role-mismatch';
import { issuerSchemeOfProviders, terraformIssuerScheme } from './terraform-issuer-scheme';
import { tokenExpirationInvalid } from './token-expiration-invalid';
import { unusedSuppression } from './unused-suppression';
import { webIdentityEnvByHand } from './web-identity-env-by-hand';
import { wildcardUnderStringEquals } from './wildcard-under-string-equals';
import type { Rule } from './rule';
import { owned } from './trust/owned';

/**
 * Every rule, sorted by id: a line each here, a file each beside this one. Rules on one condition of a policy are
 * `owned`: they claim conditions in turn (trust/owners.ts), so that one mistake is reported once.
 */
export const allRules: readonly Rule[] = [
  actionMismatch,
  agentNotInstalled,
  annotationKeyMisspelt,
  annotationMisplaced,
  annotationNotRead,
  annotationValueNotString,
  annotationsNotAMap,
  associationDuplicate,
  associationHidesAnnotation,
  associationMissing,
  associationNameInvalid,
  associationPolicyInvalid,
  associationRoleMismatch,
  assumedRoleMismatch,
  audienceConditionMissing,
  owned(audienceMismatch),
  cloudformationNotSubstituted,
  owned(conditionAlwaysMatches),
  owned(conditionKeyIssuerMismatch),
  owned(conditionKeyMalformed),
  owned(conditionNeverMatches),
  issuerWithoutCluster,
  operatorIdentityMismatch,
  partitionMismatch,
  podIdentityActionMissing,
  podIdentitySourceUnrestricted,
  podIdentityUnsupported,
  podOlderThanWiring,
  policyMalformed,
  policyTooLong,
  providerAudienceMissing,
  providerInOtherAccount,
  providerMalformed,
  providerNotRegistered,
  proxyWithoutException,
  roleAdmitsNoAccount,
  roleArnMalformed,
  roleInOtherAccount,
  roleNameMisspelt,
  roleNotFound,
  serviceAccountElsewhere,
  sessionTagsDisabled,
  skipContainersInvalid,
  staticCredentials,
  subjectConditionMissing,
  owned(subjectMalformed),
  subjectMismatch,
  subjectTooWide,
  owned(subjectUnderAudienceKey),
  targetRoleMismatch,
  alsoOf(owned(terraformIssuerScheme), issuerSchemeOfProviders),
  tokenExpirationInvalid,
  unusedSuppression,
  webIdentityEnvByHand,
  owned(wildcardUnderStringEquals),
];

/** A rule on conditions that looks at something else of the policy too. */
function alsoOf(rule: Rule, check: NonNullable<Rule['checks']['trustPolicy']>): Rule {
  return {
    ...rule,
    checks: {
      trustPolicy(fact, context) {
        rule.checks.trustPolicy?.(fact, context);
        check(fact, context);
      },
    },
  };
}
